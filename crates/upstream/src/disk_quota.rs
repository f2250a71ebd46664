//! The size limit of the response cache on disk. Anybody can cause any number of different
//! requests, and must not fill the disk that the boards are on.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// Limit of the whole cache, in bytes.
const MAX_BYTES: u64 = 1024 * 1024 * 1024;
/// A sweep removes files until at most this many quarters of the limit are used.
const QUARTERS_AFTER_SWEEP: u64 = 3;
/// Allocation unit of a file, in bytes.
const BLOCK: u64 = 4096;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A response that was not refreshed for this long is removed even if there is space.
const MAX_AGE: Duration = Duration::from_secs(30 * DAY.as_secs());

/// The size limit of a folder. When it is reached, the files that were refreshed longest ago are
/// removed.
pub struct DiskQuota {
    folder: PathBuf,
    max_bytes: u64,
    /// Upper bound of the bytes in use: until the next sweep, a replaced file is counted twice.
    used: AtomicU64,
    last_sweep: Mutex<Instant>,
    is_sweeping: AtomicBool,
}

impl DiskQuota {
    /// The quota of a folder whose usage is unknown until the first sweep.
    pub fn new(folder: &Path) -> Self {
        DiskQuota::with_limit(folder, MAX_BYTES)
    }

    fn with_limit(folder: &Path, max_bytes: u64) -> Self {
        DiskQuota {
            folder: folder.to_owned(),
            max_bytes,
            used: AtomicU64::new(0),
            last_sweep: Mutex::new(Instant::now()),
            is_sweeping: AtomicBool::new(false),
        }
    }

    /// Reserves space for a file of `length` bytes; false if it does not fit. If it does not, or a
    /// day after the last sweep, starts a sweep in the background.
    pub fn reserve(self: &Arc<Self>, length: usize) -> bool {
        let size = size_on_disk(u64::try_from(length).unwrap_or(u64::MAX));
        let add = |used: u64| Some(used.saturating_add(size)).filter(|sum| *sum <= self.max_bytes);
        let fits = self.used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).is_ok();
        let last_sweep = *self.last_sweep.lock().unwrap_or_else(PoisonError::into_inner);
        let is_sweep_due = !fits || last_sweep.elapsed() > DAY;
        if is_sweep_due && !self.is_sweeping.swap(true, Ordering::Relaxed) {
            let quota = Arc::clone(self);
            tokio::task::spawn_blocking(move || {
                if let Err(error) = quota.sweep() {
                    tracing::warn!(%error, "response cache on disk not swept");
                }
                quota.is_sweeping.store(false, Ordering::Relaxed);
            });
        }
        fits
    }

    /// Removes old files, then the oldest ones until enough space is free.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sweep(&self) -> io::Result<()> {
        *self.last_sweep.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in std::fs::read_dir(&self.folder)?.flatten() {
            // The file may have been removed since.
            let Ok(metadata) = entry.metadata() else { continue };
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            files.push((modified, size_on_disk(metadata.len()), entry.path()));
        }
        files.sort();
        let mut used: u64 = files.iter().map(|(_, size, _)| size).sum();
        let target = self.max_bytes / 4 * QUARTERS_AFTER_SWEEP;
        let (mut removed, mut last_error) = (0_u64, None);
        for (modified, size, path) in &files {
            let is_old = modified.elapsed().is_ok_and(|age| age > MAX_AGE);
            if !is_old && used <= target {
                break;
            }
            match std::fs::remove_file(path) {
                Ok(()) => {
                    used -= size;
                    removed += 1;
                }
                Err(error) => last_error = Some(error),
            }
        }
        self.used.store(used, Ordering::Relaxed);
        if let Some(error) = last_error {
            tracing::warn!(%error, "old response not removed from disk");
        }
        if removed > 0 {
            tracing::info!(removed, bytes_left = used, "old responses removed from disk");
        }
        Ok(())
    }
}

fn size_on_disk(length: u64) -> u64 {
    length.div_ceil(BLOCK).max(1).saturating_mul(BLOCK)
}

#[cfg(test)]
mod tests {
    use std::fs::{File, FileTimes};

    use tempfile::TempDir;

    use super::*;

    /// Writes a file of one block, last modified `age` ago.
    fn write_file(folder: &TempDir, name: &str, age: Duration) {
        let path = folder.path().join(name);
        std::fs::write(&path, "body").expect("written");
        let file = File::options().write(true).open(&path).expect("a file");
        let modified = SystemTime::now() - age;
        file.set_times(FileTimes::new().set_modified(modified)).expect("its time");
    }

    fn names(folder: &TempDir) -> Vec<String> {
        let files = std::fs::read_dir(folder.path()).expect("a folder").flatten();
        let mut names: Vec<String> =
            files.map(|file| file.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_sweep_removes_old_files_and_then_the_oldest_until_there_is_space() {
        let folder = TempDir::new().expect("a folder");
        write_file(&folder, "older-than-a-month", 31 * DAY);
        for days in [1, 2, 3, 29] {
            write_file(&folder, &format!("{days}-days"), days * DAY);
        }
        let quota = DiskQuota::with_limit(folder.path(), 100 * BLOCK);
        quota.sweep().expect("swept");
        assert_eq!(names(&folder), ["1-days", "2-days", "29-days", "3-days"]);
        assert_eq!(quota.used.load(Ordering::Relaxed), 4 * BLOCK);
        let quota = DiskQuota::with_limit(folder.path(), 3 * BLOCK);
        quota.sweep().expect("swept");
        assert_eq!(names(&folder), ["1-days", "2-days"]);
        assert_eq!(quota.used.load(Ordering::Relaxed), 2 * BLOCK);
        std::fs::remove_dir_all(folder.path()).expect("gone");
        assert!(quota.sweep().is_err());
    }

    #[tokio::test]
    async fn a_file_that_does_not_fit_is_rejected_until_a_sweep_has_freed_space() {
        let folder = TempDir::new().expect("a folder");
        let quota = Arc::new(DiskQuota::with_limit(folder.path(), 4 * BLOCK));
        for name in ["a", "b", "c", "d"] {
            assert!(quota.reserve(10));
            write_file(&folder, name, DAY);
        }
        assert!(!quota.reserve(10), "a fifth block");
        assert!(!quota.reserve(usize::MAX));
        while quota.is_sweeping.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(names(&folder).len(), 3);
        assert!(quota.reserve(BLOCK as usize));
        assert!(!quota.reserve(BLOCK as usize + 1), "two blocks");
    }
}
