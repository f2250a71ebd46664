//! One directory of `--widgets`: decides when each of its folders is read, and holds the result.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use voordeur_engine::Entry;

use super::RegistryEvent;
use super::package::{self, Fingerprint};

/// Maximum number of entries in a directory. One with more is not a directory of widgets.
const MAX_ENTRIES: usize = 1_000;
/// Delay of the second read of a folder. Some file systems have a time resolution of two seconds,
/// so a second save may have the same fingerprint as the first.
const REREAD_DELAY: Duration = Duration::from_secs(3);

/// A directory of widgets.
pub struct Directory {
    path: PathBuf,
    packages: BTreeMap<OsString, Package>,
    is_unreadable: bool,
}

/// A folder in the directory.
struct Package {
    /// The name of the folder.
    id: String,
    /// The fingerprint at the last poll; `None` when the folder did not exist.
    polled: Option<Fingerprint>,
    /// The fingerprint with which the folder was read.
    read: Option<Fingerprint>,
    reread_at: Option<Instant>,
    content: PackageContent,
}

enum PackageContent {
    NotRead,
    Usable(Entry),
    Unusable(String),
}

impl Directory {
    /// Reads the directory for the first time, without waiting until its folders are stable.
    pub fn open(path: &Path, now: Instant, events: &mut Vec<RegistryEvent>) -> io::Result<Self> {
        let mut directory =
            Directory { path: path.to_owned(), packages: BTreeMap::new(), is_unreadable: false };
        for (name, fingerprint) in directory.fingerprints()? {
            let mut package = Package::new(&name, fingerprint.clone());
            package.read(&directory.path.join(&name), &fingerprint, now, events);
            directory.packages.insert(name, package);
        }
        Ok(directory)
    }

    /// Polls every folder, and reads those that have changed and are stable. Returns whether the
    /// set of usable widgets has changed.
    pub fn poll(&mut self, now: Instant, events: &mut Vec<RegistryEvent>) -> bool {
        let folder = self.path.display().to_string();
        let mut fingerprints = match self.fingerprints() {
            Ok(fingerprints) => fingerprints,
            Err(error) => {
                if !std::mem::replace(&mut self.is_unreadable, true) {
                    let reason = error.to_string();
                    events.push(RegistryEvent::DirectoryUnreadable { folder, reason });
                }
                return false;
            }
        };
        if std::mem::replace(&mut self.is_unreadable, false) {
            events.push(RegistryEvent::DirectoryReadable { folder });
        }

        let mut changed = false;
        self.packages.retain(|name, package| {
            let previous = std::mem::replace(&mut package.polled, fingerprints.remove(name));
            // A folder that has changed since the last poll may be half written.
            if previous != package.polled {
                return true;
            }
            let Some(fingerprint) = previous else {
                changed |= package.remove(&self.path.join(name), events);
                return false;
            };
            let is_due = package.reread_at.is_some_and(|at| at <= now);
            if is_due || package.read.as_ref() != Some(&fingerprint) {
                changed |= package.read(&self.path.join(name), &fingerprint, now, events);
            }
            true
        });
        for (name, fingerprint) in fingerprints {
            let package = Package::new(&name, fingerprint);
            self.packages.insert(name, package);
        }
        changed
    }

    /// The usable widgets.
    pub fn usable(&self) -> impl Iterator<Item = &Entry> {
        self.packages.values().filter_map(|package| match &package.content {
            PackageContent::Usable(entry) => Some(entry),
            PackageContent::NotRead | PackageContent::Unusable(_) => None,
        })
    }

    /// The path of a widget's folder, for messages.
    pub fn folder_of(&self, id: &str) -> String {
        self.path.join(id).display().to_string()
    }

    fn fingerprints(&self) -> io::Result<BTreeMap<OsString, Fingerprint>> {
        let mut fingerprints = BTreeMap::new();
        for (index, entry) in fs::read_dir(&self.path)?.enumerate() {
            let entry = entry?;
            if index >= MAX_ENTRIES {
                return Err(io::Error::other(format!("it has more than {MAX_ENTRIES} entries")));
            }
            let name = entry.file_name();
            if package::is_hidden(&name) {
                continue;
            }
            if let Some(fingerprint) = Fingerprint::of(&entry.path()) {
                fingerprints.insert(name, fingerprint);
            }
        }
        Ok(fingerprints)
    }
}

