//! The desk where cards are made: it asks the widget what to ask, the hub for answers, the widget for a view, and has it presented and drawn.

mod cache;
mod cpu_permits;
mod exchange;
mod lookup;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use tokio::time::{Instant, timeout_at};
use voordeur_engine::{Catalogue, Entry, Version};
use voordeur_widget_api::{
    FieldKind, Language, Manifest, Place, Refusal, Request, Response, Responses, Sample, Settings,
    View, Widget, WidgetContext,
};

use crate::blocks::DrawnCard;
use crate::locale::Locale;
use crate::presenter::{self, CardStatus, Context};
use crate::registry::Registry;
use crate::view_model::{CardState, CardViewModel, SourceViewModel};
use voordeur_fair_queue::{ClientKey, FairSemaphore};
use voordeur_store::Card;
use voordeur_upstream::{
    CachePolicy, CachedResponse, FetchError, Lookup, RequestOptions, Staleness, Upstream,
};

use cache::{CachedCard, CardKey};
pub use exchange::{Asked, ExchangeError, MOST_STEPS, Walk, ask_of_sample};

/// The zone in which times are told.
pub const ZONE: &str = "Europe/Brussels";
/// A page waits no longer than this for cards that have nothing yet.
pub const PAGE_DEADLINE: Duration = Duration::from_millis(1_500);
/// A card that is asked for alone waits longer: nobody else waits with it.
pub const CARD_DEADLINE: Duration = Duration::from_secs(14);
/// After a failure or while waiting, the browser asks again after so many seconds.
const AGAIN_AFTER_FAILURE: u32 = 30;
const AGAIN_WHILE_WAITING: u32 = 1;
/// Data that is older than so many times its pace is called stale also while it is being refreshed.
const LATE_FACTOR: u32 = 3;

/// Where cards are made.
pub struct CardService {
    registry: Registry,
    upstream: Arc<Upstream>,
    zone: TimeZone,
    /// The last fresh card of each question: used again while its answers are fresh, and shown as the last good data when the service
    /// starts to fail or to say something that the widget refuses.
    drawn: Cache<CardKey, Arc<CachedCard>>,
    turns: Arc<FairSemaphore>,
}

/// For whom a card is made.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Their language.
    pub locale: Locale,
    /// Their place, or the one that stands in until they tell.
    pub place: Place,
    /// Whoever shares their address, as far as turns go.
    pub client: ClientKey,
}

/// What answering a card's requests came to.
struct Gathered {
    answers: Responses,
    /// What was asked, and when each answer was fetched.
    asked: Vec<(Request, Timestamp)>,
    /// When the oldest answer was fetched.
    fetched: Option<Timestamp>,
    /// Until when all answers are fresh.
    fresh_until: Timestamp,
    /// Why some answer is older than it should be, and when it was fetched.
    stale: Option<(Staleness, Timestamp)>,
}

impl Gathered {
    fn nothing() -> Self {
        Gathered {
            answers: Responses::new(),
            asked: Vec::new(),
            fetched: None,
            fresh_until: Timestamp::MAX,
            stale: None,
        }
    }

    /// Takes in what the hub gave for a request.
    fn take(&mut self, request: &Request, got: &Lookup) {
        let fetched = got.known.fetched;
        self.asked.push((request.clone(), fetched));
        self.fetched = Some(self.fetched.map_or(fetched, |oldest| oldest.min(fetched)));
        self.fresh_until = self.fresh_until.min(got.known.fresh_until(request));
        let Some(staleness) = &got.stale else { return };
        // A failure says more than a flight that is still on its way.
        if !matches!(self.stale, Some((Staleness::Failed(_), _))) {
            self.stale = Some((staleness.clone(), fetched));
        }
    }
}

enum Gathering {
    RejectionEffect(Refusal),
    Failed(FetchError),
    /// The widget refused new answers, and the hub went back to those before.
    Overruled,
}

