//! Looks up values for a field of a card's settings at its service.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;
use voordeur_widget_api::{
    Budget, BudgetLimits, LookupMatch, Refusal, Response, Settings, Widget, WidgetContext,
};

use super::build::place_of;
use super::inputs::CardInputs;
use super::{CardService, Viewer};
use voordeur_upstream::{CachePolicy, FetchError, RequestOptions};

/// Maximum wait of a citizen who types.
const DEADLINE: Duration = Duration::from_secs(6);

impl CardService {
    /// The matches for what was typed, the best first. The request goes through upstream, with its
    /// limits and its cache.
    ///
    /// # Errors
    /// The failure of the request, or a response that the widget refuses.
    pub async fn look_up(
        &self,
        widget: &Arc<dyn Widget>,
        field: &str,
        typed: &str,
        settings: &Settings,
        viewer: &Viewer,
    ) -> Result<Vec<LookupMatch>, FetchError> {
        let sample = widget.samples().first().filter(|_| self.upstream.shows_samples());
        let inputs = Arc::new(CardInputs {
            settings: settings.clone(),
            place: place_of(widget.as_ref(), settings, viewer),
            locale: viewer.locale,
            now: sample.map_or_else(Timestamp::now, |sample| sample.moment),
            zone: self.zone.clone(),
            widget: Arc::clone(widget),
        });
        let asked = (field.to_owned(), typed.to_owned());
        let asking = self.on_worker(&inputs, viewer, move |widget, context| {
            let (field, typed) = &asked;
            widget.lookup(context, field, typed)
        });
        let Some(request) = asking.await? else { return Ok(Vec::new()) };
        let options = RequestOptions { cache_policy: CachePolicy::OneOff, client: viewer.client };
        let lookup = self.ask(widget.as_ref(), &request, options);
        let response = timeout(DEADLINE, lookup).await.unwrap_or(Err(FetchError::Timeout))?;
        let fetched = response.response.fetched;
        let response = Response { tree: response.response.tree };
        let asked = (field.to_owned(), typed.to_owned());
        let matching = self.on_worker(&inputs, viewer, move |widget, context| {
            let (field, typed) = &asked;
            widget.matches(context, field, typed, &response)
        });
        match matching.await {
            Ok(matches) => {
                self.upstream.confirm(&request, fetched).await;
                Ok(matches)
            }
            Err(error) => {
                self.upstream.reject(&request, fetched, &error);
                Err(error)
            }
        }
    }

    /// Calls a function of the widget on a worker. A refusal is logged.
    async fn on_worker<T: Send + 'static>(
        &self,
        inputs: &Arc<CardInputs>,
        viewer: &Viewer,
        act: impl FnOnce(&dyn Widget, &WidgetContext<'_>) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, FetchError> {
        let budget = Budget::new(BudgetLimits::CARD);
        let (owned, charged) = (Arc::clone(inputs), budget.clone());
        let working = self.workers.run(viewer.client, inputs.widget_id(), &budget, move || {
            owned.with_context(&charged, act)
        });
        let reason = match working.await {
            Ok(Ok(result)) => return Ok(result),
            Ok(Err(refusal)) => refusal.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::warn!(widget = inputs.widget_id(), reason, "lookup refused by widget");
        Err(FetchError::Unreadable(reason))
    }
}
