//! The piece of an answer that a refusal is about, for whoever writes the widget. It is a service's or a citizen's: no matter for a log.

use voordeur_widget_api::{Responses, WidgetContext};

use super::expression::Scope;
use super::mapping::{BlockPlan, Things};
use super::{ManifestWidget, values};

/// A piece of the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// What it is, as the manifest writes it: an expression, or the id of a request.
    pub of: String,
    /// Its number among the things of `of`, from 1, when it is one of several.
    pub thing: Option<usize>,
    /// The piece itself.
    pub tree: serde_json::Value,
}

impl ManifestWidget {
    /// The piece of the answers that the `at` of a refusal is about: the thing that could not be read, else the value of the expression that
    /// was refused, else the answer that this expression reads. `None` where it reads none.
    pub fn piece(&self, ask: &WidgetContext<'_>, answers: &Responses, at: &str) -> Option<Excerpt> {
        let basics = self.basics(ask, answers).ok()?;
        let scope = Scope::new(&basics);
        let (key, thing) = match at.split_once(", thing ") {
            Some((key, thing)) => (key, thing.parse::<usize>().ok()),
            None => (at, None),
        };
        let has_key = |plan: &&BlockPlan| plan.expressions().iter().any(|own| own.key() == key);
        let block = self.mapping.blocks.iter().find(has_key);
        if let (Some(thing), Some(block)) = (thing, block)
            && let Things::Repeated(repeated) = &block.things
        {
            let things = repeated.each.list(&scope).ok()?;
            let tree = values::to_json(things.get(thing.checked_sub(1)?)?);
            return Some(Excerpt {
                of: repeated.each.source().trim().to_owned(),
                thing: Some(thing),
                tree,
            });
        }
        let mapping = &self.mapping;
        let head = mapping.about.iter().chain(&mapping.moment).chain(&mapping.page);
        let refused = head
            .chain(&mapping.notices)
            .chain(mapping.blocks.iter().flat_map(BlockPlan::expressions))
            .chain(self.plans.iter().flat_map(|plan| plan.expressions()))
            .chain(self.vocabulary.lets.iter().map(|(_, named)| named))
            .find(|expression| expression.key() == key)?;
        if let Ok(value) = refused.value(&scope) {
            let of = refused.source().trim().to_owned();
            return Some(Excerpt { of, thing: None, tree: values::to_json(&value) });
        }
        let names = refused.names();
        let plan = self.plans.iter().find(|plan| names.contains(&plan.id))?;
        let answer = answers.get(&plan.id)?.first()?;
        Some(Excerpt { of: plan.id.clone(), thing: None, tree: (*answer.tree).clone() })
    }
}
