//! Lookups: values of a field that come from the service. How they are requested and matched.

use std::collections::BTreeSet;

use voordeur_widget_api::{
    LookupMatch, MAX_LOOKUP_CHARS, Manifest, Refusal, Request, WidgetContext, search_key,
};

use super::expression::{Expression, Scope};
use super::requests::{self, RequestPlan};
use super::values::{Text, Value};

/// How the values of a field are looked up.
pub struct LookupPlan {
    pub field: String,
    pub request: RequestPlan,
    /// The list of candidates; reads `answer`.
    pub each: Expression,
    /// Value that is stored in the settings.
    pub value: Expression,
    pub label: Expression,
    /// Distinguishes candidates with the same label.
    pub note: Option<Expression>,
    /// Further search terms.
    pub also: Option<Expression>,
}

pub const ANSWER: &str = "answer";
pub const TYPED: &str = "typed";

/// Suffix of the variable in `settings` that holds the label of a looked-up value. In the stored
/// settings the label has the key [`voordeur_widget_api::label_key`].
const LABEL_SUFFIX: &str = "_label";

/// Name in `settings` of the label of a field with a lookup.
pub fn label_variable(field: &str) -> String {
    format!("{field}{LABEL_SUFFIX}")
}

/// The field whose label a name in `settings` denotes, if it is a label.
pub fn field_of_label(variable: &str) -> Option<&str> {
    variable.strip_suffix(LABEL_SUFFIX)
}

/// Id of the request that looks up a field.
pub fn request_id(field: &str) -> String {
    format!("{field}.choices")
}

/// Steps of reading one candidate, beside those of its expressions.
const STEPS_PER_CANDIDATE: usize = 50;

/// The typed text as a value.
fn text(typed: &str) -> Value<'static> {
    Value::Text(Text::Shared(typed.trim().into()))
}

impl LookupPlan {
    /// Whether the service searches. If not, it returns all candidates and they are filtered here.
    pub fn is_searched_by_service(&self) -> bool {
        self.request.sends(TYPED)
    }

    /// The request for a typed text.
    pub fn request_for(
        &self,
        manifest: &Manifest,
        scope: &Scope<'_, '_>,
        context: &WidgetContext<'_>,
        typed: &str,
    ) -> Result<Request, Refusal> {
        let scope = scope.with_variable(TYPED, text(typed));
        let mut request = requests::request(manifest, &[], &self.request, &scope, context, 0)?;
        let personal = manifest.field(&self.field).is_some_and(|field| field.personal);
        // Text that a citizen types is not stored on disk.
        request.personal |= personal || self.is_searched_by_service();
        Ok(request)
    }

    /// The candidates in `answer`, the value of the response, that match the typed text, best
    /// first.
    pub fn matches<'v>(
        &self,
        scope: &Scope<'_, 'v>,
        typed: &str,
        answer: Value<'v>,
    ) -> Result<Vec<LookupMatch>, Refusal> {
        let typed = typed.trim();
        let with_typed = scope.with_variable(TYPED, text(typed));
        let scope = with_typed.with_variable(ANSWER, answer);
        let query = search_key(typed);
        let (mut first_refusal, mut readable) = (None, false);
        let mut seen_values = BTreeSet::new();
        let mut matches = Vec::new();
        for (index, item) in self.each.list(&scope)?.iter().enumerate() {
            scope
                .budget()
                .charge_steps(STEPS_PER_CANDIDATE)
                .map_err(|exhausted| self.each.over_budget(exhausted))?;
            match self.lookup_match(&scope.with_item(item, index)) {
                Ok((lookup_match, words)) => {
                    readable = true;
                    let by_service = self.is_searched_by_service();
                    let rank = if by_service { Some(0) } else { rank(&words, &query) };
                    if let Some(rank) = rank
                        && seen_values.insert(lookup_match.value.clone())
                    {
                        matches.push((rank, lookup_match));
                    }
                }
                Err(refusal @ Refusal::OverBudget { .. }) => return Err(refusal),
                Err(refusal) => {
                    first_refusal.get_or_insert(refusal);
                }
            }
        }
        match first_refusal {
            // When no candidate can be read, the response is malformed.
            Some(refusal) if !readable => Err(refusal),
            _ => {
                matches.sort_by_key(|(rank, _)| *rank);
                Ok(matches.into_iter().map(|(_, lookup_match)| lookup_match).collect())
            }
        }
    }

    /// A candidate and its search terms.
    fn lookup_match(&self, scope: &Scope<'_, '_>) -> Result<(LookupMatch, Vec<String>), Refusal> {
        let value = match self.value.value(scope)? {
            Value::Int(number) => number.to_string(),
            Value::Text(text) => text.trim().to_owned(),
            _ => return Err(self.value.refuse("should be a text or a whole number")),
        };
        if value.is_empty() || value.chars().count() > MAX_LOOKUP_CHARS {
            return Err(self.value.refuse("should be a text that is not empty and not long"));
        }
        let short = |text: String| text.chars().take(MAX_LOOKUP_CHARS).collect::<String>();
        let label = short(self.label.phrase(scope)?.text);
        let text = |expression: &Option<Expression>| match expression {
            Some(expression) => {
                Ok::<_, Refusal>(expression.value(scope)?.phrase().map(|phrase| phrase.text))
            }
            None => Ok(None),
        };
        let note = text(&self.note)?.map(short);
        let mut words = vec![search_key(&label)];
        words.extend(text(&self.also)?.map(|also| search_key(&also)));
        Ok((LookupMatch { value, label, note }, words))
    }
}

/// How well search terms match a query, 0 is best; `None` when they do not match.
fn rank(words: &[String], query: &str) -> Option<usize> {
    let lookup_match = |words: &String| {
        if words == query {
            Some(0)
        } else if words.starts_with(query) {
            Some(1)
        } else if words.contains(&format!(" {query}")) {
            Some(2)
        } else {
            words.contains(query).then_some(3)
        }
    };
    words.iter().filter_map(lookup_match).min()
}
