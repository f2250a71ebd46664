//! GTFS Realtime 2.0 (<https://gtfs.org/documentation/realtime/reference/>), as protobuf or as JSON, in the one shape that protobuf has in
//! JSON: names in camelCase, numbers as numbers, kinds by their names.

mod schema;

use prost::encoding::{WireType, decode_key, decode_varint};
use serde_json::{Map, Value};

use super::{FormatError, encoding};
use schema::{FEED, Field, Kind, Message};

/// No feed is read beyond this many entities.
const MOST_ENTITIES: usize = 50_000;

/// A feed with more messages in its entities than this is refused: in protobuf one takes two bytes, in a tree a hundred.
const MOST_MESSAGES: usize = 1_000_000;

/// Reads a feed: `header`, `entity` and `truncated`.
pub fn read(bytes: &[u8]) -> Result<Value, FormatError> {
    let text = || encoding::text(bytes);
    let is_json = |text: &str| text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    // A message of protobuf may begin with what is a line end in text, so JSON is only sure when nothing stands before it.
    let tree = if bytes.first() != Some(&b'\n') && is_json(&text()) {
        from_json(&text())
    } else {
        let mut binary = Binary { whole: bytes, messages: 0 };
        match binary.message(&FEED, bytes) {
            Err(_) if is_json(&text()) => from_json(&text()),
            read => read,
        }
    }?;
    let Value::Object(mut tree) = tree else { return Err(problem("no feed".to_owned())) };
    if !tree.get("header").is_some_and(Value::is_object) {
        return Err(problem("`header` is missing".to_owned()));
    }
    let entities = tree.entry("entity").or_insert_with(|| Value::Array(Vec::new()));
    let truncated = entities.as_array().is_some_and(|entities| entities.len() > MOST_ENTITIES);
    if let Value::Array(entities) = entities {
        entities.truncate(MOST_ENTITIES);
    }
    tree.insert("truncated".to_owned(), truncated.into());
    Ok(Value::Object(tree))
}

fn problem(what: String) -> FormatError {
    FormatError::GtfsRealtime(what)
}

/// Protobuf on its way to a tree.
struct Binary<'a> {
    whole: &'a [u8],
    messages: usize,
}

impl<'a> Binary<'a> {
    /// Where the rest of the bytes begins.
    fn place(&self, rest: &[u8]) -> String {
        let at = rest.as_ptr().addr().wrapping_sub(self.whole.as_ptr().addr());
        format!("byte {}", at.min(self.whole.len()))
    }

    fn message(&mut self, message: &Message, bytes: &'a [u8]) -> Result<Value, FormatError> {
        self.messages += 1;
        if self.messages > MOST_MESSAGES {
            return Err(problem(format!(
                "more than {MOST_MESSAGES} messages before {}",
                self.place(bytes)
            )));
        }
        let mut tree = Map::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            let start = rest;
            let at = |what: &str| {
                problem(format!("{what} at {} in {}", self.place(start), message.name))
            };
            let (number, wire) = decode_key(&mut rest).map_err(|_| at("no field"))?;
            let field = message.fields.iter().find(|field| field.number == number);
            let taken = |rest: &mut &'a [u8], count: usize| -> Option<&'a [u8]> {
                let (taken, after) = rest.split_at_checked(count)?;
                *rest = after;
                Some(taken)
            };
            let mismatch = || at(&format!("field {number} of another kind"));
            match wire {
                WireType::Varint => {
                    let value = decode_varint(&mut rest).map_err(|_| at("no number"))?;
                    if let Some(field) = field {
                        field.put(&mut tree, varint(field.kind, value).ok_or_else(mismatch)?);
                    }
                }
                WireType::ThirtyTwoBit => {
                    let bytes = taken(&mut rest, 4).and_then(|bytes| bytes.try_into().ok());
                    let number = f32::from_le_bytes(bytes.ok_or_else(|| at("a number cut off"))?);
                    if let Some(field) = field {
                        let Kind::Float = field.kind else { return Err(mismatch()) };
                        // The shortest digits, so that 50.85 stays 50.85.
                        field.put(
                            &mut tree,
                            number.to_string().parse::<f64>().map_or(Value::Null, Value::from),
                        );
                    }
                }
                WireType::SixtyFourBit => {
                    let bytes = taken(&mut rest, 8).and_then(|bytes| bytes.try_into().ok());
                    let number = f64::from_le_bytes(bytes.ok_or_else(|| at("a number cut off"))?);
                    if let Some(field) = field {
                        let Kind::Double = field.kind else { return Err(mismatch()) };
                        field.put(&mut tree, number.into());
                    }
                }
                WireType::LengthDelimited => {
                    let length = decode_varint(&mut rest).map_err(|_| at("no length"))?;
                    let length = usize::try_from(length).unwrap_or(usize::MAX);
                    let inside = taken(&mut rest, length).ok_or_else(|| at("a field cut off"))?;
                    if let Some(field) = field {
                        let value = match field.kind {
                            Kind::Text => String::from_utf8_lossy(inside).into_owned().into(),
                            Kind::Message(inner) => self.message(inner, inside)?,
                            _ => return Err(mismatch()),
                        };
                        field.put(&mut tree, value);
                    }
                }
                WireType::StartGroup | WireType::EndGroup => {
                    return Err(at("a group, which no feed has,"));
                }
            }
        }
        Ok(Value::Object(tree))
    }
}

