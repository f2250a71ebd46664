//! The questions for a new citizen.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum_extra::extract::{CookieJar, Form};
use serde::Deserialize;
use voordeur_gazetteer::MAX_PLACE_CHARS;
use voordeur_shared::{Completed, paths};
use voordeur_widget_api::{FieldError, LookupMatch, Theme};

use super::board::BoardAddress;
use super::catalogue::offered_sets;
use super::{RequestError, board};
use crate::app::App;
use crate::default_board;
use crate::locale::Locale;
use crate::page_response::{PageOptions, render_page};
use crate::pages::form_context::FormContext;
use crate::pages::settings::options;
use crate::pages::welcome::{Welcome, WelcomePage, draw};
use crate::presenter::{describe_field_error, describe_match_count};
use crate::session::{Session, SessionWithBoard};
use crate::starter::Starter;
use voordeur_engine::Catalogue;
use voordeur_store::{Board, Edit, StoreError, Submission};

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
        similar: Vec::new(),
        interests: Theme::ALL.map(|theme| (theme, interests.contains(&theme))).to_vec(),
    }
}

/// `GET /welcome`: the questions on a page of their own.
pub async fn show(
    State(app): State<App>,
    SessionWithBoard { session, board }: SessionWithBoard,
) -> Response {
    let welcome = questions(&session);
    show_page(&app, &session, StatusCode::OK, welcome, board.revision)
}

fn show_page(
    app: &App,
    session: &Session,
    status: StatusCode,
    welcome: Welcome,
    revision: i64,
) -> Response {
    let locale = session.locale;
    let sets = offered_sets(app, session);
    let form_context = FormContext::new(revision, None, false);
    let page_options =
        PageOptions { title: locale.say("welcome-page-title"), ..PageOptions::default() };
    render_page(session, status, page_options, || {
        draw(WelcomePage { locale, welcome, sets, form_context })
    })
}

#[derive(Debug, Deserialize)]
pub struct WelcomeForm {
    #[serde(default)]
    place: String,
    #[serde(default)]
    interest: Vec<String>,
    #[serde(default)]
    answer: String,
    /// A name that was offered in place of the one that was typed.
    take: Option<String>,
}

/// The number of names that are offered for one that is unknown, and while one is typed.
const MAX_SIMILAR: usize = 3;
const MAX_OPTIONS: usize = 8;

/// `POST /welcome/look`: the places that complete what is typed, for the combobox.
pub async fn look(session: Session, Form(answered): Form<WelcomeForm>) -> Response {
    let typed = answered.place.trim();
    let mut matches: Vec<LookupMatch> = Vec::new();
    let exact = voordeur_gazetteer::find(typed);
    let names = voordeur_gazetteer::suggest(typed, MAX_OPTIONS);
    let similar = names.iter().filter_map(|name| Some((voordeur_gazetteer::find(name)?, name)));
    let exact = exact.map(|place| {
        let name = place.locality.clone();
        (place, name)
    });
    for (place, name) in exact.into_iter().chain(similar.map(|(place, name)| (place, name.clone())))
    {
        let value = format!("{} {name}", place.postcode);
        let town = place.municipality.get(session.locale.language).to_owned();
        if matches.iter().all(|known| known.value != value) {
            let note = (town != name).then_some(town);
            matches.push(LookupMatch { label: value.clone(), value, note });
        }
    }
    matches.truncate(MAX_OPTIONS);
    // A postcode leaves nothing to choose: its place is announced, and no list covers the form.
    let is_postcode = typed.starts_with(|first: char| first.is_ascii_digit());
    let status = match matches.first() {
        Some(only) if is_postcode => only.label.clone(),
        _ => describe_match_count(matches.len(), session.locale),
    };
    if is_postcode {
        matches.clear();
    }
    Html(options("place", matches, status)).into_response()
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
    // A name that was offered takes the place of what was typed.
    let typed = answered.take.as_deref().unwrap_or(&answered.place).trim();
    let place = voordeur_gazetteer::find(typed);
    let is_chosen = |theme: &Theme| answered.interest.iter().any(|id| id == theme.id());
    let interests: Vec<Theme> = Theme::ALL.into_iter().filter(is_chosen).collect();
    if place.is_none() && !typed.is_empty() {
        let welcome = Welcome {
            place: typed.chars().take(MAX_PLACE_CHARS).collect(),
            error: Some(describe_place_error(typed, session.locale)),
            similar: voordeur_gazetteer::suggest(typed, MAX_SIMILAR),
            interests: Theme::ALL.map(|theme| (theme, interests.contains(&theme))).to_vec(),
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return if welcomed {
            let revision = session.board(&app).await?.revision;
            Ok(show_page(&app, &session, status, welcome, revision))
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
    let postcode = place.as_ref().map(|place| place.postcode.clone());
    app.store.complete_welcome(&citizen, postcode.as_deref(), &interests).await?;
    // The board was not arranged yet: it becomes one for the answers.
    let current = app.store.board(&citizen).await?;
    let mut open_card = None;
    if current.revision == 0 {
        let catalogue = app.catalogue();
        let edit = match &place {
            Some(place) => {
                let has_key = |variable: &str| app.upstream.has_api_key(variable);
                let starter = Starter {
                    catalogue: &catalogue,
                    place,
                    interests: &interests,
                    has_key: &has_key,
                };
                Some(Edit::Start { cards: starter.cards() })
            }
            None if interests.is_empty() => None,
            None => {
                let cards = &current.pages[0].cards;
                let order = default_board::order_by_interests(cards, &catalogue, &interests);
                Some(Edit::Arrange { order })
            }
        };
        let submission = Submission { base_revision: current.revision, tab: "", key: "" };
        if let Some(edit) = edit {
            match board::edits::store_edit(&app, &session, &citizen, submission, &edit).await {
                Ok(made) => open_card = card_to_fill_in(&made.board, &catalogue, &interests),
                Err(StoreError::Conflict(_) | StoreError::InvalidEdit(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
    if let Some(card) = open_card {
        let address = paths::card_settings(&card, Some(paths::AFTER_WELCOME));
        return Ok((jar, Redirect::to(&address)).into_response());
    }
    let address = BoardAddress::default().with(Completed::Welcome, &[]);
    Ok((jar, Redirect::to(&address)).into_response())
}

/// The card of a chosen theme that shows nothing until the citizen fills in its settings: the
/// second and last step of the welcome.
fn card_to_fill_in(board: &Board, catalogue: &Catalogue, interests: &[Theme]) -> Option<String> {
    let cards = board.pages.first()?.cards.iter();
    cards
        .filter_map(|card| Some((card, catalogue.get(&card.widget)?.manifest())))
        .find(|(card, manifest)| {
            interests.contains(&manifest.theme) && manifest.open_field(&card.settings).is_some()
        })
        .map(|(card, _)| card.id.clone())
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
