//! Guesses by names and by the shape of values what the records of an answer are.

use std::fmt::Write as _;

use serde_json::Value;

use super::{DraftProblem, quoted};

/// A record is searched for its fields so many steps deep.
const DEEPEST: usize = 5;
/// So many records are looked at to see which fields most of them have.
const RECORDS_SEEN: usize = 50;
/// The severities of CAP 1.2, section 3.2.2.
const SEVERITIES: [&str; 4] = ["minor", "moderate", "severe", "extreme"];
/// Names of fields that say what a record is, the best first.
const TITLES: [&str; 8] =
    ["title", "headline", "weergavenaam", "event", "name", "naam", "nom", "label"];

/// Whether a key can stand in a path of `at`.
fn plain(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '\'', '"', '\\']) && !key.contains(char::is_control)
}

/// Finds the list with the most maps, and where it stands; of two of one length the outer one.
pub fn longest_list<'a>(
    tree: &'a Value,
    path: &mut Vec<String>,
    best: &mut Option<(Vec<String>, &'a [Value])>,
) {
    if path.len() > DEEPEST {
        return;
    }
    match tree {
        Value::Array(list) => {
            let longer = best.as_ref().is_none_or(|(_, known)| list.len() > known.len());
            if longer && !list.is_empty() && list.iter().all(Value::is_object) {
                *best = Some((path.clone(), list));
            }
            // What stands inside of records belongs to one record; a list of one is how XML is read.
            if let [only] = list.as_slice() {
                path.push("0".to_owned());
                longest_list(only, path, best);
                path.pop();
            }
        }
        Value::Object(map) => {
            for (key, value) in map.iter().filter(|(key, _)| plain(key)) {
                path.push(key.clone());
                longest_list(value, path, best);
                path.pop();
            }
        }
        _ => {}
    }
}

/// A field of records: its path in them, its name, and its value in the first.
struct Leaf<'a> {
    path: String,
    name: String,
    value: &'a Value,
}

fn leaves<'a>(value: &'a Value, path: &str, name: &str, deep: usize, all: &mut Vec<Leaf<'a>>) {
    let inside = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) if deep < DEEPEST => {
            for (key, value) in map.iter().filter(|(key, _)| plain(key)) {
                let name = if key == "#text" { name.to_owned() } else { key.to_lowercase() };
                leaves(value, &inside(key), &name, deep + 1, all);
            }
        }
        Value::Array(list) if deep < DEEPEST => {
            for (index, value) in list.iter().take(2).enumerate() {
                let name = match (name, index) {
                    // GeoJSON, RFC 7946, section 3.1.1: longitude first.
                    ("coordinates", 0) => "longitude",
                    ("coordinates", _) => "latitude",
                    (name, _) => name,
                };
                leaves(value, &inside(&index.to_string()), name, deep + 1, all);
            }
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) => {
            all.push(Leaf { path: path.to_owned(), name: name.to_owned(), value });
        }
        _ => {}
    }
}

fn is_date(value: &Value) -> bool {
    let day = value.as_str().and_then(|text| text.get(..10));
    day.is_some_and(|day| day.parse::<jiff::civil::Date>().is_ok())
}

fn is_link(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("https://") || text.starts_with("http://"))
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.trim().replace(',', ".").parse().ok())
}

