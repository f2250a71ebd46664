//! The front of the server: who may come in, how often, how long it may take, and what every answer carries.
//!
//! A connection is taken by [`crate::server`] and ended when its other side holds it up. A request then passes [`host_check`] (its host, its client, how
//! often that one asks) and takes one of the [`load_shed`], and its answer gets the headers of [`security_headers`]. Nothing of a citizen is logged or counted here: addresses are kept in
//! memory alone, for as long as the limits need them.

mod client_ip;
mod host_check;
mod load_shed;
mod public_url;
mod rate_limit;
mod request_metrics;
mod security_headers;
mod session_cookie;
pub(crate) mod write_timeout;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use tower_http::csrf::{ConfigError, CsrfLayer};

pub use client_ip::{ClientIp, Network};
pub use host_check::{admit, crowded, receive};
pub use load_shed::{LoadShed, seat};
pub use public_url::PublicUrl;
pub use rate_limit::{Asks, ClientLimits, RateLimited, VISITS_PER_MINUTE};
pub use request_metrics::{count, refused};
pub use security_headers::finish;
pub use session_cookie::Cookies;

use crate::config::Config;

/// Longer than any page or card may take.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// What the door goes by.
pub struct MiddlewareState {
    /// How browsers reach it, when the operator has said so.
    pub public: Option<PublicUrl>,
    /// How guests are known again.
    pub cookies: Cookies,
    /// How often one client may ask.
    pub limits: ClientLimits,
    /// How many pages are made at once.
    pub places_for_pages: Arc<LoadShed>,
    /// How many cards are waited for, apart from pages.
    pub places_for_cards: Arc<LoadShed>,
    /// How long a client may keep us waiting.
    pub patience: Duration,
    /// Who may say for whom a request is.
    proxies: Vec<Network>,
    csrf: CsrfLayer,
}

impl MiddlewareState {
    /// The door as the operator wants it.
    ///
    /// # Errors
    /// When browsers would never send the origin of `--public-url`.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let public = config.public_url.clone();
        let csrf = match &public {
            // A proxy may have put a `Host` of its own, which the browser's `Origin` then does not match.
            Some(public) => CsrfLayer::new().add_trusted_origin(public.origin())?,
            None => CsrfLayer::new(),
        };
        Ok(MiddlewareState {
            cookies: Cookies::new(public.as_ref().is_some_and(PublicUrl::is_https)),
            limits: ClientLimits::per_minute(config.visits_per_minute),
            places_for_pages: LoadShed::for_pages(),
            places_for_cards: LoadShed::for_cards(),
            patience: config.patience(),
            proxies: config.trusted_proxies.clone(),
            public,
            csrf,
        })
    }

    /// Refuses changes that another site posts: by `Sec-Fetch-Site`, or else by `Origin`. What carries neither comes from no browser of these
    /// years; older ones keep the cookie back, which is `SameSite=Lax`.
    pub fn csrf(&self) -> CsrfLayer {
        self.csrf.clone()
    }

    /// Whether HTTPS is all that browsers see.
    pub fn is_https(&self) -> bool {
        self.public.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Whether a request for this host is meant for us. Names matter only: what is reached by a bare address cannot have been led here by a
    /// name that somebody else owns (DNS rebinding), and probes ask so. Without `--public-url` nobody has said what our name is.
    fn answers_to(&self, host: &str) -> bool {
        let Some(public) = &self.public else { return true };
        public.is_host(host)
            || host.parse::<Uri>().is_ok_and(|uri| {
                let name = uri.host().unwrap_or_default();
                name.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok()
            })
    }
}
