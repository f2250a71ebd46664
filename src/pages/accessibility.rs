//! The accessibility statement: what was tested, and the known limits.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::privacy::contact;
use super::{RenderedPage, appearance, text_page};
use crate::icons::Icons;
use crate::locale::Locale;
use voordeur_store::appearance::Appearance;

pub struct AccessibilityPage {
    pub locale: Locale,
    pub appearance: Appearance,
    /// The operator's contact: an e-mail address or a page.
    pub contact: Option<String>,
}

pub fn draw(page: AccessibilityPage) -> RenderedPage {
    let locale = page.locale;
    let text = view! {
        <h2 id="display">{locale.say("look-title")}</h2>
        <p>{locale.say("look-choose")}</p>
        {appearance::draw(locale, page.appearance, paths::ACCESSIBILITY_DISPLAY.to_owned())}
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
    let main = text_page(locale.say("accessibility-title"), locale.say("accessibility-lead"), text);
    RenderedPage { main, icons: Icons::default() }
}
