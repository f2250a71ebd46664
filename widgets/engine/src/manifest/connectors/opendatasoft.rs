//! OpenDataSoft: version 2.1 of its Explore API, and version 1, which some portals still use.
//! <https://help.opendatasoft.com/apis/ods-explore-v2/>

use serde_json::Value as Tree;
use voordeur_widget_api::Format;

use super::{Address, Connector, Dataset, NextRecords, Paging, geometry, map_records};

/// Version 2.1. A portal returns at most 100 records per request.
pub const OPENDATASOFT: Connector = Connector {
    name: "opendatasoft",
    address: "https://PORTAL/explore/dataset/NAME/",
    options: &[("where", "where"), ("select", "select"), ("order", "order_by")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| format!("{}/api/explore/v2.1/catalog/datasets/{}/records", set.portal, set.name),
    paging: Some(Paging {
        size_parameter: "limit",
        max_size: 100,
        next: NextRecords::Offset("offset", 0),
    }),
    list: "/results",
    records: |page, _| Ok(map_records(page.get("results"), geometry::row)),
};

/// Version 1: the fields of a record are nested, its position is GeoJSON.
pub const OPENDATASOFT_V1: Connector = Connector {
    name: "opendatasoft-v1",
    address: "https://PORTAL/api/records/1.0/search/?dataset=NAME",
    options: &[("where", "q"), ("order", "sort")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| format!("{}/api/records/1.0/search/?dataset={}", set.portal, set.name),
    paging: Some(Paging {
        size_parameter: "rows",
        max_size: 1_000,
        next: NextRecords::Offset("start", 0),
    }),
    list: "/records",
    records: |page, _| Ok(map_records(page.get("records"), record)),
};

fn locate(address: &Address<'_>) -> Option<Dataset> {
    let portal = address.host.to_owned();
    if let Some(name) = address.query_value(&["dataset"]) {
        return Some(Dataset { portal, name: name.to_owned() });
    }
    let (_, rest) = address.after("dataset").or_else(|| address.after("datasets"))?;
    Some(Dataset { portal, name: (*rest.first()?).to_owned() })
}

fn record(record: &Tree) -> Option<Tree> {
    let mut fields = record.get("fields")?.as_object()?.clone();
    if let Some(position) = record.get("geometry").and_then(geometry::position_of_geojson) {
        fields.insert("geometry".to_owned(), position);
    }
    Some(Tree::Object(fields))
}
