//! Who asks: the address of the browser, also behind proxies.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// One address or a network of them, as the operator writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Network).map_err(|_| format!("`{text}` is no address and no network"))
    }
}

/// Where a request comes from, as far as limits go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp {
    /// What the limits count by: an IPv4 address, or the network of an IPv6 address that one household gets (a /64, RFC 7421).
    pub counted: IpAddr,
    /// Whether a trusted proxy handed it on.
    pub by_proxy: bool,
}

impl ClientIp {
    /// Reads the headers of the proxies that are trusted, and of nobody else: the rightmost address in `X-Forwarded-For` that is not one of
    /// theirs. What stands to its left was written by the client itself.
    pub fn of(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> Self {
        let trusted = |address: &IpAddr| proxies.iter().any(|Network(it)| it.contains(address));
        let peer = peer.to_canonical();
        let by_proxy = trusted(&peer);
        let mut client = peer;
        if by_proxy {
            let hops = headers.get_all("x-forwarded-for").iter().filter_map(|it| it.to_str().ok());
            let hops: Vec<&str> = hops.flat_map(|hops| hops.split(',')).collect();
            for hop in hops.into_iter().rev() {
                // What cannot be read was not written by a proxy of ours: whoever sent it is the last that is known.
                let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
                client = hop.to_canonical();
                if !trusted(&client) {
                    break;
                }
            }
        }
        ClientIp { counted: counted(client), by_proxy }
    }
}

fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let network = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(network))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn counted(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).expect("a value"));
        }
        let proxies: Vec<Network> =
            proxies.iter().map(|it| it.parse().expect("a network")).collect();
        ClientIp::of(peer.parse().expect("an address"), &headers, &proxies).counted.to_string()
    }

    #[test]
    fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let proxies = ["10.0.0.0/8", "::1"];
        for (peer, forwarded, client) in [
            ("192.0.2.1", vec!["198.51.100.7"], "192.0.2.1"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.7"], "198.51.100.7"),
            ("::ffff:10.0.0.1", vec!["198.51.100.7"], "198.51.100.7"),
            ("::1", vec!["203.0.113.5, 198.51.100.7", "10.2.0.1"], "198.51.100.7"),
            ("10.0.0.1", vec!["203.0.113.5, nonsense"], "10.0.0.1"),
            ("10.0.0.1", vec!["203.0.113.5, nonsense, 10.3.0.1"], "10.3.0.1"),
            ("10.0.0.1", vec!["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::"),
        ] {
            assert_eq!(counted(peer, &forwarded, &proxies), client, "{peer} {forwarded:?}");
        }
        assert_eq!(counted("10.0.0.1", &["198.51.100.7"], &[]), "10.0.0.1");
    }

    #[test]
    fn a_network_is_an_address_or_a_range() {
        assert!("10.0.0.0/8".parse::<Network>().is_ok() && "::1".parse::<Network>().is_ok());
        assert!("proxy".parse::<Network>().is_err() && "10.0.0.0/33".parse::<Network>().is_err());
    }
}
