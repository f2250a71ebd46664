//! Which address does what.

mod board;
mod catalogue;
mod choices;
mod find;
mod health;
mod history;
mod lookup;
mod problem;
mod settings;
mod texts;
mod welcome;

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use leptos::prelude::provide_context;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use self::board::{edits, pages};
use crate::app::App;
use crate::visitor;

pub use problem::Problem;

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
/// The longest form of a citizen, in bytes.
const LARGEST_FORM: usize = 64 * 1024;
/// Longer than any page or card may take.
const LONGEST_ANSWER: Duration = Duration::from_secs(30);

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
    let public = ServeDir::new(&*site)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false)
        .fallback(axum::handler::HandlerWithoutStateExt::into_service(missing_file));

    let router = Router::new()
        .route("/", get(board::show))
        .route("/cards", post(edits::add))
        .route("/cards/{card}/move", post(edits::move_card))
        .route("/cards/{card}/place", post(edits::place))
        .route("/cards/{card}/resize", post(edits::resize))
        .route("/cards/{card}/fold", post(edits::fold))
        .route("/cards/{card}/remove", post(edits::remove))
        .route("/cards/{card}/refresh", post(edits::refresh))
        .route("/cards/{card}/settings", get(settings::show).post(settings::save))
        .route("/cards/{card}/look", post(lookup::look))
        .route("/pages", post(pages::add))
        .route("/pages/{page}", post(pages::change))
        .route("/pages/{page}/move", post(pages::move_page))
        .route("/pages/{page}/remove", post(pages::remove))
        .route("/undo", post(edits::undo))
        .route("/redo", post(edits::redo))
        .route("/history", get(history::show))
        .route("/history/{number}", post(edits::go_to))
        .route("/welcome", get(welcome::show).post(welcome::answer))
        .route("/language", post(choices::language))
        .route("/look", post(choices::look))
        .route("/catalogue", get(catalogue::show))
        .route("/catalogue/{widget}", get(catalogue::show_widget))
        .route("/find", get(find::show))
        .route("/services", get(texts::services))
        .route("/privacy", get(texts::privacy))
        .route("/accessibility", get(texts::accessibility))
        .route("/about", get(texts::about))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/api/{*function}", post(server_functions))
        .fallback(problem::not_found)
        .with_state(app.clone())
        .layer(axum::middleware::from_fn(visitor::renew_cookie))
        .nest_service("/pkg", files);
    PUBLIC
        .into_iter()
        .fold(router, |router, file| router.route_service(file, public.clone()))
        .layer(
            ServiceBuilder::new()
                // A page is made anew for every visit: what compresses it best costs more than it saves.
                .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
                .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(header(X_FRAME_OPTIONS, "DENY"))
                // The forms of server functions come back to where they were sent from.
                .layer(header(REFERRER_POLICY, "same-origin"))
                .layer(header(
                    HeaderName::from_static("permissions-policy"),
                    "camera=(), geolocation=(), microphone=(), payment=()",
                ))
                .layer(axum::middleware::from_fn_with_state(app, problem::explain))
                .layer(CsrfLayer::new())
                .layer(CatchPanicLayer::custom(problem::after_panic))
                .layer(TimeoutLayer::with_status_code(
                    StatusCode::SERVICE_UNAVAILABLE,
                    LONGEST_ANSWER,
                ))
                .layer(RequestBodyLimitLayer::new(LARGEST_FORM)),
        )
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

async fn missing_file() -> StatusCode {
    StatusCode::NOT_FOUND
}

async fn server_functions(State(app): State<App>, request: Request<Body>) -> Response {
    let context = move || provide_context(app.clone());
    axum::response::IntoResponse::into_response(
        leptos_axum::handle_server_fns_with_context(context, request).await,
    )
}
