//! One table against the budgets of the design.

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
use crate::load::{Connection, Load, Said, Times, milliseconds};
use crate::machine::machine;
use crate::population::{Citizen, Population};
use crate::report;
use crate::server::Server;
use crate::soak::SEED;
use voordeur_testkit::stand_in::{Behaviour, StandIn};

/// Boards in the store that is measured on, but for the start.
const CITIZENS: u64 = 1_000;
/// Cards on the board that is measured.
const CARDS: usize = 12;
/// Connections that ask for pages without a pause.
const CONNECTIONS: usize = 16;
/// How long they do so.
const RUSH: Duration = Duration::from_secs(10);
/// For how many visits the calls are counted, and in what time they come.
const VISITS: u64 = 1_000;
const TIME_OF_VISITS: Duration = Duration::from_secs(50);
const EDITS: usize = 500;
/// A board that is never filled is given up.
const LONGEST: Duration = Duration::from_secs(20);

/// How it is measured.
#[derive(Clone, Debug, clap::Args)]
pub struct Budgets {
    /// Boards in the large store.
    #[arg(long, default_value_t = 1_000_000)]
    citizens: u64,
    /// The server.
    #[arg(long, default_value = "target/release/voordeur")]
    server: PathBuf,
    /// Where stores are made and kept.
    #[arg(long, default_value = "target/bench")]
    folder: PathBuf,
    /// Where the table is written.
    #[arg(long)]
    report: Option<PathBuf>,
}

/// The lines of the table.
#[derive(Default)]
struct Table {
    text: String,
    kept: bool,
}

impl Table {
    fn line(&mut self, what: &str, budget: &str, measured: String, within: Option<bool>) {
        let word = match within {
            Some(true) => "within",
            Some(false) => "**over**",
            None => "",
        };
        self.kept &= within != Some(false);
        let line = format!("| {what} | {budget} | {measured} | {word} |\n");
        print!("{line}");
        self.text.push_str(&line);
    }
}

