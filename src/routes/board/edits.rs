//! The edits of cards, and undo and redo.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use voordeur_shared::completed::{self, Completed};
use voordeur_shared::paths::{self, CardAction};
use voordeur_widget_api::{CardWidth, MAX_LINES_BYTES};

use super::{BoardAddress, BoardOptions, EditRequest, SubmittedForm, conflict, show_with};
use crate::app::App;
use crate::locale::Locale;
use crate::pages::notice::{Notice, NoticeTone};
use crate::presenter::describe_field_error;
use crate::routes::{RequestError, error};
use crate::session::Session;
use crate::sets;
use crate::view_model::CardState;
use voordeur_store::{
    AppliedEdit, Board, Card, Edit, EditError, Growth, RemovedCard, StoreError, Submission,
};
use voordeur_upstream::CachePolicy;

/// `POST /cards`: adds a card, or the cards of a set that cover the citizen's place.
pub async fn add(
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    if let Some(set) = form.value("set") {
        let Some(set) = sets::with_id(set) else { return Ok(error::missing(&session)) };
        let has_key = |variable: &str| app.upstream.has_api_key(variable);
        let cards = sets::cards(set, &app.catalogue(), &session.place(), &has_key);
        let page = form.page().map(str::to_owned);
        let edit = Edit::AddSet { set: set.id.clone(), cards, page };
        return apply_edit(&app, session, jar, &form, paths::CARDS, edit).await;
    }
    let widget = form.value("widget").and_then(|id| app.catalogue().get(id).cloned());
    let Some(widget) = widget else { return Ok(error::missing(&session)) };
    let manifest = widget.manifest();
    let size = match form.value("size") {
        Some(_) => form.size().filter(|size| manifest.size.steps().any(|step| step == *size)),
        None => Some(manifest.size.best),
    };
    let Some(size) = size else { return reject_form(&app, &session, &form).await };
    let widget = manifest.id.clone();
    let edit = Edit::Add { widget, size, page: form.page().map(str::to_owned) };
    apply_edit(&app, session, jar, &form, paths::CARDS, edit).await
}

/// `POST /cards/{card}/move`
pub async fn move_card(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::card(&card, CardAction::Move);
    match form.direction() {
        Some(direction) => {
            apply_edit(&app, session, jar, &form, &path, Edit::Move { card, direction }).await
        }
        None => reject_form(&app, &session, &form).await,
    }
}

/// `POST /cards/{card}/place`: sent by a drop and by the choice of a page.
pub async fn place(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let size = match form.value("size") {
        Some(_) => match valid_size(&app, &session, &card, &form).await? {
            Some(size) => Some(size),
            None => return reject_form(&app, &session, &form).await,
        },
        None => None,
    };
    let path = paths::card(&card, CardAction::Place);
    let (page, before) = (form.value("to"), form.value("before"));
    let (page, before) = (page.map(str::to_owned), before.map(str::to_owned));
    apply_edit(&app, session, jar, &form, &path, Edit::Place { card, page, before, size }).await
}

/// `POST /cards/{card}/resize`
pub async fn resize(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::card(&card, CardAction::Resize);
    match valid_size(&app, &session, &card, &form).await? {
        Some(size) => {
            apply_edit(&app, session, jar, &form, &path, Edit::Resize { card, size }).await
        }
        None => reject_form(&app, &session, &form).await,
    }
}

/// `POST /cards/{card}/fold`
pub async fn fold(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::card(&card, CardAction::Fold);
    match form.value("folded").and_then(|folded| folded.parse().ok()) {
        Some(folded) => {
            apply_edit(&app, session, jar, &form, &path, Edit::Fold { card, folded }).await
        }
        None => reject_form(&app, &session, &form).await,
    }
}

/// `POST /cards/{card}/remove`
pub async fn remove(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::card(&card, CardAction::Remove);
    apply_edit(&app, session, jar, &form, &path, Edit::Remove { card }).await
}

/// `POST /undo`
pub async fn undo(
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    apply_edit(&app, session, jar, &form, paths::UNDO, Edit::Undo).await
}

/// `POST /redo`
pub async fn redo(
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    apply_edit(&app, session, jar, &form, paths::REDO, Edit::Redo).await
}

/// `POST /history/{number}`: returns to the state after that change.
pub async fn go_to(
    Path(number): Path<i64>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::history(number);
    apply_edit(&app, session, jar, &form, &path, Edit::GoTo { number }).await
}

