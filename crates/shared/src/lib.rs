//! Facts on which the server and the browser must agree: addresses, card widths, lanes, severities,
//! and the names of completed actions in addresses.
//!
//! It is compiled into the server, into the browser's main module and into `arranging`. So it has
//! no dependencies (`serde` is optional, for the types that are sent or stored), and it builds
//! strings by concatenation: the formatting machinery would add kilobytes to each module.

#![warn(missing_docs)]

pub mod card_width;
pub mod completed;
pub mod forget;
pub mod lanes;
pub mod paths;
pub mod redraw;
mod severity;
pub mod today;

pub use card_width::CardWidth;
pub use completed::Completed;
pub use severity::Severity;
