use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, LAST_MODIFIED, LOCATION, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};
use url::Url;
use voordeur_contract::{KeyPlace, KeyUse, Method, Request};

use super::public_addresses::{NoPublicAddress, PublicAddresses, System, may_be_asked};
use super::{Failure, Keys, Source};

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
const MOST_REDIRECTS: usize = 3;

/// Makes one request, with every limit.
pub struct Fetcher {
    client: Client,
    /// For addresses that citizens gave: feeds are still published without TLS.
    client_for_citizens: Client,
    gateway: Option<Url>,
    keys: Keys,
}

/// What a service answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The body; none when nothing has changed since the answer that the conditions speak of (304).
    pub bytes: Option<Vec<u8>>,
    /// What it said around it.
    pub headers: HeaderMap,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub struct NotFetched {
    /// What went wrong.
    pub failure: Failure,
    /// When the service wants to be asked again, counted from now, as it said.
    pub retry_after: Option<Duration>,
}

impl From<Failure> for NotFetched {
    fn from(failure: Failure) -> Self {
        NotFetched { failure, retry_after: None }
    }
}

impl Fetcher {
    /// A client for a source. `contact` is put into the `User-Agent`, so that a service can reach the operator.
    pub fn new(source: &Source, contact: Option<&str>, keys: Keys) -> Result<Self, reqwest::Error> {
        let name = concat!("Voordeur/", env!("CARGO_PKG_VERSION"));
        let agent = match contact {
            Some(contact) => format!("{name} (+{contact})"),
            None => name.to_owned(),
        };
        let client = |https_only: bool| {
            let mut client = Client::builder()
                .user_agent(&agent)
                .connect_timeout(CONNECT_DEADLINE)
                .redirect(redirect::Policy::none())
                .no_proxy();
            if *source == Source::Live {
                client = client
                    .https_only(https_only)
                    .dns_resolver(Arc::new(PublicAddresses(Arc::new(System))));
            }
            client.build()
        };
        let gateway = match source {
            Source::Gateway(url) => Some(url.clone()),
            Source::Live | Source::Samples => None,
        };
        Ok(Fetcher { client: client(true)?, client_for_citizens: client(false)?, gateway, keys })
    }

    /// Whether there is a key in a variable.
    pub fn has_key(&self, variable: &str) -> bool {
        self.keys.get(variable).is_some()
    }

    /// An answer. `conditions` are the headers that ask for it only when it has changed. Only `hosts` are asked, also when a service sends us elsewhere; a request that a citizen gave the address of
    /// may go to any public host. When a page stands there that announces what is asked for, that is fetched in its place.
    ///
    /// # Errors
    /// Why there is no good answer.
    pub async fn fetch(
        &self,
        hosts: &[String],
        request: &Request,
        conditions: &HeaderMap,
    ) -> Result<Fetched, NotFetched> {
        let mut url = Url::parse(&request.url).map_err(|_| Failure::ForeignHost)?;
        let keeper = url.host_str().map(str::to_owned);
        let mut is_announced = false;
        for _ in 0..=MOST_REDIRECTS {
            // A key is for the host that was asked, and not for where it sends us.
            let key = request.key.as_ref().filter(|_| url.host_str() == keeper.as_deref());
            let response = self.send(hosts, request, conditions, key, &url).await?;
            let status = response.status();
            if status == StatusCode::NOT_MODIFIED && !conditions.is_empty() {
                return Ok(Fetched { bytes: None, headers: response.headers().clone() });
            }
            if status.is_redirection() {
                let location =
                    response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                url = location
                    .and_then(|location| url.join(location).ok())
                    .ok_or(Failure::Refused(status.as_u16()))?;
                continue;
            }
            if status.is_server_error() {
                return Err(NotFetched {
                    failure: Failure::Broken(status.as_u16()),
                    retry_after: retry_after(response.headers()),
                });
            }
            if !status.is_success() {
                return Err(NotFetched {
                    failure: Failure::Refused(status.as_u16()),
                    retry_after: retry_after(response.headers()),
                });
            }
            let mut headers = response.headers().clone();
            if is_announced {
                // The next time the page is asked first, and these are not its own.
                headers.remove(ETAG);
                headers.remove(LAST_MODIFIED);
            }
            let bytes = body(response, request.largest).await?;
            if request.given_by_citizen
                && !is_announced
                && let Some(announced) = announcement(request, &url, &bytes)
            {
                url = announced;
                is_announced = true;
                continue;
            }
            return Ok(Fetched { bytes: Some(bytes), headers });
        }
        Err(Failure::SentAround.into())
    }

