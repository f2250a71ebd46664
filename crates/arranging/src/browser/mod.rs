//! What listens and shows. The page is drawn anew after each change, so everything listens on the document, and what is found on the page is
//! held for as long as one card is in hand.

mod dom;
mod drag;
mod held;
mod keys;
mod pick;
mod press;
mod scroll;
mod send;
mod stretch;
mod tabs;
mod words;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::{Event, KeyboardEvent, PointerEvent};

/// What the hand does. One thing at a time.
enum Hand {
    /// Nothing.
    Empty,
    /// Presses on a card: it may become a drag.
    Press(press::Pressed),
    /// Drags a card.
    Drag(drag::Drag),
    /// Pulls at a card's edge.
    Stretch(stretch::Stretch),
    /// Holds a card by keyboard.
    Pick(pick::Picked),
}

thread_local! {
    static HAND: RefCell<Hand> = const { RefCell::new(Hand::Empty) };
}

/// Takes what is in the hand: what follows may make events of its own, and those find it empty.
fn take() -> Hand {
    HAND.replace(Hand::Empty)
}

fn keep(hand: Hand) {
    HAND.set(hand);
}

/// Whether what is in the hand is of a kind.
fn holds(is_of_kind: impl FnOnce(&Hand) -> bool) -> bool {
    HAND.with_borrow(is_of_kind)
}

/// Puts back what is in the hand, whatever it is.
fn put_back() {
    match take() {
        Hand::Empty => {}
        Hand::Press(pressed) => {
            pressed.leave();
            // What was held before the press goes back too.
            if let Hand::Pick(picked) = take() {
                picked.put_back();
            }
        }
        Hand::Drag(drag) => drag.put_back(),
        Hand::Stretch(stretch) => stretch.put_back(),
        Hand::Pick(picked) => picked.put_back(),
    }
}

/// Begins to listen.
#[wasm_bindgen(start)]
pub fn listen() {
    on_pointer("pointerdown", press::down);
    on_pointer("pointermove", moved);
    on_pointer("pointerup", let_go);
    on_pointer("pointercancel", cancelled);
    dom::on("contextmenu", |event| menu_wanted(&event));
    dom::on("touchmove", |event| finger_moved(&event));
    dom::on("click", |event| pick::clicked(&event));
    dom::on("focusout", |event| pick::focus_left(&event));
    dom::on("keydown", |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            keys::pressed(event);
        }
    });
    // The sheet shows the handles now that they do something.
    if let Some(page) = dom::root() {
        let _ = page.set_attribute("data-arranging", "");
    }
}

fn on_pointer(kind: &str, listener: impl Fn(&PointerEvent) + 'static) {
    dom::on(kind, move |event| {
        if let Some(event) = event.dyn_ref::<PointerEvent>() {
            listener(event);
        }
    });
}

fn moved(event: &PointerEvent) {
    match take() {
        Hand::Empty => {}
        Hand::Press(pressed) => press::moved(pressed, event),
        // The other button, pressed on the way, puts the card back.
        Hand::Drag(drag) if event.button() == 2 => drag.put_back(),
        Hand::Stretch(stretch) if event.button() == 2 => stretch.put_back(),
        Hand::Drag(drag) => drag.moved(event),
        Hand::Stretch(stretch) => stretch.moved(event),
        hand @ Hand::Pick(_) => keep(hand),
    }
}

fn let_go(event: &PointerEvent) {
    match take() {
        Hand::Press(pressed) => pressed.leave(),
        Hand::Drag(drag) if drag.is_by(event) => drag.drop_here(),
        Hand::Stretch(stretch) => stretch.let_go(),
        hand => keep(hand),
    }
}

fn cancelled(_: &PointerEvent) {
    if !holds(|hand| matches!(hand, Hand::Pick(_))) {
        put_back();
    }
}

/// The menu of a long press or of the other button: not while a card is in hand.
fn menu_wanted(event: &Event) {
    match take() {
        Hand::Drag(drag) => {
            event.prevent_default();
            // A finger that rests calls for the menu too, and goes on dragging.
            if drag.is_by_finger() {
                keep(Hand::Drag(drag));
            } else {
                drag.put_back();
            }
        }
        Hand::Press(pressed) if pressed.is_by_finger() => {
            event.prevent_default();
            keep(Hand::Press(pressed));
        }
        hand => keep(hand),
    }
}

/// A finger that drags a card does not scroll the page.
fn finger_moved(event: &Event) {
    if event.cancelable() && holds(|hand| matches!(hand, Hand::Drag(_))) {
        event.prevent_default();
    }
}
