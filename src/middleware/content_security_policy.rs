//! Every Content-Security-Policy that the server sends.

/// The policy of every response that sets none of its own: when opened as a document, it may load
/// the style sheet and do nothing else.
pub(super) const DEFAULT_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The policy of the widget preview: its own scripts and styles, and none that are inline.
pub const PREVIEW_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// The policy of the service worker: it asks this server, and nothing else.
pub const WORKER_POLICY: &str = "default-src 'none'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The policy of pages: scripts and styles of our own, and none that are inline.
pub const PAGE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
