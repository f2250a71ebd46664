//! Rate limits, queues and circuit breakers.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use futures::future::join_all;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::json;
use tokio::task::JoinHandle;
use voordeur_upstream::{
    CachePolicy, FetchError, HostLimits, HostPolicy, Lookup, Policy, RequestOptions, ServiceState,
    Staleness,
};
use voordeur_widget_api::{Limits, Request};

use super::scripted::{Log, ReceivedRequest, Scripted};
use super::{HOST, hosts, request};

const NO_DELAY: Duration = Duration::ZERO;

fn policy(host: HostLimits) -> Policy {
    Policy { min_refresh_age: Duration::ZERO, host, ..Policy::default() }
}

fn ok_response(received: &ReceivedRequest) -> Response {
    axum::Json(json!({ "call": received.call })).into_response()
}

fn numbered(number: usize) -> Request {
    request(&format!("number-{number}"))
}

/// A citizen-given address, each at another host.
fn citizen_site(number: usize) -> Request {
    Request {
        user_supplied_url: true,
        url: format!("https://site-{number}.example/news"),
        ..request("news")
    }
}

#[tokio::test]
async fn requests_to_a_host_keep_to_its_rate() {
    let host = HostLimits {
        interval: Duration::from_millis(50),
        burst: 3,
        flights: 100,
        ..HostLimits::default()
    };
    let service = Scripted::new(policy(host), |received| (NO_DELAY, ok_response(received))).await;
    let start = Instant::now();
    let requests: Vec<Request> = (0..11).map(numbered).collect();
    let fetches =
        requests.iter().map(|request| service.fetch(request, CachePolicy::StaleWhileRevalidate));
    join_all(fetches).await;
    let mut times: Vec<Duration> =
        service.received().iter().map(|received| received.at.duration_since(start)).collect();
    times.sort();
    assert_eq!(times.len(), 11);
    // The limit is on the start of a flight; the request arrives a little later.
    for (number, time) in times.iter().enumerate().skip(3) {
        let earliest = Duration::from_millis(50) * (number as u32 - 2);
        assert!(*time >= earliest, "number {number} came after {time:?}");
    }
}

/// No limits until the catalogue changes, and low ones for `HOST` after that.
#[derive(Default)]
struct ChangingLimits {
    are_lowered: AtomicBool,
}

impl HostPolicy for ChangingLimits {
    fn hosts_of_widget(&self, _widget: &str) -> Option<Vec<String>> {
        Some(hosts())
    }

    fn limits_of_host(&self, host: &str) -> Limits {
        if host == HOST && self.are_lowered.load(Ordering::SeqCst) {
            Limits { per_second: Some(4.0), burst: Some(1), concurrent: Some(1) }
        } else {
            Limits::default()
        }
    }
}

#[tokio::test]
async fn a_manifest_can_lower_the_rate_while_the_server_runs() {
    let host = HostLimits { interval: Duration::from_millis(1), ..HostLimits::default() };
    let host_policy = Arc::new(ChangingLimits::default());
    let service = Scripted::with_host_policy(policy(host), host_policy.clone(), |received| {
        (NO_DELAY, ok_response(received))
    })
    .await;
    service.fetch(&numbered(0), CachePolicy::StaleWhileRevalidate).await;
    host_policy.are_lowered.store(true, Ordering::SeqCst);
    let start = Instant::now();
    let requests: Vec<Request> = (1..5).map(numbered).collect();
    join_all(
        requests.iter().map(|request| service.fetch(request, CachePolicy::StaleWhileRevalidate)),
    )
    .await;
    assert_eq!(service.calls(), 5);
    // The first starts at once, each further one 250 ms after the previous one.
    assert!(start.elapsed() >= Duration::from_millis(750), "{:?}", start.elapsed());
    assert_eq!(service.max_in_flight(), 1);
}

#[tokio::test]
async fn flights_in_progress_to_a_host_are_limited() {
    let host = HostLimits { flights: 2, ..HostLimits::default() };
    let delay = Duration::from_millis(40);
    let service = Scripted::new(policy(host), move |received| (delay, ok_response(received))).await;
    let requests: Vec<Request> = (0..9).map(numbered).collect();
    join_all(
        requests.iter().map(|request| service.fetch(request, CachePolicy::StaleWhileRevalidate)),
    )
    .await;
    assert_eq!((service.calls(), service.max_in_flight()), (9, 2));
}

