//! The commands of widget authors, as they are called: `voordeur widget try` and `new`, against a service on loopback.

use std::path::{Path, PathBuf};
use std::process::Output;

use axum::Router;
use axum::extract::Path as Segment;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

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
size = { best = 4, smallest = 3 }
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
struct Bench {
    gateway: String,
    widgets: PathBuf,
}

impl Bench {
    async fn new(name: &str) -> Self {
        let service = Router::new().route("/service.example/{kind}", get(answer));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let gateway = format!("gateway=http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move { axum::serve(listener, service).await });
        let widgets =
            std::env::temp_dir().join(format!("voordeur-author-{name}-{}", std::process::id()));
        let bench = Bench { gateway, widgets };
        bench.write("things", MANIFEST);
        bench
    }

    fn write(&self, id: &str, manifest: &str) {
        let folder = self.widgets.join(id);
        std::fs::create_dir_all(folder.join("samples")).expect("a folder");
        std::fs::write(folder.join("widget.toml"), manifest).expect("written");
        std::fs::write(folder.join("samples/normal.json"), r#"{"all": []}"#).expect("written");
    }

    /// Runs the command with these arguments and this source.
    async fn run(&self, arguments: &[&str]) -> Told {
        self.run_with(arguments, None).await
    }

    async fn run_with(&self, arguments: &[&str], key: Option<&str>) -> Told {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_voordeur"));
        command.arg("widget").args(arguments).args(["--sources", &self.gateway]);
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        command.env_remove("VOORDEUR_KEY_AUTHOR_TEST");
        command.envs(key.map(|key| ("VOORDEUR_KEY_AUTHOR_TEST", key)));
        let ran = tokio::task::spawn_blocking(move || command.output()).await;
        Told::of(&ran.expect("no panic").expect("it runs"))
    }

    async fn try_it(&self, more: &[&str]) -> Told {
        let widgets = self.widgets.display().to_string();
        let arguments = [&["try", "things", "--widgets", &widgets], more].concat();
        self.run(&arguments).await
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.widgets);
    }
}

/// What a command told.
#[derive(Debug)]
struct Told {
    code: Option<i32>,
    out: String,
    problem: String,
}

impl Told {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Told {
            code: output.status.code(),
            out: text(&output.stdout),
            problem: text(&output.stderr),
        }
    }

    #[track_caller]
    fn expect(&self, code: i32, out: &[&str], problem: &[&str]) {
        assert_eq!(self.code, Some(code), "{self:#?}");
        for part in out {
            assert!(self.out.contains(part), "the output lacks `{part}`: {self:#?}");
        }
        for part in problem {
            assert!(self.problem.contains(part), "the problem lacks `{part}`: {self:#?}");
        }
    }
}

