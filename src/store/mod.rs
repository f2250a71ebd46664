//! Where boards are kept.
//!
//! An edit is one transaction: it is written when, and only when, the board still has the revision that the citizen saw. What was
//! acknowledged has reached the disk.

mod board;
mod token;

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Row, SqliteConnection};
use voordeur_contract::{Language, Theme};

pub use board::{Board, Card, Direction, Edit, EditRefusal};
pub use token::Token;

use crate::look::{Appearance, Density, Look};

/// So many edits can be undone.
const EDITS_KEPT: i64 = 50;
/// `seen_at` is written at most this often for one citizen, in seconds.
const SEEN_EVERY: i64 = 6 * 60 * 60;

/// The store of boards.
pub struct Store {
    pool: SqlitePool,
}

/// What is known of a citizen.
#[derive(Clone, Debug, PartialEq)]
pub struct Citizen {
    /// A random id.
    pub id: String,
    /// The language they chose.
    pub language: Option<Language>,
    /// The postcode of their place.
    pub place: Option<String>,
    /// What matters to them, by their own word.
    pub interests: Vec<Theme>,
    /// Whether the welcome was answered or skipped.
    pub welcomed: bool,
    /// How the pages look.
    pub appearance: Appearance,
}

/// What went wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreProblem {
    /// The edit cannot be made on the board as it is now.
    #[error(transparent)]
    Refused(#[from] EditRefusal),
    /// The board was changed since the citizen saw it.
    #[error("the board was changed meanwhile")]
    Conflict,
    /// The database.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The migrations.
    #[error("the database cannot be brought to this version")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row that this version cannot read.
    #[error("a row cannot be read")]
    Row(#[from] serde_json::Error),
}

impl Store {
    /// Opens the database in a folder, and makes it when it is not there.
    ///
    /// # Errors
    /// When the file cannot be opened or the migrations fail.
    pub async fn open(folder: &Path) -> Result<Self, StoreProblem> {
        let options = SqliteConnectOptions::new()
            .filename(folder.join("voordeur.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged edit survives a loss of power, not only a crash.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let pool = SqlitePoolOptions::new().max_connections(8).connect_with(options).await?;
        sqlx::migrate!().run(&pool).await?;
        Ok(Store { pool })
    }

    /// Whether the store can be read.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check(&self) -> Result<(), StoreProblem> {
        sqlx::query("select count(*) from board where citizen = ''").fetch_one(&self.pool).await?;
        Ok(())
    }

    /// The citizen whose cookie holds this token.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn citizen(&self, token: &Token) -> Result<Option<Citizen>, StoreProblem> {
        let row = sqlx::query(
            "select id, language, place, interests, welcomed, look, density, seen_at
             from citizen where token_hash = $1",
        )
        .bind(token.hash())
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let id: String = row.try_get("id")?;
        let now = Timestamp::now().as_second();
        if now - row.try_get::<i64, _>("seen_at")? > SEEN_EVERY {
            sqlx::query("update citizen set seen_at = $1 where id = $2")
                .bind(now)
                .bind(&id)
                .execute(&self.pool)
                .await?;
        }
        Ok(Some(Citizen {
            id,
            language: row
                .try_get::<Option<String>, _>("language")?
                .and_then(|tag| tag.parse().ok()),
            place: row.try_get("place")?,
            interests: serde_json::from_str(&row.try_get::<String, _>("interests")?)?,
            welcomed: row.try_get::<i64, _>("welcomed")? != 0,
            appearance: Appearance {
                look: row
                    .try_get::<Option<String>, _>("look")?
                    .and_then(|id| Look::from_id(&id))
                    .unwrap_or_default(),
                density: row
                    .try_get::<Option<String>, _>("density")?
                    .and_then(|id| Density::from_id(&id))
                    .unwrap_or_default(),
            },
        }))
    }

    /// A new guest with a first board, and the token that is theirs alone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn welcome(&self, cards: &[Card]) -> Result<(Citizen, Token), StoreProblem> {
        let token = Token::random();
        let citizen = Citizen {
            id: token::random_id(),
            language: None,
            place: None,
            interests: Vec::new(),
            welcomed: false,
            appearance: Appearance::default(),
        };
        let now = Timestamp::now().as_second();
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "insert into citizen (id, token_hash, language, place, interests, welcomed, created_at, seen_at)
             values ($1, $2, null, null, '[]', 0, $3, $3)",
        )
        .bind(&citizen.id)
        .bind(token.hash())
        .bind(now)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("insert into board (citizen, revision, cards) values ($1, 0, $2)")
            .bind(&citizen.id)
            .bind(serde_json::to_string(cards)?)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok((citizen, token))
    }

    /// Remembers the language that a citizen chose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn choose_language(
        &self,
        citizen: &str,
        language: Language,
    ) -> Result<(), StoreProblem> {
        sqlx::query("update citizen set language = $1 where id = $2")
            .bind(language.tag())
            .bind(citizen)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Remembers how the pages look for a citizen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn choose_appearance(
        &self,
        citizen: &str,
        appearance: Appearance,
    ) -> Result<(), StoreProblem> {
        sqlx::query("update citizen set look = $1, density = $2 where id = $3")
            .bind(appearance.look.attribute())
            .bind(appearance.density.attribute())
            .bind(citizen)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Remembers that the welcome was skipped.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn skip_welcome(&self, citizen: &str) -> Result<(), StoreProblem> {
        sqlx::query("update citizen set welcomed = 1 where id = $1")
            .bind(citizen)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Remembers where a citizen lives and what matters to them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer_welcome(
        &self,
        citizen: &str,
        postcode: Option<&str>,
        interests: &[Theme],
    ) -> Result<(), StoreProblem> {
        sqlx::query("update citizen set place = $1, interests = $2, welcomed = 1 where id = $3")
            .bind(postcode)
            .bind(serde_json::to_string(interests)?)
            .bind(citizen)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

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

    /// Ends all connections, after what is running.
    pub async fn close(&self) {
        self.pool.close().await;
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

#[cfg(test)]
mod tests;
