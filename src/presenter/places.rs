//! Small maps: the positions of places, the rings that serve as the scale bar, and the placement of
//! the numbers so that each stays readable.

use voordeur_widget_api::PlaceItem;

use super::Context;
use crate::view_model::{PlaceViewModel, PlacesViewModel};

/// The possible distances between rings, in metres.
const STEPS: [f64; 10] =
    [50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0];
/// Maximum number of rings.
const MAX_RINGS: f64 = 3.0;
/// Two numbers closer than this share of the side overlap.
const MIN_DISTANCE: f32 = 0.115;
/// A number drawn further than this share from its place is connected to it by a line.
const TIE_DISTANCE: f32 = 0.012;
/// Maximum number of iterations to separate overlapping numbers: enough for a dozen of them.
const MAX_ITERATIONS: usize = 200;
/// The centre, where the home is drawn.
const CENTRE: (f32, f32) = (0.5, 0.5);

impl Context<'_> {
    pub(super) fn map(
        &self,
        centre: (f64, f64),
        radius: f64,
        places: &[PlaceItem],
    ) -> PlacesViewModel {
        let map_points: Vec<_> =
            places.iter().map(|place| map_point(centre, radius, place.position)).collect();
        let numbers = separate(&map_points);
        let places = places.iter().zip(map_points).zip(numbers);
        PlacesViewModel {
            label: self
                .locale
                .say_with("map-label", &[("distance", self.locale.distance(radius).into())]),
            rings: rings(radius)
                .into_iter()
                .map(|metres| ((metres / radius) as f32, self.locale.distance(metres)))
                .collect(),
            places: places
                .map(|((place, map_point), number)| self.place(place, map_point, number))
                .collect(),
        }
    }

    fn place(
        &self,
        place: &PlaceItem,
        map_point: Option<(f32, f32)>,
        number: Option<(f32, f32)>,
    ) -> PlaceViewModel {
        let mut when: Vec<String> = self.period(place.start, place.end).into_iter().collect();
        when.push(self.locale.distance(place.distance));
        PlaceViewModel {
            map_point,
            label_point: number.filter(|at| {
                map_point.is_some_and(|map_point| distance(*at, map_point) > TIE_DISTANCE)
            }),
            title: self.words(&place.title),
            tag: self.optional(place.tag.as_ref()),
            when: when.join(" · "),
            note: self.optional(place.note.as_ref()),
            link: place.link.as_ref().map(|link| link.url.clone()),
        }
    }
}

/// The position on a square map that reaches `radius` metres from its centre: from the left and
/// from the top, each 0 to 1.
fn map_point(centre: (f64, f64), radius: f64, position: (f64, f64)) -> Option<(f32, f32)> {
    /// Metres per degree of latitude, exact enough for a few kilometres.
    const METRES_PER_DEGREE: f64 = 111_320.0;
    let north = (position.0 - centre.0) * METRES_PER_DEGREE;
    let east = (position.1 - centre.1) * METRES_PER_DEGREE * centre.0.to_radians().cos();
    let (x, y) = (0.5 + east / radius / 2.0, 0.5 - north / radius / 2.0);
    let on_map = (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
    on_map.then_some((x as f32, y as f32))
}

/// The radii of the rings, in metres: round numbers, at most [`MAX_RINGS`] of them.
fn rings(radius: f64) -> Vec<f64> {
    let step = STEPS.into_iter().find(|step| radius / step <= MAX_RINGS + 0.5).unwrap_or(radius);
    // A radius beyond all numbers has no rings.
    let rings = (1..=STEPS.len() as u32).map(|ring| f64::from(ring) * step);
    rings.take_while(|metres| metres.is_finite() && *metres <= radius).collect()
}

/// Where to draw the numbers: at their places, moved apart where they overlap each other or the
/// home.
fn separate(map_points: &[Option<(f32, f32)>]) -> Vec<Option<(f32, f32)>> {
    let mut numbers = map_points.to_vec();
    for _ in 0..MAX_ITERATIONS {
        let mut pushed = false;
        for one in 0..numbers.len() {
            let Some(at) = numbers[one] else { continue };
            if let Some(away) = push(CENTRE, at, one) {
                numbers[one] = Some((at.0 + away.0 * 2.0, at.1 + away.1 * 2.0));
                pushed = true;
            }
            for other in one + 1..numbers.len() {
                let (Some(here), Some(there)) = (numbers[one], numbers[other]) else { continue };
                if let Some(away) = push(here, there, other) {
                    numbers[one] = Some(within((here.0 - away.0, here.1 - away.1)));
                    numbers[other] = Some(within((there.0 + away.0, there.1 + away.1)));
                    pushed = true;
                }
            }
        }
        if !pushed {
            break;
        }
    }
    numbers
}

/// Half the vector that separates `there` from `here`; `None` when they do not overlap.
fn push(here: (f32, f32), there: (f32, f32), seed: usize) -> Option<(f32, f32)> {
    let apart = distance(here, there);
    if apart >= MIN_DISTANCE {
        return None;
    }
    // Apart in a straight line, each turned a little to its own side, so that places at one point
    // or on one line fan out.
    let straight =
        if apart < 1e-4 { seed as f32 * 2.4 } else { (there.1 - here.1).atan2(there.0 - here.0) };
    let (y, x) = (straight + (seed % 3) as f32 * 0.5 - 0.5).sin_cos();
    let half = (MIN_DISTANCE - apart) / 2.0 + 1e-3;
    Some((x * half, y * half))
}

fn distance(one: (f32, f32), other: (f32, f32)) -> f32 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// Clamps a position to the map.
fn within(at: (f32, f32)) -> (f32, f32) {
    (at.0.clamp(0.03, 0.97), at.1.clamp(0.03, 0.97))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn north_is_up_on_the_map() {
        let centre = (50.93, 4.37);
        let (x, y) = map_point(centre, 1_000.0, (50.934, 4.37)).expect("on the map");
        assert!((x - 0.5).abs() < 0.01 && y < 0.5);
        assert_eq!(map_point(centre, 1_000.0, (51.5, 4.37)), None);
    }

    #[test]
    fn rings_have_round_distances() {
        assert_eq!(rings(1_000.0), [500.0, 1_000.0]);
        assert_eq!(rings(2_000.0), [1_000.0, 2_000.0]);
        assert_eq!(rings(3_000.0), [1_000.0, 2_000.0, 3_000.0]);
        assert_eq!(rings(10_000.0), [5_000.0, 10_000.0]);
        assert_eq!(rings(700.0), [200.0, 400.0, 600.0]);
    }

    #[test]
    fn numbers_overlap_neither_each_other_nor_the_home() {
        let crowd: Vec<_> = (0..8).map(|at| Some((0.5 + at as f32 * 0.01, 0.5))).collect();
        let numbers = separate(&crowd);
        for (at, one) in numbers.iter().enumerate() {
            let one = one.expect("still on the map");
            assert!(distance(one, CENTRE) > 0.1, "{at} lies on the home");
            for other in &numbers[at + 1..] {
                assert!(
                    distance(one, other.expect("still on the map")) > 0.1,
                    "{at} lies on another"
                );
            }
        }
        let alone = [Some((0.2, 0.8)), None];
        assert_eq!(separate(&alone), alone);
    }
}
