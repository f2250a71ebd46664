//! What every answer carries, whether it is a page, a file, an error or a redirect.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// A page says for itself which of its scripts may run; whatever else is opened as a document may show our style sheet and do nothing.
const NOTHING_BUT_STYLE: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const USUAL: [(HeaderName, &str); 8] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // For browsers that do not know `frame-ancestors`.
    (X_FRAME_OPTIONS, "DENY"),
    // No other site learns which page, search or card a link was followed from.
    (REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
         microphone=(), midi=(), payment=(), usb=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (CONTENT_SECURITY_POLICY, NOTHING_BUT_STYLE),
    // What does not say otherwise may be somebody's own.
    (CACHE_CONTROL, "no-store"),
];
/// Two years, in seconds. Other hosts of the domain are not ours to decide about.
const ALWAYS_HTTPS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Puts the headers on an answer, and renews the cookie of a guest.
pub async fn finish(State(app): State<App>, request: Request, next: Next) -> Response {
    let renewed = app.middleware.cookies.renewed(request.headers());
    let mut response = next.run(request).await;
    // What was refused was perhaps not sent by the citizen.
    let served = response.status().as_u16() < 400;
    let headers = response.headers_mut();
    for (name, value) in USUAL {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.middleware.is_https() {
        headers.insert(STRICT_TRANSPORT_SECURITY, ALWAYS_HTTPS);
    }
    // Whoever becomes a guest right now gets the right cookie anyway; what is the same for everybody gets none.
    let everybodys = headers.get(CACHE_CONTROL).is_some_and(|it| !is_own(it));
    if served
        && !headers.contains_key(SET_COOKIE)
        && !everybodys
        && let Some(cookie) = renewed
        && let Ok(cookie) = HeaderValue::from_str(&cookie.to_string())
    {
        headers.insert(SET_COOKIE, cookie);
    }
    response
}

fn is_own(cache_control: &HeaderValue) -> bool {
    cache_control.to_str().is_ok_and(|it| it.contains("private") || it.contains("no-store"))
}
