//! The Common Alerting Protocol, CAP 1.2 (<https://docs.oasis-open.org/emergency/cap/v1.2/>): one
//! alert, or a feed of alerts.
//!
//! No crate serves: `oasiscap` reads a single alert that conforms to the specification; warning
//! services also publish feeds whose entries contain some of the elements of an alert.

use roxmltree::Node;
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, excerpt, feed_dates, tree, xml};

/// Alerts of a feed beyond this many are omitted.
const MAX_ALERTS: usize = 5_000;

/// Repeated elements of an alert beyond this many of the same name are omitted.
const MAX_REPEATED: usize = 500;

/// Longer texts are cut off: those of an alert are copied into the entry of each language.
const MAX_TEXT_BYTES: usize = 20_000;

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
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let document = xml::parse(text, budget).map_err(|error| error.within(FormatError::Cap))?;
    let reader = Reader { budget };
    let root = document.root_element();
    match root.tag_name().name() {
        "alert" => {
            if child(root, "identifier").is_none() && child(root, "info").is_none() {
                return Err(error_at(root, "has neither an identifier nor information"));
            }
            let mut alert = reader.alert(root)?;
            let mut alerts = Vec::new();
            reader.flatten(&alert, &mut alerts)?;
            tree::insert(budget, &mut alert, "alerts", Value::Array(alerts))?;
            tree::insert(budget, &mut alert, "truncated", false.into())?;
            Ok(Value::Object(alert))
        }
        "feed" | "rss" | "RDF" => reader.feed(root),
        _ => Err(error_at(root, "is neither an alert nor a feed")),
    }
}

/// The outermost entries of a feed: what is in an entry belongs to it.
fn entries<'a, 'd>(node: Node<'a, 'd>, found: &mut Vec<Node<'a, 'd>>) {
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "entry" | "item" => found.push(child),
            _ => entries(child, found),
        }
    }
}

fn error_at(node: Node<'_, '_>, reason: &str) -> FormatError {
    let name = excerpt(node.tag_name().name());
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
fn child_text<'a, 'd: 'a>(node: Node<'a, 'd>, name: &'a str) -> Option<&'a str> {
    child(node, name).and_then(text)
}

fn text<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let text = node.text().map(str::trim).filter(|text| !text.is_empty())?;
    Some(&text[..text.floor_char_boundary(MAX_TEXT_BYTES)])
}

/// Which values are kept of pairs with the same name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    /// The first value of each name.
    First,
    /// A list of the values of each name.
    All,
}

/// Builds the tree out of a budget.
#[derive(Clone, Copy)]
struct Reader<'b> {
    budget: &'b Budget,
}

