//! The cache on disk: the last good responses, one file each.
//!
//! A lost file costs one request, so errors here are logged and never reach a citizen. The crates
//! for a cache on disk address content by its hash or bring a database; here the name of a file is
//! the hash of its request, and a 304 rewrites 30 bytes of it in place.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use url::Url;

use super::BodyOrigin;
use super::cache_entry::CacheKey;
use super::disk_quota::DiskQuota;
use super::http_cache::Validators;

/// Prefix of the second line in files that contain validators.
const VALIDATORS_MARKER: &str = "2 ";
/// The same in files that also say where the body came from.
const ORIGIN_MARKER: &str = "3 ";
/// A timestamp with nine fractional digits has a fixed length, so it can be overwritten in place.
const TIMESTAMP_LENGTH: usize = "2026-01-31T12:00:00.000000000Z".len();

/// A folder of responses. Lines of a file: when it was fetched (RFC 3339, UTC), the digest of its
/// request, `ETag`, `Last-Modified`, the URL that redirects led to, `Content-Type`, then the body as
/// received. Requests with the same `question` share a file.
pub struct Disk {
    folder: PathBuf,
    quota: Arc<DiskQuota>,
    /// Whether the last write failed.
    is_failing: AtomicBool,
}

/// The head of a file, before its body.
pub struct DiskHead {
    pub fetched: Timestamp,
    pub validators: Validators,
    pub origin: BodyOrigin,
}

/// A response as it was stored.
pub struct ResponseOnDisk {
    pub fetched: Timestamp,
    pub validators: Validators,
    /// Absent in files of earlier versions.
    pub origin: Option<BodyOrigin>,
    /// Whether it is the response to an earlier request with the same question.
    pub is_other_request: bool,
    pub body: Vec<u8>,
}

impl Disk {
    /// Opens the folder, creates it if it is absent, and removes old files. A folder that cannot be
    /// created is no error: nothing is stored then.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let quota = Arc::new(DiskQuota::new(folder));
        let is_failing = AtomicBool::new(false);
        let disk = Disk { folder: folder.to_owned(), quota: Arc::clone(&quota), is_failing };
        match std::fs::create_dir_all(folder) {
            Ok(()) => quota.sweep()?,
            Err(error) => disk.log_result(Err(error)),
        }
        Ok(disk)
    }

    fn path(&self, key: &CacheKey, question: Option<&str>) -> PathBuf {
        self.folder.join(question.map_or_else(|| key_digest(key), digest))
    }

    /// The last good response to a request, or to an earlier request with the same question.
    pub async fn read(&self, key: &CacheKey, question: Option<&str>) -> Option<ResponseOnDisk> {
        let bytes = tokio::fs::read(self.path(key, question)).await.ok()?;
        let mut rest = bytes.as_slice();
        let fetched: Timestamp = take_line(&mut rest)?.parse().ok()?;
        let second = take_line(&mut rest)?;
        let mut optional = || {
            let line = take_line(&mut rest)?.to_owned();
            Some(Some(line).filter(|line| !line.is_empty()))
        };
        let (stored_key, validators, origin) =
            if let Some(stored) = second.strip_prefix(ORIGIN_MARKER) {
                let validators = Validators { etag: optional()?, last_modified: optional()? };
                let url = optional()?.unwrap_or_else(|| key.url.clone());
                let origin = BodyOrigin { url, content_type: optional()? };
                (stored, validators, Some(origin))
            } else if let Some(stored) = second.strip_prefix(VALIDATORS_MARKER) {
                (stored, Validators { etag: optional()?, last_modified: optional()? }, None)
            } else {
                (second, Validators::default(), None)
            };
        let is_other_request = stored_key != key_digest(key);
        if is_other_request && question.is_none() {
            return None;
        }
        let body = rest.to_vec();
        Some(ResponseOnDisk { fetched, validators, origin, is_other_request, body })
    }

    /// Stores a good response if the quota allows. Writes a temporary file and renames it, so that
    /// a file is complete or absent.
    pub async fn write(
        &self,
        key: &CacheKey,
        question: Option<&str>,
        bytes: &[u8],
        head: &DiskHead,
    ) {
        let path = self.path(key, question);
        let temporary = path.with_extension("new");
        let mut content = header(key, head).into_bytes();
        content.extend_from_slice(bytes);
        if !self.quota.reserve(content.len()) {
            return;
        }
        let writing = async {
            tokio::fs::write(&temporary, content).await?;
            tokio::fs::rename(&temporary, &path).await
        };
        let result = writing.await;
        if result.is_err() {
            // A partial file would take space on a disk that may be full. Fails if it was never
            // created.
            let _ = tokio::fs::remove_file(&temporary).await;
        }
        self.log_result(result);
    }

    /// Logs the first failure and the first success after it, not each of them.
    fn log_result(&self, result: io::Result<()>) {
        let was_failing = self.is_failing.swap(result.is_err(), Ordering::Relaxed);
        match result {
            Err(error) if !was_failing => {
                tracing::warn!(%error, "response cache on disk not writable");
            }
            Ok(()) if was_failing => tracing::info!("response cache on disk writable again"),
            _ => {}
        }
    }

    /// Records that the response with these validators was still current at another moment. Leaves the
    /// file of any other response as it is.
    pub async fn renew(&self, key: &CacheKey, question: Option<&str>, head: &DiskHead) {
        let header = header(key, head).into_bytes();
        let renewing = async {
            let path = self.path(key, question);
            let mut file = tokio::fs::OpenOptions::new().read(true).write(true).open(path).await?;
            let mut current = vec![0; header.len()];
            file.read_exact(&mut current).await?;
            if current[TIMESTAMP_LENGTH..] == header[TIMESTAMP_LENGTH..] {
                file.rewind().await?;
                file.write_all(&header[..TIMESTAMP_LENGTH]).await?;
                file.flush().await?;
            }
            Ok::<(), io::Error>(())
        };
        if let Err(error) = renewing.await {
            tracing::debug!(%error, "timestamp of a response on disk not updated");
        }
    }
}

fn header(key: &CacheKey, head: &DiskHead) -> String {
    let DiskHead { fetched, validators, origin } = head;
    // A URL may contain a citizen's settings, so it is stored only where a redirect led elsewhere.
    let is_own = Url::parse(&key.url).is_ok_and(|url| url.as_str() == origin.url);
    let url = if is_own { "" } else { &origin.url };
    let key = key_digest(key);
    let [etag, last_modified, content_type] =
        [&validators.etag, &validators.last_modified, &origin.content_type]
            .map(|line| line.as_deref().unwrap_or_default());
    format!("{fetched:.9}\n{ORIGIN_MARKER}{key}\n{etag}\n{last_modified}\n{url}\n{content_type}\n")
}

/// Splits the first line off, without its line feed.
fn take_line<'a>(rest: &mut &'a [u8]) -> Option<&'a str> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let (line, after) = rest.split_at(end);
    *rest = &after[1..];
    std::str::from_utf8(line).ok()
}

/// A digest, since a URL may contain a citizen's settings, which do not belong in a file name.
fn key_digest(key: &CacheKey) -> String {
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
