//! The agenda as iCalendar (RFC 5545), for other programs.

use icalendar::{Calendar, Component, Event, Property};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use voordeur_widget_api::Moment;

use super::DatedItem;

/// The name of a feed, and facts for all its events.
pub struct CalendarFeed {
    /// Shown by calendar programs.
    pub name: String,
    /// When the feed was made. It is the stamp of each event, so that the same things give the same
    /// bytes: views do not say when a thing last changed.
    pub made: Timestamp,
    /// The language of the texts that do not say another one (RFC 5646).
    pub language: &'static str,
}

/// A dated thing with the card that it comes from.
pub struct CalendarItem {
    pub card: String,
    pub card_title: String,
    pub item: DatedItem,
}

/// Writes a calendar. Times are in UTC and whole days are dates, so that it needs no zones; there
/// are no alarms: programs look at it a few times a day.
pub fn write_calendar(feed: &CalendarFeed, items: &[CalendarItem]) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Voordeur//Agenda//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .name(&feed.name)
        .append_property(
            Property::new("REFRESH-INTERVAL", "PT4H")
                .append_parameter(("VALUE", "DURATION"))
                .done(),
        )
        .append_property(("X-PUBLISHED-TTL", "PT4H"));
    for item in items {
        calendar.push(event(feed, item));
    }
    calendar.to_string()
}

fn event(feed: &CalendarFeed, of: &CalendarItem) -> Event {
    let CalendarItem { card, card_title, item } = of;
    let mut event = Event::new();
    // Ids of cards are random, so that no domain is needed (RFC 7986, section 5.3).
    event.uid(&format!("{card}-{}@voordeur", item.id));
    event.add_property("DTSTAMP", utc(feed.made));
    match item.start {
        Moment::Day(day) => {
            // The end is exclusive, and ours is the last day (RFC 5545, section 3.6.1).
            let last = item.last_day(&TimeZone::UTC);
            let end = last.checked_add(1.day()).unwrap_or(last);
            event.append_property(whole_day("DTSTART", day));
            event.append_property(whole_day("DTEND", end));
            event.add_property("TRANSP", "TRANSPARENT");
        }
        Moment::At(start) => {
            event.add_property("DTSTART", utc(start));
            if let Some(Moment::At(end)) = item.end.filter(|end| matches!(end, Moment::At(_)))
                && end > start
            {
                event.add_property("DTEND", utc(end));
            }
        }
    }
    let title = match &item.title.language {
        Some(language) => Property::new("SUMMARY", &item.title.text)
            .append_parameter(("LANGUAGE", language.to_string().as_str()))
            .done(),
        None => Property::new("SUMMARY", &item.title.text)
            .append_parameter(("LANGUAGE", feed.language))
            .done(),
    };
    event.append_property(title);
    let description = match &item.note {
        Some(note) => format!("{}\n{card_title}", note.text),
        None => card_title.clone(),
    };
    event.description(&description);
    if let Some(link) = &item.link {
        event.url(&link.url);
    }
    event.done()
}

fn whole_day(name: &str, day: Date) -> Property {
    let day = day.strftime("%Y%m%d").to_string();
    Property::new(name, day).append_parameter(("VALUE", "DATE")).done()
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use voordeur_widget_api::{Budget, Format, Link, Phrase};

    use super::*;

    #[test]
    fn our_own_reader_reads_the_same_events() {
        let phrase = |text: &str| Phrase { text: text.to_owned(), language: None };
        let at = |text: &str| Moment::At(text.parse().expect("a moment"));
        let day = |text: &str| Moment::Day(text.parse().expect("a date"));
        let item = |id: &str, start, end, title: &str| CalendarItem {
            card: "c1".to_owned(),
            card_title: "Kaart; een, twee".to_owned(),
            item: DatedItem {
                id: id.to_owned(),
                role: None,
                start,
                end,
                title: phrase(title),
                note: Some(phrase("regel 1\nregel 2")),
                link: Some(Link { url: "https://example.org/a,b".to_owned() }),
            },
        };
        let long = "é".repeat(200);
        let items = [
            item("a", day("2026-12-01"), Some(day("2026-12-02")), "Restafval"),
            item("b", at("2027-03-28T00:30:00Z"), Some(at("2027-03-28T01:30:00Z")), &long),
            item("c", day("9999-12-31"), None, "BEGIN:VEVENT\r\nEND:VCALENDAR"),
        ];
        let made = "2026-11-30T06:00:00Z".parse().expect("a moment");
        let feed = CalendarFeed { name: "Voordeur".to_owned(), made, language: "nl" };
        let text = write_calendar(&feed, &items);
        assert_eq!(text, write_calendar(&feed, &items), "the same bytes");
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        assert!(text.replace("\r\n", "").find('\n').is_none(), "each line ends with CRLF");
        assert_eq!(text.matches("BEGIN:VEVENT\r\n").count(), items.len(), "{text}");

        let tree = voordeur_formats::read(Format::ICalendar, text.as_bytes(), &Budget::default());
        let tree = tree.expect("a calendar");
        let events = tree["events"].as_array().expect("events");
        assert_eq!(events.len(), items.len(), "{tree}");
        assert_eq!(events[0]["title"], json!("Restafval"));
        assert_eq!(events[1]["title"], json!(long));
    }
}
