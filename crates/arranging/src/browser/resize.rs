//! Resizing a card by its right edge, with a mouse or a pen: it takes the card width that comes
//! closest.

use web_sys::{Element, PointerEvent};

use super::arranged_card::ArrangedCard;
use super::{Interaction, announce, dom, keep};
use crate::gesture::Point;
use crate::widths;

/// Two lanes or more are certain. `style/arranging.css` has the same query.
const LANES: &str = "(min-width: 62.01rem)";
/// About the gap between two lanes, in pixels.
const GAP: i32 = 19;
/// The width of the edge, inside the card, in pixels.
const EDGE_WIDTH: i32 = 8;

/// A card that is being resized by its edge.
pub struct Resize {
    card_in_hand: ArrangedCard,
    pointer: i32,
    start: i32,
    width: i32,
    lanes: usize,
}

impl Resize {
    /// Whether a press is on the edge. The card draws the edge itself, so the target is the card.
    pub fn begins_at(card: &Element, target: &Element, at: Point) -> bool {
        if card != target || !dom::holds(LANES) {
            return false;
        }
        at.x >= dom::corner(card).x + card.client_width() - EDGE_WIDTH
    }

    pub fn new(card_in_hand: ArrangedCard, event: &PointerEvent) -> Option<Resize> {
        let (card, grid) = (&card_in_hand.card, card_in_hand.grid());
        let _ = card.set_pointer_capture(event.pointer_id());
        dom::mark(card, "data-held", Some("edge"));
        dom::mark(&dom::root()?, "data-stretching", Some(""));
        let (width, lanes) = (card.offset_width(), dom::lane_count(grid));
        Some(Resize {
            pointer: event.pointer_id(),
            start: event.client_x(),
            width,
            lanes,
            card_in_hand,
        })
    }

    pub fn moved(self, event: &PointerEvent) {
        if !self.card_in_hand.is_connected() {
            self.clean_up();
            return;
        }
        let wanted = self.width + event.client_x() - self.start;
        let grid = self.card_in_hand.grid().offset_width();
        let size = widths::closest(wanted, grid, GAP, self.lanes, self.card_in_hand.smallest());
        if event.pointer_id() == self.pointer && size != self.card_in_hand.size() {
            self.card_in_hand.resize(size, false);
        }
        keep(Interaction::Resize(self));
    }

    fn clean_up(&self) {
        dom::mark(&self.card_in_hand.card, "data-held", None);
        if let Some(root) = dom::root() {
            dom::mark(&root, "data-stretching", None);
        }
    }

    pub fn finish(self) {
        self.clean_up();
        if self.card_in_hand.is_connected() && !self.card_in_hand.is_unchanged() {
            if let Some(handle) = self.card_in_hand.handle() {
                let _ = handle.focus();
            }
            self.card_in_hand.save();
        }
    }

    pub fn cancel(self) {
        self.clean_up();
        self.card_in_hand.cancel();
        let place = (self.card_in_hand.place() + 1).to_string();
        announce::say("cancelled", &[("card", &self.card_in_hand.title()), ("position", &place)]);
    }
}
