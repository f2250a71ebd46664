//! The only crate that talks to services.
//!
//! A request has at most one flight at a time, however many cards and citizens want it. The flight
//! belongs to [`Upstream`]: it runs to its end even if the citizen who caused it has left. It waits
//! in the queue of its host (`rate_limit`), which keeps to the host's limits and leaves it alone
//! while its circuit breaker is open. A response is fresh for as long as the manifest says, or its
//! headers (`http_cache`); responses in use are refreshed before they become stale (`refresh`). A
//! stale response is served at once while it is revalidated. The last good response is kept on disk
//! (`disk`), unless its request was personal or its headers forbid it.
//!
//! Two things are retried by different clocks: `retry_delay` decides when a failed *request* may be
//! made again, `rate_limit::circuit_breaker` when a failing *host* may be asked again.

#![warn(missing_docs)]

mod api_keys;
mod body;
mod body_origin;
mod cache_entry;
mod disk;
mod disk_quota;
mod error;
mod fetch;
mod flight;
mod health;
mod host_policy;
mod http_cache;
mod live_trees;
mod parse;
mod policy;
mod rate_limit;
mod refresh;
mod retry_delay;
mod source;
mod ssrf;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::sync::Cache;
use url::Url;
use voordeur_fair_queue::ClientKey;
use voordeur_widget_api::Request;
use voordeur_worker_pool::WorkerPool;

use cache_entry::{
    CacheEntry, CacheKey, EntryState, Flight, LastFailure, StoredResponse, Unconfirmed,
};
use disk::{Disk, DiskHead};
use flight::{FetchJob, Target};
use live_trees::LiveTrees;
use rate_limit::{RateLimiter, Urgency, counts_against_host};

pub use api_keys::ApiKeys;
pub use body_origin::{BodyOrigin, FetchedBody};
pub use cache_entry::{CachedResponse, Freshness};
pub use error::{FetchError, TlsError};
pub use fetch::Fetcher;
pub use health::{Health, HealthMonitor, ServiceState, ShapeChange, ShapeFit, StateChange};
pub use host_policy::{HostPolicy, StaticHosts};
pub use policy::{HostLimits, Policy, RefreshPolicy};
pub use source::Source;
pub use ssrf::{Internet, Resolver};

/// Limit of the cache in memory, in bytes, by approximate sizes.
const MAX_MEMORY_BYTES: u64 = 192 * 1024 * 1024;
/// Approximate size in memory of an entry without its response, in bytes.
const ENTRY_OVERHEAD_BYTES: u32 = 2 * 1024;
/// An entry that nobody asked for in this time leaves memory.
const MAX_IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// How a request uses the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// Serve what is cached; if it is stale, refresh it in the background.
    StaleWhileRevalidate,
    /// The same, without refreshing it from then on: the request is not expected again.
    OneOff,
    /// Wait for a new response.
    Refresh,
    /// Serve what is stored, and ask no service.
    Stored,
}

/// On whose behalf a request is made, and how it uses the cache.
#[derive(Clone, Copy, Debug)]
pub struct RequestOptions {
    /// How it uses the cache.
    pub cache_policy: CachePolicy,
    /// Fairness key in the queue of the host.
    pub client: ClientKey,
}

impl From<CachePolicy> for RequestOptions {
    /// Options of an unknown client.
    fn from(cache_policy: CachePolicy) -> Self {
        RequestOptions { cache_policy, client: None }
    }
}

/// A response from the cache or from the service.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The response.
    pub response: CachedResponse,
    /// Why it is stale; `None` if it is fresh.
    pub stale: Option<Staleness>,
}

/// Why a response is stale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Staleness {
    /// A refresh is in progress.
    Refreshing,
    /// The request asked for what is stored.
    NotAsked,
    /// The last flight failed.
    Failed(FetchError),
}

/// How to open an [`Upstream`].
pub struct UpstreamOptions {
    /// Where responses come from.
    pub source: Source,
    /// The folder of the cache on disk.
    pub cache_dir: PathBuf,
    /// How a service can reach the operator; part of the `User-Agent`.
    pub contact: Option<String>,
    /// API keys of services.
    pub api_keys: ApiKeys,
    /// Timeouts, retry delays and limits.
    pub policy: Policy,
    /// Declared hosts and their limits.
    pub host_policy: Arc<dyn HostPolicy>,
    /// Name resolution of `Source::Live`. Replaced by tests only.
    pub internet: Internet,
    /// The threads on which responses are parsed.
    pub workers: Arc<WorkerPool>,
}

