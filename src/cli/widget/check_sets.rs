//! The sets of cards that lie beside a folder of widgets, checked with it.

use std::fs;
use std::path::Path;

use voordeur_engine::{CardSet, Catalogue, CheckStatus, Entry, SampleFolder};

use super::CliError;
use crate::icons::Icon;

/// The folder of sets, beside that of widgets.
const SETS: &str = "sets";

/// The errors of all sets beside a folder of widgets, one a line; none when there is no such
/// folder. A set may use the embedded widgets and those of the folder.
pub fn errors(widgets: &Path) -> Result<Vec<String>, CliError> {
    let Some(folder) = widgets.parent().map(|parent| parent.join(SETS)) else {
        return Ok(Vec::new());
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let of_path = |path: &Path| CliError::unusable(path.display().to_string());
    let icons = Icon::ALL.map(Icon::id);
    let catalogue = catalogue_with(widgets);
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).map_err(of_path(&folder))? {
        paths.push(entry.map_err(of_path(&folder))?.path());
    }
    paths.sort();
    let mut errors = Vec::new();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|end| end == "toml")) {
        let text = fs::read_to_string(path).map_err(of_path(path))?;
        let id = path.file_stem().unwrap_or_default().to_string_lossy();
        if let Err(found) = CardSet::read(&id, &text, &catalogue, Some(&icons)) {
            errors.extend(found.0.iter().map(|error| format!("{}: {error}", path.display())));
        }
    }
    Ok(errors)
}

/// The embedded widgets, and those of a folder that can be read without their samples.
fn catalogue_with(widgets: &Path) -> Catalogue {
    let (mut catalogue, _) = Catalogue::embedded();
    for entry in fs::read_dir(widgets).into_iter().flatten().flatten() {
        let id = entry.file_name().to_string_lossy().into_owned();
        let Ok(manifest) = fs::read_to_string(entry.path().join("widget.toml")) else { continue };
        let samples = SampleFolder(Default::default());
        if catalogue.get(&id).is_none()
            && let Ok(entry) = Entry::read(&id, &manifest, &samples, CheckStatus::Embedded(None))
        {
            catalogue.put(entry);
        }
    }
    catalogue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sets_beside_the_catalogue_are_checked() {
        let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("widgets/catalogue");
        assert_eq!(errors(&catalogue).expect("a folder"), Vec::<String>::new());

        let parent = std::env::temp_dir().join(format!("voordeur-sets-{}", std::process::id()));
        let _ = fs::remove_dir_all(&parent);
        fs::create_dir_all(parent.join(SETS)).expect("a folder");
        fs::create_dir_all(parent.join("widgets")).expect("a folder");
        let text = fs::read_to_string(catalogue.with_file_name("sets").join("commuting.toml"));
        let text = text.expect("a set").replace("\"train-departures\"", "\"trains\"");
        fs::write(parent.join(SETS).join("mine.toml"), text).expect("written");
        let found = errors(&parent.join("widgets")).expect("a folder");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains("mine.toml") && found[0].contains("no widget `trains`"));
        fs::remove_dir_all(&parent).expect("removed");
    }
}
