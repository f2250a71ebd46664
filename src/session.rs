//! The session of a request: a citizen known by their cookie, or somebody new.

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;
use axum_extra::extract::cookie::CookieJar;
use voordeur_widget_api::Place;

use crate::app::App;
use crate::assets::AssetPaths;
use crate::cards::Viewer;
use crate::default_board;
use crate::error::RequestError;
use crate::locale::{Locale, negotiate};
use crate::middleware::{ClientIp, KnownToken, RateLimited, RequestKind, Reservation};
use voordeur_fair_queue::ClientKey;
use voordeur_shared::paths;
use voordeur_store::appearance::Appearance;
use voordeur_store::{Board, Citizen, GUEST_BYTES, MAX_EDIT_BYTES, StoreError, Token};

/// The session of a request.
#[derive(Clone)]
pub struct Session {
    /// The citizen; `None` for somebody new.
    pub citizen: Option<Citizen>,
    /// The negotiated language of the page.
    pub locale: Locale,
    /// Path and query of the request.
    pub path: String,
    /// Key of rate limits and fair queues.
    pub client: ClientKey,
    /// The addresses of the files that a page loads.
    pub assets: AssetPaths,
}

impl Session {
    /// Loads the citizen whose cookie the request carries.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn load(parts: &Parts, app: &App) -> Result<Self, StoreError> {
        for token in app.middleware.session_cookie.tokens(&parts.headers) {
            if let Some(citizen) = app.store.citizen(&token).await? {
                note_known_token(parts, token);
                return Ok(Session::new(Some(citizen), parts, app.assets.paths()));
            }
        }
        Ok(Session::new(None, parts, app.assets.paths()))
    }

    /// The session of a program that reads for a citizen at a secret address.
    pub fn of_citizen(citizen: Citizen, locale: Locale, client: ClientKey) -> Self {
        let path = paths::AGENDA.to_owned();
        Session { citizen: Some(citizen), locale, path, client, assets: AssetPaths::default() }
    }

    fn new(citizen: Option<Citizen>, parts: &Parts, assets: AssetPaths) -> Self {
        let accepted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let chosen = citizen.as_ref().and_then(|citizen| citizen.language);
        Session {
            citizen,
            locale: Locale::new(negotiate(chosen, accepted)),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            client: parts.extensions.get::<ClientIp>().map(|client| client.key),
            assets,
        }
    }

    /// Sets disk space aside for one edit; `None` when the client has used up its own.
    pub fn reserve_edit<'a>(&self, app: &'a App) -> Option<Reservation<'a>> {
        app.middleware.disk_budget.reserve(self.client, MAX_EDIT_BYTES).ok()
    }

    /// The citizen's theme and contrast.
    pub fn appearance(&self) -> Appearance {
        self.citizen.as_ref().map(|citizen| citizen.appearance).unwrap_or_default()
    }

    /// The place that the citizen chose.
    pub fn chosen_place(&self) -> Option<Place> {
        let postcode = self.citizen.as_ref()?.place.as_deref()?;
        voordeur_gazetteer::by_postcode(postcode)
    }

    /// The chosen place, or the default of the language.
    pub fn place(&self) -> Place {
        self.chosen_place().unwrap_or_else(|| default_board::default_place(self.locale.language))
    }

    /// The viewer that cards are made for.
    pub fn viewer(&self) -> Viewer {
        Viewer { locale: self.locale, place: self.place(), client: self.client }
    }

    /// The citizen's board, or the default board.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn board(&self, app: &App) -> Result<Board, StoreError> {
        match &self.citizen {
            Some(citizen) => app.store.board(&citizen.id).await,
            None => Ok(initial_board(app, self.locale)),
        }
    }

    /// Returns the citizen's id; creates a guest with the default board and adds the cookie to the
    /// jar when there is no citizen yet. Call it only for a change.
    ///
    /// # Errors
    /// When the store fails, or the client exceeds the limit of new guests.
    pub async fn ensure_citizen(
        &mut self,
        app: &App,
        jar: CookieJar,
    ) -> Result<(String, CookieJar), RequestError> {
        if let Some(citizen) = &self.citizen {
            return Ok((citizen.id.clone(), jar));
        }
        if let Some(client) = self.client {
            app.middleware.client_limits.check(RequestKind::NewGuest, client)?;
        }
        let space = app.middleware.disk_budget.reserve(self.client, GUEST_BYTES);
        let space = space.map_err(|retry_after| RateLimited { retry_after })?;
        let cards = default_board::cards(&app.catalogue(), self.locale.language);
        let created = app.store.create_guest(&cards).await;
        space.settle(if created.is_ok() { GUEST_BYTES } else { 0 });
        let (citizen, token) = created?;
        let id = citizen.id.clone();
        self.citizen = Some(citizen);
        Ok((id, jar.add(app.middleware.session_cookie.with_token(&token))))
    }
}

/// Tells the middleware which of the request's tokens to renew.
fn note_known_token(parts: &Parts, token: Token) {
    if let Some(known) = parts.extensions.get::<KnownToken>() {
        known.set(token);
    }
}

fn initial_board(app: &App, locale: Locale) -> Board {
    Board::starting(default_board::cards(&app.catalogue(), locale.language))
}

impl FromRequestParts<App> for Session {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RequestError> {
        Session::load(parts, app).await.map_err(RequestError::from)
    }
}

/// A session with the board, loaded from the store in one query.
pub struct SessionWithBoard {
    /// The session.
    pub session: Session,
    /// The citizen's board, or the default board.
    pub board: Board,
}

impl FromRequestParts<App> for SessionWithBoard {
    type Rejection = RequestError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, RequestError> {
        for token in app.middleware.session_cookie.tokens(&parts.headers) {
            if let Some((citizen, board)) = app.store.citizen_with_board(&token).await? {
                note_known_token(parts, token);
                return Ok(SessionWithBoard {
                    session: Session::new(Some(citizen), parts, app.assets.paths()),
                    board,
                });
            }
        }
        let session = Session::new(None, parts, app.assets.paths());
        let board = initial_board(app, session.locale);
        Ok(SessionWithBoard { session, board })
    }
}
