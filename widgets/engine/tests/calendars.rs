//! The calendar widgets on calendars as publishers write them.

mod harness;

use voordeur_widget_api::{Block, Language, Moment, Settings, View};

use harness::Citizen;

/// The view of a calendar with these events, in Dutch and in Brussels.
fn view_of(widget: &str, events: &str, now: &str) -> View {
    let lines: Vec<&str> = events.lines().map(str::trim).collect();
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a town//NL\r\n{}\r\nEND:VCALENDAR\r\n",
        lines.join("\r\n")
    );
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
    let (view, _) = harness::view(widget.as_ref(), &citizen, |_| Some(calendar.clone().into()));
    view.expect("a view")
}

/// Title, start and end of each item.
fn moments(view: &View) -> Vec<String> {
    let moments = view.blocks.iter().find_map(|block| match block {
        Block::Moments { moments, .. } => Some(moments),
        _ => None,
    });
    let written = |moment: Moment| match moment {
        Moment::Day(day) => day.to_string(),
        Moment::At(at) => at.to_string(),
    };
    let item = |item: &voordeur_widget_api::MomentItem| {
        let end = item.end.map(|end| format!(" – {}", written(end))).unwrap_or_default();
        format!("{} {}{end}", item.title.text, written(item.start))
    };
    moments.into_iter().flatten().map(item).collect()
}

fn texts(view: &View) -> Vec<&str> {
    let texts = view.blocks.iter().filter_map(|block| match block {
        Block::Text { text } => Some(text.text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn collection(title: &str, lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:{title}\nSUMMARY:{title}\n{lines}\nEND:VEVENT\n")
}

#[test]
fn a_collection_is_on_its_day_in_belgium() {
    // Midnight of 1 December in Belgium, as several calendars write it; the last one in summer.
    for lines in [
        "DTSTART:20261130T230000Z\nDTEND:20261201T230000Z",
        "DTSTART:20261130T230000Z",
        "DTSTART:20261130T230000Z\nDURATION:PT1H",
        "DTSTART;VALUE=DATE:20261201",
        "DTSTART;TZID=Europe/Brussels:20261201T000000\nDTEND;TZID=Europe/Brussels:20261202T000000",
        "DTSTART:20261201T000000Z\nDTEND:20261202T000000Z",
        "DTSTART:20261201T060000Z",
        "DTSTART;TZID=Europe/Brussels:20261201T063000",
        "DTSTART:20260630T220000Z\nRDATE:20261130T230000Z",
    ] {
        let events = collection("Glass", lines);
        let evening = view_of("waste-calendar", &events, "2026-11-30T18:00:00+01:00");
        assert_eq!(texts(&evening), ["Vanavond buiten: Glass"], "{lines}");
        assert_eq!(moments(&evening), ["Glass 2026-12-01"], "{lines}");
        let morning = view_of("waste-calendar", &events, "2026-12-01T00:40:00+01:00");
        assert_eq!(texts(&morning), ["Wordt vandaag opgehaald: Glass"], "{lines}");
    }
}

#[test]
fn a_cancelled_collection_is_not_put_out() {
    let events = collection("Glass", "DTSTART;VALUE=DATE:20261201\nSTATUS:CANCELLED")
        + &collection("Paper", "DTSTART;VALUE=DATE:20261124\nRRULE:FREQ=WEEKLY;COUNT=3")
        + "BEGIN:VEVENT\nUID:Paper\nRECURRENCE-ID;VALUE=DATE:20261201\n\
            DTSTART;VALUE=DATE:20261202\nSUMMARY:Paper\nEND:VEVENT";
    let view = view_of("waste-calendar", &events, "2026-11-30T18:00:00+01:00");
    assert!(texts(&view).is_empty(), "{:?}", texts(&view));
    assert_eq!(moments(&view), ["Paper 2026-12-02", "Paper 2026-12-08"]);
}

#[test]
fn an_agenda_shows_days_times_and_their_ends() {
    let outlook = "TZID=Romance Standard Time";
    let events = collection(
        "Camp",
        &format!("DTSTART;{outlook}:20261207T000000\nDTEND;{outlook}:20261210T000000"),
    ) + &collection(
        "Study",
        &format!("DTSTART;{outlook}:20261204T000000\nDTEND;{outlook}:20261205T000000"),
    ) + &collection("Fair", "DTSTART;VALUE=DATE:20261212\nDTEND;VALUE=DATE:20261214")
        + &collection("Council", "DTSTART:20261202T190000Z\nDTEND:20261202T210000Z");
    assert_eq!(
        moments(&view_of("calendar", &events, "2026-12-01T08:00:00+01:00")),
        [
            "Council 2026-12-02T19:00:00Z – 2026-12-02T21:00:00Z",
            "Study 2026-12-04",
            "Camp 2026-12-07 – 2026-12-09",
            "Fair 2026-12-12 – 2026-12-13"
        ]
    );
}
