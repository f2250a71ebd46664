//! The catalogue of widgets, and the interpreter that makes a widget of a manifest.
//!
//! Nothing in this room reads a clock, a file or a socket: the folders of the catalogue are embedded when it is built, `now` is told by the
//! caller, and answers are handed in. See `docs/WIDGETS.md` for the language of manifests.

mod catalogue;
pub mod conformance;
mod declared;
pub mod draft;
pub mod reference;

pub use catalogue::{Catalogue, CatalogueProblem, Checked, Entry, Version, is_id};
pub use declared::{
    Declared, ManifestProblem, ManifestProblems, Piece, SampleFiles, SampleFolder, line_of,
};
