//! Counts requests, by route and never by address.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

/// Counts a request and how long its answer took, with the pattern of the route: `/cards/{card}/move`, whichever card it is.
pub async fn count(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(route) => route.as_str().to_owned(),
        None if request.uri().path().starts_with("/pkg/") => "/pkg/{file}".to_owned(),
        None => "none".to_owned(),
    };
    let method = known(request.method());
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("voordeur_request_seconds", "route" => route.clone())
        .record(began.elapsed().as_secs_f64());
    metrics::counter!("voordeur_requests_total", "route" => route, "method" => method, "status" => status)
        .increment(1);
    response
}

/// Counts what the door has refused.
pub fn refused(reason: &'static str) {
    metrics::counter!("voordeur_refused_total", "reason" => reason).increment(1);
}

/// Anybody can make up a method: those that nobody needs count as one.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
