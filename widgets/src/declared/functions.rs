//! The typed operations that public data needs, added to the expressions. `docs/WIDGETS.md` describes each.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::sync::Arc;

use cel::extractors::Arguments;
use cel::{Context, ExecutionError, Value};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use voordeur_contract::Language;

use super::{geography, values};

type Outcome = Result<Value, ExecutionError>;

/// Adds every function to a context.
pub fn add(context: &mut Context<'_, '_>, language: Language, zone: &TimeZone) {
    let zone = zone.clone();
    let zone_of_days = zone.clone();
    add_one(context, "number", |args| Ok(float(values::number(one(args)?))));
    add_one(context, "integer", |args| {
        Ok(values::number(one(args)?).map_or(Value::Null, |n| Value::Int(n.trunc() as i64)))
    });
    add_one(context, "round", |args| {
        let (number, decimals) = two(args)?;
        let scale =
            10_f64.powi(values::number(decimals).unwrap_or_default().clamp(0.0, 9.0) as i32);
        Ok(float(values::number(number).map(|number| (number * scale).round() / scale)))
    });
    add_one(context, "flag", |args| Ok(Value::Bool(flag(one(args)?))));
    add_one(context, "moment", move |args| Ok(moment(one(args)?, &zone)));
    add_one(context, "day", move |args| Ok(day(one(args)?, &zone_of_days)));
    add_one(context, "add_days", |args| {
        let (from, days) = two(args)?;
        let Some(from) = as_date(from) else { return Ok(Value::Null) };
        let days = values::number(days).unwrap_or_default().clamp(-40_000.0, 40_000.0) as i64;
        let sum = from.checked_add(Span::new().days(days));
        Ok(sum.map_or(Value::Null, |day| Value::from(day.to_string())))
    });
    add_one(context, "days_between", |args| {
        let (from, to) = two(args)?;
        let (Some(from), Some(to)) = (as_date(from), as_date(to)) else { return Ok(Value::Null) };
        Ok(from.until(to).map_or(Value::Null, |span| Value::Int(i64::from(span.get_days()))))
    });
    add_one(context, "hour", |args| {
        Ok(whole(one(args)?).map_or(Value::Null, |s| Value::Int(s - s.rem_euclid(3_600))))
    });
    add_one(context, "iso", |args| {
        let moment = whole(one(args)?).and_then(|seconds| Timestamp::from_second(seconds).ok());
        Ok(moment.map_or(Value::Null, |moment| Value::from(moment.to_string())))
    });
    add_one(context, "at", |args| {
        let (tree, path) = two(args)?;
        Ok(at(tree, text(path)?))
    });
    add_one(context, "list", |args| {
        Ok(match one(args)? {
            Value::Null => Value::List(Arc::default()),
            list @ Value::List(_) => list.clone(),
            other => Value::List(Arc::new(vec![other.clone()])),
        })
    });
    add_one(context, "first", |args| Ok(list(one(args)?)?.first().cloned().unwrap_or(Value::Null)));
    add_one(context, "last", |args| Ok(list(one(args)?)?.last().cloned().unwrap_or(Value::Null)));
    add_one(context, "coalesce", |args| {
        let found = args.iter().find(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        });
        Ok(found.or(args.last()).cloned().unwrap_or(Value::Null))
    });
    add_one(context, "sort_by", |args| {
        let mut pairs = keyed(args)?;
        pairs.sort_by(|a, b| compare(&a.0, &b.0));
        Ok(Value::List(Arc::new(pairs.into_iter().map(|(_, value)| value).collect())))
    });
    add_one(context, "least_by", |args| {
        let least = keyed(args)?.into_iter().min_by(|a, b| compare(&a.0, &b.0));
        Ok(least.map_or(Value::Null, |(_, value)| value))
    });
    add_one(context, "unique_by", |args| {
        let mut seen = HashSet::new();
        let unique: Vec<Value> = keyed(args)?
            .into_iter()
            .filter(|(key, _)| seen.insert(values::to_json(key).to_string()))
            .map(|(_, value)| value)
            .collect();
        Ok(Value::List(Arc::new(unique)))
    });
    add_one(context, "records", |args| Ok(records(list(one(args)?)?)));
    add_one(context, "join", |args| {
        let (parts, separator) = two(args)?;
        let parts: Vec<String> = list(parts)?
            .iter()
            .filter_map(|part| values::phrase(part).map(|phrase| phrase.text))
            .collect();
        Ok(Value::from(parts.join(text(separator)?)))
    });
    add_one(context, "split", |args| {
        let (whole, separator) = two(args)?;
        let parts: Vec<Value> = text(whole)?.split(text(separator)?).map(Value::from).collect();
        Ok(Value::List(Arc::new(parts)))
    });
    add_one(context, "lower", |args| Ok(Value::from(text(one(args)?)?.to_lowercase())));
    add_one(context, "replace", |args| match args {
        [whole, from, to] => Ok(Value::from(text(whole)?.replace(text(from)?, text(to)?))),
        _ => Err(count(3, args.len())),
    });
    add_one(context, "translated", move |args| Ok(translated(one(args)?, language)));
    add_one(context, "in_language", |args| {
        let (words, tag) = two(args)?;
        let Some(phrase) = values::phrase(words) else { return Ok(Value::Null) };
        let tag = text(tag)?;
        let marked: Language =
            tag.parse().map_err(|()| failed("in_language", format!("no language `{tag}`")))?;
        Ok(values::marked(&phrase.text, marked))
    });
    add_one(context, "distance", |args| match args {
        [a, b, c, d] => {
            let numbers = [a, b, c, d].map(values::number);
            let [Some(a), Some(b), Some(c), Some(d)] = numbers else { return Ok(Value::Null) };
            Ok(Value::Float(geography::distance((a, b), (c, d))))
        }
        _ => Err(count(4, args.len())),
    });
    add_one(context, "wgs84", |args| {
        let (x, y) = two(args)?;
        let (Some(x), Some(y)) = (values::number(x), values::number(y)) else {
            return Ok(Value::Null);
        };
        Ok(geography::from_lambert_72(x, y).map_or(Value::Null, |(latitude, longitude)| {
            Value::List(Arc::new(vec![Value::Float(latitude), Value::Float(longitude)]))
        }))
    });
}

