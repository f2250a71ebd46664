//! Soak test, the morning of a country: an hour of visits with a peak, on services of which some
//! are slow and some fail.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use voordeur_upstream::HostLimits;

use crate::BenchError;
use crate::fill::store;
use crate::load::{Load, LoadStats, milliseconds};
use crate::machine::machine;
use crate::population::Population;
use crate::report;
use crate::server::{Server, Used};
use voordeur_testkit::stand_in::{Behaviour, StandIn};

/// The seed of the population and of the visits.
pub const SEED: u64 = 1_830;
/// The page deadline of the server.
pub const PAGE_DEADLINE: Duration = voordeur::cards::PAGE_DEADLINE;
/// Allowance beyond the deadline for connecting, rendering, transfer, and the generator on the same
/// machine.
pub const TOLERANCE: Duration = Duration::from_millis(500);

/// Options of the soak test.
#[derive(Clone, Debug, clap::Args)]
pub struct Soak {
    /// Number of boards.
    #[arg(long, default_value_t = 1_000_000)]
    pub citizens: u64,
    /// Duration, in minutes.
    #[arg(long, default_value_t = 60)]
    pub minutes: u64,
    /// Visits in that time.
    #[arg(long)]
    pub visits: u64,
    /// Server binary.
    #[arg(long, default_value = "target/release/voordeur")]
    pub server: PathBuf,
    /// Folder for databases, kept between runs.
    #[arg(long, default_value = "target/bench")]
    pub folder: PathBuf,
    /// Hostile answers of services, in thousandths.
    #[arg(long, value_name = "THOUSANDTHS", default_value_t = 0)]
    pub hostile: u64,
    /// Limit of the server's memory, in megabytes.
    #[arg(long, default_value_t = 512)]
    pub memory: u64,
    /// File to write the table to.
    #[arg(long)]
    pub report: Option<PathBuf>,
}

struct Minute {
    stats: LoadStats,
    calls: u64,
    usage: Used,
    cores_busy: f64,
}

