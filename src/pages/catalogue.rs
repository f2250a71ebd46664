//! The catalogue: all widgets, with a search, a filter by theme, and buttons to add a card.

use leptos::prelude::*;
use voordeur_engine::conformance::Tier;
use voordeur_shared::paths;
use voordeur_widget_api::Theme;

use super::find::{Instead, draw_instead};
use super::form_context::FormContext;
use super::notice::{self, Notice};
use super::sets::{self, OfferedSet};
use super::{RenderedPage, page_header, theme_icon, theme_radios};
use crate::find::MAX_SEARCH_CHARS;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;
use crate::markup::{Element, Html, html};

pub struct CataloguePage {
    pub locale: Locale,
    pub query: String,
    /// The selected theme; `None` shows all.
    pub theme: Option<Theme>,
    /// The citizen's municipality, if known.
    pub place: Option<String>,
    /// Whether only widgets that cover the municipality are shown.
    pub near: bool,
    /// Suggestions for the citizen; `None` during a search.
    pub suggestions: Option<Suggestions>,
    /// The sets of cards; none during a search.
    pub sets: Vec<OfferedSet>,
    /// The service that was searched and that no widget shows yet.
    pub missing: Option<Missing>,
    pub groups: Vec<EntryGroup>,
    /// Those that do not cover the citizen's place, folded; empty during a search.
    pub far: Vec<CatalogueEntry>,
    pub total: usize,
    /// For the forms: a card is added to the page of the board from which the citizen came.
    pub form_context: FormContext,
    pub notice: Option<Notice>,
}

/// Something that no widget shows yet.
pub struct Missing {
    /// Its name, when people are known to look for it.
    pub name: Option<String>,
    /// The widgets that help until then.
    pub instead: Vec<Instead>,
    /// The widgets for what a citizen brings along.
    pub own: Vec<Instead>,
}

/// Widgets under one heading.
pub struct EntryGroup {
    /// `None` for the results of a search, the best first.
    pub heading: Option<String>,
    pub entries: Vec<CatalogueEntry>,
}

/// A widget in the list.
pub struct CatalogueEntry {
    pub id: String,
    pub name: String,
    pub summary: String,
    pub theme: Theme,
    pub icon: String,
    /// Empty for a card of the citizen's own.
    pub publisher: String,
    /// The tier of the widget's checks; `None` when it reaches none or is not examined yet.
    pub tier: Option<Tier>,
    /// Whether the board already has a card of it.
    pub on_board: bool,
    /// The areas that the service covers, when the citizen's place is not among them.
    pub elsewhere: Option<String>,
    /// Where the operator gets the missing API key.
    pub key_missing: Option<String>,
    /// Its sample, small; `None` on the widget's own page.
    pub mini: Option<Html>,
}

pub struct Suggestions {
    pub fitting: Vec<Suggestion>,
    /// Open questions whose answers would improve the suggestions.
    pub missing_profile: Option<MissingProfile>,
}

pub struct Suggestion {
    pub entry: CatalogueEntry,
    /// The reason of the suggestion, as a sentence.
    pub reason: String,
}

/// The questions that a citizen has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingProfile {
    /// Neither place nor interests.
    Everything,
    Place,
    Interests,
}

