//! What is known of one service.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{FetchError, without_details};

/// The speed is that of so many good flights, the last ones.
const FLIGHTS_OF_SPEED: usize = 50;
/// The share of good flights is that of so many hours, of which the last is not over.
const HOURS_OF_SHARE: i64 = 24;

/// How a service is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// Whether it answers.
    pub state: State,
    /// Since when it is so: since it went down or began to falter; when it answers, since it returned or was first asked.
    pub since: Timestamp,
    /// When it last gave a good answer.
    pub answered: Option<Timestamp>,
    /// How long half of its last good answers took at most.
    pub median: Option<Duration>,
    /// How long nineteen of twenty of its last good answers took at most.
    pub slowest: Option<Duration>,
    /// Flights of the last 24 hours that brought a good answer.
    pub good: u32,
    /// All flights of the last 24 hours.
    pub flights: u32,
    /// Why the last flight that failed did so, and when it landed.
    pub failed: Option<(Timestamp, FetchError)>,
}

/// Whether a service answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The last flight brought a good answer.
    Responses,
    /// The last flight failed; it is asked on.
    Falters,
    /// It failed so often that it rests until this moment.
    Down(Timestamp),
}

/// What is kept of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    first_asked: Option<Timestamp>,
    answered: Option<Timestamp>,
    /// When the first of the failures since the last good answer landed.
    failing_since: Option<Timestamp>,
    failed: Option<(Timestamp, FetchError)>,
    down: Option<Down>,
    /// Whether it went down in an earlier process: the hub's breaker does not know of it, and will not say that it returned.
    #[serde(skip)]
    remembered: bool,
    returned: Option<Timestamp>,
    /// Milliseconds of the last good flights, the newest last.
    took: VecDeque<u32>,
    /// By the hour, the newest last.
    hours: VecDeque<Hour>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Down {
    since: Timestamp,
    until: Timestamp,
}

/// The flights of one hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Hour {
    /// Hours since 1970 in UTC.
    hour: i64,
    good: u32,
    flights: u32,
}

impl Record {
    pub fn landed(&mut self, at: Timestamp, took: Duration, outcome: Result<(), &FetchError>) {
        self.first_asked.get_or_insert(at);
        self.failing_since = outcome.err().map(|_| self.failing_since.unwrap_or(at));
        let hour = self.hour(at);
        hour.flights = hour.flights.saturating_add(1);
        match outcome {
            Ok(()) => {
                hour.good = hour.good.saturating_add(1);
                self.answered = Some(at);
                if self.took.len() >= FLIGHTS_OF_SPEED {
                    self.took.pop_front();
                }
                self.took.push_back(u32::try_from(took.as_millis()).unwrap_or(u32::MAX));
            }
            Err(failure) => self.failed = Some((at, without_details(failure))),
        }
    }

    /// The last good flight was none.
    pub fn was_unreadable(&mut self) {
        self.failing_since = self.failing_since.or(self.answered).or(self.first_asked);
        if let Some(hour) = self.hours.back_mut() {
            hour.good = hour.good.saturating_sub(1);
        }
        if let Some(at) = self.answered {
            self.failed = Some((at, FetchError::Unreadable(String::new())));
        }
    }

    /// It was read from the file of an earlier process.
    pub fn is_remembered(&mut self) {
        self.remembered = self.down.is_some();
    }

    /// Whether a good answer means that it returned, without the hub saying so.
    pub fn returns_unseen(&self) -> bool {
        self.remembered && self.down.is_some()
    }

    /// Gives whether that is new.
    pub fn went_down(&mut self, at: Timestamp, reason: &FetchError, until: Timestamp) -> bool {
        self.remembered = false;
        self.first_asked.get_or_insert(at);
        self.failing_since.get_or_insert(at);
        self.failed = Some((at, reason.clone()));
        match &mut self.down {
            Some(down) => {
                down.until = until;
                false
            }
            None => {
                self.down = Some(Down { since: at, until });
                true
            }
        }
    }

    /// Gives since when it was down, if it was.
    pub fn returned(&mut self, at: Timestamp) -> Option<Timestamp> {
        let down = self.down.take()?;
        self.failing_since = None;
        self.returned = Some(at);
        Some(down.since)
    }

    pub fn health(&self, now: Timestamp) -> Health {
        let state = match &self.down {
            Some(down) => State::Down(down.until),
            None if self.failing_since.is_some() => State::Falters,
            None => State::Responses,
        };
        let down_since = self.down.as_ref().map(|down| down.since);
        let answers_since = self.returned.or(self.first_asked);
        let first = hour_of(now) - HOURS_OF_SHARE + 1;
        let hours = || self.hours.iter().filter(|hour| hour.hour >= first);
        Health {
            state,
            since: down_since.or(self.failing_since).or(answers_since).unwrap_or(now),
            answered: self.answered,
            median: self.within(50),
            slowest: self.within(95),
            good: hours().map(|hour| hour.good).sum(),
            flights: hours().map(|hour| hour.flights).sum(),
            failed: self.failed.clone(),
        }
    }

    /// How long so many of a hundred of the last good flights took at most (the nearest rank).
    fn within(&self, of_hundred: usize) -> Option<Duration> {
        let mut took: Vec<u32> = self.took.iter().copied().collect();
        took.sort_unstable();
        let rank = (took.len() * of_hundred).div_ceil(100).max(1);
        took.get(rank - 1).map(|milliseconds| Duration::from_millis(u64::from(*milliseconds)))
    }

    /// The hour of a moment; hours that no longer count are dropped.
    fn hour(&mut self, at: Timestamp) -> &mut Hour {
        let hour = hour_of(at);
        self.hours.retain(|old| old.hour > hour - HOURS_OF_SHARE);
        match self.hours.iter().rposition(|known| known.hour == hour) {
            Some(place) => &mut self.hours[place],
            None => {
                self.hours.push_back(Hour { hour, good: 0, flights: 0 });
                let last = self.hours.len() - 1;
                &mut self.hours[last]
            }
        }
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60 * 60)
}
