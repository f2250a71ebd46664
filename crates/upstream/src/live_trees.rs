//! A bound on the memory of all trees: those in the cache, and those that cards still hold.
//!
//! A tree that has left the cache stays in memory while a card waits for its other responses. Cards
//! that ask for large responses all at once would hold any number of them.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::Value;

/// Limit of the memory of all trees, in bytes.
pub(super) const MAX_LIVE_BYTES: usize = 256 * 1024 * 1024;
/// The same for responses of addresses that citizens gave: whoever gives many of them leaves room
/// for the services.
pub(super) const MAX_LIVE_BYTES_OF_CITIZENS: usize = 224 * 1024 * 1024;
/// Trees are counted again once this many were added, or the limit is reached.
const RECOUNT_EVERY: usize = 256;

/// All trees that somebody holds.
#[derive(Default)]
pub struct LiveTrees(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    trees: Vec<(Weak<Value>, usize)>,
    /// Bytes of `trees`, some of which may be gone.
    bytes: usize,
    added: usize,
}

impl LiveTrees {
    /// Whether there are fewer bytes than a limit, so that another tree may be made.
    pub fn have_room(&self, limit: usize) -> bool {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.bytes >= limit || counted.added >= RECOUNT_EVERY {
            counted.recount();
        }
        counted.bytes < limit
    }

    /// Counts a new tree for as long as somebody holds it.
    pub fn add(&self, tree: &Arc<Value>, bytes: usize) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.trees.push((Arc::downgrade(tree), bytes));
        counted.bytes = counted.bytes.saturating_add(bytes);
        counted.added += 1;
    }
}

impl Counted {
    fn recount(&mut self) {
        self.trees.retain(|(tree, _)| tree.strong_count() > 0);
        self.bytes = self.trees.iter().fold(0, |sum, (_, bytes)| sum.saturating_add(*bytes));
        self.added = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_counts_for_as_long_as_somebody_holds_it() {
        let trees = LiveTrees::default();
        let (one, other) = (Arc::new(Value::Null), Arc::new(Value::Null));
        trees.add(&one, MAX_LIVE_BYTES / 2);
        assert!(trees.have_room(MAX_LIVE_BYTES));
        trees.add(&other, MAX_LIVE_BYTES / 2);
        assert!(!trees.have_room(MAX_LIVE_BYTES));
        drop(one);
        assert!(trees.have_room(MAX_LIVE_BYTES));
        for _ in 0..RECOUNT_EVERY * 3 {
            trees.add(&Arc::new(Value::Null), 100);
            assert!(trees.have_room(MAX_LIVE_BYTES));
        }
        let counted = trees.0.lock().expect("a lock");
        assert!(counted.trees.len() <= RECOUNT_EVERY + 1, "{}", counted.trees.len());
    }
}
