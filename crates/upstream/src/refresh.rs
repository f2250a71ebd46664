//! Background refresh: responses in use are fetched again before they become stale.
//!
//! Each such cache entry has a task of its own. It ends when nobody asks for the response any more,
//! when the entry leaves memory, and with the [`Upstream`]. Expiry times are jittered per response,
//! so refreshes do not synchronise, and they queue behind every flight that a citizen waits for.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use voordeur_widget_api::Request;

use super::cache_entry::{CacheEntry, EntryState};
use super::flight::FetchJob;
use super::policy::RefreshPolicy;
use super::rate_limit::Urgency;
use super::{CachePolicy, Upstream};

/// Minimum time between two checks of an entry.
const MIN_CHECK_INTERVAL: Duration = Duration::from_millis(20);

/// The next step of a refresh task.
#[derive(Debug, PartialEq, Eq)]
enum Action {
    Fetch,
    CheckAgainIn(Duration),
    Stop,
}

/// Whether a response is refreshed in the background at all. A one-off request is not expected
/// again, and neither is a URL that contains the time (it has a `question`).
pub(super) fn is_refreshable(request: &Request, cache_policy: CachePolicy) -> bool {
    cache_policy != CachePolicy::OneOff && request.stale_key.is_none()
}

impl Upstream {
    /// Starts the refresh task of an entry.
    pub(super) fn spawn_refresh_task(self: &Arc<Self>, entry: &Arc<CacheEntry>, request: &Request) {
        tokio::spawn(refresh(Arc::downgrade(self), Arc::downgrade(entry), request.clone()));
    }
}

async fn refresh(upstream: Weak<Upstream>, entry: Weak<CacheEntry>, request: Request) {
    loop {
        let (Some(upstream), Some(entry)) = (upstream.upgrade(), entry.upgrade()) else { return };
        let wait = {
            let mut state = entry.state();
            match next_action(&state, &request, &upstream.policy.background_refresh) {
                Action::Stop => {
                    state.has_refresh_task = false;
                    return;
                }
                Action::Fetch => {
                    // The widget may have left the catalogue since the last request, or declare
                    // other hosts.
                    let Some(hosts) = upstream.host_policy.hosts_of_widget(&request.widget) else {
                        state.has_refresh_task = false;
                        return;
                    };
                    let (request, urgency) = (request.clone(), Urgency::Background);
                    let job = FetchJob { hosts, request, urgency, client: None };
                    state.flight = Some(upstream.start_flight(&entry, job));
                    upstream.policy.background_refresh.min_age
                }
                Action::CheckAgainIn(wait) => wait.max(MIN_CHECK_INTERVAL),
            }
        };
        drop((upstream, entry));
        tokio::time::sleep(wait).await;
    }
}

fn next_action(state: &EntryState, request: &Request, policy: &RefreshPolicy) -> Action {
    let idle = state.last_used.map_or(Duration::MAX, |last_used| last_used.elapsed());
    let max_idle = if request.personal || request.user_supplied_url {
        policy.max_idle_personal
    } else {
        policy.max_idle
    };
    if idle > max_idle {
        return Action::Stop;
    }
    let Some(stored) = state.stored.as_ref().filter(|_| state.in_flight().is_none()) else {
        return Action::CheckAgainIn(policy.min_age);
    };
    if let Some(last) = &state.last_failure
        && let Some(wait) = last.retry_at.checked_duration_since(Instant::now())
        && !wait.is_zero()
    {
        return Action::CheckAgainIn(wait);
    }
    let interval = stored.response.refresh_age(request).max(policy.min_age);
    match wait_until_due(stored.response.age(), idle, interval) {
        Duration::ZERO => Action::Fetch,
        wait => Action::CheckAgainIn(wait),
    }
}

/// How long a refresh can still wait. A response in use is due once its age reaches `interval`; one
/// that has been idle for longer is due once its age reaches half of its idle time, so it is
/// refreshed ever more rarely.
fn wait_until_due(age: Duration, idle: Duration, interval: Duration) -> Duration {
    // Age and idle time grow together: after this wait, the age is half of the idle time.
    let until_half = idle.saturating_sub(age * 2);
    // A request may end the idle time, so never wait for longer than the interval.
    interval.saturating_sub(age).max(until_half.min(interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// When a response with this refresh interval is refreshed within a day after its last use, in
    /// minutes, if each check is as late as allowed.
    fn fetches(interval: Duration) -> Vec<u64> {
        let (mut now, mut fetched) = (Duration::ZERO, Duration::ZERO);
        let mut fetches = Vec::new();
        while now < 24 * 60 * MINUTE {
            match wait_until_due(now - fetched, now, interval) {
                Duration::ZERO => {
                    fetched = now;
                    fetches.push(now.as_secs() / 60);
                }
                wait => now += wait,
            }
        }
        fetches
    }

    #[test]
    fn refreshes_become_rarer_the_longer_a_response_is_idle() {
        assert_eq!(fetches(MINUTE), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
        assert_eq!(fetches(60 * MINUTE), [60, 120, 240, 480, 960]);
        assert_eq!(fetches(48 * 60 * MINUTE), [0; 0]);
    }

    #[test]
    fn a_wait_never_exceeds_the_interval() {
        for (age, idle) in [(0, 0), (0, 600), (10, 1_000), (59, 100_000)] {
            let (age, idle) = (Duration::from_secs(age), Duration::from_secs(idle));
            let wait = wait_until_due(age, idle, MINUTE);
            assert!(!wait.is_zero() && wait <= MINUTE, "{age:?} {idle:?}: {wait:?}");
        }
        assert_eq!(wait_until_due(MINUTE, Duration::ZERO, MINUTE), Duration::ZERO);
    }
}
