//! One loopback server in the place of every public service: it answers `/HOST/PATH?QUERY` with a widget's sample, moved to now. Some
//! requests are always slow, some always fail, some are never answered; which ones follows from their address.

mod answers;
mod shift;

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::BenchError;
use answers::Answers;

/// A slow request is answered after so long.
const SLOW: Duration = Duration::from_secs(3);
/// Longer than anybody waits.
const NEVER: Duration = Duration::from_secs(600);

/// How the services behave: shares of all distinct requests, in thousandths, and the time of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// Never answered.
    pub hang: u64,
    /// Answered with a 500.
    pub fail: u64,
    /// Answered after three seconds.
    pub slow: u64,
    /// The quickest answer, in milliseconds.
    pub quickest: u64,
    /// The difference between the quickest answer and the longest that is not called slow, in milliseconds.
    pub spread: u64,
}

impl Manners {
    /// As on a morning when not all is well.
    pub const MORNING: Manners = Manners { hang: 5, fail: 10, slow: 20, quickest: 50, spread: 350 };
    /// Every answer after 200 ms.
    pub const EVEN: Manners = Manners { hang: 0, fail: 0, slow: 0, quickest: 200, spread: 0 };
}

/// What was asked so far.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// Of all services.
    pub total: u64,
    /// Of each host.
    pub by_host: HashMap<String, u64>,
    distinct: HashSet<u64>,
    /// That no widget asks.
    pub unknown: Vec<String>,
    /// When the first was asked, and when the last was answered.
    pub between: Option<(Instant, Instant)>,
}

impl Calls {
    /// How many different requests there were.
    pub fn distinct(&self) -> usize {
        self.distinct.len()
    }
}

/// The server, which lives as long as the process.
pub struct StandIn {
    /// Where it is.
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    answers: Answers,
    manners: Manners,
    calls: Mutex<Calls>,
}

impl State {
    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StandIn {
    /// Starts it on a free port of loopback.
    pub async fn start(manners: Manners) -> Result<Self, BenchError> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let answers =
            Answers::of_embedded().map_err(|error| BenchError::Message(error.to_string()))?;
        let state = Arc::new(State { answers, manners, calls: Mutex::default() });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                // Without it an answer would only be a little later.
                let _ = stream.set_nodelay(true);
                let state = Arc::clone(&serving);
                tokio::spawn(async move {
                    let service = service_fn(|request| answer(&state, request));
                    // Whoever asked may leave at any time.
                    let _ =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Ok(StandIn { address, state })
    }

    /// What was asked so far.
    pub fn calls(&self) -> Calls {
        self.state.calls().clone()
    }

    /// Forgets what was asked so far.
    pub fn forget(&self) {
        *self.state.calls() = Calls::default();
    }

    /// How much was asked so far, and how much of it was different.
    pub fn counts(&self) -> (u64, usize) {
        let calls = self.state.calls();
        (calls.total, calls.distinct())
    }
}

async fn answer(
    state: &State,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let asked = Instant::now();
    let whole = request.uri().path();
    let (host, path) = whole[1..].split_once('/').unwrap_or((&whole[1..], ""));
    let query = request.uri().query().unwrap_or_default();
    let mut hasher = DefaultHasher::new();
    (request.method().as_str(), request.uri().to_string()).hash(&mut hasher);
    let hash = hasher.finish();
    let found = state.answers.to(request.method() == Method::POST, host, path, query);
    {
        let mut calls = state.calls();
        calls.total += 1;
        *calls.by_host.entry(host.to_owned()).or_default() += 1;
        calls.distinct.insert(hash);
        if found.is_none() && calls.unknown.len() < 20 {
            calls.unknown.push(request.uri().to_string());
        }
    }
    let Manners { hang, fail, slow, quickest, spread } = state.manners;
    let lot = hash % 1_000;
    let wait = match lot {
        lot if lot < hang => NEVER,
        lot if lot < hang + fail + slow && lot >= hang + fail => SLOW,
        _ => Duration::from_millis(quickest + (hash >> 16) % spread.max(1)),
    };
    tokio::time::sleep(wait).await;
    let answered = Instant::now();
    let mut calls = state.calls();
    let (began, _) = calls.between.unwrap_or((asked, answered));
    calls.between = Some((began, answered));
    drop(calls);
    let (status, body) = match found {
        _ if (hang..hang + fail).contains(&lot) => {
            (StatusCode::INTERNAL_SERVER_ERROR, Bytes::new())
        }
        Some(body) => (StatusCode::OK, body),
        None => (StatusCode::NOT_FOUND, Bytes::new()),
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    Ok(response)
}
