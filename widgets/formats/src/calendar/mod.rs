//! iCalendar, RFC 5545: the events of a calendar, and their occurrences in a window of days.
//!
//! A recurrence rule cannot be expanded without a window, and a reader has no clock. So the tree
//! contains each recurring event once, with its rules, and [`occurrences`] expands them.

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
    ICalendarParameter, ICalendarPeriod, ICalendarProperty, ICalendarValue, Uri,
};
use calcard::{Entry, Parser};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use url::Url;
use voordeur_widget_api::{Budget, Exhausted};

pub use occurrences::occurrences;
use times::EventTime;
use zones::Zones;

use super::{FormatError, html, line_and_column, tree};

/// Events beyond this many are omitted.
const MAX_EVENTS: usize = 20_000;

/// `RDATE` and `EXDATE` values of an event beyond this many are ignored.
const MAX_DATES: usize = 2_000;

/// Maximum number of `RRULE` properties of an event; RFC 5545 advises against more than one.
const MAX_RULES: usize = 8;

/// Categories of an event beyond this many are omitted.
const MAX_CATEGORIES: usize = 100;

/// Longer texts are truncated.
const MAX_TEXT_CHARS: usize = 10_000;

/// Longer lines, such as titles and names of places, are truncated, and so are categories: each
/// occurrence of an event has a copy of them.
const MAX_LINE_CHARS: usize = 1_000;
const MAX_CATEGORY_CHARS: usize = 100;

/// Longer rules of recurrence, and names of time zones, are ignored.
const MAX_RULE_BYTES: usize = 2_000;

/// Longer URLs are ignored.
const MAX_URL_BYTES: usize = 2_000;

/// Reads a calendar.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let start = text.len() - text.trim_start().len();
    let error = |reason: &str, at: usize| {
        Err(FormatError::Calendar(format!("{reason} at {}", line_and_column(text, at))))
    };
    let is_begin = |line: &str| {
        let line = line.trim_start_matches('\u{feff}').trim();
        line.eq_ignore_ascii_case("BEGIN:VCALENDAR")
    };
    if !text.split(['\n', '\r']).any(is_begin) {
        return error("no BEGIN:VCALENDAR", start);
    }
    if let Some(at) = text.find('\0') {
        return error("a zero byte", at);
    }
    charge_components(text, budget)?;
    let mut parser = Parser::new(&text[start..]);
    let mut reader = CalendarReader::new(budget);
    loop {
        match parser.entry() {
            Entry::ICalendar(calendar) => reader.add(&calendar)?,
            Entry::Eof => break,
            // The parser skips unreadable lines and returns components without an end.
            _ => {}
        }
    }
    Ok(reader.finish()?)
}

/// Charges what the parser will take: it keeps each property, with its parameters and values, until
/// the calendar ends. Lists grow by doubling, and are copied then.
fn charge_components(text: &str, budget: &Budget) -> Result<(), Exhausted> {
    let bytes = text.as_bytes();
    // A line that starts with white space continues the one before it.
    let continued =
        bytes.windows(2).filter(|pair| pair[0] == b'\n' && matches!(pair[1], b' ' | b'\t')).count();
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count() - continued;
    let parts = bytes.iter().filter(|byte| matches!(byte, b',' | b';')).count();
    // The first value of a list takes four slots; what it points to is in proportion to its text.
    let line = 3 * size_of::<ICalendarEntry>() + 4 * size_of::<ICalendarValue>() + 64;
    let part = 3 * size_of::<ICalendarParameter>().max(size_of::<ICalendarValue>()) + 32;
    budget.charge_steps(lines + parts + bytes.len() / 8)?;
    let list = lines.saturating_mul(line).saturating_add(parts.saturating_mul(part));
    budget.charge_bytes(list.saturating_add(bytes.len()))
}

struct CalendarReader<'b> {
    budget: &'b Budget,
    name: Option<String>,
    description: Option<String>,
    zone: Option<String>,
    events: Vec<Event>,
    unreadable: usize,
    truncated: bool,
}

/// An event, with what relates it to other events.
struct Event {
    uid: String,
    tree: Map<String, Value>,
    start: EventTime,
    /// `RECURRENCE-ID`: the start of the occurrence that this event replaces.
    replaces: Option<EventTime>,
}

impl<'b> CalendarReader<'b> {
    fn new(budget: &'b Budget) -> Self {
        Self {
            budget,
            name: None,
            description: None,
            zone: None,
            events: Vec::new(),
            unreadable: 0,
            truncated: false,
        }
    }

