use ::geojson::{GeometryValue, Position};

type Point = (f64, f64);

/// A point that stands for the whole: the point itself, the middle of points, the point halfway along the longest line, the centre of
/// the largest surface.
pub fn of(geometry: &GeometryValue) -> Option<Point> {
    match geometry {
        GeometryValue::Point { coordinates } => point(coordinates),
        GeometryValue::MultiPoint { coordinates } => mean(coordinates),
        GeometryValue::LineString { coordinates } => halfway(coordinates).map(|(point, _)| point),
        GeometryValue::MultiLineString { coordinates } => {
            largest(coordinates.iter().filter_map(|line| halfway(line)))
        }
        GeometryValue::Polygon { coordinates } => {
            largest(coordinates.iter().filter_map(|ring| centre(ring)))
        }
        GeometryValue::MultiPolygon { coordinates } => {
            // Only the outer ring of each counts; holes come after it.
            largest(coordinates.iter().filter_map(|polygon| centre(polygon.first()?)))
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().find_map(|geometry| of(&geometry.value))
        }
    }
}

fn point(position: &Position) -> Option<Point> {
    let numbers = position.as_slice();
    let (x, y) = (*numbers.first()?, *numbers.get(1)?);
    (x.is_finite() && y.is_finite()).then_some((x, y))
}

fn largest(found: impl Iterator<Item = (Point, f64)>) -> Option<Point> {
    found.max_by(|one, other| one.1.total_cmp(&other.1)).map(|(point, _)| point)
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

/// The point halfway along a line, and the length of the line.
fn halfway(line: &[Position]) -> Option<(Point, f64)> {
    let points: Vec<Point> = line.iter().filter_map(point).collect();
    let lengths: Vec<f64> = points
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1))
        .collect();
    let whole: f64 = lengths.iter().sum();
    let mut left = whole / 2.0;
    for (pair, length) in points.windows(2).zip(&lengths) {
        if left <= *length && *length > 0.0 {
            let share = left / length;
            let along = |from: f64, to: f64| from + (to - from) * share;
            return Some(((along(pair[0].0, pair[1].0), along(pair[0].1, pair[1].1)), whole));
        }
        left -= length;
    }
    points.first().map(|point| (*point, 0.0))
}

/// The centre of gravity of a ring, and its surface.
fn centre(ring: &[Position]) -> Option<(Point, f64)> {
    let points: Vec<Point> = ring.iter().filter_map(point).collect();
    // Near the first point the products stay small, and so does what rounding takes away.
    let origin = *points.first()?;
    let (mut x, mut y, mut twice) = (0.0, 0.0, 0.0);
    for pair in points.windows(2) {
        let (from, to) = (
            (pair[0].0 - origin.0, pair[0].1 - origin.1),
            (pair[1].0 - origin.0, pair[1].1 - origin.1),
        );
        let cross = from.0 * to.1 - to.0 * from.1;
        twice += cross;
        x += (from.0 + to.0) * cross;
        y += (from.1 + to.1) * cross;
    }
    let middle = (origin.0 + x / (3.0 * twice), origin.1 + y / (3.0 * twice));
    // A ring without a surface is a line.
    if middle.0.is_finite() && middle.1.is_finite() {
        Some((middle, twice.abs()))
    } else {
        mean(ring).map(|point| (point, 0.0))
    }
}
