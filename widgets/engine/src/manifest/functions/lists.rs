//! Functions for lists and paths.

use std::cmp::Ordering;
use std::collections::HashSet;

use cel::common::types::{CelList, CelMap, CelMapKey, CelString};
use cel::common::value::Val;
use cel::{ExecutionError, FunctionContext, Value};

use super::{EvalContext, EvalResult, Function, Implementation, failed, list, list_of, text};
use crate::manifest::cel_values;

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "at(x, 'a.b.0.c')",
        min_args: 2,
        max_args: 2,
        returns: "the value at that path, or `null` when a part of it is missing; a key with a dot in it is read as `x['a.b']`",
        implementation: Implementation::ByReference(at),
    },
    Function {
        signature: "list(x)",
        min_args: 1,
        max_args: 1,
        returns: "a list as it is, `null` as an empty list, anything else as a list of one",
        implementation: Implementation::ByValue(as_list),
    },
    Function {
        signature: "first(list)",
        min_args: 1,
        max_args: 1,
        returns: "its first, or `null`",
        implementation: Implementation::ByValue(|_, args| {
            Ok(list(&args[0])?.first().cloned().unwrap_or(Value::Null))
        }),
    },
    Function {
        signature: "last(list)",
        min_args: 1,
        max_args: 1,
        returns: "its last, or `null`",
        implementation: Implementation::ByValue(|_, args| {
            Ok(list(&args[0])?.last().cloned().unwrap_or(Value::Null))
        }),
    },
    Function {
        signature: "coalesce(a, b, …)",
        min_args: 1,
        max_args: usize::MAX,
        returns: "the first that is not `null` and not empty text; the last when there is none, so `coalesce(x, '')` is always text",
        implementation: Implementation::ByValue(coalesce),
    },
    Function {
        signature: "sort_by(list, keys)",
        min_args: 2,
        max_args: 2,
        returns: "by keys of equal number: `sort_by(l, l.map(x, x.name))`",
        implementation: Implementation::ByValue(sort_by),
    },
    Function {
        signature: "least_by(list, keys)",
        min_args: 2,
        max_args: 2,
        returns: "the one with the least key, or `null`",
        implementation: Implementation::ByValue(least_by),
    },
    Function {
        signature: "unique_by(list, keys)",
        min_args: 2,
        max_args: 2,
        returns: "the first of each key",
        implementation: Implementation::ByValue(unique_by),
    },
    Function {
        signature: "records(rows)",
        min_args: 1,
        max_args: 1,
        returns: "rows whose first row is the header, as maps",
        implementation: Implementation::ByValue(|_, args| Ok(records(list(&args[0])?))),
    },
];

fn as_list(_: &EvalContext, args: &[Value]) -> EvalResult {
    Ok(match &args[0] {
        Value::Null => list_of(Vec::new()),
        list @ Value::List(_) => list.clone(),
        other => list_of(vec![other.clone()]),
    })
}

fn coalesce(_: &EvalContext, args: &[Value]) -> EvalResult {
    let found = args.iter().find(|value| match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    });
    Ok(found.or(args.last()).cloned().unwrap_or(Value::Null))
}

fn sort_by(_: &EvalContext, args: &[Value]) -> EvalResult {
    let mut pairs = keyed(args)?;
    pairs.sort_by(|a, b| compare(&a.0, &b.0));
    Ok(list_of(pairs.into_iter().map(|(_, value)| value).collect()))
}

fn least_by(_: &EvalContext, args: &[Value]) -> EvalResult {
    let min_args = keyed(args)?.into_iter().min_by(|a, b| compare(&a.0, &b.0));
    Ok(min_args.map_or(Value::Null, |(_, value)| value))
}

fn unique_by(_: &EvalContext, args: &[Value]) -> EvalResult {
    let mut seen = HashSet::new();
    let unique = keyed(args)?
        .into_iter()
        .filter(|(key, _)| seen.insert(cel_values::to_json(key).to_string()))
        .map(|(_, value)| value);
    Ok(list_of(unique.collect()))
}

/// Most expressions call `at` on a whole response, so it copies only the result.
fn at(context: &FunctionContext<'_, '_>) -> EvalResult {
    let (tree, path) = (context.args[0].as_ref(), context.args[1].as_ref());
    let Some(path) = path.downcast_ref::<CelString>() else {
        text(&Value::try_from(path)?)?;
        return Ok(Value::Null);
    };
    let mut current = tree;
    for step in path.inner().split('.') {
        match inside(current, step) {
            Some(next) => current = next,
            None => return Ok(Value::Null),
        }
    }
    Value::try_from(current)
}

fn inside<'a>(whole: &'a dyn Val, step: &'a str) -> Option<&'a dyn Val> {
    if let Some(map) = whole.downcast_ref::<CelMap>() {
        return map.inner().get(&CelMapKey::from(step)).map(|value| &**value);
    }
    let list = whole.downcast_ref::<CelList>()?;
    list.inner().get(step.parse::<usize>().ok()?).map(|value| &**value)
}

/// Pairs each item of the first list with its key in the second.
fn keyed(args: &[Value]) -> Result<Vec<(Value, Value)>, ExecutionError> {
    let (items, keys) = (list(&args[0])?, list(&args[1])?);
    if items.len() != keys.len() {
        return Err(failed("sort_by", format!("{} things but {} keys", items.len(), keys.len())));
    }
    Ok(keys.iter().cloned().zip(items.iter().cloned()).collect())
}

/// Numbers by value, texts case-insensitively, and values without an order last.
pub fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Greater,
        (_, Value::Null) => Ordering::Less,
        (Value::String(a), Value::String(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
        _ => match (cel_values::number(a), cel_values::number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        },
    }
}

fn records(rows: &[Value]) -> Value {
    let Some((Value::List(header), rows)) = rows.split_first() else {
        return list_of(Vec::new());
    };
    // A malformed row is kept as it is, so that the view counts it.
    let records = rows.iter().map(|row| {
        let Value::List(row) = row else { return row.clone() };
        let names = header.iter().filter_map(|name| match name {
            Value::String(name) => Some(name.as_str()),
            _ => None,
        });
        cel_values::map(names.zip(row.iter().cloned()))
    });
    list_of(records.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::evaluate;

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
        assert_eq!(evaluate("records([['a'], null])"), json!([null]));
    }
}
