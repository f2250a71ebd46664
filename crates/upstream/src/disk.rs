//! The last good answers, one file each. Losing one costs a request, so nothing here is an error for a citizen.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use super::cache_entry::{CachedResponse, Key, StoredResponse};
use super::disk_quota::DiskQuota;
use super::http_cache::Validators;

/// Stands before what a file answers since files hold validators.
const WITH_VALIDATORS: &str = "2 ";
/// A moment with nine digits after the second always takes as much room.
const LENGTH_OF_MOMENT: usize = "2026-01-31T12:00:00.000000000Z".len();

/// A folder of answers. A file holds the moment of the answer in its first line (RFC 3339, UTC), what it answers in its second, its `ETag` and
/// its `Last-Modified` in the next two, then the bytes as they came. Requests that ask the same at different times share a file.
pub struct Disk {
    folder: PathBuf,
    room: Arc<DiskQuota>,
    /// Whether the last answer could not be kept.
    failing: AtomicBool,
}

impl Disk {
    /// Opens the folder, makes it when it is not there, and removes what is too old. One that cannot be made keeps nothing.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let room = Arc::new(DiskQuota::new(folder));
        let failing = AtomicBool::new(false);
        let disk = Disk { folder: folder.to_owned(), room: Arc::clone(&room), failing };
        match std::fs::create_dir_all(folder) {
            Ok(()) => room.sweep()?,
            Err(error) => disk.note(Err(error)),
        }
        Ok(disk)
    }

    fn path(&self, key: &Key, stale_key: Option<&str>) -> PathBuf {
        self.folder.join(stale_key.map_or_else(|| name_of(key), digest))
    }

    /// The last good answer to a request, or to the same question at an earlier time.
    pub async fn read(&self, key: &Key, stale_key: Option<&str>) -> Option<StoredResponse> {
        let bytes = tokio::fs::read(self.path(key, stale_key)).await.ok()?;
        let mut rest = bytes.as_slice();
        let fetched: Timestamp = line(&mut rest)?.parse().ok()?;
        let answers = line(&mut rest)?;
        let (answers, validators) = match answers.strip_prefix(WITH_VALIDATORS) {
            Some(answers) => {
                let [etag, last_modified] = [line(&mut rest)?, line(&mut rest)?]
                    .map(|said| Some(said.to_owned()).filter(|said| !said.is_empty()));
                (answers, Validators { etag, last_modified })
            }
            None => (answers, Validators::default()),
        };
        let is_other = answers != name_of(key);
        if is_other && stale_key.is_none() {
            return None;
        }
        let tree = voordeur_formats::read(key.format, rest).ok()?;
        let known = CachedResponse::new(Arc::new(tree), fetched);
        let known = if is_other { known.asked_earlier() } else { known };
        Some(StoredResponse { known, validators })
    }

    /// Keeps a good answer, when there is room. It is written beside its place and moved there, so that a file is whole or absent.
    pub async fn write(
        &self,
        key: &Key,
        stale_key: Option<&str>,
        bytes: &[u8],
        validators: &Validators,
        fetched: Timestamp,
    ) {
        let path = self.path(key, stale_key);
        let beside = path.with_extension("new");
        let mut content = head(key, validators, fetched).into_bytes();
        content.extend_from_slice(bytes);
        if !self.room.take(content.len()) {
            return;
        }
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

    /// Notes that the answer with these validators was still the same at a moment. Another answer stays as it is.
    pub async fn renew(
        &self,
        key: &Key,
        stale_key: Option<&str>,
        validators: &Validators,
        fetched: Timestamp,
    ) {
        let head = head(key, validators, fetched).into_bytes();
        let renewed = async {
            let path = self.path(key, stale_key);
            let mut file = tokio::fs::OpenOptions::new().read(true).write(true).open(path).await?;
            let mut found = vec![0; head.len()];
            file.read_exact(&mut found).await?;
            if found[LENGTH_OF_MOMENT..] == head[LENGTH_OF_MOMENT..] {
                file.rewind().await?;
                file.write_all(&head[..LENGTH_OF_MOMENT]).await?;
                file.flush().await?;
            }
            Ok::<(), io::Error>(())
        };
        if let Err(error) = renewed.await {
            tracing::debug!(%error, "the moment of an answer on disk cannot be renewed");
        }
    }
}

/// What stands before the bytes of an answer.
fn head(key: &Key, validators: &Validators, fetched: Timestamp) -> String {
    let name = name_of(key);
    let [etag, last_modified] = [&validators.etag, &validators.last_modified]
        .map(|said| said.as_deref().unwrap_or_default());
    format!("{fetched:.9}\n{WITH_VALIDATORS}{name}\n{etag}\n{last_modified}\n")
}

/// Takes the first line off some bytes.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (line, after) = rest.split_at(end);
    *rest = &after[1..];
    std::str::from_utf8(line).ok()
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
