//! The calendar widgets on recorded files. The recordings are outside of this repository; without
//! them, these tests pass and print so. The expected values were read from the recordings by hand.

mod harness;

use std::path::Path;

use voordeur_widget_api::{Block, Language, Moment, Settings, View};

use harness::Citizen;

/// The view of a recorded calendar, or `None` when there are no recordings.
fn view_of(widget: &str, file: &str, now: &str) -> Option<View> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !folder.is_dir() {
        println!("skipped: shared/recorded is not here");
        return None;
    }
    let bytes = std::fs::read(folder.join(file)).expect("a recording");
    let catalogue = harness::widgets();
    let widget = catalogue.get(widget).expect("the widget");
    let settings =
        Settings::from([("address".to_owned(), "https://example.org/calendar.ics".to_owned())]);
    let citizen = Citizen {
        settings: &settings,
        place: None,
        language: Language::Nl,
        now: now.parse().expect("a moment"),
    };
    let (view, _) = harness::view(widget.as_ref(), &citizen, |_| Some(bytes.clone()));
    Some(view.expect("a view"))
}

/// Start and title of each item, dates as dates and moments in UTC.
fn dated(view: &View) -> Vec<String> {
    let moments = view.blocks.iter().find_map(|block| match block {
        Block::Moments { moments, .. } => Some(moments),
        _ => None,
    });
    let reported = moments.into_iter().flatten().map(|item| match item.start {
        Moment::Day(day) => format!("{day} {}", item.title.text),
        Moment::At(at) => format!("{at} {}", item.title.text),
    });
    reported.collect()
}

fn texts(view: &View) -> Vec<&str> {
    let texts = view.blocks.iter().filter_map(|block| match block {
        Block::Text { text } | Block::Empty { text } => Some(text.text.as_str()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_waste_calendar_with_recurrence_rules_is_expanded() {
    let Some(view) =
        view_of("waste-calendar", "waste-ics/recurring.ics", "2020-05-24T18:00:00+02:00")
    else {
        return;
    };
    assert_eq!(texts(&view), ["Vanavond buiten: Poubelle verte"]);
    // Weekly on Monday and Friday, and every second Thursday.
    let expected = [
        "2020-05-25 Poubelle verte",
        "2020-05-28 Poubelle jaune",
        "2020-05-29 Poubelle marron (matin)",
        "2020-06-01 Poubelle verte",
        "2020-06-05 Poubelle marron (matin)",
        "2020-06-08 Poubelle verte",
        "2020-06-11 Poubelle jaune",
        "2020-06-12 Poubelle marron (matin)",
    ];
    assert_eq!(dated(&view), expected);
}

#[test]
fn a_waste_calendar_of_days_is_read() {
    let Some(view) = view_of("waste-calendar", "waste-ics/test.ics", "2020-01-03T18:00:00+01:00")
    else {
        return;
    };
    assert_eq!(view.about.as_ref().map(|about| about.text.as_str()), Some("Ahornweg, Aichwald"));
    assert_eq!(texts(&view), ["Vanavond buiten: Gelbe/r Sack/Tonne, Biotonne"]);
    let expected = [
        "2020-01-04 Gelbe/r Sack/Tonne",
        "2020-01-04 Biotonne",
        "2020-01-11 Restmüll 2-wöchentlich",
        "2020-01-11 Restmüll 4-wöchentlich",
    ];
    assert_eq!(dated(&view)[..4], expected);
}

#[test]
fn a_calendar_with_exceptions_in_another_zone_is_read() {
    let file = "icalendar/google_calendar_invalid_offset.ics";
    let Some(view) = view_of("calendar", file, "2003-02-06T12:00:00+01:00") else { return };
    // Daily until the 13th, except on the 8th and 9th; Buenos Aires is three hours behind UTC.
    let days = ["06", "07", "10", "11", "12"];
    let expected = days.map(|day| format!("2003-02-{day}T20:00:00Z Event Summary"));
    assert_eq!(dated(&view), expected);
}
