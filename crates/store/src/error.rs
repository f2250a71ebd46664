//! Database errors, and which of them are outages: conditions such as a full disk that can pass.
//! Each outage is logged once when it begins and once when it ends.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// A temporary condition that keeps the database from working.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// No space left on the device.
    DiskFull,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// Another process holds the lock for longer than the timeout.
    Busy,
    /// The operating system could not read or write.
    InputOutput,
    /// The file or one beside it cannot be opened.
    CannotOpen,
}

impl Outage {
    /// The name in the log.
    pub fn name(self) -> &'static str {
        match self {
            Outage::DiskFull => "disk full",
            Outage::ReadOnly => "read-only",
            Outage::Busy => "busy",
            Outage::InputOutput => "I/O error",
            Outage::CannotOpen => "cannot open",
        }
    }

    /// Classifies by SQLite's result code (<https://sqlite.org/rescode.html>): the low byte is the
    /// primary code, the rest is detail.
    fn from_error(error: &sqlx::Error) -> Option<Self> {
        let code: i32 = match error {
            sqlx::Error::Database(error) => error.code()?.parse().ok()?,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => return Some(Outage::Busy),
            sqlx::Error::Io(error) => {
                return Some(match error.kind() {
                    ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Outage::ReadOnly,
                    ErrorKind::StorageFull => Outage::DiskFull,
                    _ => Outage::InputOutput,
                });
            }
            _ => return None,
        };
        match code & 0xff {
            5 | 6 => Some(Outage::Busy),
            8 => Some(Outage::ReadOnly),
            10 => Some(Outage::InputOutput),
            13 => Some(Outage::DiskFull),
            14 => Some(Outage::CannotOpen),
            _ => None,
        }
    }
}

/// A failed database operation. Cloneable: all operations that share a transaction get the same
/// error.
#[derive(Clone, Debug, thiserror::Error)]
#[error("database error")]
pub struct DatabaseError {
    /// The outage, when the error is a temporary one.
    pub outage: Option<Outage>,
    #[source]
    source: Arc<sqlx::Error>,
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError { outage: Outage::from_error(&error), source: Arc::new(error) }
    }
}

/// The current outage of one kind of operation.
pub(super) struct OutageLog {
    /// The kind of operation in the log: `read` or `write`.
    work: &'static str,
    since: Mutex<Option<Timestamp>>,
}

impl OutageLog {
    pub fn new(work: &'static str) -> Self {
        OutageLog { work, since: Mutex::new(None) }
    }

    /// Whether the last operation failed with an outage.
    pub fn is_ongoing(&self) -> bool {
        self.lock().is_some()
    }

    /// Records the result of an operation.
    pub fn record<T>(&self, outcome: Result<T, sqlx::Error>) -> Result<T, DatabaseError> {
        let outcome = outcome.map_err(DatabaseError::from);
        match &outcome {
            Ok(_) => self.end(),
            Err(error) => self.begin(error),
        }
        outcome
    }

    pub fn begin(&self, error: &DatabaseError) {
        let Some(outage) = error.outage else { return };
        let mut since = self.lock();
        if since.is_none() {
            *since = Some(Timestamp::now());
            tracing::error!(work = self.work, reason = outage.name(), error = %error.source, "database outage began");
        }
    }

    pub fn end(&self) {
        if let Some(since) = self.lock().take() {
            let seconds = Timestamp::now().duration_since(since).as_secs();
            tracing::info!(work = self.work, %since, seconds, "database outage ended");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Timestamp>> {
        // A timestamp is never half written, so a poisoned lock is usable.
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
