//! Reads responses in the formats of public data into one kind of tree, so that a mapping does not
//! depend on the format.

mod alternate_links;
mod calendar;
mod cap;
mod csv;
mod encoding;
mod feed;
mod geojson;
mod gtfs_realtime;
mod html;
mod json_stat;
mod markup;
mod xml;

pub use alternate_links::alternate_links;
pub use calendar::occurrences;
pub use html::html_to_text;
use voordeur_widget_api::{Budget, Exhausted, Format};

/// A body that is not in the expected format. The message names the position of the error: line and
/// column, byte, or path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// Invalid JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// Invalid XML, or XML with a document type declaration.
    #[error("not XML: {0}")]
    Xml(String),
    /// Neither RSS, Atom nor JSON Feed.
    #[error("not a feed: {0}")]
    Feed(String),
    /// Not delimited text.
    #[error("not CSV: {0}")]
    Csv(String),
    /// Not iCalendar.
    #[error("not iCalendar: {0}")]
    Calendar(String),
    /// Neither a CAP alert nor a feed of alerts.
    #[error("not CAP: {0}")]
    Cap(String),
    /// Not GeoJSON.
    #[error("not GeoJSON: {0}")]
    GeoJson(String),
    /// Not a GTFS Realtime feed.
    #[error("not GTFS Realtime: {0}")]
    GtfsRealtime(String),
    /// Not JSON-stat.
    #[error("not JSON-stat: {0}")]
    JsonStat(String),
    /// Reading it takes more than the budget.
    #[error(transparent)]
    OverBudget(#[from] Exhausted),
}

/// Reads a response body. Text may be in any encoding that it declares.
///
/// # Errors
/// When the body is not in `format`.
pub fn read(
    format: Format,
    bytes: &[u8],
    budget: &Budget,
) -> Result<serde_json::Value, FormatError> {
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

/// Reads one value per line into a list; skips empty lines.
fn json_lines(text: &str) -> Result<serde_json::Value, FormatError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            // Each line is parsed on its own, so the line number of serde_json is always 1.
            serde_json::from_str::<serde_json::Value>(line)
                .map_err(|error| FormatError::Json(format!("in line {}: {error}", at + 1)))
        })
        .collect()
}

/// Line and column of a byte offset, both from 1.
fn line_and_column(text: &str, at: usize) -> String {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_does_not_exhaust_the_stack_in_any_format() {
        let times = 20_000;
        let nested = |start: &str, end: &str| start.repeat(times) + &end.repeat(times);
        let within = |start: &str, end: &str, around: &str| {
            around.replace("…", &nested(start, end)).into_bytes()
        };
        let bodies = [
            (Format::Json, within("[", "]", "…")),
            (Format::Json, within("{\"a\":", "}", "…")),
            (Format::JsonLines, within("[", "]", "1\n…\n2")),
            (Format::GeoJson, within("[", "]", "{\"type\":\"FeatureCollection\",\"features\":…}")),
            (Format::JsonStat, within("[", "]", "{\"version\":\"2.0\",\"value\":…}")),
            (Format::GtfsRealtime, within("[", "]", "{\"header\":{},\"entity\":…}")),
            // Nested messages, each two bytes longer than the one inside it.
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
        for (format, body) in bodies {
            // Both results are fine.
            let _ = read(format, &body, &Budget::default());
        }
    }
}
