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
            let texts = [latitude.text(self.budget)?, longitude.text(self.budget)?];
            let numbers: Vec<f64> = texts.iter().filter_map(|text| degrees(text)).collect();
            return Ok(mean(&numbers, 1));
        }
        let shapes = [("point", 1), ("box", 2), ("line", 2), ("polygon", 4)];
        for (name, min_points) in shapes {
            if let Some(shape) = child(geometry, "georss", name)
                && let Some(position) = mean(&self.numbers(shape, min_points)?, min_points)
            {
                return Ok(Some(position));
            }
        }
        // The text of a GML geometry consists of coordinates, at any depth.
        let shapes = [("Point", 1), ("LineString", 2), ("Polygon", 4), ("Envelope", 2)];
        for (name, min_points) in shapes {
            if let Some(shape) = child(geometry, "gml", name) {
                return Ok(mean(&self.numbers(shape, min_points)?, min_points));
            }
        }
        Ok(None)
    }

    /// The numbers in the text of a geometry of at least this many points.
    fn numbers(self, element: &Element<'_>, min_points: usize) -> Result<Vec<f64>, Exhausted> {
        let text = element.text(self.budget)?;
        if has_decimal_commas(&text, min_points) {
            let numbers = text.split_whitespace().map_while(degrees);
            return Ok(numbers.take(MAX_COORDINATES).collect());
        }
        Ok(text
            .split([' ', ',', '\n', '\t', '\r'])
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .take(MAX_COORDINATES)
            .collect())
    }
}

/// A number of degrees, perhaps with a decimal comma.
fn degrees(text: &str) -> Option<f64> {
    let text = text.trim();
    let degrees: f64 = text.parse().or_else(|_| text.replacen(',', ".", 1).parse()).ok()?;
    degrees.is_finite().then_some(degrees)
}

/// Whether each word of a geometry is a number with a decimal comma: `50,85 4,35` is one point, since
/// a point is no two pairs, and no degree has four digits.
fn has_decimal_commas(text: &str, min_points: usize) -> bool {
    let (mut words, mut longest) = (0_usize, 0);
    for word in text.split_whitespace().take(MAX_COORDINATES) {
        let Some((_, fraction)) = word.split_once(',') else { return false };
        if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        words += 1;
        longest = longest.max(fraction.len());
    }
    words > 1 && (longest > 3 || words == 2 && min_points == 1)
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
