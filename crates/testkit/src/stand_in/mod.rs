//! One loopback server in place of every public service. Voordeur, started with `--sources
//! gateway=URL`, sends `GET URL/HOST/PATH?QUERY` here instead of `GET https://HOST/PATH?QUERY`, and
//! gets a widget's sample, moved to now.
//!
//! [`Behaviour`] makes shares of all requests slow, failed or unanswered; which ones follows from a
//! hash of their address. Faults of single hosts are set over HTTP:
//!
//! * `GET /__calls`: the calls so far, as JSON.
//! * `POST /__reset`: forgets calls, faults and latency.
//! * `POST /__latency` with `{"ms": 200}`: the time before every response.
//! * `POST /__fault` with `{"host": "api.irail.be", "kind": "slow", "ms": 30000}`. The host may be
//!   `*`. [`Fault`] has the kinds; `none`
//!   removes a fault.

mod fault;
mod payload;
mod samples;
mod shift;

use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::hostile::hostile_answers;
pub use fault::Fault;
use fault::{HTML, HostFault};
use payload::Payload;
use samples::Samples;
pub use shift::shifted;

/// The time before a slow response.
const SLOW: Duration = Duration::from_secs(3);
/// Longer than any client waits.
const NEVER: Duration = Duration::from_secs(600);
/// The maximum length of a control request, in bytes.
const MAX_CONTROL_BYTES: usize = 64 * 1024;
/// Of requests that no widget makes, only the first are listed.
const MAX_UNKNOWN: usize = 20;

/// How all services behave: shares of all distinct requests, in thousandths, and the time before a
/// response.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// Share that is never answered.
    pub hang: u64,
    /// Share that is answered with status 500.
    pub fail: u64,
    /// Share that is answered after 3 s.
    pub slow: u64,
    /// Share that is answered with one of [`crate::hostile::hostile_answers`] in the format of the
    /// sample, or another one.
    pub hostile: u64,
    /// The shortest time before a response, in milliseconds.
    pub quickest: u64,
    /// The difference between the shortest and the longest usual time, in milliseconds.
    pub spread: u64,
}

impl Behaviour {
    /// Every response at once.
    pub const INSTANT: Behaviour =
        Behaviour { hang: 0, fail: 0, slow: 0, hostile: 0, quickest: 0, spread: 0 };
    /// Every response after 200 ms.
    pub const STEADY: Behaviour = Behaviour { quickest: 200, ..Behaviour::INSTANT };
    /// As on a morning with some outages: 50 to 400 ms, 2 % slow, 1 % failed, 0.5 % unanswered.
    pub const UNSTEADY: Behaviour =
        Behaviour { hang: 5, fail: 10, slow: 20, hostile: 0, quickest: 50, spread: 350 };
}

/// The requests so far.
#[derive(Clone, Debug, Default)]
pub struct Calls {
    /// The number of requests to all services.
    pub total: u64,
    /// The number of requests to each host.
    pub by_host: HashMap<String, u64>,
    /// The number of each request, as `METHOD /HOST/PATH?QUERY`.
    pub by_request: HashMap<String, u64>,
    /// The first 20 distinct requests that no widget makes.
    pub unknown: Vec<String>,
    /// The bytes of endless bodies that were sent.
    pub huge_bytes: u64,
    /// The time of the first request and of the last response.
    pub between: Option<(Instant, Instant)>,
}

impl Calls {
    /// The number of distinct requests.
    pub fn distinct(&self) -> usize {
        self.by_request.len()
    }

    fn json(&self) -> Value {
        json!({
            "total": self.total,
            "requests": self.by_request,
            "hosts": self.by_host,
            "unknown": self.unknown,
            "hugeBytes": self.huge_bytes,
        })
    }
}

/// The server, which lives as long as the process.
pub struct StandIn {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<State>,
}

struct State {
    samples: Samples,
    behaviour: Behaviour,
    /// Hostile bodies, by whether they are JSON; empty without a share of them.
    hostile: HashMap<bool, Vec<Bytes>>,
    control: Mutex<Control>,
}

#[derive(Default)]
struct Control {
    calls: Calls,
    faults: HashMap<String, Fault>,
    latency: Duration,
}

