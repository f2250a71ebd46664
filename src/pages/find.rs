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
}

/// Something to jump to.
pub struct SearchResult {
    pub group: ResultGroup,
    pub href: String,
    pub name: String,
    /// Distinguishes it from others with the same name.
    pub note: Option<String>,
    pub theme: Option<Theme>,
    /// The text that is searched, as [`crate::find::rank`] takes it.
    pub words: String,
}

/// The kinds of results, in the order shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResultGroup {
    Cards,
    Pages,
    Settings,
    Widgets,
}

impl ResultGroup {
    const ALL: [ResultGroup; 4] =
        [ResultGroup::Cards, ResultGroup::Pages, ResultGroup::Settings, ResultGroup::Widgets];

    fn id(self) -> &'static str {
        match self {
            ResultGroup::Cards => "cards",
            ResultGroup::Pages => "pages",
            ResultGroup::Settings => "settings",
            ResultGroup::Widgets => "widgets",
        }
    }

    fn name(self, locale: Locale) -> String {
        match self {
            ResultGroup::Cards => locale.say("find-cards"),
            ResultGroup::Pages => locale.say("find-pages"),
            ResultGroup::Settings => locale.say("find-settings"),
            ResultGroup::Widgets => locale.say("find-widgets"),
        }
    }
}

pub fn draw(page: FindPage) -> RenderedPage {
    let FindPage { locale, query, problem, results } = page;
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
                {groups(locale, results)}
            </div>
        </div>
    }
    .into_any();
    RenderedPage { main, icons: Icons::default().with(Icon::Search) }
}

/// The list alone.
pub fn draw_list(locale: Locale, results: Vec<SearchResult>) -> String {
    view! { <div data-part="found">{groups(locale, results)}</div> }.to_html()
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

fn groups(locale: Locale, results: Vec<SearchResult>) -> Vec<AnyView> {
    let mut results = results;
    ResultGroup::ALL
        .into_iter()
        .filter_map(|group| {
            let (these, others): (Vec<SearchResult>, Vec<SearchResult>) =
                std::mem::take(&mut results).into_iter().partition(|one| one.group == group);
            results = others;
            (!these.is_empty()).then(|| draw_group(locale, group, these))
        })
        .collect()
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
