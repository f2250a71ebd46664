//! `voordeur widget try --all` against a stand-in whose services have changed in every way.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path as PathOf, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use voordeur_testkit::{TempDir, command, temp_dir};

/// A widget with one request to `HOST`.
const MANIFEST: &str = r#"
name = { nl = "Dingen", fr = "Choses", de = "Dinge", en = "Things" }
summary = { nl = "s", fr = "s", de = "s", en = "s" }
theme = "work-and-money"
icon = "calendar"
publisher = { name = "Stad", url = "https://HOST/" }
licence = { name = "CC0" }
sample_moment = "2026-11-23T07:36:00+01:00"

[[request]]
id = "things"
url = "https://HOST/list"

[view]
page = "'https://HOST/'"

[[view.block]]
kind = "list"
each = "things.all"
empty = { nl = "Niets.", fr = "Rien.", de = "Nichts.", en = "Nothing." }
title = "item.title"
"#;

const KEY: &str =
    "key = { variable = \"VOORDEUR_KEY_TRY_ALL_TEST\", url = \"https://keyed.example/\" }\n";

/// The present response of each service, and the word that the report should have for it.
const CASES: [(&str, &str); 14] = [
    ("good", "works"),
    ("empty", "nothing"),
    ("renamed", "changed"),
    ("partly", "changed"),
    ("html", "changed"),
    ("no-content", "changed"),
    ("redirected", "moved"),
    ("gone", "refused"),
    ("forbidden", "refused"),
    ("too-often", "too-often"),
    ("broken", "broken"),
    ("slow", "slow"),
    ("keyed", "no-key"),
    ("own", "own-address"),
];

