//! The part of a response that a refusal is about, for widget authors. It holds data of a service
//! or a citizen, so it must not be logged.

use voordeur_widget_api::{Responses, WidgetContext};

use super::ManifestWidget;
use super::expression::Scope;
use super::mapping::{BlockItems, BlockPlan};

/// Part of a response.
#[derive(Clone, Debug, PartialEq)]
pub struct Excerpt {
    /// The expression, as in the manifest, or the id of the request that it is taken from.
    pub source: String,
    /// 1-based number of the item in the list `source`, if it is an item.
    pub item_number: Option<usize>,
    /// The data.
    pub tree: serde_json::Value,
}

impl ManifestWidget {
    /// The part of the responses that a refusal's `at` is about: the item that could not be read,
    /// else the value of the refused expression, else the response that it reads. `None` when it
    /// reads none.
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
            let item = items.get(item_number.checked_sub(1)?)?;
            let tree = item.to_tree(context.budget).ok()?;
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
            let tree = value.to_tree(context.budget).ok()?;
            return Some(Excerpt { source, item_number: None, tree });
        }
        let names = refused.names();
        let plan = self.plans.iter().find(|plan| names.contains(&plan.id))?;
        let response = responses.get(&plan.id)?.first()?;
        Some(Excerpt { source: plan.id.clone(), item_number: None, tree: (*response.tree).clone() })
    }
}
