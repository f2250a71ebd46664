//! What an answer is written in, guessed by its content.

use serde_json::Value;
use voordeur_widget_api::Format;

use super::{field_roles, record_list};
use voordeur_formats::{self as formats, FormatError};

/// What can be drafted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetectedFormat {
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

impl DetectedFormat {
    /// The notation of an answer, and its tree: the first of the special ones that it fits, else XML when it begins with `<`, else JSON.
    pub fn read(bytes: &[u8]) -> Result<(Self, Value), FormatError> {
        let format_block = [
            DetectedFormat::GtfsRealtime,
            DetectedFormat::Cap,
            DetectedFormat::Feed,
            DetectedFormat::Calendar,
            DetectedFormat::JsonStat,
            DetectedFormat::GeoJson,
            DetectedFormat::Csv,
        ];
        for detected in format_block {
            if let Ok(tree) = formats::read(detected.format(), bytes)
                && detected.fits(&tree)
                && !(detected == DetectedFormat::GeoJson && holds_a_list(bytes))
            {
                return Ok((detected, tree));
            }
        }
        let detected =
            if begins_with_a_tag(bytes) { DetectedFormat::Xml } else { DetectedFormat::Json };
        Ok((detected, formats::read(detected.format(), bytes)?))
    }

    /// Whether what was read in this notation is worth more than in a plainer one: without a position GeoJSON is but JSON.
    fn fits(self, tree: &Value) -> bool {
        match self {
            DetectedFormat::GeoJson => {
                let items = tree.get("items").and_then(Value::as_array);
                items.into_iter().flatten().any(|item| item["latitude"].is_number())
            }
            DetectedFormat::Cap => {
                let alerts = tree.get("alerts").and_then(Value::as_array);
                alerts
                    .into_iter()
                    .flatten()
                    .any(|alert| field_roles::is_severity(&alert["severity"]))
            }
            DetectedFormat::JsonStat => {
                tree.get("rows").and_then(Value::as_array).is_some_and(|rows| !rows.is_empty())
            }
            DetectedFormat::Feed => {
                let items = tree.get("items").and_then(Value::as_array);
                let is_descriptive =
                    |item: &Value| item["title"].is_string() || item["summary"].is_string();
                items.into_iter().flatten().any(is_descriptive)
            }
            // Other bytes can be read as a feed without a version by accident.
            DetectedFormat::GtfsRealtime => tree["header"].get("gtfsRealtimeVersion").is_some(),
            _ => true,
        }
    }

    /// Its format in a manifest.
    pub fn name(self) -> &'static str {
        match self {
            DetectedFormat::Json => "json",
            DetectedFormat::Xml => "xml",
            DetectedFormat::Feed => "feed",
            DetectedFormat::GeoJson => "geojson",
            DetectedFormat::Csv => "csv",
            DetectedFormat::Calendar => "icalendar",
            DetectedFormat::Cap => "cap",
            DetectedFormat::JsonStat => "json-stat",
            DetectedFormat::GtfsRealtime => "gtfs-realtime",
        }
    }

    /// Its format.
    pub fn format(self) -> Format {
        match self {
            DetectedFormat::Json => Format::Json,
            DetectedFormat::Xml => Format::Xml,
            DetectedFormat::Feed => Format::Feed,
            DetectedFormat::GeoJson => Format::GeoJson,
            DetectedFormat::Csv => Format::Csv,
            DetectedFormat::Calendar => Format::ICalendar,
            DetectedFormat::Cap => Format::Cap,
            DetectedFormat::JsonStat => Format::JsonStat,
            DetectedFormat::GtfsRealtime => Format::GtfsRealtime,
        }
    }

    /// How a file with these bytes ends.
    pub fn extension(self, bytes: &[u8]) -> &'static str {
        match self {
            DetectedFormat::Xml | DetectedFormat::Cap => "xml",
            DetectedFormat::Feed if begins_with_a_tag(bytes) => "xml",
            DetectedFormat::GtfsRealtime if bytes.first() != Some(&b'{') => "pb",
            DetectedFormat::Json
            | DetectedFormat::Feed
            | DetectedFormat::JsonStat
            | DetectedFormat::GtfsRealtime => "json",
            DetectedFormat::GeoJson => "geojson",
            DetectedFormat::Csv => "csv",
            DetectedFormat::Calendar => "ics",
        }
    }
}

/// Whether an answer in JSON is one thing with a position around a list of records, as forecasts are.
fn holds_a_list(bytes: &[u8]) -> bool {
    let tree = formats::read(Format::Json, bytes).unwrap_or_default();
    tree["type"] == "Feature"
        && record_list::find(&tree, false)
            .is_some_and(|found| found.known && found.records.len() > 1)
}

/// Whether it is markup.
pub fn begins_with_a_tag(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // In UTF-16 a zero or a mark stands before or behind each character.
    let marked = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xfe | 0xff);
    bytes.iter().find(marked) == Some(&b'<')
}
