//! The two questions for who is new here.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use serde::Deserialize;
use voordeur_widget_api::{FieldError, Theme};

use super::{RequestError, board};
use crate::app::App;
use crate::default_board;
use crate::page_response::{PageOptions, render_page};
use crate::pages::welcome::{Welcome, WelcomePage, draw};
use crate::presenter::field_problem_in_words;
use crate::session::Session;
use voordeur_store::{Edit, StoreError, Submission};

/// The questions, with what was answered so far.
pub fn questions(session: &Session) -> Welcome {
    let place = session.chosen_place();
    let language = session.locale.language;
    let interests = session.citizen.as_ref().map_or(&[][..], |citizen| &citizen.interests);
    Welcome {
        place: place
            .map(|place| format!("{} {}", place.postcode, place.municipality.get(language)))
            .unwrap_or_default(),
        problem: None,
        interests: Theme::ALL.map(|theme| (theme, interests.contains(&theme))).to_vec(),
    }
}

/// The questions on a page of their own, to answer them again.
pub async fn show(State(app): State<App>, session: Session) -> Response {
    let welcome = questions(&session);
    show_page(&app, &session, StatusCode::OK, welcome)
}

fn show_page(app: &App, session: &Session, status: StatusCode, welcome: Welcome) -> Response {
    let locale = session.locale;
    let page_options =
        PageOptions { title: locale.say("welcome-page-title"), ..PageOptions::default() };
    render_page(app, session, status, page_options, || draw(WelcomePage { locale, welcome }))
}

/// What was answered.
#[derive(Debug, Deserialize)]
pub struct Answered {
    #[serde(default)]
    place: String,
    #[serde(default)]
    interest: Vec<String>,
    #[serde(default)]
    answer: String,
}

/// Keeps the answers. A place that does not exist is shown again as it was typed, with what to do.
pub async fn answer(
    State(app): State<App>,
    mut session: Session,
    jar: CookieJar,
    Form(answered): Form<Answered>,
) -> Result<Response, RequestError> {
    let welcomed = session.citizen.as_ref().is_some_and(|citizen| citizen.welcomed);
    if answered.answer == "skip" {
        let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
        app.store.skip_welcome(&citizen).await?;
        return Ok((jar, Redirect::to("/")).into_response());
    }
    let typed = answered.place.trim();
    let place = voordeur_gazetteer::find(typed);
    let interests: Vec<Theme> =
        answered.interest.iter().filter_map(|id| Theme::from_id(id)).collect();
    if place.is_none() && !typed.is_empty() {
        let locale = session.locale;
        let problem = field_problem_in_words(&FieldError::UnknownPlace, typed, locale);
        let welcome = Welcome {
            place: answered.place,
            problem: Some(problem),
            interests: Theme::ALL.map(|theme| (theme, interests.contains(&theme))).to_vec(),
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return if welcomed {
            Ok(show_page(&app, &session, status, welcome))
        } else {
            board::show_with(
                &app,
                &session,
                status,
                board::CardStatus { welcome: Some(welcome), ..board::CardStatus::default() },
            )
            .await
        };
    }
    let (citizen, jar) = session.ensure_citizen(&app, jar).await?;
    let postcode = place.map(|place| place.postcode);
    app.store.complete_welcome(&citizen, postcode.as_deref(), &interests).await?;
    // Nobody arranged this board yet: what matters to the citizen comes first.
    let current = app.store.board(&citizen).await?;
    if current.revision == 0 && !interests.is_empty() {
        let order = default_board::order_by_interests(
            &current.pages[0].cards,
            &app.catalogue(),
            &interests,
        );
        let submission = Submission { seen: current.revision, tab: "", key: "" };
        match app.store.edit(&citizen, submission, &Edit::Arrange { order }).await {
            Ok(_) | Err(StoreError::Conflict(_)) => {}
            Err(problem) => return Err(problem.into()),
        }
    }
    Ok((jar, Redirect::to("/?done=welcome")).into_response())
}
