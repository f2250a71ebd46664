//! The document around every page: its head, the top bar, the footer.

use leptos::html;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::CustomAttribute;
use voordeur_shared::paths;
use voordeur_widget_api::Language;

use super::{RenderedPage, appearance, find, services};
use crate::assets::AssetPaths;
use crate::icons::{self, Icon};
use crate::locale::Locale;
use voordeur_store::appearance::{Appearance, Look};

pub struct Shell {
    pub locale: Locale,
    /// The page's own title; may be empty.
    pub title: String,
    /// Path and query of this page, to return to after a change of language.
    pub path: String,
    /// The citizen's place, shown on every page except the board.
    pub place: Option<String>,
    pub editing: bool,
    /// The id of the shown page of the board; `None` for the first.
    pub page: Option<String>,
    /// The current entry of the menu: `board`, `agenda`, `catalogue`, `services`, `privacy`, `accessibility`,
    /// `about`.
    pub current: Option<&'static str>,
    pub appearance: Appearance,
    pub scripts: bool,
    /// The addresses of the files that the page loads.
    pub assets: AssetPaths,
    /// A page for a screen that nobody touches: without menus.
    pub wall: Option<WallOptions>,
    /// The name of all copies of one citizen's pages, for a browser that keeps them.
    pub copies: Option<String>,
    /// Of a copy: how old it is.
    pub copy_words: Option<String>,
}

/// The document of a wall.
pub struct WallOptions {
    /// The seconds until the browser loads the next page, and its address, for a browser without
    /// scripts.
    pub refresh: String,
    /// Whether it is evening or night.
    pub is_dark: bool,
}

/// The whole document.
pub fn document(shell: Shell, drawn: RenderedPage) -> impl IntoView {
    let Shell {
        locale,
        title,
        path,
        place,
        editing,
        page,
        current,
        scripts,
        assets,
        wall,
        copies,
        copy_words,
        ..
    } = shell;
    let Appearance { look, density, text_size, reading } = shell.appearance;
    let is_copy = copy_words.is_some();
    let is_wall = wall.is_some();
    // A light screen in a dark room is of no use; more contrast stays what was chosen.
    let is_dark = wall.as_ref().is_some_and(|wall| wall.is_dark) && look != Look::Contrast;
    let look = if is_dark { Look::Dark } else { look };
    let refresh = wall.map(|wall| wall.refresh);
    let script = if is_wall { paths::WALL_SCRIPT } else { paths::SCRIPT };
    let (light_colour, dark_colour) = look.theme_colors();
    let title = if title.is_empty() { "Voordeur".to_owned() } else { title + " · Voordeur" };
    let sprite = drawn
        .icons
        .with_all([
            Icon::Search,
            Icon::Add,
            Icon::Close,
            Icon::Language,
            Icon::Look,
            Icon::Arrange,
            Icon::Done,
            Icon::Home,
            Icon::Place,
            Icon::Calendar,
        ])
        .sprite();
    let top_bar = view! {
        {look_choice(locale, shell.appearance, path.clone())}
        {language_choice(locale, path)}
        {edit_link(locale, current == Some("board"), editing, page.as_deref())}
    };
    let top_bar = draw_top_bar(locale, current, place, top_bar);
    view! {
        <!DOCTYPE html>
        <html
            lang=locale.language.tag()
            data-look=look.attribute()
            data-density=density.attribute()
            data-text=text_size.attribute()
            data-reading=reading.attribute()
            data-wall=is_wall.then_some("")
            data-cache=copies
            data-offline=is_copy.then_some("")
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="description" content=locale.say("shell-description") />
                <meta name="color-scheme" content=look.color_scheme() />
                {theme_colour(light_colour, "(prefers-color-scheme: light)")}
                {theme_colour(dark_colour, "(prefers-color-scheme: dark)")}
                <link rel="stylesheet" href=assets.of(paths::STYLE_SHEET) />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {(current == Some("services")).then(|| services::alternates(locale))}
                {refresh.map(|refresh| view! { <noscript><meta http-equiv="refresh" content=refresh /></noscript> })}
                {scripts.then(|| view! { <script type="module" src=assets.of(script)></script> })}
            </head>
            <body>
                {sprite}
                {(!is_wall).then(|| view! { <a class="skip" href="#main">{locale.say("shell-skip")}</a> })}
                {(!is_wall).then_some(top_bar)}
                {copy_words.map(draw_copy_words)}
                <main id="main" tabindex="-1">{drawn.main}</main>
                {(!is_wall).then(|| draw_footer(locale, current))}
                {(scripts && !is_wall).then(|| find::draw_dialog(locale))}
                {(!is_wall).then(|| announcer(locale))}
                {(!is_wall).then(|| offline_words(locale))}
            </body>
        </html>
    }
}

/// Says how old a copy is.
fn draw_copy_words(words: String) -> AnyView {
    view! { <p class="copy-words" role="status"><span class="wrap">{words}</span></p> }.into_any()
}

/// The value of `aria-current` for a link to a page.
fn aria_current(current: Option<&str>, page: &str) -> Option<&'static str> {
    (current == Some(page)).then_some("page")
}

