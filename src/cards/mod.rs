//! Cards: asks the widget for requests, upstream for responses and the widget for a view, and has
//! the view presented and drawn.

mod build;
mod cache;
mod fetch;
mod inputs;
mod lookup;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use tokio::time::{Instant, timeout_at};
use voordeur_engine::{Catalogue, Entry, SampleRun, sample_context};
use voordeur_fair_queue::ClientKey;
use voordeur_shared::lanes::RowsByWidth;
use voordeur_store::Card;
use voordeur_upstream::{CachePolicy, FetchError, Upstream};
use voordeur_widget_api::{Budget, Language, Place, Request, TITLE_KEY, Widget};
use voordeur_worker_pool::{WorkError, WorkerPool};

use crate::blocks::{DrawnCard, mini};
use crate::locale::Locale;
use crate::markup::Html;
use crate::presenter::{self, CardStatus, Context};
use crate::view_model::{CardState, CardViewModel, SourceViewModel, TodayFact};

pub use build::CardView;

use build::CardBuild;
use cache::{CachedCard, CardKey};
use fetch::Evaluation;

/// The citizens' time zone: all places are in Belgium.
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
    /// Results of exchanges that no cached card holds: refusals, and views of stale data.
    evaluations: Cache<CardKey, Arc<Evaluation>>,
    workers: Arc<WorkerPool>,
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
    /// A service with an empty cache, which evaluates responses on `workers`.
    ///
    /// # Errors
    /// When the zone of Brussels is not in the bundled database, which would be a mistake in how
    /// this was built.
    pub fn new(upstream: Arc<Upstream>, workers: Arc<WorkerPool>) -> Result<Self, jiff::Error> {
        let zone = TimeZone::get(ZONE)?;
        let (cache, evaluations) = (cache::new(), cache::evaluations());
        Ok(CardService { upstream, zone, cache, evaluations, workers })
    }

    /// The citizens' time zone.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The seconds until a page with these cards tells of a day that is over: the citizen's, or
    /// that of the place of a service.
    pub fn day_ends_in<'c>(
        &self,
        catalogue: &Catalogue,
        cards: impl IntoIterator<Item = &'c Card>,
        now: Timestamp,
    ) -> i64 {
        let widgets = cards.into_iter().filter_map(|card| catalogue.get(&card.widget));
        let zones = widgets.map(|widget| widget.manifest().shown_zone(&self.zone));
        let ends = zones.chain([&self.zone]).filter_map(|zone| day_end(now, zone));
        let first = ends.min().unwrap_or(now);
        first.as_second().saturating_sub(now.as_second()).max(1)
    }

    /// Draws cards concurrently, each with its id, in their order. A card that has no data within
    /// [`PAGE_DEADLINE`] says that it is waiting.
    pub async fn cards(
        &self,
        catalogue: &Catalogue,
        cards: &[Card],
        viewer: &Viewer,
        policy: CachePolicy,
    ) -> Vec<(String, DrawnCard)> {
        let deadline = Instant::now() + PAGE_DEADLINE;
        let cards = cards.iter().map(|card| async move {
            (card.id.clone(), self.card_until(catalogue, card, viewer, policy, deadline).await)
        });
        join_all(cards).await
    }

    /// The views of cards, in their order, as far as there is one by the deadline.
    pub async fn views(
        &self,
        catalogue: &Catalogue,
        cards: &[&Card],
        viewer: &Viewer,
        policy: CachePolicy,
        wait: Duration,
    ) -> Vec<CardView> {
        let deadline = Instant::now() + wait;
        let views = cards.iter().map(|card| async move {
            let Some(Entry { widget, version, .. }) = catalogue.entry(&card.widget) else {
                return CardView::Unknown;
            };
            let (card, _) = without_title(card);
            let build = CardBuild::new(self, &card, widget, *version, viewer);
            timeout_at(deadline, build.view(policy)).await.unwrap_or(CardView::Unknown)
        });
        join_all(views).await
    }

    /// The facts of today of cards, each with its id, from stored responses: no service is asked.
    pub async fn today(
        &self,
        catalogue: &Catalogue,
        cards: &[&Card],
        viewer: &Viewer,
    ) -> Vec<(String, Vec<TodayFact>)> {
        let has_role = |card: &&&Card| {
            catalogue.get(&card.widget).is_some_and(|widget| !widget.roles().is_empty())
        };
        let cards: Vec<&Card> = cards.iter().filter(has_role).copied().collect();
        let policy = CachePolicy::Stored;
        let views = self.views(catalogue, &cards, viewer, policy, PAGE_DEADLINE).await;
        let ids = cards.into_iter().map(|card| card.id.clone());
        let known: Vec<(String, CardView)> =
            ids.zip(views).filter(|(_, view)| matches!(view, CardView::Known { .. })).collect();
        if known.is_empty() {
            return Vec::new();
        }
        let (locale, citizens) = (viewer.locale, self.zone.clone());
        // The size of a view is the choice of its service.
        let budget = Budget::default();
        let reading = self.workers.run(viewer.client, "today", &budget, move || {
            let facts = known.iter().map(|(id, view)| (id.clone(), view.today(locale, &citizens)));
            facts.collect()
        });
        let report = |error: &WorkError| tracing::error!(%error, "facts of today not read");
        reading.await.inspect_err(report).unwrap_or_default()
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
    pub async fn preview(&self, widget: &Arc<dyn Widget>, viewer: &Viewer) -> DrawnCard {
        self.draw_sample(widget, viewer, DrawnCard::new).await
    }

    /// Draws the picture of a widget in the catalogue, from its first sample.
    pub async fn mini(&self, widget: &Arc<dyn Widget>, viewer: &Viewer) -> Html {
        self.draw_sample(widget, viewer, |view_model| mini::draw(&view_model)).await
    }

    /// Has the first sample of a widget drawn by a worker.
    async fn draw_sample<T: Send + 'static>(
        &self,
        widget: &Arc<dyn Widget>,
        viewer: &Viewer,
        draw: fn(CardViewModel) -> T,
    ) -> T {
        let (widget, zone, locale) = (Arc::clone(widget), self.zone.clone(), viewer.locale);
        let (id, manifest) = (widget.manifest().id.clone(), widget.manifest().clone());
        let budget = Budget::default();
        let drawing = self.workers.run(viewer.client, &id, &budget, move || {
            let sample = widget.samples().first();
            let now = sample.map_or_else(Timestamp::now, |sample| sample.moment);
            let context = Context { locale, zone: &zone, now };
            let view = sample.and_then(|sample| {
                SampleRun::new(widget.as_ref(), sample, locale.language, &zone).view.ok()
            });
            let status = CardStatus {
                state: CardState::Fresh,
                notice: None,
                view: view.as_ref(),
                fetched: Some(now),
                // Links to official pages are no example of anything.
                sample: !widget.manifest().links_only,
                refresh_after_secs: 0,
            };
            let manifest = widget.manifest();
            let manifest = match sample {
                Some(sample) => manifest.for_settings(&sample.settings),
                None => Cow::Borrowed(manifest),
            };
            draw(presenter::present(&manifest, &status, &context))
        });
        drawing.await.unwrap_or_else(|error| {
            tracing::error!(widget = id, %error, "preview not drawn");
            let publisher = &manifest.publisher.name;
            let error = FetchError::Unreadable("the card could not be drawn".to_owned());
            let reason = presenter::describe_fetch_error(&error, publisher, locale);
            let status = CardStatus {
                state: CardState::Unavailable,
                notice: Some(locale.say_with("state-unavailable", &[("reason", reason.into())])),
                view: None,
                fetched: None,
                sample: true,
                refresh_after_secs: u32::MAX,
            };
            let context = Context { locale, zone: &self.zone, now: Timestamp::now() };
            draw(presenter::present(&manifest, &status, &context))
        })
    }

    /// The requests that a widget makes for its first sample; `None` when it fails at that.
    pub async fn requests_of_sample(
        &self,
        widget: &Arc<dyn Widget>,
        language: Language,
        client: ClientKey,
    ) -> Option<Vec<Request>> {
        let (widget, zone) = (Arc::clone(widget), self.zone.clone());
        let id = widget.manifest().id.clone();
        let budget = Budget::default();
        let charged = budget.clone();
        let asking = self.workers.run(client, &id, &budget, move || {
            let Some(sample) = widget.samples().first() else { return Vec::new() };
            let run = SampleRun::new(widget.as_ref(), sample, language, &zone);
            let mut requests: Vec<Request> =
                run.asked.into_iter().map(|asked| asked.request).collect();
            let context = sample_context(sample, language, &zone, &charged);
            for field in &widget.manifest().fields {
                requests.extend(widget.lookup(&context, &field.id, "a").ok().flatten());
            }
            requests
        });
        let report = |error: &WorkError| {
            tracing::error!(widget = id, %error, "requests of the sample not made");
        };
        asking.await.inspect_err(report).ok()
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
        let (card, title) = without_title(card);
        let build = CardBuild::new(self, &card, widget, *version, viewer);
        let drawn = match timeout_at(deadline, build.run(policy)).await {
            Ok(drawn) => drawn,
            Err(_) => build.waiting(),
        };
        let labels =
            [("widget", card.widget.clone()), ("state", drawn.view_model.state.id().to_owned())];
        metrics::counter!("voordeur_cards_total", &labels).increment(1);
        let drawn = match card.folded {
            true => self.fold(drawn, &card.widget, viewer).await,
            false => drawn,
        };
        match title {
            Some(title) => titled(drawn, title),
            None => drawn,
        }
    }

    /// The card with its main figure only. One that cannot be folded stays as it is.
    async fn fold(&self, drawn: DrawnCard, widget: &str, viewer: &Viewer) -> DrawnCard {
        let view_model = CardViewModel::clone(&drawn.view_model);
        let budget = Budget::default();
        let folding = self.workers.run(viewer.client, widget, &budget, move || {
            DrawnCard::new(presenter::fold_card(view_model))
        });
        folding.await.unwrap_or(drawn)
    }
}

