//! When guests were seen last: noted in memory, written a little later for many at once, and what becomes of guests who stay away.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};

use super::{Store, StoreError};

/// A guest who was not seen for so long is removed. The cookie lives as long; the hour more makes sure that it has ended by then.
pub const GUEST_RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);
const GRACE: SignedDuration = SignedDuration::from_hours(1);
/// Visits within this time of one that was noted are not noted.
pub(super) const SEEN_EVERY: SignedDuration = SignedDuration::from_hours(6);
/// So many visits wait at most to be written. More come only when nothing can be written for long.
const MOST_NOTED: usize = 50_000;
/// So many are written, or removed, between edits.
const WRITTEN_AT_ONCE: usize = 200;
const REMOVED_AT_ONCE: usize = 20;
/// Between two such times.
const PAUSE: Duration = Duration::from_millis(20);

/// The visits that are not written yet: who, and when (seconds since 1970).
#[derive(Default)]
pub(super) struct LastSeen(Mutex<HashMap<String, i64>>);

impl LastSeen {
    pub fn note(&self, citizen: &str, now: Timestamp) {
        let mut visits = self.lock();
        if visits.len() < MOST_NOTED || visits.contains_key(citizen) {
            visits.insert(citizen.to_owned(), now.as_second());
        }
    }

    fn waits(&self, citizen: &str) -> bool {
        self.lock().contains_key(citizen)
    }

    fn some(&self) -> Vec<(String, i64)> {
        let visits = self.lock();
        visits.iter().take(WRITTEN_AT_ONCE).map(|(who, at)| (who.clone(), *at)).collect()
    }

    /// Only what was written may go: a guest may have come again meanwhile.
    fn forget(&self, written: &[(String, i64)]) {
        let mut visits = self.lock();
        for (who, at) in written {
            if visits.get(who) == Some(at) {
                visits.remove(who);
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
    pub async fn write_visits(&self) -> Result<(), StoreError> {
        loop {
            let visits = self.visits.some();
            if visits.is_empty() {
                return Ok(());
            }
            let written = visits.clone();
            let work = self.writer.write(|connection| {
                async move {
                    for (citizen, at) in visits {
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
            self.visits.forget(&written);
        }
    }

    /// Removes the guests who were not seen for [`GUEST_RETENTION`], with all that is theirs, a few at a time. Gives how many.
    ///
    /// # Errors
    /// When the database fails. Those who were removed by then stay so.
    pub async fn remove_guests(&self, now: Timestamp) -> Result<u64, StoreError> {
        let seen_before = (now - GUEST_RETENTION - GRACE).as_second();
        let mut removed = 0;
        loop {
            self.write_visits().await?;
            let gone: Vec<String> = self.reading.note(
                sqlx::query_scalar(
                    "select id from citizen where seen_at < $1 order by seen_at limit $2",
                )
                .bind(seen_before)
                .bind(REMOVED_AT_ONCE as i64)
                .fetch_all(&*self.database.readers())
                .await,
            )?;
            let gone: Vec<String> =
                gone.into_iter().filter(|citizen| !self.visits.waits(citizen)).collect();
            if gone.is_empty() {
                return Ok(removed);
            }
            let count = self.writer.write(move |connection| {
                async move {
                    let mut count = 0;
                    for citizen in gone {
                        // The rest goes with it: what is a citizen's refers to them.
                        let deleted =
                            sqlx::query("delete from citizen where id = $1 and seen_at < $2")
                                .bind(citizen)
                                .bind(seen_before)
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
            tokio::time::sleep(PAUSE).await;
        }
    }
}
