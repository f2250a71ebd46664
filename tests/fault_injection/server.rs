//! The real server with a widget for each fault and one for the neighbour, and guests who look at it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, Response, redirect};
use serde_json::Value;
use tempfile::TempDir;
use voordeur::locale::Locale;

pub const NEIGHBOUR: &str = "neighbour";
/// Who publishes the data of every widget here.
pub const PUBLISHER: &str = "Gemeente Voorbeeld";
/// Longer than any start, and than anything that is waited for.
const LONGEST: Duration = Duration::from_secs(60);
/// The page's own deadline is 1.5 s; the rest is for a busy machine and a server without optimisation.
const PAGE_WITHIN: Duration = Duration::from_secs(5);

/// The folders of one server; it may be started on them again.
pub struct Home {
    folder: TempDir,
}

impl Home {
    /// Makes the folders, with a widget for each id, host and format, and for the neighbour.
    pub fn new<'a>(widgets: impl Iterator<Item = (&'a str, String, &'a str)>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let write = |path: &str, content: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, content).expect("written");
        };
        for file in ["voordeur.css", "voordeur.js", "voordeur_bg.wasm"] {
            write(&format!("site/pkg/{file}"), "");
        }
        for (id, host, format) in widgets.chain([(NEIGHBOUR, host_of(NEIGHBOUR), "json")]) {
            write(&format!("widgets/{id}/widget.toml"), &manifest(id, &host, format));
            let sample = if format == "xml" { "<things/>" } else { r#"{"items":[]}"# };
            for name in ["normal", "empty", "malformed"] {
                write(&format!("widgets/{id}/samples/{name}.{format}"), sample);
            }
        }
        Home { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// How many answers are kept.
    pub fn kept(&self) -> usize {
        let answers = std::fs::read_dir(self.path().join("data/answers")).expect("a folder");
        answers
            .filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_none()))
            .count()
    }

    /// Makes every answer that is kept two days older, as if the services had been silent for so long. Only while no server runs.
    pub fn age(&self) {
        for file in std::fs::read_dir(self.path().join("data/answers")).expect("a folder") {
            let path = file.expect("an answer").path();
            let bytes = std::fs::read(&path).expect("an answer");
            let end = bytes.iter().position(|byte| *byte == b'\n').expect("a line");
            let fetched = std::str::from_utf8(&bytes[..end]).expect("a moment");
            let fetched: Timestamp = fetched.parse().expect("a moment");
            let older = fetched - SignedDuration::from_hours(48);
            let aged = [older.to_string().as_bytes(), &bytes[end..]].concat();
            std::fs::write(&path, aged).expect("written");
        }
    }
}

/// The host of a widget that has one of its own.
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

/// A server that runs.
pub struct Server {
    process: Child,
    address: String,
    log: PathBuf,
    client: Client,
}