    fn add(&mut self, calendar: &ICalendar) -> Result<(), Exhausted> {
        let zones = Zones::of(calendar);
        let mut default_zone = None;
        for component in &calendar.components {
            if component.component_type == ICalendarComponentType::VCalendar {
                for entry in &component.entries {
                    match entry.name.as_str().to_ascii_uppercase().as_str() {
                        "X-WR-CALNAME" | "NAME" => {
                            self.name = self.name.take().or_else(|| line(entry))
                        }
                        "X-WR-CALDESC" | "DESCRIPTION" => {
                            self.description = self.description.take().or_else(|| text(entry));
                        }
                        "X-WR-TIMEZONE" => {
                            default_zone = line(entry).and_then(|id| zones.find(&id))
                        }
                        _ => {}
                    }
                }
            }
        }
        self.zone = self.zone.take().or_else(|| default_zone.clone());
        let events = calendar
            .components
            .iter()
            .filter(|component| component.component_type == ICalendarComponentType::VEvent);
        for component in events {
            if self.events.len() == MAX_EVENTS {
                self.truncated = true;
                return Ok(());
            }
            let event = EventReader {
                budget: self.budget,
                component,
                zones: &zones,
                default_zone: default_zone.as_deref(),
            };
            match event.read()? {
                Some(event) => tree::push(self.budget, &mut self.events, event)?,
                None => self.unreadable += 1,
            }
        }
        Ok(())
    }

    /// The tree. Events that replace an occurrence are moved into the recurring event.
    fn finish(self) -> Result<Value, Exhausted> {
        let budget = self.budget;
        let mut recurring: BTreeMap<String, usize> = BTreeMap::new();
        let mut events: Vec<Event> = Vec::new();
        let mut replacements = Vec::new();
        for event in self.events {
            // Without a UID the event that it belongs to is unknown.
            if event.replaces.is_some() && !event.uid.is_empty() {
                tree::push(budget, &mut replacements, event)?;
                continue;
            }
            if event.tree.contains_key("recurrence") {
                let uid = tree::string(budget, &event.uid)?;
                budget.charge_bytes(tree::entry_bytes(recurring.len()))?;
                recurring.entry(uid).or_insert(events.len());
            }
            tree::push(budget, &mut events, event)?;
        }
        for event in replacements {
            let series = recurring.get(&event.uid).and_then(|at| events.get_mut(*at));
            let (Some(series), Some(replaces)) = (series, &event.replaces) else {
                tree::push(budget, &mut events, event)?;
                continue;
            };
            let zone = match &series.start {
                EventTime::Time(_, zone) => zone.as_deref(),
                EventTime::Day(_) => None,
            };
            let all_day = matches!(series.start, EventTime::Day(_));
            let at = match replaces {
                EventTime::Time(..) if !all_day => replaces.local_in(zone).map(times::local_text),
                _ => Some(replaces.day().to_string()),
            };
            let changed = series
                .tree
                .get_mut("recurrence")
                .and_then(|recurrence| recurrence.get_mut("changed"));
            if let (Some(at), Some(Value::Array(changed))) = (at, changed) {
                let at = tree::text(budget, &at)?;
                let change =
                    tree::object(budget, [("at", at), ("event", Value::Object(event.tree))])?;
                tree::push_value(budget, changed, change)?;
            }
        }
        let mut list = Vec::new();
        for event in events {
            tree::push_value(budget, &mut list, Value::Object(event.tree))?;
        }
        tree::object(
            budget,
            [
                ("name", tree::optional(budget, self.name.as_deref())?),
                ("description", tree::optional(budget, self.description.as_deref())?),
                ("zone", tree::optional(budget, self.zone.as_deref())?),
                ("events", Value::Array(list)),
                ("unreadable", self.unreadable.into()),
                ("truncated", self.truncated.into()),
            ],
        )
    }
}

/// A `VEVENT` with what its values depend on.
struct EventReader<'a> {
    budget: &'a Budget,
    component: &'a ICalendarComponent,
    zones: &'a Zones,
    /// The zone of the calendar, for local times without a zone.
    default_zone: Option<&'a str>,
}

/// `RDATE`, each with its length in seconds when it is a period, `EXDATE` and `RRULE`.
#[derive(Default)]
struct RecurrenceProperties<'a> {
    dates: Vec<(EventTime, Option<i64>)>,
    except: Vec<EventTime>,
    rules: Vec<&'a ICalendarValue>,
}

