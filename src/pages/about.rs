//! About Voordeur, and how to make a widget.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::privacy::contact;
use super::{RenderedPage, text_page};
use crate::icons::Icons;
use crate::locale::Locale;

pub struct AboutPage {
    pub locale: Locale,
    pub version: String,
    pub widgets: usize,
    /// The operator's contact: an e-mail address or a page.
    pub contact: Option<String>,
}

pub fn draw(page: AboutPage) -> RenderedPage {
    let locale = page.locale;
    let text = view! {
        <h2>{locale.say("about-what-title")}</h2>
        <p>{locale.say("about-what")}</p>
        <p>{locale.say_with("about-catalogue", &[("count", (page.widgets as i64).into())])}" "<a href=paths::CATALOGUE>{locale.say("about-catalogue-link")}</a></p>
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
    let main = text_page(locale.say("about-title"), locale.say("about-lead"), text);
    RenderedPage { main, icons: Icons::default() }
}
