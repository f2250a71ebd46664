//! When a host is asked: no faster than its limits, with all citizens counted together, and not
//! while its circuit breaker is open.
//!
//! The rate-limiting crates (such as governor) have no queue, so nobody can be served by urgency,
//! or round-robin by client, and nobody can be turned away early when the queue is too long.

mod circuit_breaker;
mod queue;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::sync::Cache;
use tokio::sync::{Notify, oneshot};
use tokio::time::{sleep_until, timeout};
use voordeur_fair_queue::ClientKey;
use voordeur_widget_api::Limits;

use super::FetchError;
use super::fetch::AttemptError;
use super::policy::HostLimits;
use queue::{Admission, Blocked, Grant, Queue};

pub use circuit_breaker::{BreakerChange, counts_against_host};

/// Maximum number of hosts of addresses given by citizens whose state is kept.
const MAX_CITIZEN_HOSTS: u64 = 10_000;
/// The state of such a host is dropped after this time without a request; longer than any open
/// time.
const CITIZEN_HOST_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

/// Urgency of a waiting request. The most urgent is served first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// A citizen whose card has nothing to show.
    Uncached,
    /// A citizen whose card shows a stale response.
    Stale,
    /// Nobody: a background refresh.
    Background,
}

/// Why a flight may not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PermitError {
    #[error("circuit breaker open: {reason}")]
    CircuitOpen {
        #[source]
        reason: FetchError,
        until: Instant,
    },
    /// The queue is too long.
    #[error("too many requests queued for this host")]
    Busy,
}

/// The queues of all hosts.
pub struct RateLimiter {
    limits: HostLimits,
    /// Hosts that manifests declare.
    declared: Mutex<HashMap<String, Arc<Host>>>,
    /// Hosts of addresses given by citizens. Separate even where a manifest declares the same host:
    /// a citizen's address, perhaps chosen because it fails, must not open the breaker of a
    /// widget's host.
    citizen_given: Cache<String, Arc<Host>>,
    /// A further queue, shared by all of those.
    all_citizen_given: Arc<Host>,
}

/// The queue and the circuit breaker of one host.
pub struct Host {
    limits: Mutex<HostLimits>,
    /// A second queue to wait in after this one.
    shared: Option<Arc<Host>>,
    queue: Mutex<Queue>,
    flight_ended: Notify,
}

/// Permits one flight, which counts as in progress until this is dropped.
pub struct Permit {
    at_host: InFlightGuard,
    _at_shared: Option<InFlightGuard>,
}

/// Where the flight of a cache entry waits, so that others who want its response can move it
/// forward. Empty before and after the wait.
#[derive(Clone, Default)]
pub struct QueueHandle(Arc<Mutex<Option<QueueEntry>>>);

#[derive(Clone)]
struct QueueEntry {
    host: Arc<Host>,
    ticket: u64,
}

/// Counts as a flight in progress at one host until it is dropped.
struct InFlightGuard {
    host: Arc<Host>,
    is_probe: bool,
}

impl RateLimiter {
    /// Without any host yet. `citizen_flights` limits the flights in progress to all hosts of
    /// addresses given by citizens together.
    pub fn new(limits: HostLimits, citizen_flights: usize) -> Self {
        let citizen_given = Cache::builder()
            .max_capacity(MAX_CITIZEN_HOSTS)
            .time_to_idle(CITIZEN_HOST_IDLE)
            .build();
        // Limits concurrency only: each of the hosts has its own rate.
        let shared = HostLimits { interval: Duration::ZERO, flights: citizen_flights, ..limits };
        let all_citizen_given = Arc::new(Host::new(shared, None));
        RateLimiter { limits, declared: Mutex::default(), citizen_given, all_citizen_given }
    }

    /// A host that a manifest declares. Its limits are updated to `manifest_limits`.
    pub fn declared(&self, name: &str, manifest_limits: Limits) -> Arc<Host> {
        let limits = self.limits.lowered_to(manifest_limits);
        let mut declared = self.declared_hosts();
        if let Some(host) = declared.get(name) {
            host.set_limits(limits);
            return Arc::clone(host);
        }
        let host = Arc::new(Host::new(limits, None));
        declared.insert(name.to_owned(), Arc::clone(&host));
        host
    }

    /// The host of an address given by a citizen. Its limits are updated to `manifest_limits`.
    pub fn citizen_given(&self, name: &str, manifest_limits: Limits) -> Arc<Host> {
        let limits = self.limits.lowered_to(manifest_limits);
        let shared = || Some(Arc::clone(&self.all_citizen_given));
        let new = || Arc::new(Host::new(limits, shared()));
        let host = self.citizen_given.get_with_by_ref(name, new);
        host.set_limits(limits);
        host
    }

