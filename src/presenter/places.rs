//! Small maps: how far and in what direction things are, and where their numbers stand so that each can be read.

use voordeur_widget_api::PlaceItem;

use super::Context;
use crate::view_model::{PlaceFace, PlacesFace};

/// Rings stand at one of these distances from each other, in metres.
const STEPS: [f64; 10] =
    [50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 50_000.0];
/// More rings than this are a target, not a map.
const MOST_RINGS: f64 = 3.0;
/// Two numbers nearer to each other than this share of the side lie on each other.
const APART: f32 = 0.115;
/// A number that is drawn further than this from its place is tied to it by a line.
const MOVED: f32 = 0.012;
/// How often numbers that lie on each other are pushed apart: enough for a dozen of them.
const PUSHES: usize = 200;
/// The middle, where the home stands.
const MIDDLE: (f32, f32) = (0.5, 0.5);

impl Context<'_> {
    pub(super) fn map(&self, centre: (f64, f64), radius: f64, places: &[PlaceItem]) -> PlacesFace {
        let spots: Vec<_> =
            places.iter().map(|place| spot(centre, radius, place.position)).collect();
        let numbers = spread(&spots);
        let places = places.iter().zip(spots).zip(numbers);
        PlacesFace {
            label: self
                .locale
                .say_with("map-label", &[("distance", self.locale.distance(radius).into())]),
            rings: rings(radius)
                .into_iter()
                .map(|metres| ((metres / radius) as f32, self.locale.distance(metres)))
                .collect(),
            places: places.map(|((place, spot), number)| self.place(place, spot, number)).collect(),
        }
    }

    fn place(
        &self,
        place: &PlaceItem,
        spot: Option<(f32, f32)>,
        number: Option<(f32, f32)>,
    ) -> PlaceFace {
        let mut when: Vec<String> = self.period(place.start, place.end).into_iter().collect();
        when.push(self.locale.distance(place.distance));
        PlaceFace {
            spot,
            aside: number.filter(|at| spot.is_some_and(|spot| distance(*at, spot) > MOVED)),
            title: self.words(&place.title),
            tag: self.optional(place.tag.as_ref()),
            when: when.join(" · "),
            note: self.optional(place.note.as_ref()),
            link: place.link.as_ref().map(|link| link.url.clone()),
        }
    }
}

/// Where a position lies on a square map that reaches `radius` metres from its middle: from the left and from the top, each 0 to 1.
fn spot(centre: (f64, f64), radius: f64, position: (f64, f64)) -> Option<(f32, f32)> {
    /// Metres in a degree of latitude, near enough for a few kilometres.
    const METRES_PER_DEGREE: f64 = 111_320.0;
    let north = (position.0 - centre.0) * METRES_PER_DEGREE;
    let east = (position.1 - centre.1) * METRES_PER_DEGREE * centre.0.to_radians().cos();
    let (x, y) = (0.5 + east / radius / 2.0, 0.5 - north / radius / 2.0);
    let on_map = (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y);
    on_map.then_some((x as f32, y as f32))
}

/// The distances at which rings are drawn: round ones, and not more than can be told apart.
fn rings(radius: f64) -> Vec<f64> {
    let step = STEPS.into_iter().find(|step| radius / step <= MOST_RINGS + 0.5).unwrap_or(radius);
    (1..).map(|ring| f64::from(ring) * step).take_while(|metres| *metres <= radius).collect()
}

/// Where the numbers stand: at their places, and where these are too near to each other or to the home, pushed apart just enough.
fn spread(spots: &[Option<(f32, f32)>]) -> Vec<Option<(f32, f32)>> {
    let mut numbers = spots.to_vec();
    for _ in 0..PUSHES {
        let mut pushed = false;
        for one in 0..numbers.len() {
            let Some(at) = numbers[one] else { continue };
            if let Some(away) = push(MIDDLE, at, one) {
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

/// Half of what `there` must move to be clear of `here`; nothing when it is.
fn push(here: (f32, f32), there: (f32, f32), seed: usize) -> Option<(f32, f32)> {
    let apart = distance(here, there);
    if apart >= APART {
        return None;
    }
    // Straight away from each other, but each a little to a side of its own: what lies on one spot or one line fans out.
    let straight =
        if apart < 1e-4 { seed as f32 * 2.4 } else { (there.1 - here.1).atan2(there.0 - here.0) };
    let (y, x) = (straight + (seed % 3) as f32 * 0.5 - 0.5).sin_cos();
    let half = (APART - apart) / 2.0 + 1e-3;
    Some((x * half, y * half))
}

fn distance(one: (f32, f32), other: (f32, f32)) -> f32 {
    (one.0 - other.0).hypot(one.1 - other.1)
}

/// On the map, whole.
fn within(at: (f32, f32)) -> (f32, f32) {
    (at.0.clamp(0.03, 0.97), at.1.clamp(0.03, 0.97))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn north_is_up_on_the_map() {
        let centre = (50.93, 4.37);
        let (x, y) = spot(centre, 1_000.0, (50.934, 4.37)).expect("on the map");
        assert!((x - 0.5).abs() < 0.01 && y < 0.5);
        assert_eq!(spot(centre, 1_000.0, (51.5, 4.37)), None);
    }

    #[test]
    fn rings_stand_at_round_distances() {
        assert_eq!(rings(1_000.0), [500.0, 1_000.0]);
        assert_eq!(rings(2_000.0), [1_000.0, 2_000.0]);
        assert_eq!(rings(3_000.0), [1_000.0, 2_000.0, 3_000.0]);
        assert_eq!(rings(10_000.0), [5_000.0, 10_000.0]);
        assert_eq!(rings(700.0), [200.0, 400.0, 600.0]);
    }

    #[test]
    fn numbers_do_not_lie_on_each_other_nor_on_the_home() {
        let crowd: Vec<_> = (0..8).map(|at| Some((0.5 + at as f32 * 0.01, 0.5))).collect();
        let numbers = spread(&crowd);
        for (at, one) in numbers.iter().enumerate() {
            let one = one.expect("still on the map");
            assert!(distance(one, MIDDLE) > 0.1, "{at} lies on the home");
            for other in &numbers[at + 1..] {
                assert!(
                    distance(one, other.expect("still on the map")) > 0.1,
                    "{at} lies on another"
                );
            }
        }
        let alone = [Some((0.2, 0.8)), None];
        assert_eq!(spread(&alone), alone);
    }
}
