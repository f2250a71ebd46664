//! The folder of a widget that an author works on, and the last version of it without errors.

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

/// A widget's folder, and the last widget that was read from it without errors.
pub struct Workspace {
    pub folder: Folder,
    /// The file of the style sheet of cards; it may be absent.
    pub style_sheet: PathBuf,
    /// The time zone of all times on the page.
    pub zone: TimeZone,
    last_good: Mutex<Option<ParsedWidget>>,
    /// The version of the folder, for all who wait for a change.
    version: watch::Sender<String>,
}

/// A widget that was read without errors.
#[derive(Clone)]
pub struct ParsedWidget {
    pub widget: Arc<ManifestWidget>,
    pub read: Timestamp,
}

/// The state of the folder at one moment.
pub struct Snapshot {
    /// The version of the folder, which every save changes.
    pub version: String,
    /// The text of the manifest, also when it has errors.
    pub manifest: String,
    /// The errors of the manifest, in the order of its lines.
    pub errors: Vec<ManifestError>,
    /// The last widget without errors: that of this manifest, unless it has errors.
    pub widget: Option<ParsedWidget>,
}

impl Workspace {
    /// Opens a folder.
    ///
    /// # Errors
    /// When the zone is not in the bundled database, which would be a mistake in how this was
    /// built.
    pub fn open(folder: Folder, style_sheet: PathBuf) -> Result<Arc<Self>, jiff::Error> {
        let zone = TimeZone::get(ZONE)?;
        let version = watch::Sender::new(folder_version(&folder.path));
        let workspace =
            Workspace { folder, style_sheet, zone, last_good: Mutex::new(None), version };
        workspace.read();
        Ok(Arc::new(workspace))
    }

    /// Reads the folder.
    pub fn read(&self) -> Snapshot {
        // The version first: a save while the rest is read changes it.
        let version = folder_version(&self.folder.path);
        let (manifest, parsed) = match self.folder.manifest() {
            Ok(manifest) => {
                let parsed = self.folder.widget(&manifest);
                (manifest, parsed)
            }
            Err(error) => {
                let error = ManifestError::new("widget.toml", error.to_string());
                (String::new(), Err(ManifestErrors::sorted(vec![error])))
            }
        };
        let mut last_good = self.last_good.lock().unwrap_or_else(PoisonError::into_inner);
        let errors = match parsed {
            Ok(widget) => {
                *last_good =
                    Some(ParsedWidget { widget: Arc::new(widget), read: Timestamp::now() });
                Vec::new()
            }
            Err(errors) => errors.0,
        };
        Snapshot { version, manifest, errors, widget: last_good.clone() }
    }

    /// Polls the folder, and announces each change of its version.
    pub async fn watch(self: Arc<Self>, period: Duration) {
        let mut interval = tokio::time::interval(period);
        loop {
            interval.tick().await;
            let version = folder_version(&self.folder.path);
            if *self.version.borrow() != version {
                // Without a browser too: the next save may break this version.
                self.read();
                self.version.send_replace(version);
            }
        }
    }

    /// Waits until the version is another than `known`, or until the timeout, and returns it.
    pub async fn changed(&self, known: &str, timeout: Duration) -> String {
        let mut versions = self.version.subscribe();
        let other = versions.wait_for(|version| version != known);
        match tokio::time::timeout(timeout, other).await {
            Ok(Ok(version)) => version.clone(),
            _ => self.version.borrow().clone(),
        }
    }
}

/// A hash of the names, sizes and modification times of the manifest and the samples.
fn folder_version(folder: &Path) -> String {
    let mut files = vec![folder.join("widget.toml")];
    if let Ok(samples) = fs::read_dir(folder.join("samples")) {
        files.extend(samples.flatten().map(|entry| entry.path()));
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        let metadata = fs::metadata(&file).ok();
        let state = metadata.map(|metadata| (metadata.len(), metadata.modified().ok()));
        (file, state).hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::Widget;

    use super::*;
    use crate::widget_folder::CATALOGUE;

    /// A temporary folder with a copy of a widget, removed when dropped.
    struct WidgetCopy(PathBuf);

    impl WidgetCopy {
        fn of(id: &str, name: &str) -> Self {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE).join(id);
            let root = std::env::temp_dir();
            let root = root.join(format!("voordeur-preview-{name}-{}", std::process::id()));
            let samples = root.join(id).join("samples");
            fs::create_dir_all(&samples).expect("a folder");
            fs::copy(from.join("widget.toml"), root.join(id).join("widget.toml")).expect("copied");
            for sample in fs::read_dir(from.join("samples")).expect("samples").flatten() {
                fs::copy(sample.path(), samples.join(sample.file_name())).expect("copied");
            }
            WidgetCopy(root)
        }
    }

    impl Drop for WidgetCopy {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[tokio::test]
    async fn the_last_good_widget_stays_while_the_manifest_has_errors() {
        let copy = WidgetCopy::of("holidays", "good");
        let folder = Folder::find("holidays", &copy.0).expect("a folder");
        let manifest = folder.path.join("widget.toml");
        let workspace = Workspace::open(folder, PathBuf::new()).expect("a workspace");
        let first = workspace.read();
        assert!(first.errors.is_empty() && first.widget.is_some());

        let text = fs::read_to_string(&manifest).expect("a manifest");
        let watcher = tokio::spawn(Arc::clone(&workspace).watch(Duration::from_millis(20)));
        fs::write(&manifest, text.replace("pace = ", "pace = 3 # ")).expect("written");
        let changed = workspace.changed(&first.version, Duration::from_secs(5)).await;
        assert_ne!(changed, first.version);
        let broken = workspace.read();
        assert_eq!(broken.version, changed);
        assert!(broken.errors.iter().any(|error| error.line.is_some()));
        let pace = |snapshot: Snapshot| Some(snapshot.widget?.widget.manifest().pace);
        assert_eq!(pace(broken), pace(first));

        fs::write(&manifest, &text).expect("written");
        workspace.changed(&changed, Duration::from_secs(5)).await;
        assert!(workspace.read().errors.is_empty());
        watcher.abort();
    }

    #[test]
    fn a_saved_sample_changes_the_version() {
        let copy = WidgetCopy::of("holidays", "version");
        let folder = copy.0.join("holidays");
        let before = folder_version(&folder);
        assert_eq!(folder_version(&folder), before);
        fs::write(folder.join("samples/new.json"), "{}").expect("written");
        assert_ne!(folder_version(&folder), before);
    }
}
