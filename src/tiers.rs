//! The quality tier of each widget.
//!
//! The tiers of embedded widgets are stored in their folders and verified by a test, so that a
//! start costs nothing. The stored tier of a folder that is read at run time is not trusted: one
//! thread checks the widget, once per content and on the first request for it, and it has no tier
//! until then.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Zoned;
use voordeur_engine::conformance::{Checker, Tier, WidgetFolder, proof_holds};
use voordeur_engine::{CheckStatus, Entry, Version};

use crate::icons::Icon;

/// By the widget's id: the version that was checked last or is in the queue, and its tier.
type CheckedTiers = BTreeMap<String, (Version, Option<Tier>)>;

/// The tiers that have been checked so far.
#[derive(Clone)]
pub struct Tiers {
    checked: Arc<Mutex<CheckedTiers>>,
    queue: Sender<(Version, Arc<WidgetFolder>)>,
}

impl Tiers {
    /// Starts the thread that checks widgets.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start() -> std::io::Result<Self> {
        let (queue, folders) = channel::<(Version, Arc<WidgetFolder>)>();
        let tiers = Tiers { checked: Arc::default(), queue };
        let checked = Arc::clone(&tiers.checked);
        std::thread::Builder::new().name("tiers".to_owned()).spawn(move || {
            let icons = Icon::ALL.map(Icon::id);
            // Ends when the last `Tiers` is dropped.
            for (version, folder) in folders {
                let checker = Checker {
                    icons: Some(&icons),
                    today: Some(Zoned::now().date()),
                    stored_views: folder.files.keys().any(|file| file.starts_with("views/")),
                };
                let tier = checker.check(&folder).tier;
                // The widget may have changed meanwhile; its new version is then in the queue.
                if let Some((read, checked)) = lock(&checked).get_mut(&folder.id)
                    && *read == version
                {
                    *checked = tier;
                }
            }
        })?;
        Ok(tiers)
    }

    /// The tier of a widget; `None` when it reaches none or is not checked yet. Gold becomes silver
    /// once its proof has expired.
    pub fn of(&self, entry: &Entry) -> Option<Tier> {
        let tier = match &entry.check_status {
            CheckStatus::Embedded(tier) => *tier,
            CheckStatus::Unchecked(folder) => self.checked_tier(entry.version, folder),
        }?;
        let today = Zoned::now().date();
        let is_proven = || entry.proven.is_some_and(|day| proof_holds(day, today).is_ok());
        let holds = tier < Tier::Gold || is_proven();
        Some(if holds { tier } else { Tier::Silver })
    }

    /// The checked tier of this version of a folder; a new version is put in the queue.
    fn checked_tier(&self, version: Version, folder: &Arc<WidgetFolder>) -> Option<Tier> {
        let mut checked = lock(&self.checked);
        match checked.get(&folder.id) {
            Some((read, tier)) if *read == version => *tier,
            _ => {
                checked.insert(folder.id.clone(), (version, None));
                // Fails only when the thread has ended; the widget then has no tier.
                let _ = self.queue.send((version, Arc::clone(folder)));
                None
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use voordeur_engine::{Catalogue, SampleFolder};

    use super::*;

    #[test]
    fn embedded_tiers_are_stored_and_folders_are_checked() {
        let tiers = Tiers::start().expect("a thread");
        let (catalogue, _) = Catalogue::embedded();
        for entry in catalogue.entries() {
            let id = &entry.widget.manifest().id;
            assert!(tiers.of(entry) >= Some(Tier::Bronze), "{id} has no tier");
        }

        let id = "government-news-netherlands";
        let path =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("widgets/catalogue").join(id);
        let manifest = std::fs::read_to_string(path.join("widget.toml")).expect("a manifest");
        let mut samples = BTreeMap::new();
        for file in std::fs::read_dir(path.join("samples")).expect("samples") {
            let file = file.expect("a file");
            let name = file.file_name().to_string_lossy().into_owned();
            samples.insert(name, std::fs::read(file.path()).expect("a sample"));
        }
        let mut files: BTreeMap<_, _> = samples
            .iter()
            .map(|(name, bytes)| (format!("samples/{name}"), bytes.clone()))
            .collect();
        files.insert("widget.toml".to_owned(), manifest.clone().into_bytes());
        let read = |files| {
            let folder = Arc::new(WidgetFolder { id: id.to_owned(), files });
            let samples = SampleFolder(samples.clone());
            Entry::read(id, &manifest, &samples, CheckStatus::Unchecked(folder)).expect("a widget")
        };
        let entry = read(files);
        assert_eq!(tiers.of(&entry), None, "the check is not synchronous");
        let started = Instant::now();
        while tiers.of(&entry).is_none() {
            assert!(started.elapsed() < Duration::from_secs(60), "the check did not finish");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(tiers.of(&entry) >= Some(Tier::Bronze));
    }
}
