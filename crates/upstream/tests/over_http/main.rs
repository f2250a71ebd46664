//! `Upstream` against a service over real HTTP that is slow, wrong, huge or broken.

mod background_refresh;
mod http_cache;
mod pausing;
mod rate_limiting;
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
    ApiKeys, CachePolicy, FetchError, Lookup, Policy, Rejection, Source, Staleness, StaticHosts,
    Upstream, UpstreamOptions,
};
use voordeur_widget_api::{ApiKeyLocation, ApiKeyUse, Format, Method, Request};

const HOST: &str = "service.example";
/// Not declared, except in the tests of redirects.
const OTHER_HOST: &str = "other.example";
const SECRET: &str = "s3cret";

/// A stand-in for a service, and an `Upstream` that asks it through a gateway.
struct Fixture {
    upstream: Arc<Upstream>,
    calls: Arc<AtomicUsize>,
    folder: PathBuf,
    gateway: String,
}

impl Fixture {
    async fn new() -> Self {
        let calls = Arc::new(AtomicUsize::new(0));
        let service = Router::new()
            .route("/service.example/{kind}", any(respond))
            .route("/other.example/{kind}", any(respond))
            .with_state(Arc::clone(&calls));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let mut name = [0; 8];
        getrandom::fill(&mut name).expect("randomness");
        let folder =
            std::env::temp_dir().join(format!("voordeur-upstream-{}", u64::from_ne_bytes(name)));
        let upstream = upstream(&gateway, &folder);
        Fixture { upstream, calls, folder, gateway }
    }

    /// Fetches with the default hosts; panics on an error.
    async fn fetch(&self, request: &Request) -> Lookup {
        let cache_policy = CachePolicy::StaleWhileRevalidate;
        self.upstream.fetch(&hosts(), request, cache_policy).await.expect("a response")
    }

    async fn refresh(&self, request: &Request) -> Lookup {
        self.upstream.fetch(&hosts(), request, CachePolicy::Refresh).await.expect("a response")
    }

    /// Fetches a resource of the stand-in; panics on a response.
    async fn error(&self, kind: &str) -> FetchError {
        let cache_policy = CachePolicy::StaleWhileRevalidate;
        let result = self.upstream.fetch(&hosts(), &request(kind), cache_policy).await;
        result.expect_err("an error")
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn upstream(gateway: &str, folder: &std::path::Path) -> Arc<Upstream> {
    scripted::Log::install();
    // Fails if another test of this process has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let source = format!("gateway={gateway}").parse::<Source>().expect("a source");
    let policy = Policy {
        flight_timeout: Duration::from_millis(600),
        first_retry_delay: Duration::from_millis(200),
        min_refresh_age: Duration::ZERO,
        ..Policy::default()
    };
    let api_keys = ApiKeys::from_iter([("VOORDEUR_KEY_TEST".to_owned(), SECRET.to_owned())]);
    let options = UpstreamOptions::new(source, folder, Arc::new(StaticHosts(hosts())));
    Upstream::open(UpstreamOptions { api_keys, policy, ..options }).expect("opened")
}

async fn respond(
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
        "old-feed" => {
            (StatusCode::FOUND, [(header::LOCATION, "https://other.example/feed")]).into_response()
        }
        "feed" if call <= 2 => {
            let mut feed = b"<rss><channel><item><link>a/1</link><title>".to_vec();
            // In ISO-8859-2, which only the header says.
            feed.extend_from_slice(b"\xaf\xf3\xb3ta</title></item></channel></rss>");
            ([(header::CONTENT_TYPE, "application/rss+xml; charset=ISO-8859-2")], feed)
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
        if_empty: None,
        stale_key: None,
        user_supplied_url: false,
        key: None,
        personal: false,
    }
}

fn hosts() -> Vec<String> {
    vec![HOST.to_owned()]
}

#[tokio::test]
async fn each_kind_of_fault_has_its_own_error() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.error("slow").await, FetchError::Timeout);
    assert_eq!(fixture.error("broken").await, FetchError::ServerError(500));
    assert_eq!(fixture.error("absent").await, FetchError::Rejected(404));
    assert!(matches!(fixture.error("html").await, FetchError::Unreadable(_)));
    assert_eq!(fixture.error("huge").await, FetchError::TooLarge(100_000));
    assert_eq!(fixture.error("drop").await, FetchError::Unreachable);
    assert_eq!(fixture.error("circle").await, FetchError::TooManyRedirects);
}

