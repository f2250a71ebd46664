//! The widgets about other countries on recorded responses. The recordings are outside of this
//! repository; without them, these tests pass and print so. The expected values were read from the
//! recordings by hand.

mod harness;

use std::path::Path;

use voordeur_widget_api::{Block, Language, ListItem, Moment, MomentItem, Settings, View};

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

/// The view of a widget with one request, for this response.
fn view(widget: &str, now: &str, settings: &[(&str, &str)], response: &[u8]) -> View {
    let catalogue = harness::widgets();
    let widget = catalogue.get(widget).unwrap_or_else(|| panic!("no `{widget}`"));
    let settings: Settings =
        settings.iter().map(|(id, value)| ((*id).into(), (*value).into())).collect();
    let citizen = Citizen {
        settings: &settings,
        place: None,
        language: Language::Nl,
        now: now.parse().expect("a moment"),
    };
    let (view, _) = harness::view(widget.as_ref(), &citizen, |_| Some(response.to_vec()));
    view.unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn day(text: &str) -> Moment {
    Moment::Day(text.parse().expect("a day"))
}

fn at(text: &str) -> Moment {
    Moment::At(text.parse().expect("a moment"))
}

fn moments(view: &View) -> &[MomentItem] {
    match view.blocks.as_slice() {
        [Block::Moments { moments, .. }] => moments,
        other => panic!("not moments: {other:?}"),
    }
}

fn items(view: &View) -> &[ListItem] {
    match view.blocks.as_slice() {
        [Block::List { items, .. }] => items,
        other => panic!("not a list: {other:?}"),
    }
}

#[test]
fn british_holidays_are_on_their_substitute_days() {
    let Some(holidays) = recorded("gov-uk-bank-holidays/bank-holidays.json") else { return };
    let view_at =
        |now, division| view("bank-holidays-uk", now, &[("division", division)], &holidays);
    let scotland = view_at("2021-12-26T08:00:00Z", "scotland");
    assert_eq!(scotland.omitted, 0);
    let shown: Vec<_> = moments(&scotland)
        .iter()
        .take(4)
        .map(|item| {
            assert_eq!(item.title.language, Some(Language::En.into()));
            let note = item.note.as_ref().map(|note| note.text.as_str());
            (item.start, item.title.text.as_str(), note)
        })
        .collect();
    let substitute = Some("Substitute day");
    let expected = [
        (day("2021-12-27"), "Christmas Day", substitute),
        (day("2021-12-28"), "Boxing Day", substitute),
        (day("2022-01-03"), "New Year’s Day", substitute),
        (day("2022-01-04"), "2nd January", substitute),
    ];
    assert_eq!(shown, expected);

    // An empty note is left out, and Saint Patrick's Day is a holiday in Northern Ireland alone.
    let north = view_at("2028-03-01T08:00:00Z", "northern-ireland");
    let first = &moments(&north)[0];
    assert_eq!((first.start, first.title.text.as_str()), (day("2028-03-17"), "St Patrick’s Day"));
    assert_eq!(first.note, None);
    let england = view_at("2028-03-01T08:00:00Z", "england-and-wales");
    assert_eq!(moments(&england)[0].start, day("2028-04-14"));
    let after = view_at("2029-01-01T08:00:00Z", "england-and-wales");
    assert!(matches!(after.blocks.as_slice(), [Block::Empty { .. }]));
}

#[test]
fn the_newest_earthquakes_come_first() {
    let Some(week) = recorded("usgs/earthquakes_all_month.geojson") else { return };
    let world = view("earthquakes", "2018-02-07T02:00:00Z", &[], &week);
    assert_eq!(world.moment, Some("2018-02-07T01:49:14Z".parse().expect("a moment")));
    assert_eq!((items(&world).len(), world.omitted), (6, 0));
    let first = &items(&world)[0];
    assert_eq!(first.title.text, "4km W of Castaic, CA");
    assert_eq!(first.when, Some(at("2018-02-07T01:26:13Z")));

    let europe = view("earthquakes", "2018-02-07T02:00:00Z", &[("europe", "true")], &week);
    assert_eq!(europe.omitted, 0);
    let shown: Vec<_> = items(&europe)
        .iter()
        .map(|quake| {
            let tag = quake.tag.as_ref().map(|tag| tag.text.as_str());
            let note = quake.note.as_ref().map(|note| note.text.as_str());
            (quake.title.text.as_str(), tag, note, quake.when)
        })
        .collect();
    let expected = [
        ("8km NNW of Gura Teghii, Romania", "Kracht 3,5", "152 km diep", "2018-02-04T13:15:04Z"),
        ("5km WSW of Donja Brela, Croatia", "Kracht 4,4", "25 km diep", "2018-02-03T12:53:11Z"),
        ("4km N of Innerbraz, Austria", "Kracht 3,8", "10 km diep", "2018-02-01T01:47:34Z"),
    ];
    let expected =
        expected.map(|(title, tag, note, when)| (title, Some(tag), Some(note), Some(at(when))));
    assert_eq!(shown, expected);
}

#[test]
fn disasters_stand_with_their_countries_by_the_day_on_which_they_began() {
    let Some(feed) = recorded("gdacs/gdacs-rss-24h.xml") else { return };
    let view_at = |settings| view("disasters-worldwide", "2019-12-30T00:30:00Z", settings, &feed);
    let large = view_at(&[]);
    assert_eq!(large.moment, Some("2019-12-30T00:22:19Z".parse().expect("a moment")));
    assert_eq!((items(&large).len(), large.omitted), (7, 0));
    let titles: Vec<&str> = items(&large).iter().map(|item| item.title.text.as_str()).collect();
    assert!(titles.iter().all(|title| title.starts_with("Droogte: ")), "{titles:?}");
    assert_eq!(titles[2], "Droogte: China");
    assert_eq!(items(&large)[2].when, Some(at("2019-05-21T00:00:00Z")));
    let last = &items(&large)[6];
    assert_eq!(last.when, Some(at("2018-09-21T00:00:00Z")));
    assert_eq!(last.tag.as_ref().map(|tag| tag.text.as_str()), Some("Code oranje"));

    // The small ones of the day come first when they are asked for.
    let all = view_at(&[("green", "true")]);
    assert_eq!((items(&all).len(), all.omitted), (21, 0));
    let [first, second, ..] = items(&all) else { panic!("too few") };
    assert_eq!(second.title.text, "Aardbeving: Papua New Guinea");
    assert_eq!(first.tag.as_ref().map(|tag| tag.text.as_str()), Some("Code groen"));
    assert_eq!(first.when, Some(at("2019-12-29T18:24:41Z")));
    let link = first.link.as_ref().map(|link| link.url.as_str());
    assert_eq!(link, Some("http://www.gdacs.org/report.aspx?eventtype=EQ&eventid=1200043"));
    let note = first.note.as_ref().expect("a note");
    assert!(note.text.starts_with("Green earthquake alert (Magnitude 5.3M, Depth:10km)"));
    assert_eq!(note.language, Some(Language::En.into()));
}

#[test]
fn french_rivers_without_a_warning_are_quiet() {
    let Some(rivers) = recorded("vigicrues/InfoVigiCru_first3.geojson") else { return };
    let text = |settings| {
        let view = view("floods-france", "2026-09-29T12:00:00Z", settings, &rivers);
        match view.blocks.as_slice() {
            [Block::Empty { text }] => text.text.clone(),
            other => panic!("not empty: {other:?}"),
        }
    };
    assert_eq!(text(&[]), "Er zijn hier nu geen waarschuwingen voor overstromingen.");
    assert_eq!(
        text(&[("river", "eure")]),
        "Er zijn hier nu geen waarschuwingen voor overstromingen."
    );
    assert!(text(&[("river", "Meuse")]).starts_with("Vigicrues volgt geen rivier"));
}
