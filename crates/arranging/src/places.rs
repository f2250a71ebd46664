//! Where cards lie on the screen, in reading order, and where one of them goes. What counts is what is seen: the same rules hold for twelve
//! columns, for six, and for one.

use crate::press::Spot;

/// Tops that differ by no more than this are in one row, in pixels.
const SAME: i32 = 2;

/// Where a card lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    /// Of its left side.
    pub left: i32,
    /// Of its top.
    pub top: i32,
    /// How wide it is.
    pub width: i32,
    /// How high it is.
    pub height: i32,
}

impl Rect {
    fn middle(self) -> Spot {
        Spot { x: self.left + self.width / 2, y: self.top + self.height / 2 }
    }

    fn right(self) -> i32 {
        self.left + self.width
    }

    fn bottom(self) -> i32 {
        self.top + self.height
    }

    /// Whether a spot lies in it.
    pub fn holds(self, spot: Spot) -> bool {
        (self.left..self.right()).contains(&spot.x) && (self.top..self.bottom()).contains(&spot.y)
    }
}

/// Where a card is sent by a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One place earlier.
    Left,
    /// One place later.
    Right,
    /// Into the row above.
    Up,
    /// Into the row below.
    Down,
    /// To the first place.
    First,
    /// To the last place.
    Last,
}

/// In which row each card lies, from 0.
pub fn rows(cards: &[Rect]) -> Vec<usize> {
    let mut row = 0;
    let mut top = cards.first().map_or(0, |card| card.top);
    let mut rows = Vec::with_capacity(cards.len());
    for card in cards {
        if card.top > top + SAME {
            row += 1;
            top = card.top;
        }
        rows.push(row);
    }
    rows
}

/// The place that a card at a place goes to; none when it cannot go that way.
pub fn sent(cards: &[Rect], at: usize, way: Way) -> Option<usize> {
    let last = cards.len().checked_sub(1)?;
    let to = match way {
        Way::Left => at.checked_sub(1)?,
        Way::Right => at + 1,
        Way::First => 0,
        Way::Last => last,
        Way::Up => in_row(cards, at, rows(cards).get(at)?.checked_sub(1)?)?,
        Way::Down => in_row(cards, at, rows(cards).get(at)? + 1)?,
    };
    (to <= last && to != at).then_some(to)
}

/// The card of a row whose middle lies most nearly above or below that of the one at a place; the earlier one when two do. The server goes
/// by the same rule when a button says up or down.
fn in_row(cards: &[Rect], at: usize, row: usize) -> Option<usize> {
    let middle = cards.get(at)?.middle().x;
    let off = |card: &Rect| (card.middle().x - middle).abs();
    rows(cards)
        .into_iter()
        .zip(cards)
        .enumerate()
        .filter(|(_, (of, _))| *of == row)
        .min_by_key(|(_, (_, card))| off(card))
        .map(|(index, _)| index)
}

/// The place that a dragged card takes when the pointer is at a spot of the grid. The card itself still lies at its place in the row.
///
/// The rule is one that holds still: where the pointer is after the cards have made room, it asks for no other place.
pub fn dragged(cards: &[Rect], at: usize, pointer: Spot) -> usize {
    let (Some(own), Some(last)) = (cards.get(at), cards.len().checked_sub(1)) else { return at };
    if own.holds(pointer) {
        return at;
    }
    let Some(over) = cards.iter().position(|card| card.holds(pointer)) else {
        return beside(cards, at, pointer);
    };
    let card = cards[over];
    let left = cards.iter().map(|card| card.left).min().unwrap_or(0);
    let right = cards.iter().map(|card| card.right()).max().unwrap_or(0);
    // A card that fills its row is passed from above to below, any other from left to right.
    let past_middle = if card.width + SAME >= right - left {
        pointer.y > card.middle().y
    } else {
        pointer.x > card.middle().x
    };
    // Before or after the card that the pointer is over: as counted without the dragged one.
    let before = if over > at { over - 1 } else { over };
    (before + usize::from(past_middle)).min(last)
}

