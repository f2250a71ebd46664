use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use voordeur_widget_api::{Limits, Widget};

use crate::conformance::{self, Tier};
use crate::manifest::{ManifestError, ManifestErrors, ManifestWidget, SampleFiles};

/// In characters; ids stand in addresses and forms.
const MAX_ID_LENGTH: usize = 40;

/// One embedded folder of the catalogue.
pub struct EmbeddedPackage {
    /// The folder's name.
    pub id: &'static str,
    /// The text of its `widget.toml`.
    pub manifest: &'static str,
    /// What its file `tier` says: the tier that it reaches, as a test holds true.
    pub tier: &'static str,
    /// The files of its `samples/`, by name.
    pub samples: &'static [(&'static str, &'static [u8])],
}

impl SampleFiles for EmbeddedPackage {
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
pub fn is_widget_id(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= MAX_ID_LENGTH && name.chars().all(fits)
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
    pub check_status: CheckStatus,
}

/// How well a widget was checked.
#[derive(Clone)]
pub enum CheckStatus {
    /// When this was built: the tier that it reaches, if any. A test holds it true.
    Embedded(Option<Tier>),
    /// Not yet: this is its folder.
    Unchecked(Arc<conformance::WidgetFolder>),
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
        check_status: CheckStatus,
    ) -> Result<Self, ManifestErrors> {
        if !is_widget_id(id) {
            let message = format!(
                "`{id}` is no id: it must be lower-case letters, digits and hyphens, at most {MAX_ID_LENGTH}"
            );
            let error = ManifestError::new("the name of the folder", message);
            return Err(ManifestErrors::sorted(vec![error]));
        }
        let files = HashingFiles { files, hasher: RefCell::default() };
        manifest.hash(&mut *files.hasher.borrow_mut());
        let widget = ManifestWidget::read_folder(id, manifest, &files)?;
        let version = Version(files.hasher.into_inner().finish());
        Ok(Entry { widget: Arc::new(widget), version, check_status })
    }
}

/// Files whose bytes are taken into account as they are read.
struct HashingFiles<'a, F> {
    files: &'a F,
    hasher: RefCell<DefaultHasher>,
}

impl<F: SampleFiles> SampleFiles for HashingFiles<'_, F> {
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
#[error("widgets/catalogue/{id}/widget.toml:\n{error}")]
pub struct CatalogueError {
    /// The folder.
    pub id: String,
    /// What is wrong with it.
    pub error: ManifestErrors,
}

impl ManifestWidget {
    /// The widget of an embedded folder; `None` when there is no such folder.
    ///
    /// # Errors
    /// What is wrong with its manifest.
    pub fn embedded(id: &str) -> Option<Result<Self, ManifestErrors>> {
        let package = PACKAGES.iter().find(|package| package.id == id)?;
        Some(ManifestWidget::read_folder(package.id, package.manifest, package))
    }
}

impl Catalogue {
    /// The widgets that were embedded when this was built, and the folders that could not be used.
    pub fn embedded() -> (Self, Vec<CatalogueError>) {
        let mut catalogue = Catalogue::default();
        let mut errors = Vec::new();
        for package in PACKAGES {
            let check_status = CheckStatus::Embedded(package.tier.trim().parse().ok());
            match Entry::read(package.id, package.manifest, package, check_status) {
                Ok(entry) => catalogue.put(entry),
                Err(error) => {
                    errors.push(CatalogueError { id: package.id.to_owned(), error });
                }
            }
        }
        (catalogue, errors)
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
        naming.fold(Limits::default(), |limits, manifest| limits.gentlest(manifest.limits))
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
            assert!(is_widget_id(good), "{good}");
        }
        for bad in ["", "..", "a/b", "A", "é", "a b", "a.b", &"a".repeat(41)] {
            assert!(!is_widget_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_host_is_asked_as_the_gentlest_of_its_widgets_says() {
        let package = PACKAGES.iter().find(|package| package.id == "bank-holidays-uk");
        let package = package.expect("an embedded folder");
        let mut catalogue = Catalogue::default();
        let mut put = |id: &str, limits: &str| {
            let manifest = format!("limits = {limits}\n{}", package.manifest);
            let entry = Entry::read(id, &manifest, package, CheckStatus::Embedded(None));
            catalogue.put(entry.expect("a widget"));
            catalogue.limits_of("www.gov.uk")
        };
        let limits = |per_second, burst, at_once| Limits { per_second, burst, at_once };
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
        let package = PACKAGES.first().expect("a folder");
        let version = |manifest: &str, more: &[u8]| {
            let file = |(name, bytes): &(&str, &[u8])| ((*name).to_owned(), [bytes, more].concat());
            let files = SampleFolder(package.samples.iter().map(file).collect());
            Entry::read(package.id, manifest, &files, CheckStatus::Embedded(None))
                .expect("a widget")
                .version
        };
        let first = version(package.manifest, b"");
        assert_eq!(version(package.manifest, b""), first);
        assert_ne!(version(package.manifest, b" "), first);
        assert_ne!(version(&format!("{}\n", package.manifest), b""), first);
    }
}
