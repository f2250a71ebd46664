//! The browser's part: one island that makes a page that works without it smoother.
//!
//! It sends the page's own forms without a reload, keeps the focus where it was, says what changed, and asks for the cards whose time has
//! come, one at a time. It draws a card with the same renderer as the server. Without it, every form and link does what it always does.

#[cfg(feature = "hydrate")]
mod browser;

use leptos::prelude::*;
use server_fn::Http;
// Postcard carries no names: what reads it is a third of the size of what reads JSON, and the browser has to load it.
use server_fn::codec::Postcard;

use crate::view_model::CardViewModel;

/// Where changes are said to a screen reader. In the browser it also brings the page to life.
#[island]
pub fn LivePage(
    /// What is said when the server cannot be reached.
    lost: String,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::start(lost);
    #[cfg(not(feature = "hydrate"))]
    drop(lost);
    view! { <p class="vh" id="announcer" role="status" aria-live="polite"></p> }
}

/// A card as it is now. `newest` asks the services again, as the citizen does with the button; without it the card's pace decides.
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
    let failed = |problem: voordeur_store::StoreError| {
        tracing::error!(%problem, "a card could not be refreshed");
        ServerFnError::new("the store failed")
    };
    let session = Session::of(&parts, &app).await.map_err(failed)?;
    let board = session.board(&app).await.map_err(failed)?;
    let Some(card) = board.card(&card) else {
        if let Some(answer) = use_context::<leptos_axum::ResponseOptions>() {
            answer.set_status(axum::http::StatusCode::NOT_FOUND);
        }
        return Err(ServerFnError::new("no such card"));
    };
    let wish = if newest { CachePolicy::Refresh } else { CachePolicy::StaleWhileRevalidate };
    Ok(std::sync::Arc::unwrap_or_clone(
        app.card_service.card(card, &session.reader(), wish).await.view_model,
    ))
}
