//! How often a host is asked, and whether: by all citizens together, no faster than it can bear and not while it is unwell.

mod breaker;
mod queue;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::sync::Cache;
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep_until, timeout};
use voordeur_widget_api::Limits;

use super::policy::HostLimits;
use super::{AttemptError, FetchError};
use queue::{Met, Notice, Queue, Still};
use voordeur_fair_queue::ClientKey;

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
pub enum PermitError {
    /// The host is left to rest.
    Resting {
        /// What was wrong with it.
        reason: FetchError,
        /// Until when.
        until: Instant,
    },
    /// Too many wait already.
    Busy,
}

/// The pace of every host.
pub struct RateLimiter {
    limits: HostLimits,
    /// Those that manifests name.
    named: Mutex<HashMap<String, Arc<Host>>>,
    /// Those of citizens' own addresses. They stand apart, also where a manifest names the same host: an address that somebody chose because it
    /// fails must not close the host to a widget.
    own: Cache<String, Arc<Host>>,
    /// Before all of those together.
    own_together: Arc<Host>,
}

/// One host, and the row before it.
pub struct Host {
    limits: Mutex<HostLimits>,
    /// The row that comes after its own, when there is one.
    together: Option<Arc<Host>>,
    row: Mutex<Queue>,
    landed: Notify,
}

/// A flight may start; it counts as under way until this is dropped.
pub struct Permit {
    at_host: UnderWay,
    /// Among those to the hosts of citizens' own addresses.
    _together: Option<UnderWay>,
}

/// Where a flight waits for its turn, for whoever comes to want the same; nowhere before and after that.
#[derive(Clone, Default)]
pub struct Queued(Arc<Mutex<Option<Spot>>>);

/// Where somebody waits.
#[derive(Clone)]
struct Spot {
    host: Arc<Host>,
    ticket: u64,
}

/// Counts as under way in one row until it is dropped.
struct UnderWay {
    host: Arc<Host>,
    is_trial: bool,
}

impl RateLimiter {
    /// Nobody was asked yet. To the hosts of citizens' own addresses, so many flights may be under way at once.
    pub fn new(limits: HostLimits, own_flights: usize) -> Self {
        let own = Cache::builder().max_capacity(MOST_OWN_HOSTS).time_to_idle(OWN_HOST_IDLE).build();
        // They have a number and no rate: each of the hosts has its own.
        let together = HostLimits { interval: Duration::ZERO, flights: own_flights, ..limits };
        let own_together = Arc::new(Host::new(together, None));
        RateLimiter { limits, named: Mutex::default(), own, own_together }
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
        let together = || Some(Arc::clone(&self.own_together));
        let host = self.own.get_with_by_ref(name, || Arc::new(Host::new(limits, together())));
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
    fn new(limits: HostLimits, together: Option<Arc<Host>>) -> Self {
        let row = Mutex::new(Queue::new(Instant::now()));
        Host { limits: Mutex::new(limits), together, row, landed: Notify::new() }
    }

    /// Sets the limits, for whoever starts after this.
    fn limit(&self, limits: HostLimits) {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    fn limits(&self) -> HostLimits {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn of a client.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn permit(
        self: &Arc<Self>,
        urgency: Urgency,
        client: ClientKey,
        queued: &Queued,
    ) -> Result<Permit, PermitError> {
        let at_host = self.turn(urgency, client, queued).await?;
        let together = match &self.together {
            Some(together) => Some(together.turn(urgency, client, queued).await?),
            None => None,
        };
        Ok(Permit { at_host, _together: together })
    }

    async fn turn(
        self: &Arc<Self>,
        urgency: Urgency,
        client: ClientKey,
        queued: &Queued,
    ) -> Result<UnderWay, PermitError> {
        let limits = self.limits();
        let met = self.row().enter(Instant::now(), urgency, client, &limits);
        let is_trial = match met {
            Met::Free(is_trial) => is_trial,
            Met::No(refused) => return Err(refused),
            Met::Wait { mut told, ticket, is_unserved } => {
                if is_unserved {
                    tokio::spawn(serve(Arc::clone(self)));
                }
                queued.set(Some(Spot { host: Arc::clone(self), ticket }));
                let waited = timeout(limits.longest_wait, &mut told).await;
                queued.set(None);
                match waited {
                    Ok(Ok(told)) => told?,
                    Ok(Err(_)) => return Err(PermitError::Busy),
                    Err(_) => last_word(told)?,
                }
            }
        };
        Ok(UnderWay { host: Arc::clone(self), is_trial })
    }

    /// Whether it rested, and came back after a moment.
    pub fn has_returned_since(&self, moment: Instant) -> bool {
        self.row().breaker.has_returned_since(moment)
    }

    /// A panic while the lock was held leaves at worst a count that is off by one.
    fn row(&self) -> MutexGuard<'_, Queue> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was told to somebody in the very moment in which they gave up: a turn that nobody takes would count as under way for ever.
fn last_word(mut told: oneshot::Receiver<Notice>) -> Notice {
    told.close();
    told.try_recv().unwrap_or(Err(PermitError::Busy))
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

impl Queued {
    /// Another one wants it too, and may come earlier than who began.
    pub fn join(&self, urgency: Urgency, client: ClientKey) {
        let queued = self.lock().clone();
        if let Some(Spot { host, ticket }) = queued {
            host.row().join(ticket, urgency, client);
        }
    }

    fn set(&self, spot: Option<Spot>) {
        *self.lock() = spot;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Spot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// Takes in what came of the flight.
    pub fn landed(mut self, outcome: Result<(), &AttemptError>) -> Option<Change> {
        let UnderWay { host, is_trial } = &mut self.at_host;
        let was_trial = std::mem::take(is_trial);
        let limits = host.limits();
        let mut row = host.row();
        row.breaker.landed(Instant::now(), Timestamp::now(), was_trial, outcome, &limits)
    }
}

impl Drop for UnderWay {
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
