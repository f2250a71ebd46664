//! Benchmarks of Voordeur: a database of a million boards, a stand-in for all public services, and
//! a load generator with a constant or varying rate of visits.

mod attacks;
mod budgets;
mod fill;
mod load;
mod machine;
mod population;
mod random;
mod report;
mod saturation;
mod server;
mod soak;

use std::process::ExitCode;

use clap::Parser;

/// Benchmarks of Voordeur.
#[derive(Debug, Parser)]
enum Benchmark {
    /// Measure against the budgets, in one table.
    Budgets(budgets::Budgets),
    /// Simulate the morning of a country: an hour of visits with a peak; a table by minute.
    Soak(soak::Soak),
    /// Serve others while every hostile answer is evaluated again and again.
    Attacks(attacks::Attacks),
    /// Raise the rate of visits until pages are late.
    Saturation(saturation::Saturation),
}

/// A benchmark that could not be run, or a wrong response of the server.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// An I/O error.
    #[error("I/O error")]
    Io(#[from] std::io::Error),
    /// A connection failed.
    #[error("connection error")]
    Connection(#[from] hyper::Error),
    /// The measured server did not start.
    #[error(transparent)]
    Start(#[from] voordeur_testkit::StartError),
    /// An invalid request.
    #[error("invalid request")]
    Request(#[from] hyper::http::Error),
    /// The store failed.
    #[error("store error")]
    Store(#[from] voordeur_store::StoreError),
    /// Any other error.
    #[error("{0}")]
    Message(String),
}

impl BenchError {
    /// The messages of the error and its sources.
    fn with_sources(&self) -> String {
        let mut message = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            message.push_str(&format!(": {error}"));
            source = error.source();
        }
        message
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match Benchmark::parse() {
        Benchmark::Budgets(budgets) => budgets.run().await,
        Benchmark::Soak(soak) => soak.run().await,
        Benchmark::Attacks(attacks) => attacks.run().await,
        Benchmark::Saturation(saturation) => saturation.run().await.map(|()| true),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("voordeur-bench: {}", error.with_sources());
            ExitCode::from(2)
        }
    }
}
