//! The position of a record, from the many formats of portals, as `{latitude, longitude}` in WGS84.

use serde_json::{Map, Value as Tree, json};

/// The position of a GeoJSON geometry or feature: the centre of its bounding box. `None` when the
/// numbers are not degrees.
pub fn position_of_geojson(geometry: &Tree) -> Option<Tree> {
    let geometry = geometry.get("geometry").unwrap_or(geometry);
    geometry.get("type")?.as_str()?;
    let mut bounds: Option<[f64; 4]> = None;
    match geometry.get("geometries") {
        Some(Tree::Array(parts)) => {
            parts.iter().for_each(|part| widen(part.get("coordinates"), &mut bounds));
        }
        _ => widen(geometry.get("coordinates"), &mut bounds),
    }
    let [west, south, east, north] = bounds?;
    position((south + north) / 2.0, (west + east) / 2.0)
}

/// Extends a bounding box by all positions in a coordinates array.
fn widen(coordinates: Option<&Tree>, bounds: &mut Option<[f64; 4]>) {
    let Some(Tree::Array(parts)) = coordinates else { return };
    match parts.as_slice() {
        [Tree::Number(x), Tree::Number(y), ..] => {
            let (Some(x), Some(y)) = (x.as_f64(), y.as_f64()) else { return };
            let [west, south, east, north] = bounds.unwrap_or([x, y, x, y]);
            *bounds = Some([west.min(x), south.min(y), east.max(x), north.max(y)]);
        }
        parts => parts.iter().for_each(|part| widen(Some(part), bounds)),
    }
}

/// The position in one of a record's fields: a GeoJSON geometry, or an object with latitude and
/// longitude.
pub fn position_of_fields(fields: &Map<String, Tree>) -> Option<Tree> {
    fields.values().filter(|value| value.is_object()).find_map(|value| {
        let named = |names: [&str; 3]| names.iter().find_map(|name| number(value.get(*name)?));
        position_of_geojson(value).or_else(|| {
            position(named(["latitude", "lat", "y"])?, named(["longitude", "lon", "x"])?)
        })
    })
}

/// A position, when the numbers are degrees.
pub fn position(latitude: f64, longitude: f64) -> Option<Tree> {
    let degrees = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    degrees.then(|| json!({ "latitude": latitude, "longitude": longitude }))
}

/// A number, also from text.
pub fn number(value: &Tree) -> Option<f64> {
    match value {
        Tree::Number(number) => number.as_f64(),
        Tree::String(text) => text.trim().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A record of a table, with its position when one of its fields has one.
pub fn row(record: &Tree) -> Option<Tree> {
    let mut fields = record.as_object()?.clone();
    if let Some(position) = position_of_fields(&fields) {
        fields.insert("geometry".to_owned(), position);
    }
    Some(Tree::Object(fields))
}

/// A GeoJSON feature as a record: its properties, its `id` unless a property has that name, and its
/// position.
pub fn feature(feature: &Tree) -> Option<Tree> {
    let mut fields = match feature.as_object()?.get("properties") {
        Some(Tree::Object(properties)) => properties.clone(),
        None | Some(Tree::Null) => Map::new(),
        Some(_) => return None,
    };
    if let Some(id) = feature.get("id") {
        fields.entry("id").or_insert_with(|| id.clone());
    }
    if let Some(position) = feature.get("geometry").and_then(position_of_geojson) {
        fields.insert("geometry".to_owned(), position);
    }
    Some(Tree::Object(fields))
}
