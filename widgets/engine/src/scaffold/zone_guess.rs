//! The time zone of a service, guessed from its response and its address.

use std::collections::VecDeque;

use serde_json::Value;

use super::format_detection::DetectedFormat;
use crate::manifest::reader::time_zones;

/// Names of fields whose value is an IANA time zone, in lower case without separators.
const NAMES: [&str; 5] = ["timezone", "zone", "tz", "tzid", "timezoneid"];
/// Values of a response beyond this many are not looked at.
const MAX_VALUES: usize = 2_000;
/// The zone of a draft without one.
const DEFAULT: &str = "Europe/Brussels";

/// The zones of countries by their top-level domain, where nearly all live in one.
const COUNTRIES: [(&str, &str); 20] = [
    ("at", "Europe/Vienna"),
    ("bg", "Europe/Sofia"),
    ("ch", "Europe/Zurich"),
    ("cz", "Europe/Prague"),
    ("de", "Europe/Berlin"),
    ("dk", "Europe/Copenhagen"),
    ("ee", "Europe/Tallinn"),
    ("es", "Europe/Madrid"),
    ("fi", "Europe/Helsinki"),
    ("fr", "Europe/Paris"),
    ("gr", "Europe/Athens"),
    ("ie", "Europe/Dublin"),
    ("it", "Europe/Rome"),
    ("lu", "Europe/Luxembourg"),
    ("nl", "Europe/Amsterdam"),
    ("no", "Europe/Oslo"),
    ("pl", "Europe/Warsaw"),
    ("pt", "Europe/Lisbon"),
    ("se", "Europe/Stockholm"),
    ("uk", "Europe/London"),
];

/// How the reader of calendars names the zone of a time with `Z`.
const UNIVERSAL: &str = "UTC";

/// The zone that a response names, or that of the country of its host; `None` for the default.
pub fn guess<'t>(format: DetectedFormat, tree: &'t Value, host: &str) -> Option<&'t str> {
    // A calendar marks each of its times that is universal; those without a mark are local.
    let is_meant = |zone: &str| format != DetectedFormat::Calendar || zone != UNIVERSAL;
    let country = host.rsplit('.').next().unwrap_or_default();
    let of_country = COUNTRIES.iter().find(|(domain, _)| *domain == country).map(|(_, zone)| *zone);
    named(tree, is_meant).or(of_country).filter(|zone| *zone != DEFAULT)
}

/// The first zone that the response names, the least nested first.
fn named(tree: &Value, is_meant: impl Fn(&str) -> bool) -> Option<&str> {
    let mut open = VecDeque::from([tree]);
    let mut seen = 0_usize;
    while let Some(value) = open.pop_front() {
        let children: Vec<(&str, &Value)> = match value {
            Value::Object(fields) => {
                fields.iter().map(|(key, value)| (key.as_str(), value)).collect()
            }
            Value::Array(items) => items.iter().map(|item| ("", item)).collect(),
            _ => continue,
        };
        for (key, child) in children {
            seen = seen.saturating_add(1);
            if seen > MAX_VALUES {
                return None;
            }
            if let Value::String(zone) = child
                && is_zone_name(key)
                && is_meant(zone)
                && time_zones::find(zone).is_some()
            {
                return Some(zone);
            }
            open.push_back(child);
        }
    }
    None
}

fn is_zone_name(key: &str) -> bool {
    let letters: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    NAMES.contains(&letters.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_zone_is_taken_from_the_response_or_else_from_the_country() {
        let named = json!({ "events": [{ "time_zone": "America/Vancouver", "at": "2026-11-23T07:36:00" }] });
        assert_eq!(
            guess(DetectedFormat::Json, &named, "api.example.uk"),
            Some("America/Vancouver")
        );
        let other = json!({ "zone": "C", "timeZone": "GMT+1", "at": "2026-11-23T07:36:00" });
        assert_eq!(guess(DetectedFormat::Json, &other, "www.gov.uk"), Some("Europe/London"));
        assert_eq!(guess(DetectedFormat::Json, &other, "data.example.be"), None);
        assert_eq!(guess(DetectedFormat::Json, &other, "data.example.com"), None);
        assert_eq!(
            guess(DetectedFormat::Json, &json!({ "timezone": "Europe/Brussels" }), "www.gov.uk"),
            None
        );
    }
}
