//! Keys: those that move a card that is picked up (arrows, Home, End, Page Up, Page Down, plus,
//! minus, Escape), those that go through the buttons of a card, and undo and redo.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{Interaction, cancel, dom, keep, take, toolbar};
use crate::placement::Direction;

pub fn pressed(event: &KeyboardEvent) {
    let key = event.key();
    let chord = event.ctrl_key() || event.meta_key();
    if key == "Tab" {
        toolbar::prepare();
    }
    match take() {
        Interaction::Keyboard(picked) if !picked.is_connected() => {}
        Interaction::Keyboard(picked) if !chord && !event.alt_key() => {
            let on_handle = dom::target(event).is_some_and(|target| picked.is_held_by(&target));
            let shift = event.shift_key();
            let used = on_handle || key == "Escape";
            match &*key {
                _ if !used => return keep(Interaction::Keyboard(picked)),
                "ArrowLeft" if shift => picked.resize(false),
                "ArrowRight" if shift => picked.resize(true),
                "-" => picked.resize(false),
                "+" | "=" => picked.resize(true),
                "ArrowLeft" => picked.go(Direction::Left),
                "ArrowRight" => picked.go(Direction::Right),
                "ArrowUp" => picked.go(Direction::Up),
                "ArrowDown" => picked.go(Direction::Down),
                "Home" => picked.go(Direction::First),
                "End" => picked.go(Direction::Last),
                "PageUp" => picked.target_page(false),
                "PageDown" => picked.target_page(true),
                "Escape" => picked.cancel(),
                _ => return keep(Interaction::Keyboard(picked)),
            }
            event.prevent_default();
        }
        Interaction::Empty if chord && !event.alt_key() => undo_or_redo(event, &key),
        Interaction::Empty if event.alt_key() => {}
        Interaction::Empty => toolbar::pressed(event, &key),
        interaction => {
            keep(interaction);
            if key == "Escape" {
                event.prevent_default();
                cancel();
            }
        }
    }
}

/// Clicks the page's own buttons, while the board is arranged and the focus is in no text field.
fn undo_or_redo(event: &KeyboardEvent, key: &str) {
    let button = match (&*key.to_ascii_lowercase(), event.shift_key()) {
        ("z", false) => "undo",
        ("z", true) | ("y", false) => "redo",
        _ => return,
    };
    let typing = dom::target(event).is_some_and(|target| {
        dom::closest(&target, "input, textarea, select, [contenteditable], dialog").is_some()
    });
    let Some(document) = dom::document().filter(|_| !typing) else { return };
    let arranging = document.query_selector("[data-arrange]").ok().flatten().is_some();
    let button = document
        .get_element_by_id(button)
        .filter(|_| arranging)
        .and_then(|button| button.dyn_into::<HtmlElement>().ok());
    if let Some(button) = button {
        event.prevent_default();
        button.click();
    }
}
