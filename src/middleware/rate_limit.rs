//! Rate limits per client.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{ClientIp, MiddlewareState, Rejection};

/// Default visits per minute and client. A school of 2,000 behind one address that opens its pages
/// within a minute makes 2,000 guests, about 10,000 changes and about 40,000 visits, including
/// the files of each page and the refreshes of its cards.
pub const DEFAULT_VISITS_PER_MINUTE: u32 = 120_000;
/// A change costs more than a page: the limit of changes is this fraction of that of visits.
const VISITS_PER_CHANGE: u32 = 4;
/// A guest is stored for months: the limit of new guests is this fraction of that of visits.
const VISITS_PER_GUEST: u32 = 20;
/// Number of checks between two sweeps, which forget clients that are below their limits.
const CHECKS_BETWEEN_SWEEPS: u32 = 10_000;
/// The liveness endpoint.
const LIVENESS: &str = "/healthz";

/// Kinds of request, each with its own limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// Reads a page, loads a file or refreshes a card.
    Visit,
    /// Changes the board or makes a service be asked.
    Change,
    /// Creates a guest with a board.
    NewGuest,
}

impl RequestKind {
    fn of(request: &Request) -> Self {
        // Refreshing a card is a read, although server functions are called with POST.
        match *request.method() {
            Method::POST if !request.uri().path().starts_with("/api/") => RequestKind::Change,
            _ => RequestKind::Visit,
        }
    }
}

/// A client exceeded a rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rate limit exceeded; retry after {} s", .retry_after.as_secs_f32())]
pub struct RateLimited {
    /// Time until the next request is allowed.
    pub retry_after: Duration,
}

/// Resolves the client's address, adds it to the request's extensions, and refuses requests of a
/// client that exceeds its rate limit.
pub async fn rate_limit(
    State(state): State<Arc<MiddlewareState>>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    if let Some(peer) = peer {
        let client = ClientIp::resolve(peer, request.headers(), &state.trusted_proxies);
        request.extensions_mut().insert(client);
        // Liveness is not limited: a supervisor must not mistake a busy server for a dead one.
        let is_limited = request.uri().path() != LIVENESS;
        if is_limited
            && let Err(limited) = state.client_limits.check(RequestKind::of(&request), client.key)
        {
            return Rejection::RateLimited(limited).into_response();
        }
    }
    next.run(request).await
}

/// The rate limits of all clients. Nothing is kept about a client that is below its limits.
pub struct ClientLimits {
    visits: Option<KeyedLimit>,
    changes: Option<KeyedLimit>,
    guests: Option<KeyedLimit>,
}

impl ClientLimits {
    /// Allows this number of visits per minute and client, also in one burst; 0 disables all
    /// limits.
    pub fn per_minute(visits: u32) -> Self {
        let limit = |visits_per_request: u32| {
            let visits = NonZeroU32::new(visits)?;
            let requests = NonZeroU32::new(visits.get() / visits_per_request);
            Some(KeyedLimit::new(requests.unwrap_or(NonZeroU32::MIN)))
        };
        ClientLimits {
            visits: limit(1),
            changes: limit(VISITS_PER_CHANGE),
            guests: limit(VISITS_PER_GUEST),
        }
    }

    /// Counts a request of a client.
    ///
    /// # Errors
    /// When the client exceeds the limit of this kind of request.
    pub fn check(&self, kind: RequestKind, client: IpAddr) -> Result<(), RateLimited> {
        let limit = match kind {
            RequestKind::Visit => &self.visits,
            RequestKind::Change => &self.changes,
            RequestKind::NewGuest => &self.guests,
        };
        limit.as_ref().map_or(Ok(()), |limit| limit.check(client))
    }
}

struct KeyedLimit {
    clients: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    checks: AtomicU32,
}

impl KeyedLimit {
    fn new(per_minute: NonZeroU32) -> Self {
        KeyedLimit {
            clients: RateLimiter::dashmap(Quota::per_minute(per_minute)),
            clock: DefaultClock::default(),
            checks: AtomicU32::new(0),
        }
    }

    fn check(&self, client: IpAddr) -> Result<(), RateLimited> {
        let checks = self.checks.fetch_add(1, Ordering::Relaxed);
        if checks % CHECKS_BETWEEN_SWEEPS == CHECKS_BETWEEN_SWEEPS - 1 {
            self.clients.retain_recent();
            self.clients.shrink_to_fit();
        }
        self.clients.check_key(&client).map_err(|refusal| RateLimited {
            retry_after: refusal.wait_time_from(self.clock.now()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u32) -> IpAddr {
        IpAddr::from(number.to_be_bytes())
    }

    #[test]
    fn one_client_is_limited_and_another_is_not() {
        let limits = ClientLimits::per_minute(40);
        for _ in 0..2 {
            assert_eq!(limits.check(RequestKind::NewGuest, client(1)), Ok(()));
        }
        let limited = limits.check(RequestKind::NewGuest, client(1)).expect_err("a third guest");
        assert!(
            limited.retry_after > Duration::from_secs(20)
                && limited.retry_after <= Duration::from_secs(30)
        );
        assert_eq!(limits.check(RequestKind::NewGuest, client(2)), Ok(()));
        for _ in 0..10 {
            assert_eq!(limits.check(RequestKind::Change, client(1)), Ok(()));
        }
        assert!(limits.check(RequestKind::Change, client(1)).is_err());
        for _ in 0..40 {
            assert_eq!(limits.check(RequestKind::Visit, client(1)), Ok(()));
        }
        assert!(limits.check(RequestKind::Visit, client(1)).is_err());
    }

    #[test]
    fn a_school_behind_one_address_stays_below_the_default_limits() {
        let limits = ClientLimits::per_minute(DEFAULT_VISITS_PER_MINUTE);
        for _ in 0..2_000 {
            assert_eq!(limits.check(RequestKind::NewGuest, client(1)), Ok(()));
            for _ in 0..5 {
                assert_eq!(limits.check(RequestKind::Change, client(1)), Ok(()));
            }
            for _ in 0..20 {
                assert_eq!(limits.check(RequestKind::Visit, client(1)), Ok(()));
            }
        }
    }

    #[test]
    fn zero_disables_the_limits() {
        let limits = ClientLimits::per_minute(0);
        for _ in 0..1_000 {
            assert_eq!(limits.check(RequestKind::NewGuest, client(1)), Ok(()));
        }
        // The smallest limit allows one request.
        assert_eq!(ClientLimits::per_minute(1).check(RequestKind::NewGuest, client(1)), Ok(()));
    }

    #[test]
    fn clients_below_their_limits_are_forgotten() {
        // At this rate a client is below its limit again after a microsecond.
        let limits = ClientLimits::per_minute(60_000_000);
        for number in 0..5 * CHECKS_BETWEEN_SWEEPS {
            assert_eq!(limits.check(RequestKind::Visit, client(number)), Ok(()));
        }
        let count = limits.visits.expect("a limit").clients.len();
        assert!(count <= CHECKS_BETWEEN_SWEEPS as usize + 100, "{count}");
    }
}
