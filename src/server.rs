//! Connections: how many are open at once, how long each may take, and how much it may hold.

mod response_body;
mod timeout_stream;

use std::error::Error as _;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use self::response_body::ResponseBody;
use self::timeout_stream::{ClientTimeout, Requests, TimeoutStream};
use crate::middleware::{
    AdaptiveTimeout, ClientIp, Network, PoolShare, RESPONSE_TIMEOUT, SharedPool, record_refusal,
};

/// Maximum number of open connections; further ones wait in the system's accept queue.
const MAX_CONNECTIONS: usize = 8_192;
/// Minimum number of open connections, however few files the system allows.
const MIN_CONNECTIONS: usize = 16;
/// Open files besides connections: the database, cached responses, requests to services.
const OTHER_FILES: u64 = 256;
/// Maximum number of headers in a request.
const MAX_HEADERS: usize = 64;
/// Maximum size of a request's head in bytes, and of what a connection buffers of requests and of
/// responses. A client that reads nothing costs this much, and what it holds of the pool.
const MAX_HEAD_BYTES: usize = 16 * 1024;
/// Size of the system's buffer of a connection in each direction, in bytes: about one compressed
/// page. Linux reserves twice as much, and lets it grow to megabytes if nothing is set.
const SOCKET_BUFFER_BYTES: u32 = 32 * 1024;
/// Connections that wait in the system's queue to be accepted.
const ACCEPT_QUEUE: u32 = 1_024;
/// Age at which a connection is closed, once its current request is finished: a client that takes
/// one byte at a time must not hold a connection forever.
const MAX_CONNECTION_AGE: Duration = Duration::from_secs(600);
/// Time for running requests to finish when the server shuts down.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause after the system failed to accept a connection.
const ACCEPT_RETRY_DELAY: Duration = Duration::from_millis(100);

/// The bounds of a server.
#[derive(Clone)]
pub struct Limits {
    /// Maximum time for receiving a request's head, between two requests, and for a client to
    /// accept any part of a response. It is shorter while the server is crowded.
    pub client_timeout: Duration,
    /// The open connections.
    pub connections: Arc<SharedPool>,
    /// The bytes that are held for clients.
    pub held_bytes: Arc<SharedPool>,
    /// Proxies, whose connections are those of many clients.
    pub trusted_proxies: Vec<Network>,
}

/// Listens on an address. The buffers of connections are small, so that a client that does not read
/// costs little.
///
/// # Errors
/// When the address cannot be used.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A server that is started again must not wait for the connections of the one before.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    // Accepted connections inherit both.
    socket.set_send_buffer_size(SOCKET_BUFFER_BYTES)?;
    socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(ACCEPT_QUEUE)
}

/// Serves until `shutdown` completes, then finishes the running requests.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) {
    let permits = Arc::new(Semaphore::new(limits.connections.max()));
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
                let client = ClientIp::of_peer(peer.ip(), &limits.trusted_proxies);
                let Some(share) = limits.connections.take(client, 1) else {
                    // Nothing is sent: whoever takes a quarter of all connections gets no more.
                    record_refusal("crowd");
                    continue;
                };
                let connection = Connection {
                    stream,
                    peer,
                    router: router.clone(),
                    limits: limits.clone(),
                    shutdown: shutdown_receiver.clone(),
                    slot: ConnectionSlot { _share: share, _permit: permit },
                };
                tokio::spawn(connection.serve());
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

/// The place of a connection. The share is given back first, so that whoever gets the permit finds
/// a place in the pool.
struct ConnectionSlot {
    _share: PoolShare,
    _permit: OwnedSemaphorePermit,
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    shutdown: watch::Receiver<bool>,
    slot: ConnectionSlot,
}

