//! A widget asked step by step, with every answer kept on the way: for its samples, and for whoever writes it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::Value;
use voordeur_widget_api::{
    Language, Refusal, Request, Response, Responses, Sample, View, Widget, WidgetContext,
};

use voordeur_upstream::FetchError;

/// More steps than this and a widget is going in circles: ten pages of one request, and what was asked before and after.
pub const MOST_STEPS: usize = 20;

/// One request, and what came of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What was asked.
    pub request: Request,
    /// The size of the answer, in bytes; 0 when there is none.
    pub bytes: usize,
    /// The answer as a tree, or why there is none.
    pub answer: Result<Arc<Value>, FetchError>,
}

/// Why there is no view.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ExchangeError {
    /// The widget refused to ask, or refused an answer.
    #[error("{0}")]
    RejectionEffect(Refusal),
    /// A request without which the widget cannot do has no good answer.
    #[error("request `{request}`: {failure}")]
    Failed {
        /// Its id.
        request: String,
        /// What went wrong.
        failure: FetchError,
    },
    /// The sample has nothing for a request.
    #[error("request `{0}`: the sample has no answer to it")]
    Unanswered(String),
    /// It never has enough.
    #[error("the widget asks without end")]
    Endless,
}

/// How far a widget has come.
#[derive(Clone, Debug, Default)]
pub struct Walk {
    /// What it reads.
    pub answers: Responses,
    /// Everything that was asked, in that order.
    pub asked: Vec<Asked>,
    steps: usize,
}

impl Walk {
    /// What is to be asked next; nothing when the widget has all it wants.
    ///
    /// # Errors
    /// When the widget refuses, or goes in circles.
    pub fn next(
        &mut self,
        widget: &dyn Widget,
        ask: &WidgetContext<'_>,
    ) -> Result<Vec<Request>, ExchangeError> {
        let requests =
            widget.requests(ask, &self.answers).map_err(ExchangeError::RejectionEffect)?;
        self.steps += 1;
        if self.steps >= MOST_STEPS && !requests.is_empty() {
            return Err(ExchangeError::Endless);
        }
        Ok(requests)
    }

    /// Takes in what came of a step.
    ///
    /// # Errors
    /// When something failed that the widget cannot do without.
    pub fn take(&mut self, step: Vec<Asked>) -> Result<(), ExchangeError> {
        let mut by_id: BTreeMap<String, Vec<Response>> = BTreeMap::new();
        let mut failed = None;
        for asked in &step {
            let id = &asked.request.id;
            let answers = by_id.entry(id.clone()).or_default();
            match &asked.answer {
                Ok(tree) => answers.push(Response { tree: Arc::clone(tree) }),
                Err(_) if asked.request.optional => {}
                Err(failure) => {
                    let stop =
                        ExchangeError::Failed { request: id.clone(), failure: failure.clone() };
                    failed.get_or_insert(stop);
                }
            }
        }
        self.asked.extend(step);
        for (id, answers) in by_id {
            // A page comes after those before it.
            self.answers.entry(id).or_default().extend(answers);
        }
        failed.map_or(Ok(()), Err)
    }

    /// Walks with the answers of a sample, and gives what the widget makes of them.
    pub fn of_sample(
        widget: &dyn Widget,
        sample: &Sample,
        language: Language,
        zone: &TimeZone,
    ) -> (Self, Result<View, ExchangeError>) {
        let ask = ask_of_sample(sample, language, zone);
        let mut walk = Walk::default();
        let view = walk.through(widget, sample, &ask);
        (walk, view)
    }

    fn through(
        &mut self,
        widget: &dyn Widget,
        sample: &Sample,
        ask: &WidgetContext<'_>,
    ) -> Result<View, ExchangeError> {
        loop {
            let requests = self.next(widget, ask)?;
            if requests.is_empty() {
                return widget.view(ask, &self.answers).map_err(ExchangeError::RejectionEffect);
            }
            let mut step = Vec::with_capacity(requests.len());
            for request in requests {
                let bodies =
                    sample.responses.get(&request.id).map(Vec::as_slice).unwrap_or_default();
                let (bytes, answer) = match bodies.get(request.nth).or(bodies.last()) {
                    Some(body) => {
                        let tree = voordeur_formats::read(request.format, body);
                        let tree =
                            tree.map_err(|problem| FetchError::Unreadable(problem.to_string()));
                        (body.len(), tree.map(Arc::new))
                    }
                    None if request.optional => (0, Err(FetchError::Unreachable)),
                    None => return Err(ExchangeError::Unanswered(request.id)),
                };
                step.push(Asked { request, bytes, answer });
            }
            self.take(step)?;
        }
    }
}

/// As a widget is asked for its sample.
pub fn ask_of_sample<'a>(
    sample: &'a Sample,
    language: Language,
    zone: &'a TimeZone,
) -> WidgetContext<'a> {
    WidgetContext {
        settings: &sample.settings,
        place: sample.place.as_ref(),
        language,
        now: sample.moment,
        zone,
    }
}
