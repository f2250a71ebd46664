//! One HTTP request to a service, with every limit: allowed hosts, redirects, timeouts and sizes.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED, LOCATION,
    RETRY_AFTER,
};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use url::Url;
use voordeur_widget_api::{ApiKeyLocation, ApiKeyUse, Budget, Method, Request};
use voordeur_worker_pool::WorkerPool;

use super::body::{self, InFlightBytes};
use super::body_origin::{BodyOrigin, FetchedBody};
use super::parse::service_of;
use super::ssrf::{Internet, PublicResolver, is_allowed_url};
use super::{ApiKeys, FetchError, Source, TlsError};

/// Name resolution, TCP and TLS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// From the start, including the connection, to the end of the response headers.
const HEADERS_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_HEADERS: usize = 100;
/// Names and values together, in bytes: several times the largest cookies and policies of real
/// services.
const MAX_HEADER_BYTES: usize = 64 * 1024;
const MAX_REDIRECTS: usize = 3;
/// How much of a body is looked at to tell a page from a feed.
const SNIFFED_BYTES: usize = 16 * 1024;

/// Makes single requests, without cache and rate limits.
pub struct Fetcher {
    client: Client,
    /// For addresses given by citizens: also allows plain HTTP, since some feeds have nothing else.
    citizen_client: Client,
    gateway: Option<Url>,
    api_keys: ApiKeys,
    headers_timeout: Duration,
    in_flight: InFlightBytes,
    workers: Arc<WorkerPool>,
}

/// A response before it is parsed.
#[derive(Clone, Debug)]
pub(super) struct RawResponse {
    /// The body; `None` for 304 Not Modified.
    pub(super) bytes: Option<Vec<u8>>,
    pub(super) headers: HeaderMap,
    pub(super) origin: BodyOrigin,
}

/// The URL of a request, and where its redirects have led so far.
#[derive(Clone, Debug)]
pub(super) struct RedirectChain {
    start: Url,
    url: Url,
    redirects: usize,
    /// Whether `url` was found in a page by feed discovery.
    is_discovered: bool,
}

impl RedirectChain {
    pub(super) fn new(request: &Request) -> Result<Self, FetchError> {
        let start = Url::parse(&request.url).map_err(|_| FetchError::HostNotAllowed)?;
        Ok(RedirectChain { url: start.clone(), start, redirects: 0, is_discovered: false })
    }

    /// The host of the next hop.
    pub(super) fn host(&self) -> Option<&str> {
        self.url.host_str()
    }

    fn follow(&mut self, url: Url) -> Result<(), FetchError> {
        if self.redirects == MAX_REDIRECTS {
            return Err(FetchError::TooManyRedirects);
        }
        self.redirects += 1;
        self.url = url;
        Ok(())
    }
}

/// The result of one hop of a redirect chain.
#[derive(Clone, Debug)]
pub(super) enum Hop {
    Response(RawResponse),
    /// The chain continues, possibly at another host.
    Redirect,
}

/// Why a hop failed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{error}")]
pub(super) struct AttemptError {
    #[source]
    pub(super) error: FetchError,
    /// The pause that the service asked for with `Retry-After`.
    pub(super) retry_after: Option<Duration>,
}

impl From<FetchError> for AttemptError {
    fn from(error: FetchError) -> Self {
        AttemptError { error, retry_after: None }
    }
}

impl Fetcher {
    /// A client for a source. `contact` becomes part of the `User-Agent`, so that a service can
    /// reach the operator.
    ///
    /// # Errors
    /// When the root certificates of the system cannot be loaded.
    pub fn new(
        source: &Source,
        contact: Option<&str>,
        api_keys: ApiKeys,
    ) -> Result<Self, reqwest::Error> {
        let workers = WorkerPool::for_this_machine();
        Self::with_internet(Internet::default(), source, contact, api_keys, workers)
    }

