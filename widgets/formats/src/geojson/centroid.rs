use ::geojson::{GeometryValue, Position};

type Point = (f64, f64);

/// A representative point of a geometry: the point itself, the mean of several points, the midpoint
/// of the longest line, the centroid of the largest polygon.
pub fn centroid(geometry: &GeometryValue) -> Option<Point> {
    match geometry {
        GeometryValue::Point { coordinates } => point(coordinates),
        GeometryValue::MultiPoint { coordinates } => mean(coordinates),
        GeometryValue::LineString { coordinates } => midpoint(coordinates).map(|(point, _)| point),
        GeometryValue::MultiLineString { coordinates } => {
            of_largest(coordinates.iter().filter_map(|line| midpoint(line)))
        }
        GeometryValue::Polygon { coordinates } => {
            of_largest(coordinates.iter().filter_map(|ring| ring_centroid(ring)))
        }
        GeometryValue::MultiPolygon { coordinates } => {
            // The first ring is the exterior; the others are holes.
            of_largest(coordinates.iter().filter_map(|polygon| ring_centroid(polygon.first()?)))
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().find_map(|geometry| centroid(&geometry.value))
        }
    }
}

fn point(position: &Position) -> Option<Point> {
    let numbers = position.as_slice();
    let (x, y) = (*numbers.first()?, *numbers.get(1)?);
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

fn of_largest(parts: impl Iterator<Item = (Point, f64)>) -> Option<Point> {
    parts.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(point, _)| point)
}

fn mean(positions: &[Position]) -> Option<Point> {
    let points: Vec<Point> = positions.iter().filter_map(point).collect();
    if points.is_empty() {
        return None;
    }
    let count = points.len() as f64;
    Some((
        points.iter().map(|point| point.0).sum::<f64>() / count,
        points.iter().map(|point| point.1).sum::<f64>() / count,
    ))
}

/// The midpoint of a line and its length.
fn midpoint(line: &[Position]) -> Option<(Point, f64)> {
    let points: Vec<Point> = line.iter().filter_map(point).collect();
    let lengths: Vec<f64> = points
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1))
        .collect();
    let length: f64 = lengths.iter().sum();
    let mut remaining = length / 2.0;
    for (pair, segment) in points.windows(2).zip(&lengths) {
        if remaining <= *segment && *segment > 0.0 {
            let share = remaining / segment;
            let along = |from: f64, to: f64| from + (to - from) * share;
            return Some(((along(pair[0].0, pair[1].0), along(pair[0].1, pair[1].1)), length));
        }
        remaining -= segment;
    }
    points.first().map(|point| (*point, 0.0))
}

/// The centroid of a ring and twice its area.
fn ring_centroid(ring: &[Position]) -> Option<(Point, f64)> {
    let points: Vec<Point> = ring.iter().filter_map(point).collect();
    // Coordinates relative to the first point reduce cancellation.
    let origin = *points.first()?;
    let (mut x, mut y, mut double_area) = (0.0, 0.0, 0.0);
    for pair in points.windows(2) {
        let (from, to) = (
            (pair[0].0 - origin.0, pair[0].1 - origin.1),
            (pair[1].0 - origin.0, pair[1].1 - origin.1),
        );
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
