//! The samples of a scaffold, made from its response.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use voordeur_widget_api::{Budget, Format, Language};

use super::format_detection::{DetectedFormat, begins_with_a_tag};
use super::record_list;
use voordeur_formats as formats;

/// In bytes; a larger response is shortened, since a sample only shows the structure.
const MAX_SAMPLE_BYTES: usize = 8_000;
/// In bytes; limit for formats that lose their form when shortened.
const MAX_WHOLE_BYTES: usize = 60_000;
/// Numbers of records to keep, tried in order.
const RECORD_COUNTS: [usize; 6] = [20, 10, 5, 3, 2, 1];

pub struct SampleSource<'a> {
    pub detected: DetectedFormat,
    pub bytes: &'a [u8],
    pub tree: &'a Value,
    /// Path of the records, in JSON and XML.
    pub path: &'a [String],
    /// Indices of the records that the block shows.
    pub shown: &'a [usize],
    /// Whether the block leaves out the other records: the first sample is to be complete.
    pub omits: bool,
    /// The moment of the samples.
    pub now: Timestamp,
}

/// File extension and content.
pub type Sample = (&'static str, Vec<u8>);

impl SampleSource<'_> {
    /// The samples `normal`, `empty` and `malformed`.
    pub fn samples(&self) -> [Sample; 3] {
        [self.normal(), self.with_no_records(), self.malformed()]
    }

    /// The response, shortened to its first records when it is large.
    fn normal(&self) -> Sample {
        let extension = self.detected.extension(self.bytes);
        let largest = match self.detected {
            DetectedFormat::Feed
            | DetectedFormat::Calendar
            | DetectedFormat::Cap
            | DetectedFormat::GtfsRealtime => MAX_WHOLE_BYTES,
            _ => MAX_SAMPLE_BYTES,
        };
        if self.omits
            && let Some(complete) = self.shortened(self.shown.len())
            && complete.1.len() <= largest
        {
            return complete;
        }
        if self.bytes.len() <= largest {
            return (extension, self.bytes.to_vec());
        }
        let mut shortest = (extension, self.bytes.to_vec());
        for kept in RECORD_COUNTS {
            if let Some(shortened) = self.shortened(kept)
                && shortened.1.len() < shortest.1.len()
            {
                shortest = shortened;
            }
            if shortest.1.len() <= largest {
                break;
            }
        }
        shortest
    }

    fn shortened(&self, kept: usize) -> Option<Sample> {
        let usual = self.detected.extension(self.bytes);
        let of = |tree: &Value, path: &[String]| {
            let records = tree.pointer(&pointer(path))?.as_array()?;
            let shown = self.shown.iter().filter_map(|at| records.get(*at)).take(kept);
            let some: Vec<Value> = if self.shown.is_empty() {
                records.iter().take(kept).cloned().collect()
            } else {
                shown.cloned().collect()
            };
            Some(replaced(tree, path, Value::Array(some)))
        };
        match self.detected {
            DetectedFormat::Json => Some((usual, pretty(&of(self.tree, self.path)?))),
            DetectedFormat::Xml => Some((usual, markup("answer", &of(self.tree, self.path)?))),
            // The tree does not contain the geometries.
            DetectedFormat::GeoJson => {
                let whole = formats::read(Format::Json, self.bytes, &Budget::default()).ok()?;
                Some((usual, pretty(&of(&whole, &["features".to_owned()])?)))
            }
            DetectedFormat::GtfsRealtime => {
                Some(("json", pretty(&of(self.tree, &["entity".to_owned()])?)))
            }
            DetectedFormat::Csv => {
                let some = of(self.tree, &["rows".to_owned()])?;
                Some((usual, table(&some)))
            }
            DetectedFormat::Feed => Some(("xml", atom(self.tree, kept))),
            DetectedFormat::Calendar => {
                let event = |at: &usize| self.tree["events"][*at]["uid"].as_str();
                let uids: Vec<&str> = self.shown.iter().filter_map(event).collect();
                Some((usual, calendar_of(self.bytes, kept, &uids)?))
            }
            DetectedFormat::Cap => {
                let is_xml = begins_with_a_tag(self.bytes);
                let format = if is_xml { Format::Xml } else { Format::Json };
                let whole = formats::read(format, self.bytes, &Budget::default()).ok()?;
                let path = record_list::find(&whole, is_xml)?.path;
                let some = self.alerts_that_hold(&whole, &path, kept)?;
                if !is_xml {
                    return Some((usual, pretty(&some)));
                }
                let root = if path.contains(&"channel".to_owned()) {
                    "rss"
                } else if path.contains(&"info".to_owned()) {
                    "alert"
                } else {
                    "feed"
                };
                Some((usual, markup(root, &some)))
            }
            DetectedFormat::JsonStat => {
                let mut whole = formats::read(Format::Json, self.bytes, &Budget::default()).ok()?;
                sets(&mut whole, &mut |set| thinned(set, kept));
                Some((usual, pretty(&whole)))
            }
        }
    }

    /// The response with the first of its alerts, those before all others that hold.
    fn alerts_that_hold(&self, whole: &Value, path: &[String], kept: usize) -> Option<Value> {
        let budget = Budget::default();
        let held = formats::alerts(self.tree, self.now, &TimeZone::UTC, Language::En, &budget);
        let held = held.ok()?;
        let ids: Vec<&str> = held.iter().filter_map(|alert| alert["identifier"].as_str()).collect();
        let records = whole.pointer(&pointer(path))?.as_array()?;
        let holds = |record: &&Value| {
            let text = record.to_string();
            ids.iter().any(|id| text.contains(id))
        };
        let (mut some, rest): (Vec<&Value>, Vec<&Value>) = records.iter().partition(holds);
        some.extend(rest);
        let some = some.into_iter().take(kept).cloned().collect();
        Some(replaced(whole, path, Value::Array(some)))
    }

    /// The response without records.
    fn with_no_records(&self) -> Sample {
        let usual = self.detected.extension(self.bytes);
        let none = || replaced(self.tree, self.path, Value::Array(Vec::new()));
        match self.detected {
            DetectedFormat::Json => (usual, pretty(&none())),
            DetectedFormat::Xml => (usual, markup("answer", &none())),
            DetectedFormat::Feed => ("xml", feed("")),
            DetectedFormat::GeoJson => (usual, features("")),
            DetectedFormat::Csv => {
                (usual, row(self.tree["columns"].as_array().into_iter().flatten()))
            }
            DetectedFormat::Calendar => (usual, calendar("")),
            DetectedFormat::Cap if !begins_with_a_tag(self.bytes) => {
                (usual, pretty(&json!({ "alerts": [] })))
            }
            DetectedFormat::Cap => {
                (usual, b"<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>\n".to_vec())
            }
            DetectedFormat::GtfsRealtime => (
                "json",
                pretty(&json!({ "header": { "gtfsRealtimeVersion": "2.0" }, "entity": [] })),
            ),
            DetectedFormat::JsonStat => {
                let mut whole =
                    formats::read(Format::Json, self.bytes, &Budget::default()).unwrap_or_default();
                sets(&mut whole, &mut |set| thinned(set, 0));
                (usual, pretty(&whole))
            }
        }
    }

    /// The response with another value in place of its records.
    fn malformed(&self) -> Sample {
        let usual = self.detected.extension(self.bytes);
        let with = |wrong: Value| replaced(self.tree, self.path, wrong);
        match self.detected {
            DetectedFormat::Json => (usual, pretty(&with(Value::from("no list")))),
            DetectedFormat::Xml => {
                (usual, markup("answer", &with(Value::Array(vec![Value::Object(Map::new())]))))
            }
            DetectedFormat::Feed => ("xml", feed("<item/>")),
            DetectedFormat::GeoJson => (usual, features("{ \"type\": \"Feature\" }")),
            DetectedFormat::Csv => (usual, b"other,columns\n1,2\n".to_vec()),
            DetectedFormat::Calendar => (
                usual,
                // It is among the days that are shown, whichever they are.
                calendar(
                    "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20200101\r\n\
                    RRULE:FREQ=MONTHLY\r\nEND:VEVENT\r\n",
                ),
            ),
            DetectedFormat::Cap if !begins_with_a_tag(self.bytes) => {
                (usual, pretty(&json!({ "alerts": "no list" })))
            }
            DetectedFormat::Cap => (usual, b"<alert></alert>\n".to_vec()),
            DetectedFormat::GtfsRealtime => ("json", b"{ \"entity\": [] }\n".to_vec()),
            DetectedFormat::JsonStat => (usual, b"{ \"dimension\": \"no table\" }\n".to_vec()),
        }
    }
}

