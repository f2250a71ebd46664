//! The operator's commands, as typed in a shell.

use voordeur_testkit::temp_dir;

use super::editor::GuestClient;
use super::server::{run, start};

#[tokio::test]
async fn a_backup_is_made_while_the_server_runs_and_restored_after_it_stopped() {
    let folder = temp_dir();
    let data = folder.path().join("data").display().to_string();
    let file = folder.path().join("backup.sqlite").display().to_string();
    let mut server = start(data.as_ref()).await;
    let guest = GuestClient::arrive(&server.url()).await;
    guest.add_page(&server.url(), "Bewaard").await;

    let (code, output) = run(&["backup", &file, "--data", &data]);
    assert_eq!((code, output.contains("1 boards, 1 changes")), (0, true), "{output}");
    let (code, output) = run(&["--data", &data, "backup", &file]);
    assert_eq!((code, output.contains("--replace")), (1, true), "{output}");
    let (code, output) = run(&["--data", &data, "backup", "--replace", &file]);
    assert_eq!(code, 0, "{output}");
    let (code, output) = run(&["check-backup", &file]);
    assert_eq!((code, output.contains("a good backup")), (0, true), "{output}");
    let (code, output) = run(&["check-backup", &format!("{file}.missing")]);
    assert_eq!((code, output.contains("backup.sqlite.missing: ")), (1, true), "{output}");
    assert_eq!(run(&["check-backup"]).0, 2);

    guest.add_page(&server.url(), "Verloren").await;
    let (code, output) = run(&["restore", &file, "--data", &data]);
    assert_eq!((code, output.contains("stop it first")), (1, true), "{output}");
    server.kill().await.expect("the server is killed");
    let (code, output) = run(&["restore", &file, "--data", &data]);
    assert_eq!((code, output.contains("What was there before")), (0, true), "{output}");
    let server = start(data.as_ref()).await;
    let (status, page) = guest.get(&server.url(), "/").await;
    assert_eq!(status, 200);
    assert!(page.contains("Bewaard") && !page.contains("Verloren"));
}
