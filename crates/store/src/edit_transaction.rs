//! Reads a board, and applies an edit to it in one transaction, exactly once per submission.

use std::time::Instant;

use futures::FutureExt;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use voordeur_widget_api::CardWidth;

use super::board::{Board, EditStamp, MAX_BOARD_BYTES};
use super::edit::{Edit, EditError, EditOutcome, apply};
use super::merge::{ConflictSubject, EditBase, find_conflict};
use super::token::{digest, random_id};
use super::undo_history::{HistorySizes, MAX_HISTORY_BYTES};
use super::{Conflict, Store, StoreError, document, undo_history};

/// The number of submissions remembered per citizen, to recognize repeated requests.
pub(super) const MAX_SUBMISSIONS: i64 = 200;
/// Of these, the number that is remembered even without disk space.
const MIN_SUBMISSIONS: i64 = 10;
/// The size of a remembered submission with its two indexes.
const SUBMISSION_BYTES: u64 = 350;
/// The size of a new guest: the citizen, a starter board, and a few edits. The disk space of a
/// client is charged with it when the guest is created, and with what goes beyond it afterwards.
pub const GUEST_BYTES: u64 = 4 * 1024;
/// The most bytes by which one edit can make a board and its history grow.
pub const MAX_EDIT_BYTES: u64 = 3 * MAX_BOARD_BYTES as u64;

/// Whether an edit may make the data of a citizen grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// Within the bounds of a board and its history.
    Allowed,
    /// Only up to [`GUEST_BYTES`]. Beyond that, old changes make room for new ones.
    Refused,
}

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
    /// The bytes by which the data of the citizen grew beyond [`GUEST_BYTES`].
    pub growth: u64,
}

/// A row of the table `board`.
pub(super) struct StoredBoard {
    pub board: Board,
    /// The number of the last change in effect.
    pub current_change: i64,
    /// The size of the document.
    bytes: u64,
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
        self.edit_within(citizen, submission, edit, Growth::Allowed).await
    }

    /// Like [`edit`](Store::edit), for a client whose disk space may be used up.
    ///
    /// # Errors
    /// Those of [`edit`](Store::edit), and [`EditError::NoSpaceLeft`].
    pub async fn edit_within(
        &self,
        citizen: &str,
        submission: Submission<'_>,
        edit: &Edit,
        growth: Growth,
    ) -> Result<AppliedEdit, StoreError> {
        let began = Instant::now();
        let (citizen, edit) = (citizen.to_owned(), edit.clone());
        let (base_revision, tab, key) =
            (submission.base_revision, submission.tab.to_owned(), submission.key.to_owned());
        let applied = self.writer.write(move |connection| {
            async move {
                let submission = Submission { base_revision, tab: &tab, key: &key };
                apply_submission(connection, &citizen, submission, &edit, growth).await
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
    growth: Growth,
) -> Result<AppliedEdit, StoreError> {
    let stored = read(connection, citizen).await?;
    let fingerprint = fingerprint(submission, edit)?;
    if let Some(row) = find_applied(connection, citizen, submission, edit, &fingerprint).await? {
        let subject = row.try_get("subject")?;
        return Ok(AppliedEdit { board: stored.board, subject, growth: 0 });
    }
    let now = &stored.board;
    let revision = now.revision.saturating_add(1);
    let stamp = EditStamp { revision, tab: submission.tab.to_owned() };
    let mut history = HistorySizes::read(connection, citizen).await?;
    let space = SpaceOfCitizen::read(connection, citizen, &stored, &history, growth).await?;
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
                check_size(now, &board)?;
                let max_bytes = space.left_for_history(&document::serialize(&board)?);
                let history = (&mut history, max_bytes);
                undo_history::record_change(connection, citizen, &stored, &board, &summary, history)
                    .await?
            } else {
                stored.current_change
            };
            (if changed { board } else { now.clone() }, current_change, subject)
        }
    };
    let applied = NewSubmission {
        fingerprint: &fingerprint,
        revision: board.revision,
        tab: submission.tab,
        made: board.revision != now.revision,
        subject: subject.as_deref(),
        kept: space.submissions_kept,
    };
    record_submission(connection, citizen, applied).await?;
    let document = document::serialize(&board)?;
    let growth = space.growth(&document, &history)?;
    if board.revision != now.revision {
        sqlx::query(
            "update board set revision = $1, document = $2, change = $3 where citizen = $4",
        )
        .bind(board.revision)
        .bind(document)
        .bind(current_change)
        .bind(citizen)
        .execute(connection)
        .await?;
    }
    Ok(AppliedEdit { board, subject, growth })
}

/// Checks that a board that grows stays within its bound. One that is larger already, from a time
/// without a bound, can be arranged and made smaller.
fn check_size(before: &Board, after: &Board) -> Result<(), StoreError> {
    let bytes = after.content_bytes()?;
    if bytes <= MAX_BOARD_BYTES || bytes <= before.content_bytes()? {
        return Ok(());
    }
    let largest = after.largest_setting();
    let (card, field) = largest.map_or((None, ""), |(card, field)| (Some(card), field));
    Err(EditError::BoardTooLarge {
        card: card.map(|card| card.id.clone()).unwrap_or_default(),
        widget: card.map(|card| card.widget.clone()).unwrap_or_default(),
        field: field.to_owned(),
    }
    .into())
}

/// The size of the data of a citizen, during one edit.
struct SpaceOfCitizen {
    before: u64,
    growth: Growth,
    /// The number of submissions to remember.
    submissions_kept: i64,
    /// Their size.
    submissions: u64,
}

