//! Which address does what.

mod board;
mod catalogue;
pub(crate) mod error;
mod find;
mod health;
mod history;
mod info_pages;
mod lookup;
mod preferences;
mod services;
mod settings;
mod welcome;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, REFERER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use leptos::prelude::provide_context;
use server_fn::error::SERVER_FN_ERROR_HEADER;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use self::board::{edits, pages};
use crate::app::App;
use crate::middleware::{self, LONGEST_ANSWER};

pub use error::RequestError;
pub use health::metrics_apart;

/// What is served as it stands in `public/`.
const PUBLIC: [&str; 8] = [
    "/apple-touch-icon.png",
    "/favicon.svg",
    "/icon-192.png",
    "/icon-512.png",
    "/icon-maskable-512.png",
    "/icon-maskable.svg",
    "/manifest.webmanifest",
    "/robots.txt",
];

/// The most bytes of the words of a server function that failed.
const LONGEST_FAILURE: usize = 4 * 1024;

/// All addresses.
pub fn router(app: App) -> Router {
    let site = app.options.site_root.to_string();
    let files = ServeDir::new(format!("{site}/pkg"))
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false);
    let files = ServiceBuilder::new()
        // The names do not change with the content: a browser asks whether it has changed, which costs no body.
        .layer(header(CACHE_CONTROL, "no-cache"))
        .service(files);
    let public = ServiceBuilder::new().layer(header(CACHE_CONTROL, "no-cache")).service(
        ServeDir::new(&*site)
            .precompressed_br()
            .precompressed_gzip()
            .append_index_html_on_directories(false)
            .fallback(axum::handler::HandlerWithoutStateExt::into_service(missing_file)),
    );

    // May take much longer than a page, and must not take a page's place.
    let of_one_service = Router::new()
        .route("/cards/{card}/refresh", post(edits::refresh))
        .route("/cards/{card}/look", post(lookup::look))
        .route("/api/{*function}", post(server_functions))
        .layer(from_fn_with_state(Arc::clone(&app.middleware.places_for_cards), middleware::seat));
    let router = Router::new()
        .route("/", get(board::show))
        .route("/cards", post(edits::add))
        .route("/cards/{card}/move", post(edits::move_card))
        .route("/cards/{card}/place", post(edits::place))
        .route("/cards/{card}/resize", post(edits::resize))
        .route("/cards/{card}/fold", post(edits::fold))
        .route("/cards/{card}/remove", post(edits::remove))
        .route("/cards/{card}/settings", get(settings::show).post(settings::save))
        .route("/pages", post(pages::add))
        .route("/pages/{page}", post(pages::change))
        .route("/pages/{page}/move", post(pages::move_page))
        .route("/pages/{page}/remove", post(pages::remove))
        .route("/undo", post(edits::undo))
        .route("/redo", post(edits::redo))
        .route("/history", get(history::show))
        .route("/history/{number}", post(edits::go_to))
        .route("/welcome", get(welcome::show).post(welcome::answer))
        .route("/language", post(preferences::language))
        .route("/look", post(preferences::look))
        .route("/catalogue", get(catalogue::show))
        .route("/catalogue/{widget}", get(catalogue::show_widget))
        .route("/find", get(find::show))
        .route("/services", get(services::show))
        .route("/services.json", get(services::json))
        .route("/services.atom", get(services::atom))
        .route("/privacy", get(info_pages::privacy))
        .route("/accessibility", get(info_pages::accessibility))
        .route("/about", get(info_pages::about))
        .fallback(error::not_found)
        .layer(from_fn_with_state(Arc::clone(&app.middleware.places_for_pages), middleware::seat))
        .merge(of_one_service)
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(app.clone())
        .nest_service("/pkg", files);
    PUBLIC
        .into_iter()
        .fold(router, |router, file| router.route_service(file, public.clone()))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(middleware::count))
                .layer(from_fn_with_state(app.clone(), middleware::finish))
                .layer(from_fn_with_state(app.clone(), middleware::admit))
                // A page is made anew for every visit: what compresses it best costs more than it saves.
                .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
                .layer(from_fn_with_state(app.clone(), error::explain))
                .layer(app.middleware.csrf())
                .layer(CatchPanicLayer::custom(error::after_panic))
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    LONGEST_ANSWER,
                ))
                .layer(from_fn_with_state(app.clone(), middleware::receive)),
        )
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn missing_file() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// What only scripts of our own ask for.
async fn server_functions(State(app): State<App>, mut request: Request<Body>) -> Response {
    // Leptos sends who wants HTML back to the `Referer`, wherever that is: it takes them for a form without script, and ours are none.
    for header in [ACCEPT, REFERER] {
        request.headers_mut().remove(header);
    }
    let context = move || provide_context(app.clone());
    let answer = leptos_axum::handle_server_fns_with_context(context, request).await;
    let answer = answer.into_response();
    if !answer.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        // Leptos explains to developers what it does not find.
        let known = answer.status() != StatusCode::BAD_REQUEST;
        return if known { answer } else { StatusCode::NOT_FOUND.into_response() };
    }
    // What was sent cannot be read, or we failed: Leptos has one status for both, and the kind before the words.
    let (mut parts, body) = answer.into_parts();
    let Ok(words) = axum::body::to_bytes(body, LONGEST_FAILURE).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let unreadable = ["Args|", "Deserialization|", "MissingArg|"];
    if unreadable.iter().any(|kind| words.starts_with(kind.as_bytes())) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(words))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use voordeur_shared::paths;

    #[test]
    fn the_patterns_of_the_router_are_the_shared_paths() {
        let routes: BTreeSet<&str> = [".route(\"", ".nest_service(\""]
            .into_iter()
            .flat_map(|call| include_str!("mod.rs").split(call).skip(1))
            .filter_map(|rest| rest.split('"').next())
            .filter(|route| route.starts_with('/'))
            .collect();
        assert_eq!(routes, BTreeSet::from(paths::PATTERNS));
    }
}
