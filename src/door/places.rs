//! How many pages are made at once.
//!
//! When more come than can be made, those that are being made must not all become late for it: who comes then waits in order, for a short
//! time, and is otherwise asked to come again. Everything behind it, the store above all, so never has more at hand than it can do in time.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::requests::refused;
use crate::routes::problem::plain;

/// Pages for each core. Most of the time of a page is waiting for services, up to the deadline, which takes no core.
const FOR_EACH_CORE: usize = 128;
/// Nobody waits longer for a place.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// When it makes sense to come again, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("5");

/// The places of those whose page is being made.
pub struct Places {
    free: Semaphore,
    longest_wait: Duration,
}

impl Places {
    /// As many as this machine can serve in time.
    pub fn of_this_machine() -> Arc<Self> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self::new(cores * FOR_EACH_CORE, LONGEST_WAIT)
    }

    fn new(count: usize, longest_wait: Duration) -> Arc<Self> {
        Arc::new(Places { free: Semaphore::new(count), longest_wait })
    }
}

/// Lets a request in when there is a place for it, in the order in which they came.
pub async fn seat(State(places): State<Arc<Places>>, request: Request, next: Next) -> Response {
    match timeout(places.longest_wait, places.free.acquire()).await {
        Ok(Ok(_place)) => next.run(request).await,
        // The semaphore is never closed.
        Ok(Err(_)) | Err(_) => {
            refused("busy");
            let page = plain("503", "error-busy-title", "error-busy", "/");
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, SOON)], page).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_in_time_is_asked_to_come_again() {
        let places = Places::new(1, Duration::from_millis(50));
        let services = Arc::new(Semaphore::new(0));
        let answered = Arc::clone(&services);
        let page = async move || {
            let _answer = answered.acquire().await;
            "a page"
        };
        let router = Router::new().route("/", get(page)).layer(from_fn_with_state(places, seat));
        let visit = async || {
            let request = Request::get("/").body(Body::empty()).expect("a request");
            router.clone().oneshot(request).await.expect("an answer")
        };
        let (first, second) = tokio::join!(visit(), async {
            let second = visit().await;
            services.add_permits(1);
            second
        });
        assert_eq!(first.status(), StatusCode::OK);
        assert_eq!(second.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(second.headers().get(RETRY_AFTER), Some(&SOON));
        // The place of who was served is free again, and those who come together take it one after the other.
        let (third, fourth) = tokio::join!(visit(), visit());
        assert_eq!((third.status(), fourth.status()), (StatusCode::OK, StatusCode::OK));
    }
}
