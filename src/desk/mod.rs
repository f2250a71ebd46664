//! The desk where cards are made: it asks the widget what to ask, the hub for answers, the widget for a view, and has it presented.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use moka::sync::Cache;
use tokio::time::{Instant, timeout_at};
use voordeur_contract::{
    Answer, Answers, Ask, FieldKind, Language, Place, Refusal, Request, Sample, Settings, View,
    Widget,
};
use voordeur_widgets::Catalogue;

use crate::face::{CardFace, CardState, SourceFace};
use crate::hub::{Failure, Hub, Staleness, Wish};
use crate::locale::Locale;
use crate::present::{self, Occasion, Showing};
use crate::store::Card;

/// A page waits no longer than this for cards that have nothing yet.
pub const PAGE_DEADLINE: Duration = Duration::from_millis(1_500);
/// A card that is asked for alone waits longer: nobody else waits with it.
pub const CARD_DEADLINE: Duration = Duration::from_secs(14);
/// After a failure or while waiting, the browser asks again after so many seconds.
const AGAIN_AFTER_FAILURE: u32 = 30;
const AGAIN_WHILE_WAITING: u32 = 1;
/// More steps than this and a widget is going in circles.
const MOST_STEPS: usize = 6;
/// Drawn views in memory.
const MOST_VIEWS: u64 = 20_000;

/// Where cards are made.
pub struct Desk {
    catalogue: Arc<Catalogue>,
    hub: Arc<Hub>,
    zone: TimeZone,
    /// The last view of each question: drawn again only when its answers or the minute changed, and shown when a service starts to say
    /// something that the widget refuses.
    drawn: Cache<Question, Arc<Drawn>>,
}

/// What makes two cards the same, whoever has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    widget: String,
    settings: Settings,
    postcode: Option<String>,
    language: Language,
}

struct Drawn {
    view: View,
    /// When each answer was fetched, and the minute for which it was drawn.
    made_of: (Vec<Timestamp>, i64),
}

/// For whom a card is made.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Their language.
    pub locale: Locale,
    /// Their place, or the one that stands in until they tell.
    pub place: Place,
}

/// What answering a card's requests came to.
struct Gathered {
    answers: Answers,
    fetched: Vec<Timestamp>,
    stale: Option<Staleness>,
}

enum Gathering {
    Refused(Refusal),
    Failed(Failure),
}

impl Desk {
    /// A desk for these widgets.
    ///
    /// # Errors
    /// When the zone of Brussels is not in the bundled database, which would be a mistake in how this was built.
    pub fn new(catalogue: Arc<Catalogue>, hub: Arc<Hub>) -> Result<Self, jiff::Error> {
        let zone = TimeZone::get("Europe/Brussels")?;
        Ok(Desk { catalogue, hub, zone, drawn: Cache::new(MOST_VIEWS) })
    }

    /// The zone in which times are told.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The faces of a board's cards, side by side. A card that has nothing at the deadline says so.
    pub async fn faces(&self, cards: &[Card], reader: &Reader) -> Vec<CardFace> {
        let deadline = Instant::now() + PAGE_DEADLINE;
        join_all(cards.iter().map(|card| self.face_until(card, reader, Wish::AtOnce, deadline)))
            .await
    }

    /// The face of one card, as good as it can be had.
    pub async fn face(&self, card: &Card, reader: &Reader, wish: Wish) -> CardFace {
        self.face_until(card, reader, wish, Instant::now() + CARD_DEADLINE).await
    }

    /// A widget's preview: its sample, as it is drawn.
    pub fn preview(&self, widget: &dyn Widget, locale: Locale) -> CardFace {
        let manifest = widget.manifest();
        let sample = widget.samples().first();
        let now = sample.map_or_else(Timestamp::now, |sample| sample.moment);
        let occasion = Occasion { locale, zone: &self.zone, now };
        let view =
            sample.and_then(|sample| walk_sample(widget, sample, locale.language, &self.zone).1);
        present::face(
            manifest,
            &Showing {
                card: "preview",
                size: manifest.size.best,
                state: CardState::Fresh,
                notice: None,
                view: view.as_ref(),
                fetched: Some(now),
                sample: true,
                again_in: 0,
            },
            &occasion,
        )
    }

    /// The requests that a widget makes for its sample.
    pub fn requests_of_sample(&self, widget: &dyn Widget, language: Language) -> Vec<Request> {
        widget
            .samples()
            .first()
            .map(|sample| walk_sample(widget, sample, language, &self.zone).0)
            .unwrap_or_default()
    }

    async fn face_until(
        &self,
        card: &Card,
        reader: &Reader,
        wish: Wish,
        deadline: Instant,
    ) -> CardFace {
        let Some(widget) = self.catalogue.get(&card.widget) else {
            return gone(card, reader.locale);
        };
        match timeout_at(deadline, self.make(card, widget.as_ref(), reader, wish)).await {
            Ok(face) => face,
            Err(_) => self.waiting(card, widget.as_ref(), reader),
        }
    }

