//! Backups that somebody prepared, given to an operator.

use std::path::Path;
use std::process::Command;

use voordeur_store::fixtures::execute;
use voordeur_testkit::{Server, temp_dir};

use crate::fixture::{GuestSession, guest};
use crate::raw_http::RawRequest;
use crate::report::{Row, row};

const CARDS: &str = "update board set document = json_object('pages', json_array(json_object(
    'id', 'first', 'name', '', 'icon', 'home', 'cards', (with recursive n(i) as
    (select 1 union all select i + 1 from n where i < 20000) select json_group_array(json_object(
    'id', 'c' || i, 'widget', 'holidays', 'size', 4)) from n))))";

pub async fn rows() -> Vec<Row> {
    let folder = temp_dir();
    let path = |name: &str| folder.path().join(name);
    let mut server = start(&path("data")).await;
    let citizen = guest(&server).await;
    let good = path("good");
    run(&["backup"], &good, &path("data")).expect("is backed up");
    let mut rows = Vec::new();
    for (sent, statement, reason) in [
        (
            "a trigger that empties all boards at the next edit",
            "create trigger t after update on board begin delete from citizen; end",
            "trigger t does not belong there",
        ),
        ("a view", "create view v as select * from citizen", "view v does not belong there"),
        ("a table of its own", "create table extra (id text)", "table extra does not belong there"),
        (
            "another column",
            "alter table citizen add column more text default 'x'",
            "table citizen is another one",
        ),
        ("no index", "drop index citizen_seen", "index citizen_seen is missing"),
        ("a board of 20,000 cards", CARDS, "too many cards"),
        ("garbage in a board", "update board set document = '{{{'", "unreadable rows"),
        (
            "an id with a tag in it",
            "update board set document = replace(document, 'first-', '<script>')",
            "an id has another form",
        ),
        (
            "a revision that cannot go up",
            "update board set revision = 9223372036854775807",
            "a number is out of bounds",
        ),
    ] {
        let file = path("prepared");
        std::fs::copy(&good, &file).expect("is copied");
        execute(&file, &[statement]).await.expect("is prepared");
        for command in ["check-backup", "restore"] {
            let output = run(&[command], &file, &path("other")).expect_err(sent);
            assert!(output.contains(reason), "{sent}: {output}");
        }
        assert!(!path("other").join("voordeur.sqlite").exists(), "{sent}");
        rows.push(row(
            &format!("a backup with {sent}"),
            "exit code 1",
            "refused by `check-backup` and by `restore`, by name",
        ));
    }
    let file = path("prepared");
    std::fs::copy(&good, &file).expect("is copied");
    let unknown = r#"update citizen set interests = '["removed-theme","moving-about"]'"#;
    execute(&file, &[unknown]).await.expect("is prepared");
    server.stop().await.expect("the server stops");
    run(&["restore"], &file, &path("data")).expect("is restored");
    let server = start(&path("data")).await;
    for page in ["/", "/welcome", "/history"] {
        assert_eq!(visit(&server, &citizen, page).await, 200, "{page}");
    }
    rows.push(row(
        "a backup with an interest that no version knows",
        200,
        "restored; what is unknown is left out, and the pages are shown",
    ));
    rows
}

async fn start(data: &Path) -> Server {
    let server = Server::builder(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")));
    let server = server.args(["--sources", "samples"]).data(data);
    server.start().await.expect("the server starts")
}

async fn visit(server: &Server, citizen: &GuestSession, page: &str) -> u16 {
    citizen.with_cookie(RawRequest::get(page)).send(server.address).await.status
}

/// Runs a command of the operator. Its output is the error when it does not end with 0.
fn run(command: &[&str], file: &Path, data: &Path) -> Result<(), String> {
    let mut process: Command =
        voordeur_testkit::command(voordeur_testkit::server_binary(env!("CARGO_BIN_EXE_voordeur")));
    let output = process.args(command).arg(file).arg("--data").arg(data).output();
    let output = output.expect("the command runs");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(text) }
}
