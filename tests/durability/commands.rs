//! The commands of operators, as they are typed.

use reqwest::StatusCode;
use tempfile::TempDir;

use super::server::{Server, run};
use super::tab::{Guest, client};

#[tokio::test]
async fn a_backup_is_made_while_the_server_runs_and_restored_when_it_is_stopped() {
    let folder = TempDir::new().expect("a folder");
    let data = folder.path().join("data").display().to_string();
    let file = folder.path().join("backup.sqlite").display().to_string();
    let client = client();
    let mut server = Server::start(data.as_ref());
    let guest = Guest::arrive(&client, &server.url).await;
    guest.add_page(&server.url, "Bewaard").await;

    let (code, said) = run(&["backup", &file, "--data", &data]);
    assert_eq!((code, said.contains("1 boards, 1 changes")), (0, true), "{said}");
    let (code, said) = run(&["--data", &data, "backup", &file]);
    assert_eq!((code, said.contains("--replace")), (1, true), "{said}");
    let (code, said) = run(&["--data", &data, "backup", "--replace", &file]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&["check-backup", &file]);
    assert_eq!((code, said.contains("a good backup")), (0, true), "{said}");
    let (code, said) = run(&["check-backup", &format!("{file}.missing")]);
    assert_eq!((code, said.contains("backup.sqlite.missing: ")), (1, true), "{said}");
    assert_eq!(run(&["check-backup"]).0, 2);

    guest.add_page(&server.url, "Verloren").await;
    let (code, said) = run(&["restore", &file, "--data", &data]);
    assert_eq!((code, said.contains("stop it first")), (1, true), "{said}");
    server.kill();
    let (code, said) = run(&["restore", &file, "--data", &data]);
    assert_eq!((code, said.contains("What was there before")), (0, true), "{said}");
    let server = Server::start(data.as_ref());
    let (status, page) = guest.get(&server.url, "/").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Bewaard") && !page.contains("Verloren"));
}
