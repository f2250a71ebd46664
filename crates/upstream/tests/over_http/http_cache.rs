//! Freshness, validators and storability from response headers.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use voordeur_upstream::{CachePolicy, FetchError, Policy, Staleness};
use voordeur_widget_api::{Method, Request};

use super::scripted::{ReceivedRequest, Scripted};
use super::{hosts, request};

const NO_DELAY: Duration = Duration::ZERO;
const MODIFIED: &str = "Tue, 24 Nov 2026 07:30:00 GMT";

fn policy() -> Policy {
    Policy { min_refresh_age: Duration::ZERO, ..Policy::default() }
}

fn response_with(received: &ReceivedRequest, headers: &[(HeaderName, &'static str)]) -> Response {
    let mut response = axum::Json(json!({ "call": received.call })).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().expect("a value"));
    }
    response
}

/// Always serves the same version, and answers conditional requests with 304.
fn unchanging(received: &ReceivedRequest) -> (Duration, Response) {
    let validators: &[(HeaderName, &str)] = match received.path.rsplit('/').next() {
        Some("dated") => &[(header::LAST_MODIFIED, MODIFIED)],
        _ => &[(header::ETAG, "W/\"v1\"")],
    };
    let is_current = received.header("if-none-match") == Some("W/\"v1\"")
        || received.header("if-modified-since") == Some(MODIFIED);
    if is_current {
        (NO_DELAY, StatusCode::NOT_MODIFIED.into_response())
    } else {
        (NO_DELAY, response_with(received, validators))
    }
}

#[tokio::test]
async fn a_304_renews_a_response_without_parsing_it_again() {
    for name in ["tagged", "dated"] {
        let service = Scripted::new(policy(), unchanging).await;
        let first = service.fetch(&request(name), CachePolicy::StaleWhileRevalidate).await;
        let again = service.fetch(&request(name), CachePolicy::Refresh).await;
        assert_eq!(service.calls(), 2);
        assert!(Arc::ptr_eq(&first.response.tree, &again.response.tree), "{name}: the same tree");
        assert!(again.response.fetched > first.response.fetched, "{name}: as recent as the 304");
        assert_eq!(again.stale, None);
        let health = service.upstream.health().get(super::HOST).expect("recorded");
        assert_eq!(health.last_success.map(|at| at >= again.response.fetched), Some(true));
        // It is fresh for its whole lifetime again.
        let later = service.fetch(&request(name), CachePolicy::StaleWhileRevalidate).await;
        assert_eq!((later.stale, service.calls()), (None, 2));
    }
}

