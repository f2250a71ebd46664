use axum::http::header::{CONNECTION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{RateLimited, record_refusal};

/// `Retry-After` of an overloaded server, in seconds.
const OVERLOADED_RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The reason for which the middleware refused a request.
///
/// As a response it has a status and headers but no body, and is itself in the extensions of that
/// response, so that a layer above can render a page for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The client exceeded a rate limit.
    RateLimited(RateLimited),
    /// The request is for a host name that is not ours.
    WrongHost {
        /// The origin at which the server is reached.
        public_origin: Option<String>,
    },
    /// The server works at capacity.
    Overloaded,
    /// The body exceeds the size limit.
    BodyTooLarge,
    /// The body could not be read to its end.
    BodyIncomplete,
    /// The body did not arrive in time.
    BodyTimeout,
}

impl Rejection {
    fn status(&self) -> StatusCode {
        match self {
            Rejection::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
            Rejection::WrongHost { .. } => StatusCode::MISDIRECTED_REQUEST,
            Rejection::Overloaded => StatusCode::SERVICE_UNAVAILABLE,
            Rejection::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Rejection::BodyIncomplete => StatusCode::BAD_REQUEST,
            Rejection::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
        }
    }

    /// The value of the label `reason` of `voordeur_refused_total`.
    fn metric_label(&self) -> &'static str {
        match self {
            Rejection::RateLimited(_) => "crowd",
            Rejection::WrongHost { .. } => "host",
            Rejection::Overloaded => "busy",
            Rejection::BodyTooLarge => "long-body",
            Rejection::BodyIncomplete => "broken-body",
            Rejection::BodyTimeout => "slow-body",
        }
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        record_refusal(self.metric_label());
        let mut response = self.status().into_response();
        let headers = response.headers_mut();
        match &self {
            Rejection::RateLimited(limited) => {
                let seconds = limited.retry_after.as_secs() + 1;
                headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            Rejection::Overloaded => {
                headers.insert(RETRY_AFTER, OVERLOADED_RETRY_AFTER);
            }
            // The rest of the body is not read, so the connection cannot be used again.
            Rejection::BodyTooLarge | Rejection::BodyIncomplete | Rejection::BodyTimeout => {
                headers.insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Rejection::WrongHost { .. } => {}
        }
        response.extensions_mut().insert(self);
        response
    }
}
