//! What a widget and the application agree on.
//!
//! This room holds plain data and one trait, [`Widget`]. Nothing here reads a clock, a file or a socket, and nothing here knows how a
//! page looks. Widgets are written against it; the application calls them through it.

#![warn(missing_docs)]

mod coverage;
mod field;
mod language;
mod manifest;
mod place;
mod request;
mod sample;
mod view;
mod widget;

pub use coverage::{Area, Coverage, Nearness, Region};
pub use field::{
    Choice, DayBound, Field, FieldError, FieldKind, LONGEST_LOOKED_UP, LookupMatch, Settings,
    label_key,
};
pub use language::{Language, Texts};
pub use manifest::{Evidence, Key, Licence, Limits, Manifest, Owner, Pace, Publisher, Size, Theme};
pub use place::{Place, Province};
pub use request::{Format, KeyPlace, KeyUse, Method, Request, Response, Responses};
pub use sample::Sample;
pub use view::{
    Alert, Block, Departure, Fact, Link, ListItem, Moment, MomentItem, Phrase, PlaceItem, Point,
    Row, Table, Tone, Value, View,
};
pub use voordeur_shared::Severity;
pub use widget::{Clock, Refusal, Widget, WidgetContext};
