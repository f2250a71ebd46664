use super::{event, starts};

/// The days of December 2026 on which a rule from 1 December at nine in the morning recurs.
fn days(rule: &str) -> Vec<String> {
    let tree = event(&format!("DTSTART;TZID=Europe/Brussels:20261201T090000\nRRULE:{rule}"));
    let day = |start: &String| start[8..10].to_owned();
    starts(&tree, "2026-12-01", "2026-12-31").iter().map(day).collect()
}

#[test]
fn numbers_are_read_as_they_are_written() {
    // A negative count is not allowed, and means no end; zero means none.
    assert_eq!(days("FREQ=WEEKLY;COUNT=-1"), ["01", "08", "15", "22", "29"]);
    assert!(days("FREQ=WEEKLY;COUNT=0").is_empty());
    assert_eq!(days("FREQ=WEEKLY;COUNT=2"), ["01", "08"]);
    // 65,537 weeks are no week.
    assert_eq!(days("FREQ=WEEKLY;INTERVAL=65537"), ["01"]);
    assert_eq!(days("FREQ=MINUTELY;INTERVAL=100800;COUNT=2"), ["01"]);
    assert_eq!(days("FREQ=SECONDLY;INTERVAL=604800;COUNT=2"), ["01", "08"]);
    assert_eq!(days("FREQ=DAILY;INTERVAL=99999999999999999;COUNT=3"), ["01"]);
    assert_eq!(days("FREQ=DAILY;COUNT=4294967298")[..2], ["01", "02"]);
    // 257 hours are no hour, nor is the 260th day one of the month.
    assert_eq!(days("FREQ=DAILY;BYHOUR=265"), ["01"]);
    assert_eq!(days("FREQ=MONTHLY;BYMONTHDAY=260"), ["01"]);
}

#[test]
fn rules_are_read_however_they_are_written() {
    for rule in [
        "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3",
        "freq=weekly;byday=tu,th;count=3",
        "COUNT=3;BYDAY=TU, TH;FREQ=WEEKLY;",
        "FREQ=WEEKLY;BYDAY=TU\\,TH;COUNT=+3",
        "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3;BYMONTH=;X-NOTE=a",
        "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261208",
        "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261208T080000Z",
        "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261208T090000",
    ] {
        assert_eq!(days(rule), ["01", "03", "08"], "{rule}");
    }
    assert_eq!(days("FREQ=WEEKLY;BYDAY=TU;UNTIL=20261208T075959Z"), ["01"]);
    assert_eq!(days("FREQ=FORTNIGHTLY"), ["01"]);
}

#[test]
fn times_of_whole_days_are_ignored() {
    for rule in [
        "FREQ=DAILY;COUNT=3;BYHOUR=8,12,18",
        "FREQ=DAILY;COUNT=3;BYMINUTE=0,30",
        "FREQ=DAILY;COUNT=3;BYHOUR=9;BYMINUTE=0;BYSECOND=0",
    ] {
        let tree = event(&format!("DTSTART;VALUE=DATE:20261201\nRRULE:{rule}"));
        let found = starts(&tree, "2026-12-01", "2026-12-31");
        assert_eq!(found, ["2026-12-01", "2026-12-02", "2026-12-03"], "{rule}");
    }
    let tree = event("DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=HOURLY;UNTIL=20261202");
    assert_eq!(starts(&tree, "2026-12-01", "2026-12-31"), ["2026-12-01", "2026-12-02"]);
}

#[test]
fn several_rules_and_rules_that_exclude_apply() {
    let tree = event(
        "DTSTART:20261201T090000\nRRULE:FREQ=WEEKLY;COUNT=4\nRRULE:FREQ=MONTHLY;BYMONTHDAY=3\n\
        EXRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=9",
    );
    let found = starts(&tree, "2026-12-01", "2026-12-31");
    assert_eq!(found, ["2026-12-03T09:00:00", "2026-12-08T09:00:00", "2026-12-22T09:00:00"]);
}

#[test]
fn an_end_in_utc_is_that_of_the_place_for_floating_times() {
    let tree = event(
        "DTSTART:20261201T180000\nRRULE:FREQ=DAILY;UNTIL=20261203T170000Z\nEXDATE:20261202T170000Z",
    );
    let found = starts(&tree, "2026-12-01", "2026-12-31");
    assert_eq!(found, ["2026-12-01T18:00:00", "2026-12-03T18:00:00"]);
}
