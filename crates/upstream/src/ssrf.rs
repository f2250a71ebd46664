//! A resolver that gives public addresses only, so that no name of a service can lead into the operator's own network.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Who knows the addresses of names.
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of a name at this moment. A port that is not 0 is used in the place of the usual one.
    fn addresses(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>>;
}

/// The system.
pub struct SystemResolver;

impl Resolver for SystemResolver {
    fn addresses(&self, name: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    }
}

/// Longer than any name server that is alive, and shorter than a connection may take, so that the two are told apart.
const NAME_DEADLINE: Duration = Duration::from_secs(4);

/// What the live client takes for the Internet: who knows its names, and which addresses belong to it. No option changes it; a test
/// makes one of its own.
#[derive(Clone)]
pub struct Internet {
    /// Who knows the addresses of names.
    pub names: Arc<dyn Resolver>,
    /// Whether an address is reachable by everybody.
    pub is_public: fn(IpAddr) -> bool,
}

impl Default for Internet {
    fn default() -> Self {
        Internet { names: Arc::new(SystemResolver), is_public }
    }
}

/// Resolves names and drops what is not public. The HTTP client connects to nothing but what this gives, and asks anew for each connection:
/// a name that leads elsewhere after it was checked is checked again.
pub struct PublicAddresses(pub Internet);

impl Resolve for PublicAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        let Internet { names, is_public } = self.0.clone();
        Box::pin(async move {
            let found = names.addresses(name.as_str().to_owned());
            let found = match tokio::time::timeout(NAME_DEADLINE, found).await {
                Ok(found) => found.map_err(NameNotFound)?,
                Err(late) => return Err(NameNotFound(late.into()).into()),
            };
            if found.is_empty() {
                return Err(NameNotFound(io::ErrorKind::NotFound.into()).into());
            }
            let found = found.into_iter();
            let public: Vec<SocketAddr> = found.filter(|address| is_public(address.ip())).collect();
            if public.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

/// A name that nobody gave an address for.
#[derive(Debug, thiserror::Error)]
#[error("the name was not found")]
pub struct NameNotFound(#[source] io::Error);

/// A name that leads to no public address.
#[derive(Debug, thiserror::Error)]
#[error("the name has no public address")]
pub struct NoPublicAddress;

/// Whether an address that a citizen gave may be asked at all: of the web, at its usual ports, without a password in it, and with a host that
/// is a name or a public address in figures. `Url` has already read every spelling of an address in figures (decimal, octal, in
/// hexadecimals, shortened), as the URL Standard says. Where a name leads is checked when it is resolved, which is when it is used.
pub fn may_be_asked(url: &Url) -> bool {
    let usual =
        matches!(url.scheme(), "https" | "http") && matches!(url.port(), None | Some(80 | 443));
    let bare = url.username().is_empty() && url.password().is_none();
    let public = match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.').contains('.'),
        Some(Host::Ipv4(address)) => is_public_v4(address),
        Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
        None => false,
    };
    usual && bare && public
}

/// Whether an address is reachable by everybody: the special-purpose ranges of IANA (RFC 6890 and its registry) are not.
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
        // The relay of 6to4, withdrawn by RFC 7526.
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    // 2000::/3 is all that is given out as global unicast; of it, these hold special addresses or wrap IPv4 ones.
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

    /// A name server that says something else each time.
    #[derive(Default)]
    struct Changing(AtomicUsize);

    impl Resolver for Changing {
        fn addresses(&self, _: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
            let public = SocketAddr::from(([93, 184, 215, 14], 0));
            let private = SocketAddr::from(([127, 0, 0, 1], 0));
            let said = match self.0.fetch_add(1, Ordering::SeqCst) {
                0 => vec![public],
                1 => vec![private],
                _ => vec![private, public],
            };
            Box::pin(async move { Ok(said) })
        }
    }

    #[tokio::test]
    async fn a_name_that_changes_its_address_is_judged_each_time_it_is_used() {
        let names = Arc::new(Changing::default());
        let names = PublicAddresses(Internet { names, ..Internet::default() });
        let resolved = || async {
            let name = "rebinding.example".parse::<Name>().expect("a name");
            names
                .resolve(name)
                .await
                .map(|found| found.map(|one| one.to_string()).collect::<Vec<_>>())
        };
        assert_eq!(resolved().await.expect("public"), ["93.184.215.14:0"]);
        let refused = resolved().await.expect_err("private by now");
        assert!(refused.is::<NoPublicAddress>(), "{refused}");
        assert_eq!(resolved().await.expect("one of two is public"), ["93.184.215.14:0"]);
    }

    #[test]
    fn no_spelling_of_a_private_address_may_be_asked() {
        for refused in [
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
            let url = Url::parse(refused).expect(refused);
            assert!(!may_be_asked(&url), "{refused}");
        }
        // What is no address at all never comes so far.
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
            assert!(may_be_asked(&Url::parse(fine).expect(fine)), "{fine}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_whenever_it_is_used() {
        let names = PublicAddresses(Internet::default());
        let resolved = names.resolve("localhost".parse().expect("a name")).await;
        assert!(resolved.err().is_some_and(|error| error.is::<NoPublicAddress>()));
    }

    #[test]
    fn only_public_addresses_pass() {
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
