//! Drives the exchange of a card through upstream, and reports to upstream whether the widget
//! could read the responses.
//!
//! Responses are evaluated on a worker. The result is remembered with the responses that it was
//! made of: while a service fails, or its answer is refused, no visitor causes the same work
//! again.

use std::sync::{Arc, Weak};

use futures::future::join_all;
use jiff::Timestamp;
use serde_json::Value;
use voordeur_engine::{SampleError, Version, sample_tree};
use voordeur_upstream::{
    CachePolicy, CachedResponse, FetchError, Freshness, Lookup, RequestOptions, ShapeFit, Staleness,
};
use voordeur_widget_api::{
    Budget, BudgetLimits, Exchange, ExchangeError, Exhausted, Refusal, Request, View, Widget,
};
use voordeur_worker_pool::WorkError;

use super::CardService;
use super::build::KnownCard;
use super::cache::{CardKey, same_view, weight_of_view};
use super::inputs::CardInputs;
use crate::blocks::DrawnCard;

/// Bytes of an evaluation without its view, by estimate.
const EVALUATION_BYTES: u32 = 4 * 1024;

/// Why a card has no view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardError {
    /// A field has to be filled in first.
    NeedsSetting(String),
    /// A request failed, or the widget refused a response.
    Failed(FetchError),
}

/// The requests of an exchange, and how current their responses are.
#[derive(Default)]
pub struct FetchLog {
    /// The requests that have a response, and when each response was fetched.
    requests: Vec<(Request, Timestamp)>,
    /// When the oldest response was fetched.
    pub fetched: Option<Timestamp>,
    /// Until when all responses are fresh; `None` when there are none.
    pub freshness: Option<Freshness>,
    /// Why a response is older than it should be, and when it was fetched.
    pub stale: Option<(Staleness, Timestamp)>,
}

/// The steps of an exchange: each request, and the tree of its response if there was one.
type Steps = Vec<Vec<(Request, Option<Weak<Value>>)>>;

/// The result of an exchange, and the responses of which it was made.
pub struct Evaluation {
    version: Version,
    viewed: Timestamp,
    steps: Steps,
    result: Result<Arc<View>, Refusal>,
    /// Its size in memory, in bytes by estimate.
    pub weight: u32,
}

/// The result of an exchange.
pub enum Fetched {
    /// A view of the responses.
    View(Arc<View>, FetchLog),
    /// A card that somebody else has made meanwhile.
    Card(DrawnCard),
}

/// How an exchange goes on.
enum Step {
    Ask(Exchange<FetchError>, Vec<Request>),
    Ended(Result<Viewed, ExchangeError<FetchError>>),
}

/// How an exchange ended well.
enum Viewed {
    View(Arc<View>),
    Card(DrawnCard),
}

impl FetchLog {
    fn record(&mut self, request: &Request, lookup: &Lookup) {
        let fetched = lookup.response.fetched;
        self.requests.push((request.clone(), fetched));
        self.fetched = Some(self.fetched.map_or(fetched, |oldest| oldest.min(fetched)));
        let freshness = lookup.response.freshness(request);
        self.freshness = Some(self.freshness.map_or(freshness, |all| all.min(freshness)));
        let Some(staleness) = &lookup.stale else { return };
        // A failure says more than a refresh that is still under way.
        if !matches!(self.stale, Some((Staleness::Failed(_), _))) {
            self.stale = Some((staleness.clone(), fetched));
        }
    }
}

impl FetchLog {
    /// Why a card has no view after these requests.
    fn card_error(&self, error: ExchangeError<FetchError>) -> CardError {
        match error {
            ExchangeError::Failed { error, .. } => CardError::Failed(error),
            ExchangeError::Refused(Refusal::NeedsSetting { field }) => {
                CardError::NeedsSetting(field)
            }
            ExchangeError::Refused(refusal) => CardError::Failed(self.rejection(&refusal)),
            ExchangeError::Endless => CardError::Failed(FetchError::Unreadable(error.to_string())),
        }
    }

    /// The failure that a refusal makes of the responses. An address of a citizen's own may never have had the
    /// shape that the widget reads, so nothing is known to have changed.
    fn rejection(&self, refusal: &Refusal) -> FetchError {
        let is_own = self.requests.iter().any(|(request, _)| request.user_supplied_url);
        match refusal {
            Refusal::OverBudget { .. } => FetchError::OverBudget(refusal.to_string()),
            Refusal::UnexpectedResponse { at, .. } if !is_own => {
                FetchError::ChangedShape { key: manifest_key(at).to_owned() }
            }
            _ => FetchError::Unreadable(refusal.to_string()),
        }
    }
}

