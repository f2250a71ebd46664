//! Reads the width of a card as stored: a word, or the number of columns of twelve that boards,
//! histories and backups of earlier versions have. What is read is written as a word.

use serde::Deserializer;
use serde::de::{Error, Unexpected, Visitor};
use voordeur_widget_api::CardWidth;

/// The values that are read, for the message of an error.
const EXPECTED: &str = "a width, or a number of columns from 1 to 12";

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<CardWidth, D::Error> {
    deserializer.deserialize_any(WidthVisitor)
}

struct WidthVisitor;

impl Visitor<'_> for WidthVisitor {
    type Value = CardWidth;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(EXPECTED)
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<CardWidth, E> {
        CardWidth::from_id(id).ok_or_else(|| E::invalid_value(Unexpected::Str(id), &self))
    }

    fn visit_u64<E: Error>(self, columns: u64) -> Result<CardWidth, E> {
        let width = u8::try_from(columns).ok().and_then(CardWidth::from_columns);
        width.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(columns), &self))
    }
}

#[cfg(test)]
mod tests {
    use crate::board::Card;
    use voordeur_widget_api::CardWidth::{self, Full, Narrow, Wide};

    fn read(size: &str) -> Option<CardWidth> {
        let card = format!(r#"{{"id":"a","widget":"holidays","size":{size}}}"#);
        serde_json::from_str::<Card>(&card).ok().map(|card| card.size)
    }

    #[test]
    fn numbers_of_columns_and_words_are_read_and_words_are_written() {
        for (stored, width) in [
            ("3", Narrow),
            ("4", Narrow),
            ("6", Wide),
            ("8", Wide),
            ("12", Full),
            (r#""narrow""#, Narrow),
            (r#""wide""#, Wide),
            (r#""full""#, Full),
        ] {
            assert_eq!(read(stored), Some(width), "{stored}");
        }
        for other in ["0", "13", "999", "-4", "4.5", r#""4""#, r#""huge""#, "null", "[4]"] {
            assert_eq!(read(other), None, "{other}");
        }
        let card = Card::new("a".to_owned(), "holidays".to_owned(), Wide);
        let stored = serde_json::to_string(&card).expect("is written");
        assert!(stored.contains(r#""size":"wide""#), "{stored}");
    }
}
