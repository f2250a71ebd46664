//! A server, a service that is hostile, a citizen whose page it is, and somebody who wants it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::Path as PathOf;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use tempfile::TempDir;

use crate::markup::{dangers, each_tag};
use crate::wire::{Request, Response};

/// The hostile widget.
pub const HOSTILE: &str = "hostile";

/// A server with a folder of its own.
pub struct Server {
    pub address: SocketAddr,
    pub folder: TempDir,
    process: Child,
    log: PathBuf,
}

impl Server {
    /// Starts the real binary.
    pub async fn start(options: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let log = folder.path().join("log");
        let site = folder.path().join("site");
        lay_out(&site);
        let file = std::fs::File::create(&log).expect("a log");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = Command::new(env!("CARGO_BIN_EXE_voordeur"));
        // What the person who runs the tests has set for a server of their own must not reach this one.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("VOORDEUR_")) {
            command.env_remove(name);
        }
        let process = command
            .args(["--addr", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .arg("--site")
            .arg(site)
            .args(["--widgets"])
            .arg(root.join("tests/attacks/widgets"))
            .args(options)
            .stdin(Stdio::null())
            .stdout(file.try_clone().expect("a log"))
            .stderr(file)
            .spawn()
            .expect("the server starts");
        let mut server =
            Server { address: SocketAddr::from(([127, 0, 0, 1], 0)), folder, process, log };
        let end = Instant::now() + Duration::from_secs(60);
        server.address = loop {
            let told = server.log();
            let address = told.split("http://").nth(1).and_then(|rest| rest.lines().next());
            if let Some(address) = address.and_then(|address| address.trim().parse().ok()) {
                break address;
            }
            assert!(Instant::now() < end, "not open: {told}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        server
    }

    /// All that it said.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Tells it to stop, as an operator does.
    pub fn tell_to_stop(&self) {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(told.expect("kill").success());
    }

    /// Whether it ended well, within so long.
    pub async fn ends_within(&mut self, longest: Duration) -> bool {
        let end = Instant::now() + longest;
        while Instant::now() < end {
            if let Some(status) = self.process.try_wait().expect("a process") {
                return status.success();
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What browsers load need not be built for this: the files that only have to be there are empty.
fn lay_out(site: &Path) {
    std::fs::create_dir_all(site.join("pkg")).expect("a folder");
    for file in ["voordeur.css", "voordeur.js", "voordeur_bg.wasm"] {
        std::fs::write(site.join("pkg").join(file), "").expect("a file");
    }
    let public = Path::new(env!("CARGO_MANIFEST_DIR")).join("public");
    for file in std::fs::read_dir(public).expect("the files") {
        let file = file.expect("a file");
        std::fs::copy(file.path(), site.join(file.file_name())).expect("a file");
    }
}

/// Stands in for the public services: one is hostile, the others are not there.
pub async fn gateway() -> SocketAddr {
    let service = Router::new().route(
        "/hostile.example/{file}",
        get(|PathOf(file): PathOf<String>| async move {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/attacks/widgets/hostile/samples")
                .join(Path::new(&file).file_name().unwrap_or_default());
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

/// A guest, by the secret in their cookie.
#[derive(Clone)]
pub struct Guest {
    pub secret: String,
}

impl Guest {
    pub fn carries(&self, request: Request) -> Request {
        request.with("cookie", &format!("voordeur={}", self.secret))
    }
}

/// Where it all happens.
pub struct Town {
    pub server: Server,
    pub victim: Guest,
    pub attacker: Guest,
    /// The id of a card that only the victim has, and of a page.
    pub card: String,
    pub page: String,
    board: String,
}

impl Town {
    pub async fn open() -> Self {
        let gateway = gateway().await;
        let sources = format!("gateway=http://{gateway}");
        let server =
            Server::start(&["--sources", &sources, "--log", "debug,reqwest=info,hyper_util=info"])
                .await;
        let (victim, attacker) = (guest(&server).await, guest(&server).await);
        let added = victim
            .carries(Request::post(
                "/cards",
                &[("widget", "waste-calendar"), ("revision", "0"), ("edit", "v1")],
            ))
            .send(server.address)
            .await;
        let card = query(&added, "card");
        let added = victim
            .carries(Request::post(
                "/pages",
                &[("name", "Secret garden"), ("icon", "home"), ("revision", "1"), ("edit", "v2")],
            ))
            .send(server.address)
            .await;
        let page = query(&added, "page");
        let mut town = Town { server, victim, attacker, card, page, board: String::new() };
        town.board = town.victims_board().await;
        for part in [&town.card, &town.page, "named: true"] {
            assert!(town.board.contains(part), "{part}: {}", town.board);
        }
        town
    }

    pub async fn send(&self, request: Request) -> Response {
        request.send(self.server.address).await
    }

    /// Sent by the attacker, with their own cookie.
    pub async fn as_attacker(&self, request: Request) -> Response {
        self.send(self.attacker.carries(request)).await
    }

    /// All that is kept of the victim's board: pages, cards, revision, history.
    async fn victims_board(&self) -> String {
        let mut board = String::new();
        for target in ["/?edit", "/history"] {
            let page = self.send(self.victim.carries(Request::get(target))).await;
            assert_eq!(page.status, 200, "{target}");
            each_tag(&page.body, |name, attributes| {
                let told = |wanted: &str| {
                    attributes
                        .iter()
                        .find(|(name, _)| name == wanted)
                        .map(|(_, value)| value.as_str())
                };
                if let Some(card) = told("data-card") {
                    board += &format!("{card} ");
                }
                if name == "input" && matches!(told("name"), Some("revision" | "name" | "page")) {
                    board += &format!(
                        "{}={} ",
                        told("name").unwrap_or_default(),
                        told("value").unwrap_or_default()
                    );
                }
                if name == "a" && told("href").is_some_and(|to| to.contains("page=")) {
                    board += &format!("{} ", told("href").unwrap_or_default());
                }
                if name == "form" && told("action").is_some_and(|to| to.starts_with("/history/")) {
                    board += &format!("{} ", told("action").unwrap_or_default());
                }
            });
            board += &format!("named: {} ", page.body.contains("Secret garden"));
        }
        board
    }

    /// After an attack, the server serves and the victim's board is as it was.
    pub async fn is_well(&self, after: &str) {
        let page = self.send(Request::get("/")).await;
        assert_eq!(page.status, 200, "after {after}");
        assert_eq!(page.body.matches("<article ").count(), 8, "after {after}");
        assert!(page.body.ends_with("</html>"), "after {after}");
        assert_eq!(dangers(&page), Vec::<String>::new(), "after {after}");
        assert_eq!(self.victims_board().await, self.board, "after {after}");
    }
}

/// Somebody who has changed something.
pub async fn guest(server: &Server) -> Guest {
    let skipped = Request::post("/welcome", &[("answer", "skip")]).send(server.address).await;
    Guest { secret: skipped.cookie("voordeur").expect("a cookie") }
}

/// A field of the address that an answer leads to.
pub fn query(answer: &Response, name: &str) -> String {
    let to = answer.header("location").unwrap_or_else(|| panic!("{} leads nowhere", answer.status));
    let to =
        url::Url::parse("http://here.example").and_then(|here| here.join(to)).expect("an address");
    let found = to.query_pairs().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("{to}: no {name}")).1.into_owned()
}
