//! The messages in an answer, and what their life depends on.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::awareness::{self, Colour, Severity};
use super::charge;
use crate::dates;

/// Steps of reading an entry: some twenty look-ups, dates and words.
const STEPS_PER_ENTRY: usize = 60;

/// The effect of a message. `Ack` and `Error` answer another system, and have none here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Alert,
    Update,
    Cancel,
}

/// A message: in CAP, its sender, identifier and moment together are unique.
pub struct Message<'a> {
    pub sender: Option<&'a str>,
    pub id: Option<&'a str>,
    pub sent: Option<Timestamp>,
    pub kind: Kind,
    pub references: Option<&'a str>,
    /// Its entries, by index: one for each language and part.
    pub entries: Vec<usize>,
}

/// An entry of the tree: one `info` of a message.
pub struct Entry<'a> {
    pub tree: &'a Map<String, Value>,
    pub message: usize,
    pub language: &'a str,
    pub event: Option<&'a str>,
    pub start: Option<Timestamp>,
    /// When the event ends, for the citizen.
    pub end: Option<Timestamp>,
    /// From when it holds no more: the message may expire before or after the event ends.
    pub over: Option<Timestamp>,
    pub colour: Option<Colour>,
    pub hazard: Option<&'static str>,
    /// `None` when the word is not one of CAP.
    pub severity: Option<Severity>,
    /// Whether it says that all is clear, as opposed to a green warning, which many services send
    /// on every quiet day.
    pub all_clear: bool,
    /// Never empty: an entry without areas has one without keys.
    pub areas: Vec<Area<'a>>,
}

/// An area, and what tells whether it is the area of another entry: its codes, and its name.
#[derive(Default)]
pub struct Area<'a> {
    pub tree: Option<&'a Value>,
    pub keys: Vec<AreaKey<'a>>,
}

/// The scheme of a code and the code, or the name of an area, under an empty scheme.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AreaKey<'a> {
    pub scheme: &'a str,
    pub code: String,
}

/// All messages that count: those that are actual, and meant for the public.
#[derive(Default)]
pub struct Messages<'a> {
    pub messages: Vec<Message<'a>>,
    pub entries: Vec<Entry<'a>>,
    /// Values of the list that are no entries.
    pub strangers: Vec<&'a Value>,
}

/// Statuses of messages that warn of nothing.
const NOT_ACTUAL: [&str; 4] = ["exercise", "system", "test", "draft"];

/// Scopes of messages that are not for everybody (CAP 1.2, section 3.2.1).
const NOT_PUBLIC: [&str; 2] = ["restricted", "private"];

impl<'a> Messages<'a> {
    pub fn read(list: &'a [Value], zone: &TimeZone, budget: &Budget) -> Result<Self, Exhausted> {
        let mut all = Messages::default();
        let mut known: HashMap<(Option<&str>, &str, Option<Timestamp>), usize> = HashMap::new();
        for value in list {
            budget.charge_steps(STEPS_PER_ENTRY)?;
            let Value::Object(tree) = value else {
                charge::<&Value>(budget, 1)?;
                all.strangers.push(value);
                continue;
            };
            let status = text(tree, "status").unwrap_or_default();
            let scope = text(tree, "scope").unwrap_or_default();
            let is = |word: &str, names: &[&str]| {
                names.iter().any(|name| name.eq_ignore_ascii_case(word))
            };
            if is(status, &NOT_ACTUAL) || is(scope, &NOT_PUBLIC) {
                continue;
            }
            let kind = match text(tree, "msgType").unwrap_or_default().to_ascii_lowercase().as_str()
            {
                "update" => Kind::Update,
                "cancel" => Kind::Cancel,
                "ack" | "error" => continue,
                _ => Kind::Alert,
            };
            let (sender, id) = (text(tree, "sender"), text(tree, "identifier"));
            let sent = moment(tree, "sent", zone);
            charge::<Message<'_>>(budget, 1)?;
            let next = all.messages.len();
            // Without an identifier nothing tells which entries belong together.
            let message = match id {
                Some(id) => *known.entry((sender, id, sent)).or_insert(next),
                None => next,
            };
            if message == next {
                let references = text(tree, "references");
                let entries = Vec::new();
                all.messages.push(Message { sender, id, sent, kind, references, entries });
            }
            let entry = Entry::read(tree, message, zone, budget)?;
            if let Some(message) = all.messages.get_mut(message) {
                // The tree holds a long list of references once for each message.
                let longer = |text: &&str| message.references.is_none_or(|r| r.len() < text.len());
                message.references = text(tree, "references").filter(longer).or(message.references);
                charge::<usize>(budget, 2)?;
                message.entries.push(all.entries.len());
            }
            charge::<Entry<'_>>(budget, 1)?;
            all.entries.push(entry);
        }
        Ok(all)
    }