impl CardService {
    /// A desk for the widgets on a shelf.
    ///
    /// # Errors
    /// When the zone of Brussels is not in the bundled database, which would be a mistake in how this was built.
    pub fn new(registry: Registry, upstream: Arc<Upstream>) -> Result<Self, jiff::Error> {
        let zone = TimeZone::get(ZONE)?;
        Ok(CardService {
            registry,
            upstream,
            zone,
            drawn: cache::cache(),
            turns: cpu_permits::of_this_machine(),
        })
    }

    /// The zone in which times are told.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// What the cards of a board show, made side by side. A card that has nothing at the deadline says so.
    pub async fn cards(&self, cards: &[Card], reader: &Reader) -> Vec<DrawnCard> {
        let deadline = Instant::now() + PAGE_DEADLINE;
        let catalogue = self.registry.now();
        let card = |card| {
            self.card_until(&catalogue, card, reader, CachePolicy::StaleWhileRevalidate, deadline)
        };
        join_all(cards.iter().map(card)).await
    }

    /// What one card shows, as good as it can be had.
    pub async fn card(&self, card: &Card, reader: &Reader, wish: CachePolicy) -> DrawnCard {
        let deadline = Instant::now() + CARD_DEADLINE;
        self.card_until(&self.registry.now(), card, reader, wish, deadline).await
    }

    /// A widget's preview: its sample, as it is drawn.
    pub fn preview(&self, widget: &dyn Widget, locale: Locale) -> DrawnCard {
        let manifest = widget.manifest();
        let sample = widget.samples().first();
        let now = sample.map_or_else(Timestamp::now, |sample| sample.moment);
        let context = Context { locale, zone: &self.zone, now };
        let view = sample
            .and_then(|sample| Walk::of_sample(widget, sample, locale.language, &self.zone).1.ok());
        let showing = CardStatus {
            state: CardState::Fresh,
            notice: None,
            view: view.as_ref(),
            fetched: Some(now),
            sample: true,
            refresh_after_secs: 0,
        };
        DrawnCard::new(presenter::present(manifest, &showing, &context))
    }

    /// The requests that a widget makes for its sample.
    pub fn requests_of_sample(&self, widget: &dyn Widget, language: Language) -> Vec<Request> {
        let Some(sample) = widget.samples().first() else { return Vec::new() };
        let walked = Walk::of_sample(widget, sample, language, &self.zone).0.asked;
        let mut requests: Vec<Request> = walked.into_iter().map(|asked| asked.request).collect();
        let ask = ask_of_sample(sample, language, &self.zone);
        for field in &widget.manifest().fields {
            requests.extend(widget.lookup(&ask, &field.id, "a").ok().flatten());
        }
        requests
    }

    async fn card_until(
        &self,
        catalogue: &Catalogue,
        card: &Card,
        reader: &Reader,
        wish: CachePolicy,
        deadline: Instant,
    ) -> DrawnCard {
        let Some(Entry { widget, version, .. }) = catalogue.entry(&card.widget) else {
            return DrawnCard::new(gone(&card.widget, reader.locale));
        };
        let make = self.make(card, widget.as_ref(), *version, reader, wish);
        let made = match timeout_at(deadline, make).await {
            Ok(made) => made,
            Err(_) => DrawnCard::new(self.waiting(widget.as_ref(), reader)),
        };
        let labels =
            [("widget", card.widget.clone()), ("state", made.view_model.state.id().to_owned())];
        metrics::counter!("voordeur_cards_total", &labels).increment(1);
        if card.folded {
            return DrawnCard::new(presenter::fold_card(Arc::unwrap_or_clone(made.view_model)));
        }
        made
    }

