//! Integrity check of a database file: the schema, SQLite's own checks, and every row.
//!
//! A file that is restored may come from anybody. Nothing in it may run, and nothing in it may be
//! beyond what this or an earlier version could have written.

use std::fmt;
use std::path::Path;

use futures::TryStreamExt;
use sqlx::sqlite::SqliteRow;
use sqlx::{ConnectOptions, Row, SqliteConnection};

use super::board::{Board, Card, MAX_CARDS, MAX_PAGES, MAX_REMOVED_CARDS};
use super::{ChangeSummary, board_delta, database, document, schema};

/// The maximum size of a stored text in bytes. Boards had no bound in earlier versions; none could
/// be larger than sixty cards and twenty removed ones, each with a form of 64 KiB.
const MAX_TEXT_BYTES: i64 = 8 << 20;
/// The maximum size of the interests of a citizen in bytes: a form repeated them.
const MAX_INTERESTS_BYTES: i64 = 64 << 10;
/// The maximum size of an id, hash or name in bytes.
const MAX_NAME_BYTES: usize = 256;
/// The maximum size of the cards of an agenda feed in bytes.
const MAX_FEED_CARDS_BYTES: i64 = 64 << 10;
/// The maximum number of settings of a card.
const MAX_SETTINGS: usize = 200;
/// The largest number of a revision or change: so many edits are never made.
const MAX_NUMBER: i64 = 1 << 53;
/// The maximum number of changes and of submissions of one citizen, with room for what earlier
/// versions kept.
const MAX_ROWS_OF_CITIZEN: i64 = 1_000;

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
    /// It has tables, triggers or other objects that the migrations do not make.
    #[error("not the schema {version} of Voordeur: {difference}")]
    ForeignSchema {
        /// The version of the last migration.
        version: i64,
        /// The first difference.
        difference: String,
    },
    /// The schema to compare with cannot be made.
    #[error("the schema cannot be compared")]
    Migration(#[source] sqlx::migrate::MigrateError),
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
        source: RowError,
    },
    /// SQLite cannot read it.
    #[error("cannot be read")]
    Database(#[from] sqlx::Error),
}

