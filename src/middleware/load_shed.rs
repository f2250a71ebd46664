//! How many pages are made at once, and how many cards are waited for.
//!
//! When more come than can be made, those that are being made must not all become late for it: who comes then waits for a short
//! time, and is otherwise asked to come again. Everything behind it, the store above all, so never has more at hand than it can do in time.
//! Places go round by client: one who takes all that there are, and keeps each for as long as a page may take, keeps nobody else out.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::ClientIp;
use super::request_metrics::refused;
use crate::routes::error::plain;
use voordeur_fair_queue::FairSemaphore;

/// Pages for each core. Most of the time of a page is waiting for services, up to the deadline, which takes no core.
const FOR_EACH_CORE: usize = 128;
/// Of those who wait, each client gets so many in a round.
const FOR_EACH_CLIENT: u32 = 1;
/// Nobody waits longer for a place.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// When it makes sense to come again, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("5");

/// The places of those whose answer is being made.
pub struct LoadShed {
    turns: Arc<FairSemaphore>,
    longest_wait: Duration,
}

impl LoadShed {
    /// For pages, as many as this machine can make in time.
    pub fn for_pages() -> Arc<Self> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self::new(cores * FOR_EACH_CORE, LONGEST_WAIT)
    }

    /// For what is asked of one service alone, and may take ten times as long as a page: half of all connections, so that the other half is
    /// left for pages.
    pub fn for_cards() -> Arc<Self> {
        Self::new(crate::server::most() / 2, LONGEST_WAIT)
    }

    fn new(count: usize, longest_wait: Duration) -> Arc<Self> {
        Arc::new(LoadShed { turns: FairSemaphore::new(count, FOR_EACH_CLIENT), longest_wait })
    }
}

/// Lets a request in when there is a place for it.
pub async fn seat(State(places): State<Arc<LoadShed>>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientIp>().map(|client| client.counted);
    match timeout(places.longest_wait, places.turns.acquire(client)).await {
        Ok(Some(_place)) => next.run(request).await,
        Ok(None) | Err(_) => {
            refused("busy");
            let page = plain("503", "error-busy-title", "error-busy", "/");
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, SOON)], page).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use axum::{Extension, Router};
    use tokio::sync::Semaphore;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn who_finds_no_place_in_time_is_asked_to_come_again() {
        let places = LoadShed::new(1, Duration::from_millis(50));
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

    #[tokio::test]
    async fn one_client_who_takes_all_places_keeps_nobody_else_out() {
        let places = LoadShed::new(2, Duration::from_secs(60));
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let page = async move |Extension(client): Extension<ClientIp>| {
            tell.send(client.counted).expect("somebody listens");
            // As long as a page may take.
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let router = Router::new().route("/", get(page)).layer(from_fn_with_state(places, seat));
        let visit = |number: u8| {
            let counted = [192, 0, 2, number].into();
            let request = Request::get("/").extension(ClientIp { counted, by_proxy: false });
            let request = request.body(Body::empty()).expect("a request");
            tokio::spawn(router.clone().oneshot(request))
        };
        let many: Vec<_> = (0..20).map(|_| visit(1)).collect();
        tokio::task::yield_now().await;
        let one = visit(2);
        for visit in many.into_iter().chain([one]) {
            let answer = visit.await.expect("no panic").expect("an answer");
            assert_eq!(answer.status(), StatusCode::OK);
        }
        drop(router);
        let mut order = Vec::new();
        while let Some(client) = told.recv().await {
            order.push(client.to_string());
        }
        let at = order.iter().position(|client| client == "192.0.2.2");
        assert!(order.len() == 21 && at.is_some_and(|at| at <= 4), "{order:?}");
    }
}
