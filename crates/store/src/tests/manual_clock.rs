//! A clock that a test sets.

use std::sync::Mutex;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::clock::{OBSERVATION_INTERVAL, STEADY_AFTER};

pub(super) const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The wall clock and the monotonic clock.
pub(super) struct ManualClock(Mutex<(Timestamp, Duration)>);

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.0.lock().expect("no panic").0
    }

    fn monotonic(&self) -> Duration {
        self.0.lock().expect("no panic").1
    }
}

impl ManualClock {
    pub fn new() -> Arc<Self> {
        let now = "2026-11-29T12:00:00Z".parse().expect("a time");
        Arc::new(ManualClock(Mutex::new((now, Duration::ZERO))))
    }

    /// Shifts the wall clock, as somebody who sets it.
    pub fn jump(&self, by: SignedDuration) {
        self.0.lock().expect("no panic").0 += by;
    }

    /// Lets time pass on both clocks.
    pub fn pass(&self, time: Duration) {
        let mut clocks = self.0.lock().expect("no panic");
        clocks.0 += time;
        clocks.1 += time;
    }

    /// Lets time pass on a server that runs.
    pub async fn run(&self, store: &Store, time: Duration) {
        let mut passed = Duration::ZERO;
        while passed < time {
            self.pass(OBSERVATION_INTERVAL);
            passed += OBSERVATION_INTERVAL;
            store.observe_clock().await.expect("writes");
        }
    }

    /// Lets a server run until the clock counts as steady.
    pub async fn wait_until_steady(&self, store: &Store) {
        self.run(store, STEADY_AFTER + OBSERVATION_INTERVAL).await;
    }

    /// Lets a server run for two hours on each of so many days.
    pub async fn run_daily(&self, store: &Store, days: u32) {
        for _ in 0..days {
            self.run(store, Duration::from_secs(2 * 60 * 60)).await;
            self.pass(Duration::from_secs(22 * 60 * 60));
        }
    }
}

#[test]
fn a_clock_is_steady_after_hours_and_a_jump_starts_anew() {
    let minutes = |number: i64| SignedDuration::from_mins(number);
    // The jump of the wall clock at each observation, and whether it stays steady.
    for (jump, is_steady) in [
        (minutes(0), true),
        (SignedDuration::from_millis(20), true),
        (minutes(91 * 24 * 60), false),
        (minutes(-6), false),
        // Half as fast again: each step is small.
        (SignedDuration::from_secs(30), false),
        (SignedDuration::from_secs(-3), false),
    ] {
        let clock = ManualClock::new();
        let mut watch = ClockWatch::default();
        for _ in 0..7 * 60 {
            clock.pass(OBSERVATION_INTERVAL);
            clock.jump(jump);
            watch.observe(clock.now(), clock.monotonic());
        }
        assert_eq!(watch.is_steady(), is_steady, "{jump:?}");
    }
}

#[test]
fn a_monotonic_clock_that_jumps_too_counts_no_more_than_the_observations() {
    let clock = ManualClock::new();
    let mut watch = ClockWatch::default();
    for _ in 0..60 {
        clock.pass(Duration::from_secs(91 * 24 * 60 * 60));
        assert_eq!(watch.observe(clock.now(), clock.monotonic()), None);
        assert!(!watch.is_steady());
    }
}

#[test]
fn a_day_is_observed_once_the_server_has_run_for_an_hour_on_it() {
    let clock = ManualClock::new();
    let mut watch = ClockWatch::default();
    let today = crate::clock::day_of(clock.now());
    let mut observed = Vec::new();
    for _ in 0..36 * 60 {
        observed.extend(watch.observe(clock.now(), clock.monotonic()));
        clock.pass(OBSERVATION_INTERVAL);
    }
    observed.dedup();
    assert_eq!(observed, [today, today + 1]);
    assert_eq!(crate::clock::day_of(Timestamp::from_second(-1).expect("a time")), -1);
}
