//! Cards: asks the widget for requests, upstream for responses and the widget for a view, and has
//! the view presented and drawn.

mod build;
mod cache;
mod cpu_permits;
mod fetch;
mod lookup;

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use tokio::time::{Instant, timeout_at};
use voordeur_engine::{Catalogue, Entry, SampleRun, sample_context};
use voordeur_fair_queue::{ClientKey, FairSemaphore};
use voordeur_store::Card;
use voordeur_upstream::{CachePolicy, Upstream};
use voordeur_widget_api::{Language, Place, Request, Widget};

use crate::blocks::DrawnCard;
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context};
use crate::view_model::{CardState, CardViewModel, SourceViewModel};

use build::CardBuild;
use cache::{CachedCard, CardKey};

/// The time zone of all times on cards.
pub const ZONE: &str = "Europe/Brussels";
/// Maximum wait of a page for its cards. A card without data says then that it is waiting.
pub const PAGE_DEADLINE: Duration = Duration::from_millis(1_500);
/// Maximum wait for a card that is requested alone: longer, since nothing else waits for it.
pub const CARD_DEADLINE: Duration = Duration::from_secs(14);
/// Seconds until the browser asks again after a failure.
const AGAIN_AFTER_FAILURE: u32 = 30;
/// Seconds until the browser asks again while a response is on its way.
const AGAIN_WHILE_WAITING: u32 = 1;

/// Draws cards, and keeps those that are fresh.
pub struct CardService {
    upstream: Arc<Upstream>,
    zone: TimeZone,
    /// The last fresh card of each key: used again while its data is fresh, and shown as the last
    /// good data when the service fails or the widget rejects a response.
    cache: Cache<CardKey, Arc<CachedCard>>,
    cpu_permits: Arc<FairSemaphore>,
}

/// The citizen for whom a card is drawn.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// The language of the card.
    pub locale: Locale,
    /// The citizen's place, or the default until they choose one.
    pub place: Place,
    /// Fairness key: the client's rate-limit address, if known.
    pub client: ClientKey,
}

impl CardService {
    /// A service with an empty cache.
    ///
    /// # Errors
    /// When the zone of Brussels is not in the bundled database, which would be a mistake in how
    /// this was built.
    pub fn new(upstream: Arc<Upstream>) -> Result<Self, jiff::Error> {
        let zone = TimeZone::get(ZONE)?;
        let (cache, cpu_permits) = (cache::new(), cpu_permits::for_this_machine());
        Ok(CardService { upstream, zone, cache, cpu_permits })
    }

    /// The time zone of all times on cards.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Draws cards concurrently, each with its id, in their order. A card that has no data within
    /// [`PAGE_DEADLINE`] says that it is waiting.
    pub async fn cards(
        &self,
        catalogue: &Catalogue,
        cards: &[Card],
        viewer: &Viewer,
    ) -> Vec<(String, DrawnCard)> {
        let deadline = Instant::now() + PAGE_DEADLINE;
        let policy = CachePolicy::StaleWhileRevalidate;
        let cards = cards.iter().map(|card| async move {
            (card.id.clone(), self.card_until(catalogue, card, viewer, policy, deadline).await)
        });
        join_all(cards).await
    }

    /// Draws one card, with the data that there is within [`CARD_DEADLINE`].
    pub async fn card(
        &self,
        catalogue: &Catalogue,
        card: &Card,
        viewer: &Viewer,
        policy: CachePolicy,
    ) -> DrawnCard {
        let deadline = Instant::now() + CARD_DEADLINE;
        self.card_until(catalogue, card, viewer, policy, deadline).await
    }

    /// Draws the first sample of a widget.
    pub fn preview(&self, widget: &dyn Widget, locale: Locale) -> DrawnCard {
        let manifest = widget.manifest();
        let sample = widget.samples().first();
        let now = sample.map_or_else(Timestamp::now, |sample| sample.moment);
        let context = Context { locale, zone: &self.zone, now };
        let view = sample.and_then(|sample| {
            SampleRun::new(widget, sample, locale.language, &self.zone).view.ok()
        });
        let status = CardStatus {
            state: CardState::Fresh,
            notice: None,
            view: view.as_ref(),
            fetched: Some(now),
            sample: true,
            refresh_after_secs: 0,
        };
        DrawnCard::new(presenter::present(manifest, &status, &context))
    }

    /// The requests that a widget makes for its first sample.
    pub fn requests_of_sample(&self, widget: &dyn Widget, language: Language) -> Vec<Request> {
        let Some(sample) = widget.samples().first() else { return Vec::new() };
        let run = SampleRun::new(widget, sample, language, &self.zone);
        let mut requests: Vec<Request> = run.asked.into_iter().map(|asked| asked.request).collect();
        let budget = Budget::default();
        let context = sample_context(sample, language, &self.zone, &budget);
        for field in &widget.manifest().fields {
            requests.extend(widget.lookup(&context, &field.id, "a").ok().flatten());
        }
        requests
    }

    async fn card_until(
        &self,
        catalogue: &Catalogue,
        card: &Card,
        viewer: &Viewer,
        policy: CachePolicy,
        deadline: Instant,
    ) -> DrawnCard {
        let Some(Entry { widget, version, .. }) = catalogue.entry(&card.widget) else {
            return DrawnCard::new(removed_widget(&card.widget, viewer.locale));
        };
        let build = CardBuild::new(self, card, widget.as_ref(), *version, viewer);
        let drawn = match timeout_at(deadline, build.run(policy)).await {
            Ok(drawn) => drawn,
            Err(_) => DrawnCard::new(self.waiting(widget.as_ref(), viewer)),
        };
        let labels =
            [("widget", card.widget.clone()), ("state", drawn.view_model.state.id().to_owned())];
        metrics::counter!("voordeur_cards_total", &labels).increment(1);
        if card.folded {
            return DrawnCard::new(presenter::fold_card(Arc::unwrap_or_clone(drawn.view_model)));
        }
        drawn
    }

    fn waiting(&self, widget: &dyn Widget, viewer: &Viewer) -> CardViewModel {
        let manifest = widget.manifest();
        let publisher = manifest.publisher.name.as_str();
        let notice = viewer.locale.say_with("state-waiting", &[("publisher", publisher.into())]);
        let now = Timestamp::now();
        presenter::present(
            manifest,
            &CardStatus {
                state: CardState::Waiting,
                notice: Some(notice),
                view: None,
                fetched: None,
                sample: false,
                refresh_after_secs: AGAIN_WHILE_WAITING,
            },
            &Context { locale: viewer.locale, zone: &self.zone, now },
        )
    }
}

/// A card whose widget is no longer in the catalogue.
fn removed_widget(widget: &str, locale: Locale) -> CardViewModel {
    CardViewModel {
        widget: widget.to_owned(),
        theme: String::new(),
        icon: "warning".to_owned(),
        title: widget.to_owned(),
        about: None,
        state: CardState::Unavailable,
        sample: None,
        notice: Some(locale.say("widget-gone")),
        remarks: Vec::new(),
        blocks: Vec::new(),
        source: SourceViewModel {
            publisher: String::new(),
            licence: String::new(),
            attribution: None,
            url: String::new(),
            link_text: String::new(),
            moment: None,
        },
        refresh_after_secs: u32::MAX,
    }
}
