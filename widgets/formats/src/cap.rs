//! The Common Alerting Protocol, CAP 1.2 (<https://docs.oasis-open.org/emergency/cap/v1.2/>): one
//! alert, or a feed of alerts.
//!
//! No crate serves: `oasiscap` reads a single alert that conforms to the specification; warning
//! services also publish feeds whose entries contain some of the elements of an alert.

use roxmltree::Node;
use serde_json::{Map, Value, json};

use super::{FormatError, feed, html, xml};

/// Alerts of a feed beyond this many are omitted.
const MAX_ALERTS: usize = 5_000;

/// Repeated elements of an alert beyond this many of the same name are omitted.
const MAX_REPEATED: usize = 500;

/// Points of a polygon beyond this many are omitted.
const MAX_POINTS: usize = 5_000;

/// Elements that occur at most once in `alert`.
const ALERT_ELEMENTS: [&str; 9] = [
    "identifier",
    "sender",
    "sent",
    "status",
    "msgType",
    "scope",
    "note",
    "references",
    "incidents",
];

/// Elements that occur at most once in `info`, which repeats an alert in one language.
const INFO_ELEMENTS: [&str; 14] = [
    "language",
    "event",
    "urgency",
    "severity",
    "certainty",
    "audience",
    "effective",
    "onset",
    "expires",
    "senderName",
    "headline",
    "description",
    "instruction",
    "web",
];

/// Those of the elements that are of type `dateTime`.
const DATE_TIMES: [&str; 4] = ["sent", "effective", "onset", "expires"];

/// Reads an alert, or an Atom or RSS feed whose entries contain CAP elements.
pub fn read(text: &str) -> Result<Value, FormatError> {
    let document = xml::parse(text).map_err(FormatError::Cap)?;
    let root = document.root_element();
    match root.tag_name().name() {
        "alert" => {
            if child(root, "identifier").is_none() && child(root, "info").is_none() {
                return Err(error_at(root, "has neither an identifier nor information"));
            }
            let mut tree = alert(root);
            let alerts = flatten(&tree);
            tree.insert("alerts".to_owned(), alerts.into());
            tree.insert("truncated".to_owned(), false.into());
            Ok(Value::Object(tree))
        }
        "feed" | "rss" | "RDF" => read_feed(root),
        _ => Err(error_at(root, "is neither an alert nor a feed")),
    }
}

fn read_feed(root: Node<'_, '_>) -> Result<Value, FormatError> {
    let entries =
        root.descendants().filter(|node| matches!(node.tag_name().name(), "entry" | "item"));
    let mut alerts = Vec::new();
    let mut truncated = false;
    let mut without_cap = None;
    for entry in entries {
        if alerts.len() >= MAX_ALERTS {
            truncated = true;
            break;
        }
        // Some feeds contain the whole alert.
        let embedded = entry.descendants().find(|node| has_local_name(*node, "alert"));
        if let Some(embedded) = embedded {
            alerts.extend(flatten(&alert(embedded)));
        } else if child(entry, "event").is_some() || child(entry, "severity").is_some() {
            alerts.push(alert_of_entry(entry));
        } else {
            without_cap = without_cap.or(Some(entry));
        }
    }
    if let (Some(entry), true) = (without_cap, alerts.is_empty()) {
        return Err(error_at(entry, "contains no element of CAP"));
    }
    let channel = child(root, "channel").unwrap_or(root);
    let updated = child_text(channel, "updated").or_else(|| child_text(channel, "pubDate"));
    Ok(json!({
        "title": child_text(channel, "title"),
        "updated": updated.map(|text| timestamp(&text)),
        "alerts": alerts,
        "truncated": truncated,
    }))
}

fn error_at(node: Node<'_, '_>, reason: &str) -> FormatError {
    let name = html::one_line(node.tag_name().name());
    let at = node.document().text_pos_at(node.range().start);
    FormatError::Cap(format!("`{name}` at line {}, column {} {reason}", at.row, at.col))
}

/// Whether a node is an element with this local name. Its namespace is ignored: each version of CAP
/// has its own.
fn has_local_name(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

fn children<'a, 'd: 'a>(
    node: Node<'a, 'd>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'd>> + 'a {
    node.children().filter(move |child| has_local_name(*child, name)).take(MAX_REPEATED)
}

fn child<'a, 'd: 'a>(node: Node<'a, 'd>, name: &'a str) -> Option<Node<'a, 'd>> {
    node.children().find(|child| has_local_name(*child, name))
}

