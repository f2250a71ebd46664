//! The real server with a widget for each fault and one for the neighbour, and guests who look at
//! it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use voordeur::locale::Locale;
use voordeur_testkit::{HttpClient, HttpResponse, TempDir, temp_dir};

pub const NEIGHBOUR: &str = "neighbour";
/// The publisher of every widget here.
pub const PUBLISHER: &str = "Gemeente Voorbeeld";
/// Maximum time to wait for anything.
const TIMEOUT: Duration = Duration::from_secs(60);
/// The page's own deadline is 1.5 s; the rest allows for a busy machine and an unoptimised server.
const PAGE_WITHIN: Duration = Duration::from_secs(5);

/// The folders of one server, which outlive it.
pub struct Folders {
    folder: TempDir,
}

impl Folders {
    /// Creates them, with a widget for each id, host and format, and for the neighbour.
    pub fn new<'a>(widgets: impl Iterator<Item = (&'a str, String, &'a str)>) -> Self {
        let folder = temp_dir();
        let write = |path: &str, content: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, content).expect("written");
        };
        for (id, host, format) in widgets.chain([(NEIGHBOUR, host_of(NEIGHBOUR), "json")]) {
            write(&format!("widgets/{id}/widget.toml"), &manifest(id, &host, format));
            let sample = if format == "xml" { "<things/>" } else { r#"{"items":[]}"# };
            for name in ["normal", "empty", "malformed"] {
                write(&format!("widgets/{id}/samples/{name}.{format}"), sample);
            }
        }
        Folders { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The number of responses on disk.
    pub fn stored(&self) -> usize {
        let files = std::fs::read_dir(self.path().join("data/answers")).expect("a folder");
        files
            .filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_none()))
            .count()
    }

    /// Makes every response on disk two days older. Only while no server runs.
    pub fn age(&self) {
        for file in std::fs::read_dir(self.path().join("data/answers")).expect("a folder") {
            let path = file.expect("a response").path();
            let bytes = std::fs::read(&path).expect("a response");
            let end = bytes.iter().position(|byte| *byte == b'\n').expect("a line");
            let fetched = std::str::from_utf8(&bytes[..end]).expect("a timestamp");
            let fetched: Timestamp = fetched.parse().expect("a timestamp");
            let older = fetched - SignedDuration::from_hours(48);
            let aged = [older.to_string().as_bytes(), &bytes[end..]].concat();
            std::fs::write(&path, aged).expect("written");
        }
    }
}

/// The host of a widget that shares its host with no other.
pub fn host_of(id: &str) -> String {
    format!("{id}.example")
}

fn manifest(id: &str, host: &str, format: &str) -> String {
    let text =
        |text: &str| format!("{{ nl = '{text}', fr = '{text}', de = '{text}', en = '{text}' }}");
    let (each, title) = match format {
        "xml" => ("things.item", "item['#text']"),
        _ => ("things.items", "item.title"),
    };
    let name = text(id);
    let empty = text("Niets");
    format!(
        r#"
name = {name}
summary = {name}
theme = "work-and-money"
icon = "calendar"
publisher = {{ name = "{PUBLISHER}", url = "https://{host}/" }}
licence = {{ name = "CC0" }}
pace = "1 h"
sample_moment = "2026-11-23T07:36:00+01:00"

[[request]]
id = "things"
url = "https://{host}/{id}"
format = "{format}"

[view]
moment = "moment(at(things, 'updated'))"

[[view.block]]
kind = "list"
each = "{each}"
empty = {empty}
title = "{title}"
"#
    )
}

/// A running server.
pub struct Server {
    server: voordeur_testkit::Server,
    client: HttpClient,
}

impl Server {
    /// Starts it, and waits until it listens.
    pub async fn start(folders: &Folders, gateway: &str, certificates: Option<&Path>) -> Self {
        let folder = folders.path();
        let binary = voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur"));
        let mut server = voordeur_testkit::Server::builder(binary)
            .data(&folder.join("data"))
            .args(["--sources", &format!("gateway={gateway}")])
            .args(["--log", "info,voordeur_upstream=debug", "--log-format", "json", "--widgets"])
            .args([folder.join("widgets")]);
        if let Some(file) = certificates {
            server = server.env("SSL_CERT_FILE", file);
        }
        let server = server.start().await.expect("the server starts");
        let client = HttpClient::new().with_header("sec-fetch-site", "same-origin");
        Server { server, client: client.with_header("accept-language", "nl") }
    }

