//! The agenda: the dated things of a citizen's cards, found in the views of the cards. No widget is
//! named here.

mod calendar;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use voordeur_widget_api::{Block, DayRole, Link, Moment, Phrase, Value, View};

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
    /// That of the view: the same thing has it at the next refresh, and no other thing of the card.
    pub id: String,
    /// Its part in the day.
    pub role: Option<DayRole>,
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

/// The dated things of a view, in its order: its moments, what goes on in its surroundings for some
/// time, and figures that are a day. Places and figures are dated things only where their block has
/// a part in the day: the day of a price is none.
pub fn dated_items(view: &View) -> Vec<DatedItem> {
    let items = view.blocks.iter().flat_map(|block| -> Vec<DatedItem> {
        match block {
            Block::Moments { role, moments } => moments
                .iter()
                .map(|item| DatedItem {
                    id: item.id.clone(),
                    role: *role,
                    start: item.start,
                    end: item.end,
                    title: item.title.clone(),
                    note: item.note.clone(),
                    link: item.link.clone(),
                })
                .collect(),
            Block::Places { role: role @ Some(_), places, .. } => places
                .iter()
                .filter_map(|place| {
                    Some(DatedItem {
                        id: place.id.clone(),
                        role: *role,
                        start: place.start?,
                        end: place.end,
                        title: place.title.clone(),
                        note: place.note.clone(),
                        link: place.link.clone(),
                    })
                })
                .collect(),
            Block::Facts { role: role @ Some(_), facts } => facts
                .iter()
                .filter_map(|fact| {
                    let Value::Moment(start @ Moment::Day(_)) = fact.value else { return None };
                    Some(DatedItem {
                        id: fact.id.clone(),
                        role: *role,
                        start,
                        end: None,
                        title: fact.label.clone(),
                        note: fact.note.clone(),
                        link: fact.link.clone(),
                    })
                })
                .collect(),
            _ => Vec::new(),
        }
    });
    items.take(MAX_ITEMS_OF_CARD).collect()
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
    use voordeur_widget_api::{Fact, Language, MomentItem, PlaceItem};

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
    fn a_dated_thing_has_the_id_and_the_role_of_the_view() {
        let place = |start| PlaceItem {
            id: "00000000000000b2".to_owned(),
            title: "Works".into(),
            note: None,
            tag: None,
            start,
            end: None,
            position: (50.9, 4.4),
            distance: 0.0,
            link: None,
        };
        let fact = |value| Fact {
            id: "00000000000000c3".to_owned(),
            label: "Inspection".into(),
            value,
            note: None,
            share: None,
            tone: None,
            link: None,
        };
        let places = |role| Block::Places {
            role,
            centre: (50.9, 4.4),
            radius: 1.0,
            places: vec![place(None), place(Some(day("2026-12-01")))],
        };
        let facts = |role| Block::Facts {
            role,
            facts: vec![
                fact(Value::Moment(day("2026-12-02"))),
                fact(Value::Moment(at("2026-12-02T12:00:00Z"))),
                fact(Value::Phrase("2 December".into())),
            ],
        };
        let mut with_roles = view(&[(day("2026-12-03"), None, "bins")]);
        with_roles.blocks.extend([places(Some(DayRole::Works)), facts(Some(DayRole::Deadline))]);
        let found = dated_items(&with_roles);
        let found: Vec<(&str, Option<DayRole>)> =
            found.iter().map(|item| (item.id.as_str(), item.role)).collect();
        let works = ("00000000000000b2", Some(DayRole::Works));
        assert_eq!(found, [("", None), works, ("00000000000000c3", Some(DayRole::Deadline))]);
        // Without a part in the day, a date is only a figure.
        let without = View { blocks: vec![places(None), facts(None)], ..View::default() };
        assert!(dated_items(&without).is_empty());
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
        for widget in [
            "waste-collection",
            "waste-calendar",
            "holidays",
            "calendar",
            "road-works",
            "vehicle-inspection",
        ] {
            assert!(with_dates.iter().any(|id| id == widget), "{widget} in {with_dates:?}");
        }
    }
}
