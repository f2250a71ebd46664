use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use voordeur_widget_api::{Limits, Widget};

use crate::conformance::{self, Tier};
use crate::manifest::{ManifestError, ManifestErrors, ManifestWidget, SampleFiles};

/// In characters; ids stand in addresses and forms.
const LONGEST_ID: usize = 40;

/// One embedded folder of the catalogue.
pub struct Folder {
    /// The folder's name.
    pub id: &'static str,
    /// The text of its `widget.toml`.
    pub manifest: &'static str,
    /// What its file `tier` says: the tier that it reaches, as a test holds true.
    pub tier: &'static str,
    /// The files of its `samples/`, by name.
    pub samples: &'static [(&'static str, &'static [u8])],
}

impl SampleFiles for Folder {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        let file = self.samples.iter().find(|(file, _)| *file == name);
        file.map(|(_, bytes)| bytes.to_vec())
    }

    fn names(&self) -> Vec<String> {
        self.samples.iter().map(|(name, _)| (*name).to_owned()).collect()
    }
}

include!(concat!(env!("OUT_DIR"), "/folders.rs"));

/// Whether a name can be the id of a widget: lower-case letters, digits and hyphens, at most 40.
pub fn is_id(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= LONGEST_ID && name.chars().all(fits)
}

/// Tells one reading of a folder from another: the same manifest and samples have the same version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(u64);

/// A widget of the catalogue, as its folder was when it was read.
#[derive(Clone)]
pub struct Entry {
    /// The widget.
    pub widget: Arc<dyn Widget>,
    /// Which reading of its folder it is.
    pub version: Version,
    /// How well it was checked.
    pub checked: Checked,
}

/// How well a widget was checked.
#[derive(Clone)]
pub enum Checked {
    /// When this was built: the tier that it reaches, if any. A test holds it true.
    Embedded(Option<Tier>),
    /// Not yet: this is its folder.
    Not(Arc<conformance::Folder>),
}

impl Entry {
    /// Makes a widget of its folder, wherever that stands. `files` are those in `samples/`.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(
        id: &str,
        manifest: &str,
        files: &impl SampleFiles,
        checked: Checked,
    ) -> Result<Self, ManifestErrors> {
        if !is_id(id) {
            let what = format!(
                "`{id}` is no id: it must be lower-case letters, digits and hyphens, at most {LONGEST_ID}"
            );
            let problem = ManifestError::new("the name of the folder", what);
            return Err(ManifestErrors::sorted(vec![problem]));
        }
        let files = Hashed { files, hasher: RefCell::default() };
        manifest.hash(&mut *files.hasher.borrow_mut());
        let widget = ManifestWidget::read_folder(id, manifest, &files)?;
        let version = Version(files.hasher.into_inner().finish());
        Ok(Entry { widget: Arc::new(widget), version, checked })
    }
}

/// Files whose bytes are taken into account as they are read.
struct Hashed<'a, F> {
    files: &'a F,
    hasher: RefCell<DefaultHasher>,
}

impl<F: SampleFiles> SampleFiles for Hashed<'_, F> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        let bytes = self.files.file(name)?;
        (name, &bytes).hash(&mut *self.hasher.borrow_mut());
        Some(bytes)
    }

    fn names(&self) -> Vec<String> {
        self.files.names()
    }
}

/// All widgets, to choose from.
#[derive(Clone, Default)]
pub struct Catalogue {
    entries: BTreeMap<String, Entry>,
}

/// An embedded folder of the catalogue that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("widgets/catalogue/{id}/widget.toml:\n{problem}")]
pub struct CatalogueError {
    /// The folder.
    pub id: String,
    /// What is wrong with it.
    pub problem: ManifestErrors,
}

impl ManifestWidget {
    /// The widget of an embedded folder; `None` when there is no such folder.
    ///
    /// # Errors
    /// What is wrong with its manifest.
    pub fn embedded(id: &str) -> Option<Result<Self, ManifestErrors>> {
        let folder = FOLDERS.iter().find(|folder| folder.id == id)?;
        Some(ManifestWidget::read_folder(folder.id, folder.manifest, folder))
    }
}

