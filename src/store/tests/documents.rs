//! Boards of earlier versions.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::*;

/// A database as the first migration made it, with a board that was edited twice.
async fn first_version(folder: &Path, token: &Token) {
    let migrations = folder.join("migrations");
    std::fs::create_dir(&migrations).expect("a folder");
    let first = "0001_boards.sql";
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(first);
    std::fs::copy(ours, migrations.join(first)).expect("the first migration");
    let options = SqliteConnectOptions::new()
        .filename(folder.join("voordeur.sqlite"))
        .create_if_missing(true);
    let pool = SqlitePool::connect_with(options).await.expect("opens");
    let migrator = sqlx::migrate::Migrator::new(migrations).await.expect("reads");
    migrator.run(&pool).await.expect("migrates");
    sqlx::query(
        "insert into citizen (id, token_hash, language, place, interests, welcomed, created_at, seen_at)
         values ('someone', $1, 'fr', '1850', '[]', 1, 1000, 1000)",
    )
    .bind(token.hash())
    .execute(&pool)
    .await
    .expect("a citizen");
    let [was, then, now] = [
        r#"[{"id":"a","widget":"holidays","size":4},{"id":"b","widget":"air-quality","size":4}]"#,
        r#"[{"id":"b","widget":"air-quality","size":4},{"id":"a","widget":"holidays","size":4}]"#,
        r#"[{"id":"b","widget":"air-quality","size":8,"settings":{"place":"9000"}},{"id":"a","widget":"holidays","size":4}]"#,
    ];
    sqlx::query("insert into board (citizen, revision, cards) values ('someone', 7, $1)")
        .bind(now)
        .execute(&pool)
        .await
        .expect("a board");
    for (revision, before) in [(6, was), (7, then)] {
        sqlx::query("insert into edit (citizen, revision, cards_before, at) values ('someone', $1, $2, 2000)")
            .bind(revision)
            .bind(before)
            .execute(&pool)
            .await
            .expect("an edit");
    }
    pool.close().await;
}

#[tokio::test]
async fn a_board_of_the_first_version_is_read_and_its_edits_can_be_undone() {
    let folder = Folder::new();
    let token = Token::random();
    first_version(&folder.0, &token).await;

    let store = Store::open(&folder.0).await.expect("opens");
    let citizen = store.citizen(&token).await.expect("reads").expect("is known");
    assert_eq!(citizen.place.as_deref(), Some("1850"));
    let board = store.board("someone").await.expect("reads");
    assert_eq!((board.revision, board.pages.len()), (7, 1));
    assert_eq!(board.pages[0].id, FIRST_PAGE);
    assert_eq!(ids(&board), ["b", "a"]);
    let place = board.card("b").and_then(|card| card.settings.get("place")).cloned();
    assert_eq!(place.as_deref(), Some("9000"));

    let history = store.history("someone").await.expect("reads");
    assert_eq!(history.changes.len(), 2);
    assert_eq!(history.in_force, 2);
    let undo = |seen| Submission { seen, tab: "", key: "" };
    let made = store.edit("someone", undo(7), &Edit::Undo).await.expect("undoes");
    assert_eq!(made.board.card("b").map(|card| card.size), Some(4));
    let made = store.edit("someone", undo(8), &Edit::Undo).await.expect("undoes");
    assert_eq!(ids(&made.board), ["a", "b"]);
    for seen in [9, 10] {
        store.edit("someone", undo(seen), &Edit::Redo).await.expect("redoes");
    }
    assert_eq!(super::seen(&store.board("someone").await.expect("reads")), super::seen(&board));
}

#[test]
fn what_is_written_is_read_again() {
    let mut board = Board::starting(vec![card("a"), card("b")]);
    let touch = board::Touch { revision: 3, tab: "t".to_owned() };
    board.pages[0].cards[0].touched.size = touch.clone();
    board.pages[0].touched.name = touch.clone();
    board.take(Spot { page: 0, index: 1 }, &touch);
    let again = document::read(0, &document::write(&board).expect("writes")).expect("reads");
    assert_eq!(again, board);
    let nothing = document::read(4, r#"{"pages":[]}"#).expect("reads");
    assert_eq!((nothing.pages.len(), nothing.revision), (1, 4));
    assert!(document::read(0, r#"{"cards":"#).is_err());
}
