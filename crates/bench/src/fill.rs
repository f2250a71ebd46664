//! A store with a population in it, written fast: through the store's own schema, in large transactions.

use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use voordeur_store::{Board, Store, Token};

use crate::BenchError;
use crate::population::{Citizen, Population};

/// Citizens in one transaction.
const AT_ONCE: u64 = 10_000;
/// Everybody was here last a day ago.
const SECONDS_AWAY: i64 = 24 * 60 * 60;
/// For the indexes, in KiB; SQLite counts it as negative.
const CACHE: &str = "-1000000";
/// Tells which population a folder holds, once it holds all of it.
const FULL: &str = "full";
/// Of a population so many are looked at to tell it from another.
const LOOKED_AT: u64 = 500;
/// The file of a store.
const FILE: &str = "voordeur.sqlite";

/// A folder with a store in it to try things on: a copy, in which no service was ever asked.
pub async fn store(folder: &Path, population: &Population) -> Result<PathBuf, BenchError> {
    let full = folder.join(format!("boards-{}", population.citizens));
    fill(&full, population).await?;
    let copy = folder.join("used");
    match std::fs::remove_dir_all(&copy) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => std::fs::create_dir_all(&copy)?,
    }
    std::fs::copy(full.join(FILE), copy.join(FILE))?;
    Ok(copy)
}

/// Makes the store, unless it is there already.
async fn fill(folder: &Path, population: &Population) -> Result<(), BenchError> {
    let fingerprint = fingerprint(population)?;
    if std::fs::read_to_string(folder.join(FULL)).is_ok_and(|full| full == fingerprint) {
        return Ok(());
    }
    let began = Instant::now();
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    // Makes the file, in the schema that the server has.
    Store::open(folder).await?.close().await;
    let mut connection = SqliteConnectOptions::new()
        .filename(folder.join(FILE))
        .pragma("synchronous", "off")
        .pragma("cache_size", CACHE)
        .connect()
        .await?;
    let mut from = 0;
    while from < population.citizens {
        let to = (from + AT_ONCE).min(population.citizens);
        write(&mut connection, &rows(population, from, to)?).await?;
        from = to;
        if from % (10 * AT_ONCE) == 0 {
            println!("{from} boards after {:.0} s", began.elapsed().as_secs_f64());
        }
    }
    sqlx::query("pragma wal_checkpoint(truncate)").execute(&mut connection).await?;
    connection.close().await?;
    std::fs::write(folder.join(FULL), fingerprint)?;
    Ok(())
}

/// What is another one for another population: the size, and a digest of some citizens with their boards.
fn fingerprint(population: &Population) -> Result<String, BenchError> {
    let some = (0..population.citizens).step_by((population.citizens / LOOKED_AT).max(1) as usize);
    let some: Vec<Value> = some.map(|number| row(population.citizen(number), 0)).collect();
    let digest = Sha256::digest(serde_json::to_vec(&some)?);
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{} {digest}", population.citizens))
}

async fn write(connection: &mut SqliteConnection, rows: &str) -> Result<(), BenchError> {
    let mut transaction = connection.begin().await?;
    sqlx::query(
        "insert into citizen (id, token_hash, language, place, interests, welcomed, created_at, seen_at)
         select value ->> 'id', value ->> 'token', value ->> 'language', value ->> 'place', '[]', 1,
                value ->> 'seen', value ->> 'seen'
         from json_each($1)",
    )
    .bind(rows)
    .execute(&mut *transaction)
    .await?;
    sqlx::query(
        "insert into board (citizen, revision, document)
         select value ->> 'id', 0, value ->> 'document' from json_each($1)",
    )
    .bind(rows)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Some citizens as a JSON list; half of them are made on another core.
fn rows(population: &Population, from: u64, to: u64) -> Result<String, BenchError> {
    let seen = Timestamp::now().as_second() - SECONDS_AWAY;
    let rows = |from: u64, to: u64| -> Vec<Value> {
        (from..to).map(|number| row(population.citizen(number), seen)).collect()
    };
    let middle = from.midpoint(to);
    let rows = std::thread::scope(|scope| {
        let first = scope.spawn(|| rows(from, middle));
        let second = rows(middle, to);
        first.join().map(|first| [first, second].concat())
    });
    let rows = rows.map_err(|_| BenchError::Said("a thread broke".to_owned()))?;
    Ok(serde_json::to_string(&rows)?)
}

fn row(citizen: Citizen, seen: i64) -> Value {
    let token = Token::from_cookie(&citizen.token).map(|token| token.hash());
    let pages = Board::starting(citizen.cards).pages;
    json!({
        "id": citizen.id,
        "token": token,
        "language": citizen.language.tag(),
        "place": citizen.postcode,
        "seen": seen,
        "document": json!({ "pages": pages, "gone": [] }).to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_filled_store_knows_its_citizens_and_their_boards() {
        let folder = std::env::temp_dir().join(format!("voordeur-bench-{}", std::process::id()));
        let population = Population::new(3, 50);
        fill(&folder, &population).await.expect("a store");
        // It is there already; of another population it would not be.
        let marker =
            std::fs::metadata(folder.join(FULL)).and_then(|it| it.modified()).expect("a marker");
        fill(&folder, &population).await.expect("a store");
        let again =
            std::fs::metadata(folder.join(FULL)).and_then(|it| it.modified()).expect("a marker");
        assert_eq!(marker, again);
        let other = Population::new(4, 50);
        assert_ne!(fingerprint(&population).expect("one"), fingerprint(&other).expect("one"));
        let store = Store::open(&folder).await.expect("a store");
        let expected = population.citizen(41);
        let token = Token::from_cookie(&expected.token).expect("a token");
        let citizen = store.citizen(&token).await.expect("a store").expect("a citizen");
        assert_eq!(citizen.place, Some(expected.postcode));
        let board = store.board(&citizen.id).await.expect("a board");
        assert_eq!(board, Board::starting(expected.cards));
        store.close().await;
        std::fs::remove_dir_all(&folder).expect("a folder");
    }
}