/// The top bar; `controls` are at its end.
fn draw_top_bar(
    locale: Locale,
    current: Option<&'static str>,
    place: Option<String>,
    controls: impl IntoView,
) -> impl IntoView {
    let here = move |page: &str| aria_current(current, page);
    view! {
        <header class="top">
            <div class="wrap">
                <a class="brand" href=paths::BOARD aria-current=here("board")>
                    {icons::mark()}
                    <span>"Voordeur"</span>
                </a>
                <a class="find" href=paths::FIND aria-current=here("find") aria-keyshortcuts="Control+K Meta+K" data-find>
                    {Icon::Search.draw()}
                    <span>{locale.say("find-title")}</span>
                    <kbd aria-hidden="true">"Ctrl K"</kbd>
                </a>
                <a class="find choose" href=paths::CATALOGUE aria-current=here("catalogue") title=locale.say("shell-catalogue") data-smooth>
                    {Icon::Add.draw()}
                    <span>{locale.say("shell-catalogue")}</span>
                </a>
                <a class="find choose" href=paths::AGENDA aria-current=here("agenda") title=locale.say("agenda-title") data-smooth>
                    {Icon::Calendar.draw()}
                    <span>{locale.say("agenda-title")}</span>
                </a>
                {place
                    .filter(|_| current != Some("board"))
                    .map(|place| {
                        view! {
                            <a class="where" href=paths::WELCOME data-smooth>
                                {Icon::Place.draw()}
                                <span>{place}</span>
                            </a>
                        }
                    })}
                {controls}
            </div>
        </header>
    }
}

fn draw_footer(locale: Locale, current: Option<&'static str>) -> impl IntoView {
    let here = move |page: &str| aria_current(current, page);
    view! {
        <footer class="foot">
            <div class="wrap">
                <p>{locale.say("shell-promise")}</p>
                <ul>
                    <li><a href=paths::AGENDA aria-current=here("agenda")>{locale.say("agenda-title")}</a></li>
                    <li><a href=paths::CATALOGUE aria-current=here("catalogue")>{locale.say("shell-catalogue")}</a></li>
                    <li><a href=paths::SHARE aria-current=here("share")>{locale.say("shell-share")}</a></li>
                    <li><a href=paths::SERVICES aria-current=here("services")>{locale.say("shell-services")}</a></li>
                    <li><a href=paths::PRIVACY aria-current=here("privacy")>{locale.say("shell-privacy")}</a></li>
                    <li><a href=paths::WALL>{locale.say("wall-title")}</a></li>
                    <li><a href=paths::FORGET aria-current=here("forget")>{locale.say("device-title")}</a></li>
                    <li>
                        <a href=paths::ACCESSIBILITY aria-current=here("accessibility")>{locale.say("shell-accessibility")}</a>
                    </li>
                    <li><a href=paths::ABOUT aria-current=here("about")>{locale.say("shell-about")}</a></li>
                    <li><a href=paths::ABOUT_OWN_CARD>{locale.say("shell-own-card")}</a></li>
                </ul>
            </div>
        </footer>
    }
}

/// The colour of the browser's own interface, for a light or a dark scheme.
fn theme_colour(colour: &'static str, ground: &'static str) -> AnyView {
    html::meta().name("theme-color").content(colour).attr("media", ground).into_any()
}

/// The main action of the top bar: arrange the board, finish arranging, or go back to the board.
fn edit_link(locale: Locale, on_board: bool, editing: bool, page: Option<&str>) -> AnyView {
    let (href, id, icon, words) = match (on_board, editing) {
        (true, false) => {
            (paths::board(page, true), "edit", Icon::Arrange, locale.say("board-edit"))
        }
        (true, true) => (paths::board(page, false), "done", Icon::Done, locale.say("board-done")),
        (false, _) => (paths::board(None, false), "home", Icon::Home, locale.say("shell-home")),
    };
    view! {
        <a class="button main" id=id href=href data-smooth>
            {icon.draw()}
            <span>{words}</span>
        </a>
    }
    .into_any()
}

fn look_choice(locale: Locale, chosen: Appearance, path: String) -> AnyView {
    view! {
        <details class="display" name="menu">
            <summary id="look">
                {Icon::Look.draw()}
                <span class="vh">{locale.say("look-title")}</span>
            </summary>
            {appearance::draw(locale, chosen, path)}
        </details>
    }
    .into_any()
}

fn language_choice(locale: Locale, path: String) -> AnyView {
    let buttons = Language::ALL
        .into_iter()
        .map(|language| {
            let current = (language == locale.language).then_some("true");
            view! {
                <button name="language" value=language.tag() lang=language.tag() aria-current=current>
                    {language.own_name()}
                </button>
            }
        })
        .collect::<Vec<_>>();
    view! {
        <details class="menu" name="menu">
            <summary id="language">
                {Icon::Language.draw()}
                <span class="vh">{locale.say("shell-language")} ": "</span>
                <span class="code">{locale.language.tag()}</span>
            </summary>
            <form method="post" action=paths::LANGUAGE data-action="language">
                <input type="hidden" name="back" value=path />
                {buttons}
            </form>
        </details>
    }
    .into_any()
}

/// The live region in which the script announces changes. It has the words for a server that
/// cannot be reached.
fn announcer(locale: Locale) -> AnyView {
    let lost = locale.say("live-lost");
    view! { <p class="vh" id="announcer" role="status" aria-live="polite" data-lost=lost></p> }
        .into_any()
}

/// The templates for notices while the server cannot be reached: about edits that it has not
/// confirmed yet, and about a page of a day that is over.
fn offline_words(locale: Locale) -> AnyView {
    view! {
        <template id="outbox-kept">
            <p>{locale.say("outbox-kept")} " " <b data-part="count"></b></p>
            <button type="button" class="button" data-outbox="send">{locale.say("outbox-send")}</button>
            <button type="button" class="button" data-outbox="drop">{locale.say("outbox-drop")}</button>
        </template>
        <template id="outbox-unkept">
            <p>{locale.say("outbox-unkept")} " " <b data-part="count"></b></p>
            <button type="button" class="button" data-outbox="send">{locale.say("outbox-send")}</button>
        </template>
        <template id="outbox-sent"><p>{locale.say("outbox-sent")}</p></template>
        <template id="day-over"><p>{locale.say("day-over")} " " <b data-part="day"></b></p></template>
    }
    .into_any()
}
