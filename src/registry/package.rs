//! The folder of one widget: its fingerprint, and reading it within limits.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use voordeur_engine::conformance::{self, PROOF_FILE};
use voordeur_engine::{CheckStatus, Entry, SampleFiles};

const MANIFEST: &str = "widget.toml";
const SAMPLES: &str = "samples";
/// In bytes. A record of live data is one line.
const MAX_PROOF_BYTES: u64 = 4_000;
/// In bytes. The largest manifest of the catalogue has 10 kB.
const MAX_MANIFEST_BYTES: u64 = 256_000;
/// In bytes, as large as the largest response of a service.
const MAX_SAMPLE_BYTES: u64 = 16_000_000;
/// In bytes, for all samples of a widget together: they stay in memory.
const MAX_TOTAL_SAMPLE_BYTES: u64 = 32_000_000;
/// Maximum number of files in `samples/`.
const MAX_SAMPLES: usize = 200;

/// Whether a file or folder is hidden. Hidden ones are ignored: they belong to operating systems,
/// editors and version control.
pub fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// The metadata of the files that make a widget. While it is the same, nothing was written, as far
/// as the file system shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(Vec<FileFingerprint>);

type FileFingerprint = (PathBuf, Result<FileMetadata, ErrorKind>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct FileMetadata {
    is_dir: bool,
    bytes: u64,
    modified: Option<SystemTime>,
    /// Device, inode and change time: they differ for a file that replaced another one of the same
    /// size and modification time.
    #[cfg(unix)]
    inode: (u64, u64, i64, i64),
}

impl FileMetadata {
    fn read(path: &Path) -> Result<Self, ErrorKind> {
        fs::metadata(path)
            .map(|metadata| FileMetadata::from(&metadata))
            .map_err(|error| error.kind())
    }
}

impl From<&Metadata> for FileMetadata {
    fn from(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        FileMetadata {
            is_dir: metadata.is_dir(),
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            inode: (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl Fingerprint {
    /// The fingerprint of a folder; `None` when it has no manifest.
    pub fn of(folder: &Path) -> Option<Self> {
        let manifest = folder.join(MANIFEST);
        let metadata = FileMetadata::read(&manifest);
        if matches!(metadata, Err(ErrorKind::NotFound | ErrorKind::NotADirectory)) {
            return None;
        }
        let mut files = vec![(manifest, metadata)];
        let proof = folder.join(PROOF_FILE);
        if let Ok(metadata) = FileMetadata::read(&proof) {
            files.push((proof, Ok(metadata)));
        }
        list_files(&folder.join(SAMPLES), &mut files);
        // A sample may be in a folder of its own.
        let is_dir = |metadata: &Result<FileMetadata, _>| {
            metadata.as_ref().is_ok_and(|metadata| metadata.is_dir)
        };
        let dirs: Vec<PathBuf> = files
            .iter()
            .filter(|(_, metadata)| is_dir(metadata))
            .map(|(path, _)| path.clone())
            .collect();
        for dir in dirs {
            list_files(&dir, &mut files);
        }
        files.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Some(Fingerprint(files))
    }

    /// The files in `samples/`, by their path in it.
    fn samples(&self, folder: &Path) -> Vec<String> {
        let samples = folder.join(SAMPLES);
        self.0
            .iter()
            .filter(|(_, metadata)| metadata.as_ref().is_ok_and(|metadata| !metadata.is_dir))
            .filter_map(|(path, _)| path.strip_prefix(&samples).ok()?.to_str())
            .map(str::to_owned)
            .collect()
    }

    fn has_too_many_files(&self) -> bool {
        // The manifest and the record of live data are among the files.
        let is_sample = |path: &Path| !path.ends_with(MANIFEST) && !path.ends_with(PROOF_FILE);
        self.0.iter().filter(|(path, _)| is_sample(path)).count() > MAX_SAMPLES
    }
}

fn list_files(dir: &Path, files: &mut Vec<FileFingerprint>) {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            files.push((dir.to_owned(), Err(error.kind())));
            return;
        }
    };
    for entry in entries {
        if files.len() > MAX_SAMPLES + 2 {
            return;
        }
        match entry {
            Ok(entry) if is_hidden(&entry.file_name()) => {}
            Ok(entry) => {
                let path = entry.path();
                let metadata = FileMetadata::read(&path);
                files.push((path, metadata));
            }
            Err(error) => files.push((dir.to_owned(), Err(error.kind()))),
        }
    }
}

/// Reads the widget in a folder.
///
/// # Errors
/// The reason for which it is unusable, with the file or the key of the manifest.
pub fn read(folder: &Path, id: &str, fingerprint: &Fingerprint) -> Result<Entry, String> {
    if fingerprint.has_too_many_files() {
        return Err(format!("{SAMPLES}/: has more than {MAX_SAMPLES} files"));
    }
    let real = folder.canonicalize().map_err(|error| format!("cannot be read: {error}"))?;
    let manifest = read_file(&real, Path::new(MANIFEST), MAX_MANIFEST_BYTES)?;
    let manifest = String::from_utf8(manifest)
        .map_err(|error| format!("{MANIFEST}: must be UTF-8: {}", error.utf8_error()))?;

    let samples = Samples {
        folder: &real,
        names: fingerprint.samples(folder),
        bytes_left: Cell::new(MAX_TOTAL_SAMPLE_BYTES),
        error: RefCell::new(None),
    };
    let proof = read_file(&real, Path::new(PROOF_FILE), MAX_PROOF_BYTES).ok();
    let mut widget_folder = samples.folder(id, &manifest);
    widget_folder.files.extend(proof.clone().map(|proof| (PROOF_FILE.to_owned(), proof)));
    let checked = CheckStatus::Unchecked(Arc::new(widget_folder));
    // A panic in the reader of manifests must not end the thread that watches the directories.
    let entry = catch_unwind(AssertUnwindSafe(|| Entry::read(id, &manifest, &samples, checked)));
    match (entry, samples.error.into_inner()) {
        (Ok(_), Some(error)) => Err(error),
        (Ok(Ok(entry)), None) => Ok(entry.with_proof(proof.as_deref(), &manifest)),
        (Ok(Err(error)), None) => Err(error.to_string()),
        (Err(_), _) => Err(format!("{MANIFEST}: cannot be read: internal error (a Voordeur bug)")),
    }
}

/// The files in `samples/`, read within limits.
struct Samples<'a> {
    folder: &'a Path,
    names: Vec<String>,
    /// The rest of the total limit.
    bytes_left: Cell<u64>,
    /// The error of the last sample that could not be read.
    error: RefCell<Option<String>>,
}

impl Samples<'_> {
    /// All files that the tier of the widget depends on.
    fn folder(&self, id: &str, manifest: &str) -> conformance::WidgetFolder {
        let mut files = BTreeMap::from([(MANIFEST.to_owned(), manifest.as_bytes().to_vec())]);
        let mut bytes_left = MAX_TOTAL_SAMPLE_BYTES;
        for name in &self.names {
            // An unreadable sample is reported when the manifest needs it.
            if let Ok(bytes) = read_sample(self.folder, name, bytes_left) {
                bytes_left = bytes_left.saturating_sub(bytes.len() as u64);
                files.insert(format!("{SAMPLES}/{name}"), bytes);
            }
        }
        conformance::WidgetFolder { id: id.to_owned(), files }
    }
}

impl SampleFiles for Samples<'_> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        match read_sample(self.folder, name, self.bytes_left.get()) {
            Ok(bytes) => {
                self.bytes_left.set(self.bytes_left.get().saturating_sub(bytes.len() as u64));
                Some(bytes)
            }
            Err(error) => {
                self.error.replace(Some(error));
                None
            }
        }
    }

    fn names(&self) -> Vec<String> {
        self.names.clone()
    }
}