impl Connection {
    async fn serve(self) {
        let Connection { stream, peer, router, limits, mut shutdown, slot: _slot } = self;
        let Limits { client_timeout, connections, held_bytes, .. } = limits;
        // A response is written in pieces. With Nagle's algorithm each would wait for the
        // acknowledgement of the one before.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let requests = Arc::new(Requests::default());
        let stream = TimeoutStream::new(
            stream,
            Arc::clone(&requests),
            AdaptiveTimeout::new(client_timeout, &[&connections]),
            AdaptiveTimeout::new(client_timeout, &[&connections, &held_bytes]),
        );
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let request_in_progress = requests.begin();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let response = router.clone().oneshot(request);
            async move {
                let response = response.await?;
                let body = |body| ResponseBody::new(body, request_in_progress);
                Ok::<_, std::convert::Infallible>(response.map(body))
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // hyper starts this timeout when it waits for a request: it also bounds idle
            // connections. The stream shortens it in a crowd.
            .header_read_timeout(client_timeout)
            .keep_alive(!connections.is_crowded())
            .max_headers(MAX_HEADERS)
            .max_header_size(MAX_HEAD_BYTES)
            .max_buf_size(MAX_HEAD_BYTES)
            .serve_connection(TokioIo::new(stream), service);
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

/// Counts a connection that was refused. Other errors of a connection are nothing for the operator
/// to act on.
fn record_end(result: hyper::Result<()>) {
    let Err(error) = result else { return };
    match exceeded_timeout(&error) {
        _ if error.is_timeout() => record_refusal("slow-head"),
        _ if error.is_parse() => record_refusal("malformed"),
        Some(ClientTimeout::Head) => record_refusal("slow-head"),
        Some(ClientTimeout::Response) => record_refusal("not-reading"),
        None => {}
    }
    tracing::debug!(%error, "connection closed with an error");
}

/// The timeout of ours that ended a connection. A timeout of the system's own, such as that of TCP
/// retransmission, is none of these.
fn exceeded_timeout(error: &hyper::Error) -> Option<ClientTimeout> {
    let error = error.source()?.downcast_ref::<io::Error>()?;
    error.get_ref()?.downcast_ref().copied()
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

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// Serves one large page and returns the address.
    async fn start(limits: Limits) -> SocketAddr {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/", get(|| async { "x".repeat(PAGE_BYTES) }));
        tokio::spawn(serve(listener, router, limits, std::future::pending()));
        address
    }

    const PAGE_BYTES: usize = 1_000_000;

    fn limits(connections: usize, trusted_proxies: &[&str]) -> Limits {
        Limits {
            client_timeout: Duration::from_secs(60),
            connections: SharedPool::new(connections),
            held_bytes: SharedPool::new(1),
            trusted_proxies: trusted_proxies
                .iter()
                .map(|network| network.parse().expect("a network"))
                .collect(),
        }
    }

    async fn connect(address: SocketAddr) -> TcpStream {
        TcpStream::connect(address).await.expect("a connection")
    }

    async fn visit(address: SocketAddr) -> Vec<u8> {
        let mut stream = connect(address).await;
        let mut response = Vec::new();
        // Both fail when the connection is refused.
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        let _ = stream.read_to_end(&mut response).await;
        response
    }

    /// Opens connections until as many as this are accepted.
    async fn occupy(address: SocketAddr, pool: &SharedPool, wanted: usize) -> Vec<TcpStream> {
        let mut open = Vec::new();
        for _ in 0..wanted {
            open.push(connect(address).await);
        }
        while pool.in_use() < wanted {
            tokio::task::yield_now().await;
        }
        open
    }

    #[tokio::test]
    async fn a_client_with_half_of_the_connections_gets_no_more() {
        let limits = limits(16, &[]);
        let pool = Arc::clone(&limits.connections);
        let address = start(limits).await;
        let open = occupy(address, &pool, 8).await;
        assert!(visit(address).await.is_empty());
        assert_eq!(pool.in_use(), 8);
        drop(open);
        while pool.in_use() > 0 {
            tokio::task::yield_now().await;
        }
        assert!(visit(address).await.len() > PAGE_BYTES);
    }

    #[tokio::test]
    async fn a_trusted_proxy_may_take_all_connections() {
        let limits = limits(16, &["127.0.0.0/8"]);
        let pool = Arc::clone(&limits.connections);
        let address = start(limits).await;
        let _open = occupy(address, &pool, 15).await;
        let page = visit(address).await;
        assert!(page.starts_with(b"HTTP/1.1 200 ") && page.len() > PAGE_BYTES);
    }
}
