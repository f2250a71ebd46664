//! How long the server waits for a client: less while it is crowded.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::SharedPool;

/// In a crowd a client gets this fraction of the time. A wait that began before the crowd came ends
/// at the next of as many steps.
const STEPS: u32 = 8;

/// The time that a client may keep the server waiting.
#[derive(Clone)]
pub struct AdaptiveTimeout {
    limit: Duration,
    /// The pools of which a waiting client holds a part.
    pools: Arc<[Arc<SharedPool>]>,
}

impl AdaptiveTimeout {
    /// Waits for `limit`, and for an eighth of it while one of these pools is crowded.
    pub fn new(limit: Duration, pools: &[&Arc<SharedPool>]) -> Self {
        AdaptiveTimeout { limit, pools: pools.iter().copied().map(Arc::clone).collect() }
    }

    /// Completes when the client has kept the server waiting for too long.
    pub async fn expired(self) {
        let is_crowded = || self.pools.iter().any(|pool| pool.is_crowded());
        expired(self.limit, is_crowded, sleep).await;
    }
}

async fn expired<S: Future<Output = ()>>(
    limit: Duration,
    is_crowded: impl Fn() -> bool,
    sleep: impl Fn(Duration) -> S,
) {
    for _ in 0..STEPS {
        sleep(limit / STEPS).await;
        if is_crowded() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// The time that a client gets when the crowd comes after this many steps.
    async fn granted(crowded_after: u32) -> Duration {
        let (steps, slept) = (Cell::new(0), Cell::new(Duration::ZERO));
        let sleep = |duration| {
            steps.set(steps.get() + 1);
            slept.set(slept.get() + duration);
            std::future::ready(())
        };
        expired(Duration::from_secs(16), || steps.get() >= crowded_after, sleep).await;
        slept.get()
    }

    #[tokio::test]
    async fn a_crowd_shortens_also_a_wait_that_has_begun() {
        for (crowded_after, seconds) in [(0, 2), (1, 2), (2, 4), (5, 10), (u32::MAX, 16)] {
            assert_eq!(granted(crowded_after).await, Duration::from_secs(seconds));
        }
    }

    #[test]
    fn every_pool_counts() {
        let (connections, bytes) = (SharedPool::new(4), SharedPool::new(4));
        let timeout = AdaptiveTimeout::new(Duration::from_secs(8), &[&connections, &bytes]);
        let is_crowded = || timeout.pools.iter().any(|pool| pool.is_crowded());
        assert!(!is_crowded());
        let share = bytes.take(None, 3);
        assert!(is_crowded());
        drop(share);
        let _share = connections.take(None, 3);
        assert!(is_crowded());
    }
}
