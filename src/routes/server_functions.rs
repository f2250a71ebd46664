use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::header::{ACCEPT, REFERER};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use futures::future::BoxFuture;
use leptos::prelude::provide_context;
use server_fn::error::SERVER_FN_ERROR_HEADER;

use crate::app::App;
use crate::islands::{CardProvider, CardProviderContext, RefreshError};
use crate::session::Session;
use crate::view_model::CardViewModel;
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
    let context = move || provide_context(CardProviderContext(Arc::new(app.clone())));
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

impl CardProvider for App {
    fn refresh(
        &self,
        request: Parts,
        card: String,
        newest: bool,
    ) -> BoxFuture<'_, Result<CardViewModel, RefreshError>> {
        async move {
            let session = Session::load(&request, self).await?;
            let board = session.board(self).await?;
            let card = board.card(&card).ok_or(RefreshError::CardNotFound)?;
            let policy =
                if newest { CachePolicy::Refresh } else { CachePolicy::StaleWhileRevalidate };
            let (catalogue, viewer) = (self.catalogue(), session.viewer());
            let card = self.card_service.card(&catalogue, card, &viewer, policy).await;
            Ok(Arc::unwrap_or_clone(card.view_model))
        }
        .boxed()
    }
}