#[tokio::test]
async fn many_cards_of_many_citizens_cause_one_call_per_request() {
    let delay = Duration::from_millis(50);
    let service =
        Scripted::new(Policy::default(), move |received| (delay, ok_response(received))).await;
    let fetches = (0..2_000).map(|citizen| {
        let upstream = Arc::clone(&service.upstream);
        tokio::spawn(async move {
            upstream
                .fetch(&hosts(), &numbered(citizen % 10), CachePolicy::StaleWhileRevalidate)
                .await
        })
    });
    for fetch in fetches.collect::<Vec<_>>() {
        fetch.await.expect("no panic").expect("a response");
    }
    let asked: BTreeSet<String> =
        service.received().into_iter().map(|received| received.path).collect();
    assert_eq!((service.calls(), asked.len()), (10, 10));
}

#[tokio::test]
async fn a_failing_host_is_left_alone_and_one_flight_probes_whether_it_is_back() {
    let log = Log::of_this_thread();
    let recorder = PrometheusBuilder::new().build_recorder();
    let _recorded = metrics::set_default_local_recorder(&recorder);
    let host = HostLimits {
        failures: 3,
        first_open_time: Duration::from_millis(400),
        max_open_time: Duration::from_millis(400),
        ..HostLimits::default()
    };
    let is_healthy = Arc::new(AtomicBool::new(false));
    let healthy = Arc::clone(&is_healthy);
    let service = Scripted::new(policy(host), move |received| {
        if healthy.load(Ordering::SeqCst) {
            (Duration::from_millis(100), ok_response(received))
        } else {
            (NO_DELAY, StatusCode::BAD_GATEWAY.into_response())
        }
    })
    .await;
    let fetch = async |number| {
        service.upstream.fetch(&hosts(), &numbered(number), CachePolicy::StaleWhileRevalidate).await
    };

    for number in 0..20 {
        assert_eq!(fetch(number).await.err(), Some(FetchError::ServerError(502)), "{number}");
    }
    assert_eq!(service.calls(), 3, "then the breaker is open");
    let until = service.upstream.open_until(HOST).expect("the breaker is open");
    assert!(until > Timestamp::now());
    let state = || service.upstream.health().get(HOST).expect("recorded").state;
    assert_eq!(state(), ServiceState::Down(until));
    assert_eq!(log.lines_with("service down").len(), 1);
    let rendered = recorder.handle().render();
    assert!(rendered.contains(r#"voordeur_service_open{host="service.example"} 1"#), "{rendered}");

    // It still fails when the open time is over: one probe shows it, and the breaker opens again.
    tokio::time::sleep(Duration::from_millis(450)).await;
    let failed = join_all((20..26).map(fetch)).await;
    assert!(failed.into_iter().all(|lookup| lookup.err() == Some(FetchError::ServerError(502))));
    assert_eq!(service.calls(), 4);
    assert!(service.upstream.open_until(HOST).is_some_and(|later| later > until));

    is_healthy.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(450)).await;
    let first = tokio::spawn({
        let upstream = Arc::clone(&service.upstream);
        async move { upstream.fetch(&hosts(), &numbered(30), CachePolicy::StaleWhileRevalidate).await }
    });
    service.until_calls(5).await;
    // These wait for the probe. A request that failed before is retried at once after it.
    let others = join_all((31..35).map(fetch)).await;
    assert!(others.iter().all(Result::is_ok), "{others:?}");
    first.await.expect("no panic").expect("a response");
    let received = service.received();
    let waited = received[5].at.duration_since(received[4].at);
    assert!(waited >= Duration::from_millis(100), "the others waited for the probe: {waited:?}");
    let again = fetch(0).await.expect("retried at once");
    assert_eq!(again.stale, None);

    assert_eq!(service.upstream.open_until(HOST), None);
    assert_eq!(state(), ServiceState::Up);
    let down = log.lines_with("service down");
    let recovered = log.lines_with("service recovered");
    assert_eq!((down.len(), recovered.len()), (1, 1), "{down:?} {recovered:?}");
    for words in ["WARN", "host=\"service.example\"", "reason=status 502", "since=", "until="] {
        assert!(down[0].contains(words), "{words}: {}", down[0]);
    }
    for words in ["INFO", "host=\"service.example\"", "since="] {
        assert!(recovered[0].contains(words), "{words}: {}", recovered[0]);
    }
    let failed = log.lines_with("request failed");
    assert!(failed.iter().all(|line| line.contains("DEBUG")), "{failed:?}");
    let rendered = recorder.handle().render();
    for line in [
        r#"voordeur_service_open{host="service.example"} 0"#,
        r#"voordeur_service_flights_total{host="service.example",outcome="broken"} 4"#,
        r#"voordeur_service_flights_total{host="service.example",outcome="new"} 6"#,
        r#"voordeur_service_flight_seconds_count{host="service.example"} 10"#,
    ] {
        assert!(rendered.contains(line), "{line}: {rendered}");
    }
}

#[tokio::test]
async fn retry_after_is_honoured() {
    let in_300_seconds = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(300));
    for (said, least, most) in [
        ("120".to_owned(), 110, 120),
        (in_300_seconds, 280, 301),
        ("9999999".to_owned(), 3_590, 3_600),
    ] {
        let after = said.clone();
        let service = Scripted::new(policy(HostLimits::default()), move |received| {
            if received.path.ends_with("number-1") {
                let pause = [(header::RETRY_AFTER, after.clone())];
                (NO_DELAY, (StatusCode::TOO_MANY_REQUESTS, pause).into_response())
            } else {
                (NO_DELAY, ok_response(received))
            }
        })
        .await;
        let response = service.fetch(&numbered(2), CachePolicy::StaleWhileRevalidate).await;
        for number in [1, 3, 1] {
            let lookup =
                service.upstream.fetch(&hosts(), &numbered(number), CachePolicy::Refresh).await;
            assert_eq!(lookup.err(), Some(FetchError::Rejected(429)), "{said}");
        }
        // A stale response is still served.
        let lookup = service.fetch(&numbered(2), CachePolicy::Refresh).await;
        assert!(Arc::ptr_eq(&lookup.response.tree, &response.response.tree));
        assert_eq!(lookup.stale, Some(Staleness::Failed(FetchError::Rejected(429))));
        assert_eq!(service.calls(), 2, "{said}");
        let until = service.upstream.open_until(HOST).expect("the breaker is open");
        let rest = until.duration_since(Timestamp::now()).as_secs();
        assert!((least..=most).contains(&rest), "{said}: {rest} s");
    }
}

