//! Blocks for formats that define their content: feeds, calendars, alerts, statistics and
//! transport.

use std::fmt::Write as _;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;
use voordeur_formats as formats;
use voordeur_widget_api::{Budget, Language};

use super::{ScaffoldError, quoted, texts};

/// Placeholder of the text for an empty list.
const EMPTY_TEXT: &str = "what to say when there is nothing.";

/// Text about what was lifted.
const LIFTED_TEXT: &str = "lifted = { nl = \"De laatste uren ingetrokken: {what}.\", \
    fr = \"Levé ces dernières heures : {what}.\", \
    de = \"In den letzten Stunden aufgehoben: {what}.\", \
    en = \"Withdrawn in the last hours: {what}.\" }";

/// Moments that are tried for the sample of alerts.
const MAX_MOMENTS: usize = 50;

/// A block, and the tables before the requests that it needs.
pub struct FormatBlock {
    /// `[texts]` and `[let]`, if any.
    pub before: String,
    pub block: String,
}

fn list<'a>(tree: &'a Value, key: &str) -> Result<&'a Vec<Value>, ScaffoldError> {
    let list = tree.get(key).and_then(Value::as_array);
    list.filter(|list| !list.is_empty()).ok_or(ScaffoldError::NoRecords)
}

fn block(kind: &str, each: &str, lines: &[(&str, String)]) -> String {
    let mut block = format!("[[view.block]]\nkind = \"{kind}\"\neach = {}\n", quoted(each));
    for (key, expression) in lines {
        let _ = writeln!(block, "{key} = {}", quoted(expression));
    }
    let _ = writeln!(block, "empty = {}", texts(EMPTY_TEXT));
    block
}

fn any_has(list: &[Value], keys: &[&str]) -> bool {
    list.iter()
        .any(|item| keys.iter().any(|key| item[*key].as_str().is_some_and(|t| !t.is_empty())))
}

/// Block of a feed: title, link and moment of its items, marked with their language. They are in
/// order, and each stands there once, as the format does that.
pub fn feed(tree: &Value) -> Result<FormatBlock, ScaffoldError> {
    let items = list(tree, "items")?;
    let words = "coalesce(item.title, item.summary)";
    let title = match any_has(items, &["language"]) {
        true => format!("in_language({words}, item.language)"),
        false => words.to_owned(),
    };
    let mut lines = Vec::new();
    if !items.iter().all(|item| any_has(std::slice::from_ref(item), &["title", "summary"])) {
        lines.push(("keep", format!("coalesce({words}, '') != ''")));
    }
    lines.push(("title", title));
    // A key without a value in any item is left out.
    if any_has(items, &["date"]) {
        lines.push(("at", "coalesce(moment(item.date), day(item.date))".to_owned()));
    }
    if any_has(items, &["link"]) {
        lines.push(("link", "item.link".to_owned()));
    }
    let block = block("list", "answer.items", &lines).replacen("\nkeep", "\nlimit = 10\nkeep", 1);
    Ok(FormatBlock { before: String::new(), block: limited(block, 10) })
}

/// Inserts a limit after the list of a block.
fn limited(block: String, limit: usize) -> String {
    if block.contains("\nlimit = ") {
        return block;
    }
    let at = block.match_indices('\n').nth(2).map_or(block.len(), |(at, _)| at + 1);
    format!("{}limit = {limit}\n{}", &block[..at], &block[at..])
}

/// Days for which a draft shows a calendar: the first that has something.
const CALENDAR_DAYS: [i32; 2] = [60, 366];
/// Events of a calendar that a sample needs at most.
const SHOWN_EVENTS: usize = 30;

