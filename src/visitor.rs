//! Who is at the door: a citizen with a cookie, or somebody new.

use axum::extract::{FromRequestParts, Request};
use axum::http::header::{ACCEPT_LANGUAGE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use voordeur_contract::Place;

use crate::app::App;
use crate::desk::Reader;
use crate::locale::{Locale, negotiate};
use crate::look::Appearance;
use crate::routes::Problem;
use crate::starter;
use crate::store::{Board, Citizen, GUESTS_KEPT, StoreProblem, Token};

const COOKIE: &str = "voordeur";

/// Whoever asks for a page.
#[derive(Clone)]
pub struct Visitor {
    /// What is known of them; nothing when they are new.
    pub citizen: Option<Citizen>,
    /// The language of the page.
    pub locale: Locale,
    /// Path and query, to come back to.
    pub path: String,
}

impl Visitor {
    /// Reads the cookie and what the browser wishes.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn of(parts: &Parts, app: &App) -> Result<Self, StoreProblem> {
        let citizen = match token(&parts.headers) {
            Some(token) => app.store.citizen(&token).await?,
            None => None,
        };
        let wished = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let chosen = citizen.as_ref().and_then(|citizen| citizen.language);
        Ok(Visitor {
            citizen,
            locale: Locale::new(negotiate(chosen, wished)),
            path: parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        })
    }

    /// How the pages look for them.
    pub fn appearance(&self) -> Appearance {
        self.citizen.as_ref().map(|citizen| citizen.appearance).unwrap_or_default()
    }

    /// The place they told.
    pub fn own_place(&self) -> Option<Place> {
        let postcode = self.citizen.as_ref()?.place.as_deref()?;
        voordeur_places::by_postcode(postcode)
    }

    /// Their place, or the one that stands in.
    pub fn place(&self) -> Place {
        self.own_place().unwrap_or_else(|| starter::stand_in_place(self.locale.language))
    }

    /// For whom cards are made.
    pub fn reader(&self) -> Reader {
        Reader { locale: self.locale, place: self.place() }
    }

    /// Their board, or the one that everybody begins with.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn board(&self, app: &App) -> Result<Board, StoreProblem> {
        match &self.citizen {
            Some(citizen) => app.store.board(&citizen.id).await,
            None => Ok(Board::starting(starter::cards(&app.catalogue()))),
        }
    }

    /// The citizen; a new one with a cookie when they were not known yet. Called only when they change something.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn settle(
        &mut self,
        app: &App,
        jar: CookieJar,
    ) -> Result<(String, CookieJar), StoreProblem> {
        if let Some(citizen) = &self.citizen {
            return Ok((citizen.id.clone(), jar));
        }
        let (citizen, token) = app.store.welcome(&starter::cards(&app.catalogue())).await?;
        let id = citizen.id.clone();
        self.citizen = Some(citizen);
        Ok((id, jar.add(cookie(&token))))
    }
}

/// The token that a browser brought.
fn token(headers: &HeaderMap) -> Option<Token> {
    let jar = CookieJar::from_headers(headers);
    jar.get(COOKIE).and_then(|cookie| Token::from_cookie(cookie.value()))
}

/// It lasts as long as the board is kept, counted from the last visit.
fn cookie(token: &Token) -> Cookie<'static> {
    Cookie::build((COOKIE, token.secret().to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(time::Duration::seconds(GUESTS_KEPT.as_secs()))
        .build()
}

/// Gives whoever comes with a cookie the same cookie again, so that it ends only when they stay away.
pub async fn renew_cookie(request: Request, next: Next) -> Response {
    let token = token(request.headers());
    let mut response = next.run(request).await;
    let renewed = token.and_then(|token| HeaderValue::from_str(&cookie(&token).to_string()).ok());
    if let Some(renewed) = renewed
        && !response.headers().contains_key(SET_COOKIE)
    {
        response.headers_mut().insert(SET_COOKIE, renewed);
    }
    response
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Visitor::of(parts, app).await.map_err(Problem::from)
    }
}