#[tokio::test]
async fn failing_citizen_given_hosts_open_no_breaker_of_a_service_and_are_not_recorded() {
    let log = Log::of_this_thread();
    let recorder = PrometheusBuilder::new().build_recorder();
    let _recorded = metrics::set_default_local_recorder(&recorder);
    let service = Scripted::new(Policy::default(), |received| {
        if received.path.contains("own") {
            (NO_DELAY, StatusCode::INTERNAL_SERVER_ERROR.into_response())
        } else {
            (NO_DELAY, ok_response(received))
        }
    })
    .await;
    for number in 0..9 {
        let own = Request { user_supplied_url: true, ..request(&format!("own-{number}")) };
        let lookup = service.upstream.fetch(&[], &own, CachePolicy::StaleWhileRevalidate).await;
        assert_eq!(lookup.err(), Some(FetchError::ServerError(500)));
    }
    assert_eq!(service.calls(), 5, "their own breaker is open");
    assert_eq!(service.upstream.open_until(HOST), None);
    let rendered = recorder.handle().render();
    assert!(rendered.contains(r#"voordeur_service_flights_total{host="own",outcome="broken"} 5"#));
    assert!(!rendered.contains(HOST), "{rendered}");
    assert_eq!(log.lines_with("service down"), [""; 0]);
    // The HTTP client has its own log target, which is off by default.
    let ours = log.lines_with("voordeur_upstream");
    assert!(!ours.is_empty() && ours.iter().all(|line| !line.contains(HOST)), "{ours:?}");
    service.fetch(&numbered(1), CachePolicy::StaleWhileRevalidate).await;
}

#[tokio::test]
async fn flights_in_progress_to_all_citizen_given_hosts_together_are_limited() {
    let policy = Policy { citizen_flights: 3, ..Policy::default() };
    let delay = Duration::from_millis(40);
    let service = Scripted::new(policy, move |received| (delay, ok_response(received))).await;
    let requests: Vec<Request> = (0..10).map(citizen_site).collect();
    let fetches = requests
        .iter()
        .map(|request| service.upstream.fetch(&[], request, CachePolicy::StaleWhileRevalidate));
    assert!(join_all(fetches).await.iter().all(Result::is_ok));
    assert_eq!((service.calls(), service.max_in_flight()), (10, 3));
}

#[tokio::test]
async fn a_full_queue_is_an_error_and_a_card_with_nothing_to_show_goes_first() {
    let host = HostLimits {
        interval: Duration::from_millis(200),
        burst: 1,
        max_wait: Duration::from_secs(1),
        ..HostLimits::default()
    };
    let service = Scripted::new(policy(host), |received| (NO_DELAY, ok_response(received))).await;
    let response = numbered(0);
    service.fetch(&response, CachePolicy::StaleWhileRevalidate).await;
    // A citizen refreshes a card that has a response; then another fetches for one that is not
    // cached.
    let (refresh, uncached) = (service.fetch(&response, CachePolicy::Refresh), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        service.fetch(&numbered(1), CachePolicy::StaleWhileRevalidate).await
    });
    let _ = tokio::join!(refresh, uncached);
    let order: Vec<String> = service.received().into_iter().map(|received| received.path).collect();
    assert_eq!(order, ["number-0", "number-1", "number-0"].map(|name| format!("/{HOST}/{name}")));

    let requests: Vec<Request> = (10..30).map(numbered).collect();
    let hosts = hosts();
    let fetches = requests
        .iter()
        .map(|request| service.upstream.fetch(&hosts, request, CachePolicy::StaleWhileRevalidate));
    let lookup = join_all(fetches).await;
    let busy = lookup.iter().filter(|lookup| matches!(lookup, Err(FetchError::Busy))).count();
    assert!(busy >= 13 && lookup.iter().any(Result::is_ok), "{busy} of {}", lookup.len());
}

fn options(client: u8) -> RequestOptions {
    RequestOptions {
        client: Some(IpAddr::from([192, 0, 2, client])),
        ..CachePolicy::StaleWhileRevalidate.into()
    }
}

/// Starts a request of a client in a task of its own.
fn spawn_fetch(
    service: &Scripted,
    request: Request,
    client: u8,
) -> JoinHandle<Result<Lookup, FetchError>> {
    let upstream = Arc::clone(&service.upstream);
    tokio::spawn(async move { upstream.fetch(&hosts(), &request, options(client)).await })
}

/// The index of the only call for a path.
fn call_index(service: &Scripted, name: &str) -> usize {
    let received = service.received();
    let mut asked =
        received.iter().enumerate().filter(|(_, received)| received.path.ends_with(name));
    let (Some((at, _)), None) = (asked.next(), asked.next()) else { panic!("{name}: not once") };
    at
}

#[tokio::test]
async fn a_client_with_many_requests_does_not_keep_a_service_from_others() {
    let host = HostLimits {
        interval: Duration::from_millis(100),
        burst: 1,
        max_wait: Duration::from_secs(3),
        ..HostLimits::default()
    };
    let service = Scripted::new(policy(host), |received| (NO_DELAY, ok_response(received))).await;
    let many: Vec<_> = (0..60).map(|number| spawn_fetch(&service, numbered(number), 1)).collect();
    // Half of them do not fit into the queue.
    while many.iter().filter(|fetch| fetch.is_finished()).count() < 25 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (finished, waiting): (Vec<_>, Vec<_>) =
        many.into_iter().enumerate().partition(|(_, fetch)| fetch.is_finished());
    let mut rejected = Vec::new();
    for (number, fetch) in finished {
        match fetch.await.expect("no panic") {
            Ok(_) => {}
            Err(error) => {
                assert_eq!(error, FetchError::Busy);
                rejected.push(number);
            }
        }
    }
    let (rejected, late) = (rejected[0], waiting[waiting.len() - 1].0);
    let others = [
        spawn_fetch(&service, numbered(100), 2),
        spawn_fetch(&service, numbered(rejected), 3),
        spawn_fetch(&service, numbered(late), 4),
    ];
    for fetch in others {
        assert!(fetch.await.expect("no panic").is_ok());
    }
    for (_, fetch) in waiting {
        // The delay hits the client with many requests: some of its own may time out in the queue.
        let lookup = fetch.await.expect("no panic");
        assert!(lookup.is_ok() || lookup.as_ref().is_err_and(|error| *error == FetchError::Busy));
    }
    let last = service.calls() - 1;
    for number in [100, rejected, late] {
        let at = call_index(&service, &format!("/number-{number}"));
        assert!(at + 5 < last, "{number} was number {at} of {last}");
    }
}

#[tokio::test]
async fn a_client_with_many_citizen_given_hosts_does_not_delay_another() {
    let policy = Policy { citizen_flights: 1, ..Policy::default() };
    let delay = Duration::from_millis(50);
    let service = Scripted::new(policy, move |received| (delay, ok_response(received))).await;
    let many: Vec<_> =
        (0..40).map(|number| spawn_fetch(&service, citizen_site(number), 1)).collect();
    service.until_calls(1).await;
    let other = spawn_fetch(&service, citizen_site(100), 2);
    for fetch in many.into_iter().chain([other]) {
        assert!(fetch.await.expect("no panic").is_ok());
    }
    let at = call_index(&service, "/site-100.example/news");
    assert!(at + 5 < service.calls(), "it was number {at}");
}

#[tokio::test]
async fn redirects_to_another_host_keep_to_the_rate_of_that_host() {
    let host = HostLimits {
        interval: Duration::from_millis(50),
        burst: 3,
        flights: 100,
        ..HostLimits::default()
    };
    let service = Scripted::new(policy(host), |received| match received.path.contains("site-") {
        true => (NO_DELAY, Redirect::temporary("https://victim.example/news").into_response()),
        false => (NO_DELAY, ok_response(received)),
    })
    .await;
    let start = Instant::now();
    let requests: Vec<Request> = (0..11).map(citizen_site).collect();
    let fetches = requests
        .iter()
        .map(|request| service.upstream.fetch(&[], request, CachePolicy::StaleWhileRevalidate));
    assert!(join_all(fetches).await.iter().all(Result::is_ok));
    let received = service.received();
    let victim = received.iter().filter(|received| received.path.starts_with("/victim.example"));
    let mut times: Vec<Duration> =
        victim.map(|received| received.at.duration_since(start)).collect();
    times.sort();
    assert_eq!((received.len(), times.len()), (22, 11));
    for (number, time) in times.iter().enumerate().skip(3) {
        let earliest = Duration::from_millis(50) * (number as u32 - 2);
        assert!(*time >= earliest, "number {number} came after {time:?}");
    }
}

#[tokio::test]
async fn a_redirect_to_a_failing_resource_counts_against_the_host_that_serves_it() {
    let host = HostLimits { failures: 3, ..HostLimits::default() };
    let other = "other.example";
    let service = Scripted::new(policy(host), move |received| {
        let to = |url: String| Redirect::temporary(&url).into_response();
        let response = match received.path.rsplit('/').next() {
            Some("moved") => to(format!("https://{HOST}/gone")),
            Some("away") => to(format!("https://{other}/gone")),
            _ => StatusCode::BAD_GATEWAY.into_response(),
        };
        (NO_DELAY, response)
    })
    .await;
    let both = [HOST.to_owned(), other.to_owned()];
    let fetch = async |kind: &str, number: usize| {
        let request = Request { id: number.to_string(), ..request(&format!("{kind}?{number}")) };
        service.upstream.fetch(&both, &request, CachePolicy::StaleWhileRevalidate).await.err()
    };
    for number in 0..4 {
        assert_eq!(fetch("away", number).await, Some(FetchError::ServerError(502)));
    }
    assert!(service.upstream.open_until(other).is_some());
    assert_eq!(service.upstream.open_until(HOST), None, "it redirected each time");
    // The breaker of the other host is open after three calls.
    assert_eq!(service.calls(), 7);
    for number in 0..4 {
        assert_eq!(fetch("moved", number).await, Some(FetchError::ServerError(502)));
    }
    assert!(service.upstream.open_until(HOST).is_some());
    assert_eq!(service.calls(), 7 + 6);
}
