//! File lock of the data folder: servers share it, a restore takes it exclusively. The operating
//! system releases it when the process ends, however it ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// The lock file; always empty.
const FILE: &str = "voordeur.lock";

/// Locks the folder for a server. `None` when the folder cannot be written: no restore is possible
/// there either.
pub(super) fn shared(folder: &Path) -> Option<File> {
    let file = open(folder).ok()?;
    file.try_lock_shared().ok().map(|()| file)
}

/// Locks the folder exclusively; `None` when another process holds the lock.
pub(super) fn exclusive(folder: &Path) -> io::Result<Option<File>> {
    let file = open(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Checks that files can be created beside a file.
pub(super) fn probe_folder_of(file: &Path) -> io::Result<()> {
    let beside = file.with_extension("try");
    File::create(&beside)?;
    std::fs::remove_file(&beside)
}

/// The file may belong to the user of the server: opening it for reading is enough to lock it.
fn open(folder: &Path) -> io::Result<File> {
    let path = folder.join(FILE);
    File::open(&path)
        .or_else(|_| OpenOptions::new().write(true).create(true).truncate(false).open(&path))
}
