//! Bodies of responses: whole, cut off halfway, and endless as far as a client is concerned.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::State;

const HUGE_BYTES: usize = 50 * 1024 * 1024;
/// Time for the first half of a truncated body to leave before the connection breaks.
const BEFORE_BREAK: Duration = Duration::from_millis(50);

pub struct Payload(Kind);

enum Kind {
    Whole(Option<Bytes>),
    Truncated { half: Option<Bytes>, pause: Pin<Box<Sleep>> },
    Huge { sent: usize, piece: Bytes, state: Arc<State> },
}

impl Payload {
    pub fn whole(bytes: Bytes) -> Self {
        Payload(Kind::Whole(Some(bytes).filter(|bytes| !bytes.is_empty())))
    }

    /// Half of a body, then an error.
    pub fn truncated(bytes: &Bytes) -> Self {
        let half = Some(bytes.slice(..bytes.len() / 2));
        Payload(Kind::Truncated { half, pause: Box::pin(sleep(BEFORE_BREAK)) })
    }

    /// A JSON list of 50 MB; the bytes that a client takes are counted.
    pub fn huge(state: Arc<State>) -> Self {
        let piece = "\"0123456789abcdef\",".repeat(3_000).into();
        Payload(Kind::Huge { sent: 0, piece, state })
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let bytes = match &mut self.0 {
            Kind::Whole(bytes) => bytes.take(),
            Kind::Truncated { half, pause } => match half.take() {
                Some(half) => Some(half),
                None => {
                    ready!(pause.as_mut().poll(context));
                    return Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())));
                }
            },
            Kind::Huge { sent, piece, state } => {
                let bytes = match *sent {
                    0 => Some(Bytes::from_static(b"[")),
                    1..HUGE_BYTES => Some(piece.clone()),
                    HUGE_BYTES.. if *sent < usize::MAX => Some(Bytes::from_static(b"\"\"]")),
                    _ => None,
                };
                let count = bytes.as_ref().map_or(0, Bytes::len);
                state.control().calls.huge_bytes += count as u64;
                *sent = if *sent >= HUGE_BYTES { usize::MAX } else { *sent + count };
                bytes
            }
        };
        Poll::Ready(bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.0, Kind::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            _ => SizeHint::default(),
        }
    }
}
