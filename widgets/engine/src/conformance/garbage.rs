//! Bronze: garbage is refused or counted. Each fault is put into a response of a sample; then the card
//! may not say that there is nothing, show less without saying so, or show what the response no
//! longer says.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use strum::{IntoStaticStr, VariantArray};
use voordeur_widget_api::{Block, Format, Gauge, Value as Shown, View};

use super::harness::{self, Asker, Outcome};
use super::mutations;
use super::robustness::{self, Baseline, Violations};
use super::{Findings, rule_table, view_text};

/// Names that are renamed in one response, at most: a response has hardly more.
const MOST_NAMES: usize = 150;

/// Names whose content a card shows.
const FEED_NAMES: [&str; 7] =
    ["title", "link", "description", "summary", "pubDate", "published", "updated"];
const CALENDAR_NAMES: [&str; 2] = ["DTSTART", "SUMMARY"];

/// A fault of a response that arrives with status 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr, VariantArray)]
pub enum GarbageFault {
    /// A message that the service is down.
    #[strum(serialize = "maintenance message")]
    Maintenance,
    /// `{}`, or an element without content.
    #[strum(serialize = "empty object")]
    EmptyObject,
    /// `null` in place of a list.
    #[strum(serialize = "null for a list")]
    NullList,
    /// Another name for a key.
    #[strum(serialize = "key renamed")]
    Renamed,
    /// Nothing, as with status 204.
    #[strum(serialize = "no content")]
    NoContent,
    /// A page in HTML.
    #[strum(serialize = "HTML page")]
    Page,
    /// The beginning of the response.
    #[strum(serialize = "truncated")]
    Truncated,
    /// An error in the format of the service.
    #[strum(serialize = "error object")]
    Error,
}

impl GarbageFault {
    /// Its name in documents.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The result of garbage in a widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GarbageVerdict {
    /// It shows no view.
    Refused,
    /// It says that something is left out.
    Counted,
    /// It shows what is still true.
    Unchanged,
    /// It says that there is nothing, or shows less without saying so; how.
    Hidden(String),
    /// It shows what the response does not say; what.
    Changed(String),
}

/// A response with a fault, and what the widget made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GarbageTrial {
    /// The kind of fault.
    pub fault: GarbageFault,
    /// The fault and the request, in words.
    pub case: String,
    /// The result.
    pub verdict: GarbageVerdict,
}

/// Reports each fault that a widget shows as good data.
pub fn check(findings: &mut Findings<'_>, asker: &Asker<'_>) {
    let mut violations = Violations::default();
    for baseline in robustness::baselines(asker) {
        let line = findings.source.line(&baseline.place());
        for trial in trials_of(asker, &baseline) {
            let GarbageVerdict::Hidden(why) = trial.verdict else { continue };
            let what = format!("With {} {why}", trial.case);
            let advice = "Read what must be there by its name (`item.name`, `answer.items + []`, in XML `children(…)`), so that it is refused or counted when it is missing.";
            violations.add(rule_table::GARBAGE, line, what, advice);
        }
    }
    violations.report_to(findings);
}

/// All faults in all responses of the samples.
pub fn trials(asker: &Asker<'_>) -> Vec<GarbageTrial> {
    let baselines = robustness::baselines(asker);
    baselines.iter().flat_map(|baseline| trials_of(asker, baseline)).collect()
}

fn trials_of(asker: &Asker<'_>, baseline: &Baseline<'_>) -> Vec<GarbageTrial> {
    let request = &baseline.answered.request;
    let bodies = baseline.sample.responses.get(request);
    let Some(body) = bodies.and_then(|all| all.get(baseline.answered.nth).or(all.last())) else {
        return Vec::new();
    };
    let format = baseline.answered.format;
    let failed = baseline.with(asker, &Err("failed".to_owned()));
    let mut trials = Vec::new();
    for (fault, name, body) in faulty(format, body) {
        // With status 204, a body may mean what the manifest says.
        if fault == GarbageFault::NoContent && baseline.answered.may_be_empty {
            continue;
        }
        let outcome = baseline.with(asker, &harness::read(format, &body));
        let verdict = match &outcome {
            Outcome::Shown(_) if baseline.answered.optional && outcome == failed => {
                GarbageVerdict::Refused
            }
            Outcome::Shown(view) => judged(&baseline.view, view),
            _ => GarbageVerdict::Refused,
        };
        trials.push(GarbageTrial { fault, case: format!("{name} in `{request}`"), verdict });
    }
    trials
}

