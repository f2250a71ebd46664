//! Where boards are kept.
//!
//! An edit is made on the board as it is, once, unless another tab changed the very thing that it changes. It is acknowledged when it has
//! reached the disk. Whoever reads never waits for who writes.

#![warn(missing_docs)]

pub mod appearance;
pub mod backup;
mod board;
mod boards;
mod change_summary;
mod citizens;
mod database;
mod document;
mod edit;
mod error;
mod grid;
mod history;
mod integrity;
mod last_seen;
mod lock;
mod maintenance;
mod merge;
mod token;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::task::JoinHandle;

use self::database::Database;
use self::error::OutageLog;
use self::last_seen::LastSeen;
use self::writer::Writer;

pub use board::{Board, Card, FIRST_PAGE, Gone, LONGEST_NAME, MOST_PAGES, Page, Spot};
pub use boards::{Made, Submission};
pub use change_summary::ChangeSummary;
pub use citizens::Citizen;
pub use edit::{Direction, Edit, EditError};
pub use error::{DatabaseError, Outage};
pub use history::{Change, History, Steps};
pub use integrity::{Contents, IntegrityError};
pub use last_seen::GUEST_RETENTION;
pub use merge::ConflictSubject;
pub use token::{Token, short_id};

/// Who asks whether the store can be written gets what was seen so long ago at most.
const LAST_WRITE_TELLS: Duration = Duration::from_secs(10);

/// The store of boards; a clone is the same store.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
    reading: Arc<OutageLog>,
    writer: Arc<Writer>,
    visits: Arc<LastSeen>,
    upkeep: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// What went wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The edit cannot be made on the board as it is now.
    #[error(transparent)]
    Refused(#[from] EditError),
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
    Newer(i64),
    /// A row that this version cannot read.
    #[error("a row cannot be read")]
    Row(#[from] serde_json::Error),
}

/// An edit that was not made, since another tab changed what it would change.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What both changed.
    pub clash: ConflictSubject,
    /// The board as it is now.
    pub board: Board,
    /// What the edit would make of it.
    pub wished: Option<Board>,
    /// The change that would be taken back or made again.
    pub about: Option<ChangeSummary>,
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
            StoreError::Database(fault) => fault.outage,
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
            reading: Arc::new(OutageLog::of("read")),
            writer: Arc::new(writer),
            visits: Arc::default(),
            upkeep: Arc::default(),
        })
    }

    /// Begins what the store does by itself: visits are written down, and guests who stay away are removed.
    pub fn start_upkeep(&self) {
        let before = self.upkeep().replace(maintenance::start(self.clone()));
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
        self.reading.note(read.fetch_one(&*readers).await)?;
        let committed = self.writer.committed().await;
        let lately = committed.is_some_and(|at| at.elapsed() < LAST_WRITE_TELLS);
        if lately && !self.writer.outages.lasts() {
            return Ok(());
        }
        self.try_to_write().await
    }

    /// Writes what stands there already, which reaches the disk like an edit.
    async fn try_to_write(&self) -> Result<(), StoreError> {
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
        if let Some(upkeep) = self.upkeep().take() {
            upkeep.abort();
        }
        if let Err(problem) = self.write_visits().await {
            tracing::warn!(%problem, "the last visits are not written");
        }
        // The last connection brings everything into one file; that must be the one that can write.
        self.database.readers().close().await;
        self.writer.close().await;
    }

    fn upkeep(&self) -> std::sync::MutexGuard<'_, Option<JoinHandle<()>>> {
        self.upkeep.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
