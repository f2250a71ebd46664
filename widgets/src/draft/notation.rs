//! What an answer is written in, guessed by its content.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use voordeur_contract::Format;

use crate::formats::{self, FormatProblem};

/// A sample shows the shape of an answer: of one that is larger than this, in bytes, only so many records are kept.
const LARGEST_SAMPLE: usize = 64_000;
/// See `LARGEST_SAMPLE`.
const RECORDS_KEPT: usize = 20;

/// What can be drafted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// JSON.
    Json,
    /// XML.
    Xml,
    /// A feed, in XML or in JSON.
    Feed,
    /// Things with a position.
    GeoJson,
    /// A table of text.
    Csv,
    /// A calendar.
    Calendar,
}

impl Notation {
    /// The notation of an answer, and its tree: the first of the special ones that it fits, else XML when it begins with `<`, else JSON.
    pub fn read(bytes: &[u8]) -> Result<(Self, Value), FormatProblem> {
        let special = [Notation::Feed, Notation::Calendar, Notation::GeoJson, Notation::Csv];
        for notation in special {
            if let Ok(tree) = formats::read(notation.format(), bytes)
                && notation.fits(&tree)
            {
                return Ok((notation, tree));
            }
        }
        let notation = if begins_with_a_tag(bytes) { Notation::Xml } else { Notation::Json };
        Ok((notation, formats::read(notation.format(), bytes)?))
    }

    /// Whether what was read in this notation is worth more than in a plainer one: without a position GeoJSON is but JSON.
    fn fits(self, tree: &Value) -> bool {
        match self {
            Notation::GeoJson => {
                let items = tree.get("items").and_then(Value::as_array);
                items.into_iter().flatten().any(|item| item["latitude"].is_number())
            }
            _ => true,
        }
    }

    /// Its format in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            Notation::Json => "json",
            Notation::Xml => "xml",
            Notation::Feed => "feed",
            Notation::GeoJson => "geojson",
            Notation::Csv => "csv",
            Notation::Calendar => "icalendar",
        }
    }

    fn format(self) -> Format {
        match self {
            Notation::Json => Format::Json,
            Notation::Xml => Format::Xml,
            Notation::Feed => Format::Feed,
            Notation::GeoJson => Format::GeoJson,
            Notation::Csv => Format::Csv,
            Notation::Calendar => Format::ICalendar,
        }
    }

    /// How a file with these bytes ends.
    pub fn extension(self, bytes: &[u8]) -> &'static str {
        match self {
            Notation::Xml => "xml",
            Notation::Feed if begins_with_a_tag(bytes) => "xml",
            Notation::Json | Notation::Feed => "json",
            Notation::GeoJson => "geojson",
            Notation::Csv => "csv",
            Notation::Calendar => "ics",
        }
    }

    /// The answer as a sample: as it is, or the first of its records when it is large. A feed and a calendar stay whole: what stands
    /// between their items is not in the tree.
    pub fn normal(self, bytes: &[u8], tree: &Value, path: &[String]) -> Vec<u8> {
        if bytes.len() <= LARGEST_SAMPLE {
            return bytes.to_vec();
        }
        match self {
            Notation::Feed | Notation::Calendar => bytes.to_vec(),
            Notation::Json | Notation::Xml => self.written(&shortened(tree, path)),
            Notation::GeoJson => {
                // The tree has lost the shapes.
                let whole = formats::read(Format::Json, bytes).unwrap_or_default();
                self.written(&shortened(&whole, &["features".to_owned()]))
            }
            Notation::Csv => {
                let columns = tree["columns"].as_array().cloned().unwrap_or_default();
                let cell = |row: &Value, column: &Value| {
                    column.as_str().and_then(|column| row.get(column)).cloned().unwrap_or_default()
                };
                let mut table = row(columns.iter());
                for record in tree["rows"].as_array().into_iter().flatten().take(RECORDS_KEPT) {
                    let cells: Vec<Value> =
                        columns.iter().map(|column| cell(record, column)).collect();
                    table.extend(row(cells.iter()));
                }
                table
            }
        }
    }

    /// The answer without records, from a tree whose records stand at `path`.
    pub fn empty(self, tree: &Value, path: &[String]) -> Vec<u8> {
        match self {
            Notation::Json | Notation::Xml => {
                self.written(&replaced(tree, path, Value::Array(Vec::new())))
            }
            Notation::Feed => feed(""),
            Notation::GeoJson => features(""),
            Notation::Csv => row(tree["columns"].as_array().into_iter().flatten()),
            Notation::Calendar => calendar(""),
        }
    }

    /// The answer with something else in the place of its records.
    pub fn malformed(self, tree: &Value, path: &[String]) -> Vec<u8> {
        let wrong = match self {
            Notation::Json => Value::from("no list"),
            Notation::Xml => Value::Array(vec![Value::Object(Map::new())]),
            Notation::Feed => return feed("<item/>"),
            Notation::GeoJson => return features("{ \"type\": \"Feature\" }"),
            Notation::Csv => return b"other,columns\n1,2\n".to_vec(),
            Notation::Calendar => {
                return calendar(
                    "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20991231\r\nEND:VEVENT\r\n",
                );
            }
        };
        self.written(&replaced(tree, path, wrong))
    }

    /// A tree as an answer in this notation.
    fn written(self, tree: &Value) -> Vec<u8> {
        let mut text = String::new();
        match self {
            Notation::Xml => element("answer", tree, &mut text),
            _ => text = format!("{tree:#}"),
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
fn feed(items: &str) -> Vec<u8> {
    format!("<rss version=\"2.0\"><channel><title>Feed</title>{items}</channel></rss>\n")
        .into_bytes()
}

fn features(features: &str) -> Vec<u8> {
    format!("{{ \"type\": \"FeatureCollection\", \"features\": [{features}] }}\n").into_bytes()
}

fn calendar(events: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Voordeur//draft//EN\r\n{events}END:VCALENDAR\r\n")
        .into_bytes()
}

/// A row of a table.
fn row<'a>(cells: impl Iterator<Item = &'a Value>) -> Vec<u8> {
    let quoted = |cell: &Value| {
        let text = cell.as_str().unwrap_or_default();
        format!("\"{}\"", text.replace('"', "\"\""))
    };
    let cells: Vec<String> = cells.map(quoted).collect();
    (cells.join(",") + "\n").into_bytes()
}

/// A tree with the first of its records.
fn shortened(tree: &Value, path: &[String]) -> Value {
    let pointer = pointer(path);
    let records = tree.pointer(&pointer).and_then(Value::as_array).cloned().unwrap_or_default();
    replaced(tree, path, records.into_iter().take(RECORDS_KEPT).collect())
}

fn replaced(tree: &Value, path: &[String], by: Value) -> Value {
    let mut tree = tree.clone();
    if let Some(place) = tree.pointer_mut(&pointer(path)) {
        *place = by;
    }
    tree
}

fn pointer(path: &[String]) -> String {
    path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
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
