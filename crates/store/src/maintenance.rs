//! What the store does by itself while the server runs.

use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Store;

/// Visits are written so often. A kill loses those since the last time, which is no matter: they are noted again at the next visit.
const VISITS_WRITTEN_EVERY: Duration = Duration::from_secs(2);
/// During an outage it is tried so often whether it is over.
const TRIED_EVERY: Duration = Duration::from_secs(5);
/// Guests who stayed away are removed so often.
const GUESTS_REMOVED_EVERY: Duration = Duration::from_secs(60 * 60);

/// Starts it; it goes on until it is aborted.
pub(super) fn start(store: Store) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(write_visits(&store), try_again(&store), remove_guests(&store));
    })
}

async fn write_visits(store: &Store) {
    let mut times = every(VISITS_WRITTEN_EVERY);
    loop {
        times.tick().await;
        // While nothing can be written, only that is tried.
        if !store.writer.outages.lasts()
            && let Err(problem) = store.write_visits().await
        {
            tracing::debug!(%problem, "visits are not written");
        }
    }
}

async fn try_again(store: &Store) {
    let mut times = every(TRIED_EVERY);
    loop {
        times.tick().await;
        if store.writer.outages.lasts()
            && let Err(problem) = store.try_to_write().await
        {
            tracing::debug!(%problem, "the store still cannot be written");
        }
    }
}

async fn remove_guests(store: &Store) {
    let mut times = every(GUESTS_REMOVED_EVERY);
    loop {
        times.tick().await;
        let began = Instant::now();
        match store.remove_guests(Timestamp::now()).await {
            Ok(0) => {}
            Ok(count) => {
                let seconds = began.elapsed().as_secs();
                tracing::info!(count, seconds, "guests who stayed away were removed");
            }
            Err(problem) => tracing::warn!(%problem, "guests who stayed away are not removed"),
        }
    }
}

fn every(period: Duration) -> tokio::time::Interval {
    let mut times = interval(period);
    times.set_missed_tick_behavior(MissedTickBehavior::Delay);
    times
}
