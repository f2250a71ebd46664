//! What keys do: with a card that is held, and to undo and redo.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use super::{Hand, dom, keep, put_back, take};
use crate::places::Way;

/// A key was pressed.
pub fn pressed(event: &KeyboardEvent) {
    let key = event.key();
    let chord = event.ctrl_key() || event.meta_key();
    match take() {
        Hand::Pick(picked) if !picked.is_there() => {}
        Hand::Pick(picked) if !chord && !event.alt_key() => {
            let on_handle = dom::target(event).is_some_and(|target| picked.is_held_by(&target));
            let shift = event.shift_key();
            let used = on_handle || key == "Escape";
            match &*key {
                _ if !used => return keep(Hand::Pick(picked)),
                "ArrowLeft" if shift => picked.resize(false),
                "ArrowRight" if shift => picked.resize(true),
                "-" => picked.resize(false),
                "+" | "=" => picked.resize(true),
                "ArrowLeft" => picked.go(Way::Left),
                "ArrowRight" => picked.go(Way::Right),
                "ArrowUp" => picked.go(Way::Up),
                "ArrowDown" => picked.go(Way::Down),
                "Home" => picked.go(Way::First),
                "End" => picked.go(Way::Last),
                "PageUp" => picked.turn(false),
                "PageDown" => picked.turn(true),
                "Escape" => picked.put_back(),
                _ => return keep(Hand::Pick(picked)),
            }
            event.prevent_default();
        }
        Hand::Empty if chord && !event.alt_key() => undo_or_redo(event, &key),
        Hand::Empty => {}
        hand => {
            keep(hand);
            if key == "Escape" {
                event.prevent_default();
                put_back();
            }
        }
    }
}

/// Presses the page's own buttons, while it is being arranged and nobody types.
fn undo_or_redo(event: &KeyboardEvent, key: &str) {
    let button = match (&*key.to_ascii_lowercase(), event.shift_key()) {
        ("z", false) => "undo",
        ("z", true) | ("y", false) => "redo",
        _ => return,
    };
    let typing = dom::target(event).is_some_and(|target| {
        dom::around(&target, "input, textarea, select, [contenteditable], dialog").is_some()
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