    pub(super) fn with_internet(
        internet: Internet,
        source: &Source,
        contact: Option<&str>,
        api_keys: ApiKeys,
        workers: Arc<WorkerPool>,
    ) -> Result<Self, reqwest::Error> {
        let name = concat!("Voordeur/", env!("CARGO_PKG_VERSION"));
        let agent = match contact {
            Some(contact) => format!("{name} (+{contact})"),
            None => name.to_owned(),
        };
        let codings = HeaderValue::from_static(body::ACCEPTED_CODING);
        let client = |https_only: bool| {
            let mut client = Client::builder()
                .user_agent(&agent)
                .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, codings.clone())]))
                .connect_timeout(CONNECT_TIMEOUT)
                .http1_max_headers(MAX_HEADERS)
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy();
            if *source == Source::Live {
                client = client
                    .https_only(https_only)
                    .dns_resolver(Arc::new(PublicResolver(internet.clone())));
            }
            client.build()
        };
        let gateway = match source {
            Source::Gateway(url) => Some(url.clone()),
            Source::Live | Source::Samples => None,
        };
        Ok(Fetcher {
            client: client(true)?,
            citizen_client: client(false)?,
            gateway,
            api_keys,
            headers_timeout: HEADERS_TIMEOUT,
            in_flight: InFlightBytes::default(),
            workers,
        })
    }

    /// Whether the API key in an environment variable is available.
    pub fn has_api_key(&self, variable: &str) -> bool {
        self.api_keys.get(variable).is_some()
    }

    /// The body of a response, without cache and rate limits: for tools that try one request, not
    /// for requests of citizens.
    ///
    /// # Errors
    /// Why there is no good response.
    pub async fn fetch_uncached(
        &self,
        hosts: &[String],
        request: &Request,
        timeout: Duration,
    ) -> Result<FetchedBody, FetchError> {
        let fetching = async {
            let mut chain = RedirectChain::new(request)?;
            loop {
                match self.fetch_next(hosts, request, &HeaderMap::new(), &mut chain).await {
                    Ok(Hop::Response(RawResponse { bytes, origin, .. })) => {
                        return Ok(FetchedBody { bytes: bytes.unwrap_or_default(), origin });
                    }
                    Ok(Hop::Redirect) => {}
                    Err(failed) => return Err(failed.error),
                }
            }
        };
        tokio::time::timeout(timeout, fetching).await.unwrap_or(Err(FetchError::Timeout))
    }

    /// Makes the next hop of a chain. `conditions` are the headers of a conditional request. Only
    /// `hosts` are asked, also after a redirect, unless a citizen gave the address: then any public
    /// host may be asked, and if the response is a page that links to a feed, the chain continues
    /// there.
    pub(super) async fn fetch_next(
        &self,
        hosts: &[String],
        request: &Request,
        conditions: &HeaderMap,
        chain: &mut RedirectChain,
    ) -> Result<Hop, AttemptError> {
        // The API key is for the first host only.
        let key = request.key.as_ref().filter(|_| chain.url.host_str() == chain.start.host_str());
        let response = self.send(hosts, request, conditions, key, &chain.url).await?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED && !conditions.is_empty() {
            let headers = response.headers().clone();
            let origin = BodyOrigin::new(&chain.url, &headers);
            return Ok(Hop::Response(RawResponse { bytes: None, headers, origin }));
        }
        if status.is_redirection() {
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let url = location
                .and_then(|location| chain.url.join(location).ok())
                .ok_or(FetchError::Rejected(status.as_u16()))?;
            // Another port of a declared host may belong to somebody else.
            if !request.user_supplied_url && url.port() != chain.start.port() {
                return Err(FetchError::HostNotAllowed.into());
            }
            chain.follow(url)?;
            return Ok(Hop::Redirect);
        }
        if !status.is_success() {
            let error = if status.is_server_error() {
                FetchError::ServerError(status.as_u16())
            } else {
                FetchError::Rejected(status.as_u16())
            };
            return Err(AttemptError { error, retry_after: retry_after(response.headers()) });
        }
        let mut headers = response.headers().clone();
        if chain.is_discovered {
            // Next time the page is asked first, and these validators are not its own.
            headers.remove(ETAG);
            headers.remove(LAST_MODIFIED);
        }
        let bytes = body::read(response, request.max_bytes, &self.in_flight).await?;
        if request.user_supplied_url
            && !chain.is_discovered
            && let Some(feed) = self.discover_feed(request, &chain.url, &bytes).await
        {
            chain.follow(feed)?;
            chain.is_discovered = true;
            return Ok(Hop::Redirect);
        }
        let origin = BodyOrigin::new(&chain.url, &headers);
        Ok(Hop::Response(RawResponse { bytes: Some(bytes), headers, origin }))
    }

    /// The URL of the feed that a page links to, if the response is a page.
    async fn discover_feed(&self, request: &Request, url: &Url, bytes: &[u8]) -> Option<Url> {
        if !is_page(bytes) {
            return None;
        }
        let (page, base, format) = (bytes.to_vec(), url.to_string(), request.format);
        let budget = Budget::default();
        let reading = self.workers.run(None, service_of(request), &budget, move || {
            voordeur_formats::alternate_links(&page, &base, &[format])
        });
        Url::parse(reading.await.ok()?.first()?).ok()
    }

    async fn send(
        &self,
        hosts: &[String],
        request: &Request,
        conditions: &HeaderMap,
        key: Option<&ApiKeyUse>,
        url: &Url,
    ) -> Result<Response, FetchError> {
        check_url(hosts, request, url)?;
        let builder = self.build(request, conditions, key, url)?;
        let sending = tokio::time::timeout(self.headers_timeout, builder.send());
        match sending.await.map_err(|_| FetchError::Timeout)?.map_err(FetchError::from) {
            Ok(response) => check_headers(response),
            // `NotPublic` blames the citizen's address, but the host is the manifest's.
            Err(FetchError::NotPublic) if !request.user_supplied_url => {
                Err(FetchError::NoPublicAddress)
            }
            Err(error) => Err(error),
        }
    }

    fn build(
        &self,
        request: &Request,
        conditions: &HeaderMap,
        key: Option<&ApiKeyUse>,
        url: &Url,
    ) -> Result<RequestBuilder, FetchError> {
        let key = match key {
            Some(key) => {
                let value = self.api_keys.get(&key.variable).ok_or(FetchError::MissingApiKey)?;
                Some((&key.location, value))
            }
            None => None,
        };
        let mut url = url.clone();
        if let Some((ApiKeyLocation::Query(name), key)) = key {
            url.query_pairs_mut().append_pair(name, key);
        }
        if let Some(gateway) = &self.gateway {
            url = gateway_url(gateway, &url).ok_or(FetchError::HostNotAllowed)?;
        }
        let client = if request.user_supplied_url { &self.citizen_client } else { &self.client };
        let mut builder = match request.method {
            Method::Get => client.get(url),
            Method::Post => match &request.body {
                Some(body) => {
                    client.post(url).header(CONTENT_TYPE, "application/json").body(body.clone())
                }
                None => client.post(url),
            },
        };
        builder = builder.headers(conditions.clone());
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some((ApiKeyLocation::Header(name), key)) = key {
            builder = builder.header(name, key);
        }
        Ok(builder)
    }
}

