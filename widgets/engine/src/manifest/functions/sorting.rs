//! The order of values: for `sort_by`, `least_by` and `sort`.

use std::cmp::Ordering;

use voordeur_widget_api::{Budget, Exhausted};

use crate::manifest::evaluator::BYTES_PER_STEP;
use crate::manifest::values::Value;

/// A value as it is compared: numbers by value, then texts case-insensitively, then values without
/// an order, then `null`.
#[derive(Clone, Debug, PartialEq)]
pub enum SortKey {
    Number(f64),
    Text(String),
    Other,
    Null,
}

impl SortKey {
    fn rank(&self) -> u8 {
        match self {
            SortKey::Number(_) => 0,
            SortKey::Text(_) => 1,
            SortKey::Other => 2,
            SortKey::Null => 3,
        }
    }
}

impl Eq for SortKey {}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (SortKey::Number(a), SortKey::Number(b)) => a.total_cmp(b),
            (SortKey::Text(a), SortKey::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// The keys of a list. A text counts as the number in it when a number is among the keys: only then
/// all pairs of keys are ordered in the same way, which sorting relies on.
///
/// # Errors
/// When sorting is beyond the budget.
pub fn sort_keys(values: &[Value<'_>], budget: &Budget) -> Result<Vec<SortKey>, Exhausted> {
    // Each item is compared as many times as its index has bits.
    let comparisons = usize::BITS.saturating_sub(values.len().leading_zeros()) as usize;
    budget.charge_steps(values.len().saturating_mul(comparisons))?;
    budget.charge_bytes(values.len().saturating_mul(size_of::<SortKey>()))?;
    let has_numbers = values.iter().any(|value| matches!(value, Value::Int(_) | Value::Float(_)));
    let key = |value: &Value<'_>| {
        if let Value::Text(text) = value {
            let steps = (text.len() / BYTES_PER_STEP).saturating_mul(comparisons.max(1));
            budget.charge_steps(steps)?;
            budget.charge_bytes(text.len())?;
        }
        Ok(match value {
            Value::Null => SortKey::Null,
            Value::Text(text) => match value.number().filter(|_| has_numbers) {
                Some(number) => SortKey::Number(number),
                None => SortKey::Text(text.to_lowercase()),
            },
            other => other.number().map_or(SortKey::Other, SortKey::Number),
        })
    };
    values.iter().map(key).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Every key that a hostile response can hold, in an order in which a comparison that is not
    /// consistent would make the standard library panic.
    #[test]
    fn the_order_of_mixed_keys_is_consistent() {
        let mixed = json!([
            "10",
            9.5,
            "9",
            null,
            true,
            "B",
            "a",
            [],
            {},
            -0.0,
            0,
            "0",
            1e308,
            "1e308",
            i64::MIN,
            i64::MAX,
            u64::MAX,
            "NaN",
            "inf",
            "",
            " 7 ",
            "7,5"
        ]);
        let values: Vec<Value<'_>> =
            mixed.as_array().into_iter().flatten().map(Value::of_tree).collect();
        let keys = sort_keys(&values, &Budget::default()).expect("within the budget");
        for a in &keys {
            for b in &keys {
                assert_eq!(a.cmp(b), b.cmp(a).reverse());
                for c in &keys {
                    assert!(!(a <= b && b <= c) || a <= c, "{a:?} {b:?} {c:?}");
                }
            }
        }
        let texts = ["b", "10", "9", "A"].map(|text| json!(text));
        let texts: Vec<Value<'_>> = texts.iter().map(Value::of_tree).collect();
        let mut keys = sort_keys(&texts, &Budget::default()).expect("within the budget");
        keys.sort();
        assert_eq!(keys, ["10", "9", "a", "b"].map(|text| SortKey::Text(text.to_owned())));
    }
}
