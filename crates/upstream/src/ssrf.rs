//! SSRF protection: a DNS resolver for the HTTP client that drops every address that is not public,
//! and the check of URLs given by citizens.
//!
//! The crates that filter addresses check the URL before the request, so a name that resolves
//! differently a moment later (DNS rebinding) gets past them, and `IpAddr::is_global` is not
//! stable. Here the client connects only to the addresses that were checked.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Resolves host names.
pub trait Resolver: Send + Sync + 'static {
    /// The current addresses of a name. A port other than 0 overrides that of the URL.
    ///
    /// # Errors
    /// When the name cannot be resolved.
    fn resolve(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;
}

/// The resolver of the operating system.
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// Shorter than `CONNECT_TIMEOUT` of the client, so that a dead name server and a dead host are
/// reported as different errors.
const DNS_TIMEOUT: Duration = Duration::from_secs(4);

/// The resolver and the definition of a public address that `Source::Live` uses. No option changes
/// them; tests replace them.
#[derive(Clone)]
pub struct Internet {
    /// Resolves host names.
    pub resolver: Arc<dyn Resolver>,
    /// Whether an address may be connected to.
    pub is_public: fn(IpAddr) -> bool,
}

impl Default for Internet {
    fn default() -> Self {
        Internet { resolver: Arc::new(SystemResolver), is_public }
    }
}

