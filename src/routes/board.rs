//! The board and the edits that cards offer.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use jiff::Timestamp;
use serde::Deserialize;
use voordeur_widgets::Catalogue;

use super::{Problem, welcome};
use crate::app::App;
use crate::desk::Reader;
use crate::face::{BlockFace, CardFace, CardState};
use crate::hub::Wish;
use crate::locale::Locale;
use crate::pages::board::{BoardPage, PlacedCard, RaisedAlert, draw};
use crate::pages::notice::{Notice, NoticeAction, NoticeTone};
use crate::pages::welcome::Welcome;
use crate::render::{Around, page};
use crate::store::{Board, Card, Direction, Edit, EditRefusal, StoreProblem};
use crate::visitor::Visitor;

/// What the address of the board says.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    edit: Option<String>,
    done: Option<String>,
    card: Option<String>,
    widget: Option<String>,
}

/// What is shown besides the cards.
#[derive(Default)]
pub struct Showing {
    /// Whether the board is being arranged.
    pub editing: bool,
    /// What came of the last change.
    pub notice: Option<Notice>,
    /// The questions, when they are not just those that nobody answered yet.
    pub welcome: Option<Welcome>,
}

/// `GET /` and `GET /?edit`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let board = visitor.board(&app).await?;
    let notice = done_notice(&app, &visitor, &board, &asked);
    let showing = Showing { editing: asked.edit.is_some(), notice, welcome: None };
    show_board(&app, &visitor, board, StatusCode::OK, showing).await
}

/// The board as it is now.
///
/// # Errors
/// When the store fails.
pub async fn show_with(
    app: &App,
    visitor: &Visitor,
    status: StatusCode,
    showing: Showing,
) -> Result<Response, Problem> {
    let board = visitor.board(app).await?;
    show_board(app, visitor, board, status, showing).await
}

async fn show_board(
    app: &App,
    visitor: &Visitor,
    board: Board,
    status: StatusCode,
    showing: Showing,
) -> Result<Response, Problem> {
    let locale = visitor.locale;
    let reader = visitor.reader();
    let faces = app.desk.faces(&board.cards, &reader).await;
    let alerts = raised(&faces);
    let last = board.cards.len().saturating_sub(1);
    let catalogue = app.catalogue();
    let cards = faces
        .into_iter()
        .zip(&board.cards)
        .enumerate()
        .map(|(index, (face, card))| placed(&catalogue, face, card, index, last))
        .collect();
    let welcomed = visitor.citizen.as_ref().is_some_and(|citizen| citizen.welcomed);
    let welcome = showing
        .welcome
        .or_else(|| (!welcomed && !showing.editing).then(|| welcome::questions(visitor)));
    let now = Timestamp::now().to_zoned(app.desk.zone().clone());
    let greeting = match now.hour() {
        5..12 => locale.say("greeting-morning"),
        12..18 => locale.say("greeting-day"),
        _ => locale.say("greeting-evening"),
    };
    let model = BoardPage {
        locale,
        greeting,
        date: capitalised(&locale.day_in_full(now.date())),
        place: reader.place.municipality.get(locale.language).to_owned(),
        place_is_guess: visitor.own_place().is_none(),
        welcome,
        editing: showing.editing,
        revision: board.revision,
        cards,
        notice: showing.notice,
        samples: app.hub.shows_samples(),
        alerts,
    };
    let around = Around { current: Some("board"), editing: showing.editing, ..Around::default() };
    Ok(page(app, visitor, status, around, || draw(model)))
}

fn placed(
    catalogue: &Catalogue,
    face: CardFace,
    card: &Card,
    index: usize,
    last: usize,
) -> PlacedCard {
    let manifest = catalogue.get(&card.widget).map(|widget| widget.manifest());
    PlacedCard {
        face,
        earlier: index > 0,
        later: index < last,
        wider: manifest.and_then(|manifest| manifest.size.wider(card.size)),
        narrower: manifest.and_then(|manifest| manifest.size.narrower(card.size)),
        has_settings: manifest.is_some_and(|manifest| !manifest.fields.is_empty()),
    }
}

