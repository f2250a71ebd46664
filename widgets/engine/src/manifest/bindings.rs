//! Named expressions (`let`), each evaluated lazily and once.

use std::sync::{Mutex, OnceLock, PoisonError};

use cel::Value;
use cel::common::types::CelInt;
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use voordeur_widget_api::Refusal;

use super::cel_values;
use super::expression::{Expression, RepeatedItem, Scope};

/// Named expressions, in order.
pub type Bindings = Vec<(String, Expression)>;

/// Named expressions with their values, evaluated on first use.
pub struct LazyBindings<'a> {
    bindings: &'a Bindings,
    values: Vec<OnceLock<Result<Box<dyn Val>, Refusal>>>,
}

impl<'a> LazyBindings<'a> {
    pub fn new(bindings: &'a Bindings) -> Self {
        LazyBindings { bindings, values: bindings.iter().map(|_| OnceLock::new()).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }

    /// The value of a name, evaluated in `scope`. Cyclic definitions are rejected when a manifest
    /// is read.
    fn get(&self, name: &str, scope: &Scope<'_>) -> Option<&Result<Box<dyn Val>, Refusal>> {
        let place = self.bindings.iter().position(|(known, _)| known == name)?;
        let expression = &self.bindings[place].1;
        Some(self.values.get(place)?.get_or_init(|| {
            let value: Value = expression.value(scope)?;
            Ok(cel_values::into_val(value))
        }))
    }
}

/// Resolves variables in a scope and its outer scopes; records the first refusal.
pub struct ScopeResolver<'s> {
    scope: &'s Scope<'s>,
    refused: Mutex<Option<Refusal>>,
}

impl<'s> ScopeResolver<'s> {
    pub fn new(scope: &'s Scope<'s>) -> Self {
        ScopeResolver { scope, refused: Mutex::new(None) }
    }

    /// The refusal of the first name that could not be evaluated.
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