/// Bodies with faults, each with its kind and a description.
fn faulty(format: Format, body: &[u8]) -> Vec<(GarbageFault, String, Vec<u8>)> {
    use GarbageFault::{EmptyObject, Error, Maintenance, NoContent, NullList, Page, Truncated};
    let fixed: [(GarbageFault, &str, &str); 11] = [
        (
            Maintenance,
            "a maintenance message",
            "{\"message\":\"The service is down for maintenance\"}",
        ),
        (
            Maintenance,
            "a maintenance message in XML",
            "<response><message>The service is down for maintenance</message></response>",
        ),
        (
            Maintenance,
            "a maintenance message as text",
            "The service is down for maintenance.\nPlease try again later.\n",
        ),
        (EmptyObject, "`{}`", "{}"),
        (EmptyObject, "an empty element", "<response/>"),
        (NoContent, "nothing", ""),
        (NoContent, "a line break", "\r\n"),
        (
            Page,
            "an HTML page",
            "<!doctype html><html><head><title>Maintenance</title></head><body><h1>Back soon</h1><br></body></html>",
        ),
        (
            Error,
            "an error",
            "{\"error\":{\"code\":503,\"message\":\"Internal error\",\"details\":[]}}",
        ),
        (
            Error,
            "a list of errors",
            "{\"errors\":[{\"status\":\"503\",\"detail\":\"Internal error\"}]}",
        ),
        (
            Error,
            "an error in XML",
            "<?xml version=\"1.0\"?><ExceptionReport xmlns=\"http://www.opengis.net/ows/1.1\"><Exception exceptionCode=\"NoApplicableCode\"><ExceptionText>Internal error</ExceptionText></Exception></ExceptionReport>",
        ),
    ];
    let mut all: Vec<_> = fixed
        .into_iter()
        .map(|(fault, name, body)| (fault, name.to_owned(), body.as_bytes().to_vec()))
        .collect();
    for (name, body) in mutations::truncated(format, body) {
        all.push((Truncated, name, body.to_vec()));
    }
    if let Ok(tree) = serde_json::from_slice::<Value>(body) {
        for (name, tree) in without_lists(&tree) {
            all.push((NullList, name, tree.to_string().into_bytes()));
        }
    }
    for (name, body) in renamed(format, body) {
        all.push((GarbageFault::Renamed, format!("`{name}` renamed"), body));
    }
    all
}

/// A response with `null` for each of its lists, and for all.
fn without_lists(tree: &Value) -> Vec<(String, Value)> {
    let lists: Vec<_> =
        mutations::nodes(tree).into_iter().filter(|node| node.list().is_some()).collect();
    let one = lists.iter().map(|node| {
        let occurrences = mutations::Occurrences::All;
        (format!("`null` for {}", node.name()), node.replaced(tree, occurrences, &Value::Null))
    });
    let mut all: Vec<_> = one.collect();
    if let Value::Object(top) = tree {
        let none = |(key, value): (&String, &Value)| {
            (key.clone(), if value.is_array() { Value::Null } else { value.clone() })
        };
        all.push((
            "`null` for all lists".to_owned(),
            Value::Object(top.iter().map(none).collect()),
        ));
    }
    all
}

/// Whether a text is a name in its body, by the text before it and the text after it.
type IsName = fn(&str, &str) -> bool;

/// A body in which a name is another one, for each name in it.
fn renamed(format: Format, body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let text = String::from_utf8_lossy(body);
    if let Ok(tree) = serde_json::from_slice::<Value>(body) {
        let mut names = BTreeSet::new();
        keys(&tree, &mut names);
        // Numbers are data, and not names.
        names.retain(|name| !name.chars().all(|c| c.is_ascii_digit()));
        let with = |name: String| {
            let body = with_key_renamed(&tree, &name).to_string().into_bytes();
            (name, body)
        };
        return names.into_iter().take(MOST_NAMES).map(with).collect();
    }
    let (names, is_name): (_, IsName) = match format {
        Format::Xml | Format::Feed | Format::Cap => (xml_names(&text), |before, after| {
            let starts = before.ends_with(['<', '/', ' ', ':', '\n', '\t']);
            starts && after.starts_with(['>', '/', ' ', '=', '\n', '\r'])
        }),
        Format::ICalendar => (calendar_names(&text), |before, after| {
            before.is_empty() || before.ends_with('\n') && after.starts_with([':', ';'])
        }),
        Format::Csv => (header_names(&text), |before, _| !before.contains('\n')),
        _ => return Vec::new(),
    };
    // A standard fixes the names of what it nests; what it says may be missing or named otherwise.
    let names = names.into_iter().filter(|name| match format {
        Format::Feed => FEED_NAMES.contains(&name.as_str()),
        Format::ICalendar => CALENDAR_NAMES.contains(&name.as_str()),
        _ => true,
    });
    let with = |name: String| {
        let mut body = String::new();
        let mut rest = &*text;
        while let Some(at) = rest.find(&name) {
            let (before, from) = rest.split_at(at);
            let after = &from[name.len()..];
            body.push_str(before);
            body.push_str(&name);
            if is_name(&body[..body.len() - name.len()], after) {
                body.push_str("-x");
            }
            rest = after;
        }
        body.push_str(rest);
        (name, body.into_bytes())
    };
    names.take(MOST_NAMES).map(with).collect()
}

