//! Whose turn it is to have the processor.
//!
//! To read answers and to make a view of them takes a core for a while, and nothing can stop it half way. Only as many cards as there are
//! cores do so at once, in the order in which they came, so that the other threads go on to take connections, to tell the time and to ask the
//! store; and a card that waits for its turn can be given up at its deadline.

use std::num::NonZero;

use tokio::sync::{Semaphore, SemaphorePermit};

/// The turns.
pub struct Turns(Semaphore);

impl Turns {
    /// One for each core.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Turns(Semaphore::new(cores))
    }

    /// Waits for a turn, which lasts as long as what is given is held. Nothing else may be waited for meanwhile.
    pub async fn next(&self) -> Option<SemaphorePermit<'_>> {
        // The semaphore is never closed.
        self.0.acquire().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn who_waits_for_a_turn_can_be_given_up_and_takes_none() {
        let turns = Turns(Semaphore::new(1));
        let held = turns.next().await;
        assert!(timeout(Duration::from_millis(20), turns.next()).await.is_err());
        drop(held);
        assert!(timeout(Duration::from_secs(60), turns.next()).await.is_ok());
    }
}
