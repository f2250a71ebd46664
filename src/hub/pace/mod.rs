//! How often a host is asked, and whether: by all citizens together, no faster than it can bear and not while it is unwell.

mod breaker;
mod row;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::sync::Cache;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep_until, timeout};
use voordeur_contract::Limits;

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
    /// One for each flight that may be under way to those.
    own_flights: Arc<Semaphore>,
}

/// One host, and the row before it.
pub struct Host {
    limits: Mutex<HostLimits>,
    /// What it shares with others, when it does.
    shared: Option<Arc<Semaphore>>,
    row: Mutex<Row>,
    landed: Notify,
}

/// A flight may start; it counts as under way until this is dropped.
pub struct Permit {
    host: Arc<Host>,
    is_trial: bool,
    shared: Option<OwnedSemaphorePermit>,
}

impl Pace {
    /// Nobody was asked yet. To the hosts of citizens' own addresses, so many flights may be under way at once.
    pub fn new(limits: HostLimits, own_flights: usize) -> Self {
        let own = Cache::builder().max_capacity(MOST_OWN_HOSTS).time_to_idle(OWN_HOST_IDLE).build();
        let own_flights = Arc::new(Semaphore::new(own_flights.min(Semaphore::MAX_PERMITS)));
        Pace { limits, named: Mutex::default(), own, own_flights }
    }

    /// A host that a manifest names, which is asked no more than `wanted` from now on.
    pub fn named(&self, name: &str, wanted: Limits) -> Arc<Host> {
        let limits = self.limits.no_more_than(wanted);
        let mut named = self.hosts();
        if let Some(host) = named.get(name) {
            host.limit(limits);
            return Arc::clone(host);
        }
        let host = Arc::new(Host::new(limits, None));
        named.insert(name.to_owned(), Arc::clone(&host));
        host
    }

    /// The host of a citizen's own address, which is asked no more than `wanted` from now on.
    pub fn own(&self, name: &str, wanted: Limits) -> Arc<Host> {
        let limits = self.limits.no_more_than(wanted);
        let shared = || Some(Arc::clone(&self.own_flights));
        let host = self.own.get_with_by_ref(name, || Arc::new(Host::new(limits, shared())));
        host.limit(limits);
        host
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
    fn new(limits: HostLimits, shared: Option<Arc<Semaphore>>) -> Self {
        let row = Mutex::new(Row::new(Instant::now()));
        Host { limits: Mutex::new(limits), shared, row, landed: Notify::new() }
    }

    /// Sets the limits, for whoever starts after this.
    fn limit(&self, limits: HostLimits) {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    fn limits(&self) -> HostLimits {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for its turn.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn permit(self: &Arc<Self>, urgency: Urgency) -> Result<Permit, NoPermit> {
        let limits = self.limits();
        let met = self.row().enter(Instant::now(), urgency, &limits);
        let is_trial = match met {
            Met::Free(is_trial) => is_trial,
            Met::No(refused) => return Err(refused),
            Met::Wait { told, is_unserved } => {
                if is_unserved {
                    tokio::spawn(serve(Arc::clone(self)));
                }
                match timeout(limits.longest_wait, told).await {
                    Ok(Ok(told)) => told?,
                    Ok(Err(_)) | Err(_) => return Err(NoPermit::Busy),
                }
            }
        };
        let mut permit = Permit { host: Arc::clone(self), is_trial, shared: None };
        if let Some(shared) = &self.shared {
            let waiting = Arc::clone(shared).acquire_owned();
            let acquired = timeout(limits.longest_wait, waiting).await;
            permit.shared = Some(acquired.ok().and_then(Result::ok).ok_or(NoPermit::Busy)?);
        }
        Ok(permit)
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
        let limits = host.limits();
        let still = host.row().serve(Instant::now(), &limits);
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
        let limits = self.host.limits();
        let mut row = self.host.row();
        row.breaker.landed(Instant::now(), Timestamp::now(), was_trial, outcome, &limits)
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