impl UpstreamOptions {
    /// Default options, without a contact and without API keys.
    pub fn new(
        source: Source,
        cache_dir: impl Into<PathBuf>,
        host_policy: Arc<dyn HostPolicy>,
    ) -> Self {
        UpstreamOptions {
            source,
            cache_dir: cache_dir.into(),
            contact: None,
            api_keys: ApiKeys::default(),
            policy: Policy::default(),
            host_policy,
            internet: Internet::default(),
            workers: WorkerPool::for_this_machine(),
        }
    }
}

/// Fetches responses of services: cache, rate limits, circuit breakers and guards.
pub struct Upstream {
    source: Source,
    policy: Policy,
    host_policy: Arc<dyn HostPolicy>,
    fetcher: Fetcher,
    disk: Disk,
    entries: Cache<CacheKey, Arc<CacheEntry>>,
    rate_limiter: RateLimiter,
    health: HealthMonitor,
    workers: Arc<WorkerPool>,
    live_trees: LiveTrees,
}

/// How a request continues, given the state of its cache entry.
enum Plan {
    Return(Result<Lookup, FetchError>),
    WaitFor(Flight),
}

impl Upstream {
    /// Opens the cache on disk and the HTTP client.
    ///
    /// # Errors
    /// When the cache folder cannot be read, or the root certificates of the system cannot be
    /// loaded.
    pub fn open(options: UpstreamOptions) -> Result<Arc<Self>, OpenError> {
        let UpstreamOptions { source, policy, host_policy, workers, .. } = options;
        let disk = Disk::open(&options.cache_dir).map_err(OpenError::Disk)?;
        let contact = options.contact.as_deref();
        let fetcher = Fetcher::with_internet(
            options.internet,
            &source,
            contact,
            options.api_keys,
            Arc::clone(&workers),
        )
        .map_err(OpenError::Client)?;
        let entries = Cache::builder()
            .weigher(|_, entry: &Arc<CacheEntry>| {
                entry.size.load(Ordering::Relaxed).saturating_add(ENTRY_OVERHEAD_BYTES)
            })
            .max_capacity(MAX_MEMORY_BYTES)
            .time_to_idle(MAX_IDLE)
            .build();
        let rate_limiter = RateLimiter::new(policy.host, policy.citizen_flights);
        let health = HealthMonitor::default();
        Ok(Arc::new(Upstream {
            source,
            policy,
            host_policy,
            fetcher,
            disk,
            entries,
            rate_limiter,
            health,
            workers,
            live_trees: LiveTrees::default(),
        }))
    }

    /// Whether cards show samples instead of responses.
    pub fn shows_samples(&self) -> bool {
        self.source == Source::Samples
    }

    /// Whether the API key in an environment variable is available, or not needed because samples
    /// are shown.
    pub fn has_api_key(&self, variable: &str) -> bool {
        self.shows_samples() || self.fetcher.has_api_key(variable)
    }

    /// Number of entries in memory and their approximate size in bytes. Both are eventually
    /// consistent.
    pub fn cache_size(&self) -> (u64, u64) {
        (self.entries.entry_count(), self.entries.weighted_size())
    }

    /// The health of each service.
    pub fn health(&self) -> &HealthMonitor {
        &self.health
    }

    /// Until when the circuit breaker of a host that a manifest declares is open; `None` if it is
    /// closed. After that moment one flight probes the host, and closes the breaker if it succeeds.
    pub fn open_until(&self, host: &str) -> Option<Timestamp> {
        self.rate_limiter.open_until(host)
    }

