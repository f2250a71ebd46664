//! Functions for moments and dates.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{Call, EvalResult, Function, text};
use crate::manifest::values::{Map, Text, Value};
use voordeur_formats::{self as formats, WrittenDate};

/// Steps of parsing a date.
const STEPS_OF_DATE: usize = 10;
/// Steps of trying a pattern: patterns are read anew each time.
const STEPS_OF_PATTERN: usize = 20;
/// No date is longer; the rest of a longer text would have to be part of a pattern.
const MAX_DATE_BYTES: usize = 4_000;

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "moment(x, 'pattern', …)",
        min_args: 1,
        max_args: usize::MAX,
        returns: "a moment from RFC 3339 or RFC 2822 text, or another date with a time that names its month in one of the four languages; local time without an offset is taken in the `zone` of the manifest; also from seconds or, from twelve digits, milliseconds, as number or text; with patterns, from text that fits one of them (see below); `null` when it is none",
        implementation: moment_of,
    },
    Function {
        signature: "day(x, 'pattern', …)",
        min_args: 1,
        max_args: usize::MAX,
        returns: "a day from `'YYYY-MM-DD…'`, `'YYYYMMDD'`, a text that names its month in one of the four languages, or a moment or text with an offset, which is a day in the `zone` of the manifest; with patterns, from text that fits one of them; `null` when it is none",
        implementation: day_of,
    },
    Function {
        signature: "add_days(day, n)",
        min_args: 2,
        max_args: 2,
        returns: "the day `n` days later",
        implementation: add_days,
    },
    Function {
        signature: "days_between(from, to)",
        min_args: 2,
        max_args: 2,
        returns: "how many days later the second is",
        implementation: days_between,
    },
    Function {
        signature: "hour(moment)",
        min_args: 1,
        max_args: 1,
        returns: "the beginning of its hour, so that a request stays the same for an hour",
        implementation: |_, args| {
            let hour = as_integer(&args[0]).and_then(|s| s.checked_sub(s.rem_euclid(3_600)));
            Ok(hour.map_or(Value::Null, Value::Int))
        },
    },
    Function {
        signature: "iso(moment)",
        min_args: 1,
        max_args: 1,
        returns: "`'2026-11-23T06:00:00Z'`",
        implementation: iso,
    },
    Function {
        signature: "occurrences(calendar, from, until)",
        min_args: 3,
        max_args: 3,
        returns: "the events of an `icalendar` answer from the one day until the other, both counted; one that recurs stands there each time, with its own `start` and `end`",
        implementation: occurrences,
    },
];

fn moment_of<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    call.charge_steps(STEPS_OF_DATE)?;
    let patterns = patterns(call, args)?;
    let Some(text) = english_text(call, args, &patterns)? else {
        return moment(call, &args[0]);
    };
    let found = patterns.iter().find_map(|pattern| {
        let broken = BrokenDownTime::parse(&**pattern, &text).ok()?;
        let exact = broken.to_timestamp().ok();
        // A date alone is no moment, although it could be parsed as midnight.
        let local = || broken.hour().and_then(|_| broken.to_datetime().ok());
        exact.or_else(|| instant(local()?, call.naive_zone))
    });
    Ok(found.map_or(Value::Null, |moment| Value::Int(moment.as_second())))
}

fn day_of<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    call.charge_steps(STEPS_OF_DATE)?;
    let patterns = patterns(call, args)?;
    let Some(text) = english_text(call, args, &patterns)? else {
        return Ok(day(&args[0], call.zone));
    };
    let found = patterns
        .iter()
        .find_map(|pattern| BrokenDownTime::parse(&**pattern, &text).ok()?.to_date().ok());
    Ok(found.map_or(Value::Null, date_value))
}

/// The patterns, given as arguments or lists.
fn patterns<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Vec<Text<'v>>> {
    let mut patterns = Vec::new();
    for given in args.iter().skip(1) {
        match given {
            Value::List(list) => {
                call.charge_list(list.len())?;
                for pattern in list.iter() {
                    patterns.push(text(&pattern)?.clone());
                }
            }
            one => patterns.push(text(one)?.clone()),
        }
    }
    Ok(patterns)
}

