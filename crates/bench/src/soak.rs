//! The morning of a country: visits that swell and ebb over an hour, on services of which some are slow and some fail.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use voordeur_upstream::HostLimits;

use crate::BenchError;
use crate::fill::store;
use crate::load::{Figures, Load, milliseconds};
use crate::machine::machine;
use crate::population::Population;
use crate::report;
use crate::server::{Server, Used};
use voordeur_testkit::stand_in::{Behaviour, StandIn};

/// The seed of everything that is left to chance.
pub const SEED: u64 = 1_830;
/// The page deadline of the server.
pub const PAGE_DEADLINE: Duration = voordeur::cards::PAGE_DEADLINE;
/// Beyond the deadline for connecting, drawing, sending, and the generator that shares the machine.
pub const TOLERANCE: Duration = Duration::from_millis(500);

/// How a morning goes.
#[derive(Clone, Debug, clap::Args)]
pub struct Morning {
    /// Boards in the store.
    #[arg(long, default_value_t = 1_000_000)]
    pub citizens: u64,
    /// How long the morning lasts.
    #[arg(long, default_value_t = 60)]
    pub minutes: u64,
    /// Visits in that time.
    #[arg(long)]
    pub visits: u64,
    /// The server.
    #[arg(long, default_value = "target/release/voordeur")]
    pub server: PathBuf,
    /// Where stores are made and kept.
    #[arg(long, default_value = "target/bench")]
    pub folder: PathBuf,
    /// The server may never need more memory than this, in megabytes.
    #[arg(long, default_value_t = 512)]
    pub memory: u64,
    /// Where the table is written.
    #[arg(long)]
    pub report: Option<PathBuf>,
}

struct Minute {
    figures: Figures,
    calls: u64,
    used: Used,
    busy: f64,
}