async fn answer(Segment(kind): Segment<String>, headers: HeaderMap) -> Response {
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
async fn a_card_is_printed_with_what_was_asked() {
    let bench = Bench::new("card").await;
    let told = bench.try_it(&["--set", "kind=good", "--place", "2000"]).await;
    told.expect(
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
    let told = bench.try_it(&["--set", "kind=good", "--language", "fr"]).await;
    told.expect(0, &["Choses — "], &[]);
}

#[tokio::test]
async fn what_is_left_out_and_what_is_refused_is_shown_with_the_piece_of_the_answer() {
    let bench = Bench::new("refused").await;
    let place =
        ["view.block[0].title, thing 2 (line ", "thing 2 of `things.all` is:", "\"Market\""];
    let told = bench.try_it(&["--set", "kind=some"]).await;
    told.expect(0, &["- Fair", "Left out: 1"], &[]);
    told.expect(0, &place, &[]);

    let told = bench.try_it(&["--set", "kind=wrong"]).await;
    let place =
        ["refuses the response", "view.block[0].title, thing 1", "`things.all` is:", "\"Market\""];
    told.expect(1, &["Asked:"], &place);
}

#[tokio::test]
async fn a_service_that_fails_and_an_answer_in_no_format_are_told_apart() {
    let bench = Bench::new("fails").await;
    let told = bench.try_it(&["--set", "kind=html"]).await;
    told.expect(1, &["18 bytes"], &[]);
    told.expect(1, &[], &["request `things`: the response is not in the format `json`: not JSON"]);
    let told = bench.try_it(&["--set", "kind=broken"]).await;
    told.expect(1, &["answered 500"], &["request `things`: answered 500"]);
}

#[tokio::test]
async fn a_wrong_argument_is_named_with_the_reason() {
    let bench = Bench::new("arguments").await;
    for (arguments, problem) in [
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
        bench.try_it(arguments).await.expect(2, &[], problem);
    }
    let told = bench.run(&["try", "no-such-widget"]).await;
    told.expect(2, &[], &["NAME `no-such-widget`: there is no ", "no embedded widget"]);
    bench.write("broken", "name = 1");
    let widgets = bench.widgets.display().to_string();
    let told = bench.run(&["try", "broken", "--widgets", &widgets]).await;
    told.expect(1, &[], &["broken/widget.toml: line 1, "]);
}

#[tokio::test]
async fn a_key_is_taken_from_the_environment() {
    let bench = Bench::new("key").await;
    let with_key = MANIFEST
        .replace("format = \"json\"", "format = \"json\"\nkey_header = \"X-Key\"")
        .replace("\n[[field]]\nid = \"kind\"", &format!("{KEY}\n[[field]]\nid = \"kind\""));
    bench.write("keyed", &with_key);
    let widgets = bench.widgets.display().to_string();
    let arguments = ["try", "keyed", "--widgets", &widgets, "--set", "kind=good"];
    let told = bench.run(&arguments).await;
    told.expect(2, &[], &["VOORDEUR_KEY_AUTHOR_TEST", "https://service.example/key"]);
    let told = bench.run_with(&arguments, Some("s3cret")).await;
    told.expect(0, &["- s3cret"], &[]);
    assert!(!told.out.contains("no key"), "{told:?}");
}

#[tokio::test]
async fn everything_can_be_had_as_json() {
    let bench = Bench::new("json").await;
    let told = bench.try_it(&["--set", "kind=some", "--json"]).await;
    told.expect(0, &[], &[]);
    let tree: Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(tree["view"]["blocks"][0]["items"][0]["title"]["text"], json!("Fair"));
    assert_eq!(tree["asked"][0]["bytes"], json!(44));
    assert_eq!(tree["left_out_because"][0]["piece"]["tree"], json!({ "name": "Market" }));
    let told = bench.try_it(&["--set", "kind=wrong", "--json"]).await;
    told.expect(1, &[], &[]);
    let tree: Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(tree["problem"]["at"], json!("view.block[0].title, thing 1"));
    assert_eq!(tree["view"], Value::Null);
}

#[tokio::test]
async fn a_draft_is_made_of_what_an_address_gives_and_can_be_tried_at_once() {
    let bench = Bench::new("new").await;
    let into = bench.widgets.display().to_string();
    let from = ["--from", "https://service.example/feed", "--into", &into];
    bench.run(&[&["new", "news"][..], &from].concat()).await.expect(
        0,
        &["news:", "samples/normal.xml", "widget.toml"],
        &[],
    );
    let manifest = std::fs::read_to_string(Path::new(&into).join("news/widget.toml"));
    assert!(manifest.is_ok_and(|text| text.contains("format = \"feed\"")));
    let told = bench.run(&["try", "news", "--widgets", &into]).await;
    told.expect(0, &["TODO title", "- Markt"], &[]);

    let from = ["--from", "https://service.example/gone", "--into", &into];
    bench.run(&[&["new", "gone"][..], &from].concat()).await.expect(
        1,
        &[],
        &["--from https://service.example/gone: answered 500"],
    );
    assert!(!Path::new(&into).join("gone").exists());
    let told = bench.run(&["new", "news", "--into", &into]).await;
    told.expect(2, &[], &["--into ", "it exists already"]);
    bench.run(&["new", "blank", "--into", &into]).await.expect(0, &["samples/empty.json"], &[]);
}
