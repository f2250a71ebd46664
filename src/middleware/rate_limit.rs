//! How often one client may ask.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// As many visits as one client makes in a minute when the operator says nothing. A school of 2,000 behind one address that opens its pages
/// within a minute makes 2,000 guests, some 10,000 changes and some 40,000 visits, with everything that a page loads and its cards asking again.
pub const VISITS_PER_MINUTE: u32 = 120_000;
/// A change costs more than a page: one is taken for so many visits.
const VISITS_FOR_A_CHANGE: u32 = 4;
/// A new guest is kept for months: one is taken for so many visits.
const VISITS_FOR_A_GUEST: u32 = 20;
/// After so many questions, clients that have been quiet for long enough are forgotten.
const QUESTIONS_BETWEEN_SWEEPS: u32 = 10_000;

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Read a page, load a file, have a card drawn again.
    Visit,
    /// Change something, or have a service asked.
    Change,
    /// Become a guest with a board.
    Guest,
}

/// More was asked than is allowed, by whoever shares an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimited {
    /// After how long it will be allowed.
    pub wait: Duration,
}

/// The limits of each client. Nothing is kept of one that has been quiet.
pub struct ClientLimits {
    visits: Option<Limit>,
    changes: Option<Limit>,
    guests: Option<Limit>,
}

impl ClientLimits {
    /// As many visits in a minute, from one client, also all at once; 0 is as many as come.
    pub fn per_minute(visits: u32) -> Self {
        let limit = |part: u32| {
            let most = NonZeroU32::new(visits)?;
            Some(Limit::new(NonZeroU32::new(visits / part).unwrap_or(most.min(NonZeroU32::MIN))))
        };
        ClientLimits {
            visits: limit(1),
            changes: limit(VISITS_FOR_A_CHANGE),
            guests: limit(VISITS_FOR_A_GUEST),
        }
    }

    /// Counts that a client does something.
    ///
    /// # Errors
    /// When it has done that too often.
    pub fn count(&self, asks: Asks, client: IpAddr) -> Result<(), RateLimited> {
        let limit = match asks {
            Asks::Visit => &self.visits,
            Asks::Change => &self.changes,
            Asks::Guest => &self.guests,
        };
        limit.as_ref().map_or(Ok(()), |limit| limit.count(client))
    }
}

struct Limit {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    questions: AtomicU32,
}

impl Limit {
    fn new(per_minute: NonZeroU32) -> Self {
        Limit {
            clients: RateLimiter::dashmap(Quota::per_minute(per_minute)),
            clock: DefaultClock::default(),
            questions: AtomicU32::new(0),
        }
    }

    fn count(&self, client: IpAddr) -> Result<(), RateLimited> {
        let questions = self.questions.fetch_add(1, Ordering::Relaxed);
        if questions % QUESTIONS_BETWEEN_SWEEPS == QUESTIONS_BETWEEN_SWEEPS - 1 {
            self.clients.retain_recent();
            self.clients.shrink_to_fit();
        }
        self.clients
            .check_key(&client)
            .map_err(|refusal| RateLimited { wait: refusal.wait_time_from(self.clock.now()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    #[test]
    fn one_client_is_stopped_and_another_is_not() {
        let limits = ClientLimits::per_minute(40);
        for _ in 0..2 {
            assert_eq!(limits.count(Asks::Guest, client(1)), Ok(()));
        }
        let crowd = limits.count(Asks::Guest, client(1)).expect_err("a third guest");
        assert!(crowd.wait > Duration::from_secs(20) && crowd.wait <= Duration::from_secs(30));
        assert_eq!(limits.count(Asks::Guest, client(2)), Ok(()));
        for _ in 0..10 {
            assert_eq!(limits.count(Asks::Change, client(1)), Ok(()));
        }
        assert!(limits.count(Asks::Change, client(1)).is_err());
        for _ in 0..40 {
            assert_eq!(limits.count(Asks::Visit, client(1)), Ok(()));
        }
        assert!(limits.count(Asks::Visit, client(1)).is_err());
    }

    #[test]
    fn a_school_behind_one_address_does_not_meet_them() {
        let limits = ClientLimits::per_minute(VISITS_PER_MINUTE);
        for _ in 0..2_000 {
            assert_eq!(limits.count(Asks::Guest, client(1)), Ok(()));
            for _ in 0..5 {
                assert_eq!(limits.count(Asks::Change, client(1)), Ok(()));
            }
            for _ in 0..20 {
                assert_eq!(limits.count(Asks::Visit, client(1)), Ok(()));
            }
        }
    }

    #[test]
    fn no_limit_is_none() {
        let limits = ClientLimits::per_minute(0);
        for _ in 0..1_000 {
            assert_eq!(limits.count(Asks::Guest, client(1)), Ok(()));
        }
        // The smallest limit lets one through.
        assert_eq!(ClientLimits::per_minute(1).count(Asks::Guest, client(1)), Ok(()));
    }

    #[test]
    fn quiet_clients_are_forgotten() {
        // So many a minute that a client counts as quiet within two microseconds.
        let limits = ClientLimits::per_minute(60_000_000);
        for number in 0..5 * QUESTIONS_BETWEEN_SWEEPS {
            assert_eq!(limits.count(Asks::Visit, client(number)), Ok(()));
        }
        let kept = limits.visits.expect("a limit").clients.len();
        assert!(kept <= QUESTIONS_BETWEEN_SWEEPS as usize + 100, "{kept}");
    }
}
