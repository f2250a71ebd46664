//! Where a body came from, and as what: readers need both to make its links absolute and to decode
//! its text, also when it is read from disk again.

use reqwest::header::{CONTENT_TYPE, HeaderMap};
use url::Url;
use voordeur_formats::BodyMetadata;

/// A longer `Content-Type` names no encoding that is known.
const MAX_CONTENT_TYPE_BYTES: usize = 512;

/// The URL of a body and its `Content-Type`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodyOrigin {
    /// The URL after redirects, without an API key.
    pub url: String,
    /// Verbatim.
    pub content_type: Option<String>,
}

impl BodyOrigin {
    pub(super) fn new(url: &Url, headers: &HeaderMap) -> Self {
        let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.map(str::trim).filter(|content_type| {
            !content_type.is_empty() && content_type.len() <= MAX_CONTENT_TYPE_BYTES
        });
        BodyOrigin { url: url.to_string(), content_type: content_type.map(str::to_owned) }
    }

    /// The same, for a reader.
    pub fn metadata(&self) -> BodyMetadata<'_> {
        BodyMetadata { url: Some(&self.url), content_type: self.content_type.as_deref() }
    }
}

/// A body that was fetched without the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedBody {
    /// The body.
    pub bytes: Vec<u8>,
    /// Where it came from.
    pub origin: BodyOrigin,
}
