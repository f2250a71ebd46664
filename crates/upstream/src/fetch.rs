use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, LAST_MODIFIED, LOCATION,
    RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;
use voordeur_widget_api::{ApiKeyLocation, ApiKeyUse, Method, Request};

use super::ssrf::{Internet, PublicAddresses, may_be_asked};
use super::{ApiKeys, FetchError, Source, TlsError, body};

/// From a name to a connection that may be spoken over.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// From asking, with the connection that it takes, to the last header of the answer.
const HEADERS_DEADLINE: Duration = Duration::from_secs(10);
const MOST_HEADERS: usize = 100;
/// Names and values together, in bytes: a few times what the largest cookies and policies of real services take.
const LARGEST_HEADERS: usize = 64 * 1024;
const MOST_REDIRECTS: usize = 3;

/// Makes one request, with every limit.
pub struct Fetcher {
    client: Client,
    /// For addresses that citizens gave: feeds are still published without TLS.
    client_for_citizens: Client,
    gateway: Option<Url>,
    keys: ApiKeys,
    headers_deadline: Duration,
}

/// What a service answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The body; none when nothing has changed since the answer that the conditions speak of (304).
    pub bytes: Option<Vec<u8>>,
    /// What it said around it.
    pub headers: HeaderMap,
}

/// The way of one request: where it was made for, and where it was sent from there.
#[derive(Clone, Debug)]
pub struct RedirectChain {
    asked: Url,
    url: Url,
    redirects: usize,
    is_announced: bool,
}

impl RedirectChain {
    /// Nobody was asked yet.
    ///
    /// # Errors
    /// When the request has no address.
    pub fn to(request: &Request) -> Result<Self, FetchError> {
        let asked = Url::parse(&request.url).map_err(|_| FetchError::ForeignHost)?;
        Ok(RedirectChain { url: asked.clone(), asked, redirects: 0, is_announced: false })
    }

    /// The host that is asked next.
    pub fn host(&self) -> Option<&str> {
        self.url.host_str()
    }

    fn go_on(&mut self, url: Url) -> Result<(), FetchError> {
        if self.redirects == MOST_REDIRECTS {
            return Err(FetchError::SentAround);
        }
        self.redirects += 1;
        self.url = url;
        Ok(())
    }
}

/// What came of a step on the way.
#[derive(Clone, Debug)]
pub enum Step {
    /// This was answered.
    Arrived(Fetched),
    /// The way leads on, perhaps to another host.
    SentOn,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptError {
    /// What went wrong.
    pub failure: FetchError,
    /// When the service wants to be asked again, counted from now, as it said.
    pub retry_after: Option<Duration>,
}

impl From<FetchError> for AttemptError {
    fn from(failure: FetchError) -> Self {
        AttemptError { failure, retry_after: None }
    }
}

impl Fetcher {
    /// A client for a source. `contact` is put into the `User-Agent`, so that a service can reach the operator.
    pub fn new(
        source: &Source,
        contact: Option<&str>,
        keys: ApiKeys,
    ) -> Result<Self, reqwest::Error> {
        Self::over(Internet::default(), source, contact, keys)
    }

    /// The same, with what `live` takes for the Internet.
    pub(super) fn over(
        internet: Internet,
        source: &Source,
        contact: Option<&str>,
        keys: ApiKeys,
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
                .connect_timeout(CONNECT_DEADLINE)
                .http1_max_headers(MOST_HEADERS)
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy();
            if *source == Source::Live {
                client = client
                    .https_only(https_only)
                    .dns_resolver(Arc::new(PublicAddresses(internet.clone())));
            }
            client.build()
        };
        let gateway = match source {
            Source::Gateway(url) => Some(url.clone()),
            Source::Live | Source::Samples => None,
        };
        Ok(Fetcher {
            client: client(true)?,
            client_for_citizens: client(false)?,
            gateway,
            keys,
            headers_deadline: HEADERS_DEADLINE,
        })
    }

    /// Whether there is a key in a variable.
    pub fn has_key(&self, variable: &str) -> bool {
        self.keys.get(variable).is_some()
    }

    /// An answer, at once and from whatever hosts the way leads to: for those who try one request, and not for what many ask for.
    ///
    /// # Errors
    /// Why there is no good answer.
    pub async fn fetch_alone(
        &self,
        hosts: &[String],
        request: &Request,
        longest: Duration,
    ) -> Result<Vec<u8>, FetchError> {
        let fetching = async {
            let mut way = RedirectChain::to(request)?;
            loop {
                match self.step(hosts, request, &HeaderMap::new(), &mut way).await {
                    Ok(Step::Arrived(fetched)) => return Ok(fetched.bytes.unwrap_or_default()),
                    Ok(Step::SentOn) => {}
                    Err(not_fetched) => return Err(not_fetched.failure),
                }
            }
        };
        tokio::time::timeout(longest, fetching).await.unwrap_or(Err(FetchError::Slow))
    }

