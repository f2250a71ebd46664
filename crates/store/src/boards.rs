//! Boards: reading one, and editing one in a transaction.

use std::time::Instant;

use futures::FutureExt;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::board::{Board, Touch};
use super::edit::{Edit, Outcome, apply};
use super::merge::{ConflictSubject, Seen, clash};
use super::token::{digest, random_id};
use super::{Conflict, Store, StoreError, document};

/// The keys of so many edits are remembered for each citizen.
const SUBMISSIONS_KEPT: i64 = 200;

/// How an edit came to the store.
#[derive(Clone, Copy, Debug)]
pub struct Submission<'a> {
    /// The revision of the board that the citizen saw.
    pub seen: i64,
    /// The tab of the browser; empty when it tells none.
    pub tab: &'a str,
    /// A key of this one submission: when the same edit comes with the same key again, it was made already. Empty when there is none.
    pub key: &'a str,
}

/// An edit that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The board as it is now.
    pub board: Board,
    /// The id of the card or page that the edit was about.
    pub subject: Option<String>,
}

/// What stands in the row of a board.
pub(super) struct Kept {
    pub board: Board,
    /// The number of the last change that is in force.
    pub in_force: i64,
}

impl Store {
    /// A citizen's board.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board(&self, citizen: &str) -> Result<Board, StoreError> {
        let mut connection = self.reading.note(self.database.readers().acquire().await)?;
        Ok(read(&mut connection, citizen).await?.board)
    }

    /// Makes an edit on the board as it is now, once. It has reached the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when another tab changed what it would change, and [`StoreError::Refused`] when it makes no sense on the
    /// board. In both cases nothing is written.
    pub async fn edit(
        &self,
        citizen: &str,
        submission: Submission<'_>,
        edit: &Edit,
    ) -> Result<Made, StoreError> {
        let began = Instant::now();
        let (citizen, edit) = (citizen.to_owned(), edit.clone());
        let (seen, tab, key) =
            (submission.seen, submission.tab.to_owned(), submission.key.to_owned());
        let made = self.writer.write(move |connection| {
            async move {
                let submission = Submission { seen, tab: &tab, key: &key };
                make(connection, &citizen, submission, &edit).await
            }
            .boxed()
        });
        let made = made.await;
        let outcome = match &made {
            Ok(_) => "made",
            Err(StoreError::Refused(_)) => "refused",
            Err(StoreError::Conflict(_)) => "conflict",
            Err(_) => "failed",
        };
        metrics::counter!("voordeur_edits_total", "outcome" => outcome).increment(1);
        metrics::histogram!("voordeur_edit_seconds").record(began.elapsed().as_secs_f64());
        made
    }
}

async fn make(
    connection: &mut SqliteConnection,
    citizen: &str,
    submission: Submission<'_>,
    edit: &Edit,
) -> Result<Made, StoreError> {
    let kept = read(connection, citizen).await?;
    let fingerprint = fingerprint(submission, edit)?;
    if let Some(row) = applied(connection, citizen, &fingerprint).await? {
        return Ok(Made { board: kept.board, subject: row.try_get("subject")? });
    }
    let now = &kept.board;
    let touch = Touch { revision: now.revision + 1, tab: submission.tab.to_owned() };
    let seen = Seen { revision: submission.seen, tab: submission.tab };
    let (board, in_force, subject) = match edit {
        Edit::Undo | Edit::Redo | Edit::GoTo { .. } => {
            if others_edited(connection, citizen, now, seen).await? {
                let about = super::history::in_the_way(connection, citizen, &kept, edit);
                return Err(StoreError::Conflict(Box::new(Conflict {
                    clash: ConflictSubject::Board,
                    about: about.await?,
                    wished: None,
                    board: kept.board,
                })));
            }
            let (board, in_force) =
                super::history::travel(connection, citizen, &kept, edit, &touch).await?;
            (board, in_force, None)
        }
        edit => {
            let Outcome { board, deed, subject } = apply(now, edit, &touch)?;
            if let Some(clash) = clash(now, &board, edit, seen) {
                return Err(StoreError::Conflict(Box::new(Conflict {
                    clash,
                    about: None,
                    wished: Some(board),
                    board: kept.board,
                })));
            }
            let changed = document::seen(&board.pages) != document::seen(&now.pages);
            let in_force = if changed {
                super::history::note(connection, citizen, &kept, &board, &deed).await?
            } else {
                kept.in_force
            };
            (if changed { board } else { now.clone() }, in_force, subject)
        }
    };
    remember(connection, citizen, &fingerprint, &board, now, seen, subject.as_deref()).await?;
    if board.revision != now.revision {
        sqlx::query(
            "update board set revision = $1, document = $2, change = $3 where citizen = $4",
        )
        .bind(board.revision)
        .bind(document::write(&board)?)
        .bind(in_force)
        .bind(citizen)
        .execute(connection)
        .await?;
    }
    Ok(Made { board, subject })
}

/// Reads the row of a board.
pub(super) async fn read(
    connection: &mut SqliteConnection,
    citizen: &str,
) -> Result<Kept, StoreError> {
    let row = sqlx::query("select revision, document, change from board where citizen = $1")
        .bind(citizen)
        .fetch_one(connection)
        .await?;
    Ok(Kept {
        board: document::read(row.try_get("revision")?, row.try_get("document")?)?,
        in_force: row.try_get("change")?,
    })
}

/// What is the same when an edit is sent again. A form without script has one key for each of its buttons: what the button does tells them
/// apart.
fn fingerprint(submission: Submission<'_>, edit: &Edit) -> Result<String, StoreError> {
    if submission.key.is_empty() {
        return Ok(random_id());
    }
    Ok(digest(&format!("{}\n{}", submission.key, serde_json::to_string(edit)?)))
}

async fn applied(
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

/// Whether any edit since what was seen was made in another tab.
async fn others_edited(
    connection: &mut SqliteConnection,
    citizen: &str,
    now: &Board,
    seen: Seen<'_>,
) -> Result<bool, StoreError> {
    let missed = now.revision - seen.revision;
    if missed <= 0 {
        return Ok(false);
    }
    let row = sqlx::query(
        "select count(*) as own from applied
         where citizen = $1 and revision > $2 and made = 1 and tab = $3 and tab <> ''",
    )
    .bind(citizen)
    .bind(seen.revision)
    .bind(seen.tab)
    .fetch_one(connection)
    .await?;
    Ok(row.try_get::<i64, _>("own")? < missed)
}

async fn remember(
    connection: &mut SqliteConnection,
    citizen: &str,
    fingerprint: &str,
    board: &Board,
    before: &Board,
    seen: Seen<'_>,
    subject: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into applied (citizen, number, submission, revision, tab, made, subject)
         select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6 from applied where citizen = $1",
    )
    .bind(citizen)
    .bind(fingerprint)
    .bind(board.revision)
    .bind(seen.tab)
    .bind(i64::from(board.revision != before.revision))
    .bind(subject)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "delete from applied
         where citizen = $1 and number <= (select max(number) from applied where citizen = $1) - $2",
    )
    .bind(citizen)
    .bind(SUBMISSIONS_KEPT)
    .execute(connection)
    .await?;
    Ok(())
}

/// The moment of a change, in seconds.
pub(super) fn now_in_seconds() -> i64 {
    Timestamp::now().as_second()
}
