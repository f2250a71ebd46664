//! The state of services as JSON. The names are stable: `docs/STATUS.md` defines them.

use jiff::{Timestamp, Unit};
use serde_json::{Value, json};

use super::open_data::is_open;
use super::{OpenDataScore, Service};
use voordeur_upstream::{FetchError, ServiceState, ShapeChange, StateChange};

pub fn document(
    services: &[Service],
    changes: &[StateChange],
    samples: bool,
    now: Timestamp,
) -> Value {
    json!({
        "generated": moment(now),
        "samples": samples,
        "services": services.iter().map(|service| of_service(service, now)).collect::<Vec<_>>(),
        "changes": changes.iter().map(of_change).collect::<Vec<_>>(),
    })
}

fn of_service(service: &Service, now: Timestamp) -> Value {
    let info = &service.info;
    let health = service.health.as_ref();
    let (state, next_try) = match health.map(|health| health.state) {
        _ if service.paused => ("paused", None),
        None => ("not-asked", None),
        Some(ServiceState::Up) => ("answers", None),
        Some(ServiceState::Degraded) => ("falters", None),
        Some(ServiceState::Down(until)) => ("down", Some(moment(until))),
    };
    let milliseconds = |took: Option<std::time::Duration>| {
        took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
    };
    let OpenDataScore { no_key, documented, standard_format, open_licence, https } = info.open_data;
    let failed = health.and_then(|health| health.last_failure.as_ref());
    json!({
        "host": info.host,
        "publishers": info.publishers.iter()
            .map(|publisher| json!({ "name": publisher.name, "url": publisher.url }))
            .collect::<Vec<_>>(),
        "widgets": info.widgets.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        "themes": info.themes.iter().map(|theme| theme.id()).collect::<Vec<_>>(),
        "state": state,
        "paused_widgets": service.paused_widgets,
        "since": health.map(|health| moment(health.since)),
        "next_try": next_try,
        "answered": health.and_then(|health| health.last_success).map(moment),
        "fresh": service.is_fresh(now),
        "pace_seconds": info.pace.as_secs(),
        "median_milliseconds": health.and_then(|health| milliseconds(health.p50)),
        "p95_milliseconds": health.and_then(|health| milliseconds(health.p95)),
        "flights_last_day": health.map(|health| health.flights),
        "good_flights_last_day": health.map(|health| health.successes),
        "changed": health.map_or(Vec::new(), |health| {
            let changes = service.shape_changes(health);
            let describe = |(widget, _, change): (&str, _, &ShapeChange)| json!({
                "widget": widget,
                "since": moment(change.since),
                "key": change.key,
                "partial": change.partial,
            });
            changes.map(describe).collect()
        }),
        "failed": failed.map(|(at, _)| moment(*at)),
        "reason": failed.map(|(_, failure)| failure.name()),
        "status": failed.and_then(|(_, failure)| status(failure)),
        "licences": info.licences.iter()
            .map(|licence| json!({
                "name": licence.name,
                "url": licence.url,
                "open": is_open(licence),
            }))
            .collect::<Vec<_>>(),
        "documentation": info.documentation,
        "standards": info.standards,
        "openness": {
            "no_key": no_key,
            "documented": documented,
            "standard_format": standard_format,
            "open_licence": open_licence,
            "https": https,
            "mark": info.open_data.score(),
            "of": OpenDataScore::MAX,
        },
    })
}

fn of_change(change: &StateChange) -> Value {
    json!({
        "host": change.host,
        "at": moment(change.at),
        "state": if change.reason.is_some() { "down" } else { "answers" },
        "reason": change.reason.as_ref().map(FetchError::name),
        "status": change.reason.as_ref().and_then(status),
        "down_since": change.down_since.map(moment),
    })
}

/// RFC 3339 in UTC, to the second.
fn moment(at: Timestamp) -> String {
    at.round(Unit::Second).unwrap_or(at).to_string()
}

/// The HTTP status of a rejected response.
fn status(failure: &FetchError) -> Option<u16> {
    match failure {
        FetchError::ServerError(status) | FetchError::Rejected(status) => Some(*status),
        _ => None,
    }
}
