//! Conversions between JSON trees, CEL values and the types of the widget API.

use std::collections::HashMap;
use std::sync::Arc;

use cel::Value;
use cel::common::types::{
    CelBool, CelDouble, CelInt, CelList, CelMap, CelMapKey, CelNull, CelString,
};
use cel::common::value::Val;
use cel::objects::{Key, Map};
use jiff::Timestamp;
use jiff::civil::Date;
use voordeur_widget_api::{Language, Link, Moment, Phrase};

/// In characters; longer texts are truncated.
const MAX_TEXT_LENGTH: usize = 600;
/// In characters; longer URLs are dropped, since browsers and servers do not accept them.
const MAX_URL_LENGTH: usize = 2_000;

/// A JSON tree as a CEL value.
pub fn from_json(tree: &serde_json::Value) -> Box<dyn Val> {
    match tree {
        serde_json::Value::Null => Box::new(CelNull),
        serde_json::Value::Bool(flag) => Box::new(CelBool::from(*flag)),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Box::new(CelInt::from(whole)),
            (None, Some(float)) => Box::new(CelDouble::from(float)),
            (None, None) => Box::new(CelNull),
        },
        serde_json::Value::String(text) => Box::new(CelString::from(text.clone())),
        serde_json::Value::Array(list) => {
            Box::new(CelList::from(list.iter().map(from_json).collect::<Vec<_>>()))
        }
        serde_json::Value::Object(object) => {
            let entry =
                |(key, value): (&String, _)| (CelMapKey::from(key.clone()), from_json(value));
            Box::new(CelMap::from(object.iter().map(entry).collect::<HashMap<_, _>>()))
        }
    }
}

/// A value as the CEL interpreter stores it. Types without a counterpart become `null`; no manifest
/// expression yields one.
pub fn into_val(value: Value) -> Box<dyn Val> {
    match value {
        Value::List(list) => {
            let list = Arc::unwrap_or_clone(list).into_iter().map(into_val).collect::<Vec<_>>();
            Box::new(CelList::from(list))
        }
        Value::Map(map) => {
            let entries = Arc::unwrap_or_clone(map.map).into_iter();
            let entries = entries.map(|(key, value)| (CelMapKey::from(key), into_val(value)));
            Box::new(CelMap::from(entries.collect::<HashMap<_, _>>()))
        }
        other => {
            let value: Result<Box<dyn Val>, _> = other.try_into();
            value.unwrap_or_else(|_| Box::new(CelNull))
        }
    }
}

/// A CEL value as JSON, for request bodies.
pub fn to_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Int(whole) => (*whole).into(),
        Value::UInt(whole) => (*whole).into(),
        Value::Float(float) => (*float).into(),
        Value::Bool(flag) => (*flag).into(),
        Value::String(text) => text.as_str().into(),
        Value::List(list) => list.iter().map(to_json).collect(),
        Value::Map(map) => serde_json::Value::Object(
            map.map.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect(),
        ),
        _ => serde_json::Value::Null,
    }
}

pub fn map<'a>(entries: impl Iterator<Item = (&'a str, Value)>) -> Value {
    let map: HashMap<Key, Value> =
        entries.map(|(key, value)| (Key::from(key.to_owned()), value)).collect();
    Value::Map(Map { map: Arc::new(map) })
}

/// The entry of a map.
pub fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Map(map) => map.get(&Key::from(key.to_owned())),
        _ => None,
    }
}

/// A number, also from text with a decimal point or comma.
pub fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Int(whole) => *whole as f64,
        Value::UInt(whole) => *whole as f64,
        Value::Float(float) => *float,
        Value::String(text) => {
            let text = text.trim();
            text.parse().or_else(|_| text.replace(',', ".").parse()).ok()?
        }
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// Text for display: white space collapsed, control characters removed, length limited.
pub fn tidy_text(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len().min(MAX_TEXT_LENGTH));
    for (count, word) in text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .enumerate()
    {
        if count > 0 {
            tidy.push(' ');
        }
        // Bidirectional control characters would affect the text around them.
        tidy.extend(
            word.chars()
                .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')),
        );
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

/// A phrase; `None` for `null` and empty text.
pub fn phrase(value: &Value) -> Option<Phrase> {
    let (text, language) = match value {
        Value::String(text) => (tidy_text(text), None),
        Value::Int(whole) => (whole.to_string(), None),
        Value::UInt(whole) => (whole.to_string(), None),
        Value::Float(float) => (float.to_string(), None),
        Value::Map(_) => {
            let Some(Value::String(text)) = get(value, "text") else { return None };
            let language = match get(value, "language") {
                Some(Value::String(tag)) => tag.parse::<Language>().ok(),
                _ => None,
            };
            (tidy_text(text), language)
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(Phrase { text, language })
}

/// A text value marked with its language.
pub fn text_in_language(text: &str, language: Language) -> Value {
    map([("text", Value::from(text)), ("language", Value::from(language.tag()))].into_iter())
}

/// A moment (seconds) or a date (text).
pub fn moment(value: &Value) -> Option<Moment> {
    match value {
        Value::Int(seconds) => Timestamp::from_second(*seconds).ok().map(Moment::At),
        Value::String(day) => day.parse::<Date>().ok().map(Moment::Day),
        _ => None,
    }
}

/// A link, when the text is an absolute `http` or `https` URL.
pub fn link(value: &Value) -> Option<Link> {
    let Value::String(text) = value else { return None };
    let url = url::Url::parse(text.trim()).ok()?;
    let follows = matches!(url.scheme(), "https" | "http") && url.as_str().len() <= MAX_URL_LENGTH;
    follows.then(|| Link { url: url.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_normalised_for_display() {
        assert_eq!(tidy_text("  a\n\tb\u{0}c\u{202e}d "), "a b cd");
        assert_eq!(tidy_text(&"x".repeat(5_000)).chars().count(), MAX_TEXT_LENGTH);
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert_eq!(link(&Value::from("javascript:alert(1)")), None);
        assert_eq!(link(&Value::from("/relative")), None);
        let endless = format!("https://example.org/{}", "a".repeat(MAX_URL_LENGTH));
        assert_eq!(link(&Value::from(endless)), None);
        assert_eq!(
            link(&Value::from("https://example.org/a b")),
            Some(Link { url: "https://example.org/a%20b".to_owned() })
        );
    }

    #[test]
    fn numbers_are_read_from_text() {
        assert_eq!(number(&Value::from("12,5")), Some(12.5));
        assert_eq!(number(&Value::from(" 7 ")), Some(7.0));
        assert_eq!(number(&Value::from("NaN")), None);
        assert_eq!(number(&Value::Null), None);
    }
}
