//! Functions for lists and paths.

use std::collections::HashSet;

use super::{Call, EvalError, EvalResult, Function, failed, list, sort_keys, text};
use crate::manifest::evaluator::at_step;
use crate::manifest::values::{Key, List, Map, Value};

pub const FUNCTIONS: &[Function] = &[
    Function {
        signature: "at(x, 'a.b.0.c')",
        min_args: 2,
        max_args: 2,
        returns: "the value at that path, or `null` when a part of it is missing; a key with a dot in it is read as `x['a.b']`",
        implementation: at,
    },
    Function {
        signature: "list(x)",
        min_args: 1,
        max_args: 1,
        returns: "a list as it is, and no items for `null`, so that a list that may be missing can be searched; anything else is refused. A block whose `each` is a missing list is refused too: write `coalesce(x, [])` where the service leaves out a list without items, and `[x]` for a list of one",
        implementation: as_list,
    },
    Function {
        signature: "one_or_more(x)",
        min_args: 1,
        max_args: 1,
        returns: "a list as it is, and a map as a list of one, for a service that writes a single thing without its list; anything else is refused",
        implementation: one_or_more,
    },
    Function {
        signature: "children(element, 'name', others)",
        min_args: 3,
        max_args: 3,
        returns: "the elements with that name in an element of `xml`, which has no empty list; no items when there are none and all elements beside them are named in the list `others` (at least one, unless `others` is empty); otherwise `null`, since another element may have taken their place: `children(feed.channel[0], 'item', ['title', 'link'])`",
        implementation: children,
    },
    Function {
        signature: "first(list)",
        min_args: 1,
        max_args: 1,
        returns: "its first, or `null`",
        implementation: |_, args| Ok(list(&args[0])?.get(0).unwrap_or(Value::Null)),
    },
    Function {
        signature: "last(list)",
        min_args: 1,
        max_args: 1,
        returns: "its last, or `null`",
        implementation: |_, args| Ok(list(&args[0])?.iter().next_back().unwrap_or(Value::Null)),
    },
    Function {
        signature: "coalesce(a, b, …)",
        min_args: 1,
        max_args: usize::MAX,
        returns: "the first that is not `null` and not empty text; the last when there is none, so `coalesce(x, '')` is always text",
        implementation: coalesce,
    },
    Function {
        signature: "sort_by(list, keys)",
        min_args: 2,
        max_args: 2,
        returns: "by keys of equal number: `sort_by(l, l.map(x, x.name))`",
        implementation: sort_by,
    },
    Function {
        signature: "least_by(list, keys)",
        min_args: 2,
        max_args: 2,
        returns: "the one with the least key, or `null`",
        implementation: least_by,
    },
    Function {
        signature: "unique_by(list, keys)",
        min_args: 2,
        max_args: 2,
        returns: "the first of each key",
        implementation: unique_by,
    },
    Function {
        signature: "records(rows)",
        min_args: 1,
        max_args: 1,
        returns: "rows whose first row is the header, as maps",
        implementation: records,
    },
];

fn as_list<'v>(_: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    list(&args[0]).map(Value::List)
}

fn one_or_more<'v>(_: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    match &args[0] {
        list @ Value::List(_) => Ok(list.clone()),
        map @ Value::Map(_) => Ok(Value::list(vec![map.clone()])),
        other => Err(EvalError::unexpected(other.kind(), "list")),
    }
}

fn children<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let element = match &args[0] {
        Value::Map(element) => element,
        Value::Null => return Ok(Value::Null),
        other => return Err(EvalError::unexpected(other.kind(), "map")),
    };
    if let Some(found) = element.get(text(&args[1])?) {
        return Ok(found);
    }
    let others = list(&args[2])?;
    let entries = element.entries();
    call.charge_list(entries.len().saturating_mul(others.len().saturating_add(1)))?;
    let is_other = |key: &str| {
        let mut others = others.iter();
        others.any(|other| matches!(&other, Value::Text(other) if **other == *key))
    };
    let mut elements = entries.iter().filter_map(|(key, value)| match (key, value) {
        (Key::Text(key), Value::List(_)) => Some(is_other(key)),
        _ => None,
    });
    let mut known = 0_usize;
    let only_known = elements.all(|is_known| {
        known = known.saturating_add(1);
        is_known
    });
    let enough = known > 0 || others.len() == 0;
    Ok(if only_known && enough { Value::list(Vec::new()) } else { Value::Null })
}

fn coalesce<'v>(_: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let found = args.iter().find(|value| match value {
        Value::Null => false,
        Value::Text(text) => !text.trim_start().is_empty(),
        _ => true,
    });
    Ok(found.or(args.last()).cloned().unwrap_or(Value::Null))
}

fn sort_by<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    if let List::Absent = list(&args[0])? {
        return Ok(Value::List(List::Absent));
    }
    let (items, keys) = keyed(call, args)?;
    let mut pairs: Vec<_> = sort_keys(&keys, call.budget)?.into_iter().zip(items).collect();
    pairs.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Value::list(pairs.into_iter().map(|(_, value)| value).collect()))
}

