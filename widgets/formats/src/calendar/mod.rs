//! iCalendar, RFC 5545: what a calendar holds, and what it holds in a window of days.
//!
//! A rule cannot be written out without a window, and reading an answer knows no clock. So the tree keeps each event that recurs once,
//! with its rule, and [`occurrences`] writes it out for the days that are asked.

mod occurrences;
mod recurrence;
#[cfg(test)]
mod tests;
mod times;
mod zones;

use std::collections::BTreeMap;

use calcard::common::IanaString;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarDuration, ICalendarEntry,
    ICalendarPeriod, ICalendarProperty, ICalendarValue, Uri,
};
use calcard::{Entry, Parser};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use url::Url;

pub use occurrences::occurrences;
use times::EventTime;
use zones::Zones;

use super::{FormatError, markup, place_of};

/// No calendar is read beyond this many events.
const MOST_EVENTS: usize = 20_000;

/// No event has more dates than this, of those that it names one by one.
const MOST_DATES: usize = 2_000;

/// Longer texts are cut, in characters.
const LONGEST: usize = 10_000;

/// Reads a calendar.
pub fn read(text: &str) -> Result<Value, FormatError> {
    let start = text.len() - text.trim_start().len();
    let refused = |problem: &str, at: usize| {
        Err(FormatError::Calendar(format!("{problem} at {}", place_of(text, at))))
    };
    let begins = |line: &str| {
        let line = line.trim_start_matches('\u{feff}').trim();
        line.eq_ignore_ascii_case("BEGIN:VCALENDAR")
    };
    if !text.split(['\n', '\r']).any(begins) {
        return refused("no BEGIN:VCALENDAR", start);
    }
    if let Some(at) = text.find('\0') {
        return refused("a zero byte", at);
    }
    let mut parser = Parser::new(&text[start..]);
    let mut calendars: Vec<ICalendar> = Vec::new();
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => calendars.push(calendar),
            Entry::Eof => break,
            // A line that cannot be read is passed over, and what was not ended is given all the same.
            _ => {}
        }
    }
    let mut reading = CalendarReader::default();
    for calendar in &calendars {
        reading.calendar(calendar);
    }
    Ok(reading.finish())
}

#[derive(Default)]
struct CalendarReader {
    name: Option<String>,
    description: Option<String>,
    zone: Option<String>,
    events: Vec<Event>,
    unreadable: usize,
    truncated: bool,
}

/// An event, and what ties it to others.
struct Event {
    uid: String,
    tree: Value,
    start: EventTime,
    /// Which start of the event that recurs it stands in for.
    stands_for: Option<EventTime>,
}

impl CalendarReader {
    fn calendar(&mut self, calendar: &ICalendar) {
        let zones = Zones::of(calendar);
        let mut own_zone = None;
        for component in &calendar.components {
            if component.component_type == ICalendarComponentType::VCalendar {
                for entry in &component.entries {
                    match entry.name.as_str().to_ascii_uppercase().as_str() {
                        "X-WR-CALNAME" | "NAME" => {
                            self.name = self.name.take().or_else(|| line(entry))
                        }
                        "X-WR-CALDESC" | "DESCRIPTION" => {
                            self.description = self.description.take().or_else(|| words(entry));
                        }
                        "X-WR-TIMEZONE" => own_zone = line(entry).and_then(|id| zones.find(&id)),
                        _ => {}
                    }
                }
            }
        }
        self.zone = self.zone.take().or_else(|| own_zone.clone());
        let events = calendar
            .components
            .iter()
            .filter(|component| component.component_type == ICalendarComponentType::VEvent);
        for component in events {
            if self.events.len() == MOST_EVENTS {
                self.truncated = true;
                return;
            }
            match event(component, &zones, own_zone.as_deref()) {
                Some(event) => self.events.push(event),
                None => self.unreadable += 1,
            }
        }
    }

