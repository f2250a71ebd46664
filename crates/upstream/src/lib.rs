//! The only room that talks to services.
//!
//! For one request, however many cards and citizens want it, there is one flight at a time. A flight belongs to the hub: it runs to its end
//! when the visitor who started it has left. It waits for its turn at its host (`rate_limit`), which is asked no faster than it can bear and left
//! alone while it is unwell. A good answer counts as fresh for as long as the manifest says, or the service itself (`http_cache`); what somebody
//! wanted lately is fetched again before that is over (`refresh`). After it, an answer is given at once, as stale, while a new one is on its
//! way. The last good answer is kept on disk, unless it was asked with something personal, or may not be stored.

#![warn(missing_docs)]

mod api_keys;
mod backoff;
mod body;
mod cache_entry;
mod disk;
mod disk_quota;
mod error;
mod fetch;
mod flight;
mod health;
mod http_cache;
mod policy;
mod rate_limit;
mod refresh;
mod source;
mod ssrf;

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::sync::Cache;
use url::Url;
use voordeur_widget_api::{Limits, Request};

use voordeur_fair_queue::ClientKey;

use cache_entry::{CacheEntry, Failed, Key, State, StoredResponse, Trial};
use disk::Disk;
use flight::{FetchJob, Target};
use rate_limit::{RateLimiter, Urgency, is_of_the_host};

pub use api_keys::ApiKeys;
pub use cache_entry::CachedResponse;
pub use error::{FetchError, TlsError};
pub use fetch::{AttemptError, Fetched, Fetcher};
pub use health::{Health, HealthBook, State as ServiceState, StateChange};
pub use policy::{HostLimits, Policy, Refreshing};
pub use source::Source;
pub use ssrf::{Internet, Resolver};

/// Answers in memory, by about what they take there.
const MOST_BYTES_IN_MEMORY: u64 = 192 * 1024 * 1024;
/// A slot takes so many bytes of memory besides its answer.
const SIZE_OF_SLOT: u32 = 2 * 1024;
/// An answer that nobody wanted for this long leaves memory.
const LONGEST_IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// How much somebody wants a new answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CachePolicy {
    /// What is there, and a flight in the background when it is stale.
    StaleWhileRevalidate,
    /// The same, of somebody who will not want it again.
    OneOff,
    /// What a new flight brings.
    Refresh,
}

/// Who asks, and how.
#[derive(Clone, Copy, Debug)]
pub struct RequestOptions {
    /// How much they want a new answer.
    pub wish: CachePolicy,
    /// Whose turn it is when many wait before one host; an address that limits count by, when it is known.
    pub client: ClientKey,
}

impl From<CachePolicy> for RequestOptions {
    /// Somebody of whom nothing is known.
    fn from(wish: CachePolicy) -> Self {
        RequestOptions { wish, client: None }
    }
}

/// What the hub can give.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// The answer.
    pub known: CachedResponse,
    /// Why it is older than it should be, when it is.
    pub stale: Option<Staleness>,
}

/// Why an answer is older than it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Staleness {
    /// A new one is on its way.
    Refreshing,
    /// The last flight failed.
    Failed(FetchError),
}

/// The only part that talks to services.
pub struct Upstream {
    source: Source,
    patience: Policy,
    fetcher: Fetcher,
    disk: Disk,
    slots: Cache<Key, Arc<CacheEntry>>,
    pace: RateLimiter,
    health: HealthBook,
    /// The hosts that a widget names now.
    hosts_of: OnceLock<Box<HostsOf>>,
    /// How much manifests want a host to be asked at most now.
    limits_of: OnceLock<Box<LimitsOf>>,
}

type HostsOf = dyn Fn(&str) -> Option<Vec<String>> + Send + Sync;
type LimitsOf = dyn Fn(&str) -> Limits + Send + Sync;

impl Upstream {
    /// A hub that keeps the last good answers in a folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or the machine's certificates cannot be read.
    pub fn new(
        source: Source,
        folder: &Path,
        contact: Option<&str>,
        keys: ApiKeys,
        patience: Policy,
    ) -> Result<Arc<Self>, OpenError> {
        Self::over(Internet::default(), source, folder, contact, keys, patience)
    }