    async fn make(
        &self,
        card: &Card,
        widget: &dyn Widget,
        version: Version,
        reader: &Reader,
        wish: CachePolicy,
    ) -> DrawnCard {
        let manifest = widget.manifest();
        let place = place_of(widget, &card.settings, reader);
        let sample = widget.samples().first().filter(|_| self.upstream.shows_samples());
        let now = sample.map_or_else(Timestamp::now, |sample| sample.moment);
        // A sample shows what it was recorded for, whatever this card asks.
        let settings = match sample {
            Some(sample) if !needs_settings(widget, &card.settings) => &sample.settings,
            _ => &card.settings,
        };
        let place = match sample {
            Some(sample) => sample.place.clone().or(place),
            None => place,
        };
        let ask = WidgetContext {
            settings,
            place: place.as_ref(),
            language: reader.locale.language,
            now,
            zone: &self.zone,
        };
        let question = CardKey {
            widget: manifest.id.clone(),
            settings: settings.clone(),
            postcode: place.as_ref().map(|place| place.postcode.clone()),
            language: reader.locale.language,
        };
        let context = Context { locale: reader.locale, zone: &self.zone, now };
        let mut showing = CardStatus {
            state: CardState::Fresh,
            notice: None,
            view: None,
            fetched: None,
            sample: sample.is_some(),
            refresh_after_secs: u32::try_from(manifest.pace.0.as_secs()).unwrap_or(u32::MAX),
        };
        if wish == CachePolicy::StaleWhileRevalidate
            && let Some(drawn) = self.drawn_by(version, &question)
            && drawn.shows_it(now, &self.zone, widget.clock())
            && (now < drawn.fresh_until || sample.is_some())
        {
            if drawn.says_it(now) {
                return drawn.card.clone();
            }
            showing.view = Some(&drawn.view);
            showing.fetched = Some(drawn.fetched);
            let card = DrawnCard::new(presenter::present(manifest, &showing, &context));
            let drawn =
                CachedCard { card: card.clone(), presented: now, ..CachedCard::clone(&drawn) };
            self.drawn.insert(question, Arc::new(drawn));
            return card;
        }

        let asking = RequestOptions { wish, client: reader.client };
        let made = match self.look(widget, &ask, asking).await {
            // The answers before these are the last good ones again.
            Err(Gathering::Overruled) => {
                self.look(
                    widget,
                    &ask,
                    RequestOptions { wish: CachePolicy::StaleWhileRevalidate, ..asking },
                )
                .await
            }
            made => made,
        };
        let failure = match made {
            Ok((view, gathered)) => {
                showing.fetched = gathered.fetched;
                if let Some((staleness, from)) = &gathered.stale {
                    self.show_stale(&mut showing, staleness, *from, manifest, &context);
                    showing.view = Some(&view);
                    return DrawnCard::new(presenter::present(manifest, &showing, &context));
                }
                showing.view = Some(&view);
                let card = DrawnCard::new(presenter::present(manifest, &showing, &context));
                let drawn = CachedCard {
                    version,
                    fetched: gathered.fetched.unwrap_or(now),
                    fresh_until: gathered.fresh_until,
                    card: card.clone(),
                    viewed: now,
                    presented: now,
                    view: Arc::new(view),
                };
                self.drawn.insert(question, Arc::new(drawn));
                return card;
            }
            Err(Gathering::RejectionEffect(Refusal::NeedsSetting { field })) => {
                let label = manifest
                    .field(&field)
                    .map_or(field.as_str(), |field| field.label.get(reader.locale.language));
                showing.state = CardState::NeedsSettings;
                showing.notice =
                    Some(reader.locale.say_with("state-needs-setting", &[("field", label.into())]));
                return DrawnCard::new(presenter::present(manifest, &showing, &context));
            }
            Err(Gathering::RejectionEffect(refusal)) => FetchError::Unreadable(refusal.to_string()),
            Err(Gathering::Failed(failure)) => failure,
            Err(Gathering::Overruled) => FetchError::Unreadable("refused twice".to_owned()),
        };

        let last_good = self.drawn_by(version, &question);
        if let Some(last_good) = &last_good {
            let staleness = Staleness::Failed(failure);
            self.show_stale(&mut showing, &staleness, last_good.fetched, manifest, &context);
            showing.view = Some(&last_good.view);
            showing.fetched = Some(last_good.fetched);
        } else {
            let publisher = &manifest.publisher.name;
            let reason = presenter::describe_fetch_error(&failure, publisher, reader.locale);
            showing.state = CardState::Unavailable;
            showing.refresh_after_secs = AGAIN_AFTER_FAILURE;
            showing.notice =
                Some(reader.locale.say_with("state-unavailable", &[("reason", reason.into())]));
        }
        DrawnCard::new(presenter::present(manifest, &showing, &context))
    }

