use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::{CookieJar, Form};

use super::SubmittedForm;
use crate::app::App;
use crate::session::Session;

/// A posted form about the board.
pub struct EditRequest {
    pub app: App,
    pub session: Session,
    /// The request's cookies.
    pub jar: CookieJar,
    pub form: SubmittedForm,
}

impl FromRequest<App> for EditRequest {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let session = Session::from_request_parts(&mut parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let jar = CookieJar::from_headers(&parts.headers);
        let form = Form::from_request(Request::from_parts(parts, body), app);
        let Form(fields) = form.await.map_err(IntoResponse::into_response)?;
        Ok(EditRequest { app: app.clone(), session, jar, form: SubmittedForm::of(fields) })
    }
}
