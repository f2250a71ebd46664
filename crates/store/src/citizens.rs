//! Citizens: lookup by cookie, creation of guests, and preferences.

use futures::FutureExt;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite};
use voordeur_widget_api::{Language, Theme};

use super::guest_retention::{UPDATE_INTERVAL, time_of_visit};
use super::{Board, Card, Store, StoreError, Token, document, token};
use crate::appearance::{Appearance, Density, Look, Reading, TextSize};

/// A citizen, who is a guest until they sign in.
#[derive(Clone, Debug, PartialEq)]
pub struct Citizen {
    /// A random id.
    pub id: String,
    /// The language that they chose.
    pub language: Option<Language>,
    /// The postcode of their place.
    pub place: Option<String>,
    /// The themes that they chose.
    pub interests: Vec<Theme>,
    /// Whether they answered or skipped the welcome questions.
    pub welcomed: bool,
    /// The appearance that they chose.
    pub appearance: Appearance,
}

impl Store {
    /// Looks up a citizen by the token of the cookie.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn citizen(&self, token: &Token) -> Result<Option<Citizen>, StoreError> {
        let row = sqlx::query(
            "select id, language, place, interests, welcomed, look, density, text_size, reading, seen_at
             from citizen where token_hash = $1",
        )
        .bind(token.hash())
        .fetch_optional(&*self.database.readers())
        .await;
        self.read_outages.record(row)?.map(|row| self.citizen_from_row(&row)).transpose()
    }

    /// Looks up a citizen and their board by the token of the cookie. One query: each query wakes a
    /// thread.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn citizen_with_board(
        &self,
        token: &Token,
    ) -> Result<Option<(Citizen, Board)>, StoreError> {
        let row = sqlx::query(
            "select id, language, place, interests, welcomed, look, density, text_size, reading, seen_at, revision, document
             from citizen join board on board.citizen = citizen.id where token_hash = $1",
        )
        .bind(token.hash())
        .fetch_optional(&*self.database.readers())
        .await;
        let Some(row) = self.read_outages.record(row)? else { return Ok(None) };
        let board = document::deserialize(row.try_get("revision")?, row.try_get("document")?)?;
        Ok(Some((self.citizen_from_row(&row)?, board)))
    }

    pub(super) fn citizen_from_row(&self, row: &SqliteRow) -> Result<Citizen, StoreError> {
        let id: String = row.try_get("id")?;
        let now = self.clock.now();
        let seen_at: i64 = row.try_get("seen_at")?;
        if now.as_second().saturating_sub(seen_at) > UPDATE_INTERVAL.as_secs() {
            self.last_seen.record(&id, now);
        }
        Ok(Citizen {
            id,
            language: row
                .try_get::<Option<String>, _>("language")?
                .and_then(|tag| tag.parse().ok()),
            place: row.try_get("place")?,
            interests: known_interests(row.try_get("interests")?),
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
                text_size: row
                    .try_get::<Option<String>, _>("text_size")?
                    .and_then(|id| TextSize::from_id(&id))
                    .unwrap_or_default(),
                reading: row
                    .try_get::<Option<String>, _>("reading")?
                    .and_then(|id| Reading::from_id(&id))
                    .unwrap_or_default(),
            },
        })
    }

    /// Creates a guest with a board of these cards, and returns the token for the cookie.
    ///
    /// # Errors
    /// When the database fails, and [`StoreError::LowDiskSpace`] when too little space is left.
    pub async fn create_guest(&self, cards: &[Card]) -> Result<(Citizen, Token), StoreError> {
        if self.disk_space.is_low() {
            return Err(StoreError::LowDiskSpace);
        }
        let token = Token::random();
        let citizen = Citizen {
            id: token::random_id(),
            language: None,
            place: None,
            interests: Vec::new(),
            welcomed: false,
            appearance: Appearance::default(),
        };
        let (id, hash) = (citizen.id.clone(), token.hash());
        let document = document::serialize(&Board::starting(cards.to_vec()))?;
        let now = self.clock.now();
        let written = self.writer.write(move |connection| {
            async move {
                let now = time_of_visit(connection, now).await?;
                sqlx::query(
                    "insert into citizen (id, token_hash, language, place, interests, welcomed, created_at, seen_at)
                     values ($1, $2, null, null, '[]', 0, $3, $3)",
                )
                .bind(&id)
                .bind(hash)
                .bind(now)
                .execute(&mut *connection)
                .await?;
                sqlx::query("insert into board (citizen, revision, document) values ($1, 0, $2)")
                    .bind(id)
                    .bind(document)
                    .execute(connection)
                    .await?;
                Ok(())
            }
            .boxed()
        });
        written.await?;
        Ok((citizen, token))
    }

    /// Stores the language that a citizen chose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_language(&self, citizen: &str, language: Language) -> Result<(), StoreError> {
        let update = sqlx::query("update citizen set language = $1 where id = $2");
        self.update(update.bind(language.tag()).bind(citizen.to_owned())).await
    }

    /// Stores the appearance that a citizen chose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_appearance(
        &self,
        citizen: &str,
        appearance: Appearance,
    ) -> Result<(), StoreError> {
        let update = sqlx::query(
            "update citizen set look = $1, density = $2, text_size = $3, reading = $4 where id = $5",
        )
        .bind(appearance.look.attribute())
        .bind(appearance.density.attribute())
        .bind(appearance.text_size.attribute())
        .bind(appearance.reading.attribute());
        self.update(update.bind(citizen.to_owned())).await
    }

    /// Records that the citizen skipped the welcome questions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn skip_welcome(&self, citizen: &str) -> Result<(), StoreError> {
        let update = sqlx::query("update citizen set welcomed = 1 where id = $1");
        self.update(update.bind(citizen.to_owned())).await
    }

    /// Stores the answers to the welcome questions. Each interest is stored once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn complete_welcome(
        &self,
        citizen: &str,
        postcode: Option<&str>,
        interests: &[Theme],
    ) -> Result<(), StoreError> {
        let interests: Vec<Theme> =
            Theme::ALL.into_iter().filter(|theme| interests.contains(theme)).collect();
        let update = "update citizen set place = $1, interests = $2, welcomed = 1 where id = $3";
        let update = sqlx::query(update)
            .bind(postcode.map(str::to_owned))
            .bind(serde_json::to_string(&interests)?);
        self.update(update.bind(citizen.to_owned())).await
    }

    /// Deletes a citizen with the board, its history and the feeds of the agenda. Backups still have
    /// them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_citizen(&self, citizen: &str) -> Result<(), StoreError> {
        let delete = sqlx::query("delete from citizen where id = $1");
        self.update(delete.bind(citizen.to_owned())).await
    }

    pub(super) async fn update(
        &self,
        update: Query<'static, Sqlite, SqliteArguments>,
    ) -> Result<(), StoreError> {
        let written = self.writer.write(|connection| {
            async move {
                update.execute(connection).await?;
                Ok(())
            }
            .boxed()
        });
        written.await
    }
}

/// The stored interests that this version knows. A theme may be removed from a later version, and
/// damage here is no reason to withhold a board.
fn known_interests(stored: &str) -> Vec<Theme> {
    let stored: Vec<serde_json::Value> = serde_json::from_str(stored).unwrap_or_default();
    let is_stored = |theme: &Theme| stored.iter().any(|id| id.as_str() == Some(theme.id()));
    Theme::ALL.into_iter().filter(is_stored).collect()
}
