//! CAP in XML: alerts, documents that contain alerts, and feeds.

use roxmltree::Node;
use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::place::{self, circle, points_of};
use super::{
    ALERT_ELEMENTS, DATE_TIMES, FormatError, INFO_ELEMENTS, MAX_ALERTS, MAX_REPEATED,
    MAX_TEXT_BYTES, excerpt, flatten,
};
use crate::{dates, tree, xml};

/// Documents of these names contain alerts, or none: EDXL-DE, and lists of services.
const ENVELOPES: [&str; 2] = ["EDXLDistribution", "alerts"];

/// Statuses of an envelope under which nothing in it is actual.
const NOT_ACTUAL: [&str; 3] = ["Exercise", "System", "Test"];

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
            flatten(budget, &alert, &mut alerts)?;
            tree::insert(budget, &mut alert, "alerts", Value::Array(alerts))?;
            tree::insert(budget, &mut alert, "left_out", 0.into())?;
            tree::insert(budget, &mut alert, "truncated", false.into())?;
            Ok(Value::Object(alert))
        }
        "feed" | "rss" | "RDF" => reader.feed(root),
        _ => reader.envelope(root),
    }
}

/// The outermost alerts of a document.
fn contained<'a, 'd>(node: Node<'a, 'd>, found: &mut Vec<Node<'a, 'd>>) {
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "alert" => found.push(child),
            _ => contained(child, found),
        }
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
    /// The alerts in a document around them.
    fn envelope(self, root: Node<'_, '_>) -> Result<Value, FormatError> {
        let mut found = Vec::new();
        contained(root, &mut found);
        let is_known = ENVELOPES.contains(&root.tag_name().name());
        let is_alert = |node: &&Node<'_, '_>| {
            ["identifier", "info"].iter().any(|n| child(**node, n).is_some())
        };
        if !is_known && !found.iter().any(|node| is_alert(&node)) {
            return Err(error_at(root, "is neither an alert nor a feed"));
        }
        if let Some(wrong) = found.iter().find(|node| !is_alert(node)) {
            return Err(error_at(*wrong, "has neither an identifier nor information"));
        }
        let status = child_text(root, "distributionStatus");
        let status = status.filter(|status| NOT_ACTUAL.contains(status));
        let mut alerts = Vec::new();
        let left_out = found.len().saturating_sub(MAX_ALERTS);
        for node in found.into_iter().take(MAX_ALERTS) {
            let mut alert = self.alert(node)?;
            if let Some(status) = status {
                let status = tree::text(self.budget, status)?;
                tree::insert(self.budget, &mut alert, "status", status)?;
            }
            flatten(self.budget, &alert, &mut alerts)?;
        }
        let updated = self.timestamp(child_text(root, "dateTimeSent"))?;
        Ok(tree::object(
            self.budget,
            [
                ("title", Value::Null),
                ("updated", updated),
                ("alerts", Value::Array(alerts)),
                ("left_out", left_out.into()),
                ("truncated", (left_out > 0).into()),
            ],
        )?)
    }

    fn feed(self, root: Node<'_, '_>) -> Result<Value, FormatError> {
        let mut found = Vec::new();
        entries(root, &mut found);
        let mut alerts = Vec::new();
        let mut left_out = 0;
        let total = found.len();
        let mut without_cap = None;
        for (at, entry) in found.into_iter().enumerate() {
            if alerts.len() >= MAX_ALERTS {
                left_out = total.saturating_sub(at);
                break;
            }
            // Some feeds contain the whole alert.
            let embedded = entry.descendants().find(|node| has_local_name(*node, "alert"));
            if let Some(embedded) = embedded {
                flatten(self.budget, &self.alert(embedded)?, &mut alerts)?;
            } else if child(entry, "event").is_some() || child(entry, "severity").is_some() {
                let alert = self.alert_of_entry(entry)?;
                tree::push_value(self.budget, &mut alerts, alert)?;
            } else {
                // It stays in the list, so that the card says that something is left out.
                without_cap = without_cap.or(Some(entry));
                tree::push_value(self.budget, &mut alerts, Value::Null)?;
            }
        }
        if let (Some(entry), true) = (without_cap, alerts.iter().all(Value::is_null)) {
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
                ("left_out", left_out.into()),
                ("truncated", (left_out > 0).into()),
            ],
        )?)
    }

    /// A timestamp as RFC 3339 in UTC, or without an offset when it is written without one;
    /// unreadable text is returned unchanged.
    fn timestamp(self, text: Option<&str>) -> Result<Value, Exhausted> {
        match text.and_then(dates::written_date) {
            Some(date) => tree::text(self.budget, &date.as_moment()),
            None => tree::optional(self.budget, text),
        }
    }

    /// The texts of child elements, by name.
    fn texts(self, node: Node<'_, '_>, names: &[&str]) -> Result<Map<String, Value>, Exhausted> {
        self.budget.charge_steps(node.children().count())?;
        let mut texts = Map::new();
        for name in names {
            let text = match *name {
                // Each of them counts, and those of a long event are many.
                "references" => child(node, name).and_then(whole_text),
                _ => child_text(node, name),
            };
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
        let codes = self.pairs(node, "eventCode", Values::First)?;
        tree::insert(self.budget, &mut info, "eventCodes", codes)?;
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
            place::add_polygon(points_of(polygon), &mut polygons, self.budget)?;
        }
        let mut circles = Vec::new();
        for text in children(node, "circle").filter_map(text) {
            let Some(circle) = circle(text, self.budget)? else { continue };
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
        if child_text(entry, "identifier").is_none() {
            set("identifier", child_text(entry, "id").or_else(|| child_text(entry, "guid")))?;
        }
        if child_text(entry, "sent").is_none() {
            let sent = child_text(entry, "updated").or_else(|| child_text(entry, "pubDate"));
            let sent = self.timestamp(sent)?;
            tree::insert(self.budget, &mut alert, "sent", sent)?;
        }
        let mut set = |key: &str, found: Option<&str>| {
            let value = tree::optional(self.budget, found)?;
            tree::insert(self.budget, &mut alert, key, value)
        };
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
