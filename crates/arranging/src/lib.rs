//! Arranging cards: moving and resizing them with mouse, pen, finger and keyboard.
//!
//! This is a WASM module of its own, loaded only while a board is arranged. It changes nothing
//! itself: during an interaction it shows where the card would go, and at the end it submits a form
//! to the server, as the buttons do.
//!
//! `browser` handles events and shows the interaction. The decisions are made in modules that know
//! no browser: where a card goes (`placement`), how wide it becomes (`widths`), and when a press
//! becomes a drag (`gesture`).

pub mod gesture;
pub mod placement;
pub mod widths;

#[cfg(target_arch = "wasm32")]
mod browser;
