//! The server is killed at random moments while several tabs of several guests edit as fast as they can. After each kill it is started again:
//! the store opens, is whole, and holds every edit that was acknowledged, each once. What was on its way is sent again, as a browser does.
//!
//! `KILLS` says how often (20), `SERVERS` how many servers are killed side by side (2).

use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use voordeur_store::fixtures::checked_boards;

use super::server::Server;
use super::tab::{Guest, Tab, client};

const GUESTS: usize = 3;
const TABS: usize = 2;
/// A server lives at most so long once its tabs edit, in milliseconds.
const LONGEST_LIFE: u64 = 200;

#[derive(Default)]
struct Tally {
    kills: usize,
    /// All edits that were acknowledged, at the first time or when they were sent again.
    acknowledged: u64,
    /// All edits that are on the boards at the end.
    found: u64,
    /// Made, though the kill came before the answer.
    made_unheard: u64,
    lost: u64,
    made_twice: u64,
    starts: Vec<Duration>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_by_a_kill() {
    let number = |name: &str, usual: usize| -> usize {
        std::env::var(name).map_or(usual, |text| text.parse().expect("a whole number"))
    };
    let (kills, servers) = (number("KILLS", 20), number("SERVERS", 2).max(1));
    let began = Instant::now();
    let each = (0..servers).map(|at| {
        // The first of them take what is over.
        let kills = kills / servers + usize::from(at < kills % servers);
        tokio::spawn(kill_again_and_again(kills))
    });
    let mut all = Tally::default();
    for tally in each.collect::<Vec<_>>() {
        let tally = tally.await.expect("no panic");
        all.kills += tally.kills;
        all.acknowledged += tally.acknowledged;
        all.found += tally.found;
        all.made_unheard += tally.made_unheard;
        all.lost += tally.lost;
        all.made_twice += tally.made_twice;
        all.starts.extend(tally.starts);
    }
    println!("{}", table(&mut all, began.elapsed()));
    assert_eq!((all.kills, all.lost, all.made_twice), (kills, 0, 0));
    assert!(all.acknowledged > kills as u64, "hardly anything was edited");
}

async fn kill_again_and_again(kills: usize) -> Tally {
    let folder = TempDir::new().expect("a folder");
    let client = client();
    let mut tally = Tally::default();
    let mut server = start(folder.path()).await;
    let mut tabs = open_tabs(&client, &server.url).await;
    for _ in 0..kills {
        let life = Duration::from_millis(random() % LONGEST_LIFE);
        let url = server.url.clone();
        let editing: Vec<_> = tabs
            .into_iter()
            .map(|mut tab| {
                let url = url.clone();
                tokio::spawn(async move {
                    while tab.edit(&url).await {}
                    tab
                })
            })
            .collect();
        tokio::time::sleep(life).await;
        server = tokio::task::spawn_blocking(move || {
            server.kill();
            server
        })
        .await
        .expect("is killed");
        tally.kills += 1;
        tabs = Vec::new();
        for tab in editing {
            tabs.push(tab.await.expect("no panic"));
        }
        drop(server);
        server = start(folder.path()).await;
        tally.starts.push(server.start);
        look(folder.path(), &mut tabs, &mut tally).await;
        // One of them looks at the page, too.
        let tab = &tabs[random() as usize % tabs.len()];
        let (status, page) = tab.guest.get(&server.url, "/welcome").await;
        assert!(status.is_success() && !page.is_empty());
    }
    tally
}

async fn start(folder: &Path) -> Server {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || Server::start(&folder)).await.expect("it starts")
}

async fn open_tabs(client: &reqwest::Client, url: &str) -> Vec<Tab> {
    let mut tabs = Vec::new();
    for guest_number in 0..GUESTS {
        let guest = Guest::arrive(client, url).await;
        for tab_number in 0..TABS {
            let name = format!("g{guest_number}t{tab_number}");
            let page = guest.add_page(url, &name).await;
            tabs.push(Tab { guest: guest.clone(), name, page, acknowledged: 0 });
        }
    }
    tabs
}

/// Holds the store against what the tabs know.
async fn look(folder: &Path, tabs: &mut [Tab], tally: &mut Tally) {
    let boards = checked_boards(folder).await.expect("an undamaged database");
    assert_eq!(boards.len(), GUESTS);
    (tally.acknowledged, tally.found) = (0, 0);
    for board in &boards {
        // Each page was added by one edit, and got each of its names by one.
        let mut edits = 0;
        for page in &board.pages[1..] {
            let tab = tabs.iter_mut().find(|tab| page.id == tab.page);
            let tab = tab.expect("a tab of this page");
            let name = page.name.as_str();
            let (_, made) = name.split_once('-').unwrap_or((name, "0"));
            let made: u64 = made.parse().expect("a number");
            edits += 1 + made;
            tally.acknowledged += tab.acknowledged;
            tally.found += made;
            tally.lost += tab.acknowledged.saturating_sub(made);
            let unheard = made.saturating_sub(tab.acknowledged);
            assert!(unheard <= 1, "{name} was never sent");
            tally.made_unheard += unheard;
        }
        tally.made_twice += board.revision.unsigned_abs().abs_diff(edits);
    }
}

fn table(tally: &mut Tally, took: Duration) -> String {
    tally.starts.sort_unstable();
    let start = |at: usize| tally.starts[(tally.starts.len() - 1) * at / 100].as_millis();
    format!(
        "| kills at random moments | {} |\n\
         | edits acknowledged | {} |\n\
         | edits made, their answer cut off by the kill | {} |\n\
         | edits found | {} |\n\
         | lost | {} |\n\
         | made twice | {} |\n\
         | stores that did not open, or were not whole | 0 |\n\
         | start after a kill: half of them within, all within | {} ms, {} ms |\n\
         | all of it | {} s |",
        tally.kills,
        tally.acknowledged,
        tally.made_unheard,
        tally.found,
        tally.lost,
        tally.made_twice,
        start(50),
        start(100),
        took.as_secs(),
    )
}

fn random() -> u64 {
    fastrand::u64(..)
}
