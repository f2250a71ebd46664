//! What a host is asked to bear.

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
    CachePolicy, FetchError, HostLimits, Lookup, Policy, RequestOptions, ServiceState, Staleness,
};
use voordeur_widget_api::{Limits, Request};

use super::scripted::{Log, Scripted, Seen};
use super::{HOST, hosts, request};

const AT_ONCE: Duration = Duration::ZERO;

fn patience(host: HostLimits) -> Policy {
    Policy { new_enough: Duration::ZERO, host, ..Policy::default() }
}

fn good(seen: &Seen) -> Response {
    axum::Json(json!({ "call": seen.call })).into_response()
}

fn numbered(number: usize) -> Request {
    request(&format!("number-{number}"))
}

/// An address of a citizen's own, each at another host.
fn site(number: usize) -> Request {
    Request {
        user_supplied_url: true,
        url: format!("https://site-{number}.example/news"),
        ..request("news")
    }
}

#[tokio::test]
async fn a_host_is_asked_no_faster_than_its_rate() {
    let host = HostLimits {
        interval: Duration::from_millis(50),
        burst: 3,
        flights: 100,
        ..HostLimits::default()
    };
    let service = Scripted::new(patience(host), |seen| (AT_ONCE, good(seen))).await;
    let began = Instant::now();
    let requests: Vec<Request> = (0..11).map(numbered).collect();
    let asks =
        requests.iter().map(|request| service.get(request, CachePolicy::StaleWhileRevalidate));
    join_all(asks).await;
    let mut times: Vec<Duration> =
        service.seen().iter().map(|seen| seen.at.duration_since(began)).collect();
    times.sort();
    assert_eq!(times.len(), 11);
    // What is counted is when a flight starts; it arrives after that.
    for (number, time) in times.iter().enumerate().skip(3) {
        let earliest = Duration::from_millis(50) * (number as u32 - 2);
        assert!(*time >= earliest, "number {number} came after {time:?}");
    }
}

#[tokio::test]
async fn a_manifest_can_ask_for_a_slower_rate_also_while_the_server_runs() {
    let host = HostLimits { interval: Duration::from_millis(1), ..HostLimits::default() };
    let service = Scripted::new(patience(host), |seen| (AT_ONCE, good(seen))).await;
    let wants_less = Arc::new(AtomicBool::new(false));
    let follow = Arc::clone(&wants_less);
    service.upstream.follow_limits(move |host| match follow.load(Ordering::SeqCst) {
        true if host == HOST => {
            Limits { per_second: Some(4.0), burst: Some(1), concurrent: Some(1) }
        }
        _ => Limits::default(),
    });
    service.get(&numbered(0), CachePolicy::StaleWhileRevalidate).await;
    wants_less.store(true, Ordering::SeqCst);
    let began = Instant::now();
    let requests: Vec<Request> = (1..5).map(numbered).collect();
    join_all(
        requests.iter().map(|request| service.get(request, CachePolicy::StaleWhileRevalidate)),
    )
    .await;
    assert_eq!(service.calls(), 5);
    // The first starts at once, each further one a quarter of a second after the one before it.
    assert!(began.elapsed() >= Duration::from_millis(750), "{:?}", began.elapsed());
    assert_eq!(service.most_under_way(), 1);
}

#[tokio::test]
async fn a_host_has_only_so_many_flights_at_once() {
    let host = HostLimits { flights: 2, ..HostLimits::default() };
    let takes = Duration::from_millis(40);
    let service = Scripted::new(patience(host), move |seen| (takes, good(seen))).await;
    let requests: Vec<Request> = (0..9).map(numbered).collect();
    join_all(
        requests.iter().map(|request| service.get(request, CachePolicy::StaleWhileRevalidate)),
    )
    .await;
    assert_eq!((service.calls(), service.most_under_way()), (9, 2));
}

