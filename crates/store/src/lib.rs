//! The database of boards.
//!
//! An edit is applied to the current board exactly once, unless another tab changed the same part
//! meanwhile (`merge`). It is acknowledged when it is durable. Readers never wait for the writer.

#![warn(missing_docs)]

mod agenda_feeds;
pub mod appearance;
pub mod backup;
mod board;
mod board_delta;
mod change_summary;
mod citizens;
mod clock;
mod database;
mod disk_space;
mod document;
mod edit;
mod edit_transaction;
mod error;
#[cfg(feature = "fixtures")]
pub mod fixtures;
mod guest_retention;
mod imported;
mod integrity;
mod lock;
mod maintenance;
mod merge;
mod new_card;
mod schema;
mod stored_width;
mod token;
mod undo_history;
mod writer;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinHandle;

use self::clock::{Clock, ClockWatch, SystemClock};
use self::database::Database;
use self::disk_space::DiskSpace;
use self::error::OutageLog;
use self::guest_retention::LastSeen;
use self::writer::Writer;

pub use agenda_feeds::{AgendaFeed, MAX_AGENDA_FEEDS};
pub use board::{
    Board, Card, CardPosition, FIRST_PAGE, MAX_BOARD_BYTES, MAX_CARDS, MAX_PAGE_NAME_CHARS,
    MAX_PAGES, Page, RemovedCard,
};
pub use change_summary::ChangeSummary;
pub use citizens::Citizen;
pub use disk_space::MinFreeSpace;
pub use edit::{Direction, Edit, EditError};
pub use edit_transaction::{AppliedEdit, GUEST_BYTES, Growth, MAX_EDIT_BYTES, Submission};
pub use error::{DatabaseError, Outage};
pub use guest_retention::GUEST_RETENTION;
pub use imported::{ImportedCard, ImportedPage};
pub use integrity::{IntegrityError, RowError, StoreSummary};
pub use merge::ConflictSubject;
pub use new_card::NewCard;
pub use token::{Token, short_id};
pub use undo_history::{Change, History, UndoState};

/// [`Store::check`] relies on the last commit when it is younger than this, and writes otherwise.
const WRITE_CHECK_VALIDITY: Duration = Duration::from_secs(10);

/// The store of boards. Clones share the connections.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    read_outages: Arc<OutageLog>,
    writer: Arc<Writer>,
    last_seen: Arc<LastSeen>,
    disk_space: Arc<DiskSpace>,
    clock: Arc<dyn Clock>,
    clock_watch: Arc<Mutex<ClockWatch>>,
    /// The last day that was recorded as observed, in days since 1970.
    recorded_day: Arc<AtomicI64>,
    /// Whether the log says that guests are kept against the date.
    kept_logged: Arc<AtomicBool>,
    maintenance: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// A failed operation of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The edit is invalid on the current board.
    #[error(transparent)]
    InvalidEdit(#[from] EditError),
    /// Another tab changed what the edit would change.
    #[error("the board was changed in another tab")]
    Conflict(Box<Conflict>),
    /// Too little disk space is left for a new guest.
    #[error("disk space is low")]
    LowDiskSpace,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// A migration failed.
    #[error("migration failed")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A newer version wrote the database.
    #[error("database written by a newer version of Voordeur: unknown schema {0}")]
    NewerSchema(i64),
    /// A row that this version cannot read.
    #[error("unreadable row")]
    UnreadableRow(#[from] serde_json::Error),
}

/// An edit that was not applied, since another tab changed what it would change.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// The part that both edits changed.
    pub subject: ConflictSubject,
    /// The current board.
    pub board: Board,
    /// The board as the edit would make it; absent for undo, redo and go-to.
    pub proposed: Option<Board>,
    /// The change that undo or redo would affect.
    pub change: Option<ChangeSummary>,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Database(error.into())
    }
}

impl StoreError {
    /// The outage, when the error is a temporary one.
    pub fn outage(&self) -> Option<Outage> {
        match self {
            StoreError::Database(error) => error.outage,
            _ => None,
        }
    }
}

impl Store {
    /// Opens the database in a folder, and creates it when absent. When it cannot be written now it
    /// is opened read-only: edits work again once it can be.
    ///
    /// # Errors
    /// When the file cannot be opened or a migration fails.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_with(folder, MinFreeSpace::default()).await
    }

    /// Like [`open`](Store::open); no guest is created while less than this space is free.
    ///
    /// # Errors
    /// When the file cannot be opened or a migration fails.
    pub async fn open_with(folder: &Path, min_free: MinFreeSpace) -> Result<Self, StoreError> {
        Self::open_with_clock(folder, min_free, Arc::new(SystemClock::new())).await
    }

    async fn open_with_clock(
        folder: &Path,
        min_free: MinFreeSpace,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, StoreError> {
        let (database, connection) = Database::open(folder).await?;
        let writer = Writer::new(Arc::clone(&database), connection);
        Ok(Store {
            database,
            read_outages: Arc::new(OutageLog::new("read")),
            writer: Arc::new(writer),
            last_seen: Arc::default(),
            disk_space: Arc::new(DiskSpace::new(folder, min_free)),
            clock,
            clock_watch: Arc::default(),
            recorded_day: Arc::new(AtomicI64::new(i64::MIN)),
            kept_logged: Arc::default(),
            maintenance: Arc::default(),
        })
    }

    /// Starts the background tasks: last-seen times, outage probes and guest retention.
    pub fn start_maintenance(&self) {
        let before = self.maintenance().replace(maintenance::start(self.clone()));
        if let Some(before) = before {
            before.abort();
        }
    }

    /// Checks that the database can be read and written.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check(&self) -> Result<(), StoreError> {
        let readers = self.database.readers();
        let read = sqlx::query("select count(*) from board where citizen = ''");
        self.read_outages.record(read.fetch_one(&*readers).await)?;
        let last_commit = self.writer.last_commit().await;
        let written_lately = last_commit.is_some_and(|at| at.elapsed() < WRITE_CHECK_VALIDITY);
        if written_lately && !self.writer.outages.is_ongoing() {
            return Ok(());
        }
        self.probe_write().await
    }

    /// Writes a value that does not change, which still has to reach the disk.
    async fn probe_write(&self) -> Result<(), StoreError> {
        let work = self.writer.write(|connection| {
            async move {
                sqlx::query("pragma user_version = 0").execute(connection).await?;
                Ok(())
            }
            .boxed()
        });
        work.await
    }

    /// Writes pending last-seen times and closes all connections after running operations.
    pub async fn close(&self) {
        if let Some(maintenance) = self.maintenance().take() {
            maintenance.abort();
        }
        if let Err(error) = self.flush_last_seen().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "last-seen times not written at shutdown"
            );
        }
        // The last connection to close runs the checkpoint, so it has to be the one that can write.
        self.database.readers().close().await;
        self.writer.close().await;
    }

    fn maintenance(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.maintenance.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clock_watch(&self) -> MutexGuard<'_, ClockWatch> {
        // An observation cannot panic half-way, and a lost one only prolongs the wait.
        self.clock_watch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
