//! How each service is doing.

use leptos::prelude::*;
use voordeur_widget_api::Theme;

use super::{Drawn, hall, theme_radios};
use crate::icons::Icons;
use crate::locale::Locale;
use crate::status::Openness;
use crate::view_model::TimeViewModel;

/// What the page of services shows.
pub struct ServicesPage {
    /// The citizen's language.
    pub locale: Locale,
    /// How they are doing together.
    pub summary: Summary,
    /// Only services of this part of life are shown.
    pub theme: Option<Theme>,
    /// Only services that do not answer as they should are shown.
    pub only_troubled: bool,
    /// How many services there are.
    pub total: usize,
    /// Those that are shown, in order.
    pub services: Vec<ServiceFace>,
    /// When services went down and returned, the newest first; none where samples are shown.
    pub turns: Option<Vec<TurnFace>>,
}

/// How the services are doing together.
pub enum Summary {
    /// Nothing is asked: samples are shown.
    Samples,
    /// Nothing was asked yet.
    NoneAsked,
    /// So many were asked, and so many answer.
    ClientKey {
        /// Services that were asked.
        asked: usize,
        /// Of those, the ones that answer as they should.
        good: usize,
    },
}

/// How a service is doing.
pub struct ServiceFace {
    /// Who publishes the data.
    pub publisher: String,
    /// The publisher's page.
    pub url: Option<String>,
    /// The host.
    pub host: String,
    /// Whether it answers, in words.
    pub state: String,
    /// `good`, `fair` or `poor`; none when it was not asked yet.
    pub tone: Option<&'static str>,
    /// Since when that is so, in words.
    pub since: Option<String>,
    /// What is the matter, sentence by sentence.
    pub remarks: Vec<String>,
    /// When it last gave a good answer, if it ever did; none when it was not asked yet.
    pub answered: Option<Option<TimeViewModel>>,
    /// How often it is asked, as a sentence.
    pub pace: String,
    /// How fast it is, in words.
    pub speed: Option<String>,
    /// How often it answered well, in words.
    pub share: Option<String>,
    /// The widgets that ask it: id and name.
    pub widgets: Vec<(String, String)>,
    /// Its licences: name and text.
    pub licences: Vec<(String, Option<String>)>,
    /// To how many of the questions of openness the answer is yes.
    pub mark: usize,
    /// The answers.
    pub marks: Vec<Mark>,
}

/// The answer to a question of openness.
pub struct Mark {
    /// Whether it is yes.
    pub yes: bool,
    /// The answer in words.
    pub words: String,
    /// A page that shows it.
    pub page: Option<String>,
}

/// A service went down, or returned.
pub struct TurnFace {
    /// When.
    pub at: TimeViewModel,
    /// What happened.
    pub title: String,
    /// Why, or how long it lasted.
    pub words: String,
}

/// Draws the page of services.
pub fn draw(page: ServicesPage) -> Drawn {
    let ServicesPage { locale, theme, only_troubled, total, services, .. } = page;
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let summary = match page.summary {
        Summary::Samples => locale.say("services-summary-samples"),
        Summary::NoneAsked => locale.say("services-summary-none"),
        Summary::ClientKey { asked, good } => locale.say_with(
            "services-summary",
            &[
                ("total", number(total).into()),
                ("asked", number(asked).into()),
                ("good", number(good).into()),
            ],
        ),
    };
    let counted = match services.len() {
        0 => locale.say("services-nothing"),
        count => locale.say_with(
            "services-count",
            &[("count", number(count).into()), ("total", number(total).into())],
        ),
    };
    let services =
        services.into_iter().map(|service| draw_service(locale, service)).collect::<Vec<_>>();
    let turns = page.turns.map(|turns| draw_turns(locale, turns));
    let lead = view! {
        <p>{locale.say("services-lead")}</p>
        <p data-part="summary">{summary}</p>
    };
    let main = view! {
        {hall(locale.say("services-title"), lead)}
        <div class="wrap">
            {draw_sift(locale, theme, only_troubled)} <div data-part="results">
                <p class="count" role="status">{counted}</p>
                {(!services.is_empty()).then(|| view! { <ul class="services">{services}</ul> })}
            </div>
            <div class="prose">
                {turns} <h2>{locale.say("services-how")}</h2> <p>{locale.say("services-how-now")}</p>
                <p>{locale.say("services-how-open")}</p> <p>{locale.say("services-how-own")}</p>
                <p>
                    {locale.say("services-data")} " " <a href="/services.json">{locale.say("services-json")}</a> ", "
                    <a href=feed_address(locale)>{locale.say("services-feed")}</a> "."
                </p>
            </div>
        </div>
    }
    .into_any();
    Drawn { main, icons: Icons::default() }
}