#[tokio::test]
async fn many_cards_of_many_citizens_are_one_call_for_each_request() {
    let takes = Duration::from_millis(50);
    let service = Scripted::new(Policy::default(), move |seen| (takes, good(seen))).await;
    let asks = (0..2_000).map(|citizen| {
        let upstream = Arc::clone(&service.upstream);
        tokio::spawn(async move {
            upstream.ask(&hosts(), &numbered(citizen % 10), CachePolicy::StaleWhileRevalidate).await
        })
    });
    for ask in asks.collect::<Vec<_>>() {
        ask.await.expect("no panic").expect("an answer");
    }
    let asked: BTreeSet<String> = service.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!((service.calls(), asked.len()), (10, 10));
}

#[tokio::test]
async fn a_host_that_fails_is_left_to_rest_and_one_flight_tries_whether_it_is_back() {
    let log = Log::of_this_thread();
    let recorder = PrometheusBuilder::new().build_recorder();
    let _recorded = metrics::set_default_local_recorder(&recorder);
    let host = HostLimits {
        failures: 3,
        first_rest: Duration::from_millis(400),
        longest_rest: Duration::from_millis(400),
        ..HostLimits::default()
    };
    let is_well = Arc::new(AtomicBool::new(false));
    let well = Arc::clone(&is_well);
    let service = Scripted::new(patience(host), move |seen| {
        if well.load(Ordering::SeqCst) {
            (Duration::from_millis(100), good(seen))
        } else {
            (AT_ONCE, StatusCode::BAD_GATEWAY.into_response())
        }
    })
    .await;
    let ask = async |number| {
        service.upstream.ask(&hosts(), &numbered(number), CachePolicy::StaleWhileRevalidate).await
    };

    for number in 0..20 {
        assert_eq!(ask(number).await.err(), Some(FetchError::Broken(502)), "{number}");
    }
    assert_eq!(service.calls(), 3, "then it rests");
    let until = service.upstream.resting_until(HOST).expect("it rests");
    assert!(until > Timestamp::now());
    let state = || service.upstream.health().of(HOST).expect("it was asked").state;
    assert_eq!(state(), ServiceState::Down(until));
    assert_eq!(log.lines_with("a service went down").len(), 1);
    let rendered = recorder.handle().render();
    assert!(rendered.contains(r#"voordeur_service_open{host="service.example"} 1"#), "{rendered}");

    // It is still unwell when its rest is over: one flight finds out, and it rests again.
    tokio::time::sleep(Duration::from_millis(450)).await;
    let failed = join_all((20..26).map(ask)).await;
    assert!(failed.into_iter().all(|got| got.err() == Some(FetchError::Broken(502))));
    assert_eq!(service.calls(), 4);
    assert!(service.upstream.resting_until(HOST).is_some_and(|later| later > until));

    is_well.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(450)).await;
    let first = tokio::spawn({
        let upstream = Arc::clone(&service.upstream);
        async move { upstream.ask(&hosts(), &numbered(30), CachePolicy::StaleWhileRevalidate).await }
    });
    service.until_calls(5).await;
    // These wait for the one that tries, and so does what failed before: its own pause ends with the rest.
    let others = join_all((31..35).map(ask)).await;
    assert!(others.iter().all(Result::is_ok), "{others:?}");
    first.await.expect("no panic").expect("an answer");
    let seen = service.seen();
    let waited = seen[5].at.duration_since(seen[4].at);
    assert!(waited >= Duration::from_millis(100), "the others waited: {waited:?}");
    let again = ask(0).await.expect("asked again at once");
    assert_eq!(again.stale, None);

    assert_eq!(service.upstream.resting_until(HOST), None);
    assert_eq!(state(), ServiceState::Responses);
    let down = log.lines_with("a service went down");
    let returned = log.lines_with("a service has returned");
    assert_eq!((down.len(), returned.len()), (1, 1), "{down:?} {returned:?}");
    for words in ["WARN", "host=\"service.example\"", "reason=answered 502", "since=", "until="] {
        assert!(down[0].contains(words), "{words}: {}", down[0]);
    }
    for words in ["INFO", "host=\"service.example\"", "since="] {
        assert!(returned[0].contains(words), "{words}: {}", returned[0]);
    }
    let single = log.lines_with("did not answer as it should");
    assert!(single.iter().all(|line| line.contains("DEBUG")), "{single:?}");
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
async fn a_host_that_asks_for_a_pause_gets_it() {
    let in_a_while = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(300));
    for (said, least, most) in
        [("120".to_owned(), 110, 120), (in_a_while, 280, 301), ("9999999".to_owned(), 3_590, 3_600)]
    {
        let after = said.clone();
        let service = Scripted::new(patience(HostLimits::default()), move |seen| {
            if seen.path.ends_with("number-1") {
                let pause = [(header::RETRY_AFTER, after.clone())];
                (AT_ONCE, (StatusCode::TOO_MANY_REQUESTS, pause).into_response())
            } else {
                (AT_ONCE, good(seen))
            }
        })
        .await;
        let known = service.get(&numbered(2), CachePolicy::StaleWhileRevalidate).await;
        for number in [1, 3, 1] {
            let got = service.upstream.ask(&hosts(), &numbered(number), CachePolicy::Refresh).await;
            assert_eq!(got.err(), Some(FetchError::RejectionEffect(429)), "{said}");
        }
        // Who has something to look at keeps it.
        let got = service.get(&numbered(2), CachePolicy::Refresh).await;
        assert!(Arc::ptr_eq(&got.known.tree, &known.known.tree));
        assert_eq!(got.stale, Some(Staleness::Failed(FetchError::RejectionEffect(429))));
        assert_eq!(service.calls(), 2, "{said}");
        let until = service.upstream.resting_until(HOST).expect("it rests");
        let rest = until.duration_since(Timestamp::now()).as_secs();
        assert!((least..=most).contains(&rest), "{said}: {rest} s");
    }
}

#[tokio::test]
async fn what_citizens_choose_to_read_closes_no_service_and_is_not_told() {
    let log = Log::of_this_thread();
    let recorder = PrometheusBuilder::new().build_recorder();
    let _recorded = metrics::set_default_local_recorder(&recorder);
    let service = Scripted::new(Policy::default(), |seen| {
        if seen.path.contains("own") {
            (AT_ONCE, StatusCode::INTERNAL_SERVER_ERROR.into_response())
        } else {
            (AT_ONCE, good(seen))
        }
    })
    .await;
    for number in 0..9 {
        let own = Request { user_supplied_url: true, ..request(&format!("own-{number}")) };
        let got = service.upstream.ask(&[], &own, CachePolicy::StaleWhileRevalidate).await;
        assert_eq!(got.err(), Some(FetchError::Broken(500)));
    }
    assert_eq!(service.calls(), 5, "their host is left alone as well");
    assert_eq!(service.upstream.resting_until(HOST), None);
    let rendered = recorder.handle().render();
    assert!(rendered.contains(r#"voordeur_service_flights_total{host="own",outcome="broken"} 5"#));
    assert!(!rendered.contains(HOST), "{rendered}");
    assert_eq!(log.lines_with("a service went down"), [""; 0]);
    // What the HTTP client logs is its own, and is not shown unless an operator asks for it by name.
    let ours = log.lines_with("voordeur::");
    assert!(!ours.is_empty() && ours.iter().all(|line| !line.contains(HOST)), "{ours:?}");
    service.get(&numbered(1), CachePolicy::StaleWhileRevalidate).await;
}

#[tokio::test]
async fn however_many_hosts_citizens_name_only_so_many_flights_go_to_them() {
    let patience = Policy { own_flights: 3, ..Policy::default() };
    let takes = Duration::from_millis(40);
    let service = Scripted::new(patience, move |seen| (takes, good(seen))).await;
    let requests: Vec<Request> = (0..10).map(site).collect();
    let asks = requests
        .iter()
        .map(|request| service.upstream.ask(&[], request, CachePolicy::StaleWhileRevalidate));
    assert!(join_all(asks).await.iter().all(Result::is_ok));
    assert_eq!((service.calls(), service.most_under_way()), (10, 3));
}

#[tokio::test]
async fn who_cannot_get_a_turn_is_told_and_who_has_nothing_goes_first() {
    let host = HostLimits {
        interval: Duration::from_millis(200),
        burst: 1,
        longest_wait: Duration::from_secs(1),
        ..HostLimits::default()
    };
    let service = Scripted::new(patience(host), |seen| (AT_ONCE, good(seen))).await;
    let known = numbered(0);
    service.get(&known, CachePolicy::StaleWhileRevalidate).await;
    // Somebody presses "refresh" on what they can see; after that, another one comes who sees nothing yet.
    let (pressed, came) = (service.get(&known, CachePolicy::Refresh), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        service.get(&numbered(1), CachePolicy::StaleWhileRevalidate).await
    });
    let _ = tokio::join!(pressed, came);
    let order: Vec<String> = service.seen().into_iter().map(|seen| seen.path).collect();
    assert_eq!(order, ["number-0", "number-1", "number-0"].map(|name| format!("/{HOST}/{name}")));

    let requests: Vec<Request> = (10..30).map(numbered).collect();
    let hosts = hosts();
    let asks = requests
        .iter()
        .map(|request| service.upstream.ask(&hosts, request, CachePolicy::StaleWhileRevalidate));
    let got = join_all(asks).await;
    let busy = got.iter().filter(|got| matches!(got, Err(FetchError::Busy))).count();
    assert!(busy >= 13 && got.iter().any(Result::is_ok), "{busy} of {}", got.len());
}

fn asking(client: u8) -> RequestOptions {
    RequestOptions {
        client: Some(IpAddr::from([192, 0, 2, client])),
        ..CachePolicy::StaleWhileRevalidate.into()
    }
}

/// Whoever asks, beside whoever else does.
fn ask_aside(
    service: &Scripted,
    request: Request,
    client: u8,
) -> JoinHandle<Result<Lookup, FetchError>> {
    let upstream = Arc::clone(&service.upstream);
    tokio::spawn(async move { upstream.ask(&hosts(), &request, asking(client)).await })
}

/// Where in the order of calls something was asked for; it was asked for once.
fn asked_at(service: &Scripted, name: &str) -> usize {
    let seen = service.seen();
    let mut asked = seen.iter().enumerate().filter(|(_, seen)| seen.path.ends_with(name));
    let (Some((at, _)), None) = (asked.next(), asked.next()) else { panic!("{name}: not once") };
    at
}

#[tokio::test]
async fn one_client_who_asks_for_much_keeps_no_service_from_others() {
    let host = HostLimits {
        interval: Duration::from_millis(100),
        burst: 1,
        longest_wait: Duration::from_secs(3),
        ..HostLimits::default()
    };
    let service = Scripted::new(patience(host), |seen| (AT_ONCE, good(seen))).await;
    let many: Vec<_> = (0..60).map(|number| ask_aside(&service, numbered(number), 1)).collect();
    // Half of them find no room in the row.
    while many.iter().filter(|ask| ask.is_finished()).count() < 25 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (told, waiting): (Vec<_>, Vec<_>) =
        many.into_iter().enumerate().partition(|(_, ask)| ask.is_finished());
    let mut refused = Vec::new();
    for (number, ask) in told {
        match ask.await.expect("no panic") {
            Ok(_) => {}
            Err(failure) => {
                assert_eq!(failure, FetchError::Busy);
                refused.push(number);
            }
        }
    }
    let (refused, late) = (refused[0], waiting[waiting.len() - 1].0);
    let others = [
        ask_aside(&service, numbered(100), 2),
        ask_aside(&service, numbered(refused), 3),
        ask_aside(&service, numbered(late), 4),
    ];
    for ask in others {
        assert!(ask.await.expect("no panic").is_ok());
    }
    for (_, ask) in waiting {
        // Whom the others kept waiting is the one who asked for so much.
        let got = ask.await.expect("no panic");
        assert!(got.is_ok() || got.as_ref().is_err_and(|failure| *failure == FetchError::Busy));
    }
    let last = service.calls() - 1;
    for number in [100, refused, late] {
        let at = asked_at(&service, &format!("/number-{number}"));
        assert!(at + 5 < last, "{number} was number {at} of {last}");
    }
}

#[tokio::test]
async fn one_client_with_many_hosts_of_its_own_keeps_nobody_from_theirs() {
    let patience = Policy { own_flights: 1, ..Policy::default() };
    let takes = Duration::from_millis(50);
    let service = Scripted::new(patience, move |seen| (takes, good(seen))).await;
    let many: Vec<_> = (0..40).map(|number| ask_aside(&service, site(number), 1)).collect();
    service.until_calls(1).await;
    let other = ask_aside(&service, site(100), 2);
    for ask in many.into_iter().chain([other]) {
        assert!(ask.await.expect("no panic").is_ok());
    }
    let at = asked_at(&service, "/site-100.example/news");
    assert!(at + 5 < service.calls(), "it was number {at}");
}

#[tokio::test]
async fn who_sends_us_to_another_host_makes_us_ask_it_no_faster() {
    let host = HostLimits {
        interval: Duration::from_millis(50),
        burst: 3,
        flights: 100,
        ..HostLimits::default()
    };
    let service = Scripted::new(patience(host), |seen| match seen.path.contains("site-") {
        true => (AT_ONCE, Redirect::temporary("https://victim.example/news").into_response()),
        false => (AT_ONCE, good(seen)),
    })
    .await;
    let began = Instant::now();
    let requests: Vec<Request> = (0..11).map(site).collect();
    let asks = requests
        .iter()
        .map(|request| service.upstream.ask(&[], request, CachePolicy::StaleWhileRevalidate));
    assert!(join_all(asks).await.iter().all(Result::is_ok));
    let seen = service.seen();
    let victim = seen.iter().filter(|seen| seen.path.starts_with("/victim.example"));
    let mut times: Vec<Duration> = victim.map(|seen| seen.at.duration_since(began)).collect();
    times.sort();
    assert_eq!((seen.len(), times.len()), (22, 11));
    for (number, time) in times.iter().enumerate().skip(3) {
        let earliest = Duration::from_millis(50) * (number as u32 - 2);
        assert!(*time >= earliest, "number {number} came after {time:?}");
    }
}

#[tokio::test]
async fn a_host_that_sends_us_on_to_what_fails_rests_and_one_that_sends_us_elsewhere_does_not() {
    let host = HostLimits { failures: 3, ..HostLimits::default() };
    let other = "other.example";
    let service = Scripted::new(patience(host), move |seen| {
        let to = |url: String| Redirect::temporary(&url).into_response();
        let answer = match seen.path.rsplit('/').next() {
            Some("moved") => to(format!("https://{HOST}/gone")),
            Some("away") => to(format!("https://{other}/gone")),
            _ => StatusCode::BAD_GATEWAY.into_response(),
        };
        (AT_ONCE, answer)
    })
    .await;
    let both = [HOST.to_owned(), other.to_owned()];
    let ask = async |kind: &str, number: usize| {
        let request = Request { id: number.to_string(), ..request(&format!("{kind}?{number}")) };
        service.upstream.ask(&both, &request, CachePolicy::StaleWhileRevalidate).await.err()
    };
    for number in 0..4 {
        assert_eq!(ask("away", number).await, Some(FetchError::Broken(502)));
    }
    assert!(service.upstream.resting_until(other).is_some());
    assert_eq!(service.upstream.resting_until(HOST), None, "it answered each time");
    // The other one rests: it was asked three times.
    assert_eq!(service.calls(), 7);
    for number in 0..4 {
        assert_eq!(ask("moved", number).await, Some(FetchError::Broken(502)));
    }
    assert!(service.upstream.resting_until(HOST).is_some());
    assert_eq!(service.calls(), 7 + 6);
}
