//! Which requests come in.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{ACCEPT_ENCODING, CONNECTION, COOKIE, HOST, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Version};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use hyper::body::Body as _;

use super::request_metrics::refused;
use super::{Asks, ClientIp, RateLimited};
use crate::app::App;
use crate::routes::error::plain;

/// The longest form of a citizen, in bytes.
const LARGEST_FORM: usize = 64 * 1024;
/// Whether the process answers at all.
const ALIVE: &str = "/healthz";
/// Asked by machines, by whatever name they know us; they show nothing of a citizen and set no cookie.
const FOR_MACHINES: [&str; 3] = [ALIVE, "/readyz", "/metrics"];

/// Lets in what is meant for us, from whoever does not ask too often.
pub async fn admit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let client = peer.map(|peer| ClientIp::of(peer, request.headers(), &app.middleware.proxies));
    if let Some(client) = client {
        request.extensions_mut().insert(client);
        // Whoever watches over the process must not take a busy server for a dead one; the answer costs nothing.
        let probed = request.uri().path() == ALIVE;
        if !probed && let Err(crowd) = app.middleware.limits.count(asks(&request), client.counted) {
            return crowded(crowd);
        }
    }
    match host(&request) {
        Err(()) => {
            refused("host");
            return (StatusCode::BAD_REQUEST, "a request has one Host\n").into_response();
        }
        Ok(host) => {
            let by_proxy = client.is_some_and(|client| client.by_proxy);
            let ours = host.is_none_or(|host| app.middleware.answers_to(host));
            // A trusted proxy chose us for the host that it was asked for, and may have put another name.
            if !ours && !by_proxy && !FOR_MACHINES.contains(&request.uri().path()) {
                refused("host");
                let home = app.middleware.public.as_ref().map(|public| public.origin());
                return (
                    StatusCode::MISDIRECTED_REQUEST,
                    plain("421", "error-host-title", "error-host", home.as_deref().unwrap_or("/")),
                )
                    .into_response();
            }
        }
    }
    // How well a page compresses tells what stands in it to whoever can put words beside it, and can see how long it becomes (BREACH). A
    // page that another site leads to is therefore sent to a citizen as it is.
    let foreign = request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if foreign && request.headers().contains_key(COOKIE) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    next.run(request).await
}

fn asks(request: &Request) -> Asks {
    // A card that draws itself again reads, though it has to post what it wants.
    match *request.method() {
        Method::POST if !request.uri().path().starts_with("/api/") => Asks::Change,
        _ => Asks::Visit,
    }
}

/// The host that is asked for (RFC 9112, section 3.2): HTTP/1.1 has exactly one, and the target of a request goes before it.
fn host(request: &Request) -> Result<Option<&str>, ()> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(host.to_str().map_err(|_| ())?),
        (None, None) if request.version() < Version::HTTP_11 => None,
        _ => return Err(()),
    };
    Ok(request.uri().authority().map(|authority| authority.as_str()).or(host))
}

/// The answer to who asks too often.
pub fn crowded(crowd: RateLimited) -> Response {
    refused("crowd");
    let seconds = crowd.wait.as_secs() + 1;
    let page = plain("429", "error-crowd-title", "error-crowd", "/");
    (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, HeaderValue::from(seconds))], page)
        .into_response()
}

/// Reads what was sent with a request, within bounds of size and time, before anything else is done for it.
pub async fn receive(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (status, reason) = match tokio::time::timeout(app.middleware.patience, whole(body)).await {
        Ok(Ok(body)) => return next.run(Request::from_parts(parts, Body::from(body))).await,
        Ok(Err(Unread::TooLong)) => (StatusCode::PAYLOAD_TOO_LARGE, "long-body"),
        Ok(Err(Unread::Broken)) => (StatusCode::BAD_REQUEST, "broken-body"),
        Err(_) => (StatusCode::REQUEST_TIMEOUT, "slow-body"),
    };
    refused(reason);
    let page = plain(status.as_str(), "error-form-title", "error-form", "/");
    // The rest of it is not waited for.
    (status, [(CONNECTION, HeaderValue::from_static("close"))], page).into_response()
}

enum Unread {
    TooLong,
    Broken,
}

async fn whole(body: Body) -> Result<Vec<u8>, Unread> {
    // What says that it is too long need not be read.
    if body.size_hint().lower() > LARGEST_FORM as u64 {
        return Err(Unread::TooLong);
    }
    let mut read = Vec::new();
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Unread::Broken)?;
        if read.len() + piece.len() > LARGEST_FORM {
            return Err(Unread::TooLong);
        }
        read.extend_from_slice(&piece);
    }
    Ok(read)
}
