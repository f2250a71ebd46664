use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::header::{ACCEPT, REFERER};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

use super::board::band;
use crate::app::App;
use crate::pages::{draw_facts, draw_refreshed};
use crate::session::Session;
use voordeur_store::StoreError;
use voordeur_upstream::CachePolicy;

/// Maximum size of the error text of a server function, in bytes.
const MAX_ERROR_BYTES: usize = 4 * 1024;
/// The kinds of errors of Leptos that say that the arguments could not be read.
const ARGUMENT_ERRORS: [&[u8]; 3] = [b"Args|", b"Deserialization|", b"MissingArg|"];

/// `POST /api/…`: calls a server function; only scripts of our own do so.
pub async fn call(State(app): State<App>, mut request: Request<Body>) -> Response {
    // Leptos redirects a client that accepts HTML to its `Referer`, wherever that leads: it takes
    // the request for a form without scripts. Our forms do not use server functions.
    for header in [ACCEPT, REFERER] {
        request.headers_mut().remove(header);
    }
    let context = move || provide_context(app.clone());
    let response = leptos_axum::handle_server_fns_with_context(context, request).await;
    let response = response.into_response();
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        // Leptos answers 400, with an explanation for developers, when there is no such function.
        let exists = response.status() != StatusCode::BAD_REQUEST;
        return if exists { response } else { StatusCode::NOT_FOUND.into_response() };
    }
    // Leptos has one status for unreadable arguments and for failures; the kind is in the body.
    let (mut parts, body) = response.into_parts();
    let Ok(text) = to_bytes(body, MAX_ERROR_BYTES).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if ARGUMENT_ERRORS.iter().any(|kind| text.starts_with(kind)) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(text))
}

/// The reason for which a card cannot be refreshed.
#[derive(Debug, thiserror::Error)]
enum RefreshError {
    /// The card is not on the board.
    #[error("no such card")]
    CardNotFound,
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// Returns the HTML of a card as it is now. `newest` asks the services again, as the citizen does
/// with the button; otherwise cached responses are used where they are recent enough.
///
/// # Errors
/// When the card is not on the citizen's board, or the store fails.
#[server(endpoint = "refresh-card")]
pub async fn refresh_card(card: String, newest: bool) -> Result<String, ServerFnError> {
    let (Some(app), Some(request)) = (use_context::<App>(), use_context::<Parts>()) else {
        return Err(ServerFnError::new("not called by a request"));
    };
    refresh(&app, &request, &card, newest).await.map_err(|error| {
        match &error {
            RefreshError::CardNotFound => {
                if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
                    response.set_status(StatusCode::NOT_FOUND);
                }
            }
            RefreshError::Store(cause) => tracing::error!(%cause, "card refresh failed"),
        }
        ServerFnError::new(error)
    })
}

async fn refresh(
    app: &App,
    request: &Parts,
    card: &str,
    newest: bool,
) -> Result<String, RefreshError> {
    let session = Session::load(request, app).await?;
    let board = session.board(app).await?;
    let card = board.card(card).ok_or(RefreshError::CardNotFound)?;
    let policy = if newest { CachePolicy::Refresh } else { CachePolicy::StaleWhileRevalidate };
    let catalogue = app.catalogue();
    let drawn = app.card_service.card(&catalogue, card, &session.viewer(), policy).await;
    let today = band::of_card(app, &catalogue, &board, &card.id, &drawn.view_model.today);
    let today = draw_facts(session.locale, today);
    Ok(draw_refreshed(&card.id, card.size, &drawn).child(today).to_html())
}

#[cfg(test)]
mod tests {
    use leptos::server_fn::ServerFn;
    use voordeur_shared::paths;

    use super::RefreshCard;

    #[test]
    fn the_address_is_that_of_the_browser() {
        assert_eq!(RefreshCard::url(), paths::REFRESH_CARD);
    }
}