impl Soak {
    /// Runs the test. Returns whether all checks held.
    pub async fn run(&self) -> Result<bool, BenchError> {
        let data = store(&self.folder, &Population::new(SEED, self.citizens)).await?;
        let behaviour = Behaviour { hostile: self.hostile, ..Behaviour::UNSTEADY };
        let stand_in = StandIn::start(0, behaviour).await?;
        let server = Server::start(&self.server, &data, stand_in.address, &[]).await?;
        let load = Load::new(server.address, Population::new(SEED, self.citizens));
        let time = Duration::from_secs(self.minutes * 60);
        let mean = self.visits as f64 / time.as_secs_f64();

        let mut text = self.report_header(&server);
        print!("{text}");
        let sending = {
            let load = Arc::clone(&load);
            tokio::spawn(
                async move { load.send(time, SEED, |share| mean * rate_factor(share)).await },
            )
        };
        let began = Instant::now();
        let (mut all, mut most_memory, mut calls, mut processor) =
            (LoadStats::default(), 0, 0, server.used()?.processor);
        for number in 1..=self.minutes {
            sleep_until(began + Duration::from_secs(number * 60)).await;
            if number == self.minutes {
                // The last visits complete.
                while load.in_flight() > 0 && !sending.is_finished() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            let (usage, total) = (server.used()?, stand_in.counts().0);
            let cores_busy = (usage.processor - processor).as_secs_f64() / 60.0;
            let minute = Minute { stats: load.take(), calls: total - calls, usage, cores_busy };
            (calls, processor) = (total, usage.processor);
            most_memory = most_memory.max(usage.memory);
            all.add(&minute.stats);
            let line = line(&number.to_string(), &minute);
            print!("{line}");
            text.push_str(&line);
        }
        sending.await.map_err(|error| BenchError::Message(error.to_string()))?;
        all.add(&load.take());
        let elapsed = began.elapsed();
        let usage = server.used()?;
        let requested = stand_in.calls();
        let cores_busy = usage.processor.as_secs_f64() / elapsed.as_secs_f64();
        let minute = Minute { stats: all.clone(), calls: requested.total, usage, cores_busy };
        let mut end = line("all", &minute);
        server.stop().await?;

        let longest = all.pages.longest();
        let HostLimits { interval, burst, .. } = HostLimits::default();
        let bound = f64::from(burst) + elapsed.as_secs_f64() / interval.as_secs_f64();
        let (host, most) =
            requested.by_host.iter().max_by_key(|it| it.1).map_or(("", 0), |(h, c)| (h, *c));
        let checks = [
            (
                all.error_count() == 0,
                format!("no errors: {} in {} requests", all.error_count(), all.requests),
            ),
            (
                longest <= PAGE_DEADLINE + TOLERANCE,
                format!(
                    "no page later than the deadline of {PAGE_DEADLINE:?} plus {TOLERANCE:?}: the slowest took {}",
                    milliseconds(longest)
                ),
            ),
            (
                most as f64 <= bound,
                format!(
                    "requests to a host within its rate limit of {:.0} in this time: at most {most} ({host})",
                    bound
                ),
            ),
            (
                usage.most_memory <= self.memory << 20,
                format!("memory within {} MB: peak {} MB", self.memory, usage.most_memory >> 20),
            ),
            (requested.unknown.is_empty(), format!("no unknown requests: {:?}", requested.unknown)),
        ];
        let _ = writeln!(
            end,
            "\n{} visits with {} requests; {} service requests to {} hosts, {} distinct; edits: {}; refreshed cards: {}.\n\
             Cards on inspected pages: {}.\n",
            all.visits,
            all.requests,
            requested.total,
            requested.by_host.len(),
            requested.distinct(),
            all.edits,
            all.cards,
            all.states
                .iter()
                .map(|(state, count)| format!("{state} {count}"))
                .collect::<Vec<_>>()
                .join(", "),
        );
        for (held, what) in &checks {
            let _ = writeln!(end, "* {} {what}", if *held { "passed:" } else { "**failed:**" });
        }
        for (error, count) in &all.errors {
            let _ = writeln!(end, "* {count} × {error}");
        }
        print!("{end}");
        text.push_str(&end);
        if let Some(report) = &self.report {
            report::write(report, &text)?;
        }
        Ok(checks.iter().all(|(held, _)| *held))
    }

    fn report_header(&self, server: &Server) -> String {
        format!(
            "# The morning of a country\n\n\
             {} visits in {} minutes, drawn from {} boards; server, services and visitors on one machine: {}.\n\
             Of the requests to services, {:.1} % were answered with a hostile answer (`crates/testkit/src/hostile`).\n\
             The server started with an empty cache and opened the database in {:.0} ms.\n\n\
             | minute | visits | p50 | p99 | longest | errors | service requests | memory | cores busy | cards fresh | stale | waiting | unavailable |\n\
             |---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
            self.visits,
            self.minutes,
            self.citizens,
            machine(),
            self.hostile as f64 / 10.0,
            server.start.as_secs_f64() * 1_000.0,
        )
    }
}

/// The rate of visits relative to the mean: a bell curve on a floor, with a mean of 1 and a peak of
/// about 2.
fn rate_factor(share: f64) -> f64 {
    const FLOOR: f64 = 0.25;
    const WIDTH: f64 = 0.17;
    // The integral of the bell is √π · width; all but a thousandth of it lies within the hour.
    let bell = (-((share - 0.5) / WIDTH).powi(2)).exp() / (std::f64::consts::PI.sqrt() * WIDTH);
    FLOOR + (1.0 - FLOOR) * bell
}

fn line(number: &str, minute: &Minute) -> String {
    let Minute { stats, calls, usage, cores_busy } = minute;
    let pages = |quantile| milliseconds(stats.pages.quantile(quantile));
    let percent = |state| format!("{:.1} %", stats.share(state) * 100.0);
    format!(
        "| {number} | {} | {} | {} | {} | {} | {calls} | {} MB | {cores_busy:.2} | {} | {} | {} | {} |\n",
        stats.visits,
        pages(0.5),
        pages(0.99),
        milliseconds(stats.pages.longest()),
        stats.error_count(),
        usage.memory >> 20,
        percent("fresh"),
        percent("stale"),
        percent("waiting"),
        percent("unavailable"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_has_a_mean_of_one() {
        let mean =
            (0..10_000).map(|at| rate_factor(f64::from(at) / 10_000.0)).sum::<f64>() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        assert!((2.0..3.0).contains(&rate_factor(0.5)), "{}", rate_factor(0.5));
        assert!(rate_factor(0.0) > 0.2);
    }
}
