//! Injects faults of services and compares their effects with `docs/FAULTS.md`, which
//! `VOORDEUR_STORE=1` writes.
//!
//! Each fault has a widget and a host of its own, and a guest whose page shows that widget beside a
//! neighbour whose service is healthy. All guests look at the same time.

mod catalogue;
mod connections;
mod names;
mod server;
mod services;

use std::fmt::Write as _;
use std::path::Path;

use futures::future::join_all;
use voordeur_testkit::temp_dir;

use catalogue::{Fault, faults};
use connections::{Connection, Gateway};
use server::{Board, Folders, NEIGHBOUR, Server, host_of, lines_cell, until};
use services::{Script, Services, response};

/// A row of `docs/FAULTS.md`.
pub struct Row {
    description: &'static str,
    nothing_known: String,
    with_earlier: String,
    neighbour: String,
    calls: usize,
    log: String,
}

/// The cards of one fault.
struct Cells {
    own: String,
    neighbour: String,
}

fn cells(board: &Board, widget: &str) -> Cells {
    let cards = board.cards();
    let mut own = cards[widget].cell();
    if let Some(date) = cards[widget].date.as_deref().filter(|date| date.starts_with("2021")) {
        // Writing to a string cannot fail.
        let _ = write!(own, ", of {date}");
    }
    Cells { own, neighbour: cards[NEIGHBOUR].cell() }
}

/// Looks at the page of a guest until its cards have settled. The page must not wait for a slow
/// service.
async fn look(server: &Server, fault: &Fault, has_data: bool) -> Cells {
    let guest = server.guest(Some(fault.id)).await;
    let first = server.board(&guest).await;
    let state = &first.cards()[fault.id].state;
    assert!(!fault.slow || has_data || state == "waiting", "{}: {state}", fault.id);
    let settled = server.settled_board(&guest).await;
    for board in [&first, &settled] {
        assert!(!board.contains("<script>alert"), "{}: a script reached the page", fault.id);
        assert!(!board.contains("root:"), "{}: a file of the server reached the page", fault.id);
    }
    cells(&settled, fault.id)
}

fn log_cell(server: &Server, widget: &str) -> String {
    lines_cell(server.log_about(|id| id == widget, &host_of(widget)))
}

fn folders_of(faults: &[Fault]) -> Folders {
    Folders::new(faults.iter().map(|fault| (fault.id, host_of(fault.id), fault.format)))
}

async fn services(faults: &[Fault]) -> std::sync::Arc<Services> {
    let scripts =
        faults.iter().map(|fault| (host_of(fault.id), (fault.script.clone(), fault.format)));
    Services::open(scripts.collect()).await
}

/// Each fault with an empty cache: its cards, the number of requests to its service, and its lines
/// of the log.
async fn nothing_known(faults: &[Fault]) -> Vec<(Cells, usize, String)> {
    let (folders, services) = (folders_of(faults), services(faults).await);
    let server = Server::start(&folders, &services.address, None).await;
    let results = join_all(faults.iter().map(|fault| async {
        let cells = look(&server, fault, false).await;
        (cells, services.calls(&host_of(fault.id)), log_cell(&server, fault.id))
    }));
    let results = results.await;
    assert_eq!(services.calls("neighbour.example"), 1, "one request for all guests");
    for stranger in ["somebody.example", "169.254.169.254", "etc"] {
        assert_eq!(services.calls(stranger), 0, "{stranger} got a request");
    }
    results
}

/// Each fault with a response of two days ago in the cache.
async fn with_earlier_data(faults: &[Fault]) -> Vec<Cells> {
    let (folders, services) = (folders_of(faults), services(faults).await);
    services.set_healthy(true);
    let server = Server::start(&folders, &services.address, None).await;
    join_all(faults.iter().map(|fault| look(&server, fault, true))).await;
    until("all responses are stored", async || (folders.stored() > faults.len()).then_some(()))
        .await;
    drop(server);
    folders.age();
    services.set_healthy(false);
    let server = Server::start(&folders, &services.address, None).await;
    join_all(faults.iter().map(|fault| look(&server, fault, true))).await
}

/// The faults of connections, one after the other. The neighbour shares the gateway, so its service
/// is requested before the faults.
async fn of_connections() -> Vec<Row> {
    let all = Connection::FAULTY;
    let known = all.iter().map(|(_, widget, _)| (*widget, host_of(widget), "json"));
    let folder = temp_dir();
    let authority = |name: &str| folder.path().join(name);
    let nothing_known = async {
        let (folders, authority) = (Folders::new(known.clone()), authority("first.pem"));
        let gateway = Gateway::open(&authority).await;
        let server = Server::start(&folders, &gateway.address, Some(&authority)).await;
        server.settled_board(&server.guest(None).await).await;
        let mut results = Vec::new();
        for (fault, widget, _) in all {
            gateway.set(fault).await;
            let board = server.settled_board(&server.guest(Some(widget)).await).await;
            results.push((cells(&board, widget), gateway.connections(), log_cell(&server, widget)));
        }
        results
    };
    let with_earlier = async {
        let (folders, authority) = (Folders::new(known.clone()), authority("second.pem"));
        let gateway = Gateway::open(&authority).await;
        let server = Server::start(&folders, &gateway.address, Some(&authority)).await;
        join_all(all.iter().map(|(_, widget, _)| async {
            server.settled_board(&server.guest(Some(widget)).await).await
        }))
        .await;
        until("all responses are stored", async || (folders.stored() > all.len()).then_some(()))
            .await;
        drop(server);
        folders.age();
        let server = Server::start(&folders, &gateway.address, Some(&authority)).await;
        server.settled_board(&server.guest(None).await).await;
        let mut results = Vec::new();
        for (fault, widget, _) in all {
            gateway.set(fault).await;
            let board = server.settled_board(&server.guest(Some(widget)).await).await;
            results.push(cells(&board, widget));
        }
        results
    };
    let (nothing_known, with_earlier) = tokio::join!(nothing_known, with_earlier);
    let results = all.iter().zip(nothing_known).zip(with_earlier);
    let rows = results.map(|(((_, _, description), (first, calls, log)), earlier)| {
        row(description, first, earlier, calls, log)
    });
    rows.collect()
}

