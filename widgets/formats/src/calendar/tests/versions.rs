use super::{calendar, shown};

/// A weekly class on Tuesdays at six.
const CLASS: &str = "BEGIN:VEVENT
    UID:class
    SUMMARY:Class
    DTSTART;TZID=Europe/Brussels:20261201T180000
    DTEND;TZID=Europe/Brussels:20261201T190000
    RRULE:FREQ=WEEKLY;COUNT=4
    END:VEVENT";

/// The starts and titles of December, in Brussels.
fn december(events: &str) -> Vec<String> {
    let short = |text: &String| {
        let parts: Vec<&str> = text.splitn(3, ' ').collect();
        let start = parts[0].strip_prefix("2026-12-").unwrap_or(parts[0]);
        format!("{} {}", start.replace(":00+01:00", ""), parts[2])
    };
    shown(&calendar(events), "2026-12-01", "2026-12-31").iter().map(short).collect()
}

fn meeting(title: &str, start: &str, lines: &str) -> String {
    format!(
        "BEGIN:VEVENT\nUID:meeting\nSUMMARY:{title}\nDTSTART;TZID=Europe/Brussels:{start}\n{lines}\nEND:VEVENT\n"
    )
}

#[test]
fn the_newest_version_of_an_event_counts() {
    for (old, new) in [
        ("SEQUENCE:0", "SEQUENCE:2"),
        ("X-A:no sequence", "SEQUENCE:1"),
        ("SEQUENCE:9", "SEQUENCE:10"),
        ("SEQUENCE:1\nDTSTAMP:20261101T080000Z", "SEQUENCE:1\nDTSTAMP:20261120T080000Z"),
        ("X-A:no stamp", "DTSTAMP:20261120T080000Z"),
        (
            "DTSTAMP:20261101T080000Z\nLAST-MODIFIED:20261001T080000Z",
            "DTSTAMP:20261101T080000Z\nLAST-MODIFIED:20261002T080000Z",
        ),
        // The sequence decides before the stamp.
        ("SEQUENCE:1\nDTSTAMP:20261120T080000Z", "SEQUENCE:2\nDTSTAMP:20261101T080000Z"),
    ] {
        let old = meeting("Old", "20261202T190000", old);
        let new = meeting("New", "20261204T200000", new);
        for both in [old.clone() + &new, new + &old] {
            assert_eq!(december(&both), ["04T20:00 New"], "{both}");
        }
    }
}

#[test]
fn versions_may_differ_in_whether_they_recur() {
    let old = meeting("Old", "20261202T190000", "SEQUENCE:1\nRRULE:FREQ=DAILY");
    let new = meeting("New", "20261204T200000", "SEQUENCE:2");
    assert_eq!(december(&(old + &new)), ["04T20:00 New"]);
}

#[test]
fn events_without_a_version_are_all_shown() {
    // Some publishers give one UID to all events of a kind, with nothing that says which is newer.
    let one = meeting("Paper", "20261202T190000", "DTSTAMP:20261101T080000Z");
    let other = meeting("Paper", "20261216T190000", "DTSTAMP:20261101T080000Z");
    assert_eq!(december(&(one.clone() + &other)), ["02T19:00 Paper", "16T19:00 Paper"]);
    // The same once more is the same.
    assert_eq!(december(&(one.clone() + &one)), ["02T19:00 Paper"]);
}

fn change(title: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:class\nSUMMARY:{title}\n{lines}\nEND:VEVENT\n")
}

#[test]
fn the_newest_version_of_an_occurrence_counts() {
    let first = change(
        "Later",
        "SEQUENCE:1\nRECURRENCE-ID;TZID=Europe/Brussels:20261208T180000\n\
        DTSTART;TZID=Europe/Brussels:20261208T190000",
    );
    // The same occurrence, known by its time in UTC.
    let second = change(
        "Wednesday",
        "SEQUENCE:2\nRECURRENCE-ID:20261208T170000Z\nDTSTART;TZID=Europe/Brussels:20261209T183000",
    );
    let expected = ["01T18:00 Class", "09T18:30 Wednesday", "15T18:00 Class", "22T18:00 Class"];
    for order in [[CLASS, &first, &second], [&second, &first, CLASS], [&first, CLASS, &second]] {
        assert_eq!(december(&order.join("\n")), expected);
    }
}

#[test]
fn an_occurrence_may_be_known_by_its_day_or_without_a_zone() {
    for replaced in [
        "RECURRENCE-ID;VALUE=DATE:20261208",
        "RECURRENCE-ID:20261208T180000",
        "RECURRENCE-ID;TZID=Europe/London:20261208T170000",
        "RECURRENCE-ID;TZID=Asia/Tokyo:20261209T020000",
    ] {
        let moved = change("Moved", &format!("{replaced}\nDTSTART:20261210T170000Z"));
        assert_eq!(
            december(&format!("{CLASS}\n{moved}")),
            ["01T18:00 Class", "10T17:00:00Z Moved", "15T18:00 Class", "22T18:00 Class"],
            "{replaced}"
        );
    }
}

#[test]
fn cancelled_occurrences_and_events_are_marked() {
    let gone = "RECURRENCE-ID:20261208T170000Z\nDTSTART:20261208T170000Z\nSTATUS:CANCELLED";
    assert_eq!(
        december(&format!("{CLASS}\n{}", change("Class", gone))),
        ["01T18:00 Class", "15T18:00 Class", "22T18:00 Class"]
    );
    let gone = meeting("Quiz", "20261204T200000", "STATUS:Canceled");
    assert!(december(&gone).is_empty());
    // A series that is cancelled has no occurrence, not even one that was moved before.
    let cancelled = CLASS.replace("SUMMARY:Class", "SUMMARY:Class\nSTATUS:CANCELLED\nSEQUENCE:3");
    let moved =
        change("Moved", "SEQUENCE:1\nRECURRENCE-ID:20261208T170000Z\nDTSTART:20261210T170000Z");
    assert!(december(&format!("{cancelled}\n{moved}")).is_empty());
}

