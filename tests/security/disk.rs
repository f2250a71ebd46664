//! Clients that fill the disk, and a disk that is nearly full.

use std::path::Path;

use voordeur_testkit::{Server, temp_dir};

use crate::fixture::{GuestSession, HOSTILE, guest, query, widgets};
use crate::markup::dangers;
use crate::raw_http::{RawRequest, RawResponse};
use crate::report::{Row, row};

const CARDS: usize = 52;

pub async fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let folder = temp_dir();
    let data = folder.path().join("data");
    let server = start(&data, &[]).await;
    rows.extend(long_settings(&server, &data).await);
    rows.push(interests(&server, &data).await);
    drop(server);
    rows.extend(low_space().await);
    rows
}

async fn start(data: &Path, options: &[&str]) -> Server {
    let server = Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")))
        .args(["--sources", "samples"]);
    let server = server.args(["--widgets"]).args([widgets("widgets")]).args(options).data(data);
    server.start().await.expect("the server starts")
}

/// The database and its log, in bytes.
fn stored_bytes(data: &Path) -> u64 {
    let bytes = |name: &str| std::fs::metadata(data.join(name)).map_or(0, |file| file.len());
    bytes("voordeur.sqlite") + bytes("voordeur.sqlite-wal")
}

/// A change that another tab cannot have made meanwhile.
async fn change(
    server: &Server,
    guest: &GuestSession,
    target: &str,
    fields: &[(&str, &str)],
) -> RawResponse {
    let fields = [fields, &[("revision", "1000000000")]].concat();
    guest.with_cookie(RawRequest::post(target, &fields)).send(server.address).await
}

async fn long_settings(server: &Server, data: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    let attacker = guest(server).await;
    let mut cards = Vec::new();
    for _ in 0..CARDS {
        let added = change(server, &attacker, "/cards", &[("widget", HOSTILE)]).await;
        cards.push(query(&added, "card"));
    }
    let configure = async |card: &str, address: &str| {
        let fields = [("setting-address", address)];
        change(server, &attacker, &format!("/cards/{card}/settings"), &fields).await
    };
    let emoji = |number: usize| format!("https://a.be/{}", "🚲".repeat(number));
    let too_long = configure(&cards[0], &emoji(1_900)).await;
    assert_eq!(too_long.status, 422);
    assert!(too_long.body.contains(&emoji(1_900)), "what was typed is still there");
    rows.push(row(
        "an address of 1,900 emoji, four bytes each",
        too_long.status,
        "2,000 bytes are the most for any setting; the form comes back with the words in it",
    ));
    let mut last = too_long;
    for round in 0..4 {
        for card in &cards {
            last = configure(card, &format!("{}{round}", emoji(490))).await;
        }
    }
    assert_eq!(last.status, 422);
    assert!(last.body.contains(&emoji(490)), "what was typed is still there");
    rows.push(row(
        &format!("{CARDS} cards with the longest addresses, again and again"),
        last.status,
        "64 KiB are the most for a board: the field says so, with the words in it",
    ));
    let removed = change(server, &attacker, &format!("/cards/{}/remove", cards[0]), &[]).await;
    assert_eq!(removed.status, 303);
    let bytes = stored_bytes(data);
    assert!(bytes < 6_000_000, "{bytes}");
    rows.push(row(
        "the store after all of that",
        "less than 6 MB",
        "a guest and their history have bounds in bytes; most of it is the log, which is reused",
    ));
    rows
}

async fn interests(server: &Server, data: &Path) -> Row {
    let repeated = "interest=work-and-money&".repeat(250);
    let kind = "application/x-www-form-urlencoded";
    let answered = RawRequest::post_raw("/welcome", kind, repeated.as_bytes());
    let answered = answered.send(server.address).await;
    assert_eq!(answered.status, 303);
    let longest = "select max(length(interests)) from citizen";
    let longest = voordeur_store::fixtures::number(data, longest).await.expect("is read");
    assert!(longest < 200, "{longest}");
    row("250 times the same interest", answered.status, "each is stored once")
}

async fn low_space() -> Vec<Row> {
    let folder = temp_dir();
    let data = folder.path().join("data");
    let mut server = start(&data, &[]).await;
    let known = guest(&server).await;
    server.stop().await.expect("the server stops");
    // No disk is wholly free.
    let server = start(&data, &["--min-free-space", "100%"]).await;
    let board = RawRequest::get("/").send(server.address).await;
    let skip = || RawRequest::post("/welcome", &[("answer", "skip")]);
    let refused = skip().send(server.address).await;
    assert!(refused.status == 503 && refused.header("set-cookie").is_none());
    assert!(refused.header("retry-after").is_some());
    for word in ["geen plaats", "plus de place", "kein Platz", "no room"] {
        assert!(refused.body.contains(word), "{word}");
    }
    assert_eq!(dangers(&refused), Vec::<String>::new());
    skip().send(server.address).await;
    assert_eq!(server.log_count("disk space is low"), 1, "said once");
    let edited = change(&server, &known, "/cards", &[("widget", HOSTILE)]).await;
    assert_eq!((board.status, edited.status), (200, 303));
    vec![
        row(
            "a new guest while less disk space is free than `--min-free-space`",
            refused.status,
            "no board is made; a page says so in four languages, and the log once",
        ),
        row(
            "meanwhile, a page for somebody new and a change of a known guest",
            format!("{}, {}", board.status, edited.status),
            "looking needs no space, and the guests there are go on editing",
        ),
    ]
}
