//! The folders of the catalogue on disk, and their conformance reports.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use voordeur_engine::conformance::{Checker, Report, WidgetFolder};

pub fn catalogue() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalogue")
}

/// Every folder of the catalogue that holds a widget.
pub fn all() -> Vec<WidgetFolder> {
    let mut folders: Vec<WidgetFolder> = entries(&catalogue())
        .into_iter()
        .filter(|path| path.join("widget.toml").is_file())
        .map(|path| {
            let mut files = BTreeMap::new();
            read(&path, "", &mut files);
            let id = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            WidgetFolder { id, files }
        })
        .collect();
    folders.sort_by(|a, b| a.id.cmp(&b.id));
    folders
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for path in entries(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            read(&path, &format!("{prefix}{name}/"), files);
        } else {
            files.insert(format!("{prefix}{name}"), fs::read(&path).expect("a file"));
        }
    }
}

/// Names of the application's icons, read from its source: this crate cannot depend on it.
pub fn icons() -> Vec<String> {
    let source = catalogue().join("../../src/icons/mod.rs");
    let source = fs::read_to_string(source).expect("the icons");
    let names = source.split("\"#i-").skip(1);
    names.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

/// The report of each folder, in order. The age of a proof is computed at the date of the sample,
/// so that the result does not depend on today.
pub fn reports(folders: &[WidgetFolder]) -> Vec<Report> {
    let icons = icons();
    let icons: Vec<&str> = icons.iter().map(String::as_str).collect();
    let checker = Checker { icons: Some(&icons), today: None, stored_views: true };
    let next = Mutex::new(folders.iter());
    let reports = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let folder = next.lock().expect("no thread panics").next();
                    let Some(folder) = folder else { break };
                    let report = checker.check(folder);
                    reports.lock().expect("no thread panics").push(report);
                }
            });
        }
    });
    let mut reports = reports.into_inner().expect("no thread panics");
    reports.sort_by(|a, b| a.widget.cmp(&b.widget));
    reports
}
