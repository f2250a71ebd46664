//! A semaphore that is fair between clients, and the round-robin bookkeeping behind it.
//!
//! `tokio::sync::Semaphore` is first come, first served, so one client with a thousand requests
//! delays everybody behind it. The fair-queueing crates that exist schedule packets or need a
//! worker task per queue; none hands out permits keyed by client, cancels when a waiter is dropped,
//! and stays bounded.

#![warn(missing_docs)]

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Fairness key: the client's rate-limit address, if known. All clients without one share a key.
pub type ClientKey = Option<IpAddr>;

/// Finished clients are pruned once this many more are remembered than wait.
const MAX_FINISHED: usize = 1_000;

/// Round-robin bookkeeping of one queue. A client that arrives while a round is served joins the
/// next round, so nobody is overtaken indefinitely.
#[derive(Debug)]
pub struct RoundRobin {
    per_round: u32,
    current: u64,
    /// The last round that each client is in, and how many permits it has there. Entries of
    /// finished rounds no longer count.
    last: HashMap<ClientKey, (u64, u32)>,
}

impl RoundRobin {
    /// Bookkeeping of an empty queue, with `per_round` permits per client in each round.
    pub fn new(per_round: u32) -> Self {
        RoundRobin { per_round, current: 0, last: HashMap::new() }
    }

    /// The round in which the next permit of a client falls, for a queue of `waiting` entries.
    pub fn next_round(&mut self, client: ClientKey, waiting: usize) -> u64 {
        if self.last.len() > waiting + MAX_FINISHED {
            let current = self.current;
            self.last.retain(|_, (round, _)| *round > current);
        }
        match self.last.get(&client) {
            Some(&(round, used)) if round > self.current && used < self.per_round => round,
            Some(&(round, _)) => self.current.max(round) + 1,
            None => self.current + 1,
        }
    }

    /// Records that a client was queued in a round.
    pub fn enter(&mut self, client: ClientKey, round: u64) {
        let last = self.last.entry(client).or_insert((round, 0));
        *last = if last.0 == round { (round, last.1 + 1) } else { (round, 1) };
    }

    /// Records that serving of a round has begun.
    pub fn begin(&mut self, round: u64) {
        self.current = round;
    }

    #[cfg(test)]
    fn remembered(&self) -> usize {
        self.last.len()
    }
}

/// A semaphore whose waiters are served round-robin by client.
pub struct FairSemaphore(Mutex<Waiters>);

/// A permit, released when dropped.
pub struct FairPermit(Option<Arc<FairSemaphore>>);

struct Waiters {
    free: usize,
    per_round: u32,
    /// Ordered by round, then by arrival.
    waiting: BTreeMap<(u64, u64), oneshot::Sender<FairPermit>>,
    rounds: RoundRobin,
    arrivals: u64,
}

impl FairSemaphore {
    /// A semaphore with `permits` permits. Among waiters, each client gets at most `per_round` of
    /// them before the next client is served.
    pub fn new(permits: usize, per_round: u32) -> Arc<Self> {
        let rounds = RoundRobin::new(per_round);
        let waiters =
            Waiters { free: permits, per_round, waiting: BTreeMap::new(), rounds, arrivals: 0 };
        Arc::new(FairSemaphore(Mutex::new(waiters)))
    }

    /// Waits for a permit. Cancel-safe: a dropped future takes no permit. Never `None` while the
    /// semaphore exists.
    pub async fn acquire(self: &Arc<Self>, client: ClientKey) -> Option<FairPermit> {
        let granted = {
            let mut waiters = self.waiters();
            if waiters.free > 0 {
                waiters.free -= 1;
                return Some(FairPermit(Some(Arc::clone(self))));
            }
            waiters.enter(client)
        };
        // `self` outlives the wait, so the sender is not dropped before it sends.
        granted.await.ok()
    }

    /// Passes a released permit to the first waiter that still wants it.
    fn release(self: &Arc<Self>) {
        loop {
            let Some(first) = self.waiters().pop_first() else { return };
            match first.send(FairPermit(Some(Arc::clone(self)))) {
                Ok(()) => return,
                // The waiter was dropped between `pop_first` and `send`; do not release it twice.
                Err(mut permit) => permit.0 = None,
            }
        }
    }

