//! Whether a proxy should send visitors here.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::config::missing_in_site;
use crate::registry::Registry;
use voordeur_store::Store;

/// What was found counts for this long: whoever asks ten times a second costs the disk one look.
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Why the server is not ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadinessError {
    /// It was told to stop.
    #[error("stopping")]
    Stopping,
    /// Boards cannot be changed.
    #[error("the store cannot be written")]
    Store,
    /// There is nothing to show.
    #[error("no widget is loaded")]
    NoWidgets,
    /// A file of `--site`.
    #[error("{0} is missing in the folder of --site")]
    Site(&'static str),
}

/// Whether the server is ready, and what was found the last time.
#[derive(Default)]
pub struct Readiness {
    stopping: AtomicBool,
    found: Mutex<Option<(Instant, Vec<ReadinessError>)>>,
}

impl Readiness {
    /// From now on it is not ready.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Everything that is in the way; nothing when it is ready. What changed since the last look is told to the log.
    pub async fn look(
        &self,
        store: &Store,
        registry: &Registry,
        site: &Path,
    ) -> Vec<ReadinessError> {
        if self.stopping.load(Ordering::Relaxed) {
            return vec![ReadinessError::Stopping];
        }
        // Whoever asks meanwhile waits for this look.
        let mut found = self.found.lock().await;
        if let Some((at, problems)) = found.as_ref()
            && at.elapsed() < LOOK_AGAIN_AFTER
        {
            return problems.clone();
        }
        let mut problems = Vec::new();
        let writable = store.check().await;
        if writable.is_err() {
            problems.push(ReadinessError::Store);
        }
        if registry.snapshot().all().next().is_none() {
            problems.push(ReadinessError::NoWidgets);
        }
        let site = PathBuf::from(site);
        let missing = tokio::task::spawn_blocking(move || missing_in_site(&site)).await;
        problems.extend(missing.ok().flatten().map(ReadinessError::Site));

        let before = found.as_ref().map_or(&[][..], |(_, problems)| problems);
        if before != problems {
            match problems.first() {
                None => tracing::info!("ready again"),
                Some(problem) => {
                    let cause = writable.as_ref().err().and_then(std::error::Error::source);
                    let cause = cause.map(ToString::to_string);
                    tracing::error!(%problem, cause, "not ready");
                }
            }
        }
        *found = Some((Instant::now(), problems.clone()));
        problems
    }
}
