//! Load shedding: bounds the number of pages rendered at once and of requests waiting for services.
//!
//! Beyond the bound, a request waits for a short time and is then refused, so that the pages being
//! rendered are not all late, and the store never has more work than it can do in time. Permits
//! are granted round-robin by client: one client that takes all of them, each for as long as a
//! page may take, shuts nobody else out.

use std::num::NonZero;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::time::timeout;

use super::held_response::mark_in_memory;
use super::{ClientIp, Rejection};
use voordeur_fair_queue::FairSemaphore;

/// Pages at once per core. A page spends most of its time waiting for services, up to its deadline,
/// which takes no core.
const PAGES_PER_CORE: usize = 128;
/// Costly pages at once per core: pages that go through the whole catalogue wait for nothing, so
/// that each occupies a core for several times as long as a board.
const COSTLY_PAGES_PER_CORE: usize = 4;
/// Permits that each waiting client gets per round.
const PERMITS_PER_ROUND: u32 = 1;
/// Maximum wait for a permit.
const MAX_WAIT: Duration = Duration::from_secs(2);

/// Permits for requests that are being answered.
pub struct LoadShed {
    permits: Arc<FairSemaphore>,
    max_wait: Duration,
}

impl LoadShed {
    /// For pages: as many as this machine can render in time.
    pub fn for_pages() -> Arc<Self> {
        Self::new(cores() * PAGES_PER_CORE, MAX_WAIT)
    }

    /// For pages that cost more than a board, besides a permit for a page.
    pub fn for_costly_pages() -> Arc<Self> {
        Self::new(cores() * COSTLY_PAGES_PER_CORE, MAX_WAIT)
    }

    /// For requests that wait for one service, and may take ten times as long as a page: half of
    /// all connections, so that the other half is left for pages.
    pub fn for_cards(max_connections: usize) -> Arc<Self> {
        Self::new(max_connections / 2, MAX_WAIT)
    }

    fn new(permits: usize, max_wait: Duration) -> Arc<Self> {
        Arc::new(LoadShed { permits: FairSemaphore::new(permits, PERMITS_PER_ROUND), max_wait })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}

/// Runs the handler with a permit, or refuses the request when none is free in time.
pub async fn shed_load(
    State(load_shed): State<Arc<LoadShed>>,
    request: Request,
    next: Next,
) -> Response {
    let client = request.extensions().get::<ClientIp>().map(|client| client.key);
    match timeout(load_shed.max_wait, load_shed.permits.acquire(client)).await {
        Ok(Some(_permit)) => {
            let mut response = next.run(request).await;
            // Every handler that needs a permit makes a page.
            mark_in_memory(response.extensions_mut());
            response
        }
        Ok(None) | Err(_) => Rejection::Overloaded.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::header::RETRY_AFTER;
    use axum::http::{HeaderValue, StatusCode};
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use axum::{Extension, Router};
    use tokio::sync::Semaphore;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn a_request_without_a_permit_in_time_is_refused() {
        let load_shed = LoadShed::new(1, Duration::from_millis(50));
        let services = Arc::new(Semaphore::new(0));
        let answered = Arc::clone(&services);
        let page = async move || {
            let _answer = answered.acquire().await;
            "a page"
        };
        let router =
            Router::new().route("/", get(page)).layer(from_fn_with_state(load_shed, shed_load));
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
        assert_eq!(second.headers().get(RETRY_AFTER), Some(&HeaderValue::from_static("5")));
        // The permit is free again, and two concurrent requests take it one after the other.
        let (third, fourth) = tokio::join!(visit(), visit());
        assert_eq!((third.status(), fourth.status()), (StatusCode::OK, StatusCode::OK));
    }

    #[tokio::test]
    async fn one_client_that_takes_all_permits_shuts_nobody_else_out() {
        let load_shed = LoadShed::new(2, Duration::from_secs(60));
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        let page = async move |Extension(client): Extension<ClientIp>| {
            sender.send(client.key).expect("the receiver is open");
            // The duration of a page.
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let router =
            Router::new().route("/", get(page)).layer(from_fn_with_state(load_shed, shed_load));
        let visit = |number: u8| {
            let key = [192, 0, 2, number].into();
            let request = Request::get("/").extension(ClientIp { key, via_proxy: false });
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
        while let Some(client) = receiver.recv().await {
            order.push(client.to_string());
        }
        let at = order.iter().position(|client| client == "192.0.2.2");
        assert!(order.len() == 21 && at.is_some_and(|at| at <= 4), "{order:?}");
    }
}
