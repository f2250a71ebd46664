//! Voordeur: a personal start page for citizens.
//!
//! `docs/ARCHITECTURE.md` is the map. The WASM module holds [`find`] and [`islands`];
//! everything else belongs to the server. `make walls` checks that no modules import each other in
//! a circle.

pub mod find;
pub mod islands;

#[cfg(feature = "ssr")]
mod agenda;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
mod assets;
#[cfg(feature = "ssr")]
pub mod blocks;
#[cfg(feature = "ssr")]
pub mod board_file;
#[cfg(feature = "ssr")]
pub mod cards;
#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod console;
#[cfg(feature = "ssr")]
mod default_board;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod icons;
#[cfg(feature = "ssr")]
pub mod locale;
#[cfg(feature = "ssr")]
pub(crate) mod markup;
#[cfg(feature = "ssr")]
pub mod middleware;
#[cfg(feature = "ssr")]
mod page_response;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod paused;
#[cfg(all(test, feature = "ssr"))]
mod planted;
#[cfg(feature = "ssr")]
pub mod presenter;
#[cfg(feature = "ssr")]
pub mod preview;
#[cfg(feature = "ssr")]
pub mod registry;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
mod session;
#[cfg(feature = "ssr")]
mod sets;
#[cfg(feature = "ssr")]
mod starter;
#[cfg(feature = "ssr")]
mod status;
#[cfg(feature = "ssr")]
pub mod suggestions;
#[cfg(feature = "ssr")]
pub mod telemetry;
#[cfg(feature = "ssr")]
pub mod tiers;
#[cfg(feature = "ssr")]
pub mod view_model;
#[cfg(feature = "ssr")]
mod wanted;
#[cfg(feature = "ssr")]
mod widget_folder;

/// Entry point of the WASM module, called by the page's script once the module is loaded.
#[cfg(feature = "browser")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn start() {
    islands::start();
}
