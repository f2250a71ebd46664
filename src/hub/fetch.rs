use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, redirect};
use url::Url;
use voordeur_contract::{KeyPlace, KeyUse, Method, Request};

use super::public_addresses::PublicAddresses;
use super::{Failure, Keys, Source};

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
const MOST_REDIRECTS: usize = 3;

/// Makes one request, with every limit.
pub struct Fetcher {
    client: Client,
    gateway: Option<Url>,
    keys: Keys,
}

impl Fetcher {
    /// A client for a source. `contact` is put into the `User-Agent`, so that a service can reach the operator.
    pub fn new(source: &Source, contact: Option<&str>, keys: Keys) -> Result<Self, reqwest::Error> {
        let name = concat!("Voordeur/", env!("CARGO_PKG_VERSION"));
        let agent = match contact {
            Some(contact) => format!("{name} (+{contact})"),
            None => name.to_owned(),
        };
        let mut client = Client::builder()
            .user_agent(agent)
            .connect_timeout(CONNECT_DEADLINE)
            .redirect(redirect::Policy::none())
            .no_proxy();
        if *source == Source::Live {
            client = client.https_only(true).dns_resolver(Arc::new(PublicAddresses));
        }
        let gateway = match source {
            Source::Gateway(url) => Some(url.clone()),
            Source::Live | Source::Samples => None,
        };
        Ok(Fetcher { client: client.build()?, gateway, keys })
    }

    /// Whether there is a key in a variable.
    pub fn has_key(&self, variable: &str) -> bool {
        self.keys.get(variable).is_some()
    }

    /// The bytes of an answer. Only `hosts` are asked, also when a service sends us elsewhere.
    pub async fn fetch(&self, hosts: &[String], request: &Request) -> Result<Vec<u8>, Failure> {
        let mut url = Url::parse(&request.url).map_err(|_| Failure::ForeignHost)?;
        let keeper = url.host_str().map(str::to_owned);
        for _ in 0..=MOST_REDIRECTS {
            // A key is for the host that was asked, and not for where it sends us.
            let key = request.key.as_ref().filter(|_| url.host_str() == keeper.as_deref());
            let response = self.send(hosts, request, key, &url).await?;
            let status = response.status();
            if status.is_redirection() {
                let location =
                    response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                url = location
                    .and_then(|location| url.join(location).ok())
                    .ok_or(Failure::Refused(status.as_u16()))?;
                continue;
            }
            if status.is_server_error() {
                return Err(Failure::Broken(status.as_u16()));
            }
            if !status.is_success() {
                return Err(Failure::Refused(status.as_u16()));
            }
            return body(response, request.largest).await;
        }
        Err(Failure::SentAround)
    }

    async fn send(
        &self,
        hosts: &[String],
        request: &Request,
        key: Option<&KeyUse>,
        url: &Url,
    ) -> Result<Response, Failure> {
        // A host is a name that the manifest says; an address in figures never is one, so the resolver sees every host.
        let named = url.domain().is_some_and(|host| hosts.iter().any(|known| known == host));
        if !named || !matches!(url.scheme(), "https" | "http") {
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
        let mut builder = match request.method {
            Method::Get => self.client.get(address),
            Method::Post => self
                .client
                .post(address)
                .header(CONTENT_TYPE, "application/json")
                .body(request.body.clone().unwrap_or_default()),
        };
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some((KeyPlace::Header(name), key)) = key {
            builder = builder.header(name, key);
        }
        builder.send().await.map_err(|error| failure(&error))
    }
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

fn failure(error: &reqwest::Error) -> Failure {
    if error.is_timeout() { Failure::Slow } else { Failure::Unreachable }
}

#[cfg(test)]
mod tests {
    use super::*;

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