fn least_by<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let (items, keys) = keyed(call, args)?;
    let keys = sort_keys(&keys, call.budget)?;
    let least = keys.into_iter().zip(items).min_by(|a, b| a.0.cmp(&b.0));
    Ok(least.map_or(Value::Null, |(_, value)| value))
}

fn unique_by<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    if let List::Absent = list(&args[0])? {
        return Ok(Value::List(List::Absent));
    }
    let (items, keys) = keyed(call, args)?;
    let mut seen = HashSet::new();
    let mut unique = Vec::new();
    for (key, value) in keys.into_iter().zip(items) {
        let key = key.to_tree(call.budget)?.to_string();
        call.charge_text(&key, 1)?;
        call.budget.charge_bytes(key.len())?;
        if seen.insert(key) {
            unique.push(value);
        }
    }
    Ok(Value::list(unique))
}

/// With a path that is computed; a literal one is read when the expression is compiled.
fn at<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let path = text(&args[1])?;
    call.charge_text(path, 2)?;
    let mut current = args[0].clone();
    for step in path.split('.') {
        call.charge_steps(2)?;
        match at_step(&current, step, || step.parse().ok()) {
            Some(next) => current = next,
            None => return Ok(Value::Null),
        }
    }
    Ok(current)
}

/// The items of the first list, and their keys in the second.
fn keyed<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<(Vec<Value<'v>>, Vec<Value<'v>>)> {
    let (items, keys) = (list(&args[0])?, list(&args[1])?);
    if items.len() != keys.len() {
        return Err(failed("sort_by", format!("{} things but {} keys", items.len(), keys.len())));
    }
    call.charge_list(items.len())?;
    call.charge_list(keys.len())?;
    Ok((items.iter().collect(), keys.iter().collect()))
}

fn records<'v>(call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
    let rows = list(&args[0])?;
    if let List::Absent = rows {
        return Ok(Value::List(rows));
    }
    let Some(Value::List(header)) = rows.get(0) else { return Ok(Value::list(Vec::new())) };
    call.charge_list(header.len())?;
    let names: Vec<Key<'v>> =
        header.iter().filter(|name| matches!(name, Value::Text(_))).filter_map(key).collect();
    let mut records = Vec::new();
    for row in rows.iter().skip(1) {
        call.charge_list(1)?;
        records.push(match &row {
            Value::List(cells) => {
                // A key and a value in each of them.
                call.charge_list(names.len().min(cells.len()).saturating_mul(2))?;
                let entries = names.iter().cloned().zip(cells.iter()).collect();
                Value::Map(Map::last_of_each(entries))
            }
            // A malformed row is kept as it is, so that the view counts it.
            _ => row,
        });
    }
    Ok(Value::list(records))
}

fn key(name: Value<'_>) -> Option<Key<'_>> {
    Key::of(&name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::manifest::functions::tests::{evaluate, evaluation_error};

    #[test]
    fn paths_give_null_where_something_is_missing() {
        assert_eq!(evaluate("at({'a': [{'b': 1}]}, 'a.0.b')"), json!(1));
        assert_eq!(evaluate("at({'a': [{'b': 1}]}, 'a.7.b')"), json!(null));
        assert_eq!(evaluate("at('text', 'a')"), json!(null));
    }

    #[test]
    fn there_are_no_children_only_where_their_place_is_known() {
        let children =
            |element: &str| evaluate(&format!("children({element}, 'item', ['title', 'link'])"));
        assert_eq!(children("{'title': ['a'], 'item': ['b', 'c']}"), json!(["b", "c"]));
        assert_eq!(children("{'title': ['a'], '@version': '2', '#text': ''}"), json!([]));
        for other in ["{}", "{'#text': 'a'}", "{'title': ['a'], 'item-x': ['b']}", "null"] {
            assert_eq!(children(other), json!(null), "{other}");
        }
        let only = |element: &str| evaluate(&format!("children({element}, 'item', [])"));
        assert_eq!(only("{'item': ['a']}"), json!(["a"]));
        assert_eq!(only("{'@version': '2'}"), json!([]));
        assert_eq!(only("{'item-x': ['b']}"), json!(null));
    }

    #[test]
    fn only_a_list_is_a_list() {
        assert_eq!(evaluate("list([1])"), json!([1]));
        assert_eq!(evaluate("list(null)"), json!([]));
        for other in ["'no list'", "{'message': 'down'}", "1", "true"] {
            let error = evaluation_error(&format!("list({other})"));
            assert!(error.contains("list"), "{error}");
        }
        assert_eq!(evaluate("one_or_more({'a': 1})"), json!([{"a": 1}]));
        assert_eq!(evaluate("one_or_more([1, 2])"), json!([1, 2]));
        for other in ["'no list'", "null", "1"] {
            evaluation_error(&format!("one_or_more({other})"));
        }
    }

    #[test]
    fn the_keys_of_a_map_are_in_order() {
        assert_eq!(evaluate("{'b': 1, 'c': 2, 'a': 3}.map(k, k)"), json!(["a", "b", "c"]));
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
