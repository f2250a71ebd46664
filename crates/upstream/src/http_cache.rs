//! What a service says of how long its answer holds, and how to ask whether it still does (RFC 9110 and RFC 9111).

use std::time::Duration;

use headers::{Age, CacheControl, HeaderMapExt};
use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use voordeur_widget_api::{Method, Request};

/// A service can make its answer count as fresh for longer than the manifest says, but no longer than this: where a server says a day for
/// everything it has, a warning must not come a day late, and one request an hour burdens nobody.
const LONGEST_HOLDING: Duration = Duration::from_secs(60 * 60);
/// A longer validator is not worth what it takes to keep it and to send it along.
const LONGEST_VALIDATOR: usize = 512;

/// What tells one version of an answer from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`, word for word.
    pub etag: Option<String>,
    /// Its `Last-Modified`, word for word.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Those of an answer.
    pub fn of(headers: &HeaderMap) -> Self {
        let said = |name: HeaderName| {
            let value = headers.get(name)?.to_str().ok()?.trim();
            let usable = !value.is_empty() && value.len() <= LONGEST_VALIDATOR;
            usable.then(|| value.to_owned())
        };
        Validators { etag: said(ETAG), last_modified: said(LAST_MODIFIED) }
    }

    /// The headers that ask for an answer only if it is another version. A question that is posted has no versions.
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

/// For how long a service says that its answer holds, counted from now; zero when it does not say. `no-cache` and `max-age=0` are no reason to
/// ask more often than the manifest says.
pub fn holds_for(headers: &HeaderMap) -> Duration {
    let Some(control) = headers.typed_get::<CacheControl>() else { return Duration::ZERO };
    if control.no_cache() || control.no_store() {
        return Duration::ZERO;
    }
    // One answer serves many here, so what is said to shared caches counts first.
    let said = control.s_max_age().or(control.max_age()).unwrap_or_default();
    let age = headers.typed_get::<Age>().map_or(0, |age| age.as_secs());
    said.saturating_sub(Duration::from_secs(age)).min(LONGEST_HOLDING)
}

/// Whether an answer may be kept on disk.
pub fn may_be_kept(headers: &HeaderMap) -> bool {
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
    fn what_a_service_says_of_its_answer_is_read_within_bounds() {
        let held = |control: &'static str, age: &'static str| {
            holds_for(&headers(&[(CACHE_CONTROL, control), (AGE, age)])).as_secs()
        };
        assert_eq!(holds_for(&HeaderMap::new()), Duration::ZERO);
        assert_eq!(held("max-age=300", "0"), 300);
        assert_eq!(held("public, max-age=300, s-maxage=900", "0"), 900);
        assert_eq!(held("max-age=300", "120"), 180, "it was under way already");
        assert_eq!(held("max-age=300", "400"), 0);
        assert_eq!(held("max-age=31536000, immutable", "0"), 3_600);
        assert_eq!(held("max-age=18446744073709551615", "0"), 3_600);
        for none in ["no-cache, max-age=300", "no-store", "max-age=0", "max-age=soon", "", ";;;"] {
            assert_eq!(held(none, "0"), 0, "{none}");
        }
        assert!(may_be_kept(&headers(&[(CACHE_CONTROL, "private, max-age=5")])));
        assert!(!may_be_kept(&headers(&[(CACHE_CONTROL, "private, no-store")])));
    }
}
