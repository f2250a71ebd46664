//! A service fails and recovers: the page, the JSON, the feed and the metrics show it, also after a
//! restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use jiff::Timestamp;
use serde_json::{Value, json};
use voordeur_testkit::{HttpClient, Server, TempDir, temp_dir};
use voordeur_widget_api::{Budget, Format};

use super::metrics::parse;
use super::server::{TIMEOUT, get, get_in, server, start, stop};

const HOST: &str = "service.example";

/// A widget with a request to [`HOST`] for each of these numbers.
fn manifest(numbers: &str) -> String {
    format!(
        r#"
name = {{ nl = "Proef", fr = "Essai", de = "Probe", en = "Trial" }}
summary = {{ nl = "Een proef.", fr = "Un essai.", de = "Eine Probe.", en = "A trial." }}
theme = "council-and-law"
icon = "calendar"
publisher = {{ name = "De <Proef> & co", url = "https://service.example/about" }}
licence = {{ name = "CC0 1.0" }}
documentation = "https://service.example/docs"
hosts = ["{HOST}"]
pace = "1 min"

[[request]]
id = "thing"
each = "{numbers}"
url = "https://service.example/thing/{{item}}"

[view]
[[view.block]]
kind = "text"
text = "string(thing[0].value)"

[[sample]]
name = "normal"
moment = "2026-11-23T07:36:00+01:00"
answers = {{ thing = "thing.json" }}

[[sample]]
name = "empty"
moment = "2026-11-23T07:36:00+01:00"
answers = {{ thing = "empty.json" }}

[[sample]]
name = "malformed"
moment = "2026-11-23T07:36:00+01:00"
answers = {{ thing = "malformed.json" }}
"#
    )
}

/// The service, and whether it fails.
async fn service() -> (String, Arc<AtomicBool>) {
    async fn respond(State(broken): State<Arc<AtomicBool>>) -> Response {
        if broken.load(Ordering::SeqCst) {
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        } else {
            axum::Json(json!({ "value": 1 })).into_response()
        }
    }
    let broken = Arc::new(AtomicBool::new(true));
    let path = format!("/{HOST}/thing/{{number}}");
    let router = Router::new().route(&path, any(respond)).with_state(Arc::clone(&broken));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let gateway = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (gateway, broken)
}

/// The folders of a server, which outlive it.
struct Folders {
    gateway: String,
    data: TempDir,
    widgets: TempDir,
}

impl Folders {
    fn new(gateway: String) -> Self {
        let (data, widgets) = (temp_dir(), temp_dir());
        for (id, numbers) in [("many", "[1, 2, 3, 4, 5, 6]"), ("another", "[7]")] {
            let widget = widgets.path().join(id);
            std::fs::create_dir_all(widget.join("samples")).expect("a folder");
            std::fs::write(widget.join("widget.toml"), manifest(numbers)).expect("a manifest");
            for (file, text) in
                [("thing", "{\"value\": 1}"), ("empty", "{\"value\": null}"), ("malformed", "[]")]
            {
                let file = widget.join(format!("samples/{file}.json"));
                std::fs::write(file, text).expect("a sample");
            }
        }
        Folders { gateway, data, widgets }
    }

    async fn start(&self) -> Server {
        let source = format!("gateway={}", self.gateway);
        let options = ["--sources", &source, "--widgets"];
        start(server(self.data.path()).args(options).args([self.widgets.path()])).await
    }
}

/// The service and the changes in `/services.json`.
async fn status(server: &Server) -> (Value, Value) {
    let page = get(server, "/services.json").await;
    assert_eq!(page.status, 200);
    let document: Value = serde_json::from_str(&page.text).expect("JSON");
    assert_eq!(document["samples"], false);
    let services = document["services"].as_array().expect("services");
    let service = services.iter().find(|service| service["host"] == HOST).expect("the service");
    (service.clone(), document["changes"].clone())
}

