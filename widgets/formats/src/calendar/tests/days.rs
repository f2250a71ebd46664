use serde_json::Value;
use voordeur_widget_api::{Budget, Format};

use super::{calendar, event, shown, starts};

/// An event on a date in winter in Brussels, as it is shown.
fn one(lines: &str) -> String {
    let found = shown(&event(lines), "2026-11-01", "2027-01-31");
    assert_eq!(found.len(), 1, "{lines}: {found:?}");
    found[0].trim_end_matches(" –").to_owned()
}

#[test]
fn whole_days_are_days_however_they_are_spelled() {
    let brussels = "TZID=Romance Standard Time";
    for lines in [
        "DTSTART;VALUE=DATE:20261204\nDTEND;VALUE=DATE:20261205",
        "DTSTART;VALUE=DATE:20261204",
        "DTSTART:20261204",
        "DTSTART;VALUE=DATE:20261204\nDURATION:P1D",
        "DTSTART;VALUE=DATE:20261204\nDTEND;VALUE=DATE:20261204",
        "DTSTART:20261204T000000\nDTEND:20261205T000000",
        "DTSTART:20261204T000000\nDTEND:20261204T235900",
        "DTSTART:20261204T000000\nDTEND:20261204T235959",
        "DTSTART:20261204T000000\nDTEND:20261204T240000",
        "DTSTART:20261204T000000\nDURATION:P1D",
        "DTSTART:20261204T000000\nDURATION:PT24H",
        "DTSTART:20261204T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        // Midnight in UTC, and in Brussels written in UTC.
        "DTSTART:20261204T000000Z\nDTEND:20261205T000000Z",
        "DTSTART:20261203T230000Z\nDTEND:20261204T230000Z",
        "DTSTART:20261203T230000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "DTSTART:20261203T230000Z\nDTEND:20261204T230000Z\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE",
        "DTSTART;TZID=America/New_York:20261203T180000\nDTEND;TZID=America/New_York:20261204T180000",
    ] {
        assert_eq!(one(lines), "2026-12-04", "{lines}");
    }
    let in_zone = format!("DTSTART;{brussels}:20261204T000000\nDTEND;{brussels}:20261205T000000");
    assert_eq!(one(&in_zone), "2026-12-04");
    let mixed = format!("DTSTART;{brussels}:20261204T000000\nDTEND;VALUE=DATE:20261205");
    assert_eq!(one(&mixed), "2026-12-04");
}

#[test]
fn the_end_of_whole_days_is_exclusive() {
    for lines in [
        "DTSTART;VALUE=DATE:20261207\nDTEND;VALUE=DATE:20261210",
        "DTSTART:20261207T000000\nDTEND:20261210T000000",
        "DTSTART:20261207T000000\nDTEND:20261209T235959",
        "DTSTART;VALUE=DATE:20261207\nDURATION:P3D",
        "DTSTART:20261206T230000Z\nDTEND:20261209T230000Z",
    ] {
        assert_eq!(one(lines), "2026-12-07 2026-12-09", "{lines}");
    }
}

#[test]
fn what_is_no_whole_day_keeps_its_times() {
    for (lines, expected) in [
        (
            "DTSTART;TZID=Europe/Brussels:20261204T000000\nDTEND;TZID=Europe/Brussels:20261204T060000",
            "2026-12-04T00:00:00+01:00 2026-12-04T06:00:00+01:00",
        ),
        (
            "DTSTART;TZID=Europe/Brussels:20261204T180000\nDURATION:PT1H",
            "2026-12-04T18:00:00+01:00 2026-12-04T19:00:00+01:00",
        ),
        // Without an end it lasts no time (RFC 5545, 3.6.1).
        ("DTSTART;TZID=Europe/Brussels:20261204T000000", "2026-12-04T00:00:00+01:00"),
        (
            "DTSTART;TZID=Europe/Brussels:20261204T000000\nDTEND;TZID=Europe/Brussels:20261203T000000",
            "2026-12-04T00:00:00+01:00",
        ),
        (
            "DTSTART;TZID=Europe/Brussels:20261204T180000\nDTEND:20261204T190000\nX-MICROSOFT-CDO-ALLDAYEVENT:FALSE",
            "2026-12-04T18:00:00+01:00 2026-12-04T19:00:00+01:00",
        ),
    ] {
        assert_eq!(one(lines), expected, "{lines}");
    }
}

#[test]
fn whole_days_of_outlook_recur_as_days() {
    let zone = "TZID=Romance Standard Time";
    let tree = event(&format!(
        "SUMMARY:Market\nDTSTART;{zone}:20261023T000000\nDTEND;{zone}:20261024T000000\n\
        RRULE:FREQ=DAILY;UNTIL=20261026T230000Z\nEXDATE;{zone}:20261024T000000\n\
        EXDATE:20261024T220000Z\nRDATE;{zone}:20261101T000000"
    ));
    assert_eq!(
        shown(&tree, "2026-10-01", "2026-12-31"),
        [
            "2026-10-23 – Market",
            "2026-10-26 – Market",
            "2026-10-27 – Market",
            "2026-11-01 – Market"
        ]
    );
}

