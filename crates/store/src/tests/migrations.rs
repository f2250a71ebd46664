//! Databases of earlier schemas: this version opens each with its boards, history and undo.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::database::{FILE, MIGRATIONS, write_options};
use super::*;
use crate::appearance::{Density, Look};

/// A board before its last two edits and after each, in the format without pages (schema 1).
const CARDS: [&str; 3] = [
    r#"[{"id":"a","widget":"holidays","size":4},{"id":"b","widget":"air-quality","size":4}]"#,
    r#"[{"id":"b","widget":"air-quality","size":4},{"id":"a","widget":"holidays","size":4}]"#,
    r#"[{"id":"b","widget":"air-quality","size":8,"settings":{"place":"9000"}},{"id":"a","widget":"holidays","size":4}]"#,
];

/// The same with pages, as written since schema 2.
const PAGES: [&str; 3] = [
    r#"{"pages":[{"id":"first","name":"","icon":"home","cards":[{"id":"a","widget":"holidays","size":4,"settings":{}},{"id":"b","widget":"air-quality","size":4,"settings":{}}]}],"gone":[]}"#,
    r#"{"pages":[{"id":"first","name":"","icon":"home","cards":[{"id":"b","widget":"air-quality","size":4,"settings":{}},{"id":"a","widget":"holidays","size":4,"settings":{}}]}],"gone":[]}"#,
    r#"{"pages":[{"id":"first","name":"","icon":"home","cards":[{"id":"b","widget":"air-quality","size":8,"settings":{"place":"9000"},"touched":{"place":{"revision":6,"tab":"t"},"size":{"revision":7,"tab":"t"}}},{"id":"a","widget":"holidays","size":4,"settings":{}}]}],"gone":[{"card":{"id":"c","widget":"water-level","size":3,"settings":{}},"page":"first","index":1,"touch":{"revision":5,"tab":""}}]}"#,
];

/// An empty database of an earlier schema.
async fn create_with_schema(folder: &Path, schema: i64) -> SqliteConnection {
    let options = write_options(&folder.join(FILE)).create_if_missing(true);
    let mut connection = options.connect().await.expect("opens");
    MIGRATIONS.run_direct(Some(schema), &mut connection, false).await.expect("migrates");
    connection
}

async fn insert(connection: &mut SqliteConnection, statement: &'static str, values: &[&str]) {
    let mut insert = sqlx::query(statement);
    for value in values {
        insert = insert.bind((*value).to_owned());
    }
    insert.execute(connection).await.expect("writes");
}

/// A database of an earlier schema with a guest whose board was edited.
async fn create_filled(schema: i64, folder: &Path, token: &Token) {
    let mut store = create_with_schema(folder, schema).await;
    insert(
        &mut store,
        r#"insert into citizen (id, token_hash, language, place, interests, welcomed, created_at, seen_at)
           values ('someone', $1, 'fr', '1850', '["moving-about"]', 1, 1000, unixepoch())"#,
        &[&token.hash()],
    )
    .await;
    if schema == 1 {
        let board = "insert into board (citizen, revision, cards) values ('someone', 7, $1)";
        insert(&mut store, board, &[CARDS[2]]).await;
        let edits = "insert into edit (citizen, revision, cards_before, at)
                     values ('someone', 6, $1, 2000), ('someone', 7, $2, 3000)";
        insert(&mut store, edits, &[CARDS[0], CARDS[1]]).await;
    } else {
        let board =
            "insert into board (citizen, revision, document, change) values ('someone', 7, $1, 2)";
        insert(&mut store, board, &[PAGES[2]]).await;
        let changes = r#"insert into change (citizen, number, deed, at, before, after) values
            ('someone', 1, '{"did":"moved","widget":"holidays","position":2}', 2000, $1, $2),
            ('someone', 2, '{"did":"resized","widget":"air-quality","size":8}', 3000, $2, $3)"#;
        insert(&mut store, changes, &PAGES).await;
        let applied =
            "insert into applied (citizen, number, submission, revision, tab, made, subject)
                       values ('someone', 1, $1, 7, 't', 1, 'b')";
        // As versions with twelve columns wrote it.
        let edit = r#"{"Resize":{"card":"b","size":8}}"#;
        insert(&mut store, applied, &[&token::digest(&format!("a key\n{edit}"))]).await;
    }
    if schema >= 3 {
        insert(&mut store, "update citizen set look = 'dark', density = 'dense'", &[]).await;
    }
    store.close().await.expect("closes");
}

