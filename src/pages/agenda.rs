//! The agenda: the dated things of all cards by day, and addresses for other programs. It prints on
//! one sheet.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::{RenderedPage, page_header};
use crate::icons::Icons;
use crate::locale::Locale;
use crate::markup::{Element, html};
use crate::view_model::LocalizedText;

pub struct AgendaPage {
    pub locale: Locale,
    pub days: Vec<DayViewModel>,
    /// The cards that have something with a date.
    pub options: Vec<FilterOption>,
    /// The only card that is shown.
    pub only: Option<String>,
    /// The seconds until it tells of a day that is over.
    pub day_ends_in: i64,
    /// The titles of cards of which nothing is known now.
    pub unknown: Vec<String>,
    pub feeds: Vec<FeedViewModel>,
    /// The secret address that was made just now.
    pub made: Option<String>,
    pub problem: Option<String>,
}

/// A card by which the agenda can be filtered.
pub struct FilterOption {
    pub card: String,
    pub title: String,
}

pub struct DayViewModel {
    /// Whether the printed sheet has it.
    pub is_printed: bool,
    /// `YYYY-MM-DD`
    pub date: String,
    pub title: String,
    /// `vandaag` or `morgen`.
    pub relative: Option<String>,
    pub entries: Vec<EntryViewModel>,
}

pub struct EntryViewModel {
    /// The time, or since and until when; empty for a whole day.
    pub when: String,
    pub title: LocalizedText,
    pub note: Option<LocalizedText>,
    pub link: Option<String>,
    pub card: String,
    pub card_title: String,
    /// The address of the page of the board that has the card.
    pub card_page: String,
    pub theme: &'static str,
    /// The id of its part in the day.
    pub role: Option<&'static str>,
}

/// An agenda for other programs.
pub struct FeedViewModel {
    pub id: String,
    pub title: String,
    pub fetched: String,
}

pub fn draw(page: AgendaPage) -> RenderedPage {
    let AgendaPage { locale, days, options, only, day_ends_in, unknown, feeds, made, problem } =
        page;
    let lead = view! { <p>{locale.say("agenda-lead")}</p> };
    // With a card of which nothing is known, nobody knows that there is nothing.
    let nothing = (days.is_empty() && unknown.is_empty())
        .then(|| view! { <p class="nothing">{locale.say("agenda-nothing")}</p> });
    let days = days.into_iter().map(draw_day).collect::<Vec<_>>();
    let unknown = (!unknown.is_empty()).then(|| {
        let cards = locale.say_with("agenda-unknown", &[("cards", unknown.join(", ").into())]);
        view! { <p class="hint">{cards}</p> }
    });
    let main = view! {
        {page_header(locale.say("agenda-title"), lead)}
        <div class="wrap">
            {draw_filter(locale, &options, only.as_deref())}
            {unknown}
            <div
                class="agenda"
                id="agenda"
                data-part="results"
                data-day-ends=day_ends_in.to_string()
            >
                {nothing}
                {days}
            </div>
            {draw_feeds(locale, &options, only.as_deref(), feeds, made, problem)}
        </div>
    }
    .into_any();
    RenderedPage { main, icons: Icons::default() }
}

fn draw_filter(locale: Locale, options: &[FilterOption], only: Option<&str>) -> Option<AnyView> {
    if options.len() < 2 {
        return None;
    }
    let radio = |card: &str, title: &str| {
        let chosen = only.unwrap_or_default() == card;
        let (value, title) = (card.to_owned(), title.to_owned());
        view! {
            <label class="chip">
                <input type="radio" name="card" value=value checked=chosen />
                <span>{title}</span>
            </label>
        }
        .into_any()
    };
    let mut radios = vec![radio("", &locale.say("agenda-all"))];
    radios.extend(options.iter().map(|option| radio(&option.card, &option.title)));
    let filter = view! {
        <form class="form sift" method="get" action=paths::AGENDA data-live>
            <fieldset class="field">
                <legend>{locale.say("agenda-filter")}</legend>
                <div class="chips">{radios}</div>
            </fieldset>
            <p><button class="button main">{locale.say("agenda-show")}</button></p>
        </form>
    };
    Some(filter.into_any())
}

