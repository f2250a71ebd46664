//! The tabs of the board's pages, and the forms that change pages.

use leptos::prelude::*;
use voordeur_shared::paths;

use crate::icons::Icon;
use crate::locale::Locale;
use crate::pages::form_context::FormContext;
use voordeur_store::MAX_PAGE_NAME_CHARS;

/// The tab of a page.
pub struct Tab {
    pub id: String,
    /// Empty for a page without a name.
    pub name: String,
    pub icon: String,
    pub first: bool,
    /// Whether the page is the one shown.
    pub current: bool,
}

/// The position of the shown page among the others.
#[derive(Clone, Copy)]
pub struct PagePosition {
    pub first: bool,
    pub last: bool,
}

/// A rejected form of a page, as it was filled in.
pub struct PageFormInput {
    /// The id of the page; `None` for a new one.
    pub page: Option<String>,
    pub name: String,
    pub icon: String,
    pub error: String,
}

/// The icons for pages, each with the key of its label.
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

/// The name of a page as shown: the first page has a default name in each language.
pub fn page_name(name: &str, locale: Locale) -> String {
    if name.is_empty() { locale.say("page-first") } else { name.to_owned() }
}

/// Draws the tabs and, while the board is arranged, the forms of pages.
pub(super) fn draw(
    locale: Locale,
    tabs: Vec<Tab>,
    page: PagePosition,
    typed: Option<PageFormInput>,
    form_context: &FormContext,
) -> AnyView {
    let forms = form_context.editing.then(|| {
        let (of_new, of_page) = match typed {
            Some(typed) if typed.page.is_none() => (Some(typed), None),
            typed => (None, typed),
        };
        let current = tabs.iter().find(|tab| tab.current);
        view! {
            <div class="page-forms">
                {current.map(|tab| draw_page_form(locale, tab, page, of_page, form_context))}
                {draw_new_form(locale, of_new, form_context)}
            </div>
        }
    });
    let editing = form_context.editing;
    let links = tabs
        .into_iter()
        .map(|tab| {
            let id = (!tab.first).then_some(tab.id.as_str());
            view! {
                <li data-page=tab.id.clone()>
                    <a href=paths::board(id, editing) aria-current=tab.current.then_some("page") data-smooth>
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

fn draw_page_form(
    locale: Locale,
    tab: &Tab,
    page: PagePosition,
    typed: Option<PageFormInput>,
    form_context: &FormContext,
) -> AnyView {
    let open = typed.is_some();
    let (name, icon, error) = match typed {
        Some(typed) => (typed.name, typed.icon, Some(typed.error)),
        None => (tab.name.clone(), tab.icon.clone(), None),
    };
    let (path, move_path) = (paths::page(&tab.id), paths::move_page(&tab.id));
    let only = page.first && page.last;
    view! {
        <details class="page-form" open=open>
            <summary class="button">
                {Icon::Settings.draw()}
                <span>{locale.say("page-change")}</span>
            </summary>
            <form class="panel form" method="post" action=path data-action="page">
                {form_context.draw()}
                {draw_fields(locale, "page-now", name, &icon, error, !tab.first)}
                <div class="buttons">
                    <button class="button main" id="page-save" data-action="page">{locale.say("page-save")}</button>
                    <button
                        class="button"
                        id="page-earlier"
                        data-action="page-move"
                        formaction=move_path.clone()
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
                        formaction=move_path
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
                        formaction=paths::remove_page(&tab.id)
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

fn draw_new_form(
    locale: Locale,
    typed: Option<PageFormInput>,
    form_context: &FormContext,
) -> AnyView {
    let open = typed.is_some();
    let (name, icon, error) = match typed {
        Some(typed) => (typed.name, typed.icon, Some(typed.error)),
        None => (String::new(), Icon::Folder.id().to_owned(), None),
    };
    view! {
        <details class="page-form" open=open>
            <summary class="button">
                {Icon::Add.draw()}
                <span>{locale.say("page-add")}</span>
            </summary>
            <form class="panel form" method="post" action=paths::PAGES data-action="page-add">
                {form_context.draw()}
                {draw_fields(locale, "page-new", name, &icon, error, true)}
                <div class="buttons">
                    // Without an id, so that the focus moves to the notice after the page was
                    // added.
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
    error: Option<String>,
    required: bool,
) -> AnyView {
    let error_id = format!("{id}-problem");
    let described = error.is_some().then(|| error_id.clone());
    let wrong = error.is_some();
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
            {error.map(|error| view! { <p class="problem" id=error_id>{error}</p> })}
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
