//! The choices that change every page: the language, and how the pages look. Each leads back to the page on which it was made.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use serde::Deserialize;
use voordeur_widget_api::Language;

use super::RequestError;
use crate::app::App;
use crate::session::Session;
use voordeur_store::appearance::{Appearance, Density, Look};

/// The language that was chosen, and the page to come back to.
#[derive(Debug, Deserialize)]
pub struct ChosenLanguage {
    language: Language,
    #[serde(default)]
    back: String,
}

/// `POST /language`: keeps the language and goes back to the page.
pub async fn language(
    State(app): State<App>,
    mut session: Session,
    jar: CookieJar,
    Form(chosen): Form<ChosenLanguage>,
) -> Result<Response, RequestError> {
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    app.store.set_language(&citizen, chosen.language).await?;
    Ok((jar, Redirect::to(way_back(&chosen.back))).into_response())
}

/// How the pages should look, and the page to come back to. What is not said stays as it is.
#[derive(Debug, Deserialize)]
pub struct ChosenLook {
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
    Form(chosen): Form<ChosenLook>,
) -> Result<Response, RequestError> {
    let before = session.appearance();
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    let appearance = Appearance {
        look: chosen.look.unwrap_or(before.look),
        density: chosen.density.unwrap_or(before.density),
    };
    app.store.set_appearance(&citizen, appearance).await?;
    Ok((jar, Redirect::to(way_back(&chosen.back))).into_response())
}

/// Only a path of our own: neither another site nor a scheme. A page that only a form leads to has no address to come back to by a link.
fn way_back(back: &str) -> &str {
    // Browsers leave tabs and line ends out of an address, so that what stood apart comes together (WHATWG URL, section 4.4).
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    let own = own && !back.contains(char::is_control);
    let path = back.split('?').next().unwrap_or_default();
    let changes = ["/undo", "/redo", "/language", "/look", "/pages", "/history/"];
    match path {
        _ if !own => "/",
        "/cards" => "/",
        _ if changes.iter().any(|change| path.starts_with(change)) => "/",
        _ if path.starts_with("/cards/") && !path.ends_with("/settings") => "/?edit",
        _ => back,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_a_page_of_ours() {
        for (back, way) in [
            ("/?page=2&edit", "/?page=2&edit"),
            ("/catalogue?q=gent", "/catalogue?q=gent"),
            ("/history", "/history"),
            ("/cards/one/settings", "/cards/one/settings"),
            ("/cards/one/move", "/?edit"),
            ("/cards", "/"),
            ("/undo", "/"),
            ("/pages/work/remove", "/"),
            ("/history/3", "/"),
            ("/look", "/"),
            ("", "/"),
            ("//example.org/", "/"),
            ("/\\example.org", "/"),
            ("https://example.org/", "/"),
            ("/\t/example.org", "/"),
            ("/ok\r\nx: y", "/"),
        ] {
            assert_eq!(way_back(back), way, "{back}");
        }
    }
}
