//! The state of each service: as a page, as JSON and as a feed.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use voordeur_widget_api::Theme;

use crate::app::App;
use crate::locale::{Locale, negotiate};
use crate::page_response::{PageOptions, render_page};
use crate::pages::services::{
    OpenDataCriterion, ServiceViewModel, ServicesPage, StateChangeViewModel, Summary, draw,
};
use crate::presenter::{Context, describe_fetch_error};
use crate::session::Session;
use crate::status::{self, Feed, OpenDataScore, Service, ServiceInfo};
use voordeur_upstream::{ServiceState, StateChange};

/// A shared cache may serve the response for 30 seconds.
const CACHE_CONTROL_VALUE: &str = "public, max-age=30";
/// Maximum number of changes on the page; the feed has all.
const MAX_CHANGES_ON_PAGE: usize = 10;

#[derive(Debug, Default, Deserialize)]
pub struct ServicesQuery {
    #[serde(default)]
    theme: String,
    /// Present when only unhealthy services are wanted.
    only: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct FeedQuery {
    lang: Option<String>,
}

/// `GET /services`
pub async fn show(
    State(app): State<App>,
    session: Session,
    Query(query): Query<ServicesQuery>,
) -> Result<Response, StatusCode> {
    let locale = session.locale;
    let services = services(&app).await?;
    let now = Timestamp::now();
    let context = Context { locale, zone: app.card_service.zone(), now };
    let samples = app.upstream.shows_samples();
    let theme = Theme::from_id(&query.theme);
    let only_unhealthy = query.only.is_some();
    let wanted = |service: &&Service| {
        theme.is_none_or(|theme| service.info.themes.contains(&theme))
            && (!only_unhealthy || service.is_unhealthy())
    };
    let changes = app.upstream.health().state_changes();
    let model = ServicesPage {
        locale,
        summary: summary(&services, samples),
        theme,
        only_unhealthy,
        total: services.len(),
        services: services
            .iter()
            .filter(wanted)
            .map(|service| view_model(service, samples, &context))
            .collect(),
        changes: (!samples).then(|| {
            let newest = changes.iter().take(MAX_CHANGES_ON_PAGE);
            let view_model = |change: &StateChange| {
                let service = services.iter().find(|service| service.info.host == change.host);
                let name = service.map_or(change.host.as_str(), |service| service.info.name());
                let (title, words) = status::turn_in_words(change, name, locale);
                StateChangeViewModel { at: context.moment_of_data(change.at), title, words }
            };
            newest.map(view_model).collect()
        }),
    };
    let page_options = PageOptions {
        title: locale.say("services-title"),
        current: Some("services"),
        ..PageOptions::default()
    };
    Ok(render_page(&session, StatusCode::OK, page_options, || draw(model)))
}

/// `GET /services.json`
pub async fn json(State(app): State<App>) -> Result<Response, StatusCode> {
    let services = services(&app).await?;
    let changes = app.upstream.health().state_changes();
    let samples = app.upstream.shows_samples();
    let document = status::document(&services, &changes, samples, Timestamp::now());
    Ok(([(CACHE_CONTROL, CACHE_CONTROL_VALUE)], Json(document)).into_response())
}

/// `GET /services.atom`
pub async fn atom(
    State(app): State<App>,
    Query(query): Query<FeedQuery>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let services = services(&app).await?;
    let accept_language = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let chosen = query.lang.and_then(|language| language.parse().ok());
    let site = app.public_origin.as_deref();
    let text = status::feed(&Feed {
        locale: Locale::new(negotiate(chosen, accept_language)),
        services: &services,
        changes: &app.upstream.health().state_changes(),
        origin: site.or(app.contact.as_deref()).unwrap_or_default(),
        site: site.unwrap_or_default(),
        opened: app.started_at,
    });
    let headers = [
        (CONTENT_TYPE, status::FEED_TYPE),
        (CACHE_CONTROL, CACHE_CONTROL_VALUE),
        (VARY, "Accept-Language"),
    ];
    Ok((headers, text).into_response())
}

/// Every service, in the order of the page. For a new catalogue, all samples are evaluated, on a
/// blocking thread.
async fn services(app: &App) -> Result<Vec<Service>, StatusCode> {
    let app = app.clone();
    let reading = tokio::task::spawn_blocking(move || {
        let health = app.upstream.health();
        app.status_board.services(&app.catalogue(), app.card_service.zone(), health, &app.paused)
    });
    reading.await.map_err(|error| {
        tracing::error!(%error, "service page failed");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

fn summary(services: &[Service], samples: bool) -> Summary {
    if samples {
        return Summary::Samples;
    }
    let asked = services.iter().filter(|service| service.health.is_some()).count();
    let troubled = services
        .iter()
        .filter(|service| service.health.is_some() && service.is_unhealthy())
        .count();
    match asked {
        0 => Summary::NoneAsked,
        _ => Summary::Counted { asked, good: asked - troubled },
    }
}

fn view_model(service: &Service, samples: bool, context: &Context<'_>) -> ServiceViewModel {
    let locale = context.locale;
    let info = &service.info;
    let said = |at| locale.moment_of_data(at, context.now, context.zone);
    let health = service.health.as_ref();
    let (state, tone) = match health.map(|health| health.state) {
        _ if service.paused => (locale.say("service-paused"), Some("fair")),
        None if samples => (locale.say("service-samples"), None),
        None => (locale.say("service-not-asked"), None),
        Some(ServiceState::Up) => (locale.say("service-answers"), Some("good")),
        Some(ServiceState::Degraded) => (locale.say("service-fails"), Some("fair")),
        Some(ServiceState::Down(_)) => (locale.say("service-down"), Some("poor")),
    };
    let mut remarks = Vec::new();
    if service.paused {
        remarks.push(locale.say("services-paused"));
    } else if !service.paused_widgets.is_empty() {
        let names = info.widgets.iter().filter(|(id, _)| service.paused_widgets.contains(id));
        let names: Vec<&str> = names.map(|(_, name)| name.get(locale.language)).collect();
        let names = [("widgets", names.join(", ").into())];
        remarks.push(locale.say_with("services-paused-widgets", &names));
    }
    if let Some(health) = health.filter(|health| health.state != ServiceState::Up) {
        if let Some((at, failure)) = &health.last_failure {
            remarks.push(describe_fetch_error(failure, info.name(), locale));
            remarks.push(locale.say_with("services-failed", &[("moment", said(*at).into())]));
        }
        if let ServiceState::Down(until) = health.state
            && until > context.now
        {
            remarks.push(locale.say_with("services-next-try", &[("moment", said(until).into())]));
        }
    }
    for (_, name, change) in health.into_iter().flat_map(|health| service.shape_changes(health)) {
        let key = if change.partial { "services-shape-partial" } else { "services-shape-none" };
        let words = [
            ("card", name.get(locale.language).into()),
            ("moment", said(change.since).into()),
            ("key", change.key.as_str().into()),
        ];
        remarks.push(locale.say_with(key, &words));
    }
    let speed = health.and_then(|health| {
        let (median, slowest) = (health.p50?, health.p95?);
        let taken = [
            ("median", locale.duration(median).into()),
            ("slowest", locale.duration(slowest).into()),
        ];
        Some(locale.say_with("services-speed-value", &taken))
    });
    let share = health.filter(|health| health.flights > 0).map(|health| {
        let counted = [
            ("good", i64::from(health.successes).into()),
            ("flights", i64::from(health.flights).into()),
        ];
        locale.say_with("services-share-value", &counted)
    });
    let since = health
        .map(|health| locale.say_with("services-since", &[("moment", said(health.since).into())]));
    ServiceViewModel {
        publisher: info.name().to_owned(),
        url: info.publishers.first().map(|publisher| publisher.url.clone()),
        host: info.host.clone(),
        state,
        tone,
        since,
        remarks,
        answered: health
            .map(|health| health.last_success.map(|answered| context.moment_of_data(answered))),
        pace: locale.say_with("services-pace", &[("pace", locale.interval(info.pace).into())]),
        speed,
        share,
        widgets: info
            .widgets
            .iter()
            .map(|(id, name)| (id.clone(), name.get(locale.language).to_owned()))
            .collect(),
        licences: info
            .licences
            .iter()
            .map(|licence| (licence.name.clone(), licence.url.clone()))
            .collect(),
        score: info.open_data.score(),
        criteria: criteria(info, locale),
    }
}

/// The five open-data criteria.
fn criteria(info: &ServiceInfo, locale: Locale) -> Vec<OpenDataCriterion> {
    let OpenDataScore { no_key, documented, standard_format, open_licence, https } = info.open_data;
    let standards = info.standards.iter().copied().collect::<Vec<_>>().join(", ");
    let answers = [
        (no_key, locale.say(if no_key { "open-key-yes" } else { "open-key-no" })),
        (documented, locale.say(if documented { "open-docs-yes" } else { "open-docs-no" })),
        (
            standard_format,
            if standard_format {
                locale.say_with("open-format-yes", &[("standards", standards.into())])
            } else {
                locale.say("open-format-no")
            },
        ),
        (
            open_licence,
            locale.say(if open_licence { "open-licence-yes" } else { "open-licence-no" }),
        ),
        (https, locale.say(if https { "open-https-yes" } else { "open-https-no" })),
    ];
    let mut criteria: Vec<OpenDataCriterion> = answers
        .into_iter()
        .map(|(yes, words)| OpenDataCriterion { yes, words, page: None })
        .collect();
    if let Some(score) = criteria.get_mut(1) {
        score.page = info.documentation.first().cloned();
    }
    criteria
}
