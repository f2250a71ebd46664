//! The manifest language: what it accepts, requests and refuses, on small widgets.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;
use voordeur_widget_api::{
    Budget, Language, Refusal, Request, Response, Responses, Settings, Widget, WidgetContext,
};

mod addresses;
mod blocks;
mod coverage;
mod error_lines;
mod garbage;
mod keys;
mod left_out;
mod links_only;
mod lookups;
mod meaning;
mod positions;
mod titles;
mod zones;

use super::eval_error::EvalResult;
use super::evaluator;
use super::expression::{Scope, compile};
use super::program::Node;
use super::{ManifestErrors, ManifestWidget};

/// The required keys before the first table.
const HEAD: &str = r#"
name = { nl = "n", fr = "n", de = "n", en = "n" }
summary = { nl = "s", fr = "s", de = "s", en = "s" }
theme = "work-and-money"
covers = "everywhere"
icon = "calendar"
publisher = { name = "P", url = "https://example.org/" }
licence = { name = "CC0" }
pace = "5 min"
size = { best = "narrow", smallest = "narrow" }
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

/// A request for tests that are about something else.
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

pub(super) fn read(body: &str) -> Result<ManifestWidget, ManifestErrors> {
    ManifestWidget::read("test", &manifest(body), |_| Some(b"{}".to_vec()))
}

pub(super) fn widget(body: &str) -> ManifestWidget {
    read(body).unwrap_or_else(|error| panic!("{error}"))
}

/// The only error of a manifest, and the text of its line.
pub(super) fn error(body: &str) -> (String, String) {
    let Err(errors) = read(body) else { panic!("the manifest is accepted") };
    let [error] = errors.0.as_slice() else { panic!("more than one: {errors}") };
    let text = manifest(body);
    let line = error.line.and_then(|line| text.lines().nth(line - 1)).unwrap_or_default();
    (error.to_string(), line.to_owned())
}

/// All errors of a manifest: the text of the line, and the message.
fn errors(body: &str) -> Vec<(String, String)> {
    let Err(errors) = read(body) else { panic!("the manifest is accepted") };
    let text = manifest(body);
    let line = |line: usize| text.lines().nth(line - 1).unwrap_or_default().to_owned();
    errors
        .0
        .iter()
        .map(|error| (error.line.map(line).unwrap_or_default(), error.to_string()))
        .collect()
}

