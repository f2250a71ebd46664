//! The write connection, with group commit: operations that come at the same time share one
//! transaction, since syncing the disk takes far longer than the operations.
//!
//! Each operation takes the lock, runs in a savepoint, and takes the lock again to commit. The lock
//! is fair (first in, first out), so operations that waited meanwhile run before that; the first to
//! return commits for all, and none is acknowledged before the commit.
//!
//! No crate serves: connection pools hand out one transaction per caller, and SQLite itself commits
//! each transaction with a sync of its own.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::StoreError;
use super::database::Database;
use super::error::{DatabaseError, Outage, OutageLog};

/// Maximum wait for the write lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// An operation that writes.
pub(super) trait Operation<T>:
    for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send
{
}

impl<T, W> Operation<T> for W where
    W: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, StoreError>> + Send
{
}

/// The result of a transaction; unset while it is open.
type Batch = Arc<OnceLock<Result<(), DatabaseError>>>;

pub(super) struct Writer {
    state: Mutex<WriterState>,
    pub outages: OutageLog,
}

/// State under the write lock.
struct WriterState {
    database: Arc<Database>,
    /// `None` until opened, and after closing.
    connection: Option<SqliteConnection>,
    closed: bool,
    /// The open transaction.
    batch: Option<Batch>,
    /// Still set when the next operation starts if the last one panicked.
    in_operation: bool,
    last_commit: Option<Instant>,
}

impl Writer {
    /// Takes a connection that is open. When it could not be opened, the first operation tries
    /// again.
    pub fn new(
        database: Arc<Database>,
        connection: Result<SqliteConnection, DatabaseError>,
    ) -> Self {
        let outages = OutageLog::new("write");
        if let Err(error) = &connection {
            outages.begin(error);
        }
        let state = WriterState {
            database,
            connection: connection.ok(),
            closed: false,
            batch: None,
            in_operation: false,
            last_commit: None,
        };
        Writer { state: Mutex::new(state), outages }
    }

    /// Runs an operation and commits it, alone or with others. An operation that fails leaves no
    /// changes. It runs to its end also when the caller is dropped.
    ///
    /// # Errors
    /// The error of the operation, or of the commit.
    pub async fn write<T, W>(self: &Arc<Self>, operation: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: Operation<T> + 'static,
    {
        let writer = Arc::clone(self);
        let result = tokio::spawn(async move { writer.write_batched(operation).await });
        match result.await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The runtime is shutting down.
                Err(_) => Err(sqlx::Error::PoolClosed.into()),
            },
        }
    }

    async fn write_batched<T, W: Operation<T>>(&self, operation: W) -> Result<T, StoreError> {
        let written = async {
            let (result, batch) = {
                let state = timeout(LOCK_TIMEOUT, self.state.lock()).await;
                let mut state = state.map_err(|_| sqlx::Error::PoolTimedOut)?;
                let batch = state.begin().await?;
                (state.run(operation).await?, batch)
            };
            self.state.lock().await.commit(&batch).await?;
            Ok(result)
        };
        let written: Result<Result<T, StoreError>, DatabaseError> = written.await;
        match &written {
            Ok(_) => self.outages.end(),
            Err(error) => self.outages.begin(error),
        }
        written?
    }

    /// Runs a statement outside of any transaction.
    #[cfg(test)]
    pub async fn execute_directly(&self, pragma: &'static str) -> Result<(), sqlx::Error> {
        self.state.lock().await.execute(pragma).await
    }

    pub async fn last_commit(&self) -> Option<Instant> {
        self.state.lock().await.last_commit
    }

    /// Commits the open transaction and closes the connection.
    pub async fn close(&self) {
        let mut state = self.state.lock().await;
        state.closed = true;
        if let Some(batch) = state.batch.clone()
            && let Err(error) = state.commit(&batch).await
        {
            self.outages.begin(&error);
        }
        if let Some(connection) = state.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "database not closed cleanly");
        }
    }
}

impl WriterState {
    /// The open transaction, or a new one.
    async fn begin(&mut self) -> Result<Batch, DatabaseError> {
        if self.in_operation {
            self.rollback(sqlx::Error::WorkerCrashed.into()).await;
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
            let error = DatabaseError::from(error);
            self.drop_if_read_only(&error).await;
            return Err(error);
        }
        let batch = Batch::default();
        self.batch = Some(Arc::clone(&batch));
        Ok(batch)
    }

    /// Runs an operation in a savepoint. An outage rolls back the whole transaction, for all that
    /// share it.
    async fn run<T, W: Operation<T>>(
        &mut self,
        operation: W,
    ) -> Result<Result<T, StoreError>, DatabaseError> {
        let result = async {
            self.execute("savepoint operation").await?;
            self.in_operation = true;
            let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
            let result = operation(connection).await;
            self.in_operation = false;
            match result {
                Err(StoreError::Database(error)) if error.outage.is_some() => return Err(error),
                Err(_) => self.execute("rollback to operation").await?,
                Ok(_) => {}
            }
            self.execute("release operation").await?;
            Ok(result)
        };
        let result: Result<_, DatabaseError> = result.await;
        if let Err(error) = &result {
            self.rollback(error.clone()).await;
        }
        result
    }

    /// Commits a transaction, unless another operation committed it or it was rolled back.
    async fn commit(&mut self, batch: &Batch) -> Result<(), DatabaseError> {
        if let Some(outcome) = batch.get() {
            return outcome.clone();
        }
        if self.in_operation {
            self.rollback(sqlx::Error::WorkerCrashed.into()).await;
        } else if let Err(error) = self.execute("commit").await {
            self.rollback(error.into()).await;
        } else {
            self.batch = None;
            self.last_commit = Some(Instant::now());
            let _ = batch.set(Ok(()));
        }
        batch.get().cloned().unwrap_or_else(|| Err(sqlx::Error::WorkerCrashed.into()))
    }

    /// Rolls back the open transaction, with an error for all that share it.
    async fn rollback(&mut self, error: DatabaseError) {
        self.in_operation = false;
        if let Err(error) = self.execute("rollback").await
            && !is_already_rolled_back(&error)
        {
            // The state of this connection is unknown; a new one starts clean.
            self.connection = None;
        }
        self.drop_if_read_only(&error).await;
        if let Some(batch) = self.batch.take() {
            let _ = batch.set(Err(error));
        }
    }

    /// A connection that was opened read-only stays so. The next operation opens another.
    async fn drop_if_read_only(&mut self, error: &DatabaseError) {
        if error.outage != Some(Outage::ReadOnly) {
            return;
        }
        self.database.mark_degraded();
        if let Some(connection) = self.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::debug!(%error, "connection not closed cleanly");
        }
    }

    async fn execute(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        let connection = self.connection.as_mut().ok_or(sqlx::Error::PoolClosed)?;
        sqlx::query(statement).execute(connection).await?;
        Ok(())
    }
}

/// SQLite may roll back a transaction by itself after an error
/// (<https://sqlite.org/lang_transaction.html>); a further `rollback` then fails with
/// `SQLITE_ERROR`.
fn is_already_rolled_back(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "1")
}
