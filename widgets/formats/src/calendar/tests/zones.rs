use super::{calendar, event, starts};

#[test]
fn zones_are_found_by_all_kinds_of_names() {
    let definition = "BEGIN:VTIMEZONE
        TZID:Town time
        BEGIN:STANDARD
        DTSTART:16010101T030000
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0100
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:16010101T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
        END:DAYLIGHT
        END:VTIMEZONE
        BEGIN:VTIMEZONE
        TZID:Old
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:-0330
        TZOFFSETTO:-0330
        END:STANDARD
        END:VTIMEZONE";
    for (id, expected) in [
        ("Europe/Brussels", "2026-07-01T10:00:00+02:00"),
        ("/mozilla.org/20050126/Europe/Brussels", "2026-07-01T10:00:00+02:00"),
        ("Romance Standard Time", "2026-07-01T10:00:00+02:00"),
        ("W. Europe Standard Time", "2026-07-01T10:00:00+02:00"),
        ("Town time", "2026-07-01T10:00:00+02:00"),
        ("Old", "2026-07-01T10:00:00-03:30"),
        ("Nowhere", "2026-07-01T10:00:00"),
    ] {
        let tree = calendar(&format!(
            "{definition}\nBEGIN:VEVENT\nDTSTART;TZID={id}:20260701T100000\nRRULE:FREQ=MONTHLY\nEND:VEVENT"
        ));
        assert_eq!(tree["events"][0]["start"], expected, "{id}");
        let winter = starts(&tree, "2026-12-01", "2026-12-01");
        let offset = if id == "Old" {
            "-03:30"
        } else if id == "Nowhere" {
            ""
        } else {
            "+01:00"
        };
        assert_eq!(winter, [format!("2026-12-01T10:00:00{offset}")], "{id}");
    }
}

#[test]
fn zones_are_found_by_what_programs_call_them() {
    for (id, summer) in [
        ("\"Europe/Brussels\"", "+02:00"),
        ("/freeassociation.sourceforge.net/Europe/Brussels", "+02:00"),
        ("\"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris\"", "+02:00"),
        ("\"(UTC+01:00) Ljubljana, Vaduz\"", "+02:00"),
        ("GMT+0100", "+01:00"),
        ("\"GMT+01:00\"", "+01:00"),
        ("UTC-3", "-03:00"),
        ("\"(UTC+05:30) Nowhere in particular\"", "+05:30"),
        ("Etc/GMT-1", "+01:00"),
        ("GMT Standard Time", "+01:00"),
    ] {
        let tree = event(&format!("DTSTART;TZID={id}:20260701T100000"));
        assert_eq!(tree["events"][0]["start"], format!("2026-07-01T10:00:00{summer}"), "{id}");
    }
}

#[test]
fn a_time_in_utc_is_in_utc_whatever_zone_is_named() {
    let tree = event("DTSTART;TZID=Europe/Brussels:20260701T100000Z");
    assert_eq!(tree["events"][0]["start"], "2026-07-01T10:00:00Z");
}

#[test]
fn the_zone_of_the_calendar_holds_for_times_without_one() {
    let tree = calendar(
        "X-WR-TIMEZONE:America/New_York
        BEGIN:VEVENT
        DTSTART:20260701T100000
        END:VEVENT
        BEGIN:VEVENT
        DTSTART;TZID=Europe/London:20260701T100000
        END:VEVENT",
    );
    assert_eq!(tree["events"][0]["start"], "2026-07-01T10:00:00-04:00");
    assert_eq!(tree["events"][1]["start"], "2026-07-01T10:00:00+01:00");
    let floating = event("DTSTART:20260701T100000");
    assert_eq!(starts(&floating, "2026-07-01", "2026-07-01"), ["2026-07-01T10:00:00"]);
}

/// The offsets of an event at ten on the fifteenth of each quarter's first month in a zone that the calendar defines.
fn quarters(definition: &str) -> Vec<String> {
    let tree = calendar(&format!(
        "BEGIN:VEVENT
        DTSTART;TZID=Village:20260115T100000
        RRULE:FREQ=MONTHLY;INTERVAL=3;COUNT=8
        END:VEVENT
        BEGIN:VTIMEZONE
        TZID:Village
        {definition}
        END:VTIMEZONE"
    ));
    let offset = |start: &String| start[19..].to_owned();
    starts(&tree, "2026-01-01", "2027-12-31").iter().map(offset).collect()
}

const WINTER: &str = "BEGIN:STANDARD
    DTSTART:20001029T030000
    TZOFFSETFROM:+0200
    TZOFFSETTO:+0100
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
    END:STANDARD";

#[test]
fn the_days_of_a_rule_may_be_listed() {
    // The last Sunday of March, as seven days; of 2026 it is the 29th.
    let summer = "BEGIN:DAYLIGHT
        DTSTART:20000326T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=25,26,27,28,29,30,31;BYDAY=SU
        END:DAYLIGHT";
    let expected = ["+01:00", "+02:00", "+02:00", "+02:00"];
    assert_eq!(quarters(&format!("{WINTER}\n{summer}")), [expected, expected].concat());
    let tree = calendar(&format!(
        "BEGIN:VTIMEZONE\nTZID:Village\n{WINTER}\n{summer}\nEND:VTIMEZONE\n\
        BEGIN:VEVENT\nDTSTART;TZID=Village:20260328T100000\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT"
    ));
    assert_eq!(
        starts(&tree, "2026-03-01", "2026-04-30"),
        ["2026-03-28T10:00:00+01:00", "2026-03-29T10:00:00+02:00"]
    );
}

#[test]
fn onsets_may_be_listed() {
    let definition = "BEGIN:STANDARD
        DTSTART:20251026T030000
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0100
        RDATE:20261025T030000
        RDATE:20271031T030000
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:20260329T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        RDATE:20260329T020000,20270328T020000
        END:DAYLIGHT";
    let expected = ["+01:00", "+02:00", "+02:00", "+02:00"];
    assert_eq!(quarters(definition), [expected, expected].concat());
}

#[test]
fn a_rule_ends_with_until() {
    // Summer time is abolished after 2026: the last onset is 29 March 2026 at 1:00 UTC.
    let definition = format!(
        "{WINTER}
        BEGIN:DAYLIGHT
        DTSTART:20000326T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20260329T010000Z
        END:DAYLIGHT"
    );
    assert_eq!(
        quarters(&definition),
        ["+01:00", "+02:00", "+02:00", "+02:00", "+01:00", "+01:00", "+01:00", "+01:00"]
    );
}

#[test]
fn rules_by_day_of_the_year_are_expanded() {
    // Summer from 10 April, the hundredth day, to 27 October, the three hundredth.
    let definition = "BEGIN:DAYLIGHT
        DTSTART:20000409T020000
        TZOFFSETFROM:+0030
        TZOFFSETTO:+0130
        RRULE:FREQ=YEARLY;BYYEARDAY=100
        END:DAYLIGHT
        BEGIN:STANDARD
        DTSTART:20001026T020000
        TZOFFSETFROM:+0130
        TZOFFSETTO:+0030
        RRULE:FREQ=YEARLY;BYYEARDAY=300
        END:STANDARD";
    let expected = ["+00:30", "+01:30", "+01:30", "+01:30"];
    assert_eq!(quarters(definition)[..4], expected);
}
