//! The body of a response on its way to a client.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};

use super::timeout_stream::RequestInProgress;

/// Maximum size of a part that is handed to the connection at once, in bytes.
pub const MAX_PART_BYTES: usize = 8 * 1024;

/// Hands a body to the connection in small parts of their own. A body that is one large part would
/// wait in the buffer of the connection as a whole, already counted as sent: it stays here instead,
/// with its share of the pool of held bytes, until the client has accepted it.
pub struct ResponseBody {
    body: Body,
    /// The rest of a large part.
    rest: Bytes,
    _request: RequestInProgress,
}

impl ResponseBody {
    pub fn new(body: Body, request: RequestInProgress) -> Self {
        ResponseBody { body, rest: Bytes::new(), _request: request }
    }
}

impl hyper::body::Body for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if this.rest.is_empty() {
            let frame = match ready!(Pin::new(&mut this.body).poll_frame(cx)) {
                Some(Ok(frame)) => frame,
                end => return Poll::Ready(end),
            };
            match frame.into_data() {
                Ok(data) if data.len() > MAX_PART_BYTES => this.rest = data,
                Ok(data) => return Poll::Ready(Some(Ok(Frame::data(data)))),
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        let part = this.rest.split_to(this.rest.len().min(MAX_PART_BYTES));
        // A copy, since a slice would keep the whole allocation alive in the connection's buffer.
        Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(&part)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, following) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        if let Some(upper) = following.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint.set_lower(following.lower().saturating_add(rest));
        hint
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http_body_util::BodyExt;
    use hyper::body::Body as _;

    use super::*;
    use crate::server::timeout_stream::Requests;

    #[tokio::test]
    async fn a_large_part_is_handed_on_in_small_ones_and_nothing_is_lost() {
        let requests = Arc::new(Requests::default());
        let bytes: Vec<u8> = (0..100_003_u32).map(|number| number.to_le_bytes()[0]).collect();
        let mut body = ResponseBody::new(Body::from(bytes.clone()), requests.begin());
        assert_eq!(body.size_hint().exact(), Some(100_003));
        let mut received: Vec<u8> = Vec::new();
        while let Some(frame) = body.frame().await {
            let part = frame.expect("a body in memory").into_data().expect("data");
            assert!(part.len() <= MAX_PART_BYTES);
            received.extend_from_slice(&part);
            assert_eq!(body.size_hint().exact(), Some((bytes.len() - received.len()) as u64));
            assert_eq!(body.is_end_stream(), received.len() == bytes.len());
        }
        assert!(received == bytes);
    }
}
