//! Answers that are small and cause much work, much memory or a panic: each is the answer to a card
//! of one guest, and all are there at once.

use voordeur_testkit::hostile::{hostile_answers, start_hostile_services, write_hostile_widget};
use voordeur_testkit::{HttpClient, Server, temp_dir};

use crate::report::{Row, row};

/// Maximum memory of the process while all answers are evaluated: the bounds of the caches and of
/// the work together.
const MAX_RESIDENT_BYTES: u64 = 512 * 1024 * 1024;
/// How often the page is asked again until its cards have settled.
const MAX_VISITS: usize = 40;

/// Attacks a server with all answers at once.
pub async fn rows() -> Vec<Row> {
    let answers = hostile_answers();
    let folder = temp_dir();
    for answer in &answers {
        write_hostile_widget(folder.path(), answer);
    }
    let gateway = start_hostile_services(&answers, false).await.expect("a gateway");
    let server = Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")))
        .args(["--sources", &format!("gateway=http://{gateway}"), "--widgets"])
        .args([folder.path()]);
    let server = server.start().await.expect("the server starts");
    let client = HttpClient::new().with_header("sec-fetch-site", "same-origin");
    let added = client
        .post(&format!("{}/pages", server.url()), &[("name", "Proef"), ("icon", "home")])
        .await
        .expect("a page");
    let client = client.with_header("cookie", added.cookie().expect("a cookie"));
    let page = added.location_query("page").expect("the id of the page").to_owned();
    for answer in &answers {
        let card = [("widget", answer.id), ("page", &page)];
        let added = client.post(&format!("{}/cards", server.url()), &card).await;
        assert_eq!(added.expect("a response").status, 303, "{}", answer.id);
    }
    let states = settled(&server, &client, &page).await;
    let mut rows: Vec<Row> = answers
        .iter()
        .zip(&states)
        .map(|(answer, state)| row(answer.sent, state, answer.shows))
        .collect();
    let edit = client.get(&format!("{}/?edit&page={page}", server.url())).await;
    assert_eq!(edit.expect("a page").status, 200);
    let peak = peak_memory(server.pid());
    assert!(peak < MAX_RESIDENT_BYTES, "{peak} bytes at most");
    rows.push(row(
        "all of them at once, on one page",
        200,
        "the page and its form for changes come; the process stays below 512 MB",
    ));
    rows
}

/// The states of the cards of a page once none is waiting, in order.
async fn settled(server: &Server, client: &HttpClient, page: &str) -> Vec<String> {
    for _ in 0..MAX_VISITS {
        let shown = client.get(&format!("{}/?page={page}", server.url())).await.expect("a page");
        assert_eq!(shown.status, 200);
        let states: Vec<String> = shown
            .text
            .split("<article ")
            .skip(1)
            .filter_map(|card| card.split_once("data-state=\"")?.1.split('"').next())
            .map(str::to_owned)
            .collect();
        if !states.iter().any(|state| state == "waiting") {
            return states;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    panic!("a card still waits: {}", server.log());
}

/// The most memory that a process has had, in bytes.
fn peak_memory(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("its peak");
    let kilobytes = line.trim().trim_end_matches(" kB").trim();
    kilobytes.parse::<u64>().expect("a number").saturating_mul(1024)
}