/// The text of a child element, up to its first child.
fn child_text(node: Node<'_, '_>, name: &str) -> Option<String> {
    child(node, name).and_then(text)
}

fn text(node: Node<'_, '_>) -> Option<String> {
    node.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A timestamp as RFC 3339 in UTC; unreadable text is returned unchanged.
fn timestamp(text: &str) -> String {
    feed::timestamp(text).map_or_else(|| text.to_owned(), |timestamp| timestamp.to_string())
}

/// The texts of child elements, by name.
fn texts(node: Node<'_, '_>, names: &[&str]) -> Map<String, Value> {
    names
        .iter()
        .map(|name| {
            let text = child_text(node, name);
            let value =
                if DATE_TIMES.contains(name) { text.map(|text| timestamp(&text)) } else { text };
            ((*name).to_owned(), value.into())
        })
        .collect()
}

fn alert(node: Node<'_, '_>) -> Map<String, Value> {
    let mut tree = texts(node, &ALERT_ELEMENTS);
    let infos: Vec<Value> = children(node, "info").map(|node| Value::Object(info(node))).collect();
    tree.insert("info".to_owned(), infos.into());
    tree
}

fn info(node: Node<'_, '_>) -> Map<String, Value> {
    let mut tree = texts(node, &INFO_ELEMENTS);
    tree.insert("category".to_owned(), list(node, "category"));
    tree.insert("responseType".to_owned(), list(node, "responseType"));
    tree.insert("parameters".to_owned(), Value::Object(pairs(node, "parameter", false)));
    let areas: Vec<Value> = children(node, "area").map(|node| area(node, "areaDesc")).collect();
    tree.insert("areas".to_owned(), areas.into());
    tree
}

fn list(node: Node<'_, '_>, name: &str) -> Value {
    children(node, name).filter_map(text).collect()
}

/// The pairs of `valueName` and `value` in elements of this name: all values of each name, or the
/// first.
fn pairs(node: Node<'_, '_>, name: &str, all: bool) -> Map<String, Value> {
    let mut pairs = Map::new();
    for pair in children(node, name) {
        let (Some(key), Some(value)) = (child_text(pair, "valueName"), child_text(pair, "value"))
        else {
            continue;
        };
        if all {
            let list = pairs.entry(key).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = list {
                list.push(value.into());
            }
        } else {
            pairs.entry(key).or_insert_with(|| value.into());
        }
    }
    pairs
}

/// An area; polygons are lists of `[latitude, longitude]`.
fn area(node: Node<'_, '_>, description: &str) -> Value {
    let point = |text: &str| -> Option<[f64; 2]> {
        let (latitude, longitude) = text.split_once(',')?;
        let (latitude, longitude): (f64, f64) =
            (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
        (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some([latitude, longitude])
    };
    let polygons: Vec<Vec<[f64; 2]>> = children(node, "polygon")
        .filter_map(text)
        .map(|text| text.split_ascii_whitespace().filter_map(point).take(MAX_POINTS).collect())
        .filter(|polygon: &Vec<_>| !polygon.is_empty())
        .collect();
    // The radius is in kilometres in CAP, and in metres in the tree.
    let circles: Vec<Value> = children(node, "circle")
        .filter_map(text)
        .filter_map(|text| {
            let (centre, radius) = text.split_once(' ')?;
            let ([latitude, longitude], radius) =
                (point(centre)?, radius.trim().parse::<f64>().ok()?);
            Some(
                json!({ "latitude": latitude, "longitude": longitude, "radius": radius * 1_000.0 }),
            )
        })
        .collect();
    json!({
        "description": child_text(node, description),
        "polygons": polygons,
        "circles": circles,
        "geocodes": pairs(node, "geocode", true),
    })
}

/// One entry per `info` of an alert, with the elements of the alert itself.
fn flatten(alert: &Map<String, Value>) -> Vec<Value> {
    let shared: Map<String, Value> = alert
        .iter()
        .filter(|(key, _)| *key != "info")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let infos = alert.get("info").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    infos
        .iter()
        .filter_map(Value::as_object)
        .map(|info| {
            let mut entry = shared.clone();
            entry.extend(info.clone());
            entry.insert("title".to_owned(), entry.get("headline").cloned().unwrap_or_default());
            entry.insert("link".to_owned(), entry.get("web").cloned().unwrap_or_default());
            Value::Object(entry)
        })
        .collect()
}

/// An entry of a feed that contains CAP elements beside those of the feed.
fn alert_of_entry(entry: Node<'_, '_>) -> Value {
    let mut tree = texts(entry, &ALERT_ELEMENTS);
    tree.extend(info(entry));
    // The name in the feeds of MeteoAlarm.
    if tree.get("msgType").is_none_or(Value::is_null) {
        tree.insert(
            "msgType".to_owned(),
            child_text(entry, "message_type").or_else(|| child_text(entry, "messageType")).into(),
        );
    }
    let links: Vec<Node<'_, '_>> = children(entry, "link").collect();
    let link_of_type = |media_type: &str| {
        links
            .iter()
            .find(|link| link.attribute("type") == Some(media_type))
            .and_then(|link| link.attribute("href"))
    };
    let page = links
        .iter()
        .filter(|link| link.attribute("type").is_none_or(|media_type| media_type == "text/html"))
        .filter(|link| link.attribute("rel").is_none_or(|relation| relation == "alternate"))
        .find_map(|link| link.attribute("href").map(str::to_owned).or_else(|| text(*link)));
    tree.insert("title".to_owned(), child_text(entry, "title").into());
    tree.insert("link".to_owned(), page.into());
    tree.insert("detail".to_owned(), link_of_type("application/cap+xml").into());
    tree.insert("areas".to_owned(), json!([area(entry, "areaDesc")]));
    Value::Object(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_in_two_languages_is_read() {
        let tree = read(
            "<?xml version='1.0'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'><identifier>a1</identifier>\
             <sent>2026-11-24T10:00:00+01:00</sent><status>Actual</status><msgType>Update</msgType>\
             <info><language>nl-BE</language><category>Met</category><event>Storm</event><severity>Severe</severity>\
             <headline>Code oranje</headline><web>https://example.org/a1</web>\
             <parameter><valueName>awareness_level</valueName><value>3; orange</value></parameter>\
             <area><areaDesc>Gent</areaDesc><polygon>51,3 51,4 52,4 51,3</polygon><circle>51,3.5 2</circle>\
             <geocode><valueName>NUTS3</valueName><value>BE234</value></geocode>\
             <geocode><valueName>NUTS3</valueName><value>BE235</value></geocode></area></info>\
             <info><language>fr-BE</language><event>Tempête</event></info></alert>",
        )
        .expect("an alert");
        assert_eq!(tree["sent"], "2026-11-24T09:00:00Z");
        assert_eq!(tree["info"][0]["parameters"]["awareness_level"], "3; orange");
        let area = &tree["info"][0]["areas"][0];
        assert_eq!(area["polygons"][0][1], json!([51.0, 4.0]));
        assert_eq!(area["circles"][0]["radius"], 2_000.0);
        assert_eq!(area["geocodes"]["NUTS3"], json!(["BE234", "BE235"]));
        assert_eq!(tree["alerts"][0]["identifier"], "a1");
        assert_eq!(tree["alerts"][0]["link"], "https://example.org/a1");
        assert_eq!(tree["alerts"][1]["event"], "Tempête");
        assert_eq!(tree["alerts"][1]["onset"], Value::Null);
    }

    #[test]
    fn a_feed_is_a_list_of_alerts() {
        let tree = read(
            "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:cap='urn:oasis:names:tc:emergency:cap:1.2'><title>Alerts</title>\
             <entry><title>Yellow wind</title><link href='https://example.org/x'/><link type='application/cap+xml' href='https://example.org/x.cap'/>\
             <cap:event>Wind</cap:event><cap:severity>Moderate</cap:severity><cap:message_type>Alert</cap:message_type>\
             <cap:areaDesc>Gent</cap:areaDesc></entry></feed>",
        )
        .expect("a feed");
        let alert = &tree["alerts"][0];
        assert_eq!(alert["msgType"], "Alert");
        assert_eq!(alert["link"], "https://example.org/x");
        assert_eq!(alert["detail"], "https://example.org/x.cap");
        assert_eq!(alert["areas"][0]["description"], "Gent");
        assert_eq!(read("<feed/>").expect("none now")["alerts"], json!([]));
    }

    #[test]
    fn errors_name_the_position() {
        for text in [
            "<note/>",
            "<feed>\n<entry><title>news</title></entry></feed>",
            "<alert/>",
            "{}",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><alert/>",
        ] {
            let error = read(text).expect_err("not an alert").to_string();
            assert!(error.contains("line ") || error.contains("1:"), "{error}");
        }
    }
}
