//! Runs the fuzz targets for a few seconds with a deterministic mutator; `make fuzz` runs them for
//! long with libFuzzer.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[path = "../../../crates/fuzz/src/lib.rs"]
mod targets;

/// For all targets together, beyond one run of each seed.
const TIME_BUDGET: Duration = Duration::from_secs(12);

/// Minimum runs per target, however slow the machine.
const MIN_RUNS: u64 = 20;

/// Far more than any input of this size may take.
const MAX_RUN_TIME: Duration = Duration::from_secs(20);

/// Longer inputs find nothing more, and take longer.
const MAX_INPUT_BYTES: usize = 8_192;

/// xorshift64*, Marsaglia and Vigna: good enough for bytes.
struct Rng(u64);

impl Rng {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }
}

/// Tokens of the parsers.
const TOKENS: [&[u8]; 28] = [
    b"\0",
    b"\n",
    b"\r\n",
    b"\"",
    b"'",
    b"<",
    b">",
    b"&#0;",
    b"{",
    b"}",
    b"[",
    b"]",
    b";",
    b",",
    b"=",
    b":",
    b"-1",
    b"0",
    b"99999999999999999999",
    b"1e999",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"<![CDATA[",
    b"(",
    b".a",
    b"[0]",
    b"1 + ",
];

/// A seed with a few changes.
fn mutate(seeds: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = seeds[rng.below(seeds.len())].clone();
    for _ in 0..=rng.below(6) {
        let at = rng.below(bytes.len() + 1);
        let to = (at + rng.below(40)).min(bytes.len());
        match rng.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << rng.below(8),
            1 if at < bytes.len() => bytes[at] = rng.below(256) as u8,
            2 => drop(bytes.drain(at..to)),
            3 => bytes.truncate(at),
            4 => drop(bytes.splice(at..at, TOKENS[rng.below(TOKENS.len())].iter().copied())),
            5 => {
                // Repeats a part, possibly many times.
                let part = bytes[at..to].repeat(1 + rng.below(300));
                bytes.splice(at..at, part);
            }
            6 => {
                let other = &seeds[rng.below(seeds.len())];
                let from = rng.below(other.len() + 1);
                bytes.splice(at..to, other[from..].iter().copied());
            }
            _ => {
                let number = rng.below(100_000).to_string();
                bytes.splice(at..to.min(at + 2), number.into_bytes());
            }
        }
    }
    bytes.truncate(MAX_INPUT_BYTES);
    bytes
}

#[test]
fn every_target_survives_mutated_seeds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/fuzz/seeds");
    let share = TIME_BUDGET / targets::TARGETS.len() as u32;
    for (name, _) in targets::TARGETS {
        let seeds: Vec<Vec<u8>> = fs::read_dir(folder.join(name))
            .unwrap_or_else(|error| panic!("the seeds of {name}: {error}"))
            .map(|entry| fs::read(entry.expect("an entry").path()).expect("a seed"))
            .collect();
        assert!(!seeds.is_empty(), "{name} has seeds");
        let mut rng = Rng(0x5eed_0000_0000_0001);
        for seed in &seeds {
            targets::run(name, seed);
        }
        let start = Instant::now();
        let mut runs = 0_u64;
        while start.elapsed() < share || runs < MIN_RUNS {
            let input = mutate(&seeds, &mut rng);
            let began = Instant::now();
            let outcome = std::panic::catch_unwind(|| targets::run(name, &input));
            let text = String::from_utf8_lossy(&input);
            assert!(outcome.is_ok(), "{name} panics on {:?}", text);
            assert!(
                began.elapsed() < MAX_RUN_TIME,
                "{name} takes {:?} on {text:?}",
                began.elapsed()
            );
            runs += 1;
        }
        println!("{name}: {runs} inputs");
    }
}
