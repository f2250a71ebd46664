//! The scoreboard for programs. The names are stable: `docs/SCOREBOARD.md` says what each means.

use jiff::{Timestamp, Unit};
use serde_json::{Value, json};

use super::openness::is_open;
use super::{Openness, Service};
use voordeur_upstream::{FetchError, ServiceState, StateChange};

/// The whole document.
pub fn document(
    services: &[Service],
    turns: &[StateChange],
    samples: bool,
    now: Timestamp,
) -> Value {
    json!({
        "generated": moment(now),
        "samples": samples,
        "services": services.iter().map(|service| of_service(service, now)).collect::<Vec<_>>(),
        "changes": turns.iter().map(of_turn).collect::<Vec<_>>(),
    })
}

fn of_service(service: &Service, now: Timestamp) -> Value {
    let facts = &service.facts;
    let health = service.health.as_ref();
    let (state, next_try) = match health.map(|health| health.state) {
        None => ("not-asked", None),
        Some(ServiceState::Up) => ("answers", None),
        Some(ServiceState::Degraded) => ("falters", None),
        Some(ServiceState::Down(until)) => ("down", Some(moment(until))),
    };
    let milliseconds = |took: Option<std::time::Duration>| {
        took.map(|took| u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
    };
    let Openness { no_key, documented, standard_format, open_licence, https } = facts.openness;
    let failed = health.and_then(|health| health.last_failure.as_ref());
    json!({
        "host": facts.host,
        "publishers": facts.publishers.iter()
            .map(|publisher| json!({ "name": publisher.name, "url": publisher.url }))
            .collect::<Vec<_>>(),
        "widgets": facts.widgets.iter().map(|(id, _)| id).collect::<Vec<_>>(),
        "themes": facts.themes.iter().map(|theme| theme.id()).collect::<Vec<_>>(),
        "state": state,
        "since": health.map(|health| moment(health.since)),
        "next_try": next_try,
        "answered": health.and_then(|health| health.last_success).map(moment),
        "fresh": service.is_fresh(now),
        "pace_seconds": facts.pace.as_secs(),
        "median_milliseconds": health.and_then(|health| milliseconds(health.p50)),
        "p95_milliseconds": health.and_then(|health| milliseconds(health.p95)),
        "flights_last_day": health.map(|health| health.flights),
        "good_flights_last_day": health.map(|health| health.successes),
        "failed": failed.map(|(at, _)| moment(*at)),
        "reason": failed.map(|(_, failure)| failure.name()),
        "status": failed.and_then(|(_, failure)| status(failure)),
        "licences": facts.licences.iter()
            .map(|licence| json!({
                "name": licence.name,
                "url": licence.url,
                "open": is_open(licence),
            }))
            .collect::<Vec<_>>(),
        "documentation": facts.documentation,
        "standards": facts.standards,
        "openness": {
            "no_key": no_key,
            "documented": documented,
            "standard_format": standard_format,
            "open_licence": open_licence,
            "https": https,
            "mark": facts.openness.mark(),
            "of": Openness::MOST,
        },
    })
}

fn of_turn(turn: &StateChange) -> Value {
    json!({
        "host": turn.host,
        "at": moment(turn.at),
        "state": if turn.reason.is_some() { "down" } else { "answers" },
        "reason": turn.reason.as_ref().map(FetchError::name),
        "status": turn.reason.as_ref().and_then(status),
        "down_since": turn.down_since.map(moment),
    })
}

/// RFC 3339 in UTC, to the second.
fn moment(at: Timestamp) -> String {
    at.round(Unit::Second).unwrap_or(at).to_string()
}

/// The status code of an answer that was refused for it.
fn status(failure: &FetchError) -> Option<u16> {
    match failure {
        FetchError::ServerError(status) | FetchError::Rejected(status) => Some(*status),
        _ => None,
    }
}
