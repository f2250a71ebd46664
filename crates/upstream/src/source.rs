//! The source of responses, as given by `--sources`.

use std::str::FromStr;

use url::{Host, Url};

/// Where responses come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// The services themselves.
    Live,
    /// The samples in the folders of widgets. Nothing leaves the machine.
    Samples,
    /// A stand-in on a loopback address, which receives `https://HOST/PATH?QUERY` as
    /// `URL/HOST/PATH?QUERY`.
    Gateway(Url),
}

impl FromStr for Source {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "live" => Ok(Source::Live),
            "samples" => Ok(Source::Samples),
            other => {
                let address = other
                    .strip_prefix("gateway=")
                    .ok_or("must be `live`, `samples` or `gateway=URL`")?;
                let url = Url::parse(address).map_err(|error| format!("{address}: {error}"))?;
                let loopback = match url.host() {
                    Some(Host::Ipv4(address)) => address.is_loopback(),
                    Some(Host::Ipv6(address)) => address.is_loopback(),
                    Some(Host::Domain(name)) => name == "localhost",
                    None => false,
                };
                if matches!(url.scheme(), "http" | "https") && loopback {
                    Ok(Source::Gateway(url))
                } else {
                    Err(format!(
                        "{address}: a gateway must be `http` or `https` on a loopback address"
                    ))
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_must_be_on_a_loopback_address() {
        assert_eq!("live".parse(), Ok(Source::Live));
        assert_eq!("samples".parse(), Ok(Source::Samples));
        assert!(matches!("gateway=http://127.0.0.1:4000".parse(), Ok(Source::Gateway(_))));
        assert!(matches!("gateway=http://[::1]:4000/x".parse(), Ok(Source::Gateway(_))));
        assert!(matches!("gateway=https://localhost:4000".parse(), Ok(Source::Gateway(_))));
        for rejected in [
            "gateway=http://10.0.0.1/",
            "gateway=https://example.org",
            "gateway=ftp://127.0.0.1/",
            "gateway=",
            "elsewhere",
        ] {
            assert!(rejected.parse::<Source>().is_err(), "{rejected}");
        }
    }
}
