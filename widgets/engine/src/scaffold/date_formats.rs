//! Date formats of records, and the expressions that parse them.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::{rfc2822, strtime::BrokenDownTime};
use serde_json::Value;

use super::record_fields::Field;

/// Parts of the names of date fields: only in those a number is a date.
const DATE_NAMES: [&str; 24] = [
    "date",
    "datum",
    "time",
    "tijd",
    "zeit",
    "start",
    "begin",
    "expires",
    "onset",
    "effective",
    "updated",
    "created",
    "modified",
    "published",
    "issued",
    "sent",
    "ended",
    "from",
    "until",
    "since",
    "van",
    "tot",
    "dag",
    "day",
];
/// Day-first formats, with and without a time.
const PATTERNS: [(&str, bool); 9] = [
    ("%d/%m/%Y", false),
    ("%d.%m.%Y", false),
    ("%d-%m-%Y", false),
    ("%d/%m/%Y %H:%M", true),
    ("%d.%m.%Y %H:%M", true),
    ("%d-%m-%Y %H:%M", true),
    ("%d/%m/%Y %H:%M:%S", true),
    ("%d.%m.%Y %H:%M:%S", true),
    ("%d-%m-%Y %H:%M:%S", true),
];
/// Plausible Unix timestamps: years 2001 to 2100.
const EPOCH_SECONDS: std::ops::Range<f64> = 1e9..4.1e9;

/// How a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// A date, possibly followed by more text.
    Day,
    /// A moment that `moment` parses without a pattern.
    Moment,
    /// An index of `PATTERNS`.
    Pattern(usize),
}

impl DateFormat {
    pub fn is_moment(self) -> bool {
        match self {
            DateFormat::Day => false,
            DateFormat::Moment => true,
            DateFormat::Pattern(at) => PATTERNS[at].1,
        }
    }

    /// The expression that parses the value of `from`.
    pub fn read(self, from: &str) -> String {
        let function = if self.is_moment() { "moment" } else { "day" };
        match self {
            DateFormat::Pattern(at) => format!("{function}({from}, '{}')", PATTERNS[at].0),
            _ => format!("{function}({from})"),
        }
    }
}

/// The date format of a value; `name` is the name of its field.
pub fn kind(value: &Value, name: &str) -> Option<DateFormat> {
    let named =
        DATE_NAMES.iter().any(|part| name.contains(part)) || matches!(name, "at" | "on" | "to");
    if let Some(number) = value.as_f64() {
        let seconds = if number >= 1e11 { number / 1_000.0 } else { number };
        return (named && EPOCH_SECONDS.contains(&seconds)).then_some(DateFormat::Moment);
    }
    let text = value.as_str()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: f64 = text.parse().ok()?;
        return match text.len() {
            8 if named
                && Date::strptime("%Y%m%d", text).is_ok()
                && (text.starts_with("19") || text.starts_with("20")) =>
            {
                Some(DateFormat::Day)
            }
            10 if named && EPOCH_SECONDS.contains(&number) => Some(DateFormat::Moment),
            12 | 13 if named && EPOCH_SECONDS.contains(&(number / 1_000.0)) => {
                Some(DateFormat::Moment)
            }
            _ => None,
        };
    }
    if text.get(..10).is_some_and(|day| day.parse::<Date>().is_ok()) {
        let exact = text.contains(':')
            && (text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok());
        return Some(if exact { DateFormat::Moment } else { DateFormat::Day });
    }
    if rfc2822::parse(text).is_ok() {
        return Some(DateFormat::Moment);
    }
    let fits = |pattern: &str| {
        BrokenDownTime::parse(pattern, text).is_ok_and(|broken| broken.to_date().is_ok())
    };
    PATTERNS.iter().position(|(pattern, _)| fits(pattern)).map(DateFormat::Pattern)
}

/// The date format that parses all dates of a field, when most of its values are dates.
pub fn of(field: &Field<'_>) -> Option<DateFormat> {
    let kinds: Vec<DateFormat> =
        field.values.iter().filter_map(|value| kind(value, &field.name)).collect();
    let first = *kinds.first()?;
    if kinds.len() * 2 <= field.values.len() {
        return None;
    }
    kinds.into_iter().try_fold(first, |one, other| match (one, other) {
        (one, other) if one == other => Some(one),
        // Every moment has a date.
        (DateFormat::Day, DateFormat::Moment) | (DateFormat::Moment, DateFormat::Day) => {
            Some(DateFormat::Day)
        }
        _ => None,
    })
}

/// The date of a value, as far as it is known without a time zone.
pub fn day(value: &Value, kind: DateFormat) -> Option<Date> {
    let of_seconds = |number: f64| {
        let seconds = if number >= 1e11 { number / 1_000.0 } else { number };
        let moment = Timestamp::from_second(seconds as i64).ok()?;
        Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date())
    };
    if let Some(number) = value.as_f64() {
        return of_seconds(number);
    }
    let text = value.as_str()?.trim();
    match kind {
        DateFormat::Pattern(at) => BrokenDownTime::parse(PATTERNS[at].0, text).ok()?.to_date().ok(),
        _ => text
            .get(..10)
            .and_then(|day| day.parse().ok())
            .or_else(|| Date::strptime("%Y%m%d", text).ok())
            .or_else(|| rfc2822::parse(text).ok().map(|moment| moment.date()))
            .or_else(|| of_seconds(text.parse().ok()?)),
    }
}