pub fn draw(page: CataloguePage) -> RenderedPage {
    let CataloguePage { locale, query, theme, groups, far, total, form_context, .. } = page;
    let entries = || groups.iter().flat_map(|group| &group.entries).chain(&far);
    let fitting = page.suggestions.iter().flat_map(|suggestions| &suggestions.fitting);
    let icons = Icons::default()
        .with_all(Icons::IN_CARD_BODIES)
        .with_all(entries().map(|entry| Icon::named(&entry.icon)))
        .with_all(fitting.map(|suggested| Icon::named(&suggested.entry.icon)))
        .with_all(sets::icons(&page.sets))
        .with_all([Icon::Add, Icon::Done, Icon::Search]);
    let count = entries().count();
    let counted = match count {
        0 => locale.say("catalogue-none"),
        _ => locale.say_with(
            "catalogue-count",
            &[("count", (count as i64).into()), ("total", (total as i64).into())],
        ),
    };
    let radios = theme_radios(locale, theme);
    let shown = form_context.page.clone();
    let sets = sets::draw(locale, page.sets, &form_context);
    // The text about the missing service says it all; the number is for screen readers then.
    let found = count > 0 || page.missing.is_none();
    let missing = page.missing.map(|missing| draw_missing(locale, missing));
    let near = page.place.map(|place| draw_near(locale, place, page.near));
    let suggestions =
        page.suggestions.map(|suggestions| draw_suggestions(locale, suggestions, &form_context));
    let groups = groups
        .into_iter()
        .map(|group| draw_group(locale, group, &form_context))
        .collect::<Vec<_>>();
    let far = (!far.is_empty()).then(|| draw_far(locale, far, &form_context));
    let main = view! {
        {page_header(locale.say("catalogue-title"), view! { <p>{locale.say("catalogue-lead")}</p> })}
        <div class="wrap">
            {notice::draw(page.notice)} <form class="form sift" method="get" action=paths::CATALOGUE role="search" data-live>
                {shown.map(|page| view! { <input type="hidden" name="page" value=page /> })}
                <div class="field">
                    <label for="catalogue-search">{locale.say("catalogue-search")}</label>
                    <div class="joined">
                        <input type="search" id="catalogue-search" name="q" value=query maxlength=MAX_SEARCH_CHARS.to_string() autocomplete="off" enterkeyhint="search" />
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
                {suggestions} {sets}
                {missing} <p class=if found { "count" } else { "count vh" } role="status">{counted}</p>
                {groups} {far}
            </div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons }
}

/// The checkbox for widgets that cover the citizen's place.
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

/// Says that the searched service does not exist yet, and what to do instead.
fn draw_missing(locale: Locale, missing: Missing) -> AnyView {
    let Missing { name, instead, own } = missing;
    let title = match name {
        Some(name) => locale.say_with("wanted-title", &[("name", name.into())]),
        None => locale.say("find-none"),
    };
    let links = |instead: Vec<Instead>| {
        instead
            .into_iter()
            .map(|other| view! { " " <a class="button" href=other.href data-smooth>{other.name}</a> })
            .collect::<Vec<_>>()
    };
    let help = (!instead.is_empty())
        .then(|| view! { <p class="instead">{locale.say("wanted-help")} {links(instead)}</p> });
    view! {
        <div class="missing" data-part="missing">
            <p><b>{title}</b></p>
            {help}
            {(!own.is_empty()).then(|| draw_instead(locale, own))}
        </div>
    }
    .into_any()
}

