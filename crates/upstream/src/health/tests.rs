use std::path::PathBuf;

use super::*;

const HOST: &str = "service.example";

fn at(minute: i64) -> Timestamp {
    let start: Timestamp = "2026-11-23T06:00:00Z".parse().expect("a timestamp");
    start + jiff::SignedDuration::from_mins(minute)
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn health(monitor: &HealthMonitor, now: Timestamp) -> Health {
    monitor.lock().hosts[HOST].health(now)
}

#[test]
fn a_failed_flight_degrades_a_service_and_only_the_breaker_marks_it_down() {
    let monitor = HealthMonitor::default();
    assert_eq!(monitor.get(HOST), None);
    monitor.record_flight(HOST, at(0), ms(80), Ok(()));
    assert_eq!(health(&monitor, at(0)).state, ServiceState::Up);
    monitor.record_flight(HOST, at(1), ms(900), Err(&FetchError::Timeout));
    let degraded = health(&monitor, at(1));
    assert_eq!(degraded.state, ServiceState::Degraded);
    assert_eq!(degraded.since, at(1));
    assert_eq!(degraded.last_success, Some(at(0)));
    assert_eq!(degraded.last_failure, Some((at(1), FetchError::Timeout)));
    assert!(monitor.state_changes().is_empty());

    monitor.mark_down(HOST, at(2), &FetchError::ServerError(503), at(3));
    monitor.mark_down(HOST, at(3), &FetchError::Timeout, at(5));
    let down = health(&monitor, at(3));
    assert_eq!((down.state, down.since), (ServiceState::Down(at(5)), at(2)));
    monitor.record_flight(HOST, at(5), ms(70), Ok(()));
    monitor.mark_up(HOST, at(5));
    monitor.mark_up(HOST, at(6));
    let up = health(&monitor, at(6));
    assert_eq!((up.state, up.since), (ServiceState::Up, at(5)));

    let went_down = StateChange {
        host: HOST.to_owned(),
        at: at(2),
        reason: Some(FetchError::ServerError(503)),
        down_since: None,
    };
    let recovered =
        StateChange { host: HOST.to_owned(), at: at(5), reason: None, down_since: Some(at(2)) };
    assert_eq!(monitor.state_changes(), [recovered, went_down]);
}

#[test]
fn response_times_are_those_of_the_last_successful_flights() {
    let monitor = HealthMonitor::default();
    monitor.record_flight(HOST, at(0), ms(9_000), Err(&FetchError::Timeout));
    assert_eq!(health(&monitor, at(0)).p50, None);
    for milliseconds in 1..=100 {
        monitor.record_flight(HOST, at(0), ms(milliseconds), Ok(()));
    }
    let health = health(&monitor, at(0));
    assert_eq!(health.p50, Some(ms(75)), "of 51 to 100");
    assert_eq!(health.p95, Some(ms(98)));
    assert_eq!((health.successes, health.flights), (100, 101));
}

#[test]
fn the_success_rate_is_that_of_the_last_24_hours() {
    let monitor = HealthMonitor::default();
    monitor.record_flight(HOST, at(0), ms(5), Err(&FetchError::Unreachable));
    for hour in 1..=30 {
        monitor.record_flight(HOST, at(hour * 60), ms(5), Ok(()));
        assert!(monitor.lock().hosts[HOST].health(at(hour * 60)).flights <= 24);
    }
    let later = health(&monitor, at(30 * 60));
    assert_eq!((later.successes, later.flights), (24, 24));
    assert_eq!(health(&monitor, at(72 * 60)).flights, 0);

    monitor.mark_unreadable(HOST, &FetchError::Unreadable(String::new()));
    let rejected = health(&monitor, at(30 * 60));
    assert_eq!((rejected.successes, rejected.state), (23, ServiceState::Degraded));
}

#[test]
fn a_request_that_never_reached_a_service_is_not_recorded() {
    let monitor = HealthMonitor::default();
    monitor.record_flight("elsewhere.example", at(0), ms(1), Err(&FetchError::HostNotAllowed));
    monitor.record_flight(HOST, at(0), ms(1), Err(&FetchError::MissingApiKey));
    assert!(monitor.lock().hosts.is_empty());
}

#[test]
fn the_number_of_hosts_and_changes_is_bounded() {
    let monitor = HealthMonitor::default();
    for number in 0..2 * MAX_HOSTS {
        monitor.record_flight(&format!("{number}.example"), at(0), ms(1), Ok(()));
    }
    assert_eq!(monitor.lock().hosts.len(), MAX_HOSTS);
    for minute in 0..300 {
        monitor.mark_down("0.example", at(minute), &FetchError::Timeout, at(minute));
        monitor.mark_up("0.example", at(minute));
    }
    let changes = monitor.state_changes();
    assert_eq!((changes.len(), changes[0].at), (MAX_STATE_CHANGES, at(299)));
}

fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("health.json")
}

#[test]
fn health_survives_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let before = HealthMonitor::default();
    before.persist_to(&file(&folder));
    before.record_flight(HOST, at(0), ms(80), Ok(()));
    before.save(false);
    assert!(!file(&folder).exists(), "statistics alone are not written");
    before.mark_down(HOST, at(2), &FetchError::Unreadable("quoted text".to_owned()), at(3));
    before.save(false);
    let text = std::fs::read_to_string(file(&folder)).expect("health.json");
    assert!(!text.contains("quoted text"), "{text}");

    let after = HealthMonitor::default();
    after.persist_to(&file(&folder));
    assert_eq!(health(&after, at(4)), health(&before, at(4)));
    assert_eq!(after.state_changes(), before.state_changes());
    after.record_flight(HOST, at(5), ms(9), Err(&FetchError::Timeout));
    assert_eq!(health(&after, at(5)).state, ServiceState::Down(at(3)));
    after.record_flight(HOST, at(6), ms(80), Ok(()));
    assert_eq!(
        health(&after, at(6)).state,
        ServiceState::Up,
        "no breaker of this process reports it"
    );
    assert_eq!(
        (after.state_changes()[0].at, after.state_changes()[0].down_since),
        (at(6), Some(at(2)))
    );
}

#[test]
fn an_unreadable_file_starts_empty_and_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(file(&folder), "{\"hosts\": {").expect("written");
    let monitor = HealthMonitor::default();
    monitor.persist_to(&file(&folder));
    assert!(monitor.state_changes().is_empty());
    monitor.mark_down(HOST, at(2), &FetchError::Timeout, at(3));
    monitor.save(false);
    let reloaded = HealthMonitor::default();
    reloaded.persist_to(&file(&folder));
    assert_eq!(reloaded.state_changes().len(), 1);
}
