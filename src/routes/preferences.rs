//! The choices that change every page: the language, and how the pages look. Each leads back to the
//! page on which it was made.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use serde::Deserialize;
use voordeur_shared::paths;
use voordeur_widget_api::Language;

use super::RequestError;
use crate::app::App;
use crate::session::Session;
use voordeur_store::appearance::{Appearance, Density, Look};

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
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    app.store.set_language(&citizen, chosen.language).await?;
    Ok((jar, Redirect::to(paths::return_path(&chosen.back))).into_response())
}

/// How the pages should look, and the page to come back to. What is not said stays as it is.
#[derive(Debug, Deserialize)]
pub struct AppearanceForm {
    look: Option<Look>,
    density: Option<Density>,
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
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    let appearance = Appearance {
        look: chosen.look.unwrap_or(before.look),
        density: chosen.density.unwrap_or(before.density),
    };
    app.store.set_appearance(&citizen, appearance).await?;
    Ok((jar, Redirect::to(paths::return_path(&chosen.back))).into_response())
}
