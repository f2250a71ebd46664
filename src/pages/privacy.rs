//! The privacy statement: the stored data, and the data sent to each service.

use leptos::prelude::*;
use voordeur_shared::paths;

use super::{RenderedPage, text_page};
use crate::icons::Icons;
use crate::locale::Locale;

pub struct PrivacyPage {
    pub locale: Locale,
    pub services: Vec<DisclosedService>,
    /// The names of the cards of the citizen's own; empty when the catalogue has none.
    pub own: String,
    /// The operator's contact: an e-mail address or a page.
    pub contact: Option<String>,
}

/// The data sent to a service.
#[derive(Clone)]
pub struct DisclosedService {
    /// The widget that makes the requests.
    pub widget: String,
    pub publisher: String,
    pub host: String,
    /// The citizen's data in the requests; empty for none.
    pub facts: Vec<String>,
}

pub fn draw(page: PrivacyPage) -> RenderedPage {
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
            {(!page.own.is_empty()).then(|| view! { <li>{locale.say_with("privacy-kept-own", &[("cards", page.own.clone().into())])}</li> })}
            <li>{locale.say("privacy-kept-changes")}</li>
            <li>{locale.say("privacy-kept-visits")}</li>
            <li>{locale.say("privacy-kept-feeds")}</li>
            <li>{locale.say("privacy-kept-answers")}</li>
        </ul>
        <p>{locale.say("privacy-cookie")}</p>
        <p>{locale.say("privacy-browser")}</p>
        <p>{locale.say("privacy-offline")}</p>
        <p>{locale.say("privacy-shared")} " " <a href=paths::FORGET>{locale.say("forget-title")}</a></p>
        <h2>{locale.say("privacy-how-long-title")}</h2>
        <p>{locale.say("privacy-how-long")}</p>
        <h2>{locale.say("privacy-not-title")}</h2>
        <p>{locale.say("privacy-not")}</p>
        <h2>{locale.say("privacy-services-title")}</h2>
        <p>{locale.say("privacy-services")}</p>
        <ul class="asked">{services}</ul>
        <h2>{locale.say("privacy-gone-title")}</h2>
        <p>{locale.say("privacy-gone")}</p>
        <p class="buttons"><a class="button" href=paths::FORGET>{locale.say("forget-title")}</a></p>
        {contact(locale, page.contact)}
    }
    .into_any();
    let main = text_page(locale.say("privacy-title"), locale.say("privacy-lead"), text);
    RenderedPage { main, icons: Icons::default() }
}

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
