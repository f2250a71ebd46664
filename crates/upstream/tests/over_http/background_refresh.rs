//! Background refresh.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::response::IntoResponse;
use serde_json::json;
use voordeur_upstream::{CachePolicy, HostLimits, HostPolicy, Policy, RefreshPolicy, StaticHosts};
use voordeur_widget_api::{Limits, Request};

use super::scripted::Scripted;
use super::{hosts, request};

const MAX_IDLE: Duration = Duration::from_millis(600);

fn policy() -> Policy {
    Policy {
        background_refresh: RefreshPolicy {
            max_idle: MAX_IDLE,
            max_idle_personal: Duration::ZERO,
            min_age: Duration::from_millis(40),
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
    service_with(Arc::new(StaticHosts(hosts()))).await
}

async fn service_with(host_policy: Arc<dyn HostPolicy>) -> Scripted {
    Scripted::with_host_policy(policy(), host_policy, |received| {
        (Duration::ZERO, axum::Json(json!({ "call": received.call })).into_response())
    })
    .await
}

/// Declares `hosts()` until the catalogue changes.
struct ChangingHosts {
    has_changed: AtomicBool,
    hosts_after: Option<Vec<String>>,
}

impl HostPolicy for ChangingHosts {
    fn hosts_of_widget(&self, _widget: &str) -> Option<Vec<String>> {
        if self.has_changed.load(Ordering::SeqCst) {
            self.hosts_after.clone()
        } else {
            Some(hosts())
        }
    }

    fn limits_of_host(&self, _host: &str) -> Limits {
        Limits::default()
    }
}

fn short_lived(name: &str) -> Request {
    Request { max_age: Duration::from_millis(50), ..request(name) }
}

#[tokio::test]
async fn a_response_is_refreshed_until_it_is_idle_for_too_long() {
    let service = service().await;
    service.fetch(&short_lived("news"), CachePolicy::StaleWhileRevalidate).await;
    service.until_calls(3).await;
    tokio::time::sleep(MAX_IDLE).await;
    // The last refresh may be in progress at the end of that time.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let calls_when_idle = service.calls();
    tokio::time::sleep(MAX_IDLE).await;
    assert_eq!(service.calls(), calls_when_idle, "the response is idle");
    // A new request causes one call itself, and starts the refreshes again.
    service.fetch(&short_lived("news"), CachePolicy::StaleWhileRevalidate).await;
    service.until_calls(calls_when_idle + 3).await;
}

#[tokio::test]
async fn one_off_personal_and_time_dependent_requests_are_not_refreshed() {
    let service = service().await;
    let personal = Request { personal: true, ..short_lived("personal") };
    let citizen_given = Request { user_supplied_url: true, ..short_lived("citizen-given") };
    let at_a_time = Request { stale_key: Some("now".to_owned()), ..short_lived("at-a-time") };
    for (request, cache_policy) in [
        (&short_lived("looked-up"), CachePolicy::OneOff),
        (&personal, CachePolicy::StaleWhileRevalidate),
        (&citizen_given, CachePolicy::StaleWhileRevalidate),
        (&at_a_time, CachePolicy::StaleWhileRevalidate),
    ] {
        service.fetch(request, cache_policy).await;
    }
    tokio::time::sleep(MAX_IDLE).await;
    assert_eq!(service.calls(), 4);
}

#[tokio::test]
async fn refreshing_ends_when_the_upstream_is_dropped() {
    let mut service = service().await;
    service.fetch(&short_lived("news"), CachePolicy::StaleWhileRevalidate).await;
    service.until_calls(2).await;
    service.upstream = service.restarted();
    // A flight in progress runs to its end.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let calls = service.calls();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(service.calls(), calls);
}

#[tokio::test]
async fn nothing_is_refreshed_for_a_removed_widget_or_at_a_host_it_no_longer_declares() {
    for hosts_after in [None, Some(Vec::new())] {
        let host_policy =
            Arc::new(ChangingHosts { has_changed: AtomicBool::new(false), hosts_after });
        let service = service_with(host_policy.clone()).await;
        service.fetch(&short_lived("news"), CachePolicy::StaleWhileRevalidate).await;
        service.until_calls(3).await;
        host_policy.has_changed.store(true, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let calls = service.calls();
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert_eq!(service.calls(), calls);
    }
}
