//! OGC API - Features: the items of a collection. <https://docs.ogc.org/is/17-069r4/17-069r4.html>

use voordeur_widget_api::Format;

use super::{Address, Connector, Dataset, NextRecords, Paging, geometry, map_records};

/// `where` is a filter in the language of the query parameter `filter-lang`, where the service
/// supports filters (part 3 of the standard).
pub const OGCAPI_FEATURES: Connector = Connector {
    name: "ogcapi-features",
    address: "https://SERVICE/collections/NAME",
    options: &[("where", "filter"), ("select", "properties"), ("order", "sortby")],
    format: Format::Json,
    headers: &[("Accept", "application/geo+json, application/json;q=0.9")],
    locate,
    url: |set| format!("{}/collections/{}/items?f=json", set.portal, set.name),
    paging: Some(Paging {
        size_parameter: "limit",
        max_size: 1_000,
        next: NextRecords::Link(
            "first(list(at(page, 'links')).filter(l, at(l, 'rel') == 'next').map(l, at(l, 'href')))",
        ),
    }),
    list: "/features",
    records: |page, _| Ok(map_records(page.get("features"), geometry::feature)),
};

fn locate(address: &Address<'_>) -> Option<Dataset> {
    let (portal, rest) = address.after("collections")?;
    Some(Dataset { portal, name: (*rest.first()?).to_owned() })
}
