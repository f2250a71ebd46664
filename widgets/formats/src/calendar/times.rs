//! Dates and times of iCalendar, and their text in the tree.

use calcard::common::PartialDateTime;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::length::Length;
use super::zones::Zone;

/// The start or the end of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum EventTime {
    /// A date.
    Day(Date),
    /// A local time with its zone; `None` for a floating time.
    Time(DateTime, Option<Zone>),
}

impl EventTime {
    /// Converts a value; `zone` is the zone of its property.
    pub fn new(value: &PartialDateTime, zone: Option<&Zone>) -> Option<Self> {
        let date = Date::new(
            i16::try_from(value.year?).ok()?,
            i8::try_from(value.month?).ok()?,
            i8::try_from(value.day?).ok()?,
        )
        .ok()?;
        let Some(hour) = value.hour else { return Some(Self::Day(date)) };
        // A leap second is taken as the second before it, and 24:00 as 00:00 of the next day.
        let second = value.second.unwrap_or(0).min(59);
        let (hour, date) = if hour == 24 { (0, date.tomorrow().ok()?) } else { (hour, date) };
        let at = DateTime::new(
            date.year(),
            date.month(),
            date.day(),
            i8::try_from(hour).ok()?,
            i8::try_from(value.minute.unwrap_or(0)).ok()?,
            i8::try_from(second).ok()?,
            0,
        )
        .ok()?;
        let Some(hours) = value.tz_hour else { return Some(Self::Time(at, zone.cloned())) };
        let seconds = i32::from(hours) * 3_600 + i32::from(value.tz_minute.unwrap_or(0)) * 60;
        let offset = Offset::from_seconds(if value.tz_minus { -seconds } else { seconds }).ok()?;
        let moment = offset.to_timestamp(at).ok()?;
        Some(Self::Time(Offset::UTC.to_datetime(moment), Some(Zone::utc())))
    }

    /// Parses a date or time of ISO 8601 with hyphens and colons, which RFC 5545 does not allow.
    pub fn of_text(text: &str, zone: Option<&Zone>) -> Option<Self> {
        let text = text.trim();
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Some(Self::Time(Offset::UTC.to_datetime(moment), Some(Zone::utc())));
        }
        match text.len() {
            10 => text.parse().ok().map(Self::Day),
            _ => text.parse().ok().map(|at| Self::Time(at, zone.cloned())),
        }
    }

    /// The zone; `None` for dates and floating times.
    pub fn zone(&self) -> Option<&Zone> {
        match self {
            Self::Day(_) => None,
            Self::Time(_, zone) => zone.as_ref(),
        }
    }

    /// The instant; `zone` applies to dates and floating times.
    pub fn instant(&self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(day) => instant(day.at(0, 0, 0, 0), zone),
            Self::Time(at, None) => instant(*at, zone),
            Self::Time(at, Some(own)) => instant(*at, own.rules()),
        }
    }

    /// The local time in a zone; a date is its midnight.
    pub fn local_in(&self, zone: Option<&Zone>) -> Option<DateTime> {
        match (self, zone) {
            (Self::Day(day), _) => Some(day.at(0, 0, 0, 0)),
            (Self::Time(at, own), zone) if own.as_ref() == zone => Some(*at),
            (Self::Time(at, None), _) | (Self::Time(at, _), None) => Some(*at),
            (Self::Time(at, Some(own)), Some(zone)) => {
                Some(zone.rules().to_datetime(instant(*at, own.rules())?))
            }
        }
    }

    /// The date that a value of an event of whole days means. `zone` is that of the event, if any:
    /// its midnight may be written in UTC.
    pub fn day_in(&self, zone: Option<&Zone>) -> Option<Date> {
        match (self, zone) {
            (Self::Day(day), _) => Some(*day),
            (Self::Time(at, Some(own)), None) if own.is_utc() => nearest_midnight(*at),
            _ => self.local_in(zone).map(DateTime::date),
        }
    }

    /// `YYYY-MM-DD` for a date, RFC 3339 for a time in a zone, RFC 3339 without offset for a
    /// floating time.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Day(day) => Some(day.to_string()),
            Self::Time(at, None) => Some(local_text(*at)),
            Self::Time(at, Some(zone)) => {
                Some(instant_text(instant(*at, zone.rules())?, zone.rules()))
            }
        }
    }
}

