//! Drives the exchange of a card through upstream, and reports to upstream whether the widget
//! could read the responses.

use futures::future::join_all;
use jiff::Timestamp;
use voordeur_engine::{SampleError, sample_tree};
use voordeur_upstream::{
    CachePolicy, CachedResponse, FetchError, Lookup, RequestOptions, Staleness,
};
use voordeur_widget_api::{Exchange, ExchangeError, Refusal, Request, View, Widget, WidgetContext};

use super::CardService;

/// The requests of an exchange, and how current their responses are.
pub struct FetchLog {
    /// The requests that have a response, and when each response was fetched.
    requests: Vec<(Request, Timestamp)>,
    /// When the oldest response was fetched.
    pub fetched: Option<Timestamp>,
    /// Until when all responses are fresh.
    pub fresh_until: Timestamp,
    /// Why a response is older than it should be, and when it was fetched.
    pub stale: Option<(Staleness, Timestamp)>,
}

impl Default for FetchLog {
    fn default() -> Self {
        FetchLog { requests: Vec::new(), fetched: None, fresh_until: Timestamp::MAX, stale: None }
    }
}

impl FetchLog {
    fn record(&mut self, request: &Request, lookup: &Lookup) {
        let fetched = lookup.response.fetched;
        self.requests.push((request.clone(), fetched));
        self.fetched = Some(self.fetched.map_or(fetched, |oldest| oldest.min(fetched)));
        self.fresh_until = self.fresh_until.min(lookup.response.fresh_until(request));
        let Some(staleness) = &lookup.stale else { return };
        // A failure says more than a refresh that is still under way.
        if !matches!(self.stale, Some((Staleness::Failed(_), _))) {
            self.stale = Some((staleness.clone(), fetched));
        }
    }
}

impl CardService {
    /// Runs the exchange of a widget, and returns its view. When the widget rejects responses and
    /// upstream has earlier ones, it is run again on those.
    pub(super) async fn fetch_view(
        &self,
        widget: &dyn Widget,
        context: &WidgetContext<'_>,
        options: RequestOptions,
    ) -> Result<(View, FetchLog), ExchangeError<FetchError>> {
        let (result, rolled_back) = self.attempt_view(widget, context, options).await;
        if !rolled_back {
            return result;
        }
        let options = RequestOptions { cache_policy: CachePolicy::StaleWhileRevalidate, ..options };
        self.attempt_view(widget, context, options).await.0
    }

    /// Also returns whether upstream went back to the responses before these.
    async fn attempt_view(
        &self,
        widget: &dyn Widget,
        context: &WidgetContext<'_>,
        options: RequestOptions,
    ) -> (Result<(View, FetchLog), ExchangeError<FetchError>>, bool) {
        let mut log = FetchLog::default();
        let result = self.exchange(widget, context, options, &mut log).await;
        let rolled_back = match &result {
            Ok(_) => {
                for (request, fetched) in &log.requests {
                    self.upstream.confirm(request, *fetched).await;
                }
                false
            }
            Err(ExchangeError::Refused(refusal @ Refusal::UnexpectedResponse { .. })) => {
                self.reject(widget, &log, refusal)
            }
            // No response is at fault.
            Err(_) => false,
        };
        (result.map(|view| (view, log)), rolled_back)
    }

    async fn exchange(
        &self,
        widget: &dyn Widget,
        context: &WidgetContext<'_>,
        options: RequestOptions,
        log: &mut FetchLog,
    ) -> Result<View, ExchangeError<FetchError>> {
        let mut exchange = Exchange::new();
        loop {
            let requests = {
                let _permit = self.cpu_permits.acquire(options.client).await;
                exchange.next(widget, context)?
            };
            if requests.is_empty() {
                let _permit = self.cpu_permits.acquire(options.client).await;
                return Ok(widget.view(context, exchange.responses())?);
            }
            let lookups = requests.iter().map(|request| self.ask(widget, request, options));
            let lookups = join_all(lookups).await;
            for (request, lookup) in requests.iter().zip(lookups) {
                let tree = lookup.map(|lookup| {
                    log.record(request, &lookup);
                    lookup.response.tree
                });
                exchange.supply(request, tree);
            }
        }
    }

    /// Reports a refusal to upstream. Returns whether upstream went back to earlier responses.
    fn reject(&self, widget: &dyn Widget, log: &FetchLog, refusal: &Refusal) -> bool {
        let reason = refusal.to_string();
        let (mut is_news, mut rolled_back) = (false, false);
        for (request, fetched) in &log.requests {
            let effect = self.upstream.reject(request, *fetched, &reason);
            is_news |= effect.is_first;
            rolled_back |= effect.rolled_back;
        }
        if is_news {
            let widget = &widget.manifest().id;
            // The reason quotes the response: one that is a citizen's own is not for the log.
            let is_private =
                |(request, _): &(Request, _)| request.user_supplied_url || request.personal;
            let reason = Some(reason).filter(|_| !log.requests.iter().any(is_private));
            tracing::warn!(widget, reason, "response rejected by widget");
        }
        rolled_back
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
