//! The layout of cards in a grid of twelve columns, in reading order, to move a card up or down by
//! a row.

use super::board::Card;

const COLUMNS: u8 = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    row: usize,
    first: u8,
    end: u8,
}

fn cells(cards: &[Card]) -> Vec<Cell> {
    let (mut row, mut column) = (0, 0);
    let place = |card: &Card| {
        let size = card.size.clamp(1, COLUMNS);
        if column + size > COLUMNS {
            (row, column) = (row + 1, 0);
        }
        let first = column;
        column += size;
        Cell { row, first, end: column }
    };
    cards.iter().map(place).collect()
}

/// The index of the card in the row above with the nearest columns.
pub fn above(cards: &[Card], index: usize) -> Option<usize> {
    let cells = cells(cards);
    let from = cells.get(index)?;
    nearest(&cells, *from, from.row.checked_sub(1)?)
}

/// The index of the card in the row below with the nearest columns.
pub fn below(cards: &[Card], index: usize) -> Option<usize> {
    let cells = cells(cards);
    let from = cells.get(index)?;
    nearest(&cells, *from, from.row + 1)
}

/// The card of a row whose centre is nearest; the first of equals.
fn nearest(cells: &[Cell], from: Cell, row: usize) -> Option<usize> {
    let middle = |cell: Cell| cell.first + cell.end;
    cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| cell.row == row)
        .min_by_key(|(_, cell)| middle(**cell).abs_diff(middle(from)))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cards(sizes: &[u8]) -> Vec<Card> {
        let card = |size: &u8| Card::new(String::new(), String::new(), *size);
        sizes.iter().map(card).collect()
    }

    #[test]
    fn cards_flow_into_rows_of_twelve_columns() {
        let rows: Vec<usize> =
            cells(&cards(&[6, 6, 8, 6, 3, 12, 4])).iter().map(|cell| cell.row).collect();
        assert_eq!(rows, [0, 0, 1, 2, 2, 3, 4]);
    }

    #[test]
    fn up_and_down_lead_to_the_card_whose_columns_lie_nearest() {
        //  0 0 0 0 0 0 1 1 1 1 1 1
        //  2 2 2 2 3 3 3 3 4 4 4 4
        //  5 5 5 5 5 5 5 5 5 5 5 5
        let cards = cards(&[6, 6, 4, 4, 4, 12]);
        assert_eq!(below(&cards, 0), Some(2));
        assert_eq!(below(&cards, 1), Some(4));
        assert_eq!(above(&cards, 2), Some(0));
        // Equally near: the first in reading order.
        assert_eq!(above(&cards, 3), Some(0));
        assert_eq!(above(&cards, 4), Some(1));
        assert_eq!(below(&cards, 4), Some(5));
        assert_eq!(above(&cards, 5), Some(3));
    }

    #[test]
    fn there_is_nothing_above_the_first_row_or_below_the_last() {
        let cards = cards(&[6, 6, 4]);
        assert_eq!(above(&cards, 1), None);
        assert_eq!(below(&cards, 2), None);
        assert_eq!(below(&cards, 9), None);
        // In a row of its own, although a card would fit beside it: the layout does not backfill.
        assert_eq!(above(&cards, 2), Some(0));
    }
}
