use std::any::Any;

use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::RenderHtml;
use tower_http::csrf::ProtectionError;

use crate::app::App;
use crate::icons;
use crate::locale::Locale;
use crate::middleware::{RateLimited, crowded, refused};
use crate::page_response::{ShellOptions, page};
use crate::pages::error::{ErrorPage, draw};
use crate::session::Session;
use voordeur_store::{Outage, StoreError};

/// When it makes sense to try again what the store could not do, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("60");

/// What a handler could not do. A citizen reads that nothing changed; the operator reads the cause in one line of the log.
#[derive(Debug)]
pub enum RequestError {
    /// The store failed.
    Store(StoreError),
    /// Too much is asked from one address.
    RateLimited(RateLimited),
}

impl From<StoreError> for RequestError {
    fn from(problem: StoreError) -> Self {
        RequestError::Store(problem)
    }
}

impl From<RateLimited> for RequestError {
    fn from(crowd: RateLimited) -> Self {
        RequestError::RateLimited(crowd)
    }
}

impl IntoResponse for RequestError {
    fn into_response(self) -> Response {
        let problem = match self {
            RequestError::Store(problem) => problem,
            RequestError::RateLimited(crowd) => return crowded(crowd),
        };
        let cause = std::error::Error::source(&problem).map(ToString::to_string);
        let Some(outage) = problem.outage() else {
            tracing::error!(%problem, cause, "a page could not be made");
            return broken(StatusCode::INTERNAL_SERVER_ERROR);
        };
        // The store has told when it began.
        tracing::debug!(%problem, cause, "a page could not be made");
        let mut response = broken(StatusCode::SERVICE_UNAVAILABLE);
        response.headers_mut().insert(RETRY_AFTER, SOON);
        response.extensions_mut().insert(outage);
        response
    }
}

fn broken(status: StatusCode) -> Response {
    let page = plain(status.as_str(), "error-broken-title", "error-broken", "/");
    (status, page).into_response()
}

/// A page that needs neither store nor cookie, in every language, for when nothing else can be trusted or should be spent. `home` is where
/// its link leads.
pub fn plain(status: &str, title: &str, words: &str, home: &str) -> Html<String> {
    use std::fmt::Write as _;

    let middleware = icons::closed_door(status).to_html();
    let mut text = String::from(
        "<!DOCTYPE html><html lang=\"nl\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Voordeur</title><link rel=\"stylesheet\" href=\"/pkg/voordeur.css\"><main class=\"wrap prose broken\">",
    );
    text.push_str(&middleware);
    for (index, language) in voordeur_widget_api::Language::ALL.into_iter().enumerate() {
        let locale = Locale::new(language);
        let heading = if index == 0 { "h1" } else { "h2" };
        // Writing to a string cannot fail, and the texts are our own.
        let _ = write!(
            text,
            "<{heading} lang=\"{tag}\">{title}</{heading}><p lang=\"{tag}\">{words} <a href=\"{home}\">Voordeur</a></p>",
            tag = language.tag(),
            title = locale.say(title),
            words = locale.say(words),
        );
    }
    text.push_str("</main></html>");
    Html(text)
}

/// The answer after a panic in a handler.
pub fn after_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let reason = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(reason, "a handler panicked");
    broken(StatusCode::INTERNAL_SERVER_ERROR)
}

/// No such address.
pub async fn not_found(State(app): State<App>, session: Session) -> Response {
    missing(&app, &session)
}

/// The page that says that something is not there.
pub fn missing(app: &App, session: &Session) -> Response {
    let status = StatusCode::NOT_FOUND;
    apology(app, session, status, "error-not-found-title", "error-not-found")
}

/// Puts words, in the citizen's language, to what a change gets that came from another site or could not be written, and to what could not
/// be read.
pub async fn explain(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    let foreign = response.extensions().get::<ProtectionError>().is_some();
    let outage = response.extensions().get::<Outage>().is_some() && asked.method == Method::POST;
    // Scripts of our own read what a function says.
    let unread = is_for_programmers(&response) && !asked.uri.path().starts_with("/api/");
    let (reason, status, title, words) = if foreign {
        (Some("foreign"), StatusCode::FORBIDDEN, "error-foreign-title", "error-foreign")
    } else if outage {
        (None, StatusCode::SERVICE_UNAVAILABLE, "error-store-title", "error-store")
    } else if unread {
        (Some("unread"), response.status(), "error-unread-title", "error-unread")
    } else {
        return response;
    };
    if let Some(reason) = reason {
        refused(reason);
    }
    let Ok(session) = Session::of(&asked, &app).await else { return response };
    let mut response = apology(&app, &session, status, title, words);
    if outage {
        response.headers_mut().insert(RETRY_AFTER, SOON);
    }
    response
}

/// Whether it says in a line of plain text why a query, a path or a form could not be read: axum's own words, for who made them.
fn is_for_programmers(response: &Response) -> bool {
    let unread = [
        StatusCode::BAD_REQUEST,
        StatusCode::UNPROCESSABLE_ENTITY,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
    ];
    unread.contains(&response.status())
        && response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

fn apology(app: &App, session: &Session, status: StatusCode, title: &str, text: &str) -> Response {
    let locale = session.locale;
    let model = ErrorPage {
        locale,
        status: status.as_u16(),
        title: locale.say(title),
        text: locale.say(text),
    };
    let shell_options = ShellOptions { title: model.title.clone(), ..ShellOptions::default() };
    page(app, session, status, shell_options, || draw(model))
}
