//! Expressions of a manifest, and the scopes in which they are evaluated.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use cel::{Env, Program};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_widget_api::{Budget, Exhausted, Language, Phrase, Refusal, Texts};

use super::axis_order::AxisOrder;
use super::bindings::{Bindings, LazyBindings};
use super::environment::Environment;
use super::eval_error::{Cause, EvalError, EvalResult};
use super::evaluator::{self, BYTES_PER_STEP};
use super::expression_limits::{self, ExpressionError};
use super::program::{self, Name, Node};
use super::values::{List, Text, Value};

static ENV: LazyLock<Env> = LazyLock::new(|| Env::stdlib().with_optional_support(false));

static NO_BINDINGS: Bindings = Vec::new();

/// In characters. An error message can contain a text of the service, and reasons are logged.
const MAX_REASON_LENGTH: usize = 160;

/// An expression of a manifest.
pub struct Expression {
    kind: ExpressionKind,
    source: String,
    key: String,
    names: BTreeSet<String>,
    fields: BTreeSet<String>,
}

enum ExpressionKind {
    Program(Arc<Node>),
    /// A text in four languages in place of an expression.
    Texts(Box<[Arc<str>; 4]>),
}

/// An expression as it is read, before its names are checked.
pub struct Compiled {
    /// For [`super::scope_names::uses`].
    pub syntax: Program,
    pub node: Arc<Node>,
}

/// Compiles an expression that is small enough to be parsed and evaluated safely.
pub fn compile(source: &str) -> Result<Compiled, ExpressionError> {
    expression_limits::check(source)?;
    let syntax = ENV.compile(source)?;
    let node = program::lower(syntax.expression())
        .map_err(|message| ExpressionError { message, line_offset: 0 })?;
    Ok(Compiled { syntax, node: Arc::new(node) })
}

impl Expression {
    /// An expression at `key`. `names` and `fields` are all variables and fields that it reads,
    /// directly or through `[let]`.
    pub fn new(
        key: &str,
        source: &str,
        node: Arc<Node>,
        names: BTreeSet<String>,
        fields: BTreeSet<String>,
    ) -> Self {
        let (source, key) = (source.to_owned(), key.to_owned());
        Expression { kind: ExpressionKind::Program(node), source, key, names, fields }
    }

    /// A text in four languages in place of an expression.
    pub fn of_texts(key: &str, texts: Texts) -> Self {
        let of = |language| Arc::from(texts.get(language));
        Expression {
            source: texts.en.clone(),
            kind: ExpressionKind::Texts(Box::new(Language::ALL.map(of))),
            key: key.to_owned(),
            names: BTreeSet::new(),
            fields: BTreeSet::new(),
        }
    }

    /// Source text; the English text when it is a text in four languages.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Path of its key in the manifest.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Variables that it reads: requests, `settings`, `place` and so on.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Ids of the fields that it reads.
    pub fn fields(&self) -> &BTreeSet<String> {
        &self.fields
    }

    /// Its value. A text is charged, as whoever asks reads it.
    pub fn value<'v>(&self, scope: &Scope<'_, 'v>) -> Result<Value<'v>, Refusal> {
        let value = match &self.kind {
            ExpressionKind::Texts(texts) => {
                let text = texts.get(scope.language as usize).cloned();
                Value::Text(text.map_or(Text::Borrowed(""), Text::Shared))
            }
            ExpressionKind::Program(node) => evaluator::evaluate_strictly(node, scope)
                .map_err(|error| self.refuse_error(error))?,
        };
        if let Value::Text(text) = &value {
            let steps = text.len() / BYTES_PER_STEP;
            scope.budget().charge_steps(steps).map_err(|exhausted| self.over_budget(exhausted))?;
        }
        Ok(value)
    }

    pub fn is_true(&self, scope: &Scope<'_, '_>) -> Result<bool, Refusal> {
        match self.value(scope)? {
            Value::Bool(flag) => Ok(flag),
            other => Err(self.refuse(format!("should be true or false, is {:?}", other.kind()))),
        }
    }

