//! The health of each service: results of its last flights, whether it is up, and when that
//! changed.
//!
//! A service is down while its circuit breaker is open, which the breaker reports here; a single
//! failed flight only makes it degraded. Hosts of addresses given by citizens are not recorded.

mod file;
mod record;
mod shape;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::FetchError;
use record::Record;
pub use record::{Health, ServiceState};
pub use shape::{ShapeChange, ShapeFit};

/// Maximum number of hosts. A catalogue declares far fewer, but widgets whose folders keep changing
/// could declare new ones forever.
const MAX_HOSTS: usize = 1_000;
/// Maximum number of state changes that are kept, for all services together.
const MAX_STATE_CHANGES: usize = 200;

/// A service went down or recovered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateChange {
    /// Its host.
    pub host: String,
    /// When it went down or recovered.
    pub at: Timestamp,
    /// Why it went down; `None` if it recovered.
    pub reason: Option<FetchError>,
    /// When a service that recovered had gone down.
    pub down_since: Option<Timestamp>,
}

/// The health of every service, by host.
#[derive(Debug, Default)]
pub struct HealthMonitor(Mutex<MonitorState>);

#[derive(Debug, Default)]
struct MonitorState {
    hosts: BTreeMap<String, Record>,
    /// The newest last.
    changes: VecDeque<StateChange>,
    path: Option<PathBuf>,
    dirty: Dirty,
    /// Whether the last write failed, and was logged.
    save_failed: bool,
}

/// Unsaved changes, in order of urgency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Dirty {
    #[default]
    Nothing,
    Statistics,
    StateChange,
}

impl HealthMonitor {
    /// Loads what an earlier process wrote to a file, and saves to it from now on. Starts empty if
    /// the file is absent or unreadable.
    pub fn persist_to(&self, path: &Path) {
        let loaded = file::read(path).unwrap_or_else(|error| {
            tracing::warn!(%error, "health.json unreadable; starting empty");
            file::HealthFile::default()
        });
        let mut state = self.lock();
        state.hosts = loaded.hosts;
        state.hosts.values_mut().for_each(Record::mark_restored);
        state.changes = loaded.changes;
        state.path = Some(path.to_owned());
    }

    /// Writes changes to the file; blocks. Statistics without a state change are written only if
    /// `with_statistics` is set, so that a busy service does not wear the disk.
    pub fn save(&self, with_statistics: bool) {
        let threshold = if with_statistics { Dirty::Statistics } else { Dirty::StateChange };
        let (path, text) = {
            let mut state = self.lock();
            let Some(path) = state.path.clone() else { return };
            if state.dirty < threshold {
                return;
            }
            state.dirty = Dirty::Nothing;
            (path, file::to_json(&state.hosts, &state.changes))
        };
        let written = text.and_then(|text| file::replace(&path, &text));
        let mut state = self.lock();
        if let Err(error) = &written {
            state.dirty = state.dirty.max(Dirty::Statistics);
            if !state.save_failed {
                tracing::warn!(%error, "health.json not written");
            }
        }
        state.save_failed = written.is_err();
    }

    /// The health of a host; `None` if it was never asked.
    pub fn get(&self, host: &str) -> Option<Health> {
        self.lock().hosts.get(host).map(|record| record.health(Timestamp::now()))
    }

    /// When services went down and recovered, the newest first.
    pub fn state_changes(&self) -> Vec<StateChange> {
        self.lock().changes.iter().rev().cloned().collect()
    }

    /// Records the result of a flight that ended at `at` and took `elapsed`.
    pub fn record_flight(
        &self,
        host: &str,
        at: Timestamp,
        elapsed: Duration,
        outcome: Result<(), &FetchError>,
    ) {
        // These requests never reached the service.
        if let Err(FetchError::MissingApiKey | FetchError::HostNotAllowed) = outcome {
            return;
        }
        self.update(host, |record| record.record_flight(at, elapsed, outcome));
        let has_recovered = outcome.is_ok()
            && self.lock().hosts.get(host).is_some_and(Record::recovers_without_breaker);
        if has_recovered && let Some(since) = self.mark_up(host, at) {
            tracing::info!(host, %since, "service recovered");
        }
    }

    /// Records that a widget rejected the last response of a host: its flight was not a success
    /// after all.
    pub fn mark_unreadable(&self, host: &str, error: &FetchError) {
        self.update(host, |record| record.mark_unreadable(error));
    }

    /// Records how the mapping of a widget fits a response of a host that was fetched at `at`.
    /// Returns whether this is news.
    pub fn record_fit(&self, host: &str, at: Timestamp, widget: &str, fit: ShapeFit<'_>) -> bool {
        let mut state = self.lock();
        // Only a host that was asked has responses.
        let Some(record) = state.hosts.get_mut(host) else { return false };
        let is_news = record.record_fit(at, widget, fit);
        if is_news {
            state.dirty = Dirty::StateChange;
        }
        is_news
    }

    /// Records that the circuit breaker of a host is open until a moment. If the host was down
    /// already, only reason and moment change.
    pub fn mark_down(&self, host: &str, at: Timestamp, reason: &FetchError, until: Timestamp) {
        let reason = without_details(reason);
        let mut state = self.lock();
        let Some(record) = state.record(host) else { return };
        if record.mark_down(at, &reason, until) {
            let host = host.to_owned();
            state.push_change(StateChange { host, at, reason: Some(reason), down_since: None });
        } else {
            state.dirty = state.dirty.max(Dirty::Statistics);
        }
    }

    /// Records that a host that was down recovered, and returns since when it was down. Changes
    /// nothing if it was not down.
    pub fn mark_up(&self, host: &str, at: Timestamp) -> Option<Timestamp> {
        let mut state = self.lock();
        let down_since = state.record(host)?.mark_up(at)?;
        let host = host.to_owned();
        state.push_change(StateChange { host, at, reason: None, down_since: Some(down_since) });
        Some(down_since)
    }

    fn update(&self, host: &str, change: impl FnOnce(&mut Record)) {
        let mut state = self.lock();
        if let Some(record) = state.record(host) {
            change(record);
            state.dirty = state.dirty.max(Dirty::Statistics);
        }
    }

    /// A panic under this lock leaves at worst one statistic that is off.
    fn lock(&self) -> MutexGuard<'_, MonitorState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MonitorState {
    /// The record of a host, created if it is absent; `None` if there are too many hosts.
    fn record(&mut self, host: &str) -> Option<&mut Record> {
        if !self.hosts.contains_key(host) {
            if self.hosts.len() >= MAX_HOSTS {
                return None;
            }
            self.hosts.insert(host.to_owned(), Record::default());
        }
        self.hosts.get_mut(host)
    }

    fn push_change(&mut self, change: StateChange) {
        if self.changes.len() >= MAX_STATE_CHANGES {
            self.changes.pop_front();
        }
        self.changes.push_back(change);
        self.dirty = Dirty::StateChange;
    }
}

/// Health is public, and the text of this error may quote a response.
fn without_details(error: &FetchError) -> FetchError {
    match error {
        FetchError::Unreadable(_) => FetchError::Unreadable(String::new()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
