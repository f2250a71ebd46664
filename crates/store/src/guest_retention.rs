//! Guest retention: guests inactive for 90 days are deleted with their data. Last-seen times are
//! recorded in memory and written in batches, so that reading a page writes nothing.
//!
//! A wrong clock must not erase boards. A guest is deleted only when the clock has been steady for
//! hours, and when, beside the date, the server itself has run on 90 days since the last visit. A
//! clock that jumps ahead adds one such day and not ninety; so does a long pause of the server.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use jiff::{SignedDuration, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::clock::{SECONDS_PER_DAY, day_of};
use super::{Store, StoreError};

/// Guests not seen for this long are deleted. The cookie has the same lifetime; the margin of an
/// hour ensures that it expires first.
pub const GUEST_RETENTION: SignedDuration = SignedDuration::from_hours(90 * 24);
const RETENTION_DAYS: i64 = 90;
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

/// Whether the days on which a server ran speak for the present date.
struct ObservedDays {
    /// The number of observed days among the last ninety.
    past: i64,
    /// The number of observed days that are still to come.
    future: i64,
    newest: Option<i64>,
}

impl ObservedDays {
    async fn read(connection: &mut SqliteConnection, now: Timestamp) -> Result<Self, sqlx::Error> {
        let today = day_of(now);
        let row = sqlx::query(
            "select (select count(*) from observed_day where day > $1 and day <= $2) as past,
                    (select count(*) from observed_day where day > $2) as future,
                    (select max(day) from observed_day) as newest",
        )
        .bind(today.saturating_sub(RETENTION_DAYS))
        .bind(today)
        .fetch_one(connection)
        .await?;
        Ok(ObservedDays {
            past: row.try_get("past")?,
            future: row.try_get("future")?,
            newest: row.try_get("newest")?,
        })
    }

    /// Whether the clock is behind: the server ran on more days after today than before it. A
    /// clock that was ahead for a while leaves fewer days than it has run on since.
    fn is_clock_behind(&self) -> bool {
        self.future > 0 && self.future >= self.past
    }
}

/// The time to store for a visit, in seconds since 1970: now, or the newest observed day when the
/// clock is behind that. A guest who comes before the clock is set is not a guest of 1970.
pub(super) async fn time_of_visit(
    connection: &mut SqliteConnection,
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    let days = ObservedDays::read(connection, now).await?;
    let floor = days.newest.filter(|_| days.is_clock_behind());
    let floor = floor.map_or(i64::MIN, |day| day.saturating_mul(SECONDS_PER_DAY));
    Ok(now.as_second().max(floor))
}

