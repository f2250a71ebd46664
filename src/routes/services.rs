//! How each service is doing: for people, for programs, and as a feed.

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
use crate::pages::services::{Mark, ServiceFace, ServicesPage, Summary, TurnFace, draw};
use crate::presenter::{Context, failure_in_words};
use crate::session::Session;
use crate::status::{self, Facts, Feed, Openness, Service};
use voordeur_upstream::{ServiceState, StateChange};

/// Whoever asks again within so long may be answered by what stands between.
const KEEP: &str = "public, max-age=30";
/// So many changes stand on the page; the feed has all.
const TURNS_ON_PAGE: usize = 10;

/// Which services are shown.
#[derive(Debug, Default, Deserialize)]
pub struct Sift {
    #[serde(default)]
    theme: String,
    /// Sent when only those are wanted that do not answer as they should.
    only: Option<String>,
}

/// In which language a feed is wanted.
#[derive(Debug, Default, Deserialize)]
pub struct CachePolicy {
    lang: Option<String>,
}

/// `GET /services`
pub async fn show(
    State(app): State<App>,
    session: Session,
    Query(sift): Query<Sift>,
) -> Result<Response, StatusCode> {
    let locale = session.locale;
    let services = services(&app).await?;
    let now = Timestamp::now();
    let context = Context { locale, zone: app.card_service.zone(), now };
    let samples = app.upstream.shows_samples();
    let theme = Theme::from_id(&sift.theme);
    let only_troubled = sift.only.is_some();
    let wanted = |service: &&Service| {
        theme.is_none_or(|theme| service.facts.themes.contains(&theme))
            && (!only_troubled || service.is_troubled())
    };
    let turns = app.upstream.health().state_changes();
    let model = ServicesPage {
        locale,
        summary: summary(&services, samples),
        theme,
        only_troubled,
        total: services.len(),
        services: services
            .iter()
            .filter(wanted)
            .map(|service| view_model(service, samples, &context))
            .collect(),
        turns: (!samples).then(|| {
            let newest = turns.iter().take(TURNS_ON_PAGE);
            let view_model = |turn: &StateChange| {
                let service = services.iter().find(|service| service.facts.host == turn.host);
                let name = service.map_or(turn.host.as_str(), |service| service.facts.name());
                let (title, words) = status::turn_in_words(turn, name, locale);
                TurnFace { at: context.moment_of_data(turn.at), title, words }
            };
            newest.map(view_model).collect()
        }),
    };
    let page_options = PageOptions {
        title: locale.say("services-title"),
        current: Some("services"),
        ..PageOptions::default()
    };
    Ok(render_page(&app, &session, StatusCode::OK, page_options, || draw(model)))
}

/// `GET /services.json`
pub async fn json(State(app): State<App>) -> Result<Response, StatusCode> {
    let services = services(&app).await?;
    let turns = app.upstream.health().state_changes();
    let samples = app.upstream.shows_samples();
    let document = status::document(&services, &turns, samples, Timestamp::now());
    Ok(([(CACHE_CONTROL, KEEP)], Json(document)).into_response())
}

/// `GET /services.atom`
pub async fn atom(
    State(app): State<App>,
    Query(wish): Query<CachePolicy>,
    headers: HeaderMap,
) -> Result<Response, StatusCode> {
    let services = services(&app).await?;
    let wished = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let chosen = wish.lang.and_then(|language| language.parse().ok());
    let site = app.public_origin.as_deref();
    let text = status::feed(&Feed {
        locale: Locale::new(negotiate(chosen, wished)),
        services: &services,
        turns: &app.upstream.health().state_changes(),
        origin: site.or(app.contact.as_deref()).unwrap_or_default(),
        site: site.unwrap_or_default(),
        opened: app.started_at,
    });
    let headers =
        [(CONTENT_TYPE, status::FEED_TYPE), (CACHE_CONTROL, KEEP), (VARY, "Accept-Language")];
    Ok((headers, text).into_response())
}

/// Every service, in the order of the page. When the catalogue is new, its samples are read, which is work for a thread of its own.
async fn services(app: &App) -> Result<Vec<Service>, StatusCode> {
    let app = app.clone();
    let reading = tokio::task::spawn_blocking(move || {
        app.status_board.services(&app.catalogue(), app.card_service.zone(), app.upstream.health())
    });
    reading.await.map_err(|error| {
        tracing::error!(%error, "the scoreboard cannot be made");
        StatusCode::INTERNAL_SERVER_ERROR
    })
}

fn summary(services: &[Service], samples: bool) -> Summary {
    if samples {
        return Summary::Samples;
    }
    let asked = services.iter().filter(|service| service.health.is_some()).count();
    let troubled = services.iter().filter(|service| service.is_troubled()).count();
    match asked {
        0 => Summary::NoneAsked,
        _ => Summary::ClientKey { asked, good: asked - troubled },
    }
}

fn view_model(service: &Service, samples: bool, context: &Context<'_>) -> ServiceFace {
    let locale = context.locale;
    let facts = &service.facts;
    let said = |at| locale.moment_of_data(at, context.now, context.zone);
    let health = service.health.as_ref();
    let (state, tone) = match health.map(|health| health.state) {
        None if samples => (locale.say("service-samples"), None),
        None => (locale.say("service-not-asked"), None),
        Some(ServiceState::Up) => (locale.say("service-answers"), Some("good")),
        Some(ServiceState::Degraded) => (locale.say("service-fails"), Some("fair")),
        Some(ServiceState::Down(_)) => (locale.say("service-down"), Some("poor")),
    };
    let mut remarks = Vec::new();
    if let Some(health) = health.filter(|health| health.state != ServiceState::Up) {
        if let Some((at, failure)) = &health.last_failure {
            remarks.push(failure_in_words(failure, facts.name(), locale));
            remarks.push(locale.say_with("services-failed", &[("moment", said(*at).into())]));
        }
        if let ServiceState::Down(until) = health.state
            && until > context.now
        {
            remarks.push(locale.say_with("services-next-try", &[("moment", said(until).into())]));
        }
    }
    let speed = health.and_then(|health| {
        let (median, slowest) = (health.p50?, health.p95?);
        let taken =
            [("median", locale.brief(median).into()), ("slowest", locale.brief(slowest).into())];
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
    ServiceFace {
        publisher: facts.name().to_owned(),
        url: facts.publishers.first().map(|publisher| publisher.url.clone()),
        host: facts.host.clone(),
        state,
        tone,
        since,
        remarks,
        answered: health
            .map(|health| health.last_success.map(|answered| context.moment_of_data(answered))),
        pace: locale.say_with("services-pace", &[("pace", locale.pace(facts.pace).into())]),
        speed,
        share,
        widgets: facts
            .widgets
            .iter()
            .map(|(id, name)| (id.clone(), name.get(locale.language).to_owned()))
            .collect(),
        licences: facts
            .licences
            .iter()
            .map(|licence| (licence.name.clone(), licence.url.clone()))
            .collect(),
        mark: facts.openness.mark(),
        marks: marks(facts, locale),
    }
}

/// The answers to the five questions of openness, in words.
fn marks(facts: &Facts, locale: Locale) -> Vec<Mark> {
    let Openness { no_key, documented, standard_format, open_licence, https } = facts.openness;
    let standards = facts.standards.iter().copied().collect::<Vec<_>>().join(", ");
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
    let mut marks: Vec<Mark> =
        answers.into_iter().map(|(yes, words)| Mark { yes, words, page: None }).collect();
    if let Some(mark) = marks.get_mut(1) {
        mark.page = facts.documentation.first().cloned();
    }
    marks
}
