//! The agenda: as a page, and as iCalendar at secret addresses for other programs.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use voordeur_engine::Catalogue;
use voordeur_shared::paths;
use voordeur_store::{AgendaFeed, Board, Card, MAX_AGENDA_FEEDS, Token};
use voordeur_upstream::CachePolicy;
use voordeur_widget_api::{DayRole, Moment};

use super::board::descriptions::card_name;
use super::{RequestError, error};
use crate::agenda::{self, AgendaDay, CalendarFeed, CalendarItem, DatedItem};
use crate::app::App;
use crate::cards::{CARD_DEADLINE, CardView, PAGE_DEADLINE, Viewer};
use crate::locale::{Locale, RelativeDay};
use crate::middleware::RateLimited;
use crate::page_response::{PageOptions, render_page};
use crate::pages::agenda::{
    AgendaPage, DayViewModel, EntryViewModel, FeedViewModel, FilterOption, draw,
};
use crate::presenter::Context;
use crate::session::{Session, SessionWithBoard};

/// A program may keep an agenda for this long.
const FEED_CACHE_CONTROL: &str = "private, max-age=3600";
/// Seconds until a program may ask again while a card's service does not answer.
const RETRY_AFTER_SECS: HeaderValue = HeaderValue::from_static("900");
/// Bytes of the disk that a feed may take, with the ids of the cards on a board.
const FEED_BYTES: u64 = 4 * 1024;

#[derive(Debug, Default, Deserialize)]
pub struct AgendaQuery {
    /// The only card that is shown.
    card: Option<String>,
}

/// The dated things of the cards of a board.
struct Collected {
    /// Each with its card.
    items: Vec<(DatedItem, CardLabel)>,
    /// The cards whose services have never answered, or not by now.
    unknown: Vec<CardLabel>,
    /// The moment that counts as now: that of the samples, if they are shown.
    now: Timestamp,
}

/// A card, as the agenda names it.
#[derive(Clone)]
struct CardLabel {
    id: String,
    /// The id of its page; `None` for the first.
    page: Option<String>,
    title: String,
    theme: &'static str,
    zone: TimeZone,
}

/// `GET /agenda`: from what the server has; no service is asked.
pub async fn show(
    State(app): State<App>,
    SessionWithBoard { session, board }: SessionWithBoard,
    Query(query): Query<AgendaQuery>,
) -> Result<Response, RequestError> {
    respond(&app, &session, &board, query.card, None, StatusCode::OK).await
}

#[derive(Debug, Default, Deserialize)]
pub struct FeedForm {
    /// The only card in it; empty for all cards.
    #[serde(default)]
    card: String,
}

