//! What is fetched again before anybody asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::response::IntoResponse;
use serde_json::json;
use voordeur_upstream::{CachePolicy, HostLimits, Policy, Refreshing};
use voordeur_widget_api::Request;

use super::scripted::Scripted;
use super::{hosts, request};

const A_DAY: Duration = Duration::from_millis(600);

/// A day is short here.
fn patience() -> Policy {
    Policy {
        refreshing: Refreshing {
            longest_unwanted: A_DAY,
            longest_unwanted_personal: Duration::ZERO,
            least_age: Duration::from_millis(40),
        },
        host: HostLimits {
            interval: Duration::from_millis(1),
            burst: 1_000,
            ..HostLimits::default()
        },
        ..Policy::default()
    }
}

async fn service() -> Scripted {
    Scripted::new(patience(), |seen| {
        (Duration::ZERO, axum::Json(json!({ "call": seen.call })).into_response())
    })
    .await
}

fn fleeting(name: &str) -> Request {
    Request { max_age: Duration::from_millis(50), ..request(name) }
}

#[tokio::test]
async fn what_somebody_wanted_is_refreshed_until_nobody_has_wanted_it_for_a_day() {
    let service = service().await;
    service.get(&fleeting("news"), CachePolicy::StaleWhileRevalidate).await;
    service.until_calls(3).await;
    tokio::time::sleep(A_DAY).await;
    // The last one may be on its way when the day ends.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let after_a_day = service.calls();
    tokio::time::sleep(A_DAY).await;
    assert_eq!(service.calls(), after_a_day, "nobody wanted it");
    // Somebody does again: they ask once themselves, the rest comes by itself.
    service.get(&fleeting("news"), CachePolicy::StaleWhileRevalidate).await;
    service.until_calls(after_a_day + 3).await;
}

#[tokio::test]
async fn what_is_asked_once_or_for_somebody_or_at_a_time_is_not_refreshed() {
    let service = service().await;
    let personal = Request { personal: true, ..fleeting("personal") };
    let own = Request { user_supplied_url: true, ..fleeting("own") };
    let at_a_time = Request { stale_key: Some("now".to_owned()), ..fleeting("at-a-time") };
    for (request, wish) in [
        (&fleeting("looked-up"), CachePolicy::OneOff),
        (&personal, CachePolicy::StaleWhileRevalidate),
        (&own, CachePolicy::StaleWhileRevalidate),
        (&at_a_time, CachePolicy::StaleWhileRevalidate),
    ] {
        service.get(request, wish).await;
    }
    tokio::time::sleep(A_DAY).await;
    assert_eq!(service.calls(), 4);
}

#[tokio::test]
async fn nothing_is_refreshed_when_the_hub_is_gone() {
    let mut service = service().await;
    service.get(&fleeting("news"), CachePolicy::StaleWhileRevalidate).await;
    service.until_calls(2).await;
    service.upstream = service.restarted();
    // A flight that had begun goes on to its end.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let calls = service.calls();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(service.calls(), calls);
}

#[tokio::test]
async fn nothing_is_refreshed_for_a_widget_that_is_gone_or_at_a_host_it_names_no_more() {
    for named in [None, Some(Vec::new())] {
        let service = service().await;
        let is_there = Arc::new(AtomicBool::new(true));
        let there = Arc::clone(&is_there);
        service.upstream.follow_hosts(move |_| {
            if there.load(Ordering::SeqCst) { Some(hosts()) } else { named.clone() }
        });
        service.get(&fleeting("news"), CachePolicy::StaleWhileRevalidate).await;
        service.until_calls(3).await;
        is_there.store(false, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let calls = service.calls();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(service.calls(), calls);
    }
}
