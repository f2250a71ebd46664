//! Malformed variants of a good response: one value is removed, replaced, truncated or repeated.

use serde_json::{Value, json};
use voordeur_widget_api::Format;

/// Maximum number of nodes tried per response; of a larger response an even selection is tried.
const MOST_NODES: usize = 40;
/// Length that a list is repeated to.
pub const BLOWN_UP_LENGTH: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
enum PathPart {
    Key(String),
    /// Every item of a list.
    Each,
}

/// All nodes of a response with the same path: `features[].properties.name`.
#[derive(Clone, Debug)]
pub struct Node {
    parts: Vec<PathPart>,
    /// The first occurrence.
    first: Value,
}

/// Which occurrences of a node are changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occurrences {
    First,
    All,
}

impl Node {
    /// Name of the node in a finding.
    pub fn name(&self) -> String {
        let mut name = String::new();
        for part in &self.parts {
            match part {
                PathPart::Key(key) if name.is_empty() => name.push_str(key),
                PathPart::Key(key) => {
                    name.push('.');
                    name.push_str(key);
                }
                PathPart::Each => name.push_str("[]"),
            }
        }
        if name.is_empty() { "the whole response".to_owned() } else { format!("`{name}`") }
    }

    pub fn is_container(&self) -> bool {
        self.first.is_array() || self.first.is_object()
    }

    pub fn is_text(&self) -> bool {
        self.first.is_string()
    }

    /// Whether it is a number, or a text that begins like a number or a date.
    pub fn is_numeric(&self) -> bool {
        match &self.first {
            Value::Number(_) => true,
            Value::String(text) => {
                text.trim_start_matches(['-', '+', ' ']).starts_with(|c: char| c.is_ascii_digit())
            }
            _ => false,
        }
    }

    /// The items, when it is a list.
    pub fn list(&self) -> Option<&[Value]> {
        self.first.as_array().map(Vec::as_slice)
    }

    /// The response with another value at this path.
    pub fn replaced(&self, tree: &Value, occurrences: Occurrences, by: &Value) -> Value {
        let mut tree = tree.clone();
        change(&mut tree, &self.parts, occurrences, &|node| *node = by.clone());
        tree
    }

    /// The response without this node; `None` for list items and for the whole response.
    pub fn removed(&self, tree: &Value, occurrences: Occurrences) -> Option<Value> {
        let (PathPart::Key(last), parents) = self.parts.split_last()? else { return None };
        let mut tree = tree.clone();
        change(&mut tree, parents, occurrences, &|node| {
            if let Some(object) = node.as_object_mut() {
                object.remove(last);
            }
        });
        Some(tree)
    }

    /// Values of other types, as far as the format can represent them.
    pub fn wrong(&self, format: Format) -> Vec<Value> {
        if !matches!(format, Format::Json | Format::JsonLines | Format::GeoJson | Format::JsonStat)
        {
            // Other formats hold only text, and their readers build the lists.
            return if self.is_text() { vec![json!(""), json!("?")] } else { Vec::new() };
        }
        let kinds = [Value::Null, json!("?"), json!(7), json!([]), json!({})];
        let same =
            |value: &Value| std::mem::discriminant(value) == std::mem::discriminant(&self.first);
        kinds.into_iter().filter(|value| !same(value)).collect()
    }
}

fn change(
    node: &mut Value,
    parts: &[PathPart],
    occurrences: Occurrences,
    to: &impl Fn(&mut Value),
) {
    match parts.split_first() {
        None => to(node),
        Some((PathPart::Key(key), rest)) => {
            if let Some(next) = node.get_mut(key.as_str()) {
                change(next, rest, occurrences, to);
            }
        }
        Some((PathPart::Each, rest)) => {
            let item_count = node.as_array_mut().map(Vec::as_mut_slice).unwrap_or_default();
            let count = if occurrences == Occurrences::First { 1 } else { item_count.len() };
            item_count
                .iter_mut()
                .take(count)
                .for_each(|thing| change(thing, rest, occurrences, to));
        }
    }
}

/// The nodes to try, containers before their content.
pub fn nodes(tree: &Value) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open = vec![(Vec::new(), tree)];
    while let Some((parts, value)) = open.pop() {
        if !nodes.iter().any(|node| node.parts == parts) {
            nodes.push(Node { parts: parts.clone(), first: value.clone() });
        }
        match value {
            Value::Array(list) => {
                // Items of a list differ in their keys: the first few usually have all of them.
                for thing in list.iter().take(5).rev() {
                    open.push(([&parts[..], &[PathPart::Each]].concat(), thing));
                }
            }
            Value::Object(object) => {
                for (key, value) in object.iter().rev() {
                    open.push(([&parts[..], &[PathPart::Key(key.clone())]].concat(), value));
                }
            }
            _ => {}
        }
    }
    nodes.sort_by_key(|node| node.parts.len());
    let step = nodes.len().div_ceil(MOST_NODES).max(1);
    let (containers, leaves): (Vec<_>, Vec<_>) = nodes.into_iter().partition(Node::is_container);
    let containers = containers.into_iter().take(MOST_NODES);
    containers.chain(leaves.into_iter().step_by(step)).collect()
}

