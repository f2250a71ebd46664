//! Connections: how many, and how long each may take.

use std::convert::Infallible;
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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::middleware::refused;
use crate::middleware::write_timeout::WriteTimeout;

/// The most connections that are open at once; who comes after that waits in the system's queue.
const MOST: usize = 8_192;
/// Files that are open besides connections: the database, answers on disk, flights to services.
const OTHER_FILES: u64 = 256;
/// The most headers of one request.
const MOST_HEADERS: usize = 64;
/// The most bytes of a request up to its body.
const LARGEST_HEAD: usize = 16 * 1024;
/// A connection is closed after so long, once what it began is finished: one that takes a byte at a time holds nothing for ever.
const LONGEST_LIFE: Duration = Duration::from_secs(600);
/// While more than half of the connections are taken, who sends nothing is given up after this part of the usual patience.
const PART_IN_A_CROWD: u32 = 8;
/// What is still being answered when the server is told to stop gets so much time.
const LAST_ANSWERS: Duration = Duration::from_secs(10);
/// Waited before the next try when the system gives no connection.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until it is told to stop, and then finishes what it has begun. `patience` is how long the other side of a connection may keep it
/// waiting: for a whole head of a request, between two requests, or for taking any part of an answer.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Duration,
    stop: impl Future<Output = ()>,
) {
    let most = most();
    let free = Arc::new(Semaphore::new(most));
    let (ending, ended) = watch::channel(false);
    let mut stop = pin!(stop);
    let mut failing = false;
    loop {
        let taken = async {
            let place = Arc::clone(&free).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut stop => break,
            taken = taken => taken,
        };
        // The semaphore is never closed.
        let Ok(place) = place else { break };
        match accepted {
            Ok((stream, peer)) => {
                failing = false;
                let crowded = free.available_permits() < most / 2;
                let connection = Connection {
                    stream,
                    peer,
                    router: router.clone(),
                    patience,
                    crowded,
                    ended: ended.clone(),
                };
                tokio::spawn(connection.serve(place));
            }
            // The other side has gone already.
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    tracing::error!(%error, "no connection can be taken");
                }
                refused("connection");
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    drop(ended);
    // An error means that nobody is left.
    let _ = ending.send(true);
    if timeout(LAST_ANSWERS, ending.closed()).await.is_err() {
        tracing::warn!("stopped before every answer was sent");
    }
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Duration,
    crowded: bool,
    ended: watch::Receiver<bool>,
}

impl Connection {
    async fn serve(self, _place: OwnedSemaphorePermit) {
        let Connection { stream, peer, router, patience, crowded, mut ended } = self;
        // Answers are written in pieces: without this each page would wait for the acknowledgement of the one before (Nagle's algorithm).
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY cannot be set");
        }
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let router = router.clone();
            async move { Ok::<_, Infallible>(answered(router.oneshot(request).await)) }
        });
        // hyper runs this time from when it wants a request, so it holds for a connection that sends nothing too.
        let head = if crowded { patience / PART_IN_A_CROWD } else { patience };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .keep_alive(!crowded)
            .max_headers(MOST_HEADERS)
            .max_header_size(LARGEST_HEAD)
            .serve_connection(TokioIo::new(WriteTimeout::new(stream, patience)), service);
        let mut connection = pin!(connection);
        let told = tokio::select! {
            served = connection.as_mut() => {
                note(served);
                false
            }
            _ = ended.wait_for(|ended| *ended) => true,
            () = sleep(LONGEST_LIFE) => true,
        };
        if told {
            connection.as_mut().graceful_shutdown();
            let rest =
                timeout(LONGEST_LIFE.min(patience + crate::middleware::LONGEST_ANSWER), connection);
            if let Ok(served) = rest.await {
                note(served);
            }
        }
    }
}

fn answered(answer: Result<axum::response::Response, Infallible>) -> axum::response::Response {
    match answer {
        Ok(answer) => answer,
    }
}

/// How a connection ended; what a browser does with one is nothing for the operator to act on.
fn note(served: hyper::Result<()>) {
    let Err(error) = served else { return };
    if error.is_timeout() {
        refused("slow-head");
    } else if error.is_parse() {
        refused("malformed");
    }
    tracing::debug!(%error, "a connection ended");
}

fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// How many connections are open at once.
pub fn most() -> usize {
    static MOST_HERE: OnceLock<usize> = OnceLock::new();
    *MOST_HERE.get_or_init(most_of_the_system)
}

/// As many as the system lets this process have, once it was asked for as many as it gives.
fn most_of_the_system() -> usize {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};

        let mut limit = getrlimit(Resource::Nofile);
        let wished = limit.maximum.unwrap_or(u64::MAX).min(MOST as u64 + OTHER_FILES);
        if limit.current.is_some_and(|current| current < wished) {
            limit.current = Some(wished);
            if let Err(error) = setrlimit(Resource::Nofile, limit) {
                tracing::warn!(%error, "the system's limit of open files stays as it is");
            }
        }
        let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        usize::try_from(files.saturating_sub(OTHER_FILES)).unwrap_or(MOST).clamp(16, MOST)
    }
    #[cfg(not(unix))]
    MOST
}
