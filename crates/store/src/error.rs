//! When the database cannot do now what it can do at other times: which kind of trouble it is, and one line of the log when it begins and one
//! when it is over.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// What keeps the database from working for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outage {
    /// No space is left.
    DiskFull,
    /// The file or its folder cannot be written.
    ReadOnly,
    /// Others hold it for longer than we wait.
    Busy,
    /// The system could not read or write.
    InputOutput,
    /// The file or one beside it cannot be opened.
    CannotOpen,
}

impl Outage {
    /// In the log.
    pub fn name(self) -> &'static str {
        match self {
            Outage::DiskFull => "disk full",
            Outage::ReadOnly => "read-only",
            Outage::Busy => "busy",
            Outage::InputOutput => "I/O error",
            Outage::CannotOpen => "cannot open",
        }
    }

    /// By SQLite's result code (<https://sqlite.org/rescode.html>); its lowest byte is the kind, the others tell more of it.
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

/// What the database answered when it failed. All who shared a transaction get the same.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the database failed")]
pub struct DatabaseError {
    /// The trouble, when it is one that passes.
    pub outage: Option<Outage>,
    #[source]
    source: Arc<sqlx::Error>,
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError { outage: Outage::from_error(&error), source: Arc::new(error) }
    }
}

/// The present trouble of one kind of work.
pub(super) struct OutageLog {
    /// What cannot be done, in the log: `read` or `write`.
    work: &'static str,
    since: Mutex<Option<Timestamp>>,
}

impl OutageLog {
    pub fn new(work: &'static str) -> Self {
        OutageLog { work, since: Mutex::new(None) }
    }

    /// Whether the last thing that was tried failed.
    pub fn is_ongoing(&self) -> bool {
        self.lock().is_some()
    }

    /// Takes notice of how something went.
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
        // One moment cannot be half written.
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
