//! The widgets about parking, rivers, roads, notices, schools, air, waste, prices and the tube on
//! recorded responses. The recordings are outside of this repository; without them, these tests
//! pass and print so. The expected values were read from the recordings by hand.

mod harness;

use std::path::Path;

use voordeur_widget_api::{Block, Fact, Language, Moment, Request, Settings, Value, View};

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
#[derive(Clone, Copy)]
struct Case {
    widget: &'static str,
    now: &'static str,
    postcode: Option<&'static str>,
    settings: &'static [(&'static str, &'static str)],
}

impl Case {
    /// The view for these responses, by request, and the requests made.
    fn view(self, responses: &[(&str, &[u8])]) -> (View, Vec<Request>) {
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
        let (view, asked) = harness::view(widget.as_ref(), &citizen, |request| {
            let response = responses.iter().find(|(id, _)| *id == request.id);
            response.map(|(_, body)| body.to_vec())
        });
        (view.unwrap_or_else(|refusal| panic!("{}: {refusal}", self.widget)), asked)
    }
}

fn facts(view: &View) -> Vec<(&str, String)> {
    let facts = view.blocks.iter().filter_map(|block| match block {
        Block::Facts { facts, .. } => Some(facts),
        _ => None,
    });
    facts.flatten().map(|fact| (fact.label.text.as_str(), shown(fact))).collect()
}

fn shown(fact: &Fact) -> String {
    match &fact.value {
        Value::Number { number, .. } => number.to_string(),
        Value::Phrase(phrase) => phrase.text.clone(),
        Value::Moment(moment) => format!("{moment:?}"),
    }
}

fn day(text: &str) -> Moment {
    Moment::Day(text.parse().expect("a day"))
}

#[test]
fn free_spaces_of_car_parks() {
    let Some(garages) = recorded("ods-ghent/garages_2026-02-27_v21.json") else { return };
    let case = Case {
        widget: "parking-ghent",
        now: "2026-02-27T20:40:00Z",
        postcode: None,
        settings: &[("order", "free")],
    };
    let (view, _) = case.view(&[("garages", &garages)]);
    assert_eq!(facts(&view), [("Savaanstraat", "261".into()), ("Tolhuis", "38".into())]);
    assert_eq!(view.moment, Some("2026-02-27T20:37:23Z".parse().expect("a moment")));

    // The citizen's own table reads the same answer.
    let case = Case {
        widget: "dataset-table",
        settings: &[
            ("portal", "data.stad.gent"),
            ("dataset", "bezetting-parkeergarages-real-time"),
            ("columns", "name,availablecapacity"),
        ],
        ..case
    };
    let (view, _) = case.view(&[("ghent", &garages)]);
    let Some(Block::Table(table)) = view.blocks.first() else { panic!("{:?}", view.blocks) };
    assert_eq!(table.rows.len(), 2);
    assert_eq!(view.notices.len(), 1, "13 rows, of which two are shown");
}

#[test]
fn a_gauge_is_asked_by_its_uuid() {
    let gauge = recorded("pegelonline/emmerich_W.json");
    let measured = recorded("pegelonline/emmerich_W_measurements_PT6H.json");
    let (Some(gauge), Some(measured)) = (gauge, measured) else { return };
    let case = Case {
        widget: "river-level-germany",
        now: "2026-09-23T20:10:00Z",
        postcode: None,
        settings: &[("station", "KÖLN")],
    };
    let (view, asked) = case.view(&[("gauge", &gauge), ("day", &measured)]);
    assert!(asked.iter().all(|request| {
        request.url.contains("/stations/a6ee8177-107b-47dd-bcfd-30960ccc6e9c/W")
    }));
    assert_eq!(facts(&view), [("Waterstand", "-7".into())]);
    let Some(Block::Series { points, .. }) = view.blocks.last() else { panic!("no series") };
    assert_eq!((points.len(), points.last().map(|point| point.value)), (24, Some(-28.0)));
}