/// What stands in the head of the page for programs that read it.
pub(super) fn alternates(locale: Locale) -> AnyView {
    view! {
        <link rel="alternate" type="application/json" href="/services.json" />
        <link rel="alternate" type="application/atom+xml" href=feed_address(locale) title=locale.say("services-feed-title") />
    }
    .into_any()
}

fn feed_address(locale: Locale) -> String {
    format!("/services.atom?lang={}", locale.language.tag())
}

fn draw_sift(locale: Locale, theme: Option<Theme>, only_troubled: bool) -> AnyView {
    let radios = theme_radios(locale, theme);
    view! {
        <form class="form sift" method="get" action="/services" data-live>
            <fieldset class="field">
                <legend>{locale.say("catalogue-theme")}</legend>
                <div class="chips">{radios}</div>
            </fieldset>
            <div class="chips">
                <label class="chip">
                    <input type="checkbox" name="only" value="troubled" checked=only_troubled />
                    <span>{locale.say("services-only")}</span>
                </label>
            </div>
            <p><button class="button main">{locale.say("services-show")}</button></p>
        </form>
    }
    .into_any()
}

fn draw_service(locale: Locale, service: ServiceFace) -> AnyView {
    let widgets = service
        .widgets
        .into_iter()
        .enumerate()
        .map(|(at, (id, name))| {
            view! {
                {(at > 0).then_some(", ")}
                <a href=format!("/catalogue/{id}")>{name}</a>
            }
        })
        .collect::<Vec<_>>();
    let licences = service
        .licences
        .into_iter()
        .enumerate()
        .map(|(at, (name, url))| {
            view! {
                {(at > 0).then_some(", ")}
                {elsewhere(name, url)}
            }
        })
        .collect::<Vec<_>>();
    let answered = service.answered.map(|answered| match answered {
        Some(time) => view! { <time datetime=time.datetime>{time.text}</time> }.into_any(),
        None => locale.say("services-fresh-never").into_any(),
    });
    let mark = [("mark", service.mark), ("most", Openness::MOST)]
        .map(|(name, count)| (name, i64::try_from(count).unwrap_or(i64::MAX).into()));
    let marks = service
        .marks
        .into_iter()
        .map(|Mark { yes, words, page }| {
            let yes = if yes { "yes" } else { "no" };
            view! { <li data-yes=yes>{elsewhere(words, page)}</li> }
        })
        .collect::<Vec<_>>();
    let remarks =
        (!service.remarks.is_empty()).then(|| view! { <p>{service.remarks.join(" ")}</p> });
    let host = service.host.clone();
    view! {
        <li data-host=host>
            <h2>{elsewhere(service.publisher, service.url)}</h2>
            <p>
                <span class="health" data-tone=service.tone>{service.state}</span>
                {service.since.map(|since| view! { " " <small>{since}</small> })}
            </p>
            {remarks}
            <dl class="pairs">
                {answered.map(|answered| pair(locale.say("services-fresh"), answered))}
                {service.speed.map(|speed| pair(locale.say("services-speed"), speed))}
                {service.share.map(|share| pair(locale.say("services-share"), share))}
                {pair(locale.say("services-cards"), widgets)} {pair(locale.say("widget-licence"), licences)}
                {pair(
                    locale.say("services-openness"),
                    view! {
                        {locale.say_with("services-mark", &mark)}
                        <ul>{marks}</ul>
                    },
                )}
            </dl>
            <p class="meta"><code>{service.host}</code> <span>{service.pace}</span></p>
        </li>
    }
    .into_any()
}

fn pair(name: String, value: impl IntoView + 'static) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

/// Words that lead to a page of somebody else, when there is one.
fn elsewhere(words: String, page: Option<String>) -> AnyView {
    match page {
        Some(page) => view! { <a href=page rel="noopener noreferrer">{words}</a> }.into_any(),
        None => words.into_any(),
    }
}

fn draw_turns(locale: Locale, turns: Vec<TurnFace>) -> AnyView {
    let heading = view! { <h2>{locale.say("services-turns")}</h2> };
    if turns.is_empty() {
        return view! {
            {heading}
            <p>{locale.say("services-turns-none")}</p>
        }
        .into_any();
    }
    let turns = turns
        .into_iter()
        .map(|turn| {
            view! {
                <li>
                    <b>{turn.title}</b>
                    " "
                    <small><time datetime=turn.at.datetime>{turn.at.text}</time></small>
                    <p>{turn.words}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        {heading}
        <ul class="asked" data-part="turns">{turns}</ul>
    }
    .into_any()
}