/// The text that patterns are tried on, with names in English; `None` when there is no text or no
/// pattern.
fn english_text(
    call: &Call<'_>,
    args: &[Value<'_>],
    patterns: &[Text<'_>],
) -> EvalResult<Option<String>> {
    let Value::Text(text) = &args[0] else { return Ok(None) };
    if patterns.is_empty() {
        return Ok(None);
    }
    let text = text.get(..MAX_DATE_BYTES).unwrap_or(text);
    call.charge_text(text, 8)?;
    for pattern in patterns {
        call.charge_steps(STEPS_OF_PATTERN)?;
        call.charge_text(pattern, 4)?;
        call.charge_text(text, 1)?;
    }
    Ok(Some(in_english(text)))
}

/// Replaces month and weekday names by the full English names, which `%B` and `%A` parse.
fn in_english(text: &str) -> String {
    let mut english = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(start) = rest.find(char::is_alphabetic) {
        let word = &rest[start..];
        let word = &word[..word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len())];
        let after = &rest[start + word.len()..];
        let lower = word.to_lowercase();
        let names = || formats::MONTHS.iter().map(|(name, all)| (*name, *all));
        let all = names().chain(formats::WEEKDAYS.iter().map(|(name, all)| (*name, *all)));
        let is_known_unit =
            all.filter(|(_, all)| all.contains(&lower.as_str())).map(|(name, _)| name).next();
        english.push_str(&rest[..start]);
        match is_known_unit {
            Some(name) => {
                english.push_str(name);
                rest = after.strip_prefix('.').unwrap_or(after);
            }
            // The first of a month in French.
            None if lower == "er" && english.ends_with('1') => rest = after,
            None => {
                english.push_str(word);
                rest = after;
            }
        }
    }
    english.push_str(rest);
    english
}

fn add_days<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    call.charge_steps(STEPS_OF_DATE)?;
    let Some(from) = as_date(&args[0]) else { return Ok(Value::Null) };
    let days = args[1].number().unwrap_or_default().clamp(-40_000.0, 40_000.0) as i64;
    let sum = Span::new().try_days(days).and_then(|days| from.checked_add(days));
    Ok(sum.map_or(Value::Null, date_value))
}

fn days_between<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    call.charge_steps(STEPS_OF_DATE)?;
    let (Some(from), Some(to)) = (as_date(&args[0]), as_date(&args[1])) else {
        return Ok(Value::Null);
    };
    Ok(from.until(to).map_or(Value::Null, |span| Value::Int(i64::from(span.get_days()))))
}

fn iso<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    call.charge_steps(STEPS_OF_DATE)?;
    let moment = as_integer(&args[0]).and_then(|seconds| Timestamp::from_second(seconds).ok());
    Ok(moment.map_or(Value::Null, |moment| Value::text(moment.to_string())))
}

fn occurrences<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let (Some(from), Some(until)) = (as_date(&args[1]), as_date(&args[2])) else {
        return Ok(Value::list(Vec::new()));
    };
    let made;
    let calendar = match &args[0] {
        Value::Map(Map::Tree(tree)) => *tree,
        other => {
            made = other.to_tree(call.budget)?;
            &made
        }
    };
    let events = formats::occurrences(calendar, from, until, call.zone, call.budget)?;
    Ok(Value::list(events.iter().map(Value::made).collect()))
}

pub fn date_value<'v>(date: Date) -> Value<'v> {
    Value::text(date.to_string())
}

fn as_integer(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(as_integer) => Some(*as_integer),
        _ => None,
    }
}

