//! JSON:API: resources with attributes and relationships. <https://jsonapi.org/format/>

use std::collections::HashMap;

use serde_json::{Map, Value as Tree};
use voordeur_widget_api::{Budget, Exhausted, Format};

use super::{Connector, NextRecords, Paging, Records, dataset_is_address, dataset_url};
use crate::manifest::values;

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

fn records(page: &Tree, budget: &Budget) -> Records {
    let Some(resources) = page.get("data").and_then(Tree::as_array) else { return Ok(None) };
    let included = page.get("included").and_then(Tree::as_array).map_or(&[][..], Vec::as_slice);
    let mut by_identity: HashMap<Identity<'_>, &Tree> = HashMap::with_capacity(included.len());
    for resource in included {
        // The first of each counts.
        by_identity.entry(identity(resource)).or_insert(resource);
    }
    let mut records = Vec::with_capacity(resources.len());
    for resource in resources {
        let Some(mut record) = attributes(resource) else {
            // A malformed record is kept as it is, so that the view counts it.
            records.push(resource.clone());
            continue;
        };
        let relationships = resource.get("relationships").and_then(Tree::as_object);
        for (name, relationship) in relationships.into_iter().flatten() {
            let related = match relationship.get("data") {
                Some(Tree::Array(several)) => {
                    let one = |linked| resolved(linked, &by_identity, budget);
                    Tree::Array(several.iter().map(one).collect::<Result<_, _>>()?)
                }
                Some(linked @ Tree::Object(_)) => resolved(linked, &by_identity, budget)?,
                Some(Tree::Null) => Tree::Null,
                _ => continue,
            };
            record.insert(name.clone(), related);
        }
        records.push(Tree::Object(record));
    }
    Ok(Some(records))
}

/// The `id` and `type` by which a resource is referred to.
type Identity<'a> = (Option<&'a Tree>, Option<&'a Tree>);

fn identity(resource: &Tree) -> Identity<'_> {
    (resource.get("id"), resource.get("type"))
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
/// included. Many may refer to the same one, so each copy is charged.
fn resolved(
    linked: &Tree,
    included: &HashMap<Identity<'_>, &Tree>,
    budget: &Budget,
) -> Result<Tree, Exhausted> {
    let found = included.get(&identity(linked)).copied().unwrap_or(linked);
    values::charge_tree(found, budget)?;
    Ok(attributes(found).map_or(Tree::Null, Tree::Object))
}