impl Server {
    /// Starts it, and waits until it is open.
    pub async fn start(home: &Home, gateway: &str, certificates: Option<&Path>) -> Self {
        let folder = home.path();
        let mut command = Command::new(env!("CARGO_BIN_EXE_voordeur"));
        // What the person who runs the tests has set for a server of their own must not reach this one.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("VOORDEUR_") {
                command.env_remove(name);
            }
        }
        command.envs(certificates.map(|file| ("SSL_CERT_FILE", file)));
        command.args(["--addr", "127.0.0.1:0", "--sources", &format!("gateway={gateway}")]);
        command.args(["--log", "info,voordeur_upstream=debug", "--log-format", "json"]);
        for option in ["data", "site", "widgets"] {
            command.arg(format!("--{option}")).arg(folder.join(option));
        }
        // What was told before a page was sent stands in the file when the page has come.
        let log = folder.join("log");
        let out = File::create(&log).expect("a file");
        command.stdin(Stdio::null()).stdout(out);
        let process = command.spawn().expect("it runs");
        let client = Client::builder().no_proxy().redirect(redirect::Policy::none());
        let client = client.build().expect("a client");
        let mut server = Server { process, address: String::new(), log, client };
        server.address = until("the server is open", async || {
            let told = server.told();
            let open = told.iter().find(|line| line["message"] == "Voordeur is open")?;
            Some(format!("http://{}", open["address"].as_str()?))
        })
        .await;
        server
    }

    /// The lines of the log.
    fn told(&self) -> Vec<Value> {
        let log = std::fs::read_to_string(&self.log).expect("its log");
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// A guest with a page that holds the neighbour's card, and before it that of a widget.
    pub async fn guest(&self, widget: Option<&str>) -> Guest {
        let added = self.post("/pages", None, &[("name", "Proef"), ("icon", "home")]).await;
        let cookie = added.headers().get(SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect("a cookie");
        let to = added.headers().get(LOCATION).and_then(|to| to.to_str().ok()).expect("a place");
        let page = to.split(['?', '&', '#']).find_map(|part| part.strip_prefix("page="));
        let guest = Guest { cookie: cookie.to_owned(), page: page.expect("a page").to_owned() };
        for widget in widget.into_iter().chain([NEIGHBOUR]) {
            let card = [("widget", widget), ("page", &guest.page)];
            let added = self.post("/cards", Some(&guest), &card).await;
            assert!(added.status().is_redirection(), "{}", added.status());
        }
        guest
    }

    async fn post(&self, path: &str, guest: Option<&Guest>, fields: &[(&str, &str)]) -> Response {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        let mut posted = self.client.post(format!("{}{path}", self.address));
        posted = posted.header("content-type", "application/x-www-form-urlencoded");
        posted = posted.header("sec-fetch-site", "same-origin");
        if let Some(guest) = guest {
            posted = posted.header(COOKIE, &guest.cookie);
        }
        posted.body(form.extend_pairs(fields).finish()).send().await.expect("an answer")
    }

    /// The page of a guest as it is now. It has to come whole, and within its deadline.
    pub async fn look(&self, guest: &Guest) -> Board {
        let began = Instant::now();
        let page = self
            .client
            .get(format!("{}/?page={}", self.address, guest.page))
            .header(COOKIE, &guest.cookie)
            .header(ACCEPT_LANGUAGE, "nl");
        let page = page.send().await.expect("a page");
        assert_eq!(page.status(), 200);
        let page = page.text().await.expect("a page");
        let took = began.elapsed();
        assert!(page.trim_end().ends_with("</html>"), "a page that is not whole: {page}");
        assert!(took < PAGE_WITHIN, "a page took {took:?}");
        Board { page }
    }

    /// The page of a guest once nothing on it is on its way.
    pub async fn look_until_settled(&self, guest: &Guest) -> Board {
        until("the cards have settled", async || {
            let board = self.look(guest).await;
            board.cards().values().all(Shown::is_settled).then_some(board)
        })
        .await
    }

    /// What the log tells of a host and of widgets: level, message and reason.
    pub fn told_of(&self, is_asked: impl Fn(&str) -> bool, host: &str) -> Vec<String> {
        let lines = self.told().into_iter().filter_map(|line| {
            let part = |name: &str| line[name].as_str();
            let is_its_own =
                part("widget").is_some_and(&is_asked) || part("host").is_some_and(|it| it == host);
            let is_of_services = part("target").is_some_and(|room| !room.contains("shelf"));
            let (level, message) = (part("level")?.to_lowercase(), part("message")?);
            let reason = part("reason").map(|reason| format!(": {reason}")).unwrap_or_default();
            (is_its_own && is_of_services).then(|| format!("{level}: {message}{reason}"))
        });
        lines.collect()
    }
}

/// Lines of the log as a cell of a table.
pub fn lines_cell(mut lines: Vec<String>) -> String {
    // An answer that a widget cannot read is told each time that it is tried.
    lines.dedup();
    if lines.is_empty() { "–".to_owned() } else { lines.join("; ") }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Somebody with a board.
pub struct Guest {
    cookie: String,
    page: String,
}

/// A page as it came.
pub struct Board {
    page: String,
}

impl Board {
    /// Its cards, by their widgets.
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

    /// Whether a piece of text stands in the page as it came.
    pub fn holds(&self, text: &str) -> bool {
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
    /// The day of its data.
    pub date: Option<String>,
}

impl Shown {
    /// Whether nothing of it is on its way.
    pub fn is_settled(&self) -> bool {
        let refreshing = dutch().say("state-refreshing");
        self.state != "waiting" && !self.hint.contains(&refreshing)
    }

    /// Its state and its words, without those that are the same for every failure.
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

/// What a citizen who reads Dutch is told.
pub fn dutch() -> Locale {
    Locale::new(voordeur_widget_api::Language::Nl)
}

/// Looks again and again until there is something.
pub async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(began.elapsed() < LONGEST, "in vain: {what}");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}