/// A row that this version cannot read, or that no version could have written.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// JSON of another shape.
    #[error("not the expected JSON")]
    Json(#[from] serde_json::Error),
    /// A value of another type.
    #[error("not the expected type")]
    Type(#[from] sqlx::Error),
    /// A value that is too large, or of another form.
    #[error("{0}")]
    OutOfBounds(&'static str),
}

/// Checks a file that no process has open for writing.
pub(super) async fn check(file: &Path) -> Result<StoreSummary, IntegrityError> {
    let mut connection = database::check_options(file).connect().await?;
    // First, since a foreign schema could make the other queries run what it contains.
    let schema = schema::check(&mut connection).await?;
    integrity_check(&mut connection).await?;
    let mut rows = Rows::default();
    // Lengths are in the headers of rows: no text that is too long is read.
    for (query, max_bytes) in too_long(schema) {
        rows.count(&mut connection, query, max_bytes, "a text is too long").await?;
    }
    for query in too_many(schema) {
        let reason = "a citizen has too many rows";
        rows.count(&mut connection, query, MAX_ROWS_OF_CITIZEN, reason).await?;
    }
    rows.finish()?;
    let mut rows = Rows::default();
    rows.check(&mut connection, citizens(schema), check_citizen).await?;
    // Schema 2 introduced pages and renamed the column.
    let boards = match schema {
        1 => "select revision, cards, 0 from board",
        _ => "select revision, document, change from board",
    };
    let boards = rows.check(&mut connection, boards, |row| {
        check_number(row.try_get(0)?)?;
        check_number(row.try_get(2)?)?;
        check_board(&document::deserialize(0, row.try_get(1)?)?)
    });
    let boards = boards.await?;
    let changes = match schema {
        1 => "select '{\"did\":\"changed\"}', cards_before, cards_before, revision, at from edit",
        _ => "select deed, before, after, number, at from change",
    };
    let changes = rows.check(&mut connection, changes, |row| {
        serde_json::from_str::<ChangeSummary>(row.try_get(0)?)?;
        for step in [row.try_get(1)?, row.try_get(2)?] {
            check_cards(&board_delta::deserialize_step(step)?.cards())?;
        }
        check_number(row.try_get(3)?)?;
        let _: i64 = row.try_get(4)?;
        Ok(())
    });
    let changes = changes.await?;
    if schema >= 2 {
        let submissions = "select submission, tab, subject, number, revision, made from applied";
        rows.check(&mut connection, submissions, check_submission).await?;
    }
    if schema >= 5 {
        let days = "select day from observed_day";
        rows.check(&mut connection, days, |row| check_number(row.try_get(0)?)).await?;
    }
    if schema >= 6 {
        let feeds = "select id, token_hash, card, created_at, fetched_at, cards, language
                     from agenda_feed";
        rows.check(&mut connection, feeds, check_agenda_feed).await?;
    }
    rows.finish()?;
    Ok(StoreSummary { schema, boards, changes })
}

/// Queries for the number of rows with a longer text than the bound beside them.
fn too_long(schema: i64) -> Vec<(&'static str, i64)> {
    let names = MAX_NAME_BYTES as i64;
    let mut queries = vec![
        (
            "select count(*) from citizen where max(octet_length(id), octet_length(token_hash),
             octet_length(coalesce(language, '')), octet_length(coalesce(place, ''))) > $1",
            names,
        ),
        ("select count(*) from citizen where octet_length(interests) > $1", MAX_INTERESTS_BYTES),
    ];
    queries.extend(match schema {
        1 => vec![
            ("select count(*) from board where octet_length(cards) > $1", MAX_TEXT_BYTES),
            ("select count(*) from edit where octet_length(cards_before) > $1", MAX_TEXT_BYTES),
        ],
        _ => vec![
            ("select count(*) from board where octet_length(document) > $1", MAX_TEXT_BYTES),
            (
                "select count(*) from change where max(octet_length(deed), octet_length(before),
                 octet_length(after)) > $1",
                MAX_TEXT_BYTES,
            ),
            (
                "select count(*) from applied where max(octet_length(submission),
                 octet_length(tab), octet_length(coalesce(subject, ''))) > $1",
                names,
            ),
        ],
    });
    if schema >= 6 {
        queries.push((
            "select count(*) from agenda_feed where max(octet_length(id), octet_length(token_hash),
             octet_length(coalesce(card, '')), octet_length(language)) > $1",
            names,
        ));
        queries.push((
            "select count(*) from agenda_feed where octet_length(cards) > $1",
            MAX_FEED_CARDS_BYTES,
        ));
    }
    queries
}

/// Queries for the number of citizens with more rows than a bound.
fn too_many(schema: i64) -> &'static [&'static str] {
    match schema {
        1 => &["select count(*) from
                (select 1 from edit group by citizen having count(*) > $1)"],
        2..=5 => &[
            "select count(*) from (select 1 from change group by citizen having count(*) > $1)",
            "select count(*) from (select 1 from applied group by citizen having count(*) > $1)",
        ],
        _ => &[
            "select count(*) from (select 1 from agenda_feed group by citizen having count(*) > $1)",
            "select count(*) from (select 1 from change group by citizen having count(*) > $1)",
            "select count(*) from (select 1 from applied group by citizen having count(*) > $1)",
        ],
    }
}

fn citizens(schema: i64) -> &'static str {
    match schema {
        // Schema 3 introduced the appearance.
        1 | 2 => {
            "select id, token_hash, language, place, interests, welcomed, created_at, seen_at,
                    null, null, null, null from citizen"
        }
        3..=6 => {
            "select id, token_hash, language, place, interests, welcomed, created_at, seen_at,
                    look, density, null, null from citizen"
        }
        // Schema 7 added the size and the form of the texts.
        _ => {
            "select id, token_hash, language, place, interests, welcomed, created_at, seen_at,
                    look, density, text_size, reading from citizen"
        }
    }
}

fn check_citizen(row: &SqliteRow) -> Result<(), RowError> {
    check_id(row.try_get(0)?)?;
    ensure(is_hex(row.try_get(1)?), "a hash of a token has another form")?;
    // Unknown languages, appearances and interests are ignored when a citizen is read.
    for column in [2, 3, 8, 9, 10, 11] {
        let _: Option<&str> = row.try_get(column)?;
    }
    serde_json::from_str::<Vec<String>>(row.try_get(4)?)?;
    for column in [5, 6, 7] {
        let _: i64 = row.try_get(column)?;
    }
    Ok(())
}

