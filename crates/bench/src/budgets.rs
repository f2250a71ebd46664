//! Measures against the budgets of the design, in one table.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use regex::Regex;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::BenchError;
use crate::fill::store;
use crate::load::{Connection, Latencies, Load, ServerResponse, milliseconds};
use crate::machine::machine;
use crate::population::{Citizen, Population};
use crate::report;
use crate::server::Server;
use crate::soak::SEED;
use voordeur_testkit::stand_in::{Behaviour, StandIn};

/// Boards in the database for all measurements except the start.
const CITIZENS: u64 = 1_000;
/// Cards on the measured board.
const CARDS: usize = 12;
/// Concurrent connections, each sending requests back to back.
const CONNECTIONS: usize = 16;
const THROUGHPUT_DURATION: Duration = Duration::from_secs(10);
/// Visits, and the time over which they are spread, for the count of service calls.
const VISITS: u64 = 1_000;
const VISITS_DURATION: Duration = Duration::from_secs(50);
const EDITS: usize = 500;
/// Timeout for a board to show all of its cards.
const LONGEST: Duration = Duration::from_secs(20);

/// Options of the measurement.
#[derive(Clone, Debug, clap::Args)]
pub struct Budgets {
    /// Number of boards in the large database.
    #[arg(long, default_value_t = 1_000_000)]
    citizens: u64,
    /// Server binary.
    #[arg(long, default_value = "target/release/voordeur")]
    server: PathBuf,
    /// Folder for databases, kept between runs.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// File to write the table to.
    #[arg(long)]
    report: Option<PathBuf>,
}

#[derive(Default)]
struct Table {
    text: String,
    within_budget: bool,
}

impl Table {
    fn line(&mut self, what: &str, budget: &str, measured: String, within: Option<bool>) {
        let word = match within {
            Some(true) => "within",
            Some(false) => "**over**",
            None => "",
        };
        self.within_budget &= within != Some(false);
        let line = format!("| {what} | {budget} | {measured} | {word} |\n");
        print!("{line}");
        self.text.push_str(&line);
    }
}

impl Budgets {
    /// Measures everything. Returns whether all is within budget.
    pub async fn run(&self) -> Result<bool, BenchError> {
        let mut table = Table { within_budget: true, ..Table::default() };
        let start = self.start_with_many().await?;

        let population = Population::new(SEED, CITIZENS);
        let twelve = (0..CITIZENS).find(|number| {
            let cards = population.citizen(*number).cards;
            cards.len() == CARDS && cards.iter().all(|card| !card.folded)
        });
        let twelve =
            twelve.ok_or_else(|| BenchError::Message("no citizen has twelve cards".to_owned()))?;
        let citizen = population.citizen(twelve);
        let data = store(&self.folder, &population).await?;
        let stand_in = StandIn::start(0, Behaviour::STEADY).await?;
        let options = ["--visits-per-minute", "0"];
        let server = Server::start(&self.server, &data, stand_in.address, &options).await?;
        let idle = server.used()?.memory;

        let (elapsed, service_time) = cold(server.address, &citizen, &stand_in).await?;
        let own = elapsed.saturating_sub(service_time);
        table.line(
            "all 12 cards fresh, empty cache; each response takes 200 ms",
            "services + 150 ms",
            format!("{} + {}", milliseconds(service_time), milliseconds(own)),
            Some(own <= Duration::from_millis(150)),
        );
        let warm = warm(server.address, &citizen).await?;
        table.line("the same page again", "–", warm.to_string(), None);
        first_visit(server.address, &citizen, &mut table).await?;

        let page = open_and_get_page(server.address, &citizen, "identity").await?;
        let bare = bare_server(page.body.clone()).await?;
        let (mut plain, mut compressed, mut bare_rate) = (0.0_f64, 0.0_f64, 0.0_f64);
        let mut times = Latencies::default();
        for _ in 0..2 {
            let (rate, _) = throughput(bare, &citizen, "identity").await?;
            bare_rate = bare_rate.max(rate);
            let (rate, _) = throughput(server.address, &citizen, "identity").await?;
            plain = plain.max(rate);
            let (rate, elapsed) = throughput(server.address, &citizen, "gzip, deflate, br").await?;
            (compressed, times) =
                if rate > compressed { (rate, elapsed) } else { (compressed, times) };
        }
        let loaded = server.used()?.memory;
        table.line(
            &format!("pages per second with 12 cached cards, {CONNECTIONS} connections"),
            "–",
            format!(
                "{plain:.0}; compressed {compressed:.0} ({times}); a bare HTTP server with the same {} kB {bare_rate:.0}, {:.1} times as many",
                page.body.len() / 1_000,
                bare_rate / plain.max(1.0),
            ),
            None,
        );
        table.line(
            "memory under that load",
            "48 MB",
            format!("{} MB ({} MB before the first visit)", loaded >> 20, idle >> 20),
            Some(loaded <= 48 << 20),
        );

        let load = Load::new(server.address, population);
        load.edit_often(twelve, EDITS).await?;
        let edits = load.take().edits;
        table.line("one edit, synced to disk", "–", edits.to_string(), None);
        stand_in.forget();
        let rate = VISITS as f64 / VISITS_DURATION.as_secs_f64();
        load.send(VISITS_DURATION, SEED, |_| rate).await;
        let (stats, calls) = (load.take(), stand_in.calls());
        table.line(
            &format!("service requests for {} visits in one minute", stats.visits),
            "one per distinct request",
            format!(
                "{} for {} distinct requests; pages: {}; {} errors",
                calls.total,
                calls.distinct(),
                stats.pages,
                stats.error_count()
            ),
            // A request with a rate-limit interval shorter than the run is repeated at that
            // interval.
            Some(calls.total as usize <= calls.distinct() * 2 && stats.error_count() == 0),
        );
        server.stop().await?;
        table.line(
            &format!("start with a database of {} boards", self.citizens),
            "–",
            milliseconds(start),
            None,
        );
        self.write(&table)?;
        Ok(table.within_budget)
    }

