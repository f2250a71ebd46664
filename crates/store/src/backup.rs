//! A copy of the store in one file: made while a server runs, checked, and put back.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::integrity::{IntegrityError, StoreSummary};
use super::{database, integrity, lock};

/// Why there is no copy, or why it was not put back. Each names what the operator gave.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file of that name is there.
    #[error("{0}: there is such a file already; --replace takes its place")]
    Exists(PathBuf),
    /// There is no store to copy.
    #[error("--data {folder}: there is no store in it ({file})", file = database::FILE)]
    NoDatabase {
        /// As the operator gave it.
        folder: PathBuf,
    },
    /// A server runs on the folder.
    #[error("--data {0}: a server uses it; stop it first")]
    InUse(PathBuf),
    /// The system.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite.
    #[error("{path}: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The copy is not good.
    #[error("{path}: {source}")]
    Integrity {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: IntegrityError,
    },
}

/// What became of a restore.
#[derive(Debug)]
pub struct Restored {
    /// What is in the store now.
    pub summary: StoreSummary,
    /// Where the store that was there before stands now.
    pub previous_database: Option<PathBuf>,
}

/// Copies the store of a folder into a file, also while a server writes to it: the copy is of one moment, and holds no edit by half
/// (<https://sqlite.org/lang_vacuum.html#vacuuminto>). The file appears when it is whole, checked, and has reached the disk.
///
/// # Errors
/// When there is no copy then. What stood at `file` is as it was.
pub async fn back_up(
    folder: &Path,
    file: &Path,
    replace: bool,
) -> Result<StoreSummary, BackupError> {
    let store = folder.join(database::FILE);
    if !store.exists() {
        return Err(BackupError::NoDatabase { folder: folder.to_owned() });
    }
    if !replace && file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let temporary = with_suffix(file, ".new");
    let result = async {
        remove(&temporary)?;
        // It is made for its owner alone: it holds where citizens live.
        let empty = owner_only().write(true).create_new(true).open(&temporary);
        empty.map_err(io_error(&temporary))?;
        vacuum_into(&store, &temporary)
            .await
            .map_err(|source| BackupError::Database { path: temporary.clone(), source })?;
        File::open(&temporary).and_then(|file| file.sync_all()).map_err(io_error(&temporary))?;
        let summary = check(&temporary).await?;
        if !replace && file.exists() {
            return Err(BackupError::Exists(file.to_owned()));
        }
        fs::rename(&temporary, file).map_err(io_error(file))?;
        sync_parent_of(file)?;
        Ok(summary)
    };
    let result = result.await;
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}

/// Looks whether a file is a good copy: whole, of a version that this one knows, and every board in it can be read.
///
/// # Errors
/// What is wrong with it.
pub async fn check(file: &Path) -> Result<StoreSummary, BackupError> {
    let integrity_error = |source| BackupError::Integrity { path: file.to_owned(), source };
    File::open(file).map_err(io_error(file))?;
    let log = with_suffix(file, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(integrity_error(IntegrityError::InUse));
    }
    integrity::check(file).await.map_err(integrity_error)
}

/// Puts a copy in the place of the store in a folder, once it is found to be good. What was there is kept beside.
///
/// # Errors
/// When it was not put back. The store is as it was.
pub async fn restore(file: &Path, folder: &Path) -> Result<Restored, BackupError> {
    let summary = check(file).await?;
    fs::create_dir_all(folder).map_err(io_error(folder))?;
    let lock = lock::exclusive(folder).map_err(io_error(folder))?;
    let Some(_lock) = lock else { return Err(BackupError::InUse(folder.to_owned())) };
    let store = folder.join(database::FILE);
    let temporary = with_suffix(&store, ".new");
    remove(&temporary)?;
    fs::copy(file, &temporary).map_err(io_error(&temporary))?;
    chown_like(folder, &temporary)?;
    File::open(&temporary).and_then(|file| file.sync_all()).map_err(io_error(&temporary))?;
    let previous = match store.exists() {
        true => Some(set_aside(&store).await?),
        false => None,
    };
    // The one moment at which the store becomes another.
    fs::rename(&temporary, &store).map_err(io_error(&store))?;
    sync_parent_of(&store)?;
    Ok(Restored { summary, previous_database: previous })
}

async fn vacuum_into(store: &Path, to: &Path) -> Result<(), sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(store).read_only(true);
    let mut connection = options.connect().await?;
    let copied = sqlx::query("vacuum into $1")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await;
    connection.close().await?;
    copied.map(|_| ())
}

/// Gives the store a second name, and takes away what stands beside it and would be read as part of the new one.
async fn set_aside(store: &Path) -> Result<PathBuf, BackupError> {
    let moment = Timestamp::now().strftime(".before-%Y-%m-%dT%H-%M-%SZ").to_string();
    let previous = with_suffix(store, &moment);
    // Everything goes into the one file, if it can be read at all. Otherwise its log keeps it company under the new name.
    if let Ok(connection) = database::write_options(store).connect().await {
        let _ = connection.close().await;
    }
    for suffix in ["-wal", "-shm"] {
        let (from, to) = (with_suffix(store, suffix), with_suffix(&previous, suffix));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other.map_err(io_error(&from))?,
        }
    }
    if fs::hard_link(store, &previous).is_err() {
        fs::copy(store, &previous).map_err(io_error(&previous))?;
    }
    Ok(previous)
}

/// A server that runs as another user must be able to write what its operator restored.
#[cfg(unix)]
fn chown_like(folder: &Path, file: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::{MetadataExt, chown};

    let owner = fs::metadata(folder).map_err(io_error(folder))?;
    let mine = fs::metadata(file).map_err(io_error(file))?;
    if (mine.uid(), mine.gid()) != (owner.uid(), owner.gid()) {
        chown(file, Some(owner.uid()), Some(owner.gid())).map_err(io_error(file))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn chown_like(_: &Path, _: &Path) -> Result<(), BackupError> {
    Ok(())
}

fn owner_only() -> fs::OpenOptions {
    #[allow(unused_mut, reason = "only where files have a mode")]
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A file is there for certain once its folder is on the disk, too.
fn sync_parent_of(file: &Path) -> Result<(), BackupError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io_error(folder))?;
    }
    Ok(())
}

fn remove(file: &Path) -> Result<(), BackupError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(io_error(file)),
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { path, source }
}
