//! Guest retention: guests inactive for 90 days are deleted with their data. Last-seen times are
//! recorded in memory and written in batches, so that reading a page writes nothing.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};

use super::{Store, StoreError};

/// Guests not seen for this long are deleted. The cookie has the same lifetime; the margin of an
/// hour ensures that it expires first.
pub const GUEST_RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);
const COOKIE_MARGIN: SignedDuration = SignedDuration::from_hours(1);
/// A last-seen time is updated only when the stored one is older than this.
pub(super) const UPDATE_INTERVAL: SignedDuration = SignedDuration::from_hours(6);
/// The maximum number of last-seen times in memory; reached only in a long outage.
const MAX_PENDING: usize = 50_000;
/// Batches are small, so that edits wait for the writer at most a few milliseconds.
const UPDATES_PER_BATCH: usize = 200;
const DELETIONS_PER_BATCH: usize = 20;
const BATCH_PAUSE: Duration = Duration::from_millis(20);

/// Last-seen times that are not written yet: citizen id to seconds since 1970 (UTC).
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

    /// Keeps entries that changed since: the guest may have come again meanwhile.
    fn remove_written(&self, written: &[(String, i64)]) {
        let mut pending = self.lock();
        for (citizen, at) in written {
            if pending.get(citizen) == Some(at) {
                pending.remove(citizen);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        // Every state that a panic can leave is a valid map.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// Writes the pending last-seen times.
    ///
    /// # Errors
    /// When the database fails. What is not written stays pending.
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

    /// Deletes the guests that were not seen for [`GUEST_RETENTION`] before `now`, in batches.
    /// Returns their number.
    ///
    /// # Errors
    /// When the database fails. Batches deleted by then stay deleted.
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
                        // Boards, changes and submissions are deleted by `on delete cascade`.
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
