//! Listens to the browser's events and shows the interaction. The page is replaced after each
//! change, so all listeners are on the document, and elements are kept for the duration of one
//! interaction only.

mod announce;
mod arranged_card;
mod dom;
mod drag;
mod gesture;
mod keyboard;
mod keys;
mod resize;
mod scroll;
mod send;
mod tabs;
mod toolbar;

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use web_sys::{Event, KeyboardEvent, PointerEvent};

/// The current interaction; there is one at a time.
enum Interaction {
    Empty,
    /// A press that may become a drag.
    Press(gesture::PendingPress),
    Drag(drag::Drag),
    Resize(resize::Resize),
    Keyboard(keyboard::KeyboardMove),
}

thread_local! {
    static INTERACTION: RefCell<Interaction> = const { RefCell::new(Interaction::Empty) };
}

/// Takes the current interaction. Event handlers that run as a consequence find none.
fn take() -> Interaction {
    INTERACTION.replace(Interaction::Empty)
}

fn keep(interaction: Interaction) {
    INTERACTION.set(interaction);
}

fn holds(is_of_kind: impl FnOnce(&Interaction) -> bool) -> bool {
    INTERACTION.with_borrow(is_of_kind)
}

/// Cancels the current interaction.
fn cancel() {
    match take() {
        Interaction::Empty => {}
        Interaction::Press(pressed) => {
            pressed.abandon();
            // A card that was picked up before the press is put back as well.
            if let Interaction::Keyboard(picked) = take() {
                picked.cancel();
            }
        }
        Interaction::Drag(drag) => drag.cancel(),
        Interaction::Resize(resize) => resize.cancel(),
        Interaction::Keyboard(picked) => picked.cancel(),
    }
}

#[wasm_bindgen(start)]
pub fn listen() {
    on_pointer("pointerdown", gesture::down);
    on_pointer("pointermove", moved);
    on_pointer("pointerup", finish);
    on_pointer("pointercancel", cancelled);
    dom::on("contextmenu", |event| menu_wanted(&event));
    dom::on("touchmove", |event| finger_moved(&event));
    dom::on("click", |event| keyboard::clicked(&event));
    dom::on("focusout", |event| keyboard::focus_left(&event));
    dom::on("keydown", |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            keys::pressed(event);
        }
    });
    // The style sheet shows the handles now that they work.
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
        Interaction::Empty => {}
        Interaction::Press(pressed) => gesture::moved(pressed, event),
        // The secondary button, pressed during a drag, cancels it.
        Interaction::Drag(drag) if event.button() == 2 => drag.cancel(),
        Interaction::Resize(resize) if event.button() == 2 => resize.cancel(),
        Interaction::Drag(drag) => drag.moved(event),
        Interaction::Resize(resize) => resize.moved(event),
        interaction @ Interaction::Keyboard(_) => keep(interaction),
    }
}

fn finish(event: &PointerEvent) {
    match take() {
        Interaction::Press(pressed) => pressed.abandon(),
        Interaction::Drag(drag) if drag.is_by(event) => drag.drop_card(),
        Interaction::Resize(resize) => resize.finish(),
        interaction => keep(interaction),
    }
}

fn cancelled(_: &PointerEvent) {
    if !holds(|interaction| matches!(interaction, Interaction::Keyboard(_))) {
        cancel();
    }
}

/// Suppresses the context menu of a long press or of the secondary button during an interaction.
fn menu_wanted(event: &Event) {
    match take() {
        Interaction::Drag(drag) => {
            event.prevent_default();
            // A resting finger opens the context menu as well, and continues to drag.
            if drag.is_by_finger() {
                keep(Interaction::Drag(drag));
            } else {
                drag.cancel();
            }
        }
        Interaction::Press(pressed) if pressed.is_by_finger() => {
            event.prevent_default();
            keep(Interaction::Press(pressed));
        }
        interaction => keep(interaction),
    }
}

/// A finger that drags a card does not scroll the page.
fn finger_moved(event: &Event) {
    if event.cancelable() && holds(|interaction| matches!(interaction, Interaction::Drag(_))) {
        event.prevent_default();
    }
}
