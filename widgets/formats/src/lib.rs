//! Reads responses in the formats of public data into one kind of tree, so that a mapping does not
//! depend on the format.

mod alerts;
mod alternate_links;
mod calendar;
mod cap;
mod csv;
mod dates;
mod encoding;
mod feed;
mod geojson;
mod gtfs_realtime;
mod html;
mod json;
mod json_stat;
mod markup;
mod tokens;
mod tree;
mod xml;

pub use alerts::{alerts, lifted_alerts};
pub use alternate_links::alternate_links;
pub use calendar::occurrences;
pub use dates::{MONTHS, WEEKDAYS, WrittenDate, unambiguous_date};
pub use encoding::without_c1_control;
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

/// Why a text was not read by a parser that several formats share.
#[derive(Debug)]
enum ParseError {
    /// The message names the position.
    Syntax(String),
    OverBudget(Exhausted),
}

impl ParseError {
    /// The error of a format that builds on the parser.
    fn within(self, format: impl FnOnce(String) -> FormatError) -> FormatError {
        match self {
            Self::Syntax(message) => format(message),
            Self::OverBudget(exhausted) => exhausted.into(),
        }
    }
}

impl From<Exhausted> for ParseError {
    fn from(exhausted: Exhausted) -> Self {
        Self::OverBudget(exhausted)
    }
}

/// Metadata of a body: where it was fetched, and its type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BodyMetadata<'a> {
    /// The URL that it was fetched from, after redirects: links in it are relative to this.
    pub url: Option<&'a str>,
    /// The `Content-Type` of the response, which may name the encoding.
    pub content_type: Option<&'a str>,
}

/// Reads a response body of which only the bytes are known, see [`read_with`].
///
/// # Errors
/// When the body is not in `format`, or takes more than the budget.
pub fn read(
    format: Format,
    bytes: &[u8],
    budget: &Budget,
) -> Result<serde_json::Value, FormatError> {
    read_with(format, bytes, BodyMetadata::default(), budget)
}

/// Reads a response body. Text may be in any encoding that it, or its `Content-Type`, declares.
///
/// The memory of the tree, and what the reader takes beside it, is charged to the budget before it
/// is allocated, and so is work that is not in proportion to the body.
///
/// # Errors
/// When the body is not in `format`, or takes more than the budget.
pub fn read_with(
    format: Format,
    bytes: &[u8],
    metadata: BodyMetadata<'_>,
    budget: &Budget,
) -> Result<serde_json::Value, FormatError> {
    let text = || encoding::charged_text(bytes, metadata.content_type, budget);
    match format {
        Format::Json => json::read(&text()?, budget),
        Format::Xml => xml::read(&text()?, budget),
        Format::Feed => feed::read(&text()?, metadata.url, budget),
        Format::JsonLines => json::read_lines(&text()?, budget),
        Format::Csv => csv::read(&text()?, budget),
        Format::ICalendar => {
            let octets = calendar::unfolded(bytes, budget)?;
            let text = encoding::charged_text(&octets, metadata.content_type, budget)?;
            calendar::read(&text, budget)
        }
        Format::Cap => cap::read(&text()?, budget),
        Format::GeoJson => geojson::read(&text()?, budget),
        Format::GtfsRealtime => gtfs_realtime::read(bytes, budget),
        Format::JsonStat => json_stat::read(&text()?, budget),
    }
}

/// Line and column of a byte offset, both from 1.
fn line_and_column(text: &str, at: usize) -> String {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    format!("line {line}, column {column}")
}

/// The start of a text from a response on one line, for an error message.
fn excerpt(text: &str) -> String {
    html::one_line(&text.chars().take(MAX_EXCERPT_CHARS).collect::<String>())
}

const MAX_EXCERPT_CHARS: usize = 80;

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
