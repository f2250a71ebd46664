//! The cache entry of one request.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{OnceCell, watch};
use voordeur_widget_api::{ApiKeyUse, Format, Method, Request};

use super::http_cache::Validators;
use super::policy::Policy;
use super::rate_limit::QueueHandle;
use super::retry_delay::{jittered, random_fraction, retry_delay};
use super::{BodyOrigin, FetchError};

/// Every response stays fresh for this fraction of its lifetime longer than required, which leaves
/// time to refresh it in the background …
const REFRESH_MARGIN: f64 = 0.05;
/// … plus a random fraction up to this, so that cards fetched together do not become stale
/// together.
const MAX_EXTRA_LIFETIME: f64 = 0.05;

/// The wall clock may be set back by this much, as it is while a clock is kept exact.
const MAX_CLOCK_ADJUSTMENT: Duration = Duration::from_secs(5);
/// The age of a response whose age is not known: older than any lifetime.
const UNKNOWN_AGE: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
/// Upper bound of a lifetime.
const MAX_LIFETIME: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Identifies a request, independent of the client. Its `Debug` form is hashed into the name of a
/// file, so a change of this type invalidates the cache on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    method: Method,
    pub(super) url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    pub(super) format: Format,
    /// The API key that is sent, by its name; never its value.
    api_key: Option<ApiKeyUse>,
    /// Such a request may go to any public host, so its response must not be served to one that may
    /// not.
    user_supplied_url: bool,
}

/// A good response.
#[derive(Clone, Debug)]
pub struct CachedResponse {
    /// The parsed body.
    pub tree: Arc<Value>,
    /// When it was fetched, or last confirmed as unchanged by the service (304).
    pub fetched: Timestamp,
    /// When it came to memory, by the clock that nobody sets, and its age then.
    arrived: Instant,
    age_on_arrival: Duration,
    /// Whether it is the response to an earlier request with the same `question`, at another URL.
    /// It is a substitute, and never fresh.
    pub from_earlier_request: bool,
    /// Freshness lifetime by the headers of the response; zero without one.
    max_age: Duration,
    /// The fraction by which the lifetime is extended.
    extension: f64,
}

impl CachedResponse {
    /// A response fetched at a moment, without a freshness lifetime of its own.
    pub fn new(tree: Arc<Value>, fetched: Timestamp) -> Self {
        let extension = REFRESH_MARGIN + MAX_EXTRA_LIFETIME * random_fraction();
        CachedResponse {
            tree,
            fetched,
            arrived: Instant::now(),
            age_on_arrival: Duration::ZERO,
            from_earlier_request: false,
            max_age: Duration::ZERO,
            extension,
        }
    }

    #[must_use]
    pub(super) fn with_max_age(self, max_age: Duration) -> Self {
        CachedResponse { max_age, ..self }
    }

    #[must_use]
    pub(super) fn mark_as_earlier(self) -> Self {
        CachedResponse { from_earlier_request: true, ..self }
    }

    /// A response that was stored at `fetched`. One from the future has no known age, so it is
    /// stale.
    pub(super) fn from_disk(tree: Arc<Value>, fetched: Timestamp) -> Self {
        let age = wall_age(fetched).unwrap_or(UNKNOWN_AGE);
        CachedResponse { age_on_arrival: age, ..CachedResponse::new(tree, fetched) }
    }

    /// How long it stays fresh for a request: at least for the lifetime in the manifest, or the one
    /// in the headers of the response if that is longer.
    pub fn freshness(&self, request: &Request) -> Freshness {
        let lifetime = self.lifetime(request).mul_f64(1.0 + self.extension);
        let left = lifetime.checked_sub(self.age()).unwrap_or_default();
        let now = Instant::now();
        Freshness {
            until: now.checked_add(left).unwrap_or(now),
            fetched: self.fetched,
            until_wall: self.fetched.checked_add(lifetime).unwrap_or(Timestamp::MAX),
        }
    }

    /// The age at which a background refresh may start, so that it ends before this one is stale.
    pub(super) fn refresh_age(&self, request: &Request) -> Duration {
        self.lifetime(request).mul_f64(1.0 + self.extension - REFRESH_MARGIN)
    }

