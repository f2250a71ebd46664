use axum::extract::State;
use axum::http::StatusCode;

use crate::app::App;

/// The process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The store can be read and there are widgets.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.store.check().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(problem) => {
            tracing::error!(%problem, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the store cannot be read\n")
        }
    }
}
