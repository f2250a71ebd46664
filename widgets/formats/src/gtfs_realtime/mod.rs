//! GTFS Realtime 2.0 (<https://gtfs.org/documentation/realtime/reference/>), as protobuf or as
//! JSON. Both give the same tree, that of protobuf's JSON mapping: names in camelCase, enum values
//! by name; but all numbers are JSON numbers.

mod schema;

use prost::encoding::{WireType, decode_key, decode_varint};
use serde_json::{Map, Value};

use super::{FormatError, encoding};
use schema::{FEED, Field, Kind, Message};

/// Entities beyond this many are omitted.
const MAX_ENTITIES: usize = 50_000;

/// Maximum number of messages in a feed: an empty message takes two bytes in protobuf, and a
/// hundred in the tree.
const MAX_MESSAGES: usize = 1_000_000;

/// Reads a feed into `header`, `entity` and `truncated`.
pub fn read(bytes: &[u8]) -> Result<Value, FormatError> {
    let text = || encoding::text(bytes);
    let is_json = |text: &str| text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    // The first byte of a protobuf feed is usually 0x0a, a line feed in text, so only a body
    // without leading line feeds is certainly JSON.
    let tree = if bytes.first() != Some(&b'\n') && is_json(&text()) {
        from_json(&text())
    } else {
        let mut reader = ProtobufReader { body: bytes, messages: 0 };
        match reader.message(&FEED, bytes) {
            Err(_) if is_json(&text()) => from_json(&text()),
            read => read,
        }
    }?;
    let Value::Object(mut tree) = tree else { return Err(error("no feed".to_owned())) };
    if !tree.get("header").is_some_and(Value::is_object) {
        return Err(error("`header` is missing".to_owned()));
    }
    let entities = tree.entry("entity").or_insert_with(|| Value::Array(Vec::new()));
    let truncated = entities.as_array().is_some_and(|entities| entities.len() > MAX_ENTITIES);
    if let Value::Array(entities) = entities {
        entities.truncate(MAX_ENTITIES);
    }
    tree.insert("truncated".to_owned(), truncated.into());
    Ok(Value::Object(tree))
}

fn error(reason: String) -> FormatError {
    FormatError::GtfsRealtime(reason)
}

/// Reads protobuf into a tree, with the schema at run time.
struct ProtobufReader<'a> {
    body: &'a [u8],
    messages: usize,
}

impl<'a> ProtobufReader<'a> {
    /// The byte offset at which a subslice of the body starts.
    fn offset(&self, rest: &[u8]) -> usize {
        let offset = rest.as_ptr().addr().wrapping_sub(self.body.as_ptr().addr());
        offset.min(self.body.len())
    }

    fn message(&mut self, message: &Message, bytes: &'a [u8]) -> Result<Value, FormatError> {
        self.messages += 1;
        if self.messages > MAX_MESSAGES {
            return Err(error(format!(
                "more than {MAX_MESSAGES} messages before byte {}",
                self.offset(bytes)
            )));
        }
        let mut tree = Map::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            self.field(message, &mut rest, &mut tree)?;
        }
        Ok(Value::Object(tree))
    }

    /// Reads the field at the start of `rest` and adds it to the tree, unless it is unknown.
    fn field(
        &mut self,
        message: &Message,
        rest: &mut &'a [u8],
        tree: &mut Map<String, Value>,
    ) -> Result<(), FormatError> {
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
                    Kind::Text => String::from_utf8_lossy(bytes).into_owned().into(),
                    Kind::Message(inner) => self.message(inner, bytes)?,
                    _ => return Err(mismatch()),
                }
            }
            WireType::StartGroup | WireType::EndGroup => {
                return Err(fail("a group, which no feed has,"));
            }
        };
        if let Some(field) = field {
            field.insert_into(tree, value);
        }
        Ok(())
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

    fn insert_into(&self, tree: &mut Map<String, Value>, value: Value) {
        if !self.repeated {
            tree.insert(self.json_name(), value);
        } else if let Value::Array(list) =
            tree.entry(self.json_name()).or_insert_with(|| Value::Array(Vec::new()))
        {
            list.push(value);
        }
    }
}

fn from_json(text: &str) -> Result<Value, FormatError> {
    let text = text.trim_start_matches('\u{feff}');
    let tree: Value = serde_json::from_str(text).map_err(|reason| error(reason.to_string()))?;
    normalize(&FEED, tree, "")
}

