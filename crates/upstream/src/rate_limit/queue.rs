//! The row before one host: who may start now, and who waits. It knows no clock and starts nothing, so every order of events can be tried.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::breaker::{Breaker, State};
use super::{PermitError, Urgency};
use crate::policy::HostLimits;
use voordeur_fair_queue::{ClientKey, RoundRobin};

/// Nobody waits behind more than so many, however fast a row moves: what waits takes memory.
const MOST_BEFORE: usize = 1_000;
/// So many turns has each client in a round.
const EACH: u32 = 1;

/// What whoever waits is told: whether it is the flight that tries a host after its rest.
pub type Notice = Result<bool, PermitError>;

/// The row before one host.
#[derive(Debug)]
pub struct Queue {
    /// Whether the host is asked at all.
    pub breaker: Breaker,
    /// When the flight after those that have started would start if there were no bursts (the generic cell rate algorithm, ITU-T I.371).
    next: Instant,
    under_way: usize,
    waiting: BTreeMap<Standing, oneshot::Sender<Notice>>,
    /// Those of each urgency that somebody waits with.
    rounds: BTreeMap<Urgency, RoundRobin>,
    arrivals: u64,
    is_served: bool,
}

/// Where somebody stands: the more urgent first, and of those in rounds, in which every client has one turn. So one who wants a thousand
/// things does not keep another waiting for their first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    urgency: Urgency,
    round: u64,
    arrival: u64,
}

/// What somebody who wants to start meets.
#[derive(Debug)]
pub enum Met {
    /// The way is free; whether it is the flight that tries.
    Free(bool),
    /// No flight now.
    No(PermitError),
    /// It has to wait.
    Wait {
        /// For this.
        told: oneshot::Receiver<Notice>,
        /// By which it is known in the row.
        ticket: u64,
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
    Rest(PermitError),
}

impl Queue {
    /// An empty row.
    pub fn new(now: Instant) -> Self {
        Queue {
            breaker: Breaker::default(),
            next: now,
            under_way: 0,
            waiting: BTreeMap::new(),
            rounds: BTreeMap::new(),
            arrivals: 0,
            is_served: false,
        }
    }

    /// Somebody wants to start.
    pub fn enter(
        &mut self,
        now: Instant,
        urgency: Urgency,
        client: ClientKey,
        limits: &HostLimits,
    ) -> Met {
        match self.may(now, limits) {
            May::Rest(refused) => return Met::No(refused),
            May::Start { is_trial } if self.waiting.is_empty() => {
                self.start(now, is_trial, limits);
                return Met::Free(is_trial);
            }
            May::Start { .. } | May::Stand(_) => {}
        }
        // Who would not get a turn in time is told at once.
        let standing =
            Standing { urgency, round: self.round(urgency, client), arrival: self.arrivals };
        let most = limits.longest_wait.as_nanos().checked_div(limits.interval.as_nanos());
        let most = most.map_or(MOST_BEFORE, |most| {
            usize::try_from(most).unwrap_or(MOST_BEFORE).min(MOST_BEFORE)
        });
        if self.waiting.range(..standing).take(most + 1).count() > most {
            return Met::No(PermitError::Busy);
        }
        let (tell, told) = oneshot::channel();
        self.arrivals += 1;
        self.waiting.insert(standing, tell);
        self.rounds_of(urgency).enter(client, standing.round);
        let is_unserved = !std::mem::replace(&mut self.is_served, true);
        Met::Wait { told, ticket: standing.arrival, is_unserved }
    }

    /// Another one came to want what somebody waits for: it stands where they would stand, when that is before where it stands.
    pub fn join(&mut self, ticket: u64, urgency: Urgency, client: ClientKey) {
        let Some(&standing) = self.waiting.keys().find(|standing| standing.arrival == ticket)
        else {
            return;
        };
        let theirs = Standing { urgency, round: self.round(urgency, client), arrival: ticket };
        if theirs < standing
            && let Some(tell) = self.waiting.remove(&standing)
        {
            self.waiting.insert(theirs, tell);
            self.rounds_of(urgency).enter(client, theirs.round);
        }
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
                    let Some((standing, first)) = self.waiting.pop_first() else { continue };
                    // Who has given up meanwhile takes nobody's turn.
                    if first.send(Ok(is_trial)).is_ok() {
                        self.rounds_of(standing.urgency).begin(standing.round);
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

    /// The round in which a client has its next turn.
    fn round(&mut self, urgency: Urgency, client: ClientKey) -> u64 {
        let first = Standing { urgency, round: 0, arrival: 0 };
        let first = self.waiting.range(first..).next();
        if first.is_none_or(|(standing, _)| standing.urgency != urgency) {
            self.rounds.remove(&urgency);
        }
        let waiting = self.waiting.len();
        self.rounds_of(urgency).next(client, waiting)
    }

    fn rounds_of(&mut self, urgency: Urgency) -> &mut RoundRobin {
        self.rounds.entry(urgency).or_insert_with(|| RoundRobin::new(EACH))
    }

    fn may(&self, now: Instant, limits: &HostLimits) -> May {
        let is_trial = match self.breaker.state(now) {
            State::Open { reason, until } => {
                return May::Rest(PermitError::Resting { reason, until });
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
