use serde_json::{Value, json};

/// Converts an Esri JSON geometry (`x` and `y`, `points`, `paths` or `rings`) to GeoJSON.
pub fn to_geojson(esri: &Value) -> Option<Value> {
    if let (Some(x), Some(y)) = (esri.get("x"), esri.get("y")) {
        return Some(json!({ "type": "Point", "coordinates": [x, y] }));
    }
    let shapes = [("points", "MultiPoint"), ("paths", "MultiLineString"), ("rings", "Polygon")];
    shapes.iter().find_map(|(key, kind)| {
        let coordinates = esri.get(key).filter(|list| list.is_array())?;
        Some(json!({ "type": kind, "coordinates": coordinates }))
    })
}