fn pretty(tree: &Value) -> Vec<u8> {
    format!("{tree:#}\n").into_bytes()
}

fn markup(root: &str, tree: &Value) -> Vec<u8> {
    let mut text = String::new();
    element(root, tree, &mut text);
    text.push('\n');
    text.into_bytes()
}

/// Calls `change` with each data set of a JSON-stat response.
fn sets(tree: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match tree {
        Value::Object(set) if set.contains_key("dimension") => change(set),
        Value::Object(map) => map.values_mut().for_each(|inner| sets(inner, change)),
        _ => {}
    }
}

/// Keeps the first values of a data set; absent values are empty cells.
fn thinned(set: &mut Map<String, Value>, kept: usize) {
    let values: Map<String, Value> = match set.get("value") {
        Some(Value::Array(list)) => {
            list.iter().enumerate().map(|(at, value)| (at.to_string(), value.clone())).collect()
        }
        Some(Value::Object(map)) => map.clone(),
        _ => Map::new(),
    };
    let values: Map<String, Value> =
        values.into_iter().filter(|(_, value)| !value.is_null()).take(kept).collect();
    set.insert("value".to_owned(), Value::Object(values));
    set.remove("status");
}

/// A feed with these items: all feed formats are read into the same tree.
fn feed(items: &str) -> Vec<u8> {
    format!("<rss version=\"2.0\"><channel><title>Feed</title>{items}</channel></rss>\n")
        .into_bytes()
}

