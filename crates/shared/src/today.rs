//! The band of today, as the script finds it in a page.

/// The value of `data-part` of the facts that come with a refreshed card.
pub const PART: &str = "today";
/// The attribute of a fact with the id of its card.
pub const CARD: &str = "data-of";
/// The attribute of a fact with its part in the day.
pub const ROLE: &str = "data-role";
/// The id of the list of facts.
pub const LIST: &str = "band";
/// The parts of the day that the band has, in its order.
pub const ROLES: [&str; 5] = ["weather", "departure", "warning", "appointment", "collection"];
