//! What is kept of a citizen, and which service is told what.

use leptos::prelude::*;

use super::{Drawn, reading};
use crate::icons::Icons;
use crate::locale::Locale;

/// What the privacy page shows.
pub struct PrivacyPage {
    /// The citizen's language.
    pub locale: Locale,
    /// Every service of the catalogue.
    pub services: Vec<ToldService>,
    /// How to reach who runs this: an address of mail or a page.
    pub contact: Option<String>,
}

/// What a service is told.
pub struct ToldService {
    /// The name of the widget that asks it.
    pub widget: String,
    /// Who publishes the data.
    pub publisher: String,
    /// The host.
    pub host: String,
    /// The citizen's facts that are sent, in words; empty for none.
    pub facts: Vec<String>,
}

/// Draws the privacy page.
pub fn draw(page: PrivacyPage) -> Drawn {
    let locale = page.locale;
    let services = page
        .services
        .into_iter()
        .map(|service| {
            let facts = if service.facts.is_empty() {
                locale.say("privacy-told-nothing")
            } else {
                service.facts.join(", ")
            };
            view! {
                <li>
                    <b>{service.widget}</b>
                    " "
                    <small>{service.publisher} " · " {service.host}</small>
                    <p>{locale.say("privacy-told")} " " {facts}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let text = view! {
        <h2>{locale.say("privacy-kept-title")}</h2>
        <ul>
            <li>{locale.say("privacy-kept")}</li>
            <li>{locale.say("privacy-kept-changes")}</li>
            <li>{locale.say("privacy-kept-visits")}</li>
            <li>{locale.say("privacy-kept-answers")}</li>
        </ul>
        <p>{locale.say("privacy-cookie")}</p>
        <p>{locale.say("privacy-browser")}</p>
        <p>{locale.say("privacy-shared")}</p>
        <h2>{locale.say("privacy-how-long-title")}</h2>
        <p>{locale.say("privacy-how-long")}</p>
        <h2>{locale.say("privacy-not-title")}</h2>
        <p>{locale.say("privacy-not")}</p>
        <h2>{locale.say("privacy-services-title")}</h2>
        <p>{locale.say("privacy-services")}</p>
        <ul class="asked">{services}</ul>
        <h2>{locale.say("privacy-gone-title")}</h2>
        <p>{locale.say("privacy-gone")}</p>
        {contact(locale, page.contact)}
    }
    .into_any();
    let main = reading(locale.say("privacy-title"), locale.say("privacy-lead"), text);
    Drawn { main, icons: Icons::default() }
}

/// How to reach who runs this.
pub(super) fn contact(locale: Locale, contact: Option<String>) -> AnyView {
    contact
        .map(|contact| {
            let href =
                if contact.contains("://") { contact.clone() } else { format!("mailto:{contact}") };
            view! {
                <h2>{locale.say("about-contact-title")}</h2>
                <p>{locale.say("about-contact")} " " <a href=href>{contact}</a></p>
            }
        })
        .into_any()
}
