//! Bulk writing and raw reading of a database, for benchmarks and crash tests. Compiled only with
//! the feature `fixtures`, so that no other crate has to depend on the database driver.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};
use voordeur_widget_api::Language;

use super::{Board, Card, IntegrityError, Store, StoreError, Token, database, document, integrity};

/// The name of the database file in the data folder.
pub const DATABASE_FILE: &str = database::FILE;

/// SQLite's page cache while filling, in KiB, which SQLite expects as a negative number. It has to
/// hold the indexes: ids and token hashes are random, so every insert touches another page.
const CACHE_SIZE: &str = "-1000000";

/// A guest with an unedited board.
#[derive(Clone)]
pub struct Guest {
    /// The id of the citizen.
    pub id: String,
    /// The secret in the cookie.
    pub token: Token,
    /// The language of the pages.
    pub language: Language,
    /// The postcode of the citizen's place.
    pub postcode: String,
    /// When the guest was created and last seen, UTC.
    pub last_seen: Timestamp,
    /// The cards of the board, on one page.
    pub cards: Vec<Card>,
}

/// Guests as a JSON list of rows, which SQLite inserts in one statement: that is several times as
/// fast as one statement per row. Rows of one batch can be encoded on several cores.
#[derive(Clone, Debug, Default)]
pub struct Rows(Vec<String>);

#[derive(Serialize)]
struct GuestRow<'a> {
    id: &'a str,
    token: String,
    language: &'static str,
    place: &'a str,
    seen: i64,
    document: String,
}

impl Rows {
    /// Encodes guests.
    ///
    /// # Errors
    /// When a board cannot be serialized.
    pub fn encode(guests: impl IntoIterator<Item = Guest>) -> Result<Self, StoreError> {
        let encode = |guest: Guest| {
            serde_json::to_string(&GuestRow {
                id: &guest.id,
                token: guest.token.hash(),
                language: guest.language.tag(),
                place: &guest.postcode,
                seen: guest.last_seen.as_second(),
                document: document::serialize(&Board::starting(guest.cards))?,
            })
        };
        Ok(Rows(guests.into_iter().map(encode).collect::<Result<_, serde_json::Error>>()?))
    }

    /// Appends the rows of another batch.
    pub fn append(&mut self, mut other: Rows) {
        self.0.append(&mut other.0);
    }

    /// The rows as one JSON list.
    pub fn to_json(&self) -> String {
        format!("[{}]", self.0.join(","))
    }
}

/// Fills a database with guests. Nothing is synced to the disk before [`Filler::finish`]: a crash
/// can leave a damaged file.
pub struct Filler(SqliteConnection);

impl Filler {
    /// Creates a database of the current schema in a folder and opens it for filling.
    ///
    /// # Errors
    /// When the database cannot be created or opened.
    pub async fn create(folder: &Path) -> Result<Self, StoreError> {
        Store::open(folder).await?.close().await;
        let connection = SqliteConnectOptions::new()
            .filename(folder.join(database::FILE))
            .pragma("synchronous", "off")
            .pragma("cache_size", CACHE_SIZE)
            .connect()
            .await?;
        Ok(Filler(connection))
    }

    /// Inserts guests and their boards in one transaction.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert(&mut self, rows: &Rows) -> Result<(), StoreError> {
        let rows = rows.to_json();
        let mut transaction = self.0.begin().await?;
        sqlx::query(
            "insert into citizen (id, token_hash, language, place, interests, welcomed, created_at, seen_at)
             select value ->> 'id', value ->> 'token', value ->> 'language', value ->> 'place', '[]', 1,
                    value ->> 'seen', value ->> 'seen'
             from json_each($1)",
        )
        .bind(rows.as_str())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "insert into board (citizen, revision, document)
             select value ->> 'id', 0, value ->> 'document' from json_each($1)",
        )
        .bind(rows.as_str())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Moves the write-ahead log into the database file and closes it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish(mut self) -> Result<(), StoreError> {
        sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut self.0).await?;
        self.0.close().await?;
        Ok(())
    }
}

/// Executes statements on a database file that no process has open, without any check: for files
/// that somebody has prepared, and for times that a test cannot wait for.
///
/// # Errors
/// When the database fails.
pub async fn execute(file: &Path, statements: &[&str]) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let mut connection = options.connect().await?;
    for statement in statements {
        let statement = AssertSqlSafe((*statement).to_owned());
        sqlx::query(statement).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(())
}

/// The only number that a query finds in the database of a folder. A server may have it open.
///
/// # Errors
/// When the database fails.
pub async fn number(folder: &Path, query: &str) -> Result<i64, StoreError> {
    let options = SqliteConnectOptions::new().filename(folder.join(database::FILE)).read_only(true);
    let mut connection = options.connect().await?;
    let query = AssertSqlSafe(query.to_owned());
    let number = sqlx::query_scalar(query).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(number)
}

/// Runs SQLite's integrity and foreign-key checks on the database of a folder and returns all
/// boards in it. A server may have the database open.
///
/// # Errors
/// When the database is damaged, or a board cannot be read.
pub async fn checked_boards(folder: &Path) -> Result<Vec<Board>, IntegrityError> {
    let options = SqliteConnectOptions::new().filename(folder.join(database::FILE)).read_only(true);
    let mut connection = options.connect().await?;
    integrity::integrity_check(&mut connection).await?;
    let rows =
        sqlx::query("select revision, document from board").fetch_all(&mut connection).await?;
    connection.close().await?;
    let board = |row: &SqliteRow| -> Result<Board, IntegrityError> {
        document::deserialize(row.try_get("revision")?, row.try_get("document")?)
            .map_err(|source| IntegrityError::Unreadable { unreadable: 1, source: source.into() })
    };
    rows.iter().map(board).collect()
}
