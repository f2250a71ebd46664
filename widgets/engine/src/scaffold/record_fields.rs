//! The fields of records, with their values.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::manifest::functions::{LANGUAGE_KEYS, TEXT_KEYS};
use crate::manifest::number_text;

use super::record_list::{is_path_key, normalised};

/// Maximum nesting at which fields are searched.
const MAX_DEPTH: usize = 12;
/// Number of records that are examined.
const MAX_RECORDS: usize = 50;
/// Languages of public services in Europe, ISO 639-1.
const LANGUAGES: [&str; 28] = [
    "nl", "fr", "de", "en", "es", "it", "pt", "pl", "sv", "da", "fi", "nb", "no", "cs", "sk", "sl",
    "hr", "hu", "ro", "bg", "el", "et", "lv", "lt", "ga", "mt", "lb", "ca",
];

/// A field that most records have.
pub struct Field<'a> {
    /// Path in a record, as `at` takes it.
    pub path: String,
    /// Name in lower case, without namespace prefix.
    pub name: String,
    pub depth: usize,
    /// Whether it is a text in several languages.
    pub translated: bool,
    pub values: Vec<&'a Value>,
    /// Number of records examined.
    pub record_count: usize,
}

impl Field<'_> {
    pub fn all(&self, holds: impl Fn(&Value) -> bool) -> bool {
        self.values.iter().all(|value| holds(value))
    }

    pub fn in_every_record(&self) -> bool {
        self.values.len() == self.record_count
    }

    pub fn distinct_count(&self) -> usize {
        self.values.iter().map(|value| value.to_string()).collect::<HashSet<_>>().len()
    }

    /// Whether its values differ between records.
    pub fn varies(&self) -> bool {
        self.record_count == 1 || self.distinct_count() > 1
    }

    /// Its value in a record, if present and not empty.
    pub fn of<'r>(&self, record: &'r Value) -> Option<&'r Value> {
        let pointer = match self.path.as_str() {
            "" => String::new(),
            path => format!("/{}", path.replace('~', "~0").replace('/', "~1").replace('.', "/")),
        };
        record.pointer(&pointer).filter(|value| is_filled(value))
    }

    /// Whether its values are descriptive text: no dates, URLs, numbers, codes or identifiers.
    pub fn is_descriptive(&self) -> bool {
        self.translated || (self.all(is_words) && !self.mostly(is_identifier) && !self.all(is_code))
    }

    fn mostly(&self, holds: impl Fn(&Value) -> bool) -> bool {
        self.values.iter().filter(|value| holds(value)).count() * 2 > self.values.len()
    }
}

/// The fields of records, in order.
pub fn of(records: &[Value]) -> Vec<Field<'_>> {
    let record_count = &records[..records.len().min(MAX_RECORDS)];
    let mut all =
        Fields { list: Vec::new(), places: HashMap::new(), record_count: record_count.len() };
    for record in record_count {
        all.visit(record, "", "", 0);
    }
    // A field that most records lack would exclude most of them.
    all.list.retain(|field| field.values.len() * 2 > record_count.len());
    all.list
}

struct Fields<'a> {
    list: Vec<Field<'a>>,
    places: HashMap<String, usize>,
    record_count: usize,
}

impl<'a> Fields<'a> {
    fn visit(&mut self, value: &'a Value, path: &str, name: &str, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        let inside =
            |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        if let Some(text) = in_several_languages(value) {
            return self.add(text, path, name, depth, true);
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter().filter(|(key, _)| is_path_key(key)) {
                    // The text of an element, or a name in one language, takes the name of its
                    // parent.
                    match key.as_str() {
                        "#text" | "spelling" | "CharacterString" | "Anchor" => {
                            self.visit(value, &inside(key), name, depth)
                        }
                        _ => self.visit(value, &inside(key), &normalised(key), depth + 1),
                    }
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().take(2).enumerate() {
                    let name = match (name, index) {
                        // GeoJSON, RFC 7946, section 3.1.1: longitude first.
                        ("coordinates", 0) if value.is_number() => "longitude",
                        ("coordinates", _) if value.is_number() => "latitude",
                        (name, _) => name,
                    };
                    self.visit(value, &inside(&index.to_string()), name, depth + 1);
                }
            }
            _ if is_filled(value) => self.add(value, path, name, depth, false),
            _ => {}
        }
    }

    fn add(&mut self, value: &'a Value, path: &str, name: &str, depth: usize, translated: bool) {
        let at = *self.places.entry(path.to_owned()).or_insert_with(|| {
            self.list.push(Field {
                path: path.to_owned(),
                name: name.to_owned(),
                depth,
                translated,
                values: Vec::new(),
                record_count: self.record_count,
            });
            self.list.len() - 1
        });
        self.list[at].values.push(value);
    }
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// The first text of a value in several languages, in a form that `translated` supports.
fn in_several_languages(value: &Value) -> Option<&Value> {
    let tag = |key: &str| {
        let (language, region) = key.split_at_checked(2).unwrap_or_default();
        let language = language.to_lowercase();
        LANGUAGES.contains(&language.as_str()) && (region.is_empty() || region.starts_with('-'))
    };
    let version = |map: &'_ Map<String, Value>| {
        LANGUAGE_KEYS.iter().any(|key| map.get(*key).is_some_and(Value::is_string))
    };
    match value {
        Value::Object(map) if map.len() > 1 && map.keys().all(|key| tag(key)) => {
            map.values().find(|text| text.is_string() && is_filled(text))
        }
        Value::Array(list) if list.iter().all(|one| one.as_object().is_some_and(version)) => {
            let first = list.first()?.as_object()?;
            TEXT_KEYS.iter().find_map(|key| first.get(*key)).filter(|text| text.is_string())
        }
        _ => None,
    }
}

pub fn is_link(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default().trim();
    (text.starts_with("https://") || text.starts_with("http://"))
        && url::Url::parse(text).is_ok_and(|url| url.domain().is_some_and(|d| d.contains('.')))
}

pub fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| number_text::number(value.as_str()?))
}

fn is_words(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    // Well-known text geometry: OGC 06-103r4, section 7.
    let shape =
        ["POINT", "LINESTRING", "POLYGON", "MULTI"].iter().any(|kind| text.starts_with(kind))
            && text.contains('(');
    text.contains(char::is_alphabetic)
        && !shape
        && !is_link(value)
        && super::date_formats::kind(value, "date").is_none()
}

/// A short code means nothing without its table.
fn is_code(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().chars().count() <= 3)
}

fn is_identifier(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default().trim();
    if text.contains(char::is_whitespace) {
        return false;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let end = text.rsplit([':', '/', '_', '.', '-']).next().unwrap_or_default();
    let numbered =
        end.len() > 2 && end.len() < text.len() && end.bytes().all(|b| b.is_ascii_digit());
    let hexadecimal = text.len() >= 20 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    digits * 2 >= text.chars().count() || numbered || hexadecimal || text.starts_with("urn:")
}
