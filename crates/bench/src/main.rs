//! Measures Voordeur: a store of a million boards, services that stand in, and visits as they come.

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

/// What is measured.
#[derive(Debug, Parser)]
enum Measure {
    /// One table against the budgets.
    Budgets(budgets::Budgets),
    /// The morning of a country: a table with a line for each minute.
    Morning(soak::Morning),
    /// The rate of visits at which pages begin to come too late.
    Limit(saturation::Limit),
}

/// Why nothing could be measured, or what was wrong with an answer.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The system.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// A connection.
    #[error("a connection: {0}")]
    Connection(#[from] hyper::Error),
    /// The server that is measured.
    #[error(transparent)]
    Start(#[from] voordeur_testkit::StartError),
    /// A request that cannot be written.
    #[error("a request: {0}")]
    Request(#[from] hyper::http::Error),
    /// The store of Voordeur.
    #[error("the store: {0}")]
    Store(#[from] voordeur_store::StoreError),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// JSON.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Anything else.
    #[error("{0}")]
    Said(String),
}

#[tokio::main]
async fn main() -> ExitCode {
    let measured = match Measure::parse() {
        Measure::Budgets(budgets) => budgets.run().await,
        Measure::Morning(morning) => morning.run().await,
        Measure::Limit(limit) => limit.run().await.map(|()| true),
    };
    match measured {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("voordeur-bench: {trouble}");
            ExitCode::from(2)
        }
    }
}
