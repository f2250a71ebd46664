//! The browser's part: one island that enhances a page which also works without it.
//!
//! It sends the page's own forms without a reload, keeps the focus, announces changes, and
//! refreshes cards when they are due, one at a time. It renders a card with the same code as the
//! server. Without it, every form and link works as plain HTML.
#![allow(missing_docs, reason = "the macros of Leptos make items of their own")]

#[cfg(feature = "hydrate")]
mod browser;
// The tests run on the server's target.
#[cfg(any(feature = "hydrate", test))]
mod edit_queue;

use leptos::prelude::*;
use server_fn::Http;
// Postcard has no field names: its decoder is a third of the size of that of JSON.
use server_fn::codec::Postcard;

use crate::view_model::CardViewModel;

/// The live region in which changes are announced. In the browser it also starts the scripts.
#[island]
pub fn LivePage(
    /// The announcement when the server cannot be reached.
    lost: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::start(lost);
    #[cfg(not(feature = "hydrate"))]
    drop(lost);
    view! { <p class="vh" id="announcer" role="status" aria-live="polite"></p> }
}

/// The server's side of [`refresh_card`]. Routes implement it and provide it as context, so that
/// this module, which is compiled for the browser too, does not depend on the application.
#[cfg(feature = "ssr")]
pub trait CardProvider: Send + Sync {
    /// A card of the board of the request's session. `newest` asks the services again; otherwise
    /// cached responses are used where they are recent enough.
    fn refresh(
        &self,
        request: axum::http::request::Parts,
        card: String,
        newest: bool,
    ) -> futures::future::BoxFuture<'_, Result<CardViewModel, RefreshError>>;
}

/// The context in which the server function runs.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct CardProviderContext(pub std::sync::Arc<dyn CardProvider>);

/// The reason for which a card cannot be refreshed.
#[cfg(feature = "ssr")]
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The card is not on the board.
    #[error("no such card")]
    CardNotFound,
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] voordeur_store::StoreError),
}

/// Returns a card as it is now. `newest` asks the services again, as the citizen does with the
/// button; otherwise cached responses are used where they are recent enough.
///
/// # Errors
/// When the card is not on the citizen's board, or the store fails.
#[server(endpoint = "refresh-card", protocol = Http<Postcard, Postcard>)]
pub async fn refresh_card(card: String, newest: bool) -> Result<CardViewModel, ServerFnError> {
    let (Some(CardProviderContext(cards)), Some(parts)) =
        (use_context::<CardProviderContext>(), use_context::<axum::http::request::Parts>())
    else {
        return Err(ServerFnError::new("not called by a request"));
    };
    cards.refresh(parts, card, newest).await.map_err(|error| {
        match &error {
            RefreshError::CardNotFound => {
                if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
                    response.set_status(axum::http::StatusCode::NOT_FOUND);
                }
            }
            RefreshError::Store(cause) => tracing::error!(%cause, "card refresh failed"),
        }
        ServerFnError::new(error)
    })
}
