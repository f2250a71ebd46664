//! Builds one card: its inputs, the cached card or a new exchange, and the state it is shown in.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use voordeur_engine::Version;
use voordeur_store::Card;
use voordeur_upstream::{CachePolicy, FetchError, RequestOptions, Staleness};
use voordeur_widget_api::{Budget, FieldKind, Place, Settings, View, Widget};

use super::cache::{CachedCard, CardKey};
use super::fetch::{CardError, FetchLog, Fetched};
use super::inputs::CardInputs;
use super::{AGAIN_AFTER_FAILURE, AGAIN_WHILE_WAITING, CardService, Viewer};
use crate::blocks::DrawnCard;
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context};
use crate::view_model::{CardState, TodayFact};

/// Data older than this many times its pace is called stale even while it is being refreshed.
const LATE_FACTOR: u32 = 3;

/// A card that is being built.
pub struct CardBuild<'a> {
    service: &'a CardService,
    inputs: Arc<CardInputs>,
    version: Version,
    viewer: &'a Viewer,
    /// Whether a sample is shown in place of the service.
    is_sample: bool,
}

/// Looks for a card that somebody else has made meanwhile. Many ask for the same card at once; those
/// whose turn comes later need not evaluate and draw it again.
#[derive(Clone)]
pub struct KnownCard {
    cache: Cache<CardKey, Arc<CachedCard>>,
    key: CardKey,
    version: Version,
    inputs: Arc<CardInputs>,
}

impl KnownCard {
    /// The card, while its data is fresh and its view and words are those of now.
    pub fn find(&self) -> Option<DrawnCard> {
        let cached = self.cache.get(&self.key).filter(|cached| cached.version == self.version)?;
        let (now, zone) = (self.inputs.now, self.inputs.shown_zone());
        let is_current = cached.has_view_of(now, zone, self.inputs.widget.time_dependence())
            && cached.has_words_of(now)
            && cached.freshness.is_some_and(|freshness| freshness.is_fresh());
        is_current.then(|| cached.card.clone())
    }
}

/// A card's view for others than the card.
pub enum CardView {
    Known {
        view: Arc<View>,
        /// The moment that counts as now for the card.
        now: Timestamp,
        /// The zone of its times.
        zone: TimeZone,
        /// Whether it may be shown without its age.
        is_fresh: bool,
    },
    /// The citizen has to fill in something first.
    NeedsSettings,
    /// The service has not answered, and did not before.
    Unknown,
}

impl CardView {
    /// Its facts of today. `citizens`: their time zone.
    pub fn today(&self, locale: Locale, citizens: &TimeZone) -> Vec<TodayFact> {
        let CardView::Known { view, now, zone, is_fresh } = self else { return Vec::new() };
        let state = if *is_fresh { CardState::Fresh } else { CardState::Stale };
        presenter::today_facts(view, state, &Context { locale, zone: citizens, now: *now }, zone)
    }
}

/// A state of a card, with a view that a worker can hold.
struct Content {
    state: CardState,
    notice: Option<String>,
    view: Option<Arc<View>>,
    fetched: Option<Timestamp>,
    is_sample: bool,
    refresh_after_secs: u32,
}

impl Content {
    fn status(&self) -> CardStatus<'_> {
        CardStatus {
            state: self.state,
            notice: self.notice.clone(),
            view: self.view.as_deref(),
            fetched: self.fetched,
            sample: self.is_sample,
            refresh_after_secs: self.refresh_after_secs,
        }
    }
}

impl<'a> CardBuild<'a> {
    pub fn new(
        service: &'a CardService,
        card: &Card,
        widget: &Arc<dyn Widget>,
        version: Version,
        viewer: &'a Viewer,
    ) -> Self {
        let place = place_of(widget.as_ref(), &card.settings, viewer);
        // A card without a service is shown as it is where samples stand for the services.
        let shows_sample = service.upstream.shows_samples() && widget.manifest().has_service();
        let sample = widget.samples().first().filter(|_| shows_sample);
        // A sample shows what it was recorded for, whatever the settings of this card.
        let settings = match sample {
            Some(sample) if !needs_settings(widget.as_ref(), &card.settings) => &sample.settings,
            _ => &card.settings,
        };
        let inputs = CardInputs {
            settings: settings.clone(),
            place: sample.and_then(|sample| sample.place.clone()).or(place),
            locale: viewer.locale,
            now: sample.map_or_else(Timestamp::now, |sample| sample.moment),
            zone: service.zone.clone(),
            widget: Arc::clone(widget),
        };
        let is_sample = sample.is_some();
        CardBuild { service, inputs: Arc::new(inputs), version, viewer, is_sample }
    }

