//! `voordeur widget preview`: one page on loopback that shows a widget from its folder in every
//! state, beside the response and the manifest, and follows every save.
//!
//! It is no part of the server for citizens: it has a router of its own, and reads one folder and
//! nothing else.

mod outline;
mod page;
mod states;
mod workspace;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Query, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use clap::Args;
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::set_header::SetResponseHeaderLayer;
use url::Url;

use crate::console;
use crate::middleware::PREVIEW_POLICY;
use crate::widget_folder::{CATALOGUE, Folder, WidgetLookupError};
use states::{ColorScheme, DisplayOptions};
use workspace::Workspace;

/// How often the folder is polled.
const WATCH_INTERVAL: Duration = Duration::from_millis(250);
/// Maximum duration of a request that waits for the next save. The browser then asks again.
const MAX_WAIT: Duration = Duration::from_secs(25);
/// The path of the style sheet of cards in the folder of `--site`.
const STYLE_SHEET: &str = "pkg/voordeur.css";

/// Options of `voordeur widget preview`.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The widget's id: the name of its folder.
    pub name: String,
    /// The folder of widgets.
    #[arg(long, value_name = "DIR", default_value = CATALOGUE)]
    pub widgets: PathBuf,
    /// The address of the page: a loopback address.
    #[arg(long, default_value = "127.0.0.1:3001", value_parser = parse_loopback)]
    pub addr: SocketAddr,
    /// The folder of browser files that `make build` fills, for the style sheet.
    #[arg(long, env = "VOORDEUR_SITE", default_value = "target/site")]
    pub site: PathBuf,
}

/// Why the preview cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// There is no folder of this name.
    #[error(transparent)]
    Widget(#[from] WidgetLookupError),
    /// The time zone is not in the bundled database.
    #[error("cannot load the time zone")]
    TimeZone(#[from] jiff::Error),
    /// The address is not available.
    #[error("--addr {address}")]
    Listen {
        /// The address as given by the author.
        address: SocketAddr,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The server stopped.
    #[error("cannot serve the preview")]
    Serve(#[source] std::io::Error),
}

fn parse_loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|error| format!("{error}"))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("must be a loopback address, like 127.0.0.1:3001: the preview is for this machine only"
            .to_owned())
    }
}

/// Serves the preview until the process ends.
///
/// # Errors
/// When there is no such folder, or the address is not available.
pub async fn serve(options: &Options) -> Result<String, PreviewError> {
    let folder = Folder::find(&options.name, &options.widgets)?;
    let style_sheet = options.site.join(STYLE_SHEET);
    if !style_sheet.is_file() {
        console::complain(&format!(
            "{} is absent, so cards are shown without style: `make build` creates it",
            style_sheet.display()
        ));
    }
    let workspace = Workspace::open(folder, style_sheet)?;
    let unavailable = |source| PreviewError::Listen { address: options.addr, source };
    let listener = TcpListener::bind(options.addr).await.map_err(unavailable)?;
    let address = listener.local_addr().map_err(unavailable)?;
    // The preview works all the same when nobody reads the line.
    let _ = console::print(&format!("Preview of {}: http://{address}", options.name));
    tokio::spawn(Arc::clone(&workspace).watch(WATCH_INTERVAL));
    axum::serve(listener, router(workspace)).await.map_err(PreviewError::Serve)?;
    Ok(String::new())
}

fn router(workspace: Arc<Workspace>) -> Router {
    let header =
        |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .route("/", get(show))
        .route("/version", get(version))
        .route("/cards.css", get(style_of_cards))
        .route("/preview.css", get(|| asset("text/css", include_str!("preview.css"))))
        .route("/preview.js", get(|| asset("text/javascript", include_str!("preview.js"))))
        .route(
            "/favicon.svg",
            get(|| asset("image/svg+xml", include_str!("../../public/favicon.svg"))),
        )
        .with_state(workspace)
        .layer(
            ServiceBuilder::new()
                .layer(header(CONTENT_SECURITY_POLICY, PREVIEW_POLICY))
                .layer(header(CACHE_CONTROL, "no-store"))
                .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(header(REFERRER_POLICY, "no-referrer"))
                .layer(from_fn(require_loopback_host)),
        )
}