impl Reader<'_> {
    fn feed(self, root: Node<'_, '_>) -> Result<Value, FormatError> {
        let mut found = Vec::new();
        entries(root, &mut found);
        let mut alerts = Vec::new();
        let mut truncated = false;
        let mut without_cap = None;
        for entry in found {
            if alerts.len() >= MAX_ALERTS {
                truncated = true;
                break;
            }
            // Some feeds contain the whole alert.
            let embedded = entry.descendants().find(|node| has_local_name(*node, "alert"));
            if let Some(embedded) = embedded {
                self.flatten(&self.alert(embedded)?, &mut alerts)?;
            } else if child(entry, "event").is_some() || child(entry, "severity").is_some() {
                let alert = self.alert_of_entry(entry)?;
                tree::push_value(self.budget, &mut alerts, alert)?;
            } else {
                without_cap = without_cap.or(Some(entry));
            }
        }
        if let (Some(entry), true) = (without_cap, alerts.is_empty()) {
            return Err(error_at(entry, "contains no element of CAP"));
        }
        let channel = child(root, "channel").unwrap_or(root);
        let updated = child_text(channel, "updated").or_else(|| child_text(channel, "pubDate"));
        Ok(tree::object(
            self.budget,
            [
                ("title", tree::optional(self.budget, child_text(channel, "title"))?),
                ("updated", self.timestamp(updated)?),
                ("alerts", Value::Array(alerts)),
                ("truncated", truncated.into()),
            ],
        )?)
    }

    /// A timestamp as RFC 3339 in UTC; unreadable text is returned unchanged.
    fn timestamp(self, text: Option<&str>) -> Result<Value, Exhausted> {
        match text.and_then(feed_dates::timestamp) {
            Some(timestamp) => tree::text(self.budget, &timestamp.to_string()),
            None => tree::optional(self.budget, text),
        }
    }

    /// The texts of child elements, by name.
    fn texts(self, node: Node<'_, '_>, names: &[&str]) -> Result<Map<String, Value>, Exhausted> {
        self.budget.charge_steps(node.children().count())?;
        let mut texts = Map::new();
        for name in names {
            let text = child_text(node, name);
            let value = if DATE_TIMES.contains(name) {
                self.timestamp(text)?
            } else {
                tree::optional(self.budget, text)?
            };
            tree::insert(self.budget, &mut texts, name, value)?;
        }
        Ok(texts)
    }

    fn alert(self, node: Node<'_, '_>) -> Result<Map<String, Value>, Exhausted> {
        let mut alert = self.texts(node, &ALERT_ELEMENTS)?;
        let mut infos = Vec::new();
        for child in children(node, "info") {
            let info = Value::Object(self.info(child)?);
            tree::push_value(self.budget, &mut infos, info)?;
        }
        tree::insert(self.budget, &mut alert, "info", Value::Array(infos))?;
        Ok(alert)
    }

    fn info(self, node: Node<'_, '_>) -> Result<Map<String, Value>, Exhausted> {
        let mut info = self.texts(node, &INFO_ELEMENTS)?;
        for name in ["category", "responseType"] {
            let list = self.list(node, name)?;
            tree::insert(self.budget, &mut info, name, list)?;
        }
        let parameters = self.pairs(node, "parameter", Values::First)?;
        tree::insert(self.budget, &mut info, "parameters", parameters)?;
        let mut areas = Vec::new();
        for child in children(node, "area") {
            let area = self.area(child)?;
            tree::push_value(self.budget, &mut areas, area)?;
        }
        tree::insert(self.budget, &mut info, "areas", Value::Array(areas))?;
        Ok(info)
    }

    fn list(self, node: Node<'_, '_>, name: &str) -> Result<Value, Exhausted> {
        let mut list = Vec::new();
        for text in children(node, name).filter_map(text) {
            let text = tree::text(self.budget, text)?;
            tree::push_value(self.budget, &mut list, text)?;
        }
        Ok(Value::Array(list))
    }

    /// The pairs of `valueName` and `value` in elements of this name.
    fn pairs(self, node: Node<'_, '_>, name: &str, which: Values) -> Result<Value, Exhausted> {
        let mut pairs = Map::new();
        for pair in children(node, name) {
            let (Some(key), Some(value)) =
                (child_text(pair, "valueName"), child_text(pair, "value"))
            else {
                continue;
            };
            let known = pairs.get_mut(key);
            match (which, known) {
                (Values::First, Some(_)) => {}
                (Values::First, None) => {
                    let value = tree::text(self.budget, value)?;
                    tree::insert(self.budget, &mut pairs, key, value)?;
                }
                (Values::All, Some(list)) => self.append(list, value)?,
                (Values::All, None) => {
                    let mut list = Value::Array(Vec::new());
                    self.append(&mut list, value)?;
                    tree::insert(self.budget, &mut pairs, key, list)?;
                }
            }
        }
        Ok(Value::Object(pairs))
    }

    fn append(self, list: &mut Value, text: &str) -> Result<(), Exhausted> {
        let Value::Array(list) = list else { return Ok(()) };
        let text = tree::text(self.budget, text)?;
        tree::push_value(self.budget, list, text)
    }

    /// An area; polygons are lists of `[latitude, longitude]`.
    fn area(self, node: Node<'_, '_>) -> Result<Value, Exhausted> {
        let mut polygons = Vec::new();
        for polygon in children(node, "polygon").filter_map(whole_text) {
            let mut points = Vec::new();
            for [latitude, longitude] in
                polygon.split_ascii_whitespace().filter_map(point).take(MAX_POINTS)
            {
                let mut pair = Vec::new();
                tree::push_value(self.budget, &mut pair, latitude.into())?;
                tree::push_value(self.budget, &mut pair, longitude.into())?;
                tree::push_value(self.budget, &mut points, Value::Array(pair))?;
            }
            if !points.is_empty() {
                tree::push_value(self.budget, &mut polygons, Value::Array(points))?;
            }
        }
        let mut circles = Vec::new();
        for text in children(node, "circle").filter_map(text) {
            let Some((centre, radius)) = text.split_once(' ') else { continue };
            let (Some([latitude, longitude]), Ok(radius)) =
                (point(centre), radius.trim().parse::<f64>())
            else {
                continue;
            };
            // The radius is in kilometres in CAP, and in metres in the tree.
            let circle = tree::object(
                self.budget,
                [
                    ("latitude", latitude.into()),
                    ("longitude", longitude.into()),
                    ("radius", (radius * 1_000.0).into()),
                ],
            )?;
            tree::push_value(self.budget, &mut circles, circle)?;
        }
        tree::object(
            self.budget,
            [
                ("description", tree::optional(self.budget, child_text(node, "areaDesc"))?),
                ("polygons", Value::Array(polygons)),
                ("circles", Value::Array(circles)),
                ("geocodes", self.pairs(node, "geocode", Values::All)?),
            ],
        )
    }

    /// Adds one entry per `info` of an alert, with the elements of the alert itself.
    fn flatten(self, alert: &Map<String, Value>, alerts: &mut Vec<Value>) -> Result<(), Exhausted> {
        let infos = alert.get("info").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for info in infos.iter().filter_map(Value::as_object) {
            let mut entry = Map::new();
            for (key, value) in alert.iter().filter(|(key, _)| *key != "info").chain(info) {
                let value = tree::copy(self.budget, value)?;
                tree::insert(self.budget, &mut entry, key, value)?;
            }
            for (key, from) in [("title", "headline"), ("link", "web")] {
                let value = info
                    .get(from)
                    .map_or(Ok(Value::Null), |value| tree::copy(self.budget, value))?;
                tree::insert(self.budget, &mut entry, key, value)?;
            }
            tree::push_value(self.budget, alerts, Value::Object(entry))?;
        }
        Ok(())
    }

    /// An entry of a feed that contains CAP elements beside those of the feed.
    fn alert_of_entry(self, entry: Node<'_, '_>) -> Result<Value, Exhausted> {
        let mut alert = self.texts(entry, &ALERT_ELEMENTS)?;
        alert.extend(self.info(entry)?);
        let mut set = |key: &str, found: Option<&str>| {
            let value = tree::optional(self.budget, found)?;
            tree::insert(self.budget, &mut alert, key, value)
        };
        // The name in the feeds of MeteoAlarm.
        if child_text(entry, "msgType").is_none() {
            let message_type = child_text(entry, "message_type");
            set("msgType", message_type.or_else(|| child_text(entry, "messageType")))?;
        }
        let links: Vec<Node<'_, '_>> = children(entry, "link").collect();
        let detail = links
            .iter()
            .find(|link| link.attribute("type") == Some("application/cap+xml"))
            .and_then(|link| link.attribute("href"));
        let page = links
            .iter()
            .filter(|link| {
                link.attribute("type").is_none_or(|media_type| media_type == "text/html")
            })
            .filter(|link| link.attribute("rel").is_none_or(|relation| relation == "alternate"))
            .find_map(|link| link.attribute("href").or_else(|| text(*link)));
        set("title", child_text(entry, "title"))?;
        set("link", page)?;
        set("detail", detail)?;
        let mut areas = Vec::new();
        tree::push_value(self.budget, &mut areas, self.area(entry)?)?;
        tree::insert(self.budget, &mut alert, "areas", Value::Array(areas))?;
        Ok(Value::Object(alert))
    }
}

/// The text of an element whose numbers are bounded, and not its length.
fn whole_text<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.text().map(str::trim).filter(|text| !text.is_empty())
}

/// Latitude and longitude, separated by a comma.
fn point(text: &str) -> Option<[f64; 2]> {
    let (latitude, longitude) = text.split_once(',')?;
    let (latitude, longitude): (f64, f64) =
        (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some([latitude, longitude])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, FormatError> {
        super::read(text, &Budget::default())
    }

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
    fn entries_in_entries_are_no_alerts_of_their_own() {
        let inner = "<entry><alert><identifier>1</identifier><info/></alert></entry>";
        let tree = read(&format!("<feed><entry><entry>{inner}</entry></entry>{inner}</feed>"));
        assert_eq!(tree.expect("a feed")["alerts"].as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn long_texts_are_cut_off() {
        let note = "é".repeat(MAX_TEXT_BYTES);
        let tree = read(&format!("<alert><note>{note}</note><info/><info/></alert>"));
        let tree = tree.expect("an alert");
        let length = tree["alerts"][1]["note"].as_str().map(str::len);
        assert_eq!(length, Some(MAX_TEXT_BYTES));
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