    /// The same, with what `live` takes for the Internet: for tests of names that lie.
    ///
    /// # Errors
    /// As [`Upstream::new`].
    pub fn over(
        internet: Internet,
        source: Source,
        folder: &Path,
        contact: Option<&str>,
        keys: ApiKeys,
        patience: Policy,
    ) -> Result<Arc<Self>, OpenError> {
        let disk = Disk::open(folder).map_err(OpenError::Disk)?;
        let fetcher = Fetcher::over(internet, &source, contact, keys).map_err(OpenError::Client)?;
        let slots = Cache::builder()
            .weigher(|_, slot: &Arc<CacheEntry>| {
                slot.size.load(Ordering::Relaxed).saturating_add(SIZE_OF_SLOT)
            })
            .max_capacity(MOST_BYTES_IN_MEMORY)
            .time_to_idle(LONGEST_IDLE)
            .build();
        let pace = RateLimiter::new(patience.host, patience.own_flights);
        let health = HealthBook::default();
        Ok(Arc::new(Upstream {
            source,
            patience,
            fetcher,
            disk,
            slots,
            pace,
            health,
            hosts_of: OnceLock::new(),
            limits_of: OnceLock::new(),
        }))
    }

    /// Says how to find out which hosts a widget names now; `None` when there is no such widget any more. What is refreshed by itself goes by
    /// it: nobody who asks brings the hosts along. Only the first time counts.
    pub fn follow_hosts(&self, of: impl Fn(&str) -> Option<Vec<String>> + Send + Sync + 'static) {
        if self.hosts_of.set(Box::new(of)).is_err() {
            tracing::error!("the hub was told twice how to find the hosts of a widget");
        }
    }

    /// Says how to find out how much manifests want a host to be asked at most now. Each flight goes by it. Only the first time counts.
    pub fn follow_limits(&self, of: impl Fn(&str) -> Limits + Send + Sync + 'static) {
        if self.limits_of.set(Box::new(of)).is_err() {
            tracing::error!("the hub was told twice how to find the limits of a host");
        }
    }

    /// Whether cards show samples.
    pub fn shows_samples(&self) -> bool {
        self.source == Source::Samples
    }

    /// Whether the operator gave the key that a widget's service wants. Samples need none.
    pub fn has_key(&self, variable: &str) -> bool {
        self.shows_samples() || self.fetcher.has_key(variable)
    }

    /// How many answers are in memory, and about how many bytes they take there. Both may lag behind by a moment.
    pub fn in_memory(&self) -> (u64, u64) {
        (self.slots.entry_count(), self.slots.weighted_size())
    }

    /// How the services are doing.
    pub fn health(&self) -> &HealthBook {
        &self.health
    }

    /// Until when a host that a manifest names is left to rest, when it is. It is asked again when a flight after that moment has shown
    /// that it is back.
    pub fn resting_until(&self, host: &str) -> Option<Timestamp> {
        self.pace.resting_until(host)
    }