impl Catalogue {
    /// The widgets that were embedded when this was built, and the folders that could not be used.
    pub fn embedded() -> (Self, Vec<CatalogueError>) {
        let mut catalogue = Catalogue::default();
        let mut problems = Vec::new();
        for folder in FOLDERS {
            let checked = Checked::Embedded(folder.tier.trim().parse().ok());
            match Entry::read(folder.id, folder.manifest, folder, checked) {
                Ok(entry) => catalogue.put(entry),
                Err(problem) => {
                    problems.push(CatalogueError { id: folder.id.to_owned(), problem });
                }
            }
        }
        (catalogue, problems)
    }

    /// Puts a widget into the catalogue, in the place of the one with its id when there is one.
    pub fn put(&mut self, entry: Entry) {
        self.entries.insert(entry.widget.manifest().id.clone(), entry);
    }

    /// The widget with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<dyn Widget>> {
        self.entries.get(id).map(|entry| &entry.widget)
    }

    /// The widget with this id, and which reading of its folder it is.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// All widgets with what was checked of them, by id.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// How much a host is asked at most: the gentlest of what the widgets say that name it.
    pub fn limits_of(&self, host: &str) -> Limits {
        let manifests = self.all().map(|widget| widget.manifest());
        let naming = manifests.filter(|manifest| manifest.hosts.iter().any(|named| named == host));
        naming.fold(Limits::default(), |limits, manifest| limits.strictest(manifest.limits))
    }

    /// All widgets, by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Widget>> {
        self.entries.values().map(|entry| &entry.widget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SampleFolder;

    #[test]
    fn an_id_is_short_and_plain() {
        for good in ["a", "bank-holidays", "2-weeks"] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "..", "a/b", "A", "é", "a b", "a.b", &"a".repeat(41)] {
            assert!(!is_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_host_is_asked_as_the_gentlest_of_its_widgets_says() {
        let folder = FOLDERS.iter().find(|folder| folder.id == "bank-holidays-uk");
        let folder = folder.expect("an embedded folder");
        let mut catalogue = Catalogue::default();
        let mut put = |id: &str, limits: &str| {
            let manifest = format!("limits = {limits}\n{}", folder.manifest);
            let entry = Entry::read(id, &manifest, folder, Checked::Embedded(None));
            catalogue.put(entry.expect("a widget"));
            catalogue.limits_of("www.gov.uk")
        };
        let limits = |per_second, burst, concurrent| Limits { per_second, burst, concurrent };
        assert_eq!(put("a", "{ per_second = 3, burst = 9 }"), limits(Some(3.0), Some(9), None));
        assert_eq!(put("b", "{ burst = 5 }"), limits(Some(3.0), Some(5), None));
        assert_eq!(
            put("c", "{ per_second = 0.5, burst = 20, at_once = 2 }"),
            limits(Some(0.5), Some(5), Some(2))
        );
        assert_eq!(put("c", "{}"), limits(Some(3.0), Some(5), None));
        assert_eq!(catalogue.limits_of("example.org"), Limits::default());
        let (embedded, _) = Catalogue::embedded();
        assert_eq!(embedded.limits_of("api.irail.be"), limits(Some(3.0), Some(5), None));
    }

    #[test]
    fn a_version_follows_manifest_and_samples() {
        let folder = FOLDERS.first().expect("a folder");
        let version = |manifest: &str, more: &[u8]| {
            let file = |(name, bytes): &(&str, &[u8])| ((*name).to_owned(), [bytes, more].concat());
            let files = SampleFolder(folder.samples.iter().map(file).collect());
            Entry::read(folder.id, manifest, &files, Checked::Embedded(None))
                .expect("a widget")
                .version
        };
        let first = version(folder.manifest, b"");
        assert_eq!(version(folder.manifest, b""), first);
        assert_ne!(version(folder.manifest, b" "), first);
        assert_ne!(version(&format!("{}\n", folder.manifest), b""), first);
    }
}
