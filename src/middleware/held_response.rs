//! Bounds the bytes of responses that wait for their clients.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_ENCODING;
use axum::http::{Extensions, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Frame, SizeHint};

use super::{ClientIp, MiddlewareState, PoolShare, Rejection};

/// A response up to this size is held without a share of the pool of held bytes: redirects, and
/// pages that say what went wrong.
const UNCOUNTED_BYTES: u64 = 8 * 1024;

/// Marks a response whose whole body is in memory, as that of a page is; a file is read in parts.
#[derive(Clone, Copy)]
struct InMemory;

/// Marks the response of a handler that makes its whole body in memory.
pub(super) fn mark_in_memory(extensions: &mut Extensions) {
    extensions.insert(InMemory);
}

/// Gives a response in memory a share of the pool of held bytes until its client has accepted it,
/// and refuses it when the client or all clients together hold too much. It works outside of
/// compression: a compressed page is finished first, so that neither the page as it was nor the
/// state of the compressor waits for the client.
pub async fn hold_response(
    State(state): State<Arc<MiddlewareState>>,
    request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get::<ClientIp>().map(|client| client.key);
    let is_head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    if is_head || response.extensions_mut().remove::<InMemory>().is_none() {
        return response;
    }
    if response.headers().contains_key(CONTENT_ENCODING) {
        let (parts, body) = response.into_parts();
        let Ok(compressed) = body.collect().await else {
            return Rejection::Overloaded.into_response();
        };
        response = Response::from_parts(parts, Body::from(compressed.to_bytes()));
    }
    let length = response.body().size_hint().lower();
    if length <= UNCOUNTED_BYTES {
        return response;
    }
    let share =
        usize::try_from(length).ok().and_then(|length| state.held_bytes.take(client, length));
    match share {
        Some(share) => response.map(|body| Body::new(HeldBody { body, _share: share })),
        None => Rejection::Overloaded.into_response(),
    }
}

/// A body with its share of the pool of held bytes.
struct HeldBody {
    body: Body,
    _share: PoolShare,
}

impl hyper::body::Body for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::http::StatusCode;
    use axum::http::header::ACCEPT_ENCODING;
    use axum::middleware::{from_fn_with_state, map_response};
    use axum::routing::get;
    use tower::ServiceExt;
    use tower_http::compression::CompressionLayer;

    use super::*;
    use crate::middleware::MiddlewareOptions;

    const PAGE_BYTES: usize = 300_000;

    fn state() -> Arc<MiddlewareState> {
        let options = MiddlewareOptions {
            public_url: None,
            trusted_proxies: Vec::new(),
            visits_per_minute: 0,
            client_timeout: Duration::from_secs(60),
            max_connections: 16,
        };
        Arc::new(MiddlewareState::new(options).expect("no public URL"))
    }

    async fn visit(state: &Arc<MiddlewareState>, client: u8, encoding: &str) -> Response {
        let mark = async |mut response: Response| {
            mark_in_memory(response.extensions_mut());
            response
        };
        let router = Router::new()
            .route("/", get(|| async { "page ".repeat(PAGE_BYTES / 5) }))
            .layer(map_response(mark))
            .layer(CompressionLayer::new())
            .layer(from_fn_with_state(Arc::clone(state), hold_response));
        let key = [192, 0, 2, client].into();
        let request = Request::get("/")
            .header(ACCEPT_ENCODING, encoding)
            .extension(ClientIp { key, via_proxy: false })
            .body(Body::empty())
            .expect("a request");
        router.oneshot(request).await.expect("a response")
    }

    #[tokio::test]
    async fn a_page_holds_its_bytes_until_it_is_sent_and_a_compressed_one_fewer() {
        let state = state();
        let page = visit(&state, 1, "identity").await;
        assert_eq!(state.held_bytes.in_use(), PAGE_BYTES);
        let sent = page.into_body().collect().await.expect("a page").to_bytes();
        assert_eq!((sent.len(), state.held_bytes.in_use()), (PAGE_BYTES, 0));

        let page = visit(&state, 1, "gzip").await;
        assert!(page.headers().contains_key(CONTENT_ENCODING));
        let length = page.body().size_hint().exact().expect("a finished page");
        assert!(length < PAGE_BYTES as u64 / 10, "{length}");
        assert!(state.held_bytes.in_use() < PAGE_BYTES / 10);
    }

    #[tokio::test]
    async fn a_client_that_reads_nothing_is_refused_before_others_are() {
        let state = state();
        let mut unread = Vec::new();
        let refused = loop {
            let page = visit(&state, 1, "identity").await;
            if page.status() != StatusCode::OK {
                break page;
            }
            unread.push(page);
            assert!(unread.len() * PAGE_BYTES < state.held_bytes.max());
        };
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(visit(&state, 2, "identity").await.status(), StatusCode::OK);
        drop(unread);
        assert_eq!(state.held_bytes.in_use(), 0);
        assert_eq!(visit(&state, 1, "identity").await.status(), StatusCode::OK);
    }
}