    /// Whether its value depends on something that is missing in the item.
    ///
    /// # Errors
    /// A refusal that names what is missing.
    pub fn depends_on_no_gap(&self, scope: &Scope<'_, '_>) -> Result<(), Refusal> {
        let ExpressionKind::Program(node) = &self.kind else { return Ok(()) };
        let value = evaluator::evaluate_without_gaps(node, scope);
        value.map(drop).map_err(|error| self.refuse_error(error))
    }

    /// A non-empty text.
    pub fn phrase(&self, scope: &Scope<'_, '_>) -> Result<Phrase, Refusal> {
        let phrase = self.value(scope)?.phrase();
        phrase.ok_or_else(|| self.refuse("should be a text that is not empty"))
    }

    pub fn number(&self, scope: &Scope<'_, '_>) -> Result<f64, Refusal> {
        self.value(scope)?.number().ok_or_else(|| self.refuse("should be a number"))
    }

    pub fn instant(&self, scope: &Scope<'_, '_>) -> Result<Timestamp, Refusal> {
        match self.value(scope)? {
            Value::Int(seconds) => {
                Timestamp::from_second(seconds).map_err(|error| self.refuse(error.to_string()))
            }
            other => Err(self.refuse(format!("should be a moment, is {:?}", other.kind()))),
        }
    }

    /// A list. `null` is none: a list that is missing does not say that there is nothing.
    pub fn list<'v>(&self, scope: &Scope<'_, 'v>) -> Result<List<'v>, Refusal> {
        match self.value(scope)? {
            Value::List(List::Absent) | Value::Null => {
                Err(self.refuse("should be a list, and there is none"))
            }
            Value::List(list) => Ok(list),
            other => Err(self.refuse(format!("should be a list, is {:?}", other.kind()))),
        }
    }

    /// A refusal at this expression.
    pub fn refuse(&self, reason: impl Into<String>) -> Refusal {
        let mut reason: String = reason.into();
        if let Some((end, _)) = reason.char_indices().nth(MAX_REASON_LENGTH) {
            reason.truncate(end);
        }
        Refusal::UnexpectedResponse { at: self.key.clone(), reason }
    }

    /// A refusal because the budget ended at this expression.
    pub fn over_budget(&self, exhausted: Exhausted) -> Refusal {
        Refusal::OverBudget { at: self.key.clone(), exhausted }
    }

    fn refuse_error(&self, error: EvalError) -> Refusal {
        match error.into_cause() {
            Cause::Refused(refusal) => refusal,
            Cause::Exhausted(exhausted) => self.over_budget(exhausted),
            other => self.refuse(other.to_string()),
        }
    }
}

/// The variables that an expression can read.
pub struct Scope<'s, 'v> {
    environment: &'v Environment<'v>,
    pub language: Language,
    /// Named expressions of this scope.
    bindings: LazyBindings<'s, 'v>,
    /// Current list item.
    item: Option<RepeatedItem<'v>>,
    /// One more variable.
    variable: Option<(&'static str, Value<'v>)>,
    /// Enclosing scope.
    outer: Option<&'s Scope<'s, 'v>>,
    /// Values of the requests; of the global scope only.
    requests: Vec<OnceCell<Value<'v>>>,
}

/// A list item with its index.
struct RepeatedItem<'v> {
    item: Value<'v>,
    index: usize,
}