/// The warnings that concern everybody on the page rise to its top: those that are serious and hold where the citizen lives come first in
/// their card already.
fn raised(faces: &[CardFace]) -> Vec<RaisedAlert> {
    faces
        .iter()
        .flat_map(|face| {
            face.blocks.iter().filter_map(|block| match block {
                BlockFace::Alert(alert)
                    if matches!(alert.severity.as_str(), "severe" | "extreme") =>
                {
                    Some(RaisedAlert {
                        title: alert.title.clone(),
                        severity: alert.severity.clone(),
                        word: alert.word.clone(),
                        area: alert.area.clone(),
                        when: alert.when.clone(),
                        card: face.card.clone(),
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

/// What every edit of a card sends along.
#[derive(Debug, Deserialize)]
pub struct Sent {
    #[serde(default)]
    revision: i64,
    editing: Option<String>,
    direction: Option<Direction>,
    size: Option<u8>,
    widget: Option<String>,
}

impl Sent {
    /// The same as hidden fields, for a form that asks again.
    fn again(&self, revision: i64) -> Vec<(String, String)> {
        let mut fields = vec![("revision".to_owned(), revision.to_string())];
        let mut add = |name: &str, value: Option<String>| {
            fields.extend(value.map(|value| (name.to_owned(), value)));
        };
        add("editing", self.editing.clone());
        add("size", self.size.map(|size| size.to_string()));
        add("widget", self.widget.clone());
        add(
            "direction",
            self.direction.map(|direction| {
                match direction {
                    Direction::Earlier => "earlier",
                    Direction::Later => "later",
                }
                .to_owned()
            }),
        );
        fields
    }
}

/// `POST /cards`
pub async fn add(
    State(app): State<App>,
    visitor: Visitor,
    jar: CookieJar,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let widget = sent.widget.as_deref().and_then(|id| app.catalogue().get(id).cloned());
    let Some(widget) = widget else { return Ok(super::problem::missing(&app, &visitor)) };
    let manifest = widget.manifest();
    let size = sent.size.unwrap_or(manifest.size.best);
    if !manifest.size.steps().any(|step| step == size) {
        return Ok(super::problem::missing(&app, &visitor));
    }
    let edit = Edit::Add { widget: manifest.id.clone(), size };
    make(&app, visitor, jar, &sent, "/cards", "add", edit).await
}

/// `POST /cards/{card}/move`
pub async fn move_card(
    State(app): State<App>,
    Path(card): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let Some(direction) = sent.direction else {
        return Ok(super::problem::missing(&app, &visitor));
    };
    let path = format!("/cards/{card}/move");
    make(&app, visitor, jar, &sent, &path, "move", Edit::Move { card, direction }).await
}

/// `POST /cards/{card}/resize`
pub async fn resize(
    State(app): State<App>,
    Path(card): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let board = visitor.board(&app).await?;
    let catalogue = app.catalogue();
    let widget = board.card(&card).and_then(|card| catalogue.get(&card.widget));
    let smallest = widget.map_or(3, |widget| widget.manifest().size.smallest);
    let fits = |size: &u8| voordeur_contract::Size::STEPS.contains(size) && *size >= smallest;
    let Some(size) = sent.size.filter(fits) else {
        return Ok(super::problem::missing(&app, &visitor));
    };
    let path = format!("/cards/{card}/resize");
    make(&app, visitor, jar, &sent, &path, "resize", Edit::Resize { card, size }).await
}

/// `POST /cards/{card}/remove`
pub async fn remove(
    State(app): State<App>,
    Path(card): Path<String>,
    visitor: Visitor,
    jar: CookieJar,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let path = format!("/cards/{card}/remove");
    make(&app, visitor, jar, &sent, &path, "remove", Edit::Remove { card }).await
}

/// `POST /undo`
pub async fn undo(
    State(app): State<App>,
    visitor: Visitor,
    jar: CookieJar,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    make(&app, visitor, jar, &sent, "/undo", "undo", Edit::Undo).await
}

/// `POST /cards/{card}/refresh`: asks the services again, and shows the board.
pub async fn refresh(
    State(app): State<App>,
    Path(id): Path<String>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let board = visitor.board(&app).await?;
    let Some(card) = board.card(&id) else { return Ok(super::problem::missing(&app, &visitor)) };
    let reader = visitor.reader();
    let wait = app.desk.face(card, &reader, Wish::Newest);
    // What does not come within a page's deadline goes on without us and is there the next time.
    let face = tokio::time::timeout(crate::desk::PAGE_DEADLINE, wait).await;
    let came = face.is_ok_and(|face| face.state == CardState::Fresh);
    let done = if came { "refresh" } else { "refresh-failed" };
    let path = address(sent.editing.is_some(), &[("done", done), ("card", &id)], Some(&id));
    Ok(Redirect::to(&path).into_response())
}

/// Makes an edit and shows what came of it. What cannot be made is told, and nothing is lost.
async fn make(
    app: &App,
    mut visitor: Visitor,
    jar: CookieJar,
    sent: &Sent,
    path: &str,
    action: &'static str,
    edit: Edit,
) -> Result<Response, Problem> {
    let (citizen, jar) = visitor.settle(app, jar).await?;
    let removed = match &edit {
        Edit::Remove { card } => {
            let board = app.store.board(&citizen).await?;
            board.card(card).map(|card| card.widget.clone())
        }
        _ => None,
    };
    let (status, text, actions) = match app.store.edit(&citizen, sent.revision, &edit).await {
        Ok(board) => {
            let changed = match &edit {
                Edit::Add { .. } => board.cards.last().map(|card| card.id.as_str()),
                Edit::Move { card, .. } | Edit::Resize { card, .. } => Some(card.as_str()),
                _ => None,
            };
            let mut query = vec![("done", action)];
            query.extend(changed.map(|card| ("card", card)));
            query.extend(removed.as_deref().map(|widget| ("widget", widget)));
            let to = address(sent.editing.is_some(), &query, changed);
            return Ok((jar, Redirect::to(&to)).into_response());
        }
        Err(StoreProblem::Conflict) => {
            let revision = app.store.board(&citizen).await?.revision;
            let again = NoticeAction {
                url: path.to_owned(),
                data_action: action.to_owned(),
                label: visitor.locale.say("action-do-anyway"),
                hidden: sent.again(revision),
                id: "do-anyway".to_owned(),
            };
            (StatusCode::CONFLICT, visitor.locale.say("conflict"), vec![again])
        }
        Err(StoreProblem::Refused(EditRefusal::NoSuchCard)) => {
            (StatusCode::CONFLICT, visitor.locale.say("conflict-gone"), Vec::new())
        }
        Err(StoreProblem::Refused(EditRefusal::Full)) => {
            (StatusCode::CONFLICT, visitor.locale.say("board-full"), Vec::new())
        }
        Err(StoreProblem::Refused(EditRefusal::NothingToUndo)) => {
            (StatusCode::CONFLICT, visitor.locale.say("done-nothing-to-undo"), Vec::new())
        }
        Err(problem) => return Err(problem.into()),
    };
    let notice = Notice { text, tone: NoticeTone::Problem, actions };
    let editing = sent.editing.is_some();
    let showing = Showing { editing, notice: Some(notice), welcome: None };
    Ok((jar, show_with(app, &visitor, status, showing).await?).into_response())
}

/// The board's address, with what was done in its query, so that it can be said after the redirect.
pub fn address(editing: bool, query: &[(&str, &str)], card: Option<&str>) -> String {
    let mut serializer = url::form_urlencoded::Serializer::new(String::new());
    serializer.extend_pairs(query);
    let query = serializer.finish();
    let edit = if editing { "edit&" } else { "" };
    let spot = card.map(|card| format!("#card-{card}")).unwrap_or_default();
    format!("/?{edit}{query}{spot}")
}

/// What came of the last change, in words.
fn done_notice(app: &App, visitor: &Visitor, board: &Board, asked: &Asked) -> Option<Notice> {
    let locale = visitor.locale;
    let index =
        asked.card.as_deref().and_then(|id| board.cards.iter().position(|card| card.id == id));
    let card = index.and_then(|index| board.cards.get(index));
    let catalogue = app.catalogue();
    let title = |widget: &str| {
        let widget = catalogue.get(widget)?;
        Some(widget.manifest().name.get(locale.language).to_owned())
    };
    let named = card.and_then(|card| title(&card.widget));
    let of_card = |key: &str| Some(locale.say_with(key, &[("card", named.clone()?.into())]));
    let mut undo = true;
    let mut tone = NoticeTone::Done;
    let text = match asked.done.as_deref()? {
        "add" => of_card("done-added"),
        "remove" => {
            let removed = asked.widget.as_deref().and_then(title)?;
            Some(locale.say_with("done-removed", &[("card", removed.into())]))
        }
        "move" => Some(locale.say_with(
            "done-moved",
            &[
                ("card", named.clone()?.into()),
                ("position", i64::try_from(index? + 1).ok()?.into()),
                ("total", i64::try_from(board.cards.len()).ok()?.into()),
            ],
        )),
        "resize" => Some(locale.say_with(
            "done-resized",
            &[("card", named.clone()?.into()), ("size", i64::from(card?.size).into())],
        )),
        "settings" => of_card("done-settings"),
        "refresh" => {
            undo = false;
            of_card("done-refreshed")
        }
        "refresh-failed" => {
            undo = false;
            tone = NoticeTone::Problem;
            of_card("done-not-refreshed")
        }
        "undo" => {
            undo = false;
            Some(locale.say("done-undone"))
        }
        "welcome" => {
            undo = false;
            Some(welcome_done(visitor, locale))
        }
        _ => None,
    }?;
    let actions = if undo {
        vec![undo_action(locale, board.revision, asked.edit.is_some())]
    } else {
        Vec::new()
    };
    Some(Notice { text, tone, actions })
}

fn welcome_done(visitor: &Visitor, locale: Locale) -> String {
    let Reader { place, .. } = visitor.reader();
    let place = place.municipality.get(locale.language).to_owned();
    locale.say_with("done-welcome", &[("place", place.into())])
}

fn undo_action(locale: Locale, revision: i64, editing: bool) -> NoticeAction {
    let mut hidden = vec![("revision".to_owned(), revision.to_string())];
    if editing {
        hidden.push(("editing".to_owned(), "true".to_owned()));
    }
    NoticeAction {
        url: "/undo".to_owned(),
        data_action: "undo".to_owned(),
        label: locale.say("action-undo"),
        hidden,
        id: "undo-last".to_owned(),
    }
}
