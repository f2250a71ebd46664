//! Where a card goes: the drop target of a drag and the target of a key, from the rectangles of the
//! cards in reading order. Only the visible layout counts, so the same rules hold for twelve
//! columns, for six, and for one.

use crate::gesture::Point;

/// Cards whose tops differ by at most this are in the same row, in pixels.
const SAME_ROW_TOLERANCE: i32 = 2;

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

/// The row of each card, from 0.
pub fn rows(cards: &[Rect]) -> Vec<usize> {
    let mut row = 0;
    let mut top = cards.first().map_or(0, |card| card.top);
    let mut rows = Vec::with_capacity(cards.len());
    for card in cards {
        if card.top > top + SAME_ROW_TOLERANCE {
            row += 1;
            top = card.top;
        }
        rows.push(row);
    }
    rows
}

/// The index to which a key moves the card at `at`; `None` if it cannot move in that direction.
pub fn keyboard_target(cards: &[Rect], at: usize, direction: Direction) -> Option<usize> {
    let last = cards.len().checked_sub(1)?;
    let to = match direction {
        Direction::Left => at.checked_sub(1)?,
        Direction::Right => at + 1,
        Direction::First => 0,
        Direction::Last => last,
        Direction::Up => in_row(cards, at, rows(cards).get(at)?.checked_sub(1)?)?,
        Direction::Down => in_row(cards, at, rows(cards).get(at)? + 1)?,
    };
    (to <= last && to != at).then_some(to)
}

/// The card in a row whose horizontal centre is nearest to that of the card at `at`; the earlier
/// one in a tie. The server applies the same rule to the buttons for up and down.
fn in_row(cards: &[Rect], at: usize, row: usize) -> Option<usize> {
    let middle = cards.get(at)?.middle().x;
    let offset = |card: &Rect| (card.middle().x - middle).abs();
    rows(cards)
        .into_iter()
        .zip(cards)
        .enumerate()
        .filter(|(_, (of, _))| *of == row)
        .min_by_key(|(_, (_, card))| offset(card))
        .map(|(index, _)| index)
}

/// The index that a dragged card takes when the pointer is at a point of the grid. The rectangle of
/// the dragged card is still at its own index.
///
/// The rule is stable: after the cards have made room, the same point yields the same index.
pub fn drag_target(cards: &[Rect], at: usize, pointer: Point) -> usize {
    let (Some(own), Some(last)) = (cards.get(at), cards.len().checked_sub(1)) else { return at };
    if own.holds(pointer) {
        return at;
    }
    let Some(over) = cards.iter().position(|card| card.holds(pointer)) else {
        return gap_target(cards, at, pointer);
    };
    let card = cards[over];
    let left = cards.iter().map(|card| card.left).min().unwrap_or(0);
    let right = cards.iter().map(|card| card.right()).max().unwrap_or(0);
    // A card of full width is passed vertically, any other horizontally.
    let past_middle = if card.width + SAME_ROW_TOLERANCE >= right - left {
        pointer.y > card.middle().y
    } else {
        pointer.x > card.middle().x
    };
    // The index next to the card under the pointer, as counted without the dragged card.
    let before = if over > at { over - 1 } else { over };
    (before + usize::from(past_middle)).min(last)
}

