//! What a fault of a service does, and to whom: `docs/FAULTS.md`, found out and compared. `VOORDEUR_STORE=1` writes it anew.
//!
//! Each fault has a widget and a host of its own, and a guest whose page shows that widget beside one whose service is well. All of them
//! look at the same time.

mod connections;
mod list;
mod names;
mod server;
mod stand_in;

use std::fmt::Write as _;
use std::path::Path;

use futures::future::join_all;
use tempfile::TempDir;

use connections::{Connection, Gateway};
use list::{DatabaseError, faults};
use server::{Board, Home, NEIGHBOUR, Server, host_of, lines_cell, until};
use stand_in::{Play, StandIn, answer};

/// A fault and what it did.
pub struct Row {
    what: &'static str,
    nothing_known: String,
    with_earlier: String,
    neighbour: String,
    calls: usize,
    told: String,
}

/// What was seen of one fault.
struct Seen {
    cell: String,
    neighbour: String,
}

fn seen(board: &Board, widget: &str) -> Seen {
    let cards = board.cards();
    let mut cell = cards[widget].cell();
    if let Some(date) = cards[widget].date.as_deref().filter(|date| date.starts_with("2021")) {
        // Writing to a string cannot fail.
        let _ = write!(cell, ", of {date}");
    }
    Seen { cell, neighbour: cards[NEIGHBOUR].cell() }
}

/// A guest looks until all is there. What is slow must not have been waited for.
async fn look(server: &Server, fault: &DatabaseError, is_waited_for: bool) -> Seen {
    let guest = server.guest(Some(fault.id)).await;
    let first = server.look(&guest).await;
    let state = &first.cards()[fault.id].state;
    assert!(!fault.slow || !is_waited_for || state == "waiting", "{}: {state}", fault.id);
    let settled = server.look_until_settled(&guest).await;
    for board in [&first, &settled] {
        assert!(!board.holds("<script>alert"), "{}: a script reached the page", fault.id);
        assert!(!board.holds("root:"), "{}: a file of the server reached the page", fault.id);
    }
    seen(&settled, fault.id)
}

fn told(server: &Server, widget: &str) -> String {
    lines_cell(server.told_of(|id| id == widget, &host_of(widget)))
}

fn home_of_faults(faults: &[DatabaseError]) -> Home {
    Home::new(faults.iter().map(|fault| (fault.id, host_of(fault.id), fault.format)))
}

async fn services(faults: &[DatabaseError]) -> std::sync::Arc<StandIn> {
    let plays = faults.iter().map(|fault| (host_of(fault.id), (fault.play.clone(), fault.format)));
    StandIn::open(plays.collect()).await
}

/// Each fault while nothing is known: what was seen, how often its service was asked, and what the log tells.
async fn nothing_known(faults: &[DatabaseError]) -> Vec<(Seen, usize, String)> {
    let (home, services) = (home_of_faults(faults), services(faults).await);
    let server = Server::start(&home, &services.address, None).await;
    let seen = join_all(faults.iter().map(|fault| async {
        let seen = look(&server, fault, true).await;
        (seen, services.calls(&host_of(fault.id)), told(&server, fault.id))
    }));
    let seen = seen.await;
    assert_eq!(services.calls("neighbour.example"), 1, "one request for all guests");
    for stranger in ["somebody.example", "169.254.169.254", "etc"] {
        assert_eq!(services.calls(stranger), 0, "{stranger} was asked");
    }
    seen
}

/// Each fault when there was a good answer two days ago.
async fn with_earlier_data(faults: &[DatabaseError]) -> Vec<Seen> {
    let (home, services) = (home_of_faults(faults), services(faults).await);
    services.make_well(true);
    let server = Server::start(&home, &services.address, None).await;
    join_all(faults.iter().map(|fault| look(&server, fault, false))).await;
    until("all answers are kept", async || (home.kept() > faults.len()).then_some(())).await;
    drop(server);
    home.age();
    services.make_well(false);
    let server = Server::start(&home, &services.address, None).await;
    join_all(faults.iter().map(|fault| look(&server, fault, false))).await
}

/// The faults of connections, one after the other: the neighbour has the same gateway, and was asked while all was well.
async fn of_connections() -> Vec<Row> {
    let all = Connection::WRONG;
    let known = all.iter().map(|(_, widget, _)| (*widget, host_of(widget), "json"));
    let folder = TempDir::new().expect("a folder");
    let authority = |name: &str| folder.path().join(name);
    let nothing_known = async {
        let (home, authority) = (Home::new(known.clone()), authority("first.pem"));
        let gateway = Gateway::open(&authority).await;
        let server = Server::start(&home, &gateway.address, Some(&authority)).await;
        server.look_until_settled(&server.guest(None).await).await;
        let mut found = Vec::new();
        for (wrong, widget, _) in all {
            gateway.set(wrong).await;
            let board = server.look_until_settled(&server.guest(Some(widget)).await).await;
            found.push((seen(&board, widget), gateway.knocks(), told(&server, widget)));
        }
        found
    };
    let with_earlier = async {
        let (home, authority) = (Home::new(known.clone()), authority("second.pem"));
        let gateway = Gateway::open(&authority).await;
        let server = Server::start(&home, &gateway.address, Some(&authority)).await;
        join_all(all.iter().map(|(_, widget, _)| async {
            server.look_until_settled(&server.guest(Some(widget)).await).await
        }))
        .await;
        until("all answers are kept", async || (home.kept() > all.len()).then_some(())).await;
        drop(server);
        home.age();
        let server = Server::start(&home, &gateway.address, Some(&authority)).await;
        server.look_until_settled(&server.guest(None).await).await;
        let mut found = Vec::new();
        for (wrong, widget, _) in all {
            gateway.set(wrong).await;
            let board = server.look_until_settled(&server.guest(Some(widget)).await).await;
            found.push(seen(&board, widget));
        }
        found
    };
    let (nothing_known, with_earlier) = tokio::join!(nothing_known, with_earlier);
    let found = all.iter().zip(nothing_known).zip(with_earlier);
    let rows = found.map(|(((_, _, what), (first, calls, told)), earlier)| {
        rowed(what, first, earlier, calls, told)
    });
    rows.collect()
}

