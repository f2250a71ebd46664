//! The scoreboard of open government data: for every service that a manifest names, what is known of it beforehand and how it is doing.
//! `docs/SCOREBOARD.md` says how each fact is derived.

mod atom;
mod facts;
mod json;
mod openness;

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_engine::Catalogue;

pub use atom::{CONTENT_TYPE as FEED_TYPE, Feed, feed, in_words as turn_in_words};
pub use facts::Facts;
pub use json::document;
pub use openness::Openness;

use voordeur_upstream::{Health, HealthMonitor, ServiceState};

/// An answer counts as fresh for so many times the pace of its widgets: one round may be missed.
const FRESH_ROUNDS: u32 = 2;

/// What is known of the services of the present catalogue.
#[derive(Default)]
pub struct StatusBoard {
    known: Mutex<Option<Known>>,
}

/// The facts, and the catalogue that they are of.
struct Known {
    of: Weak<Catalogue>,
    facts: Arc<[Facts]>,
}

/// A service, and how it is doing.
#[derive(Clone, Debug)]
pub struct Service {
    /// What its manifests say.
    pub facts: Facts,
    /// How it is doing; `None` when it was never asked.
    pub health: Option<Health>,
}

impl StatusBoard {
    /// Every service of a catalogue: those that do not answer first, then those that falter, those that answer, and those that were not
    /// asked; each by publisher. Takes a while when the catalogue is new, since every sample is read.
    pub fn services(
        &self,
        catalogue: &Arc<Catalogue>,
        zone: &TimeZone,
        book: &HealthMonitor,
    ) -> Vec<Service> {
        let facts = self.facts(catalogue, zone);
        let with_health =
            |facts: &Facts| Service { facts: facts.clone(), health: book.get(&facts.host) };
        let mut services: Vec<Service> = facts.iter().map(with_health).collect();
        services.sort_by_key(|service| (service.rank(), service.facts.name().to_lowercase()));
        services
    }

    fn facts(&self, catalogue: &Arc<Catalogue>, zone: &TimeZone) -> Arc<[Facts]> {
        // Whoever asks meanwhile waits: the work is done once.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Known { of, facts }) = known.as_ref()
            && of.upgrade().is_some_and(|of| Arc::ptr_eq(&of, catalogue))
        {
            return Arc::clone(facts);
        }
        let facts: Arc<[Facts]> = facts::read(catalogue, zone).into();
        *known = Some(Known { of: Arc::downgrade(catalogue), facts: Arc::clone(&facts) });
        facts
    }
}

impl Service {
    /// Whether it does not answer as it should.
    pub fn is_troubled(&self) -> bool {
        self.health.as_ref().is_some_and(|health| health.state != ServiceState::Up)
    }

    /// Whether its last good answer is younger than two rounds of its pace; `None` when there is none.
    pub fn is_fresh(&self, now: Timestamp) -> Option<bool> {
        let answered = self.health.as_ref()?.last_success?;
        let age = Duration::try_from(now.duration_since(answered)).unwrap_or_default();
        Some(age <= self.facts.pace * FRESH_ROUNDS)
    }

    fn rank(&self) -> u8 {
        match self.health.as_ref().map(|health| health.state) {
            Some(ServiceState::Down(_)) => 0,
            Some(ServiceState::Degraded) => 1,
            Some(ServiceState::Up) => 2,
            None => 3,
        }
    }
}
