//! The one connection that writes.
//!
//! What takes time is not the work but the disk, which has to say that it has everything. So those who come at the same time share one
//! transaction: each does its work in turn, then stands in line again to commit. Whoever waited for a turn meanwhile comes before that; the
//! first to come back commits for all, and nobody is told that it is done before.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::StoreError;
use super::database::Database;
use super::error::{DatabaseError, Outage, OutageLog};

/// Longer does nobody wait for a turn.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Work that writes.
pub(super) trait Work<T>:
    for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send
{
}

impl<T, W> Work<T> for W where
    W: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send
{
}

/// What became of a transaction; nothing while it is open.
type Batch = Arc<OnceLock<Result<(), DatabaseError>>>;

pub(super) struct Writer {
    turn: Mutex<Turn>,
    pub outages: OutageLog,
}

/// What belongs to whoever writes now.
struct Turn {
    database: Arc<Database>,
    /// Nothing before it is opened, and after it is closed.
    connection: Option<SqliteConnection>,
    closed: bool,
    /// The transaction that is open.
    batch: Option<Batch>,
    /// Still true at the next turn when somebody's work panicked.
    working: bool,
    committed: Option<Instant>,
}

impl Writer {
    /// Over a connection that is open; where it could not be opened, that is tried again when something shall be written.
    pub fn new(
        database: Arc<Database>,
        connection: Result<SqliteConnection, DatabaseError>,
    ) -> Self {
        let outages = OutageLog::of("write");
        if let Err(fault) = &connection {
            outages.began(fault);
        }
        let turn = Turn {
            database,
            connection: connection.ok(),
            closed: false,
            batch: None,
            working: false,
            committed: None,
        };
        Writer { turn: Mutex::new(turn), outages }
    }

    /// Does some work and commits it, alone or together with others. Work that gives an error leaves nothing behind. It is ended also when
    /// nobody waits for it any more.
    ///
    /// # Errors
    /// What the work says, or that it could not be committed.
    pub async fn write<T, W>(self: &Arc<Self>, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: Work<T> + 'static,
    {
        let writer = Arc::clone(self);
        let made = tokio::spawn(async move { writer.write_in_turn(work).await });
        match made.await {
            Ok(made) => made,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The server is ending.
                Err(_) => Err(sqlx::Error::PoolClosed.into()),
            },
        }
    }

    async fn write_in_turn<T, W: Work<T>>(&self, work: W) -> Result<T, StoreError> {
        let written = async {
            let (made, batch) = {
                let turn = timeout(LONGEST_WAIT, self.turn.lock()).await;
                let mut turn = turn.map_err(|_| sqlx::Error::PoolTimedOut)?;
                let batch = turn.begin().await?;
                (turn.work(work).await?, batch)
            };
            self.turn.lock().await.commit(&batch).await?;
            Ok(made)
        };
        let written: Result<Result<T, StoreError>, DatabaseError> = written.await;
        match &written {
            Ok(_) => self.outages.ended(),
            Err(fault) => self.outages.began(fault),
        }
        written?
    }

    /// Says something to the connection, apart from any transaction.
    #[cfg(test)]
    pub async fn tell(&self, pragma: &'static str) -> Result<(), sqlx::Error> {
        self.turn.lock().await.execute(pragma).await
    }

    /// When something was committed last.
    pub async fn committed(&self) -> Option<Instant> {
        self.turn.lock().await.committed
    }

    /// Commits what is open and ends the connection.
    pub async fn close(&self) {
        let mut turn = self.turn.lock().await;
        turn.closed = true;
        if let Some(batch) = turn.batch.clone()
            && let Err(fault) = turn.commit(&batch).await
        {
            self.outages.began(&fault);
        }
        if let Some(connection) = turn.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed well");
        }
    }
}

impl Turn {
    /// The transaction that is open, or a new one.
    async fn begin(&mut self) -> Result<Batch, DatabaseError> {
        if self.working {
            self.undo(sqlx::Error::WorkerCrashed.into()).await;
        }
        if let Some(batch) = &self.batch {
            return Ok(Arc::clone(batch));
        }
        if self.closed {
            return Err(sqlx::Error::PoolClosed.into());
        }
        if self.connection.is_none() {
            self.connection = Some(self.database.open_to_write().await?);
        }
        if let Err(error) = self.execute("begin immediate").await {
            let fault = DatabaseError::from(error);
            self.give_up_if_read_only(&fault).await;
            return Err(fault);
        }
        let batch = Batch::default();
        self.batch = Some(Arc::clone(&batch));
        Ok(batch)
    }

    /// What the work makes. A fault of the database takes all back that is not committed yet, of whomever it is.
    async fn work<T, W: Work<T>>(
        &mut self,
        work: W,
    ) -> Result<Result<T, StoreError>, DatabaseError> {
        let made = async {
            self.execute("savepoint work").await?;
            self.working = true;
            let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
            let made = work(connection).await;
            self.working = false;
            match made {
                Err(StoreError::Database(fault)) if fault.outage.is_some() => return Err(fault),
                Err(_) => self.execute("rollback to work").await?,
                Ok(_) => {}
            }
            self.execute("release work").await?;
            Ok(made)
        };
        let made: Result<_, DatabaseError> = made.await;
        if let Err(fault) = &made {
            self.undo(fault.clone()).await;
        }
        made
    }

    /// Commits a transaction, unless somebody did so or it was taken back.
    async fn commit(&mut self, batch: &Batch) -> Result<(), DatabaseError> {
        if let Some(outcome) = batch.get() {
            return outcome.clone();
        }
        if self.working {
            self.undo(sqlx::Error::WorkerCrashed.into()).await;
        } else if let Err(error) = self.execute("commit").await {
            self.undo(error.into()).await;
        } else {
            self.batch = None;
            self.committed = Some(Instant::now());
            let _ = batch.set(Ok(()));
        }
        batch.get().cloned().unwrap_or_else(|| Err(sqlx::Error::WorkerCrashed.into()))
    }

    /// Takes back what is open, and tells those who wait for it why.
    async fn undo(&mut self, fault: DatabaseError) {
        self.working = false;
        if let Err(error) = self.execute("rollback").await
            && !taken_back_already(&error)
        {
            // What state it is in is certain with a new connection.
            self.connection = None;
        }
        self.give_up_if_read_only(&fault).await;
        if let Some(batch) = self.batch.take() {
            let _ = batch.set(Err(fault));
        }
    }

    /// A connection that could not write once never will. Another is opened when somebody wants to write again.
    async fn give_up_if_read_only(&mut self, fault: &DatabaseError) {
        if fault.outage != Some(Outage::ReadOnly) {
            return;
        }
        self.database.distrust();
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::debug!(%error, "a connection was not closed well");
        }
    }

    async fn execute(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        sqlx::query(statement).execute(connection).await?;
        Ok(())
    }
}

/// When something goes wrong SQLite may take the transaction back by itself (<https://sqlite.org/lang_transaction.html>); asked to do so then,
/// it answers `SQLITE_ERROR`.
fn taken_back_already(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "1")
}
