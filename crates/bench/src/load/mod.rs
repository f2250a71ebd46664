//! Open-loop load generator: each visit begins when it is due, however long earlier visits take,
//! and latency counts from then. So a slow server cannot slow down its own load.

mod connection;
mod times;
mod visit;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::BenchError;
use crate::population::Population;
use crate::random::{Distributions, Rng, seeded};

pub use connection::{Connection, ServerResponse};
pub use times::{Latencies, milliseconds};

/// Timeout of a visit: a page and a card, each up to its deadline, and a pause.
const VISIT_TIMEOUT: Duration = Duration::from_secs(20);
/// Maximum number of concurrent visits; more would exceed the limit of open files.
const MAX_CONCURRENT: usize = 8_000;
/// The cards are inspected on one of this number of pages.
const INSPECTED_EVERY: usize = 20;

/// Results of the visits of an interval.
#[derive(Clone, Debug, Default)]
pub struct LoadStats {
    /// Completed visits.
    pub visits: u64,
    /// From when a page was due until it arrived.
    pub pages: Latencies,
    /// From sending an edit to its acknowledgement.
    pub edits: Latencies,
    /// From requesting a refreshed card until it arrived.
    pub cards: Latencies,
    /// Errors by message.
    pub errors: BTreeMap<String, u64>,
    /// Cards on inspected pages, by state.
    pub states: BTreeMap<String, u64>,
    /// Requests to the server.
    pub requests: u64,
    /// Bytes of response bodies.
    pub bytes: u64,
}

impl LoadStats {
    pub fn error_count(&self) -> u64 {
        self.errors.values().sum()
    }

    /// Adds the results of another interval.
    pub fn add(&mut self, other: &LoadStats) {
        self.visits += other.visits;
        self.pages.add(&other.pages);
        self.edits.add(&other.edits);
        self.cards.add(&other.cards);
        for (mine, others) in [(&mut self.errors, &other.errors), (&mut self.states, &other.states)]
        {
            for (what, count) in others {
                *mine.entry(what.clone()).or_default() += count;
            }
        }
        self.requests += other.requests;
        self.bytes += other.bytes;
    }

    /// The share of inspected cards in a state, from 0 to 1.
    pub fn share(&self, state: &str) -> f64 {
        let all: u64 = self.states.values().sum();
        self.states.get(state).copied().unwrap_or_default() as f64 / all.max(1) as f64
    }
}

/// The load generator.
pub struct Load {
    server: SocketAddr,
    population: Population,
    stats: Mutex<LoadStats>,
    in_flight: AtomicUsize,
}

impl Load {
    /// A generator of visits of a population to a server.
    pub fn new(server: SocketAddr, population: Population) -> Arc<Self> {
        let (stats, in_flight) = (Mutex::default(), AtomicUsize::new(0));
        Arc::new(Load { server, population, stats, in_flight })
    }

    /// Sends visits for a duration. `rate` gives visits per second for each share of it, from 0 to
    /// 1.
    pub async fn send(self: &Arc<Self>, time: Duration, seed: u64, rate: impl Fn(f64) -> f64) {
        let mut rng = seeded(seed, 0);
        let began = Instant::now();
        let mut due = Duration::ZERO;
        let mut number = 0;
        loop {
            due += Duration::from_secs_f64(
                rng.exponential(1.0 / rate(due.as_secs_f64() / time.as_secs_f64())),
            );
            if due >= time {
                break;
            }
            number += 1;
            sleep_until(began + due).await;
            let (load, mut rng) = (Arc::clone(self), seeded(seed, number));
            tokio::spawn(async move { load.one(began + due, &mut rng).await });
        }
        let last = Instant::now() + VISIT_TIMEOUT;
        while self.in_flight.load(Ordering::Relaxed) > 0 && Instant::now() < last {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Takes the results since the last call.
    pub fn take(&self) -> LoadStats {
        std::mem::take(&mut *self.stats())
    }

    /// Number of visits in flight.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Relaxed)
    }

    async fn one(&self, due: Instant, rng: &mut Rng) {
        if self.in_flight.fetch_add(1, Ordering::Relaxed) < MAX_CONCURRENT {
            let visited = tokio::time::timeout(VISIT_TIMEOUT, self.visit(due, rng)).await;
            let error = match visited {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.with_sources()),
                Err(_) => Some(format!("visit took longer than {VISIT_TIMEOUT:?}")),
            };
            self.record(|stats| {
                stats.visits += 1;
                if let Some(error) = error {
                    *stats.errors.entry(error).or_default() += 1;
                }
            });
        } else {
            let error = "too many concurrent visits".to_owned();
            self.record(|stats| *stats.errors.entry(error).or_default() += 1);
        }
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    fn record(&self, what: impl FnOnce(&mut LoadStats)) {
        what(&mut self.stats());
    }

    fn stats(&self) -> MutexGuard<'_, LoadStats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The error for a response with an unexpected status.
fn unexpected_status(what: &str, response: &ServerResponse) -> BenchError {
    BenchError::Message(format!("{what}: {}", response.status))
}