/// `POST /cards/{card}/refresh`: asks the services again, and shows the board.
pub async fn refresh(
    Path(id): Path<String>,
    EditRequest { app, session, form, .. }: EditRequest,
) -> Result<Response, RequestError> {
    let board = session.board(&app).await?;
    let Some(card) = board.card(&id) else { return Ok(error::missing(&session)) };
    let (catalogue, viewer) = (app.catalogue(), session.viewer());
    let wait = app.card_service.card(&catalogue, card, &viewer, CachePolicy::Refresh);
    // A response that arrives after the page's deadline is cached for the next page.
    let drawn = tokio::time::timeout(crate::cards::PAGE_DEADLINE, wait).await;
    let came = drawn.is_ok_and(|drawn| drawn.view_model.state == CardState::Fresh);
    let done = if came { Completed::Refresh } else { Completed::RefreshFailed };
    let to = BoardAddress { editing: form.editing(), page: page_of(&board, &id), card: Some(&id) };
    Ok(Redirect::to(&to.with(done, &[(completed::CARD, &id)])).into_response())
}

/// The submitted width, if the card can have it. Removed cards are reported by the edit itself.
async fn valid_size(
    app: &App,
    session: &Session,
    card: &str,
    form: &SubmittedForm,
) -> Result<Option<CardWidth>, RequestError> {
    let board = session.board(app).await?;
    let catalogue = app.catalogue();
    let widget = board.card(card).and_then(|card| catalogue.get(&card.widget));
    let smallest = widget.map_or(CardWidth::NARROWEST, |widget| widget.manifest().size.smallest);
    Ok(form.size().filter(|size| *size >= smallest))
}

/// The response to a form that no page of ours could have sent: nothing is changed.
pub async fn reject_form(
    app: &App,
    session: &Session,
    form: &SubmittedForm,
) -> Result<Response, RequestError> {
    let text = session.locale.say("edit-unusable");
    let notice = Some(Notice { text, tone: NoticeTone::Failed, actions: Vec::new(), keep: None });
    let options = BoardOptions { notice, ..BoardOptions::of(form) };
    show_with(app, session, StatusCode::UNPROCESSABLE_ENTITY, options).await
}

/// The id of the page that a card is on; `None` for the first page.
pub fn page_of(board: &Board, card: &str) -> Option<String> {
    let spot = board.position_of(card)?;
    (spot.page > 0).then(|| board.pages[spot.page].id.clone())
}