impl Morning {
    /// Lets it happen. Gives whether all was as it should be.
    pub async fn run(&self) -> Result<bool, BenchError> {
        let data = store(&self.folder, &Population::new(SEED, self.citizens)).await?;
        let stand_in = StandIn::start(0, Behaviour::UNSTEADY).await?;
        let server = Server::start(&self.server, &data, stand_in.address, &[]).await?;
        let load = Load::new(server.address, Population::new(SEED, self.citizens));
        let time = Duration::from_secs(self.minutes * 60);
        let mean = self.visits as f64 / time.as_secs_f64();

        let mut text = self.beginning(&server);
        print!("{text}");
        let sending = {
            let load = Arc::clone(&load);
            tokio::spawn(async move { load.send(time, SEED, |share| mean * swell(share)).await })
        };
        let began = Instant::now();
        let (mut all, mut most_memory, mut calls, mut processor) =
            (Figures::default(), 0, 0, server.used()?.processor);
        for number in 1..=self.minutes {
            sleep_until(began + Duration::from_secs(number * 60)).await;
            if number == self.minutes {
                // The last visits come to their end.
                while load.under_way() > 0 && !sending.is_finished() {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            let (used, total) = (server.used()?, stand_in.counts().0);
            let busy = (used.processor - processor).as_secs_f64() / 60.0;
            let minute = Minute { figures: load.take(), calls: total - calls, used, busy };
            (calls, processor) = (total, used.processor);
            most_memory = most_memory.max(used.memory);
            all.add(&minute.figures);
            let line = line(&number.to_string(), &minute);
            print!("{line}");
            text.push_str(&line);
        }
        sending.await.map_err(|error| BenchError::Said(error.to_string()))?;
        all.add(&load.take());
        let took = began.elapsed();
        let used = server.used()?;
        let asked = stand_in.calls();
        let busy = used.processor.as_secs_f64() / took.as_secs_f64();
        let minute = Minute { figures: all.clone(), calls: asked.total, used, busy };
        let mut end = line("all", &minute);
        server.stop().await?;

        let longest = all.pages.longest();
        let HostLimits { interval, burst, .. } = HostLimits::default();
        let bound = f64::from(burst) + took.as_secs_f64() / interval.as_secs_f64();
        let (host, most) =
            asked.by_host.iter().max_by_key(|it| it.1).map_or(("", 0), |(h, c)| (h, *c));
        let checks = [
            (all.wrong() == 0, format!("no error: {} in {} requests", all.wrong(), all.requests)),
            (
                longest <= PAGE_DEADLINE + TOLERANCE,
                format!(
                    "no page later than the deadline of {PAGE_DEADLINE:?} and {TOLERANCE:?} for the way: the last one came after {}",
                    milliseconds(longest)
                ),
            ),
            (
                most as f64 <= bound,
                format!(
                    "calls to a host bounded by pace: at most {:.0} in this time, the most were {most} ({host})",
                    bound
                ),
            ),
            (
                used.most_memory <= self.memory << 20,
                format!(
                    "memory bounded by {} MB: at most {} MB",
                    self.memory,
                    used.most_memory >> 20
                ),
            ),
            (
                asked.unknown.is_empty(),
                format!("nothing asked that no service has: {:?}", asked.unknown),
            ),
        ];
        let _ = writeln!(
            end,
            "\n{} visits with {} requests; {} calls to {} hosts for {} distinct requests; edits: {}; cards asked again: {}.\n\
             Cards on the pages that were looked at: {}.\n",
            all.visits,
            all.requests,
            asked.total,
            asked.by_host.len(),
            asked.distinct(),
            all.edits,
            all.cards,
            all.states
                .iter()
                .map(|(state, count)| format!("{state} {count}"))
                .collect::<Vec<_>>()
                .join(", "),
        );
        for (held, what) in &checks {
            let _ = writeln!(end, "* {} {what}", if *held { "held:" } else { "**broken:**" });
        }
        for (problem, count) in &all.errors {
            let _ = writeln!(end, "* {count} × {problem}");
        }
        print!("{end}");
        text.push_str(&end);
        if let Some(report) = &self.report {
            report::write(report, &text)?;
        }
        Ok(checks.iter().all(|(held, _)| *held))
    }

    fn beginning(&self, server: &Server) -> String {
        format!(
            "# The morning of a country\n\n\
             {} visits in {} minutes, drawn from {} boards; server, services and visitors on one machine: {}.\n\
             The server began with nothing of any service and opened this store in {:.0} ms.\n\n\
             | minute | visits | p50 | p99 | longest | errors | calls | memory | cores busy | cards fresh | stale | waiting | unavailable |\n\
             |---|---|---|---|---|---|---|---|---|---|---|---|---|\n",
            self.visits,
            self.minutes,
            self.citizens,
            machine(),
            server.start.as_secs_f64() * 1_000.0,
        )
    }
}

/// How the visits of an hour swell and ebb: a bell on a floor, with a mean of 1 and a peak of about twice that.
fn swell(share: f64) -> f64 {
    const FLOOR: f64 = 0.25;
    const WIDTH: f64 = 0.17;
    // The mean of the bell over the hour: √π · width, of which all but a thousandth lies within.
    let bell = (-((share - 0.5) / WIDTH).powi(2)).exp() / (std::f64::consts::PI.sqrt() * WIDTH);
    FLOOR + (1.0 - FLOOR) * bell
}

fn line(number: &str, minute: &Minute) -> String {
    let Minute { figures, calls, used, busy } = minute;
    let pages = |quantile| milliseconds(figures.pages.quantile(quantile));
    let percent = |state| format!("{:.1} %", figures.share(state) * 100.0);
    format!(
        "| {number} | {} | {} | {} | {} | {} | {calls} | {} MB | {busy:.2} | {} | {} | {} | {} |\n",
        figures.visits,
        pages(0.5),
        pages(0.99),
        milliseconds(figures.pages.longest()),
        figures.wrong(),
        used.memory >> 20,
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
    fn a_morning_has_as_many_visits_as_it_was_told() {
        let mean = (0..10_000).map(|at| swell(f64::from(at) / 10_000.0)).sum::<f64>() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
        assert!((2.0..3.0).contains(&swell(0.5)), "{}", swell(0.5));
        assert!(swell(0.0) > 0.2);
    }
}
