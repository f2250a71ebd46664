//! The browser's part: it enhances a page which also works without it.
//!
//! It sends the page's own forms without a reload, keeps the focus, announces changes, and
//! refreshes cards when they are due, one at a time. It draws nothing itself: what it shows is
//! HTML of the server. Without it, every form and link works as plain HTML.

#[cfg(feature = "browser")]
mod browser;
// The tests run on the server's target.
#[cfg(any(feature = "browser", test))]
mod edit_queue;

#[cfg(feature = "browser")]
pub use browser::start;
