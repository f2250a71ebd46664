//! The commands of the binary, apart from serving.

pub mod backup;
pub mod widget;
