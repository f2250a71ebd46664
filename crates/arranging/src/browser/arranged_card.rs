//! The card that is being moved or resized, among the other cards of its page.
//!
//! The card never leaves its place in the document, because a removed element loses focus and
//! pointer capture: the other cards are moved around it.

use voordeur_shared::CardWidth;
use voordeur_shared::lanes::{LaneCard, RowsByWidth, place, replace_classes};
use voordeur_shared::paths::CardAction;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement, ScrollBehavior, ScrollIntoViewOptions, ScrollLogicalPosition};

use super::dom;
use super::send::send;
use crate::gesture::Point;
use crate::placement::Rect;

/// Duration of the animation in which the other cards make room, in milliseconds.
const ANIMATION_MS: f64 = 180.0;

/// The card that is being moved or resized.
pub struct ArrangedCard {
    pub card: HtmlElement,
    grid: HtmlElement,
    start: usize,
    start_size: CardWidth,
}

impl ArrangedCard {
    /// Starts with a card of a board that is being arranged.
    pub fn take(card: Element) -> Option<ArrangedCard> {
        let grid: HtmlElement = dom::closest(&card, "[data-arrange]")?.dyn_into().ok()?;
        let card: HtmlElement = card.dyn_into().ok()?;
        let mut card_in_hand =
            ArrangedCard { card, grid, start: 0, start_size: CardWidth::NARROWEST };
        card_in_hand.start = card_in_hand.place();
        card_in_hand.start_size = card_in_hand.size();
        Some(card_in_hand)
    }

    /// Whether the card is still in the document; it is not after the page was replaced.
    pub fn is_connected(&self) -> bool {
        self.card.is_connected()
    }

    pub fn title(&self) -> String {
        dom::first(&self.card, "h2").and_then(|title| title.text_content()).unwrap_or_default()
    }

    pub fn handle(&self) -> Option<HtmlElement> {
        dom::first(&self.card, "[data-part=handle]")?.dyn_into().ok()
    }

    pub fn grid(&self) -> &HtmlElement {
        &self.grid
    }

    fn cards(&self) -> Vec<HtmlElement> {
        let found = self.grid.query_selector_all(":scope > [data-card]");
        found.map(|list| dom::all(&list)).unwrap_or_default()
    }

    pub fn total(&self) -> usize {
        self.cards().len()
    }

    /// The index of the card on its page, from 0.
    pub fn place(&self) -> usize {
        self.cards().iter().position(|card| *card == self.card).unwrap_or(0)
    }

    /// The layout rectangles of the cards in the grid, regardless of running animations.
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

    /// The width of the card.
    pub fn size(&self) -> CardWidth {
        width(&self.card, "data-size")
    }

    /// The narrowest readable width.
    pub fn smallest(&self) -> CardWidth {
        width(&self.card, "data-smallest")
    }

    /// Moves the card to an index; the other cards make room. With `floats` the card itself follows
    /// the pointer.
    pub fn go(&self, to: usize, floats: bool) {
        self.rearrange(floats, |card_in_hand| {
            let cards = card_in_hand.cards();
            let at = card_in_hand.place();
            let (others, before) = if to > at {
                (cards.get(at + 1..=to), Some(card_in_hand.card.clone().into()))
            } else {
                (cards.get(to..at), card_in_hand.card.next_sibling())
            };
            for other in others.unwrap_or_default() {
                let _ = card_in_hand.grid.insert_before(other, before.as_ref());
            }
        });
    }

    pub fn resize(&self, size: CardWidth, floats: bool) {
        self.rearrange(floats, |card_in_hand| {
            let _ = card_in_hand.card.set_attribute("data-size", size.id());
        });
    }

    /// Applies a change, then animates each card from where it was to where it now is.
    fn rearrange(&self, floats: bool, change: impl FnOnce(&ArrangedCard)) {
        let moves = dom::holds("(prefers-reduced-motion: no-preference)");
        let cards = self.cards();
        let seen: Vec<Point> =
            if moves { cards.iter().map(|card| dom::corner(card)).collect() } else { Vec::new() };
        change(self);
        self.place_anew();
        if !floats {
            self.show();
        }
        let grid = dom::corner(&self.grid);
        for (card, seen) in cards.iter().zip(seen) {
            if floats && *card == self.card {
                continue;
            }
            let now = Point { x: grid.x + card.offset_left(), y: grid.y + card.offset_top() };
            animate_from(card, Point { x: seen.x - now.x, y: seen.y - now.y });
        }
    }

    /// Puts each card into its lane, by the rules of the server.
    fn place_anew(&self) {
        let cards: Option<Vec<(HtmlElement, LaneCard)>> = self
            .cards()
            .into_iter()
            .map(|card| {
                let rows = RowsByWidth::from_attribute(&card.get_attribute("data-rows")?)?;
                let width = width(&card, "data-size");
                Some((card, LaneCard { width, rows: rows.while_arranged(width) }))
            })
            .collect();
        let Some(cards) = cards else { return };
        let places = place(&cards.iter().map(|(_, card)| *card).collect::<Vec<_>>());
        for ((element, card), places) in cards.iter().zip(&places) {
            let classes = replace_classes(&element.class_name(), card.rows, Some(places));
            element.set_class_name(&classes);
        }
    }

    /// Scrolls the heading into view if needed; without smooth scrolling, as the card itself is
    /// animated.
    fn show(&self) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        options.set_behavior(ScrollBehavior::Instant);
        if let Some(heading) = dom::first(&self.card, "header") {
            heading.scroll_into_view_with_scroll_into_view_options(&options);
        }
    }

    /// Restores the original place and width.
    pub fn cancel(&self) {
        if self.size() != self.start_size {
            self.resize(self.start_size, false);
        }
        if self.place() != self.start {
            self.go(self.start, false);
        }
    }

    /// Whether place and width are the original ones.
    pub fn is_unchanged(&self) -> bool {
        self.place() == self.start && self.size() == self.start_size
    }

    /// Sends the new place and width to the server.
    pub fn save(&self) {
        let size = (self.size() != self.start_size).then_some(("size", self.size().id()));
        let place = self.place();
        if place == self.start {
            if let Some(size) = size {
                send(&self.card, CardAction::Resize, &[size]);
            }
            return;
        }
        let next = self.cards().get(place + 1).and_then(|card| card.get_attribute("data-card"));
        let mut fields = vec![("before", next.as_deref().unwrap_or_default())];
        fields.extend(size);
        send(&self.card, CardAction::Place, &fields);
    }

    /// Sends the card to the end of another page of the board.
    pub fn save_on_page(&self, page: &str) {
        self.cancel();
        send(&self.card, CardAction::Place, &[("to", page), ("before", "")]);
    }
}

/// Animates an element from an offset to its place.
pub fn animate_from(element: &Element, from: Point) {
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
    element.unchecked_ref::<AnimatableElement>().animate(&frames, ANIMATION_MS);
}

#[wasm_bindgen]
extern "C" {
    /// `web-sys` has `Element.animate` only behind its unstable flag.
    type AnimatableElement;

    #[wasm_bindgen(method)]
    fn animate(this: &AnimatableElement, frames: &js_sys::Array, milliseconds: f64) -> JsValue;
}

fn width(element: &Element, name: &str) -> CardWidth {
    let id = element.get_attribute(name);
    id.and_then(|id| CardWidth::from_id(&id)).unwrap_or(CardWidth::NARROWEST)
}