#[tokio::test]
async fn only_declared_hosts_are_asked_even_after_a_redirect() {
    let fixture = Fixture::new().await;
    assert_eq!(fixture.error("elsewhere").await, FetchError::HostNotAllowed);
    let asked = fixture.calls();
    let mut foreign = request("good");
    foreign.url = "https://other.example/good".to_owned();
    let rejected =
        fixture.upstream.fetch(&hosts(), &foreign, CachePolicy::StaleWhileRevalidate).await;
    assert_eq!(rejected.expect_err("refused"), FetchError::HostNotAllowed);
    assert_eq!(fixture.calls(), asked, "no request was made");
    let moved = fixture
        .upstream
        .fetch(&hosts(), &request("moved"), CachePolicy::StaleWhileRevalidate)
        .await;
    assert!(moved.is_ok(), "a redirect on the same host is followed");
}

#[tokio::test]
async fn concurrent_identical_requests_share_one_flight() {
    let fixture = Fixture::new().await;
    let fetches = (0..50).map(|_| {
        let upstream = Arc::clone(&fixture.upstream);
        tokio::spawn(async move {
            upstream.fetch(&hosts(), &request("brief"), CachePolicy::StaleWhileRevalidate).await
        })
    });
    for fetch in fetches.collect::<Vec<_>>() {
        let lookup = fetch.await.expect("no panic").expect("a response");
        assert_eq!(*lookup.response.tree, json!({ "call": 1 }));
    }
    assert_eq!(fixture.calls(), 1);
}