impl State {
    fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StandIn {
    /// Starts it on a port of loopback; 0 is a free one.
    ///
    /// # Errors
    /// When the port is in use, or the bundled time zones are incomplete.
    pub async fn start(port: u16, behaviour: Behaviour) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let samples = Samples::embedded().map_err(io::Error::other)?;
        let state = Arc::new(State {
            samples,
            behaviour,
            hostile: hostile_bodies(behaviour),
            control: Mutex::default(),
        });
        let serving = Arc::clone(&state);
        tokio::spawn(async move {
            loop {
                let Ok((stream, _)) = listener.accept().await else { continue };
                // Without it a response only arrives a little later.
                let _ = stream.set_nodelay(true);
                let state = Arc::clone(&serving);
                tokio::spawn(async move {
                    let service = service_fn(|request| handle(&state, request));
                    // The client may disconnect at any time.
                    let _ =
                        http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Ok(StandIn { address, state })
    }

    /// The requests so far.
    pub fn calls(&self) -> Calls {
        self.state.control().calls.clone()
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.state.control().calls = Calls::default();
    }

    /// The number of requests so far, and of distinct ones.
    pub fn counts(&self) -> (u64, usize) {
        let control = self.state.control();
        (control.calls.total, control.calls.distinct())
    }

    /// Sets the time before every response.
    pub fn set_latency(&self, latency: Duration) {
        self.state.control().latency = latency;
    }
}

async fn handle(
    state: &Arc<State>,
    request: Request<Incoming>,
) -> Result<Response<Payload>, Infallible> {
    let whole = request.uri().path().to_owned();
    if whole.starts_with("/__") {
        return Ok(control(state, request).await);
    }
    let began = Instant::now();
    let (host, path) = whole[1..].split_once('/').unwrap_or((&whole[1..], ""));
    let query = request.uri().query().unwrap_or_default();
    let line = format!("{} {}", request.method(), request.uri());
    let mut hasher = DefaultHasher::new();
    line.hash(&mut hasher);
    let hash = hasher.finish();
    let (fault, latency) = {
        let mut control = state.control();
        control.calls.total += 1;
        *control.calls.by_host.entry(host.to_owned()).or_default() += 1;
        *control.calls.by_request.entry(line.clone()).or_default() += 1;
        let fault = control.faults.get(host).or_else(|| control.faults.get("*")).cloned();
        (fault.unwrap_or(Fault::None), control.latency)
    };
    let Behaviour { hang, fail, slow, hostile, quickest, spread } = state.behaviour;
    let lot = hash % 1_000;
    let usual = match lot {
        lot if lot < hang => NEVER,
        lot if lot < hang + fail + slow && lot >= hang + fail => SLOW,
        _ => Duration::from_millis(quickest + (hash >> 16) % spread.max(1)),
    };
    let wait = usual + latency + fault.delay();
    if !wait.is_zero() {
        tokio::time::sleep(wait).await;
    }
    let found = state.samples.find(request.method() == Method::POST, host, path, query);
    let ended = Instant::now();
    {
        let calls = &mut state.control().calls;
        calls.between = Some((calls.between.map_or(began, |(first, _)| first), ended));
        if found.is_none() && calls.unknown.len() < MAX_UNKNOWN && !calls.unknown.contains(&line) {
            calls.unknown.push(line);
        }
    }
    if (hang..hang + fail).contains(&lot) {
        return Ok(respond(500, "text/plain", Bytes::new()));
    }
    let first_hostile = hang + fail + slow;
    if let Some((_, content_type)) = &found
        && (first_hostile..first_hostile + hostile).contains(&lot)
        && let Some(bodies) = state.hostile.get(&content_type.contains("json"))
        && let Some(body) = bodies.get((hash >> 32) as usize % bodies.len().max(1))
    {
        return Ok(respond(200, content_type, body.clone()));
    }
    Ok(match (fault, found) {
        (Fault::Status { code }, _) => respond(code, "text/html", HTML),
        (Fault::Html, _) => respond(200, "text/html; charset=utf-8", HTML),
        (Fault::Huge, _) => {
            let mut response = Response::new(Payload::huge(Arc::clone(state)));
            set_type(&mut response, "application/json");
            response
        }
        (_, None) => respond(404, "text/plain", "no widget asks this\n"),
        (Fault::Drop, Some((body, content_type))) => {
            let length = HeaderValue::from(body.len());
            let mut response = Response::new(Payload::truncated(&body));
            set_type(&mut response, content_type);
            response.headers_mut().insert(CONTENT_LENGTH, length);
            response
        }
        (Fault::Replace { from, to }, Some((body, content_type))) => {
            let body = String::from_utf8_lossy(&body).replace(&from, &to);
            respond(200, content_type, body)
        }
        (Fault::Slow { .. } | Fault::None, Some((body, content_type))) => {
            respond(200, content_type, body)
        }
    })
}

fn hostile_bodies(behaviour: Behaviour) -> HashMap<bool, Vec<Bytes>> {
    let mut bodies: HashMap<bool, Vec<Bytes>> = HashMap::new();
    if behaviour.hostile > 0 {
        for answer in hostile_answers() {
            let json = answer.format.starts_with("json");
            bodies.entry(json).or_default().push(Bytes::from(answer.body));
        }
    }
    bodies
}

async fn control(state: &State, request: Request<Incoming>) -> Response<Payload> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, MAX_CONTROL_BYTES).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return error_response(400, &error.to_string()),
    };
    let value = match (&head.method, head.uri.path()) {
        (&Method::GET, "/__calls") => Ok(state.control().calls.json()),
        (&Method::POST, "/__reset") => {
            *state.control() = Control::default();
            Ok(Calls::default().json())
        }
        (&Method::POST, "/__latency") => serde_json::from_slice::<Value>(&body).and_then(|value| {
            let ms = serde_json::from_value(value["ms"].clone())?;
            state.control().latency = Duration::from_millis(ms);
            Ok(json!({ "ms": ms }))
        }),
        (&Method::POST, "/__fault") => serde_json::from_slice(&body).and_then(|fault| {
            let HostFault { host, fault } = fault;
            let faults = &mut state.control().faults;
            match fault {
                Fault::None => faults.remove(&host),
                fault => faults.insert(host, fault),
            };
            serde_json::to_value(&*faults)
        }),
        _ => {
            let known = "GET /__calls, POST /__reset, POST /__latency, POST /__fault";
            return error_response(404, known);
        }
    };
    match value {
        Ok(value) => respond(200, "application/json", value.to_string()),
        Err(error) => error_response(400, &error.to_string()),
    }
}

fn error_response(status: u16, error: &str) -> Response<Payload> {
    respond(status, "application/json", json!({ "error": error }).to_string())
}

fn respond(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Response<Payload> {
    let mut response = Response::new(Payload::whole(body.into()));
    set_type(&mut response, content_type);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

fn set_type(response: &mut Response<Payload>, content_type: &'static str) {
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HttpClient;

    #[tokio::test]
    async fn calls_are_counted_and_faults_are_set_and_forgotten_over_http() {
        let stand_in = StandIn::start(0, Behaviour::INSTANT).await.expect("it starts");
        let url = format!("http://{}", stand_in.address);
        let client = HttpClient::new();
        let holidays = format!("{url}/openholidaysapi.org/PublicHolidays?countryIsoCode=BE");
        let get = async |url: &str| client.get(url).await.expect("a response");
        let fault = async |fault: Value| {
            client.post_json(&format!("{url}/__fault"), &fault).await.expect("a response").status
        };
        let calls = async || -> Value {
            serde_json::from_str(&get(&format!("{url}/__calls")).await.text).expect("JSON")
        };

        assert_eq!(get(&holidays).await.status, 200);
        assert_eq!(get(&format!("{url}/nobody.example.org/nothing")).await.status, 404);
        let counted = calls().await;
        assert_eq!(counted["total"], 2);
        let line = "GET /openholidaysapi.org/PublicHolidays?countryIsoCode=BE";
        assert_eq!(counted["requests"][line], 1);
        assert_eq!(counted["hosts"], json!({ "openholidaysapi.org": 1, "nobody.example.org": 1 }));
        assert_eq!(counted["unknown"], json!(["GET /nobody.example.org/nothing"]));

        let host = "openholidaysapi.org";
        assert_eq!(fault(json!({ "host": host, "kind": "tired" })).await, 400);
        assert_eq!(fault(json!({ "host": host, "kind": "status", "code": 503 })).await, 200);
        assert_eq!(get(&holidays).await.status, 503);
        assert_eq!(fault(json!({ "host": host, "kind": "html" })).await, 200);
        assert!(get(&holidays).await.text.contains("<h1>"));
        assert_eq!(fault(json!({ "host": host, "kind": "drop" })).await, 200);
        assert!(client.get(&holidays).await.is_err());
        let replace = json!({ "host": "*", "kind": "replace", "from": "[", "to": "<" });
        assert_eq!(fault(json!({ "host": host, "kind": "none" })).await, 200);
        assert_eq!(fault(replace).await, 200);
        assert!(get(&holidays).await.text.contains('<'));
        assert_eq!(fault(json!({ "host": "*", "kind": "huge" })).await, 200);
        assert!(get(&holidays).await.text.len() > 50_000_000);
        assert!(calls().await["hugeBytes"].as_u64() >= Some(50_000_000));

        client.post(&format!("{url}/__reset"), &[]).await.expect("a response");
        assert_eq!(calls().await["total"], 0);
        assert_eq!(get(&holidays).await.status, 200);
        let latency = json!({ "ms": 300 });
        client.post_json(&format!("{url}/__latency"), &latency).await.expect("a response");
        let began = Instant::now();
        get(&holidays).await;
        assert!(began.elapsed() >= Duration::from_millis(300));
    }
}
