//! Backups: one file, written while a server runs, verified, and restored.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::integrity::{IntegrityError, StoreSummary};
use super::{database, integrity, lock};

/// A backup or restore that failed. The messages name the options that the operator gave.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target file exists.
    #[error("{0}: the file exists; use --replace to overwrite it")]
    Exists(PathBuf),
    /// The folder has no database.
    #[error("--data {folder}: no database in this folder ({file})", file = database::FILE)]
    NoDatabase {
        /// The folder.
        folder: PathBuf,
    },
    /// A server holds the lock of the folder.
    #[error("--data {0}: in use by a server; stop it first")]
    InUse(PathBuf),
    /// An input or output error.
    #[error("{path}: I/O error")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A database error.
    #[error("{path}: database error")]
    Database {
        /// The file.
        path: PathBuf,
        /// The error of SQLite.
        source: sqlx::Error,
    },
    /// The file is not a valid backup.
    #[error("{path}: not a valid backup")]
    Integrity {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: IntegrityError,
    },
}

/// The result of a restore.
#[derive(Debug)]
pub struct Restored {
    /// Contents of the restored database.
    pub summary: StoreSummary,
    /// The file that the previous database was moved to.
    pub previous_database: Option<PathBuf>,
}

/// Copies the database of a folder into a file, also while a server writes to it. The copy is a
/// snapshot of one moment (<https://sqlite.org/lang_vacuum.html#vacuuminto>). The file appears
/// under its name only when it is complete, verified and synced.
///
/// # Errors
/// When the backup fails. An existing `file` is left unchanged.
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
        // Readable by the owner alone: it holds the places where citizens live.
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

/// Verifies a backup: undamaged, exactly of a known schema, and every row readable and within
/// bounds. Nothing in the file is run.
///
/// # Errors
/// The reason why it is not a valid backup.
pub async fn check(file: &Path) -> Result<StoreSummary, BackupError> {
    check_complete(file)?;
    check_contents(file, file).await
}

/// Checks that a file can be read and that all of it is in it.
fn check_complete(file: &Path) -> Result<(), BackupError> {
    File::open(file).map_err(io_error(file))?;
    let log = with_suffix(file, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        let source = IntegrityError::InUse;
        return Err(BackupError::Integrity { path: file.to_owned(), source });
    }
    Ok(())
}

/// Checks a file, or the copy of one.
async fn check_contents(file: &Path, copy: &Path) -> Result<StoreSummary, BackupError> {
    let integrity_error = |source| BackupError::Integrity { path: file.to_owned(), source };
    integrity::check(copy).await.map_err(integrity_error)
}

/// Verifies a backup and puts it in place of the database of a folder. The previous database is
/// kept under another name.
///
/// # Errors
/// When the restore fails. The previous database is then unchanged.
pub async fn restore(file: &Path, folder: &Path) -> Result<Restored, BackupError> {
    check_complete(file)?;
    fs::create_dir_all(folder).map_err(io_error(folder))?;
    let lock = lock::exclusive(folder).map_err(io_error(folder))?;
    let Some(_lock) = lock else { return Err(BackupError::InUse(folder.to_owned())) };
    let store = folder.join(database::FILE);
    let temporary = with_suffix(&store, ".new");
    let restored = replace(file, &temporary, &store).await;
    if restored.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    restored
}

async fn replace(file: &Path, temporary: &Path, store: &Path) -> Result<Restored, BackupError> {
    remove(temporary)?;
    fs::copy(file, temporary).map_err(io_error(temporary))?;
    // The copy is checked, since nobody else writes it.
    let summary = check_contents(file, temporary).await?;
    chown_like(store.parent().unwrap_or(Path::new(".")), temporary)?;
    File::open(temporary).and_then(|file| file.sync_all()).map_err(io_error(temporary))?;
    let previous = match store.exists() {
        true => Some(set_aside(store).await?),
        false => None,
    };
    // Atomic switch to the restored database.
    fs::rename(temporary, store).map_err(io_error(store))?;
    sync_parent_of(store)?;
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

/// Gives the database a second name, and moves its -wal and -shm files away: SQLite would apply
/// them to the restored database.
async fn set_aside(store: &Path) -> Result<PathBuf, BackupError> {
    let moment = Timestamp::now().strftime(".before-%Y-%m-%dT%H-%M-%SZ").to_string();
    let previous = unused(&with_suffix(store, &moment));
    // Merges the log into the file if the database can be opened. Otherwise the log moves along
    // under the new name.
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

/// A server that runs as another user has to be able to write the restored file.
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

/// A renamed file is durable only when its folder is synced, too.
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

/// The name, or the name with a number when it is taken: a clock that was put back repeats moments,
/// and a store that was set aside is never overwritten.
fn unused(file: &Path) -> PathBuf {
    let numbered = (2u32..).map(|number| with_suffix(file, &format!("-{number}")));
    let mut names = std::iter::once(file.to_owned()).chain(numbered);
    let is_unused = |name: &PathBuf| {
        !["", "-wal", "-shm"].iter().any(|suffix| with_suffix(name, suffix).exists())
    };
    names.find(is_unused).unwrap_or_else(|| file.to_owned())
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::Io { path, source }
}