    /// Asks where the way has led so far. `conditions` are the headers that ask for an answer only when it has changed. Only `hosts` are asked,
    /// also when a service sends us elsewhere; a request that a citizen gave the address of may go to any public host. When a page stands there
    /// that announces what is asked for, the way leads there.
    ///
    /// # Errors
    /// Why there is no good answer.
    pub async fn step(
        &self,
        hosts: &[String],
        request: &Request,
        conditions: &HeaderMap,
        way: &mut RedirectChain,
    ) -> Result<Step, AttemptError> {
        // A key is for the host that was asked, and not for where it sends us.
        let key = request.key.as_ref().filter(|_| way.url.host_str() == way.asked.host_str());
        let response = self.send(hosts, request, conditions, key, &way.url).await?;
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED && !conditions.is_empty() {
            let headers = response.headers().clone();
            return Ok(Step::Arrived(Fetched { bytes: None, headers }));
        }
        if status.is_redirection() {
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let url = location
                .and_then(|location| way.url.join(location).ok())
                .ok_or(FetchError::RejectionEffect(status.as_u16()))?;
            // At another port of a declared host, somebody else may live.
            if !request.user_supplied_url && url.port() != way.asked.port() {
                return Err(FetchError::ForeignHost.into());
            }
            way.go_on(url)?;
            return Ok(Step::SentOn);
        }
        if !status.is_success() {
            let failure = if status.is_server_error() {
                FetchError::Broken(status.as_u16())
            } else {
                FetchError::RejectionEffect(status.as_u16())
            };
            return Err(AttemptError { failure, retry_after: retry_after(response.headers()) });
        }
        let mut headers = response.headers().clone();
        if way.is_announced {
            // The next time the page is asked first, and these are not its own.
            headers.remove(ETAG);
            headers.remove(LAST_MODIFIED);
        }
        let bytes = body::read(response, request.max_bytes).await?;
        if request.user_supplied_url
            && !way.is_announced
            && let Some(announced) = announcement(request, &way.url, &bytes)
        {
            way.go_on(announced)?;
            way.is_announced = true;
            return Ok(Step::SentOn);
        }
        Ok(Step::Arrived(Fetched { bytes: Some(bytes), headers }))
    }

    async fn send(
        &self,
        hosts: &[String],
        request: &Request,
        conditions: &HeaderMap,
        key: Option<&ApiKeyUse>,
        url: &Url,
    ) -> Result<Response, FetchError> {
        if request.user_supplied_url && !may_be_asked(url) {
            return Err(FetchError::NotPublic);
        }
        // A host is a name that the manifest says; an address in figures never is one, so the resolver sees every host.
        let named = url.domain().is_some_and(|host| hosts.iter().any(|known| known == host));
        let allowed = named || request.user_supplied_url;
        if !allowed || !matches!(url.scheme(), "https" | "http") {
            return Err(FetchError::ForeignHost);
        }
        if url.scheme() != "https" && !request.user_supplied_url {
            return Err(FetchError::NotSecure(TlsError::SentToPlain));
        }
        let key = match key {
            Some(key) => {
                Some((&key.location, self.keys.get(&key.variable).ok_or(FetchError::NoKey)?))
            }
            None => None,
        };
        let mut url = url.clone();
        if let Some((ApiKeyLocation::Query(name), key)) = key {
            url.query_pairs_mut().append_pair(name, key);
        }
        let url = &url;
        let address = match &self.gateway {
            None => url.clone(),
            Some(gateway) => through(gateway, url).ok_or(FetchError::ForeignHost)?,
        };
        let client =
            if request.user_supplied_url { &self.client_for_citizens } else { &self.client };
        let mut builder = match request.method {
            Method::Get => client.get(address),
            Method::Post => match &request.body {
                Some(body) => {
                    client.post(address).header(CONTENT_TYPE, "application/json").body(body.clone())
                }
                None => client.post(address),
            },
        };
        builder = builder.headers(conditions.clone());
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some((ApiKeyLocation::Header(name), key)) = key {
            builder = builder.header(name, key);
        }
        let answer = tokio::time::timeout(self.headers_deadline, builder.send());
        match answer.await.map_err(|_| FetchError::Slow)?.map_err(FetchError::from) {
            Ok(response) => within_limits(response),
            // The citizen had no part in it.
            Err(FetchError::NotPublic) if !request.user_supplied_url => Err(FetchError::LedAstray),
            Err(failure) => Err(failure),
        }
    }
}

/// The pause that a service asks for (RFC 9110, section 10.2.3): so many seconds, or until a moment.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let said = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = said.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = httpdate::parse_http_date(said).ok()?;
    Some(moment.duration_since(SystemTime::now()).unwrap_or_default())
}

