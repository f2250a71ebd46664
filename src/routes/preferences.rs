//! The choices that change every page: the language, and how the pages look. Each leads back to the
//! page on which it was made.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use serde::Deserialize;
use voordeur_shared::paths;
use voordeur_widget_api::Language;

use super::RequestError;
use crate::app::App;
use crate::page_response::{PageOptions, render_page};
use crate::pages::not_kept::{self, NotKeptPage};
use crate::session::Session;
use voordeur_store::appearance::{Appearance, Density, Look, Reading, TextSize};

/// The language that was chosen, and the page to come back to.
#[derive(Debug, Deserialize)]
pub struct LanguageForm {
    language: Language,
    #[serde(default)]
    back: String,
}

/// `POST /language`: keeps the language and goes back to the page.
pub async fn language(
    State(app): State<App>,
    mut session: Session,
    jar: CookieJar,
    Form(chosen): Form<LanguageForm>,
) -> Result<Response, RequestError> {
    let is_new = session.citizen.is_none();
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    app.store.set_language(&citizen, chosen.language).await?;
    Ok((jar, back_to(&chosen.back, is_new)).into_response())
}

/// How the pages should look, and the page to come back to. What is not said stays as it is.
#[derive(Debug, Deserialize)]
pub struct AppearanceForm {
    look: Option<Look>,
    density: Option<Density>,
    text: Option<TextSize>,
    reading: Option<Reading>,
    #[serde(default)]
    back: String,
}

/// `POST /look`: keeps how the pages look and goes back to the page.
pub async fn look(
    State(app): State<App>,
    mut session: Session,
    jar: CookieJar,
    Form(chosen): Form<AppearanceForm>,
) -> Result<Response, RequestError> {
    let before = session.appearance();
    let is_new = session.citizen.is_none();
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    let appearance = Appearance {
        look: chosen.look.unwrap_or(before.look),
        density: chosen.density.unwrap_or(before.density),
        text_size: chosen.text.unwrap_or(before.text_size),
        reading: chosen.reading.unwrap_or(before.reading),
    };
    app.store.set_appearance(&citizen, appearance).await?;
    Ok((jar, back_to(&chosen.back, is_new)).into_response())
}

/// Leads back to the page; for a new guest, by way of a check that the browser keeps the cookie.
fn back_to(back: &str, is_new: bool) -> Redirect {
    let back = paths::return_path(back);
    if !is_new {
        return Redirect::to(back);
    }
    let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
    Redirect::to(&[paths::KEPT, "?back=", &back].concat())
}

/// The page to come back to.
#[derive(Debug, Deserialize)]
pub struct KeptQuery {
    #[serde(default)]
    back: String,
}

/// `GET /kept`: leads on when the browser has sent its cookie, and else says that nothing is kept.
pub async fn kept(session: Session, Query(query): Query<KeptQuery>) -> Response {
    let back = paths::return_path(&query.back);
    if session.citizen.is_some() {
        return Redirect::to(back).into_response();
    }
    let locale = session.locale;
    let model = NotKeptPage { locale, back: back.to_owned() };
    let page_options =
        PageOptions { title: locale.say("not-kept-title"), ..PageOptions::default() };
    render_page(&session, StatusCode::OK, page_options, || not_kept::draw(model))
}
