use std::time::Duration;

use voordeur_widget_api::Limits;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Timeouts, retry delays and limits.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Total time that the hosts of one flight may take, without the time in their queues.
    pub flight_timeout: Duration,
    /// How long a failed request waits before it is retried; doubled with each consecutive failure.
    pub first_retry_delay: Duration,
    /// Upper bound of the retry delay of a request.
    pub max_retry_delay: Duration,
    /// `CachePolicy::Refresh` is served from the cache while the response is younger than this.
    pub min_refresh_age: Duration,
    /// Limits of each host.
    pub host: HostLimits,
    /// Flights in progress to all hosts of addresses given by citizens together. Anybody can name
    /// any number of hosts, so limits per host do not bound them.
    pub citizen_flights: usize,
    /// Limits of the background refresh.
    pub background_refresh: RefreshPolicy,
}

/// Limits of one host, shared by all citizens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostLimits {
    /// Minimum time between the starts of two flights, once the burst is used up.
    pub interval: Duration,
    /// Flights that may start without an interval after an idle time.
    pub burst: u32,
    /// Flights in progress at once.
    pub flights: usize,
    /// Maximum time that a flight waits in the queue.
    pub max_wait: Duration,
    /// Consecutive failures after which the circuit breaker opens. Only failures that
    /// `counts_against_host` accepts are counted.
    pub failures: u32,
    /// How long the circuit breaker stays open the first time; doubled with each failed probe.
    pub first_open_time: Duration,
    /// Upper bound of the time that the circuit breaker stays open by its own decision.
    pub max_open_time: Duration,
    /// Upper bound of the time that the circuit breaker stays open because the host asked for it
    /// with `Retry-After`.
    pub max_retry_after: Duration,
}

/// Limits of the background refresh.
#[derive(Clone, Copy, Debug)]
pub struct RefreshPolicy {
    /// A response that nobody asked for in this time is no longer refreshed.
    pub max_idle: Duration,
    /// The same for personal requests and addresses given by citizens.
    pub max_idle_personal: Duration,
    /// A response younger than this is not refreshed, whatever its manifest says.
    pub min_age: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            flight_timeout: Duration::from_secs(12),
            first_retry_delay: Duration::from_secs(20),
            max_retry_delay: 10 * MINUTE,
            min_refresh_age: Duration::from_secs(10),
            host: HostLimits::default(),
            citizen_flights: 200,
            background_refresh: RefreshPolicy::default(),
        }
    }
}

impl HostLimits {
    /// These limits, lowered to those of a manifest where it has lower ones.
    pub(super) fn lowered_to(self, limits: Limits) -> Self {
        let interval = limits.per_second.and_then(|rate| {
            // Overflows for no rate that a manifest may contain.
            Duration::try_from_secs_f64(rate.recip()).ok()
        });
        let flights = limits.concurrent.and_then(|at_once| usize::try_from(at_once).ok());
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
            max_wait: MINUTE,
            failures: 5,
            first_open_time: Duration::from_secs(5),
            max_open_time: 10 * MINUTE,
            max_retry_after: HOUR,
        }
    }
}

impl Default for RefreshPolicy {
    fn default() -> Self {
        RefreshPolicy {
            max_idle: 24 * HOUR,
            max_idle_personal: HOUR,
            min_age: Duration::from_secs(10),
        }
    }
}
