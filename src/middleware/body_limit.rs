use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::LengthLimitError;
use hyper::body::Body as _;
use voordeur_shared::paths;

use super::{ClientIp, MiddlewareState, Rejection};

/// Maximum size of a request body in bytes; the longest form of a citizen is far smaller.
const MAX_BODY_BYTES: usize = 64 * 1024;
/// Maximum size of a request with a board's file, in bytes: the file and its frame.
const MAX_FILE_BODY_BYTES: usize = 128 * 1024;
/// A body up to this size is held without a share of the pool of held bytes; nearly every form is
/// smaller.
const UNCOUNTED_BYTES: usize = 4 * 1024;
/// Maximum number of fields in a form. A page with a form repeats its fields, each as an element.
const MAX_FORM_FIELDS: usize = 256;

/// Reads the whole body of a request, within limits of size and time, before the handler runs.
pub async fn limit_body(
    State(state): State<Arc<MiddlewareState>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let size = body.size_hint();
    // A body whose announced length is too large need not be read.
    let most = match parts.uri.path() {
        paths::IMPORT | paths::IMPORT_TAKE => MAX_FILE_BODY_BYTES,
        _ => MAX_BODY_BYTES,
    };
    if size.lower() > most as u64 {
        return Rejection::BodyTooLarge.into_response();
    }
    let longest = size.upper().and_then(|upper| usize::try_from(upper).ok());
    let longest = longest.unwrap_or(most).min(most);
    let client = parts.extensions.get::<ClientIp>().map(|client| client.key);
    let share = (longest > UNCOUNTED_BYTES).then(|| state.held_bytes.take(client, longest));
    // Held until the handler is done with the body.
    let Some(_share) = share.map_or(Some(None), |share| share.map(Some)) else {
        return Rejection::Overloaded.into_response();
    };
    let rejection = tokio::select! {
        biased;
        read = to_bytes(body, most) => match read {
            Ok(bytes) if has_too_many_fields(&parts.headers, &bytes) => Rejection::BodyTooLarge,
            Ok(bytes) => return next.run(Request::from_parts(parts, Body::from(bytes))).await,
            Err(error) if is_too_large(&error) => Rejection::BodyTooLarge,
            Err(_) => Rejection::BodyIncomplete,
        },
        () = state.body_timeout.clone().expired() => Rejection::BodyTimeout,
    };
    rejection.into_response()
}

fn has_too_many_fields(headers: &HeaderMap, body: &[u8]) -> bool {
    let is_form = headers.get(CONTENT_TYPE).is_some_and(|content_type| {
        content_type.as_bytes().starts_with(b"application/x-www-form-urlencoded")
    });
    is_form && body.iter().filter(|byte| **byte == b'&').count() >= MAX_FORM_FIELDS
}

fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<LengthLimitError>())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use tower::ServiceExt;

    use super::*;
    use crate::middleware::MiddlewareOptions;

    fn state() -> Arc<MiddlewareState> {
        let options = MiddlewareOptions {
            public_url: None,
            trusted_proxies: Vec::new(),
            visits_per_minute: 0,
            client_timeout: Duration::from_millis(80),
            max_connections: 16,
        };
        Arc::new(MiddlewareState::new(options).expect("no public URL"))
    }

    async fn send(state: &Arc<MiddlewareState>, body: Body) -> StatusCode {
        let layer = from_fn_with_state(Arc::clone(state), limit_body);
        let router = Router::new().route("/", post(|body: String| async { body })).layer(layer);
        let request = Request::post("/")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body)
            .expect("a request");
        router.oneshot(request).await.expect("a response").status()
    }

    #[tokio::test]
    async fn a_form_is_bounded_in_bytes_and_in_fields() {
        let state = state();
        for (body, status) in [
            ("x".repeat(MAX_BODY_BYTES), StatusCode::OK),
            ("x".repeat(MAX_BODY_BYTES + 1), StatusCode::PAYLOAD_TOO_LARGE),
            (vec!["x="; MAX_FORM_FIELDS].join("&"), StatusCode::OK),
            (vec!["x="; MAX_FORM_FIELDS + 1].join("&"), StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            assert_eq!(send(&state, Body::from(body)).await, status);
        }
        assert_eq!(state.held_bytes.in_use(), 0);
    }

    #[tokio::test]
    async fn only_the_file_of_a_board_may_be_larger() {
        let layer = from_fn_with_state(state(), limit_body);
        let echo = || post(|_: axum::body::Bytes| async { StatusCode::OK });
        let router =
            Router::new().route(paths::IMPORT, echo()).route(paths::WELCOME, echo()).layer(layer);
        for (path, bytes, status) in [
            (paths::IMPORT, MAX_FILE_BODY_BYTES, StatusCode::OK),
            (paths::IMPORT, MAX_FILE_BODY_BYTES + 1, StatusCode::PAYLOAD_TOO_LARGE),
            (paths::WELCOME, MAX_BODY_BYTES + 1, StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            let request = Request::post(path).body(Body::from("x".repeat(bytes)));
            let answer = router.clone().oneshot(request.expect("a request")).await;
            assert_eq!(answer.expect("a response").status(), status, "{path} {bytes}");
        }
    }

    #[tokio::test]
    async fn a_body_that_stops_is_given_up_and_a_long_one_takes_a_share() {
        let state = state();
        let endless =
            || Body::from_stream(futures::stream::pending::<Result<String, axum::Error>>());
        assert_eq!(send(&state, endless()).await, StatusCode::REQUEST_TIMEOUT);
        let share = state.held_bytes.take(None, state.held_bytes.max() - UNCOUNTED_BYTES);
        assert!(share.is_some());
        assert_eq!(send(&state, endless()).await, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(send(&state, Body::from("place=1850")).await, StatusCode::OK);
    }
}