/// Waits until the service is in a state in `/services.json`.
async fn wait_for_state(server: &Server, state: &str) -> (Value, Value) {
    let waiting = async {
        loop {
            let (service, changes) = status(server).await;
            if service["state"] == state {
                return (service, changes);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    match tokio::time::timeout(TIMEOUT, waiting).await {
        Ok(status) => status,
        Err(_) => {
            panic!("the state is never `{state}`: {:#?}\n{}", status(server).await, server.log())
        }
    }
}

/// Adds a card as a new guest, and looks at the board.
async fn add_card(server: &Server, widget: &str) {
    let client = HttpClient::new().with_header("sec-fetch-site", "same-origin");
    let fields = [("widget", widget), ("revision", "0"), ("edit", "an-edit-of-a-test")];
    let added = client.post(&format!("{}/cards", server.url()), &fields).await.expect("a response");
    assert_eq!(added.status, 303);
    let guest = client.with_header("cookie", added.cookie().expect("a cookie"));
    let board = guest.get(&format!("{}/", server.url())).await.expect("a board").text;
    assert!(board.contains(&format!("data-widget=\"{widget}\"")), "{board}");
}

fn timestamp(text: &Value) -> Timestamp {
    let text = text.as_str().expect("a timestamp");
    assert!(text.ends_with('Z'), "{text}");
    text.parse().expect("RFC 3339")
}

/// The part of `/services` about the service.
async fn on_page(server: &Server, query: &str) -> String {
    let page = get(server, &format!("/services{query}")).await;
    assert_eq!(page.status, 200);
    let (_, rest) =
        page.text.split_once("data-host=\"service.example\"").expect("the service on the page");
    rest.split("data-host=").next().unwrap_or(rest).to_owned()
}

#[tokio::test]
async fn a_failure_and_the_recovery_of_a_service_show_everywhere() {
    let (gateway, broken) = service().await;
    let folders = Folders::new(gateway);
    let server = folders.start().await;
    let (service, _) = status(&server).await;
    assert_eq!(service["state"], "not-asked");
    assert_eq!(service["widgets"], json!(["another", "many"]));
    assert_eq!(service["pace_seconds"], 60);
    assert_eq!(
        service["openness"],
        json!({
            "no_key": true, "documented": true, "standard_format": false, "open_licence": true,
            "https": true, "mark": 4, "of": 5,
        })
    );

    // It fails: the page lists it first, and the JSON and the metrics show it.
    add_card(&server, "many").await;
    let (service, changes) = wait_for_state(&server, "down").await;
    assert_eq!((&service["reason"], &service["status"]), (&json!("broken"), &json!(503)));
    assert_eq!(service["answered"], Value::Null);
    assert!(service["flights_last_day"].as_u64() >= Some(5), "{service}");
    assert_eq!(service["good_flights_last_day"], 0);
    assert!(timestamp(&service["next_try"]) >= timestamp(&service["since"]));
    assert_eq!((&changes[0]["host"], &changes[0]["state"]), (&json!(HOST), &json!("down")));
    let page = get(&server, "/services").await.text;
    let first = page.split("data-host=\"").nth(1).expect("a service");
    assert!(first.starts_with("service.example\""), "a failing service comes first: {first}");
    let down = on_page(&server, "?only=troubled&theme=council-and-law").await;
    assert!(down.contains("antwoordt niet<") && down.contains("data-tone=\"poor\""), "{down}");
    assert!(down.contains("De &lt;Proef&gt; &amp; co heeft een storing."), "{down}");
    let elsewhere = get(&server, "/services?theme=work-and-money").await.text;
    assert!(!elsewhere.contains("data-host=\"service.example\""));
    let metrics = parse(&get(&server, "/metrics").await.text);
    let open = metrics.iter().find(|sample| {
        sample.name == "voordeur_service_open"
            && sample.labels.get("host").is_some_and(|host| host == HOST)
    });
    assert_eq!(open.map(|sample| sample.value), Some(1.0));

    // A restart keeps the state and its start.
    let since = service["since"].clone();
    stop(server).await;
    let server = folders.start().await;
    let (service, changes) = status(&server).await;
    assert_eq!((&service["state"], &service["since"]), (&json!("down"), &since));
    assert_eq!(changes.as_array().map(Vec::len), Some(1));

    // It recovers, and gets another request.
    broken.store(false, Ordering::SeqCst);
    add_card(&server, "another").await;
    let (service, changes) = wait_for_state(&server, "answers").await;
    assert_eq!(service["fresh"], true);
    assert!(service["median_milliseconds"].is_u64() && service["p95_milliseconds"].is_u64());
    assert!(timestamp(&service["since"]) >= timestamp(&since));
    assert_eq!((&changes[0]["state"], &changes[0]["down_since"]), (&json!("answers"), &since));
    let good = on_page(&server, "").await;
    assert!(good.contains("data-tone=\"good\"") && good.contains("4 van 5"), "{good}");

    // The feed has both changes, the newest first, in the requested language; our own feed reader
    // accepts it.
    for (query, language, words) in [
        ("", "nl", ["antwoordt weer", "antwoordt niet meer"]),
        ("?lang=en", "nl", ["answers again", "no longer answers"]),
        ("", "fr", ["répond à nouveau", "ne répond plus"]),
    ] {
        let page = get_in(&format!("{}/services.atom{query}", server.url()), language).await;
        assert_eq!(page.header("content-type"), Some("application/atom+xml; charset=utf-8"));
        let tree = voordeur_formats::read(Format::Feed, page.text.as_bytes(), &Budget::default());
        assert_eq!(tree.expect("a feed")["items"].as_array().map(Vec::len), Some(2));
        let titles: Vec<&str> =
            page.text.lines().filter_map(|line| line.strip_prefix("<title>De ")).collect();
        let expected = words.map(|words| format!("&lt;Proef&gt; &amp; co {words}</title>"));
        assert_eq!(titles, expected, "{}", page.text);
    }
    stop(server).await;
    let server = folders.start().await;
    let (service, changes) = status(&server).await;
    assert_eq!(service["state"], "answers");
    assert_eq!(changes.as_array().map(Vec::len), Some(2));
    stop(server).await;
}

#[tokio::test]
async fn with_samples_the_status_page_says_that_no_service_was_asked() {
    let data = temp_dir();
    let server = start(server(data.path())).await;
    let document: Value =
        serde_json::from_str(&get(&server, "/services.json").await.text).expect("JSON");
    assert_eq!(document["samples"], true);
    let services = document["services"].as_array().expect("services");
    assert!(services.len() >= 30 && services.iter().all(|one| one["state"] == "not-asked"));
    let page = get(&server, "/services").await.text;
    assert!(page.contains("toont bewaarde voorbeelden en bevraagt geen enkele dienst"));
    assert!(page.contains("type=\"application/atom+xml\" href=\"/services.atom?lang=nl\""));
    stop(server).await;
}

#[tokio::test]
async fn a_service_is_paused_and_resumed_without_a_restart() {
    let (gateway, broken) = service().await;
    broken.store(false, Ordering::SeqCst);
    let folders = Folders::new(gateway);
    let server = folders.start().await;
    add_card(&server, "another").await;
    wait_for_state(&server, "answers").await;

    let file = folders.data.path().join("paused.toml");
    std::fs::write(&file, "widgets = [\"many\"]\n").expect("written");
    wait_for_state(&server, "answers").await;
    let waiting = async {
        while !on_page(&server, "").await.contains("Op pauze: Proef.") {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(TIMEOUT, waiting).await.expect("one widget is paused");

    std::fs::write(&file, format!("hosts = [\"{HOST}\"]\n")).expect("written");
    wait_for_state(&server, "paused").await;
    let words = [
        ("nl", "Op pauze", "heeft De &lt;Proef&gt; &amp; co even op pauze gezet"),
        ("fr", "En pause", "a mis De &lt;Proef&gt; &amp; co en pause"),
        ("de", "Angehalten", "hat De &lt;Proef&gt; &amp; co vorübergehend angehalten"),
        ("en", "Paused", "has paused De &lt;Proef&gt; &amp; co for now"),
    ];
    for (language, state, on_card) in words {
        let page = get_in(&format!("{}/services", server.url()), language).await.text;
        let (_, rest) = page.split_once("data-host=\"service.example\"").expect("the service");
        assert!(rest.contains(state), "{language}: {rest}");
        let client = HttpClient::new()
            .with_header("sec-fetch-site", "same-origin")
            .with_header("accept-language", language);
        let fields = [("widget", "many"), ("revision", "0"), ("edit", "an-edit-of-a-test")];
        let added = client.post(&format!("{}/cards", server.url()), &fields).await;
        let added = added.expect("a response");
        let guest = client.with_header("cookie", added.cookie().expect("a cookie"));
        let board = guest.get(&format!("{}/", server.url())).await.expect("a board").text;
        assert!(board.contains(on_card), "{language}: {board}");
    }
    std::fs::remove_file(&file).expect("removed");
    wait_for_state(&server, "answers").await;
    stop(server).await;
}
