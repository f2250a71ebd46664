//! GTFS Realtime 2.0 (<https://gtfs.org/documentation/realtime/reference/>), as protobuf or as
//! JSON. Both give the same tree, that of protobuf's JSON mapping: names in camelCase, enum values
//! by name; but all numbers are JSON numbers.

mod schema;

use std::fmt;

use prost::encoding::{WireType, decode_key, decode_varint};
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, encoding, json, tree};
use schema::{FEED, Field, Kind, Message};

/// Entities beyond this many are omitted.
const MAX_ENTITIES: usize = 50_000;

/// Reads a feed into `header`, `entity` and `truncated`.
pub fn read(bytes: &[u8], budget: &Budget) -> Result<Value, FormatError> {
    // The first byte of a protobuf feed is usually 0x0a, a line feed in text, so only a body
    // without leading line feeds is certainly JSON.
    let is_json = starts_like_json(bytes);
    let tree = if is_json && bytes.first() != Some(&b'\n') {
        from_json(bytes, budget)
    } else {
        let reader = ProtobufReader { body: bytes, budget };
        match reader.message(&FEED, bytes) {
            Err(FormatError::GtfsRealtime(_)) if is_json => from_json(bytes, budget),
            read => read,
        }
    }?;
    let Value::Object(mut tree) = tree else { return Err(error("no feed".to_owned())) };
    if !tree.get("header").is_some_and(Value::is_object) {
        return Err(error("`header` is missing".to_owned()));
    }
    if !tree.contains_key("entity") {
        tree::insert(budget, &mut tree, "entity", Value::Array(Vec::new()))?;
    }
    let mut truncated = false;
    if let Some(Value::Array(entities)) = tree.get_mut("entity") {
        truncated = entities.len() > MAX_ENTITIES;
        entities.truncate(MAX_ENTITIES);
    }
    tree::insert(budget, &mut tree, "truncated", truncated.into())?;
    Ok(Value::Object(tree))
}

/// Whether the first character is `{`, in UTF-8 or UTF-16.
fn starts_like_json(bytes: &[u8]) -> bool {
    let is_before = |byte: u8| {
        byte.is_ascii_whitespace() || matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff)
    };
    bytes.iter().find(|byte| !is_before(**byte)) == Some(&b'{')
}

fn error(reason: String) -> FormatError {
    FormatError::GtfsRealtime(reason)
}

/// Reads protobuf into a tree, with the schema at run time.
struct ProtobufReader<'a, 'b> {
    body: &'a [u8],
    budget: &'b Budget,
}

impl<'a> ProtobufReader<'a, '_> {
    /// The byte offset at which a subslice of the body starts.
    fn offset(&self, rest: &[u8]) -> usize {
        let offset = rest.as_ptr().addr().wrapping_sub(self.body.as_ptr().addr());
        offset.min(self.body.len())
    }

    fn message(&self, message: &Message, bytes: &'a [u8]) -> Result<Value, FormatError> {
        let mut tree = Map::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            self.field(message, &mut rest, &mut tree)?;
        }
        Ok(Value::Object(tree))
    }

    /// Reads the field at the start of `rest` and adds it to the tree, unless it is unknown.
    fn field(
        &self,
        message: &Message,
        rest: &mut &'a [u8],
        tree: &mut Map<String, Value>,
    ) -> Result<(), FormatError> {
        self.budget.charge_steps(1)?;
        let offset = self.offset(rest);
        let fail = |reason: &str| error(format!("{reason} at byte {offset} in {}", message.name));
        let (number, wire) = decode_key(rest).map_err(|_| fail("no field"))?;
        let field = message.fields.iter().find(|field| field.number == number);
        let mismatch = || fail(&format!("field {number} of another type"));
        let truncated = || fail("a truncated field");
        let value = match wire {
            WireType::Varint => {
                let value = decode_varint(rest).map_err(|_| fail("no number"))?;
                let Some(field) = field else { return Ok(()) };
                varint(field.kind, value).ok_or_else(mismatch)?
            }
            WireType::ThirtyTwoBit => {
                let number = take(rest, 4).and_then(|bytes| bytes.try_into().ok());
                let number = f32::from_le_bytes(number.ok_or_else(truncated)?);
                let Some(field) = field else { return Ok(()) };
                let Kind::Float = field.kind else { return Err(mismatch()) };
                // By way of the shortest decimal form, so that 50.85 stays 50.85.
                number.to_string().parse::<f64>().map_or(Value::Null, Value::from)
            }
            WireType::SixtyFourBit => {
                let number = take(rest, 8).and_then(|bytes| bytes.try_into().ok());
                let number = f64::from_le_bytes(number.ok_or_else(truncated)?);
                let Some(field) = field else { return Ok(()) };
                let Kind::Double = field.kind else { return Err(mismatch()) };
                number.into()
            }
            WireType::LengthDelimited => {
                let length = decode_varint(rest).map_err(|_| fail("no length"))?;
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                let bytes = take(rest, length).ok_or_else(truncated)?;
                let Some(field) = field else { return Ok(()) };
                match field.kind {
                    Kind::Text => self.text(bytes)?,
                    Kind::Message(inner) => self.message(inner, bytes)?,
                    _ => return Err(mismatch()),
                }
            }
            WireType::StartGroup | WireType::EndGroup => {
                return Err(fail("a group, which no feed has,"));
            }
        };
        if let Some(field) = field {
            field.insert_into(tree, value, self.budget)?;
        }
        Ok(())
    }

    /// A text; a character takes the place of each invalid byte.
    fn text(&self, bytes: &[u8]) -> Result<Value, Exhausted> {
        let invalid: usize = bytes.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
        let length = bytes.len() + invalid * 2;
        self.budget.charge_bytes(tree::string_bytes(length))?;
        Ok(String::from_utf8_lossy(bytes).into_owned().into())
    }
}