/// Converts JSON to protobuf's JSON mapping. Accepts names in snake_case or with other
/// capitalisation, numbers in text, and enum values by number.
fn normalize(message: &Message, tree: Value, path: &str) -> Result<Value, FormatError> {
    let Value::Object(members) = tree else {
        return Err(error(format!("`{path}` is not an object")));
    };
    let mut tree = Map::new();
    for (key, value) in members {
        let folded = |key: &str| key.replace('_', "").to_ascii_lowercase();
        let wanted = folded(&key);
        let Some(field) = message.fields.iter().find(|field| folded(field.name) == wanted) else {
            continue;
        };
        let path = if path.is_empty() { key } else { format!("{path}.{key}") };
        match value {
            Value::Null => {}
            Value::Array(values) if field.repeated => {
                tree.entry(field.json_name()).or_insert_with(|| Value::Array(Vec::new()));
                for (at, value) in values.into_iter().enumerate() {
                    field.insert_into(
                        &mut tree,
                        normalize_value(field, value, &format!("{path}[{at}]"))?,
                    );
                }
            }
            value => {
                let value = normalize_value(field, value, &path)?;
                field.insert_into(&mut tree, value);
            }
        }
    }
    Ok(Value::Object(tree))
}

fn normalize_value(field: &Field, value: Value, path: &str) -> Result<Value, FormatError> {
    let number = |value: &Value| match value {
        Value::Number(_) => Some(value.clone()),
        Value::String(text) => {
            let text = text.trim();
            let whole = text.parse::<i64>().map(Value::from);
            whole.ok().or_else(|| {
                text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from)
            })
        }
        _ => None,
    };
    let mismatch = || error(format!("`{path}` is of another type"));
    match field.kind {
        Kind::Message(inner) => normalize(inner, value, path),
        Kind::Text => match value {
            Value::String(_) => Ok(value),
            Value::Number(number) => Ok(number.to_string().into()),
            _ => Err(mismatch()),
        },
        Kind::Bool => match &value {
            Value::Bool(_) => Ok(value),
            Value::String(text) => {
                Ok(matches!(text.to_ascii_lowercase().as_str(), "true" | "1").into())
            }
            Value::Number(number) => Ok((number.as_i64() != Some(0)).into()),
            _ => Err(mismatch()),
        },
        Kind::Enum(names) => match (&value, number(&value).and_then(|number| number.as_i64())) {
            (_, Some(number)) => Ok(enum_value(names, number)),
            (Value::String(text), None) => Ok(text.trim().to_ascii_uppercase().into()),
            _ => Err(mismatch()),
        },
        Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Double => {
            number(&value).ok_or_else(mismatch)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A length-delimited field.
    fn field(number: u8, inside: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, inside.len() as u8], inside].concat()
    }

    #[test]
    fn protobuf_and_json_give_the_same_tree() {
        let header = [field(1, b"2.0"), vec![0x18, 0xbc, 0xfd, 0xbe, 0xe4, 0x04]].concat();
        let arrival = [
            vec![0x08],
            (-60_i64 as u64).to_le_bytes().iter().fold(Vec::new(), |_, _| {
                vec![0xc4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]
            }),
        ]
        .concat();
        let update = [vec![0x08, 3], field(2, &arrival), vec![0x28, 1]].concat();
        let trip = [field(1, &field(1, b"trip-1")), field(2, &update)].concat();
        let place = [
            vec![0x0d],
            50.85_f32.to_le_bytes().to_vec(),
            vec![0x15],
            4.35_f32.to_le_bytes().to_vec(),
        ]
        .concat();
        let entities = [
            field(2, &[field(1, b"a"), field(3, &trip)].concat()),
            field(2, &[field(1, b"b"), field(4, &field(2, &place)), vec![0xf8, 0x3e, 1]].concat()),
        ];
        let bytes = [field(1, &header), entities.concat()].concat();
        let expected = json!({
            "header": { "gtfsRealtimeVersion": "2.0", "timestamp": 1_284_488_892 },
            "entity": [
                { "id": "a", "tripUpdate": { "trip": { "tripId": "trip-1" }, "stopTimeUpdate": [
                    { "stopSequence": 3, "arrival": { "delay": -60 }, "scheduleRelationship": "SKIPPED" } ] } },
                { "id": "b", "vehicle": { "position": { "latitude": 50.85, "longitude": 4.35 } } },
            ],
            "truncated": false,
        });
        assert_eq!(read(&bytes).expect("protobuf"), expected);
        let variant = json!({
            "header": { "gtfs_realtime_version": "2.0", "timestamp": "1284488892" },
            "entity": [
                { "id": "a", "tripUpdate": { "trip": { "tripId": "trip-1" }, "stopTimeUpdate": [
                    { "stopSequence": "3", "arrival": { "delay": "-60", "new": 1 }, "scheduleRelationship": 1 } ] } },
                { "id": "b", "vehicle": { "position": { "latitude": "50.85", "longitude": 4.35 } }, "alert": null },
            ],
        });
        assert_eq!(read(format!("\n {variant}").as_bytes()).expect("JSON"), expected);
    }

    #[test]
    fn errors_name_the_position() {
        for (bytes, place) in [
            (&b""[..], "`header`"),
            (b"<html>", "byte 0"),
            (b"{}", "`header`"),
            (b"{\"header\":{},\"entity\":[3]}", "`entity[0]`"),
            (b"\x0a\x03\x0a\x50\x00", "byte 2"),
            (b"{\"header\"", "line 1"),
        ] {
            let error = read(bytes).expect_err("not a feed").to_string();
            assert!(error.contains(place), "{error}");
        }
    }
}
