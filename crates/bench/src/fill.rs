//! Databases filled with a population, kept between runs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use voordeur_store::fixtures::{DATABASE_FILE, Filler, Guest, Rows};

use crate::BenchError;
use crate::population::{Citizen, Population};

/// Citizens per transaction.
const BATCH: u64 = 10_000;
/// Time since the last visit of every citizen: none is deleted during a run, and every visit of a
/// run updates the last-seen time.
const SINCE_LAST_VISIT: SignedDuration = SignedDuration::from_hours(24);
/// Holds the fingerprint of the population; written when the database is complete.
const FINGERPRINT_FILE: &str = "full";
/// The number of citizens that the fingerprint covers.
const FINGERPRINT_SAMPLE: u64 = 500;

/// A data folder with a copy of the filled database and no cached responses.
pub async fn store(folder: &Path, population: &Population) -> Result<PathBuf, BenchError> {
    let full = folder.join(format!("boards-{}", population.citizens));
    fill(&full, population).await?;
    let copy = folder.join("used");
    match std::fs::remove_dir_all(&copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => std::fs::create_dir_all(&copy)?,
    }
    std::fs::copy(full.join(DATABASE_FILE), copy.join(DATABASE_FILE))?;
    Ok(copy)
}

/// Fills the database of a folder, unless it has this population already.
async fn fill(folder: &Path, population: &Population) -> Result<(), BenchError> {
    let fingerprint = fingerprint(population)?;
    let marker = folder.join(FINGERPRINT_FILE);
    if std::fs::read_to_string(&marker).is_ok_and(|filled| filled == fingerprint) {
        return Ok(());
    }
    let began = Instant::now();
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let mut filler = Filler::create(folder).await?;
    let mut from = 0;
    while from < population.citizens {
        let to = (from + BATCH).min(population.citizens);
        filler.insert(&rows(population, from, to)?).await?;
        from = to;
        if from % (10 * BATCH) == 0 {
            println!("{from} boards after {:.0} s", began.elapsed().as_secs_f64());
        }
    }
    filler.finish().await?;
    std::fs::write(marker, fingerprint)?;
    Ok(())
}

/// The size of a population and a digest of a sample of its citizens and boards.
fn fingerprint(population: &Population) -> Result<String, BenchError> {
    let step = (population.citizens / FINGERPRINT_SAMPLE).max(1);
    let sample = (0..population.citizens).step_by(step as usize);
    let guests = sample.map(|number| guest(population.citizen(number), Timestamp::UNIX_EPOCH));
    let digest = Sha256::digest(Rows::encode(guests)?.to_json());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{} {digest}", population.citizens))
}

/// The rows of some citizens; half of them are encoded on another core.
fn rows(population: &Population, from: u64, to: u64) -> Result<Rows, BenchError> {
    let last_seen = Timestamp::now() - SINCE_LAST_VISIT;
    let rows = |from: u64, to: u64| {
        Rows::encode((from..to).map(|number| guest(population.citizen(number), last_seen)))
    };
    let middle = from.midpoint(to);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| rows(from, middle));
        let second = rows(middle, to)?;
        let mut all = match first.join() {
            Ok(first) => first?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        all.append(second);
        Ok(all)
    })
}

fn guest(citizen: Citizen, last_seen: Timestamp) -> Guest {
    let Citizen { id, token, postcode, language, cards } = citizen;
    Guest { id, token, language, postcode, last_seen, cards }
}

#[cfg(test)]
mod tests {
    use voordeur_store::{Board, Store};

    use super::*;

    #[tokio::test]
    async fn a_filled_database_has_the_citizens_and_their_boards() {
        let folder = std::env::temp_dir().join(format!("voordeur-bench-{}", std::process::id()));
        let population = Population::new(3, 50);
        fill(&folder, &population).await.expect("fills");
        // A second call finds the fingerprint and changes nothing.
        let modified = || {
            let marker = std::fs::metadata(folder.join(FINGERPRINT_FILE));
            marker.and_then(|marker| marker.modified()).expect("a marker")
        };
        let before = modified();
        fill(&folder, &population).await.expect("fills");
        assert_eq!(modified(), before);
        let other = Population::new(4, 50);
        assert_ne!(
            fingerprint(&population).expect("a fingerprint"),
            fingerprint(&other).expect("a fingerprint")
        );
        let store = Store::open(&folder).await.expect("opens");
        let expected = population.citizen(41);
        let citizen = store.citizen(&expected.token).await.expect("reads").expect("exists");
        assert_eq!(citizen.place, Some(expected.postcode));
        let board = store.board(&citizen.id).await.expect("reads");
        assert_eq!(board, Board::starting(expected.cards));
        store.close().await;
        std::fs::remove_dir_all(&folder).expect("removes");
    }
}