    /// The cached card when it still holds, or a new one.
    pub async fn run(&self, policy: CachePolicy) -> DrawnCard {
        let key = self.key();
        let may_be_cached = policy != CachePolicy::Refresh;
        if may_be_cached && let Some(card) = self.cached_card(&key).await {
            return card;
        }
        let options = RequestOptions { cache_policy: policy, client: self.viewer.client };
        let known = may_be_cached.then(|| KnownCard {
            cache: self.service.cache.clone(),
            key: key.clone(),
            version: self.version,
            inputs: Arc::clone(&self.inputs),
        });
        let fetching =
            self.service.fetch_view(&self.inputs, &key, self.version, known.as_ref(), options);
        match fetching.await {
            Ok(Fetched::Card(card)) => card,
            Ok(Fetched::View(view, log)) => self.fetched(key, view, &log, known).await,
            Err(CardError::NeedsSetting(field)) => self.needs_setting(&field).await,
            // The last good card may be of another day.
            Err(CardError::Failed(FetchError::NotStored)) => self.waiting(),
            Err(CardError::Failed(error)) => self.failed(&key, error).await,
        }
    }

    /// The view of the card: a new one, or else the last good one.
    pub async fn view(&self, policy: CachePolicy) -> CardView {
        let key = self.key();
        let last_good = self.cached(&key);
        let (now, zone) = (self.inputs.now, self.inputs.shown_zone());
        let clock = self.inputs.widget.time_dependence();
        let is_fresh = |cached: &CachedCard| {
            self.is_sample || cached.freshness.is_some_and(|freshness| freshness.is_fresh())
        };
        if let Some(cached) = &last_good
            && cached.has_view_of(now, zone, clock)
            && is_fresh(cached)
        {
            return self.known(Arc::clone(&cached.view), true);
        }
        let options = RequestOptions { cache_policy: policy, client: self.viewer.client };
        let fetching = self.service.fetch_view(&self.inputs, &key, self.version, None, options);
        match (fetching.await, last_good) {
            (Ok(Fetched::View(view, log)), _) => {
                let is_late = |(staleness, fetched): &(Staleness, Timestamp)| {
                    self.lateness(staleness, *fetched).is_some()
                };
                self.known(view, !log.stale.as_ref().is_some_and(is_late))
            }
            (Err(CardError::NeedsSetting(_)), _) => CardView::NeedsSettings,
            // Its things are on the same days as before.
            (_, Some(last_good)) => self.known(Arc::clone(&last_good.view), false),
            _ => CardView::Unknown,
        }
    }

    fn known(&self, view: Arc<View>, is_fresh: bool) -> CardView {
        let zone = self.inputs.shown_zone().clone();
        CardView::Known { view, now: self.inputs.now, zone, is_fresh }
    }

    fn key(&self) -> CardKey {
        CardKey {
            widget: self.inputs.widget_id().to_owned(),
            settings: self.inputs.settings.clone(),
            postcode: self.inputs.place.as_ref().map(|place| place.postcode.clone()),
            locale: self.locale(),
        }
    }

    fn locale(&self) -> Locale {
        self.inputs.locale
    }

    /// The cached card while its data is fresh and its widget would make the same view of it. Its
    /// words are written anew each minute.
    async fn cached_card(&self, key: &CardKey) -> Option<DrawnCard> {
        let cached = self.cached(key)?;
        let (now, zone) = (self.inputs.now, self.inputs.shown_zone());
        let same_view = cached.has_view_of(now, zone, self.inputs.widget.time_dependence());
        let is_fresh =
            self.is_sample || cached.freshness.is_some_and(|freshness| freshness.is_fresh());
        if !same_view || !is_fresh {
            return None;
        }
        if cached.has_words_of(now) {
            return Some(cached.card.clone());
        }
        let card = self
            .draw(Content {
                view: Some(Arc::clone(&cached.view)),
                fetched: Some(cached.fetched),
                ..self.fresh()
            })
            .await;
        let cached =
            CachedCard { card: card.clone(), presented: now, ..CachedCard::clone(&cached) };
        self.service.cache.insert(key.clone(), Arc::new(cached));
        Some(card)
    }

