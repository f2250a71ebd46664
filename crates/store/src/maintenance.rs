//! Background tasks of the store.

use std::error::Error;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::Store;
use super::clock::OBSERVATION_INTERVAL;

/// Last-seen times written at this interval. A crash loses those of the interval; the next visit
/// records them again.
const FLUSH_INTERVAL: Duration = Duration::from_secs(2);
/// Interval of write attempts during an outage.
const PROBE_INTERVAL: Duration = Duration::from_secs(5);
/// Inactive guests are deleted at every so many observations of the clock, which is every hour.
const OBSERVATIONS_PER_DELETION: u32 = 60;

/// Runs the tasks until the handle is aborted.
pub(super) fn start(store: Store) -> JoinHandle<()> {
    tokio::spawn(async move {
        tokio::join!(flush_last_seen(&store), probe_during_outage(&store), retain_guests(&store));
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

async fn retain_guests(store: &Store) {
    let mut ticks = ticker(OBSERVATION_INTERVAL);
    let mut observations: u32 = 0;
    loop {
        ticks.tick().await;
        if let Err(error) = store.observe_clock().await {
            tracing::debug!(error = &error as &dyn Error, "observed day not written");
        }
        if observations.is_multiple_of(OBSERVATIONS_PER_DELETION) {
            delete_inactive_guests(store).await;
        }
        observations = observations.wrapping_add(1);
    }
}

async fn delete_inactive_guests(store: &Store) {
    let began = Instant::now();
    match store.delete_inactive_guests().await {
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

fn ticker(period: Duration) -> tokio::time::Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
