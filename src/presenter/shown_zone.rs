//! Says whose times a card shows, when they are not the citizen's.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_widget_api::{Block, Moment, Value, View};

use super::Context;

/// The words for the zone in which a view is shown; `None` while the citizen's clock and calendar
/// say the same.
pub fn times_of(view: &View, citizens: &Context<'_>, shown: &TimeZone) -> Option<String> {
    let mut moments = Vec::new();
    collect(view, &mut moments);
    let differs_at = |at: Timestamp| shown.to_offset(at) != citizens.zone.to_offset(at);
    let instants = moments.iter().filter_map(|moment| match moment {
        Moment::At(at) => Some(*at),
        Moment::Day(_) => None,
    });
    let mut instants = instants.chain(view.moment).peekable();
    let shows_times = instants.peek().is_some();
    let times_differ = shows_times && (differs_at(citizens.now) || instants.any(differs_at));
    // "Today" is another day there.
    let day = |zone: &TimeZone| zone.to_datetime(citizens.now).date();
    let days_differ = !moments.is_empty() && day(shown) != day(citizens.zone);
    (times_differ || days_differ).then(|| words(citizens, shown))
}

fn words(citizens: &Context<'_>, shown: &TimeZone) -> String {
    let name = shown.iana_name().unwrap_or_default();
    let city = name.rsplit('/').next().unwrap_or(name);
    let arguments = [("city", city.into()), ("name", city.replace('_', " ").into())];
    citizens.locale.say_with("times-of", &arguments)
}

/// The moments that a view shows.
fn collect(view: &View, moments: &mut Vec<Moment>) {
    let of_value = |value: &Value| match value {
        Value::Moment(moment) => Some(*moment),
        _ => None,
    };
    for block in &view.blocks {
        match block {
            Block::Text { .. } | Block::Empty { .. } | Block::Gauge(_) | Block::Links { .. } => {}
            Block::Days { days, .. } => moments.extend(days.iter().map(|day| Moment::Day(day.day))),
            Block::Facts { facts, .. } => {
                moments.extend(facts.iter().filter_map(|fact| of_value(&fact.value)));
            }
            Block::List { items, .. } => moments.extend(items.iter().filter_map(|item| item.when)),
            Block::Departures { departures, .. } => {
                moments.extend(departures.iter().map(|departure| Moment::At(departure.at)));
                let legs = departures.iter().filter_map(|departure| departure.leg.as_ref());
                moments.extend(legs.map(|leg| Moment::At(leg.arrival)));
            }
            Block::Moments { moments: items, .. } => {
                moments
                    .extend(items.iter().flat_map(|item| [item.start].into_iter().chain(item.end)));
            }
            Block::Series { points, .. } => {
                moments.extend(points.iter().map(|point| Moment::At(point.at)));
            }
            Block::Table(table) => {
                let cells = table.rows.iter().flat_map(|row| row.cells.iter().flatten());
                moments.extend(cells.filter_map(of_value));
            }
            Block::Alert(alert) => moments.extend(alert.start.into_iter().chain(alert.end)),
            Block::Places { places, .. } => {
                moments.extend(
                    places.iter().flat_map(|place| place.start.into_iter().chain(place.end)),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::{Language, ListItem};

    use super::*;
    use crate::locale::Locale;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("the zone is bundled")
    }

    fn said(language: Language, shown: &str, now: &str, when: Option<&str>) -> Option<String> {
        let when = when.map(|when| match when.parse() {
            Ok(at) => Moment::At(at),
            Err(_) => Moment::Day(when.parse().expect("a day")),
        });
        let item = ListItem {
            id: String::new(),
            title: "A".into(),
            note: None,
            tag: None,
            when,
            link: None,
        };
        let view =
            View { blocks: vec![Block::List { role: None, items: vec![item] }], ..View::default() };
        let (locale, now) = (Locale::new(language), now.parse().expect("a moment"));
        times_of(&view, &Context { locale, zone: &zone("Europe/Brussels"), now }, &zone(shown))
    }

    #[test]
    fn other_times_are_named_in_four_languages() {
        let at = |language, shown: &str| {
            said(language, shown, "2026-11-23T07:36:00+01:00", Some("2026-11-23T09:00:00Z"))
        };
        for (language, london, vancouver) in [
            (Language::Nl, "Tijden van Londen", "Tijden van Vancouver"),
            (Language::Fr, "Heure locale : Londres", "Heure locale : Vancouver"),
            (Language::De, "Ortszeit: London", "Ortszeit: Vancouver"),
            (Language::En, "Times of London", "Times of Vancouver"),
        ] {
            assert_eq!(at(language, "Europe/London").as_deref(), Some(london));
            assert_eq!(at(language, "America/Vancouver").as_deref(), Some(vancouver));
        }
        assert_eq!(at(Language::En, "America/New_York").as_deref(), Some("Times of New York"));
        assert_eq!(at(Language::Nl, "Europe/Amsterdam"), None);
        assert_eq!(at(Language::Nl, "Europe/Brussels"), None);
    }

    #[test]
    fn they_are_named_only_where_they_differ() {
        let london = |now: &str, when| said(Language::Nl, "Europe/London", now, when).is_some();
        assert!(!london("2026-11-23T07:36:00+01:00", None));
        assert!(!london("2026-11-23T07:36:00+01:00", Some("2026-12-25")));
        // In London it is still the day before.
        assert!(london("2026-12-25T00:10:00+01:00", Some("2026-12-25")));
        assert!(!london("2026-12-25T01:10:00+01:00", Some("2026-12-25")));
        // The same time as here in winter, and another in summer.
        let algiers = |when| {
            said(Language::Nl, "Africa/Algiers", "2027-03-01T12:00:00+01:00", Some(when)).is_some()
        };
        assert!(!algiers("2027-03-02T12:00:00Z"));
        assert!(algiers("2027-04-02T12:00:00Z"));
    }
}