fn check_agenda_feed(row: &SqliteRow) -> Result<(), RowError> {
    check_id(row.try_get(0)?)?;
    ensure(is_hex(row.try_get(1)?), "a hash of a token has another form")?;
    if let Some(card) = row.try_get::<Option<&str>, _>(2)? {
        check_id(card)?;
    }
    check_number(row.try_get(3)?)?;
    check_number(row.try_get::<Option<i64>, _>(4)?.unwrap_or_default())?;
    serde_json::from_str::<Vec<String>>(row.try_get(5)?)?.iter().try_for_each(|id| check_id(id))
}

fn check_submission(row: &SqliteRow) -> Result<(), RowError> {
    ensure(is_hex(row.try_get(0)?), "a key of a submission has another form")?;
    let tab: &str = row.try_get(1)?;
    ensure(tab.bytes().all(|byte| byte.is_ascii_alphanumeric()), "a tab has another form")?;
    if let Some(subject) = row.try_get::<Option<&str>, _>(2)? {
        check_id(subject)?;
    }
    for column in [3, 4, 5] {
        check_number(row.try_get(column)?)?;
    }
    Ok(())
}

fn check_board(board: &Board) -> Result<(), RowError> {
    ensure(board.cards().count() <= MAX_CARDS, "a board has too many cards")?;
    ensure(board.pages.len() <= MAX_PAGES, "a board has too many pages")?;
    ensure(board.removed.len() <= MAX_REMOVED_CARDS, "a board has too many removed cards")?;
    for page in &board.pages {
        check_id(&page.id)?;
        let is_name = page.name.len() <= MAX_NAME_BYTES && !page.name.chars().any(char::is_control);
        ensure(is_name && page.icon.len() <= MAX_NAME_BYTES, "a page has an unusable name")?;
    }
    let cards: Vec<&Card> =
        board.cards().chain(board.removed.iter().map(|removed| &removed.card)).collect();
    check_cards(&cards)?;
    board.removed.iter().try_for_each(|removed| check_id(&removed.page))
}

fn check_cards(cards: &[&Card]) -> Result<(), RowError> {
    ensure(cards.len() <= MAX_CARDS + MAX_REMOVED_CARDS, "a board has too many cards")?;
    for card in cards {
        check_id(&card.id)?;
        check_id(&card.widget)?;
        let is_named = |field: &String| field.len() <= MAX_NAME_BYTES;
        let fits = card.settings.len() <= MAX_SETTINGS && card.settings.keys().all(is_named);
        ensure(fits, "a card has unusable settings")?;
    }
    Ok(())
}

fn check_id(id: &str) -> Result<(), RowError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_id = (1..=MAX_NAME_BYTES).contains(&id.len()) && id.bytes().all(is_plain);
    ensure(is_id, "an id has another form")
}

fn check_number(number: i64) -> Result<(), RowError> {
    ensure((0..=MAX_NUMBER).contains(&number), "a number is out of bounds")
}

fn is_hex(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn ensure(holds: bool, reason: &'static str) -> Result<(), RowError> {
    if holds { Ok(()) } else { Err(RowError::OutOfBounds(reason)) }
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
    source: Option<RowError>,
}

impl Rows {
    /// Applies a check to each row of a query. Returns the number of rows.
    async fn check(
        &mut self,
        connection: &mut SqliteConnection,
        query: &'static str,
        check: impl Fn(&SqliteRow) -> Result<(), RowError>,
    ) -> Result<u64, IntegrityError> {
        let mut count = 0;
        let mut rows = sqlx::query(query).fetch(connection);
        while let Some(row) = rows.try_next().await? {
            count += 1;
            if let Err(error) = check(&row) {
                self.unreadable += 1;
                self.source.get_or_insert(error);
            }
        }
        Ok(count)
    }

    /// Counts the rows that a query finds with a bound.
    async fn count(
        &mut self,
        connection: &mut SqliteConnection,
        query: &'static str,
        bound: i64,
        reason: &'static str,
    ) -> Result<(), IntegrityError> {
        let count: i64 = sqlx::query_scalar(query).bind(bound).fetch_one(connection).await?;
        if count > 0 {
            self.unreadable = self.unreadable.saturating_add(count.unsigned_abs());
            self.source.get_or_insert(RowError::OutOfBounds(reason));
        }
        Ok(())
    }

    fn finish(self) -> Result<(), IntegrityError> {
        match self.source {
            Some(source) => Err(IntegrityError::Unreadable { unreadable: self.unreadable, source }),
            None => Ok(()),
        }
    }
}
