//! Copies of the store: made while it is edited, checked, and put back.

use sqlx::{ConnectOptions, Connection};

use super::backup::{BackupError, back_up, check, restore};
use super::*;

/// Changes the rows of a file that no server uses.
async fn spoil(file: &std::path::Path, statement: &'static str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let mut connection = options.connect().await.expect("opens");
    sqlx::query(statement).execute(&mut connection).await.expect("is done");
    connection.close().await.expect("closes");
}

fn said<T: std::fmt::Debug>(result: Result<T, BackupError>) -> String {
    result.expect_err("fails").to_string()
}

fn names(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_holds_every_edit_that_was_acknowledged_before_it_and_goes_back() {
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
    let told = back_up(&fixture.folder.0, &file, false).await.expect("copies");
    assert_eq!((told.schema, told.boards), (4, 1));
    assert_eq!(check(&file).await.expect("is good"), told);
    assert_eq!(names(&elsewhere.0), ["backup"]);
    editing.await.expect("edits on");

    // While a server uses the folder it is not touched.
    let now = fixture.board().await;
    assert!(
        said(restore(&file, &fixture.folder.0).await).ends_with("a server uses it; stop it first")
    );
    assert_eq!(fixture.board().await, now);

    let other = TempFolder::new();
    restore(&file, &other.0).await.expect("puts it into a folder of its own");
    let store = Store::open(&other.0).await.expect("opens");
    let board = store.board(&fixture.citizen).await.expect("reads");
    assert!(board.revision >= before && board.revision < 120);
    let undo = Submission { base_revision: board.revision, tab: "", key: "" };
    store.edit(&fixture.citizen, undo, &Edit::Undo).await.expect("undoes");
}

#[tokio::test]
async fn what_was_there_before_a_restore_is_kept_with_its_last_edits() {
    let fixture = Fixture::with(&["a", "b"]).await;
    let elsewhere = TempFolder::new();
    let file = elsewhere.0.join("backup");
    back_up(&fixture.folder.0, &file, false).await.expect("copies");
    fixture.now(&later("a")).await;
    let Fixture { store, citizen, folder, .. } = fixture;
    store.close().await;
    drop(store);

    let before = restore(&file, &folder.0).await.expect("restores").before.expect("is kept");
    let store = Store::open(&folder.0).await.expect("opens");
    assert_eq!(ids(&store.board(&citizen).await.expect("reads")), ["a", "b"]);
    store.close().await;
    drop(store);

    restore(&before, &folder.0).await.expect("goes back");
    let store = Store::open(&folder.0).await.expect("opens");
    assert_eq!(ids(&store.board(&citizen).await.expect("reads")), ["b", "a"]);
}

#[tokio::test]
async fn a_store_that_was_killed_keeps_its_log_when_it_is_set_aside() {
    let fixture = Fixture::with(&["a", "b"]).await;
    let elsewhere = TempFolder::new();
    let file = elsewhere.0.join("backup");
    back_up(&fixture.folder.0, &file, false).await.expect("copies");
    fixture.now(&later("a")).await;
    // As a kill leaves it: what stands in the folder at one moment, the log not yet in the database.
    let killed = TempFolder::new();
    for name in ["voordeur.sqlite", "voordeur.sqlite-wal"] {
        std::fs::copy(fixture.folder.0.join(name), killed.0.join(name)).expect("copies");
    }
    assert!(said(check(&killed.0.join("voordeur.sqlite")).await).contains("no backup"));
    let before = restore(&file, &killed.0).await.expect("restores").before.expect("is kept");
    let store = Store::open(&killed.0).await.expect("opens");
    assert_eq!(ids(&store.board(&fixture.citizen).await.expect("reads")), ["a", "b"]);
    store.close().await;
    drop(store);
    restore(&before, &killed.0).await.expect("goes back");
    let store = Store::open(&killed.0).await.expect("opens");
    assert_eq!(ids(&store.board(&fixture.citizen).await.expect("reads")), ["b", "a"]);
}

#[tokio::test]
async fn a_file_is_replaced_only_when_that_is_wanted_and_only_by_a_good_one() {
    let fixture = Fixture::with(&["a"]).await;
    let elsewhere = TempFolder::new();
    let file = elsewhere.0.join("backup");
    std::fs::write(&file, "precious").expect("writes");
    assert!(said(back_up(&fixture.folder.0, &file, false).await).contains("--replace"));
    let nothing = TempFolder::new();
    assert!(said(back_up(&nothing.0, &file, true).await).contains("there is no store"));
    fixture.store.close().await;
    spoil(&fixture.folder.0.join(database::FILE), "update board set document = '{'").await;
    assert!(said(back_up(&fixture.folder.0, &file, true).await).contains("1 of its rows"));
    assert_eq!(std::fs::read_to_string(&file).expect("reads"), "precious");
    spoil(&fixture.folder.0.join(database::FILE), "update board set document = '[]'").await;
    back_up(&fixture.folder.0, &file, true).await.expect("copies");
    check(&file).await.expect("is good");
    assert_eq!(names(&elsewhere.0), ["backup"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it is its owner's alone");
    }
}

#[tokio::test]
async fn a_bad_backup_is_told_and_never_put_back() {
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
    let restored = async |flaw: &str| {
        assert!(said(check(&bad).await).contains(flaw), "{flaw}");
        assert!(said(restore(&bad, &folder.0).await).contains(flaw), "{flaw}");
    };
    restored("No such file").await;
    std::fs::write(&bad, "a letter to the mayor ".repeat(400)).expect("writes");
    restored("no store of Voordeur").await;
    std::fs::write(&bad, "").expect("writes");
    restored("no store of Voordeur").await;
    std::fs::write(&bad, &bytes[..bytes.len() / 2]).expect("writes");
    restored("it ").await;
    let mut torn = bytes.clone();
    let middle = torn.len() / 4;
    torn[middle..middle * 3].fill(0);
    std::fs::write(&bad, torn).expect("writes");
    restored("it ").await;
    for (statement, flaw) in [
        ("update change set deed = 'nothing'", "1 of its rows cannot be read"),
        ("delete from citizen", "rows belong to nobody"),
        ("update _sqlx_migrations set version = 99 where version = 4", "its schema 99"),
        ("drop table _sqlx_migrations", "no store of Voordeur"),
    ] {
        std::fs::write(&bad, &bytes).expect("writes");
        spoil(&bad, statement).await;
        restored(flaw).await;
    }
    assert_eq!(std::fs::read(folder.0.join(database::FILE)).expect("reads"), before);
}
