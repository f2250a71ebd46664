//! Values of the expression language. A value borrows from the responses wherever it can: an item
//! of a response, or a text in it, is never copied, however often an expression reads it.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Tree;
use voordeur_formats::without_c1_control;
use voordeur_widget_api::{Budget, Exhausted, LanguageTag, Link, MAX_LINES_BYTES, Moment, Phrase};

use super::number_text;

/// In characters; longer texts are truncated.
const MAX_TEXT_LENGTH: usize = 600;
/// In characters; longer URLs are dropped, since browsers and servers do not accept them.
const MAX_URL_LENGTH: usize = 2_000;
/// Estimated memory of a node of a tree, beside its text.
const BYTES_PER_NODE: usize = 48;

/// A value. Cloning one never copies its content.
#[derive(Clone, Debug)]
pub enum Value<'v> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Text<'v>),
    List(List<'v>),
    Map(Map<'v>),
}

/// A text: part of a response, or made by an expression.
#[derive(Clone)]
pub enum Text<'v> {
    Borrowed(&'v str),
    Shared(Arc<str>),
}

/// A list: part of a response, or made by an expression.
#[derive(Clone, Debug)]
pub enum List<'v> {
    Tree(&'v [Tree]),
    Values(Arc<[Value<'v>]>),
    /// Takes the place of a list that is `null`. It has no items, and no block may conclude from it
    /// that there is nothing to report.
    Absent,
}

/// A map: part of a response, or made by an expression.
#[derive(Clone, Debug)]
pub enum Map<'v> {
    /// Always an object.
    Tree(&'v Tree),
    /// Sorted by key, each key once.
    Values(Arc<[(Key<'v>, Value<'v>)]>),
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key<'v> {
    Bool(bool),
    Int(i64),
    Text(Text<'v>),
}

/// The type of a value. The names of its variants are part of error messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Null,
    Bool,
    Int,
    Float,
    String,
    List,
    Map,
}

impl Kind {
    /// The name that CEL gives to the type.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Null => "null_type",
            Kind::Bool => "bool",
            Kind::Int => "int",
            Kind::Float => "double",
            Kind::String => "string",
            Kind::List => "list",
            Kind::Map => "map",
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Borrowed(text) => text,
            Text::Shared(text) => text,
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<'v> Text<'v> {
    /// The part of the text that begins at the byte `at`, borrowed when the text itself is.
    pub fn part(&self, part: &str, at: usize) -> Text<'v> {
        match self {
            Text::Borrowed(text) => match text.get(at..at.saturating_add(part.len())) {
                Some(part) => Text::Borrowed(part),
                None => Text::Shared(part.into()),
            },
            Text::Shared(_) => Text::Shared(part.into()),
        }
    }
}

impl<'v> List<'v> {
    pub fn len(&self) -> usize {
        match self {
            List::Tree(items) => items.len(),
            List::Values(items) => items.len(),
            List::Absent => 0,
        }
    }

    pub fn get(&self, index: usize) -> Option<Value<'v>> {
        match self {
            List::Tree(items) => items.get(index).map(Value::of_tree),
            List::Values(items) => items.get(index).cloned(),
            List::Absent => None,
        }
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Value<'v>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

impl<'v> Map<'v> {
    /// A map of entries with unique keys; the repeated key when there is one.
    pub fn unique(mut entries: Vec<(Key<'v>, Value<'v>)>) -> Result<Map<'v>, Key<'v>> {
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        let twice = entries.windows(2).find(|pair| matches!(pair, [a, b] if a.0 == b.0));
        match twice {
            Some([(key, _), ..]) => Err(key.clone()),
            _ => Ok(Map::Values(entries.into())),
        }
    }

    /// A map of entries, of which the last counts when a key is repeated.
    pub fn last_of_each(mut entries: Vec<(Key<'v>, Value<'v>)>) -> Map<'v> {
        entries.reverse();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|later, first| later.0 == first.0);
        Map::Values(entries.into())
    }

    pub fn len(&self) -> usize {
        match self {
            Map::Tree(tree) => tree.as_object().map_or(0, serde_json::Map::len),
            Map::Values(entries) => entries.len(),
        }
    }

    /// The entry with a text as its key.
    pub fn get(&self, key: &str) -> Option<Value<'v>> {
        match self {
            Map::Tree(tree) => tree.get(key).map(Value::of_tree),
            Map::Values(entries) => {
                let order = |entry: &(Key<'v>, Value<'v>)| match &entry.0 {
                    Key::Text(text) => (**text).cmp(key),
                    _ => Ordering::Less,
                };
                let at = entries.binary_search_by(order).ok()?;
                entries.get(at).map(|(_, value)| value.clone())
            }
        }
    }

    pub fn get_key(&self, key: &Key<'_>) -> Option<Value<'v>> {
        if let Key::Text(text) = key {
            return self.get(text);
        }
        let Map::Values(entries) = self else { return None };
        let at = entries.binary_search_by(|entry| entry.0.cmp(key)).ok()?;
        entries.get(at).map(|(_, value)| value.clone())
    }

    /// The entries, sorted by key.
    pub fn entries(&self) -> Vec<(Key<'v>, Value<'v>)> {
        match self {
            Map::Tree(tree) => {
                let entries = tree.as_object().into_iter().flatten();
                let entry = |(key, value): (&'v String, &'v Tree)| {
                    (Key::Text(Text::Borrowed(key)), Value::of_tree(value))
                };
                entries.map(entry).collect()
            }
            Map::Values(entries) => entries.to_vec(),
        }
    }
}

impl<'v> Key<'v> {
    /// The key that a value denotes in a look-up, where `1.0` is `1`. `None` when a value of its
    /// type is no key.
    pub fn of(value: &Value<'v>) -> Option<Key<'v>> {
        match value {
            Value::Bool(flag) => Some(Key::Bool(*flag)),
            Value::Int(whole) => Some(Key::Int(*whole)),
            Value::Text(text) => Some(Key::Text(text.clone())),
            _ => None,
        }
    }

    pub fn value(self) -> Value<'v> {
        match self {
            Key::Bool(flag) => Value::Bool(flag),
            Key::Int(whole) => Value::Int(whole),
            Key::Text(text) => Value::Text(text),
        }
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Bool(flag) => flag.fmt(f),
            Key::Int(whole) => whole.fmt(f),
            Key::Text(text) => f.write_str(text),
        }
    }
}

impl<'v> Value<'v> {
    /// A node of a tree, in place.
    pub fn of_tree(tree: &'v Tree) -> Self {
        match tree {
            Tree::Null => Value::Null,
            Tree::Bool(flag) => Value::Bool(*flag),
            Tree::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Value::Int(whole),
                (None, Some(float)) => Value::Float(float),
                (None, None) => Value::Null,
            },
            Tree::String(text) => Value::Text(Text::Borrowed(text)),
            Tree::Array(items) => Value::List(List::Tree(items)),
            Tree::Object(_) => Value::Map(Map::Tree(tree)),
        }
    }

    /// A copy of a tree that a function made.
    pub fn made(tree: &Tree) -> Self {
        match tree {
            Tree::String(text) => Value::text(text.as_str()),
            Tree::Array(items) => Value::list(items.iter().map(Value::made).collect()),
            Tree::Object(entries) => {
                let entry = |(key, value): (&String, &Tree)| {
                    (Key::Text(Text::Shared(key.as_str().into())), Value::made(value))
                };
                Value::Map(Map::last_of_each(entries.iter().map(entry).collect()))
            }
            Tree::Bool(flag) => Value::Bool(*flag),
            Tree::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Value::Int(whole),
                (None, float) => Value::float(float),
            },
            Tree::Null => Value::Null,
        }
    }

    /// A text that an expression made.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::Text(Text::Shared(text.into()))
    }

    /// A list that an expression made.
    pub fn list(items: Vec<Value<'v>>) -> Self {
        Value::List(List::Values(items.into()))
    }

    /// A map from text to text.
    pub fn texts<'k: 'v>(entries: impl Iterator<Item = (&'k str, Text<'v>)>) -> Self {
        let entry = |(key, text)| (Key::Text(Text::Borrowed(key)), Value::Text(text));
        Value::Map(Map::last_of_each(entries.map(entry).collect()))
    }

    /// A number; `null` when there is none, or none that is finite.
    pub fn float(number: Option<f64>) -> Self {
        number.filter(|number| number.is_finite()).map_or(Value::Null, Value::Float)
    }

    pub fn kind(&self) -> Kind {
        match self {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) => Kind::Int,
            Value::Float(_) => Kind::Float,
            Value::Text(_) => Kind::String,
            Value::List(_) => Kind::List,
            Value::Map(_) => Kind::Map,
        }
    }

    /// The entry of a map; `None` when it is absent, or the value is no map.
    pub fn get(&self, key: &str) -> Option<Value<'v>> {
        match self {
            Value::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// Whether two values are equal; numbers of different types are compared by value.
    ///
    /// # Errors
    /// When the comparison is beyond the budget.
    pub fn equals(&self, other: &Value<'_>, budget: &Budget) -> Result<bool, Exhausted> {
        Ok(match (self, other) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
            (Value::Text(a), Value::Text(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                budget.charge_steps(a.len() / 64)?;
                **a == **b
            }
            (Value::List(a), Value::List(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b.iter()) {
                    budget.charge_steps(1)?;
                    if !a.equals(&b, budget)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Value::Map(a), Value::Map(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                budget.charge_steps(a.len())?;
                for (key, value) in a.entries() {
                    match b.get_key(&key) {
                        Some(other) if value.equals(&other, budget)? => {}
                        _ => return Ok(false),
                    }
                }
                true
            }
            _ => false,
        })
    }

    /// A copy as a tree, for request bodies and for readers of trees.
    ///
    /// # Errors
    /// When the copy is beyond the budget.
    pub fn to_tree(&self, budget: &Budget) -> Result<Tree, Exhausted> {
        budget.charge_steps(1)?;
        budget.charge_bytes(BYTES_PER_NODE)?;
        Ok(match self {
            Value::Null => Tree::Null,
            Value::Bool(flag) => (*flag).into(),
            Value::Int(whole) => (*whole).into(),
            Value::Float(float) => (*float).into(),
            Value::Text(text) => {
                budget.charge_bytes(text.len())?;
                Tree::String((**text).to_owned())
            }
            Value::List(list) => {
                let items: Result<Vec<Tree>, Exhausted> =
                    list.iter().map(|item| item.to_tree(budget)).collect();
                Tree::Array(items?)
            }
            Value::Map(map) => {
                let mut object = serde_json::Map::new();
                for (key, value) in map.entries() {
                    object.insert(key.to_string(), value.to_tree(budget)?);
                }
                Tree::Object(object)
            }
        })
    }

    /// A number, also from text, see [`number_text::number`].
    pub fn number(&self) -> Option<f64> {
        let number = match self {
            Value::Int(whole) => *whole as f64,
            Value::Float(float) => *float,
            Value::Text(text) => return number_text::number(text),
            _ => return None,
        };
        number.is_finite().then_some(number)
    }

    /// A phrase; `None` for `null` and empty text.
    pub fn phrase(&self) -> Option<Phrase> {
        let (text, language) = match self {
            Value::Text(text) => (tidy_text(text), None),
            Value::Int(whole) => (whole.to_string(), None),
            Value::Float(float) if float.is_finite() => (float.to_string(), None),
            Value::Map(map) => {
                let Some(Value::Text(text)) = map.get("text") else { return None };
                let language = match map.get("language") {
                    Some(Value::Text(tag)) => tag.parse::<LanguageTag>().ok(),
                    _ => None,
                };
                (tidy_text(&text), language)
            }
            _ => return None,
        };
        (!text.is_empty()).then_some(Phrase { text, language })
    }

    /// The same of a text that the citizen wrote, who gave it its line breaks: it keeps them, and
    /// the spaces within a line.
    pub fn own_phrase(&self) -> Option<Phrase> {
        let Value::Text(text) = self else { return self.phrase() };
        let text = tidy_lines(text);
        (!text.is_empty()).then_some(Phrase { text, language: None })
    }

    /// A moment (seconds) or a date (text).
    pub fn moment(&self) -> Option<Moment> {
        match self {
            Value::Int(seconds) => Timestamp::from_second(*seconds).ok().map(Moment::At),
            Value::Text(day) => day.parse::<Date>().ok().map(Moment::Day),
            _ => None,
        }
    }

    /// A link, when the text is an absolute `http` or `https` URL.
    pub fn link(&self) -> Option<Link> {
        let Value::Text(text) = self else { return None };
        let text = text.trim();
        // A URL only grows when it is parsed.
        if text.len() > MAX_URL_LENGTH.saturating_mul(4) {
            return None;
        }
        let url = url::Url::parse(text).ok()?;
        let follows =
            matches!(url.scheme(), "https" | "http") && url.as_str().len() <= MAX_URL_LENGTH;
        follows.then(|| Link { url: url.into() })
    }
}

/// Charges for a tree before it is copied.
///
/// # Errors
/// When the copy is beyond the budget.
pub fn charge_tree(tree: &Tree, budget: &Budget) -> Result<(), Exhausted> {
    budget.charge_nodes(1)?;
    budget.charge_bytes(BYTES_PER_NODE)?;
    match tree {
        Tree::String(text) => budget.charge_bytes(text.len()),
        Tree::Array(items) => items.iter().try_for_each(|item| charge_tree(item, budget)),
        Tree::Object(entries) => entries.iter().try_for_each(|(key, value)| {
            budget.charge_bytes(key.len())?;
            charge_tree(value, budget)
        }),
        _ => Ok(()),
    }
}

/// Bidirectional control characters, which would affect the text around them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text for display: white space collapsed, control characters removed, length limited.
pub fn tidy_text(text: &str) -> String {
    if is_tidy(text) {
        return text.to_owned();
    }
    let repaired: String;
    let text = if text.chars().any(|c| matches!(c, '\u{80}'..='\u{9f}')) {
        // They were meant as characters of windows-1252, and may come from an escape.
        repaired = text.chars().map(without_c1_control).collect();
        &repaired
    } else {
        text
    };
    let mut tidy = String::with_capacity(text.len().min(MAX_TEXT_LENGTH));
    for (count, word) in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .enumerate()
    {
        if count > 0 {
            tidy.push(' ');
        }
        tidy.extend(word.chars().filter(|c| !is_bidi_control(*c)).take(MAX_TEXT_LENGTH * 4));
        if tidy.len() > MAX_TEXT_LENGTH * 4 {
            break;
        }
    }
    if tidy.chars().count() > MAX_TEXT_LENGTH {
        tidy = tidy.chars().take(MAX_TEXT_LENGTH - 1).collect();
        tidy.push('…');
    }
    tidy
}

/// A text of several lines for display: control characters are removed, and so is what is beyond the
/// length of a setting.
fn tidy_lines(text: &str) -> String {
    let tidy = |line: &str| -> String {
        let spaced = line.chars().map(|c| if c == '\t' { ' ' } else { c });
        let line: String = spaced.filter(|c| !c.is_control() && !is_bidi_control(*c)).collect();
        line.trim_end().to_owned()
    };
    let end = text.floor_char_boundary(MAX_LINES_BYTES);
    let lines: Vec<String> = text.get(..end).unwrap_or_default().lines().map(tidy).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Whether a text is short ASCII without anything that `tidy_text` changes, as most are.
fn is_tidy(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut before = b' ';
    for byte in bytes {
        if !matches!(byte, b' '..=b'~') || (*byte == b' ' && before == b' ') {
            return false;
        }
        before = *byte;
    }
    bytes.len() <= MAX_TEXT_LENGTH && (bytes.is_empty() || before != b' ')
}

/// A text value marked with its language.
pub fn text_in_language<'v>(text: Text<'v>, language: &LanguageTag) -> Value<'v> {
    let entries = [("text", text), ("language", Text::Shared(language.as_str().into()))];
    Value::texts(entries.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value<'_> {
        Value::Text(Text::Borrowed(text))
    }

    #[test]
    fn the_lines_of_a_citizen_are_kept_without_control_characters() {
        let text = "Vuilnis:\n\n  \tmaandag\u{202e}\u{1b}[31m \u{0}\nwoensdag\u{85}\n\n";
        assert_eq!(tidy_lines(text), "Vuilnis:\n\n   maandag[31m\nwoensdag");
        assert_eq!(tidy_lines(&"é".repeat(5_000)).len(), MAX_LINES_BYTES);
        assert_eq!(tidy_lines(" \u{202e}\n\t\n"), "");
    }

    #[test]
    fn text_is_normalised_for_display() {
        assert_eq!(tidy_text("  a\n\tb\u{0}c\u{202e}d "), "a b cd");
        assert_eq!(tidy_text("a\u{2066}b\u{2069}\u{2028}c\r\nd"), "ab c d");
        assert_eq!(tidy_text("don\u{92}t \u{81}"), "don’t");
        assert_eq!(tidy_text(&"x".repeat(5_000)).chars().count(), MAX_TEXT_LENGTH);
        for tidy in ["", "a", "a b", "a b c."] {
            assert!(is_tidy(tidy) && tidy_text(tidy) == tidy, "{tidy:?}");
        }
        for untidy in [" a", "a ", "a  b", "a\tb", "a\u{a0}b", " "] {
            assert!(!is_tidy(untidy) && tidy_text(untidy) != untidy, "{untidy:?}");
        }
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert_eq!(text("javascript:alert(1)").link(), None);
        assert_eq!(text("/relative").link(), None);
        let endless = format!("https://example.org/{}", "a".repeat(MAX_URL_LENGTH));
        assert_eq!(text(&endless).link(), None);
        assert_eq!(
            text("https://example.org/a b").link(),
            Some(Link { url: "https://example.org/a%20b".to_owned() })
        );
    }

    #[test]
    fn numbers_are_read_from_text() {
        assert_eq!(text("12,5").number(), Some(12.5));
        assert_eq!(text("1.234,5").number(), Some(1_234.5));
        assert_eq!(text(" 7 ").number(), Some(7.0));
        assert_eq!(text("NaN").number(), None);
        assert_eq!(text("1e999").number(), None);
        assert_eq!(Value::Null.number(), None);
    }

    #[test]
    fn a_map_finds_its_keys_and_keeps_the_last_of_each() {
        let key = |text: &'static str| Key::Text(Text::Borrowed(text));
        let entries = vec![
            (key("b"), Value::Int(1)),
            (Key::Int(7), Value::Int(2)),
            (key("a"), Value::Int(3)),
            (key("b"), Value::Int(4)),
        ];
        assert_eq!(Map::unique(entries.clone()).err(), Some(key("b")));
        let map = Map::last_of_each(entries);
        assert_eq!(map.len(), 3);
        assert!(matches!(map.get("a"), Some(Value::Int(3))));
        assert!(matches!(map.get("b"), Some(Value::Int(4))));
        assert!(matches!(map.get_key(&Key::Int(7)), Some(Value::Int(2))));
        assert!(map.get("c").is_none() && map.get_key(&Key::Bool(true)).is_none());
    }

    #[test]
    fn a_comparison_is_charged() {
        let tree: Tree = (0..100).map(Tree::from).collect();
        let list = Value::of_tree(&tree);
        let budget = Budget::default();
        assert_eq!(list.equals(&list, &budget), Ok(true));
        assert_eq!(budget.spent().steps, 100);
    }
}
