//! Background tasks of the store.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Store;

/// Last-seen times written at this interval. A crash loses those of the interval; the next visit
/// records them again.
const FLUSH_INTERVAL: Duration = Duration::from_secs(2);
/// Interval of write attempts during an outage.
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
/// Interval of the deletion of inactive guests.
const RETENTION_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// Runs the tasks until the handle is aborted.
pub(super) fn start(store: Store) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(
            flush_last_seen(&store),
            probe_during_outage(&store),
            delete_inactive_guests(&store)
        );
    })
}

async fn flush_last_seen(store: &Store) {
    let mut ticks = ticker(FLUSH_INTERVAL);
    loop {
        ticks.tick().await;
        // During an outage only `probe_during_outage` writes.
        if !store.writer.outages.is_ongoing()
            && let Err(error) = store.flush_last_seen().await
        {
            tracing::debug!(error = &error as &dyn Error, "last-seen times not written");
        }
    }
}

async fn probe_during_outage(store: &Store) {
    let mut ticks = ticker(PROBE_INTERVAL);
    loop {
        ticks.tick().await;
        if store.writer.outages.is_ongoing()
            && let Err(error) = store.probe_write().await
        {
            tracing::debug!(error = &error as &dyn Error, "database outage continues");
        }
    }
}

async fn delete_inactive_guests(store: &Store) {
    let mut ticks = ticker(RETENTION_INTERVAL);
    loop {
        ticks.tick().await;
        let began = Instant::now();
        match store.delete_inactive_guests(Timestamp::now()).await {
            Ok(0) => {}
            Ok(count) => {
                let seconds = began.elapsed().as_secs();
                tracing::info!(count, seconds, "inactive guests deleted");
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "inactive guests not deleted");
            }
        }
    }
}

fn ticker(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
