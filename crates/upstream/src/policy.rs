use std::time::Duration;

use voordeur_widget_api::Limits;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How patient the hub is.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// No service is waited for longer than this.
    pub flight: Duration,
    /// After a failure a request is not made again for about this long; after each further one for twice as long.
    pub pause_after_failure: Duration,
    /// The pause does not become longer than this.
    pub longest_pause: Duration,
    /// Whoever asks for the newest gets an answer that is no older than this without a flight.
    pub new_enough: Duration,
    /// What one host is asked to bear.
    pub host: HostLimits,
    /// To the hosts of citizens' own addresses, all together, so many flights are under way at once: anybody can name ever more hosts.
    pub own_flights: usize,
    /// What is refreshed by itself.
    pub refreshing: Refreshing,
}

/// What one host is asked to bear, by all citizens together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostLimits {
    /// A flight starts no sooner than this after the one before it, once the burst is used up.
    pub interval: Duration,
    /// So many flights may start without an interval after a quiet time.
    pub burst: u32,
    /// So many flights are under way at once.
    pub flights: usize,
    /// A flight waits no longer than this for its turn.
    pub longest_wait: Duration,
    /// After so many failures in a row, by its own fault, the host is left to rest.
    pub failures: u32,
    /// The first rest; each one that does not help is followed by one twice as long.
    pub first_rest: Duration,
    /// The longest rest that we decide on.
    pub longest_rest: Duration,
    /// The longest rest that a host can ask for (`Retry-After`).
    pub longest_asked_rest: Duration,
}

/// What is refreshed by itself, without a citizen who waits for it.
#[derive(Clone, Copy, Debug)]
pub struct Refreshing {
    /// What nobody wanted for this long is not refreshed.
    pub longest_unwanted: Duration,
    /// The same for what was asked with something personal, or at a citizen's own address: it is asked for whoever is there, not in advance.
    pub longest_unwanted_personal: Duration,
    /// Nothing younger than this is refreshed, whatever its manifest says.
    pub least_age: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            flight: Duration::from_secs(12),
            pause_after_failure: Duration::from_secs(20),
            longest_pause: 10 * MINUTE,
            new_enough: Duration::from_secs(10),
            host: HostLimits::default(),
            own_flights: 200,
            refreshing: Refreshing::default(),
        }
    }
}

impl HostLimits {
    /// The same, where a manifest says no less.
    pub(super) fn no_more_than(self, limits: Limits) -> Self {
        let interval = limits.per_second.and_then(|rate| {
            // Overflows for nothing that a manifest can say.
            Duration::try_from_secs_f64(rate.recip()).ok()
        });
        let flights = limits.concurrent.and_then(|concurrent| usize::try_from(concurrent).ok());
        HostLimits {
            interval: interval.map_or(self.interval, |interval| interval.max(self.interval)),
            burst: limits.burst.map_or(self.burst, |burst| burst.min(self.burst)),
            flights: flights.map_or(self.flights, |flights| flights.min(self.flights)),
            ..self
        }
    }
}

impl Default for HostLimits {
    fn default() -> Self {
        HostLimits {
            interval: Duration::from_secs_f64(Limits::MAX_PER_SECOND.recip()),
            burst: Limits::MAX_BURST,
            flights: Limits::MAX_CONCURRENT as usize,
            longest_wait: MINUTE,
            failures: 5,
            first_rest: Duration::from_secs(5),
            longest_rest: 10 * MINUTE,
            longest_asked_rest: HOUR,
        }
    }
}

impl Default for Refreshing {
    fn default() -> Self {
        Refreshing {
            longest_unwanted: 24 * HOUR,
            longest_unwanted_personal: HOUR,
            least_age: Duration::from_secs(10),
        }
    }
}
