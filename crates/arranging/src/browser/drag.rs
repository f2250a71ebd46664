//! A card that follows a pointer. A placeholder shows where it would land; the other cards make
//! room.

use wasm_bindgen::prelude::*;
use web_sys::{FocusOptions, HtmlElement, PointerEvent};

use super::arranged_card::{ArrangedCard, animate_from};
use super::tabs::{self, TabElement};
use super::{Interaction, announce, dom, keep, scroll};
use crate::gesture::Point;
use crate::placement::DragPlacement;

pub struct Drag {
    card_in_hand: ArrangedCard,
    pointer: i32,
    by_finger: bool,
    /// The offset of the pointer from the card's top left corner.
    grip: Point,
    /// The position of the pointer in the window.
    at: Point,
    placeholder: HtmlElement,
    placement: DragPlacement,
    /// The tab under the pointer, which would take the card.
    tab: Option<TabElement>,
}

impl Drag {
    /// Starts to drag a card that was pressed at `at` (in the window).
    pub fn lift(
        card_in_hand: ArrangedCard,
        pointer: i32,
        by_finger: bool,
        at: Point,
    ) -> Option<Drag> {
        let corner = dom::corner(&card_in_hand.card);
        let placeholder: HtmlElement =
            dom::document()?.create_element("div").ok()?.dyn_into().ok()?;
        placeholder.set_class_name("free-place");
        card_in_hand.grid().append_child(&placeholder).ok()?;
        let _ = card_in_hand.card.set_pointer_capture(pointer);
        dom::mark(&card_in_hand.card, "data-held", Some("pointer"));
        set_dragging(&card_in_hand, true);
        let grip = Point { x: at.x - corner.x, y: at.y - corner.y };
        let placement = DragPlacement::default();
        Some(Drag { card_in_hand, pointer, by_finger, grip, at, placeholder, placement, tab: None })
    }

    /// Whether the event is of the pointer that drags.
    pub fn is_by(&self, event: &PointerEvent) -> bool {
        event.pointer_id() == self.pointer
    }

    pub fn is_by_finger(&self) -> bool {
        self.by_finger
    }

    pub fn at(&self) -> Point {
        self.at
    }

    pub fn moved(self, event: &PointerEvent) {
        if self.is_by(event) {
            self.drag_to(dom::point(event));
        } else {
            keep(Interaction::Drag(self));
        }
    }

    /// Moves the card along with the pointer, which is at `at` (in the window).
    pub fn drag_to(mut self, at: Point) {
        if !self.card_in_hand.is_connected() {
            self.clean_up();
            return;
        }
        self.at = at;
        let tab = tabs::under(at);
        self.mark_tab(tab);
        if self.tab.is_none() {
            self.make_room();
        }
        self.follow();
        keep(Interaction::Drag(self));
        scroll::start_near_edge();
    }

    fn mark_tab(&mut self, tab: Option<TabElement>) {
        if let Some(before) = self.tab.take() {
            before.mark(false);
        }
        if let Some(tab) = &tab {
            tab.mark(true);
        }
        dom::mark(&self.placeholder, "hidden", tab.is_some().then_some(""));
        self.tab = tab;
    }

    fn make_room(&mut self) {
        let grid = dom::corner(self.card_in_hand.grid());
        let pointer = Point { x: self.at.x - grid.x, y: self.at.y - grid.y };
        let place = self.card_in_hand.place();
        let to = self.placement.target(&self.card_in_hand.rects(), place, pointer);
        if to != place {
            self.card_in_hand.go(to, true);
        }
    }

    /// The offset of the card from the place where it would land.
    fn offset(&self) -> Point {
        let grid = dom::corner(self.card_in_hand.grid());
        let card = &self.card_in_hand.card;
        Point {
            x: self.at.x - self.grip.x - grid.x - card.offset_left(),
            y: self.at.y - self.grip.y - grid.y - card.offset_top(),
        }
    }

    fn follow(&self) {
        let card = &self.card_in_hand.card;
        set(card, "transform", &dom::translation(self.offset()));
        let pixels = |number: i32| [&number.to_string(), "px"].concat();
        set(&self.placeholder, "left", &pixels(card.offset_left()));
        set(&self.placeholder, "top", &pixels(card.offset_top()));
        set(&self.placeholder, "width", &pixels(card.offset_width()));
        set(&self.placeholder, "height", &pixels(card.offset_height()));
    }

    /// Removes everything that shows the drag.
    fn clean_up(&self) {
        self.placeholder.remove();
        if let Some(tab) = &self.tab {
            tab.mark(false);
        }
        let card = &self.card_in_hand.card;
        let _ = card.style().remove_property("transform");
        let _ = card.release_pointer_capture(self.pointer);
        dom::mark(card, "data-held", None);
        set_dragging(&self.card_in_hand, false);
    }

    /// Lets the card glide into the place where it lands.
    fn settle(&self) {
        let offset = self.offset();
        self.clean_up();
        if dom::holds("(prefers-reduced-motion: no-preference)") {
            animate_from(&self.card_in_hand.card, offset);
        }
    }

    pub fn drop_card(self) {
        if !self.card_in_hand.is_connected() {
            self.clean_up();
            return;
        }
        if let Some(tab) = &self.tab {
            self.clean_up();
            focus(&self.card_in_hand);
            self.card_in_hand.save_on_page(&tab.page);
            return;
        }
        self.settle();
        if !self.card_in_hand.is_unchanged() {
            focus(&self.card_in_hand);
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

/// Focuses the handle, so that a screen reader continues from the card.
fn focus(card_in_hand: &ArrangedCard) {
    if let Some(handle) = card_in_hand.handle() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = handle.focus_with_options(&options);
    }
}

/// While a card is dragged, a narrow window shows the headings of the cards only. That changes the
/// height of the page, so the page is scrolled to keep the card in place on the screen.
fn set_dragging(card_in_hand: &ArrangedCard, dragging: bool) {
    let top = || dom::corner(card_in_hand.grid()).y + card_in_hand.card.offset_top();
    let before = top();
    if let Some(root) = dom::root() {
        dom::mark(&root, "data-dragging", dragging.then_some(""));
    }
    if card_in_hand.is_connected() {
        scroll::by(top() - before);
    }
}

fn set(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}
