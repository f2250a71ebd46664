//! When guests were seen last: noted in memory, written a little later for many at once, and what becomes of guests who stay away.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};

use super::{Store, StoreError};

/// A guest who was not seen for so long is removed. The cookie lives as long; the hour more makes sure that it has ended by then.
pub const GUEST_RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);
const COOKIE_MARGIN: SignedDuration = SignedDuration::from_hours(1);
/// Visits within this time of one that was noted are not noted.
pub(super) const UPDATE_INTERVAL: SignedDuration = SignedDuration::from_hours(6);
/// So many visits wait at most to be written. More come only when nothing can be written for long.
const MAX_PENDING: usize = 50_000;
/// So many are written, or removed, between edits.
const UPDATES_PER_BATCH: usize = 200;
const DELETIONS_PER_BATCH: usize = 20;
/// Between two such times.
const BATCH_PAUSE: Duration = Duration::from_millis(20);

/// The visits that are not written yet: who, and when (seconds since 1970).
#[derive(Default)]
pub(super) struct LastSeen(Mutex<HashMap<String, i64>>);

impl LastSeen {
    pub fn record(&self, citizen: &str, now: Timestamp) {
        let mut pending = self.lock();
        if pending.len() < MAX_PENDING || pending.contains_key(citizen) {
            pending.insert(citizen.to_owned(), now.as_second());
        }
    }

    fn is_pending(&self, citizen: &str) -> bool {
        self.lock().contains_key(citizen)
    }

    fn next_batch(&self) -> Vec<(String, i64)> {
        let pending = self.lock();
        pending.iter().take(UPDATES_PER_BATCH).map(|(citizen, at)| (citizen.clone(), *at)).collect()
    }

    /// Only what was written may go: a guest may have come again meanwhile.
    fn remove_written(&self, written: &[(String, i64)]) {
        let mut pending = self.lock();
        for (citizen, at) in written {
            if pending.get(citizen) == Some(at) {
                pending.remove(citizen);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        // Whatever a panic left here is still a list of visits.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Writes who was seen.
    ///
    /// # Errors
    /// When the database fails; what is not written is kept for the next time.
    pub async fn flush_last_seen(&self) -> Result<(), StoreError> {
        loop {
            let updates = self.last_seen.next_batch();
            if updates.is_empty() {
                return Ok(());
            }
            let written = updates.clone();
            let work = self.writer.write(|connection| {
                async move {
                    for (citizen, at) in updates {
                        sqlx::query("update citizen set seen_at = max(seen_at, $1) where id = $2")
                            .bind(at)
                            .bind(citizen)
                            .execute(&mut *connection)
                            .await?;
                    }
                    Ok(())
                }
                .boxed()
            });
            work.await?;
            self.last_seen.remove_written(&written);
        }
    }

    /// Removes the guests who were not seen for [`GUEST_RETENTION`], with all that is theirs, a few at a time. Gives how many.
    ///
    /// # Errors
    /// When the database fails. Those who were removed by then stay so.
    pub async fn delete_inactive_guests(&self, now: Timestamp) -> Result<u64, StoreError> {
        let cutoff = (now - GUEST_RETENTION - COOKIE_MARGIN).as_second();
        let mut removed = 0;
        loop {
            self.flush_last_seen().await?;
            let inactive: Vec<String> = self.read_outages.record(
                sqlx::query_scalar(
                    "select id from citizen where seen_at < $1 order by seen_at limit $2",
                )
                .bind(cutoff)
                .bind(DELETIONS_PER_BATCH as i64)
                .fetch_all(&*self.database.readers())
                .await,
            )?;
            let inactive: Vec<String> = inactive
                .into_iter()
                .filter(|citizen| !self.last_seen.is_pending(citizen))
                .collect();
            if inactive.is_empty() {
                return Ok(removed);
            }
            let count = self.writer.write(move |connection| {
                async move {
                    let mut count = 0;
                    for citizen in inactive {
                        // The rest goes with it: what is a citizen's refers to them.
                        let deleted =
                            sqlx::query("delete from citizen where id = $1 and seen_at < $2")
                                .bind(citizen)
                                .bind(cutoff)
                                .execute(&mut *connection)
                                .await?;
                        count += deleted.rows_affected();
                    }
                    Ok(count)
                }
                .boxed()
            });
            let count = count.await?;
            metrics::counter!("voordeur_guests_removed_total").increment(count);
            removed += count;
            tokio::time::sleep(BATCH_PAUSE).await;
        }
    }
}