/// The whole days from a local start, when it is a midnight, and until a local end, when that is a
/// midnight too or the last minute of a day.
pub fn whole_days(start: DateTime, end: DateTime) -> Option<(Date, i64)> {
    let days = i64::from(start.date().until(end.date()).ok()?.get_days());
    let last_minute = (end.hour(), end.minute()) == (23, 59);
    let days = if last_minute { days.checked_add(1)? } else { days };
    let whole = start.time() == Time::midnight() && (last_minute || end.time() == Time::midnight());
    (whole && days > 0).then(|| (start.date(), days))
}

/// The date whose midnight, somewhere between twelve hours west and east of Greenwich, is this time
/// in UTC.
pub fn nearest_midnight(at: DateTime) -> Option<Date> {
    at.checked_add(SignedDuration::from_hours(12)).ok().map(DateTime::date)
}

/// The instant of a local time. When the clocks change, a skipped time is read with the offset
/// before the change, and of a repeated time the first is meant (RFC 5545, 3.3.5).
pub fn instant(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(at).compatible().ok()
}

/// RFC 3339 with the offset of the zone at that instant.
pub fn instant_text(instant: Timestamp, zone: &TimeZone) -> String {
    let offset = zone.to_offset(instant);
    if zone.iana_name().is_some_and(|name| matches!(name, "UTC" | "Etc/UTC")) {
        return utc_text(instant);
    }
    // RFC 3339 has no seconds in offsets.
    let minutes = Offset::from_seconds(offset.seconds() / 60 * 60).unwrap_or(offset);
    minutes.to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S").to_string() + &offset_text(minutes)
}

/// `YYYY-MM-DDTHH:MM:SSZ`.
pub fn utc_text(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn offset_text(offset: Offset) -> String {
    let sign = if offset.seconds() < 0 { '-' } else { '+' };
    let minutes = offset.seconds().abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// `YYYY-MM-DDTHH:MM:SS`.
pub fn local_text(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Parses the output of [`local_text`], a date as its midnight, or the output of [`utc_text`] as
/// the local time in `zone`.
pub fn local_time(text: &str, zone: &TimeZone) -> Option<DateTime> {
    if text.ends_with('Z') {
        return Some(zone.to_datetime(text.parse().ok()?));
    }
    text.parse().ok()
}

/// The last of a number of consecutive days.
pub fn last_day(first: Date, days: i64) -> Option<Date> {
    first.checked_add((days.clamp(1, 100_000) - 1).days()).ok()
}

/// The instant after a length from a local time: first its days, then its seconds.
pub fn end(at: DateTime, length: Length, zone: &TimeZone) -> Option<Timestamp> {
    let day = at.checked_add(length.days.days()).ok()?;
    instant(day, zone)?.checked_add(SignedDuration::from_secs(length.seconds)).ok()
}

/// The end in the tree: the last of several days, or the time at which the event ends.
pub fn end_text(start: &EventTime, length: Length) -> Option<String> {
    match start {
        EventTime::Day(first) if length.days > 1 => {
            last_day(*first, length.days).map(|day| day.to_string())
        }
        EventTime::Time(at, None) if !length.is_nothing() => {
            let day = at.checked_add(length.days.days()).ok()?;
            day.checked_add(SignedDuration::from_secs(length.seconds)).ok().map(local_text)
        }
        EventTime::Time(at, Some(zone)) if !length.is_nothing() => {
            Some(instant_text(end(*at, length, zone.rules())?, zone.rules()))
        }
        _ => None,
    }
}
