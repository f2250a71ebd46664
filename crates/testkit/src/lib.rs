//! For the tests and the benchmark: a server process, an HTTP client, and a stand-in for the public
//! services.
//!
//! The server is known by the path of its binary alone: integration tests pass
//! `env!("CARGO_BIN_EXE_voordeur")` to [`server_binary`].

mod client;
pub mod hostile;
mod server;
pub mod stand_in;

use std::path::{Path, PathBuf};

pub use client::{HttpClient, HttpError, HttpResponse};
pub use server::{Server, ServerBuilder, StartError, command, create_site, server_binary};
pub use tempfile::TempDir;

/// Creates an empty folder that is removed on drop.
///
/// # Panics
/// When the folder cannot be created.
pub fn temp_dir() -> TempDir {
    tempfile::Builder::new().prefix("voordeur-test-").tempdir().expect("a temporary folder")
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
