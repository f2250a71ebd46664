//! Answers that are small and cause much work, much memory or a panic; widgets that ask for them,
//! and one gateway that gives them.

mod answers;
mod widgets;

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

pub use answers::{HostileAnswer, hostile_answers};
pub use widgets::write_hostile_widget;

/// No two bodies among this number of responses are equal.
const DISTINCT_BODIES: usize = 1_000;

/// Starts a gateway to the services of [`hostile_answers`] on a free port of loopback, for as long
/// as the process lives. All other hosts answer 404. With `distinct`, each response ends in
/// another number of line breaks, so that no cache knows it.
///
/// # Errors
/// When no port is free.
pub async fn start_hostile_services(
    answers: &[HostileAnswer],
    distinct: bool,
) -> io::Result<SocketAddr> {
    let bodies: HashMap<String, String> = answers
        .iter()
        .map(|answer| (format!("{}.example", answer.id), answer.body.clone()))
        .collect();
    let bodies = Arc::new(bodies);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let served = Arc::new(AtomicUsize::new(0));
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let (bodies, served) = (Arc::clone(&bodies), Arc::clone(&served));
            tokio::spawn(async move {
                let service = service_fn(move |request: Request<Incoming>| {
                    let host = request.uri().path().split('/').nth(1).unwrap_or_default();
                    let body = bodies.get(host).cloned();
                    let number = served.fetch_add(1, Ordering::Relaxed) % DISTINCT_BODIES;
                    async move { Ok::<_, Infallible>(response(body, if distinct { number } else { 0 })) }
                });
                // The client may disconnect at any time.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Ok(address)
}

fn response(body: Option<String>, line_breaks: usize) -> Response<Full<Bytes>> {
    let found = body.is_some();
    let mut body = body.unwrap_or_default();
    body.push_str(&"\n".repeat(line_breaks));
    let mut response = Response::new(Full::new(Bytes::from(body)));
    if !found {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
