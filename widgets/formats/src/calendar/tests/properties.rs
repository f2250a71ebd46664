//! A calendar says the same whatever the order of its components.

use proptest::prelude::*;
use serde_json::Value;

use super::{calendar, shown};

fn moment() -> impl Strategy<Value = String> {
    let zones = prop_oneof![
        Just(("", "")),
        Just(("", "Z")),
        Just((";TZID=Europe/Brussels", "")),
        Just((";TZID=Romance Standard Time", "")),
        Just((";TZID=Village", "")),
        Just((";TZID=America/New_York", "")),
    ];
    let time = prop_oneof![Just("000000"), Just("180000"), Just("230000"), Just("093000")];
    let timed = (zones, 1..9u8, time)
        .prop_map(|((zone, utc), day, time)| format!("{zone}:202612{day:02}T{time}{utc}"));
    prop_oneof![3 => timed, 1 => (1..9u8).prop_map(|day| format!(";VALUE=DATE:202612{day:02}"))]
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        moment().prop_map(|at| format!("DTEND{at}")),
        moment().prop_map(|at| format!("RECURRENCE-ID{at}")),
        moment().prop_map(|at| format!("RECURRENCE-ID;RANGE=THISANDFUTURE{at}")),
        moment().prop_map(|at| format!("EXDATE{at}")),
        moment().prop_map(|at| format!("RDATE{at}")),
        (0..3u8).prop_map(|number| format!("SEQUENCE:{number}")),
        (1..4u8).prop_map(|day| format!("DTSTAMP:202611{day:02}T080000Z")),
        Just("RRULE:FREQ=DAILY;COUNT=4".to_owned()),
        Just("RRULE:FREQ=WEEKLY;BYDAY=TU,WE".to_owned()),
        Just("STATUS:CANCELLED".to_owned()),
        Just("DURATION:P1D".to_owned()),
        Just("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE".to_owned()),
    ];
    prop::collection::vec(line, 0..5)
}

fn component() -> impl Strategy<Value = String> {
    let title = prop_oneof![Just("Market"), Just("Council")];
    (0..3u8, title, moment(), lines()).prop_map(|(uid, title, start, lines)| {
        let uid = if uid == 0 { "X-NO:uid".to_owned() } else { format!("UID:{uid}") };
        let lines = lines.join("\n");
        format!("BEGIN:VEVENT\n{uid}\nSUMMARY:{title}\nDTSTART{start}\n{lines}\nEND:VEVENT")
    })
}

const ZONE: &str = "BEGIN:VTIMEZONE
    TZID:Village
    BEGIN:STANDARD
    DTSTART:20261025T030000
    TZOFFSETFROM:+0300
    TZOFFSETTO:+0200
    RDATE:20261206T030000
    END:STANDARD
    BEGIN:DAYLIGHT
    DTSTART:20260329T020000
    TZOFFSETFROM:+0200
    TZOFFSETTO:+0300
    END:DAYLIGHT
    END:VTIMEZONE";

fn sorted(tree: &Value) -> Vec<String> {
    let mut found = shown(tree, "2026-11-25", "2026-12-31");
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_components_changes_nothing(
        (components, shuffled) in prop::collection::vec(component(), 1..7).prop_flat_map(|all| {
            let all = [all, vec![ZONE.to_owned()]].concat();
            (Just(all.clone()), Just(all).prop_shuffle())
        })
    ) {
        let read = |components: &[String]| sorted(&calendar(&components.join("\n")));
        let expected = read(&components);
        prop_assert_eq!(&read(&components), &expected);
        prop_assert_eq!(&read(&shuffled), &expected);
        // An event with a UID that occurs twice is read once.
        let named: Vec<String> =
            components.iter().filter(|text| text.contains("\nUID:")).cloned().collect();
        prop_assert_eq!(read(&[named.clone(), vec![ZONE.to_owned()], named.clone()].concat()),
            read(&[named, vec![ZONE.to_owned()]].concat()));
    }
}
