//! A press on a card, by mouse, pen or finger: it becomes a drag, or nothing.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;
use web_sys::{Element, PointerEvent};

use super::drag::Drag;
use super::held::Held;
use super::pick::Picked;
use super::stretch::Stretch;
use super::{Hand, dom, holds, keep, put_back, take};
use crate::press::{LONG, Press, Spot, Verdict};

/// What is pressed on its own behalf: it has its own use.
const OF_ITS_OWN: &str = "a, button, input, select, textarea, summary, label";

/// A press on a card.
pub struct Pressed {
    card: Element,
    press: Press,
    pointer: i32,
    by_finger: bool,
    timer: Option<i32>,
    /// The card, when it was held by keyboard already.
    picked: Option<Picked>,
}

thread_local! {
    /// Whether the pointer that was last down dragged something: the click that may follow is none.
    static DRAGGED: Cell<bool> = const { Cell::new(false) };
    /// What the clock calls.
    static LASTED: RefCell<Option<Closure<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Whether a click that comes now only ends a drag.
pub fn was_drag() -> bool {
    DRAGGED.get()
}

/// Something presses on the page.
pub fn down(event: &PointerEvent) {
    // A second finger: whatever this is, it is no drag.
    if !event.is_primary() {
        if !holds(|hand| matches!(hand, Hand::Pick(_))) {
            put_back();
        }
        return;
    }
    DRAGGED.set(false);
    if event.button() != 0 {
        return;
    }
    let Some(target) = dom::target(event) else { return };
    let Some(card) = dom::around(&target, "[data-arrange] > [data-card]") else { return };
    let by_finger = event.pointer_type() == "touch";
    if !by_finger && Stretch::begins_at(&card, &target, dom::spot(event)) {
        put_back();
        event.prevent_default();
        if let Some(stretch) = Held::take(card).and_then(|held| Stretch::new(held, event)) {
            DRAGGED.set(true);
            keep(Hand::Stretch(stretch));
        }
        return;
    }
    let handle = dom::around(&target, "[data-part=handle]");
    let on_heading =
        dom::around(&target, "header").is_some() && dom::around(&target, OF_ITS_OWN).is_none();
    if handle.is_none() && !on_heading {
        return;
    }
    // On the handle of a card that is held by keyboard: a click will put it down, unless the press becomes a drag.
    let picked = match take() {
        Hand::Pick(picked) if handle.as_ref().is_some_and(|handle| picked.is_held_by(handle)) => {
            Some(picked)
        }
        hand => {
            keep(hand);
            put_back();
            None
        }
    };
    let must_last = by_finger && handle.is_none();
    let press = Press { at: dom::spot(event), must_last };
    let timer = must_last.then(set_clock).flatten();
    keep(Hand::Press(Pressed {
        card,
        press,
        pointer: event.pointer_id(),
        by_finger,
        timer,
        picked,
    }));
}

fn set_clock() -> Option<i32> {
    LASTED.with_borrow_mut(|lasted| {
        let called = lasted.get_or_insert_with(|| Closure::new(time_is_over));
        dom::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                called.as_ref().unchecked_ref(),
                LONG,
            )
            .ok()
    })
}

fn time_is_over() {
    match take() {
        Hand::Press(pressed) if pressed.press.lasted() == Verdict::Lift => {
            let at = pressed.press.at;
            pressed.lift(at);
        }
        hand => keep(hand),
    }
}

/// What presses has moved.
pub fn moved(pressed: Pressed, event: &PointerEvent) {
    if event.pointer_id() != pressed.pointer {
        keep(Hand::Press(pressed));
        return;
    }
    let at = dom::spot(event);
    match pressed.press.moved(at) {
        Verdict::Wait => keep(Hand::Press(pressed)),
        Verdict::Leave => pressed.leave(),
        Verdict::Lift => pressed.lift(at),
    }
}

impl Pressed {
    /// Whether it is a finger.
    pub fn is_by_finger(&self) -> bool {
        self.by_finger
    }

    /// It was nothing.
    pub fn leave(mut self) {
        self.stop_clock();
        if let Some(picked) = self.picked.take() {
            keep(Hand::Pick(picked));
        }
    }

    fn stop_clock(&self) {
        if let (Some(timer), Some(window)) = (self.timer, dom::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }

    /// The card comes along.
    fn lift(self, at: Spot) {
        self.stop_clock();
        let Pressed { card, press, pointer, by_finger, picked, .. } = self;
        if let Some(picked) = picked {
            picked.put_back();
        }
        let drag = Held::take(card)
            .filter(Held::is_there)
            .and_then(|held| Drag::lift(held, pointer, by_finger, press.at));
        if let Some(drag) = drag {
            DRAGGED.set(true);
            drag.go_on(at);
        }
    }
}
