//! Attacks on pages, forms and connections, against the real binary over loopback. docs/ATTACKS.md
//! has the results.

mod backups;
mod board_files;
mod boards;
mod clocks;
mod connections;
mod cookies;
mod disk;
mod fixture;
mod foreign;
mod forms;
mod headers;
mod hostile_answers;
mod limits;
mod logs;
mod markup;
mod own_cards;
mod paths;
mod raw_http;
mod report;
mod routes;
mod scripts;
mod slow;
mod typed_lengths;

use fixture::Fixture;
use report::{Group, compare_with_docs};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn docs_attacks_has_the_response_to_every_attack() {
    let fixture = Fixture::start().await;
    // The groups with servers of their own mostly wait, so they run beside the others.
    let (mut groups, slow, limits, hostile) =
        tokio::join!(attack(&fixture), slow::rows(), limits::rows(), hostile_answers::rows());
    groups.push(Group { title: "Answers of services that cost much", rows: hostile });
    groups.push(Group { title: "Slow and many connections", rows: slow });
    groups.push(Group { title: "Too many, and behind a proxy", rows: limits });
    groups.push(Group { title: "A clock that is wrong", rows: clocks::rows().await });
    groups.push(Group { title: "Filling the disk", rows: disk::rows().await });
    groups.push(Group { title: "Backups that somebody prepared", rows: backups::rows().await });
    // These measure memory and open many files, so they run alone.
    groups.push(Group {
        title: "One client that holds what it can",
        rows: connections::rows().await,
    });
    let mut log = boards::log(&fixture);
    log.extend(logs::rows().await);
    groups.push(Group { title: "What is left in the log", rows: log });
    compare_with_docs(&groups);
}

async fn attack(fixture: &Fixture) -> Vec<Group> {
    vec![
        Group { title: "Script in what a citizen types", rows: scripts::typed(fixture).await },
        Group { title: "Script in what a service says", rows: scripts::said(fixture).await },
        Group {
            title: "Script in an address or a header",
            rows: scripts::reflected(fixture).await,
        },
        Group { title: "Changes posted from elsewhere", rows: foreign::rows(fixture).await },
        Group { title: "Another's board", rows: boards::rows(fixture).await },
        Group { title: "Cookies beside ours", rows: cookies::rows(fixture).await },
        Group { title: "Forms that nobody filled in", rows: forms::rows(fixture).await },
        Group { title: "Texts that are too long", rows: typed_lengths::rows(fixture).await },
        Group { title: "Cards of one's own", rows: own_cards::rows(fixture).await },
        Group { title: "Files of boards", rows: board_files::rows(fixture).await },
        Group { title: "Paths, and ways to another site", rows: paths::rows(fixture).await },
        Group { title: "Heads of requests", rows: headers::rows(fixture).await },
    ]
}
