//! Data sets in JSON-stat: the statistics API of Eurostat, the StatBanks, and PxWeb with GET.
//! <https://json-stat.org/full/>

use serde_json::Value as Tree;
use voordeur_widget_api::Format;

use super::{Connector, dataset_is_address, dataset_url};

/// The data set is a URL; `query` selects the figures, with the service's own parameters. There are
/// no pages.
pub const JSON_STAT: Connector = Connector {
    name: "json-stat",
    address: "https://SERVICE/NAME?format=JSON",
    options: &[],
    format: Format::JsonStat,
    headers: &[],
    locate: dataset_is_address,
    url: dataset_url,
    paging: None,
    list: "/rows",
    records: |page, _| Ok(page.get("rows").and_then(Tree::as_array).cloned()),
};

#[cfg(test)]
mod tests {
    use voordeur_widget_api::Budget;

    use super::*;

    #[test]
    fn only_converted_json_stat_is_a_page() {
        let rows = |page: &Tree| {
            let rows = (JSON_STAT.records)(page, &Budget::default()).expect("within the budget");
            rows.map(|rows| rows.len())
        };
        assert_eq!(rows(&serde_json::json!({ "rows": [{ "geo": "BE", "value": 2.5 }] })), Some(1));
        assert_eq!(rows(&serde_json::json!({ "value": [2.5] })), None);
    }
}
