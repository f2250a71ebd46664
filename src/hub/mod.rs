//! The only room that talks to services.
//!
//! For one request, however many cards and citizens want it, there is one flight at a time. A flight belongs to the hub: it runs to its end
//! when the visitor who started it has left. A good answer counts as fresh for as long as the manifest says; after that it is given at once,
//! as stale, while it is being refreshed. The last good answer is kept on disk, unless it was asked with something personal.

mod body;
mod disk;
mod failure;
mod fetch;
mod health;
mod keys;
mod public_addresses;

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::sync::Cache;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::sync::{OnceCell, watch};
use url::Url;
use voordeur_contract::{Format, KeyUse, Method, Request};

use disk::Disk;
pub use failure::{Failure, Insecurity};
pub use fetch::{Fetched, Fetcher, NotFetched};
pub use health::{Health, HealthBook, State as ServiceState, Turn};
pub use keys::Keys;
pub use public_addresses::{Internet, Names};

/// Answers in memory, counted by the bytes they came in.
const MOST_BYTES_IN_MEMORY: u64 = 64 * 1024 * 1024;
/// An answer that nobody wanted for this long leaves memory.
const LONGEST_IDLE: Duration = Duration::from_secs(24 * 60 * 60);

/// How patient the hub is.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// No service is waited for longer than this.
    pub flight: Duration,
    /// After a failure a request is not made again for this long.
    pub pause_after_failure: Duration,
    /// Whoever asks for the newest gets an answer that is no older than this without a flight.
    pub new_enough: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience {
            flight: Duration::from_secs(12),
            pause_after_failure: Duration::from_secs(20),
            new_enough: Duration::from_secs(10),
        }
    }
}

/// Where answers come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The services themselves.
    Live,
    /// The samples in the widgets' folders; nothing leaves the machine.
    Samples,
    /// A stand-in on loopback that gets `URL/HOST/PATH?QUERY` for `https://HOST/PATH?QUERY`.
    Gateway(Url),
}

/// How much somebody wants a new answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// What is there, and a flight in the background when it is stale.
    AtOnce,
    /// What a new flight brings.
    Newest,
}

/// A good answer.
#[derive(Clone, Debug)]
pub struct Known {
    /// The tree that its bytes were.
    pub tree: Arc<Value>,
    /// When it was fetched.
    pub fetched: Timestamp,
    /// Whether it answers the same question as it was asked at an earlier time: it stands in, and is never fresh.
    pub asked_earlier: bool,
}

/// What the hub can give.
#[derive(Clone, Debug)]
pub struct Got {
    /// The answer.
    pub known: Known,
    /// Why it is older than it should be, when it is.
    pub stale: Option<Staleness>,
}

/// Why an answer is older than it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Staleness {
    /// A new one is on its way.
    Refreshing,
    /// The last flight failed.
    Failed(Failure),
}

/// The only part that talks to services.
pub struct Hub {
    source: Source,
    patience: Patience,
    fetcher: Fetcher,
    disk: Disk,
    slots: Cache<Key, Arc<Slot>>,
    health: HealthBook,
}

/// What makes two requests the same, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    format: Format,
    /// Which key it is asked with; never what the key says.
    opened_with: Option<KeyUse>,
    /// Whether it may lead to any public host: then it must not stand for one that may not.
    given_by_citizen: bool,
}

#[derive(Default)]
struct Slot {
    read_from_disk: OnceCell<()>,
    bytes: AtomicU32,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    known: Option<Known>,
    /// A new answer that no widget has read yet.
    on_trial: Option<Trial>,
    failed: Option<(Instant, Failure)>,
    flight: Option<Flight>,
}

/// What it takes to keep a new answer when a widget accepts it, and to go back when one refuses it.
struct Trial {
    /// Its bytes, to be kept on disk; none when it was asked with something personal.
    bytes: Option<Vec<u8>>,
    /// The last answer that was accepted.
    before: Option<Known>,
}

type Outcome = Result<Known, Failure>;
type Flight = watch::Receiver<Option<Outcome>>;

impl Key {
    fn of(request: &Request) -> Self {
        Key {
            method: request.method,
            url: request.url.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            format: request.format,
            opened_with: request.key.clone(),
            given_by_citizen: request.given_by_citizen,
        }
    }
}

impl Slot {
    /// A panic while the lock was held cannot leave the state half written: each write is one assignment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// A hub that keeps the last good answers in a folder.
    ///
    /// # Errors
    /// When the folder cannot be made, or the machine's certificates cannot be read.
    pub fn new(
        source: Source,
        folder: &Path,
        contact: Option<&str>,
        keys: Keys,
        patience: Patience,
    ) -> Result<Arc<Self>, HubProblem> {
        Self::over(Internet::default(), source, folder, contact, keys, patience)
    }

