//! `health.json`: the health of all services on disk, replaced atomically.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::record::Record;
use super::{MAX_HOSTS, MAX_STATE_CHANGES, StateChange};

#[derive(Debug, Default, Deserialize)]
pub(super) struct HealthFile {
    pub hosts: BTreeMap<String, Record>,
    #[serde(rename = "turns")]
    pub changes: VecDeque<StateChange>,
}

#[derive(Serialize)]
struct HealthFileRef<'a> {
    hosts: &'a BTreeMap<String, Record>,
    #[serde(rename = "turns")]
    changes: &'a VecDeque<StateChange>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum HealthFileError {
    #[error("file not accessible: {0}")]
    Io(#[from] io::Error),
    #[error("unexpected content: {0}")]
    Json(#[from] serde_json::Error),
    #[error("more than {MAX_HOSTS} hosts or {MAX_STATE_CHANGES} changes")]
    TooLarge,
}

/// Reads the file; empty if there is none.
pub(super) fn read(path: &Path) -> Result<HealthFile, HealthFileError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HealthFile::default()),
        Err(error) => return Err(error.into()),
    };
    let file: HealthFile = serde_json::from_slice(&text)?;
    if file.hosts.len() > MAX_HOSTS || file.changes.len() > MAX_STATE_CHANGES {
        return Err(HealthFileError::TooLarge);
    }
    Ok(file)
}

pub(super) fn to_json(
    hosts: &BTreeMap<String, Record>,
    changes: &VecDeque<StateChange>,
) -> Result<String, HealthFileError> {
    Ok(serde_json::to_string(&HealthFileRef { hosts, changes })?)
}

/// Writes a temporary file and renames it, so that a reader sees the old content or the new one.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), HealthFileError> {
    let temporary = path.with_extension("new");
    std::fs::write(&temporary, text)?;
    std::fs::rename(&temporary, path)?;
    Ok(())
}
