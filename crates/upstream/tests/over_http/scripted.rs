//! A service that is scripted by a test, and an `Upstream` that asks it through a gateway.

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request as Incoming, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tempfile::TempDir;
use tokio::time::timeout;
use voordeur_upstream::{
    CachePolicy, HostPolicy, Lookup, Policy, Source, StaticHosts, Upstream, UpstreamOptions,
};
use voordeur_widget_api::Request;

use super::hosts;

/// A request as the service received it.
#[derive(Clone, Debug)]
pub struct ReceivedRequest {
    pub at: Instant,
    /// Its ordinal, from 1.
    pub call: usize,
    pub path: String,
    pub headers: HeaderMap,
}

impl ReceivedRequest {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

type Script = dyn Fn(&ReceivedRequest) -> (Duration, Response) + Send + Sync;

struct ScriptState {
    script: Box<Script>,
    received: Mutex<Vec<ReceivedRequest>>,
    in_flight: AtomicUsize,
    max_in_flight: AtomicUsize,
}

/// The service and the `Upstream`.
pub struct Scripted {
    pub upstream: Arc<Upstream>,
    pub folder: TempDir,
    state: Arc<ScriptState>,
    gateway: String,
    policy: Policy,
    host_policy: Arc<dyn HostPolicy>,
}

impl Scripted {
    /// `script` returns the delay and the response for each request.
    pub async fn new(
        policy: Policy,
        script: impl Fn(&ReceivedRequest) -> (Duration, Response) + Send + Sync + 'static,
    ) -> Self {
        Self::with_host_policy(policy, Arc::new(StaticHosts(hosts())), script).await
    }

    pub async fn with_host_policy(
        policy: Policy,
        host_policy: Arc<dyn HostPolicy>,
        script: impl Fn(&ReceivedRequest) -> (Duration, Response) + Send + Sync + 'static,
    ) -> Self {
        let state = Arc::new(ScriptState {
            script: Box::new(script),
            received: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            max_in_flight: AtomicUsize::new(0),
        });
        let service = Router::new().fallback(play).with_state(Arc::clone(&state));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let folder = TempDir::new().expect("a folder");
        let upstream = upstream(&gateway, &folder, policy, Arc::clone(&host_policy));
        Scripted { upstream, folder, state, gateway, policy, host_policy }
    }

    /// Another `Upstream` on the same folder, as after a restart.
    pub fn restarted(&self) -> Arc<Upstream> {
        upstream(&self.gateway, &self.folder, self.policy, Arc::clone(&self.host_policy))
    }

    pub fn received(&self) -> Vec<ReceivedRequest> {
        self.state.received.lock().expect("no panic").clone()
    }

    pub fn calls(&self) -> usize {
        self.received().len()
    }

    pub fn max_in_flight(&self) -> usize {
        self.state.max_in_flight.load(Ordering::SeqCst)
    }

    /// Fetches with the default hosts; panics on an error.
    pub async fn fetch(&self, request: &Request, cache_policy: CachePolicy) -> Lookup {
        self.upstream.fetch(&hosts(), request, cache_policy).await.expect("a response")
    }

    /// Waits until the service has received this many requests.
    pub async fn until_calls(&self, calls: usize) {
        let enough = async {
            while self.calls() < calls {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(20), enough).await.expect("enough requests in time");
    }
}

fn upstream(
    gateway: &str,
    folder: &TempDir,
    policy: Policy,
    host_policy: Arc<dyn HostPolicy>,
) -> Arc<Upstream> {
    Log::install();
    // Fails if another test of this process has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let source = format!("gateway={gateway}").parse::<Source>().expect("a source");
    let options = UpstreamOptions::new(source, folder.path(), host_policy);
    Upstream::open(UpstreamOptions { policy, ..options }).expect("opened")
}

async fn play(State(state): State<Arc<ScriptState>>, incoming: Incoming) -> Response {
    let in_flight = state.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
    state.max_in_flight.fetch_max(in_flight, Ordering::SeqCst);
    let received = {
        let mut all = state.received.lock().expect("no panic");
        let received = ReceivedRequest {
            at: Instant::now(),
            call: all.len() + 1,
            path: incoming.uri().path().to_owned(),
            headers: incoming.headers().clone(),
        };
        all.push(received.clone());
        received
    };
    let (delay, response) = (state.script)(&received);
    tokio::time::sleep(delay).await;
    state.in_flight.fetch_sub(1, Ordering::SeqCst);
    response
}

/// The log of one test, as text. Everything a test does happens on one thread.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

thread_local! {
    static CAPTURED: RefCell<Option<Log>> = const { RefCell::new(None) };
}

impl Log {
    /// Captures the log of this thread from now on.
    pub fn of_this_thread() -> Self {
        let log = Log::default();
        CAPTURED.with_borrow_mut(|captured| *captured = Some(log.clone()));
        log
    }

    /// Installs one subscriber for all tests. With one per test, `tracing` caches callsites as
    /// disabled when a thread without a subscriber reaches them first.
    pub fn install() {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            tracing_subscriber::fmt()
                .with_ansi(false)
                .with_max_level(tracing::Level::DEBUG)
                .with_writer(|| {
                    CAPTURED.with_borrow(|captured| captured.clone().unwrap_or_default())
                })
                .init();
        });
    }

    pub fn lines(&self) -> Vec<String> {
        let bytes = self.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("text").lines().map(str::to_owned).collect()
    }

    pub fn lines_with(&self, words: &str) -> Vec<String> {
        self.lines().into_iter().filter(|line| line.contains(words)).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