#[test]
fn works_on_a_motorway_by_the_days_on_which_they_hold() {
    let Some(works) = recorded("autobahn/A81_roadworks_trimmed.json") else { return };
    // The road of the recording is none that can be chosen: as the A4, nothing is its own.
    let case = Case {
        widget: "road-works-autobahn",
        now: "2026-10-02T08:00:00Z",
        postcode: None,
        settings: &[("road", "A4")],
    };
    let (view, _) = case.view(&[("works", &works)]);
    assert!(matches!(view.blocks.as_slice(), [Block::Empty { .. }]), "{:?}", view.blocks);
    let text = String::from_utf8(works).expect("UTF-8").replace("A81 |", "A4 |");
    let (view, _) = case.view(&[("works", text.as_bytes())]);
    let Some(Block::List { items, .. }) = view.blocks.first() else { panic!("{:?}", view.blocks) };
    let starts: Vec<_> = items.iter().map(|item| item.when).collect();
    let expected = ["2026-10-02", "2026-08-15", "2026-10-05", "2026-10-16"].map(|it| Some(day(it)));
    // Works of today come first, in the order of the service; then those to come.
    let mut today: Vec<_> = starts.iter().take(2).copied().collect();
    today.sort_by_key(|when| format!("{when:?}"));
    assert_eq!(today, [expected[1], expected[0]]);
    assert_eq!(starts.get(2..), expected.get(2..));
    // A week later, the works of the second and the fifth of October are over.
    let later = Case { now: "2026-10-09T08:00:00Z", ..case };
    let (view, _) = later.view(&[("works", text.as_bytes())]);
    assert!(matches!(view.blocks.as_slice(), [Block::List { items, .. }] if items.len() == 2));
}

#[test]
fn notices_of_a_dutch_municipality() {
    let notices = recorded("koop-sru/gmb-2026-104512.xml");
    let refused = recorded("koop-sru/diagnostic_bad_query.xml");
    let (Some(notices), Some(refused)) = (notices, refused) else { return };
    let case = Case {
        widget: "official-notices-netherlands",
        now: "2026-04-03T08:00:00Z",
        postcode: None,
        settings: &[("municipality", "Pijnacker-Nootdorp")],
    };
    let (view, asked) = case.view(&[("answer", &notices)]);
    let Some(Block::List { items, .. }) = view.blocks.first() else { panic!("{:?}", view.blocks) };
    let title = "Beleidsregels afvalinzameling gemeente Pijnacker-Nootdorp";
    assert_eq!((items[0].title.text.as_str(), items[0].when), (title, Some(day("2026-04-02"))));
    let link = items[0].link.as_ref().map(|link| link.url.as_str());
    assert_eq!(link, Some("https://zoek.officielebekendmakingen.nl/gmb-2026-104512.html"));
    assert!(asked[0].url.contains("dt.available"), "{}", asked[0].url);

    let hague = Case { settings: &[("municipality", "Den Haag")], ..case };
    let (_, asked) = hague.view(&[("answer", &notices)]);
    assert!(asked[0].url.contains("%27s-Gravenhage") || asked[0].url.contains("'s-Gravenhage"));
    let catalogue = harness::widgets();
    let widget = catalogue.get(case.widget).expect("the widget");
    let settings: Settings = [("municipality".into(), "Sluis".into())].into_iter().collect();
    let citizen = Citizen {
        settings: &settings,
        place: None,
        language: Language::Nl,
        now: case.now.parse().expect("a moment"),
    };
    let (view, _) = harness::view(widget.as_ref(), &citizen, |_| Some(refused.clone()));
    assert!(view.is_err(), "a refused question is no good news");
}

#[test]
fn dutch_school_holidays_end_on_their_last_day() {
    let Some(list) = recorded("rijksoverheid-schoolholidays/2026-2027_list.json") else { return };
    // The recording is the list of all years; the answer for one year is one of its items.
    let list: Vec<serde_json::Value> = serde_json::from_slice(&list).expect("JSON");
    let year = list[0].to_string();
    let case = Case {
        widget: "school-holidays-netherlands",
        now: "2026-10-01T08:00:00Z",
        postcode: None,
        settings: &[("region", "noord")],
    };
    let (view, _) = case.view(&[("year", year.as_bytes())]);
    let Some(Block::Moments { moments, .. }) = view.blocks.first() else {
        panic!("{:?}", view.blocks)
    };
    let shown: Vec<_> =
        moments.iter().map(|item| (item.title.text.as_str(), item.start, item.end)).collect();
    let expected = [
        ("Herfstvakantie", day("2026-10-10"), Some(day("2026-10-18"))),
        ("Kerstvakantie", day("2026-12-19"), Some(day("2027-01-03"))),
        ("Voorjaarsvakantie", day("2027-02-20"), Some(day("2027-02-28"))),
    ];
    assert_eq!(shown, expected);
}

#[test]
fn the_newest_values_of_a_dutch_station() {
    let Some(air) = recorded("luchtmeetnet/measurements_NL01493.json") else { return };
    let case = Case {
        widget: "air-quality-netherlands",
        now: "2024-11-07T23:30:00Z",
        postcode: None,
        settings: &[("station", "NL01487")],
    };
    let (view, _) = case.view(&[("air", &air)]);
    let values: Vec<String> = facts(&view).into_iter().map(|(_, value)| value).collect();
    assert_eq!(values, ["26.7", "11.5", "17.4", "3.4"]);
}

