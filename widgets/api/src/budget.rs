use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Limits of the work on one response or one card. The application chooses them; readers and the
/// interpreter charge what they are about to do, and end when a limit is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory for trees and values, by estimate.
    pub bytes: u64,
    /// Nodes of trees: values, elements, attributes, texts.
    pub nodes: u64,
    /// Steps: of an expression, a rule of recurrence, or of a search. A step takes well below a
    /// microsecond.
    pub steps: u64,
    /// Nesting of a tree.
    pub depth: u32,
}

impl Limits {
    /// Limits for a response of the largest size that a manifest may ask for.
    pub const DEFAULT: Limits =
        Limits { bytes: 64 * 1024 * 1024, nodes: 2_000_000, steps: 20_000_000, depth: 128 };

    /// Limits for the requests and the view of one card: some hundred times what the largest
    /// recorded response takes, and well below a second.
    pub const CARD: Limits = Limits { steps: 4_000_000, ..Limits::DEFAULT };
}

/// A budget of bytes, nodes and steps, and a flag that ends the work early. Clones share one
/// account, so whoever holds a clone can [`cancel`](Budget::cancel) the work on another thread.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Account>);

#[derive(Debug)]
struct Account {
    limits: Limits,
    bytes: AtomicU64,
    nodes: AtomicU64,
    steps: AtomicU64,
    is_cancelled: AtomicBool,
}

/// The limit that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exhausted {
    /// [`Limits::bytes`].
    #[error("it takes too much memory")]
    Bytes,
    /// [`Limits::nodes`].
    #[error("it has too many parts")]
    Nodes,
    /// [`Limits::steps`].
    #[error("it takes too much work")]
    Steps,
    /// [`Limits::depth`].
    #[error("it is nested too deep")]
    Depth,
    /// Nobody waits for the result, or its time is over.
    #[error("it took too long")]
    Cancelled,
}

impl Default for Budget {
    fn default() -> Self {
        Budget::new(Limits::DEFAULT)
    }
}

impl Budget {
    /// A budget of which nothing has been spent.
    pub fn new(limits: Limits) -> Self {
        Budget(Arc::new(Account {
            limits,
            bytes: AtomicU64::new(0),
            nodes: AtomicU64::new(0),
            steps: AtomicU64::new(0),
            is_cancelled: AtomicBool::new(false),
        }))
    }

    /// The limits.
    pub fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Charges bytes of memory, before they are allocated.
    ///
    /// # Errors
    /// When they go beyond the limit, or the work was cancelled.
    pub fn charge_bytes(&self, bytes: usize) -> Result<(), Exhausted> {
        self.charge(&self.0.bytes, bytes, self.0.limits.bytes, Exhausted::Bytes)
    }

    /// Charges nodes of a tree.
    ///
    /// # Errors
    /// When they go beyond the limit, or the work was cancelled.
    pub fn charge_nodes(&self, nodes: usize) -> Result<(), Exhausted> {
        self.charge(&self.0.nodes, nodes, self.0.limits.nodes, Exhausted::Nodes)
    }

    /// Charges steps.
    ///
    /// # Errors
    /// When they go beyond the limit, or the work was cancelled.
    pub fn charge_steps(&self, steps: usize) -> Result<(), Exhausted> {
        self.charge(&self.0.steps, steps, self.0.limits.steps, Exhausted::Steps)
    }

    /// Checks a nesting depth.
    ///
    /// # Errors
    /// When it is beyond the limit.
    pub fn check_depth(&self, depth: usize) -> Result<(), Exhausted> {
        if depth as u64 > u64::from(self.0.limits.depth) {
            return Err(Exhausted::Depth);
        }
        Ok(())
    }

    /// Ends the work at its next charge.
    pub fn cancel(&self) {
        self.0.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the work was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Relaxed)
    }

    /// The charges so far: bytes, nodes and steps, at most the limits and one charge more.
    pub fn spent(&self) -> Limits {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Limits {
            bytes: read(&self.0.bytes),
            nodes: read(&self.0.nodes),
            steps: read(&self.0.steps),
            depth: 0,
        }
    }

    // One thread works at a time, so that reading and writing apart loses nothing.
    fn charge(
        &self,
        counter: &AtomicU64,
        amount: usize,
        limit: u64,
        exhausted: Exhausted,
    ) -> Result<(), Exhausted> {
        if self.is_cancelled() {
            return Err(Exhausted::Cancelled);
        }
        let spent = counter.load(Ordering::Relaxed).saturating_add(amount as u64);
        counter.store(spent, Ordering::Relaxed);
        if spent > limit { Err(exhausted) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_ends_at_its_limit_and_stays_ended() {
        let budget = Budget::new(Limits { bytes: 10, nodes: 1, steps: 2, depth: 3 });
        assert_eq!(budget.charge_bytes(10), Ok(()));
        assert_eq!(budget.charge_bytes(1), Err(Exhausted::Bytes));
        assert_eq!(budget.charge_bytes(usize::MAX), Err(Exhausted::Bytes));
        assert_eq!(budget.charge_bytes(0), Err(Exhausted::Bytes));
        assert_eq!(budget.charge_nodes(2), Err(Exhausted::Nodes));
        assert_eq!(budget.charge_steps(3), Err(Exhausted::Steps));
        assert_eq!(budget.check_depth(3), Ok(()));
        assert_eq!(budget.check_depth(4), Err(Exhausted::Depth));
    }

    #[test]
    fn a_clone_cancels_the_work() {
        let budget = Budget::default();
        budget.clone().cancel();
        assert_eq!(budget.charge_steps(1), Err(Exhausted::Cancelled));
    }
}
