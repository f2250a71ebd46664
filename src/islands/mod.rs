//! The browser's part: one island that enhances a page which works without it.
//!
//! It submits forms without a reload, keeps the focus, announces changes, and refreshes cards that
//! are due. It uses the same renderer of cards as the server. Without it, every form and link works
//! as usual.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;
use server_fn::Http;
// Postcard encodes no field names: its decoder is a third of the size of a JSON decoder, and the
// browser has to load it.
use server_fn::codec::Postcard;

use crate::view_model::CardViewModel;

/// The live region for screen readers. In the browser it also starts the enhancement of the page.
#[island]
pub fn LivePage(
    /// The text for an unreachable server.
    lost: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::start(lost);
    #[cfg(not(feature = "hydrate"))]
    drop(lost);
    view! { <p class="vh" id="announcer" role="status" aria-live="polite"></p> }
}

/// Refreshes a card. With `newest` the services are asked again, as with the card's button;
/// otherwise the card's interval decides.
///
/// # Errors
/// When the card is not on the citizen's board, or the store fails.
#[server(endpoint = "refresh-card", protocol = Http<Postcard, Postcard>)]
pub async fn refresh_card(card: String, newest: bool) -> Result<CardViewModel, ServerFnError> {
    use crate::app::App;
    use crate::session::Session;
    use voordeur_upstream::CachePolicy;

    let (Some(app), Some(parts)) =
        (use_context::<App>(), use_context::<axum::http::request::Parts>())
    else {
        return Err(ServerFnError::new("not called by a request"));
    };
    let failed = |error: voordeur_store::StoreError| {
        tracing::error!(%error, "card not refreshed");
        ServerFnError::new("the store failed")
    };
    let session = Session::of(&parts, &app).await.map_err(failed)?;
    let board = session.board(&app).await.map_err(failed)?;
    let Some(card) = board.card(&card) else {
        if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(axum::http::StatusCode::NOT_FOUND);
        }
        return Err(ServerFnError::new("no such card"));
    };
    let cache_policy =
        if newest { CachePolicy::Refresh } else { CachePolicy::StaleWhileRevalidate };
    Ok(std::sync::Arc::unwrap_or_clone(
        app.card_service.card(card, &session.reader(), cache_policy).await.view_model,
    ))
}
