//! Widgets defined by a manifest and samples, without Rust.

mod axis_order;
mod bindings;
mod codes;
mod connectors;
mod environment;
mod error;
mod eval_error;
mod evaluator;
mod excerpt;
mod expression;
mod expression_limits;
pub(crate) mod functions;
mod geography;
mod item_ids;
pub(crate) mod key_path;
mod lookup;
mod mapping;
pub(crate) mod number_text;
mod pagination;
mod program;
mod quantities;
pub(crate) mod reader;
mod requests;
pub(crate) mod scope_names;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeSet;

use voordeur_widget_api::{
    Block, DayRole, LookupMatch, Manifest, Refusal, Request, Response, Responses, Sample,
    TimeDependence, View, Widget, WidgetContext,
};

use environment::{Environment, Vocabulary};
pub use error::{ManifestError, ManifestErrors};
pub use excerpt::Excerpt;
use expression::Scope;
pub use key_path::line_of;
use lookup::LookupPlan;
use mapping::Mapping;
pub use quantities::duration;
use reader::ByName;
pub(crate) use reader::key_tables::EVERYWHERE;
pub use reader::{SampleFiles, SampleFolder};
use requests::RequestPlan;

/// A widget defined by a manifest.
pub struct ManifestWidget {
    manifest: Manifest,
    vocabulary: Vocabulary,
    plans: Vec<RequestPlan>,
    lookups: Vec<LookupPlan>,
    mapping: Mapping,
    samples: Vec<Sample>,
    clock: TimeDependence,
}

impl ManifestWidget {
    /// Reads a manifest and the sample files that it names; `sample` returns the bytes of a file.
    ///
    /// # Errors
    /// All errors of the manifest, with lines where known.
    pub fn read(
        id: &str,
        text: &str,
        sample: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Self, ManifestErrors> {
        reader::read(id, text, &ByName(sample))
    }

    /// Reads a manifest with all files of its `samples/` folder: a file named after its sample need
    /// not be listed.
    ///
    /// # Errors
    /// All errors of the manifest, with lines where known.
    pub fn read_folder(
        id: &str,
        text: &str,
        files: &impl SampleFiles,
    ) -> Result<Self, ManifestErrors> {
        reader::read(id, text, files)
    }

    /// The context with the time zone in which this widget shows times.
    fn in_shown_zone<'a>(&'a self, context: &'a WidgetContext<'a>) -> WidgetContext<'a> {
        WidgetContext { zone: self.manifest.shown_zone(context.zone), ..context.clone() }
    }

    /// The variables of expressions, once all required fields have a value.
    fn environment<'a>(
        &'a self,
        context: &'a WidgetContext<'a>,
        responses: &'a Responses,
    ) -> Result<Environment<'a>, Refusal> {
        for field in &self.manifest.fields {
            let open = context.settings.get(&field.id).is_none_or(String::is_empty);
            let is_place = matches!(field.kind, voordeur_widget_api::FieldKind::Place);
            let missing =
                if is_place { context.place.is_none() } else { open && field.default.is_none() };
            if field.required && missing {
                return Err(Refusal::NeedsSetting { field: field.id.clone() });
            }
        }
        Ok(self.unchecked_environment(context, responses))
    }

    /// The same, without checking required fields.
    fn unchecked_environment<'a>(
        &'a self,
        context: &'a WidgetContext<'a>,
        responses: &'a Responses,
    ) -> Environment<'a> {
        Environment::new(&self.manifest, &self.vocabulary, &self.plans, context, responses)
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
        // A typed search text is the beginning of the field's value.
        facts.extend(
            lookup
                .filter(|lookup| lookup.is_searched_by_service())
                .map(|lookup| lookup.field.clone()),
        );
        facts.into_iter().collect()
    }

    fn time_dependence(&self) -> TimeDependence {
        self.clock
    }

    fn roles(&self) -> Vec<DayRole> {
        self.mapping.blocks.iter().filter_map(|block| block.role).collect()
    }

    fn requests(
        &self,
        context: &WidgetContext<'_>,
        responses: &Responses,
    ) -> Result<Vec<Request>, Refusal> {
        if requests::all_answered(&self.plans, responses, context.budget)? {
            return Ok(Vec::new());
        }
        let context = &self.in_shown_zone(context);
        let environment = self.environment(context, responses)?;
        let scope = Scope::new(&environment);
        requests::next(&self.manifest, &self.plans, &scope, context, responses)
    }

    fn lookup(
        &self,
        context: &WidgetContext<'_>,
        field: &str,
        typed: &str,
    ) -> Result<Option<Request>, Refusal> {
        let Some(lookup) = self.lookups.iter().find(|lookup| lookup.field == field) else {
            return Ok(None);
        };
        let (context, responses) = (&self.in_shown_zone(context), Responses::new());
        let environment = self.unchecked_environment(context, &responses);
        lookup.request_for(&self.manifest, &Scope::new(&environment), context, typed).map(Some)
    }

    fn matches(
        &self,
        context: &WidgetContext<'_>,
        field: &str,
        typed: &str,
        response: &Response,
    ) -> Result<Vec<LookupMatch>, Refusal> {
        let Some(lookup) = self.lookups.iter().find(|lookup| lookup.field == field) else {
            return Ok(Vec::new());
        };
        let (context, responses) = (&self.in_shown_zone(context), Responses::new());
        let received = std::slice::from_ref(response);
        let made = lookup.request.make(received, context.budget).map_err(|exhausted| {
            Refusal::OverBudget { at: lookup.each.key().to_owned(), exhausted }
        })?;
        let answer = lookup.request.value(received, &made);
        let environment = self.unchecked_environment(context, &responses);
        lookup.matches(&Scope::new(&environment), typed, answer)
    }

    fn view(&self, context: &WidgetContext<'_>, responses: &Responses) -> Result<View, Refusal> {
        let context = &self.in_shown_zone(context);
        let environment = self.environment(context, responses)?;
        let scope = Scope::new(&environment);
        let mut view = self.mapping.view(&scope)?;
        for plan in &self.plans {
            let responses = responses.get(&plan.id).map_or(&[][..], Vec::as_slice);
            for left_out in responses.iter().filter_map(|response| plan.left_out(response)) {
                let refusal = Refusal::UnexpectedResponse {
                    at: format!("request `{}`", plan.id),
                    reason: left_out.reason.to_owned(),
                };
                let says_nothing =
                    view.blocks.iter().any(|block| matches!(block, Block::Empty { .. }));
                if left_out.is_all && says_nothing {
                    return Err(refusal);
                }
                view.omitted = view.omitted.saturating_add(left_out.count);
                view.omission_reasons.push(refusal);
            }
        }
        view.swapped = environment.axis_order().swapped();
        Ok(view)
    }
}
