//! Where a card goes: the drop target of a drag and the target of a key, from the rectangles of the
//! cards in reading order. Only the visible layout counts, so the same rules hold for four lanes
//! and for one. The order of the cards is all that is decided here: their lanes follow from it.

use crate::gesture::Point;

/// Rectangles that overlap by at most this are beside each other, in pixels.
const TOLERANCE: i32 = 2;
/// The distance that a pointer moves between two changes of the order, in pixels: a pointer that
/// rests does not move cards back and forth.
const REST: i32 = 6;

/// The rectangle of a card in the grid, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    pub left: i32,
    pub top: i32,
    pub width: i32,
    pub height: i32,
}

impl Rect {
    fn middle(self) -> Point {
        Point { x: self.left + self.width / 2, y: self.top + self.height / 2 }
    }

    fn right(self) -> i32 {
        self.left + self.width
    }

    fn bottom(self) -> i32 {
        self.top + self.height
    }

    pub fn holds(self, point: Point) -> bool {
        (self.left..self.right()).contains(&point.x) && (self.top..self.bottom()).contains(&point.y)
    }

    /// The width that both have in common.
    fn shares(self, other: Rect) -> i32 {
        self.right().min(other.right()) - self.left.max(other.left)
    }
}

/// The direction in which a key moves a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
    First,
    Last,
}

/// The index to which a key moves the card at `at`; `None` if it cannot move in that direction.
/// Left and right go through the order; up and down go through the lane.
pub fn keyboard_target(cards: &[Rect], at: usize, direction: Direction) -> Option<usize> {
    let last = cards.len().checked_sub(1)?;
    let to = match direction {
        Direction::Left => at.checked_sub(1)?,
        Direction::Right => at + 1,
        Direction::First => 0,
        Direction::Last => last,
        Direction::Up => in_lane(cards, at, |own, other| own.top - other.bottom())?,
        Direction::Down => in_lane(cards, at, |own, other| other.top - own.bottom())?,
    };
    (to <= last && to != at).then_some(to)
}

/// The nearest card above or below in the same lane; of equals the one with most of its width
/// there, then the first.
fn in_lane(cards: &[Rect], at: usize, distance: impl Fn(Rect, Rect) -> i32) -> Option<usize> {
    let own = *cards.get(at)?;
    cards
        .iter()
        .enumerate()
        .filter(|(index, other)| {
            let beyond = distance(own, **other) >= -TOLERANCE;
            *index != at && own.shares(**other) > TOLERANCE && beyond
        })
        .min_by_key(|(_, other)| (distance(own, **other), -own.shares(**other)))
        .map(|(index, _)| index)
}

/// Decides where a dragged card goes, change after change.
#[derive(Clone, Copy, Debug, Default)]
pub struct DragPlacement {
    /// The position of the pointer at the last change.
    changed_at: Option<Point>,
}

impl DragPlacement {
    /// The index that the card at `at` takes when the pointer is at a point of the grid.
    pub fn target(&mut self, cards: &[Rect], at: usize, pointer: Point) -> usize {
        if self.changed_at.is_some_and(|before| !before.is_further(pointer, REST)) {
            return at;
        }
        let to = drag_target(cards, at, pointer);
        if to != at {
            self.changed_at = Some(pointer);
        }
        to
    }
}

/// The index that a dragged card takes when the pointer is at a point of the grid. The rectangle of
/// the dragged card is still at its own index.
fn drag_target(cards: &[Rect], at: usize, pointer: Point) -> usize {
    let (Some(own), Some(last)) = (cards.get(at), cards.len().checked_sub(1)) else { return at };
    if own.holds(pointer) {
        return at;
    }
    let Some(over) = cards.iter().position(|card| card.holds(pointer)) else {
        return gap_target(cards, at, pointer);
    };
    let past_middle = pointer.y > cards[over].middle().y;
    // The index next to the card under the pointer, as counted without the dragged card.
    let before = if over > at { over - 1 } else { over };
    (before + usize::from(past_middle)).min(last)
}

/// The index when the pointer is over no card: at an end of the page, or below a lane that ends.
fn gap_target(cards: &[Rect], at: usize, pointer: Point) -> usize {
    if cards.iter().all(|card| pointer.y < card.top) {
        return 0;
    }
    let in_lane = |card: &&Rect| (card.left..card.right()).contains(&pointer.x);
    let lane_ends = cards.iter().filter(in_lane).all(|card| pointer.y >= card.bottom());
    if cards.iter().any(|card| in_lane(&card)) && lane_ends { cards.len() - 1 } else { at }
}

#[cfg(test)]
mod tests {
    use voordeur_shared::CardWidth::{self, Full, Narrow, Wide};
    use voordeur_shared::lanes::{LaneCard, place};

    use super::*;

    /// Lays out cards as a board of three lanes does: each lane 100 pixels wide, a row one pixel.
    fn board(cards: &[(CardWidth, u16)]) -> Vec<Rect> {
        let of = |card: &(CardWidth, u16)| LaneCard { width: card.0, rows: [card.1; 3] };
        let places = place(&cards.iter().map(of).collect::<Vec<_>>());
        let mut ends = [0_i32; 3];
        cards
            .iter()
            .zip(places)
            .map(|((width, rows), places)| {
                let place = places.0[1];
                let (lane, span) = (place.lane, width.lanes(3));
                let own = lane..lane + span;
                let end = own.clone().map(|lane| ends[lane]).max().expect("a lane");
                let top = end + i32::from(place.skip);
                let height = i32::from(rows + place.extra);
                own.for_each(|lane| ends[lane] = top + height);
                let pixels = |lanes: usize| i32::try_from(lanes * 100).expect("small");
                Rect { left: pixels(lane), top, width: pixels(span), height }
            })
            .collect()
    }

