//! Answers to a field that come from the service itself: how they are asked, and what is found.

use std::collections::BTreeSet;

use cel::Value;
use cel::common::types::CelString;
use cel::common::value::Val;
use voordeur_widget_api::{
    LookupMatch, MAX_LOOKUP_CHARS, Manifest, Refusal, Request, Response, WidgetContext, search_key,
};

use super::expression::{Expression, Scope};
use super::requests::{self, RequestPlan};
use super::values;

/// How a field is looked up.
pub struct LookupPlan {
    /// The id of the field.
    pub field: String,
    /// What is asked of the service.
    pub request: RequestPlan,
    /// The list of what is found; it reads `answer`.
    pub each: Expression,
    /// What is kept of one.
    pub value: Expression,
    /// Its words.
    pub label: Expression,
    /// What tells it from others.
    pub note: Option<Expression>,
    /// Other words by which it can be found.
    pub also: Option<Expression>,
}

/// The name that `each` reads.
pub const ANSWER: &str = "answer";
/// What the citizen typed so far.
pub const TYPED: &str = "typed";

/// The id of the request that looks up a field.
pub fn request_id(field: &str) -> String {
    format!("{field}.choices")
}

/// What was typed, as expressions read it.
fn text(typed: &str) -> Box<dyn Val> {
    Box::new(CelString::from(typed.trim().to_owned()))
}

impl LookupPlan {
    /// Whether the service searches. If not it tells everything, and what fits is found here.
    pub fn searched(&self) -> bool {
        self.request.sends(TYPED)
    }

    /// What is asked for what was typed.
    pub fn ask(
        &self,
        manifest: &Manifest,
        scope: &Scope<'_>,
        ask: &WidgetContext<'_>,
        typed: &str,
    ) -> Result<Request, Refusal> {
        let scope = scope.with_variable(TYPED, text(typed));
        let mut request = requests::request(manifest, &[], &self.request, &scope, ask, 0)?;
        let personal = manifest.field(&self.field).is_some_and(|field| field.personal);
        // What somebody typed is kept on no disk.
        request.personal |= personal || self.searched();
        Ok(request)
    }

    /// What the service knows.
    pub fn found(
        &self,
        scope: &Scope<'_>,
        typed: &str,
        answer: &Response,
    ) -> Result<Vec<LookupMatch>, Refusal> {
        let answer = self.request.value(std::slice::from_ref(answer));
        let typed = typed.trim();
        let with_typed = scope.with_variable(TYPED, text(typed));
        let scope = with_typed.with_variable(ANSWER, answer);
        let wanted = search_key(typed);
        let (mut refused, mut readable) = (None, false);
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        self.each.with_list(&scope, |things| {
            for (index, thing) in things.iter().enumerate() {
                match self.one(&scope.with_item(thing.as_ref(), index)) {
                    Ok((one, words)) => {
                        readable = true;
                        let rank = if self.searched() { Some(0) } else { rank(&words, &wanted) };
                        if let Some(rank) = rank
                            && seen.insert(one.value.clone())
                        {
                            found.push((rank, one));
                        }
                    }
                    Err(refusal) => {
                        refused.get_or_insert(refusal);
                    }
                }
            }
            Ok(())
        })?;
        match refused {
            // Where nothing can be read the answer is not as it should be.
            Some(refusal) if !readable => Err(refusal),
            _ => {
                found.sort_by_key(|(rank, _)| *rank);
                Ok(found.into_iter().map(|(_, one)| one).collect())
            }
        }
    }

    /// One thing, and the words by which it is found.
    fn one(&self, scope: &Scope<'_>) -> Result<(LookupMatch, Vec<String>), Refusal> {
        let value = match self.value.value(scope)? {
            Value::Int(number) => number.to_string(),
            Value::String(text) => text.trim().to_owned(),
            _ => return Err(self.value.refuse("should be a text or a whole number")),
        };
        if value.is_empty() || value.chars().count() > MAX_LOOKUP_CHARS {
            return Err(self.value.refuse("should be a text that is not empty and not long"));
        }
        let short = |text: String| text.chars().take(MAX_LOOKUP_CHARS).collect::<String>();
        let label = short(self.label.phrase(scope)?.text);
        let text = |expression: &Option<Expression>| match expression {
            Some(expression) => {
                Ok::<_, Refusal>(values::phrase(&expression.value(scope)?).map(|one| one.text))
            }
            None => Ok(None),
        };
        let note = text(&self.note)?.map(short);
        let mut words = vec![search_key(&label)];
        words.extend(text(&self.also)?.map(|also| search_key(&also)));
        Ok((LookupMatch { value, label, note }, words))
    }
}

/// How well words fit what is wanted, the best 0; `None` when they do not.
fn rank(words: &[String], wanted: &str) -> Option<usize> {
    let one = |words: &String| {
        if words == wanted {
            Some(0)
        } else if words.starts_with(wanted) {
            Some(1)
        } else if words.contains(&format!(" {wanted}")) {
            Some(2)
        } else {
            words.contains(wanted).then_some(3)
        }
    };
    words.iter().filter_map(one).min()
}
