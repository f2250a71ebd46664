//! The files that browsers load from `pkg/` in the folder of `--site`, at addresses that change
//! with their content: `/pkg/{release}/{file}`. A browser may keep such a file for good.
//!
//! One release covers all files, since modules import each other by relative names. A file that was
//! changed since the release was read, or that is asked for under another release, is served too,
//! and is asked for anew at the next visit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use arc_swap::ArcSwap;
use axum::extract::{Request, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use voordeur_shared::paths;

/// Length of a release's identifier, in hexadecimal digits.
const RELEASE_DIGITS: usize = 12;

const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// A browser asks whether the file has changed, which costs no body.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// The current release of the files.
pub struct Assets {
    folder: PathBuf,
    release: ArcSwap<Release>,
}

/// All files as they were at one moment.
struct Release {
    id: String,
    stamps: BTreeMap<String, Stamp>,
}

/// Tells a changed file from an unchanged one without reading it.
#[derive(Clone, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
}

/// The addresses of one release, for the page of one request.
#[derive(Clone, Default)]
pub struct AssetPaths(Option<String>);

impl Assets {
    /// Reads the files in `pkg/` of the folder of `--site`. One that cannot be read is left out.
    pub fn read(site: &Path) -> Self {
        let folder = site.join("pkg");
        let release = ArcSwap::from_pointee(Release::read(&folder));
        Assets { folder, release }
    }

    /// The addresses of the current release.
    pub fn paths(&self) -> AssetPaths {
        AssetPaths(Some(self.release.load().id.clone()))
    }

    /// Begins a new release if a file has changed, appeared or gone. It reads files: call it where
    /// blocking is allowed.
    pub fn poll(&self) {
        if stamps_in(&self.folder) != self.release.load().stamps {
            self.release.store(Arc::new(Release::read(&self.folder)));
        }
    }

    /// Whether a file is still as it was when the release was read.
    async fn is_current(&self, release: &str, file: &str) -> bool {
        let current = self.release.load_full();
        let known = current.stamps.get(file).filter(|_| current.id == release);
        let Some(known) = known else { return false };
        let metadata = tokio::fs::metadata(self.folder.join(file)).await;
        metadata.is_ok_and(|metadata| Stamp::of(&metadata) == *known)
    }
}

impl Release {
    fn read(folder: &Path) -> Self {
        let stamps = stamps_in(folder);
        let mut digest = Sha256::new();
        for name in stamps.keys() {
            let content = std::fs::read(folder.join(name)).unwrap_or_default();
            digest.update(Sha256::digest(name.as_bytes()));
            digest.update(Sha256::digest(&content));
        }
        let mut id: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        id.truncate(RELEASE_DIGITS);
        Release { id, stamps }
    }
}

impl Stamp {
    fn of(metadata: &std::fs::Metadata) -> Self {
        Stamp { bytes: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// The files in a folder by name, without their compressed copies.
fn stamps_in(folder: &Path) -> BTreeMap<String, Stamp> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let stamped = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let metadata = std::fs::metadata(entry.path()).ok()?;
        let is_copy = name.ends_with(".br") || name.ends_with(".gz");
        (metadata.is_file() && !is_copy).then(|| (name, Stamp::of(&metadata)))
    });
    stamped.collect()
}

impl AssetPaths {
    /// The address of a file, given as the address that it has whatever the release.
    pub fn of(&self, address: &'static str) -> String {
        let file = address.strip_prefix(paths::ASSETS).filter(|file| file.starts_with('/'));
        match (&self.0, file) {
            (Some(release), Some(file)) => [paths::ASSETS, "/", release, file].concat(),
            _ => address.to_owned(),
        }
    }
}

/// Serves a file at the address of a release, below the path of all releases, and says how long it
/// may be kept.
pub async fn serve_release(
    State(assets): State<Arc<Assets>>,
    mut request: Request,
    next: Next,
) -> Response {
    let mut may_keep = false;
    let path = request.uri().path().to_owned();
    if let Some((release, file)) = split_release(&path)
        && let Ok(address) = format!("/{file}").parse::<Uri>()
    {
        may_keep = assets.is_current(release, file).await;
        *request.uri_mut() = address;
    }
    let mut response = next.run(request).await;
    let status = response.status();
    let may_keep = may_keep && (status.is_success() || status.is_redirection());
    let cache_control = if may_keep { FOR_GOOD } else { REVALIDATED };
    response.headers_mut().insert(CACHE_CONTROL, cache_control);
    response
}

/// The release and the file of `/{release}/{file}`.
fn split_release(path: &str) -> Option<(&str, &str)> {
    let (release, file) = path.strip_prefix('/')?.split_once('/')?;
    let is_release = release.len() == RELEASE_DIGITS
        && release.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (is_release && !file.is_empty() && !file.contains('/')).then_some((release, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_new_when_a_file_has_changed_appeared_or_gone() {
        let site = tempfile::tempdir().expect("a folder");
        let file = |name: &str| site.path().join("pkg").join(name);
        std::fs::create_dir(site.path().join("pkg")).expect("a folder");
        std::fs::write(file("start.js"), "1").expect("a file");
        let assets = Assets::read(site.path());
        let address = || {
            assets.poll();
            assets.paths().of(paths::SCRIPT)
        };
        let first = address();
        let id = first.strip_prefix("/pkg/").and_then(|rest| rest.strip_suffix("/start.js"));
        assert_eq!(id.map(str::len), Some(RELEASE_DIGITS), "{first}");
        std::fs::write(file("start.js.br"), "compressed").expect("a file");
        assert_eq!(address(), first, "its compressed copy is the same file");
        std::fs::write(file("start.js"), "23").expect("a file");
        let second = address();
        assert_ne!(second, first);
        std::fs::write(file("voordeur.css"), "").expect("a file");
        assert_ne!(address(), second);
        std::fs::remove_file(file("voordeur.css")).expect("it is removed");
        assert_eq!(address(), second, "the same files are the same release");
        std::fs::write(file("start.js"), "1").expect("a file");
        assert_eq!(address(), first);
    }

    #[test]
    fn a_release_is_a_segment_of_its_own() {
        assert_eq!(split_release("/0123456789ab/a.js"), Some(("0123456789ab", "a.js")));
        for other in ["/a.js", "/0123456789ab", "/0123456789ab/", "/0123456789AB/a.js"] {
            assert_eq!(split_release(other), None, "{other}");
        }
        assert_eq!(split_release("/0123456789ab/a/b.js"), None);
        assert_eq!(split_release("//0123456789ab/a.js"), None);
    }

    #[test]
    fn without_a_release_an_address_is_that_of_every_release() {
        assert_eq!(AssetPaths::default().of(paths::SCRIPT), paths::SCRIPT);
    }
}
