//! A card that follows a pointer. A place is kept free where it would land; the others make room.

use wasm_bindgen::prelude::*;
use web_sys::{FocusOptions, HtmlElement, PointerEvent};

use super::held::{Held, come_from};
use super::tabs::{self, Tab};
use super::{Hand, dom, keep, scroll, words};
use crate::places;
use crate::press::Spot;

/// A drag.
pub struct Drag {
    held: Held,
    pointer: i32,
    by_finger: bool,
    /// From the card's corner to the pointer.
    grip: Spot,
    /// Where the pointer is in the window.
    at: Spot,
    /// The place that is kept free.
    free: HtmlElement,
    /// The tab that would take the card.
    tab: Option<Tab>,
}

impl Drag {
    /// Lifts a card that is pressed at a spot of the window.
    pub fn lift(held: Held, pointer: i32, by_finger: bool, at: Spot) -> Option<Drag> {
        let corner = dom::corner(&held.card);
        let free: HtmlElement = dom::document()?.create_element("div").ok()?.dyn_into().ok()?;
        free.set_class_name("free-place");
        held.grid().append_child(&free).ok()?;
        let _ = held.card.set_pointer_capture(pointer);
        dom::mark(&held.card, "data-held", Some("pointer"));
        set_dragging(&held, true);
        let grip = Spot { x: at.x - corner.x, y: at.y - corner.y };
        Some(Drag { held, pointer, by_finger, grip, at, free, tab: None })
    }

    /// Whether it is this pointer that drags.
    pub fn is_by(&self, event: &PointerEvent) -> bool {
        event.pointer_id() == self.pointer
    }

    /// Whether a finger drags.
    pub fn is_by_finger(&self) -> bool {
        self.by_finger
    }

    /// Where the pointer is in the window.
    pub fn at(&self) -> Spot {
        self.at
    }

    /// The pointer has moved.
    pub fn moved(self, event: &PointerEvent) {
        if self.is_by(event) {
            self.go_on(dom::spot(event));
        } else {
            keep(Hand::Drag(self));
        }
    }

    /// The pointer is at a spot of the window: the card comes along.
    pub fn go_on(mut self, at: Spot) {
        if !self.held.is_there() {
            self.forget();
            return;
        }
        self.at = at;
        let tab = tabs::under(at);
        self.mark_tab(tab);
        if self.tab.is_none() {
            self.make_room();
        }
        self.follow();
        keep(Hand::Drag(self));
        scroll::along();
    }

    fn mark_tab(&mut self, tab: Option<Tab>) {
        if let Some(before) = self.tab.take() {
            before.mark(false);
        }
        if let Some(tab) = &tab {
            tab.mark(true);
        }
        dom::mark(&self.free, "hidden", tab.is_some().then_some(""));
        self.tab = tab;
    }

    fn make_room(&self) {
        let grid = dom::corner(self.held.grid());
        let pointer = Spot { x: self.at.x - grid.x, y: self.at.y - grid.y };
        let place = self.held.place();
        let to = places::dragged(&self.held.rects(), place, pointer);
        if to != place {
            self.held.go(to, true);
        }
    }

    /// How far the card is from the place where it would land.
    fn off(&self) -> Spot {
        let grid = dom::corner(self.held.grid());
        let card = &self.held.card;
        Spot {
            x: self.at.x - self.grip.x - grid.x - card.offset_left(),
            y: self.at.y - self.grip.y - grid.y - card.offset_top(),
        }
    }

    fn follow(&self) {
        let card = &self.held.card;
        set(card, "transform", &dom::translation(self.off()));
        let pixels = |number: i32| [&number.to_string(), "px"].concat();
        set(&self.free, "left", &pixels(card.offset_left()));
        set(&self.free, "top", &pixels(card.offset_top()));
        set(&self.free, "width", &pixels(card.offset_width()));
        set(&self.free, "height", &pixels(card.offset_height()));
    }

    /// Takes away everything that showed the drag.
    fn forget(&self) {
        self.free.remove();
        if let Some(tab) = &self.tab {
            tab.mark(false);
        }
        let card = &self.held.card;
        let _ = card.style().remove_property("transform");
        let _ = card.release_pointer_capture(self.pointer);
        dom::mark(card, "data-held", None);
        set_dragging(&self.held, false);
    }

    /// Lets the card fall into the place that is kept free.
    fn settle(&self) {
        let off = self.off();
        self.forget();
        if dom::holds("(prefers-reduced-motion: no-preference)") {
            come_from(&self.held.card, off);
        }
    }

    /// Drops the card where it is.
    pub fn drop_here(self) {
        if !self.held.is_there() {
            self.forget();
            return;
        }
        if let Some(tab) = &self.tab {
            self.forget();
            focus(&self.held);
            self.held.save_on_page(&tab.page);
            return;
        }
        self.settle();
        if !self.held.is_unchanged() {
            focus(&self.held);
            self.held.save();
        }
    }

    /// Puts the card back.
    pub fn put_back(self) {
        self.forget();
        self.held.put_back();
        let place = (self.held.place() + 1).to_string();
        words::say("cancelled", &[("card", &self.held.title()), ("position", &place)]);
    }
}

/// The focus goes along with the card, so that what comes next is not said from somewhere else.
fn focus(held: &Held) {
    if let Some(handle) = held.handle() {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = handle.focus_with_options(&options);
    }
}

/// While a card is dragged, a narrow window shows the headings of the cards only: the page then scrolls along, so that the card stays where
/// it is seen.
fn set_dragging(held: &Held, dragging: bool) {
    let top = || dom::corner(held.grid()).y + held.card.offset_top();
    let before = top();
    if let Some(root) = dom::root() {
        dom::mark(&root, "data-dragging", dragging.then_some(""));
    }
    if held.is_there() {
        scroll::by(top() - before);
    }
}

fn set(element: &HtmlElement, property: &str, value: &str) {
    let _ = element.style().set_property(property, value);
}
