//! Kills the server at random moments while several tabs of several guests edit as fast as they
//! can, and restarts it: the database opens, is intact, and contains each acknowledged edit exactly
//! once. Edits without a response are sent again, as a browser does.
//!
//! `KILLS` sets the number of kills (20), `SERVERS` the number of servers that run in parallel (2).

use std::path::Path;
use std::time::{Duration, Instant};

use voordeur_store::fixtures::checked_boards;
use voordeur_testkit::temp_dir;

use super::editor::{Editor, GuestClient};
use super::server::start;

const GUESTS: usize = 3;
const TABS: usize = 2;
/// Maximum time from the first edit to the kill, in milliseconds.
const MAX_LIFETIME: u64 = 200;

#[derive(Default)]
struct Tally {
    kills: usize,
    /// Edits that were acknowledged, at the first attempt or a later one.
    acknowledged: u64,
    /// Edits that are on the boards at the end.
    found: u64,
    /// Edits that are on the boards although the kill cut off the response.
    unacknowledged: u64,
    lost: u64,
    duplicated: u64,
    starts: Vec<Duration>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_loses_no_acknowledged_edit() {
    let number = |name: &str, default: usize| -> usize {
        std::env::var(name).map_or(default, |text| text.parse().expect("a whole number"))
    };
    let (kills, servers) = (number("KILLS", 20), number("SERVERS", 2).max(1));
    let began = Instant::now();
    let each = (0..servers).map(|at| {
        // The first servers take the remainder.
        let kills = kills / servers + usize::from(at < kills % servers);
        tokio::spawn(kill_repeatedly(kills))
    });
    let mut all = Tally::default();
    for tally in each.collect::<Vec<_>>() {
        let tally = tally.await.expect("no panic");
        all.kills += tally.kills;
        all.acknowledged += tally.acknowledged;
        all.found += tally.found;
        all.unacknowledged += tally.unacknowledged;
        all.lost += tally.lost;
        all.duplicated += tally.duplicated;
        all.starts.extend(tally.starts);
    }
    println!("{}", table(&mut all, began.elapsed()));
    assert_eq!((all.kills, all.lost, all.duplicated), (kills, 0, 0));
    assert!(all.acknowledged > kills as u64, "too few edits for a result");
}

async fn kill_repeatedly(kills: usize) -> Tally {
    let folder = temp_dir();
    let mut tally = Tally::default();
    let mut server = start(folder.path()).await;
    let mut tabs = open_tabs(&server.url()).await;
    for _ in 0..kills {
        let lifetime = Duration::from_millis(random() % MAX_LIFETIME);
        let url = server.url();
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
        tokio::time::sleep(lifetime).await;
        server.kill().await.expect("the server is killed");
        tally.kills += 1;
        tabs = Vec::new();
        for tab in editing {
            tabs.push(tab.await.expect("no panic"));
        }
        server = start(folder.path()).await;
        tally.starts.push(server.startup);
        compare(folder.path(), &mut tabs, &mut tally).await;
        let tab = &tabs[random() as usize % tabs.len()];
        let (status, page) = tab.guest.get(&server.url(), "/welcome").await;
        assert!(status == 200 && !page.is_empty());
    }
    tally
}

async fn open_tabs(url: &str) -> Vec<Editor> {
    let mut tabs = Vec::new();
    for guest_number in 0..GUESTS {
        let guest = GuestClient::arrive(url).await;
        for tab_number in 0..TABS {
            let name = format!("g{guest_number}t{tab_number}");
            let page = guest.add_page(url, &name).await;
            tabs.push(Editor { guest: guest.clone(), name, page, acknowledged: 0 });
        }
    }
    tabs
}

/// Compares the database with the edits that the tabs know of.
async fn compare(folder: &Path, tabs: &mut [Editor], tally: &mut Tally) {
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
            tally.unacknowledged += unheard;
        }
        tally.duplicated += board.revision.unsigned_abs().abs_diff(edits);
    }
}

fn table(tally: &mut Tally, took: Duration) -> String {
    tally.starts.sort_unstable();
    let start = |at: usize| tally.starts[(tally.starts.len() - 1) * at / 100].as_millis();
    format!(
        "| kills at random moments | {} |\n\
         | edits acknowledged | {} |\n\
         | edits made, response cut off by the kill | {} |\n\
         | edits found | {} |\n\
         | lost | {} |\n\
         | made twice | {} |\n\
         | databases that did not open or were corrupt | 0 |\n\
         | start after a kill: median, maximum | {} ms, {} ms |\n\
         | total time | {} s |",
        tally.kills,
        tally.acknowledged,
        tally.unacknowledged,
        tally.found,
        tally.lost,
        tally.duplicated,
        start(50),
        start(100),
        took.as_secs(),
    )
}

fn random() -> u64 {
    fastrand::u64(..)
}
