//! The time zone of a service, as its manifest names it.

use serde_json::{Value, json};
use voordeur_widget_api::Block;

use super::*;

/// The value of an expression over `things` at a moment in Brussels, in a widget with this zone.
fn said(zone: &str, now: &str, expression: &str, things: &Value) -> String {
    let zone = if zone.is_empty() { String::new() } else { format!("zone = \"{zone}\"\n") };
    let view = format!("[view]\n[[view.block]]\nkind = \"text\"\ntext = \"{expression}\"\n");
    let widget = widget(&format!("{zone}{THINGS}{view}"));
    let responses = responses("things", things.clone());
    with_context(&Settings::new(), |context| {
        let now = now.parse().expect("a moment");
        let view = widget.view(&WidgetContext { now, ..context.clone() }, &responses);
        match view.expect("a view").blocks.as_slice() {
            [Block::Text { text }] => text.text.clone(),
            [] => String::new(),
            other => panic!("{other:?}"),
        }
    })
}

const NOW: &str = "2026-11-23T07:36:00+01:00";

#[test]
fn an_unknown_zone_has_its_line_and_a_suggestion() {
    for (written, meant) in [
        ("Europe/Londen", "did you mean `Europe/London`?"),
        ("europe/london", "did you mean `Europe/London`?"),
        ("Vancouver", "did you mean `America/Vancouver`?"),
        ("New York", "did you mean `America/New_York`?"),
        ("Nowhere at all", "time zone"),
        ("+01:00", "time zone"),
        ("", "time zone"),
    ] {
        let (message, line) = error(&format!("zone = \"{written}\"\n{THINGS}"));
        assert_eq!(line, format!("zone = \"{written}\""));
        assert!(message.contains(&format!("`{written}` is not the IANA name")), "{message}");
        assert!(message.ends_with(meant), "{message}");
    }
    let (message, _) = error(&format!("zone = 1\n{THINGS}"));
    assert!(message.contains("zone: should be: text"), "{message}");
}

#[test]
fn times_without_an_offset_are_in_the_zone_of_the_service() {
    let things = json!({ "at": "2026-12-04T20:00:00", "own": "04/12/2026 20:00" });
    for (zone, at) in [
        ("", "2026-12-04T19:00:00Z"),
        ("Europe/Brussels", "2026-12-04T19:00:00Z"),
        ("Europe/London", "2026-12-04T20:00:00Z"),
        ("America/Vancouver", "2026-12-05T04:00:00Z"),
        ("Etc/UTC", "2026-12-04T20:00:00Z"),
        ("UTC", "2026-12-04T20:00:00Z"),
    ] {
        for expression in ["moment(things.at)", "moment(things.own, '%d/%m/%Y %H:%M')"] {
            assert_eq!(said(zone, NOW, &format!("iso({expression})"), &things), at, "{zone}");
        }
    }
}

#[test]
fn floating_times_of_a_calendar_are_in_the_zone_of_the_service() {
    let things = json!({ "events": [
        { "title": "Council", "start": "2026-12-04T20:00:00", "end": null, "all_day": false },
    ] });
    let start = "occurrences(things, '2026-12-04', '2026-12-04').map(e, iso(moment(e.start)))[0]";
    assert_eq!(said("Europe/London", NOW, start, &things), "2026-12-04T20:00:00Z");
    assert_eq!(said("America/Vancouver", NOW, start, &things), "2026-12-05T04:00:00Z");
    assert_eq!(said("", NOW, start, &things), "2026-12-04T19:00:00Z");
}

#[test]
fn midnights_in_universal_time_are_whole_days_of_the_citizen() {
    let things = json!({ "events": [
        { "title": "Glass", "start": "2026-11-29T23:00:00Z", "end": "2026-11-30T23:00:00Z", "all_day": false },
    ] });
    let day = "occurrences(things, '2026-11-30', '2026-11-30').map(e, e.all_day ? e.start : '')[0]";
    for zone in ["", "UTC", "Etc/UTC"] {
        assert_eq!(said(zone, NOW, day, &things), "2026-11-30", "{zone}");
    }
}

#[test]
fn a_day_is_one_of_the_place_of_the_service() {
    let things = json!({ "at": "2026-12-01T02:30:00Z" });
    for (zone, now, today, day) in [
        ("", "2026-11-30T23:50:00+01:00", "2026-11-30", "2026-12-01"),
        ("", "2026-12-01T00:10:00+01:00", "2026-12-01", "2026-12-01"),
        ("Europe/London", "2026-12-01T00:10:00+01:00", "2026-11-30", "2026-12-01"),
        ("America/Vancouver", "2026-12-01T08:50:00+01:00", "2026-11-30", "2026-11-30"),
        ("America/Vancouver", "2026-12-01T09:10:00+01:00", "2026-12-01", "2026-11-30"),
        // Universal time is only how the service writes its times.
        ("Etc/UTC", "2026-12-01T00:10:00+01:00", "2026-12-01", "2026-12-01"),
        // A leap day, and a new year.
        ("", "2028-02-29T00:10:00+01:00", "2028-02-29", "2026-12-01"),
        ("", "2026-12-31T23:50:00+01:00", "2026-12-31", "2026-12-01"),
        ("", "2027-01-01T00:10:00+01:00", "2027-01-01", "2026-12-01"),
    ] {
        assert_eq!(said(zone, now, "today", &things), today, "{zone} {now}");
        assert_eq!(said(zone, now, "day(moment(things.at))", &things), day, "{zone} {now}");
        assert_eq!(said(zone, now, "day(things.at)", &things), day, "{zone} {now}");
    }
}

#[test]
fn times_at_which_the_clocks_change_are_read() {
    for (local, at) in [
        ("2027-03-28T01:59:00", "2027-03-28T00:59:00Z"),
        // Skipped: read with the offset before the change.
        ("2027-03-28T02:30:00", "2027-03-28T01:30:00Z"),
        ("2027-03-28T03:00:00", "2027-03-28T01:00:00Z"),
        // Repeated: the first is meant.
        ("2027-10-31T02:30:00", "2027-10-31T00:30:00Z"),
        ("2027-10-31T03:00:00", "2027-10-31T02:00:00Z"),
        ("2028-02-29T12:00:00", "2028-02-29T11:00:00Z"),
    ] {
        let things = json!({ "at": local });
        assert_eq!(said("", NOW, "iso(moment(things.at))", &things), at);
    }
    for (now, today) in [
        ("2027-03-27T22:59:00Z", "2027-03-27"),
        ("2027-03-27T23:00:00Z", "2027-03-28"),
        ("2027-03-28T21:59:00Z", "2027-03-28"),
        ("2027-03-28T22:00:00Z", "2027-03-29"),
        ("2027-10-30T22:00:00Z", "2027-10-31"),
        ("2027-10-31T22:59:00Z", "2027-10-31"),
        ("2027-10-31T23:00:00Z", "2027-11-01"),
    ] {
        assert_eq!(said("", now, "today", &json!({})), today, "{now}");
    }
}