    /// The tree, with what stands in for a start of another event in that event.
    fn finish(self) -> Value {
        let mut recurring: BTreeMap<String, usize> = BTreeMap::new();
        let mut events: Vec<Event> = Vec::new();
        let mut standing = Vec::new();
        for event in self.events {
            // Without an identity nothing can stand in for another.
            if event.stands_for.is_some() && !event.uid.is_empty() {
                standing.push(event);
                continue;
            }
            if event.tree["recurs"] == true {
                recurring.entry(event.uid.clone()).or_insert(events.len());
            }
            events.push(event);
        }
        for event in standing {
            let whole = recurring.get(&event.uid).and_then(|at| events.get_mut(*at));
            let (Some(whole), Some(stands_for)) = (whole, &event.stands_for) else {
                events.push(event);
                continue;
            };
            let zone = match &whole.start {
                EventTime::Time(_, zone) => zone.as_deref(),
                EventTime::Day(_) => None,
            };
            let all_day = matches!(whole.start, EventTime::Day(_));
            let at = match stands_for {
                EventTime::Time(..) if !all_day => stands_for.local_in(zone).map(times::local_text),
                _ => Some(stands_for.day().to_string()),
            };
            if let (Some(at), Some(Value::Array(changed))) =
                (at, whole.tree["recurrence"].get_mut("changed"))
            {
                changed.push(json!({ "at": at, "event": event.tree }));
            }
        }
        json!({
            "name": self.name,
            "description": self.description,
            "zone": self.zone,
            "events": events.into_iter().map(|event| event.tree).collect::<Vec<_>>(),
            "unreadable": self.unreadable,
            "truncated": self.truncated,
        })
    }
}

/// Reads an event; `None` when nothing says when it is. `own_zone` is that of the calendar, for local times without one.
fn event(component: &ICalendarComponent, zones: &Zones, own_zone: Option<&str>) -> Option<Event> {
    let get = |name: &ICalendarProperty| component.entries.iter().find(|entry| entry.name == *name);
    let zone_of = |entry: &ICalendarEntry| {
        let named = entry.tz_id().and_then(|id| zones.find(id));
        named.or_else(|| own_zone.map(str::to_owned))
    };
    let when = |entry: &ICalendarEntry| match entry.values.first() {
        Some(ICalendarValue::PartialDateTime(at)) => EventTime::read(at, zone_of(entry)),
        _ => None,
    };
    let stands_for = get(&ICalendarProperty::RecurrenceId).and_then(when);
    let mut dates: Vec<(EventTime, Option<i64>)> = Vec::new();
    let mut except: Vec<EventTime> = Vec::new();
    let mut rules: Vec<&ICalendarValue> = Vec::new();
    for entry in &component.entries {
        for value in &entry.values {
            match (&entry.name, value) {
                (ICalendarProperty::Rdate, _) if dates.len() < MOST_DATES => {
                    dates.extend(date(value, zone_of(entry)))
                }
                (ICalendarProperty::Exdate, ICalendarValue::PartialDateTime(at))
                    if except.len() < MOST_DATES =>
                {
                    except.extend(EventTime::read(at, zone_of(entry)));
                }
                (ICalendarProperty::Rrule, _) if rules.len() < 8 => rules.push(value),
                _ => {}
            }
        }
    }
    let start = get(&ICalendarProperty::Dtstart)
        .and_then(when)
        .or_else(|| dates.first().map(|(at, _)| at.clone()))
        .or_else(|| stands_for.clone())?;
    let first_seconds =
        dates.first().filter(|(at, _)| *at == start).and_then(|(_, seconds)| *seconds);
    let (zone, all_day) = match &start {
        EventTime::Day(_) => (None, true),
        EventTime::Time(_, zone) => (zone.as_deref(), false),
    };
    let length = length(
        &start,
        get(&ICalendarProperty::Dtend).and_then(when),
        get(&ICalendarProperty::Duration),
    )
    .or(first_seconds)
    .unwrap_or(0);

    let text = |name: &ICalendarProperty| get(name).and_then(words);
    let status = get(&ICalendarProperty::Status).and_then(|entry| match entry.values.first() {
        Some(ICalendarValue::Status(status)) => Some(status.as_str().to_ascii_lowercase()),
        _ => line(entry).map(|status| status.to_ascii_lowercase()),
    });
    let categories: Vec<String> = component
        .entries
        .iter()
        .filter(|entry| entry.name == ICalendarProperty::Categories)
        .flat_map(|entry| entry.values.iter().filter_map(text_of))
        .map(|name| short(&markup::one_line(name)))
        .filter(|name| !name.is_empty())
        .take(100)
        .collect();
    let position = get(&ICalendarProperty::Geo).and_then(position);
    let uid = get(&ICalendarProperty::Uid).and_then(line).unwrap_or_default();
    let rules: Vec<String> =
        rules.into_iter().filter_map(|rule| rule_text(rule, zone, all_day)).collect();
    let recurs = !rules.is_empty() || dates.iter().any(|(at, _)| *at != start);
    let local = |at: &EventTime| match at {
        EventTime::Time(..) if !all_day => at.local_in(zone).map(times::local_text),
        _ => Some(at.day().to_string()),
    };
    let recurrence = recurs.then(|| {
        json!({
            "start": local(&start),
            "zone": zone,
            "length": length,
            "rules": rules,
            "dates": dates.iter().filter_map(|(at, seconds)| Some(json!([local(at)?, seconds]))).collect::<Vec<_>>(),
            "except": except.iter().filter_map(local_or_day(zone)).collect::<Vec<_>>(),
            "changed": [],
        })
    });
    let mut tree = json!({
        "uid": uid,
        "title": get(&ICalendarProperty::Summary).and_then(line),
        "description": text(&ICalendarProperty::Description),
        "location": get(&ICalendarProperty::Location).and_then(line),
        "link": get(&ICalendarProperty::Url).and_then(link),
        "start": start.text()?,
        "end": end_text(&start, length),
        "all_day": all_day,
        "zone": zone,
        "categories": categories,
        "status": status,
        "latitude": position.map(|(latitude, _)| latitude),
        "longitude": position.map(|(_, longitude)| longitude),
        "updated": get(&ICalendarProperty::LastModified).and_then(when).and_then(|at| at.text()),
        "recurs": recurs,
    });
    if let (Some(recurrence), Value::Object(tree)) = (recurrence, &mut tree) {
        tree.insert("recurrence".to_owned(), recurrence);
    }
    Some(Event { uid, tree, start, stands_for })
}