/// `https://HOST/PATH?QUERY` as `GATEWAY/HOST/PATH?QUERY`.
fn through(gateway: &Url, url: &Url) -> Option<Url> {
    let base = gateway.as_str().trim_end_matches('/');
    let host = url.host_str()?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Url::parse(&format!("{base}/{host}{}{query}", url.path())).ok()
}

/// Refuses headers that are larger than any service needs. The HTTP library has bounded what it took in: 400 kB.
fn within_limits(response: Response) -> Result<Response, FetchError> {
    let sizes = response.headers().iter().map(|(name, value)| name.as_str().len() + value.len());
    if sizes.sum::<usize>() > LARGEST_HEADERS {
        return Err(FetchError::Unreadable("headers without end".to_owned()));
    }
    Ok(response)
}

/// The address of what is asked for, when the answer is a page that announces it.
fn announcement(request: &Request, url: &Url, bytes: &[u8]) -> Option<Url> {
    if voordeur_formats::read(request.format, bytes).is_ok() {
        return None;
    }
    let announced = voordeur_formats::alternate_links(bytes, url.as_str(), &[request.format]);
    Url::parse(announced.first()?).ok()
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

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn a_name_that_leads_home_is_told_from_one_that_leads_nowhere() {
        // Fails only when it was installed by another test of this process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let live = Fetcher::new(&Source::Live, None, ApiKeys::default()).expect("a client");
        let asked = live.client_for_citizens.get("http://localhost/").send().await;
        assert_eq!(FetchError::from(asked.expect_err("no public address")), FetchError::NotPublic);
    }

    /// A name server of somebody who wants into the operator's network, and how often it was asked.
    #[derive(Default)]
    struct Inwards(AtomicUsize);

    impl Resolver for Inwards {
        fn addresses(&self, _: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))]) })
        }
    }

    #[tokio::test]
    async fn the_client_connects_to_what_was_checked_and_checks_anew() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let names = Arc::new(Inwards::default());
        let internet = Internet { names: names.clone(), ..Internet::default() };
        let resolver = Arc::new(PublicAddresses(internet));
        let client = Client::builder().no_proxy().dns_resolver(resolver).build().expect("a client");
        for times in 1..=2 {
            let asked = client.get("http://rebinding.example/").send().await;
            assert_eq!(FetchError::from(asked.expect_err("it leads home")), FetchError::NotPublic);
            assert_eq!(names.0.load(Ordering::SeqCst), times, "nobody else is asked for the name");
        }
    }

    #[tokio::test]
    async fn who_says_nothing_or_never_ends_its_headers_is_not_waited_for() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            for says in [&b""[..], b"HTTP/1.1 200 OK\r\nx: y\r\n"] {
                let (mut connection, _) = listener.accept().await.expect("a connection");
                connection.read_u8().await.expect("a request");
                connection.write_all(says).await.expect("written");
                tokio::spawn(async move {
                    let _open = connection;
                    std::future::pending::<()>().await;
                });
            }
        });
        let source = Source::Gateway(Url::parse(&gateway).expect("an address"));
        let mut fetcher = Fetcher::new(&source, None, ApiKeys::default()).expect("a client");
        fetcher.headers_deadline = Duration::from_millis(100);
        for _ in 0..2 {
            let hosts = ["service.example".to_owned()];
            let fetched = fetcher.fetch_alone(&hosts, &request(), LONG).await;
            assert_eq!(fetched.err(), Some(FetchError::Slow));
        }
    }

    #[tokio::test]
    async fn a_declared_host_is_asked_with_tls_and_no_private_address_is_called_the_citizens() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let internet = Internet { names: Arc::new(Inwards::default()), ..Internet::default() };
        let live =
            Fetcher::over(internet, &Source::Live, None, ApiKeys::default()).expect("a client");
        let hosts = ["service.example".to_owned()];
        let fetched = live.fetch_alone(&hosts, &request(), LONG).await;
        assert_eq!(fetched.err(), Some(FetchError::LedAstray));
        let plain = Request { url: "http://service.example/".to_owned(), ..request() };
        let fetched = live.fetch_alone(&hosts, &plain, LONG).await;
        assert_eq!(fetched.err(), Some(FetchError::NotSecure(TlsError::SentToPlain)));
        let given = Request { user_supplied_url: true, ..plain };
        let fetched = live.fetch_alone(&hosts, &given, LONG).await;
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
            stale_key: None,
            user_supplied_url: false,
            key: None,
            personal: false,
        }
    }

    #[test]
    fn the_gateway_gets_host_path_and_query() {
        let gateway = Url::parse("http://127.0.0.1:4000").expect("an address");
        let url =
            Url::parse("https://api.irail.be/v1/liveboard/?lang=nl&id=a%20b").expect("an address");
        assert_eq!(
            through(&gateway, &url).map(String::from),
            Some("http://127.0.0.1:4000/api.irail.be/v1/liveboard/?lang=nl&id=a%20b".to_owned())
        );
    }
}
