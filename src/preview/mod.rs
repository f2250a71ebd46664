//! The workbench of a widget author: `voordeur widget preview`. One page on loopback that shows a widget from its folder in every state,
//! beside the answer and the manifest, and follows every save.
//!
//! It is no part of what citizens are served: it has a router of its own, and reads one folder and nothing else.

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

use crate::middleware::PREVIEW_POLICY;
use crate::widget_folder::{CATALOGUE, Folder};
use states::{Choice, Look};
use workspace::Workspace;

/// The folder is looked at so often.
const LOOKED_AT: Duration = Duration::from_millis(250);
/// A browser that waits for the next save is answered at the latest after this, and asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(25);
/// Where the style sheet of cards stands in the folder of `--site`.
const STYLE_SHEET: &str = "pkg/voordeur.css";

/// What `voordeur widget preview` is told.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// The widget's id: the name of its folder.
    pub name: String,
    /// The folder of widgets.
    #[arg(long, value_name = "DIR", default_value = CATALOGUE)]
    pub widgets: PathBuf,
    /// Where the page is: a loopback address.
    #[arg(long, default_value = "127.0.0.1:3001", value_parser = on_loopback)]
    pub addr: SocketAddr,
    /// The folder of what browsers load, as `make build` fills it: the style sheet is taken from it.
    #[arg(long, env = "VOORDEUR_SITE", default_value = "target/site")]
    pub site: PathBuf,
}

/// The reason for which the preview cannot be served.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreviewError {
    /// The widget named on the command line does not exist.
    #[error("{0}")]
    NoSuchWidget(String),
    /// The folder cannot be read, or the address cannot be listened on.
    #[error("{0}")]
    Serve(String),
}

impl From<String> for PreviewError {
    fn from(message: String) -> Self {
        PreviewError::Serve(message)
    }
}

fn on_loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr = text.parse().map_err(|error| format!("{error}"))?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("must be a loopback address, like 127.0.0.1:3001: the workbench is for this machine only".to_owned())
    }
}

/// Opens the workbench and keeps it open.
///
/// # Errors
/// When there is no such folder, or the address cannot be had.
pub async fn serve(options: &Options) -> Result<String, PreviewError> {
    let folder =
        Folder::find(&options.name, &options.widgets).map_err(PreviewError::NoSuchWidget)?;
    let style_sheet = options.site.join(STYLE_SHEET);
    if !style_sheet.is_file() {
        println!(
            "{} is absent, so cards are shown without their look: `make build` makes it",
            style_sheet.display()
        );
    }
    let bench = Workspace::open(folder, style_sheet)?;
    let taken = |error: std::io::Error| format!("--addr {}: {error}", options.addr);
    let listener = TcpListener::bind(options.addr).await.map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    println!("The workbench of {} is open at http://{address}", options.name);
    tokio::spawn(Arc::clone(&bench).watch(LOOKED_AT));
    axum::serve(listener, router(bench)).await.map_err(|error| error.to_string())?;
    Ok(String::new())
}

fn router(bench: Arc<Workspace>) -> Router {
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
        .with_state(bench)
        .layer(
            ServiceBuilder::new()
                .layer(header(CONTENT_SECURITY_POLICY, PREVIEW_POLICY))
                .layer(header(CACHE_CONTROL, "no-store"))
                .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
                .layer(header(REFERRER_POLICY, "no-referrer"))
                .layer(from_fn(only_by_its_own_name)),
        )
}

/// Another site could have its own name lead here; then the browser says that name.
async fn only_by_its_own_name(request: Request, next: Next) -> Response {
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
    State(bench): State<Arc<Workspace>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let choice = Choice::read(&asked);
    Html(page::draw(&bench, &bench.look(), &choice)).into_response()
}

/// Answers with the version of the folder as soon as it is another than the one that the browser has.
async fn version(
    State(bench): State<Arc<Workspace>>,
    Query(asked): Query<HashMap<String, String>>,
) -> String {
    let known = asked.get("after").map(String::as_str).unwrap_or_default();
    bench.changed(known, LONGEST_WAIT).await
}

/// The style sheet of the cards, with the theme decided when it should not be the system's.
async fn style_of_cards(
    State(bench): State<Arc<Workspace>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    match std::fs::read_to_string(&bench.style_sheet) {
        Ok(sheet) => {
            let sheet = Choice::read(&asked).look.decided(&sheet);
            ([(CONTENT_TYPE, "text/css; charset=utf-8")], sheet).into_response()
        }
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Look {
    /// A style sheet in which this look does not depend on the system.
    fn decided(self, sheet: &str) -> String {
        let (always, scheme) = match self {
            Look::System => return sheet.to_owned(),
            Look::Light => ("(max-width:0)", "light"),
            Look::Dark => ("(min-width:0)", "dark"),
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
    fn it_is_on_loopback_only() {
        assert!(on_loopback("127.0.0.1:3001").is_ok() && on_loopback("[::1]:0").is_ok());
        for refused in ["0.0.0.0:3001", "192.168.1.2:80", "[::]:1", "3001", "localhost"] {
            assert!(on_loopback(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_theme_that_is_chosen_does_not_depend_on_the_system() {
        let sheet = ":root{--a:1}@media (prefers-color-scheme:dark){:root{--a:2}}";
        assert_eq!(Look::System.decided(sheet), sheet);
        let dark = Look::Dark.decided(sheet);
        assert!(dark.contains("@media (min-width:0)") && dark.contains("color-scheme:dark"));
        assert!(!Look::Light.decided(sheet).contains("prefers-color-scheme"));
    }

    #[tokio::test]
    async fn it_answers_to_its_own_name_with_a_strict_policy() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(CATALOGUE);
        let folder = Folder::find("holidays", &root).expect("a folder");
        let bench = Workspace::open(folder, PathBuf::from("absent.css")).expect("a bench");
        let router = router(bench);
        let ask = |path: &str, host: &str| {
            let request = Request::builder().uri(path).header(HOST, host).body(Body::empty());
            router.clone().oneshot(request.expect("a request"))
        };
        for host in ["127.0.0.1:3001", "localhost:3001", "[::1]:3001"] {
            let page = ask("/?language=fr&show=all", host).await.expect("an answer");
            assert_eq!(page.status(), StatusCode::OK, "{host}");
            assert_eq!(page.headers()[CONTENT_SECURITY_POLICY], PREVIEW_POLICY);
        }
        for host in ["example.org", "127.0.0.1.example.org:3001", ""] {
            let page = ask("/", host).await.expect("an answer");
            assert_eq!(page.status(), StatusCode::MISDIRECTED_REQUEST, "{host}");
        }
        let sheet = ask("/cards.css", "localhost").await.expect("an answer");
        assert_eq!(sheet.status(), StatusCode::NOT_FOUND);
    }
}