/// A list of `count` items, made by repeating `list`.
pub fn repeated(list: &[Value], count: usize) -> Value {
    list.iter().cycle().take(count).cloned().collect()
}

/// Text that a hostile or careless service could send, each with a description.
pub fn hostile() -> [(&'static str, String); 5] {
    [
        (
            "markup and control characters",
            "<script>alert(1)</script>\u{202e}\u{2066}a\u{0}b\u{7}\u{1b}[31m\u{9b}1m\r\nc"
                .to_owned(),
        ),
        ("a word of 20,000 letters", "W".repeat(20_000)),
        ("text from right to left", "مرحبا بالعالم שלום עולם".repeat(3)),
        ("the address of a script", "javascript:alert(document.cookie)".to_owned()),
        ("an address of 10,000 letters", format!("https://example.org/{}", "a".repeat(10_000))),
    ]
}

/// Numbers and dates that a hostile or broken service could send in place of one: at the limits of
/// what a program can calculate with. `nan` is in small letters, as a text that is shown as it is
/// may be the word `NaN` only by mistake.
pub fn hostile_numbers(format: Format) -> Vec<Value> {
    let texts = [
        "999999999999",
        "-999999999999",
        "9223372036854775807",
        "-9223372036854775808",
        "1e308",
        "nan",
        "-inf",
        "9999-12-31T23:59:59Z",
        "-9999-01-01T00:00:00Z",
        "9999-12-31",
        "99991231",
    ];
    let texts = texts.into_iter().map(Value::from);
    match format {
        Format::Json | Format::JsonLines | Format::GeoJson | Format::JsonStat => {
            let numbers = [
                json!(999_999_999_999_i64),
                json!(i64::MAX),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(1e308),
                json!(-1e308),
                json!(5e-324),
            ];
            texts.chain(numbers).collect()
        }
        // Other formats hold only text.
        _ => texts.collect(),
    }
}

/// Documents that can replace a response, each with a description.
pub const OTHER_DOCUMENTS: [(&str, &[u8]); 5] = [
    (
        "an HTML page",
        b"<!doctype html><html><head><title>502</title></head><body><h1>Bad Gateway</h1><br></body></html>",
    ),
    ("an empty body", b""),
    ("`null`", b"null"),
    ("`[]`", b"[]"),
    ("`{}`", b"{}"),
];

/// A body truncated at several positions.
pub fn truncated(format: Format, body: &[u8]) -> Vec<(String, &[u8])> {
    let quarters = (1..4).map(|quarter| body.len() * quarter / 4);
    let ends = quarters.chain(body.len().checked_sub(1));
    let ends = ends.filter_map(|end| match format {
        Format::Csv => within_row(body, end),
        Format::JsonLines => within_line(body, end),
        _ => Some(end),
    });
    ends.map(|end| (format!("only its first {end} bytes"), body.get(..end).unwrap_or(body)))
        .collect()
}

/// The end of the last cell but one that is whole, in the row at a position: a table that ends
/// anywhere else may be whole. `None` in a table of one column.
fn within_row(body: &[u8], at: usize) -> Option<usize> {
    let before = body.get(..at)?;
    let end = before.iter().rposition(|byte| matches!(byte, b';' | b',' | b'\t' | b'|'))?;
    // The header has no number of cells that it must have.
    body.get(..end)?.contains(&b'\n').then_some(end)
}

/// A position in a line that is neither its beginning nor its end.
fn within_line(body: &[u8], at: usize) -> Option<usize> {
    let start = body.get(..at)?.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let line = body.get(start..)?.split(|byte| *byte == b'\n').next()?;
    let middle = start.checked_add(line.len().checked_sub(1)?)?;
    Some(at.clamp(start + 1, middle.max(start + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_changed_in_the_first_or_in_all_items() {
        let tree = json!({"a": [{"b": 1}, {"b": 2, "c": "x"}]});
        let nodes = nodes(&tree);
        let names: Vec<String> = nodes.iter().map(Node::name).collect();
        assert_eq!(names, ["the whole response", "`a`", "`a[]`", "`a[].b`", "`a[].c`"]);
        let b = &nodes[3];
        assert_eq!(
            b.removed(&tree, Occurrences::First),
            Some(json!({"a": [{}, {"b": 2, "c": "x"}]}))
        );
        let all = b.replaced(&tree, Occurrences::All, &Value::Null);
        assert_eq!(all, json!({"a": [{"b": null}, {"b": null, "c": "x"}]}));
        assert_eq!(b.wrong(Format::Json).len(), 4);
        assert_eq!(nodes[0].removed(&tree, Occurrences::All), None);
    }
}
