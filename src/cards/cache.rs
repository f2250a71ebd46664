//! Cards that were cached, for all who have the same card.

use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use voordeur_engine::Version;
use voordeur_widget_api::{Settings, TimeDependence, View};

use voordeur_upstream::Freshness;

use super::fetch::Evaluation;
use crate::blocks::DrawnCard;
use crate::locale::Locale;

/// Capacity of the cache in bytes of memory, by estimate.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of memory per byte of the view model as JSON: the view has the same texts again, and each
/// small text is an allocation.
const MEMORY_PER_BYTE: u32 = 3;
/// Bytes of memory per card besides its texts.
const MEMORY_PER_CARD: u32 = 1024;

/// Cards with the same key are the same, on any board.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CardKey {
    pub widget: String,
    pub settings: Settings,
    pub postcode: Option<String>,
    pub locale: Locale,
}

/// The last fresh card of a key.
#[derive(Clone)]
pub struct CachedCard {
    /// The version of the widget that drew it; another version has to draw it anew. It is not part
    /// of the key, so that the card of a new version replaces the old one.
    pub version: Version,
    pub view: Arc<View>,
    pub card: DrawnCard,
    /// When the oldest of its responses was fetched.
    pub fetched: Timestamp,
    /// The moment that counted as now for the widget.
    pub viewed: Timestamp,
    /// The moment that counted as now for the words: words for a time span hold for that minute.
    pub presented: Timestamp,
    /// Until when all its responses are fresh; `None` when it has none.
    pub freshness: Option<Freshness>,
}

impl CachedCard {
    /// Whether its words are those of a moment.
    pub fn has_words_of(&self, now: Timestamp) -> bool {
        minute(self.presented) == minute(now)
    }

    /// Whether its widget makes the same view of the same responses at a moment.
    pub fn has_view_of(&self, now: Timestamp, zone: &TimeZone, clock: TimeDependence) -> bool {
        same_view(self.viewed, now, zone, clock)
    }
}

/// Whether a widget makes the same view of the same responses at two moments.
pub fn same_view(
    viewed: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
    clock: TimeDependence,
) -> bool {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    match clock {
        TimeDependence::Never => true,
        TimeDependence::Day => day(viewed) == day(now),
        TimeDependence::Moment => minute(viewed) == minute(now),
    }
}

fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

/// Capacity of the evaluations that are kept beside the cards, in bytes by the same estimate.
const MAX_EVALUATION_BYTES: u64 = 16 * 1024 * 1024;

/// The evaluations that no cached card holds.
pub fn evaluations() -> Cache<CardKey, Arc<Evaluation>> {
    Cache::builder()
        .weigher(|_, evaluation: &Arc<Evaluation>| evaluation.weight)
        .max_capacity(MAX_EVALUATION_BYTES)
        .build()
}

/// An estimate of the memory of a view, in bytes.
pub fn weight_of_view(view: &View) -> u32 {
    let mut counted = ByteCount(0);
    // Counting does not fail, and a view has a form in JSON.
    let _ = serde_json::to_writer(&mut counted, view);
    counted.0.saturating_mul(MEMORY_PER_BYTE).saturating_add(MEMORY_PER_CARD)
}

pub fn new() -> Cache<CardKey, Arc<CachedCard>> {
    Cache::builder()
        .weigher(|_, cached: &Arc<CachedCard>| weight(&cached.card))
        .max_capacity(MAX_BYTES)
        .build()
}

fn weight(card: &DrawnCard) -> u32 {
    let mut counted = ByteCount(0);
    // Counting does not fail, and a view model has a form in JSON.
    let _ = serde_json::to_writer(&mut counted, &*card.view_model);
    let body = u32::try_from(card.body.len()).unwrap_or(u32::MAX);
    counted.0.saturating_mul(MEMORY_PER_BYTE).saturating_add(body).saturating_add(MEMORY_PER_CARD)
}

/// Counts the bytes that are written to it.
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
    use voordeur_widget_api::Language;

    use super::*;

    fn removed(title: &str) -> DrawnCard {
        DrawnCard::new(crate::cards::removed_widget(title, Locale::new(Language::Nl)))
    }

    #[test]
    fn a_view_holds_as_long_as_the_clock_of_its_widget_allows() {
        let [then, minute, morning] = ["21:59:10", "21:59:50", "22:00:10"]
            .map(|clock| format!("2026-11-24T{clock}Z").parse::<Timestamp>().expect("a moment"));
        // Just before and just after midnight in the zone.
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let (catalogue, _) = voordeur_engine::Catalogue::embedded();
        let clock = |id: &str| catalogue.get(id).expect("a widget").time_dependence();
        assert_eq!(clock("train-departures"), TimeDependence::Moment);
        assert_eq!(clock("holidays"), TimeDependence::Day);
        assert_eq!(clock("toilets-brussels"), TimeDependence::Never);
        let cached = CachedCard {
            version: catalogue.entry("holidays").expect("a widget").version,
            view: Arc::default(),
            card: removed("none"),
            fetched: then,
            viewed: then,
            presented: then,
            freshness: None,
        };
        assert!(cached.has_words_of(minute) && !cached.has_words_of(morning));
        for (clock, in_the_minute, next_day) in [
            (TimeDependence::Never, true, true),
            (TimeDependence::Day, true, false),
            (TimeDependence::Moment, true, false),
        ] {
            assert_eq!(cached.has_view_of(minute, &zone, clock), in_the_minute, "{clock:?}");
            assert_eq!(cached.has_view_of(morning, &zone, clock), next_day, "{clock:?}");
        }
        let later = "2026-11-24T20:00:00Z".parse().expect("a moment");
        assert!(cached.has_view_of(later, &zone, TimeDependence::Day));
        assert!(!cached.has_view_of(later, &zone, TimeDependence::Moment));
    }

    #[test]
    fn the_weight_of_a_card_grows_with_its_texts() {
        let (short, long) = (weight(&removed("x")), weight(&removed(&"x".repeat(1_001))));
        // The view model has it twice: as the widget and as the title.
        // Its expected height may have more digits.
        assert!((2_000..2_010).contains(&((long - short) / MEMORY_PER_BYTE)), "{short} {long}");
    }
}