    pub fn message_of(&self, entry: &Entry<'a>) -> Option<&Message<'a>> {
        self.messages.get(entry.message)
    }

    /// Whether an entry withdraws what was said before, and warns of nothing itself.
    pub fn withdraws(&self, entry: &Entry<'a>) -> bool {
        let cancels = self.message_of(entry).is_some_and(|message| message.kind == Kind::Cancel);
        cancels || entry.all_clear || entry.colour == Some(Colour::Green)
    }

    /// Whether all that a message says is that an alert is withdrawn.
    pub fn lifts(&self, message: &Message<'a>) -> bool {
        let mut entries = message.entries.iter().filter_map(|at| self.entries.get(*at));
        message.kind == Kind::Cancel || entries.all(|entry| self.withdraws(entry))
    }
}

impl<'a> Entry<'a> {
    fn read(
        tree: &'a Map<String, Value>,
        message: usize,
        zone: &TimeZone,
        budget: &Budget,
    ) -> Result<Self, Exhausted> {
        let parameters = tree.get("parameters").and_then(Value::as_object);
        let parameter = |name: &str| text(parameters?, name);
        let event = text(tree, "event");
        let words = [event, text(tree, "headline"), text(tree, "title")];
        let is = |value: &Value, word: &str| {
            value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case(word))
        };
        let mut responses =
            tree.get("responseType").and_then(Value::as_array).into_iter().flatten();
        let past = tree.get("urgency").is_some_and(|urgency| is(urgency, "Past"));
        let all_clear = past || responses.any(|response| is(response, "AllClear"));
        let at = |key: &str| moment(tree, key, zone);
        let (expires, ends) = (at("expires"), at("ends"));
        Ok(Entry {
            tree,
            message,
            language: text(tree, "language").unwrap_or_default(),
            event,
            start: at("onset").or_else(|| at("effective")),
            end: ends.or(expires),
            over: [expires, ends].into_iter().flatten().min(),
            colour: awareness::colour(parameter("awareness_level"), &words),
            hazard: awareness::hazard(parameter("awareness_type"), &words),
            severity: Severity::of(text(tree, "severity")),
            all_clear,
            areas: areas(tree, budget)?,
        })
    }
}

fn areas<'a>(tree: &'a Map<String, Value>, budget: &Budget) -> Result<Vec<Area<'a>>, Exhausted> {
    let list = tree.get("areas").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let mut areas = Vec::new();
    for area in list {
        charge::<Area<'_>>(budget, 1)?;
        let mut keys = Vec::new();
        let mut add = |scheme: &'a str, code: &str| {
            charge::<AreaKey<'_>>(budget, 1)?;
            budget.charge_bytes(code.len())?;
            keys.push(AreaKey { scheme, code: code.trim().to_lowercase() });
            Ok(())
        };
        let codes = area.get("geocodes").and_then(Value::as_object).into_iter().flatten();
        for (scheme, values) in codes {
            for code in values.as_array().into_iter().flatten().filter_map(Value::as_str) {
                add(scheme, code)?;
            }
        }
        if let Some(name) = area.get("description").and_then(Value::as_str) {
            add("", name)?;
        }
        keys.sort_unstable();
        keys.dedup();
        keys.shrink_to_fit();
        areas.push(Area { tree: Some(area), keys });
    }
    if areas.is_empty() {
        areas.push(Area::default());
    }
    areas.shrink_to_fit();
    Ok(areas)
}

/// The text at a key, without surrounding spaces; `None` when it is empty.
pub fn text<'a>(tree: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    tree.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn moment(tree: &Map<String, Value>, key: &str, zone: &TimeZone) -> Option<Timestamp> {
    dates::written_date(text(tree, key)?)?.in_zone(zone)
}
