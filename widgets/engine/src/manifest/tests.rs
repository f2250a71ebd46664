//! The manifest language: what it accepts, requests and refuses, on small widgets.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;
use voordeur_widget_api::{
    ApiKey, ApiKeyLocation, Area, Budget, Coverage, Language, Limits, Refusal, Request, Response,
    Responses, Settings, Widget, WidgetContext,
};

mod blocks;
mod garbage;
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

const KEY: &str = "[key]\nvariable = \"VOORDEUR_KEY_THINGS_2\"\nurl = \"https://example.org/k\"\n";

#[test]
fn a_key_is_sent_by_the_requests_that_ask_for_it() {
    let widget = widget(&format!("{KEY}{THINGS}key_header = \"X-ApiKey\""));
    assert_eq!(
        widget.manifest.key,
        Some(ApiKey {
            variable: "VOORDEUR_KEY_THINGS_2".to_owned(),
            url: "https://example.org/k".to_owned()
        })
    );
    let asked = requests(&widget, &Settings::new(), &Responses::new()).expect("can be asked");
    assert_eq!(
        asked[0].key.as_ref().map(|key| &key.location),
        Some(&ApiKeyLocation::Header("X-ApiKey".to_owned()))
    );
    assert_eq!(asked[0].url, "https://example.org/things");

    let widget = self::widget(&format!("{KEY}{THINGS}key_query = \"apikey\""));
    let asked = requests(&widget, &Settings::new(), &Responses::new()).expect("can be asked");
    assert_eq!(
        asked[0].key.as_ref().map(|key| &key.location),
        Some(&ApiKeyLocation::Query("apikey".to_owned()))
    );
}

#[test]
fn an_unused_or_undeclared_key_is_rejected() {
    let (message, line) = error(&format!("{KEY}{THINGS}"));
    assert!(message.contains("is used by no request"), "{message}");
    assert_eq!(line, "[key]");
    let (message, line) = error(&format!("{THINGS}key_header = \"X-ApiKey\""));
    assert!(message.contains("needs `[key]`"), "{message}");
    assert_eq!(line, "key_header = \"X-ApiKey\"");
    let (message, _) = error(&format!("{KEY}{THINGS}key_header = \"X\"\nkey_query = \"x\""));
    assert!(message.contains("cannot be combined with"), "{message}");
    let (message, _) = error(&format!("{KEY}{THINGS}key_header = \"X-ApiKey: a\""));
    assert!(message.contains("must be letters"), "{message}");
}

#[test]
fn a_key_is_limited_to_variables_with_the_prefix() {
    for variable in ["PATH", "VOORDEUR_KEY_", "VOORDEUR_KEY_a", "VOORDEUR_KEY_A B"] {
        let key = KEY.replace("VOORDEUR_KEY_THINGS_2", variable);
        let (message, line) = error(&format!("{key}{THINGS}key_header = \"X-ApiKey\""));
        assert!(message.contains("key.variable"), "{variable}: {message}");
        assert_eq!(line, "[key]");
    }
}

