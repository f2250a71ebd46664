//! The questions for a new citizen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use serde::Deserialize;
use voordeur_gazetteer::MAX_PLACE_CHARS;
use voordeur_shared::{Completed, paths};
use voordeur_widget_api::{FieldError, Theme};

use super::board::BoardAddress;
use super::{RequestError, board};
use crate::app::App;
use crate::default_board;
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::welcome::{Welcome, WelcomePage, draw};
use crate::presenter::describe_field_error;
use crate::session::Session;
use voordeur_store::{Edit, StoreError, Submission};

/// The questions with the present answers.
pub fn questions(session: &Session) -> Welcome {
    let place = session.chosen_place();
    let language = session.locale.language;
    let interests = session.citizen.as_ref().map_or(&[][..], |citizen| &citizen.interests);
    Welcome {
        place: place
            .map(|place| format!("{} {}", place.postcode, place.municipality.get(language)))
            .unwrap_or_default(),
        error: None,
        interests: Theme::ALL.map(|theme| (theme, interests.contains(&theme))).to_vec(),
    }
}

/// `GET /welcome`: the questions on a page of their own.
pub async fn show(session: Session) -> Response {
    let welcome = questions(&session);
    show_page(&session, StatusCode::OK, welcome)
}

fn show_page(session: &Session, status: StatusCode, welcome: Welcome) -> Response {
    let locale = session.locale;
    let page_options =
        PageOptions { title: locale.say("welcome-page-title"), ..PageOptions::default() };
    render_page(session, status, page_options, || draw(WelcomePage { locale, welcome }))
}

#[derive(Debug, Deserialize)]
pub struct WelcomeForm {
    #[serde(default)]
    place: String,
    #[serde(default)]
    interest: Vec<String>,
    #[serde(default)]
    answer: String,
}

/// Describes why a text is not the place of a citizen.
fn describe_place_error(typed: &str, locale: Locale) -> String {
    if typed.chars().nth(MAX_PLACE_CHARS).is_none() {
        return describe_field_error(&FieldError::UnknownPlace, typed, locale);
    }
    let longest = i64::try_from(MAX_PLACE_CHARS).unwrap_or(i64::MAX);
    let label = locale.say("welcome-place");
    locale
        .say_with("problem-too-long-field", &[("label", label.into()), ("longest", longest.into())])
}

/// `POST /welcome`: saves the answers. An unknown place is shown again as typed, with an error.
pub async fn answer(
    State(app): State<App>,
    mut session: Session,
    jar: CookieJar,
    Form(answered): Form<WelcomeForm>,
) -> Result<Response, RequestError> {
    let welcomed = session.citizen.as_ref().is_some_and(|citizen| citizen.welcomed);
    if answered.answer == "skip" {
        let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
        app.store.skip_welcome(&citizen).await?;
        return Ok((jar, Redirect::to(paths::BOARD)).into_response());
    }
    let typed = answered.place.trim();
    let place = voordeur_gazetteer::find(typed);
    let is_chosen = |theme: &Theme| answered.interest.iter().any(|id| id == theme.id());
    let interests: Vec<Theme> = Theme::ALL.into_iter().filter(is_chosen).collect();
    if place.is_none() && !typed.is_empty() {
        let welcome = Welcome {
            place: typed.chars().take(MAX_PLACE_CHARS).collect(),
            error: Some(describe_place_error(typed, session.locale)),
            interests: Theme::ALL.map(|theme| (theme, interests.contains(&theme))).to_vec(),
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return if welcomed {
            Ok(show_page(&session, status, welcome))
        } else {
            board::show_with(
                &app,
                &session,
                status,
                board::BoardOptions { welcome: Some(welcome), ..board::BoardOptions::default() },
            )
            .await
        };
    }
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    let postcode = place.map(|place| place.postcode);
    app.store.complete_welcome(&citizen, postcode.as_deref(), &interests).await?;
    // The board was not arranged yet: sort its cards by the citizen's interests.
    let current = app.store.board(&citizen).await?;
    if current.revision == 0 && !interests.is_empty() {
        let order = default_board::order_by_interests(
            &current.pages[0].cards,
            &app.catalogue(),
            &interests,
        );
        let submission = Submission { base_revision: current.revision, tab: "", key: "" };
        let edit = Edit::Arrange { order };
        match board::edits::store_edit(&app, &session, &citizen, submission, &edit).await {
            Ok(_) | Err(StoreError::Conflict(_) | StoreError::InvalidEdit(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let address = BoardAddress::default().with(Completed::Welcome, &[]);
    Ok((jar, Redirect::to(&address)).into_response())
}

#[cfg(test)]
mod tests {
    use voordeur_widget_api::Language;

    use super::*;

    #[test]
    fn a_place_that_is_too_long_is_said_to_be_so_by_the_name_of_its_field() {
        for language in Language::ALL {
            let locale = Locale::new(language);
            let long = describe_place_error(&"x".repeat(60_000), locale);
            assert!(long.contains(&locale.say("welcome-place")) && long.contains("80"), "{long}");
            let unknown = describe_place_error(&"x".repeat(MAX_PLACE_CHARS), locale);
            assert_eq!(unknown, locale.say("problem-unknown-place"));
        }
    }
}
