use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::{CookieJar, Form};

use super::Sent;
use crate::app::App;
use crate::session::Session;

/// A form about the board that somebody posted, and what it takes to answer it.
pub struct Posted {
    /// What every handler can reach.
    pub app: App,
    /// Who posted it.
    pub session: Session,
    /// Their cookies, to which one may be added.
    pub jar: CookieJar,
    /// What stands in it.
    pub sent: Sent,
}

impl FromRequest<App> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = Session::from_request_parts(&mut parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let jar = CookieJar::from_headers(&parts.headers);
        let form = Form::from_request(Request::from_parts(parts, body), app);
        let Form(fields) = form.await.map_err(IntoResponse::into_response)?;
        Ok(Posted { app: app.clone(), session, jar, sent: Sent::of(fields) })
    }
}
