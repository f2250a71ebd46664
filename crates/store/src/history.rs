//! The history of a board: what was changed, taking it back, and making it again.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::board::{Board, Touch};
use super::boards::{Kept, read};
use super::change_summary::ChangeSummary;
use super::edit::{Edit, EditError};
use super::merge::restore;
use super::{Store, StoreError, document};

/// So many changes are kept.
const CHANGES_KEPT: i64 = 50;

/// A change that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Counts up from one.
    pub number: i64,
    /// What was done.
    pub deed: ChangeSummary,
    /// When.
    pub at: Timestamp,
}

/// The changes that are kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The oldest first.
    pub changes: Vec<Change>,
    /// The number of the last one that is in force; those after it were taken back.
    pub in_force: i64,
    /// The revision of the board.
    pub revision: i64,
}

/// Whether there is something to take back, and something to make again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    /// Something can be undone.
    pub back: bool,
    /// Something can be redone.
    pub forward: bool,
}

impl Store {
    /// The last changes of a citizen's board.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn history(&self, citizen: &str) -> Result<History, StoreError> {
        let mut transaction = self.reading.note(self.database.readers().begin().await)?;
        let kept = read(&mut transaction, citizen).await?;
        let rows =
            sqlx::query("select number, deed, at from change where citizen = $1 order by number")
                .bind(citizen)
                .fetch_all(&mut *transaction)
                .await?;
        let change = |row: sqlx::sqlite::SqliteRow| -> Result<Change, StoreError> {
            let at = Timestamp::from_second(row.try_get("at")?);
            Ok(Change {
                number: row.try_get("number")?,
                deed: serde_json::from_str(row.try_get("deed")?)?,
                at: at.unwrap_or(Timestamp::UNIX_EPOCH),
            })
        };
        Ok(History {
            changes: rows.into_iter().map(change).collect::<Result<_, _>>()?,
            in_force: kept.in_force,
            revision: kept.board.revision,
        })
    }

    /// Whether there is a change to take back, and one to make again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn steps(&self, citizen: &str) -> Result<Steps, StoreError> {
        let row = self.reading.note(
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
        Ok(Steps {
            back: row.try_get::<i64, _>("back")? != 0,
            forward: row.try_get::<i64, _>("forward")? != 0,
        })
    }
}

/// Writes a change down; what could be made again cannot any more. Gives its number.
pub(super) async fn note(
    connection: &mut SqliteConnection,
    citizen: &str,
    before: &Kept,
    after: &Board,
    deed: &ChangeSummary,
) -> Result<i64, StoreError> {
    let number = before.in_force + 1;
    sqlx::query("delete from change where citizen = $1 and (number >= $2 or number <= $2 - $3)")
        .bind(citizen)
        .bind(number)
        .bind(CHANGES_KEPT)
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "insert into change (citizen, number, deed, at, before, after) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(citizen)
    .bind(number)
    .bind(serde_json::to_string(deed)?)
    .bind(super::boards::now_in_seconds())
    .bind(document::write_seen(&before.board)?)
    .bind(document::write_seen(after)?)
    .execute(connection)
    .await?;
    Ok(number)
}

/// Which change leads from the board as it is to another time: its number, whether what was before it is wanted, and the number of the change
/// that is in force then.
fn way(in_force: i64, edit: &Edit) -> Option<(i64, bool, i64)> {
    match edit {
        Edit::Undo => Some((in_force, true, in_force - 1)),
        Edit::Redo => Some((in_force + 1, false, in_force + 1)),
        Edit::GoTo { number } if *number < in_force => Some((number + 1, true, *number)),
        Edit::GoTo { number } if *number > in_force => Some((*number, false, *number)),
        _ => None,
    }
}

/// The board as it was before or after a change, and the number of the change that is in force then.
pub(super) async fn travel(
    connection: &mut SqliteConnection,
    citizen: &str,
    kept: &Kept,
    edit: &Edit,
    touch: &Touch,
) -> Result<(Board, i64), StoreError> {
    let Some((number, before, in_force)) = way(kept.in_force, edit) else {
        // It is there already.
        return Ok((kept.board.clone(), kept.in_force));
    };
    let row = sqlx::query("select before, after from change where citizen = $1 and number = $2")
        .bind(citizen)
        .bind(number)
        .fetch_optional(connection)
        .await?;
    let row = row.ok_or(match edit {
        Edit::Undo => EditError::NothingToUndo,
        Edit::Redo => EditError::NothingToRedo,
        _ => EditError::NoSuchChange,
    })?;
    let document = row.try_get(if before { "before" } else { "after" })?;
    let pages = document::read(touch.revision, document)?.pages;
    Ok((restore(&kept.board, pages, touch), in_force))
}

/// What undoing would take back now, or redoing make again.
pub(super) async fn in_the_way(
    connection: &mut SqliteConnection,
    citizen: &str,
    kept: &Kept,
    edit: &Edit,
) -> Result<Option<ChangeSummary>, StoreError> {
    let number = match edit {
        Edit::Undo => kept.in_force,
        Edit::Redo => kept.in_force + 1,
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