    /// The lines of the log.
    fn log(&self) -> Vec<Value> {
        self.server.log().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// Creates a guest with a page that holds the card of a widget and the neighbour's card.
    pub async fn guest(&self, widget: Option<&str>) -> GuestPage {
        let added = self.post(&self.client, "/pages", &[("name", "Proef"), ("icon", "home")]).await;
        let client = self.client.with_header("cookie", added.cookie().expect("a cookie"));
        let page = added.location_query("page").expect("the id of the page").to_owned();
        for widget in widget.into_iter().chain([NEIGHBOUR]) {
            let card = [("widget", widget), ("page", &page)];
            let added = self.post(&client, "/cards", &card).await;
            assert_eq!(added.status, 303);
        }
        GuestPage { client, page }
    }

    async fn post(&self, client: &HttpClient, path: &str, fields: &[(&str, &str)]) -> HttpResponse {
        let url = format!("{}{path}", self.server.url());
        client.post(&url, fields).await.expect("a response")
    }

    /// The current page of a guest. It has to be complete, and to arrive within its deadline.
    pub async fn board(&self, guest: &GuestPage) -> Board {
        let began = Instant::now();
        let url = format!("{}/?page={}", self.server.url(), guest.page);
        let page = guest.client.get(&url).await.expect("a page");
        assert_eq!(page.status, 200);
        let (page, duration) = (page.text, began.elapsed());
        assert!(page.trim_end().ends_with("</html>"), "an incomplete page: {page}");
        assert!(duration < PAGE_WITHIN, "a page took {duration:?}");
        Board { page }
    }

    /// The page of a guest once no card on it is being refreshed.
    pub async fn settled_board(&self, guest: &GuestPage) -> Board {
        until("all cards have settled", async || {
            let board = self.board(guest).await;
            board.cards().values().all(Shown::is_settled).then_some(board)
        })
        .await
    }

    /// The lines of the log about a host and about widgets: level, message and reason.
    pub fn log_about(&self, is_about: impl Fn(&str) -> bool, host: &str) -> Vec<String> {
        let lines = self.log().into_iter().filter_map(|line| {
            let part = |name: &str| line[name].as_str();
            let is_its_own =
                part("widget").is_some_and(&is_about) || part("host").is_some_and(|it| it == host);
            let is_of_services = part("target").is_some_and(|it| !it.contains("registry"));
            let (level, message) = (part("level")?.to_lowercase(), part("message")?);
            let reason = part("reason").map(|reason| format!(": {reason}")).unwrap_or_default();
            (is_its_own && is_of_services).then(|| format!("{level}: {message}{reason}"))
        });
        lines.collect()
    }
}

/// Lines of the log as a cell of a table.
pub fn lines_cell(mut lines: Vec<String>) -> String {
    // A response that a widget rejects is logged at each attempt.
    lines.dedup();
    if lines.is_empty() { "–".to_owned() } else { lines.join("; ") }
}

/// A guest, known by the cookie that the client sends, and a page of their board.
pub struct GuestPage {
    client: HttpClient,
    page: String,
}

/// The HTML of a page.
pub struct Board {
    page: String,
}

impl Board {
    /// Its cards, by widget.
    pub fn cards(&self) -> BTreeMap<String, Shown> {
        let articles = self.page.split("<article").skip(1);
        let cards = articles.map(|article| {
            let (card, _) = article.split_once("</article>").expect("its end");
            let attribute = |name: &str| {
                let (value, _) = card.split_once(name)?.1.split_once('"')?;
                Some(value.to_owned())
            };
            let (_, body) = card.split_once("data-part=\"body\">").expect("a body");
            let (body, source) = body.split_once("data-part=\"source\"").expect("a source");
            let (hint, rest) = match body.split_once("class=\"hint\"") {
                Some((_, after)) => after.split_once("</p>").expect("its end"),
                None => ("", body),
            };
            let shown = Shown {
                state: attribute("data-state=\"").expect("a state"),
                hint: words(hint),
                body: words(rest),
                date: source.split_once("datetime=\"").map(|(_, date)| date[..10].to_owned()),
            };
            (attribute("data-widget=\"").expect("a widget"), shown)
        });
        cards.collect()
    }

    /// Whether the HTML contains a text.
    pub fn contains(&self, text: &str) -> bool {
        self.page.contains(text)
    }
}

/// The text in a piece of HTML.
fn words(html: &str) -> String {
    let text: String = html.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect();
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    text.replace("&#39;", "'").replace("&#x27;", "'").replace("&amp;", "&").trim().to_owned()
}

/// A card as a citizen sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    pub state: String,
    hint: String,
    body: String,
    /// The date of its data.
    pub date: Option<String>,
}

impl Shown {
    /// Whether the card waits for no response.
    pub fn is_settled(&self) -> bool {
        let refreshing = dutch().say("state-refreshing");
        self.state != "waiting" && !self.hint.contains(&refreshing)
    }

    /// Its state and its text, without the words that all failures share.
    pub fn cell(&self) -> String {
        let around = |key: &str| {
            let words = dutch().say_with(key, &[("reason", "|".into()), ("age", "2 dagen".into())]);
            let (before, after) = words.split_once('|').expect("a reason");
            let within = self.hint.strip_prefix(before)?.strip_suffix(after)?;
            Some(within.to_owned())
        };
        let words = match self.state.as_str() {
            "fresh" => Some(self.body.clone()),
            "stale" => around("state-stale"),
            "unavailable" => around("state-unavailable"),
            _ => None,
        };
        let words = words.unwrap_or_else(|| panic!("unexpected words: {self:?}"));
        format!("`{}`: “{words}”", self.state)
    }
}

/// The locale of the guests.
pub fn dutch() -> Locale {
    Locale::new(voordeur_widget_api::Language::Nl)
}

/// Polls until there is a value.
pub async fn until<T>(condition: &str, poll: impl AsyncFn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = poll().await {
            return found;
        }
        assert!(began.elapsed() < TIMEOUT, "timeout before {condition}");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}
