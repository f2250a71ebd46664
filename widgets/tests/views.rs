//! Every widget on every one of its samples gives the view that is stored beside it.

mod asking;

use std::collections::BTreeSet;
use std::path::Path;

use jiff::tz::TimeZone;
use voordeur_contract::{Answers, Ask, Block, Language, Sample, View, Widget};

use asking::{Citizen, widgets};

/// The catalogue never has fewer widgets than this.
const FEWEST_WIDGETS: usize = 36;

/// A title longer than this does not fit the head of a card.
const LONGEST_TITLE: usize = 32;

/// What a citizen whose service answers with the sample sees.
fn view(widget: &dyn Widget, sample: &Sample, language: Language) -> Result<View, String> {
    let citizen = Citizen {
        settings: &sample.settings,
        place: sample.place.as_ref(),
        language,
        now: sample.moment,
    };
    let body = |request: &voordeur_contract::Request| {
        let bodies = sample.answers.get(&request.id)?;
        bodies.get(request.nth).or(bodies.last()).cloned()
    };
    asking::view(widget, &citizen, body).0
}

/// The names of the stored views in a folder.
fn stored(views: &Path) -> BTreeSet<String> {
    let files =
        std::fs::read_dir(views).unwrap_or_else(|error| panic!("{}: {error}", views.display()));
    let paths = files.map(|file| file.expect("a file").path());
    let snaps = paths.filter(|path| path.extension().is_some_and(|extension| extension == "snap"));
    snaps.filter_map(|path| path.file_stem()?.to_str().map(str::to_owned)).collect()
}

#[test]
fn every_sample_gives_its_stored_view() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    let widgets = widgets();
    let count = widgets.all().count();
    assert!(count >= FEWEST_WIDGETS, "there are only {count} widgets");
    for widget in widgets.all() {
        let id = &widget.manifest().id;
        let views = catalogue.join(id).join("views");
        for sample in widget.samples() {
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(&views);
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| {
                insta::assert_json_snapshot!(
                    sample.name.as_str(),
                    view(widget.as_ref(), sample, Language::Nl)
                );
            });
        }
        let samples: BTreeSet<String> =
            widget.samples().iter().map(|sample| sample.name.clone()).collect();
        assert_eq!(stored(&views), samples, "{id}: one stored view for each sample, and no other");
    }
}

#[test]
fn a_malformed_answer_is_refused_or_counted() {
    for widget in widgets().all() {
        let id = &widget.manifest().id;
        let sample = widget.samples().iter().find(|sample| sample.name == "malformed");
        let sample = sample.unwrap_or_else(|| panic!("{id} has no such sample"));
        for language in Language::ALL {
            let Ok(view) = view(widget.as_ref(), sample, language) else { continue };
            let only_words = view.blocks.iter().all(only_says);
            assert!(
                view.left_out > 0 || only_words,
                "{id} in {language} shows what it could not read: {view:?}"
            );
        }
    }
}

#[test]
fn an_empty_answer_is_put_in_words() {
    for widget in widgets().all() {
        let id = &widget.manifest().id;
        let sample = widget.samples().iter().find(|sample| sample.name == "empty");
        let sample = sample.unwrap_or_else(|| panic!("{id} has no such sample"));
        for language in Language::ALL {
            let view = view(widget.as_ref(), sample, language);
            let view = view.unwrap_or_else(|refusal| panic!("{id} in {language}: {refusal}"));
            assert!(view.blocks.iter().any(only_says), "{id} in {language} says nothing");
            assert!(view.blocks.iter().all(only_says), "{id} in {language} shows something");
        }
    }
}

/// Whether a block is words of the widget itself, and no data.
fn only_says(block: &Block) -> bool {
    match block {
        Block::Empty { text } | Block::Text { text } => !text.text.is_empty(),
        _ => false,
    }
}

#[test]
fn a_title_fits_the_head_of_a_card() {
    for widget in widgets().all() {
        for language in Language::ALL {
            let name = widget.manifest().name.get(language);
            assert!(name.chars().count() <= LONGEST_TITLE, "{name}");
        }
    }
}

#[test]
fn the_normal_sample_shows_something_in_every_language() {
    for widget in widgets().all() {
        let sample = &widget.samples()[0];
        for language in Language::ALL {
            let id = &widget.manifest().id;
            let view = view(widget.as_ref(), sample, language);
            let view = view.unwrap_or_else(|refusal| panic!("{id} in {language}: {refusal}"));
            let shown = view.blocks.iter().any(|block| !matches!(block, Block::Empty { .. }));
            assert!(shown, "{id} in {language} shows nothing");
            assert_eq!(view.left_out, 0, "{id} in {language} leaves things out");
        }
    }
}

#[test]
fn a_request_goes_only_to_a_host_of_the_manifest() {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    for widget in widgets().all() {
        let sample = &widget.samples()[0];
        let ask = Ask {
            settings: &sample.settings,
            place: sample.place.as_ref(),
            language: Language::Nl,
            now: sample.moment,
            zone: &zone,
        };
        for request in widget.requests(&ask, &Answers::new()).expect("the sample can be asked") {
            let url = url::Url::parse(&request.url).expect("an address");
            let host = url.host_str().unwrap_or_default().to_owned();
            let declared = widget.manifest().hosts.contains(&host);
            assert!(declared || request.given_by_citizen, "{}", request.url);
        }
    }
}

#[test]
fn the_same_request_is_made_twice_within_an_hour() {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    for widget in widgets().all() {
        let sample = &widget.samples()[0];
        let ask_at = |now| Ask {
            settings: &sample.settings,
            place: sample.place.as_ref(),
            language: Language::Nl,
            now,
            zone: &zone,
        };
        let first = widget.requests(&ask_at(sample.moment), &Answers::new());
        let later = sample.moment + jiff::Span::new().minutes(5);
        assert_eq!(first, widget.requests(&ask_at(later), &Answers::new()));
    }
}
