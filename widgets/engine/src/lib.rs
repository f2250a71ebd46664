//! The catalogue of widgets, and the interpreter that makes a widget of a manifest.
//!
//! Nothing in this room reads a clock, a file or a socket: the folders of the catalogue are embedded when it is built, `now` is told by the
//! caller, and answers are handed in. See `docs/WIDGETS.md` for the language of manifests.

#![warn(missing_docs)]

mod catalogue;
pub mod conformance;
mod manifest;
pub mod reference;
pub mod scaffold;

pub use catalogue::{Catalogue, CatalogueError, Checked, Entry, Version, is_id};
pub use manifest::{
    Excerpt, ManifestError, ManifestErrors, ManifestWidget, SampleFiles, SampleFolder, line_of,
};