impl SpaceOfCitizen {
    async fn read(
        connection: &mut SqliteConnection,
        citizen: &str,
        stored: &StoredBoard,
        history: &HistorySizes,
        growth: Growth,
    ) -> Result<Self, sqlx::Error> {
        let count: i64 = sqlx::query_scalar("select count(*) from applied where citizen = $1")
            .bind(citizen)
            .fetch_one(connection)
            .await?;
        let submissions_kept = match growth {
            Growth::Allowed => MAX_SUBMISSIONS,
            Growth::Refused => count.clamp(MIN_SUBMISSIONS, MAX_SUBMISSIONS),
        };
        let bytes =
            |count: i64| u64::try_from(count).unwrap_or_default().saturating_mul(SUBMISSION_BYTES);
        let before = [stored.bytes, history.total(), bytes(count)];
        Ok(SpaceOfCitizen {
            before: before.iter().sum(),
            growth,
            submissions_kept,
            submissions: bytes(count.saturating_add(1).min(submissions_kept)),
        })
    }

    /// The most bytes that the history may have beside this document.
    fn left_for_history(&self, document: &str) -> u64 {
        match self.growth {
            Growth::Allowed => MAX_HISTORY_BYTES,
            Growth::Refused => {
                let taken = self.submissions.saturating_add(document.len() as u64);
                self.before.max(GUEST_BYTES).saturating_sub(taken).min(MAX_HISTORY_BYTES)
            }
        }
    }

    /// The bytes by which the citizen's data grow beyond what every guest has.
    fn growth(&self, document: &str, history: &HistorySizes) -> Result<u64, EditError> {
        let after = [document.len() as u64, history.total(), self.submissions];
        let after: u64 = after.iter().sum();
        let growth = after.max(GUEST_BYTES).saturating_sub(self.before.max(GUEST_BYTES));
        match self.growth {
            Growth::Refused if growth > 0 => Err(EditError::NoSpaceLeft),
            _ => Ok(growth),
        }
    }
}

pub(super) async fn read(
    connection: &mut SqliteConnection,
    citizen: &str,
) -> Result<StoredBoard, StoreError> {
    let row = sqlx::query("select revision, document, change from board where citizen = $1")
        .bind(citizen)
        .fetch_one(connection)
        .await?;
    let document: &str = row.try_get("document")?;
    Ok(StoredBoard {
        board: document::deserialize(row.try_get("revision")?, document)?,
        current_change: row.try_get("change")?,
        bytes: document.len() as u64,
    })
}

/// The fingerprints that versions with twelve columns gave to the same submission: they wrote the
/// width of a card as a number. Of an edit without a width there are none.
fn earlier_fingerprints(
    submission: Submission<'_>,
    edit: &Edit,
) -> Result<Vec<String>, StoreError> {
    let Some(width) = edit.width().filter(|_| !submission.key.is_empty()) else {
        return Ok(Vec::new());
    };
    let columns: &[&str] = match width {
        CardWidth::Narrow => &["3", "4"],
        CardWidth::Wide => &["6", "8"],
        CardWidth::Full => &["12"],
    };
    let json = serde_json::to_string(edit)?;
    let word = format!(r#""size":"{}""#, width.id());
    let of = |columns: &&str| {
        let earlier = json.replace(&word, &format!(r#""size":{columns}"#));
        digest(&format!("{}\n{earlier}", submission.key))
    };
    Ok(columns.iter().map(of).collect())
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
    submission: Submission<'_>,
    edit: &Edit,
    fingerprint: &str,
) -> Result<Option<SqliteRow>, StoreError> {
    let mut fingerprints = vec![fingerprint.to_owned()];
    fingerprints.extend(earlier_fingerprints(submission, edit)?);
    for fingerprint in fingerprints {
        let row = sqlx::query("select subject from applied where citizen = $1 and submission = $2")
            .bind(citizen)
            .bind(fingerprint)
            .fetch_optional(&mut *connection)
            .await?;
        if row.is_some() {
            return Ok(row);
        }
    }
    Ok(None)
}

/// Whether another tab edited the board since the base revision.
async fn edited_elsewhere(
    connection: &mut SqliteConnection,
    citizen: &str,
    now: &Board,
    base: EditBase<'_>,
) -> Result<bool, StoreError> {
    let missed = now.revision.saturating_sub(base.revision);
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

/// A submission to remember.
struct NewSubmission<'a> {
    fingerprint: &'a str,
    /// The revision of the board after it.
    revision: i64,
    tab: &'a str,
    /// Whether it changed the board.
    made: bool,
    subject: Option<&'a str>,
    /// The number of submissions to keep.
    kept: i64,
}

async fn record_submission(
    connection: &mut SqliteConnection,
    citizen: &str,
    submission: NewSubmission<'_>,
) -> Result<(), StoreError> {
    let NewSubmission { fingerprint, revision, tab, made, subject, kept } = submission;
    sqlx::query(
        "insert into applied (citizen, number, submission, revision, tab, made, subject)
         select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6 from applied where citizen = $1",
    )
    .bind(citizen)
    .bind(fingerprint)
    .bind(revision)
    .bind(tab)
    .bind(i64::from(made))
    .bind(subject)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "delete from applied
         where citizen = $1 and number <= (select max(number) from applied where citizen = $1) - $2",
    )
    .bind(citizen)
    .bind(kept)
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) fn now_in_seconds() -> i64 {
    Timestamp::now().as_second()
}
