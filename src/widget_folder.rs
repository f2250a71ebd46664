//! Loads a widget from its folder, or an embedded one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use voordeur_engine::{
    MAX_SAMPLE_BYTES, ManifestError, ManifestErrors, ManifestWidget, SampleFolder, is_widget_id,
    line_of,
};

/// The default of `--widgets`.
pub const CATALOGUE: &str = "widgets/catalogue";
const MANIFEST: &str = "widget.toml";

/// The folder of a widget.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The id of the widget, which is the name of the folder.
    pub id: String,
    pub path: PathBuf,
}

impl Folder {
    /// The folder of a widget in a folder of widgets. It must have a manifest, perhaps with errors.
    ///
    /// # Errors
    /// [`WidgetLookupError::NoFolder`] when there is no manifest.
    pub fn find(id: &str, widgets: &Path) -> Result<Self, WidgetLookupError> {
        let path = widgets.join(id);
        let manifest = path.join(MANIFEST);
        if is_widget_id(id) && manifest.is_file() {
            return Ok(Folder { id: id.to_owned(), path });
        }
        Err(WidgetLookupError::NoFolder { id: id.to_owned(), path: manifest })
    }

    /// The text of the manifest.
    ///
    /// # Errors
    /// [`WidgetLookupError::File`] when the file cannot be read.
    pub fn manifest(&self) -> Result<String, WidgetLookupError> {
        let path = self.path.join(MANIFEST);
        fs::read_to_string(&path).map_err(|source| WidgetLookupError::File { path, source })
    }

    /// The widget of a manifest and the samples in this folder.
    ///
    /// # Errors
    /// All errors of the manifest, with their lines where known.
    pub fn widget(&self, manifest: &str) -> Result<ManifestWidget, ManifestErrors> {
        ManifestWidget::read_folder(&self.id, manifest, &self.samples()).map_err(|errors| {
            let errors = errors.0.into_iter().map(|error| with_line(error, manifest));
            ManifestErrors::sorted(errors.collect())
        })
    }

    /// The files in `samples/`, and in the folders of samples there.
    fn samples(&self) -> SampleFolder {
        let mut files = BTreeMap::new();
        read_into(&mut files, &self.path.join("samples"), "", true);
        SampleFolder(files)
    }
}

/// Reads the files of a folder, with `before` in front of their names. A file that cannot be read
/// is absent for the manifest that names it.
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
            Ok(about) if about.is_file() && about.len() <= MAX_SAMPLE_BYTES as u64 => {
                files.extend(fs::read(&path).ok().map(|bytes| (name, bytes)));
            }
            _ => {}
        }
    }
}

fn with_line(error: ManifestError, manifest: &str) -> ManifestError {
    let line = error.line.or_else(|| line_of(manifest, &error.key));
    ManifestError { line, ..error }
}

/// A widget, and where it was found.
pub struct LoadedWidget {
    pub widget: ManifestWidget,
    /// The text of its manifest; none when the widget is embedded.
    pub manifest: Option<String>,
}

/// Why a widget cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum WidgetLookupError {
    /// There is no folder of this name.
    #[error("NAME `{id}`: there is no {}", .path.display())]
    NoFolder { id: String, path: PathBuf },
    /// There is neither a folder nor an embedded widget of this name.
    #[error(
        "NAME `{id}`: there is no {}, and no embedded widget has this name",
        .path.display()
    )]
    Unknown { id: String, path: PathBuf },
    /// The file of the manifest cannot be read.
    #[error("{}: {source}", .path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// The manifest has errors.
    #[error("{place}: {source}")]
    Manifest { place: String, source: ManifestErrors },
}

/// Loads the widget with this id: from `widgets` when that is given, else from the folder of the
/// catalogue when it is there, else the embedded one.
pub fn load(id: &str, widgets: Option<&Path>) -> Result<LoadedWidget, WidgetLookupError> {
    let path = match Folder::find(id, widgets.unwrap_or(Path::new(CATALOGUE))) {
        Ok(folder) => {
            let manifest = folder.manifest()?;
            let place = || folder.path.join(MANIFEST).display().to_string();
            let widget = folder
                .widget(&manifest)
                .map_err(|source| WidgetLookupError::Manifest { place: place(), source })?;
            return Ok(LoadedWidget { widget, manifest: Some(manifest) });
        }
        Err(WidgetLookupError::NoFolder { path, .. }) if widgets.is_none() => path,
        Err(error) => return Err(error),
    };
    match ManifestWidget::embedded(id) {
        Some(Ok(widget)) => Ok(LoadedWidget { widget, manifest: None }),
        Some(Err(source)) => {
            Err(WidgetLookupError::Manifest { place: format!("the embedded `{id}`"), source })
        }
        None => Err(WidgetLookupError::Unknown { id: id.to_owned(), path }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_widget_is_found_in_its_folder_or_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE);
        assert!(load("holidays", Some(&root)).is_ok_and(|loaded| loaded.manifest.is_some()));
        assert!(matches!(
            load("../catalogue/holidays", Some(&root)),
            Err(WidgetLookupError::NoFolder { .. })
        ));
        assert!(matches!(load("no-such", None), Err(WidgetLookupError::Unknown { .. })));
        assert!(ManifestWidget::embedded("holidays").is_some_and(|widget| widget.is_ok()));
    }

    #[test]
    fn a_sample_outside_of_its_folder_is_not_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE);
        let folder = Folder::find("holidays", &root).expect("a folder");
        assert!(folder.samples().0.keys().all(|name| !name.contains("..")));
        let errors = folder.widget("name = 1").err().expect("no manifest");
        assert!(errors.0.iter().any(|error| error.line == Some(1)));
    }
}
