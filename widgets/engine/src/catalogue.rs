//! The catalogue: the embedded widgets, and those added at run time.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use jiff::civil::Date;
use voordeur_widget_api::{Limits, Widget};

use crate::conformance::{self, Proof, Tier};
use crate::manifest::{ManifestError, ManifestErrors, ManifestWidget, SampleFiles};

/// Maximum length in characters: ids are part of URLs and form fields.
const MAX_ID_LENGTH: usize = 40;

/// An embedded folder of the catalogue.
pub struct EmbeddedPackage {
    pub id: &'static str,
    /// Content of `widget.toml`.
    pub manifest: &'static str,
    /// Content of the file `tier`: the tier reached, kept correct by a test.
    pub tier: &'static str,
    /// Content of the record of live data; empty when there is none.
    pub proof: &'static [u8],
    /// Files below `samples/`, by relative path.
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

include!(concat!(env!("OUT_DIR"), "/packages.rs"));

/// Whether `name` is a valid widget id: 1 to 40 lower-case ASCII letters, digits and hyphens.
pub fn is_widget_id(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.len() <= MAX_ID_LENGTH && name.chars().all(fits)
}

/// Hash of a widget's manifest and samples. Equal content has an equal version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(u64);

/// A widget of the catalogue, as read from its folder.
#[derive(Clone)]
pub struct Entry {
    /// The widget itself.
    pub widget: Arc<dyn Widget>,
    /// Hash of the folder's content.
    pub version: Version,
    /// Result of the conformance check, or what is needed to run it.
    pub check_status: CheckStatus,
    /// The day on which this very manifest last showed live data.
    pub proven: Option<Date>,
}

/// Whether the conformance check of a widget has run.
#[derive(Clone)]
pub enum CheckStatus {
    /// Checked at build time: the tier reached, if any. A test keeps it correct.
    Embedded(Option<Tier>),
    /// Not checked yet: the folder to check.
    Unchecked(Arc<conformance::WidgetFolder>),
}

impl Entry {
    /// Reads a widget from its manifest and the `files` of its `samples/` folder.
    ///
    /// # Errors
    /// Every error of the id or the manifest.
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
        Ok(Entry { widget: Arc::new(widget), version, check_status, proven: None })
    }

    /// The entry with its record of live data, if that is about its manifest.
    #[must_use]
    pub fn with_proof(self, proof: Option<&[u8]>, manifest: &str) -> Self {
        Entry { proven: Proof::day_of(proof, manifest).ok(), ..self }
    }
}

/// Hashes the files as they are read.
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

/// All widgets, by id.
#[derive(Clone, Default)]
pub struct Catalogue {
    entries: BTreeMap<String, Entry>,
}

/// An embedded folder whose manifest has errors.
#[derive(Debug, thiserror::Error)]
#[error("widgets/catalogue/{id}/widget.toml:\n{error}")]
pub struct CatalogueError {
    /// Name of the folder.
    pub id: String,
    /// Errors of its manifest.
    pub error: ManifestErrors,
}

impl ManifestWidget {
    /// The widget of an embedded folder; `None` when there is no such folder.
    ///
    /// # Errors
    /// Errors of its manifest.
    pub fn embedded(id: &str) -> Option<Result<Self, ManifestErrors>> {
        let package = PACKAGES.iter().find(|package| package.id == id)?;
        Some(ManifestWidget::read_folder(package.id, package.manifest, package))
    }
}

impl Catalogue {
    /// The embedded widgets, and the embedded folders that could not be read.
    pub fn embedded() -> (Self, Vec<CatalogueError>) {
        let mut catalogue = Catalogue::default();
        let mut errors = Vec::new();
        for package in PACKAGES {
            let check_status = CheckStatus::Embedded(package.tier.trim().parse().ok());
            match Entry::read(package.id, package.manifest, package, check_status) {
                Ok(entry) => {
                    catalogue.put(entry.with_proof(Some(package.proof), package.manifest));
                }
                Err(error) => {
                    errors.push(CatalogueError { id: package.id.to_owned(), error });
                }
            }
        }
        (catalogue, errors)
    }

    /// Inserts a widget; replaces the one with the same id.
    pub fn put(&mut self, entry: Entry) {
        self.entries.insert(entry.widget.manifest().id.clone(), entry);
    }

    /// The widget with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<dyn Widget>> {
        self.entries.get(id).map(|entry| &entry.widget)
    }

    /// The entry of the widget with this id.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        self.entries.get(id)
    }

    /// All entries, sorted by id.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Rate limits of a host: the strictest of all widgets that name it.
    pub fn limits_of(&self, host: &str) -> Limits {
        let manifests = self.all().map(|widget| widget.manifest());
        let naming = manifests.filter(|manifest| manifest.hosts.iter().any(|named| named == host));
        naming.fold(Limits::default(), |limits, manifest| limits.strictest(manifest.limits))
    }

    /// All widgets, sorted by id.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn Widget>> {
        self.entries.values().map(|entry| &entry.widget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SampleFolder;

    #[test]
    fn an_id_is_short_lower_case_ascii() {
        for good in ["a", "bank-holidays", "2-weeks"] {
            assert!(is_widget_id(good), "{good}");
        }
        for bad in ["", "..", "a/b", "A", "é", "a b", "a.b", &"a".repeat(41)] {
            assert!(!is_widget_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_host_gets_the_strictest_limits_of_its_widgets() {
        let package = PACKAGES.iter().find(|package| package.id == "bank-holidays-uk");
        let package = package.expect("an embedded folder");
        let mut catalogue = Catalogue::default();
        let mut put = |id: &str, limits: &str| {
            let manifest = format!("limits = {limits}\n{}", package.manifest);
            let entry = Entry::read(id, &manifest, package, CheckStatus::Embedded(None));
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