/// Guests whose last visit is too long ago by the date, and those that may be deleted.
struct Cutoffs {
    /// By the date alone.
    by_date: i64,
    /// Also by the number of observed days since; `None` when there are too few.
    confirmed: Option<i64>,
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
            let (written, now) = (updates.clone(), self.clock.now());
            let work = self.writer.write(move |connection| {
                async move {
                    let floor = time_of_visit(connection, now).await?;
                    // A clock that is right adds nothing to what was recorded.
                    let floor = if floor > now.as_second() { floor } else { i64::MIN };
                    for (citizen, at) in updates {
                        sqlx::query("update citizen set seen_at = max(seen_at, $1) where id = $2")
                            .bind(at.max(floor))
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

    /// Compares the clocks, and records the present day once the server has run on it for long
    /// enough. Call it every [`OBSERVATION_INTERVAL`](super::clock::OBSERVATION_INTERVAL).
    pub(super) async fn observe_clock(&self) -> Result<(), StoreError> {
        let (now, monotonic) = (self.clock.now(), self.clock.monotonic());
        let observed = self.clock_watch().observe(now, monotonic);
        let Some(day) = observed.filter(|day| self.recorded_day.load(Ordering::Relaxed) != *day)
        else {
            return Ok(());
        };
        let work = self.writer.write(move |connection| {
            async move {
                sqlx::query("insert into observed_day (day) values ($1) on conflict do nothing")
                    .bind(day)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        });
        work.await?;
        self.recorded_day.store(day, Ordering::Relaxed);
        Ok(())
    }

    /// Deletes the guests that were not seen for [`GUEST_RETENTION`], in batches, and returns their
    /// number. Deletes nothing until the clock has been steady for hours, and keeps a guest as long
    /// as the server has run on fewer days since the last visit.
    ///
    /// # Errors
    /// When the database fails. Batches deleted by then stay deleted.
    pub async fn delete_inactive_guests(&self) -> Result<u64, StoreError> {
        self.flush_last_seen().await?;
        let now = self.clock.now();
        let mut reader = self.read_outages.record(self.database.readers().acquire().await)?;
        let days = self.read_outages.record(ObservedDays::read(&mut reader, now).await)?;
        let cutoffs = self.read_outages.record(cutoffs(&mut reader, now).await)?;
        self.log_kept_guests(&mut reader, now, &days, &cutoffs).await?;
        drop(reader);
        if !self.clock_watch().is_steady() {
            return Ok(0);
        }
        if !days.is_clock_behind() {
            self.repair_future_visits(now).await?;
        }
        match cutoffs.confirmed {
            Some(cutoff) => self.delete_guests_seen_before(cutoff).await,
            None => Ok(0),
        }
    }

    async fn delete_guests_seen_before(&self, cutoff: i64) -> Result<u64, StoreError> {
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

    /// Visits of a clock that was far ahead count as visits of today: otherwise a visit in 2040
    /// would keep a guest until then. Those of less than a retention period ahead expire by
    /// themselves; lowering them might be the mistake of a clock that is behind.
    async fn repair_future_visits(&self, now: Timestamp) -> Result<(), StoreError> {
        let now = now.as_second();
        let implausible = now.saturating_add(GUEST_RETENTION.as_secs());
        let mut repaired = 0;
        loop {
            let count = self.writer.write(move |connection| {
                async move {
                    let repaired = sqlx::query(
                        "update citizen set seen_at = $1 where id in
                             (select id from citizen where seen_at > $2 limit $3)",
                    )
                    .bind(now)
                    .bind(implausible)
                    .bind(UPDATES_PER_BATCH as i64)
                    .execute(connection)
                    .await?;
                    Ok(repaired.rows_affected())
                }
                .boxed()
            });
            let count = count.await?;
            if count == 0 {
                break;
            }
            repaired += count;
            tokio::time::sleep(BATCH_PAUSE).await;
        }
        if repaired > 0 {
            tracing::warn!(count = repaired, "visits in the future counted as visits of today");
        }
        Ok(())
    }

    /// Says once that guests are kept although the date says otherwise: the clock may be wrong.
    async fn log_kept_guests(
        &self,
        connection: &mut SqliteConnection,
        now: Timestamp,
        days: &ObservedDays,
        cutoffs: &Cutoffs,
    ) -> Result<(), StoreError> {
        let kept = sqlx::query(
            "select count(*) as kept, (select max(seen_at) from citizen) as newest
             from citizen where seen_at < $1 and seen_at >= $2",
        )
        .bind(cutoffs.by_date)
        .bind(cutoffs.confirmed.unwrap_or(i64::MIN))
        .fetch_one(connection)
        .await;
        let row = self.read_outages.record(kept)?;
        let guests: i64 = row.try_get("kept")?;
        let is_behind = days.is_clock_behind();
        let is_new = !self.kept_logged.swap(guests > 0 || is_behind, Ordering::Relaxed);
        if is_new && (guests > 0 || is_behind) {
            let newest: Option<i64> = row.try_get("newest")?;
            let newest_visit =
                newest.and_then(|at| Timestamp::from_second(at).ok()).unwrap_or_default();
            tracing::warn!(
                %now,
                %newest_visit,
                guests,
                days_observed = days.past,
                days_in_the_future = days.future,
                "inactive guests are kept until the server has run for as many days: check the clock"
            );
        }
        Ok(())
    }
}

async fn cutoffs(
    connection: &mut SqliteConnection,
    now: Timestamp,
) -> Result<Cutoffs, sqlx::Error> {
    let retention = GUEST_RETENTION.as_secs().saturating_add(COOKIE_MARGIN.as_secs());
    let by_date = now.as_second().saturating_sub(retention);
    // A guest who was last seen on this day was not seen on the ninety observed days after it.
    let day: Option<i64> = sqlx::query_scalar(
        "select day from observed_day where day <= $1 order by day desc limit 1 offset $2",
    )
    .bind(day_of(now))
    .bind(RETENTION_DAYS)
    .fetch_optional(connection)
    .await?;
    let end_of_day = |day: i64| day.saturating_add(1).saturating_mul(SECONDS_PER_DAY);
    Ok(Cutoffs { by_date, confirmed: day.map(|day| by_date.min(end_of_day(day))) })
}
