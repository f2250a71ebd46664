//! Builds one card: its context, the cached card or a new exchange, and the state it is shown in.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use voordeur_engine::Version;
use voordeur_store::Card;
use voordeur_upstream::{CachePolicy, FetchError, RequestOptions, Staleness};
use voordeur_widget_api::{
    Budget, ExchangeError, FieldKind, Place, Refusal, Sample, Settings, View, Widget, WidgetContext,
};

use super::cache::{CachedCard, CardKey};
use super::fetch::FetchLog;
use super::{AGAIN_AFTER_FAILURE, AGAIN_WHILE_WAITING, CardService, Viewer};
use crate::blocks::DrawnCard;
use crate::presenter::{self, CardStatus, Context};
use crate::view_model::CardState;

/// Data older than this many times its pace is called stale even while it is being refreshed.
const LATE_FACTOR: u32 = 3;

/// The context that stays the same for a card from its first request until it is drawn.
pub struct CardBuild<'a> {
    service: &'a CardService,
    widget: &'a dyn Widget,
    version: Version,
    viewer: &'a Viewer,
    /// The sample that is shown in place of the service.
    sample: Option<&'a Sample>,
    settings: &'a Settings,
    place: Option<Place>,
    now: Timestamp,
}

impl<'a> CardBuild<'a> {
    pub fn new(
        service: &'a CardService,
        card: &'a Card,
        widget: &'a dyn Widget,
        version: Version,
        viewer: &'a Viewer,
    ) -> Self {
        let place = place_of(widget, &card.settings, viewer);
        let sample = widget.samples().first().filter(|_| service.upstream.shows_samples());
        // A sample shows what it was recorded for, whatever the settings of this card.
        let settings = match sample {
            Some(sample) if !needs_settings(widget, &card.settings) => &sample.settings,
            _ => &card.settings,
        };
        let place = match sample {
            Some(sample) => sample.place.clone().or(place),
            None => place,
        };
        let now = sample.map_or_else(Timestamp::now, |sample| sample.moment);
        CardBuild { service, widget, version, viewer, sample, settings, place, now }
    }

    /// The cached card when it still holds, or a new one.
    pub async fn run(&self, policy: CachePolicy) -> DrawnCard {
        let key = self.key();
        if policy == CachePolicy::StaleWhileRevalidate
            && let Some(card) = self.cached_card(&key)
        {
            return card;
        }
        let context = WidgetContext {
            settings: self.settings,
            place: self.place.as_ref(),
            language: self.viewer.locale.language,
            now: self.now,
            zone: &self.service.zone,
            budget: &Budget::default(),
        };
        let options = RequestOptions { cache_policy: policy, client: self.viewer.client };
        match self.service.fetch_view(self.widget, &context, options).await {
            Ok((view, log)) => self.fetched(key, view, &log),
            Err(ExchangeError::Refused(Refusal::NeedsSetting { field })) => {
                self.needs_setting(&field)
            }
            Err(ExchangeError::Failed { error, .. }) => self.failed(&key, error),
            Err(error @ (ExchangeError::Refused(_) | ExchangeError::Endless)) => {
                self.failed(&key, FetchError::Unreadable(error.to_string()))
            }
        }
    }

    fn key(&self) -> CardKey {
        CardKey {
            widget: self.widget.manifest().id.clone(),
            settings: self.settings.clone(),
            postcode: self.place.as_ref().map(|place| place.postcode.clone()),
            language: self.viewer.locale.language,
        }
    }

    /// The cached card while its data is fresh and its widget would make the same view of it. Its
    /// words are written anew each minute.
    fn cached_card(&self, key: &CardKey) -> Option<DrawnCard> {
        let cached = self.cached(key)?;
        let same_view =
            cached.has_view_of(self.now, &self.service.zone, self.widget.time_dependence());
        if !same_view || (self.now >= cached.fresh_until && self.sample.is_none()) {
            return None;
        }
        if cached.has_words_of(self.now) {
            return Some(cached.card.clone());
        }
        let status = CardStatus {
            view: Some(&cached.view),
            fetched: Some(cached.fetched),
            ..self.fresh_status()
        };
        let card = self.draw(&status);
        let cached =
            CachedCard { card: card.clone(), presented: self.now, ..CachedCard::clone(&cached) };
        self.service.cache.insert(key.clone(), Arc::new(cached));
        Some(card)
    }

