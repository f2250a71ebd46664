//! The page about the device: pages without a network, and erasing everything that the server and the
//! browser keep of a citizen.

use leptos::prelude::*;
use voordeur_shared::{forget, paths};

use super::{RenderedPage, text_page};
use crate::icons::Icons;
use crate::locale::Locale;

pub struct ForgetPage {
    pub locale: Locale,
    /// Whether everything was erased just now.
    pub is_done: bool,
    /// Whether the server keeps something of this browser.
    pub is_known: bool,
    /// The address of the page's script.
    pub script: String,
}

pub fn draw(page: ForgetPage) -> RenderedPage {
    let ForgetPage { locale, is_done, is_known, script } = page;
    let (title, lead, text) = match (is_done, is_known) {
        (true, _) => ("forget-done-title", "forget-done", draw_done(locale)),
        (false, true) => ("device-title", "device-lead", draw_choices(locale)),
        (false, false) => ("device-title", "forget-nothing", draw_done(locale)),
    };
    let text = view! {
        {text}
        <script type="module" src=script></script>
    };
    let main = text_page(locale.say(title), locale.say(lead), text.into_any());
    RenderedPage { main, icons: Icons::default() }
}

fn draw_choices(locale: Locale) -> AnyView {
    view! {
        // The script shows it where the browser can do it.
        <section class="prose" id="offline" hidden>
            <h2>{locale.say("offline-title")}</h2>
            <p>{locale.say("offline-what")}</p>
            <p id="offline-is-on" role="status" hidden>{locale.say("offline-is-on")}</p>
            <p class="buttons">
                <button class="button" id="offline-on" hidden>{locale.say("offline-on")}</button>
                " "
                <button class="button" id="offline-off" hidden>{locale.say("offline-off")}</button>
            </p>
        </section>
        <h2>{locale.say("forget-title")}</h2>
        <p>{locale.say("forget-what")}</p>
        <p>{locale.say("forget-keep")} " " <a href=paths::SHARE>{locale.say("shell-share")}</a></p>
        <form method="post" action=paths::FORGET>
            <p class="buttons">
                <button class="button main" id="forget">{locale.say("forget-do")}</button>
                " "
                <a class="button" id="forget-nothing" href=paths::BOARD>{locale.say("forget-not")}</a>
            </p>
        </form>
    }
    .into_any()
}

/// The script erases what the browser stores when it sees this.
fn draw_done(locale: Locale) -> AnyView {
    view! {
        <p class="buttons" id=forget::DONE>
            <a class="button main" href=paths::BOARD>{locale.say("forget-on")}</a>
        </p>
    }
    .into_any()
}