    /// The median of three starts.
    async fn start_with_many(&self) -> Result<Duration, BenchError> {
        let data = store(&self.folder, &Population::new(SEED, self.citizens)).await?;
        let stand_in = StandIn::start(0, Behaviour::STEADY).await?;
        let mut starts = Vec::new();
        for _ in 0..3 {
            let server = Server::start(&self.server, &data, stand_in.address, &[]).await?;
            starts.push(server.start);
            server.stop().await?;
        }
        starts.sort();
        Ok(starts[1])
    }

    fn write(&self, table: &Table) -> Result<(), BenchError> {
        let Some(report) = &self.report else { return Ok(()) };
        let text = format!(
            "# Performance\n\n\
             `make bench` measures this in a few minutes and writes the table; `make saturation` and `make soak` measure the rest. Server, services and\n\
             visitors share one machine: {}. A stand-in (`crates/testkit/src/stand_in`) answers for the services with the samples of the widgets.\n\n\
             | what | budget | measured | |\n|---|---|---|---|\n{}",
            machine(),
            table.text,
        );
        report::write(report, &text)?;
        Ok(())
    }
}

async fn open_and_get_page(
    server: SocketAddr,
    citizen: &Citizen,
    encoding: &str,
) -> Result<ServerResponse, BenchError> {
    let mut connection = Connection::open(server, 1).await?;
    get_page(&mut connection, citizen, encoding).await
}

async fn get_page(
    connection: &mut Connection,
    citizen: &Citizen,
    encoding: &str,
) -> Result<ServerResponse, BenchError> {
    let cookie = format!("voordeur={}", citizen.token.secret());
    let headers = [("cookie", cookie.as_str()), ("accept-encoding", encoding)];
    let page = connection.request("GET", "/", &headers, Vec::new()).await?;
    if page.status == StatusCode::OK {
        return Ok(page);
    }
    Err(BenchError::Message(format!("page: {}", page.status)))
}

