use super::*;

fn written(text: &str) -> Option<String> {
    written_date(text).and_then(WrittenDate::as_text)
}

fn assert_all(expected: &str, texts: &[&str]) {
    for text in texts {
        assert_eq!(written(text).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn spellings_of_a_moment_are_read() {
    assert_all(
        "2017-06-03T13:15:44Z",
        &[
            "2017-06-03T13:15:44Z",
            "2017-06-03 15:15:44+02:00",
            "2017-06-03T15:15:44+0200",
            "2017-06-03T15:15:44 +02",
            "20170603T131544Z",
            "2017-154T13:15:44Z",
            "2017-W22-6T13:15:44Z",
            "Sat, 03 Jun 2017 13:15:44 GMT",
            "Sat, 3 Jun 2017 15:15:44 +0200",
            "Sat, 03 Jun, 2017 13:15:44 UT",
            "Mon, 03 Jun 2017 08:15:44 -0500",
            "03-Jun-2017 15:15:44 +0200",
            "03 June 2017 15:15:44 +0200",
            "Jun 3 15:15:44 +0200 2017",
            "Sat Jun 03 2017 15:15:44 GMT+0200 (Central European Summer Time)",
            "Sat, 3 Jun 2017 15:15:44 +0200 CEST",
            "Sat, 3 Jun 2017 15:15:44 GMT+2",
            "Sat, 3 Jun 2017 15:15:44 GMT+02:00",
            "Saturday, June 3, 2017 03:15:44 PM CEST",
            "2017/06/03 09:15:44 EDT",
            "Sat, 3 Jun 2017 15:15:44 Europe/Brussels",
            "3 Jun 17 13:15:44 GMT",
        ],
    );
}

#[test]
fn names_in_four_languages_are_read() {
    assert_all(
        "2026-03-24T10:41:36Z",
        &[
            "Di, 24 März 2026 11:41:36 +0100",
            "Di., 24. Mrz. 2026 11:41:36 MEZ",
            "mar., 24 mars 2026 11:41:36 +0100",
            "Mar 24 2026 11:41:36 +0100",
            "Tue, 24 Mar 2026 11:41:36 +0100",
            "mar. 24 mar 2026 11:41:36 +0100",
            "di, 24 mrt 2026 11:41:36 +0100",
            "dinsdag 24 maart 2026 11:41:36 CET",
            "tirsdag, 24 mar 2026 11:41:36 +0100",
        ],
    );
    assert_all("2026-02-01", &["dimanche 1er février 2026", "1. Februar 2026", "zo 1 feb. 2026"]);
    assert_all(
        "2026-11-15T10:00:00",
        &[
            "zondag 15 november 2026 - 10:00",
            "zondag 15 november 2026 om 10.00 uur",
            "dimanche 15 novembre 2026 à 10h00",
            "dimanche 15 novembre 2026 à 10h",
            "dimanche 15 novembre 2026 à 10 h",
            "le 15 novembre 2026, 10 h 00",
            "zondag 15 november 2026 om 10u",
            "15/11/2026 10u00",
            "15 November 2026 at 10.00 am",
            "Sonntag, 15. November 2026, 10:00 Uhr",
            "Sunday, November 15th, 2026 at 10am",
            "15.11.2026 10:00",
            "15-11-2026 10:00:00",
            "2026/11/15 10:00:00",
            "20261115T100000",
        ],
    );
}

#[test]
fn a_named_zone_is_never_taken_for_utc() {
    for (zone, hour) in [
        ("MEST", 6),
        ("MESZ", 6),
        ("CEST", 6),
        ("CET", 7),
        ("MEZ", 7),
        ("BST", 7),
        ("EST", 13),
        ("EDT", 12),
        ("PDT", 15),
        ("MSK", 5),
        ("Z", 8),
    ] {
        let text = format!("Thu, 30 Apr 2015 08:57:00 {zone}");
        assert_eq!(written(&text), Some(format!("2015-04-30T{hour:02}:57:00Z")), "{zone}");
    }
    for unknown in ["XYZ", "Q", "CEST7", "GMT+25", "LOCAL", "+9999", "CET EST"] {
        assert_eq!(written(&format!("Thu, 30 Apr 2015 08:57:00 {unknown}")), None, "{unknown}");
        assert_eq!(written(&format!("2015-04-30T08:57:00 {unknown}")), None, "{unknown}");
    }
}

#[test]
fn the_order_of_numbers_is_that_of_the_publisher() {
    assert_all("2026-09-25", &["2026 09 25", "25 09 2026", "09-25-2026"]);
    assert_all("2026-09-25T10:00:00", &["2026-09-25T10"]);
    assert_all("2026-09-25T08:00:00Z", &["2026-09-25T10+02:00"]);
    assert_all("2026-04-03", &["3/4/2026", "03.04.2026", "3-4-2026", "2026/04/03", "20260403"]);
    assert_all("2026-11-17T15:07:41", &["11/17/2026 3:07:41 PM", "17/11/2026 15:07:41"]);
    assert_all("2026-03-04T15:00:00", &["3/4/2026 3:00 PM"]);
    // The fourth of March was a Wednesday, the third of April a Friday.
    assert_all("2026-03-04", &["Wed 3/4/2026", "mercredi 4/3/2026"]);
    assert_all("2026-04-03", &["Fri 3/4/2026"]);
}

#[test]
fn years_of_two_digits_have_a_century() {
    assert_all("1995-04-04T00:22:00", &["04.04.95 00:22"]);
    assert_all("2026-04-04T00:22:00", &["04.04.26 00:22"]);
    assert_all("1996-07-10", &["10 Jul 96", "Jul 10, 96"]);
    assert_eq!(written("10 Jul 103"), None);
}

#[test]
fn times_at_the_edges_of_a_day_are_read() {
    assert_all("2026-11-16T00:00:00", &["2026-11-15 24:00", "16 Nov 2026 12:00 am"]);
    assert_all("2026-11-15T12:30:00", &["15 Nov 2026 12:30 pm", "15 Nov 2026 12.30 uur"]);
    assert_all("2026-11-22T13:14:00", &["Sunday,November 22,2026 13:14 pm"]);
    assert_all("2016-12-31T23:59:59", &["31 Dec 2016 23:59:60"]);
    assert_all("2026-11-15T10:00:00.25", &["15 Nov 2026 10:00:00.25", "2026-11-15 10:00:00,25"]);
}

#[test]
fn what_is_not_understood_is_no_date() {
    for text in [
        "",
        "soon",
        "vandaag 10:00",
        "10:00",
        "Nov 2026",
        "31 Nov 2026",
        "15 Nov 2026 25:00",
        "15 Nov 2026 10:61",
        "15 Nov 16 Nov 2026",
        "15 Nov 2026 10:00 11:00",
        "15 Nov 2026 (10:00",
        "32/13/2026",
        "1 2 2026 10:00 x",
        "2026",
        "2026-11",
        "+01:00",
        "99999-01-01",
    ] {
        assert_eq!(written(text), None, "{text:?}");
    }
    assert_eq!(
        written_date("2026-11").and_then(WrittenDate::as_utc).map(|at| at.to_string()).as_deref(),
        Some("2026-11-01T00:00:00Z")
    );
    assert_eq!(
        written_date("3 June 2017")
            .and_then(WrittenDate::as_utc)
            .map(|at| at.to_string())
            .as_deref(),
        Some("2017-06-03T00:00:00Z")
    );
    assert_eq!(written(&"1 Jan ".repeat(10_000)), None);
}

#[test]
fn a_time_may_have_an_end() {
    assert_all(
        "2026-11-24T14:00:00",
        &[
            "24/11/2026 14:00-16:00",
            "24/11/2026 14:00-05:00",
            "2026-11-24 14:00-16:00",
            "2026-11-24T14:00-16:00",
            "24 november 2026 14:00 - 16:00",
            "24 november 2026, 14:00 – 16:00 uur",
            "24 novembre 2026 14h00-16h00",
            "24 novembre 2026 14 h à 16 h",
            "24.11.2026 14.00 Uhr bis 16.00 Uhr",
            "dinsdag 24 november 2026 14:00 tot 16:00",
            "November 24, 2026 2:00 PM - 4:00 PM",
            "November 24, 2026 2:00-4:00 p.m.",
            "November 24, 2026 2 p.m. to 4 p.m.",
        ],
    );
    assert_all(
        "2026-11-24T10:00:00",
        &[
            "November 24, 2026 10:00 - 2:00 pm",
            "11/24/2026 10 a.m.",
            "11/24/2026 10:00 a.m.",
            "24 november 2026 10:00-20:00",
        ],
    );
    // Machines write an offset, of which the world has some and not others.
    assert_all(
        "2026-11-24T19:00:00Z",
        &[
            "2026-11-24T14:00-05:00",
            "2026-11-24 14:00:00-05:00",
            "24 Nov 2026 14:00:00-05:00",
            "24 Nov 2026 14:00 -0500",
            "24 Nov 2026 14:00 -05:00",
        ],
    );
    assert_all("2026-11-24T01:00:00Z", &["2026-11-24T15:00+14:00"]);
    for text in ["24 Nov 2026 14:00 -1600", "24 november 2026 14:00-16:00-18:00"] {
        assert_eq!(written(text), None, "{text}");
    }
}