fn rowed(what: &'static str, first: Seen, earlier: Seen, calls: usize, told: String) -> Row {
    assert_eq!(first.neighbour, earlier.neighbour, "{what}");
    let Seen { cell: nothing_known, neighbour } = first;
    Row { what, nothing_known, with_earlier: earlier.cell, neighbour, calls, told }
}

async fn of_answers() -> Vec<Row> {
    let faults = faults();
    let (first, earlier) = tokio::join!(nothing_known(&faults), with_earlier_data(&faults));
    let found = faults.iter().zip(first).zip(earlier);
    let rows = found.map(|((fault, (mut first, calls, told)), earlier)| {
        if fault.slow {
            first.cell = format!("`waiting`, then {}", first.cell);
        }
        rowed(fault.what, first, earlier, calls, told)
    });
    rows.collect()
}

/// A host that goes on failing, asked for six things one after the other, and that is well again: the rows of a table.
async fn going_on() -> String {
    const HOST: &str = "down.example";
    let ids: Vec<String> = (1..=6).map(|nth| format!("down-{nth}")).collect();
    let home = Home::new(ids.iter().map(|id| (id.as_str(), HOST.to_owned(), "json")));
    let broken = Play::Say(answer("500 Internal Server Error", "", b""));
    let services = StandIn::open([(HOST.to_owned(), (broken, "json"))].into()).await;
    let server = Server::start(&home, &services.address, None).await;
    // They are all there before the host is left to rest: it rests for some seconds only.
    let guests = join_all(ids.iter().map(|id| server.guest(Some(id)))).await;
    let mut rows = String::new();
    let mut told_before = 0;
    let mut row = |what: &str, board: &Board, id: &str| {
        let Seen { cell, neighbour } = seen(board, id);
        assert_eq!(neighbour, WELL, "the neighbour of {what}");
        let lines = server.told_of(|id| id.starts_with("down-"), HOST).split_off(told_before);
        told_before += lines.len();
        let calls = services.calls(HOST);
        // Writing to a string cannot fail.
        let _ = writeln!(rows, "| {what} | {cell} | {calls} | {} |", lines_cell(lines));
    };
    for (nth, (guest, id)) in guests.iter().zip(&ids).enumerate() {
        let board = server.look_until_settled(guest).await;
        row(&format!("the {} card", ORDINALS[nth]), &board, id);
    }
    services.make_well(true);
    let (guest, id) = (&guests[5], &ids[5]);
    let board = until("it has returned", async || {
        let board = server.look_until_settled(guest).await;
        (board.cards()[id.as_str()].state == "fresh").then_some(board)
    });
    row("the sixth card, once the service is well and its rest is over", &board.await, id);
    rows
}

const ORDINALS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
const WELL: &str = "`fresh`: “Alles gaat goed”";

fn table(rows: &[Row], calls: &str, told: &str) -> String {
    let mut table = format!(
        "| the service | its card, nothing known | with earlier data | {calls} | {told} |\n|---|---|---|---|---|\n"
    );
    for Row { what, nothing_known, with_earlier, calls, told, neighbour } in rows {
        assert_eq!(neighbour, WELL, "the neighbour of {what}");
        let words = |cell: &str| cell.split_once(": “").map(|(_, words)| words.to_owned());
        let same =
            with_earlier.starts_with("`stale`") && words(with_earlier) == words(nothing_known);
        let with_earlier = if same { "`stale`, for the same reason" } else { with_earlier };
        let cells = [*what, nothing_known, with_earlier, &calls.to_string(), told];
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| {} |", cells.join(" | "));
    }
    table
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_fault_hurts_its_own_card_and_nothing_else() {
    rustls::crypto::ring::default_provider().install_default().expect("the first one");
    let (answers, connections, names, going_on) =
        tokio::join!(of_answers(), of_connections(), names::rows(), going_on());
    // The one that goes on is one more.
    let count = answers.len() + connections.len() + names.len() + 1;
    let page = format!(
        include_str!("page.md"),
        count = count,
        answers = table(&answers, "calls", "the log"),
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
    assert!(
        stored == page,
        "docs/FAULTS.md is not as services and cards behave: {differs:#?}\n`make faults` writes it anew"
    );
}