    fn point(x: i32, y: i32) -> Point {
        Point { x, y }
    }

    fn even(count: usize) -> Vec<Rect> {
        board(&vec![(Narrow, 100); count])
    }

    #[test]
    fn keys_follow_the_order_and_the_lanes() {
        let cards = even(6);
        assert_eq!(keyboard_target(&cards, 1, Direction::Left), Some(0));
        assert_eq!(keyboard_target(&cards, 2, Direction::Right), Some(3));
        assert_eq!(keyboard_target(&cards, 1, Direction::Down), Some(4));
        assert_eq!(keyboard_target(&cards, 5, Direction::Up), Some(2));
        assert_eq!(keyboard_target(&cards, 2, Direction::First), Some(0));
        assert_eq!(keyboard_target(&cards, 2, Direction::Last), Some(5));
        for (at, direction) in
            [(0, Direction::Left), (5, Direction::Right), (1, Direction::Up), (4, Direction::Down)]
        {
            assert_eq!(keyboard_target(&cards, at, direction), None, "{direction:?}");
        }
        assert_eq!(keyboard_target(&cards, 0, Direction::First), None);
        assert_eq!(keyboard_target(&cards, 5, Direction::Last), None);
    }

    #[test]
    fn up_and_down_go_to_the_nearest_card_of_the_lane() {
        // 0 1 2
        // 0 3 2
        // 4 4 2
        // 5 5 5
        let cards = board(&[
            (Narrow, 100),
            (Narrow, 50),
            (Narrow, 150),
            (Narrow, 50),
            (Wide, 50),
            (Full, 40),
        ]);
        assert_eq!(keyboard_target(&cards, 1, Direction::Down), Some(3));
        assert_eq!(keyboard_target(&cards, 0, Direction::Down), Some(4));
        assert_eq!(keyboard_target(&cards, 2, Direction::Down), Some(5));
        assert_eq!(keyboard_target(&cards, 4, Direction::Up), Some(0));
        assert_eq!(keyboard_target(&cards, 5, Direction::Up), Some(4));
        assert_eq!(keyboard_target(&cards, 3, Direction::Up), Some(1));
    }

    #[test]
    fn in_one_column_up_is_left_and_down_is_right() {
        let cards = board(&[(Full, 80), (Full, 120), (Full, 40)]);
        for at in 0..3 {
            let target = |direction| keyboard_target(&cards, at, direction);
            assert_eq!(target(Direction::Up), target(Direction::Left));
            assert_eq!(target(Direction::Down), target(Direction::Right));
        }
    }

    #[test]
    fn a_single_card_cannot_move() {
        for direction in [
            Direction::Left,
            Direction::Right,
            Direction::Up,
            Direction::Down,
            Direction::First,
            Direction::Last,
        ] {
            assert_eq!(keyboard_target(&even(1), 0, direction), None);
            assert_eq!(keyboard_target(&[], 0, direction), None);
        }
        assert_eq!(drag_target(&[], 0, point(1, 1)), 0);
    }

    #[test]
    fn a_drag_moves_the_card_past_each_middle_that_the_pointer_passes() {
        let cards = even(6);
        // Over its neighbour, above the middle and below it.
        assert_eq!(drag_target(&cards, 0, point(150, 20)), 0);
        assert_eq!(drag_target(&cards, 0, point(150, 80)), 1);
        assert_eq!(drag_target(&cards, 0, point(150, 120)), 3);
        assert_eq!(drag_target(&cards, 0, point(150, 180)), 4);
        assert_eq!(drag_target(&cards, 5, point(50, 20)), 0);
        assert_eq!(drag_target(&cards, 5, point(50, 80)), 1);
        // Above all cards and below all cards.
        assert_eq!(drag_target(&cards, 3, point(150, -20)), 0);
        assert_eq!(drag_target(&cards, 3, point(150, 900)), 5);
        // Beside all lanes nothing changes.
        assert_eq!(drag_target(&cards, 3, point(900, 50)), 3);
    }

    #[test]
    fn below_a_lane_that_ends_is_the_end_of_the_page() {
        let cards = board(&[(Narrow, 100), (Narrow, 150), (Narrow, 200), (Narrow, 30)]);
        assert_eq!(drag_target(&cards, 1, point(50, 190)), 3);
        // The gap between two cards of a lane changes nothing.
        let apart = [
            Rect { left: 0, top: 0, width: 100, height: 90 },
            Rect { left: 0, top: 110, width: 100, height: 90 },
            Rect { left: 120, top: 0, width: 100, height: 200 },
        ];
        assert_eq!(drag_target(&apart, 2, point(50, 100)), 2);
    }

    #[test]
    fn cards_do_not_oscillate_under_a_resting_pointer() {
        let mut cards = vec![(Narrow, 90), (Wide, 40), (Narrow, 30), (Full, 50), (Narrow, 120)];
        for x in (0..300).step_by(30) {
            for y in (0..400).step_by(20) {
                let (mut at, mut placement) = (0, DragPlacement::default());
                let mut changes = 0;
                for shake in 0..20 {
                    let pointer = point(x + shake % 3, y);
                    let to = placement.target(&board(&cards), at, pointer);
                    changes += usize::from(to != at);
                    let card = cards.remove(at);
                    cards.insert(to, card);
                    at = to;
                }
                assert!(changes <= 1, "{changes} changes at {x}, {y}");
                let card = cards.remove(at);
                cards.insert(0, card);
            }
        }
    }
}