impl Budgets {
    /// Measures everything. Gives whether all of it is within its budget.
    pub async fn run(&self) -> Result<bool, BenchError> {
        let mut table = Table { kept: true, ..Table::default() };
        let start = self.start_with_many().await?;

        let population = Population::new(SEED, CITIZENS);
        let twelve = (0..CITIZENS).find(|number| {
            let cards = population.citizen(*number).cards;
            cards.len() == CARDS && cards.iter().all(|card| !card.folded)
        });
        let twelve =
            twelve.ok_or_else(|| BenchError::Said("nobody has twelve cards".to_owned()))?;
        let citizen = population.citizen(twelve);
        let data = store(&self.folder, &population).await?;
        let stand_in = StandIn::start(0, Behaviour::STEADY).await?;
        let options = ["--visits-per-minute", "0"];
        let server = Server::start(&self.server, &data, stand_in.address, &options).await?;
        let idle = server.used()?.memory;

        let (took, of_services) = cold(server.address, &citizen, &stand_in).await?;
        let own = took.saturating_sub(of_services);
        table.line(
            "all 12 cards filled, nothing cached; each answer takes 200 ms",
            "the services + 150 ms",
            format!("{} + {}", milliseconds(of_services), milliseconds(own)),
            Some(own <= Duration::from_millis(150)),
        );
        let warm = warm(server.address, &citizen).await?;
        table.line("the same page again", "–", warm.to_string(), None);
        first_visit(server.address, &citizen, &mut table).await?;

        let page = ask_page(server.address, &citizen, "identity").await?;
        let bare = bare(page.body.clone()).await?;
        let (mut plain, mut packed, mut beside) = (0.0_f64, 0.0_f64, 0.0_f64);
        let mut times = Times::default();
        for _ in 0..2 {
            let (rate, _) = rush(bare, &citizen, "identity").await?;
            beside = beside.max(rate);
            let (rate, _) = rush(server.address, &citizen, "identity").await?;
            plain = plain.max(rate);
            let (rate, took) = rush(server.address, &citizen, "gzip, deflate, br").await?;
            (packed, times) = if rate > packed { (rate, took) } else { (packed, times) };
        }
        let busy = server.used()?.memory;
        table.line(
            &format!("pages a second with 12 cached cards, {CONNECTIONS} connections"),
            "–",
            format!(
                "{plain:.0}; compressed {packed:.0} ({times}); a bare HTTP server with these {} kB {beside:.0}: {:.1} times as many",
                page.body.len() / 1_000,
                beside / plain.max(1.0),
            ),
            None,
        );
        table.line(
            "memory under that load",
            "48 MB",
            format!("{} MB ({} MB before the first visit)", busy >> 20, idle >> 20),
            Some(busy <= 48 << 20),
        );

        let load = Load::new(server.address, population);
        load.edit_often(twelve, EDITS).await?;
        let edits = load.take().edits;
        table.line("one edit, on the disk when it is acknowledged", "–", edits.to_string(), None);
        stand_in.forget();
        let rate = VISITS as f64 / TIME_OF_VISITS.as_secs_f64();
        load.send(TIME_OF_VISITS, SEED, |_| rate).await;
        let (figures, calls) = (load.take(), stand_in.calls());
        table.line(
            &format!("calls to services for {} visits in one minute", figures.visits),
            "one per distinct request",
            format!(
                "{} for {} distinct requests; pages: {}; {} errors",
                calls.total,
                calls.distinct(),
                figures.pages,
                figures.wrong()
            ),
            // What has a pace shorter than the time is asked again at its pace.
            Some(calls.total as usize <= calls.distinct() * 2 && figures.wrong() == 0),
        );
        server.stop().await?;
        table.line(
            &format!("start with a store of {} boards", self.citizens),
            "–",
            milliseconds(start),
            None,
        );
        self.write(&table)?;
        Ok(table.kept)
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
             `make bench` measures this in a few minutes and writes the table; `make limit` and `make morning` measure the rest. Server, services and\n\
             visitors share one machine: {}. The services stand in (`crates/testkit/src/stand_in`): they answer with the samples of the widgets.\n\n\
             | what | budget | measured | |\n|---|---|---|---|\n{}",
            machine(),
            table.text,
        );
        report::write(report, &text)?;
        Ok(())
    }
}

/// Asks for a citizen's page.
async fn ask_page(
    server: SocketAddr,
    citizen: &Citizen,
    encoding: &str,
) -> Result<Said, BenchError> {
    let mut connection = Connection::open(server, 1).await?;
    page_by(&mut connection, citizen, encoding).await
}

async fn page_by(
    connection: &mut Connection,
    citizen: &Citizen,
    encoding: &str,
) -> Result<Said, BenchError> {
    let cookie = format!("voordeur={}", citizen.token);
    let headers = [("cookie", cookie.as_str()), ("accept-encoding", encoding)];
    let page = connection.ask("GET", "/", &headers, Vec::new()).await?;
    if page.status == StatusCode::OK {
        return Ok(page);
    }
    Err(BenchError::Said(format!("a page: {}", page.status)))
}