/// Splits off the first bytes.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(taken)
}

fn varint(kind: Kind, value: u64) -> Option<Value> {
    Some(match kind {
        Kind::Signed => (value as i64).into(),
        Kind::Unsigned => value.into(),
        Kind::Bool => (value != 0).into(),
        Kind::Enum(names) => enum_value(names, value as i64),
        _ => return None,
    })
}

/// The name of an enum value; an unknown value stays a number.
fn enum_value(names: &[(i64, &str)], value: i64) -> Value {
    let found = names.iter().find(|(number, _)| *number == value);
    found.map_or_else(|| value.into(), |(_, name)| (*name).into())
}

impl Field {
    /// The name in JSON: camelCase.
    fn json_name(&self) -> String {
        let mut parts = self.name.split('_');
        let mut key = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let mut letters = part.chars();
            key.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            key.push_str(letters.as_str());
        }
        key
    }

    fn insert_into(
        &self,
        tree: &mut Map<String, Value>,
        value: Value,
        budget: &Budget,
    ) -> Result<(), Exhausted> {
        // The names of enum values are short.
        let short = value.as_str().map_or(0, |text| text.len().min(MAX_ENUM_NAME_BYTES));
        budget.charge_bytes(tree::string_bytes(short))?;
        let key = self.json_name();
        if !self.repeated {
            return tree::insert(budget, tree, &key, value);
        }
        if !tree.contains_key(&key) {
            tree::insert(budget, tree, &key, Value::Array(Vec::new()))?;
        }
        match tree.get_mut(&key) {
            Some(Value::Array(list)) => tree::push_value(budget, list, value),
            _ => Ok(()),
        }
    }
}

const MAX_ENUM_NAME_BYTES: usize = 32;

fn from_json(bytes: &[u8], budget: &Budget) -> Result<Value, FormatError> {
    let text = encoding::charged_text(bytes, None, budget)?;
    let text = text.trim_start_matches('\u{feff}');
    let tree =
        json::parse(text, budget).map_err(|error| error.within(FormatError::GtfsRealtime))?;
    normalize(&FEED, tree, &Path::Root, budget)
}

/// Where a value is in a response. It is written for errors only.
enum Path<'p> {
    Root,
    Member(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(Self::Root, name) => formatter.write_str(name),
            Self::Member(outer, name) => write!(formatter, "{outer}.{name}"),
            Self::Item(outer, at) => write!(formatter, "{outer}[{at}]"),
        }
    }
}

/// Converts JSON to protobuf's JSON mapping. Accepts names in snake_case or with other
/// capitalisation, numbers in text, and enum values by number.
fn normalize(
    message: &Message,
    tree: Value,
    path: &Path<'_>,
    budget: &Budget,
) -> Result<Value, FormatError> {
    let Value::Object(members) = tree else {
        return Err(error(format!("`{path}` is not an object")));
    };
    let mut tree = Map::new();
    for (key, value) in members {
        budget.charge_steps(message.fields.len())?;
        let Some(field) = message.fields.iter().find(|field| is_spelling(&key, field.name)) else {
            continue;
        };
        let path = Path::Member(path, field.name);
        match value {
            Value::Null => {}
            Value::Array(values) if field.repeated => {
                let name = field.json_name();
                if !tree.contains_key(&name) {
                    tree::insert(budget, &mut tree, &name, Value::Array(Vec::new()))?;
                }
                for (at, value) in values.into_iter().enumerate() {
                    let value = normalize_value(field, value, &Path::Item(&path, at), budget)?;
                    field.insert_into(&mut tree, value, budget)?;
                }
            }
            value => {
                let value = normalize_value(field, value, &path, budget)?;
                field.insert_into(&mut tree, value, budget)?;
            }
        }
    }
    Ok(Value::Object(tree))
}

/// Whether two names are the same but for underscores and capitals.
fn is_spelling(key: &str, name: &str) -> bool {
    folded(key).eq(folded(name))
}

fn folded(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

fn normalize_value(
    field: &Field,
    value: Value,
    path: &Path<'_>,
    budget: &Budget,
) -> Result<Value, FormatError> {
    let number = |value: &Value| match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) => {
            let text = text.trim();
            let whole = text.parse::<i64>().map(Value::from);
            whole.ok().or_else(|| {
                let number = text.parse().or_else(|_| text.replacen(',', ".", 1).parse::<f64>());
                number.ok().filter(|number| number.is_finite()).map(Value::from)
            })
        }
        _ => None,
    };
    let mismatch = || error(format!("`{path}` is of another type"));
    match field.kind {
        Kind::Message(inner) => normalize(inner, value, path, budget),
        Kind::Text => match value {
            Value::String(_) => Ok(value),
            Value::Number(number) => Ok(tree::text(budget, &number.to_string())?),
            _ => Err(mismatch()),
        },
        Kind::Bool => match &value {
            Value::Bool(_) => Ok(value),
            Value::String(text) => {
                Ok(["true", "1"].iter().any(|yes| text.eq_ignore_ascii_case(yes)).into())
            }
            Value::Number(number) => Ok((number.as_i64() != Some(0)).into()),
            _ => Err(mismatch()),
        },
        Kind::Enum(names) => match (&value, number(&value).and_then(|number| number.as_i64())) {
            (_, Some(number)) => Ok(enum_value(names, number)),
            (Value::String(text), None) => {
                Ok(tree::text(budget, &text.trim().to_ascii_uppercase())?)
            }
            _ => Err(mismatch()),
        },
        Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Double => {
            number(&value).ok_or_else(mismatch)
        }
    }
}

#[cfg(test)]
mod tests;
