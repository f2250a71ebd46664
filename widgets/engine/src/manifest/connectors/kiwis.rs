//! KiWIS, the web services of Kisters' hydrological system. <https://www.kisters.net/wiski>

use serde_json::{Map, Value as Tree};
use voordeur_widget_api::Format;

use super::{Address, Connector, Dataset, geometry, query_separator};

/// The data set is the name of the request, such as `getTimeseriesList`. Lists are rows with a
/// header. Values are series with their own rows; each row gets the fields of its series.
pub const KIWIS: Connector = Connector {
    name: "kiwis",
    address: "https://SERVICE/KiWIS/KiWIS?datasource=0&request=NAME",
    options: &[("select", "returnfields")],
    format: Format::Json,
    headers: &[],
    locate,
    url: |set| {
        let query_separator = query_separator(&set.portal);
        let (portal, name) = (&set.portal, &set.name);
        format!(
            "{portal}{query_separator}service=kisters&type=queryServices&format=json&request={name}"
        )
    },
    paging: None,
    list: "",
    records,
};

fn locate(address: &Address<'_>) -> Option<Dataset> {
    let name = address.query_value(&["request"])?.to_owned();
    let others = address.other_query(&["service", "type", "format", "request"]);
    let portal = match others.strip_suffix('&') {
        Some(others) => format!("{}?{others}", address.without_query()),
        None => address.without_query(),
    };
    Some(Dataset { portal, name })
}

fn records(page: &Tree) -> Option<Vec<Tree>> {
    let parts = page.as_array()?;
    match parts.first() {
        None => Some(Vec::new()),
        // The service's way to say that there are no results.
        Some(Tree::String(text)) if text.starts_with("No matches") => Some(Vec::new()),
        Some(Tree::Array(header)) => {
            let names: Vec<&str> = header.iter().map(Tree::as_str).collect::<Option<_>>()?;
            Some(rows(&parts[1..], &names, &Map::new()))
        }
        Some(_) => {
            let series = parts.iter().map(series).collect::<Option<Vec<_>>>()?;
            Some(series.concat())
        }
    }
}

fn series(series: &Tree) -> Option<Vec<Tree>> {
    let mut series_fields = series.as_object()?.clone();
    let columns = series_fields.remove("columns")?;
    let names: Vec<&str> = columns.as_str()?.split(',').map(str::trim).collect();
    let data = series_fields.remove("data")?;
    Some(rows(data.as_array()?, &names, &series_fields))
}

/// A malformed row is kept as it is, so that the view counts it.
fn rows(rows: &[Tree], names: &[&str], series_fields: &Map<String, Tree>) -> Vec<Tree> {
    rows.iter()
        .map(|row| record(names, row, series_fields).unwrap_or_else(|| row.clone()))
        .collect()
}

fn record(names: &[&str], row: &Tree, series_fields: &Map<String, Tree>) -> Option<Tree> {
    let mut fields = series_fields.clone();
    let cells = row.as_array()?;
    fields.extend(names.iter().zip(cells).map(|(name, cell)| ((*name).to_owned(), cell.clone())));
    let named = |name: &str| fields.get(name).and_then(geometry::number);
    let position = named("station_latitude").zip(named("station_longitude"));
    if let Some(position) =
        position.and_then(|(latitude, longitude)| geometry::position(latitude, longitude))
    {
        fields.insert("geometry".to_owned(), position);
    }
    Some(Tree::Object(fields))
}
