use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use cel::common::types::{CelList, CelNull, CelString};
use cel::common::value::Val;
use cel::{Context, Env, ExecutionError, Program, Value};
use jiff::Timestamp;
use voordeur_widget_api::{Language, Phrase, Refusal, Texts};

use super::bindings::{Bindings, Lookup, Named};
use super::bounds::{self, BoundsError};
use super::environment::Environment;
use super::{functions, values};

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

static NO_NAMES: Bindings = Vec::new();

/// The longest reason that is written to a log: a message may hold the whole value it is about.
const LONGEST_REASON: usize = 160;

/// An expression of a manifest, ready to be evaluated.
pub struct Expression {
    body: Body,
    source: String,
    key: String,
    names: BTreeSet<String>,
    fields: BTreeSet<String>,
}

enum Body {
    Program(Arc<Program>),
    /// A text that stands in place, in every language.
    Texts(Texts),
}

/// Reads the source of an expression, when it is not too large to be read and evaluated safely.
pub fn compile(source: &str) -> Result<Program, BoundsError> {
    bounds::judge(source)?;
    Ok(ENV.compile(source)?)
}

impl Expression {
    /// An expression that stands under `key`. `names` and `fields` are all that it reads, itself or through `[let]`.
    pub fn new(
        key: &str,
        source: &str,
        program: Arc<Program>,
        names: BTreeSet<String>,
        fields: BTreeSet<String>,
    ) -> Self {
        let (source, key) = (source.to_owned(), key.to_owned());
        Expression { body: Body::Program(program), source, key, names, fields }
    }

    /// A text that stands in place of an expression.
    pub fn of_texts(key: &str, texts: Texts) -> Self {
        Expression {
            source: texts.en.clone(),
            body: Body::Texts(texts),
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
        let program = match &self.body {
            Body::Texts(texts) => return Ok(read(&CelString::from(texts.get(scope.language)))),
            Body::Program(program) => program.expression(),
        };
        if !scope.is_looked_up() {
            let value = Value::resolve_val(program, &scope.context);
            return value.map(|value| read(&*value)).map_err(|error| self.refuse(reason(&error)));
        }
        let lookup = Lookup::new(scope);
        let value = {
            let mut context = scope.context.new_inner_scope();
            context.set_variable_resolver(&lookup);
            Value::resolve_val(program, &context).map(|value| read(&*value))
        };
        value.map_err(|error| lookup.refusal().unwrap_or_else(|| self.refuse(reason(&error))))
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
        values::phrase(&value).ok_or_else(|| self.refuse("should be a text that is not empty"))
    }

    /// A number that must be there.
    pub fn number(&self, scope: &Scope<'_>) -> Result<f64, Refusal> {
        let value = self.value(scope)?;
        values::number(&value).ok_or_else(|| self.refuse("should be a number"))
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
        let reason: String = reason.into().chars().take(LONGEST_REASON).collect();
        Refusal::UnexpectedResponse { at: self.key.clone(), reason }
    }
}

/// What expressions can read.
pub struct Scope<'a> {
    context: Context<'a, 'a>,
    /// The citizen's language.
    pub language: Language,
    /// The named expressions of this scope.
    pub named: Named<'a>,
    /// The thing of a list that it is for.
    pub thing: Option<Thing<'a>>,
    /// The scope around it.
    pub outer: Option<&'a Scope<'a>>,
}

/// A thing of a list, where it stands.
#[derive(Clone, Copy)]
pub struct Thing<'a> {
    /// `item`.
    pub item: &'a (dyn Val + 'a),
    /// `index`.
    pub index: usize,
}

impl<'a> Scope<'a> {
    /// Everything that may be known when a widget is asked.
    pub fn new(basics: &'a Environment<'a>) -> Self {
        let mut context = Context::with_env(Arc::clone(&ENV));
        let (language, zone) = (basics.ask.language, basics.ask.zone.clone());
        functions::add(&mut context, functions::Surroundings { language, zone });
        context.set_variable_resolver(basics);
        let named = Named::new(&basics.vocabulary.lets);
        Scope { context, language, named, thing: None, outer: None }
    }

    fn inner(&'a self, lets: &'a Bindings) -> Scope<'a> {
        let (context, named) = (self.context.new_inner_scope(), Named::new(lets));
        Scope { context, language: self.language, named, thing: None, outer: Some(self) }
    }

    /// The same with `item` and `index`, for one thing of a list.
    pub fn with_item(&'a self, item: &'a dyn Val, index: usize) -> Scope<'a> {
        self.with_thing(item, index, &NO_NAMES)
    }

    /// The same with `item` and `index`, and with what the manifest names for each thing.
    pub fn with_thing(&'a self, item: &'a dyn Val, index: usize, lets: &'a Bindings) -> Scope<'a> {
        Scope { thing: Some(Thing { item, index }), ..self.inner(lets) }
    }

    /// The same with one more name.
    pub fn with_variable(&'a self, name: &str, value: Box<dyn Val>) -> Scope<'a> {
        let mut scope = self.inner(&NO_NAMES);
        scope.context.add_variable_as_val(name, value);
        scope
    }

    /// Whether something has to be looked up, here or around.
    fn is_looked_up(&self) -> bool {
        self.thing.is_some()
            || !self.named.is_empty()
            || self.outer.is_some_and(Scope::is_looked_up)
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