/// Refuses DNS rebinding: another site could resolve its own name to this address, but the browser
/// then sends that name.
async fn require_loopback_host(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = Url::parse(&format!("http://{host}/")).is_ok_and(|url| match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    });
    if own { next.run(request).await } else { StatusCode::MISDIRECTED_REQUEST.into_response() }
}

async fn asset(kind: &'static str, content: &'static str) -> Response {
    ([(CONTENT_TYPE, format!("{kind}; charset=utf-8"))], content).into_response()
}

async fn show(
    State(workspace): State<Arc<Workspace>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let options = DisplayOptions::read(&query);
    Html(page::draw(&workspace, &workspace.read(), &options)).into_response()
}

/// Responds with the version of the folder as soon as it differs from that of the browser.
async fn version(
    State(workspace): State<Arc<Workspace>>,
    Query(query): Query<HashMap<String, String>>,
) -> String {
    let known = query.get("after").map(String::as_str).unwrap_or_default();
    workspace.changed(known, MAX_WAIT).await
}

/// The style sheet of cards in the chosen color scheme.
async fn style_of_cards(
    State(workspace): State<Arc<Workspace>>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    match std::fs::read_to_string(&workspace.style_sheet) {
        Ok(sheet) => {
            let sheet = DisplayOptions::read(&query).color_scheme.fix_scheme(&sheet);
            ([(CONTENT_TYPE, "text/css; charset=utf-8")], sheet).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

impl ColorScheme {
    /// A style sheet that does not depend on the preference of the browser.
    fn fix_scheme(self, sheet: &str) -> String {
        let (always, scheme) = match self {
            ColorScheme::System => return sheet.to_owned(),
            ColorScheme::Light => ("(max-width:0)", "light"),
            ColorScheme::Dark => ("(min-width:0)", "dark"),
        };
        let sheet = sheet
            .replace("(prefers-color-scheme:dark)", always)
            .replace("(prefers-color-scheme: dark)", always);
        format!("{sheet}\n:root{{color-scheme:{scheme}}}\n")
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn only_loopback_addresses_are_accepted() {
        assert!(parse_loopback("127.0.0.1:3001").is_ok() && parse_loopback("[::1]:0").is_ok());
        for refused in ["0.0.0.0:3001", "192.168.1.2:80", "[::]:1", "3001", "localhost"] {
            assert!(parse_loopback(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_chosen_color_scheme_does_not_depend_on_the_browser() {
        let sheet = ":root{--a:1}@media (prefers-color-scheme:dark){:root{--a:2}}";
        assert_eq!(ColorScheme::System.fix_scheme(sheet), sheet);
        let dark = ColorScheme::Dark.fix_scheme(sheet);
        assert!(dark.contains("@media (min-width:0)") && dark.contains("color-scheme:dark"));
        assert!(!ColorScheme::Light.fix_scheme(sheet).contains("prefers-color-scheme"));
    }

    #[tokio::test]
    async fn only_loopback_hosts_are_served_and_with_a_strict_policy() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE);
        let folder = Folder::find("holidays", &root).expect("a folder");
        let workspace = Workspace::open(folder, PathBuf::from("absent.css")).expect("a workspace");
        let router = router(workspace);
        let ask = |path: &str, host: &str| {
            let request = Request::builder().uri(path).header(HOST, host).body(Body::empty());
            router.clone().oneshot(request.expect("a request"))
        };
        for host in ["127.0.0.1:3001", "localhost:3001", "[::1]:3001"] {
            let page = ask("/?language=fr&show=all", host).await.expect("a response");
            assert_eq!(page.status(), StatusCode::OK, "{host}");
            assert_eq!(page.headers()[CONTENT_SECURITY_POLICY], PREVIEW_POLICY);
        }
        for host in ["example.org", "127.0.0.1.example.org:3001", ""] {
            let page = ask("/", host).await.expect("a response");
            assert_eq!(page.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
        }
        let sheet = ask("/cards.css", "localhost").await.expect("a response");
        assert_eq!(sheet.status(), StatusCode::NOT_FOUND);
    }
}
