//! A scaffold made from a recorded response is a working widget before anyone edits it.

#[expect(dead_code, reason = "a scaffold is in no catalogue")]
mod harness;

use std::path::Path;

use voordeur_engine::scaffold::{Files, ScaffoldError, blank, from_response};
use voordeur_engine::{ManifestWidget, SampleFiles};
use voordeur_widget_api::{Block, Language, Moment, View, Widget};

use harness::Citizen;

/// Responses of services without a widget, and the keys of their scaffolds: `each`, title, date and
/// link, empty when absent.
const RECORDED: [(&str, [&str; 4]); 17] = [
    (
        "usgs/earthquakes_all_month.geojson",
        [
            "answer.items + []",
            "at(item, 'properties.title')",
            "moment(at(item, 'properties.time'))",
            "at(item, 'properties.url')",
        ],
    ),
    (
        "nws/alerts_active_status_actual.json",
        [
            "alerts(answer, now)",
            "in_language(coalesce(item.headline, item.title, item.event), item.spoken)",
            "moment(item.start)",
            "",
        ],
    ),
    (
        "parkapi/karlsruhe.json",
        ["answer.items + []", "at(item, 'properties.parkhaus_name')", "", ""],
    ),
    (
        "arnhem-arcgis/e6a_parking.json",
        ["answer.items + []", "at(item, 'properties.STRAAT')", "", ""],
    ),
    (
        "gov-uk-bank-holidays/bank-holidays.json",
        [
            "answer['northern-ireland'].events + []",
            "at(item, 'title')",
            "day(at(item, 'date'))",
            "",
        ],
    ),
    (
        "open511/tmdd-output-1.json",
        [
            "answer.events + []",
            "at(item, 'headline')",
            "day(at(item, 'schedule.intervals.0'))",
            "at(item, 'url')",
        ],
    ),
    (
        "oparl/karlsruhe_consultations.json",
        ["answer + []", "at(item, 'role')", "moment(at(item, 'modified'))", ""],
    ),
    ("openholidays/countries.json", ["answer + []", "translated(at(item, 'name'))", "", ""]),
    (
        "ods-liege/garages.json",
        ["answer.records + []", "at(item, 'fields.title')", "", "at(item, 'fields.website')"],
    ),
    ("socrata/bike_counts_page_1.json", ["answer + []", "", "moment(at(item, 'date'))", ""]),
    (
        "pdok-locatieserver/pdok_response_amsterdam.json",
        ["answer.response.docs + []", "at(item, 'weergavenaam')", "", ""],
    ),
    (
        "meteoalarm/ireland_sample_detail.xml",
        [
            "alerts(answer, now)",
            "in_language(coalesce(item.headline, item.title, item.event), item.spoken)",
            "moment(item.start)",
            "",
        ],
    ),
    (
        "gdacs/gdacs-rss.xml",
        [
            "answer.items",
            "coalesce(item.title, item.summary)",
            "coalesce(moment(item.date), day(item.date))",
            "item.link",
        ],
    ),
    ("irceline/forecast.csv", ["answer.rows + []", "at(item, 'id')", "", ""]),
    ("parkapi/bielefeld.csv", ["answer.rows + []", "at(item, 'zufahrt')", "", ""]),
    ("openholidays/be_groups.csv", ["answer.rows + []", "at(item, 'Name')", "", ""]),
    (
        "waste-ics/test.ics",
        ["answer.events", "item.title", "item.all_day ? item.start : moment(item.start)", ""],
    ),
];

fn moment() -> jiff::Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("a moment")
}

/// The kind of block of a scaffold.
fn block_kind(bytes: &[u8]) -> Result<String, String> {
    let files = from_response("https://example.org/answer", bytes, moment())
        .map_err(|error| error.to_string())?;
    shown_block_kind(&files)
}

/// The samples of a scaffold are found by their names.
struct Samples<'a>(&'a Files);

impl SampleFiles for Samples<'_> {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        self.0.get(&format!("samples/{name}")).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.0.keys().filter_map(|path| path.strip_prefix("samples/")).map(str::to_owned).collect()
    }
}

