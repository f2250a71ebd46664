//! Integrity check of a database file: SQLite's own checks, the schema, and every row that holds
//! JSON.

use std::fmt;
use std::path::Path;

use futures::TryStreamExt;
use serde::de::IgnoredAny;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row, SqliteConnection};

use super::database::MIGRATIONS;
use super::{ChangeSummary, document};

/// Contents of a database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoreSummary {
    /// The version of the last migration.
    pub schema: i64,
    /// The number of boards, one per guest.
    pub boards: u64,
    /// The number of changes in the histories.
    pub changes: u64,
}

impl fmt::Display for StoreSummary {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StoreSummary { schema, boards, changes } = self;
        write!(to, "schema {schema}, {boards} boards, {changes} changes")
    }
}

/// A file that is not a valid backup.
#[derive(Debug, thiserror::Error)]
pub enum IntegrityError {
    /// It has a non-empty write-ahead log, so the file alone is incomplete.
    #[error("database in use (non-empty -wal file); not a backup")]
    InUse,
    /// It has no migrations of Voordeur.
    #[error("not a database of Voordeur")]
    NotVoordeur,
    /// A newer version wrote it.
    #[error("written by a newer version of Voordeur: unknown schema {0}")]
    NewerSchema(i64),
    /// SQLite reports damage.
    #[error("damaged: {0}")]
    Damaged(String),
    /// Rows that refer to missing rows.
    #[error("damaged: {0} foreign-key violations")]
    ForeignKeys(usize),
    /// Rows that this version cannot read.
    #[error("{unreadable} unreadable rows")]
    Unreadable {
        /// The number of unreadable rows.
        unreadable: u64,
        /// The error of the first one.
        source: serde_json::Error,
    },
    /// SQLite cannot read it.
    #[error("cannot be read")]
    Database(#[from] sqlx::Error),
}

/// Checks a file that no process has open for writing.
pub(super) async fn check(file: &Path) -> Result<StoreSummary, IntegrityError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true).immutable(true);
    let mut connection = options.connect().await?;
    let schema = schema(&mut connection).await?;
    integrity_check(&mut connection).await?;
    let mut rows = Rows::default();
    // Schema 2 introduced pages and renamed the column.
    let boards = match schema {
        1 => "select cards, '[]' from board",
        _ => "select document, interests from board join citizen on citizen.id = board.citizen",
    };
    let boards = rows.check(&mut connection, boards, |row| {
        document::deserialize(0, row.try_get(0)?)?;
        serde_json::from_str::<IgnoredAny>(row.try_get(1)?)?;
        Ok(())
    });
    let boards = boards.await?;
    let changes = match schema {
        1 => "select '{\"did\":\"changed\"}', cards_before, cards_before from edit",
        _ => "select deed, before, after from change",
    };
    let changes = rows.check(&mut connection, changes, |row| {
        serde_json::from_str::<ChangeSummary>(row.try_get(0)?)?;
        document::deserialize(0, row.try_get(1)?)?;
        document::deserialize(0, row.try_get(2)?)?;
        Ok(())
    });
    let changes = changes.await?;
    match rows.source {
        Some(source) => Err(IntegrityError::Unreadable { unreadable: rows.unreadable, source }),
        None => Ok(StoreSummary { schema, boards, changes }),
    }
}

/// The version of the last migration, after checking that all of them are known.
async fn schema(connection: &mut SqliteConnection) -> Result<i64, IntegrityError> {
    let applied = "select version, checksum, success from _sqlx_migrations order by version";
    let applied = sqlx::query(applied).fetch_all(connection).await.map_err(|error| {
        match error.as_database_error().and_then(|error| error.code()).as_deref() {
            // SQLITE_ERROR (no such table) and SQLITE_NOTADB.
            Some("1" | "26") => IntegrityError::NotVoordeur,
            Some("11") => IntegrityError::Damaged(error.to_string()),
            _ => error.into(),
        }
    })?;
    let mut last = None;
    for row in applied {
        let version: i64 = row.try_get("version")?;
        let known = MIGRATIONS.iter().find(|migration| migration.version == version);
        let known = known.ok_or(IntegrityError::NewerSchema(version))?;
        if !row.try_get::<bool, _>("success")? {
            return Err(IntegrityError::Damaged(format!("migration {version} was not ended")));
        }
        if row.try_get::<&[u8], _>("checksum")? != &*known.checksum {
            return Err(IntegrityError::Damaged(format!("migration {version} was another one")));
        }
        last = Some(version);
    }
    last.ok_or(IntegrityError::NotVoordeur)
}

pub(super) async fn integrity_check(
    connection: &mut SqliteConnection,
) -> Result<(), IntegrityError> {
    let found: Vec<String> =
        sqlx::query_scalar("pragma integrity_check(1)").fetch_all(&mut *connection).await?;
    if let Some(damage) = found.into_iter().find(|line| line != "ok") {
        return Err(IntegrityError::Damaged(damage));
    }
    let violations = sqlx::query("pragma foreign_key_check").fetch_all(connection).await?.len();
    if violations > 0 { Err(IntegrityError::ForeignKeys(violations)) } else { Ok(()) }
}

#[derive(Default)]
struct Rows {
    unreadable: u64,
    source: Option<serde_json::Error>,
}

enum RowError {
    Database(sqlx::Error),
    Json(serde_json::Error),
}

impl From<sqlx::Error> for RowError {
    fn from(error: sqlx::Error) -> Self {
        RowError::Database(error)
    }
}

impl From<serde_json::Error> for RowError {
    fn from(error: serde_json::Error) -> Self {
        RowError::Json(error)
    }
}

impl Rows {
    /// Applies a check to each row of a query. Returns the number of rows.
    async fn check(
        &mut self,
        connection: &mut SqliteConnection,
        query: &'static str,
        check: impl Fn(&sqlx::sqlite::SqliteRow) -> Result<(), RowError>,
    ) -> Result<u64, IntegrityError> {
        let mut count = 0;
        let mut rows = sqlx::query(query).fetch(connection);
        while let Some(row) = rows.try_next().await? {
            count += 1;
            match check(&row) {
                Ok(()) => {}
                Err(RowError::Database(error)) => return Err(error.into()),
                Err(RowError::Json(error)) => {
                    self.unreadable += 1;
                    self.source.get_or_insert(error);
                }
            }
        }
        Ok(count)
    }
}
