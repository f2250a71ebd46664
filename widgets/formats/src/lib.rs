//! Answers in any format become one kind of tree, so that mappings are written once.

#![warn(missing_docs)]

mod announced;
mod calendar;
mod cap;
mod csv;
mod encoding;
mod feed;
mod geojson;
mod gtfs_realtime;
mod json_stat;
mod markup;
mod xml;

pub use announced::announced;
pub use calendar::occurrences;
pub use markup::plain;
use voordeur_widget_api::Format;

/// Why bytes are no answer in the format that was expected, with the place where the trouble is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Not JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// Not XML, or XML with a document type, which is refused.
    #[error("not XML: {0}")]
    Xml(String),
    /// Not a feed.
    #[error("not a feed: {0}")]
    Feed(String),
    /// Not a table of text.
    #[error("not CSV: {0}")]
    Csv(String),
    /// Not a calendar.
    #[error("not iCalendar: {0}")]
    Calendar(String),
    /// Neither an alert nor a feed of alerts.
    #[error("not CAP: {0}")]
    Cap(String),
    /// Not GeoJSON.
    #[error("not GeoJSON: {0}")]
    GeoJson(String),
    /// Not a feed of GTFS Realtime.
    #[error("not GTFS Realtime: {0}")]
    GtfsRealtime(String),
    /// Not JSON-stat.
    #[error("not JSON-stat: {0}")]
    JsonStat(String),
}

/// Reads an answer. Text may be in any encoding that it declares.
///
/// # Errors
/// Says what the bytes are not, and where.
pub fn read(format: Format, bytes: &[u8]) -> Result<serde_json::Value, FormatError> {
    let text = || encoding::text(bytes);
    match format {
        Format::Json => json(&text()),
        Format::Xml => xml::read(&text()),
        Format::Feed => feed::read(&text()),
        Format::JsonLines => json_lines(&text()),
        Format::Csv => csv::read(&text()),
        Format::ICalendar => calendar::read(&text()),
        Format::Cap => cap::read(&text()),
        Format::GeoJson => geojson::read(&text()),
        Format::GtfsRealtime => gtfs_realtime::read(bytes),
        Format::JsonStat => json_stat::read(&text()),
    }
}

fn json(text: &str) -> Result<serde_json::Value, FormatError> {
    serde_json::from_str(text).map_err(|error| FormatError::Json(error.to_string()))
}

/// The values as a list; empty lines are passed over.
fn json_lines(text: &str) -> Result<serde_json::Value, FormatError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            // Each line is read by itself, so the crate's own line number says nothing.
            serde_json::from_str::<serde_json::Value>(line)
                .map_err(|error| FormatError::Json(format!("in line {}: {error}", at + 1)))
        })
        .collect()
}

/// A place in a text for people: line and column, from 1.
fn place_of(text: &str, at: usize) -> String {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_format_needs_a_stack_as_deep_as_its_answer() {
        let times = 20_000;
        let nested = |start: &str, end: &str| start.repeat(times) + &end.repeat(times);
        let within = |start: &str, end: &str, around: &str| {
            around.replace("…", &nested(start, end)).into_bytes()
        };
        let answers = [
            (Format::Json, within("[", "]", "…")),
            (Format::Json, within("{\"a\":", "}", "…")),
            (Format::JsonLines, within("[", "]", "1\n…\n2")),
            (Format::GeoJson, within("[", "]", "{\"type\":\"FeatureCollection\",\"features\":…}")),
            (Format::JsonStat, within("[", "]", "{\"version\":\"2.0\",\"value\":…}")),
            (Format::GtfsRealtime, within("[", "]", "{\"header\":{},\"entity\":…}")),
            // A message in a message in a message, each two bytes longer.
            (Format::GtfsRealtime, [0x12, 0x7f].repeat(times)),
            (Format::Xml, within("<a>", "</a>", "…")),
            (Format::Cap, within("<entry>", "</entry>", "<feed>…</feed>")),
            (Format::Cap, within("<info>", "</info>", "<alert>…</alert>")),
            (Format::Feed, within("<item>", "</item>", "<rss><channel>…</channel></rss>")),
            (
                Format::Feed,
                within("<div>", "</div>", "<feed><entry><content>…</content></entry></feed>"),
            ),
            (
                Format::Feed,
                within("&lt;b>", "&lt;/b>", "<feed><entry><title>…</title></entry></feed>"),
            ),
            (
                Format::Feed,
                within("[", "]", "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":…}"),
            ),
            (
                Format::ICalendar,
                within("BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "BEGIN:VCALENDAR\r\n…"),
            ),
            (Format::Csv, within("\"", "\"", "a;b\n…;c\n")),
        ];
        for (format, answer) in answers {
            // Whether it is read or refused does not matter here.
            let _ = read(format, &answer);
        }
    }
}
