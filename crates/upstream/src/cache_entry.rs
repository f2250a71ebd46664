//! The cache entry of one request.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{OnceCell, watch};
use voordeur_widget_api::{ApiKeyUse, Format, Method, Request};

use super::FetchError;
use super::http_cache::Validators;
use super::policy::Policy;
use super::rate_limit::QueueHandle;
use super::retry_delay::{jittered, random_fraction, retry_delay};

/// Every response stays fresh for this fraction of its lifetime longer than required, which leaves
/// time to refresh it in the background …
const REFRESH_MARGIN: f64 = 0.05;
/// … plus a random fraction up to this, so that cards fetched together do not become stale
/// together.
const MAX_EXTRA_LIFETIME: f64 = 0.05;

/// Identifies a request, independent of the client. Its `Debug` form is hashed into the name of a file,
/// so a change of this type invalidates the cache on disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CacheKey {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    pub(super) format: Format,
    /// Which API key is sent; never its value.
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

    /// Until when it is fresh for a request: at least for the lifetime in the manifest, or the one
    /// in the headers of the response if that is longer.
    pub fn fresh_until(&self, request: &Request) -> Timestamp {
        let lifetime = self.lifetime(request).mul_f64(1.0 + self.extension);
        self.fetched.checked_add(lifetime).unwrap_or(Timestamp::MAX)
    }

    /// The age at which a background refresh may start, so that it ends before this one is stale.
    pub(super) fn refresh_age(&self, request: &Request) -> Duration {
        self.lifetime(request).mul_f64(1.0 + self.extension - REFRESH_MARGIN)
    }

    pub(super) fn age(&self) -> Duration {
        let age = Timestamp::now().duration_since(self.fetched);
        // Negative when the clock was set back; then the response counts as new.
        Duration::try_from(age).unwrap_or_default()
    }

    fn lifetime(&self, request: &Request) -> Duration {
        request.max_age.max(self.max_age)
    }
}

/// A good response, with the validators to revalidate it.
#[derive(Clone, Debug)]
pub struct StoredResponse {
    pub(super) response: CachedResponse,
    pub(super) validators: Validators,
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
    pub(super) fn set_size(&self, tree: &Value, bytes: usize) {
        let size = u32::try_from(size_of_tree(tree).saturating_add(bytes)).unwrap_or(u32::MAX);
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

/// Approximate size of a tree in memory, in bytes: several times its text.
fn size_of_tree(tree: &Value) -> usize {
    let content = match tree {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.capacity(),
        Value::Array(values) => values.iter().map(size_of_tree).sum(),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                size_of::<String>() + name.capacity() + size_of_tree(value)
            };
            fields.iter().map(field).sum()
        }
    };
    size_of::<Value>() + content
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
        assert!(size_of_tree(&longer) > size_of_tree(&list));
        assert!(size_of_tree(&deeper) > size_of_tree(&list));
        assert!(size_of_tree(&json!("x".repeat(10_000))) > 10_000);
    }
}
