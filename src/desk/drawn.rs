//! Cards that were made, for whoever asks for the same.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use voordeur_contract::{Clock, Language, Settings, View};
use voordeur_widgets::Version;

use crate::face::CardFace;
use crate::store::Card;

/// Made cards in memory, by about what they take there.
const MOST_BYTES: u64 = 96 * 1024 * 1024;
/// A card takes about so many times what its face takes as JSON: its view says the same again, and each small text is an allocation.
const FOR_EACH_BYTE: u32 = 3;
/// A card takes so many bytes of memory besides what it says.
const SIZE_OF_CARD: u32 = 1024;

/// What makes two cards the same, whoever has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    pub widget: String,
    pub settings: Settings,
    pub postcode: Option<String>,
    pub language: Language,
}

/// The last fresh card of a question.
#[derive(Clone)]
pub struct Drawn {
    /// The reading of the widget that drew it; another one has to draw it anew. It is no part of the question, so that a new reading takes
    /// the place of the old one.
    pub version: Version,
    pub view: Arc<View>,
    pub face: CardFace,
    /// When the oldest of its answers was fetched.
    pub fetched: Timestamp,
    /// The moment that counted as now for the widget.
    pub viewed: Timestamp,
    /// The moment that counted as now for the words: those that tell how long something takes hold for that minute.
    pub presented: Timestamp,
    /// Until when all its answers are fresh.
    pub fresh_until: Timestamp,
}

impl Drawn {
    /// The same card on another board.
    pub fn face_of(&self, card: &Card) -> CardFace {
        CardFace { card: card.id.clone(), size: card.size, ..self.face.clone() }
    }

    /// Whether its words still hold.
    pub fn says_it(&self, now: Timestamp) -> bool {
        minute(self.presented) == minute(now)
    }

    /// Whether its widget would make the same of the same answers.
    pub fn shows_it(&self, now: Timestamp, zone: &TimeZone, clock: Clock) -> bool {
        let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
        match clock {
            Clock::Unread => true,
            Clock::Day => day(self.viewed) == day(now),
            Clock::Moment => minute(self.viewed) == minute(now),
        }
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// An empty place for them.
pub fn cache() -> Cache<Question, Arc<Drawn>> {
    Cache::builder()
        .weigher(|_, drawn: &Arc<Drawn>| weight(&drawn.face))
        .max_capacity(MOST_BYTES)
        .build()
}

fn weight(face: &CardFace) -> u32 {
    let mut counted = Counted(0);
    // Counting does not fail, and a face is made of what JSON knows.
    let _ = serde_json::to_writer(&mut counted, face);
    counted.0.saturating_mul(FOR_EACH_BYTE).saturating_add(SIZE_OF_CARD)
}

/// Counts bytes.
struct Counted(u32);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
