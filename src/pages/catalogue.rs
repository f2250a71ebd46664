//! The catalogue: every widget, to search, to sift by theme, and to add.

use leptos::prelude::*;
use voordeur_contract::Theme;
use voordeur_widgets::conformance::Tier;

use super::notice::{self, Notice};
use super::{Drawn, arch, hall, theme_name};
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
    /// What was found, in order.
    pub entries: Vec<CatalogueEntry>,
    /// How many widgets there are.
    pub total: usize,
    /// The board's revision.
    pub revision: i64,
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
    /// Where the operator gets the key that is missing, when one is.
    pub key_missing: Option<String>,
}

/// Draws the catalogue.
pub fn draw(page: CataloguePage) -> Drawn {
    let CataloguePage { locale, query, theme, entries, total, revision, notice } = page;
    let icons = Icons::default()
        .with_all(entries.iter().map(|entry| Icon::named(&entry.icon)))
        .with_all([Icon::Add, Icon::Done, Icon::Search]);
    let count = entries.len();
    let counted = match count {
        0 => locale.say("catalogue-none"),
        _ => locale.say_with(
            "catalogue-count",
            &[("count", (count as i64).into()), ("total", (total as i64).into())],
        ),
    };
    let radio = |value: &'static str, words: String, chosen: bool| {
        view! {
            <label class="chip" data-theme=value>
                <input type="radio" name="theme" value=value checked=chosen />
                <span>{words}</span>
            </label>
        }
        .into_any()
    };
    let mut radios = vec![radio("", locale.say("catalogue-all"), theme.is_none())];
    radios
        .extend(Theme::ALL.map(|one| radio(one.id(), theme_name(locale, one), theme == Some(one))));
    let entries =
        entries.into_iter().map(|entry| draw_entry(locale, entry, revision)).collect::<Vec<_>>();
    let main = view! {
        {hall(locale.say("catalogue-title"), view! { <p>{locale.say("catalogue-lead")}</p> })}
        <div class="wrap">
            {notice::draw(notice)} <form class="form sift" method="get" action="/catalogue" role="search" data-live>
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
            </form>
            <div data-part="results">
                <p class="count" role="status">{counted}</p>
                {(count > 0).then(|| view! { <ul class="entries">{entries}</ul> })}
            </div>
        </div>
    }
    .into_any();
    Drawn { main, icons }
}

fn draw_entry(locale: Locale, entry: CatalogueEntry, revision: i64) -> AnyView {
    let id = entry.id.clone();
    view! {
        <li class="entry" data-theme=entry.theme.id() data-widget=id.clone()>
            {arch(&entry.icon)} <div>
                <h2>
                    <a href=format!("/catalogue/{id}") data-smooth>{entry.name.clone()}</a>
                </h2>
                <p>{entry.summary}</p>
                <p class="meta">
                    <span>{theme_name(locale, entry.theme)}</span>
                    " · "
                    <span>{entry.publisher}</span>
                    {entry.tier.map(|tier| view! { " · " <span data-tier=tier.id()>{tier_name(locale, tier)}</span> })}
                </p>
                {entry.key_missing.map(|_| view! { <p class="meta">{locale.say("widget-no-key")}</p> })}
            </div>
            {add_form(locale, entry.id, entry.name, entry.on_board, false, revision)}
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

/// The form that puts a card of a widget on the board; `main` when nothing on the page matters more.
pub(super) fn add_form(
    locale: Locale,
    widget: String,
    name: String,
    on_board: bool,
    main: bool,
    revision: i64,
) -> AnyView {
    let words =
        if on_board { locale.say("catalogue-add-again") } else { locale.say("catalogue-add") };
    view! {
        <form class="add" method="post" action="/cards" data-action="add">
            <input type="hidden" name="widget" value=widget.clone() />
            <input type="hidden" name="revision" value=revision />
            {on_board.then(|| view! { <p class="have">{Icon::Done.draw()}<span>{locale.say("catalogue-have")}</span></p> })}
            <button class=if main && !on_board { "button main" } else { "button" } id=format!("add-{widget}") data-action="add">
                {Icon::Add.draw()}
                <span>{words} <span class="vh">": " {name}</span></span>
            </button>
        </form>
    }
    .into_any()
}