    /// The response to a request of a widget that declares `hosts`.
    ///
    /// # Errors
    /// Why there is no good response, not even a stale one.
    pub async fn fetch(
        self: &Arc<Self>,
        hosts: &[String],
        request: &Request,
        options: impl Into<RequestOptions>,
    ) -> Result<Lookup, FetchError> {
        // Samples belong to widgets, so the caller serves them. Nothing leaves the machine.
        if self.shows_samples() {
            return Err(FetchError::Unreachable);
        }
        if request.key.as_ref().is_some_and(|key| !self.fetcher.has_api_key(&key.variable)) {
            return Err(FetchError::MissingApiKey);
        }
        let key = CacheKey::of(request);
        let entry = self.entries.get_with(key.clone(), Arc::default);
        let options = options.into();
        let read = || self.read_from_disk(&key, &entry, request, options.client);
        entry.disk_read.get_or_init(read).await;

        if self.is_paused(request) {
            return stored_or_error(&entry.state(), &FetchError::Paused);
        }

        let mut flight = match self.plan(&entry, hosts, request, options) {
            Plan::Return(result) => return result,
            Plan::WaitFor(flight) => flight,
        };
        let outcome = match flight.outcome.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(FetchError::Unreachable)),
            // The task of the flight panicked.
            Err(_) => Err(FetchError::Unreachable),
        };
        match outcome {
            Ok(response) => Ok(Lookup { response, stale: None }),
            Err(error) => stored_or_error(&entry.state(), &error),
        }
    }

    /// Whether the operator has paused the widget of a request, or its host.
    fn is_paused(&self, request: &Request) -> bool {
        let url = Url::parse(&request.url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        self.host_policy.is_paused(&request.widget, host)
    }

    async fn read_from_disk(
        &self,
        key: &CacheKey,
        entry: &Arc<CacheEntry>,
        request: &Request,
        client: ClientKey,
    ) {
        let on_disk = self.disk.read(key, request.stale_key.as_deref()).await;
        let Some(on_disk) = on_disk else { return };
        let origin = on_disk
            .origin
            .unwrap_or_else(|| BodyOrigin { url: request.url.clone(), content_type: None });
        let (parsed, _) = self.parse_body(request, client, on_disk.body, &origin).await;
        let Ok((tree, size)) = parsed else { return };
        let response = CachedResponse::from_disk(tree, on_disk.fetched);
        let response = if on_disk.is_other_request { response.mark_as_earlier() } else { response };
        let stored = StoredResponse { response, validators: on_disk.validators, origin };
        entry.set_size(size, 0);
        {
            let mut state = entry.state();
            let is_same_request = !stored.response.from_earlier_request;
            state.on_disk = is_same_request.then_some(stored.response.fetched);
            state.stored = Some(stored);
        }
        // Updates the weight of the entry.
        self.entries.insert(key.clone(), Arc::clone(entry));
    }

    /// Decides whether an entry can be served as it is, and starts or joins a flight if it cannot.
    fn plan(
        self: &Arc<Self>,
        entry: &Arc<CacheEntry>,
        hosts: &[String],
        request: &Request,
        options: RequestOptions,
    ) -> Plan {
        let RequestOptions { cache_policy, client } = options;
        let mut state = entry.state();
        if cache_policy == CachePolicy::Stored {
            return Plan::Return(stored_only(&state, request));
        }
        state.last_used = Some(Instant::now());
        if refresh::is_refreshable(request, cache_policy) && !state.has_refresh_task {
            state.has_refresh_task = true;
            self.spawn_refresh_task(entry, request);
        }
        if let Some(StoredResponse { response, .. }) = &state.stored {
            let is_current = match cache_policy {
                CachePolicy::StaleWhileRevalidate | CachePolicy::OneOff => {
                    response.freshness(request).is_fresh()
                }
                CachePolicy::Refresh | CachePolicy::Stored => {
                    response.age() < self.policy.min_refresh_age
                }
            };
            if is_current && !response.from_earlier_request {
                return Plan::Return(Ok(Lookup { response: response.clone(), stale: None }));
            }
        }
        let urgency = if state.stored.is_some() { Urgency::Stale } else { Urgency::Uncached };
        let flight = match (state.in_flight(), state.last_failure.as_ref()) {
            (Some(flight), _) => {
                flight.queue.join(urgency, client);
                flight
            }
            (None, Some(last)) if self.must_wait(last, hosts, request) => {
                return Plan::Return(stored_or_error(&state, &last.error));
            }
            (None, _) => {
                let (hosts, request) = (hosts.to_vec(), request.clone());
                let flight = self.start_flight(entry, FetchJob { hosts, request, urgency, client });
                state.flight = Some(flight.clone());
                flight
            }
        };
        match &state.stored {
            Some(StoredResponse { response, .. }) if cache_policy != CachePolicy::Refresh => {
                let error = state.last_failure.as_ref().map(|last| last.error.clone());
                let stale = Some(error.map_or(Staleness::Refreshing, Staleness::Failed));
                Plan::Return(Ok(Lookup { response: response.clone(), stale }))
            }
            _ => Plan::WaitFor(flight),
        }
    }

    /// Whether a failed request may not be retried yet. A failure that the host was to blame for
    /// ends early when the host is back; a full queue for one client may have room for another.
    fn must_wait(&self, last: &LastFailure, hosts: &[String], request: &Request) -> bool {
        let is_host_back = || {
            counts_against_host(&last.error)
                && Target::of(hosts, request)
                    .is_some_and(|target| self.host(&target).has_closed_since(last.at))
        };
        last.error != FetchError::Busy && Instant::now() < last.retry_at && !is_host_back()
    }

    /// Reports that a widget accepted the response that was fetched at `fetched`. From then on it
    /// is the last good one, also after a restart.
    pub async fn confirm(&self, request: &Request, fetched: Timestamp) {
        let key = CacheKey::of(request);
        let Some(entry) = self.entries.get(&key) else { return };
        let (new_bytes, head) = {
            let mut state = entry.state();
            let stored = state.stored.as_ref();
            let Some(stored) = stored.filter(|stored| stored.response.fetched == fetched) else {
                return;
            };
            let head = DiskHead {
                fetched,
                validators: stored.validators.clone(),
                origin: stored.origin.clone(),
            };
            let new_bytes = match state.unconfirmed.take() {
                // It may not be stored on disk. The previous one stays there.
                Some(Unconfirmed { bytes: None, .. }) => return,
                Some(Unconfirmed { bytes, .. }) => bytes,
                // Unchanged since it was written.
                None if state.on_disk.is_some_and(|on_disk| on_disk != fetched) => None,
                None => return,
            };
            state.on_disk = Some(fetched);
            (new_bytes, head)
        };
        let question = request.stale_key.as_deref();
        match new_bytes {
            Some(bytes) => self.disk.write(&key, question, &bytes, &head).await,
            None => self.disk.renew(&key, question, &head).await,
        }
    }

    /// Reports that a widget rejected the response that was fetched at `fetched`. The previous good
    /// response takes its place and the flight counts as failed. Without a previous one, the
    /// rejected one stays until it is stale, so that the service is not asked more often than
    /// usual.
    pub fn reject(&self, request: &Request, fetched: Timestamp, error: &FetchError) -> Rejection {
        let Some(entry) = self.entries.get(&CacheKey::of(request)) else {
            return Rejection::default();
        };
        let mut state = entry.state();
        if state.stored.as_ref().is_none_or(|stored| stored.response.fetched != fetched) {
            return Rejection::default();
        }
        // Every card that shows the response rejects it.
        let is_first = state.rejected.replace(fetched) != Some(fetched);
        if is_first && let Some(host) = declared_host(request) {
            self.health.mark_unreadable(&host, error);
        }
        let Some(unconfirmed) = state.unconfirmed.take_if(|it| it.previous.is_some()) else {
            return Rejection { is_first, rolled_back: false };
        };
        state.stored = unconfirmed.previous;
        state.record_failure_after(unconfirmed.failures, error.clone(), &self.policy);
        Rejection { is_first, rolled_back: true }
    }

    /// Records how the mapping of a widget fits the response that was fetched at `fetched`. Hosts of
    /// addresses given by citizens are not recorded. Returns whether this is news.
    pub fn record_fit(
        &self,
        request: &Request,
        fetched: Timestamp,
        widget: &str,
        fit: ShapeFit<'_>,
    ) -> bool {
        declared_host(request)
            .is_some_and(|host| self.health.record_fit(&host, fetched, widget, fit))
    }
}

