//! Boards: reading one, and editing one in a transaction.

use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

use super::{Board, Edit, EditRefusal, Store, StoreProblem, board};

/// So many edits can be undone.
const EDITS_KEPT: i64 = 50;

impl Store {
    /// A citizen's board.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn board(&self, citizen: &str) -> Result<Board, StoreProblem> {
        let mut connection = self.pool.acquire().await?;
        read_board(&mut connection, citizen).await
    }

    /// Makes an edit on the board that the citizen saw at `seen`, and gives the board as it is then.
    ///
    /// # Errors
    /// [`StoreProblem::Conflict`] when the board was changed since, [`StoreProblem::Refused`] when the edit makes no sense on it.
    pub async fn edit(&self, citizen: &str, seen: i64, edit: &Edit) -> Result<Board, StoreProblem> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let before = read_board(&mut transaction, citizen).await?;
        if before.revision != seen {
            return Err(StoreProblem::Conflict);
        }
        let revision = before.revision + 1;
        let after = match edit {
            Edit::Undo => {
                let row = sqlx::query(
                    "select revision, cards_before from edit where citizen = $1 order by revision desc limit 1",
                )
                .bind(citizen)
                .fetch_optional(&mut *transaction)
                .await?;
                let row = row.ok_or(EditRefusal::NothingToUndo)?;
                sqlx::query("delete from edit where citizen = $1 and revision = $2")
                    .bind(citizen)
                    .bind(row.try_get::<i64, _>("revision")?)
                    .execute(&mut *transaction)
                    .await?;
                let cards = serde_json::from_str(&row.try_get::<String, _>("cards_before")?)?;
                Board { revision, cards }
            }
            edit => {
                let cards = board::apply(&before.cards, edit)?;
                sqlx::query(
                    "insert into edit (citizen, revision, cards_before, at) values ($1, $2, $3, $4)",
                )
                .bind(citizen)
                .bind(revision)
                .bind(serde_json::to_string(&before.cards)?)
                .bind(Timestamp::now().as_second())
                .execute(&mut *transaction)
                .await?;
                sqlx::query(
                    "delete from edit where citizen = $1 and revision <= (
                         select max(revision) from edit where citizen = $1
                     ) - $2",
                )
                .bind(citizen)
                .bind(EDITS_KEPT)
                .execute(&mut *transaction)
                .await?;
                Board { revision, cards }
            }
        };
        sqlx::query("update board set revision = $1, cards = $2 where citizen = $3")
            .bind(after.revision)
            .bind(serde_json::to_string(&after.cards)?)
            .bind(citizen)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(after)
    }

    /// Whether there is an edit to undo.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn can_undo(&self, citizen: &str) -> Result<bool, StoreProblem> {
        let row = sqlx::query("select count(*) as edits from edit where citizen = $1")
            .bind(citizen)
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get::<i64, _>("edits")? > 0)
    }
}

async fn read_board(
    connection: &mut SqliteConnection,
    citizen: &str,
) -> Result<Board, StoreProblem> {
    let row = sqlx::query("select revision, cards from board where citizen = $1")
        .bind(citizen)
        .fetch_one(connection)
        .await?;
    Ok(Board {
        revision: row.try_get("revision")?,
        cards: serde_json::from_str(&row.try_get::<String, _>("cards")?)?,
    })
}
