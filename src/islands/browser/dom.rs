//! Helpers for the DOM.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, VisibilityState, Window};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

pub fn first(under: &Element, selector: &str) -> Option<Element> {
    under.query_selector(selector).ok().flatten()
}

pub fn all(under: &Element, selector: &str) -> Vec<Element> {
    let Ok(found) = under.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect()
}

/// Focuses an element without scrolling to it.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// Whether the page can be seen.
pub fn is_visible() -> bool {
    document().is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

/// The live region in which changes are announced.
pub fn announcer() -> Option<Element> {
    document()?.get_element_by_id("announcer")
}

/// Announces a text to screen readers.
pub fn announce(words: &str) {
    if let Some(announcer) = announcer() {
        // Live regions announce changes only: clear the region first, so that a repeated text is
        // announced.
        announcer.set_text_content(None);
        announcer.set_text_content(Some(words));
    }
}

/// Adds a listener to the document, for the lifetime of the page.
pub fn on(kind: &str, listener: impl Fn(&Event) + 'static) {
    if let Some(document) = document() {
        on_target(&document, kind, listener);
    }
}

/// Adds a listener to an event target, for the lifetime of the page.
pub fn on_target(target: &EventTarget, kind: &str, listener: impl Fn(&Event) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event| listener(&event));
    let _ = target.add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref());
    listener.forget();
}

pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Announces a text to screen readers and shows it in the page's notice.
pub fn announce_loudly(words: &str) {
    let notice = document().and_then(|document| document.get_element_by_id("notice"));
    if let Some(notice) = notice {
        let paragraph = document().and_then(|document| document.create_element("p").ok());
        if let Some(paragraph) = paragraph {
            paragraph.set_text_content(Some(words));
            notice.set_text_content(None);
            let _ = notice.append_child(&paragraph);
            let _ = notice.set_attribute("data-tone", "problem");
            notice.scroll_into_view();
        }
    }
    announce(words);
}
