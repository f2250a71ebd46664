//! Pools that clients share: the open connections, and the bytes that are held for clients.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// While more than half of a pool is in use, a client may have at most one part in this many.
const PARTS: usize = 4;

/// A bounded amount of something. While more than half of it is in use, no client gets more than
/// a quarter of all, so that one client alone never takes the last half.
pub struct SharedPool {
    max: usize,
    used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
    total: usize,
    /// Clients that have a share at present.
    by_client: HashMap<IpAddr, usize>,
}

/// An amount taken from a pool, given back when dropped.
pub struct PoolShare {
    pool: Arc<SharedPool>,
    client: Option<IpAddr>,
    amount: usize,
}

impl SharedPool {
    /// A pool of which nothing is in use.
    pub fn new(max: usize) -> Arc<Self> {
        Arc::new(SharedPool { max, used: Mutex::default() })
    }

    /// The size of the pool.
    pub fn max(&self) -> usize {
        self.max
    }

    /// How much is in use.
    pub fn in_use(&self) -> usize {
        self.used().total
    }

    /// Whether more than half of the pool is in use.
    pub fn is_crowded(&self) -> bool {
        self.is_more_than_half(self.in_use())
    }

    /// Takes an amount for a client; `None` when there is not as much, or the client would have
    /// more than its part. Only the bound of the whole pool holds for a share without a client.
    pub fn take(self: &Arc<Self>, client: Option<IpAddr>, amount: usize) -> Option<PoolShare> {
        let mut used = self.used();
        let total = used.total.checked_add(amount).filter(|total| *total <= self.max)?;
        if let Some(client) = client {
            let own = used.by_client.get(&client).copied().unwrap_or_default();
            let own = own.saturating_add(amount);
            if self.is_more_than_half(total) && own > self.max / PARTS {
                return None;
            }
            used.by_client.insert(client, own);
        }
        used.total = total;
        Some(PoolShare { pool: Arc::clone(self), client, amount })
    }

    fn is_more_than_half(&self, total: usize) -> bool {
        total > self.max / 2
    }

    /// Nothing under this lock can panic halfway through a change, so poison is ignored.
    fn used(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PoolShare {
    fn drop(&mut self) {
        let mut used = self.pool.used();
        used.total = used.total.saturating_sub(self.amount);
        let Some(client) = self.client else { return };
        let rest = used.by_client.get(&client).map_or(0, |own| own.saturating_sub(self.amount));
        if rest == 0 {
            used.by_client.remove(&client);
        } else {
            used.by_client.insert(client, rest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, number]))
    }

    #[test]
    fn one_client_never_takes_the_last_half() {
        let pool = SharedPool::new(16);
        let mut greedy: Vec<PoolShare> =
            std::iter::from_fn(|| pool.take(client(1), 1)).take(100).collect();
        assert_eq!(greedy.len(), 8);
        assert!(!pool.is_crowded());
        let others: Vec<PoolShare> =
            std::iter::from_fn(|| pool.take(client(2), 1)).take(100).collect();
        assert_eq!(others.len(), 4);
        assert!(pool.is_crowded());
        let last = pool.take(client(3), 4);
        assert!(last.is_some() && pool.take(client(4), 1).is_none());
        // The first client has more than its part by now: it gets nothing until it has less.
        drop(others);
        greedy.truncate(5);
        assert!(pool.is_crowded() && pool.take(client(1), 1).is_none());
        greedy.truncate(3);
        assert!(pool.take(client(1), 1).is_some());
    }

    #[test]
    fn the_whole_is_bounded_and_what_is_dropped_is_free_again() {
        let pool = SharedPool::new(10);
        let all = pool.take(None, 10).expect("an empty pool");
        assert!(pool.take(None, 1).is_none() && pool.take(client(1), 1).is_none());
        assert!(pool.take(None, usize::MAX).is_none());
        drop(all);
        let shares = [pool.take(client(1), 2), pool.take(client(1), 2)];
        assert!(shares.iter().all(Option::is_some));
        drop(shares);
        let used = pool.used();
        assert_eq!((used.total, used.by_client.len()), (0, 0));
    }
}
