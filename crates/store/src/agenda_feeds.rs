//! Agendas that other programs fetch at a secret address.

use futures::FutureExt;
use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use voordeur_widget_api::Language;

use super::{Board, Citizen, Store, StoreError, Token, document, token};

/// Maximum number of feeds of a citizen.
pub const MAX_AGENDA_FEEDS: usize = 20;
/// The last fetch is written when it is this much later than the one before.
const FETCH_RESOLUTION_SECS: i64 = 10 * 60;

/// A feed of a citizen, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaFeed {
    /// A random id; it opens nothing.
    pub id: String,
    /// The language of its texts.
    pub language: Language,
    /// The id of the only card in it; `None` for all cards.
    pub card: Option<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When a program last asked for it, to ten minutes; `None` for never.
    pub fetched: Option<Timestamp>,
    /// The ids of the cards that have given it something.
    pub cards: Vec<String>,
}

impl Store {
    /// Makes a feed, and returns the token of its address, which the store cannot show again;
    /// `None` when the citizen has [`MAX_AGENDA_FEEDS`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_agenda_feed(
        &self,
        citizen: &str,
        language: Language,
        card: Option<&str>,
    ) -> Result<Option<Token>, StoreError> {
        let token = Token::random();
        let (citizen, card) = (citizen.to_owned(), card.map(str::to_owned));
        let (id, hash, now) = (token::random_id(), token.hash(), self.clock.now().as_second());
        let written = self.writer.write(move |connection| {
            async move {
                let insert = sqlx::query(
                    "insert into agenda_feed (id, citizen, token_hash, card, created_at, cards, language)
                     select $1, $2, $3, $4, $5, '[]', $7
                     where (select count(*) from agenda_feed where citizen = $2) < $6",
                );
                let inserted = insert
                    .bind(id)
                    .bind(citizen)
                    .bind(hash)
                    .bind(card)
                    .bind(now)
                    .bind(MAX_AGENDA_FEEDS as i64)
                    .bind(language.tag())
                    .execute(connection)
                    .await?;
                Ok(inserted.rows_affected())
            }
            .boxed()
        });
        Ok((written.await? > 0).then_some(token))
    }

    /// The feeds of a citizen, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agenda_feeds(&self, citizen: &str) -> Result<Vec<AgendaFeed>, StoreError> {
        let rows = sqlx::query(
            "select id as feed, language as feed_language, card, created_at, fetched_at, cards
             from agenda_feed
             where citizen = $1 order by created_at, id",
        )
        .bind(citizen)
        .fetch_all(&*self.database.readers())
        .await;
        self.read_outages.record(rows)?.iter().map(feed_from_row).collect()
    }

    /// Removes a feed of a citizen: its address opens nothing from then on. Does nothing when there
    /// is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_agenda_feed(&self, citizen: &str, feed: &str) -> Result<(), StoreError> {
        let delete = sqlx::query("delete from agenda_feed where id = $1 and citizen = $2");
        self.update(delete.bind(feed.to_owned()).bind(citizen.to_owned())).await
    }

    /// The feed of a token, with its citizen and their board. Counts as a visit of the citizen.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agenda_feed(
        &self,
        token: &Token,
    ) -> Result<Option<(AgendaFeed, Citizen, Board)>, StoreError> {
        let row = sqlx::query(
            "select citizen.id as id, citizen.language as language, place, interests, welcomed, look, density, text_size, reading,
                    seen_at,
                    revision, document, agenda_feed.id as feed,
                    agenda_feed.language as feed_language, card, agenda_feed.created_at as created_at,
                    fetched_at, cards
             from agenda_feed
             join citizen on citizen.id = agenda_feed.citizen
             join board on board.citizen = citizen.id
             where agenda_feed.token_hash = $1",
        )
        .bind(token.hash())
        .fetch_optional(&*self.database.readers())
        .await;
        let Some(row) = self.read_outages.record(row)? else { return Ok(None) };
        let board = document::deserialize(row.try_get("revision")?, row.try_get("document")?)?;
        Ok(Some((feed_from_row(&row)?, self.citizen_from_row(&row)?, board)))
    }

    /// Records that a feed was fetched now, and which cards have given it something. Writes only
    /// what is news.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record_agenda_fetch(
        &self,
        feed: &AgendaFeed,
        cards: &[String],
    ) -> Result<(), StoreError> {
        let now = self.clock.now().as_second();
        let is_recent = feed.fetched.is_some_and(|fetched| {
            now.saturating_sub(fetched.as_second()).abs() < FETCH_RESOLUTION_SECS
        });
        if is_recent && feed.cards == cards {
            return Ok(());
        }
        let update =
            sqlx::query("update agenda_feed set fetched_at = $1, cards = $2 where id = $3")
                .bind(now)
                .bind(serde_json::to_string(cards)?)
                .bind(feed.id.clone());
        self.update(update).await
    }
}

fn feed_from_row(row: &SqliteRow) -> Result<AgendaFeed, StoreError> {
    let moment = |second: i64| Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(AgendaFeed {
        id: row.try_get("feed")?,
        language: row.try_get::<&str, _>("feed_language")?.parse().unwrap_or(Language::Nl),
        card: row.try_get("card")?,
        created: moment(row.try_get("created_at")?),
        fetched: row.try_get::<Option<i64>, _>("fetched_at")?.map(moment),
        cards: serde_json::from_str(row.try_get("cards")?)?,
    })
}
