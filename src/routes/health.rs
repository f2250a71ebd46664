//! Endpoints for machines: liveness, readiness and metrics.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::Semaphore;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::telemetry::{METRICS_CONTENT_TYPE, MetricsExposure};

/// Renderings of the metrics at once. One takes milliseconds, so nobody waits for long.
static RENDERINGS: Semaphore = Semaphore::const_new(1);
/// Maximum time of a response on the address of the metrics.
const METRICS_TIMEOUT: Duration = Duration::from_secs(10);

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// `GET /readyz`: whether requests should be sent here; if not, one reason per line.
pub async fn ready(State(app): State<App>) -> Response {
    let site = &app.site;
    let errors = app.readiness.check(&app.store, &app.registry, site).await;
    let (status, text) = if errors.is_empty() {
        (StatusCode::OK, "ready\n".to_owned())
    } else {
        let lines = errors.iter().map(|error| format!("not ready: {error}\n")).collect();
        (StatusCode::SERVICE_UNAVAILABLE, lines)
    };
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}

/// `GET /metrics` on the address of the pages.
pub async fn metrics(State(app): State<App>) -> Response {
    match app.metrics_exposure {
        MetricsExposure::Open => render_metrics(State(app)).await,
        MetricsExposure::Off | MetricsExposure::Separate(_) => {
            StatusCode::NOT_FOUND.into_response()
        }
    }
}

/// The router of an address that serves the metrics and nothing else.
pub fn metrics_router(app: App) -> Router {
    let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, METRICS_TIMEOUT);
    Router::new().route("/metrics", get(render_metrics)).layer(timeout).with_state(app)
}

async fn render_metrics(State(app): State<App>) -> Response {
    // The semaphore is never closed.
    let Ok(permit) = RENDERINGS.acquire().await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // It reads files and sorts the recorded values.
    let rendering = tokio::task::spawn_blocking(move || {
        // Held also when the client has left by now.
        let _permit = permit;
        app.metrics_text()
    });
    match rendering.await {
        Ok(text) => {
            let headers = [(CONTENT_TYPE, METRICS_CONTENT_TYPE), (CACHE_CONTROL, "no-store")];
            (headers, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "rendering the metrics panicked");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
