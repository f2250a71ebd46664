//! HTTP middleware: host check, rate limits, body limit, load shedding, security headers, metrics.
//!
//! A connection is accepted by `crate::server`. A request then passes [`rate_limit`],
//! [`check_host`], [`hold_response`], the routes' own layers and [`shed_load`]. The middleware
//! knows neither pages nor the application: a refused request gets a status and a [`Rejection`] in
//! the extensions of the response, and the routes render a page for it. Nothing about a citizen is
//! logged or measured here; client addresses are held in memory for as long as the rate limits need
//! them.

mod adaptive_timeout;
mod body_limit;
mod client_ip;
mod content_security_policy;
mod disk_budget;
mod held_response;
mod host_check;
mod load_shed;
mod public_url;
mod rate_limit;
mod rejection;
mod request_metrics;
mod security_headers;
mod session_cookie;
mod shared_pool;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use tower_http::csrf::{ConfigError, CsrfLayer};

pub use adaptive_timeout::AdaptiveTimeout;
pub use body_limit::limit_body;
pub use client_ip::{ClientIp, Network};
pub use content_security_policy::{PAGE_POLICY, PREVIEW_POLICY, WORKER_POLICY};
pub use disk_budget::{DiskBudget, Reservation};
pub use held_response::hold_response;
pub use host_check::{check_host, disable_foreign_compression};
pub use load_shed::{LoadShed, shed_load};
pub use public_url::PublicUrl;
pub use rate_limit::{
    ClientLimits, DEFAULT_VISITS_PER_MINUTE, RateLimited, RequestKind, rate_limit,
};
pub use rejection::Rejection;
pub use request_metrics::{record_metrics, record_refusal};
pub use security_headers::set_security_headers;
pub use session_cookie::{KnownToken, SessionCookie};
pub use shared_pool::{PoolShare, SharedPool};

/// Timeout of a response; longer than any page or card may take.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

/// Maximum number of bytes that are held for clients at once: bodies of requests and of responses.
/// It is some three thousand compressed pages; what the system has buffered does not count.
const MAX_HELD_BYTES: usize = 64 * 1024 * 1024;

/// Operator options that the middleware depends on.
#[derive(Clone, Debug)]
pub struct MiddlewareOptions {
    /// The URL at which browsers reach the server, if the operator gave one.
    pub public_url: Option<PublicUrl>,
    /// Reverse proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Requests per minute and client; 0 disables the rate limits.
    pub visits_per_minute: u32,
    /// Maximum time for receiving a request body; shorter while the server is crowded.
    pub client_timeout: Duration,
    /// Maximum number of open connections.
    pub max_connections: usize,
}

/// State shared by all middleware functions.
pub struct MiddlewareState {
    /// Reads and writes the session cookie.
    pub session_cookie: SessionCookie,
    /// Rate limits per client.
    pub client_limits: ClientLimits,
    /// Bounds the disk space that one client fills.
    pub disk_budget: DiskBudget,
    /// Bounds the number of pages rendered at once.
    pub page_load_shed: Arc<LoadShed>,
    /// Bounds the number of pages at once that cost more than a board.
    pub costly_load_shed: Arc<LoadShed>,
    /// Bounds the number of requests that wait for one service, apart from pages.
    pub card_load_shed: Arc<LoadShed>,
    /// The open connections.
    pub connections: Arc<SharedPool>,
    /// The bytes that are held for clients.
    pub held_bytes: Arc<SharedPool>,
    public_url: Option<PublicUrl>,
    body_timeout: AdaptiveTimeout,
    trusted_proxies: Vec<Network>,
    csrf: CsrfLayer,
}

impl MiddlewareState {
    /// Builds the state from the operator's options.
    ///
    /// # Errors
    /// When the public URL is not an origin that a browser can send.
    pub fn new(options: MiddlewareOptions) -> Result<Self, ConfigError> {
        let csrf = match &options.public_url {
            // A proxy may have replaced `Host`, which then does not match the browser's `Origin`.
            Some(public_url) => CsrfLayer::new().add_trusted_origin(public_url.origin())?,
            None => CsrfLayer::new(),
        };
        let connections = SharedPool::new(options.max_connections);
        let https = options.public_url.as_ref().is_some_and(PublicUrl::is_https);
        Ok(MiddlewareState {
            session_cookie: SessionCookie::new(https),
            client_limits: ClientLimits::per_minute(options.visits_per_minute),
            disk_budget: DiskBudget::beside_visits_per_minute(options.visits_per_minute),
            page_load_shed: LoadShed::for_pages(),
            costly_load_shed: LoadShed::for_costly_pages(),
            card_load_shed: LoadShed::for_cards(options.max_connections),
            body_timeout: AdaptiveTimeout::new(options.client_timeout, &[&connections]),
            connections,
            held_bytes: SharedPool::new(MAX_HELD_BYTES),
            public_url: options.public_url,
            trusted_proxies: options.trusted_proxies,
            csrf,
        })
    }

    /// The layer that refuses changes posted from another site: by `Sec-Fetch-Site`, or else by
    /// `Origin`. A request with neither header comes from no browser of recent years; older
    /// browsers withhold the cookie, which is `SameSite=Lax`.
    pub fn csrf(&self) -> CsrfLayer {
        self.csrf.clone()
    }

    fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Whether a request for this host is accepted. Only names are checked: a browser cannot have
    /// been led to a bare IP address by a DNS name of somebody else (DNS rebinding), and probes
    /// use addresses. Without a public URL our own name is unknown, so every host is accepted.
    fn accepts_host(&self, host: &str) -> bool {
        let Some(public_url) = &self.public_url else { return true };
        public_url.is_host(host)
            || host.parse::<Uri>().is_ok_and(|uri| {
                let name = uri.host().unwrap_or_default();
                name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()
            })
    }
}
