//! GeoJSON (RFC 7946 and the specification of 2008) and the feature sets of ArcGIS (Esri JSON).

mod crs;
mod geometry;

use serde_json::{Map, Value};
use voordeur_widget_api::{Budget, Exhausted};

use super::{FormatError, excerpt, json, line_and_column, tree};
use crs::Crs;
use geometry::{Geometry, coordinate, is_geometry};

/// Features beyond this many are omitted.
const MAX_ITEMS: usize = 50_000;

/// Reads a feature collection, a feature or a geometry into `items`, `about` and `truncated`.
pub fn read(text: &str, budget: &Budget) -> Result<Value, FormatError> {
    let tree = json::parse(text, budget).map_err(|error| error.within(FormatError::GeoJson))?;
    let error = |reason: &str| Err(FormatError::GeoJson(reason.to_owned()));
    let Value::Object(mut tree) = tree else {
        let start = text.len() - text.trim_start().len();
        return error(&format!("no object at {}", line_and_column(text, start)));
    };
    let crs = Crs::of(&tree);
    let features = match tree.remove("features") {
        Some(Value::Array(features)) => features,
        Some(_) => return error("`features` is not a list"),
        None => match tree.get("type").and_then(Value::as_str) {
            Some("Feature") => vec![Value::Object(std::mem::take(&mut tree))],
            Some("FeatureCollection") => return error("`features` is missing"),
            Some(kind) if is_geometry(kind) => {
                let geometry = Value::Object(std::mem::take(&mut tree));
                vec![tree::object(budget, [("geometry", geometry)])?]
            }
            Some(kind) => return error(&format!("`type` is {:?}", excerpt(kind))),
            None => return error("`type` is missing, and so is `features`"),
        },
    };
    let truncated = features.len() > MAX_ITEMS;
    // The order of a whole collection, since one point may be plausible both ways.
    let crs = match crs {
        Crs::LatitudeFirst => {
            budget.charge_steps(features.len())?;
            let positions = features
                .iter()
                .take(MAX_ITEMS)
                .filter_map(|feature| Geometry::of(feature.get("geometry")?)?.centroid());
            Crs::in_plausible_order(positions)
        }
        other => other,
    };
    let mut items = Vec::new();
    for (at, feature) in features.into_iter().take(MAX_ITEMS).enumerate() {
        let Value::Object(feature) = feature else {
            return error(&format!("`features[{at}]` is not an object"));
        };
        let item = item(feature, &crs, budget)?;
        tree::push_value(budget, &mut items, item)?;
    }
    for key in ["type", "bbox", "crs"] {
        tree.remove(key);
    }
    Ok(tree::object(
        budget,
        [
            ("items", Value::Array(items)),
            ("about", Value::Object(tree)),
            ("truncated", truncated.into()),
        ],
    )?)
}

