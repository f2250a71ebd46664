//! The record that a widget showed real data: which manifest did, and when.
//!
//! `voordeur widget try --all` writes it after a live answer, and only then. It names the manifest
//! by its hash, so that a changed manifest has to be proven anew.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Name of the file in a widget's folder.
pub const PROOF_FILE: &str = "proven.json";

/// In days. Services change, so an older proof is no longer valid.
const PROOF_VALID_DAYS: i32 = 365;

/// A record of real data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// The day on which the widget showed it.
    pub day: Date,
    /// SHA-256 of the manifest, in hexadecimal.
    pub manifest: String,
    /// How many things were shown.
    pub things: usize,
}

/// Why a record proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// There is no record.
    #[error("there is no record of live data")]
    Absent,
    /// The file is no record.
    #[error("the record cannot be read")]
    Unreadable,
    /// The manifest has changed since.
    #[error("the record is of another manifest")]
    OtherManifest,
    /// Nothing was shown.
    #[error("nothing was shown")]
    NothingShown,
    /// The day of the record is in the future.
    #[error("the record is of {0}, which is in the future")]
    Ahead(Date),
    /// The record is too old.
    #[error("the record is of {0}, more than {PROOF_VALID_DAYS} days ago")]
    Old(Date),
}

impl Proof {
    /// The record of a manifest that showed live data.
    pub fn of(manifest: &str, day: Date, things: usize) -> Self {
        Proof { day, manifest: hash(manifest), things }
    }

    /// The day that the file in a widget's folder proves for its manifest.
    ///
    /// # Errors
    /// When there is no file, or it is not about this manifest.
    pub fn day_of(file: Option<&[u8]>, manifest: &str) -> Result<Date, ProofError> {
        let file = file.filter(|file| !file.is_empty()).ok_or(ProofError::Absent)?;
        let proof: Proof = serde_json::from_slice(file).map_err(|_| ProofError::Unreadable)?;
        if proof.manifest != hash(manifest) {
            return Err(ProofError::OtherManifest);
        }
        if proof.things == 0 {
            return Err(ProofError::NothingShown);
        }
        Ok(proof.day)
    }
}

/// Whether a proof of `day` holds on `today`.
///
/// # Errors
/// When it is too old, or from the future.
pub fn holds(day: Date, today: Date) -> Result<(), ProofError> {
    match day.until(today).map(|span| span.get_days()) {
        Ok(days) if days < 0 => Err(ProofError::Ahead(day)),
        Ok(days) if days <= PROOF_VALID_DAYS => Ok(()),
        _ => Err(ProofError::Old(day)),
    }
}

fn hash(manifest: &str) -> String {
    Sha256::digest(manifest.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn a_record_proves_the_manifest_that_it_was_written_for() {
        let proof = Proof::of("name = 1", date("2026-11-20"), 4);
        let file = serde_json::to_vec(&proof).expect("JSON");
        assert_eq!(Proof::day_of(Some(&file), "name = 1"), Ok(date("2026-11-20")));
        assert_eq!(Proof::day_of(Some(&file), "name = 2"), Err(ProofError::OtherManifest));
        assert_eq!(Proof::day_of(None, "name = 1"), Err(ProofError::Absent));
        let typed = br#"{ "day": "2026-11-20" }"#;
        assert_eq!(Proof::day_of(Some(typed), "name = 1"), Err(ProofError::Unreadable));
        let nothing = serde_json::to_vec(&Proof { things: 0, ..proof }).expect("JSON");
        assert_eq!(Proof::day_of(Some(&nothing), "name = 1"), Err(ProofError::NothingShown));
    }

    #[test]
    fn a_proof_holds_for_a_year() {
        let day = date("2026-11-20");
        assert_eq!(holds(day, date("2026-11-20")), Ok(()));
        assert_eq!(holds(day, date("2027-11-20")), Ok(()));
        assert_eq!(holds(day, date("2027-11-21")), Err(ProofError::Old(day)));
        assert_eq!(holds(day, date("2026-11-19")), Err(ProofError::Ahead(day)));
    }
}
