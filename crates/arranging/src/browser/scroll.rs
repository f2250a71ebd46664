//! The page scrolls along while a card is dragged near the upper or lower edge of the window.

use std::cell::{Cell, OnceCell};

use wasm_bindgen::prelude::*;
use web_sys::{ScrollBehavior, ScrollToOptions};

use super::{Hand, dom, holds, keep, take};
use crate::press::Spot;

/// So near to an edge the page scrolls, in pixels.
const NEAR: f64 = 72.0;
/// How fast it scrolls at the edge itself, in pixels per millisecond.
const FASTEST: f64 = 1.1;
/// No frame counts for longer than so many milliseconds.
const LONGEST_FRAME: f64 = 100.0;

thread_local! {
    /// When the last frame was that scrolled; none while nothing scrolls.
    static LAST: Cell<Option<f64>> = const { Cell::new(None) };
    static FRAME: OnceCell<Closure<dyn Fn(f64)>> = const { OnceCell::new() };
}

/// Scrolls at once, also where the page scrolls smoothly.
pub fn by(pixels: i32) {
    if let Some(window) = dom::window().filter(|_| pixels != 0) {
        let options = ScrollToOptions::new();
        options.set_top(f64::from(pixels));
        options.set_behavior(ScrollBehavior::Instant);
        window.scroll_by_with_scroll_to_options(&options);
    }
}

/// Begins to scroll, when the pointer that drags is near an edge.
pub fn along() {
    if LAST.get().is_none() && holds(|hand| matches!(hand, Hand::Drag(drag) if is_near(drag.at())))
    {
        LAST.set(Some(f64::INFINITY));
        next_frame();
    }
}

fn is_near(at: Spot) -> bool {
    pace(at) != 0.0
}

/// How fast the page scrolls for a pointer at a height; upwards it is less than nothing.
fn pace(at: Spot) -> f64 {
    let height = dom::root().map_or(0, |root| root.client_height());
    let near = |gap: i32| (1.0 - f64::from(gap) / NEAR).clamp(0.0, 1.0);
    FASTEST * (near(height - at.y) - near(at.y))
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
    let last = LAST.replace(None).unwrap_or(now);
    match take() {
        Hand::Drag(drag) if is_near(drag.at()) => {
            let at = drag.at();
            by((pace(at) * (now - last).clamp(0.0, LONGEST_FRAME)).round() as i32);
            LAST.set(Some(now));
            drag.go_on(at);
            next_frame();
        }
        hand => keep(hand),
    }
}
