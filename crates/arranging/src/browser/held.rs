//! A card in hand, among the others.
//!
//! The card itself never leaves its place in the document, since what leaves loses the focus and the pointer: the others move around it.

use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::dom;
use super::send::send;
use crate::places::Rect;
use crate::press::Spot;

/// How long the others take to make room, in milliseconds.
const PACE: f64 = 180.0;

/// A card in hand.
pub struct Held {
    /// The card.
    pub card: HtmlElement,
    grid: HtmlElement,
    /// Its place when it was taken.
    start: usize,
    /// Its width when it was taken.
    start_size: u8,
}

impl Held {
    /// Takes a card of a board that is being arranged.
    pub fn take(card: Element) -> Option<Held> {
        let grid: HtmlElement = dom::around(&card, "[data-arrange]")?.dyn_into().ok()?;
        let card: HtmlElement = card.dyn_into().ok()?;
        let mut held = Held { card, grid, start: 0, start_size: 0 };
        held.start = held.place();
        held.start_size = held.size();
        Some(held)
    }

    /// Whether the page still shows it: a page that was drawn anew has another.
    pub fn is_there(&self) -> bool {
        self.card.is_connected()
    }

    /// Its title.
    pub fn title(&self) -> String {
        dom::first(&self.card, "h2").and_then(|title| title.text_content()).unwrap_or_default()
    }

    /// What it is picked up by.
    pub fn handle(&self) -> Option<HtmlElement> {
        dom::first(&self.card, "[data-part=handle]")?.dyn_into().ok()
    }

    /// The grid that it lies in.
    pub fn grid(&self) -> &HtmlElement {
        &self.grid
    }

    /// All cards of the page, in order.
    fn cards(&self) -> Vec<HtmlElement> {
        let found = self.grid.query_selector_all(":scope > [data-card]");
        found.map(|list| dom::all(&list)).unwrap_or_default()
    }

    /// How many cards there are.
    pub fn total(&self) -> usize {
        self.cards().len()
    }

    /// Its place among them, from 0.
    pub fn place(&self) -> usize {
        self.cards().iter().position(|card| *card == self.card).unwrap_or(0)
    }

    /// Where the cards lie in the grid, whatever moves at the moment.
    pub fn rects(&self) -> Vec<Rect> {
        self.cards()
            .iter()
            .map(|card| Rect {
                left: card.offset_left(),
                top: card.offset_top(),
                width: card.offset_width(),
                height: card.offset_height(),
            })
            .collect()
    }

    /// Its width: columns of twelve.
    pub fn size(&self) -> u8 {
        number(&self.card, "data-size").unwrap_or(4)
    }

    /// The narrowest width at which it can be read.
    pub fn smallest(&self) -> u8 {
        number(&self.card, "data-smallest").unwrap_or(3)
    }

    /// Goes to a place; the others make room. `floats`: the card itself follows the pointer.
    pub fn go(&self, to: usize, floats: bool) {
        self.rearrange(floats, |held| {
            let cards = held.cards();
            let at = held.place();
            let (others, before) = if to > at {
                (cards.get(at + 1..=to), Some(held.card.clone().into()))
            } else {
                (cards.get(to..at), held.card.next_sibling())
            };
            for other in others.unwrap_or_default() {
                let _ = held.grid.insert_before(other, before.as_ref());
            }
        });
    }

    /// Takes a width.
    pub fn resize(&self, size: u8, floats: bool) {
        self.rearrange(floats, |held| {
            let _ = held.card.set_attribute("data-size", &size.to_string());
        });
    }

    /// Changes something, and lets each card move from where it was seen to where it now lies.
    fn rearrange(&self, floats: bool, change: impl FnOnce(&Held)) {
        let moves = dom::holds("(prefers-reduced-motion: no-preference)");
        let cards = self.cards();
        let seen: Vec<Spot> =
            if moves { cards.iter().map(|card| dom::corner(card)).collect() } else { Vec::new() };
        change(self);
        if !floats {
            self.show();
        }
        let grid = dom::corner(&self.grid);
        for (card, seen) in cards.iter().zip(seen) {
            if floats && *card == self.card {
                continue;
            }
            let now = Spot { x: grid.x + card.offset_left(), y: grid.y + card.offset_top() };
            come_from(card, Spot { x: seen.x - now.x, y: seen.y - now.y });
        }
    }

    /// Brings its heading into view, when it is not: at once, since the card itself comes from where it was.
    fn show(&self) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        options.set_behavior(ScrollBehavior::Instant);
        if let Some(heading) = dom::first(&self.card, "header") {
            heading.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }

    /// Puts it where it was, as wide as it was.
    pub fn put_back(&self) {
        if self.size() != self.start_size {
            self.resize(self.start_size, false);
        }
        if self.place() != self.start {
            self.go(self.start, false);
        }
    }

    /// Whether it lies where it lay, as wide as it was.
    pub fn is_unchanged(&self) -> bool {
        self.place() == self.start && self.size() == self.start_size
    }

    /// Tells the server where it lies now, and how wide it is.
    pub fn save(&self) {
        let size = self.size().to_string();
        let size = (self.size() != self.start_size).then_some(("size", &*size));
        let place = self.place();
        if place == self.start {
            if let Some(size) = size {
                send(&self.card, "resize", &[size]);
            }
            return;
        }
        let next = self.cards().get(place + 1).and_then(|card| card.get_attribute("data-card"));
        let mut fields = vec![("before", next.as_deref().unwrap_or_default())];
        fields.extend(size);
        send(&self.card, "place", &fields);
    }

    /// Tells the server that it goes to another page, at its end.
    pub fn save_on_page(&self, page: &str) {
        self.put_back();
        send(&self.card, "place", &[("to", page), ("before", "")]);
    }
}

/// Lets an element come from where it was seen.
pub fn come_from(element: &Element, from: Spot) {
    if from.x == 0 && from.y == 0 {
        return;
    }
    let frame = |transform: &str| {
        let frame = js_sys::Object::new();
        let set = |name: &str, value: &str| {
            let _ = js_sys::Reflect::set(&frame, &name.into(), &value.into());
        };
        set("transform", transform);
        set("easing", "ease-out");
        JsValue::from(frame)
    };
    let frames = js_sys::Array::of2(&frame(&dom::translation(from)), &frame("none"));
    element.unchecked_ref::<Animated>().animate(&frames, PACE);
}

#[wasm_bindgen]
extern "C" {
    /// `web-sys` does not offer this method of elements to everybody yet.
    type Animated;

    #[wasm_bindgen(method)]
    fn animate(this: &Animated, frames: &js_sys::Array, milliseconds: f64) -> JsValue;
}

fn number(element: &Element, name: &str) -> Option<u8> {
    element.get_attribute(name)?.parse().ok()
}
