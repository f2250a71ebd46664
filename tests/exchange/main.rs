//! One exchange, four drivers: the conformance kit, `voordeur widget try`, `voordeur widget
//! preview` and the server show the same view of a widget with 19 steps, pages, and an optional
//! page that fails.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Path as Segment, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use tempfile::TempDir;
use voordeur_engine::conformance::{self, WidgetFolder};
use voordeur_testkit::HttpClient;

const WIDGET: &str = "paged";
/// Start of each title in the responses.
const TITLE: &str = "Item ";
/// Longer than anything takes on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn widgets() -> PathBuf {
    root().join("tests/exchange/widgets")
}

/// The titles that the view has to show: all pages but the failed one.
fn expected_titles() -> Vec<String> {
    let pages = [("first", 10), ("second", 9), ("optional", 2)];
    pages
        .into_iter()
        .flat_map(|(name, count)| (1..=count).map(move |page| format!("{TITLE}{name} {page}")))
        .collect()
}

/// The requests of one exchange, as the stand-in records them.
fn expected_requests() -> BTreeMap<String, usize> {
    let pages = [("first", 10), ("second", 9), ("optional", 3)];
    pages
        .into_iter()
        .flat_map(|(name, count)| (1..=count).map(move |page| (format!("{name} {page}"), 1)))
        .collect()
}

/// Counts requests, by request id and page.
type Log = Arc<Mutex<BTreeMap<String, usize>>>;

/// A stand-in for the services, on loopback.
struct Gateway {
    source: String,
    log: Log,
}