    async fn make(
        &self,
        card: &Card,
        widget: &dyn Widget,
        reader: &Reader,
        wish: Wish,
    ) -> CardFace {
        let manifest = widget.manifest();
        let place = place_of(widget, &card.settings, reader);
        let sample = widget.samples().first().filter(|_| self.hub.shows_samples());
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
        let ask = Ask {
            settings,
            place: place.as_ref(),
            language: reader.locale.language,
            now,
            zone: &self.zone,
        };
        let question = Question {
            widget: manifest.id.clone(),
            settings: settings.clone(),
            postcode: place.as_ref().map(|place| place.postcode.clone()),
            language: reader.locale.language,
        };
        let occasion = Occasion { locale: reader.locale, zone: &self.zone, now };
        let publisher = &manifest.publisher.name;
        let again_in = u32::try_from(manifest.pace.0.as_secs()).unwrap_or(u32::MAX);
        let mut showing = Showing {
            card: &card.id,
            size: card.size,
            state: CardState::Fresh,
            notice: None,
            view: None,
            fetched: None,
            sample: sample.is_some(),
            again_in,
        };

        let gathered = self.gather(widget, &ask, wish).await;
        let drawn = match gathered {
            Ok(gathered) => {
                let fetched = gathered.fetched.iter().min().copied();
                match self.draw(widget, &ask, question.clone(), gathered) {
                    Ok((drawn, stale)) => {
                        if let Some(stale) = stale {
                            showing.state = CardState::Stale;
                            showing.again_in = AGAIN_AFTER_FAILURE;
                            let reason = match &stale {
                                Staleness::Refreshing => {
                                    showing.again_in = AGAIN_WHILE_WAITING;
                                    reader.locale.say("state-refreshing")
                                }
                                Staleness::Failed(failure) => {
                                    present::failure_in_words(failure, publisher, reader.locale)
                                }
                            };
                            let from = fetched.unwrap_or(now);
                            showing.notice = Some(stale_notice(reader.locale, from, now, reason));
                        }
                        showing.fetched = fetched;
                        Ok(drawn)
                    }
                    Err(refusal) => Err(Gathering::Refused(refusal)),
                }
            }
            Err(gathering) => Err(gathering),
        };

        let failure = match drawn {
            Ok(drawn) => {
                showing.view = Some(&drawn.view);
                return present::face(manifest, &showing, &occasion);
            }
            Err(Gathering::Refused(Refusal::NeedsSetting { field })) => {
                let label = manifest
                    .field(&field)
                    .map_or(field.as_str(), |field| field.label.get(reader.locale.language));
                showing.state = CardState::NeedsSettings;
                showing.notice =
                    Some(reader.locale.say_with("state-needs-setting", &[("field", label.into())]));
                return present::face(manifest, &showing, &occasion);
            }
            Err(Gathering::Refused(refusal)) => {
                tracing::warn!(widget = manifest.id, reason = %refusal, "a widget refused an answer");
                Failure::Unreadable(refusal.to_string())
            }
            Err(Gathering::Failed(failure)) => failure,
        };
        let reason = present::failure_in_words(&failure, publisher, reader.locale);
        showing.again_in = AGAIN_AFTER_FAILURE;
        let last_good = self.drawn.get(&question);
        if let Some(last_good) = &last_good {
            let from = last_good.made_of.0.iter().min().copied().unwrap_or(now);
            showing.state = CardState::Stale;
            showing.view = Some(&last_good.view);
            showing.fetched = Some(from);
            showing.notice = Some(stale_notice(reader.locale, from, now, reason));
        } else {
            showing.state = CardState::Unavailable;
            showing.notice =
                Some(reader.locale.say_with("state-unavailable", &[("reason", reason.into())]));
        }
        present::face(manifest, &showing, &occasion)
    }

    /// Asks step by step until the widget wants nothing more.
    async fn gather(
        &self,
        widget: &dyn Widget,
        ask: &Ask<'_>,
        wish: Wish,
    ) -> Result<Gathered, Gathering> {
        let hosts = &widget.manifest().hosts;
        let mut gathered = Gathered { answers: Answers::new(), fetched: Vec::new(), stale: None };
        for _ in 0..MOST_STEPS {
            let requests = widget.requests(ask, &gathered.answers).map_err(Gathering::Refused)?;
            if requests.is_empty() {
                return Ok(gathered);
            }
            let got =
                join_all(requests.iter().map(|request| self.hub.ask(hosts, request, wish))).await;
            let mut by_id: BTreeMap<&str, Vec<Answer>> = BTreeMap::new();
            for (request, got) in requests.iter().zip(got) {
                let got = match got {
                    Err(_) if request.may_fail => {
                        by_id.entry(&request.id).or_default();
                        continue;
                    }
                    got => got.map_err(Gathering::Failed)?,
                };
                gathered.fetched.push(got.known.fetched);
                // A failure says more than a flight that is still on its way.
                if !matches!(gathered.stale, Some(Staleness::Failed(_))) {
                    gathered.stale = got.stale.or(gathered.stale);
                }
                by_id.entry(&request.id).or_default().push(Answer { tree: got.known.tree });
            }
            for (id, answers) in by_id {
                gathered.answers.insert(id.to_owned(), answers);
            }
        }
        let circles = Failure::Unreadable("the widget asks without end".to_owned());
        Err(Gathering::Failed(circles))
    }

