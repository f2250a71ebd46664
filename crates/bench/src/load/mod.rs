//! Visits as they would come: each begins when it is due, however long those before it take, and its time counts from when it was due.

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
use crate::random::Chance;

pub use connection::{Connection, Said};
pub use times::{Times, milliseconds};

/// No visit waits longer than this: for its page, a moment, and a card that is asked for alone, each up to its deadline.
const PATIENCE: Duration = Duration::from_secs(20);
/// Visits that are under way at once; more would be more files than a process may have open.
const MOST_AT_ONCE: usize = 8_000;
/// Of the page that one in so many visitors gets, the cards are looked at.
const LOOKED_AT: usize = 20;

/// What came of the visits in some time.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Visits that are over.
    pub visits: u64,
    /// From when a page was due until it was there.
    pub pages: Times,
    /// From when an edit was sent until it was acknowledged.
    pub edits: Times,
    /// From when a card was asked again until it was there.
    pub cards: Times,
    /// What went wrong, and how often.
    pub errors: BTreeMap<String, u64>,
    /// In which states the cards were, on the pages that were looked at.
    pub states: BTreeMap<String, u64>,
    /// Requests to the server.
    pub requests: u64,
    /// Bytes of bodies that came from the server.
    pub bytes: u64,
}

impl Figures {
    /// How many things went wrong.
    pub fn wrong(&self) -> u64 {
        self.errors.values().sum()
    }

    /// Takes in what came of other visits.
    pub fn add(&mut self, other: &Figures) {
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

    /// Which share of the cards that were looked at was in a state, from 0 to 1.
    pub fn share(&self, state: &str) -> f64 {
        let all: u64 = self.states.values().sum();
        self.states.get(state).copied().unwrap_or_default() as f64 / all.max(1) as f64
    }
}

/// Whoever visits, and whom.
pub struct Load {
    server: SocketAddr,
    population: Population,
    figures: Mutex<Figures>,
    under_way: AtomicUsize,
}

impl Load {
    /// Visits of a population to a server.
    pub fn new(server: SocketAddr, population: Population) -> Arc<Self> {
        let (figures, under_way) = (Mutex::default(), AtomicUsize::new(0));
        Arc::new(Load { server, population, figures, under_way })
    }

    /// Sends visits for so long, at a rate that may change: visits a second, by the share of the time that is over.
    pub async fn send(self: &Arc<Self>, time: Duration, seed: u64, rate: impl Fn(f64) -> f64) {
        let mut chance = Chance::of(seed, 0);
        let began = Instant::now();
        let mut due = Duration::ZERO;
        let mut number = 0;
        loop {
            due += Duration::from_secs_f64(
                chance.wait(1.0 / rate(due.as_secs_f64() / time.as_secs_f64())),
            );
            if due >= time {
                break;
            }
            number += 1;
            sleep_until(began + due).await;
            let (load, mut chance) = (Arc::clone(self), Chance::of(seed, number));
            tokio::spawn(async move { load.one(began + due, &mut chance).await });
        }
        let last = Instant::now() + PATIENCE;
        while self.under_way.load(Ordering::Relaxed) > 0 && Instant::now() < last {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What came of the visits since this was asked last.
    pub fn take(&self) -> Figures {
        std::mem::take(&mut *self.figures())
    }

    /// How many visits are under way.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::Relaxed)
    }

    async fn one(&self, due: Instant, chance: &mut Chance) {
        if self.under_way.fetch_add(1, Ordering::Relaxed) < MOST_AT_ONCE {
            let visited = tokio::time::timeout(PATIENCE, self.visit(due, chance)).await;
            let problem = match visited {
                Ok(Ok(())) => None,
                Ok(Err(trouble)) => Some(trouble.to_string()),
                Err(_) => Some(format!("a visit took longer than {PATIENCE:?}")),
            };
            self.note(|figures| {
                figures.visits += 1;
                if let Some(problem) = problem {
                    *figures.errors.entry(problem).or_default() += 1;
                }
            });
        } else {
            let problem = "too many visits were under way".to_owned();
            self.note(|figures| *figures.errors.entry(problem).or_default() += 1);
        }
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    fn note(&self, what: impl FnOnce(&mut Figures)) {
        what(&mut self.figures());
    }

    fn figures(&self) -> MutexGuard<'_, Figures> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Turns a wrong answer into what is told of it.
fn wrong(what: &str, said: &Said) -> BenchError {
    BenchError::Said(format!("{what}: {}", said.status))
}