/// `POST /agenda/feeds`: makes an agenda for other programs, and shows its address once.
pub async fn make_feed(
    State(app): State<App>,
    mut session: Session,
    jar: CookieJar,
    headers: HeaderMap,
    Form(form): Form<FeedForm>,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let card = Some(form.card).filter(|card| !card.is_empty());
    if card.as_deref().is_some_and(|card| board.card(card).is_none()) {
        return Ok(error::missing(&session));
    }
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    let space = app.middleware.disk_budget.reserve(session.client, FEED_BYTES);
    let space = space.map_err(|retry_after| RateLimited { retry_after })?;
    let language = session.locale.language;
    let made = app.store.create_agenda_feed(&citizen, language, card.as_deref()).await;
    space.settle(if matches!(made, Ok(Some(_))) { FEED_BYTES } else { 0 });
    let (made, status) = match made? {
        Some(token) => {
            let path = paths::agenda_file(token.secret());
            let origin = app.public_origin.clone().unwrap_or_else(|| {
                // Without a public address, browsers reach this server by plain HTTP.
                let host = headers.get(HOST).and_then(|host| host.to_str().ok());
                host.map(|host| ["http://", host].concat()).unwrap_or_default()
            });
            (MadeFeed::Address(origin + &path), StatusCode::CREATED)
        }
        None => (MadeFeed::TooMany, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let response = respond(&app, &session, &board, card, Some(made), status).await?;
    Ok((jar, response).into_response())
}

/// The result of making a feed.
enum MadeFeed {
    Address(String),
    TooMany,
}

/// `POST /agenda/feeds/{feed}/remove`: the address opens nothing from then on.
pub async fn remove_feed(
    State(app): State<App>,
    session: Session,
    Path(feed): Path<String>,
) -> Result<Response, RequestError> {
    if let Some(citizen) = &session.citizen {
        app.store.remove_agenda_feed(&citizen.id, &feed).await?;
    }
    Ok(Redirect::to(paths::AGENDA).into_response())
}

/// `GET /agenda/{token}.ics`: the agenda as iCalendar. It counts as a visit of its citizen, needs no
/// cookie, and never has less because a service failed.
pub async fn feed(
    State(app): State<App>,
    visitor: Session,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let token = file.strip_suffix(".ics").and_then(Token::from_cookie);
    let found = match token {
        Some(token) => app.store.agenda_feed(&token).await?,
        None => None,
    };
    let Some((feed, citizen, board)) = found else {
        return Ok((StatusCode::NOT_FOUND, feed_headers("no-store")).into_response());
    };
    let locale = Locale::new(feed.language);
    let session = Session::of_citizen(citizen, locale, visitor.client);
    let viewer = session.viewer();
    let catalogue = app.catalogue();
    let policy = CachePolicy::StaleWhileRevalidate;
    let card = feed.card.as_deref();
    let collected = collect(&app, &catalogue, &board, card, &viewer, policy, CARD_DEADLINE).await;
    if collected.unknown.iter().any(|card| feed.cards.contains(&card.id)) {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return Ok(
            (status, feed_headers("no-store"), [(RETRY_AFTER, RETRY_AFTER_SECS)]).into_response()
        );
    }
    let cards = contributing_cards(&feed, &board, &collected);
    app.store.record_agenda_fetch(&feed, &cards).await?;

    let (etag, text) = write_feed(&feed, locale, collected);
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| {
        known
            .split(',')
            .map(str::trim)
            .any(|one| one == "*" || one.trim_start_matches("W/") == etag)
    });
    if is_known {
        return Ok((StatusCode::NOT_MODIFIED, feed_headers(FEED_CACHE_CONTROL), [(ETAG, etag)])
            .into_response());
    }
    let content_type = "text/calendar; charset=utf-8".to_owned();
    let headers = [(ETAG, etag), (CONTENT_TYPE, content_type)];
    Ok((feed_headers(FEED_CACHE_CONTROL), headers, text).into_response())
}

/// Headers of an agenda at a secret address, also of one that is not there.
fn feed_headers(cache_control: &'static str) -> [(HeaderName, HeaderValue); 2] {
    [
        (CACHE_CONTROL, HeaderValue::from_static(cache_control)),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ]
}

/// The cards of the board that have given the feed something, now or before.
fn contributing_cards(feed: &AgendaFeed, board: &Board, collected: &Collected) -> Vec<String> {
    let gives = |card: &&Card| {
        feed.cards.contains(&card.id)
            || collected.items.iter().any(|(_, label)| label.id == card.id)
    };
    board.cards().filter(gives).map(|card| card.id.clone()).collect()
}

/// The calendar with its entity tag.
fn write_feed(feed: &AgendaFeed, locale: Locale, collected: Collected) -> (String, String) {
    let of_card = collected.items.first().map(|(_, card)| card.title.clone());
    let name = match (&feed.card, of_card) {
        (Some(_), Some(card)) => locale.say_with("agenda-feed-name-card", &[("card", card.into())]),
        _ => locale.say("agenda-feed-name"),
    };
    let calendar = CalendarFeed { name, made: feed.created, language: locale.language.tag() };
    let items: Vec<CalendarItem> = collected
        .items
        .into_iter()
        .map(|(item, card)| CalendarItem { card: card.id, card_title: card.title, item })
        .collect();
    let text = agenda::write_calendar(&calendar, &items);
    let digest = Sha256::digest(text.as_bytes());
    let tag: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    (format!("\"{tag}\""), text)
}

/// The dated things of the cards of all pages, or of one card.
async fn collect(
    app: &App,
    catalogue: &Arc<Catalogue>,
    board: &Board,
    only: Option<&str>,
    viewer: &Viewer,
    policy: CachePolicy,
    wait: std::time::Duration,
) -> Collected {
    let cards: Vec<&Card> =
        board.cards().filter(|card| only.is_none_or(|only| card.id == only)).collect();
    let views = app.card_service.views(catalogue, &cards, viewer, policy, wait).await;
    let mut collected = Collected { items: Vec::new(), unknown: Vec::new(), now: Timestamp::now() };
    for (card, view) in cards.into_iter().zip(views) {
        let Some(widget) = catalogue.get(&card.widget) else { continue };
        let page = board.position_of(&card.id).filter(|spot| spot.page > 0);
        let mut label = CardLabel {
            id: card.id.clone(),
            page: page.map(|spot| board.pages[spot.page].id.clone()),
            title: card_name(catalogue, card, viewer.locale).unwrap_or_default(),
            theme: widget.manifest().theme.id(),
            zone: app.card_service.zone().clone(),
        };
        match view {
            CardView::Known { view, now, zone, .. } => {
                if app.upstream.shows_samples() {
                    collected.now = now;
                }
                label.zone = zone;
                let items = agenda::dated_items(&view);
                collected.items.extend(items.into_iter().map(|item| (item, label.clone())));
            }
            CardView::NeedsSettings => {}
            CardView::Unknown => collected.unknown.push(label),
        }
    }
    collected
}

async fn respond(
    app: &App,
    session: &Session,
    board: &Board,
    only: Option<String>,
    made: Option<MadeFeed>,
    status: StatusCode,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let catalogue = app.catalogue();
    let (viewer, policy) = (session.viewer(), CachePolicy::Stored);
    // Before the cards: a day that ends while they are made is not missed.
    let day_ends_in = app.card_service.day_ends_in(&catalogue, board.cards(), Timestamp::now());
    let collected = collect(app, &catalogue, board, None, &viewer, policy, PAGE_DEADLINE).await;
    let feeds = match &session.citizen {
        Some(citizen) => app.store.agenda_feeds(&citizen.id).await?,
        None => Vec::new(),
    };
    let context = Context { locale, zone: app.card_service.zone(), now: collected.now };
    let today = collected.now.to_zoned(context.zone.clone()).date();
    let shown_days = agenda::by_day(&collected.items, today, context.zone);
    let mut options: Vec<FilterOption> = Vec::new();
    for entry in shown_days.iter().flat_map(|day| &day.entries) {
        let (_, card) = &entry.item;
        if options.iter().all(|option| option.card != card.id) {
            options.push(FilterOption { card: card.id.clone(), title: card.title.clone() });
        }
    }
    let only = only.filter(|only| options.iter().any(|option| option.card == *only));
    let is_shown = |card: &CardLabel| only.as_ref().is_none_or(|only| card.id == *only);
    let items: Vec<(DatedItem, CardLabel)> =
        collected.items.into_iter().filter(|(_, card)| is_shown(card)).collect();
    let days = agenda::by_day(&items, today, context.zone);
    let title_of = |card: &Option<String>| match card {
        None => locale.say("agenda-feed-all"),
        Some(card) => board
            .card(card)
            .and_then(|card| card_name(&catalogue, card, locale))
            .unwrap_or_else(|| locale.say("agenda-feed-gone")),
    };
    let feeds = feeds
        .iter()
        .map(|feed| FeedViewModel {
            id: feed.id.clone(),
            title: title_of(&feed.card),
            fetched: match feed.fetched {
                Some(fetched) => {
                    let moment =
                        locale.day_and_time(fetched, Timestamp::now(), app.card_service.zone());
                    locale.say_with("agenda-feed-fetched", &[("moment", moment.into())])
                }
                None => locale.say("agenda-feed-never"),
            },
        })
        .collect();
    let (made, problem) = match made {
        Some(MadeFeed::Address(address)) => (Some(address), None),
        Some(MadeFeed::TooMany) => {
            let most = i64::try_from(MAX_AGENDA_FEEDS).unwrap_or(i64::MAX);
            (None, Some(locale.say_with("agenda-feed-full", &[("most", most.into())])))
        }
        None => (None, None),
    };
    let mut unknown: Vec<String> =
        collected.unknown.into_iter().filter(is_shown).map(|card| card.title).collect();
    unknown.dedup();
    let model = AgendaPage {
        locale,
        days: days.iter().map(|day| day_view_model(day, &context)).collect(),
        options,
        only,
        day_ends_in,
        unknown,
        feeds,
        made,
        problem,
    };
    let page_options = PageOptions {
        title: locale.say("agenda-title"),
        current: Some("agenda"),
        shows_today: true,
        ..PageOptions::default()
    };
    Ok(render_page(session, status, page_options, || draw(model)))
}

fn day_view_model(day: &AgendaDay<(DatedItem, CardLabel)>, context: &Context<'_>) -> DayViewModel {
    let locale = context.locale;
    let today = context.now.to_zoned(context.zone.clone()).date();
    let relative = match RelativeDay::of(day.day, today) {
        near @ (RelativeDay::Today | RelativeDay::Tomorrow) => Some(locale.relative_day(near)),
        _ => None,
    };
    let entries = day.entries.iter().map(|entry| {
        let (item, card) = &entry.item;
        let (first, last) = (item.first_day(&card.zone), item.last_day(&card.zone));
        let mut when = Vec::new();
        match (item.start, item.end) {
            _ if entry.has_begun => {
                let first = locale.day(first, today);
                when.push(locale.say_with("agenda-since", &[("day", first.into())]));
            }
            (Moment::At(start), Some(Moment::At(end))) if first == last && end > start => {
                when.push(locale.times(start, end, &card.zone));
            }
            (Moment::At(start), _) => when.push(locale.time(start, &card.zone)),
            (Moment::Day(_), _) => {}
        }
        if last > day.day {
            let last = locale.day(last, today);
            when.push(locale.say_with("agenda-until", &[("day", last.into())]));
        }
        EntryViewModel {
            when: when.join(", "),
            title: context.words(&item.title),
            note: item.note.as_ref().map(|note| context.words(note)),
            link: item.link.as_ref().map(|link| link.url.clone()),
            card: card.id.clone(),
            card_title: card.title.clone(),
            card_page: paths::board(card.page.as_deref(), false),
            theme: card.theme,
            role: item.role.map(DayRole::id),
        }
    });
    let printed_until = today.saturating_add(agenda::PRINTED_DAYS.days());
    DayViewModel {
        is_printed: day.day < printed_until,
        date: day.day.to_string(),
        title: locale.day_in_full(day.day),
        relative,
        entries: entries.collect(),
    }
}
