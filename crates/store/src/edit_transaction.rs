//! Reads a board, and applies an edit to it in one transaction, exactly once per submission.

use std::time::Instant;

use futures::FutureExt;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::board::{Board, EditStamp};
use super::edit::{Edit, EditOutcome, apply};
use super::merge::{ConflictSubject, EditBase, find_conflict};
use super::token::{digest, random_id};
use super::{Conflict, Store, StoreError, document, undo_history};

/// The number of submissions remembered per citizen, to recognize repeated requests.
const MAX_SUBMISSIONS: i64 = 200;

/// How an edit was submitted.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// The revision of the board on the page that the edit was made on.
    pub base_revision: i64,
    /// The browser tab; empty when unknown.
    pub tab: &'a str,
    /// Idempotency key: an edit that comes again with the same key is acknowledged and not applied
    /// again. Empty when there is none.
    pub key: &'a str,
}

/// An edit that was applied.
#[derive(Clone, Debug)]
pub struct AppliedEdit {
    /// The board after the edit.
    pub board: Board,
    /// The id of the card or page that was edited.
    pub subject: Option<String>,
}

/// A row of the table `board`.
pub(super) struct StoredBoard {
    pub board: Board,
    /// The number of the last change in effect.
    pub current_change: i64,
}

impl Store {
    /// Reads a citizen's board.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board(&self, citizen: &str) -> Result<Board, StoreError> {
        let mut connection = self.read_outages.record(self.database.readers().acquire().await)?;
        Ok(read(&mut connection, citizen).await?.board)
    }

    /// Applies an edit to the current board, exactly once. The edit is durable when this returns.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another tab changed the same thing meanwhile,
    /// [`StoreError::InvalidEdit`] when the edit is invalid on the current board. Nothing is
    /// written in either case.
    pub async fn edit(
        &self,
        citizen: &str,
        submission: Submission<'_>,
        edit: &Edit,
    ) -> Result<AppliedEdit, StoreError> {
        let began = Instant::now();
        let (citizen, edit) = (citizen.to_owned(), edit.clone());
        let (base_revision, tab, key) =
            (submission.base_revision, submission.tab.to_owned(), submission.key.to_owned());
        let applied = self.writer.write(move |connection| {
            async move {
                let submission = Submission { base_revision, tab: &tab, key: &key };
                apply_submission(connection, &citizen, submission, &edit).await
            }
            .boxed()
        });
        let applied = applied.await;
        let outcome = match &applied {
            Ok(_) => "made",
            Err(StoreError::InvalidEdit(_)) => "refused",
            Err(StoreError::Conflict(_)) => "conflict",
            Err(_) => "failed",
        };
        metrics::counter!("voordeur_edits_total", "outcome" => outcome).increment(1);
        metrics::histogram!("voordeur_edit_seconds").record(began.elapsed().as_secs_f64());
        applied
    }
}

