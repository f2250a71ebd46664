//! Citizens: who they are to the store, and what they told in the welcome.

use jiff::Timestamp;
use sqlx::Row;
use voordeur_contract::{Language, Theme};

use super::{Board, Card, Store, StoreProblem, Token, document, token};
use crate::look::{Appearance, Density, Look};

/// `seen_at` is written at most this often for one citizen, in seconds.
const SEEN_EVERY: i64 = 6 * 60 * 60;

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

impl Store {
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
        sqlx::query("insert into board (citizen, revision, document) values ($1, 0, $2)")
            .bind(&citizen.id)
            .bind(document::write(&Board::starting(cards.to_vec()))?)
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
}
