//! The board: its page, and the results of changes.

pub mod band;
mod conflict;
pub mod descriptions;
mod edit_request;
pub mod edits;
mod notices;
pub mod own_list;
pub mod pages;
mod submitted_form;
mod wall;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use voordeur_engine::Catalogue;
use voordeur_shared::completed::{self, Completed};
use voordeur_shared::lanes::{self, LaneCard, Places};
use voordeur_shared::{CardWidth, paths, redraw};
use voordeur_upstream::CachePolicy;
use voordeur_widget_api::Manifest;

use super::{RequestError, welcome};
use crate::app::App;
use crate::blocks::DrawnCard;
use crate::cards::Viewer;
use crate::locale::capitalised;
use crate::page_response::{PageOptions, render_page};
use crate::pages::board::band::BandFact;
use crate::pages::board::conflict_choice::ConflictChoice;
use crate::pages::board::tabs::{PageFormInput, PagePosition, Tab};
use crate::pages::board::{BoardPage, PlacedCard, draw};
use crate::pages::form_context::FormContext;
use crate::pages::notice::Notice;
use crate::pages::own_list::OwnList;
use crate::pages::welcome::Welcome;
use crate::session::{Session, SessionWithBoard};
use crate::view_model::{BlockViewModel, CardState, CardViewModel};
use voordeur_store::{Board, Card, Direction, Page, UndoState};

pub use edit_request::EditRequest;
pub use edits::page_of;
pub use submitted_form::SubmittedForm;

/// The query of the board's address.
#[derive(Debug, Default, Deserialize)]
pub struct BoardQuery {
    edit: Option<String>,
    page: Option<String>,
    done: Option<String>,
    card: Option<String>,
    widget: Option<String>,
    /// The board on a wall; the value is the number of seconds that a page is shown.
    wall: Option<String>,
    pause: Option<String>,
    /// A copy for when there is no network.
    copy: Option<String>,
}

/// The parts of the page besides the cards.
#[derive(Default)]
pub struct BoardOptions {
    pub editing: bool,
    /// The id of the page; the first page if there is none with this id.
    pub page: Option<String>,
    pub notice: Option<Notice>,
    /// Two versions of a card to choose from.
    pub choice: Option<ConflictChoice>,
    /// A rejected form of a page.
    pub typed: Option<PageFormInput>,
    /// A card, and an item that could not be added to its list.
    pub typed_item: Option<(String, String)>,
    /// The questions, if they were submitted with an error.
    pub welcome: Option<Welcome>,
    /// The id of the card that was just added or set up.
    pub highlight: Option<String>,
    /// Whether a page that is open already is drawn anew: no service is asked.
    pub redraw: bool,
    /// Whether it is kept by the browser, and shown on another day: no service is asked.
    pub copy: bool,
}

impl BoardOptions {
    /// The options for the page from which a form was sent.
    pub fn of(form: &SubmittedForm) -> Self {
        let page = form.page().map(str::to_owned);
        BoardOptions { editing: form.editing(), page, ..BoardOptions::default() }
    }
}

/// `GET /` and `GET /?edit`
pub async fn show(
    State(app): State<App>,
    SessionWithBoard { mut session, board }: SessionWithBoard,
    Query(query): Query<BoardQuery>,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let catalogue = app.catalogue();
    if query.wall.is_some() {
        return wall::show(&app, &catalogue, &session, &board, &query).await;
    }
    let copy = query.copy.is_some() && !is_navigation(&headers);
    if copy {
        session.locale = session.locale.lasting();
        session.path = paths::board(query.page.as_deref(), false);
    }
    let notice = notices::done(&catalogue, &session, &board, &query);
    let editing = query.edit.is_some() && !copy;
    let redraw = headers.contains_key(redraw::HEADER);
    let completed = query.done.as_deref().and_then(Completed::from_id);
    let is_new =
        matches!(completed, Some(Completed::Add | Completed::SetAdd | Completed::Settings));
    let (page, highlight) = (query.page, query.card.filter(|_| is_new));
    let options =
        BoardOptions { editing, page, notice, redraw, copy, highlight, ..BoardOptions::default() };
    show_board(&app, &catalogue, &session, board, StatusCode::OK, options).await
}

