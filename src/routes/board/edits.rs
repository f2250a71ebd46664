//! The edits that cards offer, and undoing.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use voordeur_widget_api::Size;

use super::{BoardAddress, CardStatus, Posted, Sent, conflict, show_with};
use crate::app::App;
use crate::pages::notice::{Notice, NoticeTone};
use crate::routes::{RequestError, error};
use crate::session::Session;
use crate::view_model::CardState;
use voordeur_store::{AppliedEdit, Board, Edit, EditError, StoreError};
use voordeur_upstream::CachePolicy;

/// `POST /cards`
pub async fn add(Posted { app, session, jar, sent }: Posted) -> Result<Response, RequestError> {
    let widget = sent.told("widget").and_then(|id| app.catalogue().get(id).cloned());
    let Some(widget) = widget else { return Ok(error::missing(&app, &session)) };
    let manifest = widget.manifest();
    let size = match sent.told("size") {
        Some(_) => sent.size().filter(|size| manifest.size.steps().any(|step| step == *size)),
        None => Some(manifest.size.best),
    };
    let Some(size) = size else { return unusable(&app, &session, &sent).await };
    let widget = manifest.id.clone();
    let edit = Edit::Add { widget, size, page: sent.page().map(str::to_owned) };
    make(&app, session, jar, &sent, "/cards", edit).await
}

/// `POST /cards/{card}/move`
pub async fn move_card(
    Path(card): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let path = format!("/cards/{card}/move");
    match sent.direction() {
        Some(direction) => {
            make(&app, session, jar, &sent, &path, Edit::Move { card, direction }).await
        }
        None => unusable(&app, &session, &sent).await,
    }
}

/// `POST /cards/{card}/place`: what a drop sends, and the choice of a page.
pub async fn place(
    Path(card): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let size = match sent.told("size") {
        Some(_) => match fitting_size(&app, &session, &card, &sent).await? {
            Some(size) => Some(size),
            None => return unusable(&app, &session, &sent).await,
        },
        None => None,
    };
    let path = format!("/cards/{card}/place");
    let (page, before) = (sent.told("to"), sent.told("before"));
    let (page, before) = (page.map(str::to_owned), before.map(str::to_owned));
    make(&app, session, jar, &sent, &path, Edit::Place { card, page, before, size }).await
}

/// `POST /cards/{card}/resize`
pub async fn resize(
    Path(card): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let path = format!("/cards/{card}/resize");
    match fitting_size(&app, &session, &card, &sent).await? {
        Some(size) => make(&app, session, jar, &sent, &path, Edit::Resize { card, size }).await,
        None => unusable(&app, &session, &sent).await,
    }
}

/// `POST /cards/{card}/fold`
pub async fn fold(
    Path(card): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let path = format!("/cards/{card}/fold");
    match sent.told("folded").and_then(|folded| folded.parse().ok()) {
        Some(folded) => make(&app, session, jar, &sent, &path, Edit::Fold { card, folded }).await,
        None => unusable(&app, &session, &sent).await,
    }
}

/// `POST /cards/{card}/remove`
pub async fn remove(
    Path(card): Path<String>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let path = format!("/cards/{card}/remove");
    make(&app, session, jar, &sent, &path, Edit::Remove { card }).await
}

/// `POST /undo`
pub async fn undo(Posted { app, session, jar, sent }: Posted) -> Result<Response, RequestError> {
    make(&app, session, jar, &sent, "/undo", Edit::Undo).await
}

/// `POST /redo`
pub async fn redo(Posted { app, session, jar, sent }: Posted) -> Result<Response, RequestError> {
    make(&app, session, jar, &sent, "/redo", Edit::Redo).await
}

/// `POST /history/{number}`: the board as it was after that change.
pub async fn go_to(
    Path(number): Path<i64>,
    Posted { app, session, jar, sent }: Posted,
) -> Result<Response, RequestError> {
    let path = format!("/history/{number}");
    make(&app, session, jar, &sent, &path, Edit::GoTo { number }).await
}

/// `POST /cards/{card}/refresh`: asks the services again, and shows the board.
pub async fn refresh(
    Path(id): Path<String>,
    Posted { app, session, sent, .. }: Posted,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let Some(card) = board.card(&id) else { return Ok(error::missing(&app, &session)) };
    let (catalogue, viewer) = (app.catalogue(), session.viewer());
    let wait = app.card_service.card(&catalogue, card, &viewer, CachePolicy::Refresh);
    // What does not come within a page's deadline goes on without us and is there the next time.
    let drawn = tokio::time::timeout(crate::cards::PAGE_DEADLINE, wait).await;
    let came = drawn.is_ok_and(|drawn| drawn.view_model.state == CardState::Fresh);
    let done = if came { "refresh" } else { "refresh-failed" };
    let to = BoardAddress { editing: sent.editing(), page: page_of(&board, &id), card: Some(&id) };
    Ok(Redirect::to(&to.with(&[("done", done), ("card", &id)])).into_response())
}