fn add_one(
    context: &mut Context<'_, '_>,
    name: &'static str,
    function: impl Fn(&[Value]) -> Outcome + Send + Sync + 'static,
) {
    let added = context.add_function(name, move |Arguments(args): Arguments| function(&args));
    // The names are ours and differ from CEL's own: a clash is a mistake of ours, seen by the first test that runs.
    debug_assert!(added.is_ok(), "{name} is a function of CEL itself");
}

fn failed(function: &str, message: String) -> ExecutionError {
    ExecutionError::FunctionError { function: function.to_owned(), message }
}

fn count(expected: usize, actual: usize) -> ExecutionError {
    ExecutionError::InvalidArgumentCount { expected, actual }
}

fn one(args: &[Value]) -> Result<&Value, ExecutionError> {
    match args {
        [only] => Ok(only),
        _ => Err(count(1, args.len())),
    }
}

fn two(args: &[Value]) -> Result<(&Value, &Value), ExecutionError> {
    match args {
        [first, second] => Ok((first, second)),
        _ => Err(count(2, args.len())),
    }
}

fn text(value: &Value) -> Result<&str, ExecutionError> {
    match value {
        Value::String(text) => Ok(text.as_str()),
        other => Err(ExecutionError::UnexpectedType {
            got: format!("{:?}", other.type_of()),
            want: "text".to_owned(),
        }),
    }
}

fn list(value: &Value) -> Result<&[Value], ExecutionError> {
    match value {
        Value::List(list) => Ok(list),
        Value::Null => Ok(&[]),
        other => Err(ExecutionError::UnexpectedType {
            got: format!("{:?}", other.type_of()),
            want: "list".to_owned(),
        }),
    }
}

fn float(number: Option<f64>) -> Value {
    number.map_or(Value::Null, Value::Float)
}

fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Int(whole) => Some(*whole),
        _ => None,
    }
}

fn flag(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Int(whole) => *whole == 1,
        Value::Float(float) => *float == 1.0,
        Value::String(text) => {
            matches!(text.trim().to_lowercase().as_str(), "1" | "true" | "yes" | "ja" | "oui")
        }
        _ => false,
    }
}

fn as_date(value: &Value) -> Option<Date> {
    match value {
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The first characters of a text, when it has that many and they are on a boundary.
fn head(text: &str, bytes: usize) -> Option<&str> {
    text.get(..bytes)
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
                head(text, 10).and_then(|day| Date::strptime("%Y-%m-%d", day).ok())
            }
        }
        _ => None,
    };
    date.map_or(Value::Null, |date| Value::from(date.to_string()))
}

fn at(tree: &Value, path: &str) -> Value {
    let mut here = tree;
    for step in path.split('.') {
        let next = match here {
            Value::Map(_) => values::get(here, step),
            Value::List(list) => step.parse::<usize>().ok().and_then(|index| list.get(index)),
            _ => None,
        };
        match next {
            Some(value) => here = value,
            None => return Value::Null,
        }
    }
    here.clone()
}

