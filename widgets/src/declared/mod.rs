//! Widgets that are declared: a manifest and samples, no Rust.

mod expression;
mod functions;
mod geography;
mod manifest;
mod mapping;
mod problem;
mod requests;
#[cfg(test)]
mod tests;
mod units;
mod values;

use std::collections::BTreeSet;

use voordeur_contract::{Answers, Ask, Manifest, Refusal, Request, Sample, View, Widget};

use expression::Scope;
use mapping::Mapping;
pub use problem::ManifestProblem;
use requests::RequestPlan;
pub use units::duration;

/// A widget made of a manifest.
pub struct Declared {
    manifest: Manifest,
    texts: Vec<(String, voordeur_contract::Texts)>,
    plans: Vec<RequestPlan>,
    mapping: Mapping,
    samples: Vec<Sample>,
}

impl Declared {
    /// Reads a manifest. `sample` gives the bytes of a file in `samples/`.
    ///
    /// # Errors
    /// The first thing that is wrong with the manifest, with its line where that is known.
    pub fn read(
        id: &str,
        text: &str,
        sample: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, ManifestProblem> {
        manifest::read(id, text, sample)
    }

    fn scope<'a>(&'a self, ask: &'a Ask<'_>, answers: &Answers) -> Result<Scope<'a>, Refusal> {
        for field in &self.manifest.fields {
            let open = ask.settings.get(&field.id).is_none_or(String::is_empty);
            let is_place = matches!(field.kind, voordeur_contract::FieldKind::Place);
            let missing =
                if is_place { ask.place.is_none() } else { open && field.default.is_none() };
            if field.required && missing {
                return Err(Refusal::NeedsSetting { field: field.id.clone() });
            }
        }
        Ok(Scope::new(&self.manifest, &self.texts, &self.plans, ask, answers))
    }
}

impl Widget for Declared {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn samples(&self) -> &[Sample] {
        &self.samples
    }

    fn facts_sent(&self, request: &str) -> Vec<String> {
        let plan = self.plans.iter().find(|plan| plan.id == request);
        let facts: BTreeSet<String> =
            plan.map(|plan| plan.facts_sent(&self.manifest)).unwrap_or_default();
        facts.into_iter().collect()
    }

    fn requests(&self, ask: &Ask<'_>, answers: &Answers) -> Result<Vec<Request>, Refusal> {
        let scope = self.scope(ask, answers)?;
        requests::next(&self.manifest, &self.plans, &scope, answers)
    }

    fn view(&self, ask: &Ask<'_>, answers: &Answers) -> Result<View, Refusal> {
        let scope = self.scope(ask, answers)?;
        self.mapping.view(&scope)
    }
}
