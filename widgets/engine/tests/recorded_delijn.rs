//! The bus stop widget on a recorded response of De Lijn. The recording is outside of this
//! repository; without it, this test passes and prints so. The departures are a sample, since none
//! are recorded.

mod harness;

use std::path::Path;

use voordeur_widget_api::{Block, Language, Settings};

use harness::Citizen;

#[test]
fn a_stop_has_the_name_that_de_lijn_uses() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recording = folder.join("../../../shared/recorded/delijn/halte_310025.json");
    if !recording.is_file() {
        println!("skipped: shared/recorded is not here");
        return;
    }
    let catalogue = harness::widgets();
    let widget = catalogue.get("bus-stop").expect("the widget");
    let settings: Settings = [("stop".into(), "310025".into())].into_iter().collect();
    let citizen = Citizen {
        settings: &settings,
        place: None,
        language: Language::Nl,
        now: "2026-11-23T06:36:00Z".parse().expect("a moment"),
    };
    let departures = folder.join("../catalogue/bus-stop/samples/normal.departures.json");
    let (view, asked) = harness::view(widget.as_ref(), &citizen, |request| {
        let file = if request.id == "stop" { &recording } else { &departures };
        Some(std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display())))
    });
    let view = view.unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(view.about.map(|about| about.text).as_deref(), Some("Kortenberg Schutterslaan"));
    assert!(
        matches!(view.blocks.as_slice(), [Block::Departures { departures, .. }] if departures.len() == 4)
    );
    let stop = asked.iter().find(|request| request.id == "stop").expect("the stop was asked");
    assert_eq!(stop.url, "https://api.delijn.be/DLKernOpenData/api/v1/haltes/3/310025");
}
