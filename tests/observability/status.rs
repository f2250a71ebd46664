//! A service fails and returns: the page, the JSON, the feed and the figures say so, also after a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use jiff::Timestamp;
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use tempfile::TempDir;
use voordeur_widget_api::Format;

use super::figures::parse;
use super::server::{PATIENCE, Server, command, get_as, site};

const HOST: &str = "service.example";

/// A widget that asks [`HOST`] for each of these numbers.
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

/// A stand-in for the service, which can be broken.
async fn stand_in() -> (String, Arc<AtomicBool>) {
    async fn answer(State(broken): State<Arc<AtomicBool>>) -> Response {
        if broken.load(Ordering::SeqCst) {
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        } else {
            axum::Json(json!({ "value": 1 })).into_response()
        }
    }
    let broken = Arc::new(AtomicBool::new(true));
    let path = format!("/{HOST}/thing/{{number}}");
    let service = Router::new().route(&path, any(answer)).with_state(Arc::clone(&broken));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let gateway = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, service).await });
    (gateway, broken)
}

/// What a server is started on, again and again.
struct Bench {
    gateway: String,
    data: TempDir,
    site: TempDir,
    widgets: TempDir,
}

impl Bench {
    fn new(gateway: String) -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        let (data, site, widgets) = (folder(), site(), folder());
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
        Bench { gateway, data, site, widgets }
    }

    fn start(&self) -> Server {
        let source = format!("gateway={}", self.gateway);
        Server::start(
            command(self.data.path())
                .args(["--sources", &source, "--widgets"])
                .arg(self.widgets.path())
                .arg("--site")
                .arg(self.site.path()),
        )
    }
}

/// What the JSON says: of the service, and of what changed.
async fn told(server: &Server) -> (Value, Value) {
    let page = server.get("/services.json").await;
    assert_eq!(page.status, 200);
    let document: Value = serde_json::from_str(&page.text).expect("JSON");
    assert_eq!(document["samples"], false);
    let services = document["services"].as_array().expect("services");
    let service = services.iter().find(|service| service["host"] == HOST).expect("the service");
    (service.clone(), document["changes"].clone())
}

