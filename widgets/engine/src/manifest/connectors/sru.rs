//! SRU, the search protocol of libraries and official publications.
//! <https://www.loc.gov/standards/sru/>

use serde_json::{Map, Value as Tree};
use voordeur_widget_api::Format;

use super::{
    Connector, NextRecords, Paging, dataset_is_address, dataset_url, map_records, query_separator,
};

/// `where` is a CQL query. Use `query` for another `version` than 1.2.
pub const SRU: Connector = Connector {
    name: "sru",
    address: "https://SERVICE/sru",
    options: &[("where", "query")],
    format: Format::Xml,
    headers: &[],
    locate: dataset_is_address,
    url: |set| {
        let address = dataset_url(set);
        let query_separator = query_separator(&address);
        format!("{address}{query_separator}operation=searchRetrieve&version=1.2")
    },
    paging: Some(Paging {
        size_parameter: "maximumRecords",
        max_size: 50,
        next: NextRecords::Offset("startRecord", 1),
    }),
    list: "/records/0/record",
    records: |page, _| Ok(records(page)),
};

fn records(page: &Tree) -> Option<Vec<Tree>> {
    let number = page.pointer("/numberOfRecords/0/#text")?.as_str()?.trim().parse::<u64>();
    match page.pointer("/records/0/record") {
        // There are some, and they stand somewhere else.
        None if number.is_ok_and(|number| number > 0) => None,
        None => Some(Vec::new()),
        records => map_records(records, record),
    }
}

/// The content of a record, without its wrapper elements.
fn record(record: &Tree) -> Option<Tree> {
    let mut here = record.pointer("/recordData/0")?.as_object()?;
    loop {
        let mut children = here.iter().filter(|(name, _)| !name.starts_with('@'));
        match (children.next(), children.next()) {
            (Some((_, Tree::Array(only))), None) if only.len() == 1 => {
                match only[0].as_object().filter(|inner| !is_leaf(inner)) {
                    Some(inner) => here = inner,
                    None => break,
                }
            }
            _ => break,
        }
    }
    Some(plain(here))
}

fn is_leaf(element: &Map<String, Tree>) -> bool {
    element.values().all(|value| !value.is_array())
}

/// An XML element as plain JSON: a text when it has only text, else a map, with a list only for
/// repeated elements.
fn plain(element: &Map<String, Tree>) -> Tree {
    if is_leaf(element)
        && let Some(text) = element.get("#text")
    {
        return text.clone();
    }
    if element.is_empty() {
        return Tree::Null;
    }
    let fields = element.iter().map(|(name, value)| {
        let value = match value {
            Tree::Array(several) => {
                let mut several =
                    several.iter().map(|one| one.as_object().map_or(Tree::Null, plain));
                match (several.next(), several.next()) {
                    (Some(only), None) => only,
                    (first, second) => first.into_iter().chain(second).chain(several).collect(),
                }
            }
            other => other.clone(),
        };
        (name.clone(), value)
    });
    Tree::Object(fields.collect())
}
