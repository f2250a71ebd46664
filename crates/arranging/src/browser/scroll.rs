//! Scrolls the page while a card is dragged near the upper or lower edge of the window.

use std::cell::{Cell, OnceCell};

use wasm_bindgen::prelude::*;
use web_sys::{ScrollBehavior, ScrollToOptions};

use super::{Interaction, dom, holds, keep, take};
use crate::gesture::Point;

/// The height of the zone at each edge, in pixels.
const EDGE_ZONE: f64 = 72.0;
/// The speed at the edge itself, in pixels per millisecond.
const MAX_SPEED: f64 = 1.1;
/// A longer frame counts as this long, in milliseconds.
const MAX_FRAME_MS: f64 = 100.0;

thread_local! {
    /// The time of the last frame that scrolled; `None` while the page does not scroll.
    static LAST_FRAME: Cell<Option<f64>> = const { Cell::new(None) };
    static FRAME: OnceCell<Closure<dyn Fn(f64)>> = const { OnceCell::new() };
}

/// Scrolls without animation, also where the page has smooth scrolling.
pub fn by(pixels: i32) {
    if let Some(window) = dom::window().filter(|_| pixels != 0) {
        let options = ScrollToOptions::new();
        options.set_top(f64::from(pixels));
        options.set_behavior(ScrollBehavior::Instant);
        window.scroll_by_with_scroll_to_options(&options);
    }
}

/// Starts to scroll if the pointer that drags is near an edge.
pub fn start_near_edge() {
    if LAST_FRAME.get().is_none()
        && holds(|interaction| matches!(interaction, Interaction::Drag(drag) if is_near(drag.at())))
    {
        LAST_FRAME.set(Some(f64::INFINITY));
        next_frame();
    }
}

fn is_near(at: Point) -> bool {
    speed(at) != 0.0
}

/// The scrolling speed for a pointer position; negative is upwards.
fn speed(at: Point) -> f64 {
    let height = dom::root().map_or(0, |root| root.client_height());
    let near = |gap: i32| (1.0 - f64::from(gap) / EDGE_ZONE).clamp(0.0, 1.0);
    MAX_SPEED * (near(height - at.y) - near(at.y))
}

fn next_frame() {
    FRAME.with(|frame| {
        let frame = frame.get_or_init(|| Closure::new(scroll));
        if let Some(window) = dom::window() {
            let _ = window.request_animation_frame(frame.as_ref().unchecked_ref());
        }
    });
}

#[allow(clippy::cast_possible_truncation, reason = "pixels of a window")]
fn scroll(now: f64) {
    let last = LAST_FRAME.replace(None).unwrap_or(now);
    match take() {
        Interaction::Drag(drag) if is_near(drag.at()) => {
            let at = drag.at();
            by((speed(at) * (now - last).clamp(0.0, MAX_FRAME_MS)).round() as i32);
            LAST_FRAME.set(Some(now));
            drag.drag_to(at);
            next_frame();
        }
        interaction => keep(interaction),
    }
}
