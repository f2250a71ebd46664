//! What the language of manifests accepts, asks and refuses, on small widgets written here.

use jiff::tz::TimeZone;
use voordeur_contract::{
    Answers, Ask, Key, KeyPlace, Language, Refusal, Request, Settings, Widget,
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

pub(super) fn manifest(body: &str) -> String {
    let hosts = if body.contains("hosts =") { "" } else { "hosts = [\"example.org\"]\n" };
    let view = if body.contains("[view]") { "" } else { VIEW };
    format!("{}{hosts}{body}{view}{SAMPLES}", HEAD.trim_start())
}

pub(super) fn read(body: &str) -> Result<Declared, ManifestProblem> {
    Declared::read("test", &manifest(body), |_| Some(b"{}".to_vec()))
}

pub(super) fn widget(body: &str) -> Declared {
    read(body).unwrap_or_else(|problem| panic!("{problem}"))
}

/// What is wrong with a manifest, and the text of the line that is named.
pub(super) fn problem(body: &str) -> (String, String) {
    let Err(problem) = read(body) else { panic!("the manifest is accepted") };
    let text = manifest(body);
    let line = problem.line.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
    (problem.to_string(), line.to_owned())
}

pub(super) fn with_ask<T>(settings: &Settings, act: impl FnOnce(&Ask<'_>) -> T) -> T {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let now = "2026-11-23T07:36:00+01:00".parse().expect("a moment");
    act(&Ask { settings, place: None, language: Language::Nl, now, zone: &zone })
}

pub(super) fn requests(
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