    /// The same, with what `live` takes for the Internet: for tests of names that lie.
    ///
    /// # Errors
    /// As [`Hub::new`].
    pub fn over(
        internet: Internet,
        source: Source,
        folder: &Path,
        contact: Option<&str>,
        keys: Keys,
        patience: Patience,
    ) -> Result<Arc<Self>, HubProblem> {
        let disk = Disk::open(folder).map_err(HubProblem::Disk)?;
        let fetcher =
            Fetcher::over(internet, &source, contact, keys).map_err(HubProblem::Client)?;
        let slots = Cache::builder()
            .weigher(|_, slot: &Arc<Slot>| slot.bytes.load(Ordering::Relaxed).max(256))
            .max_capacity(MOST_BYTES_IN_MEMORY)
            .time_to_idle(LONGEST_IDLE)
            .build();
        let health = HealthBook::default();
        Ok(Arc::new(Hub { source, patience, fetcher, disk, slots, health }))
    }

    /// Whether cards show samples.
    pub fn shows_samples(&self) -> bool {
        self.source == Source::Samples
    }

    /// Whether the operator gave the key that a widget's service wants. Samples need none.
    pub fn has_key(&self, variable: &str) -> bool {
        self.shows_samples() || self.fetcher.has_key(variable)
    }

    /// How many answers are in memory, and how many bytes they came in. Both may lag behind by a moment.
    pub fn in_memory(&self) -> (u64, u64) {
        (self.slots.entry_count(), self.slots.weighted_size())
    }

    /// How the services are doing.
    pub fn health(&self) -> &HealthBook {
        &self.health
    }

    /// The answer to a request of a widget that may ask `hosts`.
    ///
    /// # Errors
    /// The failure, when there is no good answer, however old.
    pub async fn ask(
        self: &Arc<Self>,
        hosts: &[String],
        request: &Request,
        wish: Wish,
    ) -> Result<Got, Failure> {
        // The desk has the samples, with the widgets; nothing leaves the machine.
        if self.shows_samples() {
            return Err(Failure::Unreachable);
        }
        if request.key.as_ref().is_some_and(|key| !self.fetcher.has_key(&key.variable)) {
            return Err(Failure::NoKey);
        }
        let key = Key::of(request);
        let slot = self.slots.get_with(key.clone(), Arc::default);
        slot.read_from_disk
            .get_or_init(|| async {
                let found = self.disk.read(&key, request.question.as_deref()).await;
                slot.state().known = found;
            })
            .await;

        let mut flight = {
            let mut state = slot.state();
            if let Some(known) = &state.known {
                let longest = match wish {
                    Wish::AtOnce => request.fresh_for,
                    Wish::Newest => self.patience.new_enough,
                };
                if !known.asked_earlier && age(known) < longest {
                    return Ok(Got { known: known.clone(), stale: None });
                }
            }
            let running = state.flight.clone().filter(|flight| flight.has_changed().is_ok());
            let resting = state
                .failed
                .as_ref()
                .filter(|(at, _)| at.elapsed() < self.patience.pause_after_failure);
            match (running, resting) {
                (Some(flight), _) => flight,
                (None, Some((_, failure))) => return given_up(state.known.as_ref(), failure),
                (None, None) => {
                    let flight = self.start_flight(key, hosts, request, &slot);
                    state.flight = Some(flight.clone());
                    flight
                }
            }
        };
        if wish == Wish::AtOnce {
            let state = slot.state();
            if let Some(known) = &state.known {
                let failed = state.failed.as_ref().map(|(_, failure)| failure.clone());
                let stale = failed.map_or(Staleness::Refreshing, Staleness::Failed);
                return Ok(Got { known: known.clone(), stale: Some(stale) });
            }
        }
        let outcome = match flight.wait_for(Option::is_some).await {
            Ok(outcome) => outcome.clone().unwrap_or(Err(Failure::Unreachable)),
            Err(_) => Err(Failure::Unreachable),
        };
        match outcome {
            Ok(known) => Ok(Got { known, stale: None }),
            Err(failure) => given_up(slot.state().known.as_ref(), &failure),
        }
    }

    /// Says that a widget could read the answer that was fetched at a moment: from now on it is the last good one, also after a restart.
    pub async fn accept(&self, request: &Request, fetched: Timestamp) {
        let key = Key::of(request);
        let Some(slot) = self.slots.get(&key) else { return };
        let accepted = {
            let mut state = slot.state();
            let read = state.known.as_ref().is_some_and(|known| known.fetched == fetched);
            if read { state.on_trial.take().and_then(|trial| trial.bytes) } else { None }
        };
        if let Some(bytes) = accepted {
            self.disk.write(&key, request.question.as_deref(), &bytes, fetched).await;
        }
    }