/// Applies an edit and shows the result. A refused edit is reported, and nothing is lost.
pub async fn apply_edit(
    app: &App,
    mut session: Session,
    jar: CookieJar,
    form: &SubmittedForm,
    path: &str,
    edit: Edit,
) -> Result<Response, RequestError> {
    let (citizen, jar) = session.ensure_citizen(app, jar).await?;
    match store_edit(app, &session, &citizen, form.submission(), &edit).await {
        Ok(made) => {
            Ok((jar, Redirect::to(&address_after(app, &made, &edit, form))).into_response())
        }
        Err(StoreError::Conflict(conflict)) => {
            let options = conflict::options(app, &session, *conflict, &edit, form, path).await;
            let shown = show_with(app, &session, StatusCode::CONFLICT, options).await?;
            Ok((jar, shown).into_response())
        }
        Err(StoreError::InvalidEdit(refusal)) => {
            let text = describe_refusal(&refusal, app, session.locale);
            let typed_item = match &edit {
                Edit::AddItem { card, item, .. } if item.len() <= MAX_LINES_BYTES => {
                    Some((card.clone(), item.clone()))
                }
                _ => None,
            };
            let notice =
                Some(Notice { text, tone: NoticeTone::Failed, actions: Vec::new(), keep: None });
            let options = BoardOptions { notice, typed_item, ..BoardOptions::of(form) };
            let shown = show_with(app, &session, StatusCode::CONFLICT, options).await?;
            Ok((jar, shown).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Applies an edit within the disk space of the client, and charges it.
pub async fn store_edit(
    app: &App,
    session: &Session,
    citizen: &str,
    submission: Submission<'_>,
    edit: &Edit,
) -> Result<AppliedEdit, StoreError> {
    let space = session.reserve_edit(app);
    let growth = if space.is_some() { Growth::Allowed } else { Growth::Refused };
    let made = app.store.edit_within(citizen, submission, edit, growth).await;
    if let Some(space) = space {
        space.settle(made.as_ref().map_or(0, |made| made.growth));
    }
    made
}

pub fn describe_refusal(refusal: &EditError, app: &App, locale: Locale) -> String {
    locale.say(match refusal {
        EditError::CardNotFound => "conflict-gone",
        EditError::PageNotFound => "page-gone",
        EditError::TooManyCards => "board-full",
        EditError::TooManyPages => "pages-full",
        EditError::LastPage => "page-last",
        EditError::NothingToUndo => "done-nothing-to-undo",
        EditError::NothingToRedo => "done-nothing-to-redo",
        EditError::ChangeNotFound => "change-gone",
        EditError::NoSpaceLeft => "edit-no-space",
        EditError::ItemNotFound => "own-list-gone",
        EditError::ItemRefused(error) => {
            let problem = describe_field_error(error, "", locale);
            return locale.say_with("own-list-refused", &[("problem", problem.into())]);
        }
        EditError::BoardTooLarge { widget, field, .. } => {
            let catalogue = app.catalogue();
            let manifest = catalogue.get(widget).map(|widget| widget.manifest());
            let field = manifest.and_then(|manifest| {
                let field = manifest.fields.iter().find(|known| known.id == *field)?;
                Some((manifest, field))
            });
            if let Some((manifest, field)) = field {
                let texts = [&manifest.name, &field.label];
                let [card, field] = texts.map(|texts| texts.get(locale.language).to_owned());
                return locale.say_with(
                    "board-too-large",
                    &[("card", card.into()), ("field", field.into())],
                );
            }
            "board-too-large-cards"
        }
    })
}

/// Whether a card shows nothing until its settings are filled in.
fn needs_settings(app: &App, card: &Card) -> bool {
    let catalogue = app.catalogue();
    let widget = catalogue.get(&card.widget);
    widget.is_some_and(|widget| widget.manifest().open_field(&card.settings).is_some())
}

/// The address to redirect to after an edit: the card or the page that it was about.
fn address_after(app: &App, made: &AppliedEdit, edit: &Edit, form: &SubmittedForm) -> String {
    let board = &made.board;
    let subject = made.subject.as_deref();
    let card = subject.filter(|id| board.card(id).is_some());
    if let (Some(card), Edit::Add { .. }) = (card.and_then(|id| board.card(id)), edit)
        && needs_settings(app, card)
    {
        // As after every edit, the address names the card.
        let settings = paths::card_settings(&card.id, Some(paths::AFTER_ADDING));
        return format!("{settings}&card={}", card.id);
    }
    let page = match (card, edit) {
        (Some(card), _) => page_of(board, card),
        (None, Edit::AddPage { .. } | Edit::ChangePage { .. } | Edit::MovePage { .. }) => {
            subject.map(str::to_owned)
        }
        (None, Edit::RemovePage { .. }) => None,
        (None, _) => form.page().filter(|id| board.page(id).is_some()).map(str::to_owned),
    };
    let elsewhere = page.as_deref() != form.page();
    let done = match edit {
        Edit::Add { .. } => Completed::Add,
        Edit::Remove { .. } => Completed::Remove,
        Edit::Place { page: Some(_), .. } if elsewhere => Completed::ToPage,
        Edit::Place { size: Some(_), .. } => Completed::Place,
        Edit::Move { .. } | Edit::Place { .. } => Completed::Move,
        Edit::Resize { .. } => Completed::Resize,
        Edit::Fold { folded: true, .. } => Completed::Fold,
        Edit::Fold { .. } => Completed::Unfold,
        Edit::Configure { .. } => Completed::Settings,
        Edit::Tick { ticked: true, .. } => Completed::Tick,
        Edit::Tick { .. } => Completed::Untick,
        Edit::AddItem { .. } => Completed::ItemAdd,
        Edit::ClearItems { .. } => Completed::ItemsClear,
        Edit::AddPage { .. } => Completed::PageAdd,
        Edit::ChangePage { .. } => Completed::PageChange,
        Edit::MovePage { .. } => Completed::PageMove,
        Edit::RemovePage { .. } => Completed::PageRemove,
        Edit::Undo => Completed::Undo,
        Edit::Redo => Completed::Redo,
        Edit::GoTo { .. } => Completed::History,
        Edit::Arrange { .. } | Edit::Start { .. } => Completed::Arrange,
        Edit::AddSet { .. } => Completed::SetAdd,
        Edit::Import { .. } => Completed::Import,
    };
    let mut query = Vec::new();
    query.extend(card.map(|card| (completed::CARD, card)));
    let removed = match edit {
        Edit::Remove { card } => board.removed_card(card),
        _ => None,
    };
    query.extend(removed.map(|removed| (completed::WIDGET, removed.card.widget.as_str())));
    let card = card.or_else(|| removed.and_then(|removed| card_in_place_of(board, removed)));
    BoardAddress { editing: form.editing(), page, card }.with(done, &query)
}

/// The card that has taken the place of a removed one, or the last of the page.
fn card_in_place_of<'a>(board: &'a Board, removed: &RemovedCard) -> Option<&'a str> {
    let cards = &board.page(&removed.page)?.cards;
    cards.get(removed.index).or(cards.last()).map(|card| card.id.as_str())
}