/// Guesses by names and by the shape of values what the records are, and writes the block that shows them.
pub fn block(path: &str, records: &[Value]) -> Result<String, DraftProblem> {
    let first = records.first().ok_or(DraftProblem::NoRecords)?;
    let mut all = Vec::new();
    leaves(first, "", "", 0, &mut all);
    // A field that most records lack would leave most of them out.
    let seen = &records[..records.len().min(RECORDS_SEEN)];
    all.retain(|leaf| {
        let pointer = format!("/{}", leaf.path.replace('/', "~1").replace('.', "/"));
        seen.iter().filter(|record| record.pointer(&pointer).is_some()).count() * 2 > seen.len()
    });
    let item = |leaf: &Leaf<'_>| format!("at(item, '{}')", leaf.path);
    let named = |name: &str, of: &dyn Fn(&Leaf<'_>) -> bool| {
        all.iter().position(|leaf| leaf.name == name && of(leaf))
    };
    let worded = |leaf: &Leaf<'_>| {
        leaf.value.as_str().is_some_and(|text| !text.trim().is_empty())
            && !is_date(leaf.value)
            && !is_link(leaf.value)
            && number(leaf.value).is_none()
    };
    let title = TITLES
        .iter()
        .find_map(|name| named(name, &worded))
        .or_else(|| all.iter().position(|leaf| leaf.name.contains("name") && worded(leaf)))
        .or_else(|| all.iter().position(worded))
        .or_else(|| all.iter().position(|leaf| leaf.value.is_string()))
        .map(|index| &all[index])
        .ok_or(DraftProblem::NoTitle)?;
    let date = ["start", "onset", "date", "from", "startdate", "created", "published"]
        .iter()
        .find_map(|name| named(name, &|leaf| is_date(leaf.value)))
        .or_else(|| all.iter().position(|leaf| is_date(leaf.value)))
        .map(|index| &all[index]);
    let link = all.iter().find(|leaf| is_link(leaf.value));
    let severity = all.iter().find(|leaf| {
        let value = leaf.value.as_str().map(str::to_lowercase);
        leaf.name == "severity" && value.is_some_and(|value| SEVERITIES.contains(&value.as_str()))
    });
    let degrees = |names: [&str; 3], most: f64| {
        let fits = |leaf: &&Leaf<'_>| {
            names.contains(&leaf.name.as_str())
                && number(leaf.value).is_some_and(|degrees| degrees.abs() <= most)
        };
        all.iter().find(fits)
    };
    let position =
        degrees(["latitude", "lat", "y"], 90.0).zip(degrees(["longitude", "long", "lon"], 180.0));
    let measured = all.iter().find(|leaf| {
        ["value", "count", "counts", "measurement", "level"].contains(&leaf.name.as_str())
            && number(leaf.value).is_some()
    });

    let each = if path.is_empty() {
        "list(answer)".to_owned()
    } else {
        format!("list(at(answer, '{path}'))")
    };
    let mut keys: Vec<(&str, String)> = Vec::new();
    let mut more = String::new();
    let kind = if let Some(severity) = severity {
        keys.push(("severity", format!("lower({})", item(severity))));
        keys.push(("title", item(title)));
        "alert"
    } else if let Some((date, measured)) = date.zip(measured) {
        keys.push(("label", "'TODO what is measured'".to_owned()));
        keys.push(("unit", "'TODO unit'".to_owned()));
        keys.push(("at", format!("moment({})", item(date))));
        keys.push(("value", format!("number({})", item(measured))));
        "series"
    } else if let Some((latitude, longitude)) = position {
        let centre = [latitude, longitude].map(|leaf| number(leaf.value).unwrap_or_default());
        more.push_str("# Where the map begins: the first record. Use the citizen's place when the card asks for one.\n");
        keys.push(("centre", format!("[{:?}, {:?}]", centre[0], centre[1])));
        keys.push(("radius", "5000.0".to_owned()));
        keys.push(("title", item(title)));
        keys.push(("latitude", format!("number({})", item(latitude))));
        keys.push(("longitude", format!("number({})", item(longitude))));
        "places"
    } else if let Some(date) = date {
        keys.push(("start", format!("day({})", item(date))));
        keys.push(("sort", item(date)));
        keys.push(("title", item(title)));
        "moments"
    } else {
        keys.push(("title", item(title)));
        "list"
    };
    if let Some(link) = link.filter(|_| kind != "series") {
        keys.push(("link", item(link)));
    }
    let mut text = format!(
        "# Guessed from the names and values of {} records: change what does not fit.\n{more}\
         [[view.block]]\nkind = \"{kind}\"\neach = {}\nlimit = 20\nempty = \"texts.none\"\n",
        records.len(),
        quoted(&each)
    );
    for (key, expression) in keys {
        let _ = writeln!(text, "{key} = {}", quoted(&expression));
    }
    Ok(text)
}