/// Block of a calendar: what comes, each time that it recurs, without what is cancelled; and the
/// events that are shown. A calendar that is over shows its past.
pub fn calendar(tree: &Value, now: Timestamp) -> Result<(FormatBlock, Vec<usize>), ScaffoldError> {
    let events = list(tree, "events")?;
    let today = now.to_zoned(TimeZone::UTC).date();
    let within = |days: &i32| {
        let until = today.checked_add(days.days()).ok()?;
        let budget = Budget::default();
        let found = formats::occurrences(tree, today, until, &TimeZone::UTC, &budget).ok()?;
        (!found.is_empty()).then_some((*days, found))
    };
    let (each, coming) = match CALENDAR_DAYS.iter().find_map(within) {
        Some((days, found)) => {
            (format!("occurrences(answer, today, add_days(today, {days}))"), found)
        }
        None => ("answer.events".to_owned(), Vec::new()),
    };
    let mut conditions = vec!["item.status != 'cancelled'"];
    if !events.iter().all(|event| any_has(std::slice::from_ref(event), &["title"])) {
        conditions.push("coalesce(item.title, '') != ''");
    }
    if !coming.is_empty() {
        conditions.push("(item.all_day || coalesce(moment(item.end), moment(item.start)) >= now)");
    }
    let mut lines = vec![("keep", conditions.join(" && "))];
    // Occurrences are in order already.
    if coming.is_empty() {
        lines.push(("sort", "item.start".to_owned()));
    }
    let read = |key: &str| format!("item.all_day ? item.{key} : moment(item.{key})");
    lines.push(("start", read("start")));
    lines.push(("end", format!("item.end == null ? null : {}", read("end"))));
    lines.push(("title", "item.title".to_owned()));
    lines.push(("note", "item.location".to_owned()));
    if any_has(events, &["link"]) {
        lines.push(("link", "item.link".to_owned()));
    }
    let uids = coming.iter().take(SHOWN_EVENTS).filter_map(|event| event["uid"].as_str());
    let uids: std::collections::HashSet<&str> = uids.filter(|uid| !uid.is_empty()).collect();
    let is_shown = |event: &&Value| event["uid"].as_str().is_some_and(|uid| uids.contains(uid));
    let shown = (0..events.len()).filter(|at| events.get(*at).filter(is_shown).is_some()).collect();
    let block = limited(block("moments", &each, &lines), 10);
    Ok((FormatBlock { before: String::new(), block }, shown))
}

/// Block of alerts: those that hold, each in the citizen's language, and a notice of those that
/// were lifted.
pub fn alerts(tree: &Value) -> Result<FormatBlock, ScaffoldError> {
    let alerts = list(tree, "alerts")?;
    let words = |expression: &str| format!("in_language({expression}, item.spoken)");
    let mut lines = vec![
        ("severity", "item.severity".to_owned()),
        ("title", words("coalesce(item.headline, item.title, item.event)")),
    ];
    if any_has(alerts, &["description", "instruction"]) {
        lines.push(("text", words("coalesce(item.description, item.instruction)")));
    }
    lines.push(("area", "join(item.areas.map(a, a.description), ', ')".to_owned()));
    lines.push(("start", "moment(item.start)".to_owned()));
    lines.push(("end", "moment(item.end)".to_owned()));
    if any_has(alerts, &["web", "link"]) {
        lines.push(("link", "coalesce(item.web, item.link)".to_owned()));
    }
    let notice = "size(lifted) == 0 ? null \
        : replace(texts.lifted, '{what}', join(unique_by(lifted, lifted), ', '))";
    let lifted = "lifted_alerts(answer, now).map(a, coalesce(a.headline, a.title, a.event))";
    let before = format!("[texts]\n{LIFTED_TEXT}\n\n[let]\nlifted = {}\n\n", quoted(lifted));
    let block = limited(block("alert", "alerts(answer, now)", &lines), 20);
    let block = format!("[view]\nnotices = [{}]\n\n{block}", quoted(notice));
    Ok(FormatBlock { before, block })
}

/// The moment at which the sample of a draft is seen: now, or else the last at which one of the
/// alerts held.
pub fn moment_of_alerts(tree: &Value, now: Timestamp) -> Timestamp {
    let holds = |at: &Timestamp| {
        let held = formats::alerts(tree, *at, &TimeZone::UTC, Language::En, &Budget::default());
        held.is_ok_and(|held| !held.is_empty())
    };
    let read = |value: &Value| value.as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let begins = |alert: &Value| {
        let moments = ["sent", "onset", "effective"].iter().map(|key| read(&alert[*key]));
        moments.flatten().max()
    };
    let alerts = tree.get("alerts").and_then(Value::as_array).into_iter().flatten();
    let mut candidates: Vec<Timestamp> = alerts.filter_map(begins).collect();
    candidates.sort_unstable();
    candidates.dedup();
    let tried = std::iter::once(now).chain(candidates.into_iter().rev().take(MAX_MOMENTS));
    tried.into_iter().find(holds).unwrap_or(now)
}

