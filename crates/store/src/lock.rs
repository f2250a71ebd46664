//! Who uses the folder of the data: servers share it, a restore has it alone. The system lets go of a claim when its process ends, however
//! it ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// The file that is locked. Nothing stands in it.
const FILE: &str = "voordeur.lock";

/// Claims the folder for a server. Where no claim can be made there is none: a folder that cannot be written is not restored into either.
pub(super) fn shared(folder: &Path) -> Option<File> {
    let file = open(folder).ok()?;
    file.try_lock_shared().ok().map(|()| file)
}

/// Claims the folder alone; nothing when somebody uses it.
pub(super) fn exclusive(folder: &Path) -> io::Result<Option<File>> {
    let file = open(folder)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Whether something can be put beside a file.
pub(super) fn probe_folder_of(file: &Path) -> io::Result<()> {
    let beside = file.with_extension("try");
    File::create(&beside)?;
    std::fs::remove_file(&beside)
}

/// It may belong to another user, whose server made it: to lock it, reading is enough.
fn open(folder: &Path) -> io::Result<File> {
    let path = folder.join(FILE);
    File::open(&path)
        .or_else(|_| OpenOptions::new().write(true).create(true).truncate(false).open(&path))
}
