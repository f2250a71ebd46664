//! Undo, redo, and the history of the last 50 changes of a board.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::board::{Board, EditStamp};
use super::change_summary::ChangeSummary;
use super::edit::{Edit, EditError};
use super::edit_transaction::{StoredBoard, read};
use super::merge::restore;
use super::{Store, StoreError, document};

/// The number of changes stored per board.
const MAX_CHANGES: i64 = 50;

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
        let change = |row: sqlx::sqlite::SqliteRow| -> Result<Change, StoreError> {
            let at = Timestamp::from_second(row.try_get("at")?);
            Ok(Change {
                number: row.try_get("number")?,
                summary: serde_json::from_str(row.try_get("deed")?)?,
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

/// Records a change, and deletes the changes that could be redone. Returns its number.
pub(super) async fn record_change(
    connection: &mut SqliteConnection,
    citizen: &str,
    before: &StoredBoard,
    after: &Board,
    summary: &ChangeSummary,
) -> Result<i64, StoreError> {
    let number = before.current_change + 1;
    sqlx::query("delete from change where citizen = $1 and (number >= $2 or number <= $2 - $3)")
        .bind(citizen)
        .bind(number)
        .bind(MAX_CHANGES)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into change (citizen, number, deed, at, before, after) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(citizen)
    .bind(number)
    .bind(serde_json::to_string(summary)?)
    .bind(super::edit_transaction::now_in_seconds())
    .bind(document::serialize_snapshot(&before.board)?)
    .bind(document::serialize_snapshot(after)?)
    .execute(connection)
    .await?;
    Ok(number)
}

/// The change to read for an undo, redo or go-to: its number, whether to take the board before it,
/// and the number of the change in effect afterwards.
fn target_change(current_change: i64, edit: &Edit) -> Option<(i64, bool, i64)> {
    match edit {
        Edit::Undo => Some((current_change, true, current_change - 1)),
        Edit::Redo => Some((current_change + 1, false, current_change + 1)),
        Edit::GoTo { number } if *number < current_change => Some((number + 1, true, *number)),
        Edit::GoTo { number } if *number > current_change => Some((*number, false, *number)),
        _ => None,
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
    let Some((number, before, current_change)) = target_change(stored.current_change, edit) else {
        // Already there.
        return Ok((stored.board.clone(), stored.current_change));
    };
    let row = sqlx::query("select before, after from change where citizen = $1 and number = $2")
        .bind(citizen)
        .bind(number)
        .fetch_optional(connection)
        .await?;
    let row = row.ok_or(match edit {
        Edit::Undo => EditError::NothingToUndo,
        Edit::Redo => EditError::NothingToRedo,
        _ => EditError::ChangeNotFound,
    })?;
    let document = row.try_get(if before { "before" } else { "after" })?;
    let pages = document::deserialize(stamp.revision, document)?.pages;
    Ok((restore(&stored.board, pages, stamp), current_change))
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
        Edit::Redo => stored.current_change + 1,
        _ => return Ok(None),
    };
    let row = sqlx::query("select deed from change where citizen = $1 and number = $2")
        .bind(citizen)
        .bind(number)
        .fetch_optional(connection)
        .await?;
    Ok(match row {
        Some(row) => Some(serde_json::from_str(row.try_get("deed")?)?),
        None => None,
    })
}
