//! Renders a page to an HTML response with its caching headers.

use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use sha2::{Digest, Sha256};
use voordeur_shared::paths;

use crate::middleware::PAGE_POLICY;
use crate::pages::RenderedPage;
use crate::pages::shell::{Shell, WallOptions, document};
use crate::session::Session;

/// Options of the shell around a page.
#[derive(Default)]
pub struct PageOptions {
    /// The page's own title.
    pub title: String,
    /// The current entry of the menus.
    pub current: Option<&'static str>,
    /// Whether the board is being arranged.
    pub editing: bool,
    /// The id of the board's page; `None` for the first.
    pub page: Option<String>,
    /// Whether the page tells of today.
    pub shows_today: bool,
    /// A page for a screen that nobody touches: without menus.
    pub wall: Option<WallOptions>,
    /// Whether a browser may keep copies of the page.
    pub has_copies: bool,
    /// Of a copy: how old it is.
    pub copy_words: Option<String>,
}

/// Renders a page. Nothing is streamed: every card is ready or has failed before rendering begins.
pub fn render_page(
    session: &Session,
    status: StatusCode,
    page_options: PageOptions,
    draw: impl FnOnce() -> RenderedPage,
) -> Response {
    let place = session.chosen_place();
    let cache_control = cache_control(session, page_options.shows_today);
    let shell = Shell {
        locale: session.locale,
        title: page_options.title,
        path: paths::return_path(&session.path).to_owned(),
        place: place.map(|place| place.municipality.get(session.locale.language).to_owned()),
        editing: page_options.editing,
        page: page_options.page,
        current: page_options.current,
        appearance: session.appearance(),
        scripts: true,
        assets: session.assets.clone(),
        wall: page_options.wall,
        copies: session
            .citizen
            .as_ref()
            .filter(|_| page_options.has_copies)
            .map(|citizen| name_of_copies(&citizen.id)),
        copy_words: page_options.copy_words,
    };
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| document(shell, draw()).to_html());
    owner.unset_with_forced_cleanup();

    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache_control));
    headers.insert(VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    response
}

/// The name of a citizen's copies in the browser. It says nothing about the citizen, and is no key.
fn name_of_copies(citizen: &str) -> String {
    let digest = Sha256::digest(format!("copies of {citizen}"));
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A citizen's page is not stored, so that the next user of the device does not find it. Neither is
/// one that tells of today: a browser goes back to a stored page without asking whether it holds.
fn cache_control(session: &Session, shows_today: bool) -> &'static str {
    if shows_today || session.citizen.is_some() { "private, no-store" } else { "private, no-cache" }
}