/// From the first question until a page has no card that waits, and for how much of that time services were at work.
async fn cold(
    server: SocketAddr,
    citizen: &Citizen,
    stand_in: &StandIn,
) -> Result<(Duration, Duration), BenchError> {
    let began = Instant::now();
    let took = loop {
        let page = ask_page(server, citizen, "identity").await?;
        let took = began.elapsed();
        let page = String::from_utf8_lossy(&page.body);
        if page.matches("data-state=\"fresh\"").count() == CARDS {
            break took;
        }
        if took > LONGEST {
            let states: Vec<&str> = page.split("data-state=\"").skip(1).collect();
            let states: Vec<&str> = states.iter().filter_map(|it| it.split('"').next()).collect();
            return Err(BenchError::Said(format!("the cards did not come: {states:?}")));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let between = stand_in.calls().between;
    let of_services = between.map_or(Duration::ZERO, |(first, last)| last.duration_since(first));
    Ok((took, of_services))
}

async fn warm(server: SocketAddr, citizen: &Citizen) -> Result<Times, BenchError> {
    let mut connection = Connection::open(server, 1).await?;
    let mut times = Times::default();
    for _ in 0..200 {
        let began = Instant::now();
        page_by(&mut connection, citizen, "br").await?;
        times.note(began.elapsed());
    }
    Ok(times)
}

/// What a browser with an empty cache loads: the page, and the files that it names.
async fn first_visit(
    server: SocketAddr,
    citizen: &Citizen,
    table: &mut Table,
) -> Result<(), BenchError> {
    let plain = ask_page(server, citizen, "identity").await?;
    let plain = String::from_utf8_lossy(&plain.body).into_owned();
    let page = weight(&ask_page(server, citizen, "br").await?);
    let named = Regex::new(r#"["'](/(?:pkg/)?[\w.-]+\.(?:css|js|wasm|svg|webmanifest))["']"#)
        .map_err(|error| BenchError::Said(error.to_string()))?;
    let mut files: Vec<&str> =
        named.captures_iter(&plain).filter_map(|it| Some(it.get(1)?.as_str())).collect();
    files.sort_unstable();
    files.dedup();
    let mut connection = Connection::open(server, 1).await?;
    let (mut all, mut page_and_style) = (page, page);
    for file in &files {
        let said = connection.ask("GET", file, &[("accept-encoding", "br")], Vec::new()).await?;
        if said.status != StatusCode::OK {
            return Err(BenchError::Said(format!("{file}: {}", said.status)));
        }
        all += weight(&said);
        if file.ends_with(".css") {
            page_and_style += weight(&said);
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
        "150 kB, 10 requests",
        format!("{}, {requests} requests", kilobytes(all)),
        Some(all <= 150_000 && requests <= 10),
    );
    Ok(())
}

/// The bytes of an answer, as they are written: with the line of its status and its headers.
fn weight(said: &Said) -> usize {
    let headers = said.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
    said.body.len() + headers.sum::<usize>() + "HTTP/1.1 200 OK\r\n\r\n".len()
}

/// How many pages a second come when each connection asks for the next as soon as it has one, and how long each takes.
async fn rush(
    server: SocketAddr,
    citizen: &Citizen,
    encoding: &'static str,
) -> Result<(f64, Times), BenchError> {
    let began = Instant::now();
    let visitors: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let citizen = citizen.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(server, 1).await?;
                let (mut times, mut count) = (Times::default(), 0_u64);
                while began.elapsed() < RUSH {
                    let asked = Instant::now();
                    page_by(&mut connection, &citizen, encoding).await?;
                    times.note(asked.elapsed());
                    count += 1;
                }
                Ok::<_, BenchError>((times, count))
            })
        })
        .collect();
    let (mut all, mut count) = (Times::default(), 0);
    for visitor in visitors {
        let (times, own) = visitor.await.map_err(|error| BenchError::Said(error.to_string()))??;
        all.add(&times);
        count += own;
    }
    Ok((count as f64 / began.elapsed().as_secs_f64(), all))
}

/// A server that does nothing but give these bytes.
async fn bare(page: Bytes) -> Result<SocketAddr, BenchError> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let page = Arc::new(page);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // Without it an answer would only be a little later.
            let _ = stream.set_nodelay(true);
            let page = Arc::clone(&page);
            tokio::spawn(async move {
                let service = service_fn(move |_| {
                    let page = Bytes::clone(&page);
                    async move { Ok::<_, std::convert::Infallible>(Response::new(Full::new(page))) }
                });
                // Whoever asked may leave at any time.
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Ok(address)
}
