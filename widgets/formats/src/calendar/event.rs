//! One event of a calendar (`VEVENT`).

use calcard::common::IanaString;
use calcard::icalendar::{
    ICalendarComponent, ICalendarDuration, ICalendarEntry, ICalendarParameterName,
    ICalendarParameterValue, ICalendarProperty, ICalendarValue,
};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::super::{html, tree};
use super::length::Length;
use super::series::{self, RecurrenceProperties, SeriesStart};
use super::texts;
use super::times::{self, EventTime};
use super::zones::{Zone, Zones};

/// Categories of an event beyond this many are omitted.
const MAX_CATEGORIES: usize = 100;

/// Longer categories are truncated: each occurrence of an event has a copy of them.
const MAX_CATEGORY_CHARS: usize = 100;

/// An event, with what relates it to other events.
pub struct Event {
    pub uid: String,
    pub tree: Map<String, Value>,
    pub series: SeriesStart,
    /// `RECURRENCE-ID`: the start of the occurrence that this event replaces.
    pub replaces: Option<EventTime>,
    /// `RANGE=THISANDFUTURE`: it replaces all later occurrences too.
    pub is_onward: bool,
    pub version: Version,
    /// How many of its dates and rules are left out.
    pub left_out: usize,
}

impl Event {
    pub fn is_cancelled(&self) -> bool {
        self.tree.get("status").and_then(Value::as_str) == Some(CANCELLED)
    }

    pub fn cancel(&mut self) {
        self.tree.insert("status".to_owned(), CANCELLED.into());
    }

    pub fn text(&self, key: &str) -> &str {
        self.tree.get(key).and_then(Value::as_str).unwrap_or_default()
    }
}

const CANCELLED: &str = "cancelled";

/// How new an event is: `SEQUENCE`, then `DTSTAMP`, then `LAST-MODIFIED` (RFC 5546, 2.1.4 and
/// 2.1.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    sequence: i64,
    stamp: Option<Timestamp>,
    modified: Option<Timestamp>,
}

/// A `VEVENT` with what its values depend on.
pub struct EventReader<'a> {
    pub budget: &'a Budget,
    pub component: &'a ICalendarComponent,
    pub zones: &'a Zones<'a>,
    /// The zone of the calendar, for local times without a zone.
    pub default_zone: Option<&'a Zone>,
    /// `METHOD:CANCEL`.
    pub is_cancelled: bool,
}

impl<'a> EventReader<'a> {
    /// Reads the event; `None` when it has no start.
    pub fn read(&self) -> Result<Option<Event>, Exhausted> {
        self.budget.charge_steps(self.component.entries.len())?;
        let replaces = self.time(&ICalendarProperty::RecurrenceId)?;
        let recurrence = RecurrenceProperties::of(
            &self.component.entries,
            |entry| self.zone_of(entry),
            self.budget,
        )?;
        let first_date = recurrence.first_date();
        let start = self
            .time(&ICalendarProperty::Dtstart)?
            .or_else(|| first_date.map(|(at, _)| at.clone()))
            .or_else(|| replaces.clone());
        let Some(start) = start else { return Ok(None) };
        let length_of_first =
            first_date.filter(|(at, _)| *at == start).and_then(|(_, length)| *length);
        let series = self.series_start(start, length_of_first)?;
        let Some(start) = series.start.text() else { return Ok(None) };
        let left_out = recurrence.left_out;
        let recurrence = recurrence.tree(&series, self.budget)?;
        let position = self.get(&ICalendarProperty::Geo).and_then(texts::position);
        let uid = self.get(&ICalendarProperty::Uid).and_then(texts::line).unwrap_or_default();
        self.budget.charge_bytes(tree::string_bytes(uid.len()))?;
        let modified = self.time(&ICalendarProperty::LastModified)?;
        let optional = |found: Option<String>| tree::optional(self.budget, found.as_deref());
        let line_of = |name: &ICalendarProperty| optional(self.get(name).and_then(texts::line));
        let zone = series.start.zone().map(Zone::text);
        let tree = tree::object(
            self.budget,
            [
                ("uid", tree::text(self.budget, &uid)?),
                ("title", line_of(&ICalendarProperty::Summary)?),
                (
                    "description",
                    optional(self.get(&ICalendarProperty::Description).and_then(texts::text))?,
                ),
                ("location", line_of(&ICalendarProperty::Location)?),
                ("link", optional(self.get(&ICalendarProperty::Url).and_then(texts::link))?),
                ("start", optional(Some(start))?),
                ("end", optional(times::end_text(&series.start, series.length))?),
                ("all_day", series.is_all_day().into()),
                ("zone", tree::optional(self.budget, zone)?),
                ("categories", self.categories()?),
                ("status", optional(self.status())?),
                ("latitude", position.map(|(latitude, _)| latitude).into()),
                ("longitude", position.map(|(_, longitude)| longitude).into()),
                ("updated", optional(modified.as_ref().and_then(EventTime::text))?),
                ("recurs", recurrence.is_some().into()),
            ],
        )?;
        let Value::Object(mut tree) = tree else { return Ok(None) };
        if let Some(recurrence) = recurrence {
            tree::insert(self.budget, &mut tree, "recurrence", recurrence)?;
        }
        let instant = |at: Option<EventTime>| at.and_then(|at| at.instant(&TimeZone::UTC));
        let version = Version {
            sequence: self.sequence(),
            stamp: instant(self.time(&ICalendarProperty::Dtstamp)?),
            modified: instant(modified),
        };
        let is_onward = self.is_onward();
        Ok(Some(Event { uid, tree, series, replaces, is_onward, version, left_out }))
    }