    /// Nothing under this lock can panic halfway through a change, so poison is ignored.
    fn waiters(&self) -> MutexGuard<'_, Waiters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiters {
    fn enter(&mut self, client: ClientKey) -> oneshot::Receiver<FairPermit> {
        if self.waiting.is_empty() {
            self.rounds = RoundRobin::new(self.per_round);
        }
        let round = self.rounds.next_round(client, self.waiting.len());
        self.rounds.enter(client, round);
        let (grant, granted) = oneshot::channel();
        self.arrivals += 1;
        self.waiting.insert((round, self.arrivals), grant);
        granted
    }

    /// The first waiter that was not dropped. Without one, the permit becomes free.
    fn pop_first(&mut self) -> Option<oneshot::Sender<FairPermit>> {
        while let Some(((round, _), first)) = self.waiting.pop_first() {
            if !first.is_closed() {
                self.rounds.begin(round);
                return Some(first);
            }
        }
        self.free += 1;
        None
    }
}

impl Drop for FairPermit {
    fn drop(&mut self) {
        if let Some(semaphore) = self.0.take() {
            semaphore.release();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use tokio::sync::mpsc;
    use tokio::time::timeout;

    use super::*;

    fn client(number: u8) -> ClientKey {
        Some(Ipv4Addr::new(192, 0, 2, number).into())
    }

    /// The order in which clients get their permits when they arrive in the given order.
    async fn order_served(per_round: u32, arrivals: &[u8]) -> Vec<u8> {
        let semaphore = FairSemaphore::new(1, per_round);
        let only_permit = semaphore.acquire(None).await;
        let (served, mut order_received) = mpsc::unbounded_channel();
        for &number in arrivals {
            let (semaphore, served) = (Arc::clone(&semaphore), served.clone());
            tokio::spawn(async move {
                let _permit = semaphore.acquire(client(number)).await;
                served.send(number).expect("the receiver is alive");
            });
            tokio::task::yield_now().await;
        }
        drop((only_permit, served));
        let mut order = Vec::new();
        while let Some(number) = order_received.recv().await {
            order.push(number);
        }
        order
    }

    #[tokio::test]
    async fn permits_go_round_by_client_and_within_a_round_by_arrival() {
        assert_eq!(order_served(1, &[1, 1, 1, 1, 2, 2, 3]).await, [1, 2, 3, 1, 2, 1, 1]);
        assert_eq!(order_served(2, &[1, 1, 1, 1, 2, 2, 3]).await, [1, 1, 2, 2, 3, 1, 1]);
        assert_eq!(order_served(9, &[3, 2, 1]).await, [3, 2, 1]);
    }

    #[tokio::test]
    async fn a_cancelled_waiter_takes_no_permit() {
        let semaphore = FairSemaphore::new(1, 1);
        let permit = semaphore.acquire(client(1)).await;
        for number in 0..3 {
            let waiting = semaphore.acquire(client(number));
            assert!(timeout(Duration::from_millis(5), waiting).await.is_err());
        }
        drop(permit);
        // The next waiter is granted its permit, and dropped before it takes it.
        let permit = semaphore.acquire(client(1)).await;
        let mut waiting = Box::pin(semaphore.acquire(client(2)));
        assert!(timeout(Duration::from_millis(5), &mut waiting).await.is_err());
        drop(permit);
        drop(waiting);
        assert!(timeout(Duration::from_secs(60), semaphore.acquire(client(3))).await.is_ok());
        assert_eq!(semaphore.waiters().free, 1);
    }

    #[test]
    fn a_client_with_earlier_permits_is_not_overtaken_indefinitely() {
        let mut rounds = RoundRobin::new(1);
        for round in [1, 2] {
            assert_eq!(rounds.next_round(client(1), 2), round);
            rounds.enter(client(1), round);
        }
        rounds.begin(1);
        // A new client joins the round of the first client's second permit, and later ones go
        // behind.
        assert_eq!(rounds.next_round(client(2), 2), 2);
        rounds.begin(2);
        assert_eq!(rounds.next_round(client(3), 2), 3);
    }

    #[test]
    fn finished_clients_are_forgotten() {
        let mut rounds = RoundRobin::new(1);
        for number in 0..5_000_u32 {
            let client = Some(Ipv4Addr::from_bits(number).into());
            let round = rounds.next_round(client, 10);
            rounds.enter(client, round);
            rounds.begin(round);
        }
        assert!(rounds.remembered() <= MAX_FINISHED + 11, "{}", rounds.remembered());
    }
}
