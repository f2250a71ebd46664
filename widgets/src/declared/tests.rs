//! What the language of manifests accepts, asks and refuses, on small widgets written here.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;
use voordeur_contract::{
    Answer, Answers, Ask, Key, KeyPlace, Language, Refusal, Request, Settings, Widget,
};

use super::{Declared, ManifestProblem};

/// Everything a manifest needs before its first table.
const HEAD: &str = r#"
name = { nl = "n", fr = "n", de = "n", en = "n" }
summary = { nl = "s", fr = "s", de = "s", en = "s" }
theme = "work-and-money"
icon = "calendar"
publisher = { name = "P", url = "https://example.org/" }
licence = { name = "CC0" }
pace = "5 min"
size = { best = 4, smallest = 3 }
evidence = "documented"
"#;

const SAMPLES: &str = r#"
[[sample]]
name = "normal"
moment = "2026-11-23T07:36:00+01:00"
answers = {}

[[sample]]
name = "empty"
moment = "2026-11-23T07:36:00+01:00"
answers = {}

[[sample]]
name = "malformed"
moment = "2026-11-23T07:36:00+01:00"
answers = {}
"#;

/// A request that goes well with any test that is about something else.
const THINGS: &str = r#"
[[request]]
id = "things"
url = "https://example.org/things"
format = "json"
"#;

const VIEW: &str = r#"
[view]
[[view.block]]
kind = "text"
text = "'a'"
"#;

fn manifest(body: &str) -> String {
    let hosts = if body.contains("hosts =") { "" } else { "hosts = [\"example.org\"]\n" };
    let view = if body.contains("[view]") { "" } else { VIEW };
    format!("{}{hosts}{body}{view}{SAMPLES}", HEAD.trim_start())
}

fn read(body: &str) -> Result<Declared, ManifestProblem> {
    Declared::read("test", &manifest(body), |_| Some(b"{}".to_vec()))
}

fn widget(body: &str) -> Declared {
    read(body).unwrap_or_else(|problem| panic!("{problem}"))
}

/// What is wrong with a manifest, and the text of the line that is named.
fn problem(body: &str) -> (String, String) {
    let Err(problem) = read(body) else { panic!("the manifest is accepted") };
    let text = manifest(body);
    let line = problem.line.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
    (problem.to_string(), line.to_owned())
}

fn with_ask<T>(settings: &Settings, act: impl FnOnce(&Ask<'_>) -> T) -> T {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let now = "2026-11-23T07:36:00+01:00".parse().expect("a moment");
    act(&Ask { settings, place: None, language: Language::Nl, now, zone: &zone })
}

fn requests(
    widget: &Declared,
    settings: &Settings,
    answers: &Answers,
) -> Result<Vec<Request>, Refusal> {
    with_ask(settings, |ask| widget.requests(ask, answers))
}

const KEY: &str = "[key]\nvariable = \"VOORDEUR_KEY_THINGS_2\"\nurl = \"https://example.org/k\"\n";

#[test]
fn a_key_is_named_once_and_sent_where_a_request_says() {
    let widget = widget(&format!("{KEY}{THINGS}key_header = \"X-Key\""));
    assert_eq!(
        widget.manifest.key,
        Some(Key {
            variable: "VOORDEUR_KEY_THINGS_2".to_owned(),
            url: "https://example.org/k".to_owned()
        })
    );
    let asked = requests(&widget, &Settings::new(), &Answers::new()).expect("can be asked");
    assert_eq!(
        asked[0].key.as_ref().map(|key| &key.place),
        Some(&KeyPlace::Header("X-Key".to_owned()))
    );
    assert_eq!(asked[0].url, "https://example.org/things");

    let widget = self::widget(&format!("{KEY}{THINGS}key_query = \"apikey\""));
    let asked = requests(&widget, &Settings::new(), &Answers::new()).expect("can be asked");
    assert_eq!(
        asked[0].key.as_ref().map(|key| &key.place),
        Some(&KeyPlace::Query("apikey".to_owned()))
    );
}

#[test]
fn a_key_without_use_or_a_use_without_key_is_refused() {
    let (what, line) = problem(&format!("{KEY}{THINGS}"));
    assert!(what.contains("is used by no request"), "{what}");
    assert_eq!(line, "[key]");
    let (what, line) = problem(&format!("{THINGS}key_header = \"X-Key\""));
    assert!(what.contains("needs `[key]`"), "{what}");
    assert_eq!(line, "key_header = \"X-Key\"");
    let (what, _) = problem(&format!("{KEY}{THINGS}key_header = \"X\"\nkey_query = \"x\""));
    assert!(what.contains("cannot stand beside"), "{what}");
    let (what, _) = problem(&format!("{KEY}{THINGS}key_header = \"X-Key: a\""));
    assert!(what.contains("must be letters"), "{what}");
}

#[test]
fn a_key_can_name_no_other_variable_of_the_server() {
    for variable in ["PATH", "VOORDEUR_KEY_", "VOORDEUR_KEY_a", "VOORDEUR_KEY_A B"] {
        let key = KEY.replace("VOORDEUR_KEY_THINGS_2", variable);
        let (what, line) = problem(&format!("{key}{THINGS}key_header = \"X-Key\""));
        assert!(what.contains("key.variable"), "{variable}: {what}");
        assert_eq!(line, "[key]");
    }
}

#[test]
fn a_refusal_leads_to_the_piece_of_the_answer_and_what_is_left_out_says_why() {
    let view = "\n[view]\n[[view.block]]\nkind = \"list\"\neach = \"things.all\"\ntitle = \"item.title\"\n";
    let widget = widget(&format!("{THINGS}{view}"));
    let answers = |tree: serde_json::Value| {
        Answers::from([("things".to_owned(), vec![Answer { tree: Arc::new(tree) }])])
    };
    let refused = |answers: &Answers| {
        with_ask(&Settings::new(), |ask| match widget.view(ask, answers) {
            Err(Refusal::UnexpectedAnswer { at, .. }) => {
                let piece = widget.piece(ask, answers, &at);
                piece.map(|piece| (at, piece.of, piece.thing, piece.tree))
            }
            other => panic!("{other:?}"),
        })
    };
    let wrong_thing = refused(&answers(json!({ "all": [{ "name": "a" }] })));
    assert_eq!(
        wrong_thing,
        Some((
            "view.block[0].title, thing 1".to_owned(),
            "things.all".to_owned(),
            Some(1),
            json!({ "name": "a" })
        ))
    );
    let no_list = refused(&answers(json!({ "all": 7 })));
    assert_eq!(
        no_list,
        Some(("view.block[0].each".to_owned(), "things.all".to_owned(), None, json!(7)))
    );
    let absent = refused(&answers(json!({ "none": [] })));
    assert_eq!(
        absent,
        Some(("view.block[0].each".to_owned(), "things".to_owned(), None, json!({ "none": [] })))
    );
    let some = answers(json!({ "all": [{ "title": "a" }, { "name": "b" }] }));
    let view = with_ask(&Settings::new(), |ask| widget.view(ask, &some)).expect("a view");
    let because: Vec<String> = view.left_out_because.iter().map(ToString::to_string).collect();
    assert_eq!((view.left_out, because.len()), (1, 1), "{because:?}");
    assert!(because[0].starts_with("view.block[0].title, thing 2: "), "{because:?}");
}
