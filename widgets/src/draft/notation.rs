//! What an answer is written in, guessed by its content.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use voordeur_contract::Format;

use crate::formats::{self, FormatProblem};

/// What can be drafted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// A feed, in XML or in JSON.
    Feed,
}

impl Notation {
    /// The notation of an answer, and its tree. A feed is told by what it holds; then XML is what begins with `<`, and JSON the rest.
    pub fn read(bytes: &[u8]) -> Result<(Self, Value), FormatProblem> {
        if let Ok(tree) = formats::read(Format::Feed, bytes) {
            return Ok((Notation::Feed, tree));
        }
        let notation = if begins_with_a_tag(bytes) { Notation::Xml } else { Notation::Json };
        Ok((notation, formats::read(notation.format(), bytes)?))
    }

    /// Its format in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Notation::Json => "json",
            Notation::Xml => "xml",
            Notation::Feed => "feed",
        }
    }

    fn format(self) -> Format {
        match self {
            Notation::Json => Format::Json,
            Notation::Xml => Format::Xml,
            Notation::Feed => Format::Feed,
        }
    }

    /// How a file with these bytes ends.
    pub fn extension(self, bytes: &[u8]) -> &'static str {
        match self {
            Notation::Json => "json",
            Notation::Xml => "xml",
            Notation::Feed if begins_with_a_tag(bytes) => "xml",
            Notation::Feed => "json",
        }
    }

    /// The answer without records, from a tree whose records stand at `path`.
    pub fn empty(self, tree: &Value, path: &[String]) -> Vec<u8> {
        match self {
            Notation::Feed => feed(&[]),
            _ => self.written(&replaced(tree, path, Value::Array(Vec::new()))),
        }
    }

    /// The answer with something else in the place of its records.
    pub fn malformed(self, tree: &Value, path: &[String]) -> Vec<u8> {
        let wrong = match self {
            Notation::Feed => return feed(&["<item/>"]),
            Notation::Json => Value::from("no list"),
            Notation::Xml => Value::Array(vec![Value::Object(Map::new())]),
        };
        self.written(&replaced(tree, path, wrong))
    }

    /// A tree as an answer in this notation.
    fn written(self, tree: &Value) -> Vec<u8> {
        let mut text = String::new();
        match self {
            Notation::Xml => element("answer", tree, &mut text),
            Notation::Json | Notation::Feed => text = format!("{tree:#}"),
        }
        text.push('\n');
        text.into_bytes()
    }
}

fn begins_with_a_tag(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // In UTF-16 a zero or a mark stands before or behind each character.
    let marked = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xfe | 0xff);
    bytes.iter().find(marked) == Some(&b'<')
}

/// A feed with these items: whatever form the service uses, all become the same tree.
fn feed(items: &[&str]) -> Vec<u8> {
    let items = items.concat();
    format!("<rss version=\"2.0\"><channel><title>Feed</title>{items}</channel></rss>\n")
        .into_bytes()
}

fn replaced(tree: &Value, path: &[String], by: Value) -> Value {
    let mut tree = tree.clone();
    let pointer: String = path
        .iter()
        .map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")))
        .collect();
    if let Some(place) = tree.pointer_mut(&pointer) {
        *place = by;
    }
    tree
}

/// Writes a tree of XML as XML again, without namespaces.
fn element(name: &str, tree: &Value, text: &mut String) {
    let Value::Object(map) = tree else { return };
    let _ = write!(text, "<{name}");
    for (key, value) in map {
        if let (Some(key), Some(value)) = (key.strip_prefix('@'), value.as_str()) {
            let _ = write!(text, " {key}=\"{}\"", escaped(value));
        }
    }
    text.push('>');
    for (key, value) in map {
        match value {
            Value::Array(children) => {
                children.iter().for_each(|child| element(key, child, text));
            }
            Value::String(words) if key == "#text" => text.push_str(&escaped(words)),
            _ => {}
        }
    }
    let _ = write!(text, "</{name}>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