/// The kind of block that a widget shows, provided its empty and malformed samples behave.
fn shown_block_kind(files: &Files) -> Result<String, String> {
    let manifest = String::from_utf8_lossy(&files["widget.toml"]).replace("TODO ", "A ");
    let widget = ManifestWidget::read_folder("drafted", &manifest, &Samples(files))
        .map_err(|error| format!("{error}\n{manifest}"))?;
    let see = |index: usize| {
        let sample = &widget.samples()[index];
        let citizen = Citizen {
            settings: &sample.settings,
            place: None,
            language: Language::En,
            now: sample.moment,
        };
        harness::view(&widget, &citizen, |request| {
            sample.responses.get(&request.id).and_then(|bodies| bodies.first()).cloned()
        })
        .0
    };
    let empty = see(1).map_err(|refusal| format!("empty: {refusal}"))?;
    if !matches!(empty.blocks.as_slice(), [Block::Empty { .. }]) {
        return Err(format!("the empty sample shows {:?}", empty.blocks));
    }
    let says = |view: &View| view.blocks.iter().all(|block| matches!(block, Block::Empty { .. }));
    if see(2).is_ok_and(|view| view.omitted == 0 && !says(&view)) {
        return Err("the malformed sample is shown as if it were good".to_owned());
    }
    let view = see(0)?;
    match view.blocks.iter().find(|block| !matches!(block, Block::Empty { .. })) {
        Some(block) => Ok(format!("{block:?}").split([' ', '(']).next().unwrap_or("").to_owned()),
        None => Err("nothing is shown".to_owned()),
    }
}

#[test]
fn scaffolds_of_recorded_responses_show_the_expected_fields() {
    let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !recorded.is_dir() {
        println!("skipped: {} is absent", recorded.display());
        return;
    }
    for (file, expected) in RECORDED {
        let bytes = std::fs::read(recorded.join(file)).expect("a recorded answer");
        let kind = block_kind(&bytes);
        assert!(kind.is_ok(), "{file}: {kind:?}");
        let files = from_response("https://example.org/answer", &bytes, moment()).expect("a draft");
        let manifest = String::from_utf8_lossy(&files["widget.toml"]).into_owned();
        let key = |names: &[&str]| {
            let mut lines = manifest.lines().filter_map(|line| line.split_once(" = "));
            let value = lines.find(|(key, _)| names.contains(key)).map(|(_, value)| value);
            value.unwrap_or_default().trim_matches('"').to_owned()
        };
        let keys = [key(&["each"]), key(&["title"]), key(&["start", "at"]), key(&["link"])];
        assert_eq!(keys, expected, "{file}: {manifest}");
    }
}

#[test]
fn json_and_xml_responses_become_widgets() {
    let json = br#"{"days": [{"title": "Fair", "date": "2026-12-01"}]}"#;
    assert_eq!(block_kind(json), Ok("Moments".to_owned()));
    let xml =
        b"<news><item><title>News &amp; more</title></item><item><title>B</title></item></news>";
    assert_eq!(block_kind(xml), Ok("List".to_owned()));
}

#[test]
fn a_feed_of_any_kind_becomes_a_list_with_links_and_moments() {
    let rss = "<rss version='2.0'><channel><language>nl-BE</language><item><title>Markt</title><link>https://example.org/1</link>\
        <pubDate>Tue, 24 Nov 2026 09:00:00 +0100</pubDate></item></channel></rss>";
    let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='nl'><entry><title>Markt</title>\
        <link href='https://example.org/1'/><published>2026-11-24T08:00:00Z</published></entry></feed>";
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "language": "nl",
        "items": [{"id": "1", "title": "Markt", "url": "https://example.org/1", "date_published": "2026-11-24T08:00:00Z"}]}"#;
    for feed in [rss, atom, json] {
        assert_eq!(block_kind(feed.as_bytes()), Ok("List".to_owned()), "{feed}");
        let files =
            from_response("https://example.org/feed", feed.as_bytes(), moment()).expect("a draft");
        let manifest = String::from_utf8_lossy(&files["widget.toml"]).into_owned();
        for part in ["format = \"feed\"", "item.language)", "item.link", "item.date"] {
            assert!(manifest.contains(part), "{part}: {manifest}");
        }
    }
}

