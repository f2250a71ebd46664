//! A widget in its folder, or embedded.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use voordeur_engine::{
    ManifestError, ManifestErrors, ManifestWidget, SampleFolder, is_id, line_of,
};

/// Where widgets are looked for when nobody says where.
pub const CATALOGUE: &str = "widgets/catalogue";
/// No sample larger than this is read, as no answer of a service is.
const LARGEST_SAMPLE: u64 = 16_000_000;

/// The folder of a widget.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The widget's id, which is the folder's name.
    pub id: String,
    /// Where it is.
    pub path: PathBuf,
}

impl Folder {
    /// The folder of a widget among others. Its manifest need not be good, but must be there.
    ///
    /// # Errors
    /// In one line, when there is none.
    pub fn find(id: &str, widgets: &Path) -> Result<Self, String> {
        let path = widgets.join(id);
        if is_id(id) && path.join("widget.toml").is_file() {
            return Ok(Folder { id: id.to_owned(), path });
        }
        Err(format!("NAME `{id}`: there is no {}", path.join("widget.toml").display()))
    }

    /// The text of its manifest.
    ///
    /// # Errors
    /// Of the file system, with the path.
    pub fn manifest(&self) -> Result<String, String> {
        let path = self.path.join("widget.toml");
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The widget that a manifest and the samples in this folder make.
    ///
    /// # Errors
    /// Everything that is wrong with the manifest, with its line where that can be told.
    pub fn widget(&self, manifest: &str) -> Result<ManifestWidget, ManifestErrors> {
        ManifestWidget::read_folder(&self.id, manifest, &self.samples()).map_err(|problems| {
            let problems = problems.0.into_iter().map(|problem| with_line(problem, manifest));
            ManifestErrors::sorted(problems.collect())
        })
    }

    /// The files in `samples/`, and in the folders of samples there.
    fn samples(&self) -> SampleFolder {
        let mut files = BTreeMap::new();
        read_into(&mut files, &self.path.join("samples"), "", true);
        SampleFolder(files)
    }
}

/// Reads the files of a folder, named by their path behind `before`. What cannot be read is missed by the manifest that names it.
fn read_into(files: &mut BTreeMap<String, Vec<u8>>, folder: &Path, before: &str, deeper: bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let name = format!("{before}{name}");
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() && deeper => {
                read_into(files, &path, &format!("{name}/"), false);
            }
            Ok(about) if about.is_file() && about.len() <= LARGEST_SAMPLE => {
                files.extend(fs::read(&path).ok().map(|bytes| (name, bytes)));
            }
            _ => {}
        }
    }
}

fn with_line(problem: ManifestError, manifest: &str) -> ManifestError {
    let line = problem.line.or_else(|| line_of(manifest, &problem.key));
    ManifestError { line, ..problem }
}

/// A widget that is ready to be used, and where it was found.
pub struct FoundWidget {
    /// The widget.
    pub widget: ManifestWidget,
    /// The text of its manifest, and where that stands; nothing when it is embedded.
    pub manifest: Option<(PathBuf, String)>,
}

/// Why there is no widget.
#[derive(Debug)]
pub enum WidgetLookupError {
    /// No folder and nothing embedded has this name.
    Unknown(String),
    /// Its manifest cannot be read.
    Unreadable(String),
}

/// The widget with this id: in `widgets` when that is said, else in the catalogue's folder when it is there, else embedded.
pub fn find(id: &str, widgets: Option<&Path>) -> Result<FoundWidget, WidgetLookupError> {
    let folder = Folder::find(id, widgets.unwrap_or(Path::new(CATALOGUE)));
    let unknown = match folder {
        Ok(folder) => {
            let manifest = folder.manifest().map_err(WidgetLookupError::Unreadable)?;
            let path = folder.path.join("widget.toml");
            let widget = folder.widget(&manifest).map_err(|problem| {
                WidgetLookupError::Unreadable(format!("{}: {problem}", path.display()))
            })?;
            return Ok(FoundWidget { widget, manifest: Some((path, manifest)) });
        }
        Err(unknown) => unknown,
    };
    if widgets.is_some() {
        return Err(WidgetLookupError::Unknown(unknown));
    }
    match ManifestWidget::embedded(id) {
        Some(Ok(widget)) => Ok(FoundWidget { widget, manifest: None }),
        Some(Err(problem)) => {
            Err(WidgetLookupError::Unreadable(format!("the embedded `{id}`: {problem}")))
        }
        None => Err(WidgetLookupError::Unknown(format!(
            "{unknown}, and no embedded widget has this name"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_widget_is_found_in_its_folder_or_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE);
        let found = find("holidays", Some(&root)).map(|found| found.manifest.is_some());
        assert!(found.is_ok_and(|in_folder| in_folder));
        assert!(matches!(
            find("../catalogue/holidays", Some(&root)),
            Err(WidgetLookupError::Unknown(_))
        ));
        assert!(matches!(find("no-such", None), Err(WidgetLookupError::Unknown(_))));
        assert!(ManifestWidget::embedded("holidays").is_some_and(|widget| widget.is_ok()));
    }

    #[test]
    fn a_sample_outside_of_its_folder_is_not_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE);
        let folder = Folder::find("holidays", &root).expect("a folder");
        assert!(folder.samples().0.keys().all(|name| !name.contains("..")));
        let problems = folder.widget("name = 1").err().expect("no manifest");
        assert!(problems.0.iter().any(|problem| problem.line == Some(1)));
    }
}
