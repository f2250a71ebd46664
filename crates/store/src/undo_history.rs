//! Undo, redo, and the history of the last 50 changes of a board, as far as they fit a bound in
//! bytes. Each change is stored as two differences: one leads back, one leads forward.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::board::{Board, EditStamp};
use super::change_summary::ChangeSummary;
use super::edit::{Edit, EditError};
use super::edit_transaction::{StoredBoard, read};
use super::merge::restore;
use super::{Store, StoreError, board_delta, document};

/// The maximum number of changes stored per board.
pub(super) const MAX_CHANGES: usize = 50;
/// The maximum size of the changes of a board; the last one is stored in any case.
pub(super) const MAX_HISTORY_BYTES: u64 = 256 * 1024;
/// The size of a change beside its texts: its key, and its part of the pages of the file.
const CHANGE_OVERHEAD: u64 = 100;

/// A change of a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Counts from 1.
    pub number: i64,
    /// The action, for display.
    pub summary: ChangeSummary,
    /// When it was made, UTC.
    pub at: Timestamp,
}

/// The stored changes of a board.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Oldest first.
    pub changes: Vec<Change>,
    /// The number of the last change in effect; later ones are undone and can be redone.
    pub current_change: i64,
    /// The revision of the board.
    pub revision: i64,
}

/// Whether undo and redo are possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UndoState {
    /// A change can be undone.
    pub can_undo: bool,
    /// A change can be redone.
    pub can_redo: bool,
}

impl Store {
    /// The last changes of a citizen's board.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn history(&self, citizen: &str) -> Result<History, StoreError> {
        let mut transaction = self.read_outages.record(self.database.readers().begin().await)?;
        let stored = read(&mut transaction, citizen).await?;
        let rows =
            sqlx::query("select number, deed, at from change where citizen = $1 order by number")
                .bind(citizen)
                .fetch_all(&mut *transaction)
                .await?;
        let change = |row: SqliteRow| -> Result<Change, StoreError> {
            let at = Timestamp::from_second(row.try_get("at")?);
            Ok(Change {
                number: row.try_get("number")?,
                summary: summary_or_changed(row.try_get("deed")?),
                at: at.unwrap_or(Timestamp::UNIX_EPOCH),
            })
        };
        Ok(History {
            changes: rows.into_iter().map(change).collect::<Result<_, _>>()?,
            current_change: stored.current_change,
            revision: stored.board.revision,
        })
    }

    /// Whether a citizen can undo or redo.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn undo_state(&self, citizen: &str) -> Result<UndoState, StoreError> {
        let row = self.read_outages.record(
            sqlx::query(
                "select coalesce(max(change.number = board.change), 0) as back,
                    coalesce(max(change.number > board.change), 0) as forward
             from board left join change on change.citizen = board.citizen
             where board.citizen = $1",
            )
            .bind(citizen)
            .fetch_one(&*self.database.readers())
            .await,
        )?;
        Ok(UndoState {
            can_undo: row.try_get::<i64, _>("back")? != 0,
            can_redo: row.try_get::<i64, _>("forward")? != 0,
        })
    }
}

/// A summary that cannot be read costs its words and not the page.
fn summary_or_changed(stored: &str) -> ChangeSummary {
    serde_json::from_str(stored).unwrap_or_else(|error| {
        tracing::warn!(%error, "unreadable summary of a change");
        ChangeSummary::Changed
    })
}

/// The changes of a board: their numbers and sizes, the last one first.
pub(super) struct HistorySizes(Vec<(i64, u64)>);

impl HistorySizes {
    pub async fn read(
        connection: &mut SqliteConnection,
        citizen: &str,
    ) -> Result<Self, sqlx::Error> {
        // The length of a column is in the header of its row: no text is read.
        let rows = sqlx::query(
            "select number, octet_length(deed) + octet_length(before) + octet_length(after) as bytes
             from change where citizen = $1 order by number desc",
        )
        .bind(citizen)
        .fetch_all(connection)
        .await?;
        let size = |row: &SqliteRow| -> Result<(i64, u64), sqlx::Error> {
            let bytes = u64::try_from(row.try_get::<i64, _>("bytes")?).unwrap_or_default();
            Ok((row.try_get("number")?, bytes.saturating_add(CHANGE_OVERHEAD)))
        };
        Ok(HistorySizes(rows.iter().map(size).collect::<Result<_, _>>()?))
    }

    /// The size of all changes together.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, bytes)| *bytes).sum()
    }

    /// Keeps the last changes before `number` that fit beside a new one of this size. Returns the
    /// number of the first that is kept.
    fn keep(&mut self, number: i64, new_bytes: u64, max_bytes: u64) -> i64 {
        self.0.retain(|(kept, _)| *kept < number);
        let mut total = new_bytes;
        let fits = |(_, bytes): &&(i64, u64)| {
            total = total.saturating_add(*bytes);
            total <= max_bytes
        };
        let kept = self.0.iter().take(MAX_CHANGES - 1).take_while(fits).count();
        self.0.truncate(kept);
        self.0.last().map_or(number, |(first, _)| *first)
    }
}

