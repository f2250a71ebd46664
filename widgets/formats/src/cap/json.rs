//! CAP in JSON. There is no standard for it: services write the elements of CAP by their names, and
//! wrap the alerts in lists of their own. Known are MeteoAlarm's `warnings[].alert.info[]`, the
//! GeoJSON features of the US National Weather Service and of MET Norway, BE-Alert's `items[]` and
//! NINA's list of `payload.data`.

use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::place::{self, circle, points_of};
use super::{
    ALERT_ELEMENTS, DATE_TIMES, FormatError, INFO_ELEMENTS, MAX_ALERTS, MAX_REPEATED,
    MAX_TEXT_BYTES, flatten,
};
use crate::{dates, json, tree};

/// The names of lists of alerts, in the order in which they are looked for.
const LISTS: [&str; 6] = ["alerts", "warnings", "items", "features", "@graph", "alert"];

/// Other names of elements.
const OTHER_NAMES: [(&str, &[&str]); 10] = [
    ("identifier", &["guid", "id", "uuid"]),
    ("sent", &["pubDate", "published"]),
    ("msgType", &["messageType", "message_type"]),
    ("language", &["lang"]),
    ("onset", &["startDate"]),
    ("expires", &["expirationDate"]),
    ("headline", &["title"]),
    ("category", &["categories"]),
    ("responseType", &["response"]),
    ("web", &["link"]),
];

/// Categories as CAP writes them; some services write capitals.
const CATEGORIES: [&str; 12] = [
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
];

/// Elements of which an alert has at least one, unless it has an identifier.
const TELLING: [&str; 3] = ["event", "headline", "severity"];

pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let answer = json::read(text, budget)?;
    let Some(list) = list(&answer) else {
        let names = LISTS.map(|name| format!("`{name}`")).join(", ");
        return Err(FormatError::Cap(format!("there is no list of alerts ({names})")));
    };
    let mut alerts = Vec::new();
    let mut strangers = 0_usize;
    for element in list.iter().take(MAX_ALERTS) {
        let alert = match Layers::of(element) {
            Some(layers) => layers.alert(budget)?,
            None => Map::new(),
        };
        let mut infos = alert.get("info").and_then(Value::as_array).into_iter().flatten();
        let is_text = |part: &Value, key: &str| part.get(key).is_some_and(Value::is_string);
        let tells = |info: &Value| TELLING.iter().any(|key| is_text(info, key));
        if !alert.get("identifier").is_some_and(Value::is_string) && !infos.any(tells) {
            // It stays in the list, so that the card says that something is left out.
            tree::push_value(budget, &mut alerts, Value::Null)?;
            strangers = strangers.saturating_add(1);
            continue;
        }
        flatten(budget, &alert, &mut alerts)?;
    }
    if strangers > 0 && strangers == alerts.len() {
        return Err(FormatError::Cap("no thing has an element of CAP, as `event`".to_owned()));
    }
    let about =
        |keys: &[&str]| keys.iter().find_map(|key| answer.get(*key)?.as_str()).map(shortened);
    let updated = timestamp(about(&["updated", "pubDate", "generated"]), budget)?;
    Ok(tree::object(
        budget,
        [
            ("title", tree::optional(budget, about(&["title", "description"]))?),
            ("updated", updated),
            ("alerts", Value::Array(alerts)),
            ("left_out", list.len().saturating_sub(MAX_ALERTS).into()),
            ("truncated", (list.len() > MAX_ALERTS).into()),
        ],
    )?)
}

/// The list of alerts; an alert by itself is a list of one.
fn list(answer: &Value) -> Option<&[Value]> {
    if let Value::Array(list) = answer {
        // An empty list could be anything.
        return (!list.is_empty()).then_some(list);
    }
    let map = answer.as_object()?;
    let named = LISTS.iter().find_map(|name| map.get(*name)?.as_array());
    if let Some(list) = named {
        return Some(list);
    }
    let alone = ["info", "alert"].iter().any(|name| map.get(*name).is_some_and(Value::is_object))
        || ["info", "identifier", "event"].iter().any(|name| map.contains_key(*name));
    alone.then(|| std::slice::from_ref(answer))
}

/// An element of the list: the object itself, and the alert in it.
struct Layers<'a> {
    outer: &'a Map<String, Value>,
    alert: &'a Map<String, Value>,
}

impl<'a> Layers<'a> {
    fn of(element: &'a Value) -> Option<Self> {
        let outer = element.as_object()?;
        let inner = ["/alert", "/properties", "/payload/data"];
        let alert = inner.iter().find_map(|path| element.pointer(path)?.as_object());
        Some(Layers { outer, alert: alert.unwrap_or(outer) })
    }