/// Whether a URL may be requested, as far as can be said before its name is resolved.
fn check_url(hosts: &[String], request: &Request, url: &Url) -> Result<(), FetchError> {
    if request.user_supplied_url {
        return if is_allowed_url(url) { Ok(()) } else { Err(FetchError::NotPublic) };
    }
    // Declared hosts are names, never IP addresses, so each of them passes through the resolver.
    let is_declared =
        url.domain().is_some_and(|host| hosts.iter().any(|declared| declared == host));
    match url.scheme() {
        "https" if is_declared => Ok(()),
        "http" if is_declared => Err(FetchError::Tls(TlsError::PlainHttp)),
        _ => Err(FetchError::HostNotAllowed),
    }
}

/// The pause that a service asks for, in seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// Maps `https://HOST/PATH?QUERY` to `GATEWAY/HOST/PATH?QUERY`.
fn gateway_url(gateway: &Url, url: &Url) -> Option<Url> {
    let base = gateway.as_str().trim_end_matches('/');
    let host = url.host_str()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Url::parse(&format!("{base}/{host}{}{query}", url.path())).ok()
}

/// Rejects headers that are larger than any service needs. The HTTP library itself stops at 400 kB.
fn check_headers(response: Response) -> Result<Response, FetchError> {
    let sizes = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    if sizes.sum::<usize>() > MAX_HEADER_BYTES {
        return Err(FetchError::Unreadable("headers too large".to_owned()));
    }
    Ok(response)
}