impl CardService {
    /// Runs the exchange of a widget, and returns its view, or the card that `known` finds once it
    /// has responses. When the widget rejects responses and
    /// upstream has earlier ones, it is run again on those.
    pub(super) async fn fetch_view(
        &self,
        inputs: &Arc<CardInputs>,
        key: &CardKey,
        version: Version,
        known: Option<&KnownCard>,
        options: RequestOptions,
    ) -> Result<Fetched, CardError> {
        let (result, rolled_back) = self.attempt_view(inputs, key, version, known, options).await;
        if !rolled_back {
            return result;
        }
        let cache_policy = match options.cache_policy {
            CachePolicy::Stored => CachePolicy::Stored,
            _ => CachePolicy::StaleWhileRevalidate,
        };
        let options = RequestOptions { cache_policy, ..options };
        self.attempt_view(inputs, key, version, known, options).await.0
    }

    /// Also returns whether upstream went back to the responses before these.
    async fn attempt_view(
        &self,
        inputs: &Arc<CardInputs>,
        key: &CardKey,
        version: Version,
        known: Option<&KnownCard>,
        options: RequestOptions,
    ) -> (Result<Fetched, CardError>, bool) {
        let remembered = self
            .evaluations
            .get(key)
            .filter(|_| options.cache_policy != CachePolicy::Refresh)
            .filter(|evaluation| evaluation.version == version)
            .filter(|evaluation| {
                let clock = inputs.widget.time_dependence();
                same_view(evaluation.viewed, inputs.now, inputs.shown_zone(), clock)
            });
        if let Some(evaluation) = remembered
            && let Some(log) = self.same_responses(inputs, &evaluation.steps, options).await
        {
            let result = match &evaluation.result {
                Ok(view) => Ok(Fetched::View(Arc::clone(view), log)),
                Err(refusal) => Err(log.card_error(ExchangeError::Refused(refusal.clone()))),
            };
            return (result, false);
        }
        let mut log = FetchLog::default();
        let mut steps = Steps::new();
        let result = match self.exchange(inputs, known, options, &mut log, &mut steps).await {
            Ok(Viewed::Card(card)) => return (Ok(Fetched::Card(card)), false),
            Ok(Viewed::View(view)) => Ok(view),
            Err(error) => Err(error),
        };
        let rolled_back = match &result {
            Ok(view) => {
                for (request, fetched) in &log.requests {
                    self.upstream.confirm(request, *fetched).await;
                }
                self.record_fit(inputs.widget_id(), &log, fit_of(view));
                false
            }
            Err(ExchangeError::Refused(refusal)) if blames_responses(refusal) => {
                self.reject(inputs.widget.as_ref(), &log, refusal)
            }
            // No response is at fault.
            Err(_) => false,
        };
        // A view of fresh responses is cached with its card.
        let result_to_keep = match &result {
            // The words of a citizen are kept with the board only.
            _ if !inputs.widget.manifest().has_service() => None,
            Ok(view) if log.stale.is_some() => Some(Ok(Arc::clone(view))),
            Err(ExchangeError::Refused(refusal)) if blames_responses(refusal) => {
                Some(Err(refusal.clone()))
            }
            _ => None,
        };
        if let Some(result) = result_to_keep {
            let weight = result.as_ref().map_or(0, |view| weight_of_view(view));
            let weight = weight.saturating_add(EVALUATION_BYTES);
            let viewed = inputs.now;
            let evaluation = Evaluation { version, viewed, steps, result, weight };
            self.evaluations.insert(key.clone(), Arc::new(evaluation));
        }
        let result = match result {
            Ok(view) => Ok(Fetched::View(view, log)),
            Err(error) => Err(log.card_error(error)),
        };
        (result, rolled_back)
    }

