//! The statement about accessibility: what was tried, and what is known not to be good yet.

use leptos::prelude::*;

use super::privacy::contact;
use super::{Drawn, appearance, reading};
use crate::icons::Icons;
use crate::locale::Locale;
use voordeur_store::appearance::Appearance;

/// What the statement shows.
pub struct AccessibilityPage {
    /// The citizen's language.
    pub locale: Locale,
    /// How the pages look.
    pub appearance: Appearance,
    /// How to reach who runs this: an address of mail or a page.
    pub contact: Option<String>,
}

/// Draws the statement.
pub fn draw(page: AccessibilityPage) -> Drawn {
    let locale = page.locale;
    let text = view! {
        <h2 id="display">{locale.say("look-title")}</h2>
        <p>{locale.say("look-choose")}</p>
        {appearance::draw(locale, page.appearance, "/accessibility#display".to_owned())}
        <h2>{locale.say("accessibility-works-title")}</h2>
        <ul>
            <li>{locale.say("accessibility-works-scripts")}</li>
            <li>{locale.say("accessibility-works-keyboard")}</li>
            <li>{locale.say("accessibility-works-reader")}</li>
            <li>{locale.say("accessibility-works-look")}</li>
        </ul>
        <h2>{locale.say("accessibility-tested-title")}</h2>
        <p>{locale.say("accessibility-tested")}</p>
        <h2>{locale.say("accessibility-limits-title")}</h2>
        <ul>
            <li>{locale.say("accessibility-limit-people")}</li>
            <li>{locale.say("accessibility-limit-language")}</li>
            <li>{locale.say("accessibility-limit-map")}</li>
        </ul>
        <h2>{locale.say("accessibility-tell-title")}</h2>
        <p>{locale.say("accessibility-tell")}</p>
        {contact(locale, page.contact)}
    }
    .into_any();
    let main = reading(locale.say("accessibility-title"), locale.say("accessibility-lead"), text);
    Drawn { main, icons: Icons::default() }
}
