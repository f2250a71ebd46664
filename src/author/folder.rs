//! A widget in its folder, or embedded.

use std::fs;
use std::path::{Component, Path, PathBuf};

use voordeur_widgets::{Declared, ManifestProblem, line_of};

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
        let mut parts = Path::new(id).components();
        let one = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
        let path = widgets.join(id);
        if one && path.join("widget.toml").is_file() {
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
    /// What is wrong with the manifest, with its line where that can be told.
    pub fn widget(&self, manifest: &str) -> Result<Declared, ManifestProblem> {
        Declared::read(&self.id, manifest, |name| self.sample(name))
            .map_err(|problem| with_line(problem, manifest))
    }

    /// The bytes of a sample; nothing for a name that leads out of `samples/`.
    fn sample(&self, name: &str) -> Option<Vec<u8>> {
        let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        let path = self.path.join("samples").join(name);
        let small = fs::metadata(&path).is_ok_and(|about| about.len() <= LARGEST_SAMPLE);
        if inside && small { fs::read(path).ok() } else { None }
    }
}

fn with_line(problem: ManifestProblem, manifest: &str) -> ManifestProblem {
    let line = problem.line.or_else(|| line_of(manifest, &problem.key));
    ManifestProblem { line, ..problem }
}

/// A widget that is ready to be used, and where it was found.
pub struct Found {
    /// The widget.
    pub widget: Declared,
    /// The text of its manifest, and where that stands; nothing when it is embedded.
    pub manifest: Option<(PathBuf, String)>,
}

/// Why there is no widget.
#[derive(Debug)]
pub enum NotFound {
    /// No folder and nothing embedded has this name.
    Unknown(String),
    /// Its manifest cannot be read.
    Unreadable(String),
}

/// The widget with this id: in `widgets` when that is said, else in the catalogue's folder when it is there, else embedded.
pub fn find(id: &str, widgets: Option<&Path>) -> Result<Found, NotFound> {
    let folder = Folder::find(id, widgets.unwrap_or(Path::new(CATALOGUE)));
    let unknown = match folder {
        Ok(folder) => {
            let manifest = folder.manifest().map_err(NotFound::Unreadable)?;
            let path = folder.path.join("widget.toml");
            let widget = folder.widget(&manifest).map_err(|problem| {
                NotFound::Unreadable(format!("{}: {problem}", path.display()))
            })?;
            return Ok(Found { widget, manifest: Some((path, manifest)) });
        }
        Err(unknown) => unknown,
    };
    if widgets.is_some() {
        return Err(NotFound::Unknown(unknown));
    }
    match Declared::embedded(id) {
        Some(Ok(widget)) => Ok(Found { widget, manifest: None }),
        Some(Err(problem)) => Err(NotFound::Unreadable(format!("the embedded `{id}`: {problem}"))),
        None => Err(NotFound::Unknown(format!("{unknown}, and no embedded widget has this name"))),
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
        assert!(matches!(find("../catalogue/holidays", Some(&root)), Err(NotFound::Unknown(_))));
        assert!(matches!(find("no-such", None), Err(NotFound::Unknown(_))));
        assert!(Declared::embedded("holidays").is_some_and(|widget| widget.is_ok()));
    }

    #[test]
    fn a_sample_outside_of_its_folder_is_not_read() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE);
        let folder = Folder::find("holidays", &root).expect("a folder");
        assert_eq!(folder.sample("../widget.toml"), None);
        let problem = folder.widget("name = 1").err().expect("no manifest");
        assert_eq!(problem.line, Some(1));
    }
}
