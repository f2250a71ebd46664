//! The clock, and how far it can be believed.
//!
//! A wall clock can be wrong by years: an empty battery, a restored virtual machine, a typing
//! error. Whatever destroys data therefore waits until the wall clock has kept pace with the
//! monotonic one for hours, and counts days on which a server ran instead of subtracting dates.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The interval at which the clocks are compared.
pub(super) const OBSERVATION_INTERVAL: Duration = Duration::from_secs(60);
/// The most time that one observation may add. Timers fire early when somebody shifts the
/// monotonic clock too, so the number of observations counts as well.
const MAX_STEP: Duration = Duration::from_secs(120);
/// The difference between the clocks beyond which the wall clock has jumped. NTP corrects seconds.
const MAX_DRIFT_SECONDS: u64 = 5 * 60;
/// The wall clock is steady when it has kept pace for this long.
pub(super) const STEADY_AFTER: Duration = Duration::from_secs(6 * 60 * 60);
/// A day counts as observed when a server ran for this long on it.
const OBSERVED_AFTER: Duration = Duration::from_secs(60 * 60);

pub(super) const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// The time, from the operating system or from a test.
pub(super) trait Clock: Send + Sync {
    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// The time since some moment, which neither jumps nor goes back.
    fn monotonic(&self) -> Duration;
}

/// The clocks of the operating system.
pub(super) struct SystemClock(Instant);

impl SystemClock {
    pub fn new() -> Self {
        SystemClock(Instant::now())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Compares the wall clock with the monotonic clock.
#[derive(Default)]
pub(super) struct ClockWatch {
    steady: Option<SteadyPeriod>,
    /// A jump was logged, and the clock was not steady since.
    jump_logged: bool,
}

/// The time since the wall clock jumped last.
struct SteadyPeriod {
    began: Timestamp,
    last_monotonic: Duration,
    /// Monotonic time since the beginning.
    lasted: Duration,
    /// The present day, and how long the server has run on it.
    day: i64,
    on_day: Duration,
}

impl SteadyPeriod {
    fn beginning(now: Timestamp, monotonic: Duration) -> Self {
        SteadyPeriod {
            began: now,
            last_monotonic: monotonic,
            lasted: Duration::ZERO,
            day: day_of(now),
            on_day: Duration::ZERO,
        }
    }
}

impl ClockWatch {
    /// Compares the clocks. Returns the present day once it counts as observed.
    pub fn observe(&mut self, now: Timestamp, monotonic: Duration) -> Option<i64> {
        let mut period =
            self.steady.take().unwrap_or_else(|| SteadyPeriod::beginning(now, monotonic));
        let step = monotonic.saturating_sub(period.last_monotonic).min(MAX_STEP);
        period.last_monotonic = monotonic;
        period.lasted = period.lasted.saturating_add(step);
        let expected = i64::try_from(period.lasted.as_secs()).unwrap_or(i64::MAX);
        let elapsed = now.as_second().saturating_sub(period.began.as_second());
        let drift = elapsed.abs_diff(expected);
        if drift > MAX_DRIFT_SECONDS {
            if !self.jump_logged {
                self.jump_logged = true;
                let seconds = elapsed.saturating_sub(expected);
                let hours = STEADY_AFTER.as_secs() / 3600;
                tracing::warn!(%now, seconds, hours, "clock jumped: nothing is deleted for hours");
            }
            period = SteadyPeriod::beginning(now, monotonic);
        }
        if period.day != day_of(now) {
            (period.day, period.on_day) = (day_of(now), Duration::ZERO);
        } else {
            period.on_day = period.on_day.saturating_add(step.min(period.lasted));
        }
        let observed = (period.on_day >= OBSERVED_AFTER).then_some(period.day);
        self.jump_logged &= period.lasted < STEADY_AFTER;
        self.steady = Some(period);
        observed
    }

    /// Whether the wall clock has kept pace for hours.
    pub fn is_steady(&self) -> bool {
        self.steady.as_ref().is_some_and(|period| period.lasted >= STEADY_AFTER)
    }
}

/// Days since 1970, UTC.
pub(super) fn day_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(SECONDS_PER_DAY)
}
