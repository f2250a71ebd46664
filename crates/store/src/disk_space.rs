//! The free space below which no guest is created, so that the guests there are can go on editing.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

const MIB: u64 = 1 << 20;
/// The default for a large disk.
const DEFAULT_BYTES: u64 = 512 * MIB;
/// The default for a small disk: a twentieth of it.
const DEFAULT_PERCENT: u64 = 5;

/// The free space below which no guest is created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MinFreeSpace {
    /// 512 MiB or 5 % of the file system, whichever is less.
    #[default]
    Auto,
    /// A number of bytes.
    Bytes(u64),
    /// A percentage of the file system.
    Percent(u8),
}

impl MinFreeSpace {
    fn bytes(self, total: u64) -> u64 {
        let share = |percent: u64| total / 100 * percent;
        match self {
            MinFreeSpace::Auto => DEFAULT_BYTES.min(share(DEFAULT_PERCENT)),
            MinFreeSpace::Bytes(bytes) => bytes,
            MinFreeSpace::Percent(percent) => share(u64::from(percent.min(100))),
        }
    }
}

impl FromStr for MinFreeSpace {
    type Err = String;

    /// Parses `auto`, `5%`, `512M`, `2G` and a number of bytes.
    fn from_str(text: &str) -> Result<Self, String> {
        let invalid = || {
            format!("`{text}` is none of `auto`, a percentage such as `5%`, a size such as `512M`")
        };
        if text == "auto" {
            return Ok(MinFreeSpace::Auto);
        }
        if let Some(percent) = text.strip_suffix('%') {
            let percent = percent.parse().ok().filter(|percent| *percent <= 100);
            return percent.map(MinFreeSpace::Percent).ok_or_else(invalid);
        }
        let units = [('K', 1 << 10), ('M', MIB), ('G', 1 << 30), ('T', 1 << 40)];
        let unit = units.iter().find_map(|(unit, bytes)| Some((text.strip_suffix(*unit)?, *bytes)));
        let (number, unit) = unit.unwrap_or((text, 1));
        let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
        bytes.map(MinFreeSpace::Bytes).ok_or_else(invalid)
    }
}

/// Watches the file system of the store.
pub(super) struct DiskSpace {
    folder: PathBuf,
    min_free: MinFreeSpace,
    is_low: AtomicBool,
}

/// The free space and size of a file system, in bytes.
struct FileSystem {
    free: u64,
    total: u64,
}

impl DiskSpace {
    pub fn new(folder: &Path, min_free: MinFreeSpace) -> Self {
        DiskSpace { folder: folder.to_owned(), min_free, is_low: AtomicBool::new(false) }
    }

    /// Whether there is too little space for a new guest. Logs when that begins and ends.
    pub fn is_low(&self) -> bool {
        let Some(FileSystem { free, total }) = file_system(&self.folder) else { return false };
        let min_free = self.min_free.bytes(total);
        let is_low = free < min_free;
        if self.is_low.swap(is_low, Ordering::Relaxed) != is_low {
            if is_low {
                tracing::error!(free, min_free, "disk space is low: no guests are created");
            } else {
                tracing::info!(free, min_free, "disk space suffices again: guests are created");
            }
        }
        is_low
    }
}

#[cfg(unix)]
fn file_system(folder: &Path) -> Option<FileSystem> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(FileSystem {
        free: found.f_bavail.saturating_mul(found.f_frsize),
        total: found.f_blocks.saturating_mul(found.f_frsize),
    })
}

/// Unknown elsewhere: a full disk is then found out by the write that fails.
#[cfg(not(unix))]
fn file_system(_: &Path) -> Option<FileSystem> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_is_a_size_or_a_share_of_the_disk() {
        let parsed = |text: &str| text.parse::<MinFreeSpace>().ok();
        assert_eq!(parsed("auto"), Some(MinFreeSpace::Auto));
        assert_eq!(parsed("5%"), Some(MinFreeSpace::Percent(5)));
        assert_eq!(parsed("0"), Some(MinFreeSpace::Bytes(0)));
        assert_eq!(parsed("512M"), Some(MinFreeSpace::Bytes(DEFAULT_BYTES)));
        assert_eq!(parsed("2G"), Some(MinFreeSpace::Bytes(2 << 30)));
        for wrong in ["", "%", "101%", "-1", "5 GB", "M", "99999999999999T"] {
            assert_eq!(parsed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_default_is_smaller_on_a_small_disk() {
        assert_eq!(MinFreeSpace::Auto.bytes(1 << 40), DEFAULT_BYTES);
        assert_eq!(MinFreeSpace::Auto.bytes(1_000 * MIB), 1_000 * MIB / 100 * 5);
        assert_eq!(MinFreeSpace::Percent(100).bytes(1_000), 1_000);
        assert_eq!(MinFreeSpace::Bytes(7).bytes(1_000), 7);
    }

    #[cfg(unix)]
    #[test]
    fn the_space_of_a_folder_is_known() {
        let folder = std::env::temp_dir();
        assert!(!DiskSpace::new(&folder, MinFreeSpace::Bytes(0)).is_low());
        assert!(DiskSpace::new(&folder, MinFreeSpace::Bytes(u64::MAX)).is_low());
    }
}
