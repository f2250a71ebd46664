//! The widgets on recorded responses. The recordings are outside of this repository; without them,
//! these tests pass and print so. The expected values were read from the recordings by hand.

mod harness;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use voordeur_widget_api::{
    Alert, Block, Departure, Fact, Language, LanguageTag, Moment, MomentItem, Request, Settings,
    Severity, Tone, Value, View,
};

use harness::Citizen;

/// A recorded response, or `None` when there are no recordings.
fn recorded(file: &str) -> Option<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/recorded");
    if !folder.is_dir() {
        println!("skipped: shared/recorded is not here");
        return None;
    }
    let path = folder.join(file);
    Some(std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

/// A widget with its settings and moment.
struct Case {
    widget: &'static str,
    now: &'static str,
    postcode: Option<&'static str>,
    settings: &'static [(&'static str, &'static str)],
}

impl Case {
    /// The view for these responses, and the requests made.
    fn try_view(&self, responses: &[(&str, &[u8])]) -> (Result<View, String>, Vec<Request>) {
        let catalogue = harness::widgets();
        let widget = catalogue.get(self.widget).unwrap_or_else(|| panic!("no `{}`", self.widget));
        let place = self
            .postcode
            .map(|postcode| voordeur_gazetteer::by_postcode(postcode).expect("a known postcode"));
        let settings: Settings =
            self.settings.iter().map(|(id, value)| ((*id).into(), (*value).into())).collect();
        let citizen = Citizen {
            settings: &settings,
            place: place.as_ref(),
            language: Language::Nl,
            now: self.now.parse().expect("a moment"),
        };
        harness::view(widget.as_ref(), &citizen, |request| {
            let response = responses.iter().find(|(id, _)| *id == request.id);
            response.map(|(_, body)| body.to_vec())
        })
    }

    fn view(&self, responses: &[(&str, &[u8])]) -> View {
        let (view, _) = self.try_view(responses);
        view.unwrap_or_else(|refusal| panic!("{}: {refusal}", self.widget))
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn day(text: &str) -> Moment {
    Moment::Day(text.parse().expect("a day"))
}

fn alerts(view: &View) -> Vec<&Alert> {
    let alerts = view.blocks.iter().filter_map(|block| match block {
        Block::Alert(alert) => Some(alert),
        _ => None,
    });
    alerts.collect()
}

fn facts(view: &View) -> &[Fact] {
    match view.blocks.as_slice() {
        [Block::Facts { facts, .. }] => facts,
        other => panic!("not facts: {other:?}"),
    }
}

fn departures(view: &View) -> &[Departure] {
    match view.blocks.as_slice() {
        [Block::Departures { departures, .. }] => departures,
        other => panic!("not departures: {other:?}"),
    }
}

fn moments(view: &View) -> &[MomentItem] {
    match view.blocks.as_slice() {
        [Block::Moments { moments, .. }] => moments,
        other => panic!("not moments: {other:?}"),
    }
}

/// The text that is shown instead of data.
fn empty_text(view: &View) -> &str {
    match view.blocks.as_slice() {
        [Block::Empty { text } | Block::Text { text }] => &text.text,
        other => panic!("not only words: {other:?}"),
    }
}

fn number(fact: &Fact) -> f64 {
    match &fact.value {
        Value::Number { number, .. } => *number,
        other => panic!("not a number: {other:?}"),
    }
}

fn text_of(fact: &Fact) -> &str {
    match &fact.value {
        Value::Phrase(phrase) => &phrase.text,
        other => panic!("not words: {other:?}"),
    }
}

const WARNINGS: Case = Case {
    widget: "weather-warnings",
    now: "2022-12-08T00:15:57Z",
    postcode: Some("1850"),
    settings: &[],
};

#[test]
fn every_british_warning_is_shown_until_it_expires() {
    let Some(feed) = recorded("meteoalarm/uk_sample.xml") else { return };
    let view = WARNINGS.view(&[("feed", &feed)]);
    let shown = alerts(&view);
    assert_eq!(view.moment, Some(moment("2022-12-08T00:15:57Z")));
    assert_eq!((shown.len(), view.blocks.len(), view.omitted), (25, 25, 0));
    for alert in &shown {
        assert_eq!(alert.severity, Severity::Moderate);
        assert_eq!(alert.title.text, "Code geel: sneeuw of gladheid");
        assert_eq!(alert.title.language, None);
    }
    let areas: BTreeSet<&str> =
        shown.iter().filter_map(|alert| Some(alert.area.as_ref()?.text.as_str())).collect();
    let expected = [
        "Central Tayside & Fife",
        "East Midlands",
        "East of England",
        "Grampian",
        "Highlands & Eilean Siar",
        "North East England",
        "North West England",
        "Northern Ireland",
        "Orkney & Shetland",
        "SW Scotland, Lothian Borders",
        "South West England",
        "Strathclyde",
        "Wales",
        "West Midlands",
        "Yorkshire & Humber",
    ];
    assert_eq!(areas, expected.into());
    // Wales: from Wednesday evening to Thursday evening, and from Thursday afternoon to Friday
    // noon.
    let wales: BTreeSet<_> = shown
        .iter()
        .filter(|alert| alert.area.as_ref().is_some_and(|area| area.text == "Wales"))
        .map(|alert| format!("{:?} {:?}", alert.start, alert.end))
        .collect();
    let at = |text| Some(Moment::At(moment(text)));
    let wednesday = (at("2022-12-07T17:00:00Z"), at("2022-12-08T18:00:00Z"));
    let thursday = (at("2022-12-08T16:00:00Z"), at("2022-12-09T12:00:00Z"));
    let expected = [wednesday, thursday].map(|(start, end)| format!("{start:?} {end:?}"));
    assert_eq!(wales, expected.into());

    // The five that end on Thursday at noon are gone at one o'clock; on Saturday all are.
    let thursday = Case { now: "2022-12-08T13:00:00Z", ..WARNINGS };
    assert_eq!(alerts(&thursday.view(&[("feed", &feed)])).len(), 20);
    let saturday = Case { now: "2022-12-10T09:00:00Z", ..WARNINGS };
    let saturday = saturday.view(&[("feed", &feed)]);
    assert_eq!(empty_text(&saturday), "Er zijn nu geen weerwaarschuwingen voor België.");
}

#[test]
fn french_warnings_that_expired_are_not_shown() {
    let Some(feed) = recorded("meteoalarm/france_sample.xml") else { return };
    let view = Case { now: "2022-12-08T00:36:08Z", ..WARNINGS }.view(&[("feed", &feed)]);
    let shown = alerts(&view);
    // Twelve entries; six of them ended on the seventh.
    assert_eq!((shown.len(), view.omitted), (6, 0));
    assert!(shown.iter().all(|alert| alert.title.text == "Code geel: lawines"));
    let area = |alert: &Alert| alert.area.as_ref().map(|area| area.text.clone());
    let first = shown.iter().find(|alert| area(alert).as_deref() == Some("Haute Savoie"));
    let first = first.expect("an area");
    assert_eq!(first.start, Some(Moment::At(moment("2022-12-07T15:00:00Z"))));
    assert_eq!(first.end, Some(Moment::At(moment("2022-12-08T15:00:00Z"))));
    let link = first.link.as_ref().map(|link| link.url.as_str());
    assert_eq!(link, Some("https://meteoalarm.org/?geocode=EMMA_ID:FR035"));
}

const TRAINS: Case = Case {
    widget: "train-departures",
    now: "2025-01-06T22:11:48Z",
    postcode: None,
    settings: &[("station", "Antwerpen-Centraal")],
};

#[test]
fn a_station_is_found_by_name_and_by_distance() {
    let Some(stations) = recorded("irail/stations.json") else { return };
    let askers = [
        TRAINS,
        Case { settings: &[("station", "antwerp-central")], ..TRAINS },
        Case { settings: &[("station", "Antwerpen-C")], ..TRAINS },
        Case { settings: &[], postcode: Some("2000"), ..TRAINS },
    ];
    for asker in askers {
        let (_, asked) = asker.try_view(&[("stations", &stations), ("liveboard", b"{}")]);
        let board = asked.iter().find(|request| request.id == "liveboard").expect("is asked");
        assert!(board.url.contains("id=BE.NMBS.008821006"), "{}", board.url);
    }
    let unknown = Case { settings: &[("station", "Zweinstein")], ..TRAINS };
    let (view, asked) = unknown.try_view(&[("stations", &stations)]);
    assert_eq!(asked.len(), 1);
    assert!(empty_text(&view.expect("a view")).starts_with("We vinden geen station"));
}

#[test]
fn a_board_of_antwerp_shows_its_six_trains() {
    let Some(stations) = recorded("irail/stations.json") else { return };
    let Some(board) = recorded("irail/liveboard.json") else { return };
    let responses: [(&str, &[u8]); 2] = [("stations", &stations), ("liveboard", &board)];
    let view = TRAINS.view(&responses);
    assert_eq!(view.about.as_ref().map(|about| about.text.as_str()), Some("Antwerp-Central"));
    assert_eq!(view.moment, Some(moment("2025-01-06T22:11:48Z")));
    assert_eq!(view.omitted, 0);
    let shown: Vec<_> = departures(&view)
        .iter()
        .map(|train| {
            assert_eq!((train.delay, train.cancelled), (0, false));
            let line = train.line.as_deref().unwrap_or_default();
            let platform = train.platform.as_deref().unwrap_or_default();
            (train.at.to_string(), train.to.text.as_str(), line, platform)
        })
        .collect();
    let expected = [
        ("2025-01-06T22:19:00Z", "Brussels-South/Brussels-Midi", "EC 9272", "23"),
        ("2025-01-06T22:24:00Z", "Mol", "IC 4323", "3"),
        ("2025-01-06T22:25:00Z", "Brussels-South/Brussels-Midi", "IC 2045", "23"),
        ("2025-01-06T22:36:00Z", "Ghent-Sint-Pieters", "IC 723", "11"),
        ("2025-01-06T23:05:00Z", "Brussels-South/Brussels-Midi", "S1 1996", "14"),
        ("2025-01-06T23:10:00Z", "Essen", "S32 2573", "21"),
    ];
    assert_eq!(shown, expected.map(|(at, to, line, track)| (at.to_owned(), to, line, track)));

    // A train that left more than a minute ago is not shown.
    let later = Case { now: "2025-01-06T22:25:01Z", ..TRAINS }.view(&responses);
    assert_eq!(departures(&later).len(), 4);
    let after = Case { now: "2025-01-07T05:00:00Z", ..TRAINS }.view(&responses);
    assert_eq!(empty_text(&after), "Er vertrekken voorlopig geen treinen.");
}

const JOURNEY: Case = Case {
    widget: "train-journey",
    now: "2025-01-06T22:11:48Z",
    postcode: None,
    settings: &[("from", "BE.NMBS.008821006"), ("to", "BE.NMBS.008892007")],
};

#[test]
fn journeys_from_antwerp_to_ghent_arrive_when_the_service_says() {
    let Some(journeys) = recorded("irail/connections.json") else { return };
    let (view, asked) = JOURNEY.try_view(&[("journeys", &journeys)]);
    let view = view.expect("a view");
    let [request] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(request.url.contains("from=BE.NMBS.008821006"), "{}", request.url);
    assert!(request.url.contains("to=BE.NMBS.008892007"), "{}", request.url);
    let about = view.about.as_ref().map(|about| about.text.as_str());
    assert_eq!(about, Some("Antwerp-Central – Ghent-Sint-Pieters"));
    assert_eq!(view.omitted, 0);
    let shown: Vec<_> = departures(&view)
        .iter()
        .map(|train| {
            let leg = train.leg.as_ref().expect("a ride");
            let line = train.line.as_deref().unwrap_or_default();
            (train.at.to_string(), leg.arrival.to_string(), line, leg.changes)
        })
        .collect();
    let expected = [
        ("2025-01-06T22:36:00Z", "2025-01-06T23:33:00Z", "IC 723", 0),
        ("2025-01-07T03:35:00Z", "2025-01-07T04:32:00Z", "IC 704", 0),
        ("2025-01-07T04:06:00Z", "2025-01-07T05:08:00Z", "IC 1826", 0),
        ("2025-01-07T04:36:00Z", "2025-01-07T05:33:00Z", "IC 705", 0),
        ("2025-01-07T04:48:00Z", "2025-01-07T06:03:00Z", "IC 2605", 1),
        ("2025-01-07T05:06:00Z", "2025-01-07T06:08:00Z", "IC 1827", 0),
    ];
    let expected = expected
        .map(|(at, arrival, line, changes)| (at.to_owned(), arrival.to_owned(), line, changes));
    assert_eq!(shown, expected);
}

const AIR: Case = Case {
    widget: "air-quality",
    now: "2024-06-15T16:55:03Z",
    postcode: Some("5000"),
    settings: &[],
};

#[test]
fn air_without_a_readable_hour_is_left_out() {
    let Some(hours) = recorded("irceline/rio_wfs_with_errors.json") else { return };
    let view = AIR.view(&[("hours", &hours)]);
    assert_eq!(view.moment, Some(moment("2024-06-15T16:00:00Z")));
    // Both values of nitrogen dioxide and one of the two of fine dust have no hour; for ozone the
    // newest counts.
    let shown: Vec<_> =
        facts(&view).iter().map(|fact| (fact.label.text.as_str(), number(fact))).collect();
    assert_eq!(shown, [("Heel fijn stof (PM2,5)", 1.0), ("Ozon (O₃)", 71.0)]);
    assert!(facts(&view).iter().all(|fact| fact.tone == Some(Tone::Good)));
    assert_eq!(facts(&view)[1].share, Some(0.71));
}

#[test]
fn daily_means_are_not_shown_as_hourly_means() {
    let Some(days) = recorded("irceline/rio_wfs_dmean.json") else { return };
    let (view, _) = AIR.try_view(&[("hours", &days)]);
    let refusal = view.expect_err("an answer of another kind");
    assert!(refusal.contains("No such key: value"), "{refusal}");
}

#[test]
fn neighbours_share_the_air_quality_request() {
    let (_, asked) = AIR.try_view(&[("hours", b"{}")]);
    let url = url::Url::parse(&asked[0].url).expect("an address");
    let filter = url.query_pairs().find(|(name, _)| name == "cql_filter").expect("is sent").1;
    let point = filter.split_once("POINT (").and_then(|(_, rest)| rest.split_once(')'));
    let numbers: Vec<i64> = point
        .expect("a point")
        .0
        .split(' ')
        .map(|number| number.parse().expect("a whole number"))
        .collect();
    assert_eq!(numbers.len(), 2);
    assert!(numbers.iter().all(|number| number % 100 == 0), "{filter}");
}

const HOLIDAYS: Case = Case {
    widget: "holidays",
    now: "2025-04-20T08:00:00Z",
    postcode: None,
    settings: &[("school", "false")],
};

#[test]
fn polish_holidays_keep_their_days() {
    let Some(holidays) = recorded("openholidays/public_holidays_pl_2025.json") else { return };
    let responses: [(&str, &[u8]); 1] = [("public_holidays", &holidays)];
    let view = HOLIDAYS.view(&responses);
    let shown: Vec<_> =
        moments(&view).iter().map(|item| (item.start, item.title.text.as_str())).collect();
    let expected = [
        (day("2025-04-20"), "Wielkanoc"),
        (day("2025-04-21"), "Drugi Dzień Wielkanocy"),
        (day("2025-05-01"), "Święto Pracy"),
        (day("2025-05-03"), "Święto Narodowe Trzeciego Maja"),
        (day("2025-06-08"), "Zielone Świątki"),
        (day("2025-06-19"), "Boże Ciało"),
    ];
    assert_eq!(shown, expected);
    for item in moments(&view) {
        assert_eq!(item.end, None, "begins and ends on one day");
        assert_eq!(item.note.as_ref().map(|note| note.text.as_str()), Some("Feestdag"));
        let language = item.title.language.as_ref().map(LanguageTag::as_str);
        assert_eq!(language, Some("pl"), "no language of the page");
    }
    let boxing_day = Case { now: "2025-12-26T08:00:00Z", ..HOLIDAYS }.view(&responses);
    assert_eq!(moments(&boxing_day).len(), 1);
    let new_year = Case { now: "2025-12-31T08:00:00Z", ..HOLIDAYS }.view(&responses);
    assert!(empty_text(&new_year).starts_with("Er zijn nog geen feestdagen"));
}

const SKODA: Case = Case {
    widget: "vehicle-inspection",
    now: "2021-12-01T08:00:00Z",
    postcode: None,
    settings: &[("plate", "11ZKZ3")],
};

#[test]
fn the_inspection_date_of_a_skoda_approaches_and_passes() {
    let Some(vehicles) = recorded("rdw/11ZKZ3.json") else { return };
    let responses: [(&str, &[u8]); 1] = [("vehicles", &vehicles)];
    let (view, asked) = SKODA.try_view(&responses);
    assert_eq!(asked.len(), 1, "it has no open recall");
    let view = view.expect("a view");
    let [inspection, vehicle, insured, recalls] = facts(&view) else { panic!("{view:?}") };
    assert_eq!(inspection.value, Value::Moment(day("2022-01-04")));
    let note = |fact: &Fact| fact.note.clone().map(|note| note.text).unwrap_or_default();
    assert_eq!((note(inspection).as_str(), inspection.tone), ("nog 34 dagen", Some(Tone::Fair)));
    assert_eq!(text_of(vehicle), "SKODA CITIGO");
    assert_eq!((text_of(insured), insured.tone), ("Nee", Some(Tone::Poor)));
    assert_eq!((text_of(recalls), recalls.tone), ("Geen", Some(Tone::Good)));

    let then = |now| Case { now, ..SKODA }.view(&responses);
    let inspection = |view: &View| (note(&facts(view)[0]), facts(view)[0].tone);
    let last_day = ("vandaag is de laatste dag".to_owned(), Some(Tone::Fair));
    assert_eq!(inspection(&then("2022-01-04T08:00:00Z")), last_day);
    let expired = ("vervallen: je mag er niet meer mee rijden".to_owned(), Some(Tone::Poor));
    assert_eq!(inspection(&then("2022-01-05T08:00:00Z")), expired);
}

#[test]
fn a_ford_is_insured_and_an_unknown_plate_is_reported() {
    let Some(vehicles) = recorded("rdw/0001TJ.json") else { return };
    let ford = Case { settings: &[("plate", "0001TJ")], now: "2023-06-01T08:00:00Z", ..SKODA };
    let view = ford.view(&[("vehicles", &vehicles)]);
    let [inspection, vehicle, insured, _] = facts(&view) else { panic!("{view:?}") };
    assert_eq!(inspection.value, Value::Moment(day("2023-07-26")));
    assert_eq!(text_of(vehicle), "FORD ESCORT MEXICO");
    assert_eq!((text_of(insured), insured.tone), ("Ja", Some(Tone::Good)));

    let Some(nothing) = recorded("rdw/no_vehicles.json") else { return };
    assert!(
        empty_text(&ford.view(&[("vehicles", &nothing)])).starts_with("De RDW kent dit kenteken")
    );
}

#[test]
fn only_recalls_that_are_open_count() {
    let Some(vehicles) = recorded("rdw/11ZKZ3.json") else { return };
    let Some(recalls) = recorded("rdw/recalls.json") else { return };
    // The recorded vehicle has no open recall; the recorded recalls belong to a vehicle without a
    // recording.
    let vehicles = String::from_utf8(vehicles).expect("text");
    let (no, yes) = ("terugroepactie_indicator\": \"Nee\"", "terugroepactie_indicator\": \"Ja\"");
    assert!(vehicles.contains(no));
    let vehicles = vehicles.replace(no, yes);
    let view = SKODA.view(&[("vehicles", vehicles.as_bytes()), ("recalls", &recalls)]);
    // One was reported as repaired, one is open.
    assert_eq!(number(&facts(&view)[3]), 1.0);
    assert_eq!(facts(&view)[3].tone, Some(Tone::Poor));

    // When the list of recalls fails, the card still shows that there is one.
    let view = SKODA.view(&[("vehicles", vehicles.as_bytes())]);
    assert_eq!(text_of(&facts(&view)[3]), "Ja");
}

#[test]
fn very_different_feeds_are_shown() {
    let feeds = [
        ("feeds-real/rss_2.0_bbc.xml", "In Our Time"),
        ("feeds-real/rss_2.0_spiegel.xml", "SPIEGEL Update – Die Nachrichten"),
        ("feeds-real/golem_iso-8859-1.rss.xml", "Golem.de"),
        ("feeds-real/rss_1.0_debian.xml", "Debian News"),
    ];
    for (file, title) in feeds {
        let Some(feed) = recorded(file) else { return };
        let reader = Case {
            widget: "news-feed",
            now: "2026-11-24T08:00:00Z",
            postcode: None,
            settings: &[("address", "https://site.example/feed")],
        };
        let view = reader.view(&[("feed", &feed)]);
        assert_eq!(view.about.as_ref().map(|about| about.text.as_str()), Some(title), "{file}");
        let [Block::List { items, .. }] = view.blocks.as_slice() else {
            panic!("{file}: not a list: {:?}", view.blocks)
        };
        assert!((1..=8).contains(&items.len()) && view.omitted == 0, "{file}");
        assert!(items.iter().all(|item| item.link.is_some()), "{file}");
    }
}

const TIDE: Case = Case {
    widget: "river-level-flanders",
    now: "2026-09-23T22:25:00+02:00",
    postcode: Some("2800"),
    settings: &[],
};

/// The list is of another gauge than the values, whose name the card shows.
#[test]
fn the_scheldt_at_antwerp_rises() {
    let Some(gauges) = recorded("waterinfo-kiwis/hic_getTimeseriesList_156163.json") else {
        return;
    };
    let Some(levels) = recorded("waterinfo-kiwis/hic_getTimeseriesValues_53989010.json") else {
        return;
    };
    let view = TIDE.view(&[("gauges", &gauges), ("levels", &levels)]);
    assert_eq!(
        view.about.as_ref().map(|about| about.text.as_str()),
        Some("Antwerpen tij/Zeeschelde")
    );
    assert_eq!(view.moment, Some(moment("2026-09-23T22:10:00+02:00")));
    let Some(Block::Facts { facts, .. }) = view.blocks.first() else {
        panic!("not facts: {:?}", view.blocks)
    };
    assert_eq!(facts.iter().map(number).collect::<Vec<_>>(), [0.62, 0.62, 0.5]);
    assert_eq!(facts[0].note.as_ref().map(|note| note.text.as_str()), Some("Het water stijgt."));
    let points = view.blocks.iter().find_map(|block| match block {
        Block::Series { points, .. } => Some(points.len()),
        _ => None,
    });
    assert_eq!(points, Some(2));
}

#[test]
fn no_navigable_river_matches() {
    let Some(gauges) = recorded("waterinfo-kiwis/no_matches.json") else { return };
    let view = TIDE.view(&[("gauges", &gauges)]);
    assert!(view.blocks.iter().all(|block| matches!(block, Block::Text { .. })));
}
