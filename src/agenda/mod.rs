//! The agenda: the dated things of a citizen's cards, found in the views of the cards. No widget is
//! named here.

mod calendar;

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use voordeur_widget_api::{Block, Link, Moment, Phrase, Value, View};

pub use calendar::{CalendarFeed, CalendarItem, write_calendar};

/// The agenda shows this many days, today included.
pub const DAYS: i32 = 28;
/// Of these, the printed sheet shows the first.
pub const PRINTED_DAYS: i32 = 14;
/// Maximum number of dated things that are taken from one card.
const MAX_ITEMS_OF_CARD: usize = 500;

/// A dated thing of a view.
#[derive(Clone, Debug, PartialEq)]
pub struct DatedItem {
    /// Stable: the same thing has it at the next refresh, and no other thing of the card has it.
    pub id: String,
    pub start: Moment,
    /// The last day, or the instant at which it ends.
    pub end: Option<Moment>,
    pub title: Phrase,
    pub note: Option<Phrase>,
    pub link: Option<Link>,
}

impl DatedItem {
    /// The first day, in a time zone.
    pub fn first_day(&self, zone: &TimeZone) -> Date {
        day_of(self.start, zone)
    }

    /// The last day, in a time zone; never before the first.
    pub fn last_day(&self, zone: &TimeZone) -> Date {
        let first = self.first_day(zone);
        self.end.map_or(first, |end| day_of(end, zone)).max(first)
    }
}

fn day_of(moment: Moment, zone: &TimeZone) -> Date {
    match moment {
        Moment::At(at) => at.to_zoned(zone.clone()).date(),
        Moment::Day(day) => day,
    }
}

/// The dated things of a view: its moments, what is open for some time in its surroundings, and
/// figures that are a day. In the order of the view.
pub fn dated_items(view: &View) -> Vec<DatedItem> {
    let mut items: Vec<DatedItem> = Vec::new();
    // How often each id of a first thing was met: equal things cost no more than others.
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut add = |start: Moment,
                   end: Option<Moment>,
                   title: &Phrase,
                   note: Option<&Phrase>,
                   link: Option<&Link>| {
        if items.len() >= MAX_ITEMS_OF_CARD {
            return;
        }
        let (note, link) = (note.cloned(), link.cloned());
        let same = seen.entry(id_of(start, &title.text, 0)).or_default();
        let id = id_of(start, &title.text, *same);
        *same += 1;
        items.push(DatedItem { id, start, end, title: title.clone(), note, link });
    };
    for block in &view.blocks {
        match block {
            Block::Moments { moments, .. } => {
                for item in moments {
                    let (note, link) = (item.note.as_ref(), item.link.as_ref());
                    add(item.start, item.end, &item.title, note, link);
                }
            }
            Block::Places { places, .. } => {
                for place in places {
                    let Some(start) = place.start else { continue };
                    let (note, link) = (place.note.as_ref(), place.link.as_ref());
                    add(start, place.end, &place.title, note, link);
                }
            }
            Block::Facts { facts, .. } => {
                for fact in facts {
                    let Value::Moment(day @ Moment::Day(_)) = &fact.value else { continue };
                    add(*day, None, &fact.label, fact.note.as_ref(), fact.link.as_ref());
                }
            }
            _ => {}
        }
    }
    items
}

/// An id made of the title, the start, and how many such things came before.
fn id_of(start: Moment, title: &str, earlier: usize) -> String {
    let start = match start {
        Moment::At(at) => at.to_string(),
        Moment::Day(day) => day.to_string(),
    };
    let digest = Sha256::digest(format!("{start}\0{earlier}\0{title}"));
    digest.iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// A day of the agenda.
#[derive(Clone, Debug, PartialEq)]
pub struct AgendaDay<T> {
    pub day: Date,
    /// Whole days first, then by time.
    pub entries: Vec<AgendaEntry<T>>,
}

/// A thing on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct AgendaEntry<T> {
    pub item: T,
    /// Whether it began on an earlier day. It stands on the first day that is shown.
    pub has_begun: bool,
}