    /// The last fresh card, when this reading of the widget drew it.
    fn drawn_by(&self, version: Version, question: &CardKey) -> Option<Arc<CachedCard>> {
        self.drawn.get(question).filter(|drawn| drawn.version == version)
    }

    /// Says how old the data is, and why. Data that is a little late and already being refreshed is no news: its time stands in the
    /// source line.
    fn show_stale(
        &self,
        showing: &mut CardStatus<'_>,
        staleness: &Staleness,
        from: Timestamp,
        manifest: &Manifest,
        context: &Context<'_>,
    ) {
        let locale = context.locale;
        let reason = match staleness {
            Staleness::Refreshing => {
                showing.refresh_after_secs = AGAIN_WHILE_WAITING;
                let age = Duration::try_from(context.now.duration_since(from));
                if age.is_ok_and(|age| age < manifest.pace.0 * LATE_FACTOR) {
                    return;
                }
                locale.say("state-refreshing")
            }
            Staleness::Failed(failure) => {
                showing.refresh_after_secs = AGAIN_AFTER_FAILURE;
                presenter::describe_fetch_error(failure, &manifest.publisher.name, locale)
            }
        };
        let age = locale.age(from, context.now);
        showing.state = CardState::Stale;
        showing.notice =
            Some(locale.say_with("state-stale", &[("age", age.into()), ("reason", reason.into())]));
    }

    /// Gathers answers and lets the widget read them. The hub is told whether it could.
    async fn look(
        &self,
        widget: &dyn Widget,
        ask: &WidgetContext<'_>,
        asking: RequestOptions,
    ) -> Result<(View, Gathered), Gathering> {
        let mut gathered = Gathered::nothing();
        let read = match self.gather(widget, ask, asking, &mut gathered).await {
            Ok(()) => {
                let _turn = self.turns.next(asking.client).await;
                widget.view(ask, &gathered.answers)
            }
            // An answer may be refused already when it is asked what comes after it.
            Err(Gathering::RejectionEffect(refusal)) => Err(refusal),
            Err(other) => return Err(other),
        };
        match read {
            Ok(view) => {
                for (request, fetched) in &gathered.asked {
                    self.upstream.accept(request, *fetched).await;
                }
                Ok((view, gathered))
            }
            // That is no fault of an answer.
            Err(refusal @ Refusal::NeedsSetting { .. }) => Err(Gathering::RejectionEffect(refusal)),
            Err(refusal) => {
                let reason = refusal.to_string();
                let (mut is_news, mut overruled) = (false, false);
                for (request, fetched) in &gathered.asked {
                    let refused = self.upstream.refuse(request, *fetched, &reason);
                    is_news |= refused.is_news;
                    overruled |= refused.has_gone_back;
                }
                if is_news {
                    let widget = &widget.manifest().id;
                    tracing::warn!(widget, reason, "a widget refused an answer");
                }
                if overruled {
                    return Err(Gathering::Overruled);
                }
                Err(Gathering::RejectionEffect(refusal))
            }
        }
    }

