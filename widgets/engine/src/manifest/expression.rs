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

/// The longest reason that is written to a log: a message may hold the whole value it is about.
const MAX_REASON_LENGTH: usize = 160;

/// An expression of a manifest, ready to be evaluated.
pub struct Expression {
    kind: ExpressionKind,
    source: String,
    key: String,
    names: BTreeSet<String>,
    fields: BTreeSet<String>,
}

enum ExpressionKind {
    Program(Arc<Program>),
    /// A text that stands in place, in every language.
    Texts(Texts),
}

/// Reads the source of an expression, when it is not too large to be read and evaluated safely.
pub fn compile(source: &str) -> Result<Program, ExpressionError> {
    expression_limits::check(source)?;
    Ok(ENV.compile(source)?)
}

impl Expression {
    /// An expression that stands under `key`. `scope_names` and `fields` are all that it reads, itself or through `[let]`.
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

    /// A text that stands in place of an expression.
    pub fn of_texts(key: &str, texts: Texts) -> Self {
        Expression {
            source: texts.en.clone(),
            kind: ExpressionKind::Texts(texts),
            key: key.to_owned(),
            names: BTreeSet::new(),
            fields: BTreeSet::new(),
        }
    }

    /// As the manifest writes it; in English, where four texts stand in its place.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The key under which it stands.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The names it reads: requests, `settings`, `place` and so on.
    pub fn names(&self) -> BTreeSet<String> {
        self.names.clone()
    }

    /// The ids of the fields it reads.
    pub fn fields(&self) -> BTreeSet<String> {
        self.fields.clone()
    }

    /// Its value.
    pub fn value(&self, scope: &Scope<'_>) -> Result<Value, Refusal> {
        self.read(scope, |value| {
            Value::try_from(value).map_err(|error| self.refuse(reason(&error)))
        })?
    }

    /// Lets `read` look at its value where it is, without a copy.
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

    /// Whether it is true.
    pub fn is_true(&self, scope: &Scope<'_>) -> Result<bool, Refusal> {
        match self.value(scope)? {
            Value::Bool(flag) => Ok(flag),
            other => Err(self.refuse(format!("should be true or false, is {:?}", other.type_of()))),
        }
    }

    /// A text that must be there.
    pub fn phrase(&self, scope: &Scope<'_>) -> Result<Phrase, Refusal> {
        let value = self.value(scope)?;
        cel_values::phrase(&value).ok_or_else(|| self.refuse("should be a text that is not empty"))
    }

    /// A number that must be there.
    pub fn number(&self, scope: &Scope<'_>) -> Result<f64, Refusal> {
        let value = self.value(scope)?;
        cel_values::number(&value).ok_or_else(|| self.refuse("should be a number"))
    }

    /// A moment that must be there.
    pub fn instant(&self, scope: &Scope<'_>) -> Result<Timestamp, Refusal> {
        match self.value(scope)? {
            Value::Int(seconds) => {
                Timestamp::from_second(seconds).map_err(|error| self.refuse(error.to_string()))
            }
            other => Err(self.refuse(format!("should be a moment, is {:?}", other.type_of()))),
        }
    }

    /// A list; `null` is an empty one.
    pub fn list(&self, scope: &Scope<'_>) -> Result<Vec<Value>, Refusal> {
        match self.value(scope)? {
            Value::List(list) => Ok(list.to_vec()),
            Value::Null => Ok(Vec::new()),
            other => Err(self.refuse(format!("should be a list, is {:?}", other.type_of()))),
        }
    }

    /// Lets `read` look at a list where it is; `null` is an empty one.
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

    /// Says that this expression cannot be used, and why.
    pub fn refuse(&self, reason: impl Into<String>) -> Refusal {
        let reason: String = reason.into().chars().take(MAX_REASON_LENGTH).collect();
        Refusal::UnexpectedAnswer { at: self.key.clone(), reason }
    }
}

/// What expressions can read.
pub struct Scope<'a> {
    context: Context<'a, 'a>,
    /// The citizen's language.
    pub language: Language,
    /// The named expressions of this scope.
    pub bindings: LazyBindings<'a>,
    /// The thing of a list that it is for.
    pub repeated: Option<RepeatedItem<'a>>,
    /// The scope around it.
    pub outer: Option<&'a Scope<'a>>,
}

/// A thing of a list, where it stands.
#[derive(Clone, Copy)]
pub struct RepeatedItem<'a> {
    /// `item`.
    pub item: &'a (dyn Val + 'a),
    /// `index`.
    pub index: usize,
}

impl<'a> Scope<'a> {
    /// Everything that may be known when a widget is asked.
    pub fn new(environment: &'a Environment<'a>) -> Self {
        let mut context = Context::with_env(Arc::clone(&ENV));
        let (language, zone) = (environment.context.language, environment.context.zone.clone());
        functions::add(&mut context, functions::Surroundings { language, zone });
        context.set_variable_resolver(environment);
        let bindings = LazyBindings::new(&environment.vocabulary.bindings);
        Scope { context, language, bindings, repeated: None, outer: None }
    }

    fn inner(&'a self, bindings: &'a Bindings) -> Scope<'a> {
        let (context, bindings) = (self.context.new_inner_scope(), LazyBindings::new(bindings));
        Scope { context, language: self.language, bindings, repeated: None, outer: Some(self) }
    }

    /// The same with `item` and `index`, for one thing of a list.
    pub fn with_item(&'a self, item: &'a dyn Val, index: usize) -> Scope<'a> {
        self.with_item_and_bindings(item, index, &NO_BINDINGS)
    }

    /// The same with `item` and `index`, and with what the manifest names for each thing.
    pub fn with_item_and_bindings(
        &'a self,
        item: &'a dyn Val,
        index: usize,
        bindings: &'a Bindings,
    ) -> Scope<'a> {
        Scope { repeated: Some(RepeatedItem { item, index }), ..self.inner(bindings) }
    }

    /// The same with one more name.
    pub fn with_variable(&'a self, name: &str, value: Box<dyn Val>) -> Scope<'a> {
        let mut scope = self.inner(&NO_BINDINGS);
        scope.context.add_variable_as_val(name, value);
        scope
    }

    /// Whether something has to be looked up, here or around.
    fn needs_resolver(&self) -> bool {
        self.repeated.is_some()
            || !self.bindings.is_empty()
            || self.outer.is_some_and(Scope::needs_resolver)
    }
}

/// What went wrong, without the values it went wrong with: those are a citizen's or a service's, and no matter for a log.
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
