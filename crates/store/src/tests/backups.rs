//! Backups: written during edits, verified, and restored.

use sqlx::{ConnectOptions, Connection};

use super::backup::{BackupError, back_up, check, restore};
use super::*;

/// Corrupts a closed database.
async fn corrupt(file: &std::path::Path, statement: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let mut connection = options.connect().await.expect("opens");
    sqlx::query(statement).execute(&mut connection).await.expect("executes");
    connection.close().await.expect("closes");
}

/// The messages of an error and its sources.
fn message<T: std::fmt::Debug>(result: Result<T, BackupError>) -> String {
    let error = result.expect_err("fails");
    let mut message = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        message = format!("{message}: {error}");
        source = error.source();
    }
    message
}

fn file_names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_during_edits_has_all_acknowledged_edits_and_can_be_restored() {
    let fixture = Arc::new(Fixture::with(&["a", "b", "c"]).await);
    let elsewhere = TempFolder::new();
    let file = elsewhere.0.join("backup");
    let editing = tokio::spawn({
        let fixture = Arc::clone(&fixture);
        async move {
            for _ in 0..60 {
                fixture.now(&later("a")).await;
                fixture.now(&moving("a", Direction::First)).await;
            }
        }
    });
    while fixture.board().await.revision < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let before = fixture.board().await.revision;
    let summary = back_up(&fixture.folder.0, &file, false).await.expect("copies");
    assert_eq!((summary.schema, summary.boards), (7, 1));
    assert_eq!(check(&file).await.expect("is valid"), summary);
    assert_eq!(file_names(&elsewhere.0), ["backup"]);
    editing.await.expect("no panic");

    // A running server blocks the restore.
    let now = fixture.board().await;
    assert!(
        message(restore(&file, &fixture.folder.0).await)
            .ends_with("in use by a server; stop it first")
    );
    assert_eq!(fixture.board().await, now);

    let other = TempFolder::new();
    restore(&file, &other.0).await.expect("restores");
    let store = Store::open(&other.0).await.expect("opens");
    let board = store.board(&fixture.citizen).await.expect("reads");
    assert!(board.revision >= before && board.revision < 120);
    let undo = Submission { base_revision: board.revision, tab: "", key: "" };
    store.edit(&fixture.citizen, undo, &Edit::Undo).await.expect("undoes");
}

#[tokio::test]
async fn a_restore_keeps_the_previous_database() {
    let fixture = Fixture::with(&["a", "b"]).await;
    let elsewhere = TempFolder::new();
    let file = elsewhere.0.join("backup");
    back_up(&fixture.folder.0, &file, false).await.expect("copies");
    fixture.now(&later("a")).await;
    let Fixture { store, citizen, folder, .. } = fixture;
    store.close().await;
    drop(store);

    let before =
        restore(&file, &folder.0).await.expect("restores").previous_database.expect("is set aside");
    let store = Store::open(&folder.0).await.expect("opens");
    assert_eq!(ids(&store.board(&citizen).await.expect("reads")), ["a", "b"]);
    store.close().await;
    drop(store);

    restore(&before, &folder.0).await.expect("restores");
    let store = Store::open(&folder.0).await.expect("opens");
    assert_eq!(ids(&store.board(&citizen).await.expect("reads")), ["b", "a"]);
}

#[tokio::test]
async fn a_restore_after_a_crash_keeps_the_log_of_the_previous_database() {
    let fixture = Fixture::with(&["a", "b"]).await;
    let elsewhere = TempFolder::new();
    let file = elsewhere.0.join("backup");
    back_up(&fixture.folder.0, &file, false).await.expect("copies");
    fixture.now(&later("a")).await;
    // As a crash leaves it: a copy of the files at one moment, with changes only in the log.
    let killed = TempFolder::new();
    for name in ["voordeur.sqlite", "voordeur.sqlite-wal"] {
        std::fs::copy(fixture.folder.0.join(name), killed.0.join(name)).expect("copies");
    }
    assert!(message(check(&killed.0.join("voordeur.sqlite")).await).contains("not a backup"));
    let before =
        restore(&file, &killed.0).await.expect("restores").previous_database.expect("is set aside");
    let store = Store::open(&killed.0).await.expect("opens");
    assert_eq!(ids(&store.board(&fixture.citizen).await.expect("reads")), ["a", "b"]);
    store.close().await;
    drop(store);
    restore(&before, &killed.0).await.expect("restores");
    let store = Store::open(&killed.0).await.expect("opens");
    assert_eq!(ids(&store.board(&fixture.citizen).await.expect("reads")), ["b", "a"]);
}

#[tokio::test]
async fn a_backup_replaces_a_file_only_with_replace_and_only_when_verified() {
    let fixture = Fixture::with(&["a"]).await;
    let elsewhere = TempFolder::new();
    let file = elsewhere.0.join("backup");
    std::fs::write(&file, "precious").expect("writes");
    assert!(message(back_up(&fixture.folder.0, &file, false).await).contains("--replace"));
    let nothing = TempFolder::new();
    assert!(message(back_up(&nothing.0, &file, true).await).contains("no database in this folder"));
    fixture.store.close().await;
    corrupt(&fixture.folder.0.join(database::FILE), "update board set document = '{'").await;
    assert!(message(back_up(&fixture.folder.0, &file, true).await).contains("1 unreadable rows"));
    assert_eq!(std::fs::read_to_string(&file).expect("reads"), "precious");
    corrupt(&fixture.folder.0.join(database::FILE), "update board set document = '[]'").await;
    back_up(&fixture.folder.0, &file, true).await.expect("copies");
    check(&file).await.expect("is valid");
    assert_eq!(file_names(&elsewhere.0), ["backup"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "readable by the owner alone");
    }
}

#[tokio::test]
async fn an_invalid_backup_is_reported_and_not_restored() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.now(&later("a")).await;
    let elsewhere = TempFolder::new();
    let good = elsewhere.0.join("good");
    back_up(&fixture.folder.0, &good, false).await.expect("copies");
    fixture.store.close().await;
    let Fixture { folder, store, .. } = fixture;
    drop(store);
    let before = std::fs::read(folder.0.join(database::FILE)).expect("reads");

    let bytes = std::fs::read(&good).expect("reads");
    let bad = elsewhere.0.join("bad");
    let rejected = async |reason: &str| {
        assert!(message(check(&bad).await).contains(reason), "{reason}");
        assert!(message(restore(&bad, &folder.0).await).contains(reason), "{reason}");
    };
    rejected("No such file").await;
    std::fs::write(&bad, "a letter to the mayor ".repeat(400)).expect("writes");
    rejected("not a database of Voordeur").await;
    std::fs::write(&bad, "").expect("writes");
    rejected("not a database of Voordeur").await;
    std::fs::write(&bad, &bytes[..bytes.len() / 2]).expect("writes");
    rejected("not a valid backup").await;
    let mut torn = bytes.clone();
    let middle = torn.len() / 4;
    torn[middle..middle * 3].fill(0);
    std::fs::write(&bad, torn).expect("writes");
    rejected("not a valid backup").await;
    for (statement, reason) in [
        ("update change set deed = 'nothing'", "1 unreadable rows"),
        ("delete from citizen", "foreign-key violations"),
        ("update _sqlx_migrations set version = 99 where version = 7", "unknown schema 99"),
        ("drop table _sqlx_migrations", "not a database of Voordeur"),
    ] {
        std::fs::write(&bad, &bytes).expect("writes");
        corrupt(&bad, statement).await;
        rejected(reason).await;
    }
    assert_eq!(std::fs::read(folder.0.join(database::FILE)).expect("reads"), before);
}
