use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, COOKIE, HOST};
use axum::http::{StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::{ClientIp, MiddlewareState, PublicUrl, Rejection, record_refusal};

/// Endpoints for machines, which may use any host name; they show nothing about a citizen and set
/// no cookie.
const MACHINE_ENDPOINTS: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Refuses requests for a host name that is not ours.
pub async fn check_host(
    State(state): State<Arc<MiddlewareState>>,
    request: Request,
    next: Next,
) -> Response {
    let Ok(host) = requested_host(&request) else {
        record_refusal("host");
        return (StatusCode::BAD_REQUEST, "a request must have exactly one Host header\n")
            .into_response();
    };
    // A trusted proxy selected this server for the host that it was asked for, and may have
    // replaced the name.
    let via_proxy = request.extensions().get::<ClientIp>().is_some_and(|client| client.via_proxy);
    if via_proxy
        || host.is_none_or(|host| state.accepts_host(host))
        || MACHINE_ENDPOINTS.contains(&request.uri().path())
    {
        return next.run(request).await;
    }
    let public_origin = state.public_url.as_ref().map(PublicUrl::origin);
    Rejection::WrongHost { public_origin }.into_response()
}

/// A `Host` header that is absent, repeated or not ASCII.
struct InvalidHost;

/// The requested host (RFC 9112, section 3.2): HTTP/1.1 requires exactly one `Host`, and the
/// authority of an absolute request target takes precedence over it.
fn requested_host(request: &Request) -> Result<Option<&str>, InvalidHost> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(host.to_str().map_err(|_| InvalidHost)?),
        (None, None) if request.version() < Version::HTTP_11 => None,
        _ => return Err(InvalidHost),
    };
    Ok(request.uri().authority().map(|authority| authority.as_str()).or(host))
}

/// Disables compression of a citizen's response to a cross-site request. The compressed size of a
/// page reveals its content to somebody who can add text to it and observe the size (BREACH).
pub async fn disable_cross_site_compression(mut request: Request) -> Request {
    let cross_site =
        request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if cross_site && request.headers().contains_key(COOKIE) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    request
}
