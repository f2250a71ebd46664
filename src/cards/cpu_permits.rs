//! Whose turn it is to have the processor.
//!
//! To read answers and to make a view of them takes a core for a while, and nothing can stop it half way. Only as many cards as there are
//! cores do so at once, so that the other threads go on to take connections, to tell the time and to ask the store; and a card that waits
//! for its turn can be given up at its deadline.

use std::num::NonZero;
use std::sync::Arc;

use voordeur_fair_queue::FairSemaphore;

/// So many turns has each client before the next one has some: about what a page takes, so that pages are made one after the other and
/// not all at the same time, ever more slowly.
const FOR_A_PAGE: u32 = 32;

/// One turn for each core. Nothing else may be waited for in it.
pub fn of_this_machine() -> Arc<FairSemaphore> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    FairSemaphore::new(cores, FOR_A_PAGE)
}