fn draw_day(day: DayViewModel) -> AnyView {
    let DayViewModel { is_printed, date, title, relative, entries } = day;
    let near = relative.is_some();
    let entries = entries.into_iter().map(draw_entry).collect::<Vec<_>>();
    let heading = format!("day-{date}");
    let (labelled_by, day) = (heading.clone(), date.clone());
    view! {
        <section data-day=day data-near=near data-later=(!is_printed).then_some("") aria-labelledby=labelled_by>
            <h2 id=heading>
                {relative.map(|relative| view! { <b>{relative}</b> " " })} <time datetime=date>{title}</time>
            </h2>
            <ul>{entries}</ul>
        </section>
    }
    .into_any()
}

fn draw_entry(entry: EntryViewModel) -> Element {
    let EntryViewModel { when, title, note, link, card, card_title, card_page, theme, role } =
        entry;
    let title = match link
        .filter(|link| link.starts_with("https://") || link.starts_with("http://"))
    {
        Some(link) => html("a").words(title).with("href", link).with("rel", "noopener noreferrer"),
        None => html("span").words(title),
    };
    let source =
        html("a").class("from").with("href", card_page + "#card-" + &card).text(card_title);
    html("li")
        .with("data-theme", theme.to_owned())
        .with("data-from", card)
        .with_some("data-role", role.map(str::to_owned))
        .children((!when.is_empty()).then(|| html("b").class("when").text(when)))
        .space()
        .child(html("span").class("title").child(title))
        .space()
        .children(note.map(|note| html("small").words(note)))
        .space()
        .child(source)
}

fn draw_feeds(
    locale: Locale,
    options: &[FilterOption],
    only: Option<&str>,
    feeds: Vec<FeedViewModel>,
    made: Option<String>,
    problem: Option<String>,
) -> AnyView {
    let made = made.map(|address| {
        // Calendar programs take addresses with a scheme of their own.
        let subscribe = address.strip_prefix("https:").map(|rest| ["webcal:", rest].concat());
        view! {
            <div class="notice" id="notice" data-part="notice" data-tone="done" role="status" tabindex="-1">
                <p>{locale.say("agenda-feed-made")}</p>
                <p>
                    <code data-part="address">{address}</code>
                </p>
                {subscribe
                    .map(|address| {
                        view! {
                            <p>
                                <a class="button" href=address>
                                    {locale.say("agenda-feed-open")}
                                </a>
                            </p>
                        }
                    })}
            </div>
        }
    });
    let problem = problem.map(|problem| {
        view! {
            <div class="notice" id="notice" data-part="notice" data-tone="problem" role="alert" tabindex="-1">
                <p>{problem}</p>
            </div>
        }
    });
    let choice = |card: &str, title: &str| {
        let chosen = only.unwrap_or_default() == card;
        let (value, title) = (card.to_owned(), title.to_owned());
        view! { <option value=value selected=chosen>{title}</option> }.into_any()
    };
    let mut choices = vec![choice("", &locale.say("agenda-feed-all"))];
    choices.extend(options.iter().map(|option| choice(&option.card, &option.title)));
    let feeds = feeds
        .into_iter()
        .map(|feed| {
            let of = feed.title.clone();
            view! {
                <li data-feed=feed.id.clone()>
                    <div>
                        <b>{feed.title}</b>
                        " "
                        <small>{feed.fetched}</small>
                    </div>
                    <form method="post" action=paths::remove_agenda_feed(&feed.id) data-action="agenda-feed-remove">
                        <button class="button" data-action="agenda-feed-remove">
                            {locale.say("agenda-feed-remove")} <span class="vh">": " {of}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section class="feeds" id="feeds" aria-labelledby="feeds-title">
            <p class="hint">{locale.say("agenda-print")}</p>
            <h2 id="feeds-title">{locale.say("agenda-feeds")}</h2>
            <p>{locale.say("agenda-feeds-lead")}</p>
            {made}
            {problem}
            <form class="form" method="post" action=paths::AGENDA_FEEDS data-action="agenda-feed">
                <div class="field">
                    <label for="feed-card">{locale.say("agenda-filter")}</label>
                    <select id="feed-card" name="card">{choices}</select>
                </div>
                <p>
                    <button class="button main" id="make-feed" data-action="agenda-feed">
                        {locale.say("agenda-feed-make")}
                    </button>
                </p>
            </form>
            {(!feeds.is_empty()).then(|| view! { <ul class="feed-list">{feeds}</ul> })}
        </section>
    }
    .into_any()
}