    fn get(&self, name: &ICalendarProperty) -> Option<&'a ICalendarEntry> {
        self.component.entries.iter().find(|entry| entry.name == *name)
    }

    fn time(&self, name: &ICalendarProperty) -> Result<Option<EventTime>, Exhausted> {
        let Some(entry) = self.get(name) else { return Ok(None) };
        Ok(match entry.values.first() {
            Some(ICalendarValue::PartialDateTime(at)) => {
                EventTime::new(at, self.zone_of(entry)?.as_ref())
            }
            Some(ICalendarValue::Text(text)) => {
                EventTime::of_text(text, self.zone_of(entry)?.as_ref())
            }
            _ => None,
        })
    }

    fn zone_of(&self, entry: &ICalendarEntry) -> Result<Option<Zone>, Exhausted> {
        let zone = match entry.tz_id() {
            Some(id) => self.zones.find(id)?,
            None => None,
        };
        Ok(zone.or_else(|| self.default_zone.cloned()))
    }

    /// Start and length. An event from midnight to midnight is one of whole days, as Outlook and
    /// Exchange write them.
    fn series_start(
        &self,
        written: EventTime,
        length_of_first: Option<Length>,
    ) -> Result<SeriesStart, Exhausted> {
        let end = self.time(&ICalendarProperty::Dtend)?;
        let duration = self.get(&ICalendarProperty::Duration);
        let duration = duration.and_then(|entry| match entry.values.first() {
            Some(ICalendarValue::Duration(duration)) => Some(duration),
            _ => None,
        });
        let zone = written.zone().or(self.default_zone).cloned();
        if let Some((day, length)) = self.whole_days(&written, end.as_ref(), duration) {
            let length = Length::of_days(length);
            return Ok(SeriesStart { start: EventTime::Day(day), zone, length });
        }
        let length =
            length(&written, end.as_ref(), duration).or(length_of_first).unwrap_or_default();
        // The zone of a time is its own: the calendar's applies to it already.
        let zone = match &written {
            EventTime::Day(_) => zone,
            EventTime::Time(_, own) => own.clone(),
        };
        Ok(SeriesStart { start: written, zone, length })
    }

    /// The days of an event of whole days that is written with times.
    fn whole_days(
        &self,
        start: &EventTime,
        end: Option<&EventTime>,
        duration: Option<&ICalendarDuration>,
    ) -> Option<(Date, i64)> {
        let EventTime::Time(at, zone) = start else { return None };
        let seconds = match (end, duration) {
            (Some(end), _) => {
                if let Some(days) = times::whole_days(*at, end.local_in(zone.as_ref())?) {
                    return Some(days);
                }
                series::seconds_between(start, end)?
            }
            (None, Some(duration)) => Length::of(duration)?.in_seconds(),
            (None, None) => 0,
        };
        let is_midnight = at.time() == Time::midnight();
        if !self.is_marked_all_day() {
            let is_whole = is_midnight && end.is_none() && seconds > 0 && seconds % 86_400 == 0;
            return is_whole.then_some((at.date(), seconds / 86_400));
        }
        // The midnight of another place, in UTC.
        let in_utc = !is_midnight && zone.as_ref().is_some_and(Zone::is_utc);
        let day = if in_utc { times::nearest_midnight(*at)? } else { at.date() };
        // A day may have an hour more or less.
        Some((day, (seconds.checked_add(43_200)? / 86_400).max(1)))
    }

    /// Whether Outlook, Exchange or another program marks the event as one of whole days.
    fn is_marked_all_day(&self) -> bool {
        let names = ["X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT"];
        let is_true = |entry: &ICalendarEntry| match entry.values.first() {
            Some(ICalendarValue::Text(text)) => text.trim().eq_ignore_ascii_case("TRUE"),
            Some(ICalendarValue::Boolean(is_true)) => *is_true,
            _ => false,
        };
        self.component.entries.iter().any(|entry| {
            let name = entry.name.as_str();
            names.iter().any(|marker| name.eq_ignore_ascii_case(marker)) && is_true(entry)
        })
    }

    fn sequence(&self) -> i64 {
        let entry = self.get(&ICalendarProperty::Sequence);
        match entry.and_then(|entry| entry.values.first()) {
            Some(ICalendarValue::Integer(number)) => *number,
            Some(ICalendarValue::Text(text)) => text.trim().parse().unwrap_or(0),
            _ => 0,
        }
    }

    fn is_onward(&self) -> bool {
        let entry = self.get(&ICalendarProperty::RecurrenceId);
        let mut range =
            entry.into_iter().flat_map(|entry| entry.parameters(&ICalendarParameterName::Range));
        range.any(|value| matches!(value, ICalendarParameterValue::Bool(true)))
    }

    fn status(&self) -> Option<String> {
        if self.is_cancelled {
            return Some(CANCELLED.to_owned());
        }
        let entry = self.get(&ICalendarProperty::Status)?;
        let status = match entry.values.first() {
            Some(ICalendarValue::Status(status)) => status.as_str().to_owned(),
            _ => texts::truncate(&texts::line(entry)?, MAX_CATEGORY_CHARS),
        };
        let status = status.to_ascii_lowercase();
        // The American spelling.
        Some(if status == "canceled" { CANCELLED.to_owned() } else { status })
    }

    fn categories(&self) -> Result<Value, Exhausted> {
        let entries = self.component.entries.iter();
        let names = entries
            .filter(|entry| entry.name == ICalendarProperty::Categories)
            .flat_map(|entry| entry.values.iter().filter_map(texts::text_value))
            .map(|name| html::one_line(texts::start_of(name, MAX_CATEGORY_CHARS)))
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

/// The length of an event: in days alone when it is one of whole days.
fn length(
    start: &EventTime,
    end: Option<&EventTime>,
    duration: Option<&ICalendarDuration>,
) -> Option<Length> {
    Some(match (start, end) {
        // `DTEND` is exclusive (RFC 5545, 3.6.1), but a time within a day ends on that day.
        (EventTime::Day(first), Some(end)) => {
            let last = end.day_in(end.zone())?;
            let days = i64::from(first.until(last).ok()?.get_days());
            let within = end.local_in(None).is_some_and(|end| end.time() != Time::midnight());
            Length::of_days(if within { days.checked_add(1)? } else { days })
        }
        (EventTime::Day(_), None) => Length::of_days(Length::of(duration?)?.in_seconds() / 86_400),
        (EventTime::Time(..), Some(end)) => {
            Length::of_seconds(series::seconds_between(start, end)?)
        }
        (EventTime::Time(..), None) => Length::of(duration?)?,
    })
}
