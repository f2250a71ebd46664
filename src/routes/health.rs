//! What machines ask: is it alive, is it ready, what are its figures.

use std::path::Path;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::telemetry::{Exposure, METRICS_TYPE};

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: visitors can be sent here; or why not, one reason on each line.
pub async fn ready(State(app): State<App>) -> Response {
    let site = Path::new(&*app.leptos_options.site_root);
    let problems = app.readiness.look(&app.store, &app.registry, site).await;
    let (status, text) = if problems.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        let lines = problems.iter().map(|problem| format!("not ready: {problem}\n")).collect();
        (StatusCode::SERVICE_UNAVAILABLE, lines)
    };
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}

/// `GET /metrics`, where visitors come.
pub async fn metrics(State(app): State<App>) -> Response {
    match app.exposure {
        Exposure::Open => figures(State(app)).await,
        Exposure::Off | Exposure::Apart(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The figures alone, for an address of their own.
pub fn metrics_router(app: App) -> Router {
    Router::new().route("/metrics", get(figures)).with_state(app)
}

async fn figures(State(app): State<App>) -> Response {
    // It reads files of the system, and sorts what was measured.
    match tokio::task::spawn_blocking(move || app.metrics.text(&app)).await {
        Ok(text) => {
            ([(CONTENT_TYPE, METRICS_TYPE), (CACHE_CONTROL, "no-store")], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the figures cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
