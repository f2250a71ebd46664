//! Freshness, storability and validators of a response, from its headers (RFC 9110, RFC 9111).
//!
//! The crates for this decide on a whole request and response; here the manifest overrules the
//! headers, so only single values of them are needed.

use std::time::Duration;

use headers::{Age, CacheControl, HeaderMapExt};
use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use voordeur_widget_api::{Method, Request};

/// Upper bound of the freshness lifetime that headers may give. Some servers send a day for
/// everything they have; a warning must not arrive a day late, and one request per hour is no
/// burden.
const MAX_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Longer validators are ignored: they cost more to store and send than they save.
const MAX_VALIDATOR_BYTES: usize = 512;

/// The validators of a response (RFC 9110, section 8.8).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`, verbatim.
    pub etag: Option<String>,
    /// `Last-Modified`, verbatim.
    pub last_modified: Option<String>,
}

impl Validators {
    pub fn of(headers: &HeaderMap) -> Self {
        let header = |name: HeaderName| {
            let value = headers.get(name)?.to_str().ok()?.trim();
            let usable = !value.is_empty() && value.len() <= MAX_VALIDATOR_BYTES;
            usable.then(|| value.to_owned())
        };
        Validators { etag: header(ETAG), last_modified: header(LAST_MODIFIED) }
    }

    /// The headers of a conditional request. Empty for POST.
    pub fn conditions(&self, request: &Request) -> HeaderMap {
        let mut conditions = HeaderMap::new();
        if request.method != Method::Get {
            return conditions;
        }
        let pairs = [(IF_NONE_MATCH, &self.etag), (IF_MODIFIED_SINCE, &self.last_modified)];
        for (name, value) in pairs {
            let value = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok());
            if let Some(value) = value {
                conditions.insert(name, value);
            }
        }
        conditions
    }
}

/// The remaining freshness lifetime by the headers; zero without one. `no-cache` and `max-age=0`
/// give zero too: they never make a request more frequent than its manifest says.
pub fn freshness_lifetime(headers: &HeaderMap) -> Duration {
    let Some(control) = headers.typed_get::<CacheControl>() else { return Duration::ZERO };
    if control.no_cache() || control.no_store() {
        return Duration::ZERO;
    }
    // This is a shared cache, so `s-maxage` takes precedence (RFC 9111, section 5.2.2.10).
    let max_age = control.s_max_age().or(control.max_age()).unwrap_or_default();
    let age = headers.typed_get::<Age>().map_or(0, |age| age.as_secs());
    max_age.saturating_sub(Duration::from_secs(age)).min(MAX_LIFETIME)
}

/// Whether a response may be stored on disk.
pub fn is_storable(headers: &HeaderMap) -> bool {
    !headers.typed_get::<CacheControl>().is_some_and(|control| control.no_store())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{AGE, CACHE_CONTROL};

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        let value = |text| HeaderValue::from_static(text);
        pairs.iter().map(|(name, text)| (name.clone(), value(text))).collect()
    }

    #[test]
    fn freshness_by_headers_is_bounded() {
        let lifetime = |control: &'static str, age: &'static str| {
            freshness_lifetime(&headers(&[(CACHE_CONTROL, control), (AGE, age)])).as_secs()
        };
        assert_eq!(freshness_lifetime(&HeaderMap::new()), Duration::ZERO);
        assert_eq!(lifetime("max-age=300", "0"), 300);
        assert_eq!(lifetime("public, max-age=300, s-maxage=900", "0"), 900);
        assert_eq!(lifetime("max-age=300", "120"), 180, "minus its age");
        assert_eq!(lifetime("max-age=300", "400"), 0);
        assert_eq!(lifetime("max-age=31536000, immutable", "0"), 3_600);
        assert_eq!(lifetime("max-age=18446744073709551615", "0"), 3_600);
        for none in ["no-cache, max-age=300", "no-store", "max-age=0", "max-age=soon", "", ";;;"] {
            assert_eq!(lifetime(none, "0"), 0, "{none}");
        }
        assert!(is_storable(&headers(&[(CACHE_CONTROL, "private, max-age=5")])));
        assert!(!is_storable(&headers(&[(CACHE_CONTROL, "private, no-store")])));
    }
}