fn item(mut feature: Map<String, Value>, crs: &Crs, budget: &Budget) -> Result<Value, Exhausted> {
    let geometry = feature.remove("geometry");
    let properties = match feature.remove("properties").or_else(|| feature.remove("attributes")) {
        Some(Value::Object(properties)) => properties,
        _ => Map::new(),
    };
    let id = match feature.remove("id").filter(|id| *id != "") {
        Some(id) => id,
        None => {
            let mut keys = ["OBJECTID", "objectid", "FID"].iter();
            let found = keys.find_map(|key| properties.get(*key));
            found.map_or(Ok(Value::Null), |id| tree::copy(budget, id))?
        }
    };
    // An Esri point has no list of coordinates.
    let esri_point = geometry.as_ref().and_then(|geometry| {
        let (x, y) = (coordinate(geometry.get("x")?)?, coordinate(geometry.get("y")?)?);
        geometry.get("type").is_none().then_some((x, y))
    });
    let (kind, centroid) = match (esri_point, geometry.as_ref().and_then(Geometry::of)) {
        (Some(point), _) => (Some("Point"), Some(point)),
        (None, Some(geometry)) => (Some(geometry.kind), geometry.centroid()),
        (None, None) => (None, None),
    };
    let position = centroid.and_then(|(x, y)| crs.to_wgs84(x, y));
    tree::object(
        budget,
        [
            ("id", id),
            ("properties", Value::Object(properties)),
            ("latitude", position.map(|(latitude, _)| latitude).into()),
            ("longitude", position.map(|(_, longitude)| longitude).into()),
            ("geometry_type", tree::optional(budget, kind)?),
        ],
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, FormatError> {
        super::read(text, &Budget::default())
    }

    fn assert_near(item: &Value, latitude: f64, longitude: f64) {
        let position = (item["latitude"].as_f64(), item["longitude"].as_f64());
        let (Some(lat), Some(lon)) = position else { panic!("no position: {item}") };
        assert!((lat - latitude).abs() < 2e-5 && (lon - longitude).abs() < 2e-5, "{item}");
    }

    #[test]
    fn each_geometry_type_has_a_position() {
        for (geometry, latitude, longitude) in [
            (r#"{"type":"Point","coordinates":[4.5,51,12]}"#, 51.0, 4.5),
            (r#"{"type":"MultiPoint","coordinates":[[4,51],[5,52]]}"#, 51.5, 4.5),
            (r#"{"type":"LineString","coordinates":[[4,51],[4,51],[4,53]]}"#, 52.0, 4.0),
            (r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,2],[0,2],[0,0]]]}"#, 1.0, 2.0),
            (
                r#"{"type":"MultiPolygon","coordinates":[[[[9,9],[9,9.1],[9.1,9],[9,9]]],[[[0,0],[4,0],[4,2],[0,2],[0,0]]]]}"#,
                1.0,
                2.0,
            ),
            (
                r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[4.5,51]}]}"#,
                51.0,
                4.5,
            ),
        ] {
            let tree = read(geometry).expect("a geometry");
            assert_near(&tree["items"][0], latitude, longitude);
        }
    }

    #[test]
    // Web Mercator and UTM: the examples of EPSG Guidance Note 7-2 and the definition of the
    // central meridian.
    fn projected_coordinates_are_converted_to_wgs_84() {
        for (name, x, y, latitude, longitude) in [
            ("urn:ogc:def:crs:EPSG::28992", 155_000.0, 463_000.0, 52.155_174, 5.387_206),
            ("EPSG:3857", -11_169_055.58, 2_800_000.0, 24.381_787, -100.333_333),
            ("http://www.opengis.net/def/crs/EPSG/0/25832", 500_000.0, 5_538_630.7, 50.0, 9.0),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", 4.0, 51.0, 51.0, 4.0),
            // Swapped axes: latitude first.
            ("EPSG:4326", 51.0, 104.0, 51.0, 104.0),
        ] {
            let (x, y) = if name == "EPSG:4326" { (y, x) } else { (x, y) };
            let text = json!({
                "type": "FeatureCollection",
                "crs": { "type": "name", "properties": { "name": name } },
                "numberMatched": 7,
                "features": [{ "type": "Feature", "id": "a", "properties": { "p": 1 }, "geometry": { "type": "Point", "coordinates": [x, y] } }],
            });
            let tree = read(&text.to_string()).expect(name);
            assert_near(&tree["items"][0], latitude, longitude);
            assert_eq!(tree["about"]["numberMatched"], 7);
            assert_eq!(tree["items"][0]["properties"]["p"], 1);
        }
        let unknown = r#"{"type":"Feature","crs":{"type":"name","properties":{"name":"EPSG:99999"}},"geometry":{"type":"Point","coordinates":[1,2]}}"#;
        assert_eq!(read(unknown).expect("a feature")["items"][0]["latitude"], Value::Null);
    }

    fn collection(crs: &str, coordinates: &[Value]) -> Value {
        let feature = |at: &Value| json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": at } });
        let text = json!({
            "type": "FeatureCollection",
            "crs": { "type": "name", "properties": { "name": crs } },
            "features": coordinates.iter().map(feature).collect::<Vec<_>>(),
        });
        read(&text.to_string()).expect("a collection")
    }

    #[test]
    fn coordinates_may_be_texts() {
        let tree = collection(
            "EPSG:4326",
            &[
                json!(["4.3517", " 50.8466 "]),
                json!(["4,3517", "50,8466"]),
                json!([]),
                json!(["x", "y"]),
            ],
        );
        assert_near(&tree["items"][0], 50.8466, 4.3517);
        assert_near(&tree["items"][1], 50.8466, 4.3517);
        for at in [2, 3] {
            assert_eq!(tree["items"][at]["latitude"], Value::Null);
        }
    }

    #[test]
    fn a_urn_of_epsg_4326_means_latitude_first_where_that_is_plausible() {
        let urn = "urn:ogc:def:crs:EPSG::4326";
        let tree = collection(urn, &[json!([50.8466, 4.3517]), json!([51.2194, 4.4025])]);
        assert_near(&tree["items"][0], 50.8466, 4.3517);
        assert_near(&tree["items"][1], 51.2194, 4.4025);
        // As servers write it that name the system so and keep to the order of GeoJSON.
        let tree = collection(urn, &[json!([8.1994, 48.8605])]);
        assert_near(&tree["items"][0], 48.8605, 8.1994);
        let tree =
            collection("http://www.opengis.net/def/crs/EPSG/0/4258", &[json!([45.5, -73.6])]);
        assert_near(&tree["items"][0], 45.5, -73.6);
        let tree = collection(urn, &[json!([-73.6, 45.5])]);
        assert_near(&tree["items"][0], 45.5, -73.6);
        // Without a system, and with a name that defines no axes, longitude comes first.
        assert_near(
            &collection("EPSG:4326", &[json!([50.8466, 4.3517])])["items"][0],
            4.3517,
            50.8466,
        );
    }

    #[test]
    fn esri_json_is_read() {
        let text = r#"{"spatialReference":{"wkid":102100,"latestWkid":3857},"geometryType":"esriGeometryPoint",
            "features":[{"attributes":{"OBJECTID":3,"NAME":"P1"},"geometry":{"x":-11169055.58,"y":2800000}},
            {"attributes":{},"geometry":{"rings":[[[0,0],[0,111319.49],[111319.49,111319.49],[111319.49,0],[0,0]]]}},{"attributes":{}}]}"#;
        let tree = read(text).expect("features");
        assert_near(&tree["items"][0], 24.381_787, -100.333_333);
        assert_eq!(tree["items"][0]["id"], 3);
        assert_eq!(tree["items"][1]["geometry_type"], "Polygon");
        assert_eq!(tree["items"][2]["geometry_type"], Value::Null);
    }

    #[test]
    fn errors_name_the_position() {
        for (text, place) in [
            ("{", "line 1 column"),
            ("[]", "line 1"),
            (r#"{"type":"Topology"}"#, "`type`"),
            (r#"{"features":[1]}"#, "`features[0]`"),
            (r#"{"error":{}}"#, "`features`"),
        ] {
            let error = read(text).expect_err("not GeoJSON").to_string();
            assert!(error.contains(place), "{error}");
        }
    }
}
