//! Errors of a request, and the error page that needs neither store nor application.

use std::error::Error;
use std::fmt::Write as _;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::RenderHtml;
use voordeur_store::StoreError;

use crate::icons;
use crate::locale::Locale;
use crate::middleware::{RateLimited, Rejection};

/// `Retry-After` while the store is unavailable, in seconds.
pub const STORE_RETRY_AFTER: HeaderValue = HeaderValue::from_static("60");

/// An error of a handler. The citizen gets a page; the operator gets the cause in the log.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The client exceeded a rate limit.
    #[error("rate limited")]
    RateLimited(#[from] RateLimited),
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let error = match self {
            RequestError::Store(error) => error,
            RequestError::RateLimited(limited) => {
                return Rejection::RateLimited(limited).into_response();
            }
        };
        if matches!(error, StoreError::LowDiskSpace) {
            // The store has logged it when it began.
            let status = StatusCode::SERVICE_UNAVAILABLE;
            let page = multilingual_page(status, "error-space-title", "error-space", "/");
            return (status, [(RETRY_AFTER, STORE_RETRY_AFTER)], page).into_response();
        }
        let cause = error.source().map(ToString::to_string);
        let Some(outage) = error.outage() else {
            tracing::error!(%error, cause, "request failed");
            return internal_error(StatusCode::INTERNAL_SERVER_ERROR);
        };
        // The store has logged the outage when it began.
        tracing::debug!(%error, cause, "request failed");
        let mut response = internal_error(StatusCode::SERVICE_UNAVAILABLE);
        response.headers_mut().insert(RETRY_AFTER, STORE_RETRY_AFTER);
        response.extensions_mut().insert(outage);
        response
    }
}

/// The response to an error of the server itself.
pub fn internal_error(status: StatusCode) -> Response {
    let page = multilingual_page(status, "error-broken-title", "error-broken", "/");
    (status, page).into_response()
}

/// An error page in all four languages. It needs neither store nor session, for when these cannot
/// be trusted or are too expensive. `title` and `text` are keys of messages, `home` is the target
/// of its link.
pub fn multilingual_page(status: StatusCode, title: &str, text: &str, home: &str) -> Html<String> {
    let mut html = String::from(
        "<!DOCTYPE html><html lang=\"nl\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Voordeur</title>\
         <link rel=\"stylesheet\" href=\"/pkg/voordeur.css\"><main class=\"wrap prose broken\">",
    );
    html.push_str(&icons::closed_door(status.as_str()).to_html());
    for (index, language) in voordeur_widget_api::Language::ALL.into_iter().enumerate() {
        let locale = Locale::new(language);
        let heading = if index == 0 { "h1" } else { "h2" };
        // Writing to a string cannot fail. Nothing is escaped: all texts are our own.
        let _ = write!(
            html,
            "<{heading} lang=\"{tag}\">{title}</{heading}>\
             <p lang=\"{tag}\">{text} <a href=\"{home}\">Voordeur</a></p>",
            tag = language.tag(),
            title = locale.say(title),
            text = locale.say(text),
        );
    }
    html.push_str("</main></html>");
    Html(html)
}

/// An error and its sources in one line. A source that its error's text already ends with is not
/// repeated.
pub fn with_sources(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        if !line.ends_with(&text) {
            line.push_str(": ");
            line.push_str(&text);
        }
        source = error.source();
    }
    line
}