    /// Draws the view, unless it was drawn of the same answers within this minute.
    fn draw(
        &self,
        widget: &dyn Widget,
        ask: &Ask<'_>,
        question: Question,
        gathered: Gathered,
    ) -> Result<(Arc<Drawn>, Option<Staleness>), Refusal> {
        let made_of = (gathered.fetched, ask.now.as_second() / 60);
        if let Some(drawn) = self.drawn.get(&question)
            && drawn.made_of == made_of
        {
            return Ok((drawn, gathered.stale));
        }
        let view = widget.view(ask, &gathered.answers)?;
        let drawn = Arc::new(Drawn { view, made_of });
        self.drawn.insert(question, Arc::clone(&drawn));
        Ok((drawn, gathered.stale))
    }

    fn waiting(&self, card: &Card, widget: &dyn Widget, reader: &Reader) -> CardFace {
        let manifest = widget.manifest();
        let publisher = manifest.publisher.name.as_str();
        let notice = reader.locale.say_with("state-waiting", &[("publisher", publisher.into())]);
        let now = Timestamp::now();
        present::face(
            manifest,
            &Showing {
                card: &card.id,
                size: card.size,
                state: CardState::Waiting,
                notice: Some(notice),
                view: None,
                fetched: None,
                sample: false,
                again_in: AGAIN_WHILE_WAITING,
            },
            &Occasion { locale: reader.locale, zone: &self.zone, now },
        )
    }
}

fn stale_notice(locale: Locale, from: Timestamp, now: Timestamp, reason: String) -> String {
    let age = locale.age(from, now);
    locale.say_with("state-stale", &[("age", age.into()), ("reason", reason.into())])
}

/// The place a card is about: its own when it has one, else the citizen's, and none when the widget does not ask for any.
fn place_of(widget: &dyn Widget, settings: &Settings, reader: &Reader) -> Option<Place> {
    let field = widget.manifest().fields.iter().find(|field| field.kind == FieldKind::Place)?;
    let own = settings.get(&field.id).and_then(|typed| voordeur_places::find(typed));
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

/// What a widget makes of its sample: every request it asks on the way, and the view.
fn walk_sample(
    widget: &dyn Widget,
    sample: &Sample,
    language: Language,
    zone: &TimeZone,
) -> (Vec<Request>, Option<View>) {
    let ask = Ask {
        settings: &sample.settings,
        place: sample.place.as_ref(),
        language,
        now: sample.moment,
        zone,
    };
    let mut answers = Answers::new();
    let mut asked = Vec::new();
    for _ in 0..MOST_STEPS {
        let Ok(requests) = widget.requests(&ask, &answers) else { return (asked, None) };
        if requests.is_empty() {
            return (asked, widget.view(&ask, &answers).ok());
        }
        let mut step: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
        for request in &requests {
            let Some(tree) = sample_tree(sample, request) else { return (asked, None) };
            step.entry(request.id.clone()).or_default().push(Answer { tree: Arc::new(tree) });
        }
        answers.extend(step);
        asked.extend(requests);
    }
    (asked, None)
}

fn sample_tree(sample: &Sample, request: &Request) -> Option<serde_json::Value> {
    let bodies = sample.answers.get(&request.id)?;
    let body = bodies.get(request.nth).or(bodies.last())?;
    voordeur_widgets::formats::read(request.format, body).ok()
}

/// The face of a card whose widget is no longer in the catalogue.
fn gone(card: &Card, locale: Locale) -> CardFace {
    CardFace {
        card: card.id.clone(),
        widget: card.widget.clone(),
        theme: String::new(),
        icon: "warning".to_owned(),
        title: card.widget.clone(),
        about: None,
        size: card.size,
        state: CardState::Unavailable,
        sample: None,
        notice: Some(locale.say("widget-gone")),
        remarks: Vec::new(),
        blocks: Vec::new(),
        source: SourceFace {
            publisher: String::new(),
            licence: String::new(),
            url: String::new(),
            link_text: String::new(),
            moment: None,
        },
        again_in: u32::MAX,
    }
}
