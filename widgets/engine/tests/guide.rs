//! The first widget in `docs/WIDGETS.md` works as printed.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use voordeur_engine::{ManifestWidget, SampleFolder};
use voordeur_formats as formats;
use voordeur_widget_api::{Block, Budget, Language, Response, Responses, Widget, WidgetContext};

/// The first code block in a language.
fn code<'a>(guide: &'a str, language: &str) -> &'a str {
    let (_, rest) = guide.split_once(&format!("```{language}\n")).expect("the block begins");
    rest.split_once("```").expect("the block ends").0
}

#[test]
fn the_widget_in_the_guide_works() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WIDGETS.md");
    let guide = std::fs::read_to_string(path).expect("the guide");
    let normal = code(&guide, "json").as_bytes().to_vec();
    let manifest = code(&guide, "toml");
    assert!(manifest.lines().count() < 40, "a simple service takes fewer lines");
    let files =
        [("normal", normal.clone()), ("empty", b"{}".to_vec()), ("malformed", b"{}".to_vec())];
    let files = files.map(|(name, bytes)| (format!("{name}.json"), bytes));
    let folder = SampleFolder(files.into_iter().collect());
    let widget = ManifestWidget::read_folder("bank-holidays", manifest, &folder);
    let widget = widget.unwrap_or_else(|error| panic!("{error}"));
    let zone = TimeZone::get("Europe/London").expect("the zone is bundled");
    let sample = &widget.samples()[0];
    let context = WidgetContext {
        settings: &sample.settings,
        place: None,
        language: Language::Nl,
        now: sample.moment,
        zone: &zone,
        budget: &Budget::default(),
    };
    let requests = widget.requests(&context, &Responses::new()).expect("a request");
    assert_eq!(requests[0].url, "https://www.gov.uk/bank-holidays.json");
    let tree = formats::read(requests[0].format, &normal, &Budget::default()).expect("an answer");
    let responses =
        Responses::from([("holidays".to_owned(), vec![Response { tree: Arc::new(tree) }])]);
    let view = widget.view(&context, &responses).expect("a view");
    let [Block::Moments { moments, .. }] = view.blocks.as_slice() else { panic!("{view:?}") };
    let titles: Vec<&str> = moments.iter().map(|moment| moment.title.text.as_str()).collect();
    assert_eq!(titles, ["Christmas Day"]);
}