/// The effect of rejecting a response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// The response had not been rejected before.
    pub is_first: bool,
    /// The previous good response took its place.
    pub rolled_back: bool,
}

/// The host of a request, for statistics. `None` if a citizen gave the address: which sites
/// citizens read is not recorded.
fn declared_host(request: &Request) -> Option<String> {
    if request.user_supplied_url {
        return None;
    }
    Url::parse(&request.url).ok()?.host_str().map(str::to_owned)
}

fn stored_or_error(state: &EntryState, error: &FetchError) -> Result<Lookup, FetchError> {
    match &state.stored {
        Some(StoredResponse { response, .. }) => {
            let stale = Some(Staleness::Failed(error.clone()));
            Ok(Lookup { response: response.clone(), stale })
        }
        None => Err(error.clone()),
    }
}

/// The stored response, whatever its age; the reason why there is none.
fn stored_only(state: &EntryState, request: &Request) -> Result<Lookup, FetchError> {
    let failure = state.last_failure.as_ref().map(|failure| failure.error.clone());
    let Some(StoredResponse { response, .. }) = &state.stored else {
        return Err(failure.unwrap_or(FetchError::NotStored));
    };
    let is_fresh = response.freshness(request).is_fresh() && !response.from_earlier_request;
    let stale = (!is_fresh).then(|| failure.map_or(Staleness::NotAsked, Staleness::Failed));
    Ok(Lookup { response: response.clone(), stale })
}

/// Why an [`Upstream`] cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The cache folder cannot be read.
    #[error("response cache on disk not readable")]
    Disk(#[source] std::io::Error),
    /// The HTTP client cannot be built.
    #[error("HTTP client not available")]
    Client(#[source] reqwest::Error),
}
