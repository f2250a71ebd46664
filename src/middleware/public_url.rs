use std::str::FromStr;

use url::Url;

/// Maximum length of a host name and a port, in bytes (RFC 1035, section 2.3.4).
const MAX_HOST_BYTES: usize = 255 + ":65535".len();

/// The URL at which browsers reach the server: scheme, host and port (`--public-url`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(Url);

impl PublicUrl {
    /// The origin as browsers serialize it (RFC 6454, section 6.2): without a default port.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// Whether the scheme is HTTPS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether a `Host` header names this host, with or without a default port.
    pub fn is_host(&self, host: &str) -> bool {
        if host.len() > MAX_HOST_BYTES {
            return false;
        }
        let given = format!("{}://{host}/", self.0.scheme());
        Url::parse(&given).is_ok_and(|given| given == self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("must start with `https://` or `http://`".to_owned());
        }
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err("must be a scheme, a host and optionally a port, and nothing else".into());
        }
        Ok(PublicUrl(url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_scheme_host_and_port() {
        let public: PublicUrl = "https://Start.Example.org:443/".parse().expect("a URL");
        assert_eq!(public.origin(), "https://start.example.org");
        for host in ["start.example.org", "START.example.org", "start.example.org:443"] {
            assert!(public.is_host(host), "{host}");
        }
        let padded = format!("start.example.org:{}443", "0".repeat(300));
        for host in [
            "example.org",
            "start.example.org:8443",
            "start.example.org.",
            "a@b",
            "",
            "x/y",
            &padded,
        ] {
            assert!(!public.is_host(host), "{host}");
        }
        for wrong in [
            "start.example.org",
            "ftp://start.example.org",
            "https://start.example.org/path",
            "https://start.example.org/?q",
            "https://me:secret@start.example.org",
            "https://",
        ] {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }
}
