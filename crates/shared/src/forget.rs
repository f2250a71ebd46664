//! How the script knows that everything of a citizen was erased.

/// The id of the element that only the page after it has.
pub const DONE: &str = "forgotten";
