//! Where boards are kept.
//!
//! An edit is one transaction: it is written when, and only when, the board still has the revision that the citizen saw. What was
//! acknowledged has reached the disk.

mod board;
mod boards;
mod citizens;
mod token;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

pub use board::{Board, Card, Direction, Edit, EditRefusal};
pub use citizens::Citizen;
pub use token::Token;

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
    /// The board was changed since the citizen saw it.
    #[error("the board was changed meanwhile")]
    Conflict,
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

    /// Whether the store can be read.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check(&self) -> Result<(), StoreProblem> {
        sqlx::query("select count(*) from board where citizen = ''").fetch_one(&self.pool).await?;
        Ok(())
    }

    /// Ends all connections, after what is running.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests;