    /// Its age, by whichever clock says more: the wall clock can be set back, and the monotonic one
    /// does not count the time that a machine sleeps.
    pub(super) fn age(&self) -> Duration {
        let monotonic = self.age_on_arrival.saturating_add(self.arrived.elapsed());
        wall_age(self.fetched).map_or(UNKNOWN_AGE, |age| age.max(monotonic))
    }

    fn lifetime(&self, request: &Request) -> Duration {
        // A manifest of the operator may say any number.
        request.max_age.max(self.max_age).min(MAX_LIFETIME)
    }
}

/// The age of a moment by the wall clock; `None` for a moment in the future.
fn wall_age(fetched: Timestamp) -> Option<Duration> {
    let age = Timestamp::now().duration_since(fetched);
    if age.is_negative() {
        return (age.unsigned_abs() <= MAX_CLOCK_ADJUSTMENT).then_some(Duration::ZERO);
    }
    Some(age.unsigned_abs())
}

/// How long something is fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    until: Instant,
    fetched: Timestamp,
    until_wall: Timestamp,
}

impl Freshness {
    /// That of the more short-lived of two.
    #[must_use]
    pub fn min(self, other: Freshness) -> Freshness {
        Freshness {
            until: self.until.min(other.until),
            // Neither may be from the future.
            fetched: self.fetched.max(other.fetched),
            until_wall: self.until_wall.min(other.until_wall),
        }
    }

    /// Whether it is fresh by both clocks. After the wall clock was set back, nothing is.
    pub fn is_fresh(&self) -> bool {
        Instant::now() < self.until
            && Timestamp::now() < self.until_wall
            && wall_age(self.fetched).is_some()
    }
}

/// A good response, with the validators to revalidate it.
#[derive(Clone, Debug)]
pub struct StoredResponse {
    pub(super) response: CachedResponse,
    pub(super) validators: Validators,
    pub(super) origin: BodyOrigin,
}

#[derive(Default)]
pub struct CacheEntry {
    pub(super) disk_read: OnceCell<()>,
    /// Approximate size in memory, in bytes.
    pub(super) size: AtomicU32,
    state: Mutex<EntryState>,
}

#[derive(Default)]
pub struct EntryState {
    pub(super) stored: Option<StoredResponse>,
    /// When the response on disk was fetched, if there is one.
    pub(super) on_disk: Option<Timestamp>,
    /// Set while `stored` has been neither confirmed nor rejected by a widget.
    pub(super) unconfirmed: Option<Unconfirmed>,
    /// When the response that a widget rejected last was fetched.
    pub(super) rejected: Option<Timestamp>,
    pub(super) last_failure: Option<LastFailure>,
    pub(super) flight: Option<Flight>,
    pub(super) last_used: Option<Instant>,
    pub(super) has_refresh_task: bool,
}

/// State needed to store a new response once a widget confirms it, or to roll back if one rejects
/// it.
pub struct Unconfirmed {
    /// The body to write to disk; `None` if it may not be stored there.
    pub(super) bytes: Option<Vec<u8>>,
    /// The last confirmed response.
    pub(super) previous: Option<StoredResponse>,
    /// Consecutive failures before this response.
    pub(super) failures: u32,
}

/// The last flight failed, or could not start.
#[derive(Clone, Debug)]
pub struct LastFailure {
    pub(super) error: FetchError,
    pub(super) at: Instant,
    /// The request is not retried before this.
    pub(super) retry_at: Instant,
    /// Consecutive failures so far.
    pub(super) failures: u32,
}

pub type Outcome = Result<CachedResponse, FetchError>;

/// The flight of an entry, shared by all who wait for it.
#[derive(Clone)]
pub struct Flight {
    /// `None` until the flight has ended.
    pub(super) outcome: watch::Receiver<Option<Outcome>>,
    pub(super) queue: QueueHandle,
}

impl CacheKey {
    pub(super) fn of(request: &Request) -> Self {
        CacheKey {
            method: request.method,
            url: request.url.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            format: request.format,
            api_key: request.key.clone(),
            user_supplied_url: request.user_supplied_url,
        }
    }
}

impl CacheEntry {
    /// Records the size in memory of a parsed body and of the raw bytes that are kept beside it.
    pub(super) fn set_size(&self, tree: usize, bytes: usize) {
        let size = u32::try_from(tree.saturating_add(bytes)).unwrap_or(u32::MAX);
        self.size.store(size, Ordering::Relaxed);
    }

