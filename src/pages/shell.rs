//! What is around every page: the document, its head, the top, the foot.

use leptos::html;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::CustomAttribute;
use voordeur_widget_api::Language;

use super::sending::board_address;
use super::{Drawn, appearance, find, services};
use crate::icons::{self, Icon};
use crate::locale::Locale;
use voordeur_store::appearance::Appearance;

/// What the shell needs to know.
pub struct Shell {
    /// The citizen's language.
    pub locale: Locale,
    /// The page's own title; may be empty.
    pub title: String,
    /// Path and query of this page, to come back to after a change of language.
    pub path: String,
    /// The citizen's place, shown on every page but the board.
    pub place: Option<String>,
    /// Whether the board is being arranged.
    pub editing: bool,
    /// The id of the board's page that is shown; nothing for the first.
    pub page: Option<String>,
    /// Which page this is: `board`, `catalogue`, `services`, `privacy`, `accessibility`, `about`.
    pub current: Option<&'static str>,
    /// How the pages look.
    pub appearance: Appearance,
    /// Where the browser's part is.
    pub options: LeptosOptions,
    /// Whether the browser's part is sent.
    pub scripts: bool,
}

/// The whole document. The island that makes changes smoother, the `enhancement`, stands at its end.
pub fn document(shell: Shell, drawn: Drawn, enhancement: AnyView) -> impl IntoView {
    let Shell { locale, title, path, place, editing, page, current, options, scripts, .. } = shell;
    let Appearance { look, density } = shell.appearance;
    let (door, door_in_the_dark) = look.theme_colors();
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
        ])
        .sprite();
    let here = move |page: &str| (current == Some(page)).then_some("page");
    view! {
        <!DOCTYPE html>
        <html lang=locale.language.tag() data-look=look.attribute() data-density=density.attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <title>{title}</title>
                <meta name="description" content=locale.say("shell-description") />
                <meta name="color-scheme" content=look.color_scheme() />
                {door_colour(door, "(prefers-color-scheme: light)")}
                {door_colour(door_in_the_dark, "(prefers-color-scheme: dark)")}
                <link rel="stylesheet" href="/pkg/voordeur.css" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {(current == Some("services")).then(|| services::alternates(locale))}
                {scripts.then(|| view! { <HydrationScripts options=options islands=true /> })}
            </head>
            <body>
                {sprite}
                <a class="skip" href="#main">{locale.say("shell-skip")}</a>
                <header class="top">
                    <div class="wrap">
                        <a class="brand" href="/" aria-current=here("board")>
                            {icons::mark()}
                            <span>"Voordeur"</span>
                        </a>
                        <a class="find" href="/find" aria-current=here("find") aria-keyshortcuts="Control+K Meta+K" data-find>
                            {Icon::Search.draw()}
                            <span>{locale.say("find-title")}</span>
                            <kbd aria-hidden="true">"Ctrl K"</kbd>
                        </a>
                        <a class="find choose" href="/catalogue" aria-current=here("catalogue") title=locale.say("shell-catalogue") data-smooth>
                            {Icon::Add.draw()}
                            <span>{locale.say("shell-catalogue")}</span>
                        </a>
                        {place
                            .filter(|_| current != Some("board"))
                            .map(|place| {
                                view! {
                                    <a class="where" href="/welcome" data-smooth>
                                        {Icon::Place.draw()}
                                        <span>{place}</span>
                                    </a>
                                }
                            })}
                        {look_choice(locale, shell.appearance, path.clone())}
                        {language_choice(locale, path)}
                        {way(locale, current == Some("board"), editing, page.as_deref())}
                    </div>
                </header>
                <main id="main" tabindex="-1">{drawn.main}</main>
                <footer class="foot">
                    <div class="wrap">
                        <p>{locale.say("shell-promise")}</p>
                        <ul>
                            <li><a href="/catalogue" aria-current=here("catalogue")>{locale.say("shell-catalogue")}</a></li>
                            <li><a href="/services" aria-current=here("services")>{locale.say("shell-services")}</a></li>
                            <li><a href="/privacy" aria-current=here("privacy")>{locale.say("shell-privacy")}</a></li>
                            <li>
                                <a href="/accessibility" aria-current=here("accessibility")>{locale.say("shell-accessibility")}</a>
                            </li>
                            <li><a href="/about" aria-current=here("about")>{locale.say("shell-about")}</a></li>
                            <li><a href="/about#own-card">{locale.say("shell-own-card")}</a></li>
                        </ul>
                    </div>
                </footer>
                {scripts.then(|| find::draw_dialog(locale))}
                {enhancement}
                {outbox_words(locale)}
            </body>
        </html>
    }
}

/// The colour of what the browser draws around the page, on a light or on a dark ground.
fn door_colour(colour: &'static str, ground: &'static str) -> AnyView {
    html::meta().name("theme-color").content(colour).attr("media", ground).into_any()
}

/// The one thing to do from the top: arrange the board, be done with that, or go back to it.
fn way(locale: Locale, on_board: bool, editing: bool, page: Option<&str>) -> AnyView {
    let (href, id, icon, words) = match (on_board, editing) {
        (true, false) => {
            (board_address(page, true), "edit", Icon::Arrange, locale.say("board-edit"))
        }
        (true, true) => (board_address(page, false), "done", Icon::Done, locale.say("board-done")),
        (false, _) => (board_address(None, false), "home", Icon::Home, locale.say("shell-home")),
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
            <form method="post" action="/language" data-action="language">
                <input type="hidden" name="back" value=path />
                {buttons}
            </form>
        </details>
    }
    .into_any()
}

/// What the browser's part says of edits that the server has not got yet.
fn outbox_words(locale: Locale) -> AnyView {
    view! {
        <template id="outbox-kept">
            <p>{locale.say("outbox-kept")} " " <b data-part="count"></b></p>
            <button type="button" class="button" data-outbox="send">{locale.say("outbox-send")}</button>
            <button type="button" class="button" data-outbox="drop">{locale.say("outbox-drop")}</button>
        </template>
        <template id="outbox-sent"><p>{locale.say("outbox-sent")}</p></template>
    }
    .into_any()
}
