//! Every widget on every one of its samples gives the view that is stored beside it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use voordeur_contract::{Answer, Answers, Ask, Language, Refusal, Request, Sample, View, Widget};
use voordeur_widgets::{Catalogue, formats};

/// What a citizen whose service answers with the sample sees.
fn view(widget: &dyn Widget, sample: &Sample, language: Language) -> Result<View, String> {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let ask = Ask {
        settings: &sample.settings,
        place: sample.place.as_ref(),
        language,
        now: sample.moment,
        zone: &zone,
    };
    let mut answers = Answers::new();
    for _ in 0..10 {
        let requests = widget.requests(&ask, &answers).map_err(|refusal| refusal.to_string())?;
        if requests.is_empty() {
            break;
        }
        let mut asked: BTreeMap<String, Vec<Request>> = BTreeMap::new();
        for request in requests {
            asked.entry(request.id.clone()).or_default().push(request);
        }
        for (id, requests) in asked {
            let bodies =
                sample.answers.get(&id).ok_or_else(|| format!("no sample answers `{id}`"))?;
            let mut trees = Vec::new();
            for (index, request) in requests.iter().enumerate() {
                let body = bodies.get(index).or(bodies.last()).expect("a sample has a body");
                let tree =
                    formats::read(request.format, body).map_err(|problem| problem.to_string())?;
                trees.push(Answer { tree: Arc::new(tree) });
            }
            answers.insert(id, trees);
        }
    }
    widget.view(&ask, &answers).map_err(|refusal: Refusal| refusal.to_string())
}

fn widgets() -> Catalogue {
    let (catalogue, problems) = Catalogue::embedded();
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    catalogue
}

#[test]
fn every_sample_gives_its_stored_view() {
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalogue");
    for widget in widgets().all() {
        for sample in widget.samples() {
            let id = &widget.manifest().id;
            let mut settings = insta::Settings::clone_current();
            settings.set_snapshot_path(catalogue.join(id).join("views"));
            settings.set_prepend_module_to_snapshot(false);
            settings.set_omit_expression(true);
            settings.bind(|| {
                insta::assert_json_snapshot!(
                    sample.name.as_str(),
                    view(widget.as_ref(), sample, Language::Nl)
                );
            });
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
            let shown = view
                .blocks
                .iter()
                .any(|block| !matches!(block, voordeur_contract::Block::Empty { .. }));
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
            assert!(widget.manifest().hosts.contains(&host), "{}", request.url);
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
