use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use cel::{Context, Env, ExecutionError, Program, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use voordeur_contract::{Answers, Ask, FieldKind, Language, Manifest, Phrase, Refusal, Texts};

use super::problem::ManifestProblem;
use super::requests::RequestPlan;
use super::{functions, geography, values};

static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// The longest reason that is written to a log: a message may hold the whole value it is about.
const LONGEST_REASON: usize = 160;

/// An expression of a manifest, ready to be evaluated.
pub struct Expression {
    program: Program,
    source: String,
    key: String,
}

impl Expression {
    /// Reads an expression that stands under `key`.
    pub fn compile(key: &str, source: &str) -> Result<Self, ManifestProblem> {
        let program = ENV
            .compile(source)
            .map_err(|error| ManifestProblem::new(key, format!("`{source}`: {error}")))?;
        Ok(Expression { program, source: source.to_owned(), key: key.to_owned() })
    }

    /// As the manifest writes it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The key under which it stands.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The names it reads: requests, `settings`, `place` and so on.
    pub fn names(&self) -> BTreeSet<String> {
        self.program.references().variables().into_iter().map(str::to_owned).collect()
    }

    /// The ids of the fields it reads.
    pub fn fields(&self) -> BTreeSet<String> {
        let mut fields = BTreeSet::new();
        for (start, _) in self.source.match_indices("settings.") {
            let rest = &self.source[start + "settings.".len()..];
            let id: String =
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            fields.insert(id);
        }
        fields
    }

    /// Its value.
    pub fn value(&self, scope: &Scope<'_>) -> Result<Value, Refusal> {
        self.program.execute(&scope.context).map_err(|error| self.refuse(reason(&error)))
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
}

impl<'a> Scope<'a> {
    /// Everything that may be known when a widget is asked.
    pub fn new(
        manifest: &'a Manifest,
        texts: &'a [(String, Texts)],
        plans: &'a [RequestPlan],
        ask: &'a Ask<'_>,
        answers: &Answers,
    ) -> Self {
        let mut context = Context::with_env(Arc::clone(&ENV));
        functions::add(&mut context, ask.language, ask.zone);
        let settings = values::map(manifest.fields.iter().map(|field| {
            let answer = ask.settings.get(&field.id).filter(|answer| !answer.is_empty());
            let answer = answer.or(field.default.as_ref());
            let value = match (&field.kind, answer) {
                (FieldKind::Toggle, answer) => {
                    Value::Bool(answer.is_some_and(|answer| answer == "true"))
                }
                (FieldKind::Number { .. }, Some(answer)) => {
                    values::number(&Value::from(answer.as_str())).map_or(Value::Null, Value::Float)
                }
                (_, Some(answer)) => Value::from(answer.as_str()),
                (_, None) => Value::Null,
            };
            (field.id.as_str(), value)
        }));
        context.add_variable_from_value("settings", settings);
        context.add_variable_from_value("place", place(ask));
        context.add_variable_from_value("language", ask.language.tag());
        context.add_variable_from_value("now", Value::Int(ask.now.as_second()));
        context.add_variable_from_value("today", today(ask.now, ask.zone));
        context.add_variable_from_value(
            "texts",
            values::map(
                texts.iter().map(|(id, text)| (id.as_str(), Value::from(text.get(ask.language)))),
            ),
        );
        for plan in plans {
            let value = match answers.get(&plan.id).map(Vec::as_slice) {
                None | Some([]) => Value::Null,
                Some([only]) if plan.each.is_none() => values::from_json(&only.tree),
                Some(several) => Value::List(Arc::new(
                    several.iter().map(|answer| values::from_json(&answer.tree)).collect(),
                )),
            };
            context.add_variable_from_value(plan.id.as_str(), value);
        }
        Scope { context, language: ask.language }
    }

    /// The same with `item` and `index`, for one thing of a list.
    pub fn with_item(&'a self, item: Value, index: usize) -> Scope<'a> {
        let mut context = self.context.new_inner_scope();
        context.add_variable_from_value("item", item);
        context.add_variable_from_value("index", Value::Int(index as i64));
        Scope { context, language: self.language }
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
    let lambert = geography::to_lambert_72(place.latitude, place.longitude);
    let (x, y) = lambert.map_or((Value::Null, Value::Null), |(x, y)| {
        (Value::Float(x.round()), Value::Float(y.round()))
    });
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
        ]
        .into_iter(),
    )
}

fn today(now: Timestamp, zone: &TimeZone) -> String {
    now.to_zoned(zone.clone()).date().to_string()
}
