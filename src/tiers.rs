//! Which tier of quality each widget reaches.
//!
//! The tiers of embedded widgets stand in their folders, and a test holds them true, so that a start costs nothing. A folder that is read
//! while the server runs is not believed: it is examined, by one thread, once for each content, and has no tier until that is done.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Zoned;
use voordeur_contract::Manifest;
use voordeur_widgets::Catalogue;
use voordeur_widgets::conformance::{Folder, Kit, Tier, proof_holds};

use crate::icons::Icon;

/// The tiers that are known so far.
#[derive(Clone)]
pub struct Tiers {
    known: Arc<Mutex<BTreeMap<String, Known>>>,
    examine: Sender<Folder>,
}

/// What is known of a widget.
enum Known {
    /// It was examined when this was built.
    Embedded(Tier),
    /// It is as this folder was, and was examined or will be.
    Read(Folder, Option<Tier>),
}

impl Tiers {
    /// Knows the embedded widgets, and waits for others.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub fn open() -> std::io::Result<Self> {
        let embedded = Catalogue::embedded_tiers().into_iter();
        let known = embedded.map(|(id, tier)| (id.to_owned(), Known::Embedded(tier))).collect();
        let (examine, folders) = channel::<Folder>();
        let tiers = Tiers { known: Arc::new(Mutex::new(known)), examine };
        let known = Arc::clone(&tiers.known);
        std::thread::Builder::new().name("tiers".to_owned()).spawn(move || {
            let icons = Icon::ALL.map(Icon::id);
            // Ends with the last `Tiers`.
            for folder in folders {
                let kit = Kit {
                    icons: Some(&icons),
                    today: Some(Zoned::now().date()),
                    stored_views: folder.files.keys().any(|file| file.starts_with("views/")),
                };
                let tier = kit.check(&folder).tier;
                // It may have changed in the meantime: then the next in line is the one that counts.
                if let Some(Known::Read(read, known)) = lock(&known).get_mut(&folder.id)
                    && *read == folder
                {
                    *known = tier;
                }
            }
        })?;
        Ok(tiers)
    }

    /// Has a folder examined that was read while the server runs; nothing is done when it is the one that is known.
    pub fn examine(&self, folder: Folder) {
        let mut known = lock(&self.known);
        if matches!(known.get(&folder.id), Some(Known::Read(read, _)) if *read == folder) {
            return;
        }
        known.insert(folder.id.clone(), Known::Read(folder.clone(), None));
        // Fails only when the thread has ended; then the widget has no tier.
        let _ = self.examine.send(folder);
    }

    /// The tier of a widget; `None` when it reaches none, or was not examined yet. Gold is silver once its proof is too old.
    pub fn of(&self, manifest: &Manifest) -> Option<Tier> {
        let tier = match lock(&self.known).get(&manifest.id)? {
            Known::Embedded(tier) => *tier,
            Known::Read(_, tier) => (*tier)?,
        };
        let holds = tier < Tier::Gold || proof_holds(manifest, Zoned::now().date());
        Some(if holds { tier } else { Tier::Silver })
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn embedded_tiers_are_known_and_read_folders_are_examined() {
        let tiers = Tiers::open().expect("a thread");
        let (catalogue, _) = Catalogue::embedded();
        for widget in catalogue.all() {
            let manifest = widget.manifest();
            assert!(tiers.of(manifest) >= Some(Tier::Bronze), "{} has no tier", manifest.id);
        }

        let widget = catalogue.get("bank-holidays-uk").expect("a widget");
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("widgets/catalogue/bank-holidays-uk");
        let mut folder = Folder { id: "bank-holidays-uk".to_owned(), ..Folder::default() };
        let mut take = |name: &str| {
            folder.files.insert(name.to_owned(), std::fs::read(path.join(name)).expect("a file"));
        };
        take("widget.toml");
        for entry in std::fs::read_dir(path.join("samples")).expect("samples") {
            take(&format!("samples/{}", entry.expect("a file").file_name().to_string_lossy()));
        }
        let mut empty = folder.clone();
        empty.files.clear();
        tiers.examine(empty);
        assert_eq!(tiers.of(widget.manifest()), None);
        tiers.examine(folder);
        let begun = Instant::now();
        while tiers.of(widget.manifest()).is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it is not examined");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(tiers.of(widget.manifest()) >= Some(Tier::Bronze));
    }
}