/// The first items of a feed, as Atom.
fn atom(tree: &Value, kept: usize) -> Vec<u8> {
    let text = |of: &Value, key: &str| escaped(of[key].as_str().unwrap_or_default());
    let mut feed = format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n",
        text(tree, "language"),
        text(tree, "title")
    );
    for item in tree["items"].as_array().into_iter().flatten().take(kept) {
        feed.push_str("<entry>");
        for key in ["id", "title", "summary", "published", "updated"] {
            if item[key].is_string() {
                let _ = write!(feed, "<{key}>{}</{key}>", text(item, key));
            }
        }
        if item["link"].is_string() {
            let _ = write!(feed, "<link href=\"{}\"/>", text(item, "link"));
        }
        feed.push_str("</entry>\n");
    }
    feed.push_str("</feed>\n");
    feed.into_bytes()
}

fn features(features: &str) -> Vec<u8> {
    format!("{{ \"type\": \"FeatureCollection\", \"features\": [{features}] }}\n").into_bytes()
}

fn calendar(events: &str) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Voordeur//draft//EN\r\n{events}END:VCALENDAR\r\n")
        .into_bytes()
}

/// A calendar with the first of the events that have one of these `UID`s, or of all when there are
/// none.
fn calendar_of(bytes: &[u8], kept: usize, uids: &[&str]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (before, mut rest) = text.split_at(text.find("BEGIN:VEVENT")?);
    let mut some = before.to_owned();
    let mut left = kept;
    while left > 0 {
        let Some(start) = rest.find("BEGIN:VEVENT") else { break };
        let end = rest.find("END:VEVENT")? + "END:VEVENT".len();
        let event = rest.get(start..end)?;
        let uid = event.lines().find_map(|line| line.strip_prefix("UID:"));
        if uids.is_empty() || uid.is_some_and(|uid| uids.contains(&uid.trim())) {
            some.push_str(event);
            some.push_str("\r\n");
            left -= 1;
        }
        rest = rest.get(end..)?;
    }
    some.push_str("END:VCALENDAR\r\n");
    Some(some.into_bytes())
}

fn table(tree: &Value) -> Vec<u8> {
    let columns = tree["columns"].as_array().cloned().unwrap_or_default();
    let mut table = row(columns.iter());
    for record in tree["rows"].as_array().into_iter().flatten() {
        let cell = |column: &Value| {
            column.as_str().and_then(|column| record.get(column)).cloned().unwrap_or_default()
        };
        let cells: Vec<Value> = columns.iter().map(cell).collect();
        table.extend(row(cells.iter()));
    }
    table
}

fn row<'a>(cells: impl Iterator<Item = &'a Value>) -> Vec<u8> {
    let quoted = |cell: &Value| {
        let text = cell.as_str().unwrap_or_default();
        format!("\"{}\"", text.replace('"', "\"\""))
    };
    let cells: Vec<String> = cells.map(quoted).collect();
    (cells.join(",") + "\n").into_bytes()
}

fn replaced(tree: &Value, path: &[String], by: Value) -> Value {
    let mut tree = tree.clone();
    if let Some(place) = tree.pointer_mut(&pointer(path)) {
        *place = by;
    }
    tree
}

fn pointer(path: &[String]) -> String {
    path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1"))).collect()
}

/// Writes an XML tree as XML, without namespaces.
fn element(name: &str, tree: &Value, text: &mut String) {
    let Value::Object(map) = tree else { return };
    let _ = write!(text, "<{name}");
    for (key, value) in map {
        if let (Some(key), Some(value)) = (key.strip_prefix('@'), value.as_str()) {
            let _ = write!(text, " {key}=\"{}\"", escaped(value));
        }
    }
    text.push('>');
    for (key, value) in map {
        match value {
            Value::Array(children) => {
                children.iter().for_each(|child| element(key, child, text));
            }
            Value::String(words) if key == "#text" => text.push_str(&escaped(words)),
            _ => {}
        }
    }
    let _ = write!(text, "</{name}>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