    /// The last fresh card, when it was drawn by this version of the widget.
    fn cached(&self, key: &CardKey) -> Option<Arc<CachedCard>> {
        self.service.cache.get(key).filter(|cached| cached.version == self.version)
    }

    /// A card with a new view. It is cached unless some of its data is stale.
    async fn fetched(
        &self,
        key: CardKey,
        view: Arc<View>,
        log: &FetchLog,
        known: Option<KnownCard>,
    ) -> DrawnCard {
        let mut content =
            Content { view: Some(Arc::clone(&view)), fetched: log.fetched, ..self.fresh() };
        if let Some((staleness, fetched)) = &log.stale {
            self.mark_stale(&mut content, staleness, *fetched);
            return self.draw(content).await;
        }
        let now = self.inputs.now;
        let Some(card) = self.try_draw(content, known).await else { return self.not_drawn() };
        // The words of a citizen are kept with the board only, and no response says how long a card
        // without a service is fresh.
        if !self.inputs.widget.manifest().has_service() {
            return card;
        }
        let cached = CachedCard {
            version: self.version,
            fetched: log.fetched.unwrap_or(now),
            freshness: log.freshness,
            card: card.clone(),
            viewed: now,
            presented: now,
            view,
        };
        self.service.cache.insert(key, Arc::new(cached));
        card
    }

    /// A card whose service has not answered yet.
    pub fn waiting(&self) -> DrawnCard {
        let manifest = self.inputs.widget.manifest();
        let publisher = manifest.publisher.name.as_str();
        let notice = match manifest.has_service() {
            true => self.locale().say_with("state-waiting", &[("publisher", publisher.into())]),
            false => self.locale().say("own-waiting"),
        };
        let content = Content {
            state: CardState::Waiting,
            notice: Some(notice),
            refresh_after_secs: AGAIN_WHILE_WAITING,
            ..self.fresh()
        };
        self.inputs.draw(&content.status())
    }

    async fn needs_setting(&self, field: &str) -> DrawnCard {
        let locale = self.locale();
        let label = self.inputs.widget.manifest().field(field);
        let label = label.map_or(field, |field| field.label.get(locale.language));
        let notice = locale.say_with("state-needs-setting", &[("field", label.into())]);
        let state = CardState::NeedsSettings;
        self.draw(Content { state, notice: Some(notice), ..self.fresh() }).await
    }

    /// The last good card, marked as stale, or a card that says why there is none.
    async fn failed(&self, key: &CardKey, error: FetchError) -> DrawnCard {
        if let Some(last_good) = self.cached(key) {
            let mut content = Content {
                view: Some(Arc::clone(&last_good.view)),
                fetched: Some(last_good.fetched),
                ..self.fresh()
            };
            self.mark_stale(&mut content, &Staleness::Failed(error), last_good.fetched);
            return self.draw(content).await;
        }
        self.inputs.draw(&self.unavailable(&error).status())
    }

    fn unavailable(&self, error: &FetchError) -> Content {
        let locale = self.locale();
        let manifest = self.inputs.widget.manifest().for_settings(&self.inputs.settings);
        let publisher = &manifest.publisher.name;
        let reason = presenter::describe_fetch_error(error, publisher, locale);
        Content {
            state: CardState::Unavailable,
            notice: Some(match (manifest.own, manifest.links_only) {
                (true, _) => locale.say("own-unavailable"),
                (false, true) => locale.say("links-unavailable"),
                (false, false) => {
                    locale.say_with("state-unavailable", &[("reason", reason.into())])
                }
            }),
            refresh_after_secs: AGAIN_AFTER_FAILURE,
            ..self.fresh()
        }
    }

