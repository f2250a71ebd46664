//! Small questions to the document.

use wasm_bindgen::prelude::*;
use web_sys::{
    AddEventListenerOptions, Document, Element, Event, HtmlElement, NodeList, PointerEvent, Window,
};

use crate::press::Spot;

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

/// `<html>`
pub fn root() -> Option<Element> {
    document()?.document_element()
}

/// Listens to an event of the whole document for as long as the page lives.
pub fn on(kind: &str, listener: impl Fn(Event) + 'static) {
    let Some(document) = document() else { return };
    let listener = Closure::<dyn Fn(Event)>::new(listener);
    let options = AddEventListenerOptions::new();
    // What is done about a finger's movement is decided by the listener.
    options.set_passive(false);
    let _ = document.add_event_listener_with_callback_and_add_event_listener_options(
        kind,
        listener.as_ref().unchecked_ref(),
        &options,
    );
    listener.forget();
}

/// The element on which an event happened.
pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The first element that a selector finds under another.
pub fn first(under: &Element, selector: &str) -> Option<Element> {
    under.query_selector(selector).ok().flatten()
}

/// The innermost element around another, or itself, that a selector fits.
pub fn around(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// Elements of a list, in order.
pub fn all(list: &NodeList) -> Vec<HtmlElement> {
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// Where a pointer is in the window.
pub fn spot(event: &PointerEvent) -> Spot {
    Spot { x: event.client_x(), y: event.client_y() }
}

/// Where an element begins in the window.
#[allow(clippy::cast_possible_truncation, reason = "pixels of a window")]
pub fn corner(element: &Element) -> Spot {
    let rect = element.get_bounding_client_rect();
    Spot { x: rect.left().round() as i32, y: rect.top().round() as i32 }
}

/// Whether a media query holds.
pub fn holds(query: &str) -> bool {
    window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|media| media.matches())
}

/// Sets or takes away an attribute that carries no value.
pub fn mark(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// `translate(3px, -4px)`
pub fn translation(by: Spot) -> String {
    ["translate(", &by.x.to_string(), "px, ", &by.y.to_string(), "px)"].concat()
}
