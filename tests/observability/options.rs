//! Options that cannot be used are told at start, all at once, by flag and variable.

use std::net::TcpListener;
use std::process::{Command, Output};

use super::server::{Server, command, get, site};

/// Runs it until it gives up, which it must.
fn refused(command: &mut Command) -> (i32, Vec<String>) {
    let Output { status, stderr, .. } = command.output().expect("the program");
    let told = String::from_utf8(stderr).expect("text");
    (status.code().expect("it ended by itself"), told.lines().map(str::to_owned).collect())
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let held = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = held.local_addr().expect("an address").to_string();
    let missing = folder.path().join("nowhere");

    let (code, told) = refused(
        Command::new(env!("CARGO_BIN_EXE_voordeur"))
            .env_clear()
            .env("VOORDEUR_LOG", "loud=please")
            .env("VOORDEUR_CONTACT", "http://example.org/")
            .args(["--addr", &taken, "--metrics", &taken])
            .arg("--data")
            .arg(file.join("data"))
            .arg("--site")
            .arg(&missing)
            .arg("--widgets")
            .arg(&file),
    );
    assert_eq!(code, 2, "{told:#?}");
    let expected = [
        ("--addr (VOORDEUR_ADDR): ", "in use"),
        ("--metrics (VOORDEUR_METRICS): ", "the address of --addr"),
        ("--data (VOORDEUR_DATA): ", "cannot be created"),
        ("--site (VOORDEUR_SITE): ", "pkg/voordeur.css is missing; `make build`"),
        ("--widgets (VOORDEUR_WIDGETS): ", "is not a folder"),
        ("--contact (VOORDEUR_CONTACT): ", "`http://example.org/` is neither"),
        ("--log (VOORDEUR_LOG): ", "`loud=please` cannot be read"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (line, (option, cause)) in told.iter().zip(expected) {
        assert!(line.starts_with(&format!("voordeur: {option}")), "{line}");
        assert!(line.contains(cause), "{line}");
    }
    assert!(!file.with_file_name("voordeur.sqlite").exists(), "nothing was opened");
}

#[test]
fn a_value_that_cannot_be_read_names_flag_and_variable() {
    let folder = tempfile::tempdir().expect("a folder");
    for (variable, value, flag) in [
        ("VOORDEUR_METRICS", "perhaps", "--metrics"),
        ("VOORDEUR_SOURCES", "gateway=http://10.0.0.1/", "--sources"),
    ] {
        let (code, told) = refused(command(folder.path()).env(variable, value));
        let told = told.join("\n");
        assert_eq!(code, 2, "{told}");
        assert!(told.contains(flag) && told.contains(variable), "{told}");
    }
    let (code, told) = refused(command(folder.path()).args(["--log-format", "xml"]));
    let told = told.join("\n");
    assert!(code == 2 && told.contains("--log-format") && told.contains("json"), "{told}");
}

#[tokio::test]
async fn live_without_a_contact_is_told_and_a_log_for_programs_is_json_in_every_line() {
    let (data, site) = (tempfile::tempdir().expect("a folder"), site());
    let server = Server::start(
        command(data.path())
            .args(["--sources", "live", "--log-format", "json", "--site"])
            .arg(site.path()),
    );
    assert_eq!(server.get("/healthz").await.text, "alive\n");
    let log = server.log();
    for line in log.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        for field in ["timestamp", "level", "target", "message"] {
            assert!(line[field].is_string(), "{line}");
        }
    }
    assert!(log.contains("--contact (VOORDEUR_CONTACT) is not set"), "{log}");
}

#[tokio::test]
async fn readiness_says_what_is_missing() {
    let (data, site) = (tempfile::tempdir().expect("a folder"), site());
    let server = Server::start(command(data.path()).arg("--site").arg(site.path()));
    let ready = server.get("/readyz").await;
    assert_eq!((ready.status, ready.text.as_str()), (200, "ready\n"));

    std::fs::remove_file(site.path().join("pkg/voordeur.js")).expect("a file less");
    let until_told = async {
        loop {
            let ready = server.get("/readyz").await;
            if ready.status != 200 {
                break ready;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let ready = tokio::time::timeout(super::server::PATIENCE, until_told).await.expect("in time");
    assert_eq!(ready.status, 503);
    assert_eq!(ready.text, "not ready: pkg/voordeur.js is missing in the folder of --site\n");
    assert_eq!(server.get("/healthz").await.status, 200, "it is alive all the same");
    assert!(server.log().contains("not ready"), "{}", server.log());
}

#[tokio::test]
async fn figures_are_where_the_operator_wants_them() {
    let (data, site) = (tempfile::tempdir().expect("a folder"), site());
    let start = |places: &[&str]| {
        Server::start(command(data.path()).args(places).arg("--site").arg(site.path()))
    };
    let open = start(&[]);
    assert_eq!(open.get("/metrics").await.status, 200);
    open.stop();
    let closed = start(&["--metrics", "off"]);
    assert_eq!(closed.get("/metrics").await.status, 404);
    closed.stop();
    // A port that was free a moment ago.
    let apart = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let apart = apart.expect("a port").to_string();
    let server = start(&["--metrics", &apart]);
    assert_eq!(server.get("/metrics").await.status, 404);
    assert_eq!(get(&format!("http://{apart}/metrics")).await.status, 200);
    assert_eq!(get(&format!("http://{apart}/")).await.status, 404, "nothing else is there");
    server.stop();
}
