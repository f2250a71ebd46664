//! The stored answers that a manifest names.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use voordeur_contract::{Sample, Settings};

use super::{ManifestProblem, Reader};
use crate::declared::requests::RequestPlan;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSample {
    pub(super) name: String,
    moment: Spanned<String>,
    place: Option<String>,
    #[serde(default)]
    settings: Settings,
    answers: BTreeMap<String, Spanned<OneOrMore>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl Reader<'_> {
    pub(super) fn sample(
        &self,
        written: &WrittenSample,
        plans: &[RequestPlan],
        file: &impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Sample, ManifestProblem> {
        let key = |key: &str| format!("sample `{}`.{key}", written.name);
        let moment = written.moment.get_ref().parse().map_err(|error| {
            let what = format!("should be like `2026-11-23T07:36:00+01:00`: {error}");
            self.at(ManifestProblem::new(key("moment"), what), &written.moment)
        })?;
        let place = match &written.place {
            None => None,
            Some(postcode) => Some(voordeur_places::by_postcode(postcode).ok_or_else(|| {
                ManifestProblem::new(key("place"), format!("`{postcode}` is no postcode"))
            })?),
        };
        let mut answers = BTreeMap::new();
        for (request, names) in &written.answers {
            if !plans.iter().any(|plan| plan.id == *request) {
                let problem =
                    ManifestProblem::new(key("answers"), format!("no request `{request}`"));
                return Err(self.at(problem, names));
            }
            let names = match names.get_ref() {
                OneOrMore::One(name) => std::slice::from_ref(name),
                OneOrMore::More(names) => names,
            };
            let mut bodies = Vec::new();
            for name in names {
                bodies.push(file(name).ok_or_else(|| {
                    ManifestProblem::new(key("answers"), format!("there is no `samples/{name}`"))
                })?);
            }
            answers.insert(request.clone(), bodies);
        }
        Ok(Sample {
            name: written.name.clone(),
            moment,
            place,
            settings: written.settings.clone(),
            answers,
        })
    }
}
