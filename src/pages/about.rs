//! What Voordeur is, and how to make a card.

use leptos::prelude::*;

use super::privacy::contact;
use super::{Drawn, reading};
use crate::icons::Icons;
use crate::locale::Locale;

/// What the page about Voordeur shows.
pub struct AboutPage {
    /// The citizen's language.
    pub locale: Locale,
    /// Of Voordeur.
    pub version: String,
    /// How many widgets the catalogue has.
    pub widgets: usize,
    /// How to reach who runs this: an address of mail or a page.
    pub contact: Option<String>,
}

/// Draws the page about Voordeur.
pub fn draw(page: AboutPage) -> Drawn {
    let locale = page.locale;
    let text = view! {
        <h2>{locale.say("about-what-title")}</h2>
        <p>{locale.say("about-what")}</p>
        <p>{locale.say_with("about-catalogue", &[("count", (page.widgets as i64).into())])}" "<a href="/catalogue">{locale.say("about-catalogue-link")}</a></p>
        <h2>{locale.say("about-promises-title")}</h2>
        <ul>
            <li>{locale.say("about-promise-broken")}</li>
            <li>{locale.say("about-promise-source")}</li>
            <li>{locale.say("about-promise-browser")}</li>
        </ul>
        <h2 id="own-card">{locale.say("about-own-title")}</h2>
        <p>{locale.say("about-own")}</p>
        <p>{locale.say("about-own-how")}</p>
        <h2>{locale.say("about-icons-title")}</h2>
        <p>{locale.say("about-icons")}</p>
        {contact(locale, page.contact)}
        <p class="remark">{locale.say_with("about-version", &[("version", page.version.into())])}</p>
    }
    .into_any();
    let main = reading(locale.say("about-title"), locale.say("about-lead"), text);
    Drawn { main, icons: Icons::default() }
}