#[test]
fn rate_limits_are_within_bounds() {
    let limits = |written: &str| widget(&format!("limits = {written}\n{THINGS}")).manifest.limits;
    assert_eq!(widget(THINGS).manifest.limits, Limits::default());
    assert_eq!(limits("{}"), Limits::default());
    let all = Limits { per_second: Some(3.0), burst: Some(5), concurrent: Some(2) };
    assert_eq!(limits("{ per_second = 3, burst = 5, at_once = 2 }"), all);
    for (key, numbers, bounds) in [
        ("per_second", ["0", "-1", "0.01", "5.1", "nan", "inf"].as_slice(), "from 0.02 to 5"),
        ("burst", &["0", "-1", "21", "4294967297"], "from 1 to 20"),
        ("at_once", &["0", "-1", "7"], "from 1 to 6"),
    ] {
        for number in numbers {
            let written = format!("{key} = {number}");
            let (message, line) = error(&format!("{THINGS}[limits]\n{written}\n"));
            assert!(message.ends_with(&format!("limits.{key}: must be {bounds}")), "{message}");
            assert_eq!(line, written);
        }
    }
    let (message, line) = error(&format!("{THINGS}[limits]\nburst = 1.5\n"));
    assert!(message.ends_with("limits.burst: should be: whole number"), "{message}");
    assert_eq!(line, "burst = 1.5");
    let (message, line) = error(&format!("{THINGS}[limits]\nper_secnd = 3\n"));
    assert!(message.ends_with("did you mean `per_second`?"), "{message}");
    assert_eq!(line, "per_secnd = 3");
    let reported = errors(&format!("{THINGS}[limits]\nper_second = 9\nburst = 99\n"));
    assert_eq!(reported.len(), 2, "{reported:?}");
    let (message, _) = error(&format!("{THINGS}[limits]\nburst = 99999999999999999999\n"));
    assert!(message.contains("limits"), "{message}");
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

#[test]
fn all_errors_are_reported_at_once_with_their_lines() {
    let reported = errors(
        r#"
hosts = ["example.org"]
pice = "5 min"

[[field]]
id = "town"
kind = "txt"
label = { nl = "n", fr = "n", de = "n" }

[[request]]
id = "things"
url = "https://example.org/{settings.twon}"
format = "jsn"
limit = "5"

[view]
about = "things.name +"

[[view.block]]
kind = "list"
each = "thing"
titel = "item.name"
note = '''
'é' +
  nubmer(item.x) + round(1) + texts.none
'''

[[view.block]]
kind = "lst"
"#,
    );
    let expected = [
        ("pice = \"5 min\"", "is not a known key here; did you mean `pace`?"),
        ("kind = \"txt\"", "did you mean `text`?"),
        ("label = { nl = \"n\", fr = \"n\", de = \"n\" }", "field `town`.label.en: is missing"),
        (
            "url = \"https://example.org/{settings.twon}\"",
            "is not the id of a `[[field]]`; did you mean `town`?",
        ),
        ("format = \"jsn\"", "did you mean `json`?"),
        ("limit = \"5\"", "request `things`.limit: should be: whole number"),
        ("about = \"things.name +\"", "view.about: is not a valid expression"),
        ("[[view.block]]", "view.block[0].title: is missing"),
        (
            "each = \"thing\"",
            "`thing` is not a request, a name in `[let]` or a built-in name; did you mean `things`?",
        ),
        ("titel = \"item.name\"", "is not a known key here; did you mean `title`?"),
        (
            "  nubmer(item.x) + round(1) + texts.none",
            "there is no function `nubmer`; did you mean `number`?",
        ),
        (
            "  nubmer(item.x) + round(1) + texts.none",
            "`round(x, decimals)` takes 2 arguments, not 1",
        ),
        ("  nubmer(item.x) + round(1) + texts.none", "`texts.none`: `none` is not in `[texts]`"),
        ("kind = \"lst\"", "did you mean `list`?"),
    ];
    for (line, message) in expected {
        assert!(
            reported.iter().any(|(at, reported)| at == line && reported.contains(message)),
            "{line}: {message}\n{reported:#?}"
        );
    }
    assert_eq!(reported.len(), expected.len(), "{reported:#?}");
}

#[test]
fn a_toml_syntax_error_has_its_line() {
    let reported = errors(&format!("{THINGS}largest = 5 MB\n"));
    assert!(reported.iter().any(|(line, _)| line == "largest = 5 MB"), "{reported:?}");
}

#[test]
fn item_is_available_only_inside_each() {
    let (message, line) = error(&format!(
        "{THINGS}[view]\nabout = \"item.name\"\n[[view.block]]\nkind = \"text\"\ntext = \"'a'\"\n"
    ));
    assert!(message.contains("only inside `each`"), "{message}");
    assert_eq!(line, "about = \"item.name\"");
    let (message, _) =
        error(&format!("{THINGS}[view]\n[[view.block]]\nkind = \"list\"\ntitle = \"'a'\"\n"));
    assert!(message.contains("needs `each`"), "{message}");
}

#[test]
fn cyclic_requests_and_names_are_rejected() {
    let (message, line) = error(
        r#"
hosts = ["example.org"]
[let]
code = "second.code"
[[request]]
id = "first"
url = "https://example.org/{code}"
[[request]]
id = "second"
url = "https://example.org/{first.code}"
"#,
    );
    assert!(
        message.contains("depends on a response that depends on it, through first, second"),
        "{message}"
    );
    assert_eq!(line, "id = \"first\"");
    let reported = errors(&format!("[let]\na = \"b + 1\"\nb = \"a + 1\"\n{THINGS}"));
    assert!(
        reported.iter().all(|(_, reported)| reported.contains("depends on itself")),
        "{reported:?}"
    );
    assert_eq!(reported.len(), 2);
    let block = "[view]\n[[view.block]]\nkind = \"list\"\neach = \"things\"\ntitle = \"a\"\nlet = { a = \"b\", b = \"a\" }\n";
    let reported = errors(&format!("{THINGS}{block}"));
    assert!(
        reported.iter().all(|(_, reported)| reported.contains("depends on itself")),
        "{reported:?}"
    );
    assert_eq!(reported.len(), 2);
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

#[test]
fn a_refusal_has_an_excerpt_and_omitted_items_have_a_reason() {
    let view = "\n[view]\n[[view.block]]\nkind = \"list\"\neach = \"things.all\"\ntitle = \"item.title\"\n";
    let widget = widget(&format!("{THINGS}{view}"));
    let responses = |tree: serde_json::Value| {
        Responses::from([("things".to_owned(), vec![Response { tree: Arc::new(tree) }])])
    };
    let refused = |responses: &Responses| {
        with_context(&Settings::new(), |context| match widget.view(context, responses) {
            Err(Refusal::UnexpectedResponse { at, .. }) => {
                let excerpt = widget.excerpt(context, responses, &at);
                excerpt.map(|excerpt| (at, excerpt.source, excerpt.item_number, excerpt.tree))
            }
            other => panic!("{other:?}"),
        })
    };
    let wrong_thing = refused(&responses(json!({ "all": [{ "name": "a" }] })));
    assert_eq!(
        wrong_thing,
        Some((
            "view.block[0].title, thing 1".to_owned(),
            "things.all".to_owned(),
            Some(1),
            json!({ "name": "a" })
        ))
    );
    let no_list = refused(&responses(json!({ "all": 7 })));
    assert_eq!(
        no_list,
        Some(("view.block[0].each".to_owned(), "things.all".to_owned(), None, json!(7)))
    );
    let absent = refused(&responses(json!({ "none": [] })));
    assert_eq!(
        absent,
        Some(("view.block[0].each".to_owned(), "things".to_owned(), None, json!({ "none": [] })))
    );
    let some = responses(json!({ "all": [{ "title": "a" }, { "name": "b" }] }));
    let view =
        with_context(&Settings::new(), |context| widget.view(context, &some)).expect("a view");
    let because: Vec<String> = view.omission_reasons.iter().map(ToString::to_string).collect();
    assert_eq!((view.omitted, because.len()), (1, 1), "{because:?}");
    assert!(because[0].starts_with("view.block[0].title, thing 2: "), "{because:?}");
}

#[test]
fn what_a_limit_leaves_out_is_counted_beside_its_block() {
    let widget = widget(
        "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\n\
         [view]\n[[view.block]]\nkind = \"alert\"\neach = \"things.all\"\nkeep = \"item.n > 0\"\n\
         limit = 2\nseverity = \"'minor'\"\ntitle = \"item.title\"\n\
         [[view.block]]\nkind = \"list\"\neach = \"things.all\"\nlimit = 3\ntitle = \"item.title\"\n",
    );
    let further = |count: i64| {
        let things: Vec<_> = (0..count).map(|n| json!({ "n": n, "title": "a" })).collect();
        let things = responses("things", json!({ "all": things }));
        let view = with_context(&Settings::new(), |context| widget.view(context, &things));
        let further = view.expect("a view").further;
        further.iter().map(|further| (further.block, further.count)).collect::<Vec<_>>()
    };
    assert_eq!(further(3), vec![]);
    // Six alerts, of which two are blocks of their own; seven things in the list after them.
    assert_eq!(further(7), [(1, 4), (2, 4)]);
}

#[test]
fn what_is_beyond_the_bounds_of_a_reader_is_counted() {
    for (format, list, key) in [
        ("icalendar", "events", json!({ "left_out": 3 })),
        ("cap", "alerts", json!({ "left_out": 3 })),
        ("csv", "rows", json!({ "cut_off": true })),
        ("csv", "rows", json!({ "truncated": true })),
        ("geojson", "items", json!({ "truncated": true })),
    ] {
        let widget = widget(&format!(
            "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\nformat = \"{format}\"\n\
             [view]\n[[view.block]]\nkind = \"list\"\neach = \"things.{list}\"\nempty = \"'none'\"\n\
             title = \"item.title\"\n",
        ));
        let view = |things: serde_json::Value| {
            let mut tree = key.clone();
            tree[list] = things;
            with_context(&Settings::new(), |context| {
                widget.view(context, &responses("things", tree))
            })
        };
        let expected = key.get("left_out").map_or(1, |_| 3);
        let shown = view(json!([{ "title": "a" }])).expect("a view");
        assert_eq!((shown.omitted, shown.omission_reasons.len()), (expected, 1), "{format}");
        // Nothing is concluded from a part.
        view(json!([])).expect_err("no empty text");
    }
}

#[test]
fn a_truncated_feed_is_counted() {
    let widget = widget(
        "[[request]]\nid = \"things\"\nurl = \"https://example.org/things\"\nformat = \"feed\"\n\
         [view]\n[[view.block]]\nkind = \"list\"\neach = \"things.items\"\ntitle = \"item.title\"\n",
    );
    let left_out = |cut_off: bool| {
        let tree = json!({ "items": [{ "title": "a" }], "cut_off": cut_off });
        let view = with_context(&Settings::new(), |context| {
            widget.view(context, &responses("things", tree))
        });
        let view = view.expect("a view");
        (view.omitted, view.omission_reasons.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(left_out(false), (0, vec![]));
    assert_eq!(left_out(true), (1, vec!["request `things`: its end is missing".to_owned()]));
}

/// A widget with a lookup, in a full list or searched by the service.
fn with_lookup(url: &str) -> ManifestWidget {
    widget(&format!(
        "[[field]]\nid = \"stop\"\nkind = \"lookup\"\nlabel = {{ nl = \"h\", fr = \"a\", de = \"h\", en = \"s\" }}\n\
         [field.lookup]\nurl = \"{url}\"\neach = \"answer.stops\"\nvalue = \"item.id\"\nlabel = \"item.name\"\nnote = \"at(item, 'town')\"\n{THINGS}\
         query = {{ stop = \"settings.stop\", words = \"settings.stop_label\" }}\n"
    ))
}

#[test]
fn a_full_list_of_candidates_is_filtered_by_label() {
    let widget = with_lookup("https://example.org/stops");
    let asked = with_context(&Settings::new(), |context| widget.lookup(context, "stop", "ge"));
    let asked = asked.expect("can be asked").expect("is looked up");
    assert_eq!(
        (asked.id.as_str(), asked.url.as_str()),
        ("stop.choices", "https://example.org/stops")
    );
    assert!(!asked.personal, "the request is the same for everyone");
    let stops = serde_json::json!({ "stops": [
        { "id": 1, "name": "Sint-Genesius-Rode" }, { "id": "2", "name": "Gent-Dampoort", "town": "Gent" },
        { "id": 3, "name": "Brugge" }, { "id": null, "name": "Geel" }, { "id": "2", "name": "Gent-Dampoort" }, { "id": "5", "name": "Génève" }
    ] });
    let response = Response { tree: stops.into() };
    let found = |typed: &str| {
        let found = with_context(&Settings::new(), |context| {
            widget.matches(context, "stop", typed, &response)
        });
        found.expect("can be read").into_iter().map(|one| one.label).collect::<Vec<_>>()
    };
    assert_eq!(found("ge"), ["Gent-Dampoort", "Génève", "Sint-Genesius-Rode", "Brugge"]);
    assert_eq!(found("GENEVE"), ["Génève"]);
    assert_eq!(found("zwein"), Vec::<String>::new());
    let wrong = Response { tree: serde_json::json!({ "stops": [{ "name": "Geel" }] }).into() };
    let refused =
        with_context(&Settings::new(), |context| widget.matches(context, "stop", "ge", &wrong));
    assert!(matches!(refused, Err(Refusal::UnexpectedResponse { .. })), "{refused:?}");
}

#[test]
fn a_search_by_the_service_is_personal() {
    let widget = with_lookup("https://example.org/stops/{typed}");
    let asked =
        with_context(&Settings::new(), |context| widget.lookup(context, "stop", " gent zuid "));
    let asked = asked.expect("can be asked").expect("is looked up");
    assert_eq!(asked.url, "https://example.org/stops/gent%20zuid");
    assert!(asked.personal);
    assert_eq!(widget.fields_sent("stop.choices"), ["stop"]);
    assert_eq!(widget.fields_sent("things"), ["stop"], "the label discloses the same as the value");
}

/// The coverage of a manifest with this `covers`, or its errors.
fn covers(written: &str) -> Result<Coverage, String> {
    let text = manifest(THINGS).replace("covers = \"everywhere\"", written);
    ManifestWidget::read("test", &text, |_| Some(b"{}".to_vec()))
        .map(|widget| widget.manifest.covers)
        .map_err(|errors| errors.to_string())
}

#[test]
fn coverage_is_everywhere_or_areas() {
    let ghent = Area::Municipality("44021".to_owned());
    let netherlands = Area::Country("NL".to_owned());
    assert_eq!(covers("covers = \"everywhere\""), Ok(Coverage::Everywhere));
    assert_eq!(covers(""), Ok(Coverage::Everywhere));
    assert_eq!(covers("covers = \"44021\""), Ok(Coverage::Areas(vec![ghent.clone()])));
    assert_eq!(
        covers("covers = [\"NL\", \"44021\"]"),
        Ok(Coverage::Areas(vec![netherlands, ghent]))
    );
}

#[test]
fn an_unknown_area_has_its_line_and_a_suggestion() {
    let reported = covers("covers = [\n\"BE\",\n\"flandres\"]").expect_err("it is refused");
    assert!(reported.contains("line 6"), "{reported}");
    assert!(reported.contains("`flandres` is not a country"), "{reported}");
    assert!(reported.contains("flanders"), "{reported}");
    let reported = covers("covers = 44021").expect_err("it is refused");
    assert!(reported.contains("line 4"), "{reported}");
}

#[test]
fn the_documentation_is_an_https_page() {
    let page = "documentation = \"https://example.org/docs\"\n";
    let read = widget(&format!("{page}{THINGS}"));
    assert_eq!(read.manifest.documentation.as_deref(), Some("https://example.org/docs"));
    assert_eq!(widget(THINGS).manifest.documentation, None);
    let (message, line) = error(&format!("{}{THINGS}", page.replace("https", "http")));
    assert!(message.contains("must be an `https` page"), "{message}");
    assert_eq!(line, "documentation = \"http://example.org/docs\"");
}

#[test]
fn every_address_of_a_page_is_a_web_address() {
    let places = [
        ("publisher = { name = \"P\", url = \"https://example.org/\" }", "publisher.url"),
        ("licence = { name = \"P\", url = \"https://example.org/\" }", "licence.url"),
        ("owner = { name = \"P\", url = \"https://example.org/\" }", "owner.url"),
        ("documentation = \"https://example.org/\"", "documentation"),
        ("key = { variable = \"VOORDEUR_KEY_P\", url = \"https://example.org/\" }", "key.url"),
    ];
    for (written, key) in places {
        let with = |address: &str| {
            let written = written.replace("https://example.org/", address);
            let name = written.split(' ').next().unwrap_or_default().to_owned();
            let head: Vec<&str> =
                HEAD.lines().filter(|line| !line.starts_with(&format!("{name} "))).collect();
            let sent = if key == "key.url" { "key_header = \"X-ApiKey\"\n" } else { "" };
            let head = head.join("\n");
            let text = format!(
                "{written}\n{}\nhosts = [\"example.org\"]\n{THINGS}{sent}{VIEW}{SAMPLES}",
                head.trim_start()
            );
            ManifestWidget::read("test", &text, |_| Some(b"{}".to_vec())).map(drop)
        };
        with("https://example.org/a?b#c").unwrap_or_else(|errors| panic!("{errors}"));
        for wrong in [
            "javascript:alert(document.cookie)",
            "JavaScript://example.org/%0aalert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "file:///etc/passwd",
            "ftp://example.org/",
            "//example.org/",
            "/page",
            "example.org",
            "https://",
            "",
        ] {
            let Err(errors) = with(wrong) else { panic!("{key} takes {wrong}") };
            let [error] = errors.0.as_slice() else { panic!("more than one: {errors}") };
            let message = error.to_string();
            assert!(message.contains(key) && message.contains("`https://`"), "{message}");
            assert_eq!(error.line, Some(1), "{message}");
        }
    }
}
