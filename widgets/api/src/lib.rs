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
mod own_lines;
mod place;
mod request;
mod sample;
mod search_key;
mod search_words;
mod view;
mod widget;

pub use voordeur_shared::CardWidth;

pub use budget::{Budget, Exhausted, Limits as BudgetLimits};
pub use coverage::{Area, Coverage, CoverageLevel, Region};
pub use day_role::DayRole;
pub use exchange::{Exchange, ExchangeError, MAX_STEPS};
pub use field::{
    Choice, DayBound, Field, FieldError, FieldKind, LookupMatch, MAX_LOOKUP_CHARS, MAX_TITLE_CHARS,
    Settings, TITLE_KEY, label_key,
};
pub use language::{Language, Texts};
pub use language_tag::LanguageTag;
pub use manifest::{
    ApiKey, Evidence, Licence, Limits, Manifest, Owner, Pace, Publisher, Size, Theme,
};
pub use own_lines::{
    MAX_ITEM_CHARS, MAX_ITEMS, MAX_LINES_BYTES, MAX_LINKS, OwnItem, OwnLink, items,
    items_to_do_first, links, with_item_added, with_item_ticked, without_ticked,
};
pub use place::{Place, Province};
pub use request::{ApiKeyLocation, ApiKeyUse, Format, Method, Request, Response, Responses};
pub use sample::Sample;
pub use search_key::search_key;
pub use search_words::SearchWords;
pub use view::{
    Alert, Block, Departure, Fact, ForecastDay, Further, Gauge, Leg, Link, LinkItem, ListItem,
    Moment, MomentItem, Phrase, PlaceItem, Point, Row, Table, Tone, Value, View, WeatherSign,
};
pub use voordeur_shared::Severity;
pub use widget::{Refusal, TimeDependence, Widget, WidgetContext};