pub fn as_date(value: &Value<'_>) -> Option<Date> {
    match value {
        Value::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// The day of a moment.
pub fn moment_date(value: &Value<'_>, zone: &TimeZone) -> Option<Date> {
    let moment = Timestamp::from_second(as_integer(value)?).ok()?;
    Some(moment.to_zoned(zone.clone()).date())
}

/// Numbers from 12 digits are milliseconds: as seconds they would be 3,000 years ahead.
fn to_seconds(count: i64) -> i64 {
    if count.unsigned_abs() >= 100_000_000_000 { count.div_euclid(1_000) } else { count }
}

fn moment<'v>(call: &Call<'_>, value: &Value<'v>) -> EvalResult<Value<'v>> {
    let seconds = match value {
        Value::Int(seconds) => Some(to_seconds(*seconds)),
        Value::Float(seconds) => Some(to_seconds(seconds.trunc() as i64)),
        Value::Text(text) => {
            call.charge_text(text, 2)?;
            let text = text.trim();
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits && text.len() >= 9 {
                text.parse().ok().map(to_seconds)
            } else {
                match formats::unambiguous_date(text) {
                    Some(WrittenDate::At(at)) => Some(at.as_second()),
                    Some(WrittenDate::Local(local)) => {
                        instant(local, call.naive_zone).map(Timestamp::as_second)
                    }
                    Some(WrittenDate::Day(_) | WrittenDate::Period(_)) | None => None,
                }
            }
        }
        _ => None,
    };
    let within = seconds.filter(|seconds| Timestamp::from_second(*seconds).is_ok());
    Ok(within.map_or(Value::Null, Value::Int))
}

/// The instant of a local time. When the clocks change, a skipped time is read with the offset
/// before the change, and of a repeated time the first is meant (RFC 5545, 3.3.5).
fn instant(local: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

fn day<'v>(value: &Value<'v>, zone: &TimeZone) -> Value<'v> {
    let day_of = |moment: Timestamp| zone.to_datetime(moment).date();
    let date: Option<Date> = match value {
        Value::Int(_) => moment_date(value, zone),
        Value::Text(text) => {
            let text = text.trim();
            // A service may write a day as its midnight in universal time.
            if let Ok(moment) = text.parse::<Timestamp>() {
                Some(day_of(moment))
            } else if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
                Date::strptime("%Y%m%d", text).ok()
            } else {
                match formats::unambiguous_date(text) {
                    Some(WrittenDate::At(at)) => Some(day_of(at)),
                    Some(WrittenDate::Local(local)) => Some(local.date()),
                    Some(WrittenDate::Day(day)) => Some(day),
                    Some(WrittenDate::Period(_)) => None,
                    None => text.get(..10).and_then(|day| Date::strptime("%Y-%m-%d", day).ok()),
                }
            }
        }
        _ => None,
    };
    date.map_or(Value::Null, date_value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::evaluate;

    #[test]
    fn moments_come_in_many_forms() {
        assert_eq!(evaluate("moment('2026-11-23T07:36:00+01:00')"), json!(1_795_415_760));
        assert_eq!(evaluate("moment('2026-11-23T07:36:00')"), json!(1_795_415_760));
        assert_eq!(evaluate("moment('1795415760')"), json!(1_795_415_760));
        assert_eq!(evaluate("moment('2026-11-23')"), json!(null));
        assert_eq!(evaluate("moment('2024-06-15T16:00:00Z--')"), json!(null));
        assert_eq!(evaluate("moment(null)"), json!(null));
    }

    #[test]
    fn days_come_in_many_forms() {
        assert_eq!(evaluate("day('20220104')"), json!("2022-01-04"));
        assert_eq!(evaluate("day('2022-01-04T22:30:00')"), json!("2022-01-04"));
        assert_eq!(evaluate("day('2022-01-04T23:30:00Z')"), json!("2022-01-05"));
        assert_eq!(evaluate("day('2022-06-30T22:00:00.000+0000')"), json!("2022-07-01"));
        assert_eq!(evaluate("day(moment('2022-01-04T23:30:00Z'))"), json!("2022-01-05"));
        assert_eq!(evaluate("day('20221304')"), json!(null));
        assert_eq!(evaluate("add_days('2026-12-30', 3)"), json!("2027-01-02"));
        assert_eq!(evaluate("days_between('2026-11-23', '2026-12-01')"), json!(8));
    }

    #[test]
    fn dates_are_read_by_patterns_in_four_languages() {
        let moment = "moment('23/11/2026 07:36', '%d/%m/%Y %H:%M')";
        assert_eq!(evaluate(moment), json!(1_795_415_760));
        assert_eq!(evaluate("day('23.11.2026', ['%Y/%m/%d', '%d.%m.%Y'])"), json!("2026-11-23"));
        for text in ["3 maart 2026", "3 mars 2026", "3 März 2026", "3 mrt. 2026", "3 March 2026"] {
            assert_eq!(
                evaluate(&format!("day('{text}', '%d %B %Y')")),
                json!("2026-03-03"),
                "{text}"
            );
        }
        assert_eq!(
            evaluate("day('dimanche 1er février 2026', '%A %d %B %Y')"),
            json!("2026-02-01")
        );
        assert_eq!(evaluate("day('3 nivôse 2026', '%d %B %Y')"), json!(null));
        assert_eq!(evaluate("moment('23/11/2026', '%d/%m/%Y')"), json!(null));
        assert_eq!(
            evaluate("moment('23/11/2026 07:36 +0100', '%d/%m/%Y %H:%M %z')"),
            json!(1_795_415_760)
        );
    }

    #[test]
    fn moments_of_feeds_and_in_milliseconds() {
        assert_eq!(evaluate("moment('Mon, 23 Nov 2026 07:36:00 +0100')"), json!(1_795_415_760));
        assert_eq!(evaluate("moment('ma, 23 nov. 2026 07:36:00 CET')"), json!(1_795_415_760));
        assert_eq!(evaluate("moment('Mon, 23 Nov 2026 07:36:00 XYZ')"), json!(null));
        // The order of day and month is for a pattern to say.
        assert_eq!(evaluate("moment('3/4/2026 07:36')"), json!(null));
        assert_eq!(evaluate("day('lundi 23 novembre 2026')"), json!("2026-11-23"));
        assert_eq!(evaluate("moment(1795415760000)"), json!(1_795_415_760));
        assert_eq!(evaluate("moment('1795415760000')"), json!(1_795_415_760));
    }

    #[test]
    fn recurring_events_are_expanded() {
        let calendar =
            "{'events': [{'title': 'Markt', 'start': '2026-11-24', 'end': null, 'all_day': true}]}";
        let found = evaluate(&format!("occurrences({calendar}, '2026-11-01', '2026-11-30')"));
        assert_eq!(found[0]["title"], json!("Markt"), "{found}");
        assert_eq!(evaluate(&format!("occurrences({calendar}, '2026-12-01', null)")), json!([]));
    }
}
