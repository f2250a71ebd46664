//! Every recording in its own format, and every recording in every format: a tree, or a refusal that names its place.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::Value;
use voordeur_formats::FormatError;
use voordeur_widget_api::Format;

/// Far more than any reading takes: only one that hangs is longer.
const BOUND: Duration = Duration::from_secs(60);

/// What is expected of the recordings whose things can be counted; see `expected.tsv`.
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

/// The folder of recordings, when there is one beside the repository.
fn recorded() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !folder.is_dir() {
        println!("skipped: no recordings");
        return None;
    }
    Some(folder)
}

/// All recordings, by their path below the folder.
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
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || tell.send(voordeur_formats::read(format, &bytes)));
    told.recv_timeout(BOUND).unwrap_or_else(|_| panic!("{path} as {format:?} hangs or panics"))
}

/// The format of a recording, by its folder and its ending; what is in no format that is read has none.
fn own_format(path: &str) -> Option<Format> {
    let (folder, name) = path.split_once('/')?;
    let ending = name.rsplit('.').next()?;
    Some(match (folder, ending) {
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

/// How many things a tree holds.
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

fn names_a_place(problem: &FormatError) -> bool {
    let text = problem.to_string();
    // `1:2` is how one of the crates writes line and column.
    text.contains("line ") || text.contains("byte ") || text.contains('`') || text.contains(" at ")
}

#[test]
fn each_recording_in_its_own_format() {
    let Some(folder) = recorded() else { return };
    let expected: BTreeMap<&str, &str> =
        EXPECTED.lines().filter_map(|line| line.split_once('\t')).collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (path, bytes) in recordings(&folder) {
        let Some(format) = own_format(&path) else { continue };
        let outcome = match read(&path, format, &bytes) {
            Ok(tree) => count(format, &tree).map_or("read".to_owned(), |count| count.to_string()),
            Err(problem) => {
                assert!(names_a_place(&problem), "{path}: {problem}");
                problem.to_string()
            }
        };
        seen += 1;
        // A line is only needed for what is counted or refused.
        if outcome != expected.get(path.as_str()).copied().unwrap_or("read") {
            wrong.push(format!("{path}\t{outcome}"));
        }
    }
    println!("{seen} recordings in their own format");
    assert!(wrong.is_empty(), "not as expected:\n{}", wrong.join("\n"));
}

#[test]
fn each_recording_in_every_format() {
    let Some(folder) = recorded() else { return };
    let (mut trees, mut refusals) = (0, 0);
    let mut slowest = (Duration::ZERO, String::new());
    for (path, bytes) in recordings(&folder) {
        for format in FORMATS {
            let start = Instant::now();
            match read(&path, format, &bytes) {
                Ok(_) => trees += 1,
                Err(problem) => {
                    assert!(names_a_place(&problem), "{path} as {format:?}: {problem}");
                    refusals += 1;
                }
            }
            slowest = slowest.max((start.elapsed(), format!("{path} as {format:?}")));
        }
    }
    println!("{trees} trees and {refusals} refusals; slowest: {slowest:?}");
}