impl<'s, 'v> Scope<'s, 'v> {
    /// The global scope.
    pub fn new(environment: &'v Environment<'v>) -> Scope<'v, 'v> {
        Scope {
            environment,
            language: environment.context.language,
            bindings: LazyBindings::new(&environment.vocabulary.bindings),
            item: None,
            variable: None,
            outer: None,
            requests: environment.plans.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    fn inner(&'s self, bindings: &'s Bindings) -> Scope<'s, 'v> {
        Scope {
            environment: self.environment,
            language: self.language,
            bindings: LazyBindings::new(bindings),
            item: None,
            variable: None,
            outer: Some(self),
            requests: Vec::new(),
        }
    }

    /// A scope with `item` and `index`.
    pub fn with_item(&'s self, item: Value<'v>, index: usize) -> Scope<'s, 'v> {
        self.with_item_and_bindings(item, index, &NO_BINDINGS)
    }

    /// A scope with `item` and `index`, and with the bindings of a block.
    pub fn with_item_and_bindings(
        &'s self,
        item: Value<'v>,
        index: usize,
        bindings: &'s Bindings,
    ) -> Scope<'s, 'v> {
        Scope { item: Some(RepeatedItem { item, index }), ..self.inner(bindings) }
    }

    /// A scope with one more variable.
    pub fn with_variable(&'s self, name: &'static str, value: Value<'v>) -> Scope<'s, 'v> {
        Scope { variable: Some((name, value)), ..self.inner(&NO_BINDINGS) }
    }

    /// Whether the texts are the citizen's own, who wrote their line breaks.
    pub fn is_own(&self) -> bool {
        self.environment.is_own()
    }

    /// The budget that evaluation charges.
    pub fn budget(&self) -> &'v Budget {
        self.environment.context.budget
    }

    /// The time zone in which times are shown and days begin.
    pub fn zone(&self) -> &'v TimeZone {
        self.environment.context.zone
    }

    /// The time zone of times without an offset.
    pub fn naive_zone(&self) -> &'v TimeZone {
        self.environment.naive_zone()
    }

    /// The order of the axes of positions.
    pub fn axis_order(&self) -> &'v AxisOrder {
        self.environment.axis_order()
    }

    /// Latitude and longitude in their order, if a service swapped them.
    ///
    /// # Errors
    /// When the budget is spent.
    pub fn in_axis_order(&self, position: (f64, f64)) -> Result<(f64, f64), Exhausted> {
        self.axis_order().restore(position, self.budget())
    }

    /// The value of a variable.
    pub fn variable(&self, name: &Name) -> EvalResult<Value<'v>> {
        let environment = self.environment;
        match name {
            Name::Item => self.item().map(|repeated| repeated.item.clone()),
            Name::Index => {
                let index = self.item().map(|repeated| repeated.index);
                index.map(|index| Value::Int(i64::try_from(index).unwrap_or(i64::MAX)))
            }
            Name::Settings => Some(Value::of_tree(environment.settings())),
            Name::Place => Some(Value::of_tree(environment.place())),
            Name::Texts => Some(Value::of_tree(environment.texts())),
            Name::Codes => Some(Value::of_tree(environment.codes())),
            Name::Language => Some(Value::Text(Text::Borrowed(self.language.tag()))),
            Name::Now => Some(Value::Int(environment.context.now.as_second())),
            Name::Today => Some(Value::Text(Text::Borrowed(environment.today()))),
            Name::Other(name) => return self.named(name),
        }
        .ok_or_else(|| Cause::Undeclared(name.text().to_owned()).into())
    }

    /// The item of the innermost scope that has one.
    fn item(&self) -> Option<&RepeatedItem<'v>> {
        let mut scope = Some(self);
        while let Some(current) = scope {
            if let Some(item) = &current.item {
                return Some(item);
            }
            scope = current.outer;
        }
        None
    }

    fn named(&self, name: &str) -> EvalResult<Value<'v>> {
        let mut current = self;
        loop {
            if let Some((known, value)) = &current.variable
                && *known == name
            {
                return Ok(value.clone());
            }
            if let Some(found) = current.bindings.get(name, current) {
                let refused = |refusal: Refusal| Cause::Refused(refusal).into();
                return found.clone().map_err(refused);
            }
            match current.outer {
                Some(outer) => current = outer,
                None => return current.request(name),
            }
        }
    }

    /// The value of a request; `self` is the global scope.
    fn request(&self, id: &str) -> EvalResult<Value<'v>> {
        let at = self.environment.plans.iter().position(|plan| plan.id == id);
        let Some((at, place)) = at.and_then(|at| Some((at, self.requests.get(at)?))) else {
            return Err(Cause::Undeclared(id.to_owned()).into());
        };
        if let Some(known) = place.get() {
            return Ok(known.clone());
        }
        let value = self.environment.request_value(at)?;
        if let (Value::Null, Some(refusal)) = (&value, self.environment.refusal_of_null(at)) {
            return Err(Cause::Refused(refusal).into());
        }
        Ok(place.get_or_init(|| value).clone())
    }
}
