//! The interface between widgets and the application.
//!
//! This crate holds plain data and one trait, [`Widget`]. Nothing here reads a clock, a file or a
//! socket, and nothing here knows how a page looks. Widgets implement the trait; the application
//! calls it.

#![warn(missing_docs)]

mod budget;
mod coverage;
mod day_role;
mod exchange;
mod field;
mod language;
mod language_tag;
mod manifest;
mod place;
mod request;
mod sample;
mod search_key;
mod view;
mod widget;

pub use budget::{Budget, Exhausted, Limits as BudgetLimits};
pub use coverage::{Area, Coverage, CoverageLevel, Region};
pub use day_role::DayRole;
pub use exchange::{Exchange, ExchangeError, MAX_STEPS};
pub use field::{
    Choice, DayBound, Field, FieldError, FieldKind, LookupMatch, MAX_LOOKUP_CHARS, Settings,
    label_key,
};
pub use language::{Language, Texts};
pub use language_tag::LanguageTag;
pub use manifest::{
    ApiKey, Evidence, Licence, Limits, Manifest, Owner, Pace, Publisher, Size, Theme,
};
pub use place::{Place, Province};
pub use request::{ApiKeyLocation, ApiKeyUse, Format, Method, Request, Response, Responses};
pub use sample::Sample;
pub use search_key::search_key;
pub use view::{
    Alert, Block, Departure, Fact, Further, Link, ListItem, Moment, MomentItem, Phrase, PlaceItem,
    Point, Row, Table, Tone, Value, View,
};
pub use voordeur_shared::Severity;
pub use widget::{Refusal, TimeDependence, Widget, WidgetContext};