impl Package {
    fn new(name: &OsString, fingerprint: Fingerprint) -> Self {
        Package {
            id: name.to_string_lossy().into_owned(),
            polled: Some(fingerprint),
            read: None,
            reread_at: None,
            content: PackageContent::NotRead,
        }
    }

    /// Reads the folder, and discards the result when it was written meanwhile. Returns whether the
    /// set of usable widgets has changed.
    fn read(
        &mut self,
        path: &Path,
        fingerprint: &Fingerprint,
        now: Instant,
        events: &mut Vec<RegistryEvent>,
    ) -> bool {
        let result = package::read(path, &self.id, fingerprint);
        let after = Fingerprint::of(path);
        if after.as_ref() != Some(fingerprint) {
            self.polled = after;
            return false;
        }
        let is_first_read = self.read.as_ref() != Some(fingerprint);
        self.read = Some(fingerprint.clone());
        self.reread_at = is_first_read.then(|| now + REREAD_DELAY);
        self.set_content(result, path, events)
    }

    /// Returns whether the set of usable widgets has changed.
    fn set_content(
        &mut self,
        result: Result<Entry, String>,
        path: &Path,
        events: &mut Vec<RegistryEvent>,
    ) -> bool {
        let (widget, folder) = (self.id.clone(), path.display().to_string());
        match (&self.content, result) {
            (PackageContent::Usable(old), Ok(new)) if old.version == new.version => false,
            (PackageContent::Unusable(old), Err(new)) if *old == new => false,
            (old, Ok(new)) => {
                events.push(match old {
                    PackageContent::NotRead => RegistryEvent::Added { widget, folder },
                    PackageContent::Usable(_) => RegistryEvent::Changed { widget, folder },
                    PackageContent::Unusable(_) => RegistryEvent::Repaired { widget, folder },
                });
                self.content = PackageContent::Usable(new);
                true
            }
            (old, Err(reason)) => {
                let was_usable = matches!(old, PackageContent::Usable(_));
                events.push(RegistryEvent::Broken { widget, folder, reason: reason.clone() });
                self.content = PackageContent::Unusable(reason);
                was_usable
            }
        }
    }

    /// Reports that the folder was removed. Returns whether it had a usable widget.
    fn remove(&self, path: &Path, events: &mut Vec<RegistryEvent>) -> bool {
        if !matches!(self.content, PackageContent::NotRead) {
            let folder = path.display().to_string();
            events.push(RegistryEvent::Removed { widget: self.id.clone(), folder });
        }
        matches!(self.content, PackageContent::Usable(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_with_an_unchanged_fingerprint_is_found_by_the_second_read() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let folder = dir.path().join("one");
        let manifest = folder.join("widget.toml");
        fs::create_dir(&folder).expect("a folder");
        fs::write(&manifest, "first = ").expect("written");
        let (now, mut events) = (Instant::now(), Vec::new());
        let mut directory = Directory::open(dir.path(), now, &mut events).expect("a directory");
        assert!(matches!(&events[..], [RegistryEvent::Broken { .. }]), "{events:?}");

        fs::write(&manifest, "again = 1").expect("written");
        // As on a file system with a coarse time resolution.
        let fingerprint = Fingerprint::of(&folder);
        let package = directory.packages.get_mut(&OsString::from("one")).expect("a package");
        (package.polled, package.read) = (fingerprint.clone(), fingerprint);

        events.clear();
        directory.poll(now + REREAD_DELAY / 2, &mut events);
        assert_eq!(events, []);
        directory.poll(now + REREAD_DELAY, &mut events);
        let [RegistryEvent::Broken { reason, .. }] = &events[..] else { panic!("{events:?}") };
        assert!(reason.contains("again"), "{reason}");
        events.clear();
        directory.poll(now + REREAD_DELAY * 3, &mut events);
        assert_eq!(events, []);
    }
}
