//! Looks up values for a field of a card's settings at its service.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;
use voordeur_widget_api::{Budget, LookupMatch, Response, Settings, Widget, WidgetContext};

use super::build::place_of;
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
        widget: &dyn Widget,
        field: &str,
        typed: &str,
        settings: &Settings,
        viewer: &Viewer,
    ) -> Result<Vec<LookupMatch>, FetchError> {
        let sample = widget.samples().first().filter(|_| self.upstream.shows_samples());
        let place = place_of(widget, settings, viewer);
        let context = WidgetContext {
            settings,
            place: place.as_ref(),
            language: viewer.locale.language,
            now: sample.map_or_else(Timestamp::now, |sample| sample.moment),
            zone: &self.zone,
            budget: &Budget::default(),
        };
        let unreadable = |refusal: voordeur_widget_api::Refusal| {
            tracing::warn!(
                widget = widget.manifest().id,
                reason = %refusal,
                "lookup refused by widget"
            );
            FetchError::Unreadable(refusal.to_string())
        };
        let Some(request) = widget.lookup(&context, field, typed).map_err(unreadable)? else {
            return Ok(Vec::new());
        };
        let options = RequestOptions { cache_policy: CachePolicy::OneOff, client: viewer.client };
        let lookup = self.ask(widget, &request, options);
        let response = timeout(DEADLINE, lookup).await.unwrap_or(Err(FetchError::Timeout))?;
        let fetched = response.response.fetched;
        let response = Response { tree: response.response.tree };
        match widget.matches(&context, field, typed, &response) {
            Ok(matches) => {
                self.upstream.confirm(&request, fetched).await;
                Ok(matches)
            }
            Err(refusal) => {
                self.upstream.reject(&request, fetched, &refusal.to_string());
                Err(unreadable(refusal))
            }
        }
    }
}
