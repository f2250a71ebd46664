//! A copy of the store in one file: made while a server runs, checked, and put back.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::integrity::{Contents, IntegrityError, read};
use super::{database, lock};

/// Why there is no copy, or why it was not put back. Each names what the operator gave.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file of that name is there.
    #[error("{0}: there is such a file already; --replace takes its place")]
    Exists(PathBuf),
    /// There is no store to copy.
    #[error("--data {folder}: there is no store in it ({file})", file = database::FILE)]
    NoStore {
        /// As the operator gave it.
        folder: PathBuf,
    },
    /// A server runs on the folder.
    #[error("--data {0}: a server uses it; stop it first")]
    InUse(PathBuf),
    /// The system.
    #[error("{path}: {cause}")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// SQLite.
    #[error("{path}: {cause}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        cause: sqlx::Error,
    },
    /// The copy is not good.
    #[error("{path}: {flaw}")]
    Flawed {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        flaw: IntegrityError,
    },
}

/// What became of a restore.
#[derive(Debug)]
pub struct Restored {
    /// What is in the store now.
    pub contents: Contents,
    /// Where the store that was there before stands now.
    pub before: Option<PathBuf>,
}

/// Copies the store of a folder into a file, also while a server writes to it: the copy is of one moment, and holds no edit by half
/// (<https://sqlite.org/lang_vacuum.html#vacuuminto>). The file appears when it is whole, checked, and has reached the disk.
///
/// # Errors
/// When there is no copy then. What stood at `file` is as it was.
pub async fn back_up(folder: &Path, file: &Path, replace: bool) -> Result<Contents, BackupError> {
    let store = folder.join(database::FILE);
    if !store.exists() {
        return Err(BackupError::NoStore { folder: folder.to_owned() });
    }
    if !replace && file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let beside = with_ending(file, ".new");
    let made = async {
        remove(&beside)?;
        // It is made for its owner alone: it holds where citizens live.
        let empty = private().write(true).create_new(true).open(&beside);
        empty.map_err(at(&beside))?;
        copy(&store, &beside)
            .await
            .map_err(|cause| BackupError::Database { path: beside.clone(), cause })?;
        File::open(&beside).and_then(|file| file.sync_all()).map_err(at(&beside))?;
        let contents = check(&beside).await?;
        if !replace && file.exists() {
            return Err(BackupError::Exists(file.to_owned()));
        }
        fs::rename(&beside, file).map_err(at(file))?;
        sync_folder_of(file)?;
        Ok(contents)
    };
    let made = made.await;
    if made.is_err() {
        let _ = fs::remove_file(&beside);
    }
    made
}

/// Looks whether a file is a good copy: whole, of a version that this one knows, and every board in it can be read.
///
/// # Errors
/// What is wrong with it.
pub async fn check(file: &Path) -> Result<Contents, BackupError> {
    let flawed = |flaw| BackupError::Flawed { path: file.to_owned(), flaw };
    File::open(file).map_err(at(file))?;
    let log = with_ending(file, "-wal");
    if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
        return Err(flawed(IntegrityError::InUse));
    }
    read(file).await.map_err(flawed)
}

/// Puts a copy in the place of the store in a folder, once it is found to be good. What was there is kept beside.
///
/// # Errors
/// When it was not put back. The store is as it was.
pub async fn restore(file: &Path, folder: &Path) -> Result<Restored, BackupError> {
    let contents = check(file).await?;
    fs::create_dir_all(folder).map_err(at(folder))?;
    let claim = lock::alone(folder).map_err(at(folder))?;
    let Some(_claim) = claim else { return Err(BackupError::InUse(folder.to_owned())) };
    let store = folder.join(database::FILE);
    let beside = with_ending(&store, ".new");
    remove(&beside)?;
    fs::copy(file, &beside).map_err(at(&beside))?;
    give_to_owner_of(folder, &beside)?;
    File::open(&beside).and_then(|file| file.sync_all()).map_err(at(&beside))?;
    let before = match store.exists() {
        true => Some(set_aside(&store).await?),
        false => None,
    };
    // The one moment at which the store becomes another.
    fs::rename(&beside, &store).map_err(at(&store))?;
    sync_folder_of(&store)?;
    Ok(Restored { contents, before })
}

async fn copy(store: &Path, to: &Path) -> Result<(), sqlx::Error> {
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
    let before = with_ending(store, &moment);
    // Everything goes into the one file, if it can be read at all. Otherwise its log keeps it company under the new name.
    if let Ok(connection) = database::writing(store).connect().await {
        let _ = connection.close().await;
    }
    for ending in ["-wal", "-shm"] {
        let (from, to) = (with_ending(store, ending), with_ending(&before, ending));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            other => other.map_err(at(&from))?,
        }
    }
    if fs::hard_link(store, &before).is_err() {
        fs::copy(store, &before).map_err(at(&before))?;
    }
    Ok(before)
}

/// A server that runs as another user must be able to write what its operator restored.
#[cfg(unix)]
fn give_to_owner_of(folder: &Path, file: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::{MetadataExt, chown};

    let owner = fs::metadata(folder).map_err(at(folder))?;
    let mine = fs::metadata(file).map_err(at(file))?;
    if (mine.uid(), mine.gid()) != (owner.uid(), owner.gid()) {
        chown(file, Some(owner.uid()), Some(owner.gid())).map_err(at(file))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn give_to_owner_of(_: &Path, _: &Path) -> Result<(), BackupError> {
    Ok(())
}

fn private() -> fs::OpenOptions {
    #[allow(unused_mut, reason = "only where files have a mode")]
    let mut options = File::options();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A file is there for certain once its folder is on the disk, too.
fn sync_folder_of(file: &Path) -> Result<(), BackupError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    }
    Ok(())
}

fn remove(file: &Path) -> Result<(), BackupError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(at(file)),
    }
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |cause| BackupError::File { path, cause }
}