fn keys(tree: &Value, names: &mut BTreeSet<String>) {
    match tree {
        Value::Object(map) => {
            for (key, value) in map {
                names.insert(key.clone());
                keys(value, names);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, names)),
        _ => {}
    }
}

fn with_key_renamed(tree: &Value, name: &str) -> Value {
    match tree {
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                let renamed = if key == name { format!("{key}-x") } else { key.clone() };
                (renamed, with_key_renamed(value, name))
            };
            Value::Object(map.iter().map(entry).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| with_key_renamed(item, name)).collect(),
        other => other.clone(),
    }
}

/// Local names of elements, and names of attributes.
fn xml_names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for tag in text.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if tag.starts_with(['/', '!', '?']) {
            continue;
        }
        let mut words = tag.split([' ', '\n', '\t']);
        let element = words.next().unwrap_or_default().trim_end_matches('/');
        names.extend(element.rsplit(':').next().map(str::to_owned));
        let attributes = words.filter_map(|word| word.split_once('=').map(|(name, _)| name));
        names.extend(attributes.filter_map(|name| name.rsplit(':').next().map(str::to_owned)));
    }
    names.retain(|name| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_'));
    names
}

fn calendar_names(text: &str) -> BTreeSet<String> {
    let name = |line: &str| {
        let end = line.find([':', ';'])?;
        let name = line.get(..end)?;
        let fits = !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '-');
        fits.then(|| name.to_owned())
    };
    text.lines().filter_map(name).collect()
}

