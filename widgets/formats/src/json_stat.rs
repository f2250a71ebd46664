//! JSON-stat, 1.x and 2.0 (<https://json-stat.org/full/>): multidimensional tables as one row per
//! value.
//!
//! No crate serves: none for this format was found (the crate `jsonstat` counts the paths of any
//! JSON).

use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, excerpt, json, tree};

/// Cells beyond this many are omitted; a row has one per dimension.
const MAX_CELLS: usize = 500_000;

/// Tables of public statistics have about ten dimensions.
const MAX_DIMENSIONS: usize = 50;

/// Longer ids are cut off in the keys of rows, where they are repeated, and so are longer labels of
/// categories in rows.
const MAX_REPEATED_BYTES: usize = 300;

/// Reads the first data set; further ones are in `others`.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let tree = json::parse(text, budget).map_err(|error| error.within(FormatError::JsonStat))?;
    let Value::Object(tree) = tree else { return Err(error("the whole", "is not an object")) };
    let is_set = |value: &Value| {
        value.get("dimension").is_some_and(Value::is_object) && value.get("value").is_some()
    };
    let mut reader = Reader { budget, cells_left: MAX_CELLS };
    let mut sets = Vec::new();
    if tree.contains_key("dimension") || tree.get("class").is_some_and(|class| class == "dataset") {
        tree::push_value(budget, &mut sets, reader.data_set(&tree, "")?)?;
    } else if let Some(Value::Array(items)) = tree.get("link").and_then(|link| link.get("item")) {
        for (at, item) in items.iter().enumerate().filter(|(_, item)| is_set(item)) {
            let Some(item) = item.as_object() else { continue };
            let set = reader.data_set(item, &format!("link.item[{at}]."))?;
            tree::push_value(budget, &mut sets, set)?;
        }
    } else {
        for (key, item) in tree.iter().filter(|(_, item)| is_set(item)) {
            let Some(item) = item.as_object() else { continue };
            let set = reader.data_set(item, &format!("{}.", excerpt(key)))?;
            tree::push_value(budget, &mut sets, set)?;
        }
    }
    if sets.is_empty() {
        return Err(error(
            "the whole",
            "holds no data set: an object with `dimension` and `value`",
        ));
    }
    let mut first = sets.remove(0);
    if let Value::Object(first) = &mut first {
        tree::insert(budget, first, "others", Value::Array(sets))?;
    }
    Ok(first)
}

fn error(path: &str, reason: &str) -> FormatError {
    FormatError::JsonStat(format!("`{path}` {reason}"))
}

/// A dimension, with its categories in order.
struct Dimension<'t> {
    id: &'t str,
    label: Option<&'t Value>,
    /// The keys of the category and its label in a row.
    keys: [String; 2],
    categories: Vec<Category<'t>>,
}

struct Category<'t> {
    id: &'t str,
    /// The id when there is no label.
    label: Option<&'t Value>,
}

impl Category<'_> {
    fn label(&self, budget: &Budget) -> Result<Value, Exhausted> {
        self.label.map_or_else(|| tree::text(budget, self.id), |label| tree::copy(budget, label))
    }

    /// The part of the label that each row repeats, when it is text.
    fn label_in_row(&self) -> &str {
        start_of(self.label.and_then(Value::as_str).unwrap_or(self.id))
    }
}

/// The part of a text that is repeated in rows.
fn start_of(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_REPEATED_BYTES)]
}

/// Builds the tree out of a budget.
struct Reader<'b> {
    budget: &'b Budget,
    cells_left: usize,
}

