//! The commands of widget authors, `voordeur widget try` and `new`, against a service on loopback.

use std::path::Path;
use std::process::Output;

use axum::Router;
use axum::extract::Path as PathOf;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};
use voordeur_testkit::{TempDir, command, temp_dir};

const MANIFEST: &str = r#"
name = { nl = "Dingen", fr = "Choses", de = "Dinge", en = "Things" }
summary = { nl = "s", fr = "s", de = "s", en = "s" }
theme = "work-and-money"
covers = "everywhere"
icon = "calendar"
publisher = { name = "Stad", url = "https://service.example/" }
licence = { name = "CC0" }
hosts = ["service.example"]
pace = "5 min"
size = { best = "narrow", smallest = "narrow" }
evidence = "documented"

[[field]]
id = "kind"
kind = "choice"
required = true
label = { nl = "Soort", fr = "Genre", de = "Art", en = "Kind" }
[[field.choice]]
value = "good"
label = { nl = "g", fr = "g", de = "g", en = "g" }
[[field.choice]]
value = "some"
label = { nl = "s", fr = "s", de = "s", en = "s" }
[[field.choice]]
value = "wrong"
label = { nl = "w", fr = "w", de = "w", en = "w" }
[[field.choice]]
value = "html"
label = { nl = "h", fr = "h", de = "h", en = "h" }
[[field.choice]]
value = "broken"
label = { nl = "b", fr = "b", de = "b", en = "b" }

[[field]]
id = "radius"
kind = "number"
least = 1.0
most = 10.0
label = { nl = "Straal", fr = "Rayon", de = "Radius", en = "Radius" }

[[field]]
id = "place"
kind = "place"
label = { nl = "Plaats", fr = "Lieu", de = "Ort", en = "Place" }

[texts]
none = { nl = "Niets.", fr = "Rien.", de = "Nichts.", en = "Nothing." }

[[request]]
id = "things"
url = "https://service.example/{settings.kind}"
query = { zip = "place.postcode" }
format = "json"

[view]
about = "place.municipality"

[[view.block]]
kind = "list"
each = "things.all"
empty = "texts.none"
title = "item.title"

[[sample]]
name = "normal"
moment = "2026-11-23T07:36:00+01:00"
place = "9000"
settings = { kind = "good" }
answers = { things = "normal.json" }

[[sample]]
name = "empty"
moment = "2026-11-23T07:36:00+01:00"
place = "9000"
settings = { kind = "good" }
answers = { things = "normal.json" }

[[sample]]
name = "malformed"
moment = "2026-11-23T07:36:00+01:00"
place = "9000"
settings = { kind = "good" }
answers = { things = "normal.json" }
"#;

const KEY: &str =
    "\n[key]\nvariable = \"VOORDEUR_KEY_AUTHOR_TEST\"\nurl = \"https://service.example/key\"\n";

/// A service on loopback, and a folder of widgets.
struct Fixture {
    gateway: String,
    widgets: TempDir,
}

impl Fixture {
    async fn new() -> Self {
        let service = Router::new().route("/service.example/{kind}", get(respond));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("gateway=http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let fixture = Fixture { gateway, widgets: temp_dir() };
        fixture.write("things", MANIFEST);
        fixture
    }

    fn write(&self, id: &str, manifest: &str) {
        let folder = self.widgets.path().join(id);
        std::fs::create_dir_all(folder.join("samples")).expect("a folder");
        std::fs::write(folder.join("widget.toml"), manifest).expect("the file is written");
        std::fs::write(folder.join("samples/normal.json"), r#"{"all": []}"#)
            .expect("the file is written");
    }

    /// Runs a command with the gateway as its source.
    async fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, None).await
    }

    async fn run_with(&self, arguments: &[&str], key: Option<&str>) -> Outcome {
        let mut command = command(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")));
        command.arg("widget").args(arguments).args(["--sources", &self.gateway]);
        command.envs(key.map(|key| ("VOORDEUR_KEY_AUTHOR_TEST", key)));
        let output = tokio::task::spawn_blocking(move || command.output()).await;
        Outcome::of(&output.expect("no panic").expect("the command runs"))
    }

    async fn try_it(&self, more: &[&str]) -> Outcome {
        let widgets = self.widgets.path().display().to_string();
        let arguments = [&["try", "things", "--widgets", &widgets], more].concat();
        self.run(&arguments).await
    }
}

/// The exit code and the output of a command.
#[derive(Debug)]
struct Outcome {
    code: Option<i32>,
    out: String,
    errors: String,
}

impl Outcome {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Outcome {
            code: output.status.code(),
            out: text(&output.stdout),
            errors: text(&output.stderr),
        }
    }

