//! WFS 2.0 of a server with GeoJSON output, such as GeoServer.
//! <https://docs.ogc.org/is/09-025r2/09-025r2.html>

use voordeur_widget_api::Format;

use super::{
    Address, Connector, Dataset, NextRecords, Paging, geometry, map_records, query_separator,
};

/// `where` is GeoServer's `cql_filter`.
pub const WFS: Connector = Connector {
    name: "wfs",
    address: "https://SERVICE/wfs?typeNames=NAME",
    options: &[("where", "cql_filter"), ("select", "propertyName"), ("order", "sortBy")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| {
        let query_separator = query_separator(&set.portal);
        format!(
            "{}{query_separator}service=WFS&version=2.0.0&request=GetFeature&outputFormat=application%2Fjson&srsName=EPSG%3A4326&typeNames={}",
            set.portal, set.name
        )
    },
    paging: Some(Paging {
        size_parameter: "count",
        max_size: 1_000,
        next: NextRecords::Offset("startIndex", 0),
    }),
    list: "/features",
    records: |page, _| Ok(map_records(page.get("features"), geometry::feature)),
};

fn locate(address: &Address<'_>) -> Option<Dataset> {
    const OURS: [&str; 6] =
        ["service", "version", "request", "outputFormat", "typeName", "typeNames"];
    let name = address.query_value(&["typeNames", "typeName"])?.to_owned();
    let others = address.other_query(&OURS);
    let portal = match others.strip_suffix('&') {
        Some(others) => format!("{}?{others}", address.without_query()),
        None => address.without_query(),
    };
    Some(Dataset { portal, name })
}
