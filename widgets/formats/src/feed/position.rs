//! The position of an item, in GeoRSS, GML or the W3C's vocabulary.

use voordeur_widget_api::Exhausted;

use super::markup::Element;
use super::{Reader, child};

/// Numbers of a geometry beyond this many are ignored.
const MAX_COORDINATES: usize = 20_000;

impl Reader<'_> {
    /// The position of an item: a point, or the mean of the points of another geometry.
    pub(super) fn position(self, element: &Element<'_>) -> Result<Option<(f64, f64)>, Exhausted> {
        self.budget.charge_steps(element.child_count())?;
        let geometry = child(element, "georss", "where").unwrap_or(element);
        let point = child(element, "geo", "Point").unwrap_or(element);
        let longitude = child(point, "geo", "long").or(child(point, "geo", "lon"));
        if let (Some(latitude), Some(longitude)) = (child(point, "geo", "lat"), longitude) {
            let numbers = [self.numbers(latitude)?, self.numbers(longitude)?].concat();
            return Ok(mean(&numbers, 1));
        }
        let shapes = [("point", 1), ("box", 2), ("line", 2), ("polygon", 4)];
        for (name, min_points) in shapes {
            if let Some(shape) = child(geometry, "georss", name)
                && let Some(position) = mean(&self.numbers(shape)?, min_points)
            {
                return Ok(Some(position));
            }
        }
        // The text of a GML geometry consists of coordinates, at any depth.
        let shapes = [("Point", 1), ("LineString", 2), ("Polygon", 4), ("Envelope", 2)];
        for (name, min_points) in shapes {
            if let Some(shape) = child(geometry, "gml", name) {
                return Ok(mean(&self.numbers(shape)?, min_points));
            }
        }
        Ok(None)
    }

    /// The numbers in the text of an element.
    fn numbers(self, element: &Element<'_>) -> Result<Vec<f64>, Exhausted> {
        let text = element.text(self.budget)?;
        Ok(text
            .split([' ', ',', '\n', '\t', '\r'])
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .take(MAX_COORDINATES)
            .collect())
    }
}

/// The mean of pairs of latitude and longitude; `None` for fewer than `min_points`.
fn mean(numbers: &[f64], min_points: usize) -> Option<(f64, f64)> {
    let pairs = numbers.chunks_exact(2);
    let count = pairs.len();
    if count < min_points {
        return None;
    }
    let (latitude, longitude) =
        pairs.fold((0.0, 0.0), |sum, pair| (sum.0 + pair[0], sum.1 + pair[1]));
    let (latitude, longitude) = (latitude / count as f64, longitude / count as f64);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
}
