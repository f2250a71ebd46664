//! Keeps the cards in their lanes while an edit waits, and after a refresh.

use voordeur_shared::CardWidth;
use voordeur_shared::lanes::{LaneCard, RowsByWidth, place, replace_classes, take_row_classes};
use web_sys::Element;

/// The rows of a card in each width. On a page, a card has them while it can be arranged.
const ROWS: &str = "data-rows";

/// Places all cards of a board that is being arranged, of which the widths or the order changed.
pub(super) fn place_anew(grid: &Element) {
    let next = |card: &Element| card.next_element_sibling();
    let cards: Option<Vec<(Element, LaneCard)>> =
        std::iter::successors(grid.first_element_child(), next)
            .filter(|card| card.has_attribute("data-card"))
            .map(|card| {
                let rows = RowsByWidth::from_attribute(&card.get_attribute(ROWS)?)?;
                let width = width(&card);
                Some((card, LaneCard { width, rows: rows.while_arranged(width) }))
            })
            .collect();
    // Without rows the places stay those of the server.
    let Some(cards) = cards else { return };
    let places = place(&cards.iter().map(|(_, card)| *card).collect::<Vec<_>>());
    for ((element, card), places) in cards.iter().zip(&places) {
        element.set_class_name(&replace_classes(&element.class_name(), card.rows, Some(places)));
    }
}

/// Notes the rows that a card takes as the server has drawn it now. Its lane stays.
pub(super) fn take_rows(card: &Element, drawn: &Element) {
    let rows = drawn.get_attribute(ROWS).filter(|_| card.has_attribute(ROWS));
    let classes = match rows.as_deref().and_then(RowsByWidth::from_attribute) {
        // The card is being arranged. Its width here may be one that the server does not know yet.
        Some(rows) => {
            let _ = card.set_attribute(ROWS, &rows.to_attribute());
            replace_classes(&card.class_name(), rows.while_arranged(width(card)), None)
        }
        None => take_row_classes(&card.class_name(), &drawn.class_name()),
    };
    card.set_class_name(&classes);
}

fn width(card: &Element) -> CardWidth {
    let size = card.get_attribute("data-size");
    size.and_then(|size| CardWidth::from_id(&size)).unwrap_or(CardWidth::NARROWEST)
}