    /// The elements of the alert, and its `info`.
    fn alert(&self, budget: &Budget) -> Result<Map<String, Value>, Exhausted> {
        let mut alert = Map::new();
        let layers = [self.alert, self.outer];
        for name in ALERT_ELEMENTS {
            let value = match name {
                "references" => references(find(&layers, name), budget)?,
                _ => element(&layers, name, budget)?,
            };
            tree::insert(budget, &mut alert, name, value)?;
        }
        let mut infos = Vec::new();
        match self.alert.get("info") {
            Some(Value::Array(list)) => {
                for info in list.iter().filter_map(Value::as_object).take(MAX_REPEATED) {
                    let info = Value::Object(info_of(&[info], budget)?);
                    tree::push_value(budget, &mut infos, info)?;
                }
            }
            Some(Value::Object(info)) => {
                let info = Value::Object(info_of(&[info], budget)?);
                tree::push_value(budget, &mut infos, info)?;
            }
            // A flat alert is its own information.
            _ => {
                let info = Value::Object(info_of(&layers, budget)?);
                tree::push_value(budget, &mut infos, info)?;
            }
        }
        tree::insert(budget, &mut alert, "info", Value::Array(infos))?;
        Ok(alert)
    }
}

/// The value at a name, or at one of its other names, in the first layer that has it.
fn find<'a>(layers: &[&'a Map<String, Value>], name: &str) -> Option<&'a Value> {
    let other = OTHER_NAMES.iter().find(|(known, _)| *known == name);
    let names =
        std::iter::once(name).chain(other.into_iter().flat_map(|(_, names)| *names).copied());
    let mut found = names
        .filter_map(|name| layers.iter().find_map(|layer| layer.get(name)))
        .filter(|v| !v.is_null());
    found.next()
}

fn element(
    layers: &[&Map<String, Value>],
    name: &str,
    budget: &Budget,
) -> Result<Value, Exhausted> {
    budget.charge_steps(4)?;
    let value = find(layers, name);
    if DATE_TIMES.contains(&name) || name == "ends" {
        return match value.and_then(Value::as_i64) {
            Some(number) => moment(number, budget),
            None => timestamp(value.and_then(text), budget),
        };
    }
    match value {
        Some(Value::Number(number)) => tree::text(budget, &number.to_string()),
        value => tree::optional(budget, value.and_then(text)),
    }
}

/// Seconds or milliseconds since 1970: as seconds, twelve digits would be 3,000 years ahead.
fn moment(number: i64, budget: &Budget) -> Result<Value, Exhausted> {
    let is_long = number.unsigned_abs() >= 100_000_000_000;
    let seconds = if is_long { number.div_euclid(1_000) } else { number };
    match jiff::Timestamp::from_second(seconds) {
        Ok(moment) => tree::text(budget, &moment.to_string()),
        Err(_) => Ok(Value::Null),
    }
}

/// A text, or the first of a list of texts.
fn text(value: &Value) -> Option<&str> {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Array(list) => list.first()?.as_str()?,
        _ => return None,
    };
    Some(shortened(text.trim())).filter(|text| !text.is_empty())
}

fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT_BYTES)]
}

fn timestamp(text: Option<&str>, budget: &Budget) -> Result<Value, Exhausted> {
    match text.and_then(dates::written_date) {
        Some(date) => tree::text(budget, &date.as_moment()),
        None => tree::optional(budget, text),
    }
}

/// References as CAP writes them: `sender,identifier,sent`, with spaces between them.
fn references(value: Option<&Value>, budget: &Budget) -> Result<Value, Exhausted> {
    let list = match value {
        Some(Value::String(text)) => return tree::text(budget, text.trim()),
        Some(Value::Array(list)) => list,
        _ => return Ok(Value::Null),
    };
    let mut all = String::new();
    for reference in list {
        let part =
            |key: &str| reference.get(key).and_then(Value::as_str).unwrap_or_default().trim();
        let one = match reference {
            Value::String(text) => text.trim().to_owned(),
            Value::Object(_) if !part("identifier").is_empty() => {
                [part("sender"), part("identifier"), part("sent")].join(",")
            }
            _ => continue,
        };
        // Twice, for the room that a growing text keeps.
        budget.charge_bytes(one.len().saturating_add(1).saturating_mul(2))?;
        budget.charge_steps(1)?;
        all.push_str(&one);
        all.push(' ');
    }
    Ok(if all.is_empty() { Value::Null } else { Value::String(all) })
}

fn info_of(
    layers: &[&Map<String, Value>],
    budget: &Budget,
) -> Result<Map<String, Value>, Exhausted> {
    let mut info = Map::new();
    for name in INFO_ELEMENTS.into_iter().chain(["ends"]) {
        let value = element(layers, name, budget)?;
        tree::insert(budget, &mut info, name, value)?;
    }
    for name in ["category", "responseType"] {
        let list = texts(find(layers, name), budget)?;
        tree::insert(budget, &mut info, name, list)?;
    }
    for (name, from, other) in
        [("parameters", "parameter", "parameters"), ("eventCodes", "eventCode", "eventCodes")]
    {
        let value = find(layers, from).or_else(|| find(layers, other));
        let mut pairs = pairs(value, budget, false)?;
        // MET Norway writes them beside the other elements.
        if name == "parameters" {
            for direct in ["awareness_level", "awareness_type"] {
                let text = find(layers, direct).and_then(text);
                if let (Some(text), false) = (text, pairs.contains_key(direct)) {
                    let text = tree::text(budget, text)?;
                    tree::insert(budget, &mut pairs, direct, text)?;
                }
            }
        }
        tree::insert(budget, &mut info, name, Value::Object(pairs))?;
    }
    let areas = areas(layers, budget)?;
    tree::insert(budget, &mut info, "areas", areas)?;
    Ok(info)
}

