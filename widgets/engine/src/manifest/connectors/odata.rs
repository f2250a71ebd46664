//! OData 4: an entity set.
//! <https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html>

use voordeur_widget_api::Format;

use super::{
    Connector, NextRecords, Paging, dataset_is_address, dataset_url, geometry, map_records,
};

/// A service may return fewer records than requested, with a link to the rest.
pub const ODATA: Connector = Connector {
    name: "odata",
    address: "https://SERVICE/EntitySet",
    options: &[("where", "$filter"), ("select", "$select"), ("order", "$orderby")],
    format: Format::Json,
    headers: &[],
    locate: dataset_is_address,
    url: dataset_url,
    paging: Some(Paging {
        size_parameter: "$top",
        max_size: 1_000,
        next: NextRecords::Link("'@odata.nextLink' in page ? page['@odata.nextLink'] : null"),
    }),
    list: "/value",
    records: |page, _| Ok(map_records(page.get("value"), geometry::row)),
};