pub(super) fn with_context<T>(settings: &Settings, act: impl FnOnce(&WidgetContext<'_>) -> T) -> T {
    let zone = TimeZone::get("Europe/Brussels").expect("the zone is bundled");
    let now = "2026-11-23T07:36:00+01:00".parse().expect("a moment");
    act(&WidgetContext {
        settings,
        place: None,
        language: Language::Nl,
        now,
        zone: &zone,
        budget: &Budget::default(),
    })
}

pub(super) fn requests(
    widget: &ManifestWidget,
    settings: &Settings,
    responses: &Responses,
) -> Result<Vec<Request>, Refusal> {
    with_context(settings, |context| widget.requests(context, responses))
}

/// The value of an expression in Brussels, in Dutch, as a tree.
pub(super) fn evaluate_in_dutch(source: &str, budget: &Budget) -> EvalResult<serde_json::Value> {
    let compiled = compile(source).expect("compiles");
    evaluate_with(&compiled.node, &json!(null), budget)
}

/// The same with `things`, the response to a request.
pub(super) fn evaluate_with(
    node: &Node,
    things: &serde_json::Value,
    budget: &Budget,
) -> EvalResult<serde_json::Value> {
    let widget = widget(THINGS);
    let responses = responses("things", things.clone());
    with_context(&Settings::new(), |context| {
        let context = WidgetContext { budget, ..context.clone() };
        let environment = widget.unchecked_environment(&context, &responses);
        let value = evaluator::evaluate(node, &Scope::new(&environment))?;
        Ok(value.to_tree(&Budget::default())?)
    })
}

#[test]
fn a_request_waits_for_the_responses_that_it_reads() {
    let widget = widget(
        r#"
hosts = ["example.org"]
[let]
code = "station.code"
[[request]]
id = "times"
url = "https://example.org/{code}"
[[request]]
id = "station"
url = "https://example.org/station"
"#,
    );
    let asked = requests(&widget, &Settings::new(), &Responses::new()).expect("can be asked");
    let ids: Vec<&str> = asked.iter().map(|request| request.id.as_str()).collect();
    assert_eq!(ids, ["station"]);
}

pub(super) fn responses(id: &str, tree: serde_json::Value) -> Responses {
    let response = voordeur_widget_api::Response { tree: std::sync::Arc::new(tree) };
    Responses::from([(id.to_owned(), vec![response])])
}

pub(super) fn view(
    body: &str,
    tree: serde_json::Value,
) -> Result<voordeur_widget_api::View, Refusal> {
    let widget = widget(body);
    with_context(&Settings::new(), |context| widget.view(context, &responses("things", tree)))
}

/// Titles and notes of the only list of a view.
fn list(view: &voordeur_widget_api::View) -> Vec<(&str, Option<&str>)> {
    let [voordeur_widget_api::Block::List { items, .. }] = view.blocks.as_slice() else {
        panic!("{view:?}")
    };
    items
        .iter()
        .map(|item| (item.title.text.as_str(), item.note.as_ref().map(|note| note.text.as_str())))
        .collect()
}

const NAMED: &str = r#"
hosts = ["example.org"]
[let]
names = "things.names"
shown = "names.filter(n, n != '')"
wrong = "things.absent.further"
[[request]]
id = "things"
url = "https://example.org/things"
[view]
about = "size(shown) == 0 ? wrong : string(size(shown))"
[[view.block]]
kind = "list"
each = "shown"
let = { word = "lower(item)", both = "word + '-' + string(size(names))" }
empty = { nl = "Niets", fr = "Rien", de = "Nichts", en = "Nothing" }
keep = "word != 'c'"
title = "both"
note = { nl = "Noot", fr = "Note", de = "Notiz", en = "Note" }
"#;

#[test]
fn names_are_evaluated_where_they_are_read() {
    let view = view(NAMED, serde_json::json!({"names": ["A", "", "B", "C"]})).expect("a view");
    assert_eq!(view.about.as_ref().map(|about| about.text.as_str()), Some("3"));
    assert_eq!(list(&view), [("a-4", Some("Noot")), ("b-4", Some("Noot"))]);
}

#[test]
fn a_name_that_cannot_be_evaluated_is_refused_under_its_own_key() {
    let refusal = view(NAMED, serde_json::json!({"names": []})).expect_err("`wrong` is read");
    let Refusal::UnexpectedResponse { at, .. } = refusal else { panic!("{refusal:?}") };
    assert_eq!(at, "let.wrong");
}

#[test]
fn facts_sent_through_names_are_reported() {
    let widget = widget(
        r#"
hosts = ["example.org"]
[[field]]
id = "town"
kind = "text"
personal = true
label = { nl = "n", fr = "n", de = "n", en = "n" }
[let]
word = "lower(town)"
town = "settings['town']"
here = "place == null ? 'none' : place.postcode"
[[request]]
id = "things"
url = "https://example.org/{word}"
[[request]]
id = "near"
url = "https://example.org/{here}x"
"#,
    );
    assert_eq!(widget.fields_sent("things"), ["town"]);
    assert_eq!(widget.fields_sent("near"), ["place"]);
    let settings = Settings::from([("town".to_owned(), "Aalst".to_owned())]);
    let asked = requests(&widget, &settings, &Responses::new()).expect("can be asked");
    assert_eq!(asked[0].url, "https://example.org/aalst");
    assert!(asked[0].personal);
}

#[test]
fn codes_have_meanings_and_unknown_codes_are_counted() {
    let body = r#"
hosts = ["example.org"]
[codes.status]
"5 | closed" = { nl = "Dicht", fr = "Fermé", de = "Zu", en = "Closed", severity = "severe" }
open = { nl = "Open", fr = "Ouvert", de = "Offen", en = "Open", tone = "good" }
[[request]]
id = "things"
url = "https://example.org/things"
[view]
[[view.block]]
kind = "list"
each = "things"
title = "code(codes.status, item)"
note = "coalesce(severity(codes.status, item), tone(codes.status, item))"
"#;
    let view = view(body, serde_json::json!([5, "open", "?", "closed"])).expect("a view");
    let closed = ("Dicht", Some("severe"));
    assert_eq!(list(&view), [closed, ("Open", Some("good")), closed]);
    assert_eq!(view.omitted, 1);
    let (message, _) = error(&body.replace(", en = \"Open\", tone", ", tone"));
    assert!(message.contains("needs nl, fr, de and en, or none of them"), "{message}");
    let (message, _) = error(&body.replace("\"severe\"", "\"sever\""));
    assert!(message.contains("did you mean `severe`?"), "{message}");
}

#[test]
fn samples_are_found_by_the_names_of_their_files() {
    let text = format!(
        "{}sample_moment = \"2026-11-23T07:36:00+01:00\"\nsample_place = \"1850\"\n[[request]]\nurl = \"https://example.org/a\"\n{VIEW}\n[[sample]]\nname = \"elsewhere\"\nplace = \"\"\n",
        HEAD.trim_start()
    );
    let files = ["zz", "malformed", "normal", "empty", "elsewhere"];
    let files = files.map(|name| (format!("{name}.json"), name.as_bytes().to_vec()));
    let folder = super::SampleFolder(files.into_iter().collect());
    let widget = ManifestWidget::read_folder("test", &text, &folder);
    let widget = widget.unwrap_or_else(|errors| panic!("{errors}"));
    let names: Vec<&str> = widget.samples.iter().map(|sample| sample.name.as_str()).collect();
    assert_eq!(names, ["normal", "empty", "malformed", "elsewhere", "zz"]);
    assert_eq!(widget.samples[0].responses["answer"], [b"normal".to_vec()]);
    assert!(widget.samples[0].place.is_some() && widget.samples[3].place.is_none());
    assert_eq!(widget.manifest.hosts, ["example.org"]);

    let Err(errors) = ManifestWidget::read_folder("test", &text, &super::SampleFolder::default())
    else {
        panic!("it has no samples")
    };
    assert!(errors.to_string().contains("there must be one named `normal`"), "{errors}");
}

#[test]
fn an_attribution_is_a_name_or_four_texts() {
    let words = |text: &str| {
        let widget = widget(&format!("attribution = {text}\n{THINGS}"));
        widget.manifest.attribution.map(|attribution| attribution.fr)
    };
    assert_eq!(words("\"Powered by P\"").as_deref(), Some("Powered by P"));
    let four = "{ nl = \"Bron\", fr = \"Source\", de = \"Quelle\", en = \"Source\" }";
    assert_eq!(words(four).as_deref(), Some("Source"));
}