/// Resolves names to their public addresses. The HTTP client connects only to these, and resolves
/// again for each connection.
pub struct PublicResolver(pub Internet);

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Internet { resolver, is_public } = self.0.clone();
        Box::pin(async move {
            let resolving = resolver.resolve(name.as_str().to_owned());
            let addresses = match tokio::time::timeout(DNS_TIMEOUT, resolving).await {
                Ok(resolved) => resolved.map_err(ResolveError::NotFound)?,
                Err(elapsed) => return Err(ResolveError::NotFound(elapsed.into()).into()),
            };
            if addresses.is_empty() {
                return Err(ResolveError::NotFound(io::ErrorKind::NotFound.into()).into());
            }
            let addresses = addresses.into_iter();
            let public: Vec<SocketAddr> =
                addresses.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(ResolveError::NoPublicAddress.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// Why a name gives no address to connect to.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    #[error("host name not found")]
    NotFound(#[source] io::Error),
    #[error("host name has no public address")]
    NoPublicAddress,
}

/// Whether a URL given by a citizen may be requested: `http` or `https`, default port, no
/// credentials, and a dotted host name or a public IP address. `Url` has already normalised every
/// spelling of an IPv4 address (decimal, octal, hexadecimal, shortened; URL Standard, section 3.5).
/// Names are checked when they are resolved.
pub fn is_allowed_url(url: &Url) -> bool {
    let has_web_port =
        matches!(url.scheme(), "https" | "http") && matches!(url.port(), None | Some(80 | 443));
    let has_no_credentials = url.username().is_empty() && url.password().is_none();
    let has_public_host = match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').contains('.'),
        Some(Host::Ipv4(address)) => is_public_v4(address),
        Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
        None => false,
    };
    has_web_port && has_no_credentials && has_public_host
}

/// Whether an address is globally reachable, by the IANA special-purpose address registries (RFC
/// 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        // 6to4 relay anycast, deprecated by RFC 7526.
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // Only 2000::/3 is allocated as global unicast. Excluded from it: ranges of special addresses
    // and ranges that embed IPv4 addresses.
    let [a, b, ..] = address.segments();
    let global = (0x2000..0x4000).contains(&a);
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        || a == 0x2002
        // Documentation (RFC 9637).
        || (a == 0x3fff && b < 0x1000);
    global && !special
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A resolver whose result differs with each call.
    #[derive(Default)]
    struct ChangingResolver(AtomicUsize);

    impl Resolver for ChangingResolver {
        fn resolve(&self, _: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
            let public = SocketAddr::from(([93, 184, 215, 14], 0));
            let private = SocketAddr::from(([127, 0, 0, 1], 0));
            let addresses = match self.0.fetch_add(1, Ordering::SeqCst) {
                0 => vec![public],
                1 => vec![private],
                _ => vec![private, public],
            };
            Box::pin(async move { Ok(addresses) })
        }
    }

    #[tokio::test]
    async fn addresses_are_checked_on_each_resolution() {
        let resolver = Arc::new(ChangingResolver::default());
        let resolver = PublicResolver(Internet { resolver, ..Internet::default() });
        let resolved = || async {
            let name = "rebinding.example".parse::<Name>().expect("a name");
            resolver
                .resolve(name)
                .await
                .map(|addresses| addresses.map(|one| one.to_string()).collect::<Vec<_>>())
        };
        assert_eq!(resolved().await.expect("public"), ["93.184.215.14:0"]);
        let rejected = resolved().await.expect_err("the second result is private");
        assert!(
            matches!(rejected.downcast_ref(), Some(ResolveError::NoPublicAddress)),
            "{rejected}"
        );
        assert_eq!(resolved().await.expect("one of the two is public"), ["93.184.215.14:0"]);
    }

    #[test]
    fn no_spelling_of_a_private_address_is_allowed() {
        for rejected in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://127.0.1/",
            "http://2130706433/",
            "http://017700000001/",
            "http://0177.0.0.1/",
            "http://0x7f.0.0.1/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://１２７.０.０.１/",
            "http://127。0。0。1/",
            "http://%31%32%37.0.0.1/",
            "http://0/",
            "http://0.0.0.0/",
            "http://10.0.0.1/",
            "http://0xa000001/",
            "http://012.0.0.1/",
            "http://172.31.255.254/",
            "http://192.168.0.1/",
            "http://3232235521/",
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://0251.0376.0251.0376/",
            "http://100.100.100.200/",
            "http://192.88.99.1/",
            "http://224.0.0.1/",
            "http://255.255.255.255/",
            "http://[::1]/",
            "http://[::]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fc00::1]/",
            "http://[fd12:3456::1]/",
            "http://[ff02::1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:0:7f00:1::]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2001:db8::1]/",
            "http://[3fff::1]/",
            "http://localhost/",
            "http://localhost./",
            "http://intranet/",
            "http://example.org:22/",
            "https://example.org:8443/",
            "http://user@example.org/",
            "http://user:password@example.org/",
            "http://example.org@127.0.0.1/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
            "data:text/plain,x",
        ] {
            let url = Url::parse(rejected).expect(rejected);
            assert!(!is_allowed_url(&url), "{rejected}");
        }
        // Rejected by the URL parser.
        for wrong in [
            "http://[fe80::1%25eth0]/",
            "http://[::ffff:127.0.0.1/",
            "http://256.0.0.1/",
            "http:///",
        ] {
            assert!(Url::parse(wrong).is_err(), "{wrong}");
        }
        for fine in [
            "https://example.org/feed",
            "http://example.org:80/",
            "https://xn--caf-dma.example/",
            "http://193.190.130.1/",
            "http://[2a02:2788::1]/",
        ] {
            assert!(is_allowed_url(&Url::parse(fine).expect(fine)), "{fine}");
        }
    }

    #[tokio::test]
    async fn localhost_is_rejected() {
        let resolver = PublicResolver(Internet::default());
        let resolved = resolver.resolve("localhost".parse().expect("a name")).await;
        let error = resolved.err().expect("no public address");
        assert!(matches!(error.downcast_ref(), Some(ResolveError::NoPublicAddress)), "{error}");
    }

    #[test]
    fn only_public_addresses_are_accepted() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "240.0.0.1",
            "::1",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
        ] {
            assert!(!is_public(private.parse().expect("an address")), "{private}");
        }
        for public in ["193.190.130.1", "2a02:2788::1", "1.1.1.1"] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
    }
}