/// A day that is left out stays a day, also where what recurs has a time.
fn local_or_day(zone: Option<&str>) -> impl Fn(&EventTime) -> Option<String> + '_ {
    move |at| match at {
        EventTime::Day(day) => Some(day.to_string()),
        EventTime::Time(..) => at.local_in(zone).map(times::local_text),
    }
}

/// A date of `RDATE`, with its own length in seconds when it has one.
fn date(value: &ICalendarValue, zone: Option<String>) -> Option<(EventTime, Option<i64>)> {
    match value {
        ICalendarValue::PartialDateTime(at) => Some((EventTime::read(at, zone)?, None)),
        ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => {
            let (start, end) = (EventTime::read(start, zone.clone())?, EventTime::read(end, zone)?);
            let seconds = seconds_between(&start, &end);
            Some((start, seconds))
        }
        ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => {
            Some((EventTime::read(start, zone)?, seconds(duration)))
        }
        _ => None,
    }
}

/// How long an event is: days for one of whole days, else seconds. Less than nothing is nothing.
fn length(
    start: &EventTime,
    end: Option<EventTime>,
    duration: Option<&ICalendarEntry>,
) -> Option<i64> {
    let duration = duration.and_then(|entry| match entry.values.first() {
        Some(ICalendarValue::Duration(duration)) => seconds(duration),
        _ => None,
    });
    let found = match (start, end) {
        // The end of whole days is the day after.
        (EventTime::Day(first), Some(end)) => i64::from(first.until(end.day()).ok()?.get_days()),
        (EventTime::Day(_), None) => duration? / 86_400,
        (EventTime::Time(..), Some(end)) => seconds_between(start, &end)?,
        (EventTime::Time(..), None) => duration?,
    };
    Some(found.max(0))
}

