//! The record of one service, as stored in `health.json`. Names in the file predate those of the
//! fields.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::shape::{self, ShapeChange, ShapeFit};
use super::{FetchError, without_details};

/// Response times are those of this many last successful flights.
const MAX_RESPONSE_TIMES: usize = 50;
/// The success rate is that of this many last hours, including the current one.
const SUCCESS_RATE_HOURS: i64 = 24;

/// The health of a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// Whether it works.
    pub state: ServiceState,
    /// Since when it has this state. For `Up`: when it recovered, or was first asked.
    pub since: Timestamp,
    /// When the last successful flight ended.
    pub last_success: Option<Timestamp>,
    /// Median response time of the last successful flights.
    pub p50: Option<Duration>,
    /// 95th percentile of the response time of the last successful flights.
    pub p95: Option<Duration>,
    /// Successful flights of the last 24 hours.
    pub successes: u32,
    /// All flights of the last 24 hours.
    pub flights: u32,
    /// When the last failed flight ended, and why it failed.
    pub last_failure: Option<(Timestamp, FetchError)>,
    /// The widgets whose mapping no longer fits the responses, by id.
    pub shape_changes: BTreeMap<String, ShapeChange>,
}

/// Whether a service works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceState {
    /// The last flight succeeded.
    Up,
    /// The last flight failed, and the circuit breaker is closed.
    Degraded,
    /// The circuit breaker is open until this moment.
    Down(Timestamp),
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    first_asked: Option<Timestamp>,
    #[serde(rename = "answered")]
    last_success: Option<Timestamp>,
    /// When the first failed flight since the last success ended.
    failing_since: Option<Timestamp>,
    #[serde(rename = "failed")]
    last_failure: Option<(Timestamp, FetchError)>,
    down: Option<Down>,
    /// Whether it went down in an earlier process. The circuit breaker of this process is closed
    /// then, and will not report a recovery.
    #[serde(skip)]
    went_down_earlier: bool,
    #[serde(rename = "returned")]
    recovered: Option<Timestamp>,
    /// In milliseconds, the newest last.
    #[serde(rename = "took")]
    response_times: VecDeque<u32>,
    /// The newest last.
    hours: VecDeque<Hour>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    shape_changes: BTreeMap<String, ShapeChange>,
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
    #[serde(rename = "good")]
    successes: u32,
    flights: u32,
}

impl Record {
    pub fn record_flight(
        &mut self,
        at: Timestamp,
        elapsed: Duration,
        outcome: Result<(), &FetchError>,
    ) {
        self.first_asked.get_or_insert(at);
        self.failing_since = outcome.err().map(|_| self.failing_since.unwrap_or(at));
        let hour = self.hour(at);
        hour.flights = hour.flights.saturating_add(1);
        match outcome {
            Ok(()) => {
                hour.successes = hour.successes.saturating_add(1);
                self.last_success = Some(at);
                if self.response_times.len() >= MAX_RESPONSE_TIMES {
                    self.response_times.pop_front();
                }
                let milliseconds = u32::try_from(elapsed.as_millis()).unwrap_or(u32::MAX);
                self.response_times.push_back(milliseconds);
            }
            Err(error) => self.last_failure = Some((at, without_details(error))),
        }
    }

    /// Turns the last success into a failure.
    pub fn mark_unreadable(&mut self, error: &FetchError) {
        self.failing_since = self.failing_since.or(self.last_success).or(self.first_asked);
        if let Some(hour) = self.hours.back_mut() {
            hour.successes = hour.successes.saturating_sub(1);
        }
        if let Some(at) = self.last_success {
            self.last_failure = Some((at, without_details(error)));
        }
    }

    /// Returns whether this is news.
    pub fn record_fit(&mut self, at: Timestamp, widget: &str, fit: ShapeFit<'_>) -> bool {
        shape::record(&mut self.shape_changes, at, widget, fit)
    }

    /// Records that this was read from the file of an earlier process.
    pub fn mark_restored(&mut self) {
        self.went_down_earlier = self.down.is_some();
    }

    /// Whether a success means that the service recovered, because no breaker will report it.
    pub fn recovers_without_breaker(&self) -> bool {
        self.went_down_earlier && self.down.is_some()
    }

    /// Returns whether the service was not down before.
    pub fn mark_down(&mut self, at: Timestamp, reason: &FetchError, until: Timestamp) -> bool {
        self.went_down_earlier = false;
        self.first_asked.get_or_insert(at);
        self.failing_since.get_or_insert(at);
        self.last_failure = Some((at, reason.clone()));
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

    /// Returns since when the service was down, if it was.
    pub fn mark_up(&mut self, at: Timestamp) -> Option<Timestamp> {
        let down = self.down.take()?;
        self.failing_since = None;
        self.recovered = Some(at);
        Some(down.since)
    }

    pub fn health(&self, now: Timestamp) -> Health {
        let changes = self.shape_changes.values().filter(|change| !change.partial);
        let changed_since = changes.map(|change| change.since).min();
        let state = match &self.down {
            Some(down) => ServiceState::Down(down.until),
            None if self.failing_since.is_some() || changed_since.is_some() => {
                ServiceState::Degraded
            }
            None => ServiceState::Up,
        };
        let down_since = self.down.as_ref().map(|down| down.since);
        let degraded_since = changed_since.into_iter().chain(self.failing_since).min();
        let up_since = self.recovered.or(self.first_asked);
        let first_hour = hour_of(now) - SUCCESS_RATE_HOURS + 1;
        let hours = || self.hours.iter().filter(|hour| hour.hour >= first_hour);
        Health {
            state,
            since: down_since.or(degraded_since).or(up_since).unwrap_or(now),
            last_success: self.last_success,
            p50: self.percentile(50),
            p95: self.percentile(95),
            successes: hours().map(|hour| hour.successes).sum(),
            flights: hours().map(|hour| hour.flights).sum(),
            last_failure: self.last_failure.clone(),
            shape_changes: self.shape_changes.clone(),
        }
    }

    /// A percentile of the response times, by the nearest-rank method.
    fn percentile(&self, percent: usize) -> Option<Duration> {
        let mut times: Vec<u32> = self.response_times.iter().copied().collect();
        times.sort_unstable();
        let rank = (times.len() * percent).div_ceil(100).max(1);
        times.get(rank - 1).map(|milliseconds| Duration::from_millis(u64::from(*milliseconds)))
    }

    /// The entry of the hour of a moment. Drops hours that no longer count.
    fn hour(&mut self, at: Timestamp) -> &mut Hour {
        let hour = hour_of(at);
        self.hours.retain(|old| old.hour > hour - SUCCESS_RATE_HOURS);
        match self.hours.iter().rposition(|existing| existing.hour == hour) {
            Some(index) => &mut self.hours[index],
            None => {
                self.hours.push_back(Hour { hour, successes: 0, flights: 0 });
                let last = self.hours.len() - 1;
                &mut self.hours[last]
            }
        }
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60 * 60)
}
