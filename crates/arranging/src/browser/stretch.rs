//! The right edge of a card, pulled with a mouse or a pen: it becomes as wide as the step that comes closest.

use web_sys::{Element, PointerEvent};

use super::held::Held;
use super::{Hand, dom, keep, words};
use crate::press::Spot;
use crate::widths;

/// The grid has twelve columns: the same words stand in the style sheet.
const TWELVE_COLUMNS: &str = "(min-width: 62.01rem)";
/// How far inside of a card its edge begins, in pixels.
const INSIDE: i32 = 8;

/// A card whose edge is pulled.
pub struct Stretch {
    held: Held,
    pointer: i32,
    start: i32,
    width: i32,
    gap: i32,
}

impl Stretch {
    /// Whether a press at a spot is on the edge. It is drawn by the card itself, so nothing else is hit.
    pub fn begins_at(card: &Element, target: &Element, at: Spot) -> bool {
        if card != target || !dom::holds(TWELVE_COLUMNS) {
            return false;
        }
        at.x >= dom::corner(card).x + card.client_width() - INSIDE
    }

    /// Takes a card by its edge.
    pub fn new(held: Held, event: &PointerEvent) -> Option<Stretch> {
        let (card, grid) = (&held.card, held.grid());
        let _ = card.set_pointer_capture(event.pointer_id());
        dom::mark(card, "data-held", Some("edge"));
        dom::mark(&dom::root()?, "data-stretching", Some(""));
        let (width, columns) = (card.offset_width(), i32::from(held.size()));
        // From the width of a card of so many columns follows the gap between them; one that fills its row tells nothing.
        let gap = match 12 - columns {
            0 => 16,
            others => (grid.offset_width() * columns - 12 * width) / others,
        };
        Some(Stretch { pointer: event.pointer_id(), start: event.client_x(), width, gap, held })
    }

    /// The pointer has moved.
    pub fn moved(self, event: &PointerEvent) {
        if !self.held.is_there() {
            self.forget();
            return;
        }
        let wanted = self.width + event.client_x() - self.start;
        let grid = self.held.grid().offset_width();
        let size = widths::closest(wanted, grid, self.gap, self.held.smallest());
        if event.pointer_id() == self.pointer && size != self.held.size() {
            self.held.resize(size, false);
        }
        keep(Hand::Stretch(self));
    }

    fn forget(&self) {
        dom::mark(&self.held.card, "data-held", None);
        if let Some(root) = dom::root() {
            dom::mark(&root, "data-stretching", None);
        }
    }

    /// Keeps the width it has now.
    pub fn let_go(self) {
        self.forget();
        if self.held.is_there() && !self.held.is_unchanged() {
            if let Some(handle) = self.held.handle() {
                let _ = handle.focus();
            }
            self.held.save();
        }
    }

    /// Takes the width it had.
    pub fn put_back(self) {
        self.forget();
        self.held.put_back();
        let place = (self.held.place() + 1).to_string();
        words::say("cancelled", &[("card", &self.held.title()), ("position", &place)]);
    }
}
