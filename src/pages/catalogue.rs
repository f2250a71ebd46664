//! The catalogue: every widget, to search, to sift by theme, and to add.

use leptos::prelude::*;
use voordeur_engine::conformance::Tier;
use voordeur_widget_api::Theme;

use super::notice::{self, Notice};
use super::sending::Sending;
use super::{Drawn, arch, hall, theme_name, theme_radios};
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

/// What the catalogue shows.
pub struct CataloguePage {
    /// The citizen's language.
    pub locale: Locale,
    /// What is searched for.
    pub query: String,
    /// Which theme is shown, if not all.
    pub theme: Option<Theme>,
    /// The citizen's municipality, when they told it.
    pub place: Option<String>,
    /// Whether only what covers it is shown.
    pub near: bool,
    /// What fits the citizen; none when something is searched for.
    pub suggestions: Option<Suggestions>,
    /// What was found, in order.
    pub entries: Vec<CatalogueEntry>,
    /// How many widgets there are.
    pub total: usize,
    /// What the forms send along: a card is added to the page of the board from which the citizen came.
    pub sending: Sending,
    /// What came of the last change.
    pub notice: Option<Notice>,
}

/// A widget, in short.
pub struct CatalogueEntry {
    /// The widget's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it shows, in a sentence.
    pub summary: String,
    /// Its theme.
    pub theme: Theme,
    /// The id of its icon.
    pub icon: String,
    /// Who publishes the data.
    pub publisher: String,
    /// How well it was checked; none when it reaches no tier, or was not examined yet.
    pub tier: Option<Tier>,
    /// Whether the board has a card of it already.
    pub on_board: bool,
    /// The areas that its service covers, when the citizen's place is in none of them.
    pub elsewhere: Option<String>,
    /// Where the operator gets the key that is missing, when one is.
    pub key_missing: Option<String>,
}

/// What fits a citizen.
pub struct Suggestions {
    /// The best first.
    pub fitting: Vec<Suggested>,
    /// What they did not tell, and would help.
    pub untold: Option<Untold>,
}

/// A widget that fits a citizen.
pub struct Suggested {
    /// The widget, in short.
    pub entry: CatalogueEntry,
    /// Why it is suggested, as a sentence.
    pub reason: String,
}

/// What a citizen did not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untold {
    /// Neither where they live nor what matters to them.
    Everything,
    /// Where they live.
    Place,
    /// What matters to them.
    Interests,
}

/// Draws the catalogue.
pub fn draw(page: CataloguePage) -> Drawn {
    let CataloguePage { locale, query, theme, entries, total, sending, .. } = page;
    let fitting = page.suggestions.iter().flat_map(|suggestions| &suggestions.fitting);
    let icons = Icons::default()
        .with_all(entries.iter().map(|entry| Icon::named(&entry.icon)))
        .with_all(fitting.map(|suggested| Icon::named(&suggested.entry.icon)))
        .with_all([Icon::Add, Icon::Done, Icon::Search]);
    let count = entries.len();
    let counted = match count {
        0 => locale.say("catalogue-none"),
        _ => locale.say_with(
            "catalogue-count",
            &[("count", (count as i64).into()), ("total", (total as i64).into())],
        ),
    };
    let radios = theme_radios(locale, theme);
    let shown = sending.page.clone();
    let near = page.place.map(|place| draw_near(locale, place, page.near));
    let heading = match &page.suggestions {
        Some(_) => locale.say("catalogue-everything"),
        None => locale.say("catalogue-found"),
    };
    let suggestions =
        page.suggestions.map(|suggestions| draw_suggestions(locale, suggestions, &sending));
    let entries =
        entries.into_iter().map(|entry| draw_entry(locale, entry, &sending)).collect::<Vec<_>>();
    let main = view! {
        {hall(locale.say("catalogue-title"), view! { <p>{locale.say("catalogue-lead")}</p> })}
        <div class="wrap">
            {notice::draw(page.notice)} <form class="form sift" method="get" action="/catalogue" role="search" data-live>
                {shown.map(|page| view! { <input type="hidden" name="page" value=page /> })}
                <div class="field">
                    <label for="catalogue-search">{locale.say("catalogue-search")}</label>
                    <div class="joined">
                        <input type="search" id="catalogue-search" name="q" value=query autocomplete="off" enterkeyhint="search" />
                        <button class="button main">{Icon::Search.draw()}<span>{locale.say("catalogue-find")}</span></button>
                    </div>
                </div>
                <fieldset class="field">
                    <legend>{locale.say("catalogue-theme")}</legend>
                    <div class="chips">{radios}</div>
                </fieldset>
                {near}
            </form>
            <div data-part="results">
                {suggestions}
                <h2 class="all">{heading}</h2>
                <p class="count" role="status">{counted}</p>
                {(count > 0).then(|| view! { <ul class="entries">{entries}</ul> })}
            </div>
        </div>
    }
    .into_any();
    Drawn { main, icons }
}

