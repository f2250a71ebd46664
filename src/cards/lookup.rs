//! Looking up what a service knows, for a field of a card's settings.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;
use voordeur_widget_api::{LookupMatch, Response, Settings, Widget, WidgetContext};

use super::{CardService, Viewer, place_of};
use voordeur_upstream::{CachePolicy, FetchError, RequestOptions};

/// Whoever types waits no longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(6);

impl CardService {
    /// What the service knows for what was typed: all that fits, the best first. It goes through the hub, with its limits and its cache.
    ///
    /// # Errors
    /// Why nothing can be looked up now.
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
        let ask = WidgetContext {
            settings,
            place: place.as_ref(),
            language: viewer.locale.language,
            now: sample.map_or_else(Timestamp::now, |sample| sample.moment),
            zone: &self.zone,
        };
        let unreadable = |refusal: voordeur_widget_api::Refusal| {
            tracing::warn!(
                widget = widget.manifest().id,
                reason = %refusal,
                "a field could not be looked up"
            );
            FetchError::Unreadable(refusal.to_string())
        };
        let Some(request) = widget.lookup(&ask, field, typed).map_err(unreadable)? else {
            return Ok(Vec::new());
        };
        let asking = RequestOptions { wish: CachePolicy::OneOff, client: viewer.client };
        let asked = self.answer(widget, &request, asking);
        let got = timeout(LONGEST_WAIT, asked).await.unwrap_or(Err(FetchError::Slow))?;
        let answer = Response { tree: got.known.tree };
        match widget.found(&ask, field, typed, &answer) {
            Ok(found) => {
                self.upstream.accept(&request, got.known.fetched).await;
                Ok(found)
            }
            Err(refusal) => {
                self.upstream.refuse(&request, got.known.fetched, &refusal.to_string());
                Err(unreadable(refusal))
            }
        }
    }
}
