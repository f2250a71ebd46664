//! Resolver that are not found or lead astray, and a service that is now well and now not: against the hub itself, with the real client.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use voordeur::presenter::failure_in_words;
use voordeur_upstream::{
    CachePolicy, FetchError, Internet, Lookup, Policy, Resolver, Source, Staleness, StaticHosts,
    Upstream, UpstreamOptions,
};
use voordeur_widget_api::{Format, Method, Request};

use crate::Row;
use crate::server::{PUBLISHER, dutch};
use crate::stand_in::{asked_host, good};

const HOST: &str = "service.example";
/// Stands for an address of the Internet here; any other address is the operator's own.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
/// Longer than the pause after a failure, with which the hub is opened here.
const AFTER_THE_PAUSE: Duration = Duration::from_millis(100);

/// What is said when a name is asked for.
#[derive(Clone, Copy, Debug)]
enum Said {
    WidgetLookupError,
    Nothing,
    At(&'static [IpAddr]),
}

/// A name server that says one thing after the other, and the last one from then on.
struct Script {
    says: &'static [Said],
    asked: AtomicUsize,
    port: u16,
}

impl Resolver for Script {
    fn resolve(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        let at = self.asked.fetch_add(1, Ordering::SeqCst);
        let (said, port) = (self.says[at.min(self.says.len() - 1)], self.port);
        Box::pin(async move {
            // The neighbour has an address whatever happens.
            if name != HOST {
                return Ok(vec![SocketAddr::new(PUBLIC, port)]);
            }
            match said {
                Said::WidgetLookupError => Err(io::Error::other("no such name")),
                Said::Nothing => std::future::pending().await,
                Said::At(addresses) => {
                    Ok(addresses.iter().map(|address| SocketAddr::new(*address, port)).collect())
                }
            }
        })
    }
}

/// A service, and how often each host was asked.
struct Service {
    port: u16,
    calls: Arc<Mutex<HashMap<String, usize>>>,
}

impl Service {
    /// Opens it. Each answer is the next one of `answers`, and the last one from then on.
    async fn open(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind((PUBLIC, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let calls = Arc::<Mutex<HashMap<String, usize>>>::default();
        let counted = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let Ok(host) = asked_host(&mut connection).await else { continue };
                let before = {
                    let mut calls = counted.lock().expect("no panic");
                    let count = calls.entry(host).or_default();
                    *count += 1;
                    *count - 1
                };
                let _ = connection.write_all(&answers[before.min(answers.len() - 1)]).await;
            }
        });
        Service { port, calls }
    }

    fn calls(&self, path: &str) -> usize {
        self.calls.lock().expect("no panic").get(path).copied().unwrap_or_default()
    }
}

fn upstream(internet: Internet, source: Source, folder: &TempDir) -> Arc<Upstream> {
    let policy = Policy {
        first_retry_delay: AFTER_THE_PAUSE / 2,
        min_refresh_age: Duration::ZERO,
        ..Policy::default()
    };
    let options = UpstreamOptions::new(source, folder.path(), Arc::new(StaticHosts::default()));
    Upstream::open(UpstreamOptions { policy, internet, ..options }).expect("opened")
}

fn request(url: String, user_supplied_url: bool) -> Request {
    Request {
        widget: "test".to_owned(),
        id: "test".to_owned(),
        nth: 0,
        method: Method::Get,
        url,
        headers: Vec::new(),
        body: None,
        format: Format::Json,
        max_age: Duration::from_secs(3_600),
        max_bytes: 100_000,
        optional: false,
        stale_key: None,
        user_supplied_url,
        key: None,
        personal: false,
    }
}

/// What a card would show, as a cell of the table, and the reason that an operator is told.
fn told(got: Result<Lookup, FetchError>) -> (String, Option<String>) {
    let words = |failure: &FetchError| failure_in_words(failure, PUBLISHER, dutch());
    match got {
        Ok(Lookup { stale: None, response }) => {
            let title = response.tree["items"][0]["title"].as_str().unwrap_or_default().to_owned();
            (format!("`fresh`: “{title}”"), None)
        }
        Ok(Lookup { stale: Some(Staleness::Failed(failure)), .. }) => {
            (format!("`stale`: “{}”", words(&failure)), Some(failure.to_string()))
        }
        Ok(got) => panic!("still on its way: {got:?}"),
        Err(failure) => {
            (format!("`unavailable`: “{}”", words(&failure)), Some(failure.to_string()))
        }
    }
}

