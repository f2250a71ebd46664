//! Every Content-Security-Policy that the server sends.

use axum::http::HeaderValue;

/// The policy of every response that sets none of its own: when opened as a document, it may load
/// the style sheet and do nothing else.
pub(super) const DEFAULT_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The policy of the widget preview: its own scripts and styles, and none that are inline.
pub const PREVIEW_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// The policy of a page whose inline scripts carry this nonce; `None` when the nonce does not fit
/// a header.
pub fn page_policy(nonce: &str) -> Option<HeaderValue> {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}
