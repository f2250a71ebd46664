//! Which tier of quality each widget reaches.
//!
//! The tiers of embedded widgets stand in their folders, and a test holds them true, so that a start costs nothing. A folder that is read
//! while the server runs is not believed: it is examined, by one thread, once for each content and when somebody first asks, and has no
//! tier until that is done.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Zoned;
use voordeur_engine::conformance::{Checker, Tier, WidgetFolder, proof_holds};
use voordeur_engine::{CheckStatus, Entry, Version};

use crate::icons::Icon;

/// By the widget's id: which reading of its folder was examined last, or waits for it.
type CachedResponse = BTreeMap<String, (Version, Option<Tier>)>;

/// The tiers that are known so far.
#[derive(Clone)]
pub struct Tiers {
    known: Arc<Mutex<CachedResponse>>,
    examine: Sender<(Version, Arc<WidgetFolder>)>,
}

impl Tiers {
    /// Waits for widgets that are to be examined.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn open() -> std::io::Result<Self> {
        let (examine, folders) = channel::<(Version, Arc<WidgetFolder>)>();
        let tiers = Tiers { known: Arc::default(), examine };
        let known = Arc::clone(&tiers.known);
        std::thread::Builder::new().name("tiers".to_owned()).spawn(move || {
            let icons = Icon::ALL.map(Icon::id);
            // Ends with the last `Tiers`.
            for (version, folder) in folders {
                let checker = Checker {
                    icons: Some(&icons),
                    today: Some(Zoned::now().date()),
                    stored_views: folder.files.keys().any(|file| file.starts_with("views/")),
                };
                let tier = checker.check(&folder).tier;
                // It may have changed in the meantime: then the next in line is the one that counts.
                if let Some((read, known)) = lock(&known).get_mut(&folder.id)
                    && *read == version
                {
                    *known = tier;
                }
            }
        })?;
        Ok(tiers)
    }

    /// The tier of a widget; `None` when it reaches none, or was not examined yet. Gold is silver once its proof is too old.
    pub fn of(&self, entry: &Entry) -> Option<Tier> {
        let manifest = entry.widget.manifest();
        let tier = match &entry.check_status {
            CheckStatus::Embedded(tier) => *tier,
            CheckStatus::Unchecked(folder) => self.examined(entry.version, folder),
        }?;
        let holds = tier < Tier::Gold || proof_holds(manifest, Zoned::now().date());
        Some(if holds { tier } else { Tier::Silver })
    }

    /// What was found in this reading of a folder; when it is new, it is handed to the thread.
    fn examined(&self, version: Version, folder: &Arc<WidgetFolder>) -> Option<Tier> {
        let mut known = lock(&self.known);
        match known.get(&folder.id) {
            Some((read, tier)) if *read == version => *tier,
            _ => {
                known.insert(folder.id.clone(), (version, None));
                // Fails only when the thread has ended; then the widget has no tier.
                let _ = self.examine.send((version, Arc::clone(folder)));
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
    fn embedded_tiers_are_known_and_read_folders_are_examined() {
        let tiers = Tiers::open().expect("a thread");
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
        assert_eq!(tiers.of(&entry), None, "it takes its time");
        let begun = Instant::now();
        while tiers.of(&entry).is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it is not examined");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(tiers.of(&entry) >= Some(Tier::Bronze));
    }
}