/// Waits until the JSON says of the service that it is in a state.
async fn until(server: &Server, state: &str) -> (Value, Value) {
    let waiting = async {
        loop {
            let (service, changes) = told(server).await;
            if service["state"] == state {
                return (service, changes);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(told) => told,
        Err(_) => panic!("it is never `{state}`: {:#?}\n{}", told(server).await, server.log()),
    }
}

/// Somebody new puts a card on their board, and looks at it.
async fn look_at(server: &Server, widget: &str) {
    let client = reqwest::Client::builder().no_proxy();
    let client = client.redirect(Policy::none()).build().expect("a client");
    let added = client
        .post(format!("{}/cards", server.url))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("widget={widget}&revision=0&edit=an-edit-of-a-test"))
        .send()
        .await
        .expect("an answer");
    assert!(added.status().is_redirection(), "{}", added.status());
    let cookie = added.headers()["set-cookie"].to_str().expect("text");
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    let board = client.get(&server.url).header("cookie", cookie).send().await.expect("a board");
    let board = board.text().await.expect("a page");
    assert!(board.contains(&format!("data-widget=\"{widget}\"")), "{board}");
}

fn moment(text: &Value) -> Timestamp {
    let text = text.as_str().expect("a moment");
    assert!(text.ends_with('Z'), "{text}");
    text.parse().expect("RFC 3339")
}

/// The part of the page that is about the service.
async fn on_page(server: &Server, query: &str) -> String {
    let page = server.get(&format!("/services{query}")).await;
    assert_eq!(page.status, 200);
    let (_, rest) =
        page.text.split_once("data-host=\"service.example\"").expect("the service is on the page");
    rest.split("data-host=").next().unwrap_or(rest).to_owned()
}

#[tokio::test]
async fn a_service_that_fails_and_returns_is_seen_everywhere() {
    let (gateway, broken) = stand_in().await;
    let bench = Bench::new(gateway);
    let server = bench.start();
    let (service, _) = told(&server).await;
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

    // It is broken: page, JSON, feed, figures and log say so, and it comes first.
    look_at(&server, "many").await;
    let (service, changes) = until(&server, "down").await;
    assert_eq!((&service["reason"], &service["status"]), (&json!("broken"), &json!(503)));
    assert_eq!(service["answered"], Value::Null);
    assert!(service["flights_last_day"].as_u64() >= Some(5), "{service}");
    assert_eq!(service["good_flights_last_day"], 0);
    assert!(moment(&service["next_try"]) >= moment(&service["since"]));
    assert_eq!((&changes[0]["host"], &changes[0]["state"]), (&json!(HOST), &json!("down")));
    let page = server.get("/services").await.text;
    let first = page.split("data-host=\"").nth(1).expect("a service");
    assert!(first.starts_with("service.example\""), "what is down comes first: {first}");
    let down = on_page(&server, "?only=troubled&theme=council-and-law").await;
    assert!(down.contains("antwoordt niet<") && down.contains("data-tone=\"poor\""), "{down}");
    assert!(down.contains("De &lt;Proef&gt; &amp; co heeft een storing."), "{down}");
    let elsewhere = server.get("/services?theme=work-and-money").await.text;
    assert!(!elsewhere.contains("data-host=\"service.example\""));
    let figures = parse(&server.get("/metrics").await.text);
    let open = figures.iter().find(|sample| {
        sample.name == "voordeur_service_open"
            && sample.labels.get("host").is_some_and(|host| host == HOST)
    });
    assert_eq!(open.map(|sample| sample.value), Some(1.0));

    // After a restart it is known still, and since when.
    let since = service["since"].clone();
    server.stop();
    let server = bench.start();
    let (service, changes) = told(&server).await;
    assert_eq!((&service["state"], &service["since"]), (&json!("down"), &since));
    assert_eq!(changes.as_array().map(Vec::len), Some(1));

    // It is mended, and somebody asks it something.
    broken.store(false, Ordering::SeqCst);
    look_at(&server, "another").await;
    let (service, changes) = until(&server, "answers").await;
    assert_eq!(service["fresh"], true);
    assert!(service["median_milliseconds"].is_u64() && service["p95_milliseconds"].is_u64());
    assert!(moment(&service["since"]) >= moment(&since));
    assert_eq!((&changes[0]["state"], &changes[0]["down_since"]), (&json!("answers"), &since));
    let good = on_page(&server, "").await;
    assert!(good.contains("data-tone=\"good\"") && good.contains("4 van 5"), "{good}");

    // The feed has both, the newest first, in the language that is asked; our own reader of feeds reads it.
    for (query, language, words) in [
        ("", "nl", ["antwoordt weer", "antwoordt niet meer"]),
        ("?lang=en", "nl", ["answers again", "no longer answers"]),
        ("", "fr", ["répond à nouveau", "ne répond plus"]),
    ] {
        let page = get_as(&format!("{}/services.atom{query}", server.url), language).await;
        assert_eq!(page.headers["content-type"], "application/atom+xml; charset=utf-8");
        let tree = voordeur_formats::read(Format::Feed, page.text.as_bytes());
        assert_eq!(tree.expect("a feed")["items"].as_array().map(Vec::len), Some(2));
        let titles: Vec<&str> =
            page.text.lines().filter_map(|line| line.strip_prefix("<title>De ")).collect();
        let expected = words.map(|words| format!("&lt;Proef&gt; &amp; co {words}</title>"));
        assert_eq!(titles, expected, "{}", page.text);
    }
    server.stop();
    let server = bench.start();
    let (service, changes) = told(&server).await;
    assert_eq!(service["state"], "answers");
    assert_eq!(changes.as_array().map(Vec::len), Some(2));
    server.stop();
}

#[tokio::test]
async fn with_samples_the_scoreboard_says_that_it_knows_nothing() {
    let (data, site) = (tempfile::tempdir().expect("a folder"), site());
    let server = Server::start(command(data.path()).arg("--site").arg(site.path()));
    let document: Value =
        serde_json::from_str(&server.get("/services.json").await.text).expect("JSON");
    assert_eq!(document["samples"], true);
    let services = document["services"].as_array().expect("services");
    assert!(services.len() >= 30 && services.iter().all(|one| one["state"] == "not-asked"));
    let page = server.get("/services").await.text;
    assert!(page.contains("toont bewaarde voorbeelden en vraagt geen enkele dienst iets"));
    assert!(page.contains("type=\"application/atom+xml\" href=\"/services.atom?lang=nl\""));
    server.stop();
}
