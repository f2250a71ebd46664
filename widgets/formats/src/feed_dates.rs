//! Dates in the formats that feeds and alerts hold, which are more than RFC 2822 and RFC 3339.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};

use super::html;

/// Time zone abbreviations in feeds that RFC 822 does not define, with their offsets.
const ZONES: [(&str, &str); 12] = [
    ("CET", "+0100"),
    ("MEZ", "+0100"),
    ("MET", "+0100"),
    ("CEST", "+0200"),
    ("MESZ", "+0200"),
    ("WET", "+0000"),
    ("WEST", "+0100"),
    ("BST", "+0100"),
    ("EET", "+0200"),
    ("EEST", "+0300"),
    ("UTC", "+0000"),
    ("Z", "+0000"),
];

/// Formats of timestamps with an offset, beside RFC 2822 and RFC 3339.
const WITH_OFFSET: [&str; 5] = [
    "%d %B %Y %H:%M:%S %z",
    "%d %b %y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S %:z",
    "%Y-%m-%d %H:%M:%S %z",
    "%b %d %H:%M:%S %z %Y",
];

/// Formats of timestamps without an offset; they are taken as UTC.
const WITHOUT_OFFSET: [&str; 10] = [
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%b %d %H:%M:%S %Y",
    "%Y/%m/%d %H:%M:%S",
];

/// Formats of dates.
const DATES: [&str; 8] =
    ["%d %B %Y", "%d %b %Y", "%B %d, %Y", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y"];

/// Longer texts are no dates, even with the white space between their words.
const MAX_DATE_BYTES: usize = 1_000;

/// Parses a date in any of the formats of feeds; a date without a time is midnight UTC.
pub fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > MAX_DATE_BYTES {
        return None;
    }
    let text = html::one_line(text);
    if text.is_empty() || text.len() > 64 {
        return None;
    }
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Some(timestamp);
    }
    let parser = rfc2822::DateTimeParser::new().relaxed_weekday(true);
    if let Ok(timestamp) = parser.parse_timestamp(&text) {
        return Some(timestamp);
    }
    // The weekday is redundant, and may be in any language.
    let mut rest = text.as_str();
    if let Some((weekday, after)) = text.split_once([',', ' '])
        && weekday.trim_end_matches('.').chars().all(char::is_alphabetic)
        && after.contains(|c: char| c.is_ascii_digit())
        && (text.contains(',') || !after.starts_with(|c: char| c.is_ascii_digit()))
        && !after.trim().is_empty()
    {
        rest = after.trim_start_matches([',', ' ']);
    }
    let mut rest = rest.to_owned();
    if let Some((before, zone)) = rest.rsplit_once(' ')
        && let Some((_, offset)) = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone))
    {
        rest = format!("{before} {offset}");
    }
    if let Some(before) = rest.strip_suffix(" GMT") {
        rest = format!("{before} +0000");
    }
    if let Ok(timestamp) = parser.parse_timestamp(&rest) {
        return Some(timestamp);
    }
    for candidate in [&rest, &text] {
        for format in WITH_OFFSET {
            if let Ok(timestamp) = Timestamp::strptime(format, candidate) {
                return Some(timestamp);
            }
        }
    }
    let mut civil = rest.parse::<DateTime>().ok();
    for candidate in [&rest, &text] {
        civil = civil
            .or_else(|| {
                WITHOUT_OFFSET.iter().find_map(|format| DateTime::strptime(format, candidate).ok())
            })
            .or_else(|| {
                DATES
                    .iter()
                    .find_map(|format| Date::strptime(format, candidate).ok())
                    .map(|day| day.at(0, 0, 0, 0))
            });
    }
    let utc = TimeZone::fixed(Offset::UTC);
    utc.to_timestamp(civil?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_feeds_are_parsed() {
        let expected = "2017-06-03T13:15:44Z";
        for text in [
            "2017-06-03T13:15:44Z",
            "2017-06-03 15:15:44+02:00",
            "Sat, 03 Jun 2017 13:15:44 GMT",
            "Sat, 3 Jun 2017 15:15:44 +0200",
            "  Sa, 03 Jun 2017 15:15:44 CEST ",
            "Mon, 03 Jun 2017 08:15:44 -0500",
            "03 June 2017 15:15:44 +0200",
            "2017-06-03T13:15:44",
            "2017-06-03 13:15:44",
            "03.06.2017 13:15:44",
            "Sat Jun 3 13:15:44 2017",
        ] {
            assert_eq!(timestamp(text).map(|m| m.to_string()).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(
            timestamp("3 June 2017").map(|m| m.to_string()).as_deref(),
            Some("2017-06-03T00:00:00Z")
        );
        assert_eq!(
            timestamp("2017-06-03").map(|m| m.to_string()).as_deref(),
            Some("2017-06-03T00:00:00Z")
        );
        assert_eq!(timestamp("soon"), None);
        assert_eq!(timestamp(""), None);
    }
}
