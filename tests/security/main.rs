//! Attacks on the page, its forms and its connections, against the real binary over loopback. What each came to is held by docs/ATTACKS.md.

mod boards;
mod foreign;
mod forms;
mod headers;
mod limits;
mod markup;
mod paths;
mod routes;
mod scripts;
mod slow;
mod table;
mod town;
mod wire;

use table::{Group, hold};
use town::Town;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_attack_is_refused_and_nothing_is_broken() {
    let town = Town::open().await;
    // What has servers of its own runs beside the rest: most of it is waiting.
    let (mut groups, slow, limits) = tokio::join!(on(&town), slow::rows(), limits::rows());
    groups.push(Group { title: "Slow and many connections", rows: slow });
    groups.push(Group { title: "Too many, and behind a proxy", rows: limits });
    groups.push(Group { title: "What is left in the log", rows: boards::log(&town) });
    hold(&groups);
}

async fn on(town: &Town) -> Vec<Group> {
    vec![
        Group { title: "Script in what a citizen types", rows: scripts::typed(town).await },
        Group { title: "Script in what a service says", rows: scripts::said(town).await },
        Group { title: "Script in an address or a header", rows: scripts::reflected(town).await },
        Group { title: "Changes posted from elsewhere", rows: foreign::rows(town).await },
        Group { title: "Another's board", rows: boards::rows(town).await },
        Group { title: "Forms that nobody filled in", rows: forms::rows(town).await },
        Group { title: "Paths, and ways to another site", rows: paths::rows(town).await },
        Group { title: "Heads of requests", rows: headers::rows(town).await },
    ]
}