/// Whether a body is a page in HTML rather than a feed: the first of their tags that comes.
fn is_page(bytes: &[u8]) -> bool {
    let start = bytes.get(..SNIFFED_BYTES).unwrap_or(bytes).to_ascii_lowercase();
    let first = |tags: &[&[u8]]| {
        let found = tags.iter().filter_map(|tag| memchr::memmem::find(&start, tag));
        found.min().unwrap_or(usize::MAX)
    };
    first(&[b"<!doctype html", b"<html", b"<head", b"<body"])
        < first(&[b"<rss", b"<feed", b"<rdf:rdf", b"begin:vcalendar"])
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::BoxFuture;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::super::ssrf::Resolver;
    use super::*;

    const LONG_TIMEOUT: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_name_that_resolves_to_loopback_is_not_public() {
        // Fails if another test of this process has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let live = Fetcher::new(&Source::Live, None, ApiKeys::default()).expect("a client");
        let response = live.citizen_client.get("http://localhost/").send().await;
        assert_eq!(
            FetchError::from(response.expect_err("no public address")),
            FetchError::NotPublic
        );
    }

    /// Resolves every name to loopback, and counts calls.
    #[derive(Default)]
    struct LoopbackResolver(AtomicUsize);

    impl Resolver for LoopbackResolver {
        fn resolve(&self, _: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))]) })
        }
    }

    #[tokio::test]
    async fn the_client_connects_only_to_checked_addresses_and_checks_each_connection() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let resolver = Arc::new(LoopbackResolver::default());
        let internet = Internet { resolver: resolver.clone(), ..Internet::default() };
        let client = Client::builder().no_proxy().dns_resolver(Arc::new(PublicResolver(internet)));
        let client = client.build().expect("a client");
        for lookups in 1..=2 {
            let response = client.get("http://rebinding.example/").send().await;
            assert_eq!(FetchError::from(response.expect_err("loopback")), FetchError::NotPublic);
            assert_eq!(resolver.0.load(Ordering::SeqCst), lookups, "no other resolver is used");
        }
    }

    #[tokio::test]
    async fn a_server_that_never_finishes_its_headers_times_out() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\nx: y\r\n"] {
                let (mut connection, _) = listener.accept().await.expect("a connection");
                connection.read_u8().await.expect("a request");
                connection.write_all(bytes).await.expect("written");
                tokio::spawn(async move {
                    let _open = connection;
                    std::future::pending::<()>().await;
                });
            }
        });
        let source = Source::Gateway(Url::parse(&gateway).expect("an address"));
        let mut fetcher = Fetcher::new(&source, None, ApiKeys::default()).expect("a client");
        fetcher.headers_timeout = Duration::from_millis(100);
        for _ in 0..2 {
            let hosts = ["service.example".to_owned()];
            let fetched = fetcher.fetch_uncached(&hosts, &request(), LONG_TIMEOUT).await;
            assert_eq!(fetched.err(), Some(FetchError::Timeout));
        }
    }

    #[tokio::test]
    async fn a_declared_host_needs_tls_and_a_public_address() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let internet =
            Internet { resolver: Arc::new(LoopbackResolver::default()), ..Internet::default() };
        let live = Fetcher::with_internet(
            internet,
            &Source::Live,
            None,
            ApiKeys::default(),
            WorkerPool::for_this_machine(),
        )
        .expect("a client");
        let hosts = ["service.example".to_owned()];
        let fetched = live.fetch_uncached(&hosts, &request(), LONG_TIMEOUT).await;
        assert_eq!(fetched.err(), Some(FetchError::NoPublicAddress));
        let plain = Request { url: "http://service.example/".to_owned(), ..request() };
        let fetched = live.fetch_uncached(&hosts, &plain, LONG_TIMEOUT).await;
        assert_eq!(fetched.err(), Some(FetchError::Tls(TlsError::PlainHttp)));
        let given = Request { user_supplied_url: true, ..plain };
        let fetched = live.fetch_uncached(&hosts, &given, LONG_TIMEOUT).await;
        assert_eq!(fetched.err(), Some(FetchError::NotPublic));
    }

    fn request() -> Request {
        Request {
            widget: "test".to_owned(),
            id: "test".to_owned(),
            nth: 0,
            method: Method::Get,
            url: "https://service.example/".to_owned(),
            headers: Vec::new(),
            body: None,
            format: voordeur_widget_api::Format::Json,
            max_age: Duration::from_secs(60),
            max_bytes: 100_000,
            optional: false,
            if_empty: None,
            stale_key: None,
            user_supplied_url: false,
            key: None,
            personal: false,
        }
    }

    #[test]
    fn the_gateway_url_contains_host_path_and_query() {
        let gateway = Url::parse("http://127.0.0.1:4000").expect("an address");
        let url =
            Url::parse("https://api.irail.be/v1/liveboard/?lang=nl&id=a%20b").expect("an address");
        assert_eq!(
            gateway_url(&gateway, &url).map(String::from),
            Some("http://127.0.0.1:4000/api.irail.be/v1/liveboard/?lang=nl&id=a%20b".to_owned())
        );
    }
}
