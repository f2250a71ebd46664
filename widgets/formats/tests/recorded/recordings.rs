//! Every recording in its own format and in every other format: the result is a tree or an error
//! that names its position.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use voordeur_formats::FormatError;
use voordeur_widget_api::{Budget, Format};

/// Timeout of a reader: far more than any recording takes.
const TIMEOUT: Duration = Duration::from_secs(60);

/// The number of elements, or the error, of each recording in its own format; without a line, the
/// recording must be readable.
const EXPECTED: &str = include_str!("expected.tsv");

const FORMATS: [Format; 10] = [
    Format::Json,
    Format::JsonLines,
    Format::Xml,
    Format::Feed,
    Format::Csv,
    Format::ICalendar,
    Format::Cap,
    Format::GeoJson,
    Format::JsonStat,
    Format::GtfsRealtime,
];

/// The directory of recordings, when there is one beside the repository.
fn recorded() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !folder.is_dir() {
        println!("skipped: no recordings");
        return None;
    }
    Some(folder)
}

/// All recordings, by their path in the directory.
fn recordings(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for service in fs::read_dir(folder).expect("a folder") {
        let service = service.expect("an entry").path();
        if !service.is_dir() {
            continue;
        }
        for file in fs::read_dir(&service).expect("a folder") {
            let file = file.expect("an entry").path();
            let path = file.strip_prefix(folder).expect("below").to_string_lossy().into_owned();
            found.insert(path, fs::read(&file).expect("a recording"));
        }
    }
    found
}

fn read(path: &str, format: Format, bytes: &[u8]) -> Result<Value, FormatError> {
    let bytes = bytes.to_vec();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        sender.send(voordeur_formats::read(format, &bytes, &Budget::default()))
    });
    receiver
        .recv_timeout(TIMEOUT)
        .unwrap_or_else(|_| panic!("{path} as {format:?} hangs or panics"))
}

/// The format of a recording, by its directory and file extension; `None` for other formats.
fn own_format(path: &str) -> Option<Format> {
    let (folder, name) = path.split_once('/')?;
    let extension = name.rsplit('.').next()?;
    Some(match (folder, extension) {
        ("feeds-real" | "feeds-odd" | "georss" | "gdacs", _) | (_, "atom") => Format::Feed,
        ("oparl", "xml") => Format::Feed,
        ("cap" | "meteoalarm", _) => Format::Cap,
        ("jsonstat", _) => Format::JsonStat,
        ("usgs" | "arnhem-arcgis", _) | (_, "geojson") => Format::GeoJson,
        ("nws", _) if !name.starts_with("points") => Format::GeoJson,
        ("irceline", "json") => Format::GeoJson,
        ("parkapi", "json") => Format::GeoJson,
        (_, "pb" | "asciipb") => Format::GtfsRealtime,
        (_, "csv") => Format::Csv,
        (_, "ics") => Format::ICalendar,
        (_, "json") => Format::Json,
        (_, "xml" | "rdf") => Format::Xml,
        _ => return None,
    })
}

/// The number of elements in a tree.
fn count(format: Format, tree: &Value) -> Option<usize> {
    let key = match format {
        Format::Feed | Format::GeoJson => "items",
        Format::Csv | Format::JsonStat => "rows",
        Format::ICalendar => "events",
        Format::Cap => "alerts",
        Format::GtfsRealtime => "entity",
        Format::Json | Format::JsonLines | Format::Xml => return None,
    };
    tree[key].as_array().map(Vec::len)
}

fn names_a_position(error: &FormatError) -> bool {
    let text = error.to_string();
    // roxmltree writes line and column as `at 1:2`.
    text.contains("line ") || text.contains("byte ") || text.contains('`') || text.contains(" at ")
}

#[test]
fn recordings_in_their_own_format_are_as_expected() {
    let Some(folder) = recorded() else { return };
    let expected: BTreeMap<&str, &str> =
        EXPECTED.lines().filter_map(|line| line.split_once('\t')).collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, bytes) in recordings(&folder) {
        let Some(format) = own_format(&path) else { continue };
        let outcome = match read(&path, format, &bytes) {
            Ok(tree) => count(format, &tree).map_or("read".to_owned(), |count| count.to_string()),
            Err(error) => {
                assert!(names_a_position(&error), "{path}: {error}");
                error.to_string()
            }
        };
        seen += 1;
        if outcome != expected.get(path.as_str()).copied().unwrap_or("read") {
            wrong.push(format!("{path}\t{outcome}"));
        }
    }
    println!("{seen} recordings in their own format");
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

#[test]
fn recordings_in_any_format_give_a_tree_or_an_error_with_a_position() {
    let Some(folder) = recorded() else { return };
    let (mut trees, mut errors) = (0, 0);
    let mut slowest = (Duration::ZERO, String::new());
    for (path, bytes) in recordings(&folder) {
        for format in FORMATS {
            let start = Instant::now();
            match read(&path, format, &bytes) {
                Ok(_) => trees += 1,
                Err(error) => {
                    assert!(names_a_position(&error), "{path} as {format:?}: {error}");
                    errors += 1;
                }
            }
            slowest = slowest.max((start.elapsed(), format!("{path} as {format:?}")));
        }
    }
    println!("{trees} trees and {errors} errors; slowest: {slowest:?}");
}
