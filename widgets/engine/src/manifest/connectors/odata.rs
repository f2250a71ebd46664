//! OData 4: an entity set. <https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part1-protocol.html>

use voordeur_widget_api::Format;

use super::{Connector, Next, Portion, as_it_is, each, geometry, whole};

/// A service may give less at a time than was asked, and then says where the rest is.
pub const ODATA: Connector = Connector {
    name: "odata",
    address: "https://SERVICE/EntitySet",
    said: &[("where", "$filter"), ("select", "$select"), ("order", "$orderby")],
    format: Format::Json,
    headers: &[],
    locate: whole,
    url: as_it_is,
    portion: Some(Portion {
        size: "$top",
        largest: 1_000,
        next: Next::Link("'@odata.nextLink' in page ? page['@odata.nextLink'] : null"),
    }),
    list: "/value",
    records: |page| each(page.get("value"), geometry::row),
};
