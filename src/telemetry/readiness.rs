//! Whether a reverse proxy should send requests here.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::registry::Registry;
use voordeur_store::Store;

/// Time for which the result of a check is reused: frequent probes cost one disk access.
const CACHE_DURATION: Duration = Duration::from_secs(1);
/// Files without which pages have neither style nor scripts.
const REQUIRED_SITE_FILES: [&str; 4] =
    ["pkg/voordeur.css", "pkg/start.js", "pkg/voordeur.js", "pkg/voordeur_bg.wasm"];

/// A reason for which the server is not ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadinessError {
    /// The server shuts down.
    #[error("stopping")]
    ShuttingDown,
    /// Boards cannot be changed.
    #[error("the store cannot be written")]
    StoreNotWritable,
    /// The catalogue is empty.
    #[error("no widget is loaded")]
    NoWidgets,
    /// A file is missing in the directory of `--site`.
    #[error("{0} is missing in the folder of --site")]
    SiteFileMissing(&'static str),
}

/// Checks the readiness of the server.
#[derive(Default)]
pub struct Readiness {
    is_shutting_down: AtomicBool,
    last_check: Mutex<Option<(Instant, Vec<ReadinessError>)>>,
}

impl Readiness {
    /// Makes the server not ready from now on.
    pub fn begin_shutdown(&self) {
        self.is_shutting_down.store(true, Ordering::Relaxed);
    }

    /// The reasons for which the server is not ready; empty when it is. Changes are logged.
    pub async fn check(
        &self,
        store: &Store,
        registry: &Registry,
        site: &Path,
    ) -> Vec<ReadinessError> {
        if self.is_shutting_down.load(Ordering::Relaxed) {
            return vec![ReadinessError::ShuttingDown];
        }
        // Concurrent probes wait for this check.
        let mut last_check = self.last_check.lock().await;
        if let Some((checked_at, errors)) = last_check.as_ref()
            && checked_at.elapsed() < CACHE_DURATION
        {
            return errors.clone();
        }
        let mut errors = Vec::new();
        let writable = store.check().await;
        if writable.is_err() {
            errors.push(ReadinessError::StoreNotWritable);
        }
        if registry.snapshot().all().next().is_none() {
            errors.push(ReadinessError::NoWidgets);
        }
        let site = PathBuf::from(site);
        let missing = tokio::task::spawn_blocking(move || missing_site_file(&site)).await;
        errors.extend(missing.ok().flatten().map(ReadinessError::SiteFileMissing));

        let previous = last_check.as_ref().map_or(&[][..], |(_, errors)| errors);
        if previous != errors {
            match errors.first() {
                None => tracing::info!("ready again"),
                Some(error) => {
                    let cause = writable.as_ref().err().and_then(std::error::Error::source);
                    let cause = cause.map(ToString::to_string);
                    tracing::error!(%error, cause, "not ready");
                }
            }
        }
        *last_check = Some((Instant::now(), errors.clone()));
        errors
    }
}

/// The first required file that is missing in the directory of `--site`.
pub fn missing_site_file(site: &Path) -> Option<&'static str> {
    REQUIRED_SITE_FILES.into_iter().find(|file| !site.join(file).is_file())
}
