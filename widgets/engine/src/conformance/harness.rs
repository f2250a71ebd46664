//! Runs a widget on responses that are at hand, and reports a panic as an outcome.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use voordeur_widget_api::{
    Budget, BudgetLimits, Exchange, ExchangeError, Format, Language, Place, Refusal, Request,
    Responses, Sample, Settings, View, Widget, WidgetContext,
};

use crate::manifest::ManifestWidget;
pub use crate::sample_run::sample_body as body;
use crate::sample_run::sample_tree;
use voordeur_formats as formats;

/// The end of an exchange.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A view.
    Shown(Box<View>),
    /// The id of a field that has to be filled in first.
    NeedsSetting(String),
    /// A refused response: the key of the manifest that reads it, and the reason.
    Refused(String, String),
    /// A required response that is absent or unreadable: the id of its request, and the reason.
    Failed(String, String),
    /// Responses that take more than the budget: the key of the manifest that was evaluated, and
    /// the limit.
    OverBudget(String, String),
    /// The message of a panic.
    Panicked(String),
    /// More steps than an exchange may have.
    Endless,
}

impl Outcome {
    /// The view, when there is one.
    pub fn view(&self) -> Option<&View> {
        match self {
            Outcome::Shown(view) => Some(view),
            _ => None,
        }
    }

    /// Why there is no view.
    pub fn reason(&self) -> String {
        match self {
            Outcome::Shown(_) => "it is shown".to_owned(),
            Outcome::NeedsSetting(field) => format!("the field `{field}` is open"),
            Outcome::Refused(at, reason) | Outcome::OverBudget(at, reason) => {
                format!("{at}: {reason}")
            }
            Outcome::Failed(request, reason) => format!("request `{request}`: {reason}"),
            Outcome::Panicked(message) => format!("it panics: {message}"),
            Outcome::Endless => "it asks without end".to_owned(),
        }
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NeedsSetting { field } => Outcome::NeedsSetting(field),
            Refusal::UnexpectedResponse { at, reason } => Outcome::Refused(at, reason),
            Refusal::OverBudget { at, exhausted } => Outcome::OverBudget(at, exhausted.to_string()),
            Refusal::Panicked { message } => Outcome::Panicked(message),
        }
    }
}

impl From<ExchangeError<String>> for Outcome {
    fn from(error: ExchangeError<String>) -> Self {
        match error {
            ExchangeError::Refused(refusal) => refusal.into(),
            ExchangeError::Failed { request, error } => Outcome::Failed(request, error),
            ExchangeError::Endless => Outcome::Endless,
        }
    }
}

/// The citizen of an exchange, and its moment.
#[derive(Clone, Copy, Debug)]
pub struct Citizen<'a> {
    pub settings: &'a Settings,
    pub place: Option<&'a Place>,
    pub language: Language,
    pub now: Timestamp,
}

impl<'a> Citizen<'a> {
    /// The citizen for whom a sample was made.
    pub fn of(sample: &'a Sample, language: Language) -> Self {
        Citizen {
            settings: &sample.settings,
            place: sample.place.as_ref(),
            language,
            now: sample.moment,
        }
    }
}

/// A response as a tree, or why there is none.
pub type Tree = Result<Arc<Value>, String>;

/// A request of a widget, and the response of a sample to it.
#[derive(Clone, Debug)]
pub struct Answered {
    pub request: String,
    pub nth: usize,
    pub format: Format,
    pub optional: bool,
    /// Whether the manifest says what an empty body means; in JSON Lines it is a list of none.
    pub may_be_empty: bool,
    pub tree: Tree,
}

/// Runs one widget, and counts how often.
pub struct Asker<'a> {
    pub widget: &'a ManifestWidget,
    zone: &'a TimeZone,
    count: Cell<usize>,
}

impl<'a> Asker<'a> {
    pub fn new(widget: &'a ManifestWidget, zone: &'a TimeZone) -> Self {
        Asker { widget, zone, count: Cell::new(0) }
    }

    /// How often the widget was run.
    pub fn count(&self) -> usize {
        self.count.get()
    }

    pub fn samples(&self) -> &'a [Sample] {
        self.widget.samples()
    }

    /// The requests of the first step.
    pub fn requests(&self, citizen: &Citizen<'_>) -> Result<Vec<Request>, Outcome> {
        self.count.set(self.count.get() + 1);
        let budget = Budget::new(BudgetLimits::CARD);
        let context = self.context(citizen, &budget);
        let asked =
            catch_unwind(AssertUnwindSafe(|| self.widget.requests(&context, &Responses::new())));
        match asked {
            Ok(Ok(requests)) => Ok(requests),
            Ok(Err(refusal)) => Err(refusal.into()),
            Err(panic) => Err(Outcome::Panicked(message(panic.as_ref()))),
        }
    }

    /// The view of a sample in a language, with the requests, and the response to each.
    pub fn sample(
        &self,
        sample: &Sample,
        language: Language,
    ) -> (Outcome, Vec<Request>, Vec<Answered>) {
        let answered = RefCell::new(Vec::new());
        let (outcome, requests) = self.view(&Citizen::of(sample, language), |request| {
            let tree = sample_tree(sample, request).map_err(|error| error.to_string());
            answered.borrow_mut().push(Answered {
                request: request.id.clone(),
                nth: request.nth,
                format: request.format,
                optional: request.optional,
                may_be_empty: request.if_empty.is_some() || request.format == Format::JsonLines,
                tree: tree.clone(),
            });
            tree
        });
        (outcome, requests, answered.into_inner())
    }

    /// The view when `respond` responds to each request, and the requests.
    pub fn view(
        &self,
        citizen: &Citizen<'_>,
        respond: impl Fn(&Request) -> Tree,
    ) -> (Outcome, Vec<Request>) {
        self.count.set(self.count.get() + 1);
        let asked = RefCell::new(Vec::new());
        let budget = Budget::new(BudgetLimits::CARD);
        let context = self.context(citizen, &budget);
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let view = Exchange::new().run(self.widget, &context, |request| {
                asked.borrow_mut().push(request.clone());
                respond(request)
            });
            view.map_or_else(Outcome::from, |view| Outcome::Shown(Box::new(view)))
        }));
        let outcome = outcome.unwrap_or_else(|panic| Outcome::Panicked(message(panic.as_ref())));
        (outcome, asked.into_inner())
    }

    fn context<'b>(&'b self, citizen: &Citizen<'b>, budget: &'b Budget) -> WidgetContext<'b> {
        WidgetContext {
            settings: citizen.settings,
            place: citizen.place,
            language: citizen.language,
            now: citizen.now,
            zone: self.zone,
            budget,
        }
    }
}

/// Reads a body.
pub fn read(format: Format, body: &[u8]) -> Tree {
    formats::read(format, body, &Budget::default())
        .map(Arc::new)
        .map_err(|problem| problem.to_string())
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