async fn apply_submission(
    connection: &mut SqliteConnection,
    citizen: &str,
    submission: Submission<'_>,
    edit: &Edit,
) -> Result<AppliedEdit, StoreError> {
    let stored = read(connection, citizen).await?;
    let fingerprint = fingerprint(submission, edit)?;
    if let Some(row) = find_applied(connection, citizen, &fingerprint).await? {
        return Ok(AppliedEdit { board: stored.board, subject: row.try_get("subject")? });
    }
    let now = &stored.board;
    let stamp = EditStamp { revision: now.revision + 1, tab: submission.tab.to_owned() };
    let base = EditBase { revision: submission.base_revision, tab: submission.tab };
    let (board, current_change, subject) = match edit {
        Edit::Undo | Edit::Redo | Edit::GoTo { .. } => {
            if edited_elsewhere(connection, citizen, now, base).await? {
                let change = undo_history::affected_change(connection, citizen, &stored, edit);
                return Err(StoreError::Conflict(Box::new(Conflict {
                    subject: ConflictSubject::Board,
                    change: change.await?,
                    proposed: None,
                    board: stored.board,
                })));
            }
            let (board, current_change) =
                undo_history::board_after(connection, citizen, &stored, edit, &stamp).await?;
            (board, current_change, None)
        }
        edit => {
            let EditOutcome { board, summary, subject } = apply(now, edit, &stamp)?;
            if let Some(subject) = find_conflict(now, &board, edit, base) {
                return Err(StoreError::Conflict(Box::new(Conflict {
                    subject,
                    change: None,
                    proposed: Some(board),
                    board: stored.board,
                })));
            }
            let changed =
                document::without_stamps(&board.pages) != document::without_stamps(&now.pages);
            let current_change = if changed {
                undo_history::record_change(connection, citizen, &stored, &board, &summary).await?
            } else {
                stored.current_change
            };
            (if changed { board } else { now.clone() }, current_change, subject)
        }
    };
    record_submission(connection, citizen, &fingerprint, &board, now, base, subject.as_deref())
        .await?;
    if board.revision != now.revision {
        sqlx::query(
            "update board set revision = $1, document = $2, change = $3 where citizen = $4",
        )
        .bind(board.revision)
        .bind(document::serialize(&board)?)
        .bind(current_change)
        .bind(citizen)
        .execute(connection)
        .await?;
    }
    Ok(AppliedEdit { board, subject })
}

pub(super) async fn read(
    connection: &mut SqliteConnection,
    citizen: &str,
) -> Result<StoredBoard, StoreError> {
    let row = sqlx::query("select revision, document, change from board where citizen = $1")
        .bind(citizen)
        .fetch_one(connection)
        .await?;
    Ok(StoredBoard {
        board: document::deserialize(row.try_get("revision")?, row.try_get("document")?)?,
        current_change: row.try_get("change")?,
    })
}

/// Identifies a submission. A form without script has one key for all of its buttons, so the edit
/// is part of it.
fn fingerprint(submission: Submission<'_>, edit: &Edit) -> Result<String, StoreError> {
    if submission.key.is_empty() {
        return Ok(random_id());
    }
    Ok(digest(&format!("{}\n{}", submission.key, serde_json::to_string(edit)?)))
}

async fn find_applied(
    connection: &mut SqliteConnection,
    citizen: &str,
    fingerprint: &str,
) -> Result<Option<SqliteRow>, StoreError> {
    let row = sqlx::query("select subject from applied where citizen = $1 and submission = $2")
        .bind(citizen)
        .bind(fingerprint)
        .fetch_optional(connection)
        .await?;
    Ok(row)
}

/// Whether another tab edited the board since the base revision.
async fn edited_elsewhere(
    connection: &mut SqliteConnection,
    citizen: &str,
    now: &Board,
    base: EditBase<'_>,
) -> Result<bool, StoreError> {
    let missed = now.revision - base.revision;
    if missed <= 0 {
        return Ok(false);
    }
    let row = sqlx::query(
        "select count(*) as own from applied
         where citizen = $1 and revision > $2 and made = 1 and tab = $3 and tab <> ''",
    )
    .bind(citizen)
    .bind(base.revision)
    .bind(base.tab)
    .fetch_one(connection)
    .await?;
    Ok(row.try_get::<i64, _>("own")? < missed)
}

async fn record_submission(
    connection: &mut SqliteConnection,
    citizen: &str,
    fingerprint: &str,
    board: &Board,
    before: &Board,
    base: EditBase<'_>,
    subject: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into applied (citizen, number, submission, revision, tab, made, subject)
         select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6 from applied where citizen = $1",
    )
    .bind(citizen)
    .bind(fingerprint)
    .bind(board.revision)
    .bind(base.tab)
    .bind(i64::from(board.revision != before.revision))
    .bind(subject)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "delete from applied
         where citizen = $1 and number <= (select max(number) from applied where citizen = $1) - $2",
    )
    .bind(citizen)
    .bind(MAX_SUBMISSIONS)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn now_in_seconds() -> i64 {
    Timestamp::now().as_second()
}
