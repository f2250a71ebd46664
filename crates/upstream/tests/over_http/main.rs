//! The hub against a service over real HTTP that is slow, wrong, huge or broken.

mod http_cache;
mod rate_limiting;
mod refreshing;
mod scripted;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use futures::stream;
use serde_json::json;
use voordeur_upstream::{
    CachePolicy, FetchError, Policy, RejectionEffect, Source, Staleness, Upstream,
};
use voordeur_widget_api::{ApiKeyLocation, ApiKeyUse, Format, Method, Request};

const HOST: &str = "service.example";
/// Named by no manifest of the catalogue; only the test of redirects allows it.
const OTHER_HOST: &str = "other.example";
const SECRET: &str = "s3cret";

/// A stand-in for a service, and a hub that asks it.
struct Bench {
    upstream: Arc<Upstream>,
    calls: Arc<AtomicUsize>,
    folder: PathBuf,
    gateway: String,
}

impl Bench {
    async fn new() -> Self {
        let calls = Arc::new(AtomicUsize::new(0));
        let service = Router::new()
            .route("/service.example/{kind}", any(answer))
            .route("/other.example/{kind}", any(answer))
            .with_state(Arc::clone(&calls));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let mut name = [0; 8];
        getrandom::fill(&mut name).expect("randomness");
        let folder =
            std::env::temp_dir().join(format!("voordeur-hub-{}", u64::from_ne_bytes(name)));
        let upstream = upstream(&gateway, &folder);
        Bench { upstream, calls, folder, gateway }
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn upstream(gateway: &str, folder: &std::path::Path) -> Arc<Upstream> {
    scripted::Log::install();
    // Fails only when it was installed by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let source = format!("gateway={gateway}").parse::<Source>().expect("a source");
    let patience = Policy {
        flight: Duration::from_millis(600),
        pause_after_failure: Duration::from_millis(200),
        new_enough: Duration::ZERO,
        ..Policy::default()
    };
    let keys = [("VOORDEUR_KEY_TEST".to_owned(), SECRET.to_owned())].into_iter().collect();
    Upstream::new(source, folder, None, keys, patience).expect("a hub")
}

async fn answer(
    State(calls): State<Arc<AtomicUsize>>,
    Path(kind): Path<String>,
    headers: axum::http::HeaderMap,
    uri: axum::http::Uri,
) -> Response {
    let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
    match kind.as_str() {
        "good" => axum::Json(json!({ "call": call })).into_response(),
        "brief" => {
            tokio::time::sleep(Duration::from_millis(150)).await;
            axum::Json(json!({ "call": call })).into_response()
        }
        "once" if call == 1 => axum::Json(json!({ "call": call })).into_response(),
        "once" | "broken" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        "slow" => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            StatusCode::OK.into_response()
        }
        "html" => axum::response::Html("<h1>Onderhoud</h1>").into_response(),
        "huge" => {
            let chunk = Bytes::from(vec![b' '; 64 * 1024]);
            Body::from_stream(stream::repeat_with(move || Ok::<_, std::io::Error>(chunk.clone())))
                .into_response()
        }
        "drop" => {
            let pieces = [Ok(Bytes::from("{\"a\":")), Err(std::io::Error::other("gone"))];
            Body::from_stream(stream::iter(pieces)).into_response()
        }
        "circle" => (StatusCode::FOUND, [(header::LOCATION, "https://service.example/circle")])
            .into_response(),
        "elsewhere" => {
            (StatusCode::FOUND, [(header::LOCATION, "http://127.0.0.1/secret")]).into_response()
        }
        "guarded" => {
            let given = headers.get("x-key").and_then(|key| key.to_str().ok());
            let asked = uri.query().unwrap_or_default();
            axum::Json(json!({ "header": given, "query": asked })).into_response()
        }
        "guarded-elsewhere" => {
            (StatusCode::FOUND, [(header::LOCATION, "https://other.example/guarded")])
                .into_response()
        }
        "site" => axum::response::Html(
            "<html><head><link rel='alternate' type='application/rss+xml' href='/news'></head><body>News</body></html>",
        )
        .into_response(),
        "site-of-trap" => axum::response::Html(
            "<html><head><link rel='alternate' type='application/rss+xml' href='http://169.254.169.254/news'></head></html>",
        )
        .into_response(),
        "news" => {
            "<rss version='2.0'><channel><title>Nieuws</title><item><title>Markt</title></item></channel></rss>"
                .into_response()
        }
        "moved" => (StatusCode::FOUND, [(header::LOCATION, "/good")]).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn request(kind: &str) -> Request {
    Request {
        widget: "test".to_owned(),
        id: "test".to_owned(),
        nth: 0,
        method: Method::Get,
        url: format!("https://{HOST}/{kind}"),
        headers: Vec::new(),
        body: None,
        format: Format::Json,
        max_age: Duration::from_secs(60),
        max_bytes: 100_000,
        optional: false,
        stale_key: None,
        user_supplied_url: false,
        key: None,
        personal: false,
    }
}

fn hosts() -> Vec<String> {
    vec![HOST.to_owned()]
}

async fn failure(bench: &Bench, kind: &str) -> FetchError {
    bench
        .upstream
        .ask(&hosts(), &request(kind), CachePolicy::StaleWhileRevalidate)
        .await
        .expect_err("a failure")
}

#[tokio::test]
async fn every_fault_is_told_apart() {
    let bench = Bench::new().await;
    assert_eq!(failure(&bench, "slow").await, FetchError::Slow);
    assert_eq!(failure(&bench, "broken").await, FetchError::Broken(500));
    assert_eq!(failure(&bench, "absent").await, FetchError::RejectionEffect(404));
    assert!(matches!(failure(&bench, "html").await, FetchError::Unreadable(_)));
    assert_eq!(failure(&bench, "huge").await, FetchError::TooLarge(100_000));
    assert_eq!(failure(&bench, "drop").await, FetchError::Unreachable);
    assert_eq!(failure(&bench, "circle").await, FetchError::SentAround);
}

#[tokio::test]
async fn only_declared_hosts_are_asked_also_after_a_redirect() {
    let bench = Bench::new().await;
    assert_eq!(failure(&bench, "elsewhere").await, FetchError::ForeignHost);
    let asked = bench.calls();
    let mut foreign = request("good");
    foreign.url = "https://other.example/good".to_owned();
    let refused = bench.upstream.ask(&hosts(), &foreign, CachePolicy::StaleWhileRevalidate).await;
    assert_eq!(refused.expect_err("refused"), FetchError::ForeignHost);
    assert_eq!(bench.calls(), asked, "nothing was asked");
    let moved =
        bench.upstream.ask(&hosts(), &request("moved"), CachePolicy::StaleWhileRevalidate).await;
    assert!(moved.is_ok(), "a redirect on the same host is followed");
}

#[tokio::test]
async fn many_who_ask_the_same_share_one_flight() {
    let bench = Bench::new().await;
    let asks = (0..50).map(|_| {
        let upstream = Arc::clone(&bench.upstream);
        tokio::spawn(async move {
            upstream.ask(&hosts(), &request("brief"), CachePolicy::StaleWhileRevalidate).await
        })
    });
    for ask in asks.collect::<Vec<_>>() {
        let got = ask.await.expect("no panic").expect("an answer");
        assert_eq!(*got.known.tree, json!({ "call": 1 }));
    }
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn a_flight_goes_on_when_whoever_asked_has_left() {
    let bench = Bench::new().await;
    let request = request("brief");
    let hosts = hosts();
    let left = bench.upstream.ask(&hosts, &request, CachePolicy::StaleWhileRevalidate);
    let left = tokio::time::timeout(Duration::from_millis(30), left).await;
    assert!(left.is_err(), "the visitor left before the answer");
    let got = bench
        .upstream
        .ask(&hosts, &request, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    assert_eq!(*got.known.tree, json!({ "call": 1 }));
    assert_eq!(bench.calls(), 1);
}

#[tokio::test]
async fn a_stale_answer_is_given_at_once_while_it_is_refreshed() {
    let bench = Bench::new().await;
    let mut request = request("brief");
    request.max_age = Duration::ZERO;
    bench
        .upstream
        .ask(&hosts(), &request, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    let got = bench
        .upstream
        .ask(&hosts(), &request, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    assert_eq!(got.stale, Some(Staleness::Refreshing));
    assert_eq!(*got.known.tree, json!({ "call": 1 }));
    let newest =
        bench.upstream.ask(&hosts(), &request, CachePolicy::Refresh).await.expect("an answer");
    assert_eq!(newest.stale, None);
    assert_eq!(*newest.known.tree, json!({ "call": 2 }));
}

#[tokio::test]
async fn after_a_failure_the_last_good_answer_is_shown_also_after_a_restart() {
    let bench = Bench::new().await;
    let once = request("once");
    let got = bench
        .upstream
        .ask(&hosts(), &once, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    bench.upstream.accept(&once, got.known.fetched).await;
    let got = bench
        .upstream
        .ask(&hosts(), &once, CachePolicy::Refresh)
        .await
        .expect("the last good answer");
    assert_eq!(got.stale, Some(Staleness::Failed(FetchError::Broken(500))));

    let again = upstream(&bench.gateway, &bench.folder);
    let got = again.ask(&hosts(), &once, CachePolicy::Refresh).await.expect("the last good answer");
    assert_eq!(got.stale, Some(Staleness::Failed(FetchError::Broken(500))));
    assert_eq!(*got.known.tree, json!({ "call": 1 }));
}

#[tokio::test]
async fn what_was_answered_an_hour_ago_stands_in_when_the_address_tells_the_time() {
    let bench = Bench::new().await;
    let at = |kind: &str| Request { stale_key: Some("works".to_owned()), ..request(kind) };
    let got = bench
        .upstream
        .ask(&hosts(), &at("good"), CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    bench.upstream.accept(&at("good"), got.known.fetched).await;

    // Another hub, as after a restart, and the same hub: neither has seen the later address.
    for upstream in [upstream(&bench.gateway, &bench.folder), Arc::clone(&bench.upstream)] {
        let later = at("broken");
        let stands_in = upstream
            .ask(&hosts(), &later, CachePolicy::StaleWhileRevalidate)
            .await
            .expect("the earlier answer");
        assert_eq!(stands_in.stale, Some(Staleness::Refreshing), "it is not fresh, however new");
        assert_eq!(stands_in.known.tree, got.known.tree);
        let failed =
            upstream.ask(&hosts(), &later, CachePolicy::Refresh).await.expect("the earlier answer");
        assert_eq!(failed.stale, Some(Staleness::Failed(FetchError::Broken(500))));
    }
    let other = Request { stale_key: Some("other works".to_owned()), ..request("absent") };
    let failed = bench.upstream.ask(&hosts(), &other, CachePolicy::StaleWhileRevalidate).await;
    assert_eq!(failed.expect_err("nothing stands in"), FetchError::RejectionEffect(404));
    let kept = std::fs::read_dir(&bench.folder).expect("a folder").count();
    assert_eq!(kept, 1, "one file for a question");
}

#[tokio::test]
async fn an_answer_that_a_widget_refuses_does_not_take_the_place_of_the_last_good_one() {
    let bench = Bench::new().await;
    let mut brief = request("brief");
    brief.max_age = Duration::ZERO;
    let first = bench
        .upstream
        .ask(&hosts(), &brief, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    bench.upstream.accept(&brief, first.known.fetched).await;
    let newest =
        bench.upstream.ask(&hosts(), &brief, CachePolicy::Refresh).await.expect("an answer");
    assert_eq!(*newest.known.tree, json!({ "call": 2 }));
    let refused = bench.upstream.refuse(&brief, newest.known.fetched, "not what it was");
    assert_eq!(refused, RejectionEffect { is_news: true, has_gone_back: true });

    let got = bench
        .upstream
        .ask(&hosts(), &brief, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("the last good answer");
    assert_eq!(*got.known.tree, json!({ "call": 1 }));
    let reason = FetchError::Unreadable("not what it was".to_owned());
    assert_eq!(got.stale, Some(Staleness::Failed(reason)));

    let again = upstream(&bench.gateway, &bench.folder);
    brief.max_age = Duration::from_secs(60);
    let kept = again
        .ask(&hosts(), &brief, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("the last good answer");
    assert_eq!(*kept.known.tree, json!({ "call": 1 }));
    for is_news in [true, false] {
        let refused = bench.upstream.refuse(&brief, first.known.fetched, "again");
        assert_eq!(
            refused,
            RejectionEffect { is_news, has_gone_back: false },
            "an accepted answer stays"
        );
    }
}

#[tokio::test]
async fn what_was_asked_with_something_personal_is_not_kept_on_disk() {
    let bench = Bench::new().await;
    let mut personal = request("good");
    personal.personal = true;
    let got = bench
        .upstream
        .ask(&hosts(), &personal, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    bench.upstream.accept(&personal, got.known.fetched).await;
    assert_eq!(std::fs::read_dir(&bench.folder).expect("a folder").count(), 0);
    let brief = request("brief");
    let got = bench
        .upstream
        .ask(&hosts(), &brief, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    assert_eq!(std::fs::read_dir(&bench.folder).expect("a folder").count(), 0, "not accepted yet");
    bench.upstream.accept(&brief, got.known.fetched).await;
    assert_eq!(std::fs::read_dir(&bench.folder).expect("a folder").count(), 1);
}

#[tokio::test]
async fn a_failing_service_is_left_alone_for_a_while() {
    let bench = Bench::new().await;
    for _ in 0..10 {
        assert_eq!(failure(&bench, "broken").await, FetchError::Broken(500));
    }
    assert_eq!(bench.calls(), 1);
    tokio::time::sleep(Duration::from_millis(250)).await;
    failure(&bench, "broken").await;
    assert_eq!(bench.calls(), 2);
}

#[tokio::test]
async fn a_key_goes_where_the_service_wants_it_and_nowhere_else() {
    let bench = Bench::new().await;
    let hosts = vec![HOST.to_owned(), OTHER_HOST.to_owned()];
    let with_key = |kind: &str, location: ApiKeyLocation| {
        let key = ApiKeyUse { variable: "VOORDEUR_KEY_TEST".to_owned(), location };
        Request { key: Some(key), ..request(kind) }
    };
    let in_header = with_key("guarded", ApiKeyLocation::Header("X-Key".to_owned()));
    let got = bench
        .upstream
        .ask(&hosts, &in_header, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    assert_eq!(*got.known.tree, json!({ "header": SECRET, "query": "" }));
    let in_query = with_key("guarded", ApiKeyLocation::Query("apikey".to_owned()));
    let got = bench
        .upstream
        .ask(&hosts, &in_query, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    assert_eq!(*got.known.tree, json!({ "header": null, "query": "apikey=s3cret" }));
    // Whoever asks without the key does not get what was opened with it.
    let got = bench
        .upstream
        .ask(&hosts, &request("guarded"), CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    assert_eq!(*got.known.tree, json!({ "header": null, "query": "" }));
    // Another host may be asked, but does not get the key.
    let sent_on = with_key("guarded-elsewhere", ApiKeyLocation::Header("X-Key".to_owned()));
    let got = bench
        .upstream
        .ask(&hosts, &sent_on, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("an answer");
    assert_eq!(*got.known.tree, json!({ "header": null, "query": "" }));
}

#[tokio::test]
async fn a_request_whose_key_is_missing_is_not_made() {
    let bench = Bench::new().await;
    let key = ApiKeyUse {
        variable: "VOORDEUR_KEY_ABSENT".to_owned(),
        location: ApiKeyLocation::Header("X-Key".to_owned()),
    };
    let keyless = Request { key: Some(key), ..request("guarded") };
    let failure = bench
        .upstream
        .ask(&hosts(), &keyless, CachePolicy::StaleWhileRevalidate)
        .await
        .expect_err("no key");
    assert_eq!(failure, FetchError::NoKey);
    assert_eq!(bench.calls(), 0);
    assert!(
        !bench.upstream.has_key("VOORDEUR_KEY_ABSENT")
            && bench.upstream.has_key("VOORDEUR_KEY_TEST")
    );
}

#[tokio::test]
async fn an_address_that_a_citizen_gave_may_lead_to_any_public_host_and_to_no_other() {
    let bench = Bench::new().await;
    let given = |url: &str| Request {
        url: url.to_owned(),
        format: Format::Feed,
        user_supplied_url: true,
        ..request("news")
    };
    let ask = async |url: &str| {
        bench.upstream.ask(&[], &given(url), CachePolicy::StaleWhileRevalidate).await
    };
    for address in
        ["https://other.example/news", "http://other.example/news", "https://other.example/site"]
    {
        let got = ask(address).await.unwrap_or_else(|failure| panic!("{address}: {failure}"));
        assert_eq!(got.known.tree["items"][0]["title"], json!("Markt"), "{address}");
    }
    let calls = bench.calls();
    for address in [
        "http://127.0.0.1/news",
        "http://2130706433/news",
        "http://[::1]/news",
        "http://other.example:8080/news",
        "http://localhost/news",
        "http://user@other.example/news",
    ] {
        assert_eq!(ask(address).await.err(), Some(FetchError::NotPublic), "{address}");
    }
    assert_eq!(bench.calls(), calls, "nobody was asked");
    // Neither a redirect nor a page leads where the citizen could not.
    for address in ["https://other.example/elsewhere", "https://other.example/site-of-trap"] {
        assert_eq!(ask(address).await.err(), Some(FetchError::NotPublic), "{address}");
    }
    assert_eq!(
        bench.upstream.health().of(OTHER_HOST),
        None,
        "which sites are read is nobody's news"
    );
    // What a citizen was given does not stand for what a widget may ask.
    let declared = Request { user_supplied_url: false, ..given("https://other.example/news") };
    let refused = bench.upstream.ask(&hosts(), &declared, CachePolicy::StaleWhileRevalidate).await;
    assert_eq!(refused.err(), Some(FetchError::ForeignHost));
}