impl Reader<'_> {
    fn data_set(&mut self, set: &Map<String, Value>, path: &str) -> Result<Value, FormatError> {
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
        let mut dimensions: Vec<Dimension<'_>> = Vec::new();
        for (id, size) in ids.iter().zip(sizes) {
            let Some(id) = id.as_str() else {
                return Err(error(&at("id"), "contains something other than text"));
            };
            let path = at(&format!("dimension.{}", excerpt(id)));
            let Some(size) = number(size) else {
                return Err(error(&at("size"), "contains something other than a number"));
            };
            if dimensions.iter().any(|known| known.id == id) {
                return Err(error(&path, "occurs twice"));
            }
            let Some(written) = dimension.get(id) else { return Err(error(&path, "is missing")) };
            let categories = self.categories(written)?;
            if categories.len() != size {
                return Err(error(
                    &path,
                    &format!("has {} categories where `size` says {size}", categories.len()),
                ));
            }
            let key = start_of(id);
            dimensions.push(Dimension {
                id,
                label: written.get("label"),
                keys: [key.to_owned(), format!("{key}_label")],
                categories,
            });
        }
        let product =
            dimensions.iter().try_fold(1_usize, |all, one| all.checked_mul(one.categories.len()));
        let Some(product) = product else {
            return Err(error(&at("size"), "overflows"));
        };
        let Some((rows, truncated)) = self.rows(set, &dimensions, product)? else {
            return Err(error(&at("value"), "is neither a list nor an object"));
        };
        let mut described = Map::new();
        for dimension in &dimensions {
            let described_dimension = self.described(dimension)?;
            tree::insert(self.budget, &mut described, dimension.id, described_dimension)?;
        }
        let copy = |key: &str| {
            set.get(key).map_or(Ok(Value::Null), |value| tree::copy(self.budget, value))
        };
        let mut own_ids = Vec::new();
        for dimension in &dimensions {
            let id = tree::text(self.budget, dimension.id)?;
            tree::push_value(self.budget, &mut own_ids, id)?;
        }
        Ok(tree::object(
            self.budget,
            [
                ("label", copy("label")?),
                ("updated", copy("updated")?),
                ("source", copy("source")?),
                ("ids", Value::Array(own_ids)),
                ("dimensions", Value::Object(described)),
                ("rows", Value::Array(rows)),
                ("truncated", truncated.into()),
            ],
        )?)
    }

    /// The label of a dimension, and the id and label of each of its categories.
    fn described(&self, dimension: &Dimension<'_>) -> Result<Value, Exhausted> {
        let mut categories = Vec::new();
        for category in &dimension.categories {
            let id = tree::text(self.budget, category.id)?;
            let label = category.label(self.budget)?;
            let category = tree::object(self.budget, [("id", id), ("label", label)])?;
            tree::push_value(self.budget, &mut categories, category)?;
        }
        let label = match dimension.label {
            Some(label) => tree::copy(self.budget, label)?,
            None => tree::text(self.budget, dimension.id)?,
        };
        tree::object(self.budget, [("label", label), ("categories", Value::Array(categories))])
    }

    /// The rows, and whether some were omitted; `None` when the values are of another type.
    fn rows(
        &mut self,
        set: &Map<String, Value>,
        dimensions: &[Dimension<'_>],
        product: usize,
    ) -> Result<Option<(Vec<Value>, bool)>, Exhausted> {
        let statuses = Statuses::of(set);
        let mut rows = Vec::new();
        let mut truncated = false;
        let cells = dimensions.len().max(1);
        let mut add = |position: usize, value: &Value| {
            self.budget.charge_steps(1)?;
            let status = statuses.at(position);
            if position >= product || (value.is_null() && status.is_none()) {
                return Ok(());
            }
            if self.cells_left < cells {
                truncated = true;
                return Ok(());
            }
            self.cells_left -= cells;
            let row = row(dimensions, position, value, status, self.budget)?;
            tree::push_value(self.budget, &mut rows, row)
        };
        match set.get("value") {
            Some(Value::Array(values)) => {
                for (position, value) in values.iter().enumerate() {
                    add(position, value)?;
                }
            }
            Some(Value::Object(values)) => {
                let mut sparse: Vec<(usize, &Value)> = values
                    .iter()
                    .filter_map(|(key, value)| Some((key.parse().ok()?, value)))
                    .collect();
                sparse.sort_unstable_by_key(|(position, _)| *position);
                for (position, value) in sparse {
                    add(position, value)?;
                }
            }
            _ => return Ok(None),
        }
        Ok(Some((rows, truncated)))
    }

    /// The categories of a dimension. `index` defines their order, as a list or as an object of
    /// positions; a dimension with a single category may have only a label.
    fn categories<'t>(&self, dimension: &'t Value) -> Result<Vec<Category<'t>>, Exhausted> {
        let category = dimension.get("category");
        let labels = category.and_then(|category| category.get("label")).and_then(Value::as_object);
        let mut categories = Vec::new();
        let mut add = |id: &'t str| {
            let label = labels.and_then(|labels| labels.get(id));
            tree::push(self.budget, &mut categories, Category { id, label })
        };
        match category.and_then(|category| category.get("index")) {
            Some(Value::Array(ids)) => {
                for id in ids.iter().filter_map(Value::as_str) {
                    add(id)?;
                }
            }
            Some(Value::Object(positions)) => {
                let mut ids: Vec<(usize, &str)> = positions
                    .iter()
                    .map(|(id, position)| (number(position).unwrap_or(usize::MAX), id.as_str()))
                    .collect();
                ids.sort_by_key(|(position, _)| *position);
                for (_, id) in ids {
                    add(id)?;
                }
            }
            _ => {
                for id in labels.into_iter().flat_map(Map::keys) {
                    add(id)?;
                }
            }
        }
        Ok(categories)
    }
}

