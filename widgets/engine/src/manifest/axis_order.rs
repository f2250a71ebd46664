//! Positions whose axes a service swapped, with the longitude where the latitude belongs.
//!
//! A position far from everything that the widget covers, and inside of it once swapped, is swapped
//! and counted. Nothing is done where the widget covers everything, or a country that is not listed
//! here.

use std::cell::RefCell;
use std::collections::HashSet;

use voordeur_widget_api::{Area, Budget, Coverage, Exhausted};

/// The memory of one swapped position that was counted.
const BYTES_PER_POSITION: usize = 64;

/// Degrees south, north, west and east: a rectangle around a country without its overseas
/// territories, rounded outwards.
type Extent = [f64; 4];

/// By ISO 3166-1 alpha-2 code.
const COUNTRIES: [(&str, Extent); 14] = [
    ("AT", [46.0, 49.5, 9.0, 17.5]),
    ("BE", [49.0, 52.0, 2.0, 7.0]),
    ("CH", [45.5, 48.0, 5.5, 11.0]),
    ("DE", [47.0, 55.5, 5.5, 15.5]),
    ("DK", [54.0, 58.0, 7.5, 15.5]),
    ("ES", [35.5, 44.0, -9.5, 4.5]),
    ("FR", [41.0, 51.5, -5.5, 10.0]),
    ("GB", [49.5, 61.0, -9.0, 2.0]),
    ("IE", [51.0, 55.5, -11.0, -5.0]),
    ("IT", [35.0, 47.5, 6.0, 19.0]),
    ("LU", [49.0, 50.5, 5.5, 7.0]),
    ("NL", [50.5, 54.0, 3.0, 7.5]),
    ("PL", [48.5, 55.0, 14.0, 24.5]),
    ("PT", [36.5, 42.5, -10.0, -6.0]),
];

/// The order of a position's axes in one evaluation, and the positions that were swapped.
pub struct AxisOrder {
    /// Empty when nothing is swapped.
    extents: Vec<Extent>,
    swapped: RefCell<HashSet<[u64; 2]>>,
}

impl AxisOrder {
    pub fn new(coverage: &Coverage) -> Self {
        let extents = match coverage {
            Coverage::Everywhere => None,
            Coverage::Areas(areas) => areas.iter().map(extent).collect(),
        };
        AxisOrder { extents: extents.unwrap_or_default(), swapped: RefCell::default() }
    }

    /// Latitude and longitude in their order. Nothing is counted: this is for what was calculated
    /// from positions, like the middle of a map.
    pub fn in_order(&self, position: (f64, f64)) -> (f64, f64) {
        if self.is_swapped(position) { (position.1, position.0) } else { position }
    }

    /// Latitude and longitude of a thing in their order; a position that was swapped is counted.
    ///
    /// # Errors
    /// When it is beyond the budget to remember one more swapped position.
    pub fn restore(&self, position: (f64, f64), budget: &Budget) -> Result<(f64, f64), Exhausted> {
        if !self.is_swapped(position) {
            return Ok(position);
        }
        let (latitude, longitude) = position;
        if self.swapped.borrow_mut().insert([latitude.to_bits(), longitude.to_bits()]) {
            budget.charge_bytes(BYTES_PER_POSITION)?;
        }
        Ok((longitude, latitude))
    }

    /// How many positions were swapped, each counted once.
    pub fn swapped(&self) -> usize {
        self.swapped.borrow().len()
    }

    fn is_swapped(&self, (latitude, longitude): (f64, f64)) -> bool {
        !self.extents.is_empty()
            && !self.contains(latitude, longitude)
            && self.contains(longitude, latitude)
    }

    fn contains(&self, latitude: f64, longitude: f64) -> bool {
        self.extents.iter().any(|[south, north, west, east]| {
            (*south..=*north).contains(&latitude) && (*west..=*east).contains(&longitude)
        })
    }
}

fn extent(area: &Area) -> Option<Extent> {
    let country = match area {
        Area::Country(code) => code.as_str(),
        Area::Region(_) | Area::Province(_) | Area::Municipality(_) => "BE",
    };
    COUNTRIES.iter().find(|(code, _)| *code == country).map(|(_, extent)| *extent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GHENT: (f64, f64) = (51.05, 3.73);
    const GHENT_SWAPPED: (f64, f64) = (3.73, 51.05);

    fn restored(coverage: &Coverage, positions: &[(f64, f64)]) -> (Vec<(f64, f64)>, usize) {
        let order = AxisOrder::new(coverage);
        let budget = Budget::default();
        let restored =
            positions.iter().map(|at| order.restore(*at, &budget).expect("within the budget"));
        (restored.collect(), order.swapped())
    }

    fn countries(codes: &[&str]) -> Coverage {
        Coverage::Areas(codes.iter().map(|code| Area::Country((*code).to_owned())).collect())
    }

    #[test]
    fn a_position_that_is_covered_only_once_swapped_is_swapped_and_counted_once() {
        let belgium = countries(&["BE"]);
        let twice = [GHENT_SWAPPED, GHENT, GHENT_SWAPPED];
        assert_eq!(restored(&belgium, &twice), (vec![GHENT; 3], 1));
        let town = Coverage::Areas(vec![Area::Municipality("44021".to_owned())]);
        assert_eq!(restored(&town, &[GHENT_SWAPPED]), (vec![GHENT], 1));
    }

    #[test]
    fn every_other_position_stays() {
        let elsewhere = [(48.86, 2.35), (0.0, 0.0), (-21.1, 55.5), (f64::NAN, 51.0)];
        let (kept, swapped) = restored(&countries(&["BE"]), &elsewhere[..3]);
        assert_eq!((kept.as_slice(), swapped), (&elsewhere[..3], 0));
        assert!(restored(&countries(&["BE"]), &elsewhere[3..]).0[0].0.is_nan());
        for unlimited in [Coverage::Everywhere, countries(&["BE", "SO"])] {
            assert_eq!(restored(&unlimited, &[GHENT_SWAPPED]), (vec![GHENT_SWAPPED], 0));
        }
    }
}