impl<'a> EventReader<'a> {
    /// Reads the event; `None` when it has no start.
    fn read(&self) -> Result<Option<Event>, Exhausted> {
        self.budget.charge_steps(self.component.entries.len())?;
        let replaces = self.time(&ICalendarProperty::RecurrenceId);
        let recurrence = self.recurrence_properties()?;
        let first_date = recurrence.dates.first();
        let start = self
            .time(&ICalendarProperty::Dtstart)
            .or_else(|| first_date.map(|(at, _)| at.clone()))
            .or_else(|| replaces.clone());
        let Some((start, start_text)) = start.and_then(|start| {
            let text = start.text()?;
            Some((start, text))
        }) else {
            return Ok(None);
        };
        let length_of_first =
            first_date.filter(|(at, _)| *at == start).and_then(|(_, seconds)| *seconds);
        let (zone, all_day) = match &start {
            EventTime::Day(_) => (None, true),
            EventTime::Time(_, zone) => (zone.as_deref(), false),
        };
        let end = self.time(&ICalendarProperty::Dtend);
        let length = length(&start, end, self.get(&ICalendarProperty::Duration))
            .or(length_of_first)
            .unwrap_or(0);
        let recurrence = recurrence.tree(&start, zone, length, self.budget)?;
        let position = self.get(&ICalendarProperty::Geo).and_then(position);
        let uid = self.get(&ICalendarProperty::Uid).and_then(line).unwrap_or_default();
        self.budget.charge_bytes(tree::string_bytes(uid.len()))?;
        let updated = self.time(&ICalendarProperty::LastModified).and_then(|at| at.text());
        let optional = |found: Option<String>| tree::optional(self.budget, found.as_deref());
        let line_of = |name: &ICalendarProperty| optional(self.get(name).and_then(line));
        let tree = tree::object(
            self.budget,
            [
                ("uid", tree::text(self.budget, &uid)?),
                ("title", line_of(&ICalendarProperty::Summary)?),
                (
                    "description",
                    optional(self.get(&ICalendarProperty::Description).and_then(text))?,
                ),
                ("location", line_of(&ICalendarProperty::Location)?),
                ("link", optional(self.get(&ICalendarProperty::Url).and_then(link))?),
                ("start", optional(Some(start_text))?),
                ("end", optional(end_text(&start, length))?),
                ("all_day", all_day.into()),
                ("zone", tree::optional(self.budget, zone)?),
                ("categories", self.categories()?),
                ("status", optional(self.status())?),
                ("latitude", position.map(|(latitude, _)| latitude).into()),
                ("longitude", position.map(|(_, longitude)| longitude).into()),
                ("updated", optional(updated)?),
                ("recurs", recurrence.is_some().into()),
            ],
        )?;
        let Value::Object(mut tree) = tree else { return Ok(None) };
        if let Some(recurrence) = recurrence {
            tree::insert(self.budget, &mut tree, "recurrence", recurrence)?;
        }
        Ok(Some(Event { uid, tree, start, replaces }))
    }

