//! Quick find as a page, its dialog, and the list that both show.

use leptos::prelude::*;
use voordeur_widget_api::Theme;

use super::{Drawn, hall};
use crate::icons::{Icon, Icons};
use crate::locale::Locale;

/// What the page shows.
pub struct FindPage {
    /// The citizen's language.
    pub locale: Locale,
    /// What is searched for.
    pub query: String,
    /// What was found, the best first.
    pub found: Vec<Found>,
}

/// Something that can be jumped to.
pub struct Found {
    /// What kind of thing it is.
    pub group: Group,
    /// Where it is.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What tells it from others with the same name.
    pub note: Option<String>,
    /// Its theme.
    pub theme: Option<Theme>,
    /// By what it is found, as [`crate::find::rank`] takes it.
    pub words: String,
}

/// The kinds of things, in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Cards on the board.
    Cards,
    /// Pages of the board.
    Pages,
    /// What can be set or read.
    Settings,
    /// Widgets to choose from.
    Widgets,
}

impl Group {
    const ALL: [Group; 4] = [Group::Cards, Group::Pages, Group::Settings, Group::Widgets];

    fn id(self) -> &'static str {
        match self {
            Group::Cards => "cards",
            Group::Pages => "pages",
            Group::Settings => "settings",
            Group::Widgets => "widgets",
        }
    }

    fn name(self, locale: Locale) -> String {
        match self {
            Group::Cards => locale.say("find-cards"),
            Group::Pages => locale.say("find-pages"),
            Group::Settings => locale.say("find-settings"),
            Group::Widgets => locale.say("find-widgets"),
        }
    }
}

/// Draws the page.
pub fn draw(page: FindPage) -> Drawn {
    let FindPage { locale, query, found } = page;
    let counted = counted(locale, found.len());
    let main = view! {
        {hall(locale.say("find-title"), view! { <p>{locale.say("find-lead")}</p> })}
        <div class="wrap found">
            <form class="form" method="get" action="/find" role="search" data-live>
                <div class="field">
                    <label for="find-query">{locale.say("find-label")}</label>
                    <div class="joined">
                        <input type="search" id="find-query" name="q" value=query autocomplete="off" enterkeyhint="search" />
                        <button class="button main">{Icon::Search.draw()}<span>{locale.say("catalogue-find")}</span></button>
                    </div>
                </div>
            </form>
            <div data-part="results">
                <p class="count" role="status">{counted}</p>
                {groups(locale, found)}
            </div>
        </div>
    }
    .into_any();
    Drawn { main, icons: Icons::default().with(Icon::Search) }
}

/// The list by itself.
pub fn draw_list(locale: Locale, found: Vec<Found>) -> String {
    view! { <div data-part="found">{groups(locale, found)}</div> }.to_html()
}

/// The dialog, empty: its list is fetched when it opens, and sifted by what is typed.
pub(super) fn draw_dialog(locale: Locale) -> AnyView {
    view! {
        <dialog
            id="find"
            class="finder"
            aria-label=locale.say("find-title")
            data-none=locale.say("find-none")
            data-some=locale.say_with("find-some", &[("count", "#".into()), ("first", "@".into())])
        >
            <form method="get" action="/find" role="search">
                <input
                    type="search"
                    id="find-typed"
                    name="q"
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

fn groups(locale: Locale, found: Vec<Found>) -> Vec<AnyView> {
    let mut found = found;
    Group::ALL
        .into_iter()
        .filter_map(|group| {
            let (these, others): (Vec<Found>, Vec<Found>) =
                std::mem::take(&mut found).into_iter().partition(|one| one.group == group);
            found = others;
            (!these.is_empty()).then(|| draw_group(locale, group, these))
        })
        .collect()
}

fn draw_group(locale: Locale, group: Group, found: Vec<Found>) -> AnyView {
    let items = found
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