fn read_sample(folder: &Path, name: &str, bytes_left: u64) -> Result<Vec<u8>, String> {
    let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_));
    if name.is_empty() || !Path::new(name).components().all(is_inside) {
        return Err(format!("samples: `{name}` must be the name of a file in `{SAMPLES}/`"));
    }
    if bytes_left == 0 {
        return Err(format!("samples: are larger than {MAX_TOTAL_SAMPLE_BYTES} bytes together"));
    }
    read_file(folder, &Path::new(SAMPLES).join(name), MAX_SAMPLE_BYTES.min(bytes_left))
}

/// Reads a file in a folder, also through a symbolic link, and no file outside of the folder.
fn read_file(folder: &Path, name: &Path, max_bytes: u64) -> Result<Vec<u8>, String> {
    let shown = name.display();
    let unreadable = |error: io::Error| match error.kind() {
        ErrorKind::NotFound => format!("there is no `{shown}`"),
        _ => format!("{shown}: cannot be read: {error}"),
    };
    let real = folder.join(name).canonicalize().map_err(unreadable)?;
    if !real.starts_with(folder) {
        return Err(format!("{shown}: leads out of the folder of the widget"));
    }
    // Checked before opening, since opening a named pipe blocks until it has a writer.
    let metadata = fs::metadata(&real).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(format!("{shown}: must be a file"));
    }
    let mut bytes = Vec::new();
    let too_large = || format!("{shown}: must be at most {max_bytes} bytes");
    if metadata.len() > max_bytes {
        return Err(too_large());
    }
    let file = File::open(&real).map_err(unreadable)?;
    // The file may have grown since.
    file.take(max_bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > max_bytes {
        return Err(too_large());
    }
    Ok(bytes)
}
