//! The Common Alerting Protocol, CAP 1.2 (<https://docs.oasis-open.org/emergency/cap/v1.2/>), one alert or a feed of them.

use roxmltree::Node;
use serde_json::{Map, Value, json};

use super::{FormatError, feed, markup, xml};

/// No feed is read beyond this many alerts.
const MOST_ALERTS: usize = 5_000;

/// No alert is read beyond this many of one kind of part, and no polygon beyond this many points.
const MOST_PARTS: usize = 500;
const MOST_POINTS: usize = 5_000;

/// What stands once in an alert, as CAP spells it.
const OF_ALERT: [&str; 9] = [
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

/// What stands once in its information for one language.
const OF_INFO: [&str; 14] = [
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

/// Those of them that are moments.
const MOMENTS: [&str; 4] = ["sent", "effective", "onset", "expires"];

/// Reads an alert, or an Atom or RSS feed whose entries hold the elements of CAP.
pub fn read(text: &str) -> Result<Value, FormatError> {
    let document = xml::parse(text).map_err(FormatError::Cap)?;
    let root = document.root_element();
    let place = |node: Node<'_, '_>| {
        let at = document.text_pos_at(node.range().start);
        format!("line {}, column {}", at.row, at.col)
    };
    let refused = |node: Node<'_, '_>, problem: &str| {
        let name = markup::one_line(node.tag_name().name());
        Err(FormatError::Cap(format!("`{name}` at {} {problem}", place(node))))
    };
    match root.tag_name().name() {
        "alert" => {
            if child(root, "identifier").is_none() && child(root, "info").is_none() {
                return refused(root, "has neither an identifier nor information");
            }
            let mut tree = alert(root);
            let alerts = flat(&tree);
            tree.insert("alerts".to_owned(), alerts.into());
            tree.insert("truncated".to_owned(), false.into());
            Ok(Value::Object(tree))
        }
        "feed" | "rss" | "RDF" => {
            let entries = root
                .descendants()
                .filter(|node| matches!(node.tag_name().name(), "entry" | "item"));
            let mut alerts = Vec::new();
            let mut truncated = false;
            let mut strange = None;
            for entry in entries {
                if alerts.len() >= MOST_ALERTS {
                    truncated = true;
                    break;
                }
                // Some feeds hold the alert itself.
                let within = entry.descendants().find(|node| node.has_tag_name_of("alert"));
                match within {
                    Some(inner) => alerts.extend(flat(&alert(inner))),
                    None if child(entry, "event").is_some()
                        || child(entry, "severity").is_some() =>
                    {
                        alerts.push(of_entry(entry));
                    }
                    None => strange = strange.or(Some(entry)),
                }
            }
            if let (Some(entry), true) = (strange, alerts.is_empty()) {
                return refused(entry, "holds no element of CAP");
            }
            let channel = child(root, "channel").unwrap_or(root);
            Ok(json!({
                "title": words(channel, "title"),
                "updated": words(channel, "updated").or_else(|| words(channel, "pubDate")).map(|at| moment(&at)),
                "alerts": alerts,
                "truncated": truncated,
            }))
        }
        _ => refused(root, "is neither an alert nor a feed"),
    }
}

trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    /// Whatever its namespace is: versions of CAP have their own.
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

fn children<'a, 'd: 'a>(
    node: Node<'a, 'd>,
    name: &'a str,
) -> impl Iterator<Item = Node<'a, 'd>> + 'a {
    node.children().filter(move |child| child.has_tag_name_of(name)).take(MOST_PARTS)
}

fn child<'a, 'd: 'a>(node: Node<'a, 'd>, name: &'a str) -> Option<Node<'a, 'd>> {
    node.children().find(|child| child.has_tag_name_of(name))
}

/// The words of a child; markup in them is not followed.
fn words(node: Node<'_, '_>, name: &str) -> Option<String> {
    child(node, name).and_then(text)
}