/// Pairs each thing of the first list with its key in the second.
fn keyed(args: &[Value]) -> Result<Vec<(Value, Value)>, ExecutionError> {
    let (things, keys) = two(args)?;
    let (things, keys) = (list(things)?, list(keys)?);
    if things.len() != keys.len() {
        return Err(failed("sort_by", format!("{} things but {} keys", things.len(), keys.len())));
    }
    Ok(keys.iter().cloned().zip(things.iter().cloned()).collect())
}

/// Numbers by size, texts by their letters without regard to case, and what has no order last.
pub fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        (Value::String(a), Value::String(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        _ => match (values::number(a), values::number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        },
    }
}

fn records(rows: &[Value]) -> Value {
    let Some((Value::List(header), rows)) = rows.split_first() else {
        return Value::List(Arc::default());
    };
    let records = rows.iter().filter_map(|row| {
        let Value::List(row) = row else { return None };
        let names = header.iter().filter_map(|name| match name {
            Value::String(name) => Some(name.as_str()),
            _ => None,
        });
        Some(values::map(names.zip(row.iter().cloned())))
    });
    Value::List(Arc::new(records.collect()))
}

/// The best language of a text in several: the citizen's, else English, else the first.
fn translated(value: &Value, language: Language) -> Value {
    let versions: Vec<(String, String)> = match value {
        Value::String(_) => return value.clone(),
        Value::Map(map) => map
            .map
            .iter()
            .filter_map(|(key, text)| match text {
                Value::String(text) => Some((key.to_string(), text.to_string())),
                _ => None,
            })
            .collect(),
        Value::List(list) => list
            .iter()
            .filter_map(|entry| {
                let tag = values::get(entry, "language").or_else(|| values::get(entry, "lang"))?;
                let text = values::get(entry, "text").or_else(|| values::get(entry, "value"))?;
                match (tag, text) {
                    (Value::String(tag), Value::String(text)) => {
                        Some((tag.to_string(), text.to_string()))
                    }
                    _ => None,
                }
            })
            .collect(),
        _ => return Value::Null,
    };
    let known: Vec<(Language, &str)> = versions
        .iter()
        .filter_map(|(tag, text)| tag.parse().ok().map(|language| (language, text.as_str())))
        .collect();
    let best = known
        .iter()
        .find(|(spoken, _)| *spoken == language)
        .or_else(|| known.iter().find(|(spoken, _)| *spoken == Language::En))
        .or_else(|| known.first());
    match best {
        Some((spoken, text)) if *spoken == language => Value::from(*text),
        Some((spoken, text)) => values::marked(text, *spoken),
        None => versions.first().map_or(Value::Null, |(_, text)| Value::from(text.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use cel::Env;
    use serde_json::json;

    use super::*;

    fn evaluate(source: &str) -> serde_json::Value {
        let env = Arc::new(Env::stdlib());
        let mut context = Context::with_env(Arc::clone(&env));
        let zone = TimeZone::get("Europe/Brussels").expect("zone");
        add(&mut context, Language::Nl, &zone);
        let program = env.compile(source).expect("compiles");
        values::to_json(&program.execute(&context).expect("evaluates"))
    }

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

    #[test]
    fn paths_give_null_where_something_is_missing() {
        assert_eq!(evaluate("at({'a': [{'b': 1}]}, 'a.0.b')"), json!(1));
        assert_eq!(evaluate("at({'a': [{'b': 1}]}, 'a.7.b')"), json!(null));
        assert_eq!(evaluate("at('text', 'a')"), json!(null));
    }

    #[test]
    fn lists_are_ordered_by_keys() {
        assert_eq!(evaluate("sort_by(['b', 'a', 'c'], [2, 3, 1])"), json!(["c", "b", "a"]));
        assert_eq!(evaluate("least_by(['b', 'a'], [2.5, 1])"), json!("a"));
        assert_eq!(evaluate("unique_by(['b', 'a', 'c'], [1, 2, 1])"), json!(["b", "a"]));
    }

    #[test]
    fn rows_with_a_header_become_maps() {
        assert_eq!(evaluate("records([['a', 'b'], [1, 2]])"), json!([{"a": 1, "b": 2}]));
        assert_eq!(evaluate("records([])"), json!([]));
    }

    #[test]
    fn the_best_language_is_chosen_and_marked() {
        assert_eq!(evaluate("translated({'fr': 'Noël', 'nl': 'Kerstmis'})"), json!("Kerstmis"));
        assert_eq!(
            evaluate("translated([{'language': 'FR', 'text': 'Noël'}])"),
            json!({"text": "Noël", "language": "fr"})
        );
    }
}
