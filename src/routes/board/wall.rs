//! `GET /?wall`: the board on a screen that nobody touches. Its pages take turns, with and without
//! JavaScript, and each turn is a visit of its guest.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use voordeur_engine::Catalogue;
use voordeur_shared::lanes::{self, LaneCard};
use voordeur_shared::paths;
use voordeur_store::Board;
use voordeur_upstream::CachePolicy;

use super::descriptions::page_name;
use super::{BoardQuery, cards_and_today};
use crate::app::App;
use crate::error::RequestError;
use crate::locale::capitalised;
use crate::page_response::{PageOptions, render_page};
use crate::pages::shell::WallOptions;
use crate::pages::wall::{Turn, WallCard, WallPage, draw};
use crate::session::Session;

/// Seconds that a page is shown, unless the address says another number.
const SECONDS: u32 = 60;
/// The fewest and the most seconds that an address can ask for.
const FEWEST_SECONDS: u32 = 15;
const MOST_SECONDS: u32 = 3_600;
/// A wall is dark from this hour on, and until the other one in the morning.
const DARK_FROM: i8 = 21;
const DARK_UNTIL: i8 = 7;

pub async fn show(
    app: &App,
    catalogue: &Catalogue,
    session: &Session,
    board: &Board,
    query: &BoardQuery,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let at = board.page_or_first(query.page.as_deref());
    let asked = query.wall.as_deref().and_then(|seconds| seconds.parse::<u32>().ok());
    let seconds = asked.map(|seconds| seconds.clamp(FEWEST_SECONDS, MOST_SECONDS));
    let is_paused = query.pause.is_some();
    let policy = CachePolicy::StaleWhileRevalidate;
    // Before the cards: a day that ends while they are made is not missed.
    let day_ends_in =
        app.card_service.day_ends_in(catalogue, &board.pages[at].cards, Timestamp::now());
    let (drawn, today) =
        cards_and_today(app, catalogue, board, at, &session.viewer(), policy, true).await;

    let shown = &board.pages[at];
    let sized: Vec<_> = drawn
        .into_iter()
        .filter_map(|(id, drawn)| Some((shown.cards.iter().find(|card| card.id == id)?, drawn)))
        .collect();
    let rows = sized.iter().map(|(card, drawn)| LaneCard {
        width: card.size,
        rows: drawn.view_model.rows.of(card.size),
    });
    let placed = lanes::place(&rows.collect::<Vec<_>>());
    let cards = sized.into_iter().zip(placed).map(|((card, drawn), places)| WallCard {
        id: card.id.clone(),
        size: card.size,
        places,
        drawn,
    });

    // A page without cards has nothing to show.
    let others = board.pages.iter().enumerate().cycle().skip(at + 1).take(board.pages.len());
    let next = others.into_iter().find(|(_, page)| !page.cards.is_empty());
    let address = |index: usize, paused: bool| {
        let page = board.pages.get(index).filter(|_| index > 0).map(|page| page.id.as_str());
        paths::wall(page, seconds, paused)
    };
    let turn = Turn {
        next: address(next.map_or(at, |(index, _)| index), is_paused),
        seconds: seconds.unwrap_or(SECONDS),
        is_paused,
        day_ends_in,
        pause: address(at, !is_paused),
    };
    let now = Timestamp::now().to_zoned(app.card_service.zone().clone());
    let wall = WallOptions {
        // A page that is paused still tells of today.
        refresh: match is_paused {
            true => format!("{}; url={}", day_ends_in, address(at, true)),
            false => format!("{}; url={}", turn.seconds, turn.next),
        },
        is_dark: now.hour() >= DARK_FROM || now.hour() < DARK_UNTIL,
    };
    let model = WallPage {
        locale,
        date: capitalised(&locale.day_in_full(now.date())),
        time: locale.time(now.timestamp(), now.time_zone()),
        page_name: (board.pages.len() > 1).then(|| page_name(&shown.name, locale)),
        today,
        cards: cards.collect(),
        turn,
    };
    let page_options = PageOptions {
        title: locale.say("wall-title"),
        shows_today: true,
        wall: Some(wall),
        ..PageOptions::default()
    };
    Ok(render_page(session, StatusCode::OK, page_options, || draw(model)))
}
