//! The forms of ISO 8601 that RFC 3339 does not have: without separators, as day of the year or of
//! a week, shorter than a day.

use jiff::civil::{Date, ISOWeekDate, Weekday};

use super::clock::{Clock, digits};
use super::{Parts, WrittenDate, at_zone};

/// Reads a date that starts with its year.
pub fn read(text: &str) -> Option<WrittenDate> {
    let length = digits(text);
    let (date, rest) = text.split_at(length);
    let after = rest.strip_prefix('-').unwrap_or(rest);
    match length {
        4 if rest.is_empty() => period(date, "01"),
        4 if after.starts_with(['W', 'w']) => {
            let (day, rest) = week_day(number(date)?, &after[1..])?;
            with_time(day, rest)
        }
        4 if rest.len() != after.len() => match digits(after) {
            2 if after.len() == 2 => period(date, after),
            3 => with_time(day_of_year(number(date)?, number(&after[..3])?)?, &after[3..]),
            _ => None,
        },
        7 => with_time(day_of_year(number(&date[..4])?, number(&date[4..])?)?, rest),
        8 => with_time(compact(date)?, rest),
        12 | 14 if rest.is_empty() => with_time(compact(&date[..8])?, &format!("T{}", &date[8..])),
        _ => None,
    }
}

/// The first day of a month.
fn period(year: &str, month: &str) -> Option<WrittenDate> {
    let first = Date::new(number(year)?, i8::try_from(number(month)?).ok()?, 1).ok()?;
    Some(WrittenDate::Period(first))
}

fn compact(date: &str) -> Option<Date> {
    let part = |from, to| date.get(from..to).and_then(number).and_then(|n| i8::try_from(n).ok());
    Date::new(number(date.get(..4)?)?, part(4, 6)?, part(6, 8)?).ok()
}

fn day_of_year(year: i16, day: i16) -> Option<Date> {
    let date = Date::new(year, 1, 1).ok()?.with().day_of_year(day).build();
    date.ok()
}

/// The day of `22-6` in a year, or the Monday of `22`.
fn week_day(year: i16, text: &str) -> Option<(Date, &str)> {
    let week = i8::try_from(number(text.get(..2)?)?).ok()?;
    let rest = &text[2..];
    let after = rest.strip_prefix('-').unwrap_or(rest);
    let (weekday, rest) = match digits(after) {
        1 => (i8::try_from(number(&after[..1])?).ok()?, &after[1..]),
        _ => (1, rest),
    };
    let weekday = Weekday::from_monday_one_offset(weekday).ok()?;
    Some((ISOWeekDate::new(year, week, weekday).ok()?.date(), rest))
}

/// A day and what follows it: nothing, or a time with or without separators, and its zone.
fn with_time(day: Date, rest: &str) -> Option<WrittenDate> {
    if rest.is_empty() {
        return Some(WrittenDate::Day(day));
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let length = digits(time);
    let spaced: String = match length {
        // Hours, minutes and seconds in pairs.
        2 | 4 | 6 if !time[length..].starts_with(':') => {
            let pair = |at: usize| time[..length].get(at..at.checked_add(2)?);
            let (minutes, seconds) = (pair(2).unwrap_or("00"), pair(4).unwrap_or("00"));
            format!("{}:{minutes}:{seconds}{}", pair(0)?, &time[length..])
        }
        _ => time.to_owned(),
    };
    let (clock, zone) = Clock::leading(&spaced)?;
    let local = clock.on(day)?;
    if zone.is_empty() {
        return Some(WrittenDate::Local(local));
    }
    let parts = Parts::of(&format!("00:00{zone}"))?;
    at_zone(local, Some(&parts.zone?))
}

fn number(text: &str) -> Option<i16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
