use cel::Value;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{Function, Outcome, Surroundings};
use crate::declared::values;

pub const FUNCTIONS: &[Function] = &[
    Function {
        written: "moment(x)",
        least: 1,
        most: 1,
        gives: "a moment from RFC 3339 text, local time without a zone (taken in the zone of the place), or seconds as number or text; `null` when it is none",
        call: |here, args| Ok(moment(&args[0], &here.zone)),
    },
    Function {
        written: "day(x)",
        least: 1,
        most: 1,
        gives: "a day from `'YYYY-MM-DD…'`, `'YYYYMMDD'` or a moment; `null` when it is none",
        call: |here, args| Ok(day(&args[0], &here.zone)),
    },
    Function {
        written: "add_days(day, n)",
        least: 2,
        most: 2,
        gives: "the day so many days later",
        call: add_days,
    },
    Function {
        written: "days_between(from, to)",
        least: 2,
        most: 2,
        gives: "how many days later the second is",
        call: days_between,
    },
    Function {
        written: "hour(moment)",
        least: 1,
        most: 1,
        gives: "the beginning of its hour, so that a request stays the same for an hour",
        call: |_, args| {
            Ok(whole(&args[0]).map_or(Value::Null, |s| Value::Int(s - s.rem_euclid(3_600))))
        },
    },
    Function {
        written: "iso(moment)",
        least: 1,
        most: 1,
        gives: "`'2026-11-23T06:00:00Z'`",
        call: iso,
    },
];

fn add_days(_: &Surroundings, args: &[Value]) -> Outcome {
    let Some(from) = as_date(&args[0]) else { return Ok(Value::Null) };
    let days = values::number(&args[1]).unwrap_or_default().clamp(-40_000.0, 40_000.0) as i64;
    let sum = from.checked_add(Span::new().days(days));
    Ok(sum.map_or(Value::Null, |day| Value::from(day.to_string())))
}

fn days_between(_: &Surroundings, args: &[Value]) -> Outcome {
    let (Some(from), Some(to)) = (as_date(&args[0]), as_date(&args[1])) else {
        return Ok(Value::Null);
    };
    Ok(from.until(to).map_or(Value::Null, |span| Value::Int(i64::from(span.get_days()))))
}

fn iso(_: &Surroundings, args: &[Value]) -> Outcome {
    let moment = whole(&args[0]).and_then(|seconds| Timestamp::from_second(seconds).ok());
    Ok(moment.map_or(Value::Null, |moment| Value::from(moment.to_string())))
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(whole) => Some(*whole),
        _ => None,
    }
}

fn as_date(value: &Value) -> Option<Date> {
    match value {
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn moment(value: &Value, zone: &TimeZone) -> Value {
    let seconds = match value {
        Value::Int(seconds) => Some(*seconds),
        Value::Float(seconds) => Some(seconds.trunc() as i64),
        Value::String(text) => {
            let text = text.trim();
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits && text.len() >= 9 {
                text.parse().ok()
            } else if let Ok(timestamp) = text.parse::<Timestamp>() {
                Some(timestamp.as_second())
            } else if text.len() > 10 {
                text.parse::<DateTime>()
                    .ok()
                    .and_then(|local| zone.to_timestamp(local).ok())
                    .map(Timestamp::as_second)
            } else {
                None
            }
        }
        _ => None,
    };
    let within = seconds.filter(|seconds| Timestamp::from_second(*seconds).is_ok());
    within.map_or(Value::Null, Value::Int)
}

fn day(value: &Value, zone: &TimeZone) -> Value {
    let date: Option<Date> = match value {
        Value::Int(seconds) => {
            Timestamp::from_second(*seconds).ok().map(|t| t.to_zoned(zone.clone()).date())
        }
        Value::String(text) => {
            let text = text.trim();
            if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
                Date::strptime("%Y%m%d", text).ok()
            } else {
                text.get(..10).and_then(|day| Date::strptime("%Y-%m-%d", day).ok())
            }
        }
        _ => None,
    };
    date.map_or(Value::Null, |date| Value::from(date.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::declared::functions::tests::evaluate;

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
        assert_eq!(evaluate("day('2022-01-04T23:30:00Z')"), json!("2022-01-04"));
        assert_eq!(evaluate("day(moment('2022-01-04T23:30:00Z'))"), json!("2022-01-05"));
        assert_eq!(evaluate("day('20221304')"), json!(null));
        assert_eq!(evaluate("add_days('2026-12-30', 3)"), json!("2027-01-02"));
        assert_eq!(evaluate("days_between('2026-11-23', '2026-12-01')"), json!(8));
    }
}
