//! Widgets that are declared: a manifest and samples, no Rust.

mod bindings;
mod bounds;
mod codes;
mod connectors;
mod environment;
mod error;
mod excerpt;
mod expression;
pub(crate) mod functions;
mod geography;
mod lines;
mod lookup;
mod mapping;
pub(crate) mod names;
mod pages;
pub(crate) mod reader;
mod requests;
#[cfg(test)]
mod tests;
mod units;
mod values;

use std::collections::BTreeSet;

use voordeur_widget_api::{
    LookupMatch, Manifest, Refusal, Request, Response, Responses, Sample, TimeDependence, View,
    Widget, WidgetContext,
};

use environment::{Environment, Vocabulary};
pub use error::{ManifestError, ManifestErrors};
pub use excerpt::Excerpt;
use expression::Scope;
pub use lines::line_of;
use lookup::LookupPlan;
use mapping::Mapping;
use reader::ByName;
pub(crate) use reader::keys::EVERYWHERE;
pub use reader::{SampleFiles, SampleFolder};
use requests::RequestPlan;
pub use units::duration;

/// A widget made of a manifest.
pub struct ManifestWidget {
    manifest: Manifest,
    vocabulary: Vocabulary,
    plans: Vec<RequestPlan>,
    lookups: Vec<LookupPlan>,
    mapping: Mapping,
    samples: Vec<Sample>,
    time_dependence: TimeDependence,
}

impl ManifestWidget {
    /// Reads a manifest, and the files in `samples/` that it names. `sample` gives the bytes of a file.
    ///
    /// # Errors
    /// Everything that is wrong with the manifest, each with its line where there is one.
    pub fn read(
        id: &str,
        text: &str,
        sample: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, ManifestErrors> {
        reader::read(id, text, &ByName(sample))
    }

    /// Reads a manifest, with all files that stand in `samples/` beside it: those that bear the name of a sample need not be named.
    ///
    /// # Errors
    /// Everything that is wrong with the manifest, each with its line where there is one.
    pub fn read_folder(
        id: &str,
        text: &str,
        files: &impl SampleFiles,
    ) -> Result<Self, ManifestErrors> {
        reader::read(id, text, files)
    }

    /// What its expressions can read, once all is filled in that has to be.
    fn basics<'a>(
        &'a self,
        ask: &'a WidgetContext<'a>,
        answers: &'a Responses,
    ) -> Result<Environment<'a>, Refusal> {
        for field in &self.manifest.fields {
            let open = ask.settings.get(&field.id).is_none_or(String::is_empty);
            let is_place = matches!(field.kind, voordeur_widget_api::FieldKind::Place);
            let missing =
                if is_place { ask.place.is_none() } else { open && field.default.is_none() };
            if field.required && missing {
                return Err(Refusal::NeedsSetting { field: field.id.clone() });
            }
        }
        Ok(self.open_basics(ask, answers))
    }

    /// The same, whatever is still to be filled in.
    fn open_basics<'a>(
        &'a self,
        ask: &'a WidgetContext<'a>,
        answers: &'a Responses,
    ) -> Environment<'a> {
        Environment::new(&self.manifest, &self.vocabulary, &self.plans, ask, answers)
    }
}

impl Widget for ManifestWidget {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn samples(&self) -> &[Sample] {
        &self.samples
    }

    fn fields_sent(&self, request: &str) -> Vec<String> {
        let lookup = self.lookups.iter().find(|lookup| lookup.request.id == request);
        let plan = self.plans.iter().find(|plan| plan.id == request);
        let plan = plan.or(lookup.map(|lookup| &lookup.request));
        let mut facts: BTreeSet<String> =
            plan.map(|plan| plan.fields_sent(&self.manifest)).unwrap_or_default();
        // What is typed to look something up is the beginning of an answer.
        facts.extend(lookup.filter(|lookup| lookup.searched()).map(|lookup| lookup.field.clone()));
        facts.into_iter().collect()
    }

    fn time_dependence(&self) -> TimeDependence {
        self.time_dependence
    }

    fn requests(
        &self,
        ask: &WidgetContext<'_>,
        answers: &Responses,
    ) -> Result<Vec<Request>, Refusal> {
        if requests::all_are_answered(&self.plans, answers)? {
            return Ok(Vec::new());
        }
        let basics = self.basics(ask, answers)?;
        let scope = Scope::new(&basics);
        requests::next(&self.manifest, &self.plans, &scope, ask, answers)
    }

    fn lookup(
        &self,
        ask: &WidgetContext<'_>,
        field: &str,
        typed: &str,
    ) -> Result<Option<Request>, Refusal> {
        let Some(lookup) = self.lookups.iter().find(|lookup| lookup.field == field) else {
            return Ok(None);
        };
        let answers = Responses::new();
        let basics = self.open_basics(ask, &answers);
        lookup.ask(&self.manifest, &Scope::new(&basics), ask, typed).map(Some)
    }

    fn matches(
        &self,
        ask: &WidgetContext<'_>,
        field: &str,
        typed: &str,
        answer: &Response,
    ) -> Result<Vec<LookupMatch>, Refusal> {
        let Some(lookup) = self.lookups.iter().find(|lookup| lookup.field == field) else {
            return Ok(Vec::new());
        };
        let answers = Responses::new();
        let basics = self.open_basics(ask, &answers);
        lookup.found(&Scope::new(&basics), typed, answer)
    }

    fn view(&self, ask: &WidgetContext<'_>, answers: &Responses) -> Result<View, Refusal> {
        let basics = self.basics(ask, answers)?;
        let scope = Scope::new(&basics);
        let mut view = self.mapping.view(&scope)?;
        for plan in &self.plans {
            let answers = answers.get(&plan.id).map_or(&[][..], Vec::as_slice);
            let cut_off = answers.iter().filter(|answer| plan.cut_off(answer)).count();
            if cut_off > 0 {
                view.omitted += cut_off;
                view.omission_reasons.push(Refusal::UnexpectedResponse {
                    at: format!("request `{}`", plan.id),
                    reason: "its end is missing".to_owned(),
                });
            }
        }
        Ok(view)
    }
}