#[test]
fn relative_links_of_a_feed_become_links() {
    let feed = "<rss version='2.0'><channel><link>/news</link><item><title>Markt</title><link>/news/1</link>\
        <pubDate>Tue, 24 Nov 2026 09:00:00 +0100</pubDate></item></channel></rss>";
    let files = from_response("https://example.org/feeds/news.rss", feed.as_bytes(), moment());
    let manifest = String::from_utf8_lossy(&files.expect("a draft")["widget.toml"]).into_owned();
    assert!(manifest.contains("link = \"item.link\""), "{manifest}");
}

#[test]
fn a_place_without_a_position_does_not_turn_a_map_into_a_list() {
    let feature = |name: &str, geometry: &str| {
        format!(
            r#"{{"type": "Feature", "properties": {{"naam": "{name}"}}, "geometry": {geometry}}}"#
        )
    };
    let features = [
        feature("A", r#"{"type": "Point", "coordinates": ["3.7250", "51.0543"]}"#),
        feature("B", r#"{"type": "Point", "coordinates": [3.7301, 51.0401]}"#),
        feature("C", r#"{"type": "Point", "coordinates": []}"#),
        feature("D", "null"),
        feature("E", r#"{"type": "Point", "coordinates": [3.7, 51.05]}"#),
    ];
    let features = features.join(",");
    let features = format!(r#"{{"type": "FeatureCollection", "features": [{features}]}}"#);
    assert_eq!(block_kind(features.as_bytes()), Ok("Places".to_owned()));
}

#[test]
fn a_calendar_in_universal_time_names_no_zone() {
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Glas\r\n\
        DTSTART:20261129T230000Z\r\nDTEND:20261130T230000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let files = from_response("https://example.org/x.ics", calendar.as_bytes(), moment());
    let files = files.expect("a draft");
    assert!(!String::from_utf8_lossy(&files["widget.toml"]).contains("zone = "));
    let view = shown_view(&files).expect("a view");
    let Some(Block::Moments { moments, .. }) = view.blocks.first() else {
        panic!("{:?}", view.blocks)
    };
    assert_eq!(moments[0].start, Moment::Day("2026-11-30".parse().expect("a day")));
}

#[test]
fn tables_calendars_and_positions_are_scaffolded() {
    let format = |bytes: &[u8]| {
        let files = from_response("https://example.org/x", bytes, moment()).expect("a draft");
        let manifest = String::from_utf8_lossy(&files["widget.toml"]).into_owned();
        let line = manifest.lines().find(|line| line.starts_with("format = "));
        line.unwrap_or_default().to_owned()
    };
    let table = b"Datum;Naam;Aantal\n2026-12-01;Markt;3\n2026-12-02;Kermis;4\n";
    assert_eq!(format(table), "format = \"csv\"");
    assert_eq!(block_kind(table), Ok("Moments".to_owned()));
    let positions = b"naam,lat,lon\nA,\"51,05\",\"3,72\"\nB,51.06,3.73\n";
    assert_eq!(block_kind(positions), Ok("Places".to_owned()));
    let calendar = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261201\r\n\
        SUMMARY:Restafval\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261202T080000Z\r\nDTEND:20261202T090000Z\r\n\
        SUMMARY:Inzameling\r\nLOCATION:Markt\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(format(calendar), "format = \"icalendar\"");
    assert_eq!(block_kind(calendar), Ok("Moments".to_owned()));
    let features = br#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"naam": "A"},
        "geometry": {"type": "Polygon", "coordinates": [[[3.7, 51.0], [3.8, 51.0], [3.8, 51.1], [3.7, 51.0]]]}}]}"#;
    assert_eq!(format(features), "format = \"geojson\"");
    assert_eq!(block_kind(features), Ok("Places".to_owned()));
}

/// The view of the first sample of a scaffold.
fn shown_view(files: &Files) -> Result<View, String> {
    let manifest = String::from_utf8_lossy(&files["widget.toml"]).replace("TODO ", "A ");
    let widget = ManifestWidget::read_folder("drafted", &manifest, &Samples(files))
        .map_err(|error| format!("{error}\n{manifest}"))?;
    let sample = &widget.samples()[0];
    let citizen = Citizen {
        settings: &sample.settings,
        place: None,
        language: Language::En,
        now: sample.moment,
    };
    let body = |request: &voordeur_widget_api::Request| {
        sample.responses.get(&request.id).and_then(|bodies| bodies.first()).cloned()
    };
    harness::view(&widget, &citizen, body).0.map_err(|refusal| refusal.to_string())
}

/// The titles that a draft of a calendar shows in its sample.
fn titles_of_calendar(events: &str) -> Vec<String> {
    let calendar = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
    let files = from_response("https://example.org/x.ics", calendar.as_bytes(), moment());
    let files = files.expect("a draft");
    let view = shown_view(&files).expect("a view");
    let moments = view.blocks.iter().find_map(|block| match block {
        Block::Moments { moments, .. } => Some(moments),
        _ => None,
    });
    moments.into_iter().flatten().map(|item| item.title.text.clone()).collect()
}

#[test]
fn the_draft_of_a_calendar_shows_what_recurs_and_not_what_is_cancelled() {
    let event = |uid: &str, lines: &str| {
        format!("BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{uid}\r\n{lines}\r\nEND:VEVENT\r\n")
    };
    let training = event("Training", "DTSTART:20240903T190000\r\nRRULE:FREQ=WEEKLY");
    let quiz = event("Quiz", "DTSTART:20261212T200000\r\nSTATUS:CANCELLED");
    let party = event("Party", "DTSTART:20261219T180000");
    let past = event("Past", "DTSTART:20250101");
    let titles = titles_of_calendar(&[past.clone(), training, quiz, party].concat());
    assert!(titles.contains(&"Training".to_owned()), "{titles:?}");
    assert!(titles.contains(&"Party".to_owned()), "{titles:?}");
    assert!(!titles.contains(&"Quiz".to_owned()), "{titles:?}");
    assert!(!titles.contains(&"Past".to_owned()), "{titles:?}");
    // An event in half a year is shown when none comes before, and the past when all are over.
    let later = event("Later", "DTSTART;VALUE=DATE:20270601");
    assert_eq!(titles_of_calendar(&(past.clone() + &later)), ["Later"]);
    assert_eq!(titles_of_calendar(&past), ["Past"]);
    // The sample of a large calendar holds what comes, not what stands first.
    let old = |at: usize| event(&format!("old {at}"), "DTSTART:20200101");
    let large: String = (0..1_500).map(old).collect();
    assert_eq!(titles_of_calendar(&(large + &later)), ["Later"]);
}

#[test]
fn a_large_response_is_shortened_to_a_sample() {
    let records: Vec<String> = (0..5_000)
        .map(|at| format!("{{\"title\": \"Fair {at}\", \"date\": \"2026-12-01\"}}"))
        .collect();
    let json = format!("{{\"days\": [{}]}}", records.join(","));
    let rows: Vec<String> = (0..5_000).map(|at| format!("Fair {at};2026-12-01\n")).collect();
    let csv = format!("Naam;Datum\n{}", rows.concat());
    for (large, name) in [(json, "samples/normal.json"), (csv, "samples/normal.csv")] {
        let files =
            from_response("https://example.org/x", large.as_bytes(), moment()).expect("a draft");
        assert!(files[name].len() < 2_000, "{name}: {}", files[name].len());
        assert_eq!(block_kind(large.as_bytes()), Ok("Moments".to_owned()), "{name}");
    }
}

#[test]
fn a_blank_widget_can_be_read_and_its_samples_fit() {
    let files = blank(moment());
    assert_eq!(shown_block_kind(&files), Ok("List".to_owned()));
}

#[test]
fn unsupported_responses_are_rejected() {
    let error = |url, bytes: &[u8]| from_response(url, bytes, moment()).err();
    let url = "https://example.org/x";
    assert_eq!(error(url, b"{\"a\": 1}"), Some(ScaffoldError::NoRecords));
    assert_eq!(error(url, b"[{\"a\": 1}]"), Some(ScaffoldError::NoTitle));
    assert!(matches!(error(url, b"no"), Some(ScaffoldError::Format(_))));
    assert_eq!(error("http://example.org/x", b"[]"), Some(ScaffoldError::Address));
}
