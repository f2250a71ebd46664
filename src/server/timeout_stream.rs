//! A stream that gives up a client which keeps the server waiting.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::middleware::AdaptiveTimeout;

/// How a client kept the server waiting for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientTimeout {
    /// It sent no request, or not the whole head of one.
    #[error("the client sent no request in time")]
    Head,
    /// It accepted nothing of a response.
    #[error("the client accepted nothing of a response in time")]
    Response,
}

/// The requests of a connection. It is the client's turn when none is in progress.
#[derive(Default)]
pub struct Requests {
    begun: AtomicUsize,
    in_progress: AtomicUsize,
}

/// A request that is being answered, until this is dropped.
pub struct RequestInProgress(Arc<Requests>);

impl Requests {
    /// Begins a request.
    pub fn begin(self: &Arc<Self>) -> RequestInProgress {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.in_progress.fetch_add(1, Ordering::Relaxed);
        RequestInProgress(Arc::clone(self))
    }
}

impl Drop for RequestInProgress {
    fn drop(&mut self) {
        self.0.in_progress.fetch_sub(1, Ordering::Relaxed);
    }
}

type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Bounds the time in which a client sends the head of a request, from the end of the response
/// before, and the time in which it accepts any part of a response. The body of a request is
/// bounded by [`crate::middleware::limit_body`].
pub struct TimeoutStream<S> {
    stream: S,
    requests: Arc<Requests>,
    for_head: AdaptiveTimeout,
    for_response: AdaptiveTimeout,
    head: Option<Wait>,
    /// The number of requests before the head that is waited for.
    before_head: usize,
    response: Option<Wait>,
}

impl<S> TimeoutStream<S> {
    pub fn new(
        stream: S,
        requests: Arc<Requests>,
        for_head: AdaptiveTimeout,
        for_response: AdaptiveTimeout,
    ) -> Self {
        TimeoutStream {
            stream,
            requests,
            for_head,
            for_response,
            head: None,
            before_head: 0,
            response: None,
        }
    }

    /// Whether a read that has to wait has waited for too long.
    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let is_ours = self.requests.in_progress.load(Ordering::Relaxed) > 0;
        if is_ours || self.response.is_some() {
            self.head = None;
            return Poll::Pending;
        }
        let begun = self.requests.begun.load(Ordering::Relaxed);
        if begun != self.before_head {
            self.before_head = begun;
            self.head = None;
        }
        let timeout = &self.for_head;
        let wait = self.head.get_or_insert_with(|| Box::pin(timeout.clone().expired()));
        ready!(wait.as_mut().poll(cx));
        Poll::Ready(Err(timed_out(ClientTimeout::Head)))
    }

    /// The result of a write; an error when the client has accepted nothing for too long.
    fn poll_response<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.response = None;
            return written;
        }
        let timeout = &self.for_response;
        let wait = self.response.get_or_insert_with(|| Box::pin(timeout.clone().expired()));
        ready!(wait.as_mut().poll(cx));
        Poll::Ready(Err(timed_out(ClientTimeout::Response)))
    }
}

fn timed_out(timeout: ClientTimeout) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, timeout)
}

impl<S: AsyncRead + Unpin> AsyncRead for TimeoutStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        match Pin::new(&mut this.stream).poll_read(cx, buffer) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => this.poll_head(cx),
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimeoutStream<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.poll_response(cx, written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.poll_response(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(cx);
        if flushed.is_pending() { this.poll_response(cx, flushed) } else { flushed }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut_down = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.poll_response(cx, shut_down)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;
    use crate::middleware::SharedPool;

    /// A stream with short timeouts, its other end, and its requests.
    fn short_timeout() -> (TimeoutStream<DuplexStream>, DuplexStream, Arc<Requests>) {
        let timeout = AdaptiveTimeout::new(Duration::from_millis(8), &[&SharedPool::new(1)]);
        let (ours, theirs) = duplex(16);
        let requests = Arc::new(Requests::default());
        let stream = TimeoutStream::new(ours, Arc::clone(&requests), timeout.clone(), timeout);
        (stream, theirs, requests)
    }

    fn cause(error: &io::Error) -> Option<ClientTimeout> {
        error.get_ref()?.downcast_ref().copied()
    }

    #[tokio::test]
    async fn a_client_that_sends_no_head_or_reads_no_response_is_given_up() {
        let (mut stream, mut client, _) = short_timeout();
        client.write_all(b"GET").await.expect("half a head");
        let error = stream.read_exact(&mut [0; 8]).await.expect_err("half a head");
        assert_eq!(cause(&error), Some(ClientTimeout::Head));

        let (mut stream, client, _) = short_timeout();
        let error = stream.write_all(&[0; 64]).await.expect_err("a client that does not read");
        assert_eq!(cause(&error), Some(ClientTimeout::Response));
        drop(client);
    }

    #[tokio::test]
    async fn a_client_is_not_given_up_while_it_waits_for_us() {
        let (mut stream, mut client, requests) = short_timeout();
        let request = requests.begin();
        let mut byte = [0; 1];
        let reading = stream.read_exact(&mut byte);
        let answering = async {
            // Several times the timeout.
            tokio::time::sleep(Duration::from_millis(40)).await;
            client.write_all(b"x").await.expect("an open stream");
        };
        let (read, ()) = tokio::join!(reading, answering);
        assert_eq!(read.expect("the stream is kept"), 1);
        drop(request);
        let error = stream.read_exact(&mut byte).await.expect_err("nothing more comes");
        assert_eq!(cause(&error), Some(ClientTimeout::Head));
    }
}
