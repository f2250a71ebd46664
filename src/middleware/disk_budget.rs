//! The disk space that one client may fill, so that nobody fills the disk alone.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use voordeur_fair_queue::ClientKey;

use super::DEFAULT_VISITS_PER_MINUTE;

/// The bytes that a client may fill at once: a school of 2,000 behind one address that opens its pages for
/// the first time, each with ten edits, fills some 20 MB.
const BURST_BYTES: u64 = 40_000_000;
/// The bytes that it may fill each day afterwards. Together that is 50 MB on the first day.
const BYTES_PER_DAY: u64 = 10_000_000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The least time between two sweeps, which forget clients that have all of their space.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60);

/// The disk space of all clients. It is counted in memory, and kept about a client for as long as
/// some of it is used: four days at most.
pub struct DiskBudget {
    /// The bytes that a client may use at once and a day; `None` without a limit.
    limits: Option<Limits>,
    clients: Mutex<Clients>,
}

#[derive(Clone, Copy)]
struct Limits {
    burst: u64,
    per_day: u64,
}

#[derive(Default)]
struct Clients {
    used: HashMap<IpAddr, Account>,
    swept: Option<Instant>,
}

struct Account {
    used: u64,
    at: Instant,
}

impl Account {
    /// Gives back what the time since the last call allows.
    fn recover(&mut self, limits: Limits, now: Instant) {
        let elapsed = now.saturating_duration_since(self.at);
        let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let day = u64::try_from(DAY.as_millis()).unwrap_or(u64::MAX);
        let bytes = limits.per_day.saturating_mul(millis) / day;
        // Shorter times than a byte takes add up.
        if bytes > 0 {
            self.used = self.used.saturating_sub(bytes);
            self.at = now;
        }
    }
}

/// Space that is set aside for one change. All of it counts as used until it is settled: a change
/// completes also when the client has disconnected and nobody is left to settle it.
#[must_use]
pub struct Reservation<'a> {
    budget: &'a DiskBudget,
    client: Option<IpAddr>,
    bytes: u64,
}

impl Reservation<'_> {
    /// Keeps what was used, and gives back the rest.
    pub fn settle(self, used: u64) {
        let Some(client) = self.client else { return };
        if let Some(account) = self.budget.lock().used.get_mut(&client) {
            account.used = account.used.saturating_sub(self.bytes.saturating_sub(used));
        }
    }
}

impl DiskBudget {
    /// The budget beside a limit of visits per minute: more visits may fill more, and no limit of
    /// visits means no limit here.
    pub fn beside_visits_per_minute(visits: u32) -> Self {
        let scaled = |bytes: u64| {
            let more =
                bytes.saturating_mul(u64::from(visits)) / u64::from(DEFAULT_VISITS_PER_MINUTE);
            more.max(bytes)
        };
        let limits = Limits { burst: scaled(BURST_BYTES), per_day: scaled(BYTES_PER_DAY) };
        DiskBudget { limits: (visits > 0).then_some(limits), clients: Mutex::default() }
    }

