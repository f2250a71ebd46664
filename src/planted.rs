//! Panics planted for tests: a view with the text `panic in PLACE` panics there.

/// Panics when the text names this place.
pub fn check(place: &str, text: &str) {
    assert!(text != text_for(place), "planted in the {place}");
}

/// The text that plants a panic.
pub fn text_for(place: &str) -> String {
    format!("panic in {place}")
}