fn varint(kind: Kind, value: u64) -> Option<Value> {
    Some(match kind {
        Kind::Signed => (value as i64).into(),
        Kind::Unsigned => value.into(),
        Kind::Flag => (value != 0).into(),
        Kind::Named(names) => named(names, value as i64),
        _ => return None,
    })
}

/// The name of a value; a number that has none stays.
fn named(names: &[(i64, &str)], value: i64) -> Value {
    let found = names.iter().find(|(number, _)| *number == value);
    found.map_or_else(|| value.into(), |(_, name)| (*name).into())
}

impl Field {
    /// Its name in JSON.
    fn key(&self) -> String {
        let mut parts = self.name.split('_');
        let mut key = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let mut letters = part.chars();
            key.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            key.push_str(letters.as_str());
        }
        key
    }

    fn put(&self, tree: &mut Map<String, Value>, value: Value) {
        if !self.repeated {
            tree.insert(self.key(), value);
        } else if let Value::Array(list) =
            tree.entry(self.key()).or_insert_with(|| Value::Array(Vec::new()))
        {
            list.push(value);
        }
    }
}

fn from_json(text: &str) -> Result<Value, FormatError> {
    let text = text.trim_start_matches('\u{feff}');
    let tree: Value = serde_json::from_str(text).map_err(|error| problem(error.to_string()))?;
    normal(&FEED, tree, "")
}

/// JSON in the one spelling: names also with `_` or in capitals, numbers also as texts, kinds also by their number.
fn normal(message: &Message, tree: Value, path: &str) -> Result<Value, FormatError> {
    let Value::Object(written) = tree else {
        return Err(problem(format!("`{path}` is no object")));
    };
    let mut tree = Map::new();
    for (key, value) in written {
        let plain = |key: &str| key.replace('_', "").to_ascii_lowercase();
        let wanted = plain(&key);
        let Some(field) = message.fields.iter().find(|field| plain(field.name) == wanted) else {
            continue;
        };
        let path = if path.is_empty() { key } else { format!("{path}.{key}") };
        match value {
            Value::Null => {}
            Value::Array(values) if field.repeated => {
                tree.entry(field.key()).or_insert_with(|| Value::Array(Vec::new()));
                for (at, value) in values.into_iter().enumerate() {
                    field.put(&mut tree, scalar(field, value, &format!("{path}[{at}]"))?);
                }
            }
            value => {
                let value = scalar(field, value, &path)?;
                field.put(&mut tree, value);
            }
        }
    }
    Ok(Value::Object(tree))
}

fn scalar(field: &Field, value: Value, path: &str) -> Result<Value, FormatError> {
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
    let refused = || problem(format!("`{path}` is of another kind"));
    match field.kind {
        Kind::Message(inner) => normal(inner, value, path),
        Kind::Text => match value {
            Value::String(_) => Ok(value),
            Value::Number(number) => Ok(number.to_string().into()),
            _ => Err(refused()),
        },
        Kind::Flag => match &value {
            Value::Bool(_) => Ok(value),
            Value::String(text) => {
                Ok(matches!(text.to_ascii_lowercase().as_str(), "true" | "1").into())
            }
            Value::Number(number) => Ok((number.as_i64() != Some(0)).into()),
            _ => Err(refused()),
        },
        Kind::Named(names) => match (&value, number(&value).and_then(|number| number.as_i64())) {
            (_, Some(number)) => Ok(named(names, number)),
            (Value::String(text), None) => Ok(text.trim().to_ascii_uppercase().into()),
            _ => Err(refused()),
        },
        Kind::Signed | Kind::Unsigned | Kind::Float | Kind::Double => {
            number(&value).ok_or_else(refused)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A field whose value is bytes.
    fn field(number: u8, inside: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2, inside.len() as u8], inside].concat()
    }

    #[test]
    fn protobuf_and_json_give_the_same() {
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
        let written = json!({
            "header": { "gtfs_realtime_version": "2.0", "timestamp": "1284488892" },
            "entity": [
                { "id": "a", "tripUpdate": { "trip": { "tripId": "trip-1" }, "stopTimeUpdate": [
                    { "stopSequence": "3", "arrival": { "delay": "-60", "new": 1 }, "scheduleRelationship": 1 } ] } },
                { "id": "b", "vehicle": { "position": { "latitude": "50.85", "longitude": 4.35 } }, "alert": null },
            ],
        });
        assert_eq!(read(format!("\n {written}").as_bytes()).expect("JSON"), expected);
    }

    #[test]
    fn what_is_no_feed_is_refused_with_its_place() {
        for (bytes, place) in [
            (&b""[..], "`header`"),
            (b"<html>", "byte 0"),
            (b"{}", "`header`"),
            (b"{\"header\":{},\"entity\":[3]}", "`entity[0]`"),
            (b"\x0a\x03\x0a\x50\x00", "byte 2"),
            (b"{\"header\"", "line 1"),
        ] {
            let problem = read(bytes).expect_err("no feed").to_string();
            assert!(problem.contains(place), "{problem}");
        }
    }
}
