//! Dates and times of a calendar file, and the texts they become.

use calcard::common::PartialDateTime;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan};

use super::zones;

/// When something is.
#[derive(Clone, Debug, PartialEq)]
pub enum EventTime {
    /// A day.
    Day(Date),
    /// A local time in a zone, as [`zones::zone`] reads it; without one it is the local time of whoever looks.
    Time(DateTime, Option<String>),
}

impl EventTime {
    /// Reads a value; `zone` is that of its property.
    pub fn read(written: &PartialDateTime, zone: Option<String>) -> Option<Self> {
        let date = Date::new(
            i16::try_from(written.year?).ok()?,
            i8::try_from(written.month?).ok()?,
            i8::try_from(written.day?).ok()?,
        )
        .ok()?;
        let Some(hour) = written.hour else { return Some(Self::Day(date)) };
        // A leap second is taken as the one before, and midnight at the end of a day as the next.
        let second = written.second.unwrap_or(0).min(59);
        let (hour, date) = if hour == 24 { (0, date.tomorrow().ok()?) } else { (hour, date) };
        let at = DateTime::new(
            date.year(),
            date.month(),
            date.day(),
            i8::try_from(hour).ok()?,
            i8::try_from(written.minute.unwrap_or(0)).ok()?,
            i8::try_from(second).ok()?,
            0,
        )
        .ok()?;
        let Some(hours) = written.tz_hour else { return Some(Self::Time(at, zone)) };
        let seconds = i32::from(hours) * 3_600 + i32::from(written.tz_minute.unwrap_or(0)) * 60;
        let offset =
            Offset::from_seconds(if written.tz_minus { -seconds } else { seconds }).ok()?;
        let moment = offset.to_timestamp(at).ok()?;
        Some(Self::Time(Offset::UTC.to_datetime(moment), Some("UTC".to_owned())))
    }

    /// The moment, with `zone` for what has none.
    pub fn moment(&self, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Day(day) => instant(day.at(0, 0, 0, 0), zone),
            Self::Time(at, None) => instant(*at, zone),
            Self::Time(at, Some(own)) => instant(*at, &zones::zone(own)?),
        }
    }

    /// The local time in this zone, which is that of another value; a day is its midnight.
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

    /// The day as it is written.
    pub fn day(&self) -> Date {
        match self {
            Self::Day(day) => *day,
            Self::Time(at, _) => at.date(),
        }
    }

    /// `YYYY-MM-DD`, RFC 3339 with the offset of its zone, or local text without one.
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

/// A local time that a change of clocks leaves out is read as before the change, and one that happens twice is the first.
pub fn instant(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(at).compatible().ok()
}

/// RFC 3339 with the offset that the zone has then.
pub fn instant_text(moment: Timestamp, zone: &TimeZone) -> String {
    let offset = zone.to_offset(moment);
    if zone.iana_name().is_some_and(|name| matches!(name, "UTC" | "Etc/UTC")) {
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    }
    // Offsets of RFC 3339 have no seconds.
    let minutes = Offset::from_seconds(offset.seconds() / 60 * 60).unwrap_or(offset);
    minutes.to_datetime(moment).strftime("%Y-%m-%dT%H:%M:%S").to_string() + &offset_text(minutes)
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

/// The last of so many days from this one on.
pub fn last_day(first: Date, days: i64) -> Option<Date> {
    first.checked_add((days.clamp(1, 100_000) - 1).days()).ok()
}
