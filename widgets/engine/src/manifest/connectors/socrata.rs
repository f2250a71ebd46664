//! Socrata: the SODA API, version 2. <https://dev.socrata.com/docs/queries/>

use voordeur_widget_api::Format;

use super::{Address, Connector, Dataset, NextRecords, Paging, geometry, map_records};

/// The id of a data set has twice four letters and digits. Without `order` pages may overlap: use
/// for instance `:id` when more than one page is requested.
pub const SOCRATA: Connector = Connector {
    name: "socrata",
    address: "https://PORTAL/resource/abcd-1234.json",
    options: &[("where", "$where"), ("select", "$select"), ("order", "$order")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| format!("{}/resource/{}.json", set.portal, set.name),
    paging: Some(Paging {
        size_parameter: "$limit",
        max_size: 1_000,
        next: NextRecords::Offset("$offset", 0),
    }),
    list: "",
    records: |page, _| Ok(map_records(Some(page), geometry::row)),
};

fn locate(address: &Address<'_>) -> Option<Dataset> {
    let steps = address.path.iter().rev();
    let name = steps.map(|step| step.trim_end_matches(".json")).find(|step| is_name(step))?;
    Some(Dataset { portal: address.host.to_owned(), name: name.to_owned() })
}

fn is_name(step: &str) -> bool {
    let four = |part: &str| part.len() == 4 && part.chars().all(|c| c.is_ascii_alphanumeric());
    step.split_once('-').is_some_and(|(a, b)| four(a) && four(b))
}