    /// Until when the circuit breaker of a declared host is open; `None` if it is closed.
    pub fn open_until(&self, name: &str) -> Option<Timestamp> {
        let host = self.declared_hosts().get(name).map(Arc::clone)?;
        let queue = host.queue();
        queue.breaker.open_until()
    }

    /// Each change under this lock is one insertion, so a panic leaves a valid map.
    fn declared_hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Host>>> {
        self.declared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    fn new(limits: HostLimits, shared: Option<Arc<Host>>) -> Self {
        let queue = Mutex::new(Queue::new(Instant::now()));
        Host { limits: Mutex::new(limits), shared, queue, flight_ended: Notify::new() }
    }

    fn set_limits(&self, limits: HostLimits) {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    fn limits(&self) -> HostLimits {
        *self.limits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a flight may start.
    ///
    /// # Errors
    /// When the circuit breaker is open, or the queue is too long.
    pub async fn acquire(
        self: &Arc<Self>,
        urgency: Urgency,
        client: ClientKey,
        handle: &QueueHandle,
    ) -> Result<Permit, PermitError> {
        let at_host = self.wait_in_queue(urgency, client, handle).await?;
        let at_shared = match &self.shared {
            Some(shared) => Some(shared.wait_in_queue(urgency, client, handle).await?),
            None => None,
        };
        Ok(Permit { at_host, _at_shared: at_shared })
    }

    async fn wait_in_queue(
        self: &Arc<Self>,
        urgency: Urgency,
        client: ClientKey,
        handle: &QueueHandle,
    ) -> Result<InFlightGuard, PermitError> {
        let limits = self.limits();
        let admission = self.queue().enter(Instant::now(), urgency, client, &limits);
        let is_probe = match admission {
            Admission::Granted { is_probe } => is_probe,
            Admission::Denied(error) => return Err(error),
            Admission::Queued { mut grant, ticket, needs_server } => {
                if needs_server {
                    tokio::spawn(serve_queue(Arc::clone(self)));
                }
                handle.set(Some(QueueEntry { host: Arc::clone(self), ticket }));
                let waited = timeout(limits.max_wait, &mut grant).await;
                handle.set(None);
                match waited {
                    Ok(Ok(grant)) => grant?,
                    Ok(Err(_)) => return Err(PermitError::Busy),
                    Err(_) => late_grant(grant)?,
                }
            }
        };
        Ok(InFlightGuard { host: Arc::clone(self), is_probe })
    }

    /// Whether the circuit breaker closed after a moment.
    pub fn has_closed_since(&self, moment: Instant) -> bool {
        self.queue().breaker.has_closed_since(moment)
    }

    /// A panic under this lock leaves at worst a count that is off by one.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a grant that arrived at the moment of the timeout. If it were lost, its flight would count
/// as in progress forever.
fn late_grant(mut grant: oneshot::Receiver<Grant>) -> Grant {
    grant.close();
    grant.try_recv().unwrap_or(Err(PermitError::Busy))
}

/// Serves the queue of a host until it is empty.
async fn serve_queue(host: Arc<Host>) {
    loop {
        let limits = host.limits();
        let blocked = host.queue().serve(Instant::now(), &limits);
        match blocked {
            None => return,
            Some(Blocked::Until(moment)) => sleep_until(moment.into()).await,
            Some(Blocked::UntilFlightEnds) => host.flight_ended.notified().await,
        }
    }
}

impl QueueHandle {
    /// Moves the flight forward if this citizen would be served earlier.
    pub fn join(&self, urgency: Urgency, client: ClientKey) {
        let entry = self.lock().clone();
        if let Some(QueueEntry { host, ticket }) = entry {
            host.queue().join(ticket, urgency, client);
        }
    }

    fn set(&self, entry: Option<QueueEntry>) {
        *self.lock() = entry;
    }

    fn lock(&self) -> MutexGuard<'_, Option<QueueEntry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// Records the result of the flight in the circuit breaker.
    pub fn record(mut self, outcome: Result<(), &AttemptError>) -> Option<BreakerChange> {
        let InFlightGuard { host, is_probe } = &mut self.at_host;
        let was_probe = std::mem::take(is_probe);
        let limits = host.limits();
        let mut queue = host.queue();
        queue.breaker.record(Instant::now(), Timestamp::now(), was_probe, outcome, &limits)
    }
}

impl Drop for InFlightGuard {
    fn drop(&mut self) {
        let mut queue = self.host.queue();
        queue.flight_ended();
        if self.is_probe {
            queue.breaker.probe_abandoned();
        }
        drop(queue);
        self.host.flight_ended.notify_one();
    }
}

#[cfg(test)]
mod tests;