fn header_names(text: &str) -> BTreeSet<String> {
    let header = text.lines().next().unwrap_or_default();
    let names = header.split([',', ';', '\t', '|']).map(|name| name.trim().trim_matches('"'));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Compares the view of a faulty response with that of the good one.
fn judged(good: &View, view: &View) -> GarbageVerdict {
    if let Some(text) = says_nothing(good, view) {
        return GarbageVerdict::Hidden(format!("it says “{text}”"));
    }
    let (before, now) = (view_text::item_count(good), view_text::item_count(view));
    if now > before {
        return GarbageVerdict::Changed(format!("it shows {now} things in place of {before}"));
    }
    if view.omitted > good.omitted {
        return GarbageVerdict::Counted;
    }
    if now < before {
        let what = format!("it shows {now} of {before} things, and does not say so");
        return GarbageVerdict::Hidden(what);
    }
    let (known, claims) = (claims(good), claims(view));
    match claims.iter().find(|claim| !known.iter().any(|one| follows(claim, one))) {
        Some(other) => {
            let shown: Vec<String> = other.iter().map(Value::to_string).collect();
            let shown = shown.join(", ");
            GarbageVerdict::Changed(format!("it shows what the response does not say ({shown})"))
        }
        None => GarbageVerdict::Unchanged,
    }
}

/// A text that claims that there is nothing, and that the good view does not have.
pub fn says_nothing(good: &View, view: &View) -> Option<String> {
    view.blocks.iter().find_map(|block| match block {
        Block::Empty { text } if !good.blocks.contains(block) => Some(text.text.clone()),
        _ => None,
    })
}

/// The claims of each thing in a view, apart from its words: its state, figures and times.
fn claims(view: &View) -> Vec<Vec<Value>> {
    let mut claims = Vec::new();
    for block in &view.blocks {
        match block {
            Block::Facts { facts, .. } => claims.extend(
                facts
                    .iter()
                    .map(|fact| vec![value(&fact.value), json!(fact.tone), json!(fact.share)]),
            ),
            Block::List { items, .. } => {
                claims.extend(items.iter().map(|item| vec![json!(item.tag), json!(item.when)]));
            }
            // Without a delay, only the time of the timetable is shown.
            Block::Departures { departures, .. } => claims.extend(departures.iter().map(|one| {
                let delay = if one.delay == 0 { Value::Null } else { json!(one.delay) };
                let arrival = one.leg.as_ref().map(|leg| leg.arrival);
                let news = json!(one.cancelled);
                vec![json!(one.at), delay, news, json!(one.platform), json!(arrival)]
            })),
            Block::Moments { moments, .. } => {
                claims.extend(moments.iter().map(|one| vec![json!(one.start), json!(one.end)]));
            }
            Block::Series { unit, points, .. } => {
                claims.extend(
                    points.iter().map(|one| vec![json!(one.at), json!(one.value), json!(unit)]),
                );
            }
            Block::Table(table) => claims.extend(table.rows.iter().map(|row| {
                row.cells.iter().map(|cell| cell.as_ref().map_or(Value::Null, value)).collect()
            })),
            Block::Alert(alert) => {
                claims.push(vec![json!(alert.severity), json!(alert.start), json!(alert.end)]);
            }
            Block::Places { places, .. } => claims.extend(places.iter().map(|one| {
                vec![json!(one.position), json!(one.tag), json!(one.start), json!(one.end)]
            })),
            Block::Days { now, days, .. } => {
                claims.push(vec![json!(now)]);
                claims.extend(days.iter().map(|one| {
                    vec![
                        json!(one.day),
                        json!(one.sign),
                        json!(one.low),
                        json!(one.high),
                        json!(one.rain),
                        json!(one.wind),
                    ]
                }));
            }
            Block::Gauge(gauge) => {
                let Gauge { value: number, decimals, unit, .. } = gauge;
                let (number, decimals, unit) = (*number, *decimals, unit.clone());
                // The figure claims the same as a fact, which takes its place without a range.
                let figure = value(&Shown::Number { number, decimals, unit });
                claims.push(vec![figure, json!(gauge.tone), Value::Null]);
                claims.push(vec![json!(gauge.low), json!(gauge.high)]);
            }
            Block::Text { .. } | Block::Links { .. } | Block::Empty { .. } => {}
        }
    }
    claims
}

fn value(shown: &Shown) -> Value {
    json!(shown)
}

/// Whether a thing claims nothing that another one does not.
fn follows(claims: &[Value], known: &[Value]) -> bool {
    claims.len() == known.len()
        && claims.iter().zip(known).all(|(claim, known)| claim.is_null() || claim == known)
}

/// Reads a body in its format: for tests of the faults themselves.
#[cfg(test)]
fn tree(format: Format, body: &[u8]) -> Option<std::sync::Arc<Value>> {
    harness::read(format, body).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_renamed_in_each_format_and_nothing_else_is() {
        let json = br#"{"items":[{"name":"items"}],"name":{"name":1}}"#;
        let all = renamed(Format::Json, json);
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["items", "name"]);
        assert_eq!(
            tree(Format::Json, &all[0].1).as_deref(),
            Some(&json!({ "items-x": [{ "name": "items" }], "name": { "name": 1 } }))
        );
        let xml = b"<feed><entry a=\"entry\"><cap:title>a feed</cap:title></entry></feed>";
        let all = renamed(Format::Xml, xml);
        let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "entry", "feed", "title"]);
        let text = |at: usize| String::from_utf8_lossy(&all[at].1).into_owned();
        assert_eq!(
            text(1),
            "<feed><entry-x a=\"entry\"><cap:title>a feed</cap:title></entry-x></feed>"
        );
        assert!(text(3).contains("<cap:title-x>a feed</cap:title-x>"));
        let calendar = b"BEGIN:VEVENT\r\nSUMMARY:SUMMARY: a\r\nEND:VEVENT\r\n";
        let all = renamed(Format::ICalendar, calendar);
        assert_eq!(all.len(), 1);
        assert!(String::from_utf8_lossy(&all[0].1).contains("\nSUMMARY-x:SUMMARY: a"));
        let table = b"name,day\nname,1\n";
        assert_eq!(renamed(Format::Csv, table)[1].1, b"name-x,day\nname,1\n");
    }

    #[test]
    fn what_follows_from_the_good_view_is_not_hidden() {
        let list = |tags: &[Option<&str>]| {
            let item = |tag: &Option<&str>| voordeur_widget_api::ListItem {
                id: String::new(),
                title: "a".into(),
                note: None,
                tag: tag.map(Into::into),
                when: None,
                link: None,
            };
            let items = tags.iter().map(item).collect();
            View { blocks: vec![Block::List { role: None, items }], ..View::default() }
        };
        let good = list(&[Some("open"), Some("closed")]);
        let is_hidden = |view: &View| matches!(judged(&good, view), GarbageVerdict::Hidden(_));
        let is_changed = |view: &View| matches!(judged(&good, view), GarbageVerdict::Changed(_));
        assert_eq!(judged(&good, &good), GarbageVerdict::Unchanged);
        assert_eq!(judged(&good, &list(&[None, Some("closed")])), GarbageVerdict::Unchanged);
        assert!(is_changed(&list(&[Some("planned"), None])));
        assert!(is_hidden(&list(&[None])));
        assert_eq!(judged(&good, &View { omitted: 1, ..list(&[None]) }), GarbageVerdict::Counted);
        assert!(is_changed(&list(&[None, None, None])));
        let empty =
            View { blocks: vec![Block::Empty { text: "Nothing.".into() }], ..View::default() };
        assert!(is_hidden(&empty));
        assert_eq!(judged(&empty, &empty), GarbageVerdict::Unchanged);
        assert!(is_hidden(&View { omitted: 9, ..empty }));
    }
}
