//! The row before one host: who may start now, and who waits. It knows no clock and starts nothing, so every order of events can be tried.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::breaker::{Breaker, State};
use super::{NoPermit, Urgency};
use crate::hub::patience::HostLimits;

/// What whoever waits is told: whether it is the flight that tries a host after its rest.
pub type Told = Result<bool, NoPermit>;

/// The row before one host.
#[derive(Debug)]
pub struct Row {
    /// Whether the host is asked at all.
    pub breaker: Breaker,
    /// When the flight after those that have started would start if there were no bursts (the generic cell rate algorithm, ITU-T I.371).
    next: Instant,
    under_way: usize,
    waiting: BTreeMap<(Urgency, u64), oneshot::Sender<Told>>,
    arrivals: u64,
    is_served: bool,
}

/// What somebody who wants to start meets.
#[derive(Debug)]
pub enum Met {
    /// The way is free; whether it is the flight that tries.
    Free(bool),
    /// No flight now.
    No(NoPermit),
    /// It has to wait.
    Wait {
        /// For this.
        told: oneshot::Receiver<Told>,
        /// Whether nobody serves the row yet.
        is_unserved: bool,
    },
}

/// Until when the row has to stand still.
#[derive(Debug, PartialEq, Eq)]
pub enum Still {
    /// Until a moment.
    Until(Instant),
    /// Until a flight lands.
    UntilLanding,
}

enum May {
    Start { is_trial: bool },
    Stand(Still),
    Rest(NoPermit),
}

impl Row {
    /// An empty row.
    pub fn new(now: Instant) -> Self {
        Row {
            breaker: Breaker::default(),
            next: now,
            under_way: 0,
            waiting: BTreeMap::new(),
            arrivals: 0,
            is_served: false,
        }
    }

    /// Somebody wants to start.
    pub fn enter(&mut self, now: Instant, urgency: Urgency, limits: &HostLimits) -> Met {
        match self.may(now, limits) {
            May::Rest(refused) => return Met::No(refused),
            May::Start { is_trial } if self.waiting.is_empty() => {
                self.start(now, is_trial, limits);
                return Met::Free(is_trial);
            }
            May::Start { .. } | May::Stand(_) => {}
        }
        // Who would not get a turn in time is told at once.
        let before = self.waiting.range(..=(urgency, u64::MAX)).count();
        let wait = limits.interval.saturating_mul(u32::try_from(before).unwrap_or(u32::MAX));
        if wait > limits.longest_wait {
            return Met::No(NoPermit::Busy);
        }
        let (tell, told) = oneshot::channel();
        self.arrivals += 1;
        self.waiting.insert((urgency, self.arrivals), tell);
        let is_unserved = !std::mem::replace(&mut self.is_served, true);
        Met::Wait { told, is_unserved }
    }

    /// Lets go whoever may, and gives until when the rest has to wait; `None` when nobody waits, and the row needs no serving.
    pub fn serve(&mut self, now: Instant, limits: &HostLimits) -> Option<Still> {
        loop {
            while let Some(first) = self.waiting.first_entry()
                && first.get().is_closed()
            {
                first.remove();
            }
            if self.waiting.is_empty() {
                self.is_served = false;
                return None;
            }
            match self.may(now, limits) {
                May::Stand(still) => return Some(still),
                May::Start { is_trial } => {
                    let Some((_, first)) = self.waiting.pop_first() else { continue };
                    // Who has given up meanwhile takes nobody's turn.
                    if first.send(Ok(is_trial)).is_ok() {
                        self.start(now, is_trial, limits);
                    }
                }
                May::Rest(refused) => {
                    for (_, waiting) in std::mem::take(&mut self.waiting) {
                        // Who has given up need not be told.
                        let _ = waiting.send(Err(refused.clone()));
                    }
                }
            }
        }
    }

    /// A flight has landed.
    pub fn land(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    fn may(&self, now: Instant, limits: &HostLimits) -> May {
        let is_trial = match self.breaker.state(now) {
            State::Open { reason, until } => {
                return May::Rest(NoPermit::Resting { reason, until });
            }
            State::OnTrial => return May::Stand(Still::UntilLanding),
            State::Trial => true,
            State::Closed => false,
        };
        if self.under_way >= limits.flights {
            return May::Stand(Still::UntilLanding);
        }
        let ahead: Duration = limits.interval * limits.burst.saturating_sub(1);
        match self.next.checked_sub(ahead) {
            Some(earliest) if now < earliest => May::Stand(Still::Until(earliest)),
            _ => May::Start { is_trial },
        }
    }

    fn start(&mut self, now: Instant, is_trial: bool, limits: &HostLimits) {
        self.next = self.next.max(now) + limits.interval;
        self.under_way += 1;
        if is_trial {
            self.breaker.trial_started();
        }
    }
}
