//! Named expressions: each is evaluated when something first reads it, and once.

use std::sync::{Mutex, OnceLock, PoisonError};

use cel::Value;
use cel::common::types::CelInt;
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use voordeur_widget_api::Refusal;

use super::cel_values;
use super::expression::{Expression, RepeatedItem, Scope};

/// Names and what they stand for.
pub type Bindings = Vec<(String, Expression)>;

/// Names, what they stand for, and their values as far as those were wanted.
pub struct LazyBindings<'a> {
    bindings: &'a Bindings,
    values: Vec<OnceLock<Result<Box<dyn Val>, Refusal>>>,
}

impl<'a> LazyBindings<'a> {
    /// Nothing is evaluated yet.
    pub fn new(bindings: &'a Bindings) -> Self {
        LazyBindings { bindings, values: bindings.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Whether there is nothing to look up.
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }

    /// The value under a name, evaluated in `scope`. A manifest whose names go round in a circle is refused when it is read.
    fn get(&self, name: &str, scope: &Scope<'_>) -> Option<&Result<Box<dyn Val>, Refusal>> {
        let place = self.bindings.iter().position(|(known, _)| known == name)?;
        let expression = &self.bindings[place].1;
        Some(self.values.get(place)?.get_or_init(|| {
            let value: Value = expression.value(scope)?;
            Ok(cel_values::into_val(value))
        }))
    }
}

/// Finds the names of a scope and the thing that it is for, and remembers why one could not be evaluated.
pub struct ScopeResolver<'s> {
    scope: &'s Scope<'s>,
    refused: Mutex<Option<Refusal>>,
}

impl<'s> ScopeResolver<'s> {
    /// For one evaluation in a scope.
    pub fn new(scope: &'s Scope<'s>) -> Self {
        ScopeResolver { scope, refused: Mutex::new(None) }
    }

    /// Why a name could not be evaluated, when one could not.
    pub fn refusal(self) -> Option<Refusal> {
        self.refused.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl VariableResolver for ScopeResolver<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let mut scope = Some(self.scope);
        while let Some(current) = scope {
            if let Some(found) = current.bindings.get(variable, current) {
                return match found {
                    Ok(value) => Some(CowVal::Borrowed(value.as_ref())),
                    Err(refusal) => {
                        let mut refused =
                            self.refused.lock().unwrap_or_else(PoisonError::into_inner);
                        refused.get_or_insert_with(|| refusal.clone());
                        None
                    }
                };
            }
            if let Some(RepeatedItem { item, index }) = current.repeated {
                match variable {
                    "item" => return Some(CowVal::Borrowed(item)),
                    "index" => return Some(CowVal::owned(CelInt::from(index as i64))),
                    _ => {}
                }
            }
            scope = current.outer;
        }
        None
    }
}
