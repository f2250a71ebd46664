//! Erases everything that is kept of a citizen: for a shared computer, and for whoever begins anew.

use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;
use voordeur_shared::paths;

use super::RequestError;
use crate::app::App;
use crate::page_response::{PageOptions, render_page};
use crate::pages::forget::{ForgetPage, draw};
use crate::session::Session;

/// Browsers erase caches and storage, also of pages to go back to, where the connection is secure
/// (W3C Clear Site Data, section 3.1). The script erases what is left elsewhere.
const CLEAR_SITE_DATA: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static(r#""cache", "cookies", "storage""#),
);

#[derive(Debug, Default, Deserialize)]
pub struct ForgetQuery {
    done: Option<String>,
}

/// `GET /forget`
pub async fn show(session: Session, Query(query): Query<ForgetQuery>) -> Response {
    let is_known = session.citizen.is_some();
    let model = ForgetPage {
        locale: session.locale,
        is_done: query.done.is_some() && !is_known,
        is_known,
        script: session.assets.of(paths::DEVICE_SCRIPT),
    };
    let key = if model.is_done { "forget-done-title" } else { "device-title" };
    let title = session.locale.say(key);
    let page_options = PageOptions { title, current: Some("forget"), ..PageOptions::default() };
    render_page(&session, StatusCode::OK, page_options, || draw(model))
}

/// `POST /forget`: erases the citizen on the server and the cookie in the browser.
pub async fn forget(
    State(app): State<App>,
    session: Session,
    jar: CookieJar,
) -> Result<Response, RequestError> {
    if let Some(citizen) = &session.citizen {
        app.store.delete_citizen(&citizen.id).await?;
    }
    let jar = jar.add(app.middleware.session_cookie.expired());
    let done = Redirect::to(&[paths::FORGET, "?done"].concat());
    Ok((jar, [CLEAR_SITE_DATA], done).into_response())
}