    /// The answer to a request of a widget that may ask `hosts`.
    ///
    /// # Errors
    /// The failure, when there is no good answer, however old.
    pub async fn ask(
        self: &Arc<Self>,
        hosts: &[String],
        request: &Request,
        asking: impl Into<RequestOptions>,
    ) -> Result<Lookup, FetchError> {
        let RequestOptions { wish, client } = asking.into();
        // The desk has the samples, with the widgets; nothing leaves the machine.
        if self.shows_samples() {
            return Err(FetchError::Unreachable);
        }
        if request.key.as_ref().is_some_and(|key| !self.fetcher.has_key(&key.variable)) {
            return Err(FetchError::NoKey);
        }
        let key = Key::of(request);
        let slot = self.slots.get_with(key.clone(), Arc::default);
        slot.read_from_disk
            .get_or_init(|| async {
                let found = self.disk.read(&key, request.question.as_deref()).await;
                let Some(held) = found else { return };
                slot.measure(&held.known.tree, 0);
                {
                    let mut state = slot.state();
                    state.kept = (!held.known.asked_earlier).then_some(held.known.fetched);
                    state.held = Some(held);
                }
                self.slots.insert(key.clone(), Arc::clone(&slot));
            })
            .await;

        let mut flight = {
            let mut state = slot.state();
            state.wanted = Some(Instant::now());
            if refresh::is_worth_it(request, wish) && !state.is_kept_fresh {
                state.is_kept_fresh = true;
                self.keep_fresh(&slot, hosts, request);
            }
            if let Some(StoredResponse { known, .. }) = &state.held {
                let is_good = match wish {
                    CachePolicy::StaleWhileRevalidate | CachePolicy::OneOff => {
                        Timestamp::now() < known.fresh_until(request)
                    }
                    CachePolicy::Refresh => known.age() < self.patience.new_enough,
                };
                if is_good && !known.asked_earlier {
                    return Ok(Lookup { known: known.clone(), stale: None });
                }
            }
            let urgency = match state.held {
                Some(_) => Urgency::Stale,
                None => Urgency::Empty,
            };
            match (state.running(), state.failed.as_ref()) {
                (Some(flight), _) => {
                    flight.queued.join(urgency, client);
                    flight
                }
                (None, Some(failed)) if self.has_to_wait(failed, hosts, request) => {
                    return given_up(&state, &failed.failure);
                }
                (None, _) => {
                    let (hosts, request) = (hosts.to_vec(), request.clone());
                    let flight =
                        self.start_flight(&slot, FetchJob { hosts, request, urgency, client });
                    state.flight = Some(flight.clone());
                    flight
                }
            }
        };
        if wish != CachePolicy::Refresh {
            let state = slot.state();
            if let Some(StoredResponse { known, .. }) = &state.held {
                let failed = state.failed.as_ref().map(|failed| failed.failure.clone());
                let stale = failed.map_or(Staleness::Refreshing, Staleness::Failed);
                return Ok(Lookup { known: known.clone(), stale: Some(stale) });
            }
        }
        let outcome = match flight.landed.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(FetchError::Unreachable)),
            Err(_) => Err(FetchError::Unreachable),
        };
        match outcome {
            Ok(known) => Ok(Lookup { known, stale: None }),
            Err(failure) => given_up(&slot.state(), &failure),
        }
    }

    /// Whether a request that failed may not be made again yet. What failed by the fault of its host need not wait when the host is back, and
    /// where one client got no turn, another may get one.
    fn has_to_wait(&self, failed: &Failed, hosts: &[String], request: &Request) -> bool {
        let is_back = || {
            is_of_the_host(&failed.failure)
                && Target::of(hosts, request)
                    .is_some_and(|whom| self.host(&whom).has_returned_since(failed.at))
        };
        failed.failure != FetchError::Busy && Instant::now() < failed.until && !is_back()
    }

    /// Says that a widget could read the answer that was fetched at a moment: from now on it is the last good one, also after a restart.
    pub async fn accept(&self, request: &Request, fetched: Timestamp) {
        let key = Key::of(request);
        let Some(slot) = self.slots.get(&key) else { return };
        let (accepted, validators) = {
            let mut state = slot.state();
            let Some(held) = state.held.as_ref().filter(|held| held.known.fetched == fetched)
            else {
                return;
            };
            let validators = held.validators.clone();
            let accepted = match state.on_trial.take() {
                // What may not be kept leaves on disk what was there.
                Some(Trial { bytes: None, .. }) => return,
                Some(Trial { bytes, .. }) => bytes,
                // What is there has not changed since.
                None if state.kept.is_some_and(|kept| kept != fetched) => None,
                None => return,
            };
            state.kept = Some(fetched);
            (accepted, validators)
        };
        let question = request.question.as_deref();
        match accepted {
            Some(bytes) => self.disk.write(&key, question, &bytes, &validators, fetched).await,
            None => self.disk.renew(&key, question, &validators, fetched).await,
        }
    }

    /// Says that a widget could not read the answer that was fetched at a moment: the one before it is the last good one again, and the
    /// flight counts as failed. Where there is none before it, it stays until its time is over, so that the service is not asked more
    /// often than its pace.
    pub fn refuse(&self, request: &Request, fetched: Timestamp, reason: &str) -> RejectionEffect {
        let Some(slot) = self.slots.get(&Key::of(request)) else {
            return RejectionEffect::default();
        };
        let mut state = slot.state();
        if state.held.as_ref().is_none_or(|held| held.known.fetched != fetched) {
            return RejectionEffect::default();
        }
        // Many look at one answer, and each of them refuses it.
        let is_news = state.refused.replace(fetched) != Some(fetched);
        if is_news && let Some(host) = host_of(request) {
            self.health.was_unreadable(&host);
        }
        let Some(trial) = state.on_trial.take_if(|trial| trial.before.is_some()) else {
            return RejectionEffect { is_news, has_gone_back: false };
        };
        state.held = trial.before;
        state.fail_after(trial.failures, FetchError::Unreadable(reason.to_owned()), &self.patience);
        RejectionEffect { is_news, has_gone_back: true }
    }
}

/// What it changed that a widget refused an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RejectionEffect {
    /// Nobody had refused this answer before.
    pub is_news: bool,
    /// The answer before it is the last good one again.
    pub has_gone_back: bool,
}

/// The host of a service that a manifest names. Which sites citizens read is no news of a service.
fn host_of(request: &Request) -> Option<String> {
    if request.given_by_citizen {
        return None;
    }
    Url::parse(&request.url).ok()?.host_str().map(str::to_owned)
}

fn given_up(state: &State, failure: &FetchError) -> Result<Lookup, FetchError> {
    match &state.held {
        Some(StoredResponse { known, .. }) => {
            Ok(Lookup { known: known.clone(), stale: Some(Staleness::Failed(failure.clone())) })
        }
        None => Err(failure.clone()),
    }
}

/// Why there can be no hub.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder for answers.
    #[error("the folder for answers cannot be used")]
    Disk(#[source] std::io::Error),
    /// The HTTP client.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}