    /// Sets space aside for a change of a client.
    ///
    /// # Errors
    /// The time until that much space is there again.
    pub fn reserve(&self, client: ClientKey, bytes: u64) -> Result<Reservation<'_>, Duration> {
        self.reserve_at(client, bytes, Instant::now())
    }

    fn reserve_at(
        &self,
        client: ClientKey,
        bytes: u64,
        now: Instant,
    ) -> Result<Reservation<'_>, Duration> {
        let (Some(limits), Some(client)) = (self.limits, client) else {
            return Ok(Reservation { budget: self, client: None, bytes });
        };
        let mut clients = self.lock();
        let since_sweep = now.saturating_duration_since(*clients.swept.get_or_insert(now));
        if since_sweep >= SWEEP_INTERVAL {
            clients.swept = Some(now);
            clients.used.retain(|_, account| {
                account.recover(limits, now);
                account.used > 0
            });
        }
        let account = clients.used.entry(client).or_insert(Account { used: 0, at: now });
        account.recover(limits, now);
        let wanted = account.used.saturating_add(bytes);
        if wanted > limits.burst {
            let over = Duration::from_secs(wanted.saturating_sub(limits.burst));
            let bytes_per_second = (limits.per_day / DAY.as_secs()).max(1);
            let wait = over / u32::try_from(bytes_per_second).unwrap_or(u32::MAX);
            return Err(wait.min(DAY));
        }
        account.used = wanted;
        Ok(Reservation { budget: self, client: Some(client), bytes })
    }

    fn lock(&self) -> MutexGuard<'_, Clients> {
        // Every state that a panic can leave is a valid map.
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u32) -> ClientKey {
        Some(IpAddr::from(number.to_be_bytes()))
    }

    fn budget() -> DiskBudget {
        DiskBudget::beside_visits_per_minute(DEFAULT_VISITS_PER_MINUTE)
    }

    /// Reserves as often as possible during a time, with attempts at this interval.
    fn fill(budget: &DiskBudget, bytes: u64, time: Duration, interval: Duration) -> u64 {
        let start = Instant::now();
        let mut filled = 0;
        let mut at = Duration::ZERO;
        while at <= time {
            while let Ok(reservation) = budget.reserve_at(client(1), bytes, start + at) {
                reservation.settle(bytes);
                filled += bytes;
            }
            at += interval;
        }
        filled
    }

    #[test]
    fn a_client_that_never_stops_fills_fifty_megabytes_on_the_first_day() {
        for (bytes, interval) in [(4_096, 60), (200_000, 600), (4_096, 7)] {
            let filled = fill(&budget(), bytes, DAY, Duration::from_secs(interval));
            assert!(filled <= 50_000_000, "{filled}");
            assert!(filled > 49_000_000, "{filled}: no less than the limit");
        }
    }

    #[test]
    fn another_client_has_space_of_its_own() {
        let budget = budget();
        budget.reserve(client(1), BURST_BYTES).expect("space").settle(BURST_BYTES);
        let wait = budget.reserve(client(1), 4_096).err().expect("none left");
        assert!(wait > Duration::from_secs(10) && wait < Duration::from_secs(60), "{wait:?}");
        assert!(budget.reserve(client(2), 4_096).is_ok());
        // A client that is unknown, as in a test without connections, has no limit.
        assert!(budget.reserve(None, u64::MAX).is_ok());
    }

    #[test]
    fn what_is_reserved_and_not_used_is_given_back_when_it_is_settled() {
        let budget = budget();
        // One moment, so that nothing is recovered meanwhile.
        let now = Instant::now();
        let reserve = |bytes| budget.reserve_at(client(1), bytes, now);
        let left = BURST_BYTES - 10_000;
        for _ in 0..1_000 {
            reserve(left).expect("space").settle(0);
            reserve(left / 2).expect("space").settle(10);
        }
        assert!(reserve(left + 5_000).is_err());
        // A client that disconnects before its change is done has used what was set aside.
        drop(reserve(left).expect("space"));
        assert!(reserve(5_000).is_err());
    }

    #[test]
    fn clients_that_recovered_are_forgotten() {
        let budget = budget();
        let start = Instant::now();
        for number in 0..10_000 {
            budget.reserve_at(client(number), 4_096, start).expect("space").settle(4_096);
        }
        assert_eq!(budget.lock().used.len(), 10_000);
        let later = budget.reserve_at(client(0), 1, start + SWEEP_INTERVAL);
        later.expect("space").settle(1);
        assert_eq!(budget.lock().used.len(), 1, "a minute gives a guest back");
    }

    #[test]
    fn more_visits_may_fill_more_and_no_limit_of_visits_is_none_here() {
        let twice = DiskBudget::beside_visits_per_minute(2 * DEFAULT_VISITS_PER_MINUTE);
        assert!(twice.reserve(client(1), 2 * BURST_BYTES).is_ok());
        assert!(twice.reserve(client(2), 2 * BURST_BYTES + 1).is_err());
        let fewer = DiskBudget::beside_visits_per_minute(40);
        assert!(fewer.reserve(client(1), BURST_BYTES).is_ok());
        let none = DiskBudget::beside_visits_per_minute(0);
        assert!(none.reserve(client(1), u64::MAX).is_ok());
    }
}
