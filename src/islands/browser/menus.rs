//! Menus: one is open at a time, and it closes on Escape, on a press outside and when the focus
//! leaves it. Without script a menu is closed by its button, and `name` keeps one open at a time.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, Node};

use super::dom;

const OPEN: &str = "details[name=menu][open]";

pub fn listen() {
    for kind in ["pointerdown", "focusin"] {
        dom::on(kind, |event| {
            if let Some(target) = dom::target(event) {
                close(|menu| !menu.contains(Some(target.unchecked_ref::<Node>())));
            }
        });
    }
    dom::on("keydown", |event: &Event| {
        let is_escape = event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.key() == "Escape");
        if !is_escape || event.default_prevented() {
            return;
        }
        let Some(menu) = dom::document().and_then(|page| page.query_selector(OPEN).ok().flatten())
        else {
            return;
        };
        event.prevent_default();
        let had_focus = dom::document()
            .and_then(|page| page.active_element())
            .is_some_and(|focused| menu.contains(Some(&focused)));
        close(|_| true);
        if let Some(button) = dom::first(&menu, "summary").filter(|_| had_focus) {
            dom::focus(&button);
        }
    });
}

fn close(which: impl Fn(&Element) -> bool) {
    let Some(page) = dom::document().and_then(|page| page.document_element()) else { return };
    for menu in dom::all(&page, OPEN).iter().filter(|menu| which(menu)) {
        let _ = menu.remove_attribute("open");
    }
}
