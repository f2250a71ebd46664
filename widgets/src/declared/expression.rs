use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use cel::{Context, Env, ExecutionError, Program, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_contract::{
    Answers, Ask, DayBound, FieldKind, Language, Manifest, Phrase, Refusal, Texts, label_key,
};

use super::bounds::{self, Unreadable};
use super::codes::CodeTable;
use super::geography::{self, System};
use super::lets::{Lets, Lookup, Named};
use super::requests::RequestPlan;
use super::{functions, values};

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

static NO_NAMES: Lets = Vec::new();

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
pub fn compile(source: &str) -> Result<Program, Unreadable> {
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
        let program = match &self.body {
            Body::Texts(texts) => return Ok(Value::from(texts.get(scope.language))),
            Body::Program(program) => program,
        };
        if !scope.has_names() {
            return program.execute(&scope.context).map_err(|error| self.refuse(reason(&error)));
        }
        let lookup = Lookup::new(scope);
        let value = {
            let mut context = scope.context.new_inner_scope();
            context.set_variable_resolver(&lookup);
            program.execute(&context)
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

    /// Says that this expression cannot be used, and why.
    pub fn refuse(&self, reason: impl Into<String>) -> Refusal {
        let reason: String = reason.into().chars().take(LONGEST_REASON).collect();
        Refusal::UnexpectedAnswer { at: self.key.clone(), reason }
    }
}

/// What expressions can read.
pub struct Scope<'a> {
    context: Context<'a, 'a>,
    /// The citizen's language.
    pub language: Language,
    /// The named expressions of this scope.
    pub named: Named<'a>,
    /// The scope around it.
    pub outer: Option<&'a Scope<'a>>,
}

/// What a manifest gives names to, beside its fields.
pub struct Vocabulary {
    /// `[texts]`.
    pub texts: Vec<(String, Texts)>,
    /// `[codes]`.
    pub codes: Vec<(String, CodeTable)>,
    /// `[let]`.
    pub lets: Lets,
}

impl<'a> Scope<'a> {
    /// Everything that may be known when a widget is asked.
    pub fn new(
        manifest: &'a Manifest,
        vocabulary: &'a Vocabulary,
        plans: &'a [RequestPlan],
        ask: &'a Ask<'_>,
        answers: &Answers,
    ) -> Self {
        let mut context = Context::with_env(Arc::clone(&ENV));
        let zone = ask.zone.clone();
        functions::add(&mut context, functions::Surroundings { language: ask.language, zone });
        let labels = manifest.fields.iter().filter_map(|field| {
            let FieldKind::Lookup { .. } = field.kind else { return None };
            let label = ask.settings.get(&label_key(&field.id));
            let label = label.map_or(Value::Null, |label| Value::from(label.as_str()));
            Some((format!("{}_label", field.id), label))
        });
        let labels: Vec<(String, Value)> = labels.collect();
        let labels = labels.iter().map(|(name, label)| (name.as_str(), label.clone()));
        let settings = values::map(labels.chain(manifest.fields.iter().map(|field| {
            let answer = ask.settings.get(&field.id).filter(|answer| !answer.is_empty());
            let answer = answer.or(field.default.as_ref());
            let value = match (&field.kind, answer) {
                (FieldKind::Toggle, answer) => {
                    Value::Bool(answer.is_some_and(|answer| answer == "true"))
                }
                (FieldKind::Number { .. }, Some(answer)) => {
                    values::number(&Value::from(answer.as_str())).map_or(Value::Null, Value::Float)
                }
                (FieldKind::Date { .. }, Some(answer)) => {
                    let today = ask.now.to_zoned(ask.zone.clone()).date();
                    let day = DayBound::read(answer).map(|bound| bound.day(today));
                    day.map_or(Value::Null, |day| Value::from(day.to_string()))
                }
                (_, Some(answer)) => Value::from(answer.as_str()),
                (_, None) => Value::Null,
            };
            (field.id.as_str(), value)
        })));
        context.add_variable_from_value("settings", settings);
        context.add_variable_from_value("place", place(ask));
        context.add_variable_from_value("language", ask.language.tag());
        context.add_variable_from_value("now", Value::Int(ask.now.as_second()));
        context.add_variable_from_value("today", today(ask.now, ask.zone));
        context.add_variable_from_value(
            "texts",
            values::map(
                vocabulary
                    .texts
                    .iter()
                    .map(|(id, text)| (id.as_str(), Value::from(text.get(ask.language)))),
            ),
        );
        context.add_variable_from_value(
            "codes",
            values::map(
                vocabulary.codes.iter().map(|(id, table)| (id.as_str(), table.value(ask.language))),
            ),
        );
        for plan in plans {
            let value = plan.value(answers.get(&plan.id).map_or(&[], Vec::as_slice));
            context.add_variable_from_value(plan.id.as_str(), value);
        }
        Scope { context, language: ask.language, named: Named::new(&vocabulary.lets), outer: None }
    }

    /// The same with `item` and `index`, for one thing of a list.
    pub fn with_item(&'a self, item: Value, index: usize) -> Scope<'a> {
        self.with_thing(item, index, &NO_NAMES)
    }

    /// The same with `item` and `index`, and with what the manifest names for each thing.
    pub fn with_thing(&'a self, item: Value, index: usize, lets: &'a Lets) -> Scope<'a> {
        let mut context = self.context.new_inner_scope();
        context.add_variable_from_value("item", item);
        context.add_variable_from_value("index", Value::Int(index as i64));
        Scope { context, language: self.language, named: Named::new(lets), outer: Some(self) }
    }

    /// Whether there is a named expression, here or around.
    fn has_names(&self) -> bool {
        !self.named.is_empty() || self.outer.is_some_and(Scope::has_names)
    }

    /// The same with one more name.
    pub fn with_variable(&'a self, name: &str, value: Value) -> Scope<'a> {
        let mut context = self.context.new_inner_scope();
        context.add_variable_from_value(name, value);
        Scope { context, language: self.language, named: Named::new(&NO_NAMES), outer: Some(self) }
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

fn place(ask: &Ask<'_>) -> Value {
    let Some(place) = ask.place else { return Value::Null };
    let metres = |system| {
        let place = geography::from_wgs84(system, place.latitude, place.longitude);
        place.map_or((Value::Null, Value::Null), |(x, y)| {
            (Value::Float(x.round()), Value::Float(y.round()))
        })
    };
    let (x, y) = metres(System::Lambert72);
    let (rd_x, rd_y) = metres(System::Rd);
    values::map(
        [
            ("postcode", Value::from(place.postcode.as_str())),
            ("locality", Value::from(place.locality.as_str())),
            ("municipality", Value::from(place.municipality.get(ask.language))),
            ("municipality_nl", Value::from(place.municipality.nl.as_str())),
            ("nis", Value::from(place.nis.as_str())),
            ("province", Value::from(place.province.id())),
            ("latitude", Value::Float(place.latitude)),
            ("longitude", Value::Float(place.longitude)),
            ("lambert_x", x),
            ("lambert_y", y),
            ("rd_x", rd_x),
            ("rd_y", rd_y),
        ]
        .into_iter(),
    )
}

fn today(now: Timestamp, zone: &TimeZone) -> String {
    now.to_zoned(zone.clone()).date().to_string()
}
