//! Where boards are kept.
//!
//! An edit is made on the board as it is, once, unless another tab changed the very thing that it changes. It is acknowledged when it has
//! reached the disk. Whoever reads never waits for who writes.

pub mod appearance;
pub mod backup;
mod board;
mod change_summary;
mod citizens;
mod database;
mod document;
mod edit;
mod edit_transaction;
mod error;
#[cfg(feature = "fixtures")]
pub mod fixtures;
mod grid;
mod guest_retention;
mod integrity;
mod lock;
mod maintenance;
mod merge;
mod token;
mod undo_history;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinHandle;

use self::database::Database;
use self::error::OutageLog;
use self::guest_retention::LastSeen;
use self::writer::Writer;

pub use board::{
    Board, Card, CardPosition, FIRST_PAGE, MAX_PAGE_NAME_CHARS, MAX_PAGES, Page, RemovedCard,
};
pub use change_summary::ChangeSummary;
pub use citizens::Citizen;
pub use edit::{Direction, Edit, EditError};
pub use edit_transaction::{AppliedEdit, Submission};
pub use error::{DatabaseError, Outage};
pub use guest_retention::GUEST_RETENTION;
pub use integrity::{IntegrityError, StoreSummary};
pub use merge::ConflictSubject;
pub use token::{Token, short_id};
pub use undo_history::{Change, History, UndoState};

/// Who asks whether the store can be written gets what was seen so long ago at most.
const WRITE_CHECK_VALIDITY: Duration = Duration::from_secs(10);

/// The store of boards; a clone is the same store.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    read_outages: Arc<OutageLog>,
    writer: Arc<Writer>,
    last_seen: Arc<LastSeen>,
    maintenance: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What went wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The edit cannot be made on the board as it is now.
    #[error(transparent)]
    InvalidEdit(#[from] EditError),
    /// Another tab changed what the edit would change.
    #[error("the board was changed meanwhile")]
    Conflict(Box<Conflict>),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The migrations.
    #[error("the database cannot be brought to this version")]
    Migration(#[source] sqlx::migrate::MigrateError),
    /// A version that is not out yet for this one wrote it.
    #[error(
        "the database is of a newer version of Voordeur: this one does not know its schema {0}"
    )]
    NewerSchema(i64),
    /// A row that this version cannot read.
    #[error("a row cannot be read")]
    UnreadableRow(#[from] serde_json::Error),
}

/// An edit that was not made, since another tab changed what it would change.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What both changed.
    pub subject: ConflictSubject,
    /// The board as it is now.
    pub board: Board,
    /// What the edit would make of it.
    pub proposed: Option<Board>,
    /// The change that would be taken back or made again.
    pub change: Option<ChangeSummary>,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::Database(error.into())
    }
}

impl StoreError {
    /// The trouble, when it is one that passes.
    pub fn outage(&self) -> Option<Outage> {
        match self {
            StoreError::Database(error) => error.outage,
            _ => None,
        }
    }
}

impl Store {
    /// Opens the database in a folder, and makes it when it is not there. One that cannot be written now is opened for reading: it can be
    /// edited once the folder can be written again.
    ///
    /// # Errors
    /// When the file cannot be opened or the migrations fail.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let (database, connection) = Database::open(folder).await?;
        let writer = Writer::new(Arc::clone(&database), connection);
        Ok(Store {
            database,
            read_outages: Arc::new(OutageLog::new("read")),
            writer: Arc::new(writer),
            last_seen: Arc::default(),
            maintenance: Arc::default(),
        })
    }

    /// Begins what the store does by itself: visits are written down, and guests who stay away are removed.
    pub fn start_maintenance(&self) {
        let before = self.maintenance().replace(maintenance::start(self.clone()));
        if let Some(before) = before {
            before.abort();
        }
    }

    /// Whether the store can be read and written.
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

    /// Writes what stands there already, which reaches the disk like an edit.
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

    /// Writes what is not written yet, and ends all connections, after what is running.
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
        // The last connection brings everything into one file; that must be the one that can write.
        self.database.readers().close().await;
        self.writer.close().await;
    }

    fn maintenance(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.maintenance.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
