//! Headers of every response: page, file, error or redirect.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use super::content_security_policy::DEFAULT_POLICY;
use super::{KnownToken, MiddlewareState};

/// Set on a response that has none of its own.
const DEFAULT_HEADERS: [(HeaderName, &str); 8] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // For browsers that do not know `frame-ancestors`.
    (X_FRAME_OPTIONS, "DENY"),
    // No other site learns from which page, search or card a link was followed.
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), \
         gyroscope=(), microphone=(), midi=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (CONTENT_SECURITY_POLICY, DEFAULT_POLICY),
    // A response may be personal unless it says otherwise.
    (CACHE_CONTROL, "no-store"),
];
/// Two years, in seconds. Without `includeSubDomains`: other hosts of the domain are not ours.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Sets the security headers of a response, and renews a guest's session cookie.
pub async fn set_security_headers(
    State(state): State<Arc<MiddlewareState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let tokens = state.session_cookie.tokens(request.headers());
    let known_token = KnownToken::default();
    request.extensions_mut().insert(known_token.clone());
    let mut response = next.run(request).await;
    // A refused request may not have been sent by the citizen.
    let succeeded = response.status().as_u16() < 400;
    let headers = response.headers_mut();
    for (name, value) in DEFAULT_HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if state.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
    }
    // A new guest's response has its cookie already; a response that caches may share has none.
    let is_private = headers.get(CACHE_CONTROL).is_none_or(is_private);
    if succeeded
        && is_private
        && !headers.contains_key(SET_COOKIE)
        && let Some(cookie) = state.session_cookie.renewed(&tokens, &known_token)
        && let Ok(cookie) = HeaderValue::from_str(&cookie.to_string())
    {
        headers.insert(SET_COOKIE, cookie);
    }
    response
}

fn is_private(cache_control: &HeaderValue) -> bool {
    cache_control
        .to_str()
        .is_ok_and(|directives| directives.contains("private") || directives.contains("no-store"))
}