    /// The last fresh card, when it was drawn by this version of the widget.
    fn cached(&self, key: &CardKey) -> Option<Arc<CachedCard>> {
        self.service.cache.get(key).filter(|cached| cached.version == self.version)
    }

    /// A card with a new view. It is cached unless some of its data is stale.
    fn fetched(&self, key: CardKey, view: View, log: &FetchLog) -> DrawnCard {
        let mut status =
            CardStatus { view: Some(&view), fetched: log.fetched, ..self.fresh_status() };
        if let Some((staleness, fetched)) = &log.stale {
            self.mark_stale(&mut status, staleness, *fetched);
            return self.draw(&status);
        }
        let card = self.draw(&status);
        let cached = CachedCard {
            version: self.version,
            fetched: log.fetched.unwrap_or(self.now),
            fresh_until: log.fresh_until,
            card: card.clone(),
            viewed: self.now,
            presented: self.now,
            view: Arc::new(view),
        };
        self.service.cache.insert(key, Arc::new(cached));
        card
    }

    fn needs_setting(&self, field: &str) -> DrawnCard {
        let locale = self.viewer.locale;
        let label = self.widget.manifest().field(field);
        let label = label.map_or(field, |field| field.label.get(locale.language));
        let notice = locale.say_with("state-needs-setting", &[("field", label.into())]);
        self.draw(&CardStatus {
            state: CardState::NeedsSettings,
            notice: Some(notice),
            ..self.fresh_status()
        })
    }

    /// The last good card, marked as stale, or a card that says why there is none.
    fn failed(&self, key: &CardKey, error: FetchError) -> DrawnCard {
        if let Some(last_good) = self.cached(key) {
            let mut status = CardStatus {
                view: Some(&last_good.view),
                fetched: Some(last_good.fetched),
                ..self.fresh_status()
            };
            self.mark_stale(&mut status, &Staleness::Failed(error), last_good.fetched);
            return self.draw(&status);
        }
        let locale = self.viewer.locale;
        let publisher = &self.widget.manifest().publisher.name;
        let reason = presenter::describe_fetch_error(&error, publisher, locale);
        self.draw(&CardStatus {
            state: CardState::Unavailable,
            notice: Some(locale.say_with("state-unavailable", &[("reason", reason.into())])),
            refresh_after_secs: AGAIN_AFTER_FAILURE,
            ..self.fresh_status()
        })
    }

    /// Says how old the data is, and why. Data that is a little late and already being refreshed
    /// needs no notice: the source line has its time.
    fn mark_stale(&self, status: &mut CardStatus<'_>, staleness: &Staleness, fetched: Timestamp) {
        let locale = self.viewer.locale;
        let manifest = self.widget.manifest();
        let reason = match staleness {
            Staleness::Refreshing => {
                status.refresh_after_secs = AGAIN_WHILE_WAITING;
                let age = Duration::try_from(self.now.duration_since(fetched));
                if age.is_ok_and(|age| age < manifest.pace.0 * LATE_FACTOR) {
                    return;
                }
                locale.say("state-refreshing")
            }
            Staleness::Failed(error) => {
                status.refresh_after_secs = AGAIN_AFTER_FAILURE;
                presenter::describe_fetch_error(error, &manifest.publisher.name, locale)
            }
        };
        let age = locale.age(fetched, self.now);
        status.state = CardState::Stale;
        status.notice =
            Some(locale.say_with("state-stale", &[("age", age.into()), ("reason", reason.into())]));
    }

    /// The status of a fresh card, still without a view.
    fn fresh_status(&self) -> CardStatus<'static> {
        let pace = self.widget.manifest().pace.0;
        CardStatus {
            state: CardState::Fresh,
            notice: None,
            view: None,
            fetched: None,
            sample: self.sample.is_some(),
            refresh_after_secs: u32::try_from(pace.as_secs()).unwrap_or(u32::MAX),
        }
    }

    fn draw(&self, status: &CardStatus<'_>) -> DrawnCard {
        let context =
            Context { locale: self.viewer.locale, zone: &self.service.zone, now: self.now };
        DrawnCard::new(presenter::present(self.widget.manifest(), status, &context))
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
