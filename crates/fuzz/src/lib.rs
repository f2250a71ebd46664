//! The fuzz targets: each reader of a format, feed autodiscovery, the expansion of recurrence
//! rules, and the mapping of a manifest.
//!
//! A target must accept any bytes without a panic, within a budget that covers what it builds; and
//! twice as much of the same must not take more than four times as much. `make fuzz` runs the
//! targets with libFuzzer; `widgets/engine/tests/hostile.rs` includes this file and runs them with
//! its own mutator, so that they are part of the ordinary tests.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;
use voordeur_engine::ManifestWidget;
use voordeur_formats::{self as formats, FormatError};
use voordeur_widget_api::{
    Budget, BudgetLimits, Format, Language, Response, Responses, Settings, Widget, WidgetContext,
};

/// The name of a target, which is also that of its directory of seeds, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 14] = [
    ("json", |bytes| read(Format::Json, bytes)),
    ("json_lines", |bytes| read(Format::JsonLines, bytes)),
    ("xml", |bytes| read(Format::Xml, bytes)),
    ("feed", |bytes| read(Format::Feed, bytes)),
    ("csv", |bytes| read(Format::Csv, bytes)),
    ("icalendar", |bytes| read(Format::ICalendar, bytes)),
    ("cap", cap),
    ("geojson", |bytes| read(Format::GeoJson, bytes)),
    ("json_stat", |bytes| read(Format::JsonStat, bytes)),
    ("gtfs_realtime", |bytes| read(Format::GtfsRealtime, bytes)),
    ("html", html),
    ("alternate_links", alternate_links),
    ("recurrence", recurrence),
    ("mapping", mapping),
];

/// Runs the target of this name.
///
/// # Panics
/// When there is no such target, or when the target finds a bug.
pub fn run(name: &str, bytes: &[u8]) {
    let target = TARGETS.iter().find(|(target, _)| *target == name);
    let (_, function) = target.unwrap_or_else(|| panic!("no target {name}"));
    function(bytes);
}

/// The largest growth of what is spent when a response doubles, beside what is constant.
const GROWTH: u64 = 4;

/// The constant part: lists that have just grown, and names and bases of bounded lengths.
const CONSTANT: u64 = 500_000;

/// A reader returns a tree that can be serialized, or an error with a message.
fn read(format: Format, bytes: &[u8]) {
    let Some((tree, once)) = read_within_budget(format, bytes) else { return };
    let Some(doubled) = doubled(format, bytes) else { return };
    let Some((twice_as_much, twice)) = read_within_budget(format, &doubled) else { return };
    // Another delimiter makes another table.
    if tree.get("columns") != twice_as_much.get("columns") {
        return;
    }
    let limit = |once: u64| once * GROWTH + CONSTANT + 64 * bytes.len() as u64;
    assert!(twice.bytes <= limit(once.bytes), "{once:?} became {twice:?}");
    assert!(twice.nodes <= limit(once.nodes), "{once:?} became {twice:?}");
    assert!(twice.steps <= limit(once.steps), "{once:?} became {twice:?}");
}