/// Records a change, and deletes the changes that could be redone and those that no longer fit.
/// Returns its number.
pub(super) async fn record_change(
    connection: &mut SqliteConnection,
    citizen: &str,
    before: &StoredBoard,
    after: &Board,
    summary: &ChangeSummary,
    (sizes, max_bytes): (&mut HistorySizes, u64),
) -> Result<i64, StoreError> {
    let number = before.current_change.saturating_add(1);
    let old = document::without_stamps(&before.board.pages);
    let new = document::without_stamps(&after.pages);
    let summary = serde_json::to_string(summary)?;
    let back = board_delta::serialize_step(&new, &old)?;
    let forward = board_delta::serialize_step(&old, &new)?;
    let texts = [&summary, &back, &forward].map(|text| text.len() as u64);
    let bytes = texts.iter().sum::<u64>().saturating_add(CHANGE_OVERHEAD);
    let first = sizes.keep(number, bytes, max_bytes);
    sizes.0.insert(0, (number, bytes));
    sqlx::query("delete from change where citizen = $1 and (number >= $2 or number < $3)")
        .bind(citizen)
        .bind(number)
        .bind(first)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into change (citizen, number, deed, at, before, after) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(citizen)
    .bind(number)
    .bind(summary)
    .bind(super::edit_transaction::now_in_seconds())
    .bind(back)
    .bind(forward)
    .execute(connection)
    .await?;
    Ok(number)
}

/// The changes to go through for an undo, redo or go-to, and the number of the change in effect
/// afterwards.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Route {
    first: i64,
    last: i64,
    /// From the last change to the first.
    back: bool,
    current_change: i64,
}

/// The route from the change in effect; `None` when the edit leads nowhere else.
fn route(current: i64, edit: &Edit) -> Option<Route> {
    let to = match edit {
        Edit::Undo => current.checked_sub(1)?,
        Edit::Redo => current.checked_add(1)?,
        Edit::GoTo { number } => *number,
        _ => return None,
    };
    let route = |first, last, back| Some(Route { first, last, back, current_change: to });
    match to.cmp(&current) {
        std::cmp::Ordering::Less => route(to.checked_add(1)?, current, true),
        std::cmp::Ordering::Greater => route(current.checked_add(1)?, to, false),
        std::cmp::Ordering::Equal => None,
    }
}

/// The board after an undo, redo or go-to, and the number of the change then in effect.
pub(super) async fn board_after(
    connection: &mut SqliteConnection,
    citizen: &str,
    stored: &StoredBoard,
    edit: &Edit,
    stamp: &EditStamp,
) -> Result<(Board, i64), StoreError> {
    let Some(route) = route(stored.current_change, edit) else {
        // Already there.
        return Ok((stored.board.clone(), stored.current_change));
    };
    let rows = sqlx::query(
        "select number, before, after from change
         where citizen = $1 and number between $2 and $3 order by number",
    )
    .bind(citizen)
    .bind(route.first)
    .bind(route.last)
    .fetch_all(connection)
    .await?;
    let missing = || match edit {
        Edit::Undo => EditError::NothingToUndo,
        Edit::Redo => EditError::NothingToRedo,
        _ => EditError::ChangeNotFound,
    };
    // Numbers have no gaps, so all changes of the route are there when as many were found.
    let length = route.last.checked_sub(route.first).and_then(|more| more.checked_add(1));
    if length.is_none_or(|length| i64::try_from(rows.len()) != Ok(length)) {
        return Err(missing().into());
    }
    let mut pages = document::without_stamps(&stored.board.pages);
    let mut take = |row: &SqliteRow| -> Result<(), StoreError> {
        let step = row.try_get(if route.back { "before" } else { "after" })?;
        let step = board_delta::deserialize_step(step)?;
        pages = step.apply(&pages).ok_or_else(missing)?;
        Ok(())
    };
    if route.back {
        rows.iter().rev().try_for_each(&mut take)?;
    } else {
        rows.iter().try_for_each(&mut take)?;
    }
    Ok((restore(&stored.board, pages, stamp), route.current_change))
}

/// The change that undo or redo would affect, to name it in a conflict.
pub(super) async fn affected_change(
    connection: &mut SqliteConnection,
    citizen: &str,
    stored: &StoredBoard,
    edit: &Edit,
) -> Result<Option<ChangeSummary>, StoreError> {
    let number = match edit {
        Edit::Undo => stored.current_change,
        Edit::Redo => stored.current_change.saturating_add(1),
        _ => return Ok(None),
    };
    let row = sqlx::query("select deed from change where citizen = $1 and number = $2")
        .bind(citizen)
        .bind(number)
        .fetch_optional(connection)
        .await?;
    Ok(match row {
        Some(row) => Some(summary_or_changed(row.try_get("deed")?)),
        None => None,
    })
}