#[test]
fn a_date_excludes_a_time_and_a_time_excludes_a_date() {
    let timed = event(
        "DTSTART;TZID=Europe/Brussels:20261201T180000\nRRULE:FREQ=DAILY;COUNT=4\n\
        EXDATE;VALUE=DATE:20261202,20261203\nRDATE;VALUE=DATE:20261210",
    );
    assert_eq!(
        starts(&timed, "2026-12-01", "2026-12-31"),
        [
            "2026-12-01T18:00:00+01:00",
            "2026-12-04T18:00:00+01:00",
            // A date recurs at the time of the others.
            "2026-12-10T18:00:00+01:00"
        ]
    );
    let days = event(
        "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20261202T000000\n\
        EXDATE:20261202T230000Z",
    );
    assert_eq!(starts(&days, "2026-12-01", "2026-12-31"), ["2026-12-01", "2026-12-04"]);
}

#[test]
fn periods_have_their_own_length() {
    let tree = event(
        "SUMMARY:a\nDTSTART;TZID=Europe/Brussels:20261201T180000\nDURATION:PT1H\n\
        RDATE;VALUE=PERIOD;TZID=Europe/Brussels:20261202T180000/PT2H,20261203T180000/20261203T183000",
    );
    assert_eq!(
        shown(&tree, "2026-12-01", "2026-12-31"),
        [
            "2026-12-01T18:00:00+01:00 2026-12-01T19:00:00+01:00 a",
            "2026-12-02T18:00:00+01:00 2026-12-02T20:00:00+01:00 a",
            "2026-12-03T18:00:00+01:00 2026-12-03T18:30:00+01:00 a"
        ]
    );
    let days =
        event("SUMMARY:a\nDTSTART;VALUE=DATE:20261201\nRDATE;VALUE=PERIOD:20261205T000000/P2D");
    assert_eq!(
        shown(&days, "2026-12-01", "2026-12-31"),
        ["2026-12-01 – a", "2026-12-05 2026-12-06 a"]
    );
}

#[test]
fn dates_with_hyphens_are_read() {
    for (lines, expected) in [
        ("DTSTART:2026-12-04", "2026-12-04"),
        (
            "DTSTART:2026-12-04T18:00:00\nDTEND:2026-12-04T19:30:00",
            "2026-12-04T18:00:00 2026-12-04T19:30:00",
        ),
        (
            "DTSTART:2026-12-04T17:00:00Z\nDTEND:2026-12-04T19:00:00+01:00",
            "2026-12-04T17:00:00Z 2026-12-04T18:00:00Z",
        ),
    ] {
        assert_eq!(one(lines), expected, "{lines}");
    }
    let tree = event("DTSTART:on Friday");
    assert_eq!(tree["unreadable"], 1);
}

#[test]
fn an_alarm_is_not_part_of_its_event() {
    let tree = event(
        "SUMMARY:Council\nDTSTART:20261204T190000Z\nBEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT5M\n\
        REPEAT:2\nSUMMARY:Alarm\nDESCRIPTION:Alarm\nEND:VALARM",
    );
    let council = &tree["events"][0];
    assert_eq!(council["title"], "Council");
    assert_eq!(council["description"], Value::Null);
    assert_eq!(council["end"], Value::Null);
    assert_eq!(tree["events"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_character_may_be_on_two_lines() {
    let read = |bytes: &[u8]| {
        let tree = crate::read(Format::ICalendar, bytes, &Budget::default()).expect("a calendar");
        let text = |key: &str| tree["events"][0][key].as_str().unwrap_or_default().to_owned();
        [text("title"), text("location")]
    };
    let calendar = |title: &[u8], place: &[u8]| {
        [
            b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261204\r\nSUMMARY:",
            title,
            b"\r\nLOCATION:",
            place,
            b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        ]
        .concat()
    };
    // One character of the file has two octets on two lines, then all of them.
    let split = calendar(b"Caf\xc3\r\n \xa9s", b"Town hall");
    assert_eq!(read(&split), ["Cafés", "Town hall"]);
    let split = calendar(b"Caf\xc3\r\n \xa9s", "Liège, Andenne-Église".as_bytes());
    assert_eq!(read(&split), ["Cafés", "Liège, Andenne-Église"]);
    let split = calendar(b"\xe2\r\n\t\x82\n \xac 5", "Liège".as_bytes());
    assert_eq!(read(&split), ["€ 5", "Liège"]);
    // A calendar in windows-1252 is folded too.
    assert_eq!(read(&calendar(b"Caf\xe9\r\n s", b"Li\xe8ge")), ["Cafés", "Liège"]);
}

#[test]
fn lines_may_end_with_a_carriage_return_alone() {
    let text = "BEGIN:VCALENDAR\rBEGIN:VEVENT\rDTSTART:20261204\rSUMMARY:Market\rRRULE:FREQ=DAILY;COUNT=2\r\
        END:VEVENT\rEND:VCALENDAR\r";
    let tree = super::read(text).expect("a calendar");
    assert_eq!(
        shown(&tree, "2026-12-01", "2026-12-31"),
        ["2026-12-04 – Market", "2026-12-05 – Market"]
    );
}

#[test]
fn days_in_utc_are_those_of_the_place() {
    // In summer Brussels is two hours ahead.
    let tree = calendar(
        "BEGIN:VEVENT
        SUMMARY:Paper
        DTSTART:20260630T220000Z
        DTEND:20260701T220000Z
        RRULE:FREQ=WEEKLY;COUNT=2
        END:VEVENT",
    );
    assert_eq!(
        shown(&tree, "2026-06-01", "2026-07-31"),
        ["2026-07-01 – Paper", "2026-07-08 – Paper"]
    );
}
