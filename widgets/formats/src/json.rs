//! JSON as a tree.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, ParseError, tree};

/// How the message of `serde_json` starts when its own limit of nesting is reached.
const RECURSION_LIMIT: &str = "recursion limit exceeded";

/// Reads a value.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    parse(text, budget).map_err(|error| error.within(FormatError::Json))
}

/// Reads one value per line into a list; skips empty lines.
pub fn read_lines(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let mut list = Vec::new();
    for (at, line) in text.lines().enumerate() {
        budget.charge_steps(1)?;
        if line.trim().is_empty() {
            continue;
        }
        // Each line is parsed on its own, so the line number of serde_json is always 1.
        let value = parse(line, budget).map_err(|error| {
            error.within(|message| FormatError::Json(format!("in line {}: {message}", at + 1)))
        })?;
        tree::push(budget, &mut list, value)?;
    }
    Ok(Value::Array(list))
}

/// Parses a value, and charges it as it grows.
pub fn parse(text: &str, budget: &Budget) -> Result<Value, ParseError> {
    let exhausted = Cell::new(None);
    let seed = Tree { budget, exhausted: &exhausted, depth: 0 };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let parsed =
        seed.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    parsed.map_err(|error| match exhausted.get() {
        Some(exhausted) => ParseError::OverBudget(exhausted),
        None => {
            let message = error.to_string();
            if message.starts_with(RECURSION_LIMIT) {
                return ParseError::OverBudget(Exhausted::Depth);
            }
            ParseError::Syntax(message)
        }
    })
}

/// Builds the value at the position of a deserializer.
#[derive(Clone, Copy)]
struct Tree<'b> {
    budget: &'b Budget,
    /// The limit that was reached: an error of a deserializer is text only.
    exhausted: &'b Cell<Option<Exhausted>>,
    depth: usize,
}

impl Tree<'_> {
    fn charged<T, E: Error>(self, result: Result<T, Exhausted>) -> Result<T, E> {
        result.map_err(|exhausted| {
            self.exhausted.set(Some(exhausted));
            E::custom(exhausted)
        })
    }

    fn leaf<E: Error>(self, value: impl Into<Value>) -> Result<Value, E> {
        self.charged(self.budget.charge_nodes(1))?;
        Ok(value.into())
    }

    /// The seed of the parts of a list or an object.
    fn inner<E: Error>(self) -> Result<Self, E> {
        self.charged(self.budget.charge_nodes(1))?;
        let depth = self.depth + 1;
        self.charged(self.budget.check_depth(depth))?;
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any valid JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.leaf(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.leaf(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.leaf(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.leaf(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.leaf(value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.charged(self.budget.charge_nodes(1))?;
        self.charged(tree::text(self.budget, value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut list = Vec::new();
        while let Some(value) = sequence.next_element_seed(inner)? {
            self.charged(tree::push(self.budget, &mut list, value))?;
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::new();
        while let Some(key) = members.next_key_seed(Key(self))? {
            self.charged(self.budget.charge_bytes(tree::entry_bytes(map.len())))?;
            let value = members.next_value_seed(inner)?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Builds the key of a member.
struct Key<'b>(Tree<'b>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<String, E> {
        self.0.charged(tree::string(self.0.budget, value))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use voordeur_widget_api::BudgetLimits;

    use super::*;

    #[test]
    fn the_tree_is_that_of_serde_json() {
        let text =
            r#" {"a":[1,-2,3.5,1e400,true,null,"é\n\u00e9",{}],"a":[-0.0,18446744073709551615]} "#;
        let finite = text.replace("1e400", "1e40");
        let expected: Value = serde_json::from_str(&finite).expect("JSON");
        assert_eq!(read(&finite, &Budget::default()), Ok(expected));
        for wrong in [text, "", "[1,]", "{\"a\":1}x", "{1:2}", "\"\\q\"", "nul"] {
            let expected = serde_json::from_str::<Value>(wrong).expect_err("not JSON").to_string();
            assert_eq!(read(wrong, &Budget::default()), Err(FormatError::Json(expected)));
        }
    }

    #[test]
    fn lines_are_numbered() {
        let tree = read_lines("1\n\n{\"a\":2}\r\n", &Budget::default());
        assert_eq!(tree, Ok(json!([1, { "a": 2 }])));
        let error = read_lines("1\n\n[", &Budget::default()).expect_err("not JSON").to_string();
        assert!(error.contains("in line 3: "), "{error}");
    }

    #[test]
    fn an_exhausted_budget_is_no_syntax_error() {
        let limited = |limits: BudgetLimits, text: &str| read(text, &Budget::new(limits));
        let limits = BudgetLimits::DEFAULT;
        let cases = [
            (BudgetLimits { bytes: 1_000, ..limits }, "[{},{\"a\":1},{\"a\":1}]", Exhausted::Bytes),
            (BudgetLimits { nodes: 3, ..limits }, "[1,2,3]", Exhausted::Nodes),
            (BudgetLimits { depth: 2, ..limits }, "[[[]]]", Exhausted::Depth),
        ];
        for (limits, text, exhausted) in cases {
            assert_eq!(limited(limits, text), Err(FormatError::OverBudget(exhausted)), "{text}");
        }
        let deep = "[".repeat(1_000) + &"]".repeat(1_000);
        assert_eq!(limited(limits, &deep), Err(FormatError::OverBudget(Exhausted::Depth)));
    }
}