impl Gateway {
    async fn start() -> Self {
        let log = Log::default();
        let app = Router::new().route("/{host}/list", get(respond)).with_state(Arc::clone(&log));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let source = format!("gateway=http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Gateway { source, log }
    }

    /// The requests since the last call.
    fn take_log(&self) -> BTreeMap<String, usize> {
        std::mem::take(&mut *self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Responds with the files of the normal sample; the third optional page fails.
async fn respond(
    State(log): State<Log>,
    Segment(host): Segment<String>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let name = host.trim_end_matches(".example");
    let page = query.get("page").map_or("1", String::as_str);
    let mut requests = log.lock().unwrap_or_else(PoisonError::into_inner);
    *requests.entry(format!("{name} {page}")).or_default() += 1;
    if (name, page) == ("optional", "3") {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let file = widgets().join(WIDGET).join("samples").join(format!("{name}-{page}.json"));
    match std::fs::read(file) {
        Ok(body) => ([("content-type", "application/json")], body).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A process that prints the address it listens at. It is killed when dropped.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    fn start(arguments: &[&str]) -> Self {
        let mut command =
            Command::new(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")));
        command.env_clear().current_dir(root()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let (sender, receiver) = std::sync::mpsc::channel();
        // Reads to the end, so that the process never waits for a full pipe.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("http://127.0.0.1:") {
                    let port: String = address.chars().take_while(char::is_ascii_digit).collect();
                    let _ = sender.send(format!("http://127.0.0.1:{port}"));
                }
            }
        });
        let url = receiver.recv_timeout(TIMEOUT).expect("it prints its address");
        Process { child, url }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The titles in a view, in their order.
fn titles_of_view(view: &Value) -> Vec<String> {
    let blocks = view["blocks"].as_array().expect("blocks").iter();
    let items = blocks.flat_map(|block| block["items"].as_array().expect("items"));
    items.map(|item| item["title"]["text"].as_str().expect("a title").to_owned()).collect()
}

/// The titles in the text of the first element with these words in its start tag.
fn titles_in_article(html: &str, words: &str) -> Vec<String> {
    let articles = html.split("<article").skip(1);
    let mut articles =
        articles.filter(|rest| rest.split('>').next().is_some_and(|tag| tag.contains(words)));
    let Some(article) = articles.next() else { panic!("no article with {words}: {html}") };
    let article = article.split("</article>").next().unwrap_or_default();
    let texts = article.split('<').filter_map(|part| part.split_once('>'));
    let texts = texts.map(|(_, text)| text.trim());
    texts.filter(|text| text.starts_with(TITLE)).map(str::to_owned).collect()
}

/// The view of the normal sample, as `voordeur widget check` compares it with the stored one.
fn view_of_conformance_kit() -> Value {
    let folder = widgets().join(WIDGET);
    let read = |path: &Path| std::fs::read(path).expect("a file");
    let mut files = BTreeMap::from([("widget.toml".to_owned(), read(&folder.join("widget.toml")))]);
    for file in std::fs::read_dir(folder.join("samples")).expect("samples") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        files.insert(format!("samples/{name}"), read(&path));
    }
    let views = conformance::views(&WidgetFolder { id: WIDGET.to_owned(), files });
    let views = views.unwrap_or_else(|errors| panic!("{errors}"));
    let stored: Value = serde_json::from_str(&views["views/normal.json"]).expect("JSON");
    stored["view"].clone()
}

async fn view_of_try(gateway: &Gateway) -> Value {
    let mut command = Command::new(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")));
    command.env_clear().current_dir(root()).args(["widget", "try", WIDGET, "--json", "--widgets"]);
    command.arg(widgets()).args(["--sources", &gateway.source]);
    let output = tokio::task::spawn_blocking(move || command.output()).await;
    let output = output.expect("no panic").expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_str(&text).expect("JSON");
    report["view"].clone()
}

async fn titles_of_preview() -> Vec<String> {
    let widgets = widgets().display().to_string();
    let arguments = ["widget", "preview", WIDGET, "--widgets", &widgets, "--addr", "127.0.0.1:0"];
    let preview = Process::start(&arguments);
    let url = format!("{}/?show=sample-normal", preview.url);
    let page = HttpClient::new().get(&url).await.expect("a response");
    titles_in_article(&page.text, "data-widget=\"paged\"")
}

/// A folder for `--site`. The browser files need not be built for this: they only have to exist.
fn site() -> TempDir {
    let site = TempDir::new().expect("a folder");
    std::fs::create_dir(site.path().join("pkg")).expect("a folder");
    for file in ["voordeur.css", "start.js", "voordeur.js", "voordeur_bg.wasm"] {
        std::fs::write(site.path().join("pkg").join(file), "").expect("a file");
    }
    for file in std::fs::read_dir(root().join("public")).expect("the files") {
        let file = file.expect("a file");
        std::fs::copy(file.path(), site.path().join(file.file_name())).expect("a copy");
    }
    site
}

/// The titles on the card of a guest who has added the widget to their board.
async fn titles_of_server(gateway: &Gateway) -> Vec<String> {
    let (data, site) = (TempDir::new().expect("a folder"), site());
    let path = |folder: &TempDir| folder.path().display().to_string();
    let (data_path, site_path) = (path(&data), path(&site));
    let widgets = widgets().display().to_string();
    let server = Process::start(&[
        "--addr",
        "127.0.0.1:0",
        "--data",
        &data_path,
        "--site",
        &site_path,
        "--widgets",
        &widgets,
        "--sources",
        &gateway.source,
    ]);
    let guest = HttpClient::new();
    let welcome = guest.post(&format!("{}/welcome", server.url), &[("answer", "skip")]).await;
    let guest =
        guest.with_header("cookie", welcome.expect("a response").cookie().expect("a cookie"));
    let form = [("widget", "paged"), ("revision", "0"), ("edit", "e1")];
    let added = guest.post(&format!("{}/cards", server.url), &form).await.expect("a response");
    assert_eq!(added.status, 303);

    // A page does not wait for a slow card, so it may say at first that it is waiting.
    let started = Instant::now();
    loop {
        let page = guest.get(&format!("{}/", server.url)).await.expect("a response").text;
        let titles = titles_in_article(&page, "data-widget=\"paged\"");
        if !titles.is_empty() {
            return titles;
        }
        assert!(started.elapsed() < TIMEOUT, "the card has no data: {page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_drivers_of_the_exchange_show_the_same_view() {
    let gateway = Gateway::start().await;

    let view = view_of_conformance_kit();
    assert_eq!(titles_of_view(&view), expected_titles());

    assert_eq!(view_of_try(&gateway).await, view, "`voordeur widget try`");
    assert_eq!(gateway.take_log(), expected_requests(), "`voordeur widget try`");

    assert_eq!(titles_of_preview().await, expected_titles(), "`voordeur widget preview`");
    assert_eq!(gateway.take_log(), BTreeMap::new(), "the preview shows samples");

    assert_eq!(titles_of_server(&gateway).await, expected_titles(), "the server");
    assert_eq!(gateway.take_log(), expected_requests(), "the server");
}
