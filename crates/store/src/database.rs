//! The database file and its connections: one writer and a pool of readers, which in WAL mode never
//! wait for each other (<https://sqlite.org/wal.html>).

use std::fs::File;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use arc_swap::ArcSwap;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, SqlSafeStr, SqliteConnection};

use super::error::{DatabaseError, Outage};
use super::{StoreError, lock};

/// The migrations from every earlier schema to this one. `sqlx::migrate!` would compile SQLite and
/// sqlx a second time, for the macro.
pub(super) static MIGRATIONS: LazyLock<Migrator> = LazyLock::new(|| {
    let migration = |(version, description, sql): (i64, &'static str, &'static str)| {
        let kind = MigrationType::Simple;
        Migration::new(version, description.into(), kind, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(MIGRATION_FILES.map(migration).into())
});

/// Version, description and SQL of each file in `migrations/`. A test compares them with the
/// folder.
const MIGRATION_FILES: [(i64, &str, &str); 7] = [
    (1, "boards", include_str!("../migrations/0001_boards.sql")),
    (2, "pages and changes", include_str!("../migrations/0002_pages_and_changes.sql")),
    (3, "look", include_str!("../migrations/0003_look.sql")),
    (4, "seen", include_str!("../migrations/0004_seen.sql")),
    (5, "observed days", include_str!("../migrations/0005_observed_days.sql")),
    (6, "agenda feeds", include_str!("../migrations/0006_agenda_feeds.sql")),
    (7, "reading", include_str!("../migrations/0007_reading.sql")),
];

/// The name of the database file in the data folder.
pub(super) const FILE: &str = "voordeur.sqlite";
/// Maximum wait for a lock that another process holds, and for a pooled connection.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// The write-ahead log is truncated to this size after a checkpoint, in bytes.
pub(super) const WAL_SIZE_LIMIT: &str = "16777216";

pub(super) struct Database {
    /// Held while the store is open.
    _lock: Option<File>,
    file: PathBuf,
    readers: ArcSwap<SqlitePool>,
    /// Whether connections may have been opened while the file could not be written.
    degraded: AtomicBool,
}

impl Database {
    /// Opens the database in a folder, creates it when absent, and migrates it. When it cannot be
    /// written now, opens it read-only and returns the reason in place of the writer.
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

    pub fn readers(&self) -> Arc<SqlitePool> {
        self.readers.load_full()
    }

    /// Marks all open connections as possibly read-only: SQLite silently opens a file read-only
    /// when it cannot be written.
    pub fn mark_degraded(&self) {
        self.degraded.store(true, Ordering::Relaxed);
    }

    /// Opens a connection for writing.
    pub async fn open_to_write(&self) -> Result<SqliteConnection, DatabaseError> {
        let options = write_options(&self.file).create_if_missing(false);
        if !self.degraded.load(Ordering::Relaxed) {
            return Ok(options.connect().await?);
        }
        lock::probe_folder_of(&self.file).map_err(sqlx::Error::from)?;
        // While any connection of this process has the -wal and -shm files open read-only, no other
        // connection can write them. Reads fail for this moment.
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

/// Opens read-only a database that cannot be written now, hence not migrated: only the current
/// schema will do.
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

/// Without a write-ahead log, reading needs no files beside the database (`immutable`).
fn degraded_options(file: &Path) -> SqliteConnectOptions {
    read_options(file).immutable(wal_is_empty(file))
}

fn wal_is_empty(file: &Path) -> bool {
    let mut log = file.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).map_or(true, |log| log.len() == 0)
}

fn pool_options() -> SqlitePoolOptions {
    // Reads are served from the page cache of the operating system: more connections than cores
    // would only wait for each other.
    let cores = std::thread::available_parallelism().map_or(4, NonZero::get);
    SqlitePoolOptions::new()
        .max_connections(u32::try_from(cores).unwrap_or(u32::MAX).clamp(4, 16))
        .acquire_timeout(BUSY_TIMEOUT)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// No memory-mapped I/O: an I/O error on a mapped page would kill the process with SIGBUS instead
/// of returning an error. Each connection keeps SQLite's default page cache of 2 MB, since every
/// commit of another connection invalidates it.
fn read_options(file: &Path) -> SqliteConnectOptions {
    connect_options(file).read_only(true)
}

/// A file may come from elsewhere: functions and virtual tables in its schema may not do harm
/// (<https://sqlite.org/security.html>), and damaged pages are recognized early.
fn connect_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("trusted_schema", "off")
        .pragma("cell_size_check", "on")
}

/// Options for a file that nobody writes, such as a backup.
pub(super) fn check_options(file: &Path) -> SqliteConnectOptions {
    connect_options(file).read_only(true).immutable(true)
}

/// Checkpoints are SQLite's own: the commit that takes the log past 1000 pages runs one, which
/// keeps the log at a few MB.
pub(super) fn write_options(file: &Path) -> SqliteConnectOptions {
    connect_options(file)
        .journal_mode(SqliteJournalMode::Wal)
        // Acknowledged edits survive a power failure, not only a crash.
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", WAL_SIZE_LIMIT)
        .foreign_keys(true)
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