    /// The bytes of an answer that nobody shares, within a time.
    ///
    /// # Errors
    /// Why there is no good answer.
    pub async fn fetch_alone(
        &self,
        hosts: &[String],
        request: &Request,
        longest: Duration,
    ) -> Result<Vec<u8>, Failure> {
        let unconditional = HeaderMap::new();
        match tokio::time::timeout(longest, self.fetch(hosts, request, &unconditional)).await {
            Ok(Ok(fetched)) => Ok(fetched.bytes.unwrap_or_default()),
            Ok(Err(not_fetched)) => Err(not_fetched.failure),
            Err(_) => Err(Failure::Slow),
        }
    }

    async fn send(
        &self,
        hosts: &[String],
        request: &Request,
        conditions: &HeaderMap,
        key: Option<&KeyUse>,
        url: &Url,
    ) -> Result<Response, Failure> {
        if request.given_by_citizen && !may_be_asked(url) {
            return Err(Failure::NotPublic);
        }
        // A host is a name that the manifest says; an address in figures never is one, so the resolver sees every host.
        let named = url.domain().is_some_and(|host| hosts.iter().any(|known| known == host));
        let allowed = named || request.given_by_citizen;
        if !allowed || !matches!(url.scheme(), "https" | "http") {
            return Err(Failure::ForeignHost);
        }
        let key = match key {
            Some(key) => Some((&key.place, self.keys.get(&key.variable).ok_or(Failure::NoKey)?)),
            None => None,
        };
        let mut url = url.clone();
        if let Some((KeyPlace::Query(name), key)) = key {
            url.query_pairs_mut().append_pair(name, key);
        }
        let url = &url;
        let address = match &self.gateway {
            None => url.clone(),
            Some(gateway) => through(gateway, url).ok_or(Failure::ForeignHost)?,
        };
        let client =
            if request.given_by_citizen { &self.client_for_citizens } else { &self.client };
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
        if let Some((KeyPlace::Header(name), key)) = key {
            builder = builder.header(name, key);
        }
        builder.send().await.map_err(|error| failure(&error))
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

/// Reads a body up to a limit, which counts the bytes after decompression.
async fn body(mut response: Response, largest: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
        if bytes.len() + chunk.len() > largest {
            return Err(Failure::TooLarge(largest));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// The address of what is asked for, when the answer is a page that announces it.
fn announcement(request: &Request, url: &Url, bytes: &[u8]) -> Option<Url> {
    if voordeur_widgets::formats::read(request.format, bytes).is_ok() {
        return None;
    }
    let announced = voordeur_widgets::formats::announced(bytes, url.as_str(), &[request.format]);
    Url::parse(announced.first()?).ok()
}

fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(here) = cause {
        if here.is::<NoPublicAddress>() {
            return Failure::NotPublic;
        }
        cause = here.source();
    }
    if error.is_timeout() { Failure::Slow } else { Failure::Unreachable }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::net::SocketAddr;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures::future::BoxFuture;

    use super::super::public_addresses::Names;
    use super::*;

    #[tokio::test]
    async fn a_name_that_leads_home_is_told_from_one_that_leads_nowhere() {
        // Fails only when it was installed by another test of this process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let live = Fetcher::new(&Source::Live, None, Keys::default()).expect("a client");
        let asked = live.client_for_citizens.get("http://localhost/").send().await;
        assert_eq!(failure(&asked.expect_err("no public address")), Failure::NotPublic);
    }

    /// A name server of somebody who wants into the operator's network, and how often it was asked.
    #[derive(Default)]
    struct Inwards(AtomicUsize);

    impl Names for Inwards {
        fn addresses(&self, _: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0))]) })
        }
    }

    #[tokio::test]
    async fn the_client_connects_to_what_was_checked_and_checks_anew() {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let names = Arc::new(Inwards::default());
        let resolver = Arc::new(PublicAddresses(Arc::clone(&names)));
        let client = Client::builder().no_proxy().dns_resolver(resolver).build().expect("a client");
        for times in 1..=2 {
            let asked = client.get("http://rebinding.example/").send().await;
            assert_eq!(failure(&asked.expect_err("it leads home")), Failure::NotPublic);
            assert_eq!(names.0.load(Ordering::SeqCst), times, "nobody else is asked for the name");
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
