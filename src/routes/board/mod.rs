//! The board: looking at it, and what came of a change.

mod conflict;
pub mod edits;
mod notices;
pub mod pages;
mod posted;
mod sent;
pub mod words;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use voordeur_engine::Catalogue;
use voordeur_widget_api::Size;

use super::{RequestError, welcome};
use crate::app::App;
use crate::blocks::DrawnCard;
use crate::page_response::{PageOptions, render_page};
use crate::pages::board::choice::Choice;
use crate::pages::board::tabs::{PageFace, PageTyped, Tab};
use crate::pages::board::{BoardPage, PlacedCard, RaisedAlert, draw};
use crate::pages::notice::Notice;
use crate::pages::sending::{Sending, board_address};
use crate::pages::welcome::Welcome;
use crate::session::{Session, SessionWithBoard};
use crate::view_model::BlockViewModel;
use voordeur_store::{Board, Card, Direction, Page, UndoState};

pub use edits::page_of;
pub use posted::Posted;
pub use sent::Sent;

/// What the address of the board says.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    edit: Option<String>,
    page: Option<String>,
    done: Option<String>,
    card: Option<String>,
    widget: Option<String>,
}

/// What is shown besides the cards.
#[derive(Default)]
pub struct CardStatus {
    /// Whether the board is being arranged.
    pub editing: bool,
    /// The id of the page; the first when it is not there.
    pub page: Option<String>,
    /// What came of the last change.
    pub notice: Option<Notice>,
    /// Two pictures of a card to choose from.
    pub choice: Option<Choice>,
    /// The form of a page that could not be used.
    pub typed: Option<PageTyped>,
    /// The questions, when they are not just those that nobody answered yet.
    pub welcome: Option<Welcome>,
}

impl CardStatus {
    /// The page that a form was sent from.
    pub fn of(sent: &Sent) -> Self {
        let page = sent.page().map(str::to_owned);
        CardStatus { editing: sent.editing(), page, ..CardStatus::default() }
    }
}

/// `GET /` and `GET /?edit`
pub async fn show(
    State(app): State<App>,
    SessionWithBoard { session, board }: SessionWithBoard,
    Query(asked): Query<Asked>,
) -> Result<Response, RequestError> {
    let catalogue = app.catalogue();
    let notice = notices::done(&catalogue, &session, &board, &asked);
    let editing = asked.edit.is_some();
    let showing = CardStatus { editing, page: asked.page, notice, ..CardStatus::default() };
    show_board(&app, &catalogue, &session, board, StatusCode::OK, showing).await
}

/// The board as it is now.
///
/// # Errors
/// When the store fails.
pub async fn show_with(
    app: &App,
    session: &Session,
    status: StatusCode,
    showing: CardStatus,
) -> Result<Response, RequestError> {
    let board = session.board(app).await?;
    show_board(app, &app.catalogue(), session, board, status, showing).await
}

async fn show_board(
    app: &App,
    catalogue: &Catalogue,
    session: &Session,
    board: Board,
    status: StatusCode,
    showing: CardStatus,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let viewer = session.viewer();
    let at = board.page_or_first(showing.page.as_deref());
    let shown = &board.pages[at];
    // Only the page that is shown asks anything of a service.
    let drawn = app.card_service.cards(catalogue, &shown.cards, &viewer).await;
    let alerts = raised(&drawn);
    let cards = drawn
        .into_iter()
        .filter_map(|(id, drawn)| placed(catalogue, &shown.cards, &id, drawn))
        .collect();
    let welcomed = session.citizen.as_ref().is_some_and(|citizen| citizen.welcomed);
    let welcome = showing.welcome.or_else(|| {
        (!welcomed && !showing.editing && at == 0).then(|| welcome::questions(session))
    });
    let now = Timestamp::now().to_zoned(app.card_service.zone().clone());
    let greeting = match now.hour() {
        5..12 => locale.say("greeting-morning"),
        12..18 => locale.say("greeting-day"),
        _ => locale.say("greeting-evening"),
    };
    let undo_state = match &session.citizen {
        Some(citizen) if showing.editing => app.store.undo_state(&citizen.id).await?,
        _ => UndoState::default(),
    };
    let page_id = (at > 0).then(|| shown.id.clone());
    let model = BoardPage {
        locale,
        greeting,
        date: capitalised(&locale.day_in_full(now.date())),
        place: viewer.place.municipality.get(locale.language).to_owned(),
        place_is_guess: session.own_place().is_none(),
        welcome,
        sending: Sending::new(board.revision, page_id.clone(), showing.editing),
        tabs: board.pages.iter().enumerate().map(|(index, page)| tab(page, index, at)).collect(),
        page: PageFace { first: at == 0, last: at + 1 == board.pages.len() },
        typed: showing.typed,
        undo_state,
        cards,
        notice: showing.notice,
        choice: showing.choice,
        samples: app.upstream.shows_samples(),
        alerts,
    };
    let page_options = PageOptions {
        current: Some("board"),
        editing: showing.editing,
        page: page_id,
        ..PageOptions::default()
    };
    Ok(render_page(app, session, status, page_options, || draw(model)))
}

