//! The present catalogue: what was embedded when this was built, and the folders of `--widgets`, which may change while the server runs.
//!
//! The folders are looked at by name, size and time a few times a second, by a thread of its own. Notifications of the system were not
//! chosen: they say nothing about a network mount or a folder that is mounted into a container, are lost when a folder is swapped behind a
//! link, and an editor that saves in three steps would have to be waited out all the same. A look at a hundred widgets takes a millisecond or two.

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

/// Between two looks. A folder is read when two looks in a row saw the same, so a change is in the catalogue within a second.
const PAUSE: Duration = Duration::from_millis(400);

/// The catalogue as it is now. Whoever makes a page takes it once, so that the page is of one piece.
#[derive(Clone)]
pub struct Registry(Arc<ArcSwap<Catalogue>>);

impl Registry {
    /// A catalogue that stays as it is until a [`Watcher`] changes it.
    pub fn of(catalogue: Catalogue) -> Self {
        Registry(Arc::new(ArcSwap::from_pointee(catalogue)))
    }

    /// All widgets that can be chosen now.
    pub fn snapshot(&self) -> Arc<Catalogue> {
        self.0.load_full()
    }
}

/// Why the folders of `--widgets` cannot be watched.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// A folder is not there, or holds too much.
    #[error("--widgets {folder}: the folder cannot be read: {cause}")]
    Folder {
        /// As the operator gave it.
        folder: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The system gives no thread.
    #[error("--widgets: the folders cannot be watched: {0}")]
    Thread(io::Error),
}

/// Looks at the folders, and puts what they hold onto the shelf.
pub struct Watcher {
    embedded: Catalogue,
    /// The first one comes first, as in a search path.
    rows: Vec<Directory>,
    /// Which row each widget is of; embedded ones stand not in it.
    whence: BTreeMap<String, usize>,
    registry: Weak<ArcSwap<Catalogue>>,
}

impl Watcher {
    /// Reads the folders for the first time. A widget of theirs that cannot be used is news, no error.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn open(
        embedded: Catalogue,
        folders: &[PathBuf],
    ) -> Result<(Registry, Self, Vec<RegistryEvent>), RegistryError> {
        let now = Instant::now();
        let mut news = Vec::new();
        let mut rows = Vec::new();
        for folder in folders {
            let row = Directory::open(folder, now, &mut news);
            rows.push(row.map_err(|cause| RegistryError::Folder {
                folder: folder.display().to_string(),
                cause,
            })?);
        }
        let registry = Registry::of(embedded.clone());
        let mut watch = Watcher {
            embedded,
            rows,
            whence: BTreeMap::new(),
            registry: Arc::downgrade(&registry.0),
        };
        watch.put_out(&mut news);
        Ok((registry, watch, news))
    }

    /// Looks at every folder once. `now` decides whether what was read a while ago is read a second time.
    pub fn poll(&mut self, now: Instant) -> Vec<RegistryEvent> {
        let mut news = Vec::new();
        let mut changed = false;
        for row in &mut self.rows {
            changed |= row.look(now, &mut news);
        }
        if changed {
            self.put_out(&mut news);
        }
        news
    }

    /// Looks again and again, in a thread of its own, until nobody has the shelf any more.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(mut self) -> Result<(), RegistryError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let look = move || {
            while self.registry.strong_count() > 0 {
                thread::sleep(PAUSE);
                self.poll(Instant::now()).iter().for_each(RegistryEvent::log);
            }
        };
        // Not a task: a network mount that hangs must hold up neither a page nor the end of the server.
        thread::Builder::new()
            .name("shelf".to_owned())
            .spawn(look)
            .map_err(RegistryError::Thread)?;
        Ok(())
    }

    /// Makes the catalogue of what is usable now, and says which widgets take another's place.
    fn put_out(&mut self, news: &mut Vec<RegistryEvent>) {
        let mut catalogue = self.embedded.clone();
        let mut whence = BTreeMap::new();
        for (number, row) in self.rows.iter().enumerate().rev() {
            for entry in row.usable() {
                whence.insert(entry.widget.manifest().id.clone(), number);
                catalogue.put(entry.clone());
            }
        }
        let before = std::mem::replace(&mut self.whence, whence);
        let mut ids: Vec<&String> = before.keys().chain(self.whence.keys()).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let (old, new) = (before.get(id), self.whence.get(id));
            let (Some(from), Some(to)) = (self.place(id, old), self.place(id, new)) else {
                continue;
            };
            // Embedded ones come last.
            let rank = |row: Option<&usize>| row.copied().unwrap_or(usize::MAX);
            let widget = id.clone();
            if rank(new) < rank(old) {
                news.push(RegistryEvent::Overrides { widget, folder: to, of: from });
            } else if rank(new) > rank(old) {
                news.push(RegistryEvent::Restored { widget, folder: to });
            }
        }
        if let Some(registry) = self.registry.upgrade() {
            registry.store(Arc::new(catalogue));
        }
    }

    /// Where the widget of a row stands, or the embedded one when there is one.
    fn place(&self, id: &str, row: Option<&usize>) -> Option<String> {
        match row.and_then(|number| self.rows.get(*number)) {
            Some(row) => Some(row.folder_of(id)),
            None => self.embedded.get(id).map(|_| "embedded".to_owned()),
        }
    }
}
