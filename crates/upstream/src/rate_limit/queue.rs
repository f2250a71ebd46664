//! The queue of one host: which flight may start now, and which ones wait. It has no clock and
//! starts no tasks, so every order of events can be tested.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use voordeur_fair_queue::{ClientKey, RoundRobin};

use super::circuit_breaker::{BreakerState, CircuitBreaker};
use super::{PermitError, Urgency};
use crate::policy::HostLimits;

/// Nothing is queued behind more than this many, however fast the queue moves, to bound memory.
const MAX_AHEAD: usize = 1_000;
/// Flights that each client may start per round.
const PER_ROUND: u32 = 1;

/// Sent to a waiting flight: permission to start, and whether it is a probe.
pub type Grant = Result<bool, PermitError>;

#[derive(Debug)]
pub struct Queue {
    pub breaker: CircuitBreaker,
    /// The theoretical arrival time of the next flight (generic cell rate algorithm, ITU-T I.371).
    next_start: Instant,
    in_flight: usize,
    waiting: BTreeMap<Priority, oneshot::Sender<Grant>>,
    /// Only of urgencies that something waits with.
    rounds: BTreeMap<Urgency, RoundRobin>,
    arrivals: u64,
    has_server: bool,
}

/// Order in the queue: by urgency, then round-robin by client, so that a client with a thousand
/// requests does not delay the first request of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Priority {
    urgency: Urgency,
    round: u64,
    arrival: u64,
}

/// The decision on a flight that wants to start.
#[derive(Debug)]
pub enum Admission {
    Granted {
        is_probe: bool,
    },
    Denied(PermitError),
    Queued {
        grant: oneshot::Receiver<Grant>,
        /// Identifies the entry for [`Queue::join`].
        ticket: u64,
        /// Whether the caller has to start a task that calls [`Queue::serve`].
        needs_server: bool,
    },
}

/// Until when no flight may start.
#[derive(Debug, PartialEq, Eq)]
pub enum Blocked {
    Until(Instant),
    UntilFlightEnds,
}

enum Decision {
    Start { is_probe: bool },
    Wait(Blocked),
    Deny(PermitError),
}

impl Queue {
    pub fn new(now: Instant) -> Self {
        Queue {
            breaker: CircuitBreaker::default(),
            next_start: now,
            in_flight: 0,
            waiting: BTreeMap::new(),
            rounds: BTreeMap::new(),
            arrivals: 0,
            has_server: false,
        }
    }

    /// Starts a flight, queues it, or denies it.
    pub fn enter(
        &mut self,
        now: Instant,
        urgency: Urgency,
        client: ClientKey,
        limits: &HostLimits,
    ) -> Admission {
        match self.decide(now, limits) {
            Decision::Deny(error) => return Admission::Denied(error),
            Decision::Start { is_probe } if self.waiting.is_empty() => {
                self.start(now, is_probe, limits);
                return Admission::Granted { is_probe };
            }
            Decision::Start { .. } | Decision::Wait(_) => {}
        }
        // A flight that would time out in the queue is denied at once.
        let round = self.next_round(urgency, client);
        let priority = Priority { urgency, round, arrival: self.arrivals };
        let max_ahead = limits.max_wait.as_nanos().checked_div(limits.interval.as_nanos());
        let max_ahead = max_ahead.map_or(MAX_AHEAD, |max_ahead| {
            usize::try_from(max_ahead).unwrap_or(MAX_AHEAD).min(MAX_AHEAD)
        });
        if self.waiting.range(..priority).take(max_ahead + 1).count() > max_ahead {
            return Admission::Denied(PermitError::Busy);
        }
        let (sender, grant) = oneshot::channel();
        self.arrivals += 1;
        self.waiting.insert(priority, sender);
        self.rounds_of(urgency).enter(client, round);
        let needs_server = !std::mem::replace(&mut self.has_server, true);
        Admission::Queued { grant, ticket: priority.arrival, needs_server }
    }

    /// Another client wants the response of a queued flight: moves the flight to where that client
    /// would be queued, if that is further forward.
    pub fn join(&mut self, ticket: u64, urgency: Urgency, client: ClientKey) {
        let Some(&current) = self.waiting.keys().find(|priority| priority.arrival == ticket) else {
            return;
        };
        let round = self.next_round(urgency, client);
        let other = Priority { urgency, round, arrival: ticket };
        if other < current
            && let Some(sender) = self.waiting.remove(&current)
        {
            self.waiting.insert(other, sender);
            self.rounds_of(urgency).enter(client, round);
        }
    }

    /// Starts every flight that may start now. Returns until when the others are blocked; `None` if
    /// the queue is empty and needs no serving.
    pub fn serve(&mut self, now: Instant, limits: &HostLimits) -> Option<Blocked> {
        loop {
            while let Some(first) = self.waiting.first_entry()
                && first.get().is_closed()
            {
                first.remove();
            }
            if self.waiting.is_empty() {
                self.has_server = false;
                return None;
            }
            match self.decide(now, limits) {
                Decision::Wait(blocked) => return Some(blocked),
                Decision::Start { is_probe } => {
                    let Some((priority, first)) = self.waiting.pop_first() else { continue };
                    // One that gave up just now does not count as started.
                    if first.send(Ok(is_probe)).is_ok() {
                        self.rounds_of(priority.urgency).begin(priority.round);
                        self.start(now, is_probe, limits);
                    }
                }
                Decision::Deny(error) => {
                    for (_, waiting) in std::mem::take(&mut self.waiting) {
                        // Fails for one that has given up.
                        let _ = waiting.send(Err(error.clone()));
                    }
                }
            }
        }
    }

    pub fn flight_ended(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// The round in which the next flight of a client falls.
    fn next_round(&mut self, urgency: Urgency, client: ClientKey) -> u64 {
        let lowest = Priority { urgency, round: 0, arrival: 0 };
        let first = self.waiting.range(lowest..).next();
        if first.is_none_or(|(priority, _)| priority.urgency != urgency) {
            self.rounds.remove(&urgency);
        }
        let waiting = self.waiting.len();
        self.rounds_of(urgency).next_round(client, waiting)
    }

    fn rounds_of(&mut self, urgency: Urgency) -> &mut RoundRobin {
        self.rounds.entry(urgency).or_insert_with(|| RoundRobin::new(PER_ROUND))
    }

    fn decide(&self, now: Instant, limits: &HostLimits) -> Decision {
        let is_probe = match self.breaker.state(now) {
            BreakerState::Open { reason, until } => {
                return Decision::Deny(PermitError::CircuitOpen { reason, until });
            }
            BreakerState::Probing => return Decision::Wait(Blocked::UntilFlightEnds),
            BreakerState::HalfOpen => true,
            BreakerState::Closed => false,
        };
        if self.in_flight >= limits.flights {
            return Decision::Wait(Blocked::UntilFlightEnds);
        }
        let burst_time: Duration = limits.interval * limits.burst.saturating_sub(1);
        match self.next_start.checked_sub(burst_time) {
            Some(earliest) if now < earliest => Decision::Wait(Blocked::Until(earliest)),
            _ => Decision::Start { is_probe },
        }
    }

    fn start(&mut self, now: Instant, is_probe: bool, limits: &HostLimits) {
        self.next_start = self.next_start.max(now) + limits.interval;
        self.in_flight += 1;
        if is_probe {
            self.breaker.probe_started();
        }
    }
}
