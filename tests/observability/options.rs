//! Invalid options are reported at start, all at once, by flag and variable.

use std::net::TcpListener;
use std::process::{Command, Output};

use voordeur_testkit::{command, temp_dir};

use super::server::{TIMEOUT, get, get_in, server, site, start, stop};

const BINARY: &str = env!("CARGO_BIN_EXE_voordeur");

/// Runs the server until it exits, which it must. Returns the exit code and the lines of standard
/// error.
fn run(command: &mut Command) -> (i32, Vec<String>) {
    let Output { status, stderr, .. } = command.output().expect("the server runs");
    let errors = String::from_utf8(stderr).expect("UTF-8");
    (status.code().expect("an exit code"), errors.lines().map(str::to_owned).collect())
}

#[test]
fn all_invalid_options_are_reported_at_once() {
    let folder = temp_dir();
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = listener.local_addr().expect("an address").to_string();
    let missing = folder.path().join("nowhere");

    let (code, errors) = run(Command::new(BINARY)
        .env_clear()
        .env("VOORDEUR_LOG", "loud=please")
        .env("VOORDEUR_CONTACT", "http://example.org/")
        .args(["--addr", &taken, "--metrics", &taken])
        .arg("--data")
        .arg(file.join("data"))
        .arg("--site")
        .arg(&missing)
        .arg("--widgets")
        .arg(&file));
    assert_eq!(code, 2, "{errors:#?}");
    let expected = [
        ("--addr (VOORDEUR_ADDR): ", "in use"),
        ("--metrics (VOORDEUR_METRICS): ", "the address of --addr"),
        ("--data (VOORDEUR_DATA): ", "cannot be created"),
        ("--site (VOORDEUR_SITE): ", "pkg/voordeur.css is missing; `make build`"),
        ("--widgets (VOORDEUR_WIDGETS): ", "is not a folder"),
        ("--contact (VOORDEUR_CONTACT): ", "`http://example.org/` is neither"),
        ("--log (VOORDEUR_LOG): ", "`loud=please` cannot be read"),
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for (line, (option, cause)) in errors.iter().zip(expected) {
        assert!(line.starts_with(&format!("voordeur: {option}")), "{line}");
        assert!(line.contains(cause), "{line}");
    }
    assert!(!file.with_file_name("voordeur.sqlite").exists(), "a database was created");
}

#[test]
fn an_unreadable_value_is_reported_with_flag_and_variable() {
    let folder = temp_dir();
    for (variable, value, flag) in [
        ("VOORDEUR_METRICS", "perhaps", "--metrics"),
        ("VOORDEUR_SOURCES", "gateway=http://10.0.0.1/", "--sources"),
    ] {
        let (code, errors) =
            run(command(BINARY).arg("--data").arg(folder.path()).env(variable, value));
        let errors = errors.join("\n");
        assert_eq!(code, 2, "{errors}");
        assert!(errors.contains(flag) && errors.contains(variable), "{errors}");
    }
    let (code, errors) = run(command(BINARY).args(["--log-format", "xml"]));
    let errors = errors.join("\n");
    assert!(code == 2 && errors.contains("--log-format") && errors.contains("json"), "{errors}");
}

#[tokio::test]
async fn live_sources_without_a_contact_are_logged_and_every_line_of_a_json_log_is_json() {
    let data = temp_dir();
    let server =
        start(server(data.path()).args(["--sources", "live", "--log-format", "json"])).await;
    assert_eq!(get(&server, "/healthz").await.text, "alive\n");
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
async fn readyz_names_the_missing_file() {
    let (data, site) = (temp_dir(), site());
    let server = start(server(data.path()).site(site.path())).await;
    let ready = get(&server, "/readyz").await;
    assert_eq!((ready.status, ready.text.as_str()), (200, "ready\n"));

    std::fs::remove_file(site.path().join("pkg/voordeur.js")).expect("the file is removed");
    let until_not_ready = async {
        loop {
            let ready = get(&server, "/readyz").await;
            if ready.status != 200 {
                break ready;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    let ready = tokio::time::timeout(TIMEOUT, until_not_ready).await.expect("in time");
    assert_eq!(ready.status, 503);
    assert_eq!(ready.text, "not ready: pkg/voordeur.js is missing in the folder of --site\n");
    assert_eq!(get(&server, "/healthz").await.status, 200, "it is alive all the same");
    assert!(server.log().contains("not ready"), "{}", server.log());
}

#[tokio::test]
async fn metrics_are_served_where_the_operator_wants_them() {
    let data = temp_dir();
    let start_with = async |options: &[&str]| start(server(data.path()).args(options)).await;
    let open = start_with(&[]).await;
    assert_eq!(get(&open, "/metrics").await.status, 200);
    stop(open).await;
    let closed = start_with(&["--metrics", "off"]).await;
    assert_eq!(get(&closed, "/metrics").await.status, 404);
    stop(closed).await;
    // A port that was free just now.
    let separate = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
    let separate = separate.expect("a port").to_string();
    let server = start_with(&["--metrics", &separate]).await;
    assert_eq!(get(&server, "/metrics").await.status, 404);
    assert_eq!(get_in(&format!("http://{separate}/metrics"), "nl").await.status, 200);
    assert_eq!(
        get_in(&format!("http://{separate}/"), "nl").await.status,
        404,
        "no other page is served"
    );
    stop(server).await;
}
