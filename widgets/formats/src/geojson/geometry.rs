use serde_json::Value;

type Point = (f64, f64);

/// A geometry of GeoJSON or Esri JSON. It borrows the coordinates, which may be most of a response.
pub struct Geometry<'t> {
    /// The name of its type in GeoJSON.
    pub kind: &'static str,
    /// The coordinates, or the geometries of a collection.
    parts: &'t [Value],
}

/// The types of GeoJSON, and the keys of the same in Esri JSON.
const KINDS: [(&str, &str); 7] = [
    ("Point", ""),
    ("MultiPoint", "points"),
    ("LineString", ""),
    ("MultiLineString", "paths"),
    ("Polygon", "rings"),
    ("MultiPolygon", ""),
    ("GeometryCollection", ""),
];

/// Whether a type of GeoJSON is that of a geometry.
pub fn is_geometry(kind: &str) -> bool {
    KINDS.iter().any(|(name, _)| *name == kind)
}

impl<'t> Geometry<'t> {
    /// The geometry that an object describes, unless it has no coordinates.
    pub fn of(tree: &'t Value) -> Option<Self> {
        let written = tree.get("type").and_then(Value::as_str);
        if let Some((kind, _)) = KINDS.iter().find(|(name, _)| Some(*name) == written) {
            let key = if *kind == "GeometryCollection" { "geometries" } else { "coordinates" };
            return Some(Self { kind, parts: tree.get(key)?.as_array()? });
        }
        if tree.get("type").is_some() {
            return None;
        }
        let esri = KINDS.iter().filter(|(_, key)| !key.is_empty());
        esri.filter_map(|(kind, key)| Some(Self { kind, parts: tree.get(key)?.as_array()? })).next()
    }

    /// A representative point: the point itself, the mean of several points, the midpoint of the
    /// longest line, the centroid of the largest polygon.
    pub fn centroid(&self) -> Option<Point> {
        let lists = || self.parts.iter().filter_map(Value::as_array);
        match self.kind {
            "Point" => point(self.parts),
            "MultiPoint" => mean(self.parts),
            "LineString" => midpoint(self.parts).map(|(point, _)| point),
            "MultiLineString" => of_largest(lists().filter_map(|line| midpoint(line))),
            "Polygon" => of_largest(lists().filter_map(|ring| ring_centroid(ring))),
            // The first ring is the exterior; the others are holes.
            "MultiPolygon" => of_largest(
                lists().filter_map(|polygon| ring_centroid(polygon.first()?.as_array()?)),
            ),
            _ => self.parts.iter().find_map(|part| Geometry::of(part)?.centroid()),
        }
    }
}

fn point(position: &[Value]) -> Option<Point> {
    Some((coordinate(position.first()?)?, coordinate(position.get(1)?)?))
}

/// A coordinate: a number, or a text with one, perhaps with a decimal comma.
pub fn coordinate(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(text) => {
            let text = text.trim();
            text.parse().or_else(|_| text.replacen(',', ".", 1).parse()).ok()?
        }
        other => other.as_f64()?,
    };
    number.is_finite().then_some(number)
}

fn points(positions: &[Value]) -> impl Iterator<Item = Point> + Clone {
    positions.iter().filter_map(|position| point(position.as_array()?))
}

/// Each point and the one after it.
fn segments(positions: &[Value]) -> impl Iterator<Item = (Point, Point)> {
    points(positions).zip(points(positions).skip(1))
}

fn of_largest(parts: impl Iterator<Item = (Point, f64)>) -> Option<Point> {
    parts.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(point, _)| point)
}

fn mean(positions: &[Value]) -> Option<Point> {
    let (mut count, mut x, mut y) = (0.0, 0.0, 0.0);
    for point in points(positions) {
        count += 1.0;
        x += point.0;
        y += point.1;
    }
    (count > 0.0).then_some((x / count, y / count))
}

/// The midpoint of a line and its length.
fn midpoint(line: &[Value]) -> Option<(Point, f64)> {
    let length_of = |from: Point, to: Point| (to.0 - from.0).hypot(to.1 - from.1);
    let length: f64 = segments(line).map(|(from, to)| length_of(from, to)).sum();
    let mut remaining = length / 2.0;
    for (from, to) in segments(line) {
        let segment = length_of(from, to);
        if remaining <= segment && segment > 0.0 {
            let share = remaining / segment;
            let along = |from: f64, to: f64| from + (to - from) * share;
            return Some(((along(from.0, to.0), along(from.1, to.1)), length));
        }
        remaining -= segment;
    }
    points(line).next().map(|point| (point, 0.0))
}

/// The centroid of a ring and twice its area.
fn ring_centroid(ring: &[Value]) -> Option<(Point, f64)> {
    // Coordinates relative to the first point reduce cancellation.
    let origin = points(ring).next()?;
    let (mut x, mut y, mut double_area) = (0.0, 0.0, 0.0);
    for (from, to) in segments(ring) {
        let (from, to) =
            ((from.0 - origin.0, from.1 - origin.1), (to.0 - origin.0, to.1 - origin.1));
        let cross = from.0 * to.1 - to.0 * from.1;
        double_area += cross;
        x += (from.0 + to.0) * cross;
        y += (from.1 + to.1) * cross;
    }
    let centroid = (origin.0 + x / (3.0 * double_area), origin.1 + y / (3.0 * double_area));
    // A degenerate ring has no area.
    if centroid.0.is_finite() && centroid.1.is_finite() {
        Some((centroid, double_area.abs()))
    } else {
        mean(ring).map(|point| (point, 0.0))
    }
}