    async fn exchange(
        &self,
        inputs: &Arc<CardInputs>,
        known: Option<&KnownCard>,
        options: RequestOptions,
        log: &mut FetchLog,
        steps: &mut Steps,
    ) -> Result<Viewed, ExchangeError<FetchError>> {
        let budget = Budget::new(BudgetLimits::CARD);
        let mut exchange = Exchange::new();
        loop {
            let (owned, charged) = (Arc::clone(inputs), budget.clone());
            // Before there are responses, hardly anything is evaluated.
            let known = known.filter(|_| !steps.is_empty()).cloned();
            let working =
                self.workers.run(options.client, inputs.widget_id(), &budget, move || {
                    if let Some(card) = known.and_then(|known| known.find()) {
                        return Step::Ended(Ok(Viewed::Card(card)));
                    }
                    owned.with_context(&charged, |widget, context| {
                        match exchange.next(widget, context) {
                            Err(error) => Step::Ended(Err(error)),
                            Ok(requests) if requests.is_empty() => {
                                let view = exchange.view(widget, context);
                                let view = view.map(|view| Viewed::View(Arc::new(view)));
                                Step::Ended(view.map_err(ExchangeError::Refused))
                            }
                            Ok(requests) => Step::Ask(exchange, requests),
                        }
                    })
                });
            let requests = match working.await {
                Ok(Step::Ended(result)) => return result,
                Ok(Step::Ask(continued, requests)) => {
                    exchange = continued;
                    requests
                }
                Err(error) => return Err(ExchangeError::Refused(refusal_of(error, inputs))),
            };
            let mut step = Vec::with_capacity(requests.len());
            for (request, lookup) in self.ask_all(inputs, requests, options).await {
                // Also of a request that may fail: without its response the card would say less
                // than before.
                if let Err(error @ FetchError::NotStored) = lookup {
                    return Err(ExchangeError::Failed { request: request.id, error });
                }
                let tree = lookup.map(|lookup| {
                    log.record(&request, &lookup);
                    lookup.response.tree
                });
                let identity = tree.as_ref().ok().map(Arc::downgrade);
                exchange.supply(&request, tree);
                step.push((request, identity));
            }
            steps.push(step);
        }
    }

    async fn ask_all(
        &self,
        inputs: &CardInputs,
        requests: Vec<Request>,
        options: RequestOptions,
    ) -> Vec<(Request, Result<Lookup, FetchError>)> {
        let widget = inputs.widget.as_ref();
        let lookups = requests.iter().map(|request| self.ask(widget, request, options));
        let lookups = join_all(lookups).await;
        requests.into_iter().zip(lookups).collect()
    }

    /// The log of an exchange in which upstream gives the very responses of an earlier one; `None`
    /// when one of them is another.
    async fn same_responses(
        &self,
        inputs: &CardInputs,
        steps: &Steps,
        options: RequestOptions,
    ) -> Option<FetchLog> {
        let mut log = FetchLog::default();
        for step in steps {
            let requests = step.iter().map(|(request, _)| request.clone()).collect();
            let lookups = self.ask_all(inputs, requests, options).await;
            for ((request, lookup), (_, before)) in lookups.into_iter().zip(step) {
                let is_same = match (&lookup, before) {
                    (Ok(lookup), Some(before)) => {
                        std::ptr::eq(Arc::as_ptr(&lookup.response.tree), before.as_ptr())
                    }
                    (Err(_), None) => true,
                    _ => false,
                };
                if !is_same {
                    return None;
                }
                if let Ok(lookup) = &lookup {
                    log.record(&request, lookup);
                }
            }
        }
        Some(log)
    }

    /// Reports a refusal to upstream. Returns whether upstream went back to earlier responses.
    fn reject(&self, widget: &dyn Widget, log: &FetchLog, refusal: &Refusal) -> bool {
        let rejection = log.rejection(refusal);
        let (mut is_news, mut rolled_back) = (false, false);
        for (request, fetched) in &log.requests {
            let effect = self.upstream.reject(request, *fetched, &rejection);
            is_news |= effect.is_first;
            rolled_back |= effect.rolled_back;
        }
        let widget = &widget.manifest().id;
        if is_news {
            // The reason quotes the response: one that is a citizen's own is not for the log.
            let is_private =
                |(request, _): &(Request, _)| request.user_supplied_url || request.personal;
            let reason = Some(refusal.to_string());
            let reason = reason.filter(|_| !log.requests.iter().any(is_private));
            tracing::warn!(widget, reason, "response rejected by widget");
        }
        if let FetchError::ChangedShape { key } = &rejection {
            self.record_fit(widget, log, ShapeFit::None { key });
        }
        rolled_back
    }

