//! How each service is doing.

use leptos::prelude::*;

use super::{Drawn, hall};
use crate::face::TimeFace;
use crate::icons::Icons;
use crate::locale::Locale;

/// What the page of services shows.
pub struct ServicesPage {
    /// The citizen's language.
    pub locale: Locale,
    /// Every service, in order.
    pub services: Vec<ServiceFace>,
}

/// How a service is doing.
pub struct ServiceFace {
    /// Who publishes the data.
    pub publisher: String,
    /// The host.
    pub host: String,
    /// The widgets that ask it: id and name.
    pub widgets: Vec<(String, String)>,
    /// How it is doing, in words: `antwoordt`, `antwoordt niet, volgende poging om 8.05 uur`.
    pub health: String,
    /// `good`, `fair` or `poor`; none when it was not asked yet.
    pub tone: Option<&'static str>,
    /// When it last answered.
    pub answered: Option<TimeFace>,
}

/// Draws the page of services.
pub fn draw(page: ServicesPage) -> Drawn {
    let locale = page.locale;
    let services = page
        .services
        .into_iter()
        .map(|service| {
            let widgets = service
                .widgets
                .into_iter()
                .enumerate()
                .map(|(at, (id, name))| {
                    view! {
                        {(at > 0).then_some(", ")}
                        <a href=format!("/catalogue/{id}")>{name}</a>
                    }
                })
                .collect::<Vec<_>>();
            let answered = service.answered.map(|time| {
                view! { <p>{locale.say("services-answered")} " " <time datetime=time.datetime>{time.text}</time></p> }
            });
            view! {
                <li>
                    <h2>{service.publisher}</h2>
                    <p class="health" data-tone=service.tone>{service.health}</p>
                    {answered}
                    <p><code>{service.host}</code></p>
                    <p>{widgets}</p>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let main = view! {
        {hall(locale.say("services-title"), view! { <p>{locale.say("services-lead")}</p> })}
        <div class="wrap">
            <ul class="services">{services}</ul>
        </div>
    }
    .into_any();
    Drawn { main, icons: Icons::default() }
}
