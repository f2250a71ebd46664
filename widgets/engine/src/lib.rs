//! The catalogue of widgets, and the interpreter that turns a manifest into a widget.
//!
//! This crate reads no clock, file or socket: the folders of the catalogue are embedded at build
//! time, `now` and responses are passed in. `docs/WIDGETS.md` describes the manifest language.

#![warn(missing_docs)]

mod card_set;
mod catalogue;
pub mod conformance;
mod manifest;
pub mod reference;
mod sample_run;
pub mod scaffold;

pub use card_set::{CardSet, SetCard};
pub use catalogue::{Catalogue, CatalogueError, CheckStatus, Entry, Version, is_widget_id};
pub use manifest::{
    Excerpt, ManifestError, ManifestErrors, ManifestWidget, SampleFiles, SampleFolder, line_of,
};
pub use sample_run::{
    MAX_SAMPLE_BYTES, SampleError, SampleResponse, SampleRun, sample_body, sample_context,
    sample_tree,
};
