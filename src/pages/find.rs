//! Quick find as a page, its dialog, and the list that both show.

use leptos::prelude::*;
use voordeur_shared::paths;
use voordeur_widget_api::Theme;

use super::{RenderedPage, page_header};
use crate::find::MAX_SEARCH_CHARS;
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

pub struct FindPage {
    pub locale: Locale,
    pub query: String,
    /// The reason for which nothing was searched.
    pub problem: Option<String>,
    pub results: Vec<SearchResult>,
    /// The widgets to offer when nothing is found.
    pub instead: Vec<Instead>,
}

/// A widget that helps until there is one for what was searched.
pub struct Instead {
    pub name: String,
    pub href: String,
}

/// Something to jump to.
pub struct SearchResult {
    pub group: ResultGroup,
    pub href: String,
    pub name: String,
    /// Distinguishes it from others with the same name.
    pub note: Option<String>,
    pub theme: Option<Theme>,
    /// The text that is searched, as [`crate::find::ranks`] takes it.
    pub words: String,
}

/// The kinds of results, in the order of a list that nothing was typed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultGroup {
    Cards,
    Pages,
    Settings,
    Widgets,
    /// Services that no widget shows yet.
    Wanted,
}

impl ResultGroup {
    fn id(self) -> &'static str {
        match self {
            ResultGroup::Cards => "cards",
            ResultGroup::Pages => "pages",
            ResultGroup::Settings => "settings",
            ResultGroup::Widgets => "widgets",
            ResultGroup::Wanted => "wanted",
        }
    }

    fn name(self, locale: Locale) -> String {
        match self {
            ResultGroup::Cards => locale.say("find-cards"),
            ResultGroup::Pages => locale.say("find-pages"),
            ResultGroup::Settings => locale.say("find-settings"),
            ResultGroup::Widgets => locale.say("find-widgets"),
            ResultGroup::Wanted => locale.say("find-wanted"),
        }
    }
}

pub fn draw(page: FindPage) -> RenderedPage {
    let FindPage { locale, query, problem, results, instead } = page;
    let none = results.is_empty() && problem.is_none();
    let instead = none.then(|| draw_instead(locale, instead));
    let counted = problem.unwrap_or_else(|| counted(locale, results.len()));
    let main = view! {
        {page_header(locale.say("find-title"), view! { <p>{locale.say("find-lead")}</p> })}
        <div class="wrap found">
            <form class="form" method="get" action=paths::FIND role="search" data-live>
                <div class="field">
                    <label for="find-query">{locale.say("find-label")}</label>
                    <div class="joined">
                        <input type="search" id="find-query" name="q" value=query maxlength=MAX_SEARCH_CHARS.to_string() autocomplete="off" enterkeyhint="search" />
                        <button class="button main">{Icon::Search.draw()}<span>{locale.say("catalogue-find")}</span></button>
                    </div>
                </div>
            </form>
            <div data-part="results">
                <p class="count" role="status">{counted}</p>
                {instead} {groups(locale, results)}
            </div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons: Icons::default().with(Icon::Search) }
}

/// The list alone; what is offered instead is hidden.
pub fn draw_list(locale: Locale, results: Vec<SearchResult>, instead: Vec<Instead>) -> String {
    view! {
        <div data-part="found">
            <div data-part="none" hidden>
                {draw_instead(locale, instead)}
            </div> {groups(locale, results)}
        </div>
    }
    .to_html()
}

/// The cards for what a citizen brings along, when there is nothing else.
pub(super) fn draw_instead(locale: Locale, instead: Vec<Instead>) -> AnyView {
    let links = instead
        .into_iter()
        .map(|Instead { name, href }| view! { " " <a class="button" href=href data-smooth>{name}</a> })
        .collect::<Vec<_>>();
    view! { <p class="instead">{locale.say("wanted-own")} {links}</p> }.into_any()
}

/// The empty dialog: its list is fetched when it opens and filtered in the browser.
pub(super) fn draw_dialog(locale: Locale) -> AnyView {
    view! {
        <dialog
            id="find"
            class="finder"
            aria-label=locale.say("find-title")
            data-none=locale.say("find-none")
            data-some=locale.say_with("find-some", &[("count", "#".into()), ("first", "@".into())])
        >
            <form method="get" action=paths::FIND role="search">
                <input
                    type="search"
                    id="find-typed"
                    name="q"
                    maxlength=MAX_SEARCH_CHARS.to_string()
                    aria-label=locale.say("find-label")
                    placeholder=locale.say("find-label")
                    autocomplete="off"
                    enterkeyhint="go"
                />
                <button type="button" class="tool" data-part="close" title=locale.say("find-close")>
                    {Icon::Close.draw()}
                    <span class="vh">{locale.say("find-close")}</span>
                </button>
            </form>
            <p class="vh" role="status"></p>
            <div data-part="found"></div>
        </dialog>
    }
    .into_any()
}

fn counted(locale: Locale, count: usize) -> String {
    match count {
        0 => locale.say("find-none"),
        _ => {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            locale.say_with("find-count", &[("count", count.into())])
        }
    }
}

/// The results by group; the group of the best result comes first.
fn groups(locale: Locale, results: Vec<SearchResult>) -> Vec<AnyView> {
    let mut groups: Vec<(ResultGroup, Vec<SearchResult>)> = Vec::new();
    for result in results {
        match groups.iter_mut().find(|(group, _)| *group == result.group) {
            Some((_, these)) => these.push(result),
            None => groups.push((result.group, vec![result])),
        }
    }
    groups.into_iter().map(|(group, these)| draw_group(locale, group, these)).collect()
}

fn draw_group(locale: Locale, group: ResultGroup, results: Vec<SearchResult>) -> AnyView {
    let items = results
        .into_iter()
        .map(|one| {
            let smooth = !one.href.contains('#');
            view! {
                <li data-words=one.words data-theme=one.theme.map(Theme::id)>
                    <a href=one.href data-smooth=smooth>
                        <span>{one.name}</span>
                        {one.note.map(|note| view! { " " <small>{note}</small> })}
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <section data-group=group.id()>
            <h2>{group.name(locale)}</h2>
            <ul>{items}</ul>
        </section>
    }
    .into_any()
}