#[test]
fn the_worst_status_of_each_tube_line() {
    let Some(lines) = recorded("tfl/lineStatusByMode_tube.json") else { return };
    let case = Case {
        widget: "tube-status",
        now: "2024-07-15T12:00:00Z",
        postcode: None,
        settings: &[("troubles", "true")],
    };
    let (view, _) = case.view(&[("lines", &lines)]);
    let expected = [
        ("Central", "Kleine vertraging".to_owned()),
        ("Piccadilly", "Rijdt niet overal".to_owned()),
    ];
    assert_eq!(facts(&view), expected);
}

#[test]
fn inflation_of_the_newest_known_month() {
    let Some(prices) = recorded("jsonstat/eurostat-prc_hicp_minr_ES.json") else { return };
    let case = Case {
        widget: "inflation-europe",
        now: "2026-07-20T08:00:00Z",
        postcode: None,
        settings: &[("country", "BE")],
    };
    let (view, _) = case.view(&[("prices", &prices)]);
    assert_eq!(facts(&view), [("Prijzen tegenover een jaar eerder", "3.6".into())]);
}

#[test]
fn prices_of_french_stations_that_sell_the_fuel() {
    let Some(stations) = recorded("fr-fuel-records/finistere_2.json") else { return };
    let case = Case {
        widget: "fuel-prices-france",
        now: "2026-04-16T12:00:00Z",
        postcode: None,
        settings: &[("postcode", "29300"), ("fuel", "e10")],
    };
    let (view, _) = case.view(&[("stations", &stations)]);
    assert_eq!(facts(&view), [("Rue du Pont Aven", "1.919".into())]);
}

#[test]
fn collections_of_waste_with_the_one_that_was_moved() {
    let towns = recorded("recycleapp/zipcodes.json");
    let streets = recorded("recycleapp/streets.json");
    let collections = recorded("recycleapp/collections.json");
    let (Some(towns), Some(streets), Some(collections)) = (towns, streets, collections) else {
        return;
    };
    let case = Case {
        widget: "waste-collection",
        now: "2021-09-20T08:00:00Z",
        postcode: Some("3000"),
        settings: &[("street", "Andreas Vesaliusstraat"), ("number", "12 A")],
    };
    let answers =
        [("zipcodes", &towns[..]), ("streets", &streets[..]), ("collections", &collections[..])];
    let (view, asked) = case.view(&answers);
    let last = asked.last().expect("the collections are asked").url.clone();
    for part in ["zipcodeId=3000-24062", "houseNumber=12a", "size=200"] {
        assert!(last.contains(part), "{part}: {last}");
    }
    assert_eq!(view.blocks.len(), 2, "what has to be put out tonight, and the list");
    let Some(Block::Moments { moments, .. }) = view.blocks.last() else {
        panic!("{:?}", view.blocks)
    };
    let shown: Vec<_> =
        moments.iter().take(4).map(|item| (item.title.text.as_str(), item.start)).collect();
    // The collection of Friday 24 was moved to Wednesday.
    let expected = [
        ("Huisvuil", day("2021-09-21")),
        ("Papier-karton", day("2021-09-22")),
        ("Gft", day("2021-09-22")),
        ("Huisvuil", day("2021-09-28")),
    ];
    assert_eq!(shown, expected);
    // Fourteen are left of the twenty; ten are shown.
    assert_eq!(view.further.first().map(|further| further.count), Some(4), "{:?}", view.further);
}

#[test]
fn markets_with_the_next_day_of_each() {
    let Some(markets) = recorded("gipod/inname_punt_markten_2026-09-28.json") else { return };
    let case = Case {
        widget: "markets-events",
        now: "2026-09-28T06:10:00Z",
        postcode: Some("2660"),
        settings: &[("radius", "10")],
    };
    let (view, _) = case.view(&[("events", &markets)]);
    let Some(Block::Moments { moments, .. }) = view.blocks.first() else {
        panic!("{:?}", view.blocks)
    };
    let shown: Vec<_> = moments.iter().map(|item| (item.title.text.as_str(), item.start)).collect();
    let at = |text: &str| Moment::At(text.parse().expect("a moment"));
    // Two places to park for a market are none.
    let expected = [
        ("Gemengde markt Kioskplaats", at("2026-09-28T06:00:00Z")),
        ("Woensdagmarkt Vosstraat", at("2026-09-30T06:00:00Z")),
        ("Gemengde markt Michel Willemsplein", at("2026-10-02T04:00:00Z")),
        ("Markt voor klein antiek SINT-JANSVLIET", at("2026-10-04T07:00:00Z")),
    ];
    assert_eq!(shown, expected);
}
