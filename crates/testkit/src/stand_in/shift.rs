//! Moves every date and time in a sample, so that it reads as a response of today.

use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use regex::{Captures, Regex};

static MOMENTS: LazyLock<Regex> = LazyLock::new(|| {
    let moment = r"(?<day>\d{4}-\d\d-\d\d)(?<between>[T ])(?<clock>\d\d:\d\d(?<seconds>:\d\d)?)";
    let all = format!(
        r#"{moment}|(?<date>20\d\d-\d\d-\d\d)|"(?<compact>20\d{{6}})"|(?<unix>1[78]\d{{8}})"#
    );
    Regex::new(&all).expect("a pattern")
});

/// The text with every date and time moved by the time between two moments: times of day by exactly
/// that, dates by whole days of the zone. A time keeps its UTC offset as written.
pub fn shifted(text: &str, moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let by = now.duration_since(moment);
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let days = day(moment).until(day(now)).map_or(0, |span| span.get_days());
    let moved = |whole: &Captures<'_>| -> Option<String> {
        if let (Some(date), Some(clock)) = (whole.name("day"), whole.name("clock")) {
            let at: DateTime = format!("{}T{}", date.as_str(), clock.as_str()).parse().ok()?;
            let at = at.checked_add(by).ok()?;
            let clock = if whole.name("seconds").is_some() { "%H:%M:%S" } else { "%H:%M" };
            return Some(at.strftime(&format!("%Y-%m-%d{}{clock}", &whole["between"])).to_string());
        }
        if let Some(date) = whole.name("date") {
            return Some(later(date.as_str(), "%Y-%m-%d", days)?.to_string());
        }
        if let Some(date) = whole.name("compact") {
            return Some(format!(
                "\"{}\"",
                later(date.as_str(), "%Y%m%d", days)?.strftime("%Y%m%d")
            ));
        }
        let seconds: i64 = whole.name("unix")?.as_str().parse().ok()?;
        Some((seconds + SignedDuration::as_secs(&by)).to_string())
    };
    MOMENTS
        .replace_all(text, |whole: &Captures<'_>| {
            let found = whole.get_match();
            let alone = !joined(text[..found.start()].chars().next_back())
                && !joined(text[found.end()..].chars().next());
            let is_moment = whole.name("day").is_some() || whole.name("compact").is_some();
            let new = if alone || is_moment { moved(whole) } else { None };
            new.unwrap_or_else(|| found.as_str().to_owned())
        })
        .into_owned()
}

/// Whether a character beside digits makes them part of a longer word.
fn joined(beside: Option<char>) -> bool {
    beside.is_some_and(|it| it.is_alphanumeric() || matches!(it, '-' | '.' | '_'))
}

fn later(text: &str, format: &str, days: i32) -> Option<Date> {
    Date::strptime(format, text).ok()?.checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_move_and_numbers_that_resemble_them_stay() {
        let zone = TimeZone::get("Europe/Brussels").expect("a zone");
        let then: Timestamp = "2026-11-23T07:36:00+01:00".parse().expect("a moment");
        let moved = |text: &str, hours: i64| {
            shifted(text, then, then + SignedDuration::from_hours(hours), &zone)
        };
        for (text, expected) in [
            ("\"2026-11-23T06:00:00Z\"", "\"2026-11-24T08:00:00Z\""),
            ("2026-11-23T06:30:07.402118Z", "2026-11-24T08:30:07.402118Z"),
            ("\"2026-11-23T07:33:12+01:00\"", "\"2026-11-24T09:33:12+01:00\""),
            ("\"2026-11-23T07:33:12\"", "\"2026-11-24T09:33:12\""),
            ("at 2026-11-30 23:00", "at 2026-12-02 01:00"),
            ("\"2026-12-31\"", "\"2027-01-01\""),
            (r#"{"vervaldatum_apk": "20261130"}"#, r#"{"vervaldatum_apk": "20261201"}"#),
            (
                r#"{"time": "1795415736", "t": 1795415736}"#,
                r#"{"time": "1795509336", "t": 1795509336}"#,
            ),
        ] {
            assert_eq!(moved(text, 26), expected);
        }
        for text in [
            "{\"id\": \"99999999\"}",
            "\"BE.20261123051241.000001\"",
            "id-2026-11-23",
            "\"20269999\"",
            "x1764000000",
            "1.1764000000",
            "2026-13-77",
        ] {
            assert_eq!(moved(text, 26), text);
        }
        assert_eq!(moved("\"2026-11-23\"", 16), "\"2026-11-23\"");
        assert_eq!(moved("\"2026-11-23\"", 17), "\"2026-11-24\"", "past midnight in Brussels");
    }
}