/// A list of texts, from one or several; the categories of CAP in its own spelling.
fn texts(value: Option<&Value>, budget: &Budget) -> Result<Value, Exhausted> {
    let several = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let one = value.filter(|value| value.is_string());
    let mut list = Vec::new();
    for text in several.iter().chain(one).filter_map(text).take(MAX_REPEATED) {
        let known = CATEGORIES.iter().find(|known| known.eq_ignore_ascii_case(text));
        let text = tree::text(budget, known.unwrap_or(&text))?;
        tree::push_value(budget, &mut list, text)?;
    }
    Ok(Value::Array(list))
}

/// Pairs of `valueName` and `value`, or a map from name to value or values. All values of a name
/// are a list, or the first value counts.
fn pairs(
    value: Option<&Value>,
    budget: &Budget,
    all: bool,
) -> Result<Map<String, Value>, Exhausted> {
    let mut pairs: Map<String, Value> = Map::new();
    let mut add = |name: &str, value: &str| {
        if !pairs.contains_key(name) {
            let first = if all { Value::Array(Vec::new()) } else { tree::text(budget, value)? };
            tree::insert(budget, &mut pairs, name, first)?;
        }
        if let (true, Some(Value::Array(list))) = (all, pairs.get_mut(name)) {
            let value = tree::text(budget, value)?;
            tree::push_value(budget, list, value)?;
        }
        Ok(())
    };
    let listed = value.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let one = value.filter(|value| value.get("valueName").is_some());
    for pair in listed.iter().chain(one).take(MAX_REPEATED) {
        if let (Some(name), Some(value)) =
            (pair.get("valueName").and_then(text), pair.get("value").and_then(text))
        {
            add(name, value)?;
        }
    }
    let named = value.filter(|_| one.is_none()).and_then(Value::as_object);
    for (name, value) in named.into_iter().flatten().take(MAX_REPEATED) {
        let listed = value.as_array().map_or(&[][..], Vec::as_slice);
        let one = Some(value).filter(|value| value.is_string());
        for value in listed.iter().chain(one).filter_map(text).take(MAX_REPEATED) {
            add(name, value)?;
        }
    }
    Ok(pairs)
}

fn areas(layers: &[&Map<String, Value>], budget: &Budget) -> Result<Value, Exhausted> {
    let mut areas = Vec::new();
    match find(layers, "area").or_else(|| find(layers, "areas")) {
        Some(Value::Array(list)) => {
            for area in list.iter().filter_map(Value::as_object).take(MAX_REPEATED) {
                let area = area_of(&[area], budget)?;
                tree::push_value(budget, &mut areas, area)?;
            }
        }
        Some(Value::Object(area)) => {
            let area = area_of(&[area], budget)?;
            tree::push_value(budget, &mut areas, area)?;
        }
        // The elements of one area, beside those of the alert.
        _ => {
            let area = area_of(layers, budget)?;
            tree::push_value(budget, &mut areas, area)?;
        }
    }
    Ok(Value::Array(areas))
}

fn area_of(layers: &[&Map<String, Value>], budget: &Budget) -> Result<Value, Exhausted> {
    let mut polygons = Vec::new();
    let given = find(layers, "polygon").or_else(|| find(layers, "polygons"));
    let listed = given.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let one = given.filter(|given| given.is_string());
    for polygon in listed.iter().chain(one).filter_map(Value::as_str).take(MAX_REPEATED) {
        place::add_polygon(points_of(polygon), &mut polygons, budget)?;
    }
    // BE-Alert: outlines of points with `x`, the longitude, and `y`.
    let outlines = find(layers, "coordinates").and_then(Value::as_array).into_iter().flatten();
    for outline in outlines.take(MAX_REPEATED) {
        let points = outline.get("coordinates").and_then(Value::as_array).into_iter().flatten();
        let degrees = |point: &Value, key: &str, most: f64| {
            point.get(key)?.as_f64().filter(|degrees| degrees.abs() <= most)
        };
        let points = points
            .filter_map(|point| Some([degrees(point, "y", 90.0)?, degrees(point, "x", 180.0)?]));
        place::add_polygon(points, &mut polygons, budget)?;
    }
    let mut circles = Vec::new();
    let given = find(layers, "circle").or_else(|| find(layers, "circles"));
    let listed = given.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let one = given.filter(|given| given.is_string());
    for text in listed.iter().chain(one).filter_map(text).take(MAX_REPEATED) {
        if let Some(circle) = circle(text, budget)? {
            tree::push_value(budget, &mut circles, circle)?;
        }
    }
    let codes = find(layers, "geocode").or_else(|| find(layers, "geocodes"));
    tree::object(
        budget,
        [
            ("description", element(layers, "areaDesc", budget)?),
            ("polygons", Value::Array(polygons)),
            ("circles", Value::Array(circles)),
            ("geocodes", Value::Object(pairs(codes, budget, true)?)),
        ],
    )
}
