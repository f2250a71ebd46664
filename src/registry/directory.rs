//! One folder of `--widgets`: its sub-folders, when each is read, and what was made of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use voordeur_engine::Entry;

use super::RegistryEvent;
use super::package::{self, Fingerprint};

/// Entries of a folder of widgets. With more it is some other folder.
const MOST_ENTRIES: usize = 1_000;
/// What was read is read once more after this: some file systems tell no times finer than two seconds, so that a second save may look like
/// the first.
const SECOND_READING: Duration = Duration::from_secs(3);

/// A folder of widgets.
pub struct Directory {
    folder: PathBuf,
    spots: BTreeMap<OsString, Spot>,
    lost: bool,
}

/// A sub-folder.
struct Spot {
    /// The name of the sub-folder.
    id: String,
    /// What the last look saw; nothing when it was not there.
    seen: Option<Fingerprint>,
    /// What it looked like when it was read.
    read: Option<Fingerprint>,
    read_again: Option<Instant>,
    made: Made,
}

enum Made {
    /// It was not read yet.
    Nothing,
    Widget(Entry),
    Broken(String),
}

impl Directory {
    /// Reads a folder for the first time, without waiting whether it is being written.
    pub fn open(folder: &Path, now: Instant, news: &mut Vec<RegistryEvent>) -> io::Result<Self> {
        let mut row = Directory { folder: folder.to_owned(), spots: BTreeMap::new(), lost: false };
        for (name, mark) in row.marks()? {
            let mut spot = Spot::new(&name, mark.clone());
            spot.read(&row.folder.join(&name), &mark, now, news);
            row.spots.insert(name, spot);
        }
        Ok(row)
    }

    /// Looks at every sub-folder, and reads those that changed and are at rest. Gives whether the catalogue has to be made anew.
    pub fn look(&mut self, now: Instant, news: &mut Vec<RegistryEvent>) -> bool {
        let shown = self.folder.display().to_string();
        let mut marks = match self.marks() {
            Ok(marks) => marks,
            Err(error) => {
                if !std::mem::replace(&mut self.lost, true) {
                    news.push(RegistryEvent::DirectoryUnreadable {
                        folder: shown,
                        reason: error.to_string(),
                    });
                }
                return false;
            }
        };
        if std::mem::replace(&mut self.lost, false) {
            news.push(RegistryEvent::DirectoryReadable { folder: shown });
        }

        let mut changed = false;
        self.spots.retain(|name, spot| {
            let seen = marks.remove(name);
            let before = std::mem::replace(&mut spot.seen, seen);
            // What changed since the last look may be half written.
            if before != spot.seen {
                return true;
            }
            let Some(mark) = before else {
                changed |= spot.leave(&self.folder.join(name), news);
                return false;
            };
            let due = spot.read_again.is_some_and(|at| at <= now);
            if due || spot.read.as_ref() != Some(&mark) {
                changed |= spot.read(&self.folder.join(name), &mark, now, news);
            }
            true
        });
        for (name, mark) in marks {
            let spot = Spot::new(&name, mark);
            self.spots.insert(name, spot);
        }
        changed
    }

    /// The widgets that can be used.
    pub fn usable(&self) -> impl Iterator<Item = &Entry> {
        self.spots.values().filter_map(|spot| match &spot.made {
            Made::Widget(entry) => Some(entry),
            Made::Nothing | Made::Broken(_) => None,
        })
    }

    /// The path of a widget's folder, to be shown.
    pub fn folder_of(&self, id: &str) -> String {
        self.folder.join(id).display().to_string()
    }

    fn marks(&self) -> io::Result<BTreeMap<OsString, Fingerprint>> {
        let mut marks = BTreeMap::new();
        for (number, entry) in fs::read_dir(&self.folder)?.enumerate() {
            let entry = entry?;
            if number >= MOST_ENTRIES {
                let what = format!("it holds more than {MOST_ENTRIES} entries");
                return Err(io::Error::other(what));
            }
            let name = entry.file_name();
            // Hidden folders belong to systems and editors.
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if let Some(mark) = package::mark(&entry.path()) {
                marks.insert(name, mark);
            }
        }
        Ok(marks)
    }
}

impl Spot {
    fn new(name: &OsString, mark: Fingerprint) -> Self {
        Spot {
            id: name.to_string_lossy().into_owned(),
            seen: Some(mark),
            read: None,
            read_again: None,
            made: Made::Nothing,
        }
    }

    /// Reads the sub-folder, unless it is being written meanwhile. Gives whether another widget came of it.
    fn read(
        &mut self,
        folder: &Path,
        mark: &Fingerprint,
        now: Instant,
        news: &mut Vec<RegistryEvent>,
    ) -> bool {
        let read = package::read(folder, &self.id, mark);
        let after = package::mark(folder);
        if after.as_ref() != Some(mark) {
            self.seen = after;
            return false;
        }
        let first = self.read.as_ref() != Some(mark);
        self.read = Some(mark.clone());
        self.read_again = first.then(|| now + SECOND_READING);

        let (widget, shown) = (self.id.clone(), folder.display().to_string());
        match (&self.made, read) {
            (Made::Widget(old), Ok(new)) if old.version == new.version => false,
            (Made::Broken(old), Err(new)) if *old == new => false,
            (old, Ok(new)) => {
                news.push(match old {
                    Made::Nothing => RegistryEvent::Added { widget, folder: shown },
                    Made::Widget(_) => RegistryEvent::Changed { widget, folder: shown },
                    Made::Broken(_) => RegistryEvent::Repaired { widget, folder: shown },
                });
                self.made = Made::Widget(new);
                true
            }
            (old, Err(reason)) => {
                let changed = matches!(old, Made::Widget(_));
                news.push(RegistryEvent::Broken { widget, folder: shown, reason: reason.clone() });
                self.made = Made::Broken(reason);
                changed
            }
        }
    }

    /// The sub-folder is gone. Gives whether a widget went with it.
    fn leave(&self, folder: &Path, news: &mut Vec<RegistryEvent>) -> bool {
        if !matches!(self.made, Made::Nothing) {
            let folder = folder.display().to_string();
            news.push(RegistryEvent::Removed { widget: self.id.clone(), folder });
        }
        matches!(self.made, Made::Widget(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_that_looks_like_the_one_before_is_found_by_the_second_reading() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let manifest = folder.path().join("one").join("widget.toml");
        fs::create_dir(folder.path().join("one")).expect("a folder");
        fs::write(&manifest, "first = ").expect("written");
        let (now, mut news) = (Instant::now(), Vec::new());
        let mut row = Directory::open(folder.path(), now, &mut news).expect("a row");
        assert!(matches!(&news[..], [RegistryEvent::Broken { .. }]), "{news:?}");

        fs::write(&manifest, "again = 1").expect("written");
        // As on a file system whose times are too coarse to tell.
        let mark = package::mark(&folder.path().join("one"));
        let spot = row.spots.get_mut(&OsString::from("one")).expect("a spot");
        (spot.seen, spot.read) = (mark.clone(), mark);

        news.clear();
        row.look(now + SECOND_READING / 2, &mut news);
        assert_eq!(news, []);
        row.look(now + SECOND_READING, &mut news);
        assert!(
            matches!(&news[..], [RegistryEvent::Broken { reason, .. }] if reason.contains("again"))
        );
        news.clear();
        row.look(now + SECOND_READING * 3, &mut news);
        assert_eq!(news, []);
    }
}