#[tokio::test]
async fn validators_and_renewal_times_survive_a_restart() {
    let service = Scripted::new(policy(), unchanging).await;
    let tagged = request("tagged");
    let first = service.fetch(&tagged, CachePolicy::StaleWhileRevalidate).await;
    service.upstream.confirm(&tagged, first.response.fetched).await;
    let renewed = service.fetch(&tagged, CachePolicy::Refresh).await;
    service.upstream.confirm(&tagged, renewed.response.fetched).await;

    let again = service.restarted();
    let on_disk = again
        .fetch(&hosts(), &tagged, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("the response on disk");
    assert_eq!(on_disk.response.fetched, renewed.response.fetched);
    assert_eq!(*on_disk.response.tree, json!({ "call": 1 }));
    assert_eq!(service.calls(), 2);
    let newest = again.fetch(&hosts(), &tagged, CachePolicy::Refresh).await.expect("a response");
    assert!(Arc::ptr_eq(&newest.response.tree, &on_disk.response.tree));
    assert_eq!(service.received()[2].header("if-none-match"), Some("W/\"v1\""));
}

#[tokio::test]
async fn a_file_without_validators_of_an_earlier_version_is_still_read() {
    let service = Scripted::new(policy(), |received| match received.call {
        1 => (NO_DELAY, response_with(received, &[(header::ETAG, "\"v1\"")])),
        _ => (NO_DELAY, StatusCode::BAD_GATEWAY.into_response()),
    })
    .await;
    let lookup = service.fetch(&request("kept"), CachePolicy::StaleWhileRevalidate).await;
    service.upstream.confirm(&request("kept"), lookup.response.fetched).await;
    let file = std::fs::read_dir(service.folder.path()).expect("a folder").next();
    let file = file.expect("a file").expect("a file").path();
    let text = std::fs::read_to_string(&file).expect("a file");
    let [moment, name, etag, modified, url, content_type, bytes] =
        text.splitn(7, '\n').collect::<Vec<_>>().try_into().expect("seven parts");
    assert_eq!((etag, modified), ("\"v1\"", ""));
    assert_eq!((url, content_type), ("", "application/json"));
    let name = name.strip_prefix("3 ").expect("the marker");
    // With validators, but without URL and `Content-Type`.
    std::fs::write(&file, format!("{moment}\n2 {name}\n{etag}\n{modified}\n{bytes}"))
        .expect("written");
    let on_disk = service.restarted();
    let on_disk = on_disk
        .fetch(&hosts(), &request("kept"), CachePolicy::StaleWhileRevalidate)
        .await
        .expect("the response on disk");
    assert_eq!(*on_disk.response.tree, json!({ "call": 1 }));
    std::fs::write(&file, format!("{moment}\n{name}\n{bytes}")).expect("written");

    let again = service.restarted();
    let on_disk = again
        .fetch(&hosts(), &request("kept"), CachePolicy::Refresh)
        .await
        .expect("the response on disk");
    assert_eq!(*on_disk.response.tree, json!({ "call": 1 }));
    assert_eq!(on_disk.stale, Some(Staleness::Failed(FetchError::ServerError(502))));
    assert_eq!(service.received()[1].header("if-none-match"), None);
}

#[tokio::test]
async fn headers_can_extend_the_lifetime_of_a_manifest_but_not_shorten_it() {
    let service = Scripted::new(policy(), |received| {
        let control =
            if received.path.ends_with("long") { "max-age=600" } else { "no-cache, max-age=0" };
        (NO_DELAY, response_with(received, &[(header::CACHE_CONTROL, control)]))
    })
    .await;
    let long = Request { max_age: Duration::ZERO, ..request("long") };
    for _ in 0..3 {
        assert_eq!(service.fetch(&long, CachePolicy::StaleWhileRevalidate).await.stale, None);
    }
    assert_eq!(service.calls(), 1);
    for _ in 0..3 {
        assert_eq!(
            service.fetch(&request("short"), CachePolicy::StaleWhileRevalidate).await.stale,
            None
        );
    }
    assert_eq!(service.calls(), 2);
}

#[tokio::test]
async fn a_no_store_response_is_not_written_to_disk() {
    let service = Scripted::new(policy(), |received| {
        let control = if received.path.ends_with("passing") { "no-store" } else { "max-age=5" };
        (NO_DELAY, response_with(received, &[(header::CACHE_CONTROL, control)]))
    })
    .await;
    let on_disk = || std::fs::read_dir(service.folder.path()).expect("a folder").count();
    for (name, files) in [("passing", 0), ("lasting", 1)] {
        let lookup = service.fetch(&request(name), CachePolicy::StaleWhileRevalidate).await;
        service.upstream.confirm(&request(name), lookup.response.fetched).await;
        assert_eq!(on_disk(), files, "{name}");
    }
}

#[tokio::test]
async fn validators_are_not_sent_for_another_request_with_the_same_question() {
    let service = Scripted::new(policy(), unchanging).await;
    let at = |name: &str| Request { stale_key: Some("works".to_owned()), ..request(name) };
    let lookup = service.fetch(&at("at-seven"), CachePolicy::StaleWhileRevalidate).await;
    service.upstream.confirm(&at("at-seven"), lookup.response.fetched).await;
    let again = service.restarted();
    let later =
        again.fetch(&hosts(), &at("at-eight"), CachePolicy::Refresh).await.expect("a response");
    assert_eq!(*later.response.tree, json!({ "call": 2 }), "a new response");
    let posted = Request { method: Method::Post, ..request("posted") };
    for _ in 0..2 {
        service.fetch(&posted, CachePolicy::Refresh).await;
    }
    let conditions = service
        .received()
        .iter()
        .filter(|received| received.header("if-none-match").is_some())
        .count();
    assert_eq!((service.calls(), conditions), (4, 0));
}

#[tokio::test]
async fn what_is_stored_is_served_at_any_age_and_no_service_is_asked() {
    let service = Scripted::new(policy(), unchanging).await;
    let short_lived = Request { max_age: Duration::ZERO, ..request("kept") };
    let absent = service.upstream.fetch(&hosts(), &short_lived, CachePolicy::Stored).await.err();
    assert_eq!((absent, service.calls()), (Some(FetchError::NotStored), 0));

    let first = service.fetch(&short_lived, CachePolicy::OneOff).await;
    let stored = service.fetch(&short_lived, CachePolicy::Stored).await;
    assert!(Arc::ptr_eq(&first.response.tree, &stored.response.tree));
    assert_eq!(stored.stale, Some(Staleness::NotAsked));
    assert_eq!(service.fetch(&request("lasting"), CachePolicy::OneOff).await.stale, None);
    assert_eq!(service.fetch(&request("lasting"), CachePolicy::Stored).await.stale, None);
    service.upstream.confirm(&short_lived, first.response.fetched).await;

    // Also from the disk, for a request that differs by the day, and without a later refresh.
    let again = service.restarted();
    let on_disk = again.fetch(&hosts(), &short_lived, CachePolicy::Stored).await;
    assert_eq!(on_disk.expect("a response").stale, Some(Staleness::NotAsked));
    let at = |day: &str| Request { stale_key: Some("day".to_owned()), ..request(day) };
    let before = service.fetch(&at("monday"), CachePolicy::OneOff).await;
    service.upstream.confirm(&at("monday"), before.response.fetched).await;
    let after = service.fetch(&at("tuesday"), CachePolicy::Stored).await;
    assert_eq!(
        (after.response.tree, after.stale),
        (before.response.tree, Some(Staleness::NotAsked))
    );
    assert_eq!(service.calls(), 3);
}