    /// Says that a widget could not read the answer that was fetched at a moment: the one before it is the last good one again, and the
    /// flight counts as failed. Where there is none before it, it stays until its time is over, so that the service is not asked more
    /// often than its pace. Gives whether there was anything to go back to.
    pub fn refuse(&self, request: &Request, fetched: Timestamp, reason: &str) -> bool {
        let Some(slot) = self.slots.get(&Key::of(request)) else { return false };
        let mut state = slot.state();
        if state.known.as_ref().is_none_or(|known| known.fetched != fetched) {
            return false;
        }
        if let Some(host) = host_of(request) {
            self.health.was_unreadable(&host);
        }
        let Some(before) = state.on_trial.as_mut().and_then(|trial| trial.before.take()) else {
            return false;
        };
        state.on_trial = None;
        state.known = Some(before);
        state.failed = Some((Instant::now(), Failure::Unreadable(reason.to_owned())));
        true
    }

    /// Starts a flight that goes on when whoever asked has left.
    fn start_flight(
        self: &Arc<Self>,
        key: Key,
        hosts: &[String],
        request: &Request,
        slot: &Arc<Slot>,
    ) -> Flight {
        let (landed, flight) = watch::channel(None);
        let (hub, slot) = (Arc::clone(self), Arc::clone(slot));
        let (hosts, request) = (hosts.to_vec(), request.clone());
        tokio::spawn(async move {
            let began = Instant::now();
            let unconditional = HeaderMap::new();
            let fetching = hub.fetcher.fetch(&hosts, &request, &unconditional);
            let fetched = match tokio::time::timeout(hub.patience.flight, fetching).await {
                Ok(Ok(fetched)) => Ok(fetched.bytes.unwrap_or_default()),
                Ok(Err(not_fetched)) => Err(not_fetched.failure),
                Err(_) => Err(Failure::Slow),
            };
            let outcome = fetched.and_then(|bytes| {
                let tree = voordeur_widgets::formats::read(request.format, &bytes)
                    .map_err(|problem| Failure::Unreadable(problem.to_string()))?;
                let known =
                    Known { tree: Arc::new(tree), fetched: Timestamp::now(), asked_earlier: false };
                Ok((bytes, known))
            });
            if let Some(host) = host_of(&request) {
                let told = outcome.as_ref().map(|_| ());
                hub.health.landed(&host, Timestamp::now(), began.elapsed(), told);
            }
            let outcome = match outcome {
                Ok((bytes, known)) => {
                    slot.bytes
                        .store(u32::try_from(bytes.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
                    let mut state = slot.state();
                    let before = match state.on_trial.take() {
                        Some(trial) => trial.before,
                        None => state.known.take(),
                    };
                    let bytes = (!request.personal).then_some(bytes);
                    state.on_trial = Some(Trial { bytes, before });
                    state.known = Some(known.clone());
                    state.failed = None;
                    Ok(known)
                }
                Err(failure) => {
                    // No address and no query: they may say where a citizen lives.
                    tracing::warn!(
                        widget = request.widget,
                        request = request.id,
                        duration_ms = began.elapsed().as_millis(),
                        reason = %failure,
                        "a service did not answer as it should"
                    );
                    slot.state().failed = Some((Instant::now(), failure.clone()));
                    Err(failure)
                }
            };
            slot.state().flight = None;
            // Counts the slot again, now that it holds an answer.
            hub.slots.insert(key, slot);
            landed.send_replace(Some(outcome));
        });
        flight
    }
}

/// The host of a service that a manifest names. Which sites citizens read is no news of a service.
fn host_of(request: &Request) -> Option<String> {
    if request.given_by_citizen {
        return None;
    }
    Url::parse(&request.url).ok()?.host_str().map(str::to_owned)
}

fn age(known: &Known) -> Duration {
    let age = Timestamp::now().duration_since(known.fetched);
    Duration::try_from(age).unwrap_or_default()
}

fn given_up(known: Option<&Known>, failure: &Failure) -> Result<Got, Failure> {
    match known {
        Some(known) => {
            Ok(Got { known: known.clone(), stale: Some(Staleness::Failed(failure.clone())) })
        }
        None => Err(failure.clone()),
    }
}

/// Why there can be no hub.
#[derive(Debug, thiserror::Error)]
pub enum HubProblem {
    /// The folder for answers.
    #[error("the folder for answers cannot be used")]
    Disk(#[source] std::io::Error),
    /// The HTTP client.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}
