//! The circuit breaker of one host: whether the host is asked at all, and for how long it is left
//! alone.
//!
//! After consecutive failures it opens. When its time is over it is half open: one flight probes
//! the host, and its result closes the breaker or opens it for twice as long. (`retry_delay` is
//! something else: it delays one failed request, whatever its host.)
//!
//! The circuit-breaker crates take no open time from outside, which `Retry-After` needs, and read a
//! clock of their own; here every method gets the time, so that all orders of events can be tested.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::FetchError;
use crate::fetch::AttemptError;
use crate::policy::HostLimits;
use crate::retry_delay::jittered;

#[derive(Debug, Default)]
pub struct CircuitBreaker {
    /// Consecutive failures.
    failures: u32,
    open: Option<OpenPeriod>,
    closed_at: Option<Instant>,
}

/// Exists from the opening of the breaker until a probe succeeds.
#[derive(Debug)]
struct OpenPeriod {
    reason: FetchError,
    /// When the breaker opened first.
    since: Timestamp,
    until: Instant,
    until_timestamp: Timestamp,
    /// Open time before jitter.
    duration: Duration,
    is_probing: bool,
}

/// A change of the breaker that a flight caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BreakerChange {
    Opened {
        reason: FetchError,
        since: Timestamp,
        until: Timestamp,
    },
    /// A probe failed, or the host asked for more time.
    Reopened {
        reason: FetchError,
        until: Timestamp,
    },
    Closed {
        /// When the breaker had opened.
        since: Timestamp,
    },
}

/// Whether a flight may start, as far as the breaker is concerned.
#[derive(Debug, PartialEq, Eq)]
pub enum BreakerState {
    Closed,
    /// One flight may start, as a probe.
    HalfOpen,
    /// A probe is in progress.
    Probing,
    Open {
        reason: FetchError,
        until: Instant,
    },
}

impl CircuitBreaker {
    pub fn state(&self, now: Instant) -> BreakerState {
        match &self.open {
            None => BreakerState::Closed,
            Some(open) if now < open.until => {
                BreakerState::Open { reason: open.reason.clone(), until: open.until }
            }
            Some(open) if open.is_probing => BreakerState::Probing,
            Some(_) => BreakerState::HalfOpen,
        }
    }

    pub fn probe_started(&mut self) {
        self.set_probing(true);
    }

    /// Records that a probe ended without a result.
    pub fn probe_abandoned(&mut self) {
        self.set_probing(false);
    }

    fn set_probing(&mut self, is_probing: bool) {
        if let Some(open) = &mut self.open {
            open.is_probing = is_probing;
        }
    }

    /// Until when the breaker is open; `None` if it is closed. In the past while it is half open.
    pub fn open_until(&self) -> Option<Timestamp> {
        self.open.as_ref().map(|open| open.until_timestamp)
    }

    /// Whether the breaker closed after a moment.
    pub fn has_closed_since(&self, moment: Instant) -> bool {
        self.closed_at.is_some_and(|closed| closed > moment)
    }

    /// Records the result of a flight.
    pub fn record(
        &mut self,
        now: Instant,
        at: Timestamp,
        was_probe: bool,
        outcome: Result<(), &AttemptError>,
        limits: &HostLimits,
    ) -> Option<BreakerChange> {
        match outcome.err().filter(|failed| counts_against_host(&failed.error)) {
            Some(failed) => self.record_failure(now, at, was_probe, failed, limits),
            None => self.record_success(now, was_probe),
        }
    }

    fn record_success(&mut self, now: Instant, was_probe: bool) -> Option<BreakerChange> {
        self.failures = 0;
        // A flight that started before the breaker opened does not close it.
        let open = self.open.take_if(|_| was_probe)?;
        self.closed_at = Some(now);
        Some(BreakerChange::Closed { since: open.since })
    }

    fn record_failure(
        &mut self,
        now: Instant,
        at: Timestamp,
        was_probe: bool,
        failed: &AttemptError,
        limits: &HostLimits,
    ) -> Option<BreakerChange> {
        let requested = failed
            .retry_after
            .filter(|requested| !requested.is_zero())
            .map(|requested| requested.min(limits.max_retry_after));
        self.failures = self.failures.saturating_add(1);
        let (previous, since) = match &self.open {
            Some(open) if was_probe => (Some(open.duration), open.since),
            // Of the flights that started before the breaker opened, only one that asks for more
            // time counts.
            Some(open) if requested.is_none_or(|requested| now + requested <= open.until) => {
                return None;
            }
            Some(open) => (Some(open.duration), open.since),
            None if requested.is_none() && self.failures < limits.failures => return None,
            None => (None, at),
        };
        let duration = requested.unwrap_or_else(|| match previous {
            Some(previous) => (previous.max(limits.first_open_time) * 2).min(limits.max_open_time),
            None => limits.first_open_time,
        });
        let chosen = if requested.is_some() { duration } else { jittered(duration) };
        let reason = failed.error.clone();
        let until = at.checked_add(chosen).unwrap_or(Timestamp::MAX);
        let was_closed = self.open.is_none();
        self.open = Some(OpenPeriod {
            reason: reason.clone(),
            since,
            until: now + chosen,
            until_timestamp: until,
            duration,
            is_probing: false,
        });
        Some(if was_closed {
            BreakerChange::Opened { reason, since, until }
        } else {
            BreakerChange::Reopened { reason, until }
        })
    }
}

/// Whether an error means that the host is failing, or wants fewer requests. A rejected or
/// unreadable response says nothing about other requests to the host.
pub fn counts_against_host(error: &FetchError) -> bool {
    match error {
        FetchError::Rejected(status) => *status == 429,
        FetchError::TooManyRedirects
        | FetchError::TooLarge(_)
        | FetchError::OverBudget(_)
        | FetchError::Unreadable(_)
        | FetchError::ChangedShape { .. }
        | FetchError::NotAFeed
        | FetchError::NotACalendar
        | FetchError::NotPublic
        | FetchError::MissingApiKey
        | FetchError::HostNotAllowed
        | FetchError::Busy
        | FetchError::NotStored
        | FetchError::Paused => false,
        FetchError::Timeout
        | FetchError::Unreachable
        | FetchError::NameNotFound
        | FetchError::Tls(_)
        | FetchError::NoPublicAddress
        | FetchError::ServerError(_) => true,
    }
}
