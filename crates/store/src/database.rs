//! The file of the database, and the connections to it: one that writes, and several that read, which never wait for the writer nor make it
//! wait (<https://sqlite.org/wal.html>).

use std::fs::File;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, SqliteConnection};

use super::error::{DatabaseError, Outage};
use super::{StoreError, lock};

/// What leads from every earlier version to this one.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!();

/// The name of the file, in the folder of the data.
pub(super) const FILE: &str = "voordeur.sqlite";
/// Another process that holds the file is waited for so long.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// A log of changes that grew is cut back to this size once it is in the database, in bytes.
const LARGEST_LOG_KEPT: &str = "67108864";

pub(super) struct Database {
    /// Kept as long as the store is open.
    _claim: Option<File>,
    file: PathBuf,
    readers: ArcSwap<SqlitePool>,
    /// Whether they may have been opened when nothing could be written.
    makeshift: AtomicBool,
}

impl Database {
    /// Opens the file in a folder, makes it when it is not there, and brings it to this version. Where it cannot be written it is opened for
    /// reading alone, and it is told why.
    pub async fn open(
        folder: &Path,
    ) -> Result<(Arc<Self>, Result<SqliteConnection, DatabaseError>), StoreError> {
        let claim = lock::shared(folder);
        let file = folder.join(FILE);
        let database = |readers, makeshift: bool| {
            let (readers, makeshift) = (ArcSwap::from_pointee(readers), makeshift.into());
            Arc::new(Database { _claim: claim, file: folder.join(FILE), readers, makeshift })
        };
        match open_to_write(&file).await {
            Ok(connection) => Ok((database(open_to_read(&file).await?, false), Ok(connection))),
            Err(StoreError::Database(fault))
                if fault.outage.is_some_and(|it| it != Outage::Busy) =>
            {
                let readers = open_as_it_stands(&file, &fault).await?;
                Ok((database(readers, true), Err(fault)))
            }
            Err(problem) => Err(problem),
        }
    }

    /// The connections that read.
    pub fn readers(&self) -> Arc<SqlitePool> {
        self.readers.load_full()
    }

    /// All that is open may be good for reading only: SQLite opens a file so, without a word, when it cannot be written.
    pub fn distrust(&self) {
        self.makeshift.store(true, Ordering::Relaxed);
    }

    /// A connection that writes.
    pub async fn open_to_write(&self) -> Result<SqliteConnection, DatabaseError> {
        let options = writing(&self.file).create_if_missing(false);
        if !self.makeshift.load(Ordering::Relaxed) {
            return Ok(options.connect().await?);
        }
        lock::try_folder_of(&self.file).map_err(sqlx::Error::from)?;
        // While any connection of this process has what stands beside the file open for reading alone, no other can write it. For this
        // moment nothing can be read.
        self.readers().close().await;
        let opened = options.connect().await.map_err(DatabaseError::from);
        let readers = match &opened {
            Ok(_) => open_to_read(&self.file).await?,
            Err(_) => pool().connect_with(as_it_stands(&self.file)).await?,
        };
        self.readers.store(Arc::new(readers));
        self.makeshift.store(opened.is_err(), Ordering::Relaxed);
        opened
    }
}

async fn open_to_write(file: &Path) -> Result<SqliteConnection, StoreError> {
    let mut connection = writing(file).create_if_missing(true).connect().await?;
    MIGRATIONS.run_direct(None, &mut connection, false).await?;
    Ok(connection)
}

async fn open_to_read(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    pool().connect_with(reading(file)).await
}

/// Opens for reading alone what cannot be written now. Only a database of this very version can be read so.
async fn open_as_it_stands(file: &Path, fault: &DatabaseError) -> Result<SqlitePool, StoreError> {
    let pool = pool().connect_with(as_it_stands(file)).await.map_err(|_| fault.clone())?;
    let version: i64 = sqlx::query_scalar("select max(version) from _sqlx_migrations")
        .fetch_one(&pool)
        .await
        .map_err(|_| fault.clone())?;
    if MIGRATIONS.iter().all(|migration| migration.version != version)
        || MIGRATIONS.iter().any(|migration| migration.version > version)
    {
        return Err(fault.clone().into());
    }
    Ok(pool)
}

/// Without a log, nothing has to be put beside the file to read it.
fn as_it_stands(file: &Path) -> SqliteConnectOptions {
    reading(file).immutable(no_log(file))
}

/// Whether everything stands in the file itself.
fn no_log(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).map_or(true, |log| log.len() == 0)
}

fn pool() -> SqlitePoolOptions {
    // What is read comes from the system's cache: more connections than cores would only wait for each other.
    let cores = std::thread::available_parallelism().map_or(4, NonZero::get);
    SqlitePoolOptions::new()
        .max_connections(u32::try_from(cores).unwrap_or(u32::MAX).clamp(4, 16))
        .acquire_timeout(LONGEST_WAIT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// No memory is mapped: with it, a disk that fails would end the process instead of giving an error. Each connection keeps the 2 MB of pages
/// that SQLite gives it, since what another connection writes makes them worthless.
fn reading(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(LONGEST_WAIT)
}

/// Every thousand pages the log is brought into the database by who commits then, which is SQLite's own way and keeps the log at a few MB.
pub(super) fn writing(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged edit survives a loss of power, not only a crash.
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", LARGEST_LOG_KEPT)
        .foreign_keys(true)
        .busy_timeout(LONGEST_WAIT)
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMissing(version) => StoreError::Newer(version),
            error => StoreError::Migration(error),
        }
    }
}
