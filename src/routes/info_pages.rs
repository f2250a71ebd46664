//! The pages that explain.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use voordeur_widget_api::{Language, Widget};

use super::catalogue::describe_personal_data;
use crate::app::App;
use crate::page_response::{PageOptions, render_page};
use crate::pages::about::{self, AboutPage};
use crate::pages::accessibility::{self, AccessibilityPage};
use crate::pages::privacy::{self, DisclosedService, PrivacyPage};
use crate::session::Session;

/// `GET /about`
pub async fn about(State(app): State<App>, session: Session) -> Response {
    let locale = session.locale;
    let model = AboutPage {
        locale,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        widgets: app.catalogue().all().count(),
        contact: app.contact.clone(),
    };
    let page_options = shell_options(locale.say("about-title"), "about");
    render_page(&session, StatusCode::OK, page_options, || about::draw(model))
}

/// `GET /accessibility`
pub async fn accessibility(State(app): State<App>, session: Session) -> Response {
    let locale = session.locale;
    let model = AccessibilityPage {
        locale,
        appearance: session.appearance(),
        contact: app.contact.clone(),
    };
    let page_options = shell_options(locale.say("accessibility-title"), "accessibility");
    render_page(&session, StatusCode::OK, page_options, || accessibility::draw(model))
}

/// `GET /privacy`: what is told to whom is read from the manifests, so that it cannot go stale. All
/// samples are evaluated for that, once for each catalogue and language.
pub async fn privacy(State(app): State<App>, session: Session) -> Response {
    let locale = session.locale;
    let catalogue = app.catalogue();
    let read = async || {
        let mut services = Vec::new();
        for widget in catalogue.all() {
            services.extend(disclosed_services(&app, widget, &session).await);
        }
        Ok::<Vec<DisclosedService>, Infallible>(services)
    };
    let Ok(services) = app.disclosures.get(&catalogue, locale.language, read).await;
    let services = Vec::clone(&services);
    let own = catalogue.all().map(|widget| widget.manifest()).filter(|manifest| manifest.own);
    let own: Vec<&str> = own.map(|manifest| manifest.name.get(locale.language)).collect();
    let own = own.join(", ");
    let model = PrivacyPage { locale, services, own, contact: app.contact.clone() };
    let page_options = shell_options(locale.say("privacy-title"), "privacy");
    render_page(&session, StatusCode::OK, page_options, || privacy::draw(model))
}

async fn disclosed_services(
    app: &App,
    widget: &Arc<dyn Widget>,
    session: &Session,
) -> Vec<DisclosedService> {
    let locale = session.locale;
    let manifest = widget.manifest();
    let asked = app.card_service.requests_of_sample(widget, Language::Nl, session.client).await;
    // A widget that fails at its sample may send all that it is told.
    let at_first: Vec<String> = match asked {
        Some(_) => Vec::new(),
        None => {
            let labels = manifest.fields.iter().map(|field| field.label.get(locale.language));
            labels.map(str::to_owned).collect()
        }
    };
    let asked = asked.unwrap_or_default();
    let mut facts: BTreeMap<String, Vec<String>> =
        manifest.hosts.iter().map(|host| (host.clone(), at_first.clone())).collect();
    for request in &asked {
        let host =
            url::Url::parse(&request.url).ok().and_then(|url| Some(url.host_str()?.to_owned()));
        if let Some(of_host) = host.and_then(|host| facts.get_mut(&host)) {
            for fact in describe_personal_data(widget.as_ref(), &request.id, locale) {
                if !of_host.contains(&fact) {
                    of_host.push(fact);
                }
            }
        }
    }
    if let Some(request) = asked.iter().find(|request| request.user_supplied_url) {
        facts.insert(
            locale.say("host-of-your-own"),
            describe_personal_data(widget.as_ref(), &request.id, locale),
        );
    }
    facts
        .into_iter()
        .map(|(host, facts)| DisclosedService {
            widget: manifest.name.get(locale.language).to_owned(),
            publisher: manifest.publisher.name.clone(),
            host,
            facts,
        })
        .collect()
}

fn shell_options(title: String, current: &'static str) -> PageOptions {
    PageOptions { title, current: Some(current), ..PageOptions::default() }
}