/// The things of the next [`DAYS`] days by day, each on the first of its days that is shown. Days
/// without anything are left out.
pub fn by_day<T: Clone>(
    items: &[(DatedItem, T)],
    today: Date,
    zone: &TimeZone,
) -> Vec<AgendaDay<(DatedItem, T)>> {
    let end = today.saturating_add(DAYS.days());
    let mut placed: Vec<(Date, bool, &(DatedItem, T))> = items
        .iter()
        .filter_map(|entry| {
            let (first, last) = (entry.0.first_day(zone), entry.0.last_day(zone));
            (last >= today && first < end).then_some((first.max(today), first < today, entry))
        })
        .collect();
    placed.sort_by_key(|(day, has_begun, (item, _))| {
        let time = match item.start {
            Moment::At(at) if !has_begun => Some(at),
            _ => None,
        };
        (*day, time)
    });
    let mut days: Vec<AgendaDay<(DatedItem, T)>> = Vec::new();
    for (day, has_begun, entry) in placed {
        let entry = AgendaEntry { item: entry.clone(), has_begun };
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.entries.push(entry),
            None => days.push(AgendaDay { day, entries: vec![entry] }),
        }
    }
    days
}

#[cfg(test)]
mod tests {
    use voordeur_engine::{Catalogue, SampleRun};
    use voordeur_widget_api::{Language, MomentItem};

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Europe/Brussels").expect("the zone is bundled")
    }

    fn view(starts: &[(Moment, Option<Moment>, &str)]) -> View {
        let moments = starts.iter().map(|(start, end, title)| MomentItem {
            id: String::new(),
            start: *start,
            end: *end,
            title: (*title).into(),
            note: None,
            link: None,
        });
        View {
            blocks: vec![Block::Moments { role: None, moments: moments.collect() }],
            ..View::default()
        }
    }

    fn day(text: &str) -> Moment {
        Moment::Day(text.parse().expect("a date"))
    }

    fn at(text: &str) -> Moment {
        Moment::At(text.parse().expect("a moment"))
    }

    #[test]
    fn things_stand_on_the_first_day_that_is_shown() {
        let view = view(&[
            (at("2026-11-30T17:00:00Z"), None, "evening"),
            (day("2026-11-30"), None, "bins"),
            (at("2026-11-30T07:00:00Z"), None, "morning"),
            (day("2026-11-20"), Some(day("2026-12-02")), "holiday"),
            (day("2026-11-20"), Some(day("2026-11-29")), "over"),
            (day("2026-12-27"), None, "last day"),
            (day("2026-12-28"), None, "too late"),
            // After midnight in Brussels.
            (at("2026-11-30T23:30:00Z"), None, "night"),
        ]);
        let items: Vec<(DatedItem, ())> =
            dated_items(&view).into_iter().map(|item| (item, ())).collect();
        let today = "2026-11-30".parse().expect("a date");
        let days = by_day(&items, today, &zone());
        let shown: Vec<(String, Vec<&str>)> = days
            .iter()
            .map(|day| {
                let titles = day.entries.iter().map(|entry| entry.item.0.title.text.as_str());
                (day.day.to_string(), titles.collect())
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("2026-11-30".to_owned(), vec!["bins", "holiday", "morning", "evening"]),
                ("2026-12-01".to_owned(), vec!["night"]),
                ("2026-12-27".to_owned(), vec!["last day"]),
            ]
        );
        assert!(days[0].entries[1].has_begun);
    }

    #[test]
    fn ids_are_stable_and_differ_within_a_view() {
        let same = (day("2026-12-01"), None, "bins");
        let twice = dated_items(&view(&[same, same, (day("2026-12-02"), None, "bins")]));
        let ids: std::collections::BTreeSet<&str> =
            twice.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), 3);
        let other_order = dated_items(&view(&[(day("2026-12-02"), None, "bins"), same, same]));
        assert_eq!(other_order[0].id, twice[2].id);
        assert_eq!(other_order[1].id, twice[0].id);
    }

    #[test]
    fn the_samples_of_the_catalogue_have_dated_things() {
        let (catalogue, _) = Catalogue::embedded();
        let zone = zone();
        let with_dates: Vec<String> = catalogue
            .all()
            .filter(|widget| {
                let sample = widget.samples().first().expect("a sample");
                let run = SampleRun::new(widget.as_ref(), sample, Language::Nl, &zone);
                run.view.is_ok_and(|view| !dated_items(&view).is_empty())
            })
            .map(|widget| widget.manifest().id.clone())
            .collect();
        for widget in ["waste-collection", "waste-calendar", "holidays", "calendar", "road-works"] {
            assert!(with_dates.iter().any(|id| id == widget), "{widget} in {with_dates:?}");
        }
    }
}
