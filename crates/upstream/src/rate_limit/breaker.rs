//! Whether a host is asked at all. After failures in a row it rests; then one flight tries, and the answer to that one decides.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::backoff::jittered;
use crate::policy::HostLimits;
use crate::{AttemptError, FetchError};

/// The breaker of one host.
#[derive(Debug, Default)]
pub struct Breaker {
    failures: u32,
    rest: Option<Rest>,
    returned: Option<Instant>,
}

/// A host that is left alone.
#[derive(Debug)]
struct Rest {
    reason: FetchError,
    /// Since when.
    since: Timestamp,
    until: Instant,
    until_told: Timestamp,
    /// How long it was meant to be, before chance.
    pause: Duration,
    is_tried: bool,
}

/// What a flight that landed changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The host is left to rest.
    WentDown {
        /// What was wrong in the end.
        reason: FetchError,
        /// Since when.
        since: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// It rests on.
    StaysDown {
        /// What was wrong the last time.
        reason: FetchError,
        /// Until when.
        until: Timestamp,
    },
    /// It is asked as usual again.
    Returned {
        /// Since when it had rested.
        since: Timestamp,
    },
}

/// Whether a flight may start, as far as the breaker is concerned.
#[derive(Debug, PartialEq, Eq)]
pub enum State {
    /// It may.
    Closed,
    /// One may, to try whether the host is back.
    Trial,
    /// Another one is trying.
    OnTrial,
    /// The host rests.
    Open {
        /// What was wrong.
        reason: FetchError,
        /// Until when.
        until: Instant,
    },
}

impl Breaker {
    /// Whether a flight may start now.
    pub fn state(&self, now: Instant) -> State {
        match &self.rest {
            None => State::Closed,
            Some(rest) if now < rest.until => {
                State::Open { reason: rest.reason.clone(), until: rest.until }
            }
            Some(rest) if rest.is_tried => State::OnTrial,
            Some(_) => State::Trial,
        }
    }

    /// The flight that tries has started.
    pub fn trial_started(&mut self) {
        self.set_tried(true);
    }

    /// The flight that tried ended without an outcome.
    pub fn trial_ended(&mut self) {
        self.set_tried(false);
    }

    fn set_tried(&mut self, is_tried: bool) {
        if let Some(rest) = &mut self.rest {
            rest.is_tried = is_tried;
        }
    }

    /// Until when the host rests, when it does. It is over when a flight has shown that the host is back.
    pub fn resting_until(&self) -> Option<Timestamp> {
        self.rest.as_ref().map(|rest| rest.until_told)
    }

    /// Whether the host came back after a moment.
    pub fn has_returned_since(&self, moment: Instant) -> bool {
        self.returned.is_some_and(|returned| returned > moment)
    }

    /// Takes in what came of a flight.
    pub fn landed(
        &mut self,
        now: Instant,
        at: Timestamp,
        was_trial: bool,
        outcome: Result<(), &AttemptError>,
        limits: &HostLimits,
    ) -> Option<Change> {
        let fault = outcome.err().filter(|not_fetched| is_of_the_host(&not_fetched.failure));
        let Some(fault) = fault else {
            // What started before the rest does not end it: the host may have broken since.
            if let Some(rest) = self.rest.take_if(|_| was_trial) {
                self.returned = Some(now);
                self.failures = 0;
                return Some(Change::Returned { since: rest.since });
            }
            self.failures = 0;
            return None;
        };
        let asked = fault
            .retry_after
            .filter(|asked| !asked.is_zero())
            .map(|asked| asked.min(limits.longest_asked_rest));
        self.failures = self.failures.saturating_add(1);
        let (before, since) = match &self.rest {
            Some(rest) if was_trial => (Some(rest.pause), rest.since),
            // Of those still under way when the rest began, only one that asks for a longer rest matters.
            Some(rest) if asked.is_none_or(|asked| now + asked <= rest.until) => return None,
            Some(rest) => (Some(rest.pause), rest.since),
            None if asked.is_none() && self.failures < limits.failures => return None,
            None => (None, at),
        };
        let pause = asked.unwrap_or_else(|| match before {
            Some(before) => (before.max(limits.first_rest) * 2).min(limits.longest_rest),
            None => limits.first_rest,
        });
        let chosen = if asked.is_some() { pause } else { jittered(pause) };
        let reason = fault.failure.clone();
        let until = at.checked_add(chosen).unwrap_or(Timestamp::MAX);
        let went_down = self.rest.is_none();
        self.rest = Some(Rest {
            reason: reason.clone(),
            since,
            until: now + chosen,
            until_told: until,
            pause,
            is_tried: false,
        });
        Some(if went_down {
            Change::WentDown { reason, since, until }
        } else {
            Change::StaysDown { reason, until }
        })
    }
}

/// Whether a failure says that the host itself is unwell, or wants fewer requests. What it refuses, or what we cannot read, says nothing of
/// what it would answer to others.
pub fn is_of_the_host(failure: &FetchError) -> bool {
    match failure {
        FetchError::RejectionEffect(status) => *status == 429,
        FetchError::SentAround
        | FetchError::TooLarge(_)
        | FetchError::Unreadable(_)
        | FetchError::NotPublic
        | FetchError::NoKey
        | FetchError::ForeignHost
        | FetchError::Busy => false,
        FetchError::Slow
        | FetchError::Unreachable
        | FetchError::NameNotFound
        | FetchError::NotSecure(_)
        | FetchError::LedAstray
        | FetchError::Broken(_) => true,
    }
}
