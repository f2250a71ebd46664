//! A service that does as a test says, and a hub that asks it.

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
use voordeur_upstream::{CachePolicy, Lookup, Policy, Source, Upstream};
use voordeur_widget_api::Request;

use super::hosts;

/// What the service was asked.
#[derive(Clone, Debug)]
pub struct Seen {
    pub at: Instant,
    /// Its number, from 1.
    pub call: usize,
    pub path: String,
    pub headers: HeaderMap,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

type Script = dyn Fn(&Seen) -> (Duration, Response) + Send + Sync;

struct Stage {
    script: Box<Script>,
    seen: Mutex<Vec<Seen>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

/// The service, and the hub.
pub struct Scripted {
    pub upstream: Arc<Upstream>,
    pub folder: TempDir,
    stage: Arc<Stage>,
    gateway: String,
    patience: Policy,
}

impl Scripted {
    /// `script` says how long each answer takes, and what it is.
    pub async fn new(
        patience: Policy,
        script: impl Fn(&Seen) -> (Duration, Response) + Send + Sync + 'static,
    ) -> Self {
        let stage = Arc::new(Stage {
            script: Box::new(script),
            seen: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
        });
        let service = Router::new().fallback(play).with_state(Arc::clone(&stage));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let folder = TempDir::new().expect("a folder");
        let upstream = upstream(&gateway, &folder, patience);
        Scripted { upstream, folder, stage, gateway, patience }
    }

    /// Another hub with the same folder, as after a restart.
    pub fn restarted(&self) -> Arc<Upstream> {
        upstream(&self.gateway, &self.folder, self.patience)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.stage.seen.lock().expect("no panic").clone()
    }

    pub fn calls(&self) -> usize {
        self.seen().len()
    }

    pub fn most_under_way(&self) -> usize {
        self.stage.most_under_way.load(Ordering::SeqCst)
    }

    /// What the hub gives, where it has to give something.
    pub async fn get(&self, request: &Request, wish: CachePolicy) -> Lookup {
        self.upstream.ask(&hosts(), request, wish).await.expect("an answer")
    }

    /// Waits until the service was asked so often.
    pub async fn until_calls(&self, calls: usize) {
        let enough = async {
            while self.calls() < calls {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(20), enough).await.expect("it is asked so often");
    }
}

fn upstream(gateway: &str, folder: &TempDir, patience: Policy) -> Arc<Upstream> {
    Log::install();
    // Fails only when it was installed by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let source = format!("gateway={gateway}").parse::<Source>().expect("a source");
    let keys = std::iter::empty().collect();
    Upstream::new(source, folder.path(), None, keys, patience).expect("a hub")
}

async fn play(State(stage): State<Arc<Stage>>, incoming: Incoming) -> Response {
    let under_way = stage.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    stage.most_under_way.fetch_max(under_way, Ordering::SeqCst);
    let seen = {
        let mut all = stage.seen.lock().expect("no panic");
        let seen = Seen {
            at: Instant::now(),
            call: all.len() + 1,
            path: incoming.uri().path().to_owned(),
            headers: incoming.headers().clone(),
        };
        all.push(seen.clone());
        seen
    };
    let (takes, response) = (stage.script)(&seen);
    tokio::time::sleep(takes).await;
    stage.under_way.fetch_sub(1, Ordering::SeqCst);
    response
}

/// What one test logs, as text: all of it happens on one thread.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

thread_local! {
    static TAKEN: RefCell<Option<Log>> = const { RefCell::new(None) };
}

impl Log {
    /// What this thread logs from now on.
    pub fn of_this_thread() -> Self {
        let log = Log::default();
        TAKEN.with_borrow_mut(|taken| *taken = Some(log.clone()));
        log
    }

    /// One subscriber for all tests: with one for each, what a test logs gets lost when a thread without any has been there before it.
    pub fn install() {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            tracing_subscriber::fmt()
                .with_ansi(false)
                .with_max_level(tracing::Level::DEBUG)
                .with_writer(|| TAKEN.with_borrow(|taken| taken.clone().unwrap_or_default()))
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
