//! The list of a card of the citizen's own: an item is ticked, added or removed on the card itself.

use axum::extract::Path;
use axum::response::Response;
use voordeur_shared::paths::{self, CardAction};

use super::edits::{apply_edit, reject_form};
use super::{EditRequest, SubmittedForm};
use crate::app::App;
use crate::pages::own_list::OwnList;
use crate::routes::settings::find_card;
use crate::routes::{RequestError, error};
use crate::session::Session;
use voordeur_store::{Card, Edit};
use voordeur_widget_api::{MAX_ITEM_CHARS, MAX_ITEMS, Manifest, items};

/// `POST /cards/{card}/tick`
pub async fn tick(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::card(&card, CardAction::Tick);
    let Some(field) = field_of(&app, &session, &card).await? else {
        return Ok(error::missing(&session));
    };
    let named = |name: &str| form.value(name).filter(|item| is_item(item)).map(str::to_owned);
    let edit = match (named("tick"), named("untick")) {
        (Some(item), None) => Edit::Tick { card, field, item, ticked: true },
        (None, Some(item)) => Edit::Tick { card, field, item, ticked: false },
        _ => return reject_form(&app, &session, &form).await,
    };
    apply_edit(&app, session, jar, &form, &path, edit).await
}

/// `POST /cards/{card}/items`
pub async fn add(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::card(&card, CardAction::AddItem);
    let Some(field) = field_of(&app, &session, &card).await? else {
        return Ok(error::missing(&session));
    };
    // A text that no list has room for is refused by the edit, which measures it.
    let item = form.value("new").unwrap_or_default().to_owned();
    apply_edit(&app, session, jar, &form, &path, Edit::AddItem { card, field, item }).await
}

/// `POST /cards/{card}/clear`
pub async fn clear(
    Path(card): Path<String>,
    EditRequest { app, session, jar, form }: EditRequest,
) -> Result<Response, RequestError> {
    let path = paths::card(&card, CardAction::ClearItems);
    let Some(field) = field_of(&app, &session, &card).await? else {
        return Ok(error::missing(&session));
    };
    let items = seen_items(&form);
    if items.is_empty() {
        return reject_form(&app, &session, &form).await;
    }
    apply_edit(&app, session, jar, &form, &path, Edit::ClearItems { card, field, items }).await
}

fn seen_items(form: &SubmittedForm) -> Vec<String> {
    let seen = form.values("seen").filter(|item| is_item(item));
    seen.take(MAX_ITEMS).map(str::to_owned).collect()
}

fn is_item(text: &str) -> bool {
    text.len() <= MAX_ITEM_CHARS.saturating_mul(4)
}

/// The id of the field that holds the list of a card; also of a removed card, since its edit puts
/// it back.
async fn field_of(
    app: &App,
    session: &Session,
    card: &str,
) -> Result<Option<String>, RequestError> {
    let board = session.board(app).await?;
    let widget = find_card(app, &board, card).map(|(_, widget)| widget);
    Ok(widget.and_then(|widget| Some(widget.manifest().items_field()?.id.clone())))
}

/// The list of a card, when its widget has one; `typed` is an item that could not be added.
pub fn list_of(manifest: &Manifest, card: &Card, typed: Option<String>) -> Option<OwnList> {
    let field = manifest.items_field()?;
    let value = card.settings.get(&field.id).map_or("", String::as_str);
    Some(OwnList { items: items(value), typed })
}
