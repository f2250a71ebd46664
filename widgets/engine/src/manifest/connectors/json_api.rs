//! JSON:API: resources with attributes and relationships. <https://jsonapi.org/format/>

use serde_json::{Map, Value as Tree};
use voordeur_widget_api::Format;

use super::{Connector, NextRecords, Paging, dataset_is_address, dataset_url, map_records};

/// A record has `id`, `type`, the attributes, and for each relationship the included resources,
/// without their own relationships.
pub const JSON_API: Connector = Connector {
    name: "json-api",
    address: "https://SERVICE/things",
    options: &[("order", "sort")],
    format: Format::Json,
    headers: &[("Accept", "application/vnd.api+json")],
    locate: dataset_is_address,
    url: dataset_url,
    paging: Some(Paging {
        size_parameter: "page%5Bsize%5D",
        max_size: 100,
        // A link is a URL, or an object that holds one.
        next: NextRecords::Link("coalesce(at(page, 'links.next.href'), at(page, 'links.next'))"),
    }),
    list: "/data",
    records,
};

fn records(page: &Tree) -> Option<Vec<Tree>> {
    let included = page.get("included").and_then(Tree::as_array).map_or(&[][..], Vec::as_slice);
    let one = |resource: &Tree| {
        let mut record = attributes(resource)?;
        let relationships = resource.get("relationships").and_then(Tree::as_object);
        for (name, relationship) in relationships.into_iter().flatten() {
            let related = match relationship.get("data") {
                Some(Tree::Array(several)) => {
                    several.iter().map(|linked| resolved(linked, included)).collect()
                }
                Some(linked @ Tree::Object(_)) => resolved(linked, included),
                Some(Tree::Null) => Tree::Null,
                _ => continue,
            };
            record.insert(name.clone(), related);
        }
        Some(Tree::Object(record))
    };
    map_records(page.get("data"), one)
}

fn attributes(resource: &Tree) -> Option<Map<String, Tree>> {
    let resource = resource.as_object()?;
    let mut record = match resource.get("attributes") {
        Some(Tree::Object(attributes)) => attributes.clone(),
        _ => Map::new(),
    };
    for name in ["id", "type"] {
        if let Some(value) = resource.get(name) {
            record.insert(name.to_owned(), value.clone());
        }
    }
    Some(record)
}

/// The included resource that a relationship refers to; only `id` and `type` when it is not
/// included.
fn resolved(linked: &Tree, included: &[Tree]) -> Tree {
    let same =
        |one: &&Tree| one.get("id") == linked.get("id") && one.get("type") == linked.get("type");
    let found = included.iter().find(same).unwrap_or(linked);
    attributes(found).map_or(Tree::Null, Tree::Object)
}
