//! OpenDataSoft: version 2.1 of its Explore API, and version 1, which some portals still have.
//! <https://help.opendatasoft.com/apis/ods-explore-v2/>

use serde_json::Value as Tree;
use voordeur_widget_api::Format;

use super::{Address, Connector, Dataset, Next, Portion, each, geometry};

/// Version 2.1. A portal gives at most 100 records at a time.
pub const OPENDATASOFT: Connector = Connector {
    name: "opendatasoft",
    address: "https://PORTAL/explore/dataset/NAME/",
    said: &[("where", "where"), ("select", "select"), ("order", "order_by")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| format!("{}/api/explore/v2.1/catalog/datasets/{}/records", set.portal, set.name),
    portion: Some(Portion { size: "limit", largest: 100, next: Next::From("offset", 0) }),
    list: "/results",
    records: |page| each(page.get("results"), geometry::row),
};

/// Version 1: the fields of a record stand apart, its place is GeoJSON.
pub const OPENDATASOFT_V1: Connector = Connector {
    name: "opendatasoft-v1",
    address: "https://PORTAL/api/records/1.0/search/?dataset=NAME",
    said: &[("where", "q"), ("order", "sort")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| format!("{}/api/records/1.0/search/?dataset={}", set.portal, set.name),
    portion: Some(Portion { size: "rows", largest: 1_000, next: Next::From("start", 0) }),
    list: "/records",
    records: |page| each(page.get("records"), record),
};

fn locate(address: &Address<'_>) -> Option<Dataset> {
    let portal = address.host.to_owned();
    if let Some(name) = address.asks(&["dataset"]) {
        return Some(Dataset { portal, name: name.to_owned() });
    }
    let (_, rest) = address.after("dataset").or_else(|| address.after("datasets"))?;
    Some(Dataset { portal, name: (*rest.first()?).to_owned() })
}

fn record(record: &Tree) -> Option<Tree> {
    let mut fields = record.get("fields")?.as_object()?.clone();
    if let Some(spot) = record.get("geometry").and_then(geometry::of_geojson) {
        fields.insert("geometry".to_owned(), spot);
    }
    Some(Tree::Object(fields))
}
