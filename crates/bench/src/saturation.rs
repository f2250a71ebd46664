//! Raises the rate of visits step by step until pages are late: the saturation point of one
//! machine.

use std::path::PathBuf;
use std::time::Duration;

use crate::BenchError;
use crate::fill::store;
use crate::load::{Load, milliseconds};
use crate::population::Population;
use crate::server::Server;
use crate::soak::{PAGE_DEADLINE, SEED, TOLERANCE};
use voordeur_testkit::stand_in::{Behaviour, StandIn};

/// Options of the saturation test.
#[derive(Clone, Debug, clap::Args)]
pub struct Saturation {
    /// Number of boards.
    #[arg(long, default_value_t = 1_000_000)]
    citizens: u64,
    /// Visits per second of the first step.
    #[arg(long, default_value_t = 60)]
    from: u64,
    /// Increase per step, in visits per second.
    #[arg(long, default_value_t = 20)]
    step: u64,
    /// Duration of a step, in seconds.
    #[arg(long, default_value_t = 40)]
    seconds: u64,
    /// Duration of the warm-up at the first rate, in seconds, which fills the cache of responses.
    #[arg(long, default_value_t = 300)]
    warm: u64,
    /// Server binary.
    #[arg(long, default_value = "target/release/voordeur")]
    server: PathBuf,
    /// Folder for databases, kept between runs.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
}

impl Saturation {
    /// Prints a line per step.
    pub async fn run(&self) -> Result<(), BenchError> {
        let data = store(&self.folder, &Population::new(SEED, self.citizens)).await?;
        let stand_in = StandIn::start(0, Behaviour::UNSTEADY).await?;
        let server = Server::start(&self.server, &data, stand_in.address, &[]).await?;
        let load = Load::new(server.address, Population::new(SEED, self.citizens));
        load.send(Duration::from_secs(self.warm), SEED, |_| self.from as f64).await;
        load.take();
        println!(
            "| visits per second | p50 | p90 | p99 | longest | errors | memory | cores busy |\n|---|---|---|---|---|---|---|---|"
        );
        for rate in (self.from..).step_by(self.step.max(1) as usize) {
            let before = server.used()?.processor;
            let time = Duration::from_secs(self.seconds);
            load.send(time, SEED + rate, |_| rate as f64).await;
            let (stats, usage) = (load.take(), server.used()?);
            let pages = |quantile| milliseconds(stats.pages.quantile(quantile));
            println!(
                "| {rate} | {} | {} | {} | {} | {} | {} MB | {:.2} |",
                pages(0.5),
                pages(0.9),
                pages(0.99),
                milliseconds(stats.pages.longest()),
                stats.error_count(),
                usage.memory >> 20,
                (usage.processor - before).as_secs_f64() / self.seconds as f64,
            );
            // A page with a slow service comes at the deadline even without load.
            let late = stats.pages.quantile(0.99) > PAGE_DEADLINE + TOLERANCE;
            if stats.error_count() > 0 || late {
                for (error, count) in &stats.errors {
                    println!("{count} × {error}");
                }
                break;
            }
        }
        server.stop().await
    }
}
