//! The last good answers, one file each. Losing one costs a request, so nothing here is an error for a citizen.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Key, Known};

/// An answer that was not refreshed for this long is removed at the next start.
const LONGEST_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A folder of answers. A file holds the moment of the answer in its first line (RFC 3339, UTC), what it answers in its second, then the
/// bytes as they came. Requests that ask the same at different times share a file.
pub struct Disk {
    folder: PathBuf,
    /// Whether the last answer could not be kept.
    failing: AtomicBool,
}

impl Disk {
    /// Opens the folder, makes it when it is not there, and removes what is too old. One that cannot be made keeps nothing.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let disk = Disk { folder: folder.to_owned(), failing: AtomicBool::new(false) };
        if let Err(error) = std::fs::create_dir_all(folder) {
            disk.note(Err(error));
            return Ok(disk);
        }
        for entry in std::fs::read_dir(folder)?.flatten() {
            let age = entry
                .metadata()
                .and_then(|metadata| metadata.modified())
                .ok()
                .and_then(|modified| SystemTime::now().duration_since(modified).ok());
            if age.is_some_and(|age| age > LONGEST_KEPT)
                && let Err(error) = std::fs::remove_file(entry.path())
            {
                tracing::warn!(%error, "an old answer cannot be removed");
            }
        }
        Ok(disk)
    }

    fn path(&self, key: &Key, question: Option<&str>) -> PathBuf {
        self.folder.join(question.map_or_else(|| name_of(key), digest))
    }

    /// The last good answer to a request, or to the same question at an earlier time.
    pub async fn read(&self, key: &Key, question: Option<&str>) -> Option<Known> {
        let bytes = tokio::fs::read(self.path(key, question)).await.ok()?;
        let mut lines = bytes.splitn(3, |byte| *byte == b'\n');
        let fetched: Timestamp = std::str::from_utf8(lines.next()?).ok()?.parse().ok()?;
        let is_other = lines.next()? != name_of(key).as_bytes();
        if is_other && question.is_none() {
            return None;
        }
        let tree = voordeur_widgets::formats::read(key.format, lines.next()?).ok()?;
        Some(Known { tree: Arc::new(tree), fetched, asked_earlier: is_other })
    }

    /// Keeps a good answer. It is written beside its place and moved there, so that a file is whole or absent.
    pub async fn write(&self, key: &Key, question: Option<&str>, bytes: &[u8], fetched: Timestamp) {
        let path = self.path(key, question);
        let beside = path.with_extension("new");
        let mut content = format!("{fetched}\n{}\n", name_of(key)).into_bytes();
        content.extend_from_slice(bytes);
        let written = async {
            tokio::fs::write(&beside, content).await?;
            tokio::fs::rename(&beside, &path).await
        };
        let written = written.await;
        if written.is_err() {
            // Half an answer takes room on a disk that has none. Where it was not even begun there is nothing to remove.
            let _ = tokio::fs::remove_file(&beside).await;
        }
        self.note(written);
    }

    /// Tells the log when it begins to fail and when that is over, not each time.
    fn note(&self, written: io::Result<()>) {
        let failed = self.failing.swap(written.is_err(), Ordering::Relaxed);
        match written {
            Err(error) if !failed => tracing::warn!(%error, "answers cannot be kept on disk"),
            Ok(()) if failed => tracing::info!("answers are kept on disk again"),
            _ => {}
        }
    }
}

/// What stands for a request: an address may hold what a citizen answered, and a folder is no place for that.
fn name_of(key: &Key) -> String {
    digest(&format!("{key:?}"))
}

fn digest(text: &str) -> String {
    let mut name = String::new();
    for byte in Sha256::digest(text) {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}
