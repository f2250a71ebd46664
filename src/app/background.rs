//! The periodic task of the application.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::AppState;

/// Interval of the task: the delay until a service's outage or recovery is on disk, and until a
/// change of the list of paused services or of the site's files is seen.
const INTERVAL: Duration = Duration::from_secs(2);
/// Every this many intervals, which is once a minute, the statistics of services are saved as well.
const INTERVALS_PER_STATISTICS: u32 = 30;

/// Starts the task. It ends when the state is dropped.
pub(super) fn start(state: &Arc<AppState>) {
    let state: Weak<AppState> = Arc::downgrade(state);
    tokio::spawn(async move {
        let mut intervals: u32 = 0;
        loop {
            tokio::time::sleep(INTERVAL).await;
            let Some(state) = state.upgrade() else { return };
            intervals = intervals.wrapping_add(1);
            let with_statistics = intervals.is_multiple_of(INTERVALS_PER_STATISTICS);
            let done = tokio::task::spawn_blocking(move || {
                state.paused.poll();
                state.assets.poll();
                state.metrics.run_upkeep();
                state.upstream.health().save(with_statistics);
            });
            if let Err(error) = done.await {
                tracing::error!(%error, "background task panicked");
            }
        }
    });
}
