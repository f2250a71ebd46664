//! Named expressions (`let`), each evaluated lazily and once.

use std::cell::OnceCell;

use voordeur_widget_api::Refusal;

use super::expression::{Expression, Scope};
use super::values::Value;

/// Named expressions, in order.
pub type Bindings = Vec<(String, Expression)>;

/// Named expressions with their values, evaluated on first use.
pub struct LazyBindings<'s, 'v> {
    bindings: &'s Bindings,
    values: Vec<OnceCell<Result<Value<'v>, Refusal>>>,
}

impl<'s, 'v> LazyBindings<'s, 'v> {
    pub fn new(bindings: &'s Bindings) -> Self {
        LazyBindings { bindings, values: bindings.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The value of a name, evaluated in `scope`. Cyclic definitions are rejected when a manifest
    /// is read.
    pub fn get(&self, name: &str, scope: &Scope<'_, 'v>) -> Option<&Result<Value<'v>, Refusal>> {
        let place = self.bindings.iter().position(|(known, _)| known == name)?;
        let expression = &self.bindings.get(place)?.1;
        Some(self.values.get(place)?.get_or_init(|| expression.value(scope)))
    }
}
