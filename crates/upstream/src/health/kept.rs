//! The book on disk: one small file, written beside its place and moved there.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::Record;
use super::{MOST_HOSTS, MOST_TURNS, StateChange};

/// What stands in the file.
#[derive(Debug, Default, Deserialize)]
pub(super) struct HealthFile {
    pub hosts: BTreeMap<String, Record>,
    pub turns: VecDeque<StateChange>,
}

#[derive(Serialize)]
struct Lent<'a> {
    hosts: &'a BTreeMap<String, Record>,
    turns: &'a VecDeque<StateChange>,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum HealthFileError {
    #[error("the file cannot be reached: {0}")]
    File(#[from] io::Error),
    #[error("the file holds something else: {0}")]
    Text(#[from] serde_json::Error),
    #[error("the file holds more than the book may")]
    TooMuch,
}

/// What an earlier process wrote; empty when there is no file.
pub(super) fn read(file: &Path) -> Result<HealthFile, HealthFileError> {
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HealthFile::default()),
        Err(error) => return Err(error.into()),
    };
    let kept: HealthFile = serde_json::from_slice(&text)?;
    if kept.hosts.len() > MOST_HOSTS || kept.turns.len() > MOST_TURNS {
        return Err(HealthFileError::TooMuch);
    }
    Ok(kept)
}

/// The text of the file.
pub(super) fn write(
    hosts: &BTreeMap<String, Record>,
    turns: &VecDeque<StateChange>,
) -> Result<String, HealthFileError> {
    Ok(serde_json::to_string(&Lent { hosts, turns })?)
}

/// Puts a text in the place of the file. Whoever reads it sees the old one or the new one.
pub(super) fn replace(file: &Path, text: &str) -> Result<(), HealthFileError> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, file)?;
    Ok(())
}