/// Block of a statistics table: the dimensions that vary, and the value.
pub fn statistics(tree: &Value) -> Result<FormatBlock, ScaffoldError> {
    list(tree, "rows")?;
    let ids: Vec<&str> = list(tree, "ids")?.iter().filter_map(Value::as_str).collect();
    let usable = |id: &&str| !id.contains(['\'', '\\']);
    let many = |id: &&str| {
        let categories = tree["dimensions"][*id]["categories"].as_array();
        categories.is_some_and(|categories| categories.len() > 1)
    };
    let mut any_has: Vec<&str> = ids.iter().copied().filter(usable).filter(many).collect();
    if any_has.is_empty() {
        any_has.extend(ids.iter().copied().rfind(usable));
    }
    let columns =
        any_has.iter().map(|id| format!("coalesce(answer.dimensions['{id}'].label, '{id}')"));
    let cells = any_has.iter().map(|id| format!("coalesce(item['{id}_label'], item['{id}'])"));
    let columns: Vec<String> = columns.chain(["texts.value".to_owned()]).collect();
    let cells: Vec<String> = cells.chain(["item.value".to_owned()]).collect();
    let time =
        ["time", "year", "month", "quarter", "period", "tid", "jaar", "année", "jahr", "año"];
    let time = ids.iter().copied().filter(usable).find(|id| {
        let id = id.to_lowercase();
        time.iter().any(|name| id.contains(name))
    });
    let mut lines = vec![("keep", "item.value != null".to_owned())];
    lines.extend(time.map(|id| ("sort", format!("item['{id}']"))));
    lines.push(("columns", format!("[{}]", columns.join(", "))));
    lines.push(("cells", format!("[{}]", cells.join(", "))));
    let mut block = block("table", "answer.rows", &lines);
    if time.is_some() {
        block = block.replacen("\ncolumns", "\ndescending = true\ncolumns", 1);
    }
    let before = format!("[texts]\nvalue = {}\n\n", texts("what is counted"));
    Ok(FormatBlock { before, block: limited(block, 20) })
}

/// Block of a public transport feed: alerts, else vehicles, else trips.
pub fn transport(tree: &Value) -> Result<FormatBlock, ScaffoldError> {
    let entities = list(tree, "entity")?;
    let any = |key: &str| entities.iter().any(|entity| entity.get(key).is_some());
    let only = |key: &str| ("keep", format!("has(item.{key})"));
    let line = |key, expression: &str| (key, expression.to_owned());
    let block = if any("alert") {
        let mut lines = vec![
            ("keep", "translated(at(item, 'alert.headerText')) != null".to_owned()),
            line("title", "translated(at(item, 'alert.headerText'))"),
            line("note", "translated(at(item, 'alert.descriptionText'))"),
        ];
        if entities.iter().any(|entity| entity["alert"].get("url").is_some()) {
            lines.push(line("link", "translated(at(item, 'alert.url'))"));
        }
        block("list", "answer.entity", &lines)
    } else if any("vehicle") {
        let place = entities.iter().find_map(|entity| {
            let position = &entity["vehicle"]["position"];
            Some((position["latitude"].as_f64()?, position["longitude"].as_f64()?))
        });
        let (north, east) = place.unwrap_or_default();
        let lines = [
            ("keep", "at(item, 'vehicle.position.latitude') != null".to_owned()),
            ("centre", format!("[{north:?}, {east:?}]")),
            line("radius", "5000.0"),
            line(
                "title",
                "string(coalesce(at(item, 'vehicle.vehicle.label'), at(item, 'vehicle.trip.routeId'), at(item, 'id')))",
            ),
            line("latitude", "number(at(item, 'vehicle.position.latitude'))"),
            line("longitude", "number(at(item, 'vehicle.position.longitude'))"),
        ];
        block("places", "answer.entity", &lines)
    } else {
        let lines = [
            only("tripUpdate"),
            line(
                "title",
                "coalesce(at(item, 'tripUpdate.trip.routeId'), at(item, 'tripUpdate.trip.tripId'), at(item, 'id'))",
            ),
            line(
                "at",
                "moment(coalesce(at(item, 'tripUpdate.stopTimeUpdate.0.departure.time'), at(item, 'tripUpdate.stopTimeUpdate.0.arrival.time'), at(item, 'tripUpdate.timestamp')))",
            ),
        ];
        block("list", "answer.entity", &lines)
    };
    Ok(FormatBlock { before: String::new(), block: limited(block, 20) })
}
