use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use voordeur_engine::{ManifestError, ManifestErrors, ManifestWidget};

use crate::cards::ZONE;
use crate::widget_folder::Folder;

/// A widget's folder, and the last widget that could be made of it.
pub struct Workspace {
    /// The folder.
    pub folder: Folder,
    /// The style sheet of cards; it may be absent.
    pub style_sheet: PathBuf,
    /// The zone in which times are told.
    pub zone: TimeZone,
    good: Mutex<Option<Good>>,
    /// The version of the folder, each time it is another.
    version: watch::Sender<String>,
}

/// A widget that could be read.
#[derive(Clone)]
pub struct Good {
    /// The widget.
    pub widget: Arc<ManifestWidget>,
    /// When it was read.
    pub read: Timestamp,
}

/// The folder as it is now.
pub struct Seen {
    /// Its version: another one after every save.
    pub version: String,
    /// The text of the manifest as it is saved, also when it cannot be read.
    pub manifest: String,
    /// What is wrong with the manifest, in the order of its lines.
    pub problems: Vec<ManifestError>,
    /// The last widget that could be read: this one, unless there is a problem.
    pub good: Option<Good>,
}

impl Workspace {
    /// Opens a folder.
    ///
    /// # Errors
    /// When the zone is not in the bundled database, which would be a mistake in how this was built.
    pub fn open(folder: Folder, style_sheet: PathBuf) -> Result<Arc<Self>, String> {
        let zone = TimeZone::get(ZONE).map_err(|error| error.to_string())?;
        let version = watch::Sender::new(version_of(&folder.path));
        let bench = Workspace { folder, style_sheet, zone, good: Mutex::new(None), version };
        bench.look();
        Ok(Arc::new(bench))
    }

    /// Reads the folder.
    pub fn look(&self) -> Seen {
        // The version first: what is saved while the rest is read makes another one.
        let version = version_of(&self.folder.path);
        let (manifest, made) = match self.folder.manifest() {
            Ok(manifest) => {
                let made = self.folder.widget(&manifest);
                (manifest, made)
            }
            Err(problem) => {
                let problem = ManifestError::new("widget.toml", problem);
                (String::new(), Err(ManifestErrors::sorted(vec![problem])))
            }
        };
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        let problems = match made {
            Ok(widget) => {
                *good = Some(Good { widget: Arc::new(widget), read: Timestamp::now() });
                Vec::new()
            }
            Err(problems) => problems.0,
        };
        Seen { version, manifest, problems, good: good.clone() }
    }

    /// Looks at the folder again and again, for those who wait for a change.
    pub async fn watch(self: Arc<Self>, every: Duration) {
        let mut interval = tokio::time::interval(every);
        loop {
            interval.tick().await;
            let version = version_of(&self.folder.path);
            if *self.version.borrow() != version {
                // Also when no browser looks: the last good one may be broken by the next save.
                self.look();
                self.version.send_replace(version);
            }
        }
    }

    /// Waits until the version is another than `known`, at most so long, and gives it.
    pub async fn changed(&self, known: &str, at_most: Duration) -> String {
        let mut versions = self.version.subscribe();
        let other = versions.wait_for(|version| version != known);
        match tokio::time::timeout(at_most, other).await {
            Ok(Ok(version)) => version.clone(),
            _ => self.version.borrow().clone(),
        }
    }
}

/// The names, sizes and times of the manifest and the samples, as one short text.
fn version_of(folder: &Path) -> String {
    let mut files = vec![folder.join("widget.toml")];
    if let Ok(samples) = fs::read_dir(folder.join("samples")) {
        files.extend(samples.flatten().map(|entry| entry.path()));
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let about = fs::metadata(&file).ok();
        let told = about.map(|about| (about.len(), about.modified().ok()));
        (file, told).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::Widget;

    use super::*;
    use crate::widget_folder::CATALOGUE;

    /// A folder of its own with a copy of a widget; it is removed when the test ends.
    struct Copy(PathBuf);

    impl Copy {
        fn of(id: &str, name: &str) -> Self {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE).join(id);
            let root = std::env::temp_dir();
            let root = root.join(format!("voordeur-bench-{name}-{}", std::process::id()));
            let samples = root.join(id).join("samples");
            fs::create_dir_all(&samples).expect("a folder");
            fs::copy(from.join("widget.toml"), root.join(id).join("widget.toml")).expect("copied");
            for sample in fs::read_dir(from.join("samples")).expect("samples").flatten() {
                fs::copy(sample.path(), samples.join(sample.file_name())).expect("copied");
            }
            Copy(root)
        }
    }

    impl Drop for Copy {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn the_last_good_widget_stays_while_the_manifest_cannot_be_read() {
        let copy = Copy::of("holidays", "good");
        let folder = Folder::find("holidays", &copy.0).expect("a folder");
        let manifest = folder.path.join("widget.toml");
        let bench = Workspace::open(folder, PathBuf::new()).expect("a bench");
        let first = bench.look();
        assert!(first.problems.is_empty() && first.good.is_some());

        let good = fs::read_to_string(&manifest).expect("a manifest");
        let waits = tokio::spawn(Arc::clone(&bench).watch(Duration::from_millis(20)));
        fs::write(&manifest, good.replace("pace = ", "pace = 3 # ")).expect("written");
        let changed = bench.changed(&first.version, Duration::from_secs(5)).await;
        assert_ne!(changed, first.version);
        let broken = bench.look();
        assert_eq!(broken.version, changed);
        assert!(broken.problems.iter().any(|problem| problem.line.is_some()));
        let kept = broken.good.map(|kept| kept.widget.manifest().pace);
        assert_eq!(kept, first.good.map(|good| good.widget.manifest().pace));

        fs::write(&manifest, &good).expect("written");
        bench.changed(&changed, Duration::from_secs(5)).await;
        assert!(bench.look().problems.is_empty());
        waits.abort();
    }

    #[test]
    fn a_saved_sample_makes_another_version() {
        let copy = Copy::of("holidays", "version");
        let folder = copy.0.join("holidays");
        let before = version_of(&folder);
        assert_eq!(version_of(&folder), before);
        fs::write(folder.join("samples/new.json"), "{}").expect("written");
        assert_ne!(version_of(&folder), before);
    }
}