    fn get(&self, name: &ICalendarProperty) -> Option<&'a ICalendarEntry> {
        self.component.entries.iter().find(|entry| entry.name == *name)
    }

    fn time(&self, name: &ICalendarProperty) -> Option<EventTime> {
        let entry = self.get(name)?;
        match entry.values.first() {
            Some(ICalendarValue::PartialDateTime(at)) => EventTime::new(at, self.zone_of(entry)),
            _ => None,
        }
    }

    fn zone_of(&self, entry: &ICalendarEntry) -> Option<String> {
        let zone = entry.tz_id().and_then(|id| self.zones.find(id));
        zone.or_else(|| self.default_zone.map(str::to_owned))
    }

    fn recurrence_properties(&self) -> Result<RecurrenceProperties<'a>, Exhausted> {
        let mut found = RecurrenceProperties::default();
        for entry in &self.component.entries {
            let is_date =
                matches!(entry.name, ICalendarProperty::Rdate | ICalendarProperty::Exdate);
            if !is_date && entry.name != ICalendarProperty::Rrule {
                continue;
            }
            self.budget.charge_steps(entry.values.len())?;
            // The zone is looked up once for all values.
            let zone = if is_date { self.zone_of(entry) } else { None };
            for value in &entry.values {
                match (&entry.name, value) {
                    (ICalendarProperty::Rdate, _) if found.dates.len() < MAX_DATES => {
                        if let Some(date) = recurrence_date(value, zone.as_deref()) {
                            tree::push(self.budget, &mut found.dates, date)?;
                        }
                    }
                    (ICalendarProperty::Exdate, ICalendarValue::PartialDateTime(at))
                        if found.except.len() < MAX_DATES =>
                    {
                        if let Some(at) = EventTime::new(at, zone.clone()) {
                            tree::push(self.budget, &mut found.except, at)?;
                        }
                    }
                    (ICalendarProperty::Rrule, _) if found.rules.len() < MAX_RULES => {
                        found.rules.push(value);
                    }
                    _ => {}
                }
            }
        }
        Ok(found)
    }

    fn status(&self) -> Option<String> {
        let entry = self.get(&ICalendarProperty::Status)?;
        match entry.values.first() {
            Some(ICalendarValue::Status(status)) => Some(status.as_str().to_ascii_lowercase()),
            _ => {
                line(entry).map(|status| truncate(&status, MAX_CATEGORY_CHARS).to_ascii_lowercase())
            }
        }
    }

    fn categories(&self) -> Result<Value, Exhausted> {
        let entries = self.component.entries.iter();
        let names = entries
            .filter(|entry| entry.name == ICalendarProperty::Categories)
            .flat_map(|entry| entry.values.iter().filter_map(text_value))
            .map(|name| html::one_line(start_of(name, MAX_CATEGORY_CHARS)))
            .filter(|name| !name.is_empty())
            .take(MAX_CATEGORIES);
        let mut categories = Vec::new();
        for name in names {
            let name = tree::text(self.budget, &name)?;
            tree::push_value(self.budget, &mut categories, name)?;
        }
        Ok(Value::Array(categories))
    }
}

impl RecurrenceProperties<'_> {
    /// What [`occurrences`] needs to expand the event; `None` when it does not recur.
    fn tree(
        &self,
        start: &EventTime,
        zone: Option<&str>,
        length: i64,
        budget: &Budget,
    ) -> Result<Option<Value>, Exhausted> {
        let all_day = matches!(start, EventTime::Day(_));
        let mut rules = Vec::new();
        for rule in self.rules.iter().filter_map(|rule| rule_text(rule, zone, all_day)) {
            let rule = tree::text(budget, &rule)?;
            tree::push_value(budget, &mut rules, rule)?;
        }
        if rules.is_empty() && self.dates.iter().all(|(at, _)| at == start) {
            return Ok(None);
        }
        // The times of one property are in one zone, so few are converted between zones.
        budget.charge_steps((self.dates.len() + self.except.len()).saturating_mul(4))?;
        let local = |at: &EventTime| match at {
            EventTime::Time(..) if !all_day => at.local_in(zone).map(times::local_text),
            _ => Some(at.day().to_string()),
        };
        let mut dates = Vec::new();
        for (at, seconds) in &self.dates {
            let Some(at) = local(at) else { continue };
            let mut date = Vec::new();
            tree::push_value(budget, &mut date, tree::text(budget, &at)?)?;
            tree::push_value(budget, &mut date, (*seconds).into())?;
            tree::push_value(budget, &mut dates, Value::Array(date))?;
        }
        let mut except = Vec::new();
        for at in self.except.iter().filter_map(local_or_day(zone)) {
            tree::push_value(budget, &mut except, tree::text(budget, &at)?)?;
        }
        let recurrence = tree::object(
            budget,
            [
                ("start", tree::optional(budget, local(start).as_deref())?),
                ("zone", tree::optional(budget, zone)?),
                ("length", length.into()),
                ("rules", Value::Array(rules)),
                ("dates", Value::Array(dates)),
                ("except", Value::Array(except)),
                ("changed", Value::Array(Vec::new())),
            ],
        )?;
        Ok(Some(recurrence))
    }
}

/// An `EXDATE` that is a date stays a date: it excludes every occurrence of that day.
fn local_or_day(zone: Option<&str>) -> impl Fn(&EventTime) -> Option<String> + '_ {
    move |at| match at {
        EventTime::Day(day) => Some(day.to_string()),
        EventTime::Time(..) => at.local_in(zone).map(times::local_text),
    }
}

