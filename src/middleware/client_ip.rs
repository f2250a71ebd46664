//! The client's IP address, also behind reverse proxies.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// An IP address or a network in CIDR notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map(Network).map_err(|_| format!("`{text}` is neither an IP address nor a network"))
    }
}

/// The origin of a request, in its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp {
    /// The key of the rate limits: an IPv4 address, or the /64 network of an IPv6 address, which
    /// is what one household gets (RFC 7421).
    pub key: IpAddr,
    /// Whether a trusted proxy forwarded the request.
    pub via_proxy: bool,
}

impl ClientIp {
    /// Takes the rightmost address in `X-Forwarded-For` that is not a trusted proxy, when the peer
    /// is one. The addresses to its left were written by the client itself.
    pub fn resolve(peer: IpAddr, headers: &HeaderMap, trusted_proxies: &[Network]) -> Self {
        let is_trusted = |address: &IpAddr| is_one_of(address, trusted_proxies);
        let peer = peer.to_canonical();
        let via_proxy = is_trusted(&peer);
        let mut client = peer;
        if via_proxy {
            // From the right, and no further than is believed: a client may write thousands.
            let values = headers.get_all("x-forwarded-for").iter().rev();
            let values = values.filter_map(|value| value.to_str().ok());
            for hop in values.flat_map(|hops| hops.rsplit(',')) {
                // No proxy of ours writes an unreadable hop: its sender is the last known address.
                let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
                client = hop.to_canonical();
                if !is_trusted(&client) {
                    break;
                }
            }
        }
        ClientIp { key: rate_limit_key(client), via_proxy }
    }

    /// The key of the client at the other end of a connection; `None` for a trusted proxy, whose
    /// connections are those of many clients.
    pub fn of_peer(peer: IpAddr, trusted_proxies: &[Network]) -> Option<IpAddr> {
        let peer = peer.to_canonical();
        (!is_one_of(&peer, trusted_proxies)).then(|| rate_limit_key(peer))
    }
}

fn is_one_of(address: &IpAddr, networks: &[Network]) -> bool {
    networks.iter().any(|Network(network)| network.contains(address))
}

fn rate_limit_key(address: IpAddr) -> IpAddr {
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

    fn key(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(value).expect("a value"));
        }
        let proxies: Vec<Network> =
            proxies.iter().map(|proxy| proxy.parse().expect("a network")).collect();
        let peer = peer.parse().expect("an address");
        ClientIp::resolve(peer, &headers, &proxies).key.to_string()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
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
            assert_eq!(key(peer, &forwarded, &proxies), client, "{peer} {forwarded:?}");
        }
        assert_eq!(key("10.0.0.1", &["198.51.100.7"], &[]), "10.0.0.1");
    }

    #[test]
    fn the_connections_of_a_trusted_proxy_are_nobody_s() {
        let proxies = ["10.0.0.0/8".parse().expect("a network")];
        let client = |peer: &str| {
            let peer = peer.parse().expect("an address");
            ClientIp::of_peer(peer, &proxies).map(|key| key.to_string())
        };
        assert_eq!(client("::ffff:10.1.2.3"), None);
        assert_eq!(client("::ffff:192.0.2.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(client("2001:db8::1:2:3:4").as_deref(), Some("2001:db8::"));
    }

    #[test]
    fn a_network_is_an_address_or_a_cidr_range() {
        assert!("10.0.0.0/8".parse::<Network>().is_ok() && "::1".parse::<Network>().is_ok());
        assert!("proxy".parse::<Network>().is_err() && "10.0.0.0/33".parse::<Network>().is_err());
    }
}
