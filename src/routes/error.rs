//! Error pages.

use std::any::Any;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::csrf::ProtectionError;

use crate::app::App;
use crate::error::{STORE_RETRY_AFTER, internal_error, multilingual_page};
use crate::middleware::{Rejection, record_refusal};
use crate::page_response::{PageOptions, render_page};
use crate::pages::error::{ErrorPage, draw};
use crate::session::Session;
use voordeur_store::Outage;

/// The response after a panic in a handler.
pub fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(reason, "a handler panicked");
    internal_error(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The fallback of all routes.
pub async fn not_found(session: Session) -> Response {
    missing(&session)
}

/// The page of an address, card or widget that does not exist.
pub fn missing(session: &Session) -> Response {
    let status = StatusCode::NOT_FOUND;
    error_page(session, status, "error-not-found-title", "error-not-found")
}

/// Renders a page for a request that the middleware refused.
pub async fn render_rejection(mut response: Response) -> Response {
    let Some(rejection) = response.extensions_mut().remove::<Rejection>() else {
        return response;
    };
    let (title, text) = match &rejection {
        Rejection::RateLimited(_) => ("error-crowd-title", "error-crowd"),
        Rejection::WrongHost { .. } => ("error-host-title", "error-host"),
        Rejection::Overloaded => ("error-busy-title", "error-busy"),
        Rejection::BodyTooLarge | Rejection::BodyIncomplete | Rejection::BodyTimeout => {
            ("error-form-title", "error-form")
        }
    };
    let home = match &rejection {
        Rejection::WrongHost { public_origin: Some(origin) } => origin.as_str(),
        _ => "/",
    };
    let page = multilingual_page(response.status(), title, text, home);
    let headers = response.headers_mut();
    // That of the body without a page.
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    *response.body_mut() = Body::from(page.0);
    response
}

/// Renders a page, in the citizen's language where the session can be loaded, for a change posted
/// from another site, a change that could not be stored, and a request that could not be parsed;
/// and one for a request that the middleware below refused.
pub async fn render_errors(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let request = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let is_cross_site = response.extensions().get::<ProtectionError>().is_some();
    let is_lost_change =
        response.extensions().get::<Outage>().is_some() && request.method == Method::POST;
    // The errors of server functions are read by scripts of our own.
    let is_unparsed = is_extractor_rejection(&response) && !request.uri.path().starts_with("/api/");
    let (reason, status, title, text) = if is_cross_site {
        (Some("foreign"), StatusCode::FORBIDDEN, "error-foreign-title", "error-foreign")
    } else if is_lost_change {
        (None, StatusCode::SERVICE_UNAVAILABLE, "error-store-title", "error-store")
    } else if is_unparsed {
        (Some("unread"), response.status(), "error-unread-title", "error-unread")
    } else {
        return render_rejection(response).await;
    };
    if let Some(reason) = reason {
        record_refusal(reason);
    }
    let Ok(session) = Session::load(&request, &app).await else { return response };
    let mut response = error_page(&session, status, title, text);
    if is_lost_change {
        response.headers_mut().insert(RETRY_AFTER, STORE_RETRY_AFTER);
    }
    response
}

/// Whether it is the rejection of one of axum's extractors: a line of text, written for
/// developers, on why a query, path or form could not be parsed.
fn is_extractor_rejection(response: &Response) -> bool {
    let statuses = [
        StatusCode::BAD_REQUEST,
        StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    ];
    statuses.contains(&response.status())
        && response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

fn error_page(session: &Session, status: StatusCode, title: &str, text: &str) -> Response {
    let locale = session.locale;
    let model = ErrorPage {
        locale,
        status: status.as_u16(),
        title: locale.say(title),
        text: locale.say(text),
    };
    let page_options = PageOptions { title: model.title.clone(), ..PageOptions::default() };
    render_page(session, status, page_options, || draw(model))
}
