//! Metrics of requests, labelled by route and never by address.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

/// Records the count and duration of requests by route pattern, such as `/cards/{card}/move`.
pub async fn record_metrics(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(route) => route.as_str().to_owned(),
        None if request.uri().path().starts_with("/pkg/") => "/pkg/{file}".to_owned(),
        None => "none".to_owned(),
    };
    let method = method_label(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("voordeur_request_seconds", "route" => route.clone())
        .record(started.elapsed().as_secs_f64());
    metrics::counter!("voordeur_requests_total", "route" => route, "method" => method, "status" => status)
        .increment(1);
    response
}

/// Counts a refused request or connection.
pub fn record_refusal(reason: &'static str) {
    metrics::counter!("voordeur_refused_total", "reason" => reason).increment(1);
}

/// A client can invent methods, so those that no route has share one label.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