/// Whether a page was asked for by somebody who opens it, not by a script.
fn is_navigation(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-mode").is_some_and(|mode| mode == "navigate")
}

/// Shows the board as it is now.
///
/// # Errors
/// When the store fails.
pub async fn show_with(
    app: &App,
    session: &Session,
    status: StatusCode,
    options: BoardOptions,
) -> Result<Response, RequestError> {
    let board = session.board(app).await?;
    show_board(app, &app.catalogue(), session, board, status, options).await
}

async fn show_board(
    app: &App,
    catalogue: &Catalogue,
    session: &Session,
    board: Board,
    status: StatusCode,
    options: BoardOptions,
) -> Result<Response, RequestError> {
    let locale = session.locale;
    let viewer = session.viewer();
    let at = board.page_or_first(options.page.as_deref());
    let shown = &board.pages[at];
    // Only the cards of the shown page make requests.
    let policy = match options.redraw || options.copy {
        true => CachePolicy::Stored,
        false => CachePolicy::StaleWhileRevalidate,
    };
    // Before the cards: a day that ends while they are made is not missed.
    let now = Timestamp::now();
    let day_ends_in = app.card_service.day_ends_in(catalogue, &shown.cards, now);
    let with_today = !options.editing && !options.copy;
    let (drawn, today) =
        cards_and_today(app, catalogue, &board, at, &viewer, policy, with_today).await;
    let cards = drawn
        .into_iter()
        .filter_map(|(id, drawn)| {
            let typed = options.typed_item.as_ref().filter(|(card, _)| *card == id);
            let typed = typed.map(|(_, item)| item.clone());
            placed_card(catalogue, &shown.cards, &id, drawn, typed)
        })
        .map(|card| PlacedCard { highlight: options.highlight.as_ref() == Some(&card.id), ..card })
        .collect();
    let cards = in_lanes(cards, options.editing);
    let welcomed = session.citizen.as_ref().is_some_and(|citizen| citizen.welcomed);
    let welcome = options
        .welcome
        .or_else(|| (!welcomed && with_today && at == 0).then(|| welcome::questions(session)));
    let now = now.to_zoned(app.card_service.zone().clone());
    let greeting = match now.hour() {
        _ if options.copy => locale.say("offline-greeting"),
        5..12 => locale.say("greeting-morning"),
        12..18 => locale.say("greeting-day"),
        _ => locale.say("greeting-evening"),
    };
    let steps = match &session.citizen {
        Some(citizen) if options.editing => app.store.undo_state(&citizen.id).await?,
        _ => UndoState::default(),
    };
    let page_id = (at > 0).then(|| shown.id.clone());
    let model = BoardPage {
        locale,
        greeting,
        date: capitalised(&locale.day_in_full(now.date())),
        place: viewer.place.municipality.get(locale.language).to_owned(),
        place_is_guess: session.chosen_place().is_none(),
        welcome,
        form_context: FormContext::new(board.revision, page_id.clone(), options.editing),
        tabs: board.pages.iter().enumerate().map(|(index, page)| tab(page, index, at)).collect(),
        page: PagePosition { first: at == 0, last: at + 1 == board.pages.len() },
        typed: options.typed,
        steps,
        cards,
        day_ends_in,
        notice: options.notice,
        choice: options.choice,
        samples: app.upstream.shows_samples(),
        today,
    };
    let moment = [
        ("day", locale.day_in_full(now.date()).into()),
        ("time", locale.time(now.timestamp(), now.time_zone()).into()),
    ];
    let copy_words = options.copy.then(|| locale.say_with("offline-copy", &moment));
    let page_options = PageOptions {
        has_copies: !options.editing,
        copy_words,
        current: Some("board"),
        editing: options.editing,
        page: page_id,
        shows_today: true,
        ..PageOptions::default()
    };
    Ok(render_page(session, status, page_options, || draw(model)))
}

