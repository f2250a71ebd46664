//! Host names that do not resolve or resolve to private addresses, and a service that flaps:
//! against upstream itself, with its real client.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use voordeur::presenter::describe_fetch_error;
use voordeur_testkit::{TempDir, temp_dir};
use voordeur_upstream::{
    CachePolicy, FetchError, Internet, Lookup, Policy, Resolver, Source, Staleness, StaticHosts,
    Upstream, UpstreamOptions,
};
use voordeur_widget_api::{Format, Method, Request};

use crate::Row;
use crate::server::{PUBLISHER, dutch};
use crate::services::{good_response, requested_host, response};

const HOST: &str = "service.example";
/// Counts as a public address here; all other addresses count as private.
const PUBLIC: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PRIVATE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
/// Longer than the pause after a failure that these tests set.
const AFTER_THE_PAUSE: Duration = Duration::from_millis(100);

/// A response of the resolver.
#[derive(Clone, Copy, Debug)]
enum Resolution {
    NotFound,
    Silence,
    Addresses(&'static [IpAddr]),
}

/// A resolver that gives these responses in turn, and the last one from then on.
struct ScriptedResolver {
    resolutions: &'static [Resolution],
    queries: AtomicUsize,
    port: u16,
}

impl Resolver for ScriptedResolver {
    fn resolve(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        let at = self.queries.fetch_add(1, Ordering::SeqCst);
        let (resolution, port) = (self.resolutions[at.min(self.resolutions.len() - 1)], self.port);
        Box::pin(async move {
            // The neighbour always resolves.
            if name != HOST {
                return Ok(vec![SocketAddr::new(PUBLIC, port)]);
            }
            match resolution {
                Resolution::NotFound => Err(io::Error::other("no such name")),
                Resolution::Silence => std::future::pending().await,
                Resolution::Addresses(addresses) => {
                    Ok(addresses.iter().map(|address| SocketAddr::new(*address, port)).collect())
                }
            }
        })
    }
}

/// A service that counts the requests to each host.
struct Service {
    port: u16,
    calls: Arc<Mutex<HashMap<String, usize>>>,
}

impl Service {
    /// Starts it. It sends these responses in turn, and the last one from then on.
    async fn start(responses: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind((PUBLIC, 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let calls = Arc::<Mutex<HashMap<String, usize>>>::default();
        let counted = Arc::clone(&calls);
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                let Ok(host) = requested_host(&mut connection).await else { continue };
                let before = {
                    let mut calls = counted.lock().expect("no panic");
                    let count = calls.entry(host).or_default();
                    *count += 1;
                    *count - 1
                };
                let _ = connection.write_all(&responses[before.min(responses.len() - 1)]).await;
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
    Upstream::open(UpstreamOptions { policy, internet, ..options }).expect("upstream opens")
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
        if_empty: None,
        stale_key: None,
        user_supplied_url,
        key: None,
        personal: false,
    }
}

/// The cell of the table for what a card would show, and the reason in the log.
fn cell_and_reason(got: Result<Lookup, FetchError>) -> (String, Option<String>) {
    let words = |failure: &FetchError| describe_fetch_error(failure, PUBLISHER, dutch());
    match got {
        Ok(Lookup { stale: None, response }) => {
            let title = response.tree["items"][0]["title"].as_str().unwrap_or_default().to_owned();
            (format!("`fresh`: “{title}”"), None)
        }
        Ok(Lookup { stale: Some(Staleness::Failed(failure)), .. }) => {
            (format!("`stale`: “{}”", words(&failure)), Some(failure.to_string()))
        }
        Ok(got) => panic!("not settled: {got:?}"),
        Err(failure) => {
            (format!("`unavailable`: “{}”", words(&failure)), Some(failure.to_string()))
        }
    }
}

/// One name, requested through an upstream with an empty cache and through one with an earlier
/// response.
async fn row(
    description: &'static str,
    scheme: &str,
    resolutions: &'static [Resolution],
    earlier: &'static [Resolution],
) -> Row {
    let service = Service::start(vec![good_response("json")]).await;
    let (folder, other_folder) = (temp_dir(), temp_dir());
    let internet = |resolutions| Internet {
        resolver: Arc::new(ScriptedResolver {
            resolutions,
            queries: AtomicUsize::new(0),
            port: service.port,
        }),
        is_public: |address| address == PUBLIC,
    };
    let hosts = [HOST.to_owned()];
    let asked = request(format!("{scheme}://{HOST}/things"), scheme == "http");
    let empty = upstream(internet(resolutions), Source::Live, &folder);
    let (nothing_known, reason) =
        cell_and_reason(empty.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    let calls = service.calls("things");
    let neighbour = request("http://neighbour.example/neighbour".to_owned(), true);
    let (neighbour, _) = cell_and_reason(empty.fetch(&[], &neighbour, CachePolicy::Refresh).await);

    let with_earlier = if earlier.is_empty() {
        "–".to_owned()
    } else {
        let filled = upstream(internet(earlier), Source::Live, &other_folder);
        filled.fetch(&hosts, &asked, CachePolicy::Refresh).await.expect("a good response");
        let (cell, same_reason) =
            cell_and_reason(filled.fetch(&hosts, &asked, CachePolicy::Refresh).await);
        assert_eq!(reason, same_reason, "{description}");
        cell
    };
    Row {
        description,
        nothing_known,
        with_earlier,
        neighbour,
        calls,
        log: reason.unwrap_or_else(|| "–".to_owned()),
    }
}

/// A service that answers well, then fails, then answers well.
async fn flapping() -> Row {
    let broken = response("500 Internal Server Error", "", b"");
    let service = Service::start(vec![good_response("json"), broken, good_response("json")]).await;
    let folder = temp_dir();
    let gateway = format!("gateway=http://127.0.0.1:{}", service.port);
    let upstream = upstream(Internet::default(), gateway.parse().expect("a source"), &folder);
    let (hosts, asked) = ([HOST.to_owned()], request(format!("https://{HOST}/things"), false));
    let (first, _) = cell_and_reason(upstream.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    let (second, reason) =
        cell_and_reason(upstream.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    tokio::time::sleep(AFTER_THE_PAUSE).await;
    let (third, _) = cell_and_reason(upstream.fetch(&hosts, &asked, CachePolicy::Refresh).await);
    let neighbour = request("https://neighbour.example/things".to_owned(), false);
    let (neighbour, _) = cell_and_reason(
        upstream.fetch(&["neighbour.example".to_owned()], &neighbour, CachePolicy::Refresh).await,
    );
    Row {
        description: "well, then 500, then well again",
        nothing_known: first,
        with_earlier: format!("{second}, then {third}"),
        neighbour,
        calls: service.calls(HOST),
        log: reason.unwrap_or_else(|| "–".to_owned()),
    }
}

pub async fn rows() -> Vec<Row> {
    use Resolution::{Addresses, NotFound, Silence};
    const RESOLVES: Resolution = Addresses(&[PUBLIC]);
    let rows = tokio::join!(
        row("a name that is not found", "http", &[NotFound], &[RESOLVES, NotFound]),
        row("a name that has no addresses", "http", &[Addresses(&[])], &[RESOLVES, Addresses(&[])]),
        row("a name server that says nothing", "http", &[Silence], &[RESOLVES, Silence]),
        row(
            "a name that leads into the operator's network",
            "https",
            &[Addresses(&[PRIVATE])],
            &[],
        ),
        row(
            "the same, given by a citizen; it led to a public address before",
            "http",
            &[Addresses(&[PRIVATE])],
            &[RESOLVES, Addresses(&[PRIVATE])],
        ),
        row(
            "a name with a private and a public address",
            "http",
            &[Addresses(&[PRIVATE, PUBLIC])],
            &[RESOLVES, Addresses(&[PRIVATE, PUBLIC])],
        ),
        flapping(),
    );
    let (a, b, c, d, e, f, g) = rows;
    vec![a, b, c, d, e, f, g]
}
