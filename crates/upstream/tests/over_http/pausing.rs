//! A host or a widget that the operator has paused is not asked, and what is stored is served.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use voordeur_upstream::{
    CachePolicy, FetchError, HostPolicy, Policy, Source, Staleness, Upstream, UpstreamOptions,
};
use voordeur_widget_api::Limits;

use super::{Fixture, HOST, OTHER_HOST, request};

/// Two declared hosts, of which one can be paused.
#[derive(Default)]
struct Pausable {
    service: AtomicBool,
    other: AtomicBool,
    widget: AtomicBool,
}

impl HostPolicy for Pausable {
    fn hosts_of_widget(&self, _widget: &str) -> Option<Vec<String>> {
        Some(both())
    }

    fn limits_of_host(&self, _host: &str) -> Limits {
        Limits::default()
    }

    fn is_paused(&self, widget: &str, host: &str) -> bool {
        let set = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
        (host == HOST && set(&self.service))
            || (host == OTHER_HOST && set(&self.other))
            || (widget == "test" && set(&self.widget))
    }
}

fn both() -> Vec<String> {
    vec![HOST.to_owned(), OTHER_HOST.to_owned()]
}

#[tokio::test]
async fn what_is_paused_is_not_asked_and_resumes_at_once() {
    let fixture = Fixture::new().await;
    let hosts = Arc::new(Pausable::default());
    let source: Source = format!("gateway={}", fixture.gateway).parse().expect("a source");
    let options = UpstreamOptions::new(
        source,
        fixture.folder.join("pausing"),
        Arc::clone(&hosts) as Arc<dyn HostPolicy>,
    );
    let policy = Policy { min_refresh_age: std::time::Duration::ZERO, ..Policy::default() };
    let upstream = Upstream::open(UpstreamOptions { policy, ..options }).expect("opened");
    let fetch = |kind: &'static str, cache_policy| {
        let upstream = Arc::clone(&upstream);
        async move { upstream.fetch(&both(), &request(kind), cache_policy).await }
    };
    let first = fetch("good", CachePolicy::Refresh).await.expect("a response");
    let calls = fixture.calls();

    for flag in [&hosts.service, &hosts.widget] {
        flag.store(true, Ordering::SeqCst);
        for cache_policy in [CachePolicy::StaleWhileRevalidate, CachePolicy::Refresh] {
            let stored = fetch("good", cache_policy).await.expect("the last good response");
            assert_eq!(stored.stale, Some(Staleness::Failed(FetchError::Paused)));
            assert_eq!(stored.response.fetched, first.response.fetched);
        }
        assert_eq!(fetch("brief", CachePolicy::Refresh).await.err(), Some(FetchError::Paused));
        assert_eq!(fixture.calls(), calls, "nothing was asked");
        flag.store(false, Ordering::SeqCst);
    }
    let again = fetch("good", CachePolicy::Refresh).await.expect("a response");
    assert_eq!((again.stale, fixture.calls()), (None, calls + 1));

    // A redirect leads nowhere while the other host is paused. Nothing is held against either.
    hosts.other.store(true, Ordering::SeqCst);
    let calls = fixture.calls();
    let led = fetch("guarded-elsewhere", CachePolicy::Refresh).await;
    assert_eq!((led.err(), fixture.calls()), (Some(FetchError::Paused), calls + 1));
    hosts.other.store(false, Ordering::SeqCst);
    assert!(fetch("guarded-elsewhere", CachePolicy::Refresh).await.is_ok());
}