/// The time until every card of the page is fresh, and the part of it in which services were
/// working.
async fn cold(
    server: SocketAddr,
    citizen: &Citizen,
    stand_in: &StandIn,
) -> Result<(Duration, Duration), BenchError> {
    let began = Instant::now();
    let elapsed = loop {
        let page = open_and_get_page(server, citizen, "identity").await?;
        let elapsed = began.elapsed();
        let page = String::from_utf8_lossy(&page.body);
        if page.matches("data-state=\"fresh\"").count() == CARDS {
            break elapsed;
        }
        if elapsed > LONGEST {
            let states: Vec<&str> = page.split("data-state=\"").skip(1).collect();
            let states: Vec<&str> = states.iter().filter_map(|it| it.split('"').next()).collect();
            return Err(BenchError::Message(format!("cards not fresh in time: {states:?}")));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let between = stand_in.calls().between;
    let service_time = between.map_or(Duration::ZERO, |(first, last)| last.duration_since(first));
    Ok((elapsed, service_time))
}

async fn warm(server: SocketAddr, citizen: &Citizen) -> Result<Latencies, BenchError> {
    let mut connection = Connection::open(server, 1).await?;
    let mut times = Latencies::default();
    for _ in 0..200 {
        let began = Instant::now();
        get_page(&mut connection, citizen, "br").await?;
        times.record(began.elapsed());
    }
    Ok(times)
}

/// The bytes that a browser with an empty cache loads: the page and the files that it refers to.
async fn first_visit(
    server: SocketAddr,
    citizen: &Citizen,
    table: &mut Table,
) -> Result<(), BenchError> {
    let plain = open_and_get_page(server, citizen, "identity").await?;
    let plain = String::from_utf8_lossy(&plain.body).into_owned();
    let page = response_size(&open_and_get_page(server, citizen, "br").await?);
    let named =
        Regex::new(r#"["'](/(?:pkg/)?(?:\w+/)?[\w.-]+\.(?:css|js|wasm|svg|webmanifest))["']"#)
            .map_err(|error| BenchError::Message(error.to_string()))?;
    let mut files: Vec<&str> =
        named.captures_iter(&plain).filter_map(|it| Some(it.get(1)?.as_str())).collect();
    // The script that the page names loads the module once the browser is idle.
    files.extend(["/pkg/voordeur.js", "/pkg/voordeur_bg.wasm"]);
    files.sort_unstable();
    files.dedup();
    let mut connection = Connection::open(server, 1).await?;
    let (mut all, mut page_and_style) = (page, page);
    for file in &files {
        let response =
            connection.request("GET", file, &[("accept-encoding", "br")], Vec::new()).await?;
        if response.status != StatusCode::OK {
            return Err(BenchError::Message(format!("{file}: {}", response.status)));
        }
        all += response_size(&response);
        if file.ends_with(".css") {
            page_and_style += response_size(&response);
        }
    }
    let kilobytes = |bytes: usize| format!("{:.1} kB", bytes as f64 / 1_000.0);
    table.line(
        "first visit, 12 cards: HTML and CSS, compressed, with headers",
        "30 kB",
        kilobytes(page_and_style),
        Some(page_and_style <= 30_000),
    );
    let requests = files.len() + 1;
    table.line(
        "first visit, everything",
        "100 kB, 10 requests",
        format!("{}, {requests} requests", kilobytes(all)),
        Some(all <= 100_000 && requests <= 10),
    );
    Ok(())
}

/// The size of a response on the wire: status line, headers and body.
fn response_size(response: &ServerResponse) -> usize {
    let headers =
        response.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    response.body.len() + headers.sum::<usize>() + "HTTP/1.1 200 OK\r\n\r\n".len()
}

/// Pages per second with all connections busy, and the latency of each page.
async fn throughput(
    server: SocketAddr,
    citizen: &Citizen,
    encoding: &'static str,
) -> Result<(f64, Latencies), BenchError> {
    let began = Instant::now();
    let visitors: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let citizen = citizen.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(server, 1).await?;
                let (mut times, mut count) = (Latencies::default(), 0_u64);
                while began.elapsed() < THROUGHPUT_DURATION {
                    let requested = Instant::now();
                    get_page(&mut connection, &citizen, encoding).await?;
                    times.record(requested.elapsed());
                    count += 1;
                }
                Ok::<_, BenchError>((times, count))
            })
        })
        .collect();
    let (mut all, mut count) = (Latencies::default(), 0);
    for visitor in visitors {
        let (times, own) =
            visitor.await.map_err(|error| BenchError::Message(error.to_string()))??;
        all.add(&times);
        count += own;
    }
    Ok((count as f64 / began.elapsed().as_secs_f64(), all))
}

/// A baseline: a server that returns these bytes and nothing else.
async fn bare_server(page: Bytes) -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let page = Arc::new(page);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Without TCP_NODELAY responses are only a little later.
            let _ = stream.set_nodelay(true);
            let page = Arc::clone(&page);
            tokio::spawn(async move {
                let service = service_fn(move |_| {
                    let page = Bytes::clone(&page);
                    async move { Ok::<_, std::convert::Infallible>(Response::new(Full::new(page))) }
                });
                // Clients may disconnect at any time.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Ok(address)
}
