//! CEL expressions of a manifest, and the scopes in which they are evaluated.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use cel::common::types::{CelList, CelNull, CelString};
use cel::common::value::Val;
use cel::{Context, Env, ExecutionError, Program, Value};
use jiff::Timestamp;
use voordeur_widget_api::{Language, Phrase, Refusal, Texts};

use super::bindings::{Bindings, LazyBindings, ScopeResolver};
use super::environment::Environment;
use super::expression_limits::{self, ExpressionError};
use super::{cel_values, functions};

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

static NO_BINDINGS: Bindings = Vec::new();

/// In characters. An error message can contain the whole value, and reasons are logged.
const MAX_REASON_LENGTH: usize = 160;

/// A compiled expression of a manifest.
pub struct Expression {
    kind: ExpressionKind,
    source: String,
    key: String,
    names: BTreeSet<String>,
    fields: BTreeSet<String>,
}

enum ExpressionKind {
    Program(Arc<Program>),
    /// A text in four languages in place of an expression.
    Texts(Texts),
}

/// Compiles an expression that is small enough to be parsed and evaluated safely.
pub fn compile(source: &str) -> Result<Program, ExpressionError> {
    expression_limits::check(source)?;
    Ok(ENV.compile(source)?)
}

impl Expression {
    /// An expression at `key`. `names` and `fields` are all variables and fields that it reads,
    /// directly or through `[let]`.
    pub fn new(
        key: &str,
        source: &str,
        program: Arc<Program>,
        names: BTreeSet<String>,
        fields: BTreeSet<String>,
    ) -> Self {
        let (source, key) = (source.to_owned(), key.to_owned());
        Expression { kind: ExpressionKind::Program(program), source, key, names, fields }
    }

    /// A text in four languages in place of an expression.
    pub fn of_texts(key: &str, texts: Texts) -> Self {
        Expression {
            source: texts.en.clone(),
            kind: ExpressionKind::Texts(texts),
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
    pub fn names(&self) -> BTreeSet<String> {
        self.names.clone()
    }

    /// Ids of the fields that it reads.
    pub fn fields(&self) -> BTreeSet<String> {
        self.fields.clone()
    }

    pub fn value(&self, scope: &Scope<'_>) -> Result<Value, Refusal> {
        self.read(scope, |value| {
            Value::try_from(value).map_err(|error| self.refuse(reason(&error)))
        })?
    }

    /// Passes the value to `read` without copying it.
    fn read<T>(&self, scope: &Scope<'_>, read: impl FnOnce(&dyn Val) -> T) -> Result<T, Refusal> {
        let program = match &self.kind {
            ExpressionKind::Texts(texts) => {
                return Ok(read(&CelString::from(texts.get(scope.language))));
            }
            ExpressionKind::Program(program) => program.expression(),
        };
        if !scope.needs_resolver() {
            let value = Value::resolve_val(program, &scope.context);
            return value.map(|value| read(&*value)).map_err(|error| self.refuse(reason(&error)));
        }
        let resolver = ScopeResolver::new(scope);
        let value = {
            let mut context = scope.context.new_inner_scope();
            context.set_variable_resolver(&resolver);
            Value::resolve_val(program, &context).map(|value| read(&*value))
        };
        value.map_err(|error| resolver.refusal().unwrap_or_else(|| self.refuse(reason(&error))))
    }

    pub fn is_true(&self, scope: &Scope<'_>) -> Result<bool, Refusal> {
        match self.value(scope)? {
            Value::Bool(flag) => Ok(flag),
            other => Err(self.refuse(format!("should be true or false, is {:?}", other.type_of()))),
        }
    }

    /// A non-empty text.
    pub fn phrase(&self, scope: &Scope<'_>) -> Result<Phrase, Refusal> {
        let value = self.value(scope)?;
        cel_values::phrase(&value).ok_or_else(|| self.refuse("should be a text that is not empty"))
    }

    pub fn number(&self, scope: &Scope<'_>) -> Result<f64, Refusal> {
        let value = self.value(scope)?;
        cel_values::number(&value).ok_or_else(|| self.refuse("should be a number"))
    }

    pub fn instant(&self, scope: &Scope<'_>) -> Result<Timestamp, Refusal> {
        match self.value(scope)? {
            Value::Int(seconds) => {
                Timestamp::from_second(seconds).map_err(|error| self.refuse(error.to_string()))
            }
            other => Err(self.refuse(format!("should be a moment, is {:?}", other.type_of()))),
        }
    }

    /// A list; `null` is an empty list.
    pub fn list(&self, scope: &Scope<'_>) -> Result<Vec<Value>, Refusal> {
        match self.value(scope)? {
            Value::List(list) => Ok(list.to_vec()),
            Value::Null => Ok(Vec::new()),
            other => Err(self.refuse(format!("should be a list, is {:?}", other.type_of()))),
        }
    }

    /// Passes a list to `read` without copying it; `null` is an empty list.
    pub fn with_list<T>(
        &self,
        scope: &Scope<'_>,
        read: impl FnOnce(&[Box<dyn Val + '_>]) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.read(scope, |value| {
            if let Some(list) = value.downcast_ref::<CelList>() {
                return read(list.inner());
            }
            if value.downcast_ref::<CelNull>().is_some() {
                return read(&[]);
            }
            Err(self.refuse(format!("should be a list, is {}", value.get_type().name())))
        })?
    }

    /// A refusal at this expression.
    pub fn refuse(&self, reason: impl Into<String>) -> Refusal {
        let reason: String = reason.into().chars().take(MAX_REASON_LENGTH).collect();
        Refusal::UnexpectedResponse { at: self.key.clone(), reason }
    }
}

/// The variables and functions that an expression can read.
pub struct Scope<'a> {
    context: Context<'a, 'a>,
    pub language: Language,
    /// Named expressions of this scope.
    pub bindings: LazyBindings<'a>,
    /// Current list item.
    pub repeated: Option<RepeatedItem<'a>>,
    /// Enclosing scope.
    pub outer: Option<&'a Scope<'a>>,
}

/// A list item with its index.
#[derive(Clone, Copy)]
pub struct RepeatedItem<'a> {
    pub item: &'a (dyn Val + 'a),
    pub index: usize,
}

