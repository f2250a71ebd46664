//! Whose turn it is where many wait for the same thing. Turns go round by client, so one who wants a thousand things does not keep another
//! waiting for their first.

#![warn(missing_docs)]

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Who waits, as far as turns go: whoever shares an address that limits count by; nobody in particular when there is none.
pub type ClientKey = Option<IpAddr>;

/// Clients are looked through when so many more are remembered than wait.
const MOST_REMEMBERED: usize = 1_000;

/// How far the rounds of one row are. A round ends: who comes while it is served stands in the next one, so nobody is overtaken without end.
#[derive(Debug)]
pub struct RoundRobin {
    /// So many turns in a round has each client.
    each: u32,
    /// The round of the one that began last.
    present: u64,
    /// The last round in which each client stands, and with how many turns; one that is over counts no more.
    last: HashMap<ClientKey, (u64, u32)>,
}

impl RoundRobin {
    /// Nobody waits. Each client will have so many turns in a round.
    pub fn new(each: u32) -> Self {
        RoundRobin { each, present: 0, last: HashMap::new() }
    }

    /// The round in which a client would have its next turn, in a row in which so many wait.
    pub fn next(&mut self, client: ClientKey, waiting: usize) -> u64 {
        if self.last.len() > waiting + MOST_REMEMBERED {
            let present = self.present;
            self.last.retain(|_, (round, _)| *round > present);
        }
        match self.last.get(&client) {
            Some(&(round, turns)) if round > self.present && turns < self.each => round,
            Some(&(round, _)) => self.present.max(round) + 1,
            None => self.present + 1,
        }
    }

    /// A client stands in a round now.
    pub fn enter(&mut self, client: ClientKey, round: u64) {
        let last = self.last.entry(client).or_insert((round, 0));
        *last = if last.0 == round { (round, last.1 + 1) } else { (round, 1) };
    }

    /// One of a round begins.
    pub fn begin(&mut self, round: u64) {
        self.present = round;
    }

    /// Of how many clients a round is remembered.
    #[cfg(test)]
    pub fn remembered(&self) -> usize {
        self.last.len()
    }
}

/// So many at once have a turn; the others wait in rounds.
pub struct FairSemaphore(Mutex<Waiters>);

/// A turn, until it is dropped.
pub struct FairPermit(Option<Arc<FairSemaphore>>);

struct Waiters {
    free: usize,
    each: u32,
    /// By round, and in it by arrival.
    waiting: BTreeMap<(u64, u64), oneshot::Sender<FairPermit>>,
    rounds: RoundRobin,
    arrivals: u64,
}

impl FairSemaphore {
    /// For so many at once; of those who wait, each client has so many turns in a round.
    pub fn new(at_once: usize, each: u32) -> Arc<Self> {
        let rounds = RoundRobin::new(each);
        let row = Waiters { free: at_once, each, waiting: BTreeMap::new(), rounds, arrivals: 0 };
        Arc::new(FairSemaphore(Mutex::new(row)))
    }

    /// Waits for a turn. Who gives up waiting takes none.
    pub async fn next(self: &Arc<Self>, client: ClientKey) -> Option<FairPermit> {
        let given = {
            let mut row = self.row();
            if row.free > 0 {
                row.free -= 1;
                return Some(FairPermit(Some(Arc::clone(self))));
            }
            row.enter(client)
        };
        // The row outlives those in it, so each of them is told.
        given.await.ok()
    }

    /// Gives a turn that is over to the first who still wants it.
    fn hand_on(self: &Arc<Self>) {
        loop {
            let Some(first) = self.row().first() else { return };
            match first.send(FairPermit(Some(Arc::clone(self)))) {
                Ok(()) => return,
                // They gave up just now.
                Err(mut turn) => turn.0 = None,
            }
        }
    }

    /// Nothing that is done under the lock panics half way.
    fn row(&self) -> MutexGuard<'_, Waiters> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiters {
    fn enter(&mut self, client: ClientKey) -> oneshot::Receiver<FairPermit> {
        if self.waiting.is_empty() {
            self.rounds = RoundRobin::new(self.each);
        }
        let round = self.rounds.next(client, self.waiting.len());
        self.rounds.enter(client, round);
        let (give, given) = oneshot::channel();
        self.arrivals += 1;
        self.waiting.insert((round, self.arrivals), give);
        given
    }

    /// The first who has not given up. When there is none, the turn is free.
    fn first(&mut self) -> Option<oneshot::Sender<FairPermit>> {
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
        if let Some(turns) = self.0.take() {
            turns.hand_on();
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

    /// The clients in the order in which they get their turns, after they came in this one.
    async fn order(each: u32, came: &[u8]) -> Vec<u8> {
        let turns = FairSemaphore::new(1, each);
        let held = turns.next(None).await;
        let (tell, mut told) = mpsc::unbounded_channel();
        for &number in came {
            let (turns, tell) = (Arc::clone(&turns), tell.clone());
            tokio::spawn(async move {
                let _turn = turns.next(client(number)).await;
                tell.send(number).expect("somebody listens");
            });
            tokio::task::yield_now().await;
        }
        drop((held, tell));
        let mut order = Vec::new();
        while let Some(number) = told.recv().await {
            order.push(number);
        }
        order
    }

    #[tokio::test]
    async fn turns_go_round_by_client_and_in_a_round_by_arrival() {
        assert_eq!(order(1, &[1, 1, 1, 1, 2, 2, 3]).await, [1, 2, 3, 1, 2, 1, 1]);
        assert_eq!(order(2, &[1, 1, 1, 1, 2, 2, 3]).await, [1, 1, 2, 2, 3, 1, 1]);
        assert_eq!(order(9, &[3, 2, 1]).await, [3, 2, 1]);
    }

    #[tokio::test]
    async fn who_gives_up_takes_no_turn() {
        let turns = FairSemaphore::new(1, 1);
        let held = turns.next(client(1)).await;
        for number in 0..3 {
            let given_up = timeout(Duration::from_millis(5), turns.next(client(number))).await;
            assert!(given_up.is_err());
        }
        drop(held);
        // Given, and never taken.
        let held = turns.next(client(1)).await;
        let mut waits = Box::pin(turns.next(client(2)));
        assert!(timeout(Duration::from_millis(5), &mut waits).await.is_err());
        drop(held);
        drop(waits);
        assert!(timeout(Duration::from_secs(60), turns.next(client(3))).await.is_ok());
        assert_eq!(turns.row().free, 1);
    }

    #[test]
    fn who_has_had_a_turn_is_not_overtaken_without_end() {
        let mut rounds = RoundRobin::new(1);
        for round in [1, 2] {
            assert_eq!(rounds.next(client(1), 2), round);
            rounds.enter(client(1), round);
        }
        rounds.begin(1);
        // Whoever comes from now on stands in the round of its second turn, and after that behind it.
        assert_eq!(rounds.next(client(2), 2), 2);
        rounds.begin(2);
        assert_eq!(rounds.next(client(3), 2), 3);
    }

    #[test]
    fn clients_who_are_gone_are_forgotten() {
        let mut rounds = RoundRobin::new(1);
        for number in 0..5_000_u32 {
            let client = Some(Ipv4Addr::from_bits(number).into());
            let round = rounds.next(client, 10);
            rounds.enter(client, round);
            rounds.begin(round);
        }
        assert!(rounds.remembered() <= MOST_REMEMBERED + 11, "{}", rounds.remembered());
    }
}
