//! Routes: the handler of each address.

mod agenda;
mod board;
mod catalogue;
mod error;
mod find;
mod forget;
mod health;
mod history;
mod info_pages;
mod lookup;
mod preferences;
mod server_functions;
mod services;
mod settings;
mod share;
mod welcome;

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state, map_request, map_response};
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use self::board::{edits, own_list, pages};
use crate::app::App;
use crate::assets;
use crate::error::RequestError;
use crate::middleware::{self, RESPONSE_TIMEOUT};

pub use health::metrics_router;

/// Files of `public/` that are served at the root.
const ROOT_FILES: [&str; 8] = [
    "/apple-touch-icon.png",
    "/favicon.svg",
    "/icon-192.png",
    "/icon-512.png",
    "/icon-maskable-512.png",
    "/icon-maskable.svg",
    "/manifest.webmanifest",
    "/robots.txt",
];

/// The part of a file that is in memory for each client that loads it, in bytes: as much as is
/// handed to a connection at once.
const FILE_CHUNK_BYTES: usize = 8 * 1024;

/// The router of all addresses.
pub fn router(app: App) -> Router {
    let router = page_routes(&app)
        .merge(costly_page_routes(&app))
        .merge(single_service_routes(&app))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .with_state(app.clone());
    with_middleware(with_site_files(router, &app), &app)
}

fn page_routes(app: &App) -> Router<App> {
    let load_shed = Arc::clone(&app.middleware.page_load_shed);
    Router::new()
        .route("/", get(board::show))
        .route("/cards", post(edits::add))
        .route("/cards/{card}/move", post(edits::move_card))
        .route("/cards/{card}/place", post(edits::place))
        .route("/cards/{card}/resize", post(edits::resize))
        .route("/cards/{card}/fold", post(edits::fold))
        .route("/cards/{card}/remove", post(edits::remove))
        .route("/cards/{card}/settings", get(settings::show).post(settings::save))
        .route("/cards/{card}/tick", post(own_list::tick))
        .route("/cards/{card}/items", post(own_list::add))
        .route("/cards/{card}/clear", post(own_list::clear))
        .route("/pages", post(pages::add))
        .route("/pages/{page}", post(pages::change))
        .route("/pages/{page}/move", post(pages::move_page))
        .route("/pages/{page}/remove", post(pages::remove))
        .route("/undo", post(edits::undo))
        .route("/redo", post(edits::redo))
        .route("/agenda", get(agenda::show))
        .route("/agenda/feeds", post(agenda::make_feed))
        .route("/agenda/feeds/{feed}/remove", post(agenda::remove_feed))
        .route("/history", get(history::show))
        .route("/history/{number}", post(edits::go_to))
        .route("/share", get(share::show))
        .route("/share/board.json", get(share::board_file))
        .route("/share/template.json", get(share::template_file))
        .route("/share/template", get(share::preview_link))
        .route("/import", post(share::preview))
        .route("/import/take", post(share::take))
        .route("/welcome", get(welcome::show).post(welcome::answer))
        .route("/welcome/look", post(welcome::look))
        .route("/language", post(preferences::language))
        .route("/look", post(preferences::look))
        .route("/kept", get(preferences::kept))
        .route("/forget", get(forget::show).post(forget::forget))
        .route("/accessibility", get(info_pages::accessibility))
        .route("/about", get(info_pages::about))
        .fallback(error::not_found)
        .layer(from_fn_with_state(load_shed, middleware::shed_load))
}

/// Pages that cost more than a board, since each goes through the whole catalogue. They wait for a
/// permit of their own before they take one of pages: however many are asked for, boards are made.
fn costly_page_routes(app: &App) -> Router<App> {
    let page_load_shed = Arc::clone(&app.middleware.page_load_shed);
    let costly_load_shed = Arc::clone(&app.middleware.costly_load_shed);
    Router::new()
        .route("/catalogue", get(catalogue::show))
        .route("/catalogue/{widget}", get(catalogue::show_widget))
        .route("/find", get(find::show))
        .route("/services", get(services::show))
        .route("/services.json", get(services::json))
        .route("/services.atom", get(services::atom))
        .route("/privacy", get(info_pages::privacy))
        .layer(from_fn_with_state(page_load_shed, middleware::shed_load))
        .layer(from_fn_with_state(costly_load_shed, middleware::shed_load))
}

/// Routes that wait for one service, which may take much longer than a page. They have permits of
/// their own, so that they never take those of pages.
fn single_service_routes(app: &App) -> Router<App> {
    let load_shed = Arc::clone(&app.middleware.card_load_shed);
    Router::new()
        .route("/agenda/{file}", get(agenda::feed))
        .route("/cards/{card}/refresh", post(edits::refresh))
        .route("/cards/{card}/look", post(lookup::look))
        .route("/api/{*function}", post(server_functions::call))
        .layer(from_fn_with_state(load_shed, middleware::shed_load))
}

fn with_site_files(router: Router, app: &App) -> Router {
    let serve_dir = |dir: &Path| {
        ServeDir::new(dir)
            .precompressed_br()
            .precompressed_gzip()
            .append_index_html_on_directories(false)
            .with_buf_chunk_size(FILE_CHUNK_BYTES)
    };
    // These addresses do not change with their content: a browser revalidates, which costs no body.
    let no_cache =
        SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let package = Router::new()
        .fallback_service(serve_dir(&app.site.join("pkg")))
        .layer(from_fn_with_state(Arc::clone(&app.assets), assets::serve_release));
    let not_found = axum::handler::HandlerWithoutStateExt::into_service(file_not_found);
    let root_file =
        ServiceBuilder::new().layer(no_cache).service(serve_dir(&app.site).fallback(not_found));
    let worker = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::if_not_present(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(middleware::WORKER_POLICY),
        ))
        .service(root_file.clone());
    let router = router.nest_service("/pkg", package).route_service("/sw.js", worker);
    ROOT_FILES
        .into_iter()
        .fold(router, |router, path| router.route_service(path, root_file.clone()))
}

async fn file_not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// Adds the layers of every request, the outermost first.
fn with_middleware(router: Router, app: &App) -> Router {
    let state = || Arc::clone(&app.middleware);
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn(middleware::record_metrics))
            .layer(from_fn_with_state(state(), middleware::set_security_headers))
            .layer(map_response(error::render_rejection))
            .layer(from_fn_with_state(state(), middleware::rate_limit))
            .layer(from_fn_with_state(state(), middleware::check_host))
            .layer(map_request(middleware::disable_foreign_compression))
            .layer(from_fn_with_state(state(), middleware::hold_response))
            // Every page is rendered anew: a higher level costs more time than it saves.
            .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
            .layer(from_fn_with_state(app.clone(), error::render_errors))
            .layer(app.middleware.csrf())
            .layer(CatchPanicLayer::custom(error::after_panic))
            .layer(TimeoutLayer::with_status_code(
                StatusCode::SERVICE_UNAVAILABLE,
                RESPONSE_TIMEOUT,
            ))
            .layer(from_fn_with_state(state(), middleware::limit_body)),
    )
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