/// The box that leaves out what does not cover the citizen's place.
fn draw_near(locale: Locale, place: String, chosen: bool) -> AnyView {
    view! {
        <div class="field">
            <label class="chip near">
                <input type="checkbox" name="near" value="yes" checked=chosen />
                <span>
                    {locale.say("catalogue-near")} " "
                    <small>{locale.say_with("catalogue-near-hint", &[("place", place.into())])}</small>
                </span>
            </label>
        </div>
    }
    .into_any()
}

/// What fits the citizen, and what they could tell so that more does. Nothing when all of it is on the board.
fn draw_suggestions(
    locale: Locale,
    suggestions: Suggestions,
    sending: &Sending,
) -> Option<AnyView> {
    let Suggestions { fitting, untold } = suggestions;
    if fitting.is_empty() && untold.is_none() {
        return None;
    }
    let lead = (!fitting.is_empty()).then(|| view! { <p>{locale.say("suggest-lead")}</p> });
    let tell = untold.map(|untold| {
        let words = match untold {
            Untold::Everything => locale.say("suggest-tell"),
            Untold::Place => locale.say("suggest-tell-place"),
            Untold::Interests => locale.say("suggest-tell-interests"),
        };
        view! {
            <p class="tell">
                <span>{words}</span>
                <a class="button" href="/welcome" data-smooth>{locale.say("suggest-tell-link")}</a>
            </p>
        }
    });
    let list = (!fitting.is_empty()).then(|| {
        let items = fitting
            .into_iter()
            .map(|suggested| draw_suggested(locale, suggested, sending))
            .collect::<Vec<_>>();
        view! { <ul>{items}</ul> }
    });
    let drawn = view! {
        <section class="suggestions" aria-labelledby="suggestions">
            <h2 id="suggestions">{locale.say("suggest-title")}</h2>
            {lead} {list} {tell}
        </section>
    };
    Some(drawn.into_any())
}

fn draw_suggested(locale: Locale, suggested: Suggested, sending: &Sending) -> AnyView {
    let Suggested { entry, reason } = suggested;
    let id = entry.id.clone();
    view! {
        <li class="suggestion" data-theme=entry.theme.id() data-widget=id.clone()>
            {arch(&entry.icon)} <div>
                <h3>
                    <a href=sending.widget(&id) data-smooth>{entry.name.clone()}</a>
                </h3>
                <p class="reason">{reason}</p>
                <p>{entry.summary}</p>
            </div>
            {add_form(locale, "suggested", entry.id, entry.name, false, sending)}
        </li>
    }
    .into_any()
}

fn draw_entry(locale: Locale, entry: CatalogueEntry, sending: &Sending) -> AnyView {
    let id = entry.id.clone();
    view! {
        <li class="entry" data-theme=entry.theme.id() data-widget=id.clone()>
            {arch(&entry.icon)} <div>
                <h3>
                    <a href=sending.widget(&id) data-smooth>{entry.name.clone()}</a>
                </h3>
                <p>{entry.summary}</p>
                <p class="meta">
                    <span>{theme_name(locale, entry.theme)}</span>
                    " · "
                    <span>{entry.publisher}</span>
                    {entry.tier.map(|tier| view! { " · " <span data-tier=tier.id()>{tier_name(locale, tier)}</span> })}
                </p>
                {entry
                    .elsewhere
                    .map(|areas| {
                        let words = locale.say_with("catalogue-covers", &[("areas", areas.into())]);
                        view! { <p class="meta elsewhere">{words}</p> }
                    })}
                {entry.key_missing.map(|_| view! { <p class="meta">{locale.say("widget-no-key")}</p> })}
            </div>
            {add_form(locale, "add", entry.id, entry.name, entry.on_board, sending)}
        </li>
    }
    .into_any()
}

/// The name of a tier, with what it is a tier of.
fn tier_name(locale: Locale, tier: Tier) -> String {
    match tier {
        Tier::Bronze => locale.say("tier-bronze"),
        Tier::Silver => locale.say("tier-silver"),
        Tier::Gold => locale.say("tier-gold"),
    }
}

/// The form that puts a card of a widget on the board. Its button is named by what the form is one of.
fn add_form(
    locale: Locale,
    among: &str,
    widget: String,
    name: String,
    on_board: bool,
    sending: &Sending,
) -> AnyView {
    let words =
        if on_board { locale.say("catalogue-add-again") } else { locale.say("catalogue-add") };
    view! {
        <form class="add" method="post" action="/cards" data-action="add">
            <input type="hidden" name="widget" value=widget.clone() />
            {sending.anew().draw()}
            {on_board.then(|| view! { <p class="have">{Icon::Done.draw()}<span>{locale.say("catalogue-have")}</span></p> })}
            <button class="button" id=format!("{among}-{widget}") data-action="add">
                {Icon::Add.draw()}
                <span>{words} <span class="vh">": " {name}</span></span>
            </button>
        </form>
    }
    .into_any()
}
