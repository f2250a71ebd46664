//! Why an expression has no value. A message contains keys and indices but no other values: those
//! belong to a citizen or a service, and messages are logged.

use std::fmt;

use voordeur_widget_api::{Exhausted, Refusal};

use super::values::Kind;

pub type EvalResult<T> = Result<T, EvalError>;

/// Why an expression has no value. Small, as it is part of the result of each step.
#[derive(Clone, Debug)]
pub struct EvalError(Box<Cause>);

#[derive(Clone, Debug)]
pub enum Cause {
    NoSuchKey(String),
    /// Arithmetic on values of these types.
    Operator(&'static str, Kind, Kind),
    /// A function or operator that does not take arguments of these types.
    NoOverload {
        function: &'static str,
        arguments: Vec<Kind>,
        is_method: bool,
    },
    UnexpectedType {
        got: Kind,
        want: &'static str,
    },
    NoIndex(Kind, Kind),
    NoKey(Kind),
    IndexOutOfBounds(i64),
    DivisionByZero,
    Overflow(&'static str),
    RepeatedKey,
    Undeclared(String),
    Function {
        function: &'static str,
        message: String,
    },
    /// A name in `[let]` has no value.
    Refused(Refusal),
    Exhausted(Exhausted),
}

impl EvalError {
    pub fn no_such_key(key: impl Into<String>) -> Self {
        Cause::NoSuchKey(key.into()).into()
    }

    pub fn no_overload(function: &'static str, arguments: &[Kind]) -> Self {
        let arguments = arguments.to_vec();
        Cause::NoOverload { function, arguments, is_method: false }.into()
    }

    pub fn unexpected(got: Kind, want: &'static str) -> Self {
        Cause::UnexpectedType { got, want }.into()
    }

    pub fn function(function: &'static str, message: impl Into<String>) -> Self {
        Cause::Function { function, message: message.into() }.into()
    }

    /// Whether no other part of the expression can make up for the error.
    pub fn is_final(&self) -> bool {
        matches!(*self.0, Cause::Exhausted(_) | Cause::Refused(Refusal::OverBudget { .. }))
    }

    pub fn into_cause(self) -> Cause {
        *self.0
    }
}

impl From<Cause> for EvalError {
    fn from(cause: Cause) -> Self {
        EvalError(Box::new(cause))
    }
}

impl From<Exhausted> for EvalError {
    fn from(exhausted: Exhausted) -> Self {
        Cause::Exhausted(exhausted).into()
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::NoSuchKey(key) => write!(f, "No such key: {key}"),
            Cause::Operator(operator, left, right) => {
                write!(f, "`{operator}` of {left:?} and {right:?}")
            }
            Cause::NoOverload { function, arguments, is_method } => {
                let names: Vec<&str> = arguments.iter().map(|kind| kind.name()).collect();
                write!(f, "found no matching overload for '{function}' applied to '")?;
                match names.split_first() {
                    Some((receiver, rest)) if *is_method => {
                        write!(f, "{receiver}.({})'", rest.join(", "))
                    }
                    _ => write!(f, "({})'", names.join(", ")),
                }
            }
            Cause::UnexpectedType { got, want } => {
                write!(f, "Unexpected type: got '{}', want '{want}'", got.name())
            }
            Cause::NoIndex(index, whole) => write!(f, "{index:?} is no index of {whole:?}"),
            Cause::NoKey(kind) => write!(f, "{kind:?} is no key"),
            Cause::IndexOutOfBounds(index) => write!(f, "Index out of bounds: Int({index})"),
            Cause::DivisionByZero => f.write_str("Division by zero"),
            Cause::Overflow(operator) => write!(f, "Overflow from binary operator '{operator}'"),
            Cause::RepeatedKey => f.write_str("Failed with repeated key"),
            Cause::Undeclared(name) => write!(f, "Undeclared reference to '{name}'"),
            Cause::Function { function, message } => {
                write!(f, "Error executing function '{function}': {message}")
            }
            Cause::Refused(refusal) => refusal.fmt(f),
            Cause::Exhausted(exhausted) => exhausted.fmt(f),
        }
    }
}
