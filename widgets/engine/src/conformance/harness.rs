//! Asks a widget as the application does, with answers that stand ready.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use voordeur_widget_api::{
    Format, Language, Place, Refusal, Request, Response, Responses, Sample, Settings, View, Widget,
    WidgetContext,
};

use crate::manifest::ManifestWidget;
use voordeur_formats as formats;

/// No widget takes more steps than this.
const MOST_STEPS: usize = 10;

/// What came of asking a widget.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It shows something.
    Shown(Box<View>),
    /// A field has to be filled in first.
    NeedsSetting(String),
    /// It refused an answer; the key that reads it, and the reason.
    Refused(String, String),
    /// An answer could not be had or read at all; the id of its request, and the reason.
    Failed(String, String),
    /// It panicked.
    Panicked(String),
    /// It asks without end.
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
            Outcome::Refused(at, reason) => format!("{at}: {reason}"),
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
        }
    }
}

/// Who asks, and when.
#[derive(Clone, Copy, Debug)]
pub struct Citizen<'a> {
    pub settings: &'a Settings,
    pub place: Option<&'a Place>,
    pub language: Language,
    pub now: Timestamp,
}

impl<'a> Citizen<'a> {
    /// The one for whom a sample was made.
    pub fn of(sample: &'a Sample, language: Language) -> Self {
        Citizen {
            settings: &sample.settings,
            place: sample.place.as_ref(),
            language,
            now: sample.moment,
        }
    }
}

/// What a service said, read.
pub type Tree = Result<Arc<Value>, String>;

/// An answer of a sample: the request, its number among those with the same id, its format and its body.
#[derive(Clone, Debug)]
pub struct Answered {
    pub request: String,
    pub nth: usize,
    pub format: Format,
    pub optional: bool,
    pub tree: Tree,
}

/// A widget that can be asked.
pub struct Asker<'a> {
    pub widget: &'a ManifestWidget,
    zone: &'a TimeZone,
    count: Cell<usize>,
}

impl<'a> Asker<'a> {
    pub fn new(widget: &'a ManifestWidget, zone: &'a TimeZone) -> Self {
        Asker { widget, zone, count: Cell::new(0) }
    }

    /// How often it was asked.
    pub fn count(&self) -> usize {
        self.count.get()
    }

    /// The samples of the widget.
    pub fn samples(&self) -> &'a [Sample] {
        self.widget.samples()
    }

    /// The requests that are made first.
    pub fn requests(&self, citizen: &Citizen<'_>) -> Result<Vec<Request>, Outcome> {
        self.count.set(self.count.get() + 1);
        let ask = self.ask(citizen);
        let asked =
            catch_unwind(AssertUnwindSafe(|| self.widget.requests(&ask, &Responses::new())));
        match asked {
            Ok(Ok(requests)) => Ok(requests),
            Ok(Err(refusal)) => Err(refusal.into()),
            Err(panic) => Err(Outcome::Panicked(message(panic.as_ref()))),
        }
    }

    /// What the sample shows in a language, with the requests that were made and how they were answered.
    pub fn sample(
        &self,
        sample: &Sample,
        language: Language,
    ) -> (Outcome, Vec<Request>, Vec<Answered>) {
        let answered = RefCell::new(Vec::new());
        let (outcome, requests) = self.view(&Citizen::of(sample, language), |request| {
            let tree = body(sample, request).map(|body| read(request.format, body));
            let tree = tree.unwrap_or_else(|| Err("the sample holds no answer".to_owned()));
            answered.borrow_mut().push(Answered {
                request: request.id.clone(),
                nth: request.nth,
                format: request.format,
                optional: request.optional,
                tree: tree.clone(),
            });
            tree
        });
        (outcome, requests, answered.into_inner())
    }

    /// What the citizen sees when each request is answered so, and what was asked.
    pub fn view(
        &self,
        citizen: &Citizen<'_>,
        answer: impl Fn(&Request) -> Tree,
    ) -> (Outcome, Vec<Request>) {
        self.count.set(self.count.get() + 1);
        let asked = RefCell::new(Vec::new());
        let seen = catch_unwind(AssertUnwindSafe(|| self.walk(citizen, &answer, &asked)));
        let outcome = seen.unwrap_or_else(|panic| Outcome::Panicked(message(panic.as_ref())));
        (outcome, asked.into_inner())
    }

    fn ask<'b>(&'b self, citizen: &Citizen<'b>) -> WidgetContext<'b> {
        WidgetContext {
            settings: citizen.settings,
            place: citizen.place,
            language: citizen.language,
            now: citizen.now,
            zone: self.zone,
        }
    }

    fn walk(
        &self,
        citizen: &Citizen<'_>,
        answer: &impl Fn(&Request) -> Tree,
        asked: &RefCell<Vec<Request>>,
    ) -> Outcome {
        let ask = self.ask(citizen);
        let mut answers = Responses::new();
        for _ in 0..MOST_STEPS {
            let requests = match self.widget.requests(&ask, &answers) {
                Ok(requests) => requests,
                Err(refusal) => return refusal.into(),
            };
            if requests.is_empty() {
                return match self.widget.view(&ask, &answers) {
                    Ok(view) => Outcome::Shown(Box::new(view)),
                    Err(refusal) => refusal.into(),
                };
            }
            let mut step: BTreeMap<String, Vec<Response>> = BTreeMap::new();
            for request in &requests {
                let answers = step.entry(request.id.clone()).or_default();
                match answer(request) {
                    Ok(tree) => answers.push(Response { tree }),
                    Err(_) if request.optional => {}
                    Err(reason) => return Outcome::Failed(request.id.clone(), reason),
                }
            }
            answers.extend(step);
            asked.borrow_mut().extend(requests);
        }
        Outcome::Endless
    }
}

/// The body with which a sample answers a request; the last one stands for all that follow.
pub fn body<'s>(sample: &'s Sample, request: &Request) -> Option<&'s [u8]> {
    let bodies = sample.responses.get(&request.id)?;
    bodies.get(request.nth).or(bodies.last()).map(Vec::as_slice)
}

/// Reads a body.
pub fn read(format: Format, body: &[u8]) -> Tree {
    formats::read(format, body).map(Arc::new).map_err(|problem| problem.to_string())
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}