    /// Each change under this lock is one assignment, so a panic leaves a valid state.
    pub(super) fn state(&self) -> MutexGuard<'_, EntryState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EntryState {
    /// Records a failed flight. The retry delay grows with each consecutive failure.
    pub(super) fn record_failure(&mut self, error: FetchError, policy: &Policy) {
        self.record_failure_after(self.failures(), error, policy);
    }

    /// The same, after a given number of earlier failures.
    pub(super) fn record_failure_after(&mut self, before: u32, error: FetchError, policy: &Policy) {
        let failures = before.saturating_add(1);
        let delay = retry_delay(policy.first_retry_delay, policy.max_retry_delay, failures);
        let at = Instant::now();
        self.last_failure =
            Some(LastFailure { error, at, retry_at: at + jittered(delay), failures });
    }

    /// Records that a flight could not start. That is no failure of the request, so the retry delay
    /// does not grow.
    pub(super) fn postpone(&mut self, reason: FetchError, retry_at: Instant) {
        let failures = self.failures();
        self.last_failure =
            Some(LastFailure { error: reason, at: Instant::now(), retry_at, failures });
    }

    /// The flight in progress. One whose sender is gone (its task panicked) does not count.
    pub(super) fn in_flight(&self) -> Option<Flight> {
        self.flight.clone().filter(|flight| flight.outcome.has_changed().is_ok())
    }

    pub(super) fn failures(&self) -> u32 {
        self.last_failure.as_ref().map_or(0, |last| last.failures)
    }
}

/// Size of a tree in memory, in bytes, as the allocator counts it: strings and lists are rounded up
/// to its size classes, and a map allocates whole nodes of a B-tree.
pub(super) fn size_of_tree(tree: &Value) -> usize {
    /// Bytes of a leaf, with room for eleven fields. Leaves are half full after a split.
    const LEAF: usize = 640;
    let content = match tree {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => allocated(text.capacity()),
        Value::Array(values) => {
            let spare = (values.capacity() - values.len()) * size_of::<Value>();
            allocated(spare) + values.iter().map(size_of_tree).sum::<usize>()
        }
        Value::Object(fields) => {
            let nodes = match fields.len() {
                0 => 0,
                1..=11 => LEAF,
                many => many.div_ceil(6) * LEAF * 7 / 6,
            };
            let field = |(name, value): (&String, &Value)| {
                allocated(name.capacity()) + size_of_tree(value) - size_of::<Value>()
            };
            nodes + fields.iter().map(field).sum::<usize>()
        }
    };
    size_of::<Value>() + content
}

/// An allocation of `bytes`, rounded up as jemalloc does: four classes for each power of two.
fn allocated(bytes: usize) -> usize {
    match bytes {
        0 => 0,
        1..=8 => 8,
        _ => {
            let step = (bytes.next_power_of_two() / 8).max(16);
            bytes.div_ceil(step) * step
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_size_of_a_tree_grows_with_its_content() {
        let list = json!([{ "name": "Gent" }, { "name": "Brugge" }]);
        let longer = json!([{ "name": "Gent" }, { "name": "Brugge" }, 7]);
        let deeper = json!([{ "name": "Gent" }, { "name": ["Brugge"] }]);
        let text = list.to_string().len();
        assert!(size_of_tree(&list) > 2 * text, "{} for {text} bytes", size_of_tree(&list));
        assert_eq!(size_of_tree(&json!({})), size_of::<Value>());
        assert!(size_of_tree(&longer) > size_of_tree(&list));
        assert!(size_of_tree(&deeper) > size_of_tree(&list));
        assert!(size_of_tree(&json!("x".repeat(10_000))) > 10_000);
    }

    #[test]
    fn what_comes_from_the_future_is_stale() {
        let ahead = |seconds| Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let response = |fetched| CachedResponse::from_disk(Arc::new(json!({})), fetched);
        assert!(response(ahead(-1)).age() < Duration::from_secs(60));
        assert!(response(ahead(2)).age() < Duration::from_secs(60));
        assert_eq!(response(ahead(7_200)).age(), UNKNOWN_AGE);
        // In memory too: the clock was set back after it was fetched.
        assert_eq!(CachedResponse::new(Arc::new(json!({})), ahead(7_200)).age(), UNKNOWN_AGE);
    }
}