    /// Says how old the data is, and why.
    fn mark_stale(&self, content: &mut Content, staleness: &Staleness, fetched: Timestamp) {
        match staleness {
            Staleness::Refreshing => content.refresh_after_secs = AGAIN_WHILE_WAITING,
            Staleness::Failed(_) => content.refresh_after_secs = AGAIN_AFTER_FAILURE,
            Staleness::NotAsked => {}
        }
        let Some(reason) = self.lateness(staleness, fetched) else { return };
        let locale = self.locale();
        content.state = CardState::Stale;
        content.notice = Some(if locale.is_lasting {
            let moment = locale.day_and_time(fetched, self.inputs.now, &self.inputs.zone);
            let words = [("moment", moment.into()), ("reason", reason.into())];
            locale.say_with("state-stale-since", &words)
        } else {
            let age = locale.age(fetched, self.inputs.now);
            locale.say_with("state-stale", &[("age", age.into()), ("reason", reason.into())])
        });
    }

    /// The reason why data is late. Data that is a little late and already being refreshed needs no
    /// notice: the source line has its time.
    fn lateness(&self, staleness: &Staleness, fetched: Timestamp) -> Option<String> {
        let locale = self.locale();
        let manifest = self.inputs.widget.manifest().for_settings(&self.inputs.settings);
        match staleness {
            Staleness::Refreshing | Staleness::NotAsked => {
                let age = Duration::try_from(self.inputs.now.duration_since(fetched));
                let is_late =
                    !age.is_ok_and(|age| age < manifest.pace.0.saturating_mul(LATE_FACTOR));
                is_late.then(|| locale.say("state-refreshing"))
            }
            Staleness::Failed(error) => {
                Some(presenter::describe_fetch_error(error, &manifest.publisher.name, locale))
            }
        }
    }

    /// The content of a fresh card, still without a view.
    fn fresh(&self) -> Content {
        let manifest = self.inputs.widget.manifest();
        let pace = if manifest.has_service() { manifest.pace.0 } else { Duration::MAX };
        Content {
            state: CardState::Fresh,
            notice: None,
            view: None,
            fetched: None,
            is_sample: self.is_sample,
            refresh_after_secs: u32::try_from(pace.as_secs()).unwrap_or(u32::MAX),
        }
    }

    /// Draws a card. One that cannot be drawn says so.
    async fn draw(&self, content: Content) -> DrawnCard {
        self.try_draw(content, None).await.unwrap_or_else(|| self.not_drawn())
    }

    fn not_drawn(&self) -> DrawnCard {
        let error = FetchError::Unreadable("the card could not be drawn".to_owned());
        self.inputs.draw(&self.unavailable(&error).status())
    }

    /// Draws a card on a worker, since a view holds what a service said: its size is the service's
    /// choice, and a panic must end this card alone.
    async fn try_draw(&self, content: Content, known: Option<KnownCard>) -> Option<DrawnCard> {
        let (inputs, budget) = (Arc::clone(&self.inputs), Budget::default());
        let drawing = self.service.workers.run(
            self.viewer.client,
            self.inputs.widget_id(),
            &budget,
            move || {
                let known = known.and_then(|known| known.find());
                known.unwrap_or_else(|| inputs.draw(&content.status()))
            },
        );
        let drawn = drawing.await;
        if let Err(error) = &drawn {
            tracing::error!(widget = self.inputs.widget_id(), %error, "card not drawn");
        }
        drawn.ok()
    }
}

/// The place a card is about: its own setting, or the citizen's place; none when the widget has no
/// field for it.
pub fn place_of(widget: &dyn Widget, settings: &Settings, viewer: &Viewer) -> Option<Place> {
    let field = widget.manifest().fields.iter().find(|field| field.kind == FieldKind::Place)?;
    let own = settings.get(&field.id).and_then(|typed| voordeur_gazetteer::find(typed));
    Some(own.unwrap_or_else(|| viewer.place.clone()))
}

fn needs_settings(widget: &dyn Widget, settings: &Settings) -> bool {
    widget.manifest().fields.iter().any(|field| {
        field.required
            && field.default.is_none()
            && field.kind != FieldKind::Place
            && settings.get(&field.id).is_none_or(String::is_empty)
    })
}
