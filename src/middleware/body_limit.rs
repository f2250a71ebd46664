use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use hyper::body::Body as _;
use tokio::time::timeout;

use super::{MiddlewareState, Rejection};

/// Maximum size of a request body in bytes; the longest form of a citizen is far smaller.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// Reads the whole body of a request, within limits of size and time, before the handler runs.
pub async fn limit_body(
    State(state): State<Arc<MiddlewareState>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    // A body whose announced length is too large need not be read.
    if body.size_hint().lower() > MAX_BODY_BYTES as u64 {
        return Rejection::BodyTooLarge.into_response();
    }
    let rejection = match timeout(state.body_timeout, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(bytes)) => return next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Ok(Err(error)) if is_too_large(&error) => Rejection::BodyTooLarge,
        Ok(Err(_)) => Rejection::BodyIncomplete,
        Err(_) => Rejection::BodyTimeout,
    };
    rejection.into_response()
}

fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<LengthLimitError>())
}