fn seconds_between(start: &EventTime, end: &EventTime) -> Option<i64> {
    Some(end.moment(&TimeZone::UTC)?.as_second() - start.moment(&TimeZone::UTC)?.as_second())
}

fn seconds(duration: &ICalendarDuration) -> Option<i64> {
    let parts = [
        (duration.weeks, 604_800),
        (duration.days, 86_400),
        (duration.hours, 3_600),
        (duration.minutes, 60),
        (duration.seconds, 1),
    ];
    let seconds: i64 = parts.iter().map(|(count, unit)| i64::from(*count) * unit).sum();
    (!duration.neg).then_some(seconds)
}

/// The end that is worth telling: the last day of several, or the moment at which it ends.
fn end_text(start: &EventTime, length: i64) -> Option<String> {
    match start {
        EventTime::Day(first) if length > 1 => {
            times::last_day(*first, length).map(|day| day.to_string())
        }
        EventTime::Time(at, None) if length > 0 => {
            at.checked_add(jiff::Span::new().try_seconds(length).ok()?).ok().map(times::local_text)
        }
        EventTime::Time(at, Some(zone)) if length > 0 => {
            let zone = zones::zone(zone)?;
            let moment = times::instant(*at, &zone)?;
            let end = moment.checked_add(jiff::SignedDuration::from_secs(length)).ok()?;
            Some(times::instant_text(end, &zone))
        }
        _ => None,
    }
}

/// A rule with its `UNTIL` as local time, so that it can be written out without zones.
fn rule_text(value: &ICalendarValue, zone: Option<&str>, all_day: bool) -> Option<String> {
    let ICalendarValue::RecurrenceRule(rule) = value else { return None };
    let mut rule = rule.clone();
    let until = rule.until.take();
    let mut text = rule.to_string();
    if let Some(until) = until {
        // Without a zone of its own it is in that of the event.
        let until = match EventTime::read(&until, zone.map(str::to_owned))? {
            EventTime::Day(day) => day.at(23, 59, 59, 0),
            at @ EventTime::Time(..) if all_day => at.day().at(23, 59, 59, 0),
            at @ EventTime::Time(..) => at.local_in(zone)?,
        };
        text.push_str(&until.strftime(";UNTIL=%Y%m%dT%H%M%S").to_string());
    }
    recurrence::Rule::parse(&text).map(|_| text)
}

fn text_of(value: &ICalendarValue) -> Option<&str> {
    match value {
        ICalendarValue::Text(text) => Some(text),
        ICalendarValue::Uri(Uri::Location(text)) => Some(text),
        _ => None,
    }
}

fn joined(entry: &ICalendarEntry) -> Option<String> {
    let texts: Vec<&str> = entry.values.iter().filter_map(text_of).collect();
    Some(texts.join(",")).filter(|text| !text.trim().is_empty())
}

/// The text of a property in one line.
fn line(entry: &ICalendarEntry) -> Option<String> {
    Some(short(&markup::one_line(&joined(entry)?))).filter(|text| !text.is_empty())
}

/// The text of a property in plain words; some programs write HTML.
fn words(entry: &ICalendarEntry) -> Option<String> {
    let text: String = joined(entry)?.chars().take(LONGEST * 4).collect();
    Some(short(&markup::html_to_text(&text))).filter(|text| !text.is_empty())
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The address of a page; other schemes are none.
fn link(entry: &ICalendarEntry) -> Option<String> {
    let url = Url::parse(joined(entry)?.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// Latitude and longitude in degrees.
fn position(entry: &ICalendarEntry) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = entry
        .values
        .iter()
        .filter_map(|value| match value {
            ICalendarValue::Float(number) => Some(*number),
            ICalendarValue::Integer(number) => Some(*number as f64),
            _ => None,
        })
        .collect();
    match numbers.as_slice() {
        [latitude, longitude] if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 => {
            Some((*latitude, *longitude))
        }
        _ => None,
    }
}

/// Reads what [`times::local_text`] wrote, or a day as its midnight.
fn local_time(text: &str) -> Option<DateTime> {
    text.parse().ok()
}
