//! The limit of one machine: the rate of visits is raised step by step until pages come too late.

use std::path::PathBuf;
use std::time::Duration;

use crate::BenchError;
use crate::fill::store;
use crate::load::{Load, milliseconds};
use crate::population::Population;
use crate::server::Server;
use crate::soak::{PAGE_DEADLINE, SEED, TOLERANCE};
use voordeur_testkit::stand_in::{Behaviour, StandIn};

/// How the limit is looked for.
#[derive(Clone, Debug, clap::Args)]
pub struct Limit {
    /// Boards in the store.
    #[arg(long, default_value_t = 1_000_000)]
    citizens: u64,
    /// Visits a second at first.
    #[arg(long, default_value_t = 60)]
    from: u64,
    /// So many more in each step.
    #[arg(long, default_value_t = 20)]
    step: u64,
    /// How long each step lasts, in seconds.
    #[arg(long, default_value_t = 40)]
    seconds: u64,
    /// How long the first rate is kept before, so that the answers of services are there.
    #[arg(long, default_value_t = 300)]
    warm: u64,
    /// The server.
    #[arg(long, default_value = "target/release/voordeur")]
    server: PathBuf,
    /// Where stores are made and kept.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
}

impl Limit {
    /// Looks for it, with a line for each step.
    pub async fn run(&self) -> Result<(), BenchError> {
        let data = store(&self.folder, &Population::new(SEED, self.citizens)).await?;
        let stand_in = StandIn::start(0, Behaviour::UNSTEADY).await?;
        let server = Server::start(&self.server, &data, stand_in.address, &[]).await?;
        let load = Load::new(server.address, Population::new(SEED, self.citizens));
        load.send(Duration::from_secs(self.warm), SEED, |_| self.from as f64).await;
        load.take();
        println!(
            "| visits a second | p50 | p90 | p99 | longest | errors | memory | cores busy |\n|---|---|---|---|---|---|---|---|"
        );
        for rate in (self.from..).step_by(self.step.max(1) as usize) {
            let before = server.used()?.processor;
            let time = Duration::from_secs(self.seconds);
            load.send(time, SEED + rate, |_| rate as f64).await;
            let (figures, used) = (load.take(), server.used()?);
            let pages = |quantile| milliseconds(figures.pages.quantile(quantile));
            println!(
                "| {rate} | {} | {} | {} | {} | {} | {} MB | {:.2} |",
                pages(0.5),
                pages(0.9),
                pages(0.99),
                milliseconds(figures.pages.longest()),
                figures.wrong(),
                used.memory >> 20,
                (used.processor - before).as_secs_f64() / self.seconds as f64,
            );
            // A page with a card whose service is late comes at the deadline, however little there is to do.
            let late = figures.pages.quantile(0.99) > PAGE_DEADLINE + TOLERANCE;
            if figures.wrong() > 0 || late {
                for (problem, count) in &figures.errors {
                    println!("{count} × {problem}");
                }
                break;
            }
        }
        server.stop().await
    }
}
