//! The front of the server: who may come in, how often, how long it may take, and what every answer carries.
//!
//! A connection is taken by [`connections`] and ended when its other side holds it up. A request then passes [`gate`] (its host, its client, how
//! often that one asks) and takes one of the [`places`], and its answer gets the headers of [`headers`]. Nothing of a citizen is logged or counted here: addresses are kept in
//! memory alone, for as long as the limits need them.

mod client;
pub mod connections;
mod cookies;
mod gate;
mod headers;
mod limits;
mod patient;
mod places;
mod public_url;
mod requests;

use std::sync::Arc;
use std::time::Duration;

use axum::http::Uri;
use tower_http::csrf::{ConfigError, CsrfLayer};

pub use client::{Client, Network};
pub use cookies::Cookies;
pub use gate::{admit, crowded, receive};
pub use headers::finish;
pub use limits::{Asks, Crowd, Limits, VISITS_PER_MINUTE};
pub use places::{Places, seat};
pub use public_url::PublicUrl;
pub use requests::{count, refused};

use crate::config::Config;

/// Longer than any page or card may take.
pub const LONGEST_ANSWER: Duration = Duration::from_secs(30);

/// What the door goes by.
pub struct Door {
    /// How browsers reach it, when the operator has said so.
    pub public: Option<PublicUrl>,
    /// How guests are known again.
    pub cookies: Cookies,
    /// How often one client may ask.
    pub limits: Limits,
    /// How many pages are made at once.
    pub places_for_pages: Arc<Places>,
    /// How many cards are waited for, apart from pages.
    pub places_for_cards: Arc<Places>,
    /// How long a client may keep us waiting.
    pub patience: Duration,
    /// Who may say for whom a request is.
    proxies: Vec<Network>,
    csrf: CsrfLayer,
}

impl Door {
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
        Ok(Door {
            cookies: Cookies::new(public.as_ref().is_some_and(PublicUrl::is_https)),
            limits: Limits::per_minute(config.visits_per_minute),
            places_for_pages: Places::for_pages(),
            places_for_cards: Places::for_cards(),
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
