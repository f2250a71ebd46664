//! The Common Alerting Protocol, CAP 1.2 (<https://docs.oasis-open.org/emergency/cap/v1.2/>): one
//! alert, or a feed of alerts, in XML or in JSON.
//!
//! No crate serves: `oasiscap` reads a single alert that conforms to the specification; warning
//! services also publish feeds whose entries contain some of the elements of an alert.

mod json;
mod markup;
mod place;

use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, excerpt, tree};

/// Alerts beyond this many are left out, and counted.
const MAX_ALERTS: usize = 5_000;

/// Repeated elements of an alert beyond this many of the same name are omitted.
const MAX_REPEATED: usize = 500;

/// Longer texts are cut off: those of an alert are copied into the entry of each language.
const MAX_TEXT_BYTES: usize = 20_000;

/// Points of a polygon beyond this many are omitted.
const MAX_POINTS: usize = 5_000;

/// Elements that occur at most once in `alert`.
const ALERT_ELEMENTS: [&str; 9] = [
    "identifier",
    "sender",
    "sent",
    "status",
    "msgType",
    "scope",
    "note",
    "references",
    "incidents",
];

/// Elements that occur at most once in `info`, which repeats an alert in one language.
const INFO_ELEMENTS: [&str; 14] = [
    "language",
    "event",
    "urgency",
    "severity",
    "certainty",
    "audience",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
];

/// Those of the elements that are of type `dateTime`.
const DATE_TIMES: [&str; 4] = ["sent", "effective", "onset", "expires"];

/// Reads an alert, alerts in a document that contains them, or a feed whose entries contain CAP
/// elements; in XML, or in the JSON that services make of it.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
        json::read(text, budget)
    } else {
        markup::read(text, budget)
    }
}

/// Adds one entry for each `info` of an alert, with the elements of the alert itself. An alert
/// without `info` has one entry too: a cancellation needs none.
fn flatten(
    budget: &Budget,
    alert: &Map<String, Value>,
    alerts: &mut Vec<Value>,
) -> Result<(), Exhausted> {
    let none = Map::new();
    let infos = alert.get("info").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let infos = infos.iter().filter_map(Value::as_object);
    let absent = alert.get("info").is_none_or(|infos| infos.as_array().is_none_or(Vec::is_empty));
    for (nth, info) in infos.chain(absent.then_some(&none)).enumerate() {
        let mut entry = Map::new();
        for (key, value) in alert.iter().filter(|(key, _)| *key != "info").chain(info) {
            let value = match value {
                // A message may replace a thousand others, and repeat itself in ten languages.
                Value::String(text) if nth > 0 && key == "references" => {
                    tree::text(budget, first_words(text))?
                }
                _ => tree::copy(budget, value)?,
            };
            tree::insert(budget, &mut entry, key, value)?;
        }
        for key in INFO_ELEMENTS.into_iter().filter(|key| !info.contains_key(*key)) {
            tree::insert(budget, &mut entry, key, Value::Null)?;
        }
        for (key, from) in [("title", "headline"), ("link", "web")] {
            let value =
                info.get(from).map_or(Ok(Value::Null), |value| tree::copy(budget, value))?;
            tree::insert(budget, &mut entry, key, value)?;
        }
        tree::push_value(budget, alerts, Value::Object(entry))?;
    }
    Ok(())
}

/// The beginning of a long text, up to a space.
fn first_words(text: &str) -> &str {
    if text.len() <= MAX_TEXT_BYTES {
        return text;
    }
    let start = &text[..text.floor_char_boundary(MAX_TEXT_BYTES)];
    start.rsplit_once(char::is_whitespace).map_or("", |(words, _)| words)
}

#[cfg(test)]
mod tests;
