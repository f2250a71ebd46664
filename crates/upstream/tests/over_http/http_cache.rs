//! What services say of their answers.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use voordeur_upstream::{CachePolicy, FetchError, Policy, Staleness};
use voordeur_widget_api::{Method, Request};

use super::scripted::{Scripted, Seen};
use super::{hosts, request};

const AT_ONCE: Duration = Duration::ZERO;
const MODIFIED: &str = "Tue, 24 Nov 2026 07:30:00 GMT";

fn patience() -> Policy {
    Policy { new_enough: Duration::ZERO, ..Policy::default() }
}

fn saying(seen: &Seen, said: &[(HeaderName, &'static str)]) -> Response {
    let mut response = axum::Json(json!({ "call": seen.call })).into_response();
    for (name, value) in said {
        response.headers_mut().insert(name, value.parse().expect("a value"));
    }
    response
}

/// Gives one version for ever, as far as it is asked for it.
fn unchanging(seen: &Seen) -> (Duration, Response) {
    let said: &[(HeaderName, &str)] = match seen.path.rsplit('/').next() {
        Some("dated") => &[(header::LAST_MODIFIED, MODIFIED)],
        _ => &[(header::ETAG, "W/\"v1\"")],
    };
    let is_known = seen.header("if-none-match") == Some("W/\"v1\"")
        || seen.header("if-modified-since") == Some(MODIFIED);
    if is_known {
        (AT_ONCE, StatusCode::NOT_MODIFIED.into_response())
    } else {
        (AT_ONCE, saying(seen, said))
    }
}

#[tokio::test]
async fn what_has_not_changed_is_renewed_without_being_read_again() {
    for name in ["tagged", "dated"] {
        let service = Scripted::new(patience(), unchanging).await;
        let first = service.get(&request(name), CachePolicy::StaleWhileRevalidate).await;
        let again = service.get(&request(name), CachePolicy::Refresh).await;
        assert_eq!(service.calls(), 2);
        assert!(Arc::ptr_eq(&first.known.tree, &again.known.tree), "{name}: the same tree");
        assert!(again.known.fetched > first.known.fetched, "{name}: it is as new as the 304");
        assert_eq!(again.stale, None);
        let health = service.upstream.health().of(super::HOST).expect("it was asked");
        assert_eq!(health.answered.map(|at| at >= again.known.fetched), Some(true));
        // It is fresh for its whole time again.
        let later = service.get(&request(name), CachePolicy::StaleWhileRevalidate).await;
        assert_eq!((later.stale, service.calls()), (None, 2));
    }
}

#[tokio::test]
async fn versions_are_known_after_a_restart_and_so_is_when_they_were_last_seen() {
    let service = Scripted::new(patience(), unchanging).await;
    let tagged = request("tagged");
    let first = service.get(&tagged, CachePolicy::StaleWhileRevalidate).await;
    service.upstream.accept(&tagged, first.known.fetched).await;
    let renewed = service.get(&tagged, CachePolicy::Refresh).await;
    service.upstream.accept(&tagged, renewed.known.fetched).await;

    let again = service.restarted();
    let kept = again
        .ask(&hosts(), &tagged, CachePolicy::StaleWhileRevalidate)
        .await
        .expect("what was kept");
    assert_eq!(kept.known.fetched, renewed.known.fetched);
    assert_eq!(*kept.known.tree, json!({ "call": 1 }));
    assert_eq!(service.calls(), 2);
    let newest = again.ask(&hosts(), &tagged, CachePolicy::Refresh).await.expect("an answer");
    assert!(Arc::ptr_eq(&newest.known.tree, &kept.known.tree));
    assert_eq!(service.seen()[2].header("if-none-match"), Some("W/\"v1\""));
}

#[tokio::test]
async fn what_an_earlier_version_kept_is_still_read() {
    let service = Scripted::new(patience(), |seen| match seen.call {
        1 => (AT_ONCE, saying(seen, &[(header::ETAG, "\"v1\"")])),
        _ => (AT_ONCE, StatusCode::BAD_GATEWAY.into_response()),
    })
    .await;
    let got = service.get(&request("kept"), CachePolicy::StaleWhileRevalidate).await;
    service.upstream.accept(&request("kept"), got.known.fetched).await;
    let file = std::fs::read_dir(service.folder.path()).expect("a folder").next();
    let file = file.expect("a file").expect("a file").path();
    let text = std::fs::read_to_string(&file).expect("a file");
    let [moment, name, etag, modified, bytes] =
        text.splitn(5, '\n').collect::<Vec<_>>().try_into().expect("five parts");
    assert_eq!((etag, modified), ("\"v1\"", ""));
    let name = name.strip_prefix("2 ").expect("the number of this form");
    std::fs::write(&file, format!("{moment}\n{name}\n{bytes}")).expect("written");

    let again = service.restarted();
    let kept =
        again.ask(&hosts(), &request("kept"), CachePolicy::Refresh).await.expect("what was kept");
    assert_eq!(*kept.known.tree, json!({ "call": 1 }));
    assert_eq!(kept.stale, Some(Staleness::Failed(FetchError::Broken(502))));
    assert_eq!(service.seen()[1].header("if-none-match"), None);
}

#[tokio::test]
async fn a_service_can_make_its_answer_hold_longer_but_never_be_asked_more_often() {
    let service = Scripted::new(patience(), |seen| {
        let control =
            if seen.path.ends_with("long") { "max-age=600" } else { "no-cache, max-age=0" };
        (AT_ONCE, saying(seen, &[(header::CACHE_CONTROL, control)]))
    })
    .await;
    let long = Request { max_age: Duration::ZERO, ..request("long") };
    for _ in 0..3 {
        assert_eq!(service.get(&long, CachePolicy::StaleWhileRevalidate).await.stale, None);
    }
    assert_eq!(service.calls(), 1);
    for _ in 0..3 {
        assert_eq!(
            service.get(&request("short"), CachePolicy::StaleWhileRevalidate).await.stale,
            None
        );
    }
    assert_eq!(service.calls(), 2);
}

#[tokio::test]
async fn what_may_not_be_stored_does_not_come_on_disk() {
    let service = Scripted::new(patience(), |seen| {
        let control = if seen.path.ends_with("passing") { "no-store" } else { "max-age=5" };
        (AT_ONCE, saying(seen, &[(header::CACHE_CONTROL, control)]))
    })
    .await;
    let kept = || std::fs::read_dir(service.folder.path()).expect("a folder").count();
    for (name, files) in [("passing", 0), ("lasting", 1)] {
        let got = service.get(&request(name), CachePolicy::StaleWhileRevalidate).await;
        service.upstream.accept(&request(name), got.known.fetched).await;
        assert_eq!(kept(), files, "{name}");
    }
}

#[tokio::test]
async fn what_answers_another_question_lends_no_version() {
    let service = Scripted::new(patience(), unchanging).await;
    let at = |name: &str| Request { stale_key: Some("works".to_owned()), ..request(name) };
    let got = service.get(&at("at-seven"), CachePolicy::StaleWhileRevalidate).await;
    service.upstream.accept(&at("at-seven"), got.known.fetched).await;
    let again = service.restarted();
    let later =
        again.ask(&hosts(), &at("at-eight"), CachePolicy::Refresh).await.expect("an answer");
    assert_eq!(*later.known.tree, json!({ "call": 2 }), "another answer");
    let posted = Request { method: Method::Post, ..request("posted") };
    for _ in 0..2 {
        service.get(&posted, CachePolicy::Refresh).await;
    }
    let conditions =
        service.seen().iter().filter(|seen| seen.header("if-none-match").is_some()).count();
    assert_eq!((service.calls(), conditions), (4, 0));
}
