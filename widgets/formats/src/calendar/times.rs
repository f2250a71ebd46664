//! Dates and times of iCalendar, and their text in the tree.

use calcard::common::PartialDateTime;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::zones;

/// The start or the end of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum EventTime {
    /// A date.
    Day(Date),
    /// A local time with its zone, as [`zones::zone`] reads it; `None` for a floating time.
    Time(DateTime, Option<String>),
}

impl EventTime {
    /// Converts a value; `zone` is the zone of its property.
    pub fn new(value: &PartialDateTime, zone: Option<String>) -> Option<Self> {
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
        let Some(hours) = value.tz_hour else { return Some(Self::Time(at, zone)) };
        let seconds = i32::from(hours) * 3_600 + i32::from(value.tz_minute.unwrap_or(0)) * 60;
        let offset = Offset::from_seconds(if value.tz_minus { -seconds } else { seconds }).ok()?;
        let moment = offset.to_timestamp(at).ok()?;
        Some(Self::Time(Offset::UTC.to_datetime(moment), Some("UTC".to_owned())))
    }

    /// The instant; `zone` applies to dates and floating times.
    pub fn instant(&self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(day) => instant(day.at(0, 0, 0, 0), zone),
            Self::Time(at, None) => instant(*at, zone),
            Self::Time(at, Some(own)) => instant(*at, &zones::zone(own)?),
        }
    }

    /// The local time in the zone of another value; a date is its midnight.
    pub fn local_in(&self, zone: Option<&str>) -> Option<DateTime> {
        match (self, zone) {
            (Self::Day(day), _) => Some(day.at(0, 0, 0, 0)),
            (Self::Time(at, own), zone) if own.as_deref() == zone => Some(*at),
            (Self::Time(at, None), _) | (Self::Time(at, _), None) => Some(*at),
            (Self::Time(at, Some(own)), Some(zone)) => {
                let moment = instant(*at, &zones::zone(own)?)?;
                Some(zones::zone(zone)?.to_datetime(moment))
            }
        }
    }

    /// The date, in the value's own zone.
    pub fn day(&self) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::Time(at, _) => at.date(),
        }
    }

    /// `YYYY-MM-DD` for a date, RFC 3339 for a time in a zone, RFC 3339 without offset for a
    /// floating time.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Day(day) => Some(day.to_string()),
            Self::Time(at, None) => Some(local_text(*at)),
            Self::Time(at, Some(zone)) => {
                let zone = zones::zone(zone)?;
                Some(instant_text(instant(*at, &zone)?, &zone))
            }
        }
    }
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
        return instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    }
    // RFC 3339 has no seconds in offsets.
    let minutes = Offset::from_seconds(offset.seconds() / 60 * 60).unwrap_or(offset);
    minutes.to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S").to_string() + &offset_text(minutes)
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

/// The last of a number of consecutive days.
pub fn last_day(first: Date, days: i64) -> Option<Date> {
    first.checked_add((days.clamp(1, 100_000) - 1).days()).ok()
}
