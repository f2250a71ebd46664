//! Helpers for the DOM.

use wasm_bindgen::prelude::*;
use web_sys::{
    AddEventListenerOptions, Document, Element, Event, HtmlElement, NodeList, PointerEvent, Window,
};

use crate::gesture::Point;

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

pub fn root() -> Option<Element> {
    document()?.document_element()
}

/// Adds a listener to the document, for the lifetime of the page.
pub fn on(kind: &str, listener: impl Fn(Event) + 'static) {
    let Some(document) = document() else { return };
    let listener = Closure::<dyn Fn(Event)>::new(listener);
    let options = AddEventListenerOptions::new();
    // Not passive: a listener for touch movement must be able to prevent scrolling.
    options.set_passive(false);
    let _ = document.add_event_listener_with_callback_and_add_event_listener_options(
        kind,
        listener.as_ref().unchecked_ref(),
        &options,
    );
    listener.forget();
}

pub fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

pub fn first(under: &Element, selector: &str) -> Option<Element> {
    under.query_selector(selector).ok().flatten()
}

pub fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

pub fn all(list: &NodeList) -> Vec<HtmlElement> {
    (0..list.length()).filter_map(|index| list.item(index)?.dyn_into().ok()).collect()
}

/// The position of a pointer in the window.
pub fn point(event: &PointerEvent) -> Point {
    Point { x: event.client_x(), y: event.client_y() }
}

/// The top left corner of an element in the window.
#[allow(clippy::cast_possible_truncation, reason = "pixels of a window")]
pub fn corner(element: &Element) -> Point {
    let rect = element.get_bounding_client_rect();
    Point { x: rect.left().round() as i32, y: rect.top().round() as i32 }
}

/// Whether a media query matches.
pub fn holds(query: &str) -> bool {
    window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|media| media.matches())
}

/// The number of lanes of the board: the style sheet says it.
pub fn lane_count(grid: &Element) -> usize {
    window()
        .and_then(|window| window.get_computed_style(grid).ok().flatten())
        .and_then(|style| style.get_property_value("--lanes").ok())
        .and_then(|lanes| lanes.trim().parse().ok())
        .unwrap_or(1)
}

/// Sets or removes an attribute.
pub fn mark(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// `translate(3px, -4px)`
pub fn translation(by: Point) -> String {
    ["translate(", &by.x.to_string(), "px, ", &by.y.to_string(), "px)"].concat()
}