/// One name, asked for by two hubs: one that knows nothing, and one that once had a good answer.
async fn row(
    what: &'static str,
    scheme: &str,
    says: &'static [Said],
    earlier: &'static [Said],
) -> Row {
    let service = Service::open(vec![good("json")]).await;
    let (folder, other_folder) =
        (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let internet = |says| Internet {
        resolver: Arc::new(Script { says, asked: AtomicUsize::new(0), port: service.port }),
        is_public: |address| address == PUBLIC,
    };
    let hosts = [HOST.to_owned()];
    let asked = request(format!("{scheme}://{HOST}/things"), scheme == "http");
    let unknowing = upstream(internet(says), Source::Live, &folder);
    let (nothing_known, reason) = told(unknowing.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    let calls = service.calls("things");
    let neighbour = request("http://neighbour.example/neighbour".to_owned(), true);
    let (neighbour, _) = told(unknowing.fetch(&[], &neighbour, CachePolicy::Refresh).await);

    let with_earlier = if earlier.is_empty() {
        "–".to_owned()
    } else {
        let knowing = upstream(internet(earlier), Source::Live, &other_folder);
        knowing.fetch(&hosts, &asked, CachePolicy::Refresh).await.expect("a good answer");
        let (cell, same_reason) = told(knowing.fetch(&hosts, &asked, CachePolicy::Refresh).await);
        assert_eq!(reason, same_reason, "{what}");
        cell
    };
    Row {
        what,
        nothing_known,
        with_earlier,
        neighbour,
        calls,
        told: reason.unwrap_or_else(|| "–".to_owned()),
    }
}

/// A service that is well, then not, then well.
async fn flapping() -> Row {
    let broken = crate::stand_in::answer("500 Internal Server Error", "", b"");
    let service = Service::open(vec![good("json"), broken, good("json")]).await;
    let folder = TempDir::new().expect("a folder");
    let gateway = format!("gateway=http://127.0.0.1:{}", service.port);
    let upstream = upstream(Internet::default(), gateway.parse().expect("a source"), &folder);
    let (hosts, asked) = ([HOST.to_owned()], request(format!("https://{HOST}/things"), false));
    let (first, _) = told(upstream.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    let (second, reason) = told(upstream.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    tokio::time::sleep(AFTER_THE_PAUSE).await;
    let (third, _) = told(upstream.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    let neighbour = request("https://neighbour.example/things".to_owned(), false);
    let (neighbour, _) = told(
        upstream.fetch(&["neighbour.example".to_owned()], &neighbour, CachePolicy::Refresh).await,
    );
    Row {
        what: "well, then 500, then well again",
        nothing_known: first,
        with_earlier: format!("{second}, then {third}"),
        neighbour,
        calls: service.calls(HOST),
        told: reason.unwrap_or_else(|| "–".to_owned()),
    }
}

/// All rows.
pub async fn rows() -> Vec<Row> {
    use Said::{At, Nothing, WidgetLookupError};
    const WELL: Said = At(&[PUBLIC]);
    let rows = tokio::join!(
        row("a name that is not found", "http", &[WidgetLookupError], &[WELL, WidgetLookupError]),
        row("a name that has no addresses", "http", &[At(&[])], &[WELL, At(&[])]),
        row("a name server that says nothing", "http", &[Nothing], &[WELL, Nothing]),
        row("a name that leads into the operator's network", "https", &[At(&[PRIVATE])], &[],),
        row(
            "the same, given by a citizen; it led to a public address before",
            "http",
            &[At(&[PRIVATE])],
            &[WELL, At(&[PRIVATE])],
        ),
        row(
            "a name with a private and a public address",
            "http",
            &[At(&[PRIVATE, PUBLIC])],
            &[WELL, At(&[PRIVATE, PUBLIC])],
        ),
        flapping(),
    );
    let (a, b, c, d, e, f, g) = rows;
    vec![a, b, c, d, e, f, g]
}
