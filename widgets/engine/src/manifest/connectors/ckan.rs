//! CKAN: the rows of a DataStore resource.
//! <https://docs.ckan.org/en/latest/maintaining/datastore.html>

use voordeur_widget_api::Format;

use super::{Address, Connector, Dataset, NextRecords, Paging, geometry, map_records};

/// `where` is the JSON object that CKAN calls `filters`: `{"column": "value"}`.
pub const CKAN: Connector = Connector {
    name: "ckan",
    address: "https://PORTAL/dataset/NAME/resource/ID",
    options: &[("where", "filters"), ("select", "fields"), ("order", "sort")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| format!("{}/api/3/action/datastore_search?resource_id={}", set.portal, set.name),
    paging: Some(Paging {
        size_parameter: "limit",
        max_size: 1_000,
        next: NextRecords::Offset("offset", 0),
    }),
    list: "/result/records",
    records: |page, _| Ok(map_records(page.pointer("/result/records"), geometry::row)),
};

fn locate(address: &Address<'_>) -> Option<Dataset> {
    if let Some(name) = address.query_value(&["resource_id"]) {
        let (portal, _) = address.after("api")?;
        return Some(Dataset { portal, name: name.to_owned() });
    }
    let (portal, _) = address.after("dataset")?;
    let (_, rest) = address.after("resource")?;
    Some(Dataset { portal, name: (*rest.first()?).to_owned() })
}