#[tokio::test]
async fn a_flight_continues_when_its_caller_is_cancelled() {
    let fixture = Fixture::new().await;
    let request = request("brief");
    let hosts = hosts();
    let left = fixture.upstream.fetch(&hosts, &request, CachePolicy::StaleWhileRevalidate);
    let left = tokio::time::timeout(Duration::from_millis(30), left).await;
    assert!(left.is_err(), "cancelled before the response");
    let lookup = fixture
        .upstream
        .fetch(&hosts, &request, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("a response");
    assert_eq!(*lookup.response.tree, json!({ "call": 1 }));
    assert_eq!(fixture.calls(), 1);
}

#[tokio::test]
async fn a_stale_response_is_served_at_once_while_it_is_refreshed() {
    let fixture = Fixture::new().await;
    let mut request = request("brief");
    request.max_age = Duration::ZERO;
    fixture.fetch(&request).await;
    let lookup = fixture.fetch(&request).await;
    assert_eq!(lookup.stale, Some(Staleness::Refreshing));
    assert_eq!(*lookup.response.tree, json!({ "call": 1 }));
    let newest = fixture.refresh(&request).await;
    assert_eq!(newest.stale, None);
    assert_eq!(*newest.response.tree, json!({ "call": 2 }));
}

#[tokio::test]
async fn after_a_failure_the_last_good_response_is_served_even_after_a_restart() {
    let fixture = Fixture::new().await;
    let once = request("once");
    let lookup = fixture.fetch(&once).await;
    fixture.upstream.confirm(&once, lookup.response.fetched).await;
    let lookup = fixture.refresh(&once).await;
    assert_eq!(lookup.stale, Some(Staleness::Failed(FetchError::ServerError(500))));

    let again = upstream(&fixture.gateway, &fixture.folder);
    let lookup = again.fetch(&hosts(), &once, CachePolicy::Refresh).await.expect("a response");
    assert_eq!(lookup.stale, Some(Staleness::Failed(FetchError::ServerError(500))));
    assert_eq!(*lookup.response.tree, json!({ "call": 1 }));
}

#[tokio::test]
async fn the_response_to_an_earlier_request_with_the_same_question_is_a_substitute() {
    let fixture = Fixture::new().await;
    let at = |kind: &str| Request { stale_key: Some("works".to_owned()), ..request(kind) };
    let lookup = fixture.fetch(&at("good")).await;
    fixture.upstream.confirm(&at("good"), lookup.response.fetched).await;

    // After a restart, and without one: neither has seen the later URL.
    for upstream in [upstream(&fixture.gateway, &fixture.folder), Arc::clone(&fixture.upstream)] {
        let later = at("broken");
        let substitute = upstream
            .fetch(&hosts(), &later, CachePolicy::StaleWhileRevalidate)
            .await
            .expect("a response");
        assert_eq!(substitute.stale, Some(Staleness::Refreshing), "never fresh, however recent");
        assert_eq!(substitute.response.tree, lookup.response.tree);
        let failed =
            upstream.fetch(&hosts(), &later, CachePolicy::Refresh).await.expect("a response");
        assert_eq!(failed.stale, Some(Staleness::Failed(FetchError::ServerError(500))));
    }
    let other = Request { stale_key: Some("other works".to_owned()), ..request("absent") };
    let failed = fixture.upstream.fetch(&hosts(), &other, CachePolicy::StaleWhileRevalidate).await;
    assert_eq!(failed.expect_err("no substitute"), FetchError::Rejected(404));
    let on_disk = std::fs::read_dir(&fixture.folder).expect("a folder").count();
    assert_eq!(on_disk, 1, "one file per question");
}

#[tokio::test]
async fn readers_know_the_final_address_and_the_content_type_also_of_a_response_on_disk() {
    let fixture = Fixture::new().await;
    let both = [HOST.to_owned(), OTHER_HOST.to_owned()];
    let feed = Request { format: Format::Feed, ..request("old-feed") };
    let policy = CachePolicy::StaleWhileRevalidate;
    let lookup = fixture.upstream.fetch(&both, &feed, policy).await.expect("a response");
    fixture.upstream.confirm(&feed, lookup.response.fetched).await;
    let again = upstream(&fixture.gateway, &fixture.folder);
    let on_disk = again.fetch(&both, &feed, policy).await.expect("a response");
    assert_eq!(fixture.calls(), 2, "a redirect and the feed");
    for lookup in [lookup, on_disk] {
        let item = &lookup.response.tree["items"][0];
        assert_eq!(
            (&item["title"], &item["link"]),
            (&json!("Żółta"), &json!("https://other.example/a/1"))
        );
    }
}

#[tokio::test]
async fn a_wrong_address_of_a_citizen_is_told_apart_from_a_broken_answer() {
    let fixture = Fixture::new().await;
    let own = |kind, format| Request { user_supplied_url: true, format, ..request(kind) };
    for (format, error) in
        [(Format::Feed, FetchError::NotAFeed), (Format::ICalendar, FetchError::NotACalendar)]
    {
        for kind in ["html", "good"] {
            let request = own(kind, format);
            let fetched =
                fixture.upstream.fetch(&hosts(), &request, CachePolicy::StaleWhileRevalidate).await;
            assert_eq!(fetched.err(), Some(error.clone()), "{kind}");
        }
    }
}

#[tokio::test]
async fn a_rejected_response_does_not_replace_the_last_good_one() {
    let fixture = Fixture::new().await;
    let mut brief = request("brief");
    brief.max_age = Duration::ZERO;
    let first = fixture.fetch(&brief).await;
    fixture.upstream.confirm(&brief, first.response.fetched).await;
    let newest = fixture.refresh(&brief).await;
    assert_eq!(*newest.response.tree, json!({ "call": 2 }));
    let reason = FetchError::ChangedShape { key: "list".to_owned() };
    let rejected = fixture.upstream.reject(&brief, newest.response.fetched, &reason);
    assert_eq!(rejected, Rejection { is_first: true, rolled_back: true });

    let lookup = fixture.fetch(&brief).await;
    assert_eq!(*lookup.response.tree, json!({ "call": 1 }));
    assert_eq!(lookup.stale, Some(Staleness::Failed(reason.clone())));

    let again = upstream(&fixture.gateway, &fixture.folder);
    brief.max_age = Duration::from_secs(60);
    let on_disk =
        again.fetch(&hosts(), &brief, CachePolicy::StaleWhileRevalidate).await.expect("a response");
    assert_eq!(*on_disk.response.tree, json!({ "call": 1 }));
    for is_first in [true, false] {
        let rejected = fixture.upstream.reject(&brief, first.response.fetched, &reason);
        assert_eq!(
            rejected,
            Rejection { is_first, rolled_back: false },
            "a confirmed response stays"
        );
    }
}

#[tokio::test]
async fn a_response_to_a_personal_request_is_not_stored_on_disk() {
    let fixture = Fixture::new().await;
    let mut personal = request("good");
    personal.personal = true;
    let lookup = fixture.fetch(&personal).await;
    fixture.upstream.confirm(&personal, lookup.response.fetched).await;
    assert_eq!(std::fs::read_dir(&fixture.folder).expect("a folder").count(), 0);
    let brief = request("brief");
    let lookup = fixture.fetch(&brief).await;
    assert_eq!(
        std::fs::read_dir(&fixture.folder).expect("a folder").count(),
        0,
        "not confirmed yet"
    );
    fixture.upstream.confirm(&brief, lookup.response.fetched).await;
    assert_eq!(std::fs::read_dir(&fixture.folder).expect("a folder").count(), 1);
}

#[tokio::test]
async fn a_failed_request_is_not_retried_before_its_delay() {
    let fixture = Fixture::new().await;
    for _ in 0..10 {
        assert_eq!(fixture.error("broken").await, FetchError::ServerError(500));
    }
    assert_eq!(fixture.calls(), 1);
    tokio::time::sleep(Duration::from_millis(250)).await;
    fixture.error("broken").await;
    assert_eq!(fixture.calls(), 2);
}

#[tokio::test]
async fn an_api_key_is_sent_where_the_manifest_says_and_nowhere_else() {
    let fixture = Fixture::new().await;
    let hosts = vec![HOST.to_owned(), OTHER_HOST.to_owned()];
    let with_key = |kind: &str, place: ApiKeyLocation| {
        let key = ApiKeyUse { variable: "VOORDEUR_KEY_TEST".to_owned(), location: place };
        Request { key: Some(key), ..request(kind) }
    };
    let in_header = with_key("guarded", ApiKeyLocation::Header("X-Key".to_owned()));
    let lookup = fixture
        .upstream
        .fetch(&hosts, &in_header, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("a response");
    assert_eq!(*lookup.response.tree, json!({ "header": SECRET, "query": "" }));
    let in_query = with_key("guarded", ApiKeyLocation::Query("apikey".to_owned()));
    let lookup = fixture
        .upstream
        .fetch(&hosts, &in_query, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("a response");
    assert_eq!(*lookup.response.tree, json!({ "header": null, "query": "apikey=s3cret" }));
    // A request without the key does not get a response that was cached for one with it.
    let lookup = fixture
        .upstream
        .fetch(&hosts, &request("guarded"), CachePolicy::StaleWhileRevalidate)
        .await
        .expect("a response");
    assert_eq!(*lookup.response.tree, json!({ "header": null, "query": "" }));
    // Another declared host is asked, but does not receive the key.
    let redirected = with_key("guarded-elsewhere", ApiKeyLocation::Header("X-Key".to_owned()));
    let lookup = fixture
        .upstream
        .fetch(&hosts, &redirected, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("a response");
    assert_eq!(*lookup.response.tree, json!({ "header": null, "query": "" }));
}

#[tokio::test]
async fn a_request_without_its_api_key_is_not_made() {
    let fixture = Fixture::new().await;
    let key = ApiKeyUse {
        variable: "VOORDEUR_KEY_ABSENT".to_owned(),
        location: ApiKeyLocation::Header("X-Key".to_owned()),
    };
    let without_key = Request { key: Some(key), ..request("guarded") };
    let error = fixture
        .upstream
        .fetch(&hosts(), &without_key, CachePolicy::StaleWhileRevalidate)
        .await
        .expect_err("no key");
    assert_eq!(error, FetchError::MissingApiKey);
    assert_eq!(fixture.calls(), 0);
    assert!(
        !fixture.upstream.has_api_key("VOORDEUR_KEY_ABSENT")
            && fixture.upstream.has_api_key("VOORDEUR_KEY_TEST")
    );
}

#[tokio::test]
async fn a_citizen_given_address_may_lead_to_public_hosts_only() {
    let fixture = Fixture::new().await;
    let given = |url: &str| Request {
        url: url.to_owned(),
        format: Format::Feed,
        user_supplied_url: true,
        ..request("news")
    };
    let fetch = async |url: &str| {
        fixture.upstream.fetch(&[], &given(url), CachePolicy::StaleWhileRevalidate).await
    };
    for address in
        ["https://other.example/news", "http://other.example/news", "https://other.example/site"]
    {
        let lookup = fetch(address).await.unwrap_or_else(|error| panic!("{address}: {error}"));
        assert_eq!(lookup.response.tree["items"][0]["title"], json!("Markt"), "{address}");
    }
    let calls = fixture.calls();
    for address in [
        "http://127.0.0.1/news",
        "http://2130706433/news",
        "http://[::1]/news",
        "http://other.example:8080/news",
        "http://localhost/news",
        "http://user@other.example/news",
    ] {
        assert_eq!(fetch(address).await.err(), Some(FetchError::NotPublic), "{address}");
    }
    assert_eq!(fixture.calls(), calls, "no request was made");
    // Neither a redirect nor a feed link leads to a private address.
    for address in ["https://other.example/elsewhere", "https://other.example/site-of-trap"] {
        assert_eq!(fetch(address).await.err(), Some(FetchError::NotPublic), "{address}");
    }
    assert_eq!(
        fixture.upstream.health().get(OTHER_HOST),
        None,
        "which sites citizens read is not recorded"
    );
    // A response cached for a citizen-given address is not served to a widget that declares no such
    // host.
    let declared = Request { user_supplied_url: false, ..given("https://other.example/news") };
    let rejected =
        fixture.upstream.fetch(&hosts(), &declared, CachePolicy::StaleWhileRevalidate).await;
    assert_eq!(rejected.err(), Some(FetchError::HostNotAllowed));
}