async fn answer(State(hits): State<Arc<AtomicUsize>>, PathOf(host): PathOf<String>) -> Response {
    let status = |status: StatusCode| status.into_response();
    match host.as_str() {
        "good.example" => {
            hits.fetch_add(1, Ordering::Relaxed);
            json!({ "all": [{ "title": "Fair" }] }).to_string().into_response()
        }
        "empty.example" => json!({ "all": [] }).to_string().into_response(),
        "renamed.example" => json!({ "all": [{ "name": "Fair" }] }).to_string().into_response(),
        "partly.example" => json!({ "all": [{ "title": "Fair" }, { "name": "Market" }] })
            .to_string()
            .into_response(),
        "html.example" => "<!doctype html><p>We moved".into_response(),
        "no-content.example" => status(StatusCode::NO_CONTENT),
        "redirected.example" => {
            (StatusCode::FOUND, [(LOCATION, "https://elsewhere.example/list")]).into_response()
        }
        "gone.example" => status(StatusCode::NOT_FOUND),
        "forbidden.example" => status(StatusCode::FORBIDDEN),
        "too-often.example" => status(StatusCode::TOO_MANY_REQUESTS),
        "slow.example" => {
            tokio::time::sleep(Duration::from_secs(4)).await;
            json!({ "all": [{ "title": "Fair" }] }).to_string().into_response()
        }
        _ => status(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// A stand-in on loopback, and a folder of widgets.
struct Fixture {
    gateway: String,
    widgets: TempDir,
    hits: Arc<AtomicUsize>,
}

impl Fixture {
    async fn new(ids: &[&str]) -> Self {
        let hits = Arc::new(AtomicUsize::new(0));
        let service =
            Router::new().route("/{host}/list", get(answer)).with_state(Arc::clone(&hits));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("gateway=http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let fixture = Fixture { gateway, widgets: temp_dir(), hits };
        for id in ids {
            fixture.write(id, &format!("{id}.example"));
        }
        fixture
    }

    fn write(&self, id: &str, host: &str) {
        let mut manifest = MANIFEST.replace("HOST", host);
        if id == "keyed" {
            manifest = format!("{KEY}{manifest}");
            manifest = manifest.replace("/list\"", "/list\"\nkey_header = \"X-Key\"");
        }
        if id == "own" {
            let field = "[[field]]\nid = \"address\"\nkind = \"web-address\"\nrequired = true\nlabel = { nl = \"a\", fr = \"a\", de = \"a\", en = \"a\" }\n\n[[request]]";
            manifest = manifest
                .replace("[[request]]", field)
                .replace("\"https://own.example/list\"", "\"{settings.address}\"")
                .replace(
                    "\n\n[[field]]",
                    "\nsample_settings = { address = \"https://own.example/list\" }\n\n[[field]]",
                );
        }
        let folder = self.widgets.path().join(id);
        std::fs::create_dir_all(folder.join("samples")).expect("a folder");
        std::fs::write(folder.join("widget.toml"), manifest).expect("written");
        for (name, sample) in [
            ("normal", r#"{"all": [{"title": "Fair"}]}"#),
            ("empty", r#"{"all": []}"#),
            ("malformed", r#"{"all": "?"}"#),
        ] {
            std::fs::write(folder.join(format!("samples/{name}.json")), sample).expect("written");
        }
    }

    async fn try_all(&self, more: &[&str]) -> Output {
        let mut command = command(env!("CARGO_BIN_EXE_voordeur"));
        command.args(["widget", "try", "--all", "--slow", "3", "--sources", &self.gateway]);
        command.arg("--widgets").arg(self.widgets.path()).args(more);
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        output.expect("no panic").expect("the command runs")
    }

    fn proof(&self, id: &str) -> std::path::PathBuf {
        Path::new(self.widgets.path()).join(id).join("proven.json")
    }
}

#[tokio::test]
async fn every_kind_of_change_is_named() {
    let ids = CASES.map(|(id, _)| id);
    let fixture = Fixture::new(&ids).await;
    fixture.write("good-too", "good.example");
    let output = fixture.try_all(&["--json"]).await;
    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text} {}", String::from_utf8_lossy(&output.stderr))
    });
    let widgets = report["widgets"].as_array().expect("widgets");
    let found: BTreeMap<&str, &Value> =
        widgets.iter().filter_map(|tried| Some((tried["widget"].as_str()?, tried))).collect();
    for (id, outcome) in CASES {
        assert_eq!(found[id]["outcome"], json!(outcome), "{id}: {:#}", found[id]);
    }
    assert_eq!((output.status.code(), &report["good"]), (Some(1), &json!(false)));
    // Where it changed, and the line of the manifest.
    assert_eq!(found["renamed"]["at"], json!("view.block[0].title, thing 1"));
    let line = MANIFEST.lines().position(|line| line.starts_with("title =")).map(|at| at + 1);
    assert_eq!(found["renamed"]["line"], json!(line));
    assert!(found["partly"]["reason"].as_str().is_some_and(|why| why.starts_with("1 left out")));
    assert_eq!(found["html"]["at"], json!("request `things`"));
    // A request that two widgets make is sent once, and a stand-in proves nothing.
    assert_eq!(found["good-too"]["outcome"], json!("works"));
    assert_eq!(fixture.hits.load(Ordering::Relaxed), 1);
    assert!(ids.iter().all(|id| !fixture.proof(id).exists()));
}

#[tokio::test]
async fn what_the_operator_pauses_is_not_asked() {
    let fixture = Fixture::new(&["good", "empty", "gone"]).await;
    fixture.write("good-too", "good.example");
    let data = temp_dir();
    let pauses = "hosts = [\"gone.example\", \"good.example\"]\nwidgets = [\"empty\"]\n";
    std::fs::write(data.path().join("paused.toml"), pauses).expect("written");
    let folder = data.path().display().to_string();
    let output = fixture.try_all(&["--json", "--data", &folder]).await;
    let text = String::from_utf8_lossy(&output.stdout);
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{error}: {text} {}", String::from_utf8_lossy(&output.stderr))
    });
    let widgets = report["widgets"].as_array().expect("widgets");
    let outcomes: Vec<&str> =
        widgets.iter().filter_map(|tried| tried["outcome"].as_str()).collect();
    assert_eq!(outcomes, ["paused"; 4], "{report:#}");
    assert_eq!((output.status.code(), &report["good"]), (Some(0), &json!(true)));
    assert_eq!(fixture.hits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_good_night_ends_with_zero() {
    let fixture = Fixture::new(&["good", "empty", "keyed"]).await;
    let output = fixture.try_all(&[]).await;
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("works       good"), "{text}");
    assert!(text.contains("Widgets: 3. nothing 1, works 1, no key 1."), "{text}");
    assert!(text.contains("only live answers prove something"), "{text}");
}