    /// Asks step by step until the widget wants nothing more.
    async fn gather(
        &self,
        widget: &dyn Widget,
        ask: &WidgetContext<'_>,
        asking: RequestOptions,
        gathered: &mut Gathered,
    ) -> Result<(), Gathering> {
        for _ in 0..MOST_STEPS {
            let requests = {
                let _turn = self.turns.next(asking.client).await;
                widget.requests(ask, &gathered.answers).map_err(Gathering::RejectionEffect)?
            };
            if requests.is_empty() {
                return Ok(());
            }
            let answers = requests.iter().map(|request| self.answer(widget, request, asking));
            let got = join_all(answers).await;
            let mut by_id: BTreeMap<&str, Vec<Response>> = BTreeMap::new();
            for (request, got) in requests.iter().zip(got) {
                let got = match got {
                    Err(_) if request.may_fail => {
                        let answers = by_id.entry(&request.id).or_default();
                        // A page that fails after others is one without anything; without it the same page would be asked again.
                        if gathered.answers.contains_key(&request.id) {
                            answers.push(Response { tree: Arc::new(serde_json::Value::Null) });
                        }
                        continue;
                    }
                    got => got.map_err(Gathering::Failed)?,
                };
                gathered.take(request, &got);
                by_id.entry(&request.id).or_default().push(Response { tree: got.known.tree });
            }
            for (id, answers) in by_id {
                gathered.answers.entry(id.to_owned()).or_default().extend(answers);
            }
        }
        let circles = FetchError::Unreadable("the widget asks without end".to_owned());
        Err(Gathering::Failed(circles))
    }

    /// What the service says, or the sample that stands for it. The sample is that of the very widget that asks, which may already be another
    /// one in the catalogue.
    async fn answer(
        &self,
        widget: &dyn Widget,
        request: &Request,
        asking: RequestOptions,
    ) -> Result<Lookup, FetchError> {
        if !self.upstream.shows_samples() {
            return self.upstream.ask(&widget.manifest().hosts, request, asking).await;
        }
        let sample = widget.samples().first().ok_or(FetchError::Unreachable)?;
        let tree = sample_tree(sample, request)?;
        Ok(Lookup { known: CachedResponse::new(Arc::new(tree), sample.moment), stale: None })
    }

    fn waiting(&self, widget: &dyn Widget, reader: &Reader) -> CardViewModel {
        let manifest = widget.manifest();
        let publisher = manifest.publisher.name.as_str();
        let notice = reader.locale.say_with("state-waiting", &[("publisher", publisher.into())]);
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
            &Context { locale: reader.locale, zone: &self.zone, now },
        )
    }
}

/// The place a card is about: its own when it has one, else the citizen's, and none when the widget does not ask for any.
fn place_of(widget: &dyn Widget, settings: &Settings, reader: &Reader) -> Option<Place> {
    let field = widget.manifest().fields.iter().find(|field| field.kind == FieldKind::Place)?;
    let own = settings.get(&field.id).and_then(|typed| voordeur_gazetteer::find(typed));
    Some(own.unwrap_or_else(|| reader.place.clone()))
}

fn needs_settings(widget: &dyn Widget, settings: &Settings) -> bool {
    widget.manifest().fields.iter().any(|field| {
        field.required
            && field.default.is_none()
            && field.kind != FieldKind::Place
            && settings.get(&field.id).is_none_or(String::is_empty)
    })
}

fn sample_tree(sample: &Sample, request: &Request) -> Result<serde_json::Value, FetchError> {
    let bodies = sample.answers.get(&request.id).ok_or(FetchError::Unreachable)?;
    let body = bodies.get(request.nth).or(bodies.last()).ok_or(FetchError::Unreachable)?;
    voordeur_formats::read(request.format, body)
        .map_err(|problem| FetchError::Unreadable(problem.to_string()))
}

/// The face of a card whose widget is no longer in the catalogue.
fn gone(widget: &str, locale: Locale) -> CardViewModel {
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
