//! JSON-stat, 1.x and 2.0 (<https://json-stat.org/full/>): multidimensional tables as one row per
//! value.
//!
//! No crate serves: none for this format was found (the crate `jsonstat` counts the paths of any
//! JSON).

use serde_json::{Map, Value, json};

use super::FormatError;

/// Cells beyond this many are omitted; a row has one per dimension.
const MAX_CELLS: usize = 500_000;

/// Tables of public statistics have about ten dimensions.
const MAX_DIMENSIONS: usize = 50;

/// Reads the first data set; further ones are in `others`.
pub fn read(text: &str) -> Result<Value, FormatError> {
    let tree: Value =
        serde_json::from_str(text).map_err(|error| FormatError::JsonStat(error.to_string()))?;
    let Value::Object(tree) = tree else { return Err(error("the whole", "is not an object")) };
    let is_set = |value: &Value| {
        value.get("dimension").is_some_and(Value::is_object) && value.get("value").is_some()
    };
    let mut sets: Vec<(String, &Map<String, Value>)> = Vec::new();
    if tree.contains_key("dimension") || tree.get("class").is_some_and(|class| class == "dataset") {
        sets.push((String::new(), &tree));
    } else if let Some(Value::Array(items)) = tree.get("link").and_then(|link| link.get("item")) {
        let items = items.iter().enumerate().filter(|(_, item)| is_set(item));
        sets.extend(
            items.filter_map(|(at, item)| Some((format!("link.item[{at}]."), item.as_object()?))),
        );
    } else {
        let items = tree.iter().filter(|(_, item)| is_set(item));
        sets.extend(items.filter_map(|(key, item)| Some((format!("{key}."), item.as_object()?))));
    }
    let mut cells_left = MAX_CELLS;
    let mut trees = Vec::new();
    for (path, set) in sets {
        trees.push(data_set(set, &path, &mut cells_left)?);
    }
    if trees.is_empty() {
        return Err(error(
            "the whole",
            "holds no data set: an object with `dimension` and `value`",
        ));
    }
    let mut first = trees.remove(0);
    if let Value::Object(first) = &mut first {
        first.insert("others".to_owned(), trees.into());
    }
    Ok(first)
}

fn error(path: &str, what: &str) -> FormatError {
    FormatError::JsonStat(format!("`{path}` {what}"))
}

/// A dimension, with the id and label of each category, in order.
struct Dimension {
    id: String,
    label_key: String,
    label: Value,
    categories: Vec<(String, Value)>,
}

fn data_set(set: &Map<String, Value>, path: &str, cells: &mut usize) -> Result<Value, FormatError> {
    let at = |key: &str| format!("{path}{key}");
    let Some(Value::Object(dimension)) = set.get("dimension") else {
        return Err(error(&at("dimension"), "is not an object"));
    };
    // In version 1 `id` and `size` are inside `dimension`.
    let list = |key: &str| match set.get(key).or_else(|| dimension.get(key)) {
        Some(Value::Array(list)) => Ok(list),
        _ => Err(error(&at(key), "is not a list")),
    };
    let (ids, sizes) = (list("id")?, list("size")?);
    if ids.len() != sizes.len() || ids.len() > MAX_DIMENSIONS {
        return Err(error(
            &at("size"),
            &format!("has {} numbers for {} dimensions", sizes.len(), ids.len()),
        ));
    }
    let mut dimensions = Vec::new();
    for (id, size) in ids.iter().zip(sizes) {
        let Some(id) = id.as_str() else {
            return Err(error(&at("id"), "contains something other than text"));
        };
        let path = at(&format!("dimension.{id}"));
        let Some(size) = number(size) else {
            return Err(error(&at("size"), "contains something other than a number"));
        };
        let Some(written) = dimension.get(id) else { return Err(error(&path, "is missing")) };
        let categories = categories(written);
        if categories.len() != size {
            return Err(error(
                &path,
                &format!("has {} categories where `size` says {size}", categories.len()),
            ));
        }
        let label = written.get("label").cloned().unwrap_or_else(|| id.into());
        dimensions.push(Dimension {
            id: id.to_owned(),
            label_key: format!("{id}_label"),
            label,
            categories,
        });
    }
    let product =
        dimensions.iter().try_fold(1_usize, |all, one| all.checked_mul(one.categories.len()));
    let Some(product) = product else {
        return Err(error(&at("size"), "overflows"));
    };
    let status = match set.get("status") {
        Some(Value::Object(status)) if status.contains_key("value") => status.get("value"),
        status => status,
    };

    let mut rows = Vec::new();
    let mut truncated = false;
    let mut add = |position: usize, value: &Value| {
        let status = status_of(status, position);
        if position >= product || (value.is_null() && status.is_null()) {
            return;
        }
        if *cells < dimensions.len().max(1) {
            truncated = true;
            return;
        }
        *cells -= dimensions.len().max(1);
        rows.push(row(&dimensions, position, value, status));
    };
    match set.get("value") {
        Some(Value::Array(values)) => {
            values.iter().enumerate().for_each(|(position, value)| add(position, value))
        }
        Some(Value::Object(values)) => {
            let mut sparse: Vec<(usize, &Value)> =
                values.iter().filter_map(|(key, value)| Some((key.parse().ok()?, value))).collect();
            sparse.sort_unstable_by_key(|(position, _)| *position);
            sparse.into_iter().for_each(|(position, value)| add(position, value));
        }
        _ => return Err(error(&at("value"), "is neither a list nor an object")),
    }
    let described: Map<String, Value> = dimensions
        .iter()
        .map(|dimension| {
            let categories: Vec<Value> = dimension
                .categories
                .iter()
                .map(|(id, label)| json!({ "id": id, "label": label }))
                .collect();
            (dimension.id.clone(), json!({ "label": dimension.label, "categories": categories }))
        })
        .collect();
    Ok(json!({
        "label": set.get("label"),
        "updated": set.get("updated"),
        "source": set.get("source"),
        "ids": ids,
        "dimensions": described,
        "rows": rows,
        "truncated": truncated,
    }))
}

