//! How often a host is asked, and whether: by all citizens together, no faster than it can bear and not while it is unwell.

mod breaker;
mod row;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::sync::Cache;
use tokio::sync::Notify;
use tokio::time::{sleep_until, timeout};

use super::patience::HostLimits;
use super::{Failure, NotFetched};
use row::{Met, Row, Still};

pub use breaker::{Change, is_of_the_host};

/// Of the hosts of citizens' own addresses, so many are followed at once.
const MOST_OWN_HOSTS: u64 = 10_000;
/// A host of citizens' own addresses that was not asked for this long is forgotten; longer than any rest.
const OWN_HOST_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// Who waits for a flight. Those who go first stand first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody, who has nothing to look at.
    Empty,
    /// Somebody, who can look at the last good answer.
    Stale,
    /// Nobody.
    Unwatched,
}

/// Why a flight does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPermit {
    /// The host is left to rest.
    Resting {
        /// What was wrong with it.
        reason: Failure,
        /// Until when.
        until: Instant,
    },
    /// Too many wait already.
    Busy,
}

/// The pace of every host.
pub struct Pace {
    limits: HostLimits,
    /// Those that manifests name.
    named: Mutex<HashMap<String, Arc<Host>>>,
    /// Those of citizens' own addresses. They stand apart, also where a manifest names the same host: an address that somebody chose because it
    /// fails must not close the host to a widget.
    own: Cache<String, Arc<Host>>,
}

/// One host, and the row before it.
pub struct Host {
    limits: HostLimits,
    row: Mutex<Row>,
    landed: Notify,
}

/// A flight may start; it counts as under way until this is dropped.
pub struct Permit {
    host: Arc<Host>,
    is_trial: bool,
}

impl Pace {
    /// Nobody was asked yet.
    pub fn new(limits: HostLimits) -> Self {
        let own = Cache::builder().max_capacity(MOST_OWN_HOSTS).time_to_idle(OWN_HOST_IDLE).build();
        Pace { limits, named: Mutex::default(), own }
    }

    /// A host that a manifest names.
    pub fn named(&self, name: &str) -> Arc<Host> {
        let mut named = self.hosts();
        if let Some(host) = named.get(name) {
            return Arc::clone(host);
        }
        let host = Arc::new(Host::new(self.limits));
        named.insert(name.to_owned(), Arc::clone(&host));
        host
    }

    /// The host of a citizen's own address.
    pub fn own(&self, name: &str) -> Arc<Host> {
        self.own.get_with_by_ref(name, || Arc::new(Host::new(self.limits)))
    }

    /// Until when a host that a manifest names rests, when it does.
    pub fn resting_until(&self, name: &str) -> Option<Timestamp> {
        let host = self.hosts().get(name).map(Arc::clone)?;
        let row = host.row();
        row.breaker.resting_until()
    }

    /// A panic while the lock was held cannot leave the table half written: each write is one insertion.
    fn hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Host>>> {
        self.named.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    fn new(limits: HostLimits) -> Self {
        Host { limits, row: Mutex::new(Row::new(Instant::now())), landed: Notify::new() }
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn permit(self: &Arc<Self>, urgency: Urgency) -> Result<Permit, NoPermit> {
        let met = self.row().enter(Instant::now(), urgency, &self.limits);
        let is_trial = match met {
            Met::Free(is_trial) => is_trial,
            Met::No(refused) => return Err(refused),
            Met::Wait { told, is_unserved } => {
                if is_unserved {
                    tokio::spawn(serve(Arc::clone(self)));
                }
                match timeout(self.limits.longest_wait, told).await {
                    Ok(Ok(told)) => told?,
                    Ok(Err(_)) | Err(_) => return Err(NoPermit::Busy),
                }
            }
        };
        Ok(Permit { host: Arc::clone(self), is_trial })
    }

    /// Whether it rested, and came back after a moment.
    pub fn has_returned_since(&self, moment: Instant) -> bool {
        self.row().breaker.has_returned_since(moment)
    }

    /// A panic while the lock was held leaves at worst a count that is off by one.
    fn row(&self) -> MutexGuard<'_, Row> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves a row until nobody waits any more.
async fn serve(host: Arc<Host>) {
    loop {
        let still = host.row().serve(Instant::now(), &host.limits);
        match still {
            None => return,
            Some(Still::Until(moment)) => sleep_until(moment.into()).await,
            Some(Still::UntilLanding) => host.landed.notified().await,
        }
    }
}

impl Permit {
    /// Takes in what came of the flight.
    pub fn landed(mut self, outcome: Result<(), &NotFetched>) -> Option<Change> {
        let was_trial = std::mem::take(&mut self.is_trial);
        let mut row = self.host.row();
        row.breaker.landed(Instant::now(), Timestamp::now(), was_trial, outcome, &self.host.limits)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut row = self.host.row();
        row.land();
        if self.is_trial {
            row.breaker.trial_ended();
        }
        drop(row);
        self.host.landed.notify_one();
    }
}

#[cfg(test)]
mod tests;
