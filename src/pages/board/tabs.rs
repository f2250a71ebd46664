//! The pages of a board: tabs to go to, and the forms that change them.

use leptos::prelude::*;

use crate::icons::Icon;
use crate::locale::Locale;
use crate::pages::sending::{Sending, board_address};
use voordeur_store::MAX_PAGE_NAME_CHARS;

/// A page, to go to.
pub struct Tab {
    /// The page's id.
    pub id: String,
    /// As the citizen calls it; empty when it has no name.
    pub name: String,
    /// The id of its icon.
    pub icon: String,
    /// Whether it is the first.
    pub first: bool,
    /// Whether it is the one that is shown.
    pub current: bool,
}

/// Where the page that is shown stands among the others.
#[derive(Clone, Copy)]
pub struct PageFace {
    /// It is the first.
    pub first: bool,
    /// It is the last.
    pub last: bool,
}

/// A form of a page that could not be used, as it was filled in.
pub struct PageTyped {
    /// The id of the page; nothing for a new one.
    pub page: Option<String>,
    /// The name.
    pub name: String,
    /// The id of the icon.
    pub icon: String,
    /// What is wrong.
    pub problem: String,
}

/// The icons that a page can have, each with the key of its word.
pub const PAGE_ICONS: [(Icon, &str); 12] = [
    (Icon::Home, "page-icon-home"),
    (Icon::Work, "page-icon-work"),
    (Icon::School, "page-icon-school"),
    (Icon::People, "page-icon-people"),
    (Icon::Heart, "page-icon-heart"),
    (Icon::Health, "page-icon-health"),
    (Icon::Train, "page-icon-train"),
    (Icon::Bike, "page-icon-bike"),
    (Icon::Weather, "page-icon-weather"),
    (Icon::Money, "page-icon-money"),
    (Icon::Star, "page-icon-star"),
    (Icon::Folder, "page-icon-folder"),
];

/// The name of a page as it is shown: the first has one of its own in each language until it is called otherwise.
pub fn page_name(name: &str, locale: Locale) -> String {
    if name.is_empty() { locale.say("page-first") } else { name.to_owned() }
}

/// Draws the tabs and, while the board is being arranged, the forms of pages.
pub(super) fn draw(
    locale: Locale,
    tabs: Vec<Tab>,
    page: PageFace,
    typed: Option<PageTyped>,
    sending: &Sending,
) -> AnyView {
    let forms = sending.editing.then(|| {
        let (of_new, of_page) = match typed {
            Some(typed) if typed.page.is_none() => (Some(typed), None),
            typed => (None, typed),
        };
        let current = tabs.iter().find(|tab| tab.current);
        view! {
            <div class="page-forms">
                {current.map(|tab| draw_page_form(locale, tab, page, of_page, sending))}
                {draw_new_form(locale, of_new, sending)}
            </div>
        }
    });
    let editing = sending.editing;
    let links = tabs
        .into_iter()
        .map(|tab| {
            let id = (!tab.first).then_some(tab.id.as_str());
            view! {
                <li data-page=tab.id.clone()>
                    <a href=board_address(id, editing) aria-current=tab.current.then_some("page") data-smooth>
                        {Icon::named(&tab.icon).draw()}
                        <span>{page_name(&tab.name, locale)}</span>
                    </a>
                </li>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <nav class="tabs" aria-label=locale.say("pages-label")>
            <ul>{links}</ul>
        </nav>
        {forms}
    }
    .into_any()
}

/// The name, the icon and the place of the page that is shown.
fn draw_page_form(
    locale: Locale,
    tab: &Tab,
    page: PageFace,
    typed: Option<PageTyped>,
    sending: &Sending,
) -> AnyView {
    let open = typed.is_some();
    let (name, icon, problem) = match typed {
        Some(typed) => (typed.name, typed.icon, Some(typed.problem)),
        None => (tab.name.clone(), tab.icon.clone(), None),
    };
    let path = format!("/pages/{}", tab.id);
    let only = page.first && page.last;
    view! {
        <details class="page-form" open=open>
            <summary class="button">
                {Icon::Settings.draw()}
                <span>{locale.say("page-change")}</span>
            </summary>
            <form class="panel form" method="post" action=path.clone() data-action="page">
                {sending.draw()}
                {draw_fields(locale, "page-now", name, &icon, problem, !tab.first)}
                <div class="buttons">
                    <button class="button main" id="page-save" data-action="page">{locale.say("page-save")}</button>
                    <button
                        class="button"
                        id="page-earlier"
                        data-action="page-move"
                        formaction=format!("{path}/move")
                        formnovalidate
                        name="direction"
                        value="earlier"
                        disabled=page.first
                    >
                        {locale.say("page-earlier")}
                    </button>
                    <button
                        class="button"
                        id="page-later"
                        data-action="page-move"
                        formaction=format!("{path}/move")
                        formnovalidate
                        name="direction"
                        value="later"
                        disabled=page.last
                    >
                        {locale.say("page-later")}
                    </button>
                    <button
                        class="button"
                        id="page-remove"
                        data-action="page-remove"
                        formaction=format!("{path}/remove")
                        formnovalidate
                        disabled=only
                    >
                        {Icon::Waste.draw()}
                        <span>{locale.say("page-remove")}</span>
                    </button>
                </div>
                <p class="field-hint">{locale.say("page-remove-hint")}</p>
            </form>
        </details>
    }
    .into_any()
}

fn draw_new_form(locale: Locale, typed: Option<PageTyped>, sending: &Sending) -> AnyView {
    let open = typed.is_some();
    let (name, icon, problem) = match typed {
        Some(typed) => (typed.name, typed.icon, Some(typed.problem)),
        None => (String::new(), Icon::Folder.id().to_owned(), None),
    };
    view! {
        <details class="page-form" open=open>
            <summary class="button">
                {Icon::Add.draw()}
                <span>{locale.say("page-add")}</span>
            </summary>
            <form class="panel form" method="post" action="/pages" data-action="page-add">
                {sending.draw()}
                {draw_fields(locale, "page-new", name, &icon, problem, true)}
                <div class="buttons">
                    // Without an id: once the page is there, the focus goes to what says so.
                    <button class="button main" data-action="page-add">{locale.say("page-add")}</button>
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn draw_fields(
    locale: Locale,
    id: &'static str,
    name: String,
    icon: &str,
    problem: Option<String>,
    required: bool,
) -> AnyView {
    let problem_id = format!("{id}-problem");
    let described = problem.is_some().then(|| problem_id.clone());
    let wrong = problem.is_some();
    let invalid = wrong.then_some("true");
    let chips = PAGE_ICONS
        .into_iter()
        .map(|(choice, word)| {
            view! {
                <label class="chip">
                    <input type="radio" name="icon" value=choice.id() checked=choice.id() == icon />
                    {choice.draw()}
                    <span class="vh">{locale.say(word)}</span>
                </label>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <div class="field" data-wrong=wrong>
            <label for=id>{locale.say("page-name")}</label>
            {problem.map(|problem| view! { <p class="problem" id=problem_id>{problem}</p> })}
            <input
                id=id
                name="name"
                value=name
                maxlength=MAX_PAGE_NAME_CHARS.to_string()
                required=required
                autocomplete="off"
                placeholder=(!required).then(|| locale.say("page-first"))
                aria-describedby=described
                aria-invalid=invalid
            />
        </div>
        <fieldset>
            <legend>{locale.say("page-icon")}</legend>
            <div class="chips">{chips}</div>
        </fieldset>
    }
    .into_any()
}
