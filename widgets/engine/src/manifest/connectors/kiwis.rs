//! KiWIS, the web services of Kisters' hydrological system. <https://www.kisters.net/wiski>

use serde_json::{Map, Value as Tree};
use voordeur_widget_api::{Budget, Exhausted, Format};

use super::{Address, Connector, Dataset, Records, geometry, query_separator};
use crate::manifest::values;

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

fn records(page: &Tree, budget: &Budget) -> Records {
    let Some(parts) = page.as_array() else { return Ok(None) };
    match parts.split_first() {
        None => Ok(Some(Vec::new())),
        // The service's way to say that there are no results.
        Some((Tree::String(text), _)) if text.starts_with("No matches") => Ok(Some(Vec::new())),
        Some((Tree::Array(header), parts)) => {
            let names: Option<Vec<&str>> = header.iter().map(Tree::as_str).collect();
            names.map(|names| rows(parts, &names, &Map::new(), budget)).transpose()
        }
        Some(_) => {
            let mut records = Vec::new();
            for part in parts {
                match series(part, budget)? {
                    Some(rows) => records.extend(rows),
                    None => return Ok(None),
                }
            }
            Ok(Some(records))
        }
    }
}

fn series(series: &Tree, budget: &Budget) -> Records {
    let parts = || {
        let series = series.as_object()?;
        Some((series, series.get("columns")?.as_str()?, series.get("data")?.as_array()?))
    };
    let Some((series, columns, data)) = parts() else { return Ok(None) };
    let own = series.iter().filter(|(name, _)| !matches!(name.as_str(), "columns" | "data"));
    let own = own.map(|(name, value)| (name.clone(), value.clone())).collect();
    let names: Vec<&str> = columns.split(',').map(str::trim).collect();
    rows(data, &names, &own, budget).map(Some)
}

/// A malformed row is kept as it is, so that the view counts it. The fields of the series and the
/// names of the columns stand in each row, so that they are charged each time.
fn rows(
    rows: &[Tree],
    names: &[&str],
    series_fields: &Map<String, Tree>,
    budget: &Budget,
) -> Result<Vec<Tree>, Exhausted> {
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(cells) = row.as_array() else {
            records.push(row.clone());
            continue;
        };
        for (name, value) in series_fields {
            budget.charge_bytes(name.len())?;
            values::charge_tree(value, budget)?;
        }
        let mut fields = series_fields.clone();
        for (name, cell) in names.iter().zip(cells) {
            budget.charge_bytes(name.len())?;
            fields.insert((*name).to_owned(), cell.clone());
        }
        let named = |name: &str| fields.get(name).and_then(geometry::number);
        let position = named("station_latitude").zip(named("station_longitude"));
        if let Some(position) =
            position.and_then(|(latitude, longitude)| geometry::position(latitude, longitude))
        {
            fields.insert("geometry".to_owned(), position);
        }
        records.push(Tree::Object(fields));
    }
    Ok(records)
}
