//! The buttons of a card are one stop of the Tab key while the board is arranged: the arrow keys go
//! from one to the next (ARIA Authoring Practices, "toolbar"). Links in a card are no stops then.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::dom;

const TOOLBARS: &str = "[data-arrange] .tools";
/// The buttons of a toolbar. Those in its menu have stops of their own, while it is open.
const BUTTONS: &str = ":scope > .tool:not([disabled]), :scope > .more > summary";
/// The links that read on, and the one that loads a waiting card again.
const LINKS: &str = "[data-arrange] [data-part=body] :is(a, summary), \
                     [data-arrange] [data-state=waiting] > .act";

/// Makes the toolbars ready, before the Tab key moves the focus: the page may have been replaced
/// since it was pressed last.
pub fn prepare() {
    let Some(document) = dom::document() else { return };
    let focused = document.active_element();
    for toolbar in document.query_selector_all(TOOLBARS).iter().flat_map(dom::all) {
        let _ = toolbar.set_attribute("role", "toolbar");
        let title = dom::closest(&toolbar, "[data-card]")
            .and_then(|card| card.get_attribute("aria-labelledby"));
        dom::mark(&toolbar, "aria-labelledby", title.as_deref());
        let buttons = buttons_of(&toolbar);
        let holds_focus =
            |button: &HtmlElement| focused.as_ref().is_some_and(|focused| **button == *focused);
        let was_stop =
            |button: &HtmlElement| button.get_attribute("tabindex").as_deref() == Some("0");
        let stop = buttons.iter().position(holds_focus);
        let stop = stop.or_else(|| buttons.iter().position(was_stop)).unwrap_or(0);
        set_stop(&buttons, stop);
    }
    for link in document.query_selector_all(LINKS).iter().flat_map(dom::all) {
        let _ = link.set_attribute("tabindex", "-1");
    }
}

/// Moves the focus within a toolbar, if the key does so.
pub fn pressed(event: &KeyboardEvent, key: &str) {
    let button = dom::target(event).and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let Some(button) = button else { return };
    let Some(toolbar) = dom::closest(&button, TOOLBARS) else { return };
    let buttons = buttons_of(&toolbar);
    let Some(now) = buttons.iter().position(|each| *each == button) else { return };
    let last = buttons.len() - 1;
    let next = match key {
        "ArrowLeft" => now.checked_sub(1).unwrap_or(last),
        "ArrowRight" if now == last => 0,
        "ArrowRight" => now + 1,
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    set_stop(&buttons, next);
    if let Some(button) = buttons.get(next) {
        let _ = button.focus();
    }
}

fn buttons_of(toolbar: &Element) -> Vec<HtmlElement> {
    toolbar.query_selector_all(BUTTONS).iter().flat_map(dom::all).collect()
}

fn set_stop(buttons: &[HtmlElement], stop: usize) {
    for (index, button) in buttons.iter().enumerate() {
        let _ = button.set_attribute("tabindex", if index == stop { "0" } else { "-1" });
    }
}
