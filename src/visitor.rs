//! Who is at the door: a citizen with a cookie, or somebody new.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use voordeur_widget_api::Place;

use crate::app::App;
use crate::desk::Reader;
use crate::door::{Asks, Client};
use crate::locale::{Locale, negotiate};
use crate::routes::Problem;
use crate::starter;
use voordeur_fair_queue::Counted;
use voordeur_store::appearance::Appearance;
use voordeur_store::{Board, Citizen, StoreProblem};

/// Whoever asks for a page.
#[derive(Clone)]
pub struct Visitor {
    /// What is known of them; nothing when they are new.
    pub citizen: Option<Citizen>,
    /// The language of the page.
    pub locale: Locale,
    /// Path and query, to come back to.
    pub path: String,
    /// What limits and turns count them by.
    client: Counted,
}

impl Visitor {
    /// Reads the cookie and what the browser wishes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(parts: &Parts, app: &App) -> Result<Self, StoreProblem> {
        let citizen = match app.door.cookies.token(&parts.headers) {
            Some(token) => app.store.citizen(&token).await?,
            None => None,
        };
        Ok(Visitor::who_is(citizen, parts))
    }

    fn who_is(citizen: Option<Citizen>, parts: &Parts) -> Self {
        let wished = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let chosen = citizen.as_ref().and_then(|citizen| citizen.language);
        Visitor {
            citizen,
            locale: Locale::new(negotiate(chosen, wished)),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            client: parts.extensions.get::<Client>().map(|client| client.counted),
        }
    }

    /// How the pages look for them.
    pub fn appearance(&self) -> Appearance {
        self.citizen.as_ref().map(|citizen| citizen.appearance).unwrap_or_default()
    }

    /// The place they told.
    pub fn own_place(&self) -> Option<Place> {
        let postcode = self.citizen.as_ref()?.place.as_deref()?;
        voordeur_gazetteer::by_postcode(postcode)
    }

    /// Their place, or the one that stands in.
    pub fn place(&self) -> Place {
        self.own_place().unwrap_or_else(|| starter::stand_in_place(self.locale.language))
    }

    /// For whom cards are made.
    pub fn reader(&self) -> Reader {
        Reader { locale: self.locale, place: self.place(), client: self.client }
    }

    /// Their board, or the one that everybody begins with.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn board(&self, app: &App) -> Result<Board, StoreProblem> {
        match &self.citizen {
            Some(citizen) => app.store.board(&citizen.id).await,
            None => Ok(first_board(app)),
        }
    }

    /// The citizen; a new one with a cookie when they were not known yet. Called only when they change something.
    ///
    /// # Errors
    /// When the store fails, or too many new ones have come from one address.
    pub async fn settle(
        &mut self,
        app: &App,
        jar: CookieJar,
    ) -> Result<(String, CookieJar), Problem> {
        if let Some(citizen) = &self.citizen {
            return Ok((citizen.id.clone(), jar));
        }
        if let Some(client) = self.client {
            app.door.limits.count(Asks::Guest, client)?;
        }
        let (citizen, token) = app.store.welcome(&starter::cards(&app.catalogue())).await?;
        let id = citizen.id.clone();
        self.citizen = Some(citizen);
        Ok((id, jar.add(app.door.cookies.holding(&token))))
    }
}

/// The board that everybody begins with.
fn first_board(app: &App) -> Board {
    Board::starting(starter::cards(&app.catalogue()))
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Visitor::of(parts, app).await.map_err(Problem::from)
    }
}

/// Whoever looks at their board, and the board.
pub struct AtHome {
    /// Who it is.
    pub visitor: Visitor,
    /// Their board, or the one that everybody begins with.
    pub board: Board,
}

impl FromRequestParts<App> for AtHome {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let known = match app.door.cookies.token(&parts.headers) {
            Some(token) => app.store.citizen_with_board(&token).await?,
            None => None,
        };
        let (citizen, board) = known.unzip();
        let visitor = Visitor::who_is(citizen, parts);
        Ok(AtHome { visitor, board: board.unwrap_or_else(|| first_board(app)) })
    }
}