/// The index when the pointer is over no card: after the last card of the row, or at an end of the
/// page.
fn gap_target(cards: &[Rect], at: usize, pointer: Point) -> usize {
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
        // The gap between two cards changes nothing.
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

    /// Lays out cards as the grid does: rows of twelve columns, each column and row 100 pixels.
    fn grid_of(sizes: &[i32]) -> Vec<Rect> {
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

    fn point(x: i32, y: i32) -> Point {
        Point { x, y }
    }

    /// The sizes after a card was moved.
    fn after(sizes: &[i32], at: usize, to: usize) -> Vec<i32> {
        let mut sizes = sizes.to_vec();
        let size = sizes.remove(at);
        sizes.insert(to, size);
        sizes
    }

    #[test]
    fn rows_follow_the_visible_layout() {
        assert_eq!(rows(&grid_of(&[4, 4, 4, 6, 6, 12])), [0, 0, 0, 1, 1, 2]);
        assert_eq!(rows(&grid_of(&[8, 8, 3])), [0, 1, 1]);
        assert_eq!(rows(&[]), [0; 0]);
    }

    #[test]
    fn keys_follow_the_visible_layout() {
        let cards = grid_of(&[4, 4, 4, 4, 4, 4]);
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
    fn up_and_down_pick_the_horizontally_nearest_card() {
        let cards = grid_of(&[12, 6, 6, 3, 3, 6]);
        assert_eq!(keyboard_target(&cards, 2, Direction::Up), Some(0));
        assert_eq!(keyboard_target(&cards, 2, Direction::Down), Some(5));
        assert_eq!(keyboard_target(&cards, 0, Direction::Down), Some(1));
        assert_eq!(keyboard_target(&cards, 4, Direction::Up), Some(1));
    }

    #[test]
    fn in_one_column_up_is_left_and_down_is_right() {
        let cards = grid_of(&[12, 12, 12]);
        for at in 0..3 {
            assert_eq!(
                keyboard_target(&cards, at, Direction::Up),
                keyboard_target(&cards, at, Direction::Left)
            );
            assert_eq!(
                keyboard_target(&cards, at, Direction::Down),
                keyboard_target(&cards, at, Direction::Right)
            );
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
            assert_eq!(keyboard_target(&grid_of(&[4]), 0, direction), None);
            assert_eq!(keyboard_target(&[], 0, direction), None);
        }
        assert_eq!(drag_target(&[], 0, point(1, 1)), 0);
    }

    #[test]
    fn down_then_up_returns_among_cards_of_equal_width() {
        for size in [3, 4, 6, 12] {
            let sizes = [size; 12];
            let cards = grid_of(&sizes);
            for at in 0..12 {
                if let Some(to) = keyboard_target(&cards, at, Direction::Down) {
                    assert_eq!(
                        keyboard_target(&cards, to, Direction::Up),
                        Some(at),
                        "{size} columns, card {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_drag_moves_the_card_past_each_centre_that_the_pointer_passes() {
        let cards = grid_of(&[4, 4, 4, 4, 4, 4]);
        // Over its neighbour, before the centre and past it.
        assert_eq!(drag_target(&cards, 0, point(500, 50)), 0);
        assert_eq!(drag_target(&cards, 0, point(700, 50)), 1);
        // Into the next row: before the card whose left half is under the pointer.
        assert_eq!(drag_target(&cards, 0, point(500, 150)), 3);
        assert_eq!(drag_target(&cards, 0, point(700, 150)), 4);
        assert_eq!(drag_target(&cards, 5, point(50, 50)), 0);
        assert_eq!(drag_target(&cards, 5, point(350, 50)), 1);
        // Above all cards and below all cards.
        assert_eq!(drag_target(&cards, 3, point(500, -20)), 0);
        assert_eq!(drag_target(&cards, 3, point(500, 900)), 5);
    }

    #[test]
    fn a_card_can_be_dropped_after_the_last_card_of_a_row() {
        let cards = grid_of(&[4, 4, 8, 12]);
        assert_eq!(rows(&cards), [0, 0, 1, 2]);
        assert_eq!(drag_target(&cards, 3, point(1_000, 50)), 2);
        assert_eq!(drag_target(&cards, 0, point(1_000, 150)), 2);
        // The card's own place, with the pointer behind it.
        assert_eq!(drag_target(&cards, 1, point(1_000, 50)), 1);
    }

    #[test]
    fn in_one_column_the_vertical_centre_counts() {
        let cards = grid_of(&[12, 12, 12]);
        assert_eq!(drag_target(&cards, 0, point(900, 120)), 0);
        assert_eq!(drag_target(&cards, 0, point(100, 180)), 1);
        assert_eq!(drag_target(&cards, 2, point(100, 20)), 0);
    }

    #[test]
    fn cards_do_not_oscillate_under_a_resting_pointer() {
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
                                let to = drag_target(&grid_of(&sizes), at, point(x + 3, y + 3));
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
