//! How each service is doing: what its last flights brought, since when it answers or does not, and when that changed.
//!
//! Whether a service is down is decided by the hub's breaker, which tells it here; a single failed flight only makes it falter. Hosts that a
//! citizen gave are not in the book.

mod kept;
mod record;

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::FetchError;
use record::Record;
pub use record::{Health, State};

/// The book follows no more hosts than this. A catalogue names far fewer; folders that keep changing could name ever new ones.
const MOST_HOSTS: usize = 1_000;
/// So many times of going down and returning are kept, for all services together.
const MOST_TURNS: usize = 200;

/// A service went down, or returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateChange {
    /// Whose.
    pub host: String,
    /// When.
    pub at: Timestamp,
    /// Why it went down; `None` when it returned.
    pub reason: Option<FetchError>,
    /// When a service that returned had gone down.
    pub down_since: Option<Timestamp>,
}

/// What is known of every service, by its host.
#[derive(Debug, Default)]
pub struct HealthBook(Mutex<Pages>);

#[derive(Debug, Default)]
struct Pages {
    hosts: BTreeMap<String, Record>,
    /// The newest last.
    turns: VecDeque<StateChange>,
    file: Option<PathBuf>,
    unsaved: DirtyFlags,
    /// Whether the last try to write the file failed, and was told to the log.
    cannot_save: bool,
}

/// What would be lost if the process ended now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum DirtyFlags {
    #[default]
    Nothing,
    /// Figures of flights.
    Figures,
    /// That a service went down or returned.
    StateChange,
}

impl HealthBook {
    /// Takes over what an earlier process wrote in a file, and writes there from now on. A file that is absent or cannot be read is a
    /// book with empty pages.
    pub fn keep_in(&self, file: &Path) {
        let found = kept::read(file).unwrap_or_else(|problem| {
            tracing::warn!(%problem, "the book of health begins anew");
            kept::HealthFile::default()
        });
        let mut pages = self.pages();
        pages.hosts = found.hosts;
        pages.hosts.values_mut().for_each(Record::is_remembered);
        pages.turns = found.turns;
        pages.file = Some(file.to_owned());
    }

    /// Writes what is new to the file. Figures alone are written only with `figures`, so that a service that is asked often does not
    /// wear the disk. It waits for the disk.
    pub fn save(&self, figures: bool) {
        let least = if figures { DirtyFlags::Figures } else { DirtyFlags::StateChange };
        let (file, text) = {
            let mut pages = self.pages();
            let Some(file) = pages.file.clone() else { return };
            if pages.unsaved < least {
                return;
            }
            pages.unsaved = DirtyFlags::Nothing;
            (file, kept::write(&pages.hosts, &pages.turns))
        };
        let written = text.and_then(|text| kept::replace(&file, &text));
        let mut pages = self.pages();
        if let Err(problem) = &written {
            pages.unsaved = pages.unsaved.max(DirtyFlags::Figures);
            if !pages.cannot_save {
                tracing::warn!(%problem, "the book of health cannot be written");
            }
        }
        pages.cannot_save = written.is_err();
    }

    /// How a host is doing; `None` when it was never asked.
    pub fn of(&self, host: &str) -> Option<Health> {
        self.pages().hosts.get(host).map(|record| record.health(Timestamp::now()))
    }

    /// When services went down and returned, the newest first.
    pub fn turns(&self) -> Vec<StateChange> {
        self.pages().turns.iter().rev().cloned().collect()
    }

    /// Takes in that a flight to a host has landed: at what moment, how long after it began, and with what.
    pub fn landed(
        &self,
        host: &str,
        at: Timestamp,
        took: Duration,
        outcome: Result<(), &FetchError>,
    ) {
        // These never reached the service: they say nothing of it.
        if let Err(FetchError::NoKey | FetchError::ForeignHost) = outcome {
            return;
        }
        self.write(host, |record| record.landed(at, took, outcome));
        let returned =
            outcome.is_ok() && self.pages().hosts.get(host).is_some_and(Record::returns_unseen);
        if returned {
            // The hub says this of the services that went down since it was opened.
            if let Some(since) = self.returned(host, at) {
                tracing::info!(host, %since, "a service has returned");
            }
        }
    }

    /// Takes in that a widget could not read what a host answered: its last flight was not a good one after all.
    pub fn was_unreadable(&self, host: &str) {
        self.write(host, Record::was_unreadable);
    }

    /// Takes in that a host has failed so often that it rests until a moment. Told again while it is down, only the reason and the
    /// moment change.
    pub fn went_down(&self, host: &str, at: Timestamp, reason: &FetchError, until: Timestamp) {
        let reason = without_details(reason);
        let mut pages = self.pages();
        let Some(record) = pages.record(host) else { return };
        if record.went_down(at, &reason, until) {
            pages.turn(StateChange {
                host: host.to_owned(),
                at,
                reason: Some(reason),
                down_since: None,
            });
        } else {
            pages.unsaved = pages.unsaved.max(DirtyFlags::Figures);
        }
    }

    /// Takes in that a host that was down answers again. For a host that was not down it changes nothing.
    /// Gives since when it was down, if it was.
    pub fn returned(&self, host: &str, at: Timestamp) -> Option<Timestamp> {
        let mut pages = self.pages();
        let down_since = pages.record(host)?.returned(at)?;
        let turn =
            StateChange { host: host.to_owned(), at, reason: None, down_since: Some(down_since) };
        pages.turn(turn);
        Some(down_since)
    }

    fn write(&self, host: &str, change: impl FnOnce(&mut Record)) {
        let mut pages = self.pages();
        if let Some(record) = pages.record(host) {
            change(record);
            pages.unsaved = pages.unsaved.max(DirtyFlags::Figures);
        }
    }

    /// A panic while the lock was held leaves at worst one figure that is off.
    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    /// What is known of a host, which may be nothing yet; `None` when the book is full.
    fn record(&mut self, host: &str) -> Option<&mut Record> {
        if !self.hosts.contains_key(host) {
            if self.hosts.len() >= MOST_HOSTS {
                return None;
            }
            self.hosts.insert(host.to_owned(), Record::default());
        }
        self.hosts.get_mut(host)
    }

    fn turn(&mut self, turn: StateChange) {
        if self.turns.len() >= MOST_TURNS {
            self.turns.pop_front();
        }
        self.turns.push_back(turn);
        self.unsaved = DirtyFlags::StateChange;
    }
}

/// The book is public: what a service said stays out of it.
fn without_details(failure: &FetchError) -> FetchError {
    match failure {
        FetchError::Unreadable(_) => FetchError::Unreadable(String::new()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests;
