//! The typed operations that public data needs, added to the expressions.
//!
//! One table for each kind. The same tables make the functions known to expressions, check how many values they are given when a manifest
//! is read, and describe them in `docs/WIDGETS.md`.

mod codes;
mod dates;
mod lists;
mod numbers;
mod positions;
mod texts;
mod units;

use std::sync::Arc;

use cel::extractors::Arguments;
use cel::{Context, ExecutionError, FunctionContext, Value};
use jiff::tz::TimeZone;
use voordeur_widget_api::Language;

pub use lists::compare;

type EvalResult = Result<Value, ExecutionError>;

/// What functions may know beside their values.
pub struct EvalContext {
    /// The citizen's language.
    pub language: Language,
    /// The zone of the place.
    pub zone: TimeZone,
}

/// One function of the expressions.
pub struct Function {
    /// As it is written, with the names of its values.
    pub signature: &'static str,
    /// The fewest values it takes.
    pub min_args: usize,
    /// The most values it takes.
    pub max_args: usize,
    /// What it gives.
    pub returns: &'static str,
    /// The function itself; it is never called with fewer or more values.
    implementation: Implementation,
}

/// How a function gets its values.
enum Implementation {
    /// Each is copied out of the evaluation first.
    ByValue(fn(&EvalContext, &[Value]) -> EvalResult),
    /// It reads them where they are.
    ByReference(fn(&FunctionContext<'_, '_>) -> EvalResult),
}

impl Function {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or_default()
    }
}

/// Every function, by kind.
pub fn all() -> impl Iterator<Item = &'static Function> {
    let kinds = [
        numbers::FUNCTIONS,
        units::FUNCTIONS,
        dates::FUNCTIONS,
        lists::FUNCTIONS,
        texts::FUNCTIONS,
        positions::FUNCTIONS,
        codes::FUNCTIONS,
    ];
    kinds.into_iter().flatten()
}

/// Adds every function to a context.
pub fn add(context: &mut Context<'_, '_>, eval_context: EvalContext) {
    let eval_context = Arc::new(eval_context);
    for function in all() {
        let eval_context = Arc::clone(&eval_context);
        let fits = |values: usize| {
            let expected = values.clamp(function.min_args, function.max_args);
            let wrong = ExecutionError::InvalidArgumentCount { expected, actual: values };
            if expected == values { Ok(()) } else { Err(wrong) }
        };
        let added = match function.implementation {
            Implementation::ByValue(implementation) => {
                context.add_function(function.name(), move |Arguments(args): Arguments| {
                    fits(args.len())?;
                    implementation(&eval_context, &args)
                })
            }
            Implementation::ByReference(implementation) => {
                context.add_function(function.name(), move |context: &FunctionContext| {
                    fits(context.args.len())?;
                    implementation(context)
                })
            }
        };
        // It is refused only when CEL has a function of that name itself, which any test that reads a manifest would see.
        debug_assert!(added.is_ok(), "{} is a function of CEL itself", function.name());
    }
}

fn failed(function: &str, message: String) -> ExecutionError {
    ExecutionError::FunctionError { function: function.to_owned(), message }
}

fn text(value: &Value) -> Result<&str, ExecutionError> {
    match value {
        Value::String(text) => Ok(text.as_str()),
        other => Err(ExecutionError::UnexpectedType {
            got: format!("{:?}", other.type_of()),
            want: "text".to_owned(),
        }),
    }
}

fn list(value: &Value) -> Result<&[Value], ExecutionError> {
    match value {
        Value::List(list) => Ok(list),
        Value::Null => Ok(&[]),
        other => Err(ExecutionError::UnexpectedType {
            got: format!("{:?}", other.type_of()),
            want: "list".to_owned(),
        }),
    }
}

fn float(number: Option<f64>) -> Value {
    number.map_or(Value::Null, Value::Float)
}

fn list_of(values: Vec<Value>) -> Value {
    Value::List(Arc::new(values))
}

#[cfg(test)]
pub mod tests {
    use std::collections::BTreeSet;

    use cel::Env;

    use super::*;
    use crate::manifest::cel_values;

    /// What an expression gives in Brussels, in Dutch.
    pub fn evaluate(source: &str) -> serde_json::Value {
        cel_values::to_json(&try_evaluate(source).expect("evaluates"))
    }

    /// Why an expression gives nothing.
    pub fn evaluation_error(source: &str) -> String {
        try_evaluate(source).expect_err("is refused").to_string()
    }

    fn try_evaluate(source: &str) -> EvalResult {
        let env = Arc::new(Env::stdlib());
        let mut context = Context::with_env(Arc::clone(&env));
        let zone = TimeZone::get("Europe/Brussels").expect("zone");
        add(&mut context, EvalContext { language: Language::Nl, zone });
        let program = env.compile(source).expect("compiles");
        program.execute(&context)
    }

    #[test]
    fn every_function_has_one_name_and_takes_what_it_says() {
        let mut names = BTreeSet::new();
        for function in all() {
            assert!(names.insert(function.name()), "{} stands twice", function.name());
            assert!(function.min_args <= function.max_args && !function.returns.is_empty());
        }
    }
}
