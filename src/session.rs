//! Who is at the door: a citizen with a cookie, or somebody new.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use voordeur_widget_api::Place;

use crate::app::App;
use crate::cards::Reader;
use crate::default_board;
use crate::locale::{Locale, negotiate};
use crate::middleware::{Asks, ClientIp};
use crate::routes::RequestError;
use voordeur_fair_queue::ClientKey;
use voordeur_store::appearance::Appearance;
use voordeur_store::{Board, Citizen, StoreError};

/// Whoever asks for a page.
#[derive(Clone)]
pub struct Session {
    /// What is known of them; nothing when they are new.
    pub citizen: Option<Citizen>,
    /// The language of the page.
    pub locale: Locale,
    /// Path and query, to come back to.
    pub path: String,
    /// What limits and turns count them by.
    client: ClientKey,
}

impl Session {
    /// Reads the cookie and what the browser wishes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(parts: &Parts, app: &App) -> Result<Self, StoreError> {
        let citizen = match app.middleware.cookies.token(&parts.headers) {
            Some(token) => app.store.citizen(&token).await?,
            None => None,
        };
        Ok(Session::who_is(citizen, parts))
    }

    fn who_is(citizen: Option<Citizen>, parts: &Parts) -> Self {
        let wished = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let chosen = citizen.as_ref().and_then(|citizen| citizen.language);
        Session {
            citizen,
            locale: Locale::new(negotiate(chosen, wished)),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            client: parts.extensions.get::<ClientIp>().map(|client| client.counted),
        }
    }

    /// How the pages look for them.
    pub fn appearance(&self) -> Appearance {
        self.citizen.as_ref().map(|citizen| citizen.appearance).unwrap_or_default()
    }

    /// The place they told.
    pub fn chosen_place(&self) -> Option<Place> {
        let postcode = self.citizen.as_ref()?.place.as_deref()?;
        voordeur_gazetteer::by_postcode(postcode)
    }

    /// Their place, or the one that stands in.
    pub fn place(&self) -> Place {
        self.chosen_place().unwrap_or_else(|| default_board::default_place(self.locale.language))
    }

    /// For whom cards are made.
    pub fn reader(&self) -> Reader {
        Reader { locale: self.locale, place: self.place(), client: self.client }
    }

    /// Their board, or the one that everybody begins with.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn board(&self, app: &App) -> Result<Board, StoreError> {
        match &self.citizen {
            Some(citizen) => app.store.board(&citizen.id).await,
            None => Ok(first_board(app)),
        }
    }

    /// The citizen; a new one with a cookie when they were not known yet. Called only when they change something.
    ///
    /// # Errors
    /// When the store fails, or too many new ones have come from one address.
    pub async fn ensure_citizen(
        &mut self,
        app: &App,
        jar: CookieJar,
    ) -> Result<(String, CookieJar), RequestError> {
        if let Some(citizen) = &self.citizen {
            return Ok((citizen.id.clone(), jar));
        }
        if let Some(client) = self.client {
            app.middleware.limits.count(Asks::Guest, client)?;
        }
        let (citizen, token) = app.store.welcome(&default_board::cards(&app.catalogue())).await?;
        let id = citizen.id.clone();
        self.citizen = Some(citizen);
        Ok((id, jar.add(app.middleware.cookies.holding(&token))))
    }
}

/// The board that everybody begins with.
fn first_board(app: &App) -> Board {
    Board::starting(default_board::cards(&app.catalogue()))
}

impl FromRequestParts<App> for Session {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RequestError> {
        Session::of(parts, app).await.map_err(RequestError::from)
    }
}

/// Whoever looks at their board, and the board.
pub struct SessionWithBoard {
    /// Who it is.
    pub session: Session,
    /// Their board, or the one that everybody begins with.
    pub board: Board,
}

impl FromRequestParts<App> for SessionWithBoard {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RequestError> {
        let known = match app.middleware.cookies.token(&parts.headers) {
            Some(token) => app.store.citizen_with_board(&token).await?,
            None => None,
        };
        let (citizen, board) = known.unzip();
        let session = Session::who_is(citizen, parts);
        Ok(SessionWithBoard { session, board: board.unwrap_or_else(|| first_board(app)) })
    }
}
