//! Connections: how many are open at once, and how long each may take.

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutWriter;
use tower::ServiceExt;

use crate::middleware::{RESPONSE_TIMEOUT, record_refusal};

/// Maximum number of open connections; further ones wait in the system's accept queue.
const MAX_CONNECTIONS: usize = 8_192;
/// Minimum number of open connections, however few files the system allows.
const MIN_CONNECTIONS: usize = 16;
/// Open files besides connections: the database, cached responses, requests to services.
const OTHER_FILES: u64 = 256;
/// Maximum number of headers in a request.
const MAX_HEADERS: usize = 64;
/// Maximum size of a request's head in bytes.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Age at which a connection is closed, once its current request is finished: a client that takes
/// one byte at a time must not hold a connection forever.
const MAX_CONNECTION_AGE: Duration = Duration::from_secs(600);
/// While more than half of the connections are in use, the timeout of a request's head is divided
/// by this.
const CROWDED_TIMEOUT_DIVISOR: u32 = 8;
/// Time for running requests to finish when the server shuts down.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause after the system failed to accept a connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// Serves until `shutdown` completes, then finishes the running requests. `client_timeout` is the
/// maximum time for receiving a request's head, between two requests, and for a client to accept
/// any part of a response.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    client_timeout: Duration,
    shutdown: impl Future<Output = ()>,
) {
    let max_connections = max_connections();
    let permits = Arc::new(Semaphore::new(max_connections));
    let (shutdown_sender, shutdown_receiver) = watch::channel(false);
    let mut shutdown = pin!(shutdown);
    let mut is_failing = false;
    loop {
        let accept = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept => accepted,
        };
        // The semaphore is never closed.
        let Ok(permit) = permit else { break };
        match accepted {
            Ok((stream, peer)) => {
                is_failing = false;
                let connection = Connection {
                    stream,
                    peer,
                    router: router.clone(),
                    client_timeout,
                    is_crowded: permits.available_permits() < max_connections / 2,
                    shutdown: shutdown_receiver.clone(),
                };
                tokio::spawn(connection.serve(permit));
            }
            Err(error) if is_connection_error(&error) => {}
            Err(error) => {
                if !std::mem::replace(&mut is_failing, true) {
                    tracing::error!(%error, "cannot accept connections");
                }
                record_refusal("connection");
                sleep(ACCEPT_RETRY_DELAY).await;
            }
        }
    }
    drop(listener);
    drop(shutdown_receiver);
    // Fails only when no connection is open.
    let _ = shutdown_sender.send(true);
    if timeout(SHUTDOWN_TIMEOUT, shutdown_sender.closed()).await.is_err() {
        tracing::warn!("shutdown timed out before every response was sent");
    }
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    client_timeout: Duration,
    is_crowded: bool,
    shutdown: watch::Receiver<bool>,
}

impl Connection {
    async fn serve(self, _permit: OwnedSemaphorePermit) {
        let Connection { stream, peer, router, client_timeout, is_crowded, mut shutdown } = self;
        // A response is written in pieces. With Nagle's algorithm each would wait for the
        // acknowledgement of the one before.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        // hyper starts this timeout when it waits for a request: it also bounds idle connections.
        let head_timeout =
            if is_crowded { client_timeout / CROWDED_TIMEOUT_DIVISOR } else { client_timeout };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_timeout)
            .keep_alive(!is_crowded)
            .max_headers(MAX_HEADERS)
            .max_header_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(with_write_timeout(stream, client_timeout)), service);
        let mut connection = pin!(connection);
        tokio::select! {
            result = connection.as_mut() => return record_end(result),
            _ = shutdown.wait_for(|is_shutting_down| *is_shutting_down) => {}
            () = sleep(MAX_CONNECTION_AGE) => {}
        }
        connection.as_mut().graceful_shutdown();
        let last_request = MAX_CONNECTION_AGE.min(client_timeout + RESPONSE_TIMEOUT);
        if let Ok(result) = timeout(last_request, connection).await {
            record_end(result);
        }
    }
}

/// Fails a write that the client accepts nothing of within the timeout. Reads are bounded
/// elsewhere: heads by hyper, bodies by [`crate::middleware::limit_body`].
fn with_write_timeout(
    stream: TcpStream,
    write_timeout: Duration,
) -> Pin<Box<TimeoutWriter<TcpStream>>> {
    let mut stream = TimeoutWriter::new(stream);
    stream.set_timeout(Some(write_timeout));
    Box::pin(stream)
}

/// Counts a connection that was refused. Other errors of a connection are nothing for the operator
/// to act on.
fn record_end(result: hyper::Result<()>) {
    let Err(error) = result else { return };
    if error.is_timeout() {
        record_refusal("slow-head");
    } else if error.is_parse() {
        record_refusal("malformed");
    } else if is_write_timeout(&error) {
        record_refusal("not-reading");
    }
    tracing::debug!(%error, "connection closed with an error");
}

/// Whether the write timeout expired. A timeout of the system's own, such as that of TCP
/// retransmission, has an error code.
fn is_write_timeout(error: &hyper::Error) -> bool {
    error.source().and_then(|source| source.downcast_ref::<io::Error>()).is_some_and(|error| {
        error.kind() == io::ErrorKind::TimedOut && error.raw_os_error().is_none()
    })
}

/// Whether the error concerns the accepted connection only, which its client has closed already.
fn is_connection_error(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Maximum number of open connections that the system's limit of open files allows. The first call
/// raises that limit as far as is needed.
pub fn max_connections() -> usize {
    static MAX: OnceLock<usize> = OnceLock::new();
    *MAX.get_or_init(|| {
        let wanted = MAX_CONNECTIONS as u64 + OTHER_FILES;
        let files = rlimit::increase_nofile_limit(wanted).unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot raise the limit of open files");
            current_file_limit(wanted)
        });
        usize::try_from(files.saturating_sub(OTHER_FILES))
            .unwrap_or(MAX_CONNECTIONS)
            .clamp(MIN_CONNECTIONS, MAX_CONNECTIONS)
    })
}

#[cfg(unix)]
fn current_file_limit(otherwise: u64) -> u64 {
    rlimit::Resource::NOFILE.get_soft().unwrap_or(otherwise)
}

#[cfg(not(unix))]
fn current_file_limit(otherwise: u64) -> u64 {
    otherwise
}
