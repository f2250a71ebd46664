//! The last good answers, one file each. Losing one costs a request, so nothing here is an error for a citizen.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Key, Known};

/// An answer that was not refreshed for this long is removed at the next start.
const LONGEST_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A folder of answers. A file holds the moment of the answer in its first line (RFC 3339, UTC), then the bytes as they came.
pub struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Opens the folder, makes it when it is not there, and removes what is too old.
    pub fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
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
        Ok(Disk { folder: folder.to_owned() })
    }

    fn path(&self, key: &Key) -> PathBuf {
        let mut name = String::new();
        for byte in Sha256::digest(format!("{key:?}")) {
            // Writing to a string cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        self.folder.join(name)
    }

    /// The last good answer to a request.
    pub async fn read(&self, key: &Key) -> Option<Known> {
        let bytes = tokio::fs::read(self.path(key)).await.ok()?;
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let fetched: Timestamp = std::str::from_utf8(&bytes[..end]).ok()?.parse().ok()?;
        let tree = voordeur_widgets::formats::read(key.format, &bytes[end + 1..]).ok()?;
        Some(Known { tree: Arc::new(tree), fetched })
    }

    /// Keeps a good answer. It is written beside its place and moved there, so that a file is whole or absent.
    pub async fn write(&self, key: &Key, bytes: &[u8], fetched: Timestamp) {
        let path = self.path(key);
        let beside = path.with_extension("new");
        let mut content = format!("{fetched}\n").into_bytes();
        content.extend_from_slice(bytes);
        let written = async {
            tokio::fs::write(&beside, content).await?;
            tokio::fs::rename(&beside, &path).await
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, "an answer cannot be kept on disk");
        }
    }
}