#[tokio::test]
async fn databases_of_earlier_schemas_are_migrated_with_undo() {
    for schema in [1, 2, 3, 4, 5, 6] {
        let folder = TempFolder::new();
        let token = Token::random();
        create_filled(schema, &folder.0, &token).await;

        let store = Store::open(&folder.0).await.expect("opens");
        let citizen = store.citizen(&token).await.expect("reads").expect("exists");
        assert_eq!(citizen.place.as_deref(), Some("1850"));
        assert_eq!(citizen.interests, [Theme::MovingAbout]);
        if schema >= 3 {
            let appearance = citizen.appearance;
            assert_eq!((appearance.look, appearance.density), (Look::Dark, Density::Dense));
        }
        let board = store.board("someone").await.expect("reads");
        assert_eq!((board.revision, board.pages.len()), (7, 1), "schema {schema}");
        assert_eq!(board.pages[0].id, FIRST_PAGE);
        assert_eq!(ids(&board), ["b", "a"]);
        let place = board.card("b").and_then(|card| card.settings.get("place")).cloned();
        assert_eq!(place.as_deref(), Some("9000"));
        assert_eq!(board.removed_card("c").is_some(), schema >= 2);

        let history = store.history("someone").await.expect("reads");
        assert_eq!((history.changes.len(), history.current_change), (2, 2));
        let summary = match schema {
            1 => ChangeSummary::Changed,
            _ => ChangeSummary::Resized { widget: "air-quality".to_owned(), size: CardWidth::Wide },
        };
        assert_eq!(history.changes[1].summary, summary);
        if schema >= 2 {
            // An edit that an earlier version acknowledged is not applied again.
            let same = Submission { base_revision: 6, tab: "t", key: "a key" };
            let made =
                store.edit("someone", same, &resize("b", CardWidth::Wide)).await.expect("exists");
            assert_eq!(made.board.revision, 7);
        }
        let undo = |revision| Submission { base_revision: revision, tab: "", key: "" };
        let made = store.edit("someone", undo(7), &Edit::Undo).await.expect("undoes");
        assert_eq!(made.board.card("b").map(|card| card.size), Some(CardWidth::Narrow));
        let made = store.edit("someone", undo(8), &Edit::Undo).await.expect("undoes");
        assert_eq!(ids(&made.board), ["a", "b"]);
        for revision in [9, 10] {
            store.edit("someone", undo(revision), &Edit::Redo).await.expect("redoes");
        }
        assert_eq!(
            visible_pages(&store.board("someone").await.expect("reads")),
            visible_pages(&board)
        );
        let made = store.edit("someone", undo(11), &remove("a")).await.expect("edits");
        assert_eq!(ids(&made.board), ["b"]);
    }
}

#[tokio::test]
async fn a_history_of_whole_boards_and_differences_is_gone_through_in_both_directions() {
    let folder = TempFolder::new();
    let token = Token::random();
    create_filled(4, &folder.0, &token).await;
    let store = Store::open(&folder.0).await.expect("opens");
    let go = async |edit: Edit| {
        let base_revision = store.board("someone").await.expect("reads").revision;
        let submission = Submission { base_revision, tab: "", key: "" };
        let made = store.edit("someone", submission, &edit).await.expect("succeeds");
        visible_pages(&made.board)
    };
    let mut boards = vec![go(Edit::GoTo { number: 0 }).await];
    for number in [1, 2] {
        boards.push(go(Edit::GoTo { number }).await);
    }
    boards.push(go(resize("a", CardWidth::Full)).await);
    boards.push(go(remove("b")).await);
    for number in [0, 4, 1, 3, 2, 0, 3] {
        let pages = go(Edit::GoTo { number }).await;
        assert_eq!(pages, boards[number as usize], "after change {number}");
    }
}

