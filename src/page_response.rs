//! From a page to an answer: the HTML, its headers and the nonce that lets the page's own scripts run.

use std::sync::Arc;

use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use hydration_context::SsrSharedContext;
use leptos::nonce::{Nonce, provide_nonce};
use leptos::prelude::*;

use crate::app::App;
use crate::islands::LivePage;
use crate::pages::RenderedPage;
use crate::pages::shell::{Shell, document};
use crate::session::Session;

/// What the shell of a page has to know, besides its visitor.
#[derive(Default)]
pub struct ShellOptions {
    /// The page's own title.
    pub title: String,
    /// Which entry of the menus it is.
    pub current: Option<&'static str>,
    /// Whether the board is being arranged.
    pub editing: bool,
    /// The id of the board's page that is shown; nothing for the first.
    pub page: Option<String>,
}

/// A page, whole: nothing is streamed, since every card is there or has said why not before drawing begins.
pub fn page(
    app: &App,
    session: &Session,
    status: StatusCode,
    shell_options: ShellOptions,
    draw: impl FnOnce() -> RenderedPage,
) -> Response {
    let shell = Shell {
        locale: session.locale,
        title: shell_options.title,
        path: session.path.clone(),
        place: session
            .own_place()
            .map(|place| place.municipality.get(session.locale.language).to_owned()),
        editing: shell_options.editing,
        page: shell_options.page,
        current: shell_options.current,
        appearance: session.appearance(),
        options: app.options.clone(),
        scripts: true,
    };
    let lost = session.locale.say("live-lost");
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let (html, nonce) = owner.with(|| {
        provide_nonce();
        let enhancement = view! { <LivePage lost=lost /> }.into_any();
        let html = document(shell, draw(), enhancement).to_html();
        (html, use_context::<Nonce>())
    });
    owner.unset_with_forced_cleanup();

    let mut response = (status, Html(html)).into_response();
    let headers = response.headers_mut();
    let policy = nonce
        .map(|nonce| policy(nonce.as_inner()))
        .and_then(|policy| HeaderValue::from_str(&policy).ok());
    if let Some(policy) = policy {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    // Whoever comes to this device after a citizen finds no page of theirs in its memory.
    let kept = if session.citizen.is_some() { "private, no-store" } else { "private, no-cache" };
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    headers.insert(VARY, HeaderValue::from_static("Cookie, Accept-Language"));
    response
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}
