//! The folder of one widget: what it looks like from outside, and reading it within bounds.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use voordeur_engine::{CheckStatus, Entry, SampleFiles, conformance};

const MANIFEST: &str = "widget.toml";
const SAMPLES: &str = "samples";
/// In bytes. The largest manifest of the catalogue has 10 kB.
const LARGEST_MANIFEST: u64 = 256_000;
const LARGEST_SAMPLE: u64 = voordeur_engine::MAX_SAMPLE_BYTES as u64;
/// In bytes, for all samples of a widget together: they stay in memory.
const LARGEST_SAMPLES: u64 = 32_000_000;
/// Files in `samples/`.
const MOST_SAMPLES: usize = 200;

/// What a folder looks like from outside. Where two marks are equal, nothing was written in between, as far as the file system tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(Vec<(PathBuf, Result<Stamp, ErrorKind>)>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    folder: bool,
    bytes: u64,
    modified: Option<SystemTime>,
    /// Tells a file from another one that was put in its place with the same size and time.
    #[cfg(unix)]
    node: (u64, u64, i64, i64),
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Stamp {
            folder: metadata.is_dir(),
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            node: (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl Fingerprint {
    /// The files in `samples/`, by their path in it.
    fn samples(&self, folder: &Path) -> Vec<String> {
        let samples = folder.join(SAMPLES);
        let files = self.0.iter().filter(|(_, seen)| seen.as_ref().is_ok_and(|seen| !seen.folder));
        let below = files.filter_map(|(path, _)| path.strip_prefix(&samples).ok());
        below.filter_map(|path| path.to_str().map(str::to_owned)).collect()
    }
}

/// Looks at a folder; nothing when there is no manifest in it.
pub fn mark(folder: &Path) -> Option<Fingerprint> {
    let manifest = folder.join(MANIFEST);
    let seen = stamp(&manifest);
    if matches!(seen, Err(ErrorKind::NotFound | ErrorKind::NotADirectory)) {
        return None;
    }
    let mut files = vec![(manifest, seen)];
    let samples = folder.join(SAMPLES);
    look_into(&samples, &mut files);
    // A sample may have a folder of its own.
    let is_folder = |seen: &Result<Stamp, ErrorKind>| seen.as_ref().is_ok_and(|seen| seen.folder);
    let folders: Vec<PathBuf> =
        files.iter().filter(|(_, seen)| is_folder(seen)).map(|(path, _)| path.clone()).collect();
    for folder in folders {
        look_into(&folder, &mut files);
    }
    files.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Some(Fingerprint(files))
}

fn look_into(folder: &Path, files: &mut Vec<(PathBuf, Result<Stamp, ErrorKind>)>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            files.push((folder.to_owned(), Err(error.kind())));
            return;
        }
    };
    for entry in entries {
        if files.len() > MOST_SAMPLES + 1 {
            return;
        }
        match entry {
            // What editors and systems put beside a file.
            Ok(entry) if entry.file_name().as_encoded_bytes().starts_with(b".") => {}
            Ok(entry) => {
                let path = entry.path();
                let seen = stamp(&path);
                files.push((path, seen));
            }
            Err(error) => files.push((folder.to_owned(), Err(error.kind()))),
        }
    }
}

fn stamp(path: &Path) -> Result<Stamp, ErrorKind> {
    fs::metadata(path).map(|metadata| Stamp::of(&metadata)).map_err(|error| error.kind())
}

