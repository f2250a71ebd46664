//! Permits for work that keeps a core busy.
//!
//! To parse responses and to make a view of them keeps a core busy for a while, and cannot be
//! cancelled half way. Only as many cards as there are cores do so at once, so that the other
//! threads still accept connections, run timers and query the store; and a card that waits for a
//! permit can be given up at its deadline.

use std::num::NonZero;
use std::sync::Arc;

use voordeur_fair_queue::FairSemaphore;

/// Permits per client per round: about one page, so that pages are drawn one after the other and
/// not all at the same time, ever more slowly.
const PERMITS_PER_PAGE: u32 = 32;

/// One permit for each core. Nothing else may be awaited while one is held.
pub fn for_this_machine() -> Arc<FairSemaphore> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    FairSemaphore::new(cores, PERMITS_PER_PAGE)
}
