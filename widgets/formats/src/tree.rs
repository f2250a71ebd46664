//! Builds trees, and charges their memory to a budget before it is allocated.
//!
//! The charges are those of a 64-bit machine: a string takes its bytes, a list 32 bytes per slot,
//! and a map a node of 632 bytes for its first eleven entries. What is charged is never given back,
//! so the sum is an upper bound of what is held at any time.

use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

/// A node of the B-tree of a map: eleven keys and values, and a few words of its own.
const MAP_NODE: usize = 11 * (size_of::<String>() + size_of::<Value>()) + 16;

/// An inner node has twelve children too.
const MAP_INNER_NODE: usize = MAP_NODE + 12 * size_of::<usize>();

/// Allocators round the size of a string up to a multiple of this, in bytes.
const GRAIN: usize = 16;

/// The memory of a string of this length.
pub fn string_bytes(length: usize) -> usize {
    length.next_multiple_of(GRAIN)
}

/// The memory that the next entry of a map takes, beside its key and what its value points to.
/// A full node is split, and every node but the first holds at least five entries.
pub fn entry_bytes(entries: usize) -> usize {
    match entries {
        0 => MAP_NODE,
        11 => MAP_NODE + MAP_INNER_NODE,
        more if more > 11 && (more - 11).is_multiple_of(5) => MAP_NODE + MAP_INNER_NODE / 5,
        _ => 0,
    }
}

/// Appends to a list of a tree, or to any other list.
pub fn push<T>(budget: &Budget, list: &mut Vec<T>, item: T) -> Result<(), Exhausted> {
    if list.len() == list.capacity() {
        // The old slots live until the items have moved, so the new ones are charged in full.
        let capacity = list.capacity().saturating_mul(2).max(2);
        budget.charge_bytes(capacity.saturating_mul(size_of::<T>()))?;
        list.reserve_exact(capacity - list.len());
    }
    list.push(item);
    Ok(())
}

/// Appends a value, which counts as a node.
pub fn push_value(budget: &Budget, list: &mut Vec<Value>, value: Value) -> Result<(), Exhausted> {
    budget.charge_nodes(1)?;
    push(budget, list, value)
}

/// A copy of a text.
pub fn string(budget: &Budget, text: &str) -> Result<String, Exhausted> {
    budget.charge_bytes(string_bytes(text.len()))?;
    Ok(text.to_owned())
}

/// A copy of a text, as a value.
pub fn text(budget: &Budget, text: &str) -> Result<Value, Exhausted> {
    string(budget, text).map(Value::String)
}

/// A copy of a text, or null.
pub fn optional(budget: &Budget, found: Option<&str>) -> Result<Value, Exhausted> {
    found.map_or(Ok(Value::Null), |found| text(budget, found))
}

/// Sets a member of a map.
pub fn insert(
    budget: &Budget,
    map: &mut Map<String, Value>,
    key: &str,
    value: Value,
) -> Result<(), Exhausted> {
    let key = string(budget, key)?;
    insert_owned(budget, map, key, value)
}

/// Sets a member of a map; its key has been charged.
pub fn insert_owned(
    budget: &Budget,
    map: &mut Map<String, Value>,
    key: String,
    value: Value,
) -> Result<(), Exhausted> {
    budget.charge_nodes(1)?;
    budget.charge_bytes(entry_bytes(map.len()))?;
    map.insert(key, value);
    Ok(())
}

/// An object of these members. Unlike `json!`, this moves the values and does not copy them.
pub fn object<const N: usize>(
    budget: &Budget,
    members: [(&str, Value); N],
) -> Result<Value, Exhausted> {
    let mut map = Map::new();
    for (key, value) in members {
        insert(budget, &mut map, key, value)?;
    }
    Ok(Value::Object(map))
}

/// The cost of a copy of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    bytes: usize,
    nodes: usize,
}

impl Size {
    /// The size of a value. Its own slot is part of what contains it.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => Self { bytes: 0, nodes: 1 },
            Value::String(text) => Self { bytes: string_bytes(text.len()), nodes: 1 },
            Value::Array(list) => {
                let slots = Self { bytes: list.len() * size_of::<Value>(), nodes: 1 };
                list.iter().fold(slots, |sum, value| sum.and(Self::of(value)))
            }
            Value::Object(map) => Self::of_map(map),
        }
    }

    /// The size of an object.
    pub fn of_map(map: &Map<String, Value>) -> Self {
        let start = Self { bytes: 0, nodes: 1 };
        map.iter().enumerate().fold(start, |sum, (at, (key, value))| {
            let entry = Self { bytes: entry_bytes(at) + string_bytes(key.len()), nodes: 0 };
            sum.and(entry).and(Self::of(value))
        })
    }

    fn and(self, other: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_add(other.bytes),
            nodes: self.nodes.saturating_add(other.nodes),
        }
    }

    /// Charges one more copy.
    pub fn charge(self, budget: &Budget) -> Result<(), Exhausted> {
        budget.charge_nodes(self.nodes)?;
        budget.charge_bytes(self.bytes)
    }
}

/// A copy of a value.
pub fn copy(budget: &Budget, value: &Value) -> Result<Value, Exhausted> {
    Size::of(value).charge(budget)?;
    Ok(value.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use voordeur_widget_api::BudgetLimits;

    use super::*;

    #[test]
    fn a_copy_costs_what_building_cost() {
        let mut tree = Map::new();
        for at in 0..100 {
            tree.insert(format!("key {at}"), json!(["a", at, { "b": null }]));
        }
        let built = Budget::default();
        crate::json::parse(&json!(tree).to_string(), &built).expect("JSON");
        let copied = Budget::default();
        copy(&copied, &json!(tree)).expect("a copy");
        assert_eq!(built.spent().nodes, copied.spent().nodes);
        // A list that grows is charged for its old slots too.
        assert!(copied.spent().bytes <= built.spent().bytes);
        assert!(copied.spent().bytes * 3 / 2 >= built.spent().bytes);
    }

    #[test]
    fn nothing_is_allocated_beyond_the_budget() {
        let budget = Budget::new(BudgetLimits { bytes: 700, ..BudgetLimits::DEFAULT });
        let mut map = Map::new();
        assert_eq!(insert(&budget, &mut map, "a", Value::Null), Ok(()));
        assert_eq!(insert(&budget, &mut map, &"b".repeat(100), Value::Null), Err(Exhausted::Bytes));
        assert_eq!(map.len(), 1);
    }
}