/// The tree, and what it was charged.
fn read_within_budget(format: Format, bytes: &[u8]) -> Option<(Value, BudgetLimits)> {
    let budget = Budget::default();
    let outcome = formats::read(format, bytes, &budget);
    if !matches!(outcome, Err(FormatError::OverBudget(_))) {
        assert_within_limits(&budget);
    }
    match outcome {
        Ok(tree) => {
            let (charged, held) = (budget.spent().bytes, heap_bytes(&tree) as u64);
            assert!(held <= charged + charged / 4 + 4_096, "{held} bytes for {charged}");
            assert!(serde_json::to_writer(std::io::sink(), &tree).is_ok());
            Some((tree, budget.spent()))
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

fn assert_within_limits(budget: &Budget) {
    let (spent, limits) = (budget.spent(), budget.limits());
    let is_within =
        spent.bytes <= limits.bytes && spent.nodes <= limits.nodes && spent.steps <= limits.steps;
    assert!(is_within, "{spent:?}");
}

/// The memory that a tree holds at least, computed without the estimates of the readers.
fn heap_bytes(tree: &Value) -> usize {
    match tree {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.capacity(),
        Value::Array(list) => {
            let slots = list.capacity() * size_of::<Value>();
            slots + list.iter().map(heap_bytes).sum::<usize>()
        }
        Value::Object(map) => {
            // Nodes have eleven entries each.
            let entry = size_of::<String>() + size_of::<Value>();
            let nodes = map.len().div_ceil(11) * 11 * entry;
            let members = map.iter().map(|(key, value)| key.capacity() + heap_bytes(value));
            nodes + members.sum::<usize>()
        }
    }
}

/// A response with everything of this one twice; `None` when there is no simple one.
fn doubled(format: Format, bytes: &[u8]) -> Option<Vec<u8>> {
    // A declaration or a byte order mark is at the start only.
    let is_plain = |bytes: &[u8]| bytes.is_ascii() && !bytes.contains(&0);
    let between = |start: &str, middle: &str, end: &str| {
        let parts = [start.as_bytes(), bytes, middle.as_bytes(), bytes, end.as_bytes()];
        is_plain(bytes).then(|| parts.concat())
    };
    let is_declared = bytes.windows(2).any(|pair| pair == b"<?" || pair == b"<!");
    match format {
        Format::Json => between("[", ",", "]"),
        Format::JsonLines | Format::Csv | Format::ICalendar => between("", "\n", ""),
        Format::Feed if bytes.trim_ascii_start().starts_with(b"<") => between("", "", ""),
        Format::Xml if !is_declared => between("<all>", "", "</all>"),
        Format::Cap if !is_declared => {
            between("<feed><entry>", "</entry><entry>", "</entry></feed>")
        }
        Format::GeoJson => between("{\"features\":[", ",", "]}"),
        Format::JsonStat => between("{\"a\":", ",\"b\":", "}"),
        Format::GtfsRealtime => Some([bytes, bytes].concat()),
        Format::Xml | Format::Cap | Format::Feed => None,
    }
}

/// The life of whatever alerts were read takes no more than a budget.
fn cap(bytes: &[u8]) {
    read(Format::Cap, bytes);
    let Some((tree, _)) = read_within_budget(Format::Cap, bytes) else { return };
    let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH);
    for select in [formats::alerts, formats::lifted_alerts] {
        let budget = Budget::default();
        match select(&tree, now, &TimeZone::UTC, Language::Nl, &budget) {
            Ok(rows) => {
                assert_within_limits(&budget);
                assert!(serde_json::to_writer(std::io::sink(), &rows).is_ok());
            }
            Err(error) => assert!(matches!(error, FormatError::OverBudget(_)), "{error}"),
        }
    }
}

/// The text of a page is at most a fifth longer than the page.
fn html(bytes: &[u8]) {
    let html = String::from_utf8_lossy(bytes);
    assert!(formats::html_to_text(&html).len() <= html.len() + html.len() / 5);
}

fn alternate_links(bytes: &[u8]) {
    let links = formats::alternate_links(bytes, "https://example.org/a/", &[Format::Feed]);
    assert!(links.len() <= 50);
    for url in links {
        assert!(url.starts_with("http") && url.len() <= 2_000, "{url}");
    }
}

/// The input is a window of days (eight bytes) and a calendar.
fn recurrence(bytes: &[u8]) {
    let Some((window, calendar)) = bytes.split_at_checked(8) else { return };
    let number = |at: usize| i64::from(u16::from_le_bytes([window[at], window[at + 1]]));
    let day = |year: i64, days: i64| {
        let first = Date::new((year % 10_000) as i16, 1, 1).ok()?;
        first.checked_add(jiff::Span::new().days(days)).ok()
    };
    let (Some(from), Some(until)) =
        (day(number(0), number(2) % 366), day(number(4), number(6) % 366))
    else {
        return;
    };
    let zone = TimeZone::get("Europe/Brussels").unwrap_or(TimeZone::UTC);
    let Some((tree, _)) = read_within_budget(Format::ICalendar, calendar) else { return };
    let budget = Budget::default();
    let Ok(found) = formats::occurrences(&tree, from, until, &zone, &budget) else { return };
    assert_within_limits(&budget);
    let held: usize = found.iter().map(heap_bytes).sum();
    let charged = budget.spent().bytes;
    assert!(held as u64 <= charged + charged / 4 + 4_096, "{held} bytes for {charged}");
    assert!(found.len() <= 1_000);
    assert!(
        found.iter().all(|event| event["start"].is_string() && event.get("recurrence").is_none())
    );
}

/// The kinds of block with their required keys beside `each`. Names in braces are placeholders for
/// expressions of the input.
const KINDS: [(&str, &str); 9] = [
    ("text", "text = {words}"),
    ("facts", "label = {words}\nvalue = {number}\nnote = {note}\nas = {note}\nshare = {number}"),
    ("list", "title = {words}\nnote = {note}\nat = {when}\nlink = {note}"),
    ("departures", "at = {when}\nto = {words}\ndelay = {number}\nline = {note}"),
    ("moments", "start = {when}\nend = {when}\ntitle = {words}"),
    ("series", "label = \"'a'\"\nunit = \"'b'\"\nat = {when}\nvalue = {number}"),
    ("table", "columns = \"['a', 'b']\"\ncells = '[named, item]'\nlink = {note}"),
    ("alert", "severity = {note}\ntitle = {words}\nstart = {when}"),
    (
        "places",
        "centre = '[50.8, 4.4]'\nradius = '9'\ntitle = {words}\nlatitude = {number}\nlongitude = {number}",
    ),
];

/// The input is the kind of a block, seven expressions and a response, separated by zero bytes.
fn mapping(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split('\0');
    let kind = parts.next().unwrap_or_default();
    let (kind, keys) =
        KINDS.iter().find(|(name, _)| *name == kind).unwrap_or(&KINDS[bytes.len() % KINDS.len()]);
    // A JSON string is also a TOML string.
    let mut quoted = || serde_json::Value::from(parts.next().unwrap_or("item")).to_string();
    let (each, keep, sort) = (quoted(), quoted(), quoted());
    let mut block = format!("kind = \"{kind}\"\n");
    if *kind != "text" {
        block.push_str(&format!("each = {each}\nkeep = {keep}\nsort = {sort}\n"));
        block.push_str("empty = \"texts.none\"\n");
    }
    let mut filled = (*keys).to_owned();
    for name in ["{words}", "{note}", "{when}", "{number}"] {
        let expression = quoted();
        if *kind == "table" && name == "{words}" {
            block.push_str(&format!("let = {{ named = {expression} }}\n"));
        }
        filled = filled.replace(name, &expression);
    }
    let manifest = format!("{MANIFEST}{block}{filled}\n{SAMPLES}");
    let response = parts.next().unwrap_or_default();
    let Ok(widget) =
        ManifestWidget::read("fuzzed", &manifest, |_| Some(response.as_bytes().to_vec()))
    else {
        return;
    };
    let tree = serde_json::from_str(response).unwrap_or_default();
    let responses =
        Responses::from([("things".to_owned(), vec![Response { tree: Arc::new(tree) }])]);
    let zone = TimeZone::get("Europe/Brussels").unwrap_or(TimeZone::UTC);
    let settings = Settings::default();
    let now = jiff::Timestamp::constant(1_795_000_000, 0);
    let context = WidgetContext {
        settings: &settings,
        place: None,
        language: Language::Nl,
        now,
        zone: &zone,
        budget: &Budget::default(),
    };
    let _ = widget.requests(&context, &Responses::new());
    let _ = widget.view(&context, &responses);
}

const MANIFEST: &str = r#"
name = { nl = "a", fr = "a", de = "a", en = "a" }
summary = { nl = "a", fr = "a", de = "a", en = "a" }
theme = "home-and-street"
covers = "everywhere"
icon = "calendar"
publisher = { name = "a", url = "https://example.org/" }
licence = { name = "a" }
hosts = ["example.org"]
pace = "1 h"
size = { best = "narrow", smallest = "narrow" }
evidence = "documented"

[texts]
none = { nl = "a", fr = "a", de = "a", en = "a" }

[[request]]
id = "things"
url = "https://example.org/things"
format = "json"

[view]
page = "'https://example.org/'"

[[view.block]]
"#;

const SAMPLES: &str = r#"
[[sample]]
name = "normal"
moment = "2026-11-23T07:36:00+00:00"
answers = { things = "a.json" }

[[sample]]
name = "empty"
moment = "2026-11-23T07:36:00+00:00"
answers = { things = "a.json" }

[[sample]]
name = "malformed"
moment = "2026-11-23T07:36:00+00:00"
answers = { things = "a.json" }
"#;