/// Reads the widget in a folder.
///
/// # Errors
/// What is wrong, naming the file or the key of the manifest.
pub fn read(folder: &Path, id: &str, mark: &Fingerprint) -> Result<Entry, String> {
    // The manifest stands in the mark too.
    if mark.0.len() > MOST_SAMPLES + 1 {
        return Err(format!("samples/: holds more than {MOST_SAMPLES} files"));
    }
    let real = folder.canonicalize().map_err(|error| format!("cannot be read: {error}"))?;
    let manifest = file(&real, Path::new(MANIFEST), LARGEST_MANIFEST)?;
    let manifest = String::from_utf8(manifest)
        .map_err(|error| format!("{MANIFEST}: must be UTF-8: {}", error.utf8_error()))?;

    let samples = Samples {
        folder: &real,
        names: mark.samples(folder),
        left: Cell::new(LARGEST_SAMPLES),
        problem: RefCell::new(None),
    };
    let checked = CheckStatus::Unchecked(Arc::new(samples.folder(id, &manifest)));
    // A fault in how a manifest is read must not end the watching.
    let read = catch_unwind(AssertUnwindSafe(|| Entry::read(id, &manifest, &samples, checked)));
    match (read, samples.problem.into_inner()) {
        (Ok(_), Some(reason)) => Err(reason),
        (Ok(Ok(entry)), None) => Ok(entry),
        (Ok(Err(problem)), None) => Err(problem.to_string()),
        (Err(_), _) => Err(format!("{MANIFEST}: cannot be read: Voordeur itself made a mistake")),
    }
}

/// The files in `samples/`, read within bounds.
struct Samples<'a> {
    folder: &'a Path,
    names: Vec<String>,
    /// So many bytes may still be read.
    left: Cell<u64>,
    /// Why the last one that could not be read could not.
    problem: RefCell<Option<String>>,
}

impl Samples<'_> {
    /// Everything that the tier of the widget hangs on.
    fn folder(&self, id: &str, manifest: &str) -> conformance::WidgetFolder {
        let mut files = BTreeMap::from([(MANIFEST.to_owned(), manifest.as_bytes().to_vec())]);
        let mut left = LARGEST_SAMPLES;
        for name in &self.names {
            // One that cannot be read is told when the manifest needs it.
            if let Ok(bytes) = sample(self.folder, name, left) {
                left = left.saturating_sub(bytes.len() as u64);
                files.insert(format!("{SAMPLES}/{name}"), bytes);
            }
        }
        conformance::WidgetFolder { id: id.to_owned(), files }
    }
}

impl SampleFiles for Samples<'_> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        match sample(self.folder, name, self.left.get()) {
            Ok(bytes) => {
                self.left.set(self.left.get().saturating_sub(bytes.len() as u64));
                Some(bytes)
            }
            Err(reason) => {
                self.problem.replace(Some(reason));
                None
            }
        }
    }

    fn names(&self) -> Vec<String> {
        self.names.clone()
    }
}

fn sample(folder: &Path, name: &str, left: u64) -> Result<Vec<u8>, String> {
    let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
    if name.is_empty() || !Path::new(name).components().all(inside) {
        return Err(format!("samples: `{name}` must be the name of a file in `{SAMPLES}/`"));
    }
    if left == 0 {
        return Err(format!("samples: are larger than {LARGEST_SAMPLES} bytes together"));
    }
    file(folder, &Path::new(SAMPLES).join(name), LARGEST_SAMPLE.min(left))
}

/// Reads a file that stands in a folder, also when a link leads to it, and no other.
fn file(folder: &Path, name: &Path, largest: u64) -> Result<Vec<u8>, String> {
    let shown = name.display();
    let unreadable = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => format!("there is no `{shown}`"),
        _ => format!("{shown}: cannot be read: {error}"),
    };
    let real = folder.join(name).canonicalize().map_err(unreadable)?;
    if !real.starts_with(folder) {
        return Err(format!("{shown}: leads out of the folder of the widget"));
    }
    // Asked before it is opened: opening a pipe would wait for its writer.
    let metadata = fs::metadata(&real).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(format!("{shown}: must be a file"));
    }
    let mut bytes = Vec::new();
    let too_large = || format!("{shown}: must be at most {largest} bytes");
    if metadata.len() > largest {
        return Err(too_large());
    }
    let file = File::open(&real).map_err(unreadable)?;
    // It may have grown since.
    file.take(largest + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > largest {
        return Err(too_large());
    }
    Ok(bytes)
}
