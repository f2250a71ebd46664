//! Texts, links and positions of properties.

use calcard::icalendar::{ICalendarEntry, ICalendarValue, Uri};
use url::Url;

use super::super::html;

/// Longer texts are truncated.
const MAX_TEXT_CHARS: usize = 10_000;

/// Longer lines, such as titles and names of places, are truncated: each occurrence of an event has
/// a copy of them.
const MAX_LINE_CHARS: usize = 1_000;

/// Longer URLs are ignored.
const MAX_URL_BYTES: usize = 2_000;

pub fn text_value(value: &ICalendarValue) -> Option<&str> {
    match value {
        ICalendarValue::Text(text) => Some(text),
        ICalendarValue::Uri(Uri::Location(text)) => Some(text),
        _ => None,
    }
}

fn joined_values(entry: &ICalendarEntry) -> Option<String> {
    let texts: Vec<&str> = entry.values.iter().filter_map(text_value).collect();
    Some(texts.join(",")).filter(|text| !text.trim().is_empty())
}

/// The text of a property on one line.
pub fn line(entry: &ICalendarEntry) -> Option<String> {
    let values = joined_values(entry)?;
    // White space may collapse.
    let line = html::one_line(start_of(&values, MAX_LINE_CHARS * 2));
    Some(truncate(&line, MAX_LINE_CHARS)).filter(|text| !text.is_empty())
}

/// The plain text of a property; some programs write HTML.
pub fn text(entry: &ICalendarEntry) -> Option<String> {
    let values = joined_values(entry)?;
    let text = html::html_to_text(start_of(&values, MAX_TEXT_CHARS * 4));
    Some(truncate(&text, MAX_TEXT_CHARS)).filter(|text| !text.is_empty())
}

/// The first characters of a text.
pub fn start_of(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

pub fn truncate(text: &str, chars: usize) -> String {
    start_of(text, chars).to_owned()
}

/// The URL of a page; `None` for schemes other than `http` and `https`.
pub fn link(entry: &ICalendarEntry) -> Option<String> {
    let values = joined_values(entry)?;
    let url = Some(values.trim()).filter(|url| url.len() <= MAX_URL_BYTES)?;
    let url = Url::parse(url).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

/// Latitude and longitude in degrees.
pub fn position(entry: &ICalendarEntry) -> Option<(f64, f64)> {
    let numbers: Vec<f64> = entry
        .values
        .iter()
        .filter_map(|value| match value {
            ICalendarValue::Float(number) => Some(*number),
            ICalendarValue::Integer(number) => Some(*number as f64),
            _ => None,
        })
        .collect();
    match numbers.as_slice() {
        [latitude, longitude] if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 => {
            Some((*latitude, *longitude))
        }
        _ => None,
    }
}