impl<'a> Scope<'a> {
    /// The global scope.
    pub fn new(environment: &'a Environment<'a>) -> Self {
        let mut context = Context::with_env(Arc::clone(&ENV));
        let (language, zone) = (environment.context.language, environment.context.zone.clone());
        functions::add(&mut context, functions::EvalContext { language, zone });
        context.set_variable_resolver(environment);
        let bindings = LazyBindings::new(&environment.vocabulary.bindings);
        Scope { context, language, bindings, repeated: None, outer: None }
    }

    fn inner(&'a self, bindings: &'a Bindings) -> Scope<'a> {
        let (context, bindings) = (self.context.new_inner_scope(), LazyBindings::new(bindings));
        Scope { context, language: self.language, bindings, repeated: None, outer: Some(self) }
    }

    /// A scope with `item` and `index`.
    pub fn with_item(&'a self, item: &'a dyn Val, index: usize) -> Scope<'a> {
        self.with_item_and_bindings(item, index, &NO_BINDINGS)
    }

    /// A scope with `item` and `index`, and with the bindings of a block.
    pub fn with_item_and_bindings(
        &'a self,
        item: &'a dyn Val,
        index: usize,
        bindings: &'a Bindings,
    ) -> Scope<'a> {
        Scope { repeated: Some(RepeatedItem { item, index }), ..self.inner(bindings) }
    }

    /// A scope with one more variable.
    pub fn with_variable(&'a self, name: &str, value: Box<dyn Val>) -> Scope<'a> {
        let mut scope = self.inner(&NO_BINDINGS);
        scope.context.add_variable_as_val(name, value);
        scope
    }

    /// Whether this or an outer scope has bindings or an item.
    fn needs_resolver(&self) -> bool {
        self.repeated.is_some()
            || !self.bindings.is_empty()
            || self.outer.is_some_and(Scope::needs_resolver)
    }
}

/// The error without the values involved: those belong to a citizen or a service and must not be
/// logged.
fn reason(error: &ExecutionError) -> String {
    match error {
        ExecutionError::UnsupportedBinaryOperator(operator, left, right) => {
            format!("`{operator}` of {:?} and {:?}", left.type_of(), right.type_of())
        }
        ExecutionError::ValuesNotComparable(left, right) => {
            format!("{:?} and {:?} cannot be compared", left.type_of(), right.type_of())
        }
        ExecutionError::UnsupportedIndex(index, whole) => {
            format!("{:?} is no index of {:?}", index.type_of(), whole.type_of())
        }
        ExecutionError::UnsupportedTargetType { target } => {
            format!("cannot be done with {:?}", target.type_of())
        }
        ExecutionError::NotSupportedAsMethod { method, target } => {
            format!("`{method}` cannot be done with {:?}", target.type_of())
        }
        ExecutionError::UnsupportedKeyType(key) => format!("{:?} is no key", key.type_of()),
        other => other.to_string(),
    }
}