/// The card as its widget sees it, and the title that the citizen gave to it. Without that title, a
/// card is shared with all who have the same.
fn without_title(card: &Card) -> (Cow<'_, Card>, Option<String>) {
    let mut shared = Cow::Borrowed(card);
    let title = match card.settings.contains_key(TITLE_KEY) {
        true => shared.to_mut().settings.remove(TITLE_KEY),
        false => None,
    };
    (shared, title)
}

/// The card with the title that the citizen gave to it.
fn titled(drawn: DrawnCard, title: String) -> DrawnCard {
    drawn.with_title(title)
}

/// When the day in a zone ends.
fn day_end(now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let tomorrow = zone.to_datetime(now).date().tomorrow().ok()?;
    zone.to_ambiguous_timestamp(tomorrow.at(0, 0, 0, 0)).compatible().ok()
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
        has_service: false,
        sample: None,
        notice: Some(locale.say("widget-gone")),
        remarks: Vec::new(),
        times: None,
        blocks: Vec::new(),
        today: Vec::new(),
        source: SourceViewModel {
            publisher: String::new(),
            licence: String::new(),
            attribution: None,
            url: String::new(),
            link_text: String::new(),
            moment: None,
        },
        rows: RowsByWidth::default(),
        refresh_after_secs: u32::MAX,
    }
}