/// The row of a value: positions are in row-major order, so the last dimension varies fastest.
fn row(
    dimensions: &[Dimension<'_>],
    position: usize,
    value: &Value,
    status: Option<&str>,
    budget: &Budget,
) -> Result<Value, Exhausted> {
    let mut row = Map::new();
    let mut rest = position;
    for dimension in dimensions.iter().rev() {
        let count = dimension.categories.len().max(1);
        if let Some(category) = dimension.categories.get(rest % count) {
            let [key, label_key] = &dimension.keys;
            let id = tree::text(budget, start_of(category.id))?;
            tree::insert(budget, &mut row, key, id)?;
            let label = tree::text(budget, category.label_in_row())?;
            tree::insert(budget, &mut row, label_key, label)?;
        }
        rest /= count;
    }
    tree::insert(budget, &mut row, "value", tree::copy(budget, value)?)?;
    let status = tree::optional(budget, status)?;
    tree::insert(budget, &mut row, "status", status)?;
    Ok(Value::Object(row))
}

/// The statuses of the values; a single status applies to all values.
enum Statuses<'t> {
    None,
    Same(&'t str),
    List(&'t [Value]),
    Sparse(&'t Map<String, Value>),
}

impl<'t> Statuses<'t> {
    fn of(set: &'t Map<String, Value>) -> Self {
        let status = match set.get("status") {
            Some(Value::Object(status)) if status.contains_key("value") => status.get("value"),
            status => status,
        };
        match status {
            Some(Value::String(status)) => Self::Same(status),
            Some(Value::Array(list)) => match list.as_slice() {
                [same] => same.as_str().map_or(Self::None, Self::Same),
                list => Self::List(list),
            },
            Some(Value::Object(map)) => Self::Sparse(map),
            _ => Self::None,
        }
    }

    /// The status of the value at this position.
    fn at(&self, position: usize) -> Option<&'t str> {
        let status = match self {
            Self::None => None,
            Self::Same(status) => Some(*status),
            Self::List(list) => list.get(position).and_then(Value::as_str),
            Self::Sparse(map) => map.get(&position.to_string()).and_then(Value::as_str),
        };
        status.map(start_of)
    }
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
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, FormatError> {
        super::read(text, &Budget::default())
    }

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
    fn what_rows_repeat_is_short() {
        let long = "é".repeat(MAX_REPEATED_BYTES);
        let mut set = data_set_of_two_dimensions();
        set["dimension"]["sex"]["category"]["label"]["M"] = long.clone().into();
        set["status"] = json!([long]);
        let tree = read(&set.to_string()).expect("a data set");
        for key in ["sex_label", "status"] {
            let text = tree["rows"][1][key].as_str().expect(key);
            assert_eq!(text.len(), MAX_REPEATED_BYTES);
        }
        assert_eq!(tree["dimensions"]["sex"]["categories"][1]["label"], long);
    }

    #[test]
    fn errors_name_the_path() {
        let mut wrong = data_set_of_two_dimensions();
        wrong["size"] = json!([2, 3]);
        assert!(read(&wrong.to_string()).expect_err("sizes").to_string().contains("dimension.sex"));
        wrong["id"] = json!(["sex", "sex"]);
        assert!(read(&wrong.to_string()).expect_err("twice").to_string().contains("dimension.sex"));
        wrong["size"] = json!([9_999_999_999_u64, 9_999_999_999_u64]);
        assert!(read(&wrong.to_string()).is_err());
        assert!(read("{}").expect_err("empty").to_string().contains("the whole"));
        assert!(read("[").expect_err("no JSON").to_string().contains("line 1"));
    }
}
