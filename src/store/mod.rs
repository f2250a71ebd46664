//! Where boards are kept.
//!
//! An edit is one transaction: it is made on the board as it is, once, unless another tab changed the very thing that it changes. What was
//! acknowledged has reached the disk.

mod board;
mod boards;
mod changes;
mod citizens;
mod deed;
mod document;
mod edit;
mod grid;
mod merge;
mod token;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

pub use board::{Board, Card, FIRST_PAGE, Gone, LONGEST_NAME, MOST_PAGES, Page, Spot};
pub use boards::{Made, Submission};
pub use changes::{Change, History, Steps};
pub use citizens::Citizen;
pub use deed::Deed;
pub use edit::{Direction, Edit, EditRefusal};
pub use merge::Clash;
pub use token::{Token, short_id};

/// The store of boards.
pub struct Store {
    pool: SqlitePool,
}

/// What went wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreProblem {
    /// The edit cannot be made on the board as it is now.
    #[error(transparent)]
    Refused(#[from] EditRefusal),
    /// Another tab changed what the edit would change.
    #[error("the board was changed meanwhile")]
    Conflict(Box<Conflict>),
    /// The database.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The migrations.
    #[error("the database cannot be brought to this version")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row that this version cannot read.
    #[error("a row cannot be read")]
    Row(#[from] serde_json::Error),
}

/// An edit that was not made, since another tab changed what it would change.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What both changed.
    pub clash: Clash,
    /// The board as it is now.
    pub board: Board,
    /// What the edit would make of it.
    pub wished: Option<Board>,
    /// The change that would be taken back or made again.
    pub about: Option<Deed>,
}

impl Store {
    /// Opens the database in a folder, and makes it when it is not there.
    ///
    /// # Errors
    /// When the file cannot be opened or the migrations fail.
    pub async fn open(folder: &Path) -> Result<Self, StoreProblem> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("voordeur.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged edit survives a loss of power, not only a crash.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
        sqlx::migrate!().run(&pool).await?;
        Ok(Store { pool })
    }

    /// Whether the store can be written: takes the turn of a writer, and gives it back.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check_writable(&self) -> Result<(), StoreProblem> {
        self.pool.begin_with("begin immediate").await?.rollback().await?;
        Ok(())
    }

    /// Ends all connections, after what is running.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests;
