//! How a page that stays open is drawn anew when its day has ended.

/// The header of a request for a page that is made of what the server has, without asking a
/// service: all open pages are drawn anew at midnight.
pub const HEADER: &str = "voordeur-redraw";
/// The attribute of the cards' section with the seconds until the day of the page ends.
pub const DAY_ENDS: &str = "data-day-ends";
/// The attribute of a document that is a copy, shown without a network (`src/islands/sw.js`).
pub const OFFLINE: &str = "data-offline";
