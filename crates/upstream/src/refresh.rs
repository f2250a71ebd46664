//! Refreshing by itself: what somebody wanted lately is fetched again before anybody has to see it stale. Each answer has a task of its own,
//! which ends when nobody wants the answer any more, when it leaves memory, and with the hub. Every answer's time is its own, so they do
//! not come in step; and every flight waits behind those that citizens wait for.

use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use voordeur_widget_api::Request;

use super::cache_entry::{CacheEntry, State};
use super::flight::FetchJob;
use super::policy::Refreshing;
use super::rate_limit::Urgency;
use super::{CachePolicy, Upstream};

/// A task does not look more often than this.
const SHORTEST_LOOK: Duration = Duration::from_millis(20);

/// What is to be done about an answer now.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Fetch,
    LookAgainIn(Duration),
    Stop,
}

/// Whether an answer is kept fresh at all. What is looked up once is not, and an address that tells the time will not be asked again.
pub(super) fn is_worth_it(request: &Request, wish: CachePolicy) -> bool {
    wish != CachePolicy::OneOff && request.stale_key.is_none()
}

impl Upstream {
    /// Keeps an answer fresh from now on, for as long as somebody wants it now and then.
    pub(super) fn keep_fresh(
        self: &Arc<Self>,
        slot: &Arc<CacheEntry>,
        hosts: &[String],
        request: &Request,
    ) {
        let (hosts, request) = (hosts.to_vec(), request.clone());
        let errand = FetchJob { hosts, request, urgency: Urgency::Unwatched, client: None };
        tokio::spawn(keep_fresh(Arc::downgrade(self), Arc::downgrade(slot), errand));
    }

    /// The hosts that the widget of an errand names now: it may have left the catalogue since somebody asked, or name others.
    fn hosts_of(&self, errand: &FetchJob) -> Option<Vec<String>> {
        match self.hosts_of.get() {
            Some(hosts_of) => hosts_of(&errand.request.widget),
            None => Some(errand.hosts.clone()),
        }
    }
}

async fn keep_fresh(upstream: Weak<Upstream>, slot: Weak<CacheEntry>, errand: FetchJob) {
    loop {
        let (Some(upstream), Some(slot)) = (upstream.upgrade(), slot.upgrade()) else { return };
        let wait = {
            let mut state = slot.state();
            match next_step(&state, &errand.request, &upstream.patience.refreshing) {
                Step::Stop => {
                    state.is_kept_fresh = false;
                    return;
                }
                Step::Fetch => {
                    let Some(hosts) = upstream.hosts_of(&errand) else {
                        state.is_kept_fresh = false;
                        return;
                    };
                    let errand = FetchJob { hosts, ..errand.clone() };
                    state.flight = Some(upstream.start_flight(&slot, errand));
                    upstream.patience.refreshing.least_age
                }
                Step::LookAgainIn(wait) => wait.max(SHORTEST_LOOK),
            }
        };
        drop((upstream, slot));
        tokio::time::sleep(wait).await;
    }
}

fn next_step(state: &State, request: &Request, bounds: &Refreshing) -> Step {
    let unwanted = state.wanted.map_or(Duration::MAX, |wanted| wanted.elapsed());
    let longest = if request.personal || request.user_supplied_url {
        bounds.longest_unwanted_personal
    } else {
        bounds.longest_unwanted
    };
    if unwanted > longest {
        return Step::Stop;
    }
    let Some(held) = state.held.as_ref().filter(|_| state.running().is_none()) else {
        return Step::LookAgainIn(bounds.least_age);
    };
    if let Some(failed) = &state.failed
        && let Some(wait) = failed.until.checked_duration_since(Instant::now())
        && !wait.is_zero()
    {
        return Step::LookAgainIn(wait);
    }
    let pace = held.known.age_to_refresh(request).max(bounds.least_age);
    match wait_until_due(held.known.age(), unwanted, pace) {
        Duration::ZERO => Step::Fetch,
        wait => Step::LookAgainIn(wait),
    }
}

/// How long an answer of an age can still wait, when nobody wanted it for some time. It is fetched again at its pace, or, when nobody was there
/// for long, when it is half as old as that: the longer it is ago, the more rarely.
fn wait_until_due(age: Duration, unwanted: Duration, pace: Duration) -> Duration {
    // Both grow while time passes: after so long the age is half of the other.
    let until_half = unwanted.saturating_sub(age * 2);
    // Somebody may want it again meanwhile, so nothing is slept through for longer than the pace.
    pace.saturating_sub(age).max(until_half.min(pace))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// When an answer of this pace is fetched, in minutes, within a day after it was last wanted, when each look is as late as it may be.
    fn fetches(pace: Duration) -> Vec<u64> {
        let (mut now, mut fetched) = (Duration::ZERO, Duration::ZERO);
        let mut fetches = Vec::new();
        while now < 24 * 60 * MINUTE {
            match wait_until_due(now - fetched, now, pace) {
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
    fn what_was_wanted_just_now_is_fetched_at_its_pace_and_ever_more_rarely_after() {
        assert_eq!(fetches(MINUTE), [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]);
        assert_eq!(fetches(60 * MINUTE), [60, 120, 240, 480, 960]);
        assert_eq!(fetches(48 * 60 * MINUTE), [0; 0]);
    }

    #[test]
    fn nothing_is_slept_through_that_somebody_may_want_again() {
        for (age, unwanted) in [(0, 0), (0, 600), (10, 1_000), (59, 100_000)] {
            let (age, unwanted) = (Duration::from_secs(age), Duration::from_secs(unwanted));
            let wait = wait_until_due(age, unwanted, MINUTE);
            assert!(!wait.is_zero() && wait <= MINUTE, "{age:?} {unwanted:?}: {wait:?}");
        }
        assert_eq!(wait_until_due(MINUTE, Duration::ZERO, MINUTE), Duration::ZERO);
    }
}