/// The suggestions, and a link to the open questions. Empty when every suggestion is on the board.
fn draw_suggestions(
    locale: Locale,
    suggestions: Suggestions,
    form_context: &FormContext,
) -> Option<AnyView> {
    let Suggestions { fitting, missing_profile } = suggestions;
    if fitting.is_empty() && missing_profile.is_none() {
        return None;
    }
    let lead = (!fitting.is_empty()).then(|| view! { <p>{locale.say("suggest-lead")}</p> });
    let tell = missing_profile.map(|missing_profile| {
        let words = match missing_profile {
            MissingProfile::Everything => locale.say("suggest-tell"),
            MissingProfile::Place => locale.say("suggest-tell-place"),
            MissingProfile::Interests => locale.say("suggest-tell-interests"),
        };
        view! {
            <p class="tell">
                <span>{words}</span>
                <a class="button" href=paths::WELCOME data-smooth>{locale.say("suggest-tell-link")}</a>
            </p>
        }
    });
    let list = (!fitting.is_empty()).then(|| {
        let items = fitting
            .into_iter()
            .map(|suggested| draw_suggested(locale, suggested, form_context))
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

fn draw_group(locale: Locale, group: EntryGroup, form_context: &FormContext) -> AnyView {
    let EntryGroup { heading, entries } = group;
    let count = entries.len();
    let heading = match heading {
        Some(heading) => view! { <h2 class="all">{heading} " " <small>{count}</small></h2> },
        None => {
            view! { <h2 class="all">{locale.say("catalogue-found")} " " <small>{count}</small></h2> }
        }
    };
    view! { {heading} {draw_entries(locale, entries, form_context)} }.into_any()
}

fn draw_entries(
    locale: Locale,
    entries: Vec<CatalogueEntry>,
    form_context: &FormContext,
) -> AnyView {
    let entries = entries
        .into_iter()
        .map(|entry| draw_entry(locale, entry, form_context))
        .collect::<Vec<_>>();
    view! { <ul class="entries">{entries}</ul> }.into_any()
}

/// The widgets that do not cover the citizen's place, folded.
fn draw_far(locale: Locale, far: Vec<CatalogueEntry>, form_context: &FormContext) -> AnyView {
    let count = far.len() as i64;
    let words = locale.say_with("catalogue-far-count", &[("count", count.into())]);
    view! {
        <details class="far">
            <summary><h2>{locale.say("catalogue-far")}</h2> " " <small>{words}</small></summary>
            {draw_entries(locale, far, form_context)}
        </details>
    }
    .into_any()
}

fn draw_suggested(locale: Locale, suggested: Suggestion, form_context: &FormContext) -> AnyView {
    let Suggestion { entry, reason } = suggested;
    let id = entry.id.clone();
    view! {
        <li class="suggestion" data-theme=entry.theme.id() data-widget=id.clone()>
            {draw_mini(entry.mini)} {theme_icon(&entry.icon)} <div>
                <h3>
                    <a href=form_context.widget(&id) data-smooth>{entry.name.clone()}</a>
                </h3>
                <p class="reason">{reason}</p>
                <p>{entry.summary}</p>
            </div>
            {add_form(locale, "suggested", entry.id, entry.name, false, form_context)}
        </li>
    }
    .into_any()
}

fn draw_entry(locale: Locale, entry: CatalogueEntry, form_context: &FormContext) -> AnyView {
    let id = entry.id.clone();
    view! {
        <li class="entry" data-theme=entry.theme.id() data-widget=id.clone()>
            {draw_mini(entry.mini)} {theme_icon(&entry.icon)} <div>
                <h3>
                    <a href=form_context.widget(&id) data-smooth>{entry.name.clone()}</a>
                </h3>
                <p>{entry.summary}</p>
                {(!entry.publisher.is_empty()).then(|| view! { <p class="meta">{entry.publisher}</p> })}
                {entry
                    .elsewhere
                    .map(|areas| {
                        let words = locale.say_with("catalogue-covers", &[("areas", areas.into())]);
                        view! { <p class="meta elsewhere">{words}</p> }
                    })}
                {entry.key_missing.map(|_| view! { <p class="meta">{locale.say("widget-no-key")}</p> })}
            </div>
            {add_form(locale, "add", entry.id, entry.name, entry.on_board, form_context)}
        </li>
    }
    .into_any()
}

/// The picture of a widget, hidden from screen readers.
fn draw_mini(mini: Option<Html>) -> Option<Element> {
    mini.map(|mini| {
        html("div").class("mini").with("aria-hidden", "true").flag("inert", true).written(mini)
    })
}

/// The form that adds a card. Its button is labelled by the widget's name.
fn add_form(
    locale: Locale,
    among: &str,
    widget: String,
    name: String,
    on_board: bool,
    form_context: &FormContext,
) -> AnyView {
    let words =
        if on_board { locale.say("catalogue-add-again") } else { locale.say("catalogue-add") };
    view! {
        <form class="add" method="post" action=paths::CARDS data-action="add">
            <input type="hidden" name="widget" value=widget.clone() />
            {form_context.with_new_key().draw()}
            {on_board.then(|| view! { <p class="have">{Icon::Done.draw()}<span>{locale.say("catalogue-have")}</span></p> })}
            <button class="button" id=format!("{among}-{widget}") data-action="add">
                {Icon::Add.draw()}
                <span>{words} <span class="vh">": " {name}</span></span>
            </button>
        </form>
    }
    .into_any()
}