/// The size that was sent, when the widget of the card can be read at it. A card that is gone by now is told elsewhere.
async fn fitting_size(
    app: &App,
    session: &Session,
    card: &str,
    sent: &Sent,
) -> Result<Option<u8>, RequestError> {
    let board = session.board(app).await?;
    let catalogue = app.catalogue();
    let widget = board.card(card).and_then(|card| catalogue.get(&card.widget));
    let smallest = widget.map_or(Size::STEPS[0], |widget| widget.manifest().size.smallest);
    Ok(sent.size().filter(|size| Size::STEPS.contains(size) && *size >= smallest))
}

/// The answer to a form that nobody could have filled in so: nothing is changed.
pub async fn unusable(app: &App, session: &Session, sent: &Sent) -> Result<Response, RequestError> {
    let text = session.locale.say("edit-unusable");
    let notice =
        Some(Notice { text, tone: NoticeTone::RequestError, actions: Vec::new(), keep: None });
    let showing = CardStatus { notice, ..CardStatus::of(sent) };
    show_with(app, session, StatusCode::UNPROCESSABLE_ENTITY, showing).await
}

/// The page that a card is on, as an address names it: nothing for the first.
pub fn page_of(board: &Board, card: &str) -> Option<String> {
    let spot = board.position_of(card)?;
    (spot.page > 0).then(|| board.pages[spot.page].id.clone())
}

/// Makes an edit and shows what came of it. What cannot be made is told, and nothing is lost.
pub async fn make(
    app: &App,
    mut session: Session,
    jar: CookieJar,
    sent: &Sent,
    path: &str,
    edit: Edit,
) -> Result<Response, RequestError> {
    let (citizen, jar) = session.ensure_citizen(app, jar).await?;
    match app.store.edit(&citizen, sent.submission(), &edit).await {
        Ok(made) => Ok((jar, Redirect::to(&made_address(&made, &edit, sent))).into_response()),
        Err(StoreError::Conflict(conflict)) => {
            let showing = conflict::showing(app, &session, *conflict, &edit, sent, path).await;
            let shown = show_with(app, &session, StatusCode::CONFLICT, showing).await?;
            Ok((jar, shown).into_response())
        }
        Err(StoreError::InvalidEdit(refusal)) => {
            let text = session.locale.say(refusal_key(&refusal));
            let notice = Some(Notice {
                text,
                tone: NoticeTone::RequestError,
                actions: Vec::new(),
                keep: None,
            });
            let showing = CardStatus { notice, ..CardStatus::of(sent) };
            let shown = show_with(app, &session, StatusCode::CONFLICT, showing).await?;
            Ok((jar, shown).into_response())
        }
        Err(problem) => Err(problem.into()),
    }
}

fn refusal_key(refusal: &EditError) -> &'static str {
    match refusal {
        EditError::CardNotFound => "conflict-gone",
        EditError::PageNotFound => "page-gone",
        EditError::TooManyCards => "board-full",
        EditError::TooManyPages => "pages-full",
        EditError::LastPage => "page-last",
        EditError::NothingToUndo => "done-nothing-to-undo",
        EditError::NothingToRedo => "done-nothing-to-redo",
        EditError::ChangeNotFound => "change-gone",
    }
}

/// Where an edit that was made leads: to the card or the page that it was about.
fn made_address(made: &AppliedEdit, edit: &Edit, sent: &Sent) -> String {
    let board = &made.board;
    let subject = made.subject.as_deref();
    let card = subject.filter(|id| board.card(id).is_some());
    let page = match (card, edit) {
        (Some(card), _) => page_of(board, card),
        (None, Edit::AddPage { .. } | Edit::ChangePage { .. } | Edit::MovePage { .. }) => {
            subject.map(str::to_owned)
        }
        (None, Edit::RemovePage { .. }) => None,
        (None, _) => sent.page().filter(|id| board.page(id).is_some()).map(str::to_owned),
    };
    let elsewhere = page.as_deref() != sent.page();
    let done = match edit {
        Edit::Add { .. } => "add",
        Edit::Remove { .. } => "remove",
        Edit::Place { page: Some(_), .. } if elsewhere => "to-page",
        Edit::Place { size: Some(_), .. } => "place",
        Edit::Move { .. } | Edit::Place { .. } => "move",
        Edit::Resize { .. } => "resize",
        Edit::Fold { folded: true, .. } => "fold",
        Edit::Fold { .. } => "unfold",
        Edit::Configure { .. } => "settings",
        Edit::AddPage { .. } => "page-add",
        Edit::ChangePage { .. } => "page-change",
        Edit::MovePage { .. } => "page-move",
        Edit::RemovePage { .. } => "page-remove",
        Edit::Undo => "undo",
        Edit::Redo => "redo",
        Edit::GoTo { .. } => "history",
        Edit::Arrange { .. } => "arrange",
    };
    let mut query = vec![("done", done)];
    query.extend(card.map(|card| ("card", card)));
    let removed = match edit {
        Edit::Remove { card } => board.removed_card(card).map(|gone| gone.card.widget.as_str()),
        _ => None,
    };
    query.extend(removed.map(|widget| ("widget", widget)));
    BoardAddress { editing: sent.editing(), page, card }.with(&query)
}
