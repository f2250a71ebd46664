//! A press on a card by mouse, pen or finger, which may become a drag.

use std::cell::{Cell, RefCell};

use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, PointerEvent, UiEvent};

use super::arranged_card::ArrangedCard;
use super::drag::Drag;
use super::keyboard::KeyboardMove;
use super::resize::Resize;
use super::{Interaction, cancel, dom, holds, keep, take};
use crate::gesture::{LONG_PRESS_MS, Point, Press, PressOutcome};

/// Elements that handle a press themselves.
const INTERACTIVE: &str = "a, button, input, select, textarea, summary, label";

/// A press on a card that is not a drag yet.
pub struct PendingPress {
    card: Element,
    press: Press,
    pointer: i32,
    by_finger: bool,
    timer: Option<i32>,
    /// The card, if it was already picked up by keyboard.
    picked: Option<KeyboardMove>,
}

thread_local! {
    /// Whether the last press became a drag: the click that may follow it is then ignored.
    static DRAGGED: Cell<bool> = const { Cell::new(false) };
    /// The callback of the long-press timer.
    static LONG_PRESS: RefCell<Option<Closure<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Whether a click merely ends a drag. A key produces a click without a press before it, which the
/// pointer's count of presses tells (UI Events, `detail`).
pub fn ends_drag(click: &Event) -> bool {
    click.dyn_ref::<UiEvent>().is_some_and(|click| click.detail() > 0) && DRAGGED.take()
}

/// Handles `pointerdown`.
pub fn down(event: &PointerEvent) {
    // A second finger: this is no drag.
    if !event.is_primary() {
        if !holds(|interaction| matches!(interaction, Interaction::Keyboard(_))) {
            cancel();
        }
        return;
    }
    DRAGGED.set(false);
    if event.button() != 0 {
        return;
    }
    let Some(target) = dom::target(event) else { return };
    let Some(card) = dom::closest(&target, "[data-arrange] > [data-card]") else { return };
    let by_finger = event.pointer_type() == "touch";
    if !by_finger && Resize::begins_at(&card, &target, dom::point(event)) {
        cancel();
        event.prevent_default();
        if let Some(resize) =
            ArrangedCard::take(card).and_then(|card_in_hand| Resize::new(card_in_hand, event))
        {
            DRAGGED.set(true);
            keep(Interaction::Resize(resize));
        }
        return;
    }
    let handle = dom::closest(&target, "[data-part=handle]");
    let on_heading =
        dom::closest(&target, "header").is_some() && dom::closest(&target, INTERACTIVE).is_none();
    if handle.is_none() && !on_heading {
        return;
    }
    // On the handle of a card that is picked up by keyboard, a click puts it down, unless the press
    // becomes a drag.
    let picked = match take() {
        Interaction::Keyboard(picked)
            if handle.as_ref().is_some_and(|handle| picked.is_held_by(handle)) =>
        {
            Some(picked)
        }
        interaction => {
            keep(interaction);
            cancel();
            None
        }
    };
    let is_long_press = by_finger && handle.is_none();
    let press = Press { at: dom::point(event), is_long_press };
    let timer = is_long_press.then(start_timer).flatten();
    keep(Interaction::Press(PendingPress {
        card,
        press,
        pointer: event.pointer_id(),
        by_finger,
        timer,
        picked,
    }));
}

fn start_timer() -> Option<i32> {
    LONG_PRESS.with_borrow_mut(|lasted| {
        let called = lasted.get_or_insert_with(|| Closure::new(timer_fired));
        dom::window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                called.as_ref().unchecked_ref(),
                LONG_PRESS_MS,
            )
            .ok()
    })
}

fn timer_fired() {
    match take() {
        Interaction::Press(pressed) if pressed.press.lasted() == PressOutcome::Lift => {
            let at = pressed.press.at;
            pressed.lift(at);
        }
        interaction => keep(interaction),
    }
}

/// Handles `pointermove` during a press.
pub fn moved(pressed: PendingPress, event: &PointerEvent) {
    if event.pointer_id() != pressed.pointer {
        keep(Interaction::Press(pressed));
        return;
    }
    let at = dom::point(event);
    match pressed.press.moved(at) {
        PressOutcome::Wait => keep(Interaction::Press(pressed)),
        PressOutcome::Abandon => pressed.abandon(),
        PressOutcome::Lift => pressed.lift(at),
    }
}

impl PendingPress {
    pub fn is_by_finger(&self) -> bool {
        self.by_finger
    }

    pub fn abandon(mut self) {
        self.stop_timer();
        if let Some(picked) = self.picked.take() {
            keep(Interaction::Keyboard(picked));
        }
    }

    fn stop_timer(&self) {
        if let (Some(timer), Some(window)) = (self.timer, dom::window()) {
            window.clear_timeout_with_handle(timer);
        }
    }

    /// Starts the drag.
    fn lift(self, at: Point) {
        self.stop_timer();
        let PendingPress { card, press, pointer, by_finger, picked, .. } = self;
        if let Some(picked) = picked {
            picked.cancel();
        }
        let drag = ArrangedCard::take(card)
            .filter(ArrangedCard::is_connected)
            .and_then(|card_in_hand| Drag::lift(card_in_hand, pointer, by_finger, press.at));
        if let Some(drag) = drag {
            DRAGGED.set(true);
            drag.drag_to(at);
        }
    }
}
