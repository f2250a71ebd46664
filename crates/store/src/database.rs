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
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// A log of changes that grew is cut back to this size once it is in the database, in bytes.
const WAL_SIZE_LIMIT: &str = "67108864";

pub(super) struct Database {
    /// Kept as long as the store is open.
    _lock: Option<File>,
    file: PathBuf,
    readers: ArcSwap<SqlitePool>,
    /// Whether they may have been opened when nothing could be written.
    degraded: AtomicBool,
}

impl Database {
    /// Opens the file in a folder, makes it when it is not there, and brings it to this version. Where it cannot be written it is opened for
    /// reading alone, and it is told why.
    pub async fn open(
        folder: &Path,
    ) -> Result<(Arc<Self>, Result<SqliteConnection, DatabaseError>), StoreError> {
        let lock_file = lock::shared(folder);
        let file = folder.join(FILE);
        let database = |readers, degraded: bool| {
            let (readers, degraded) = (ArcSwap::from_pointee(readers), degraded.into());
            Arc::new(Database { _lock: lock_file, file: folder.join(FILE), readers, degraded })
        };
        match open_to_write(&file).await {
            Ok(connection) => Ok((database(open_to_read(&file).await?, false), Ok(connection))),
            Err(StoreError::Database(error))
                if error.outage.is_some_and(|it| it != Outage::Busy) =>
            {
                let readers = open_degraded(&file, &error).await?;
                Ok((database(readers, true), Err(error)))
            }
            Err(error) => Err(error),
        }
    }

    /// The connections that read.
    pub fn readers(&self) -> Arc<SqlitePool> {
        self.readers.load_full()
    }

    /// All that is open may be good for reading only: SQLite opens a file so, without a word, when it cannot be written.
    pub fn mark_degraded(&self) {
        self.degraded.store(true, Ordering::Relaxed);
    }

    /// A connection that writes.
    pub async fn open_to_write(&self) -> Result<SqliteConnection, DatabaseError> {
        let options = write_options(&self.file).create_if_missing(false);
        if !self.degraded.load(Ordering::Relaxed) {
            return Ok(options.connect().await?);
        }
        lock::probe_folder_of(&self.file).map_err(sqlx::Error::from)?;
        // While any connection of this process has what stands beside the file open for reading alone, no other can write it. For this
        // moment nothing can be read.
        self.readers().close().await;
        let opened = options.connect().await.map_err(DatabaseError::from);
        let readers = match &opened {
            Ok(_) => open_to_read(&self.file).await?,
            Err(_) => pool_options().connect_with(degraded_options(&self.file)).await?,
        };
        self.readers.store(Arc::new(readers));
        self.degraded.store(opened.is_err(), Ordering::Relaxed);
        opened
    }
}

async fn open_to_write(file: &Path) -> Result<SqliteConnection, StoreError> {
    let mut connection = write_options(file).create_if_missing(true).connect().await?;
    MIGRATIONS.run_direct(None, &mut connection, false).await?;
    Ok(connection)
}

async fn open_to_read(file: &Path) -> Result<SqlitePool, sqlx::Error> {
    pool_options().connect_with(read_options(file)).await
}

/// Opens for reading alone what cannot be written now. Only a database of this very version can be read so.
async fn open_degraded(file: &Path, error: &DatabaseError) -> Result<SqlitePool, StoreError> {
    let pool =
        pool_options().connect_with(degraded_options(file)).await.map_err(|_| error.clone())?;
    let version: i64 = sqlx::query_scalar("select max(version) from _sqlx_migrations")
        .fetch_one(&pool)
        .await
        .map_err(|_| error.clone())?;
    if MIGRATIONS.iter().all(|migration| migration.version != version)
        || MIGRATIONS.iter().any(|migration| migration.version > version)
    {
        return Err(error.clone().into());
    }
    Ok(pool)
}

/// Without a log, nothing has to be put beside the file to read it.
fn degraded_options(file: &Path) -> SqliteConnectOptions {
    read_options(file).immutable(wal_is_empty(file))
}

/// Whether everything stands in the file itself.
fn wal_is_empty(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).map_or(true, |log| log.len() == 0)
}

fn pool_options() -> SqlitePoolOptions {
    // What is read comes from the system's cache: more connections than cores would only wait for each other.
    let cores = std::thread::available_parallelism().map_or(4, NonZero::get);
    SqlitePoolOptions::new()
        .max_connections(u32::try_from(cores).unwrap_or(u32::MAX).clamp(4, 16))
        .acquire_timeout(BUSY_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// No memory is mapped: with it, a disk that fails would end the process instead of giving an error. Each connection keeps the 2 MB of pages
/// that SQLite gives it, since what another connection writes makes them worthless.
fn read_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(file).read_only(true).busy_timeout(BUSY_TIMEOUT)
}

/// Every thousand pages the log is brought into the database by who commits then, which is SQLite's own way and keeps the log at a few MB.
pub(super) fn write_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        // An acknowledged edit survives a loss of power, not only a crash.
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", WAL_SIZE_LIMIT)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMissing(version) => StoreError::NewerSchema(version),
            error => StoreError::Migration(error),
        }
    }
}
