//! The functions for public data that are added to CEL.
//!
//! One table per topic. The tables register the functions, check argument counts when a manifest is
//! read, and generate the reference in `docs/WIDGETS.md`.

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
pub use texts::{LANGUAGE_KEYS, TEXT_KEYS};

type EvalResult = Result<Value, ExecutionError>;

/// Values that functions can read beside their arguments.
pub struct EvalContext {
    pub language: Language,
    /// Time zone of the citizen's place.
    pub zone: TimeZone,
}

/// A function of the expression language.
pub struct Function {
    /// Signature with the names of its arguments.
    pub signature: &'static str,
    pub min_args: usize,
    pub max_args: usize,
    pub returns: &'static str,
    /// Never called with fewer or more arguments.
    implementation: Implementation,
}

/// How a function receives its arguments.
enum Implementation {
    /// Arguments are copied out of the interpreter.
    ByValue(fn(&EvalContext, &[Value]) -> EvalResult),
    /// Arguments are read in place.
    ByReference(fn(&FunctionContext<'_, '_>) -> EvalResult),
}

impl Function {
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or_default()
    }
}

/// All functions, by topic.
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

/// Registers all functions in a context.
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
        // Registration fails only for a name of CEL itself, which any test that reads a manifest
        // would show.
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

    /// Value of an expression in Brussels, in Dutch.
    pub fn evaluate(source: &str) -> serde_json::Value {
        cel_values::to_json(&try_evaluate(source).expect("evaluates"))
    }

    /// Error of an expression.
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
    fn function_names_are_unique_and_argument_counts_consistent() {
        let mut names = BTreeSet::new();
        for function in all() {
            assert!(names.insert(function.name()), "{} is a duplicate", function.name());
            assert!(function.min_args <= function.max_args && !function.returns.is_empty());
        }
    }
}