/// The cards of a page, and with them the facts of today of the cards of all pages.
async fn cards_and_today(
    app: &App,
    catalogue: &Catalogue,
    board: &Board,
    shown: usize,
    viewer: &Viewer,
    policy: CachePolicy,
    with_today: bool,
) -> (Vec<(String, DrawnCard)>, Vec<BandFact>) {
    let cards = app.card_service.cards(catalogue, &board.pages[shown].cards, viewer, policy);
    if !with_today {
        return (cards.await, Vec::new());
    }
    let others = band::of_other_pages(app, catalogue, board, shown, viewer);
    let (drawn, mut facts) = futures::join!(cards, others);
    facts.extend(drawn.iter().map(|(id, card)| (id.clone(), card.view_model.today.clone())));
    let today = band::choose(app, catalogue, board, shown, &facts);
    (drawn, today)
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

fn placed_card(
    catalogue: &Catalogue,
    cards: &[Card],
    id: &str,
    drawn: DrawnCard,
    typed_item: Option<String>,
) -> Option<PlacedCard> {
    let index = cards.iter().position(|card| card.id == id)?;
    let card = &cards[index];
    let manifest = catalogue.get(&card.widget).map(|widget| widget.manifest());
    let goes = |direction: Direction| direction.destination(cards, index).is_some();
    let list = manifest
        .filter(|_| !card.folded && drawn.view_model.state == CardState::Fresh)
        .and_then(|manifest| own_list::list_of(manifest, card, typed_item));
    let drawn = match &list {
        Some(list) => without_items(&drawn, list),
        None => drawn,
    };
    Some(PlacedCard {
        id: card.id.clone(),
        size: card.size,
        places: Places::default(),
        drawn,
        earlier: goes(Direction::Earlier),
        later: goes(Direction::Later),
        wider: card.size.wider(),
        narrower: manifest.and_then(|manifest| manifest.size.narrower(card.size)),
        smallest: manifest.map_or(CardWidth::NARROWEST, |manifest| manifest.size.smallest),
        // Any card of a known widget can have a title of one's own.
        has_settings: manifest.is_some(),
        highlight: false,
        folded: card.folded,
        own: manifest.is_some_and(|manifest| manifest.own),
        has_service: manifest.is_none_or(Manifest::has_service),
        list,
    })
}

/// Places the cards in lanes.
fn in_lanes(mut cards: Vec<PlacedCard>, editing: bool) -> Vec<PlacedCard> {
    let card = |card: &PlacedCard| LaneCard { width: card.size, rows: card.rows(editing) };
    let placed = lanes::place(&cards.iter().map(card).collect::<Vec<_>>());
    for (card, places) in cards.iter_mut().zip(placed) {
        card.places = places;
    }
    cards
}

/// The card without the items that are drawn as buttons.
fn without_items(drawn: &DrawnCard, list: &OwnList) -> DrawnCard {
    let mut view_model = CardViewModel::clone(&drawn.view_model);
    view_model.blocks.retain(|block| matches!(block, BlockViewModel::Empty { .. }));
    let items: Vec<&str> = list.items.iter().map(|item| item.text.as_str()).collect();
    let can_clear = list.items.iter().any(|item| item.ticked);
    DrawnCard::with_items(view_model, &items, can_clear)
}

/// An address on the board.
#[derive(Clone, Debug, Default)]
pub struct BoardAddress<'a> {
    pub editing: bool,
    /// The id of the page; `None` for the first.
    pub page: Option<String>,
    pub card: Option<&'a str>,
}

impl BoardAddress<'_> {
    /// The address with parameters that report what was done, for the page after the redirect.
    pub fn with(&self, done: Completed, query: &[(&str, &str)]) -> String {
        let mut serializer = url::form_urlencoded::Serializer::new(String::new());
        serializer.append_pair(completed::DONE, done.id()).extend_pairs(query);
        let done = serializer.finish();
        let board = paths::board(self.page.as_deref(), self.editing);
        let joint = if board.contains('?') { "&" } else { "?" };
        format!("{board}{joint}{done}{}", self.spot())
    }

    pub fn plain(&self) -> String {
        format!("{}{}", paths::board(self.page.as_deref(), self.editing), self.spot())
    }

    fn spot(&self) -> String {
        self.card.map(|card| format!("#card-{card}")).unwrap_or_default()
    }
}
