//! Polygons and circles of CAP.

use serde_json::Value;
use voordeur_widget_api::{Budget, Exhausted};

use super::MAX_POINTS;
use crate::tree;

/// The points of a polygon: `latitude,longitude` pairs between spaces.
pub fn points_of(polygon: &str) -> impl Iterator<Item = [f64; 2]> {
    polygon.split_ascii_whitespace().filter_map(point)
}

/// Adds a polygon, as a list of `[latitude, longitude]`, unless it has no points.
pub fn add_polygon(
    points: impl Iterator<Item = [f64; 2]>,
    polygons: &mut Vec<Value>,
    budget: &Budget,
) -> Result<(), Exhausted> {
    let mut list = Vec::new();
    for [latitude, longitude] in points.take(MAX_POINTS) {
        let mut pair = Vec::new();
        tree::push_value(budget, &mut pair, latitude.into())?;
        tree::push_value(budget, &mut pair, longitude.into())?;
        tree::push_value(budget, &mut list, Value::Array(pair))?;
    }
    if list.is_empty() {
        return Ok(());
    }
    tree::push_value(budget, polygons, Value::Array(list))
}

/// A circle: its centre, and after a space its radius, in kilometres in CAP and in metres in the
/// tree.
pub fn circle(text: &str, budget: &Budget) -> Result<Option<Value>, Exhausted> {
    let read = || {
        let (centre, radius) = text.split_once(' ')?;
        Some((point(centre)?, radius.trim().parse::<f64>().ok()?))
    };
    let Some(([latitude, longitude], radius)) = read() else { return Ok(None) };
    let members = [
        ("latitude", latitude.into()),
        ("longitude", longitude.into()),
        ("radius", (radius * 1_000.0).into()),
    ];
    tree::object(budget, members).map(Some)
}

/// Latitude and longitude, separated by a comma.
fn point(text: &str) -> Option<[f64; 2]> {
    let (latitude, longitude) = text.split_once(',')?;
    let (latitude, longitude): (f64, f64) =
        (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some([latitude, longitude])
}
