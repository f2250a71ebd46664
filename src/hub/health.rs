//! How each service is doing, as far as the hub has asked it since it was started.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::Failure;

/// How a service is doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// When it last gave a good answer.
    pub answered: Option<Timestamp>,
    /// Whether the last flight failed.
    pub failing: bool,
    /// How long its last good answer took.
    pub took: Option<Duration>,
}

/// What is known of every service, by its host.
#[derive(Debug, Default)]
pub struct HealthBook(Mutex<BTreeMap<String, Health>>);

impl HealthBook {
    /// How a host is doing; `None` when it was not asked yet.
    pub fn of(&self, host: &str) -> Option<Health> {
        self.hosts().get(host).cloned()
    }

    /// Takes in that a flight to a host has landed: at what moment, how long after it began, and with what.
    pub fn landed(&self, host: &str, at: Timestamp, took: Duration, outcome: Result<(), &Failure>) {
        let mut hosts = self.hosts();
        let health = hosts.entry(host.to_owned()).or_default();
        health.failing = outcome.is_err();
        if outcome.is_ok() {
            health.answered = Some(at);
            health.took = Some(took);
        }
    }

    /// Takes in that a widget could not read what a host answered.
    pub fn was_unreadable(&self, host: &str) {
        self.hosts().entry(host.to_owned()).or_default().failing = true;
    }

    /// A panic while the lock was held cannot leave it half written: each write is one assignment.
    fn hosts(&self) -> MutexGuard<'_, BTreeMap<String, Health>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
