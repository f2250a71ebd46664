//! The piece of an answer that a refusal is about, for whoever writes the widget. It is a service's or a citizen's: no matter for a log.

use voordeur_widget_api::{Responses, WidgetContext};

use super::expression::Scope;
use super::mapping::{BlockItems, BlockPlan};
use super::{ManifestWidget, cel_values};

/// A piece of the answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// What it is, as the manifest writes it: an expression, or the id of a request.
    pub source: String,
    /// Its number among the things of `source`, from 1, when it is one of several.
    pub item_number: Option<usize>,
    /// The piece itself.
    pub tree: serde_json::Value,
}

impl ManifestWidget {
    /// The piece of the answers that the `at` of a refusal is about: the thing that could not be read, else the value of the expression that
    /// was refused, else the answer that this expression reads. `None` where it reads none.
    pub fn excerpt(
        &self,
        context: &WidgetContext<'_>,
        responses: &Responses,
        at: &str,
    ) -> Option<Excerpt> {
        let environment = self.environment(context, responses).ok()?;
        let scope = Scope::new(&environment);
        let (key, item_number) = match at.split_once(", thing ") {
            Some((key, item_number)) => (key, item_number.parse::<usize>().ok()),
            None => (at, None),
        };
        let has_key = |plan: &&BlockPlan| plan.expressions().iter().any(|own| own.key() == key);
        let block = self.mapping.blocks.iter().find(has_key);
        if let (Some(item_number), Some(block)) = (item_number, block)
            && let BlockItems::Each(repeated) = &block.items
        {
            let items = repeated.each.list(&scope).ok()?;
            let tree = cel_values::to_json(items.get(item_number.checked_sub(1)?)?);
            return Some(Excerpt {
                source: repeated.each.source().trim().to_owned(),
                item_number: Some(item_number),
                tree,
            });
        }
        let mapping = &self.mapping;
        let head = mapping.about.iter().chain(&mapping.moment).chain(&mapping.page);
        let refused = head
            .chain(&mapping.notices)
            .chain(mapping.blocks.iter().flat_map(BlockPlan::expressions))
            .chain(self.plans.iter().flat_map(|plan| plan.expressions()))
            .chain(self.vocabulary.bindings.iter().map(|(_, named)| named))
            .find(|expression| expression.key() == key)?;
        if let Ok(value) = refused.value(&scope) {
            let source = refused.source().trim().to_owned();
            return Some(Excerpt { source, item_number: None, tree: cel_values::to_json(&value) });
        }
        let names = refused.names();
        let plan = self.plans.iter().find(|plan| names.contains(&plan.id))?;
        let response = responses.get(&plan.id)?.first()?;
        Some(Excerpt { source: plan.id.clone(), item_number: None, tree: (*response.tree).clone() })
    }
}