#[test]
fn a_message_that_cancels_cancels() {
    let published = meeting("Quiz", "20261204T200000", "SEQUENCE:1");
    let message = meeting("Quiz", "20261204T200000", "SEQUENCE:2");
    let text = format!("{published}END:VCALENDAR\nBEGIN:VCALENDAR\nMETHOD:CANCEL\n{message}");
    assert!(december(text.trim_end()).is_empty());
    let message = change("Class", "RECURRENCE-ID:20261208T170000Z\nDTSTART:20261208T170000Z");
    let text = format!("{CLASS}\nEND:VCALENDAR\nBEGIN:VCALENDAR\nMETHOD:CANCEL\n{message}");
    assert_eq!(december(text.trim_end()), ["01T18:00 Class", "15T18:00 Class", "22T18:00 Class"]);
}

#[test]
fn a_change_may_hold_from_an_occurrence_on() {
    let later = change(
        "Class at the library",
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Brussels:20261215T180000\n\
        DTSTART;TZID=Europe/Brussels:20261216T183000\nDURATION:PT2H",
    );
    let one = change("Party", "RECURRENCE-ID:20261222T170000Z\nDTSTART:20261222T190000Z");
    assert_eq!(
        shown(&calendar(&format!("{later}\n{CLASS}")), "2026-12-01", "2026-12-31"),
        [
            "2026-12-01T18:00:00+01:00 2026-12-01T19:00:00+01:00 Class",
            "2026-12-08T18:00:00+01:00 2026-12-08T19:00:00+01:00 Class",
            "2026-12-16T18:30:00+01:00 2026-12-16T20:30:00+01:00 Class at the library",
            "2026-12-23T18:30:00+01:00 2026-12-23T20:30:00+01:00 Class at the library",
        ]
    );
    assert_eq!(
        december(&format!("{CLASS}\n{one}\n{later}")),
        ["01T18:00 Class", "08T18:00 Class", "16T18:30 Class at the library", "22T19:00:00Z Party"]
    );
    let end = change(
        "Class",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261215T170000Z\nDTSTART:20261215T170000Z\nSTATUS:CANCELLED",
    );
    assert_eq!(december(&format!("{CLASS}\n{end}")), ["01T18:00 Class", "08T18:00 Class"]);
}

#[test]
fn a_change_from_an_occurrence_on_may_move_it_into_the_window() {
    let later = change(
        "Class",
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Brussels:20261208T180000\n\
        DTSTART;TZID=Europe/Brussels:20261229T180000",
    );
    let tree = calendar(&format!("{CLASS}\n{later}"));
    assert_eq!(shown(&tree, "2027-01-05", "2027-01-05").len(), 1);
    assert_eq!(shown(&tree, "2027-01-12", "2027-01-12").len(), 1);
    assert!(shown(&tree, "2026-12-15", "2026-12-28").is_empty());
}

#[test]
fn a_newer_series_may_no_longer_have_a_moved_occurrence() {
    let moved = |sequence: u8| {
        change(
            "Moved",
            &format!(
                "SEQUENCE:{sequence}\nRECURRENCE-ID:20261215T170000Z\nDTSTART:20261216T170000Z"
            ),
        )
    };
    let series = |line: &str| CLASS.replace("RRULE:FREQ=WEEKLY;COUNT=4", line);
    for line in [
        "SEQUENCE:2\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE:20261215T170000Z",
        "SEQUENCE:2\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;VALUE=DATE:20261215",
        "SEQUENCE:2\nRRULE:FREQ=WEEKLY;UNTIL=20261214T225959Z",
        // It moved to another time of day, and to another weekday.
        "SEQUENCE:2\nRRULE:FREQ=WEEKLY;COUNT=4;BYHOUR=19",
        "SEQUENCE:2\nRRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TH",
    ] {
        let of = |sequence| december(&format!("{}\n{}", series(line), moved(sequence)));
        assert!(!of(1).contains(&"16T17:00:00Z Moved".to_owned()), "{line}");
        // A change that is as new, or newer, holds: some programs exclude what they move.
        assert!(of(2).contains(&"16T17:00:00Z Moved".to_owned()), "{line}");
    }
    // Where the series goes on, an older change holds: it changed one occurrence, not its version.
    let kept = series("SEQUENCE:9\nRRULE:FREQ=WEEKLY;UNTIL=20261231");
    assert!(december(&format!("{kept}\n{}", moved(1))).contains(&"16T17:00:00Z Moved".to_owned()));
}

#[test]
fn an_occurrence_without_its_series_is_an_event() {
    let old = change("Old", "SEQUENCE:1\nRECURRENCE-ID:20261208T170000Z\nDTSTART:20261208T170000Z");
    let new = change("New", "SEQUENCE:2\nRECURRENCE-ID:20261208T170000Z\nDTSTART:20261209T170000Z");
    assert_eq!(december(&(new.clone() + &old)), ["09T17:00:00Z New"]);
    // The series has become a single event, which is replaced.
    let single = change("Single", "DTSTART:20261208T170000Z");
    assert_eq!(december(&(single + &new)), ["09T17:00:00Z New"]);
}
