//! What the hub knows of one request.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::{OnceCell, watch};
use voordeur_widget_api::{ApiKeyUse, Format, Method, Request};

use super::FetchError;
use super::backoff::{backoff, chance, jittered};
use super::http_cache::Validators;
use super::policy::Policy;
use super::rate_limit::Queued;

/// An answer counts as fresh for this part of its time longer than it has to be …
const LEAST_SPREAD: f64 = 0.05;
/// … or, by chance, for up to so much more: cards that were fetched in one moment do not all become stale in one moment.
const CHANCE_OF_SPREAD: f64 = 0.05;

/// What makes two requests the same, whoever asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    method: Method,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    pub(super) format: Format,
    /// Which key it is asked with; never what the key says.
    opened_with: Option<ApiKeyUse>,
    /// Whether it may lead to any public host: then it must not stand for one that may not.
    user_supplied_url: bool,
}

/// A good answer.
#[derive(Clone, Debug)]
pub struct CachedResponse {
    /// The tree that its bytes were.
    pub tree: Arc<Value>,
    /// When it was fetched, or when the service last said that it has not changed.
    pub fetched: Timestamp,
    /// Whether it answers the same question as it was asked at an earlier time: it stands in, and is never fresh.
    pub asked_earlier: bool,
    /// For how long the service says that it holds; zero when it does not say.
    holds_for: Duration,
    /// By what part its time is longer than it has to be.
    spread: f64,
}

impl CachedResponse {
    /// An answer from a moment, of which nothing more is known.
    pub fn new(tree: Arc<Value>, fetched: Timestamp) -> Self {
        let spread = LEAST_SPREAD + CHANCE_OF_SPREAD * chance();
        CachedResponse { tree, fetched, asked_earlier: false, holds_for: Duration::ZERO, spread }
    }

    /// The same, of which the service says that it holds for so long.
    #[must_use]
    pub(super) fn holding(self, holds_for: Duration) -> Self {
        CachedResponse { holds_for, ..self }
    }

    /// The same, as an answer to another request.
    #[must_use]
    pub(super) fn asked_earlier(self) -> Self {
        CachedResponse { asked_earlier: true, ..self }
    }

    /// Until when it is fresh for whoever makes a request: at least as long as the manifest says, or as the service itself says.
    pub fn fresh_until(&self, request: &Request) -> Timestamp {
        let time = self.time_of(request).mul_f64(1.0 + self.spread);
        self.fetched.checked_add(time).unwrap_or(Timestamp::MAX)
    }

    /// From what age on a new one may be fetched, so that it is there before this one becomes stale.
    pub(super) fn age_to_refresh(&self, request: &Request) -> Duration {
        self.time_of(request).mul_f64(1.0 + self.spread - LEAST_SPREAD)
    }

    /// How old it is.
    pub(super) fn age(&self) -> Duration {
        let age = Timestamp::now().duration_since(self.fetched);
        // A clock that was set back makes an answer of the future: it is as new as can be.
        Duration::try_from(age).unwrap_or_default()
    }

    fn time_of(&self, request: &Request) -> Duration {
        request.max_age.max(self.holds_for)
    }
}

/// A good answer, and how to ask whether it still is one.
#[derive(Clone, Debug)]
pub struct StoredResponse {
    pub(super) known: CachedResponse,
    pub(super) validators: Validators,
}

/// All that is known of one request.
#[derive(Default)]
pub struct CacheEntry {
    pub(super) read_from_disk: OnceCell<()>,
    /// About how many bytes of memory it takes.
    pub(super) size: AtomicU32,
    state: Mutex<State>,
}

#[derive(Default)]
pub struct State {
    pub(super) held: Option<StoredResponse>,
    /// From when the answer is that stands on disk, when there is one.
    pub(super) kept: Option<Timestamp>,
    /// A new answer that no widget has read yet.
    pub(super) on_trial: Option<Trial>,
    /// When the answer was fetched that a widget refused last.
    pub(super) refused: Option<Timestamp>,
    pub(super) failed: Option<Failed>,
    pub(super) flight: Option<Flight>,
    /// When somebody last wanted it.
    pub(super) wanted: Option<Instant>,
    /// Whether it is being kept fresh.
    pub(super) is_kept_fresh: bool,
}

/// What it takes to keep a new answer when a widget accepts it, and to go back when one refuses it.
pub struct Trial {
    /// Its bytes, to be kept on disk; none when they may not be.
    pub(super) bytes: Option<Vec<u8>>,
    /// The last answer that was accepted.
    pub(super) before: Option<StoredResponse>,
    /// How often it failed in a row before.
    pub(super) failures: u32,
}

/// The last flight failed.
#[derive(Clone, Debug)]
pub struct Failed {
    pub(super) failure: FetchError,
    pub(super) at: Instant,
    /// The request is not made again before this.
    pub(super) until: Instant,
    /// How often in a row.
    pub(super) failures: u32,
}

pub type Outcome = Result<CachedResponse, FetchError>;

/// A flight that somebody started.
#[derive(Clone)]
pub struct Flight {
    /// What came of it, once it has landed.
    pub(super) landed: watch::Receiver<Option<Outcome>>,
    /// Where it waits.
    pub(super) queued: Queued,
}

impl Key {
    pub(super) fn of(request: &Request) -> Self {
        Key {
            method: request.method,
            url: request.url.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            format: request.format,
            opened_with: request.key.clone(),
            user_supplied_url: request.user_supplied_url,
        }
    }
}

impl CacheEntry {
    /// Takes in how much memory an answer takes, with the bytes that are kept until a widget has read them.
    pub(super) fn measure(&self, tree: &Value, bytes: usize) {
        let size = u32::try_from(size_of_tree(tree).saturating_add(bytes)).unwrap_or(u32::MAX);
        self.size.store(size, Ordering::Relaxed);
    }

    /// A panic while the lock was held cannot leave the state half written: each write is one assignment.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes in that the service could not be asked, or gave nothing that can be used: the next time is further off with each.
    pub(super) fn fail(&mut self, failure: FetchError, patience: &Policy) {
        self.fail_after(self.failures(), failure, patience);
    }

    /// The same, when an answer that came after so many failures turned out to be another one.
    pub(super) fn fail_after(&mut self, before: u32, failure: FetchError, patience: &Policy) {
        let failures = before.saturating_add(1);
        let pause = backoff(patience.pause_after_failure, patience.longest_pause, failures);
        let at = Instant::now();
        self.failed = Some(Failed { failure, at, until: at + jittered(pause), failures });
    }

    /// Takes in that there was no turn for a flight: that is no failure of the request.
    pub(super) fn hold_back(&mut self, reason: FetchError, until: Instant) {
        let failures = self.failures();
        self.failed = Some(Failed { failure: reason, at: Instant::now(), until, failures });
    }

    /// The flight that is under way, when there is one.
    pub(super) fn running(&self) -> Option<Flight> {
        // A flight that ended without a word is none.
        self.flight.clone().filter(|flight| flight.landed.has_changed().is_ok())
    }

    pub(super) fn failures(&self) -> u32 {
        self.failed.as_ref().map_or(0, |failed| failed.failures)
    }
}

/// About how many bytes of memory a tree takes: several times the text that it was.
fn size_of_tree(tree: &Value) -> usize {
    let within = match tree {
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
    size_of::<Value>() + within
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_size_of_a_tree_grows_with_all_that_is_in_it() {
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