    #[track_caller]
    fn expect(&self, code: i32, out: &[&str], errors: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in out {
            assert!(self.out.contains(part), "standard output lacks `{part}`: {self:#?}");
        }
        for part in errors {
            assert!(self.errors.contains(part), "standard error lacks `{part}`: {self:#?}");
        }
    }
}

async fn respond(PathOf(kind): PathOf<String>, headers: HeaderMap) -> Response {
    match kind.as_str() {
        "good" => {
            let key = headers.get("x-key").and_then(|key| key.to_str().ok()).unwrap_or("no key");
            axum::Json(json!({ "all": [{ "title": "Fair" }, { "title": key }] })).into_response()
        }
        "some" => axum::Json(json!({ "all": [{ "title": "Fair" }, { "name": "Market" }] }))
            .into_response(),
        "wrong" => axum::Json(json!({ "all": [{ "name": "Market" }] })).into_response(),
        "html" => axum::response::Html("<h1>Onderhoud</h1>").into_response(),
        "feed" => "<rss version='2.0'><channel><item><title>Markt</title></item></channel></rss>"
            .into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[tokio::test]
async fn try_prints_the_card_and_its_requests() {
    let fixture = Fixture::new().await;
    let outcome = fixture.try_it(&["--set", "kind=good", "--place", "2000"]).await;
    outcome.expect(
        0,
        &[
            "Dingen — Antwerpen\n==================",
            "- Fair",
            "Stad · CC0 · https://service.example/",
            "Place: 2000 Antwerpen",
            "things: ",
            " ms, 45 bytes",
            "GET https://service.example/good?zip=2000",
        ],
        &[],
    );
    let outcome = fixture.try_it(&["--set", "kind=good", "--language", "fr"]).await;
    outcome.expect(0, &["Choses — "], &[]);
}

#[tokio::test]
async fn skipped_items_and_rejected_responses_are_shown_with_an_excerpt() {
    let fixture = Fixture::new().await;
    let place =
        ["view.block[0].title, thing 2 (line ", "thing 2 of `things.all` is:", "\"Market\""];
    let outcome = fixture.try_it(&["--set", "kind=some"]).await;
    outcome.expect(0, &["- Fair", "Left out: 1"], &[]);
    outcome.expect(0, &place, &[]);

    let outcome = fixture.try_it(&["--set", "kind=wrong"]).await;
    let place =
        ["refuses the response", "view.block[0].title, thing 1", "`things.all` is:", "\"Market\""];
    outcome.expect(1, &["Asked:"], &place);
}

#[tokio::test]
async fn a_failed_service_and_a_malformed_response_have_different_errors() {
    let fixture = Fixture::new().await;
    let outcome = fixture.try_it(&["--set", "kind=html"]).await;
    outcome.expect(1, &["18 bytes"], &[]);
    outcome.expect(
        1,
        &[],
        &["request `things`: the response is not in the format `json`: not JSON"],
    );
    let outcome = fixture.try_it(&["--set", "kind=broken"]).await;
    outcome.expect(1, &["status 500"], &["request `things`: status 500"]);
}

#[tokio::test]
async fn an_invalid_argument_is_named_with_the_reason() {
    let fixture = Fixture::new().await;
    for (arguments, errors) in [
        (&["--set", "colour=red"][..], &["--set colour: no such field", "kind, radius, place"][..]),
        (&["--set", "kind=bad"], &["--set kind=bad: ", "good, some, wrong"]),
        (&["--set", "radius=far"], &["--set radius=far: "]),
        (&["--set", "radius=99"], &["--set radius=99: ", "10"]),
        (&["--set", "place=Zweinstein"], &["--set place=Zweinstein: "]),
        (&["--set", "kind"], &["--set kind: must be like"]),
        (&["--place", "0000", "--set", "kind=good"], &["--place 0000: "]),
        (&[], &["the field `kind` (Kind) has to be filled in", "--set kind=good"]),
        (&["--language", "es"], &["must be nl, fr, de or en"]),
    ] {
        fixture.try_it(arguments).await.expect(2, &[], errors);
    }
    let outcome = fixture.run(&["try", "no-such-widget"]).await;
    outcome.expect(2, &[], &["NAME `no-such-widget`: there is no ", "no embedded widget"]);
    fixture.write("broken", "name = 1");
    let widgets = fixture.widgets.path().display().to_string();
    let outcome = fixture.run(&["try", "broken", "--widgets", &widgets]).await;
    outcome.expect(1, &[], &["broken/widget.toml: line 1, "]);
}

#[tokio::test]
async fn the_key_comes_from_the_environment() {
    let fixture = Fixture::new().await;
    let with_key = MANIFEST
        .replace("format = \"json\"", "format = \"json\"\nkey_header = \"X-Key\"")
        .replace("\n[[field]]\nid = \"kind\"", &format!("{KEY}\n[[field]]\nid = \"kind\""));
    fixture.write("keyed", &with_key);
    let widgets = fixture.widgets.path().display().to_string();
    let arguments = ["try", "keyed", "--widgets", &widgets, "--set", "kind=good"];
    let outcome = fixture.run(&arguments).await;
    outcome.expect(2, &[], &["VOORDEUR_KEY_AUTHOR_TEST", "https://service.example/key"]);
    let outcome = fixture.run_with(&arguments, Some("s3cret")).await;
    outcome.expect(0, &["- s3cret"], &[]);
    assert!(!outcome.out.contains("no key"), "{outcome:?}");
}

#[tokio::test]
async fn try_prints_everything_as_json() {
    let fixture = Fixture::new().await;
    let outcome = fixture.try_it(&["--set", "kind=some", "--json"]).await;
    outcome.expect(0, &[], &[]);
    let tree: Value = serde_json::from_str(&outcome.out).expect("JSON");
    assert_eq!(tree["view"]["blocks"][0]["items"][0]["title"]["text"], json!("Fair"));
    assert_eq!(tree["asked"][0]["bytes"], json!(44));
    assert_eq!(tree["left_out_because"][0]["piece"]["tree"], json!({ "name": "Market" }));
    let outcome = fixture.try_it(&["--set", "kind=wrong", "--json"]).await;
    outcome.expect(1, &[], &[]);
    let tree: Value = serde_json::from_str(&outcome.out).expect("JSON");
    assert_eq!(tree["problem"]["at"], json!("view.block[0].title, thing 1"));
    assert_eq!(tree["view"], Value::Null);
}

#[tokio::test]
async fn new_makes_a_widget_from_a_response_that_can_be_tried_at_once() {
    let fixture = Fixture::new().await;
    let into = fixture.widgets.path().display().to_string();
    let from = ["--from", "https://service.example/feed", "--into", &into];
    fixture.run(&[&["new", "news"][..], &from].concat()).await.expect(
        0,
        &["news:", "samples/normal.xml", "widget.toml"],
        &[],
    );
    let manifest = std::fs::read_to_string(Path::new(&into).join("news/widget.toml"));
    assert!(manifest.is_ok_and(|text| text.contains("format = \"feed\"")));
    let outcome = fixture.run(&["try", "news", "--widgets", &into]).await;
    outcome.expect(0, &["TODO title", "- Markt"], &[]);

    let from = ["--from", "https://service.example/gone", "--into", &into];
    fixture.run(&[&["new", "gone"][..], &from].concat()).await.expect(
        1,
        &[],
        &["--from https://service.example/gone: status 500"],
    );
    assert!(!Path::new(&into).join("gone").exists());
    let outcome = fixture.run(&["new", "news", "--into", &into]).await;
    outcome.expect(2, &[], &["--into ", "it exists already"]);
    fixture.run(&["new", "blank", "--into", &into]).await.expect(0, &["samples/empty.json"], &[]);
}

/// As `| head` does: the reader of a command's output leaves before it writes.
#[test]
fn a_command_whose_reader_has_left_ends_quietly() {
    let new = temp_dir();
    let into = new.path().display().to_string();
    let commands: [(&[&str], i32); 5] = [
        (&["widget", "check", "bank-holidays-uk"], 0),
        (&["widget", "check", "bank-holidays-uk", "--json"], 0),
        (&["widget", "check", "absent"], 2),
        (&["widget", "new", "draft", "--into", &into], 0),
        (&["check-backup", "absent.sqlite"], 1),
    ];
    for (arguments, code) in commands {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let both = writer.try_clone().expect("a second end");
        let mut command = command(env!("CARGO_BIN_EXE_voordeur"));
        let status = command.args(arguments).stdout(writer).stderr(both).status();
        // A panic would be 101, and a signal none.
        assert_eq!(status.expect("the command runs").code(), Some(code), "{arguments:?}");
    }
}
