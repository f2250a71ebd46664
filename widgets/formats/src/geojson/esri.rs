use serde_json::{Value, json};

/// The geometry that ArcGIS writes as `x` and `y`, `points`, `paths` or `rings`, as GeoJSON.
pub fn geometry(written: &Value) -> Option<Value> {
    if let (Some(x), Some(y)) = (written.get("x"), written.get("y")) {
        return Some(json!({ "type": "Point", "coordinates": [x, y] }));
    }
    let shapes = [("points", "MultiPoint"), ("paths", "MultiLineString"), ("rings", "Polygon")];
    shapes.iter().find_map(|(key, kind)| {
        let coordinates = written.get(key).filter(|list| list.is_array())?;
        Some(json!({ "type": kind, "coordinates": coordinates }))
    })
}