fn row(description: &'static str, first: Cells, earlier: Cells, calls: usize, log: String) -> Row {
    assert_eq!(first.neighbour, earlier.neighbour, "{description}");
    let Cells { own: nothing_known, neighbour } = first;
    Row { description, nothing_known, with_earlier: earlier.own, neighbour, calls, log }
}

async fn of_responses() -> Vec<Row> {
    let faults = faults();
    let (first, earlier) = tokio::join!(nothing_known(&faults), with_earlier_data(&faults));
    let results = faults.iter().zip(first).zip(earlier);
    let rows = results.map(|((fault, (mut first, calls, log)), earlier)| {
        if fault.slow {
            first.own = format!("`waiting`, then {}", first.own);
        }
        row(fault.description, first, earlier, calls, log)
    });
    rows.collect()
}

/// A host that fails six requests in a row and then recovers: the rows of a table.
async fn persistent_failure() -> String {
    const HOST: &str = "down.example";
    let ids: Vec<String> = (1..=6).map(|nth| format!("down-{nth}")).collect();
    let folders = Folders::new(ids.iter().map(|id| (id.as_str(), HOST.to_owned(), "json")));
    let broken = Script::Send(response("500 Internal Server Error", "", b""));
    let services = Services::open([(HOST.to_owned(), (broken, "json"))].into()).await;
    let server = Server::start(&folders, &services.address, None).await;
    // The guests exist before the breaker opens: it stays open for some seconds only.
    let guests = join_all(ids.iter().map(|id| server.guest(Some(id)))).await;
    let mut rows = String::new();
    let mut lines_before = 0;
    let mut add_row = |description: &str, board: &Board, id: &str| {
        let Cells { own, neighbour } = cells(board, id);
        assert_eq!(neighbour, HEALTHY, "the neighbour of {description}");
        let lines = server.log_about(|id| id.starts_with("down-"), HOST).split_off(lines_before);
        lines_before += lines.len();
        let calls = services.calls(HOST);
        // Writing to a string cannot fail.
        let _ = writeln!(rows, "| {description} | {own} | {calls} | {} |", lines_cell(lines));
    };
    for (nth, (guest, id)) in guests.iter().zip(&ids).enumerate() {
        let board = server.settled_board(guest).await;
        add_row(&format!("the {} card", ORDINALS[nth]), &board, id);
    }
    services.set_healthy(true);
    let (guest, id) = (&guests[5], &ids[5]);
    let board = until("the service has recovered", async || {
        let board = server.settled_board(guest).await;
        (board.cards()[id.as_str()].state == "fresh").then_some(board)
    });
    add_row("the sixth card, once the service is well and its rest is over", &board.await, id);
    rows
}

const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
const HEALTHY: &str = "`fresh`: “Alles gaat goed”";

fn table(rows: &[Row], calls: &str, log: &str) -> String {
    let mut table = format!(
        "| the service | its card, nothing known | with earlier data | {calls} | {log} |\n|---|---|---|---|---|\n"
    );
    for Row { description, nothing_known, with_earlier, calls, log, neighbour } in rows {
        assert_eq!(neighbour, HEALTHY, "the neighbour of {description}");
        let words = |cell: &str| cell.split_once(": “").map(|(_, words)| words.to_owned());
        let same =
            with_earlier.starts_with("`stale`") && words(with_earlier) == words(nothing_known);
        let with_earlier = if same { "`stale`, for the same reason" } else { with_earlier };
        let cells = [*description, nothing_known, with_earlier, &calls.to_string(), log];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} |", cells.join(" | "));
    }
    table
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fault_affects_only_its_own_card() {
    // Upstream itself is tested in this process, too.
    rustls::crypto::ring::default_provider().install_default().expect("no other provider");
    let (responses, connections, names, going_on) =
        tokio::join!(of_responses(), of_connections(), names::rows(), persistent_failure());
    // The persistent failure is one more.
    let count = responses.len() + connections.len() + names.len() + 1;
    let page = format!(
        include_str!("page.md"),
        count = count,
        answers = table(&responses, "calls", "the log"),
        connections = table(&connections, "connections", "the log"),
        names = table(&names, "calls", "the reason"),
        going_on = going_on,
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FAULTS.md");
    if std::env::var_os("VOORDEUR_STORE").is_some() {
        std::fs::write(&path, &page).expect("the page can be written");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = page.lines().zip(stored.lines()).find(|(now, stored)| now != stored);
    assert!(stored == page, "docs/FAULTS.md is outdated: {differs:#?}\n`make faults` writes it");
}
