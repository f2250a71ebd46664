//! The functions for public data that are added to CEL.
//!
//! One table per topic. The tables register the functions, check argument counts when a manifest is
//! read, and generate the reference in `docs/WIDGETS.md`.

mod alerts;
mod codes;
mod dates;
mod lists;
mod numbers;
mod positions;
mod prose_days;
mod sorting;
mod texts;
mod units;

use jiff::tz::TimeZone;
use voordeur_widget_api::{Budget, Language};

use super::axis_order::AxisOrder;
use super::eval_error::{EvalError, EvalResult};
use super::evaluator::BYTES_PER_STEP;
use super::values::{List, Text, Value};

pub use sorting::sort_keys;
pub use texts::{LANGUAGE_KEYS, TEXT_KEYS};

/// The context of a call: the values that a function reads beside its arguments, and the budget that
/// it charges.
pub struct Call<'c> {
    pub language: Language,
    /// Time zone in which times are shown and days begin.
    pub zone: &'c TimeZone,
    /// Time zone of times without an offset.
    pub naive_zone: &'c TimeZone,
    /// Swaps the axes of positions that lie in what the widget covers only so.
    pub axis_order: &'c AxisOrder,
    pub budget: &'c Budget,
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

/// A function charges the work that grows with its arguments, and what it makes.
type Implementation = for<'v> fn(&Call<'_>, &[Value<'v>]) -> EvalResult<Value<'v>>;

impl Call<'_> {
    /// Charges the reading of a text `times` times.
    fn charge_text(&self, text: &str, times: usize) -> EvalResult<()> {
        let steps = (text.len() / BYTES_PER_STEP).saturating_mul(times).saturating_add(1);
        Ok(self.budget.charge_steps(steps)?)
    }

    fn charge_steps(&self, steps: usize) -> EvalResult<()> {
        Ok(self.budget.charge_steps(steps)?)
    }

    /// Charges a list of this length.
    fn charge_list(&self, len: usize) -> EvalResult<()> {
        self.budget.charge_steps(len)?;
        Ok(self.budget.charge_bytes(len.saturating_mul(size_of::<Value<'static>>()))?)
    }
}

impl Function {
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or_default()
    }

    /// Calls it with as many arguments as it takes.
    pub fn call<'v>(&self, call: &Call<'_>, args: &[Value<'v>]) -> EvalResult<Value<'v>> {
        (self.implementation)(call, args)
    }
}

/// All functions, by topic.
pub fn all() -> impl Iterator<Item = &'static Function> {
    let kinds = [
        numbers::FUNCTIONS,
        units::FUNCTIONS,
        dates::FUNCTIONS,
        alerts::FUNCTIONS,
        prose_days::FUNCTIONS,
        lists::FUNCTIONS,
        texts::FUNCTIONS,
        positions::FUNCTIONS,
        codes::FUNCTIONS,
    ];
    kinds.into_iter().flatten()
}

fn failed(function: &'static str, message: String) -> EvalError {
    EvalError::function(function, message)
}

fn text<'a, 'v>(value: &'a Value<'v>) -> EvalResult<&'a Text<'v>> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(EvalError::unexpected(other.kind(), "text")),
    }
}

/// A list; `null` has no items.
fn list<'v>(value: &Value<'v>) -> EvalResult<List<'v>> {
    match value {
        Value::List(list) => Ok(list.clone()),
        Value::Null => Ok(List::Absent),
        other => Err(EvalError::unexpected(other.kind(), "list")),
    }
}

#[cfg(test)]
pub mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;
    use voordeur_widget_api::BudgetLimits;

    use super::*;
    use crate::manifest::expression::compile;
    use crate::manifest::tests::{evaluate_in_dutch, evaluate_with};

    /// Value of an expression in Brussels, in Dutch.
    pub fn evaluate(source: &str) -> serde_json::Value {
        evaluate_in_dutch(source, &Budget::default()).expect("evaluates")
    }

    /// Error of an expression.
    pub fn evaluation_error(source: &str) -> String {
        evaluate_in_dutch(source, &Budget::default()).expect_err("is refused").to_string()
    }

    #[test]
    fn function_names_are_unique_and_argument_counts_consistent() {
        let mut names = BTreeSet::new();
        for function in all() {
            assert!(names.insert(function.name()), "{} is a duplicate", function.name());
            assert!(function.min_args <= function.max_args && !function.returns.is_empty());
        }
    }

    /// Each function on a long text and on a long list: twice the input may cost twice as much,
    /// and a little more where something is sorted.
    #[test]
    fn what_a_function_costs_grows_with_its_input_and_not_faster() {
        let spent = |source: &str, len: usize| {
            let list = "split(things, ' ').map(x, {'en': x, 'text': x})";
            let source = source.replace("LIST", list).replace("TEXT", "things");
            let node = compile(&source).expect("compiles").node;
            let all = u64::MAX;
            let limits = BudgetLimits { bytes: all, nodes: all, steps: all, depth: 128 };
            let budget = Budget::new(limits);
            // Some functions refuse the argument.
            let _ = evaluate_with(&node, &json!("2026 ".repeat(len)), &budget);
            budget.spent()
        };
        for function in all() {
            for argument in ["TEXT", "LIST"] {
                let count = function.min_args.max(2).min(function.max_args);
                let arguments = vec![argument; count].join(", ");
                let source = format!("{}({arguments})", function.name());
                let (one, two) = (spent(&source, 1_000), spent(&source, 2_000));
                assert!(
                    two.steps <= one.steps * 5 / 2 && two.bytes <= one.bytes * 5 / 2,
                    "{source}: {one:?}, {two:?}"
                );
            }
        }
    }
}
