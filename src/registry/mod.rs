//! The catalogue at run time: the embedded widgets and those in the directories of `--widgets`,
//! which may change while the server runs.
//!
//! A thread polls the directories by name, size and time. File notifications, as of the crate
//! `notify`, do not serve: they report nothing on network mounts and on directories mounted into a
//! container, are lost when a directory is swapped behind a symbolic link, and an editor that saves
//! in three steps would have to be debounced all the same. Polling a hundred widgets takes one or
//! two milliseconds.

mod directory;
mod event;
mod package;

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use voordeur_engine::Catalogue;

use directory::Directory;
pub use event::RegistryEvent;

/// Interval of the polls. A folder is read once two polls in a row saw it unchanged, so a change
/// is in the catalogue within a second.
const POLL_INTERVAL: Duration = Duration::from_millis(400);

/// The current catalogue. Take one snapshot per request, so that a page is consistent.
#[derive(Clone)]
pub struct Registry(Arc<ArcSwap<Catalogue>>);

impl Registry {
    /// A registry of this catalogue, which only a [`Watcher`] changes.
    pub fn new(catalogue: Catalogue) -> Self {
        Registry(Arc::new(ArcSwap::from_pointee(catalogue)))
    }

    /// The catalogue as it is now.
    pub fn snapshot(&self) -> Arc<Catalogue> {
        self.0.load_full()
    }
}

/// The reason for which the directories of `--widgets` cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A directory does not exist, or has too many entries.
    #[error("--widgets {dir}: cannot read the directory")]
    Directory {
        /// The directory as given by the operator.
        dir: String,
        /// The error of the file system.
        source: io::Error,
    },
    /// The thread cannot be started.
    #[error("--widgets: cannot start the thread that watches the directories")]
    Thread(#[source] io::Error),
}

/// Watches the directories of `--widgets` and updates the registry.
pub struct Watcher {
    embedded: Catalogue,
    /// A widget in an earlier directory overrides one in a later, as in a search path.
    directories: Vec<Directory>,
    /// The index of the directory of each widget; embedded widgets are not in it.
    origins: BTreeMap<String, usize>,
    registry: Weak<ArcSwap<Catalogue>>,
}

impl Watcher {
    /// Reads the directories for the first time. An unusable widget is an event, not an error.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn open(
        embedded: Catalogue,
        dirs: &[PathBuf],
    ) -> Result<(Registry, Self, Vec<RegistryEvent>), RegistryError> {
        let now = Instant::now();
        let mut events = Vec::new();
        let mut directories = Vec::new();
        for dir in dirs {
            let directory = Directory::open(dir, now, &mut events);
            directories.push(directory.map_err(|source| RegistryError::Directory {
                dir: dir.display().to_string(),
                source,
            })?);
        }
        let registry = Registry::new(embedded.clone());
        let mut watcher = Watcher {
            embedded,
            directories,
            origins: BTreeMap::new(),
            registry: Arc::downgrade(&registry.0),
        };
        watcher.update_registry(&mut events);
        Ok((registry, watcher, events))
    }

    /// Polls every directory once. `now` decides whether a folder that was read a while ago is
    /// read a second time.
    pub fn poll(&mut self, now: Instant) -> Vec<RegistryEvent> {
        let mut events = Vec::new();
        let mut changed = false;
        for directory in &mut self.directories {
            changed |= directory.poll(now, &mut events);
        }
        if changed {
            self.update_registry(&mut events);
        }
        events
    }

    /// Polls in a thread of its own until the registry is dropped.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(mut self) -> Result<(), RegistryError> {
        if self.directories.is_empty() {
            return Ok(());
        }
        let poll = move || {
            while self.registry.strong_count() > 0 {
                thread::sleep(POLL_INTERVAL);
                self.poll(Instant::now()).iter().for_each(RegistryEvent::log);
            }
        };
        // Not an async task: a network mount that hangs must delay neither a page nor a shutdown.
        thread::Builder::new()
            .name("registry".to_owned())
            .spawn(poll)
            .map_err(RegistryError::Thread)?;
        Ok(())
    }

    /// Builds the catalogue of all usable widgets, and reports overridden and restored ones.
    fn update_registry(&mut self, events: &mut Vec<RegistryEvent>) {
        let mut catalogue = self.embedded.clone();
        let mut origins = BTreeMap::new();
        for (index, directory) in self.directories.iter().enumerate().rev() {
            for entry in directory.usable() {
                origins.insert(entry.widget.manifest().id.clone(), index);
                catalogue.put(entry.clone());
            }
        }
        let previous = std::mem::replace(&mut self.origins, origins);
        let mut ids: Vec<&String> = previous.keys().chain(self.origins.keys()).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let (old, new) = (previous.get(id), self.origins.get(id));
            let (Some(from), Some(to)) = (self.folder(id, old), self.folder(id, new)) else {
                continue;
            };
            // Embedded widgets have the lowest precedence.
            let rank = |origin: Option<&usize>| origin.copied().unwrap_or(usize::MAX);
            let widget = id.clone();
            if rank(new) < rank(old) {
                events.push(RegistryEvent::Overrides { widget, folder: to, of: from });
            } else if rank(new) > rank(old) {
                events.push(RegistryEvent::Restored { widget, folder: to });
            }
        }
        if let Some(registry) = self.registry.upgrade() {
            registry.store(Arc::new(catalogue));
        }
    }

    /// The folder of a widget with this origin; `None` when it would be embedded and is not.
    fn folder(&self, id: &str, origin: Option<&usize>) -> Option<String> {
        match origin.and_then(|index| self.directories.get(*index)) {
            Some(directory) => Some(directory.folder_of(id)),
            None => self.embedded.get(id).map(|_| "embedded".to_owned()),
        }
    }
}
