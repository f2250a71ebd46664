//! Cards that were made, for whoever asks for the same.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use voordeur_engine::Version;
use voordeur_widget_api::{Language, Settings, TimeDependence, View};

use crate::blocks::DrawnCard;

/// Made cards in memory, by about what they take there.
const MOST_BYTES: u64 = 96 * 1024 * 1024;
/// A card takes about so many times what its face takes as JSON: its view says the same again, and each small text is an allocation.
const FOR_EACH_BYTE: u32 = 3;
/// A card takes so many bytes of memory besides what it says.
const SIZE_OF_CARD: u32 = 1024;

/// What makes two cards the same, whoever has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CardKey {
    pub widget: String,
    pub settings: Settings,
    pub postcode: Option<String>,
    pub language: Language,
}

/// The last fresh card of a question.
#[derive(Clone)]
pub struct CachedCard {
    /// The reading of the widget that drew it; another one has to draw it anew. It is no part of the question, so that a new reading takes
    /// the place of the old one.
    pub version: Version,
    pub view: Arc<View>,
    pub card: DrawnCard,
    /// When the oldest of its answers was fetched.
    pub fetched: Timestamp,
    /// The moment that counted as now for the widget.
    pub viewed: Timestamp,
    /// The moment that counted as now for the words: those that tell how long something takes hold for that minute.
    pub presented: Timestamp,
    /// Until when all its answers are fresh.
    pub fresh_until: Timestamp,
}

impl CachedCard {
    /// Whether its words still hold.
    pub fn says_it(&self, now: Timestamp) -> bool {
        minute(self.presented) == minute(now)
    }

    /// Whether its widget would make the same of the same answers.
    pub fn shows_it(
        &self,
        now: Timestamp,
        zone: &TimeZone,
        time_dependence: TimeDependence,
    ) -> bool {
        let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
        match time_dependence {
            TimeDependence::Never => true,
            TimeDependence::Day => day(self.viewed) == day(now),
            TimeDependence::Moment => minute(self.viewed) == minute(now),
        }
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// An empty place for them.
pub fn cache() -> Cache<CardKey, Arc<CachedCard>> {
    Cache::builder()
        .weigher(|_, drawn: &Arc<CachedCard>| weight(&drawn.card))
        .max_capacity(MOST_BYTES)
        .build()
}

fn weight(card: &DrawnCard) -> u32 {
    let mut counted = ByteCount(0);
    // Counting does not fail, and a face is made of what JSON knows.
    let _ = serde_json::to_writer(&mut counted, &*card.view_model);
    let body = u32::try_from(card.body.len()).unwrap_or(u32::MAX);
    counted.0.saturating_mul(FOR_EACH_BYTE).saturating_add(body).saturating_add(SIZE_OF_CARD)
}

/// Counts bytes.
struct ByteCount(u32);

impl Write for ByteCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locale;

    fn gone(title: &str) -> DrawnCard {
        DrawnCard::new(crate::cards::gone(title, Locale::new(Language::Nl)))
    }

    #[test]
    fn a_view_holds_as_long_as_its_widget_cannot_tell_the_difference() {
        let [then, minute, morning] = ["21:59:10", "21:59:50", "22:00:10"]
            .map(|clock| format!("2026-11-24T{clock}Z").parse::<Timestamp>().expect("a moment"));
        // Just before and just after midnight in the zone.
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let (catalogue, _) = voordeur_engine::Catalogue::embedded();
        let time_dependence = |id: &str| catalogue.get(id).expect("a widget").time_dependence();
        assert_eq!(time_dependence("train-departures"), TimeDependence::Moment);
        assert_eq!(time_dependence("holidays"), TimeDependence::Day);
        assert_eq!(time_dependence("rail-disturbances"), TimeDependence::Never);
        let drawn = CachedCard {
            version: catalogue.entry("holidays").expect("a widget").version,
            view: Arc::default(),
            card: gone("none"),
            fetched: then,
            viewed: then,
            presented: then,
            fresh_until: Timestamp::MAX,
        };
        assert!(drawn.says_it(minute) && !drawn.says_it(morning));
        for (time_dependence, in_the_minute, next_day) in [
            (TimeDependence::Never, true, true),
            (TimeDependence::Day, true, false),
            (TimeDependence::Moment, true, false),
        ] {
            assert_eq!(
                drawn.shows_it(minute, &zone, time_dependence),
                in_the_minute,
                "{time_dependence:?}"
            );
            assert_eq!(
                drawn.shows_it(morning, &zone, time_dependence),
                next_day,
                "{time_dependence:?}"
            );
        }
        let later = "2026-11-24T20:00:00Z".parse().expect("a moment");
        assert!(drawn.shows_it(later, &zone, TimeDependence::Day));
        assert!(!drawn.shows_it(later, &zone, TimeDependence::Moment));
    }

    #[test]
    fn a_card_weighs_what_it_says() {
        let (short, long) = (weight(&gone("x")), weight(&gone(&"x".repeat(1_001))));
        // It stands in the face twice: as the widget and as the title.
        assert_eq!(long - short, 2_000 * FOR_EACH_BYTE);
    }
}
