//! What is done by itself every few seconds for as long as the application is there.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::app::AppState;

/// That a service went down or returned is on disk after this long.
const PAUSE: Duration = Duration::from_secs(2);
/// Figures of services are on disk after so many pauses: a minute.
const PAUSES_UNTIL_FIGURES: u32 = 30;

/// Starts it. It ends with the rooms.
pub(crate) fn start(rooms: &Arc<AppState>) {
    let rooms: Weak<AppState> = Arc::downgrade(rooms);
    tokio::spawn(async move {
        let mut pauses: u32 = 0;
        loop {
            tokio::time::sleep(PAUSE).await;
            let Some(rooms) = rooms.upgrade() else { return };
            pauses = pauses.wrapping_add(1);
            let figures = pauses.is_multiple_of(PAUSES_UNTIL_FIGURES);
            let done = tokio::task::spawn_blocking(move || {
                rooms.metrics.tidy();
                rooms.upstream.health().save(figures);
            });
            if let Err(error) = done.await {
                tracing::error!(%error, "the upkeep failed");
            }
        }
    });
}