#[tokio::test]
async fn days_of_earlier_visits_count_as_observed_with_the_days_between_them() {
    let folder = TempFolder::new();
    let mut store = create_with_schema(&folder.0, 4).await;
    for (created, seen) in [(10, 13), (13, 20), (30, 30), (10, 38)] {
        let guest = format!(
            "insert into citizen (id, token_hash, interests, welcomed, created_at, seen_at)
             values ('c{seen}', '{}', '[]', 1, {created} * 86400 + 5, {seen} * 86400 + 86399)",
            Token::random().hash()
        );
        let guest = sqlx::query(sqlx::AssertSqlSafe(guest));
        guest.execute(&mut store).await.expect("writes");
    }
    store.close().await.expect("closes");
    let store = Store::open(&folder.0).await.expect("opens");
    let days: Vec<i64> = sqlx::query_scalar("select day from observed_day order by day")
        .fetch_all(&*store.database.readers())
        .await
        .expect("reads");
    assert_eq!(days, (10..=20).chain([30, 38]).collect::<Vec<i64>>());
}

#[tokio::test]
async fn backups_of_earlier_schemas_are_verified_and_restored() {
    for schema in [1, 2, 3, 4, 5, 6] {
        let (old, new) = (TempFolder::new(), TempFolder::new());
        let token = Token::random();
        create_filled(schema, &old.0, &token).await;
        let summary = backup::restore(&old.0.join(FILE), &new.0).await.expect("restores").summary;
        assert_eq!((summary.schema, summary.boards, summary.changes), (schema, 1, 2));
        let store = Store::open(&new.0).await.expect("opens");
        assert_eq!(ids(&store.board("someone").await.expect("reads")), ["b", "a"]);
    }
}

#[tokio::test]
async fn a_database_of_a_newer_schema_is_rejected_unchanged() {
    let fixture = Fixture::with(&["a"]).await;
    let Fixture { store, folder, .. } = fixture;
    store.close().await;
    drop(store);
    let file = folder.0.join(FILE);
    let mut newer = write_options(&file).connect().await.expect("opens");
    let migration =
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
                     values (99, 'accounts', true, x'00', 0)";
    insert(&mut newer, migration, &[]).await;
    newer.close().await.expect("closes");
    let before = std::fs::read(&file).expect("reads");

    let Err(error) = Store::open(&folder.0).await else { panic!("it opens") };
    assert!(matches!(error, StoreError::NewerSchema(99)), "{error:?}");
    assert!(error.to_string().contains("newer version"), "{error}");
    assert!(std::fs::read(&file).expect("reads") == before, "unchanged");
}

#[test]
fn released_migrations_never_change() {
    let assert_checksum = |version: i64, begin: &str| {
        let migration = MIGRATIONS.iter().find(|migration| migration.version == version);
        let checksum = &migration.expect("exists").checksum;
        let checksum_start: String =
            checksum.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(checksum_start, begin, "migration {version}: add another one instead");
    };
    assert_checksum(1, "c96d940783110617");
    assert_checksum(2, "55469ea46966ea8a");
    assert_checksum(3, "576e1c724de579e9");
    assert_checksum(4, "b4598348ef25cbc3");
    assert_checksum(5, "e28f6fa0a0e2f07f");
}

#[tokio::test]
async fn commits_are_synced_to_disk() {
    let folder = TempFolder::new();
    let mut connection = create_with_schema(&folder.0, 1).await;
    // FULL: the log is synced at each commit (<https://sqlite.org/pragma.html#pragma_synchronous>).
    let sync: i64 =
        sqlx::query_scalar("pragma synchronous").fetch_one(&mut connection).await.expect("reads");
    let journal: String =
        sqlx::query_scalar("pragma journal_mode").fetch_one(&mut connection).await.expect("reads");
    assert_eq!((sync, journal.as_str()), (2, "wal"));
}

#[test]
fn every_file_in_the_folder_is_a_migration() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<(i64, String, String)> = std::fs::read_dir(folder)
        .expect("the folder")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "sql"))
        .map(|path| {
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
            let (version, description) = name.split_once('_').expect("a version");
            let sql = std::fs::read_to_string(&path).expect("SQL");
            (version.parse().expect("a number"), description.replace('_', " "), sql)
        })
        .collect();
    files.sort();
    let known = MIGRATIONS.iter().map(|migration| {
        let sql = migration.sql.as_str().to_owned();
        (migration.version, migration.description.clone().into_owned(), sql)
    });
    assert_eq!(files, known.collect::<Vec<_>>());
}
