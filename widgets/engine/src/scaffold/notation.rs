//! What an answer is written in, guessed by its content.

use serde_json::Value;
use voordeur_widget_api::Format;

use super::{recognised, records};
use voordeur_formats::{self as formats, FormatError};

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
    /// Alerts, by themselves or in a feed.
    Cap,
    /// A table of statistics.
    JsonStat,
    /// What is going on in public transport.
    GtfsRealtime,
}

impl Notation {
    /// The notation of an answer, and its tree: the first of the special ones that it fits, else XML when it begins with `<`, else JSON.
    pub fn read(bytes: &[u8]) -> Result<(Self, Value), FormatError> {
        let special = [
            Notation::GtfsRealtime,
            Notation::Cap,
            Notation::Feed,
            Notation::Calendar,
            Notation::JsonStat,
            Notation::GeoJson,
            Notation::Csv,
        ];
        for notation in special {
            if let Ok(tree) = formats::read(notation.format(), bytes)
                && notation.fits(&tree)
                && !(notation == Notation::GeoJson && holds_a_list(bytes))
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
            Notation::Cap => {
                let alerts = tree.get("alerts").and_then(Value::as_array);
                alerts
                    .into_iter()
                    .flatten()
                    .any(|alert| recognised::is_severity(&alert["severity"]))
            }
            Notation::JsonStat => {
                tree.get("rows").and_then(Value::as_array).is_some_and(|rows| !rows.is_empty())
            }
            Notation::Feed => {
                let items = tree.get("items").and_then(Value::as_array);
                let says = |item: &Value| item["title"].is_string() || item["summary"].is_string();
                items.into_iter().flatten().any(says)
            }
            // Other bytes can be read as a feed without a version by accident.
            Notation::GtfsRealtime => tree["header"].get("gtfsRealtimeVersion").is_some(),
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
            Notation::Cap => "cap",
            Notation::JsonStat => "json-stat",
            Notation::GtfsRealtime => "gtfs-realtime",
        }
    }

    /// Its format.
    pub fn format(self) -> Format {
        match self {
            Notation::Json => Format::Json,
            Notation::Xml => Format::Xml,
            Notation::Feed => Format::Feed,
            Notation::GeoJson => Format::GeoJson,
            Notation::Csv => Format::Csv,
            Notation::Calendar => Format::ICalendar,
            Notation::Cap => Format::Cap,
            Notation::JsonStat => Format::JsonStat,
            Notation::GtfsRealtime => Format::GtfsRealtime,
        }
    }

    /// How a file with these bytes ends.
    pub fn extension(self, bytes: &[u8]) -> &'static str {
        match self {
            Notation::Xml | Notation::Cap => "xml",
            Notation::Feed if begins_with_a_tag(bytes) => "xml",
            Notation::GtfsRealtime if bytes.first() != Some(&b'{') => "pb",
            Notation::Json | Notation::Feed | Notation::JsonStat | Notation::GtfsRealtime => "json",
            Notation::GeoJson => "geojson",
            Notation::Csv => "csv",
            Notation::Calendar => "ics",
        }
    }
}

/// Whether an answer in JSON is one thing with a position around a list of records, as forecasts are.
fn holds_a_list(bytes: &[u8]) -> bool {
    let tree = formats::read(Format::Json, bytes).unwrap_or_default();
    tree["type"] == "Feature"
        && records::find(&tree, false).is_some_and(|found| found.known && found.records.len() > 1)
}

/// Whether it is markup.
pub fn begins_with_a_tag(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // In UTF-16 a zero or a mark stands before or behind each character.
    let marked = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xfe | 0xff);
    bytes.iter().find(marked) == Some(&b'<')
}
