//! How much room the answers on disk may take: whoever makes up ever new questions must not fill the disk that boards are on.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// All answers together take no more than this, in bytes.
const MOST_BYTES: u64 = 1024 * 1024 * 1024;
/// After a sweep, no more than so many quarters of that are taken.
const QUARTERS_LEFT: u64 = 3;
/// A file takes whole blocks, in bytes.
const BLOCK: u64 = 4096;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// An answer that was not refreshed for this long is removed, however much room there is.
const LONGEST_KEPT: Duration = Duration::from_secs(30 * DAY.as_secs());

/// The room in a folder of answers. The answers that were fetched or confirmed last stay.
pub struct DiskQuota {
    folder: PathBuf,
    most_bytes: u64,
    /// How much is taken at most: what is written in the place of another file counts beside it until the next sweep.
    taken: AtomicU64,
    swept: Mutex<Instant>,
    is_being_swept: AtomicBool,
}

impl DiskQuota {
    /// The room in a folder of which nothing is known until it is swept.
    pub fn new(folder: &Path) -> Self {
        DiskQuota::of(folder, MOST_BYTES)
    }

    fn of(folder: &Path, most_bytes: u64) -> Self {
        DiskQuota {
            folder: folder.to_owned(),
            most_bytes,
            taken: AtomicU64::new(0),
            swept: Mutex::new(Instant::now()),
            is_being_swept: AtomicBool::new(false),
        }
    }

    /// Takes room for a file of so many bytes, when there is any. When there is none, or a day after the last time, the folder is swept; nobody
    /// waits for that.
    pub fn take(self: &Arc<Self>, length: usize) -> bool {
        let size = size_on_disk(u64::try_from(length).unwrap_or(u64::MAX));
        let fits =
            |taken: u64| Some(taken.saturating_add(size)).filter(|it| *it <= self.most_bytes);
        let fits = self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).is_ok();
        let swept = *self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = !fits || swept.elapsed() > DAY;
        if is_time && !self.is_being_swept.swap(true, Ordering::Relaxed) {
            let room = Arc::clone(self);
            tokio::task::spawn_blocking(move || {
                if let Err(error) = room.sweep() {
                    tracing::warn!(%error, "no room can be made for answers");
                }
                room.is_being_swept.store(false, Ordering::Relaxed);
            });
        }
        fits
    }

    /// Removes what is too old, and then the oldest until enough is free.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn sweep(&self) -> io::Result<()> {
        *self.swept.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for entry in std::fs::read_dir(&self.folder)?.flatten() {
            // One that is gone by now takes no room.
            let Ok(metadata) = entry.metadata() else { continue };
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            files.push((modified, size_on_disk(metadata.len()), entry.path()));
        }
        files.sort();
        let mut taken: u64 = files.iter().map(|(_, size, _)| size).sum();
        let enough = self.most_bytes / 4 * QUARTERS_LEFT;
        let (mut removed, mut cause) = (0_u64, None);
        for (modified, size, path) in &files {
            let is_old = modified.elapsed().is_ok_and(|age| age > LONGEST_KEPT);
            if !is_old && taken <= enough {
                break;
            }
            match std::fs::remove_file(path) {
                Ok(()) => {
                    taken -= size;
                    removed += 1;
                }
                Err(error) => cause = Some(error),
            }
        }
        self.taken.store(taken, Ordering::Relaxed);
        if let Some(error) = cause {
            tracing::warn!(%error, "an old answer cannot be removed");
        }
        if removed > 0 {
            tracing::info!(removed, bytes_left = taken, "old answers were removed from the disk");
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

    /// A file of a block that was written so long ago.
    fn keep(folder: &TempDir, name: &str, age: Duration) {
        let path = folder.path().join(name);
        std::fs::write(&path, "answer").expect("written");
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
    fn what_is_old_goes_and_so_do_the_oldest_when_there_is_no_room() {
        let folder = TempDir::new().expect("a folder");
        keep(&folder, "older-than-a-month", 31 * DAY);
        for days in [1, 2, 3, 29] {
            keep(&folder, &format!("{days}-days"), days * DAY);
        }
        let room = DiskQuota::of(folder.path(), 100 * BLOCK);
        room.sweep().expect("swept");
        assert_eq!(names(&folder), ["1-days", "2-days", "29-days", "3-days"]);
        assert_eq!(room.taken.load(Ordering::Relaxed), 4 * BLOCK);
        let room = DiskQuota::of(folder.path(), 3 * BLOCK);
        room.sweep().expect("swept");
        assert_eq!(names(&folder), ["1-days", "2-days"]);
        assert_eq!(room.taken.load(Ordering::Relaxed), 2 * BLOCK);
        std::fs::remove_dir_all(folder.path()).expect("gone");
        assert!(room.sweep().is_err());
    }

    #[tokio::test]
    async fn what_does_not_fit_is_not_kept_until_there_is_room() {
        let folder = TempDir::new().expect("a folder");
        let room = Arc::new(DiskQuota::of(folder.path(), 4 * BLOCK));
        for name in ["a", "b", "c", "d"] {
            assert!(room.take(10));
            keep(&folder, name, DAY);
        }
        assert!(!room.take(10), "it would be a fifth block");
        assert!(!room.take(usize::MAX));
        while room.is_being_swept.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(names(&folder).len(), 3);
        assert!(room.take(BLOCK as usize));
        assert!(!room.take(BLOCK as usize + 1), "two blocks");
    }
}
