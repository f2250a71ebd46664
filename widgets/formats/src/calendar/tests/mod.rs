mod days;
mod properties;
mod rules;
mod versions;
mod zones;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use voordeur_widget_api::{Budget, BudgetLimits, Exhausted};

use crate::FormatError;

/// Start, end if any, and title of each occurrence that is not cancelled.
fn shown(calendar: &Value, from: &str, until: &str) -> Vec<String> {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let day = |text: &str| text.parse::<Date>().expect("a day");
    occurrences(calendar, day(from), day(until), &zone)
        .iter()
        .filter(|event| event["status"] != "cancelled")
        .map(|event| {
            let text = |key: &str| event[key].as_str().unwrap_or("–").to_owned();
            [text("start"), text("end"), text("title")].join(" ")
        })
        .collect()
}

fn read(text: &str) -> Result<Value, FormatError> {
    super::read(text, &Budget::default())
}

fn occurrences(calendar: &Value, from: Date, until: Date, zone: &TimeZone) -> Vec<Value> {
    super::occurrences(calendar, from, until, zone, &Budget::default()).expect("within the budget")
}

fn calendar(lines: &str) -> Value {
    let lines: Vec<&str> = lines.lines().map(str::trim_start).collect();
    let lines: Vec<String> = lines.into_iter().map(|line| line.replace('~', "\r\n ")).collect();
    let text = format!("BEGIN:VCALENDAR\r\n{}\r\nEND:VCALENDAR\r\n", lines.join("\r\n"));
    read(&text).expect("a calendar")
}

