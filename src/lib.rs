//! Voordeur: a personal start page for citizens.
//!
//! `docs/ARCHITECTURE.md` is the map. The browser's build holds [`face`], [`blocks`], [`icons`], [`find`] and [`islands`]; everything else is the
//! server's.

pub mod blocks;
pub mod face;
pub mod find;
pub mod icons;
pub mod islands;

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod author;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod door;
#[cfg(feature = "ssr")]
pub mod locale;
#[cfg(feature = "ssr")]
pub mod operator;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod present;
#[cfg(feature = "ssr")]
mod render;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod scoreboard;
#[cfg(feature = "ssr")]
pub mod shelf;
#[cfg(feature = "ssr")]
mod starter;
#[cfg(feature = "ssr")]
pub mod suggestions;
#[cfg(feature = "ssr")]
pub mod telemetry;
#[cfg(feature = "ssr")]
pub mod tiers;
#[cfg(feature = "ssr")]
mod visitor;
#[cfg(feature = "ssr")]
pub mod workbench;

/// Called by the page's script when the browser's part has arrived.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
