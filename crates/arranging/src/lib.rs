//! Cards in hand: how they are moved and widened with mouse, pen, finger and keyboard.
//!
//! A module of its own, loaded by those who arrange their board and by nobody else. It changes nothing itself: while a card is in hand it
//! shows where the card would go; when it is put down, the page's own form says so to the server, as the buttons do.
//!
//! `browser` listens and shows. What it decides by is here, and knows no browser: where cards lie and where one goes (`places`), how wide
//! one can be (`widths`), and when a press becomes a drag (`press`).

pub mod places;
pub mod press;
pub mod widths;

#[cfg(target_arch = "wasm32")]
mod browser;