/// The row of a value: positions are in row-major order, so the last dimension varies fastest.
fn row(dimensions: &[Dimension], position: usize, value: &Value, status: Value) -> Value {
    let mut row = Map::new();
    let mut rest = position;
    for dimension in dimensions.iter().rev() {
        let count = dimension.categories.len().max(1);
        if let Some((id, label)) = dimension.categories.get(rest % count) {
            row.insert(dimension.id.clone(), id.clone().into());
            row.insert(dimension.label_key.clone(), label.clone());
        }
        rest /= count;
    }
    row.insert("value".to_owned(), value.clone());
    row.insert("status".to_owned(), status);
    Value::Object(row)
}

/// The status of a value; a single status applies to all values.
fn status_of(status: Option<&Value>, position: usize) -> Value {
    let found = match status {
        Some(Value::Array(list)) if list.len() == 1 => list.first(),
        Some(Value::Array(list)) => list.get(position),
        Some(Value::Object(map)) => map.get(&position.to_string()),
        Some(Value::String(_)) => status,
        _ => None,
    };
    found.cloned().unwrap_or(Value::Null)
}

/// The categories of a dimension. `index` defines their order, as a list or as an object of
/// positions; a dimension with a single category may have only a label.
fn categories(dimension: &Value) -> Vec<(String, Value)> {
    let category = dimension.get("category");
    let labels = category.and_then(|category| category.get("label")).and_then(Value::as_object);
    let label =
        |id: &str| labels.and_then(|labels| labels.get(id)).cloned().unwrap_or_else(|| id.into());
    let ids: Vec<String> = match category.and_then(|category| category.get("index")) {
        Some(Value::Array(ids)) => {
            ids.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(Value::Object(positions)) => {
            let mut ids: Vec<(usize, &String)> = positions
                .iter()
                .map(|(id, position)| (number(position).unwrap_or(usize::MAX), id))
                .collect();
            ids.sort_by_key(|(position, _)| *position);
            ids.into_iter().map(|(_, id)| id.clone()).collect()
        }
        _ => labels.map(|labels| labels.keys().cloned().collect()).unwrap_or_default(),
    };
    ids.into_iter().map(|id| (id.clone(), label(&id))).collect()
}

/// A number, or text that contains one.
fn number(value: &Value) -> Option<usize> {
    match value {
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data_set_of_two_dimensions() -> Value {
        json!({
            "version": "2.0", "class": "dataset", "label": "Prices", "source": "Office", "updated": "2026-11-01",
            "id": ["time", "sex"], "size": [2, "2"],
            "dimension": {
                "time": { "label": "Year", "category": { "index": ["2025", "2026"] } },
                "sex": { "category": { "index": { "M": 1, "F": 0 }, "label": { "M": "Men", "F": "Women" } } },
            },
            "value": [1, 2, null, 4], "status": { "2": "e" },
        })
    }

    #[test]
    fn there_is_a_row_for_each_value() {
        let tree = read(&data_set_of_two_dimensions().to_string()).expect("a data set");
        assert_eq!(
            tree["rows"][1],
            json!({"time": "2025", "time_label": "2025", "sex": "M", "sex_label": "Men", "value": 2, "status": null})
        );
        assert_eq!(tree["rows"][2]["status"], "e");
        assert_eq!(tree["dimensions"]["time"]["label"], "Year");
        assert_eq!(tree["ids"], json!(["time", "sex"]));
        let mut sparse = data_set_of_two_dimensions();
        sparse["value"] = json!({ "3": 4 });
        let tree = read(&sparse.to_string()).expect("a data set");
        assert_eq!(tree["rows"].as_array().map(Vec::len), Some(1));
        assert_eq!(tree["rows"][0]["sex"], "M");
    }

    #[test]
    fn bundles_and_collections_contain_several_data_sets() {
        let mut one = data_set_of_two_dimensions();
        one["dimension"]["id"] = one["id"].take();
        one["dimension"]["size"] = one["size"].take();
        for key in ["id", "size", "class"] {
            one.as_object_mut().expect("an object").remove(key);
        }
        let tree = read(&json!({ "a": one, "b": one }).to_string()).expect("a bundle");
        assert_eq!(tree["rows"].as_array().map(Vec::len), Some(4));
        assert_eq!(tree["others"].as_array().map(Vec::len), Some(1));
        let tree =
            read(&json!({ "class": "collection", "link": { "item": [{}, data_set_of_two_dimensions()] } }).to_string());
        assert_eq!(tree.expect("a collection")["label"], "Prices");
    }

    #[test]
    fn errors_name_the_path() {
        let mut wrong = data_set_of_two_dimensions();
        wrong["size"] = json!([2, 3]);
        assert!(read(&wrong.to_string()).expect_err("sizes").to_string().contains("dimension.sex"));
        wrong["size"] = json!([9_999_999_999_u64, 9_999_999_999_u64]);
        assert!(read(&wrong.to_string()).is_err());
        assert!(read("{}").expect_err("empty").to_string().contains("the whole"));
        assert!(read("[").expect_err("no JSON").to_string().contains("line 1"));
    }
}