fn text(node: Node<'_, '_>) -> Option<String> {
    node.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A moment as RFC 3339 in UTC; what cannot be read stays as it is.
fn moment(written: &str) -> String {
    feed::moment(written).map_or_else(|| written.to_owned(), |moment| moment.to_string())
}

/// What stands once, by name.
fn once(node: Node<'_, '_>, names: &[&str]) -> Map<String, Value> {
    names
        .iter()
        .map(|name| {
            let found = words(node, name);
            let value = if MOMENTS.contains(name) { found.map(|at| moment(&at)) } else { found };
            ((*name).to_owned(), value.into())
        })
        .collect()
}

fn alert(node: Node<'_, '_>) -> Map<String, Value> {
    let mut tree = once(node, &OF_ALERT);
    let info: Vec<Value> =
        children(node, "info").map(|info| Value::Object(information(info))).collect();
    tree.insert("info".to_owned(), info.into());
    tree
}

fn information(node: Node<'_, '_>) -> Map<String, Value> {
    let mut tree = once(node, &OF_INFO);
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

/// `valueName` and `value`; each value of a name as a list, or the first.
fn pairs(node: Node<'_, '_>, name: &str, all: bool) -> Map<String, Value> {
    let mut pairs = Map::new();
    for pair in children(node, name) {
        let (Some(key), Some(value)) = (words(pair, "valueName"), words(pair, "value")) else {
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

/// An area, with its polygons as lists of `[latitude, longitude]`.
fn area(node: Node<'_, '_>, description: &str) -> Value {
    let pair = |written: &str| -> Option<[f64; 2]> {
        let (latitude, longitude) = written.split_once(',')?;
        let (latitude, longitude): (f64, f64) =
            (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
        (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some([latitude, longitude])
    };
    let polygons: Vec<Vec<[f64; 2]>> = children(node, "polygon")
        .filter_map(text)
        .map(|words| words.split_ascii_whitespace().filter_map(pair).take(MOST_POINTS).collect())
        .filter(|polygon: &Vec<_>| !polygon.is_empty())
        .collect();
    // CAP gives the radius in kilometres.
    let circles: Vec<Value> = children(node, "circle")
        .filter_map(text)
        .filter_map(|words| {
            let (middle, radius) = words.split_once(' ')?;
            let ([latitude, longitude], radius) =
                (pair(middle)?, radius.trim().parse::<f64>().ok()?);
            Some(
                json!({ "latitude": latitude, "longitude": longitude, "radius": radius * 1_000.0 }),
            )
        })
        .collect();
    json!({
        "description": words(node, description),
        "polygons": polygons,
        "circles": circles,
        "geocodes": pairs(node, "geocode", true),
    })
}

/// One entry for each language of an alert, with what the alert says itself.
fn flat(alert: &Map<String, Value>) -> Vec<Value> {
    let own: Map<String, Value> = alert
        .iter()
        .filter(|(key, _)| *key != "info")
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let info = alert.get("info").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    info.iter()
        .filter_map(Value::as_object)
        .map(|info| {
            let mut entry = own.clone();
            entry.extend(info.clone());
            entry.insert("title".to_owned(), entry.get("headline").cloned().unwrap_or_default());
            entry.insert("link".to_owned(), entry.get("web").cloned().unwrap_or_default());
            Value::Object(entry)
        })
        .collect()
}

/// An entry of a feed that holds some elements of CAP beside its own.
fn of_entry(entry: Node<'_, '_>) -> Value {
    let mut tree = once(entry, &OF_ALERT);
    tree.extend(information(entry));
    // As the feeds of MeteoAlarm call it.
    if tree.get("msgType").is_none_or(Value::is_null) {
        tree.insert(
            "msgType".to_owned(),
            words(entry, "message_type").or_else(|| words(entry, "messageType")).into(),
        );
    }
    let links: Vec<Node<'_, '_>> = children(entry, "link").collect();
    let of_kind = |kind: &str| {
        links
            .iter()
            .find(|link| link.attribute("type") == Some(kind))
            .and_then(|link| link.attribute("href"))
    };
    let page = links
        .iter()
        .filter(|link| link.attribute("type").is_none_or(|kind| kind == "text/html"))
        .filter(|link| link.attribute("rel").is_none_or(|relation| relation == "alternate"))
        .find_map(|link| link.attribute("href").map(str::to_owned).or_else(|| text(*link)));
    tree.insert("title".to_owned(), words(entry, "title").into());
    tree.insert("link".to_owned(), page.into());
    tree.insert("detail".to_owned(), of_kind("application/cap+xml").into());
    tree.insert("areas".to_owned(), json!([area(entry, "areaDesc")]));
    Value::Object(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_in_two_languages() {
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
    fn what_is_no_alert_is_refused_with_its_place() {
        for text in [
            "<note/>",
            "<feed>\n<entry><title>news</title></entry></feed>",
            "<alert/>",
            "{}",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><alert/>",
        ] {
            let problem = read(text).expect_err("no alert").to_string();
            assert!(problem.contains("line ") || problem.contains("1:"), "{problem}");
        }
    }
}
