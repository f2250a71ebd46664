//! Detects the format of a response from its content.

use serde_json::Value;
use voordeur_widget_api::{Budget, Format};

use super::{field_roles, record_list};
use voordeur_formats::{self as formats, BodyMetadata, FormatError};

/// Formats for which a widget can be scaffolded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DetectedFormat {
    Json,
    Xml,
    Feed,
    GeoJson,
    Csv,
    Calendar,
    Cap,
    JsonStat,
    GtfsRealtime,
}

impl DetectedFormat {
    /// The format of a response, and its tree: the first specific format that fits, else XML when
    /// it begins with `<`, else JSON. Links in it are relative to its `url`.
    pub fn read(url: &str, bytes: &[u8]) -> Result<(Self, Value), FormatError> {
        let metadata = BodyMetadata { url: Some(url), content_type: None };
        let tree_of = |format| formats::read_with(format, bytes, metadata, &Budget::default());
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
            if let Ok(tree) = tree_of(detected.format())
                && detected.fits(&tree, bytes)
                && !(detected == DetectedFormat::GeoJson && holds_a_list(bytes))
            {
                return Ok((detected, tree));
            }
        }
        let detected =
            if begins_with_a_tag(bytes) { DetectedFormat::Xml } else { DetectedFormat::Json };
        Ok((detected, tree_of(detected.format())?))
    }

    /// Whether a specific format is better than plain JSON or XML: GeoJSON without positions is
    /// just JSON.
    fn fits(self, tree: &Value, bytes: &[u8]) -> bool {
        match self {
            DetectedFormat::GeoJson => {
                let items = tree.get("items").and_then(Value::as_array);
                items.into_iter().flatten().any(|item| item["latitude"].is_number())
            }
            DetectedFormat::Cap => {
                let alerts = tree.get("alerts").and_then(Value::as_array);
                // In JSON, other records have a severity too.
                let is_cap = |alert: &Value| {
                    let more = ["msgType", "urgency", "certainty"];
                    begins_with_a_tag(bytes) || more.iter().any(|key| alert[*key].is_string())
                };
                let is_alert =
                    |alert: &Value| field_roles::is_severity(&alert["severity"]) && is_cap(alert);
                alerts.into_iter().flatten().any(is_alert)
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
            // Other bytes can parse as a feed without a version by accident.
            DetectedFormat::GtfsRealtime => tree["header"].get("gtfsRealtimeVersion").is_some(),
            _ => true,
        }
    }

    /// Name of the format in a manifest.
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

    /// File extension of a sample with these bytes.
    pub fn extension(self, bytes: &[u8]) -> &'static str {
        match self {
            DetectedFormat::Xml => "xml",
            DetectedFormat::Cap if begins_with_a_tag(bytes) => "xml",
            DetectedFormat::Feed if begins_with_a_tag(bytes) => "xml",
            DetectedFormat::GtfsRealtime if bytes.first() != Some(&b'{') => "pb",
            DetectedFormat::Json
            | DetectedFormat::Cap
            | DetectedFormat::Feed
            | DetectedFormat::JsonStat
            | DetectedFormat::GtfsRealtime => "json",
            DetectedFormat::GeoJson => "geojson",
            DetectedFormat::Csv => "csv",
            DetectedFormat::Calendar => "ics",
        }
    }
}

/// Whether a GeoJSON feature wraps a list of records, as in forecasts.
fn holds_a_list(bytes: &[u8]) -> bool {
    let tree = formats::read(Format::Json, bytes, &Budget::default()).unwrap_or_default();
    tree["type"] == "Feature"
        && record_list::find(&tree, false)
            .is_some_and(|found| found.known && found.records.len() > 1)
}

pub fn begins_with_a_tag(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // UTF-16 has a zero byte or a byte order mark beside each character.
    let marked = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, 0 | 0xfe | 0xff);
    bytes.iter().find(marked) == Some(&b'<')
}