fn tab(page: &Page, index: usize, shown: usize) -> Tab {
    Tab {
        id: page.id.clone(),
        name: page.name.clone(),
        icon: page.icon.clone(),
        first: index == 0,
        current: index == shown,
    }
}

fn placed(catalogue: &Catalogue, cards: &[Card], id: &str, drawn: DrawnCard) -> Option<PlacedCard> {
    let index = cards.iter().position(|card| card.id == id)?;
    let card = &cards[index];
    let manifest = catalogue.get(&card.widget).map(|widget| widget.manifest());
    let goes = |direction: Direction| direction.destination(cards, index).is_some();
    Some(PlacedCard {
        id: card.id.clone(),
        size: card.size,
        drawn,
        earlier: goes(Direction::Earlier),
        later: goes(Direction::Later),
        up: goes(Direction::Up),
        down: goes(Direction::Down),
        wider: manifest.and_then(|manifest| manifest.size.wider(card.size)),
        narrower: manifest.and_then(|manifest| manifest.size.narrower(card.size)),
        smallest: manifest.map_or(Size::STEPS[0], |manifest| manifest.size.smallest),
        has_settings: manifest.is_some_and(|manifest| !manifest.fields.is_empty()),
        folded: card.folded,
    })
}

/// The warnings that concern everybody on the page rise to its top: those that are serious and hold where the citizen lives come first in
/// their card already.
fn raised(drawn: &[(String, DrawnCard)]) -> Vec<RaisedAlert> {
    drawn
        .iter()
        .flat_map(|(card, drawn)| {
            drawn.view_model.blocks.iter().filter_map(|block| match block {
                BlockViewModel::Alert(alert)
                    if matches!(alert.severity.as_str(), "severe" | "extreme") =>
                {
                    Some(RaisedAlert {
                        title: alert.title.clone(),
                        severity: alert.severity.clone(),
                        word: alert.word.clone(),
                        area: alert.area.clone(),
                        when: alert.when.clone(),
                        card: card.clone(),
                    })
                }
                _ => None,
            })
        })
        .take(2)
        .collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// Where on the board something is.
#[derive(Clone, Debug)]
pub struct BoardAddress<'a> {
    /// Whether the board is being arranged.
    pub editing: bool,
    /// The id of the page; nothing for the first.
    pub page: Option<String>,
    /// The id of the card.
    pub card: Option<&'a str>,
}

impl BoardAddress<'_> {
    /// The address, with what was done in its query, so that it can be said after the redirect.
    pub fn with(&self, query: &[(&str, &str)]) -> String {
        let mut serializer = url::form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(query);
        let done = serializer.finish();
        let board = board_address(self.page.as_deref(), self.editing);
        let joint = if board.contains('?') { "&" } else { "?" };
        format!("{board}{joint}{done}{}", self.spot())
    }

    /// The address.
    pub fn plain(&self) -> String {
        format!("{}{}", board_address(self.page.as_deref(), self.editing), self.spot())
    }

    fn spot(&self) -> String {
        self.card.map(|card| format!("#card-{card}")).unwrap_or_default()
    }
}