fn event(lines: &str) -> Value {
    calendar(&format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT"))
}

fn starts(calendar: &Value, from: &str, until: &str) -> Vec<String> {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let day = |text: &str| text.parse::<Date>().expect("a day");
    occurrences(calendar, day(from), day(until), &zone)
        .iter()
        .map(|event| event["start"].as_str().expect("a start").to_owned())
        .collect()
}

/// The days of a rule that starts on 2 September 1997 at 9:00 in New York, as the examples of
/// RFC 5545 do.
fn days(rule: &str, until: &str) -> Vec<String> {
    let tree = event(&format!("DTSTART;TZID=America/New_York:19970902T090000\nRRULE:{rule}"));
    let starts = starts(&tree, "1997-09-01", until);
    assert!(starts.iter().all(|start| start.contains("T09:00:00-0")), "{starts:?}");
    starts.iter().map(|start| start[..10].to_owned()).collect()
}

#[test]
fn events_are_read() {
    let tree = calendar(
        "X-WR-CALNAME:Town hall\\, events
        X-WR-TIMEZONE:Europe/Brussels
        BEGIN:VEVENT
        UID:1@example.org
        SUMMARY:Market\\, old~er
        DESCRIPTION:<p>Fish &amp\\; flowers</p>
        LOCATION:Square
        URL:https://example.org/market
        CATEGORIES:Market,Outside
        STATUS:CONFIRMED
        GEO:50.5;4.25
        DTSTART;TZID=Europe/Brussels:20261124T100000
        DTEND;TZID=Europe/Brussels:20261124T113000
        END:VEVENT
        BEGIN:VEVENT
        DTSTART:20261124T090000Z
        URL:javascript:alert(1)
        END:VEVENT
        BEGIN:VEVENT
        SUMMARY:Kermis
        DTSTART;VALUE=DATE:20261124
        DTEND;VALUE=DATE:20261127
        END:VEVENT
        BEGIN:VEVENT
        SUMMARY:never
        END:VEVENT",
    );
    assert_eq!(tree["name"], "Town hall, events");
    assert_eq!(tree["zone"], "Europe/Brussels");
    assert_eq!(tree["unreadable"], 1);
    let first = &tree["events"][0];
    assert_eq!(first["title"], "Market, older");
    assert_eq!(first["description"], "Fish & flowers");
    assert_eq!(first["link"], "https://example.org/market");
    assert_eq!(first["categories"], serde_json::json!(["Market", "Outside"]));
    assert_eq!(first["status"], "confirmed");
    assert_eq!(first["latitude"], 50.5);
    assert_eq!(first["start"], "2026-11-24T10:00:00+01:00");
    assert_eq!(first["end"], "2026-11-24T11:30:00+01:00");
    assert_eq!(first["all_day"], false);
    assert_eq!(tree["events"][1]["start"], "2026-11-24T09:00:00Z");
    assert_eq!(tree["events"][1]["link"], Value::Null);
    assert_eq!(tree["events"][2]["start"], "2026-11-24");
    assert_eq!(tree["events"][2]["end"], "2026-11-26");
    assert_eq!(tree["events"][2]["recurs"], false);
    // An event that starts before the window and ends in it.
    assert_eq!(starts(&tree, "2026-11-26", "2026-11-26"), ["2026-11-24"]);
    assert!(starts(&tree, "2026-11-27", "2026-12-26").is_empty());
}

#[test]
fn the_examples_of_rfc_5545_are_expanded() {
    let end = "1997-12-31";
    assert_eq!(days("FREQ=DAILY;COUNT=10", end).len(), 10);
    assert_eq!(days("FREQ=DAILY;UNTIL=19971224T000000Z", end).len(), 113);
    assert_eq!(days("FREQ=DAILY;INTERVAL=10;COUNT=5", end)[4], "1997-10-12");
    assert_eq!(
        days("FREQ=WEEKLY;INTERVAL=2;WKST=SU;UNTIL=19971224T000000Z;BYDAY=MO,WE,FR", end)[..4],
        ["1997-09-02", "1997-09-03", "1997-09-05", "1997-09-15"]
    );
    assert_eq!(days("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", end)[7], "1997-10-16");
    assert_eq!(
        days("FREQ=MONTHLY;COUNT=7;BYDAY=-2MO", "1998-12-31")[1..4],
        ["1997-09-22", "1997-10-20", "1997-11-17"]
    );
    assert_eq!(
        days("FREQ=MONTHLY;BYMONTHDAY=-3", end)[1..],
        ["1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29"]
    );
    assert_eq!(
        days("FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200", "2001-12-31")[1..4],
        ["2000-01-01", "2000-04-09", "2000-07-18"]
    );
    assert_eq!(days("FREQ=YEARLY;BYDAY=20MO", "1999-12-31")[1..], ["1998-05-18", "1999-05-17"]);
    assert_eq!(
        days("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1999-12-31")[1..],
        ["1998-05-11", "1999-05-17"]
    );
    assert_eq!(
        days("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2000-12-31")[1..],
        ["1997-12-29", "1999-01-04", "2000-01-03"]
    );
    assert_eq!(
        days("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1999-12-31")[1..],
        ["1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13"]
    );
    assert_eq!(
        days("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "2004-12-31")
            [1..],
        ["1997-11-04", "2001-11-06"]
    );
    assert_eq!(
        days("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", end),
        ["1997-09-02", "1997-09-04", "1997-10-07"]
    );
    assert_eq!(
        days("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", end)[1..],
        ["1997-09-29", "1997-10-30", "1997-11-27", "1997-12-30"]
    );
    assert_eq!(
        days("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=6", end),
        ["1997-09-02", "1997-09-15", "1997-09-30", "1997-10-15", "1997-10-30", "1997-11-15"]
    );
    let hourly = event(
        "DTSTART;TZID=America/New_York:19970902T090000\nRRULE:FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z",
    );
    assert_eq!(starts(&hourly, "1997-09-01", "1997-09-05").len(), 3);
    let minutely = event(
        "DTSTART;TZID=America/New_York:19970902T090000\nRRULE:FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
    );
    assert_eq!(starts(&minutely, "1998-09-02", "1998-09-02").len(), 24);
}

#[test]
fn a_late_window_gives_the_same_as_a_full_expansion() {
    for rule in [
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
        "FREQ=MONTHLY;INTERVAL=5;BYDAY=-1FR",
        "FREQ=YEARLY;BYMONTH=2,3;BYMONTHDAY=28",
        "FREQ=HOURLY;INTERVAL=37",
    ] {
        let tree = event(&format!("DTSTART:20100105T083000Z\nRRULE:{rule}"));
        let late = starts(&tree, "2011-02-01", "2011-04-30");
        let whole = starts(&tree, "2010-01-01", "2011-04-30");
        assert!(!late.is_empty(), "{rule}");
        assert!(whole.ends_with(&late), "{rule}: {late:?}");
    }
}

#[test]
fn local_times_stay_the_same_when_the_clocks_change() {
    let tree = event(
        "DTSTART;TZID=Europe/Brussels:20261023T020000\nDTEND;TZID=Europe/Brussels:20261023T030000\nRRULE:FREQ=DAILY;COUNT=4",
    );
    let zone = TimeZone::get("Europe/Brussels").expect("bundled");
    let found =
        occurrences(&tree, Date::constant(2026, 10, 23), Date::constant(2026, 10, 26), &zone);
    assert_eq!(found[1]["start"], "2026-10-24T02:00:00+02:00");
    assert_eq!(found[2]["start"], "2026-10-25T02:00:00+02:00");
    assert_eq!(found[2]["end"], "2026-10-25T02:00:00+01:00");
    assert_eq!(found[3]["start"], "2026-10-26T02:00:00+01:00");
    // The skipped hour in spring.
    let tree = event("DTSTART;TZID=Europe/Brussels:20260328T023000\nRRULE:FREQ=DAILY;COUNT=3");
    assert_eq!(starts(&tree, "2026-03-28", "2026-03-30")[1], "2026-03-29T03:30:00+02:00");
}

#[test]
fn days_of_a_duration_are_those_of_the_calendar_and_hours_are_exact() {
    let brussels = "TZID=Europe/Brussels";
    // The clocks go back on 25 October, and forward on 29 March.
    for (start, duration, end) in [
        ("20261024T120000", "P1D", "2026-10-25T12:00:00+01:00"),
        ("20261024T120000", "PT24H", "2026-10-25T11:00:00+01:00"),
        ("20261024T120000", "P1DT1H", "2026-10-25T13:00:00+01:00"),
        ("20261020T120000", "P1W", "2026-10-27T12:00:00+01:00"),
        ("20260328T120000", "P1D", "2026-03-29T12:00:00+02:00"),
        ("20260328T120000", "PT24H", "2026-03-29T13:00:00+02:00"),
    ] {
        let tree = event(&format!("DTSTART;{brussels}:{start}\nDURATION:{duration}"));
        assert_eq!(tree["events"][0]["end"], end, "{start} {duration}");
    }
    let zone = TimeZone::get("Europe/Brussels").expect("bundled");
    let (from, until) = (Date::constant(2026, 10, 23), Date::constant(2026, 10, 26));
    let ends = |lines: &str| -> Vec<Value> {
        let found = occurrences(&event(lines), from, until, &zone);
        found.iter().map(|occurrence| occurrence["end"].clone()).collect()
    };
    for (at, length) in [(";TZID=Europe/Brussels", "P1DT2H"), ("", "P1DT2H")] {
        let daily =
            format!("DTSTART{at}:20261023T120000\nDURATION:{length}\nRRULE:FREQ=DAILY;COUNT=2");
        let offset = |winter: bool| match (at, winter) {
            ("", _) => "",
            (_, true) => "+01:00",
            _ => "+02:00",
        };
        let expected =
            ["24", "25"].map(|day| format!("2026-10-{day}T14:00:00{}", offset(day == "25")));
        assert_eq!(ends(&daily), expected);
    }
    let dates = format!(
        "DTSTART;{brussels}:20261020T120000\nDTEND;{brussels}:20261020T130000\n\
         RDATE;VALUE=PERIOD;{brussels}:20261024T120000/P1D"
    );
    assert_eq!(ends(&dates), ["2026-10-25T12:00:00+01:00"]);
}

#[test]
fn what_is_beyond_the_bounds_is_counted() {
    let days = |count: i32| {
        let first = Date::constant(2026, 1, 1);
        let day = |at: i32| first.checked_add(jiff::Span::new().days(at)).expect("a day");
        (0..count).map(|at| day(at).strftime("%Y%m%d").to_string()).collect::<Vec<_>>().join(",")
    };
    let start = "DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=DAILY";
    for (count, left_out) in [(2_000, 0), (2_003, 3)] {
        let tree = event(&format!("{start}\nEXDATE;VALUE=DATE:{}", days(count)));
        assert_eq!(tree["left_out"], left_out);
    }
    let rules = "RRULE:FREQ=DAILY;COUNT=2\n".repeat(9);
    assert_eq!(event(&format!("DTSTART;VALUE=DATE:20260101\n{rules}"))["left_out"], 1);
    let events: String = (0..super::MAX_EVENTS + 2)
        .map(|at| format!("BEGIN:VEVENT\r\nUID:{at}\r\nDTSTART:20261201\r\nEND:VEVENT\r\n"))
        .collect();
    let budget =
        Budget::new(BudgetLimits { bytes: u64::MAX, nodes: u64::MAX, ..BudgetLimits::DEFAULT });
    let read = |text: &str| super::read(text, &budget);
    let tree = read(&format!("BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n")).expect("a calendar");
    assert_eq!((&tree["left_out"], &tree["truncated"]), (&2.into(), &true.into()));
}

#[test]
fn exdate_rdate_and_recurrence_id_apply() {
    let tree = calendar(
        "BEGIN:VEVENT
        UID:a
        SUMMARY:Bin
        DTSTART;TZID=Europe/Brussels:20261102T070000
        RRULE:FREQ=WEEKLY;UNTIL=20261130
        EXDATE;TZID=Europe/Brussels:20261109T070000
        EXDATE;VALUE=DATE:20261116
        RDATE;TZID=Europe/Brussels:20261110T070000
        RDATE;VALUE=PERIOD:20261111T060000Z/PT2H
        END:VEVENT
        BEGIN:VEVENT
        UID:a
        SUMMARY:Bin\\, later
        RECURRENCE-ID:20261123T060000Z
        DTSTART;TZID=Europe/Brussels:20261124T080000
        END:VEVENT",
    );
    assert_eq!(tree["events"].as_array().map(Vec::len), Some(1));
    let found = starts(&tree, "2026-11-01", "2026-12-31");
    assert_eq!(
        found,
        [
            "2026-11-02T07:00:00+01:00",
            "2026-11-10T07:00:00+01:00",
            "2026-11-11T07:00:00+01:00",
            "2026-11-24T08:00:00+01:00",
            "2026-11-30T07:00:00+01:00"
        ]
    );
    let zone = TimeZone::get("Europe/Brussels").expect("bundled");
    let found =
        occurrences(&tree, Date::constant(2026, 11, 11), Date::constant(2026, 11, 24), &zone);
    assert_eq!(found[0]["end"], "2026-11-11T09:00:00+01:00");
    assert_eq!(found[1]["title"], "Bin, later");
    assert_eq!(found[0]["recurrence"], Value::Null);
}

#[test]
fn hostile_rules_terminate() {
    for rule in [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=4000000000",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9;BYDAY=MO,TU,WE,TH,FR",
        "FREQ=DAILY;INTERVAL=65535;BYSETPOS=-366",
    ] {
        let tree = event(&format!("DTSTART:00010101T000000Z\nRRULE:{rule}"));
        let found = starts(&tree, "0001-01-01", "9999-12-31");
        assert!(found.len() <= 1_000, "{rule}");
    }
}

#[test]
fn copies_and_steps_are_charged() {
    let tree = event("DTSTART:20260101\nRRULE:FREQ=DAILY\nDESCRIPTION:long");
    let expanded = |limits: BudgetLimits| {
        let (from, until) = (Date::constant(2026, 1, 1), Date::constant(2026, 12, 31));
        super::occurrences(&tree, from, until, &TimeZone::UTC, &Budget::new(limits))
    };
    let limits = BudgetLimits::DEFAULT;
    assert_eq!(expanded(limits).map(|found| found.len()), Ok(365));
    assert_eq!(expanded(BudgetLimits { bytes: 300_000, ..limits }), Err(Exhausted::Bytes));
    assert_eq!(expanded(BudgetLimits { steps: 1_000, ..limits }), Err(Exhausted::Steps));
}

#[test]
fn what_occurrences_copy_is_short() {
    let long = "x".repeat(20_000);
    let tree = event(&format!(
        "DTSTART:20260101\nRRULE:FREQ=DAILY;BYMONTH=1{}\nCATEGORIES:{long}\nSUMMARY:{long}\nSTATUS:{long}",
        ",1".repeat(2_000)
    ));
    let event = &tree["events"][0];
    assert_eq!(event["recurs"], false);
    assert_eq!(event["categories"][0].as_str().map(str::len), Some(100));
    assert_eq!(event["title"].as_str().map(str::len), Some(1_000));
    assert_eq!(event["status"].as_str().map(str::len), Some(100));
}

#[test]
fn the_earliest_of_many_occurrences_are_returned() {
    let daily = |hour: usize| {
        format!(
            "BEGIN:VEVENT\nDTSTART:202001{:02}T{hour:02}0000\nRRULE:FREQ=DAILY\nEND:VEVENT\n",
            20 - hour
        )
    };
    let tree = calendar(&(0..10).map(daily).collect::<String>());
    let found = starts(&tree, "2020-01-01", "2029-12-31");
    assert_eq!(found.len(), 1_000);
    assert!(found.is_sorted());
    assert_eq!(found[0], "2020-01-11T09:00:00");
}

#[test]
fn errors_name_the_position() {
    let error = read("\n  <html>").expect_err("not a calendar").to_string();
    assert!(error.contains("line 2, column 3"), "{error}");
    assert!(read("").is_err());
}

#[test]
fn a_calendar_that_broke_off_says_so() {
    let whole = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A\r\n\
         DTSTART;VALUE=DATE:20261201\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let cut_off = |text: &str| read(text).expect("a calendar")["cut_off"] == true;
    assert!(!cut_off(whole) && !cut_off(&whole.replace('\r', "")));
    assert!(!cut_off(&format!("{whole}{whole}")));
    for end in [whole.len() - 20, whole.len() - 40, 60] {
        assert!(cut_off(&whole[..end]), "{end}");
    }
    assert!(cut_off(&format!("{whole}{}", &whole[..60])));
}
