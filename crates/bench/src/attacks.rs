//! Hostile answers against a server that others use at the same time: the longest time of
//! `/healthz` and of other visitors' pages, and the memory of the server.
//!
//! Several guests have a card for every hostile answer. No two answers are equal, and each is old
//! after ten seconds, so the server reads and evaluates them for the whole time.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use voordeur_testkit::hostile::{hostile_answers, start_hostile_services, write_hostile_widget};
use voordeur_testkit::{HttpClient, temp_dir};

use crate::BenchError;
use crate::load::{Connection, Latencies};
use crate::server::Server;
use crate::soak::PAGE_DEADLINE;

/// The longest acceptable time of `/healthz`.
const HEALTH: Duration = Duration::from_millis(100);
/// Allowance beyond the deadline of a page.
const TOLERANCE: Duration = Duration::from_millis(200);
/// The most memory that the server may use, in bytes.
const MEMORY: u64 = 512 << 20;
const HEALTH_INTERVAL: Duration = Duration::from_millis(20);
const VISIT_INTERVAL: Duration = Duration::from_millis(100);
/// Addresses from which others visit.
const VISITORS: u64 = 50;

/// Options of the attack.
#[derive(Clone, Debug, clap::Args)]
pub struct Attacks {
    /// Guests who have a card for every hostile answer.
    #[arg(long, default_value_t = 10)]
    guests: u64,
    /// Duration, in seconds.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Server binary.
    #[arg(long, default_value = "target/release/voordeur")]
    server: PathBuf,
}

impl Attacks {
    /// Prints the times and the memory. Returns whether all are within bounds.
    pub async fn run(&self) -> Result<bool, BenchError> {
        let answers = hostile_answers();
        let widgets = temp_dir();
        for answer in &answers {
            write_hostile_widget(widgets.path(), answer);
        }
        let gateway = start_hostile_services(&answers, true).await?;
        let data = temp_dir();
        let folder = widgets.path().to_string_lossy().into_owned();
        let options = ["--visits-per-minute", "0", "--widgets", &folder];
        let server = Server::start(&self.server, data.path(), gateway, &options).await?;
        let before = server.used()?;
        let until = Instant::now() + Duration::from_secs(self.seconds);
        let mut tasks = Vec::new();
        for guest in 0..self.guests {
            let pages = self.guest(&server, guest, &answers).await?;
            tasks.push(tokio::spawn(visit_until(until, pages)));
        }
        let health = spawn_probe(&server, "/healthz", HEALTH_INTERVAL, until);
        let pages = spawn_probe(&server, "/", VISIT_INTERVAL, until);
        for task in tasks {
            task.await.map_err(|error| BenchError::Message(error.to_string()))??;
        }
        let joined = |error: tokio::task::JoinError| BenchError::Message(error.to_string());
        let (health, pages) = (health.await.map_err(joined)??, pages.await.map_err(joined)??);
        let used = server.used()?;
        server.stop().await?;
        let processor = used.processor.saturating_sub(before.processor);
        println!(
            "{} guests with {} hostile answers each, {} s\n/healthz: {health}\nothers' pages: {pages}\n\
             memory: {} MB at most\nprocessor: {:.1} s",
            self.guests,
            answers.len(),
            self.seconds,
            used.most_memory >> 20,
            processor.as_secs_f64(),
        );
        Ok(health.longest() <= HEALTH
            && pages.longest() <= PAGE_DEADLINE + TOLERANCE
            && used.most_memory <= MEMORY)
    }

    /// A new guest with all hostile cards on one page: its address, and a client with its cookie.
    async fn guest(
        &self,
        server: &Server,
        number: u64,
        answers: &[voordeur_testkit::hostile::HostileAnswer],
    ) -> Result<(HttpClient, String), BenchError> {
        let url = format!("http://{}", server.address);
        let failed = |error: voordeur_testkit::HttpError| BenchError::Message(error.to_string());
        let client = HttpClient::new()
            .with_header("sec-fetch-site", "same-origin")
            .with_header("x-forwarded-for", &format!("198.51.100.{number}"));
        let form = [("name", "Proef"), ("icon", "home")];
        let added = client.post(&format!("{url}/pages"), &form).await.map_err(failed)?;
        let missing = |what: &str| BenchError::Message(format!("the new page has no {what}"));
        let client = client.with_header("cookie", added.cookie().ok_or(missing("cookie"))?);
        let page = added.location_query("page").ok_or(missing("id"))?.to_owned();
        for answer in answers {
            let card = [("widget", answer.id), ("page", page.as_str())];
            client.post(&format!("{url}/cards"), &card).await.map_err(failed)?;
        }
        Ok((client, format!("{url}/?page={page}")))
    }
}

/// A guest who asks for the page again as soon as it has come.
async fn visit_until(
    until: Instant,
    (client, page): (HttpClient, String),
) -> Result<(), BenchError> {
    while Instant::now() < until {
        client.get(&page).await.map_err(|error| BenchError::Message(error.to_string()))?;
    }
    Ok(())
}

type Probe = tokio::task::JoinHandle<Result<Latencies, BenchError>>;

/// Asks for a path at an interval, whatever has come until then, and measures each time from when
/// it was due.
fn spawn_probe(server: &Server, path: &'static str, interval: Duration, until: Instant) -> Probe {
    let address = server.address;
    tokio::spawn(async move {
        let times = Arc::new(Mutex::new(Latencies::default()));
        let (mut due, mut number, mut tasks) = (Instant::now(), 0, Vec::new());
        while due < until {
            tokio::time::sleep_until(due).await;
            let times = Arc::clone(&times);
            tasks.push(tokio::spawn(async move {
                let mut connection = Connection::open(address, 1 + number % VISITORS).await?;
                let response = connection.request("GET", path, &[], Vec::new()).await?;
                if !response.status.is_success() {
                    return Err(BenchError::Message(format!("{path}: {}", response.status)));
                }
                times.lock().await.record(due.elapsed());
                Ok(())
            }));
            number += 1;
            due += interval;
        }
        for task in tasks {
            task.await.map_err(|error| BenchError::Message(error.to_string()))??;
        }
        Ok(std::mem::take(&mut *times.lock().await))
    })
}
