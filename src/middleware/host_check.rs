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

/// Disables compression of a citizen's response to a request that another site or another host of
/// the same site made. The compressed size of a page reveals its content to somebody who can add
/// text to it and observe the size (BREACH). A request without the header comes from an address
/// that was typed in an older browser, or from no browser.
pub async fn disable_foreign_compression(mut request: Request) -> Request {
    let mut sites = request.headers().get_all("sec-fetch-site").iter();
    let is_own = sites.all(|site| site == "same-origin" || site == "none");
    if !is_own && request.headers().contains_key(COOKIE) {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    request
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn is_compressed(sites: &[&str], cookie: bool) -> bool {
        let mut request = Request::get("/find?q=guess").header(ACCEPT_ENCODING, "br, gzip");
        for site in sites {
            request = request.header("sec-fetch-site", *site);
        }
        if cookie {
            request = request.header(COOKIE, "voordeur=secret");
        }
        let request = request.body(Body::empty()).expect("a request");
        disable_foreign_compression(request).await.headers().contains_key(ACCEPT_ENCODING)
    }

    #[tokio::test]
    async fn a_page_for_another_site_or_a_sibling_host_is_not_compressed() {
        for own in [&[][..], &["same-origin"], &["none"]] {
            assert!(is_compressed(own, true).await, "{own:?}");
        }
        for foreign in [
            &["cross-site"][..],
            &["same-site"],
            &["SAME-ORIGIN"],
            &[""],
            &["same-origin", "same-site"],
        ] {
            assert!(!is_compressed(foreign, true).await, "{foreign:?}");
            // Without a cookie there is nothing to find out.
            assert!(is_compressed(foreign, false).await, "{foreign:?}");
        }
    }
}
