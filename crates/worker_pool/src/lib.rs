//! Threads for work on responses: parsing, evaluating and presenting.
//!
//! Such work is bounded by a [`Budget`] and still keeps a core busy for a while. On the threads of
//! the runtime it would hold up everybody's connections, so it runs on the runtime's blocking
//! threads, only as much at once as there are cores. Turns go round by client, and one service
//! never has all threads. Whoever no longer waits for a result cancels its work. A panic ends that
//! work alone.
//!
//! Pools such as rayon's queue first come, first served, and cannot give a turn back.

#![warn(missing_docs)]

use std::collections::HashMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use voordeur_fair_queue::{ClientKey, FairSemaphore};
use voordeur_widget_api::Budget;

/// Permits per client in each round: about one page, so that pages are made one after the other and
/// not all at the same time, ever more slowly.
const PERMITS_PER_ROUND: u32 = 32;
/// Maximum time of one piece of work. A budget ends it earlier on a machine that is not overloaded.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Semaphores of services that nobody uses are dropped once there are this many.
const MAX_IDLE_SERVICES: usize = 256;

/// Runs work on blocking threads.
pub struct WorkerPool {
    workers: Arc<FairSemaphore>,
    per_service: usize,
    services: Mutex<HashMap<String, Weak<FairSemaphore>>>,
    time_limit: Duration,
}

/// Why work has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkError {
    /// It panicked. The panic hook has logged where.
    #[error("it panicked")]
    Panicked,
    /// It did not end in time, although it was cancelled.
    #[error("it took too long")]
    TimedOut,
}

impl WorkerPool {
    /// A pool with a worker for each core, but at least two, so that one service never has all.
    pub fn for_this_machine() -> Arc<Self> {
        Self::new(std::thread::available_parallelism().map_or(1, NonZero::get).max(2), TIME_LIMIT)
    }

    /// A pool with a number of workers, and a time limit for each piece of work.
    pub fn new(workers: usize, time_limit: Duration) -> Arc<Self> {
        Arc::new(WorkerPool {
            workers: FairSemaphore::new(workers, PERMITS_PER_ROUND),
            per_service: workers.saturating_sub(1).max(1),
            services: Mutex::default(),
            time_limit,
        })
    }

    /// Runs `work` for a client, on a response of a service. `budget` is the one that `work`
    /// charges; it is cancelled when the future is dropped and when the time limit is reached.
    ///
    /// # Errors
    /// When the work panics, or does not end in time.
    pub async fn run<T: Send + 'static>(
        &self,
        client: ClientKey,
        service: &str,
        budget: &Budget,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WorkError> {
        let of_service = self.service(service);
        // That of the service first: work that waits for its service keeps no worker from others.
        let permits = (of_service.acquire(client).await, self.workers.acquire(client).await);
        let cancel = CancelOnDrop(budget);
        let job = tokio::task::spawn_blocking(move || {
            // Given back when the work has ended, which may be after nobody waits any more.
            let _permits = permits;
            catch_unwind(AssertUnwindSafe(work))
        });
        let result = match tokio::time::timeout(self.time_limit, job).await {
            Ok(Ok(Ok(result))) => Ok(result),
            // The runtime is shutting down, or a value panicked while it was dropped.
            Ok(Ok(Err(_)) | Err(_)) => Err(WorkError::Panicked),
            Err(_) => return Err(WorkError::TimedOut),
        };
        cancel.disarm();
        result
    }

    fn service(&self, name: &str) -> Arc<FairSemaphore> {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(semaphore) = services.get(name).and_then(Weak::upgrade) {
            return semaphore;
        }
        if services.len() >= MAX_IDLE_SERVICES {
            services.retain(|_, semaphore| semaphore.strong_count() > 0);
        }
        let semaphore = FairSemaphore::new(self.per_service, PERMITS_PER_ROUND);
        services.insert(name.to_owned(), Arc::downgrade(&semaphore));
        semaphore
    }
}

/// Cancels a budget unless the work on it has ended.
struct CancelOnDrop<'a>(&'a Budget);

impl CancelOnDrop<'_> {
    fn disarm(self) {
        std::mem::forget(self);
    }
}

impl Drop for CancelOnDrop<'_> {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::sync::oneshot;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    /// Work that ends when its budget does.
    fn until_cancelled(budget: &Budget) -> impl FnOnce() + Send + use<> {
        let budget = budget.clone();
        move || {
            while budget.charge_steps(0).is_ok() {
                std::thread::yield_now();
            }
        }
    }

    #[tokio::test]
    async fn a_panic_ends_its_own_work() {
        let pool = WorkerPool::new(2, LONG);
        let budget = Budget::default();
        let result = pool.run(None, "service", &budget, || panic!("planted")).await;
        assert_eq!(result, Err::<(), _>(WorkError::Panicked));
        assert_eq!(pool.run(None, "service", &budget, || 7).await, Ok(7));
        assert!(!budget.is_cancelled());
    }

    #[tokio::test]
    async fn work_without_an_end_is_cancelled_at_its_time_limit() {
        let pool = WorkerPool::new(1, Duration::from_millis(20));
        let budget = Budget::default();
        let result = pool.run(None, "service", &budget, until_cancelled(&budget)).await;
        assert_eq!(result, Err(WorkError::TimedOut));
        // Its worker is free again.
        let next = Budget::default();
        assert_eq!(pool.run(None, "other", &next, || 7).await, Ok(7));
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_is_cancelled() {
        let pool = WorkerPool::new(1, LONG);
        let budget = Budget::default();
        let (started, has_started) = oneshot::channel();
        let endless = until_cancelled(&budget);
        let work = pool.run(None, "service", &budget, move || {
            let _ = started.send(());
            endless();
        });
        tokio::select! {
            result = work => panic!("ended: {result:?}"),
            started = has_started => started.expect("started"),
        }
        assert!(budget.is_cancelled());
        assert_eq!(pool.run(None, "service", &Budget::default(), || 7).await, Ok(7));
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn one_service_never_has_all_workers() {
        let pool = WorkerPool::new(2, LONG);
        let (release, blocked) = mpsc::channel::<()>();
        let blocked = Arc::new(Mutex::new(blocked));
        let mut busy = Vec::new();
        for _ in 0..3 {
            let (pool, blocked) = (Arc::clone(&pool), Arc::clone(&blocked));
            busy.push(tokio::spawn(async move {
                let budget = Budget::default();
                let wait = move || {
                    let _ = blocked.lock().expect("a lock").recv();
                };
                pool.run(None, "hostile", &budget, wait).await
            }));
        }
        tokio::task::yield_now().await;
        assert_eq!(pool.run(None, "other", &Budget::default(), || 7).await, Ok(7));
        drop(release);
        for one in busy {
            assert_eq!(one.await.expect("no panic"), Ok(()));
        }
    }

    #[tokio::test]
    async fn services_that_nobody_uses_are_forgotten() {
        let pool = WorkerPool::new(1, LONG);
        for number in 0..MAX_IDLE_SERVICES * 3 {
            let budget = Budget::default();
            assert_eq!(pool.run(None, &number.to_string(), &budget, || 7).await, Ok(7));
        }
        assert!(pool.services.lock().expect("a lock").len() <= MAX_IDLE_SERVICES);
    }
}
