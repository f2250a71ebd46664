//! A server under attack: a hostile service, a guest whose board is attacked, and a guest who
//! attacks.

use std::net::SocketAddr;
use std::path::PathBuf;

use axum::Router;
use axum::extract::Path as PathOf;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use voordeur_testkit::Server;

use crate::markup::{dangers, each_tag};
use crate::raw_http::{RawRequest, RawResponse};

/// The id of the hostile widget.
pub const HOSTILE: &str = "hostile";

/// A folder of the widgets of these tests.
pub fn widgets(folder: &str) -> PathBuf {
    voordeur_testkit::root().join("tests/security").join(folder)
}

/// Starts the real binary with the hostile widget.
pub async fn start(options: &[&str]) -> Server {
    let server = Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")));
    let server = server.args(["--widgets"]).args([widgets("widgets")]).args(options);
    server.start().await.expect("the server starts")
}

/// Starts a gateway to the public services: one is hostile, the others do not exist.
pub async fn gateway() -> SocketAddr {
    let service = Router::new().route(
        "/hostile.example/{file}",
        get(|PathOf(file): PathOf<String>| async move {
            let name = std::path::Path::new(&file).file_name().unwrap_or_default();
            let path = widgets("widgets/hostile/samples").join(name);
            match std::fs::read(path) {
                Ok(bytes) => ([("content-type", "application/json")], bytes).into_response(),
                Err(_) => StatusCode::NOT_FOUND.into_response(),
            }
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, service).await });
    address
}

/// A guest, known by the secret in their cookie.
#[derive(Clone)]
pub struct GuestSession {
    pub secret: String,
}

impl GuestSession {
    pub fn with_cookie(&self, request: RawRequest) -> RawRequest {
        request.with("cookie", &format!("voordeur={}", self.secret))
    }
}

/// A server with two guests.
pub struct Fixture {
    pub server: Server,
    pub victim: GuestSession,
    pub attacker: GuestSession,
    /// The ids of a card and of a page that only the victim has.
    pub card: String,
    pub page: String,
    board: String,
}

impl Fixture {
    pub async fn start() -> Self {
        let gateway = gateway().await;
        let sources = format!("gateway=http://{gateway}");
        let server = start(&["--sources", &sources, "--log", "debug"]).await;
        let (victim, attacker) = (guest(&server).await, guest(&server).await);
        let added = victim
            .with_cookie(RawRequest::post(
                "/cards",
                &[("widget", "waste-calendar"), ("revision", "0"), ("edit", "v1")],
            ))
            .send(server.address)
            .await;
        let card = query(&added, "card");
        let added = victim
            .with_cookie(RawRequest::post(
                "/pages",
                &[("name", "Secret garden"), ("icon", "home"), ("revision", "1"), ("edit", "v2")],
            ))
            .send(server.address)
            .await;
        let page = query(&added, "page");
        let mut fixture = Fixture { server, victim, attacker, card, page, board: String::new() };
        fixture.board = fixture.snapshot_victim().await;
        for part in [&fixture.card, &fixture.page, "named: true"] {
            assert!(fixture.board.contains(part), "{part}: {}", fixture.board);
        }
        fixture
    }

    pub async fn send(&self, request: RawRequest) -> RawResponse {
        request.send(self.server.address).await
    }

    /// Sends a request with the cookie of the attacker.
    pub async fn as_attacker(&self, request: RawRequest) -> RawResponse {
        self.send(self.attacker.with_cookie(request)).await
    }

    /// The pages, cards, revision and history of the victim's board.
    async fn snapshot_victim(&self) -> String {
        let mut board = String::new();
        for target in ["/?edit", "/history"] {
            let page = self.send(self.victim.with_cookie(RawRequest::get(target))).await;
            assert_eq!(page.status, 200, "{target}");
            each_tag(&page.body, |name, attributes| {
                let attribute = |wanted: &str| {
                    attributes
                        .iter()
                        .find(|(name, _)| name == wanted)
                        .map(|(_, value)| value.as_str())
                };
                if let Some(card) = attribute("data-card") {
                    board += &format!("{card} ");
                }
                if name == "input"
                    && matches!(attribute("name"), Some("revision" | "name" | "page"))
                {
                    board += &format!(
                        "{}={} ",
                        attribute("name").unwrap_or_default(),
                        attribute("value").unwrap_or_default()
                    );
                }
                if name == "a" && attribute("href").is_some_and(|to| to.contains("page=")) {
                    board += &format!("{} ", attribute("href").unwrap_or_default());
                }
                if name == "form"
                    && attribute("action").is_some_and(|to| to.starts_with("/history/"))
                {
                    board += &format!("{} ", attribute("action").unwrap_or_default());
                }
            });
            board += &format!("named: {} ", page.body.contains("Secret garden"));
        }
        board
    }

    /// Asserts that the server still serves a board without markup from the attack, and that the
    /// victim's board is unchanged.
    pub async fn assert_unharmed(&self, after: &str) {
        let page = self.send(RawRequest::get("/")).await;
        assert_eq!(page.status, 200, "after {after}");
        assert_eq!(page.body.matches("<article ").count(), 8, "after {after}");
        assert!(page.body.ends_with("</html>"), "after {after}");
        assert_eq!(dangers(&page), Vec::<String>::new(), "after {after}");
        assert_eq!(self.snapshot_victim().await, self.board, "after {after}");
    }
}

/// Creates a guest.
pub async fn guest(server: &Server) -> GuestSession {
    let skipped = RawRequest::post("/welcome", &[("answer", "skip")]).send(server.address).await;
    GuestSession { secret: skipped.cookie("voordeur").expect("a cookie") }
}

/// A query parameter of the `Location` header.
pub fn query(response: &RawResponse, name: &str) -> String {
    let to =
        response.header("location").unwrap_or_else(|| panic!("{}: no `Location`", response.status));
    let to =
        url::Url::parse("http://here.example").and_then(|here| here.join(to)).expect("an address");
    let found = to.query_pairs().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("{to}: no {name}")).1.into_owned()
}