/// Where a card goes when the pointer is over none: behind the last one of the row, or at an end of the board.
fn beside(cards: &[Rect], at: usize, pointer: Spot) -> usize {
    let last = cards.len().saturating_sub(1);
    if cards.iter().all(|card| pointer.y < card.top) {
        return 0;
    }
    if cards.iter().all(|card| pointer.y >= card.bottom()) {
        return last;
    }
    let in_row = |card: &Rect| (card.top..card.bottom()).contains(&pointer.y);
    let end = cards.iter().rposition(in_row);
    match end {
        // In the gap between two cards nothing happens.
        Some(end) if end != at && pointer.x >= cards[end].right() => {
            if end < at {
                end + 1
            } else {
                end
            }
        }
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lays cards out as the grid does: in rows of twelve columns of 100 by 100 pixels.
    fn laid(sizes: &[i32]) -> Vec<Rect> {
        let (mut column, mut top) = (0, 0);
        let mut cards = Vec::new();
        for size in sizes {
            if column + size > 12 {
                column = 0;
                top += 100;
            }
            cards.push(Rect { left: column * 100, top, width: size * 100, height: 100 });
            column += size;
        }
        cards
    }

    fn spot(x: i32, y: i32) -> Spot {
        Spot { x, y }
    }

    /// The sizes after the card at a place has gone to another.
    fn after(sizes: &[i32], at: usize, to: usize) -> Vec<i32> {
        let mut sizes = sizes.to_vec();
        let size = sizes.remove(at);
        sizes.insert(to, size);
        sizes
    }

    #[test]
    fn rows_are_what_is_seen() {
        assert_eq!(rows(&laid(&[4, 4, 4, 6, 6, 12])), [0, 0, 0, 1, 1, 2]);
        assert_eq!(rows(&laid(&[8, 8, 3])), [0, 1, 1]);
        assert_eq!(rows(&[]), [0; 0]);
    }

    #[test]
    fn keys_follow_what_is_seen_on_a_desktop() {
        let cards = laid(&[4, 4, 4, 4, 4, 4]);
        assert_eq!(sent(&cards, 1, Way::Left), Some(0));
        assert_eq!(sent(&cards, 2, Way::Right), Some(3));
        assert_eq!(sent(&cards, 1, Way::Down), Some(4));
        assert_eq!(sent(&cards, 5, Way::Up), Some(2));
        assert_eq!(sent(&cards, 2, Way::First), Some(0));
        assert_eq!(sent(&cards, 2, Way::Last), Some(5));
        for (at, way) in [(0, Way::Left), (5, Way::Right), (1, Way::Up), (4, Way::Down)] {
            assert_eq!(sent(&cards, at, way), None, "{way:?}");
        }
        assert_eq!(sent(&cards, 0, Way::First), None);
        assert_eq!(sent(&cards, 5, Way::Last), None);
    }

    #[test]
    fn up_and_down_find_the_card_that_lies_nearest_whatever_its_width() {
        let cards = laid(&[12, 6, 6, 3, 3, 6]);
        assert_eq!(sent(&cards, 2, Way::Up), Some(0));
        assert_eq!(sent(&cards, 2, Way::Down), Some(5));
        assert_eq!(sent(&cards, 0, Way::Down), Some(1));
        assert_eq!(sent(&cards, 4, Way::Up), Some(1));
    }

    #[test]
    fn in_one_column_up_is_left_and_down_is_right() {
        let cards = laid(&[12, 12, 12]);
        for at in 0..3 {
            assert_eq!(sent(&cards, at, Way::Up), sent(&cards, at, Way::Left));
            assert_eq!(sent(&cards, at, Way::Down), sent(&cards, at, Way::Right));
        }
    }

    #[test]
    fn a_single_card_and_no_card_go_nowhere() {
        for way in [Way::Left, Way::Right, Way::Up, Way::Down, Way::First, Way::Last] {
            assert_eq!(sent(&laid(&[4]), 0, way), None);
            assert_eq!(sent(&[], 0, way), None);
        }
        assert_eq!(dragged(&[], 0, spot(1, 1)), 0);
    }

    #[test]
    fn down_and_up_come_back_among_cards_of_one_width() {
        for size in [3, 4, 6, 12] {
            let sizes = [size; 12];
            let cards = laid(&sizes);
            for at in 0..12 {
                if let Some(to) = sent(&cards, at, Way::Down) {
                    assert_eq!(sent(&cards, to, Way::Up), Some(at), "{size} columns, card {at}");
                }
            }
        }
    }

    #[test]
    fn a_dragged_card_takes_the_place_that_the_pointer_has_passed_the_middle_of() {
        let cards = laid(&[4, 4, 4, 4, 4, 4]);
        // Over its neighbour, not yet past the middle; then past it.
        assert_eq!(dragged(&cards, 0, spot(500, 50)), 0);
        assert_eq!(dragged(&cards, 0, spot(700, 50)), 1);
        // Into the next row: before the card whose left half it is over.
        assert_eq!(dragged(&cards, 0, spot(500, 150)), 3);
        assert_eq!(dragged(&cards, 0, spot(700, 150)), 4);
        // Back up.
        assert_eq!(dragged(&cards, 5, spot(50, 50)), 0);
        assert_eq!(dragged(&cards, 5, spot(350, 50)), 1);
        // Above everything, below everything.
        assert_eq!(dragged(&cards, 3, spot(500, -20)), 0);
        assert_eq!(dragged(&cards, 3, spot(500, 900)), 5);
    }

    #[test]
    fn behind_the_last_card_of_a_row_is_a_place_too() {
        let cards = laid(&[4, 4, 8, 12]);
        assert_eq!(rows(&cards), [0, 0, 1, 2]);
        assert_eq!(dragged(&cards, 3, spot(1_000, 50)), 2);
        assert_eq!(dragged(&cards, 0, spot(1_000, 150)), 2);
        // Its own place, seen from behind.
        assert_eq!(dragged(&cards, 1, spot(1_000, 50)), 1);
    }

    #[test]
    fn in_one_column_the_middle_is_that_of_the_height() {
        let cards = laid(&[12, 12, 12]);
        assert_eq!(dragged(&cards, 0, spot(900, 120)), 0);
        assert_eq!(dragged(&cards, 0, spot(100, 180)), 1);
        assert_eq!(dragged(&cards, 2, spot(100, 20)), 0);
    }

    #[test]
    fn the_cards_come_to_rest_under_a_pointer_that_stays_where_it_is() {
        let boards: [&[i32]; 5] = [
            &[4, 4, 4, 4, 4, 4],
            &[3, 3, 6, 8, 4, 12, 6, 6],
            &[12, 3, 3, 3, 3, 12],
            &[6, 3, 3, 8, 4],
            &[12, 12, 12],
        ];
        for start in boards {
            for from in 0..start.len() {
                for x in (0..1_250).step_by(50) {
                    for y in (0..650).step_by(50) {
                        let (mut sizes, mut at) = (start.to_vec(), from);
                        let steps = (0..start.len() * 2)
                            .take_while(|_| {
                                let to = dragged(&laid(&sizes), at, spot(x + 3, y + 3));
                                sizes = after(&sizes, at, to);
                                std::mem::replace(&mut at, to) != to
                            })
                            .count();
                        assert!(
                            steps < start.len() * 2,
                            "{start:?}: card {from} goes back and forth at {x}, {y}"
                        );
                    }
                }
            }
        }
    }
}