/// A value of `RDATE`, with its length in seconds when it is a period.
fn recurrence_date(value: &ICalendarValue, zone: Option<&str>) -> Option<(EventTime, Option<i64>)> {
    let zone = zone.map(str::to_owned);
    match value {
        ICalendarValue::PartialDateTime(at) => Some((EventTime::new(at, zone)?, None)),
        ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => {
            let (start, end) = (EventTime::new(start, zone.clone())?, EventTime::new(end, zone)?);
            let seconds = seconds_between(&start, &end);
            Some((start, seconds))
        }
        ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => {
            Some((EventTime::new(start, zone)?, seconds(duration)))
        }
        _ => None,
    }
}

/// The length of an event, at least 0: in days for an all-day event, else in seconds.
fn length(
    start: &EventTime,
    end: Option<EventTime>,
    duration: Option<&ICalendarEntry>,
) -> Option<i64> {
    let duration = duration.and_then(|entry| match entry.values.first() {
        Some(ICalendarValue::Duration(duration)) => seconds(duration),
        _ => None,
    });
    let length = match (start, end) {
        // `DTEND` is exclusive.
        (EventTime::Day(first), Some(end)) => i64::from(first.until(end.day()).ok()?.get_days()),
        (EventTime::Day(_), None) => duration? / 86_400,
        (EventTime::Time(..), Some(end)) => seconds_between(start, &end)?,
        (EventTime::Time(..), None) => duration?,
    };
    Some(length.max(0))
}

fn seconds_between(start: &EventTime, end: &EventTime) -> Option<i64> {
    Some(end.instant(&TimeZone::UTC)?.as_second() - start.instant(&TimeZone::UTC)?.as_second())
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

/// The end in the tree: the last of several days, or the time at which the event ends.
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

/// The text of a rule with `UNTIL` in local time, so that it can be expanded without time zones.
fn rule_text(value: &ICalendarValue, zone: Option<&str>, all_day: bool) -> Option<String> {
    let ICalendarValue::RecurrenceRule(rule) = value else { return None };
    let mut rule = rule.clone();
    let until = rule.until.take();
    let mut text = rule.to_string();
    if let Some(until) = until {
        // A local `UNTIL` is in the zone of the event.
        let until = match EventTime::new(&until, zone.map(str::to_owned))? {
            EventTime::Day(day) => day.at(23, 59, 59, 0),
            at @ EventTime::Time(..) if all_day => at.day().at(23, 59, 59, 0),
            at @ EventTime::Time(..) => at.local_in(zone)?,
        };
        text.push_str(&until.strftime(";UNTIL=%Y%m%dT%H%M%S").to_string());
    }
    if text.len() > MAX_RULE_BYTES {
        return None;
    }
    recurrence::Rule::parse(&text).map(|_| text)
}

fn text_value(value: &ICalendarValue) -> Option<&str> {
    match value {
        ICalendarValue::Text(text) => Some(text),
        ICalendarValue::Uri(Uri::Location(text)) => Some(text),
        _ => None,
    }
}

fn joined_values(entry: &ICalendarEntry) -> Option<String> {
    let texts: Vec<&str> = entry.values.iter().filter_map(text_value).collect();
    Some(texts.join(",")).filter(|text| !text.trim().is_empty())
}

/// The text of a property on one line.
fn line(entry: &ICalendarEntry) -> Option<String> {
    let values = joined_values(entry)?;
    // White space may collapse.
    let line = html::one_line(start_of(&values, MAX_LINE_CHARS * 2));
    Some(truncate(&line, MAX_LINE_CHARS)).filter(|text| !text.is_empty())
}

/// The plain text of a property; some programs write HTML.
fn text(entry: &ICalendarEntry) -> Option<String> {
    let values = joined_values(entry)?;
    let text = html::html_to_text(start_of(&values, MAX_TEXT_CHARS * 4));
    Some(truncate(&text, MAX_TEXT_CHARS)).filter(|text| !text.is_empty())
}

/// The first characters of a text.
fn start_of(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

fn truncate(text: &str, chars: usize) -> String {
    start_of(text, chars).to_owned()
}

/// The URL of a page; `None` for schemes other than `http` and `https`.
fn link(entry: &ICalendarEntry) -> Option<String> {
    let values = joined_values(entry)?;
    let url = Some(values.trim()).filter(|url| url.len() <= MAX_URL_BYTES)?;
    let url = Url::parse(url).ok()?;
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

/// Parses the output of [`times::local_text`], or a date as its midnight.
fn local_time(text: &str) -> Option<DateTime> {
    text.parse().ok()
}