    /// Records how the mapping of a widget fits the responses, and logs it when that changes.
    fn record_fit(&self, widget: &str, log: &FetchLog, fit: ShapeFit<'_>) {
        let mut is_news = false;
        for (request, fetched) in &log.requests {
            is_news |= self.upstream.record_fit(request, *fetched, widget, fit);
        }
        match fit {
            _ if !is_news => {}
            ShapeFit::Whole => tracing::info!(widget, "responses fit the mapping again"),
            ShapeFit::Partial { key } => {
                tracing::warn!(widget, key, "service changed: mapping leaves things out");
            }
            ShapeFit::None { key } => {
                tracing::warn!(widget, key, "service changed: mapping fails");
            }
        }
    }

    /// The response to a request: of the service, or of the sample that replaces it. The sample
    /// is that of the widget at hand, which the catalogue may have replaced meanwhile.
    pub(super) async fn ask(
        &self,
        widget: &dyn Widget,
        request: &Request,
        options: RequestOptions,
    ) -> Result<Lookup, FetchError> {
        if !self.upstream.shows_samples() {
            return self.upstream.fetch(&widget.manifest().hosts, request, options).await;
        }
        let sample = widget.samples().first().ok_or(FetchError::Unreachable)?;
        let tree = sample_tree(sample, request).map_err(|error| match error {
            SampleError::Absent => FetchError::Unreachable,
            SampleError::Format(error) => FetchError::Unreadable(error.to_string()),
        })?;
        Ok(Lookup { response: CachedResponse::new(tree, sample.moment), stale: None })
    }
}

/// Whether a refusal says that a response is bad, and will be as bad for the next visitor.
fn blames_responses(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::UnexpectedResponse { .. } | Refusal::Panicked { .. } => true,
        Refusal::OverBudget { exhausted, .. } => *exhausted != Exhausted::Cancelled,
        Refusal::NeedsSetting { .. } => false,
    }
}

/// How the mapping fits the responses of a view.
fn fit_of(view: &View) -> ShapeFit<'_> {
    let failed = view.omission_reasons.iter().find_map(|refusal| match refusal {
        Refusal::UnexpectedResponse { at, .. } => Some(manifest_key(at)),
        _ => None,
    });
    failed.map_or(ShapeFit::Whole, |key| ShapeFit::Partial { key })
}

/// The key of the manifest in the place of a refusal, without the number of the thing.
fn manifest_key(at: &str) -> &str {
    at.rsplit_once(", thing ").map_or(at, |(key, _)| key)
}

/// Work that did not end is refused like a response.
fn refusal_of(error: WorkError, inputs: &CardInputs) -> Refusal {
    let at = inputs.widget_id().to_owned();
    match error {
        WorkError::Panicked => Refusal::Panicked { message: String::new() },
        WorkError::TimedOut => Refusal::OverBudget { at, exhausted: Exhausted::Cancelled },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use voordeur_widget_api::{Format, Method};

    use super::*;

    fn refusal(at: &str) -> Refusal {
        Refusal::UnexpectedResponse { at: at.to_owned(), reason: "no such key".to_owned() }
    }

    #[test]
    fn a_view_that_leaves_things_out_fits_in_part() {
        let mut view = View::default();
        assert_eq!(fit_of(&view), ShapeFit::Whole);
        view.omission_reasons.push(refusal("view.block[0].title, thing 12"));
        view.omission_reasons.push(refusal("view.block[1].title, thing 1"));
        assert_eq!(fit_of(&view), ShapeFit::Partial { key: "view.block[0].title" });
    }

    #[test]
    fn an_address_of_a_citizen_is_not_called_changed() {
        let refusal = refusal("view.block[0].each");
        let mut log = FetchLog::default();
        let changed = FetchError::ChangedShape { key: "view.block[0].each".to_owned() };
        assert_eq!(log.rejection(&refusal), changed);
        let own = Request {
            widget: "news-feed".to_owned(),
            id: "feed".to_owned(),
            nth: 0,
            method: Method::Get,
            url: "https://example.org/feed".to_owned(),
            headers: Vec::new(),
            body: None,
            format: Format::Feed,
            max_age: Duration::from_secs(60),
            max_bytes: 1_000,
            if_empty: None,
            optional: false,
            user_supplied_url: true,
            key: None,
            stale_key: None,
            personal: false,
        };
        log.requests.push((own, Timestamp::UNIX_EPOCH));
        assert!(matches!(log.rejection(&refusal), FetchError::Unreadable(_)));
    }
}
