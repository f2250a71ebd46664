//! Backups that somebody prepared: what would run after a restore, and what no version writes.

use sqlx::{ConnectOptions, Connection};

use super::backup::{BackupError, back_up, check, restore};
use super::*;

/// A good backup, and a folder with a store that must not change.
struct Prepared {
    good: Vec<u8>,
    elsewhere: TempFolder,
    target: TempFolder,
    before: Vec<u8>,
}

impl Prepared {
    async fn new() -> Self {
        let fixture = Fixture::with(&["a", "b"]).await;
        fixture.now(&later("a")).await;
        let answered =
            fixture.store.complete_welcome(&fixture.citizen, None, &[Theme::MovingAbout]);
        answered.await.expect("saves");
        let elsewhere = TempFolder::new();
        let file = elsewhere.0.join("good");
        back_up(&fixture.folder.0, &file, false).await.expect("copies");
        let good = std::fs::read(&file).expect("reads");
        // The store is dropped, and its lock with it.
        let Fixture { store, folder: target, .. } = Fixture::with(&["mine"]).await;
        store.close().await;
        drop(store);
        let before = std::fs::read(target.0.join(database::FILE)).expect("reads");
        Prepared { good, elsewhere, target, before }
    }

    /// The backup after some statements.
    async fn after(&self, statements: &[&'static str]) -> PathBuf {
        let file = self.elsewhere.0.join("prepared");
        std::fs::write(&file, &self.good).expect("writes");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).foreign_keys(false);
        let mut connection = options.connect().await.expect("opens");
        for statement in statements {
            let executed = sqlx::query(*statement).execute(&mut connection).await;
            executed.unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
        connection.close().await.expect("closes");
        file
    }

    async fn assert_refused(&self, file: &std::path::Path, reason: &str) {
        for result in [check(file).await.err(), restore(file, &self.target.0).await.err()] {
            let message = message(&result.unwrap_or_else(|| panic!("accepted: {reason}")));
            assert!(message.contains(reason), "{reason}: {message}");
        }
        let folder = &self.target.0;
        let now = std::fs::read(folder.join(database::FILE)).expect("reads");
        assert!(now == self.before, "{reason}: the store changed");
        assert!(
            !folder.join(format!("{}.new", database::FILE)).exists(),
            "{reason}: a file is left"
        );
    }
}

fn message(error: &BackupError) -> String {
    let mut message = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        message = format!("{message}: {error}");
        source = error.source();
    }
    message
}

#[tokio::test]
async fn a_backup_with_another_schema_is_refused() {
    let prepared = Prepared::new().await;
    for (statements, reason) in [
        (
            &["create trigger empties after update on board begin delete from citizen; end"][..],
            "trigger empties does not belong there",
        ),
        (&["create view all_boards as select * from board"], "view all_boards does not belong"),
        (&["create table extra (id text)"], "table extra does not belong there"),
        (&["create index more on board (revision)"], "index more does not belong there"),
        (&["create virtual table words using fts5 (word)"], "table words"),
        (&["drop index citizen_seen"], "index citizen_seen is missing"),
        (&["drop table observed_day"], "table observed_day is missing"),
        (&["alter table board add column more text"], "table board is another one"),
        (&["alter table citizen add column g text as (id || id)"], "table citizen is another one"),
        (
            &[
                "alter table observed_day rename to gone",
                "create view observed_day as select 1 as day",
            ],
            "does not belong there",
        ),
        (
            &[
                "alter table _sqlx_migrations rename to m",
                "create view _sqlx_migrations as select * from m",
            ],
            "not a database of Voordeur",
        ),
        (&["delete from _sqlx_migrations where version = 3"], "migration 3 is missing"),
        (&["delete from _sqlx_migrations where version = 7"], "table citizen is another one"),
    ] {
        let file = prepared.after(statements).await;
        prepared.assert_refused(&file, reason).await;
    }
}

#[tokio::test]
async fn a_backup_with_rows_that_no_version_writes_is_refused() {
    let prepared = Prepared::new().await;
    for (statement, reason) in [
        ("update board set document = '{'", "not the expected JSON"),
        ("update board set document = 'garbage'", "not the expected JSON"),
        ("update board set document = x'00ff'", "not the expected type"),
        (
            "update board set document = json_object('pages', json_array(json_object('id', 'first',
             'name', '', 'icon', 'home', 'cards', (with recursive n(i) as (select 1 union all
             select i + 1 from n where i < 20000) select json_group_array(json_object('id', 'c' || i,
             'widget', 'holidays', 'size', 4)) from n))))",
            "a board has too many cards",
        ),
        (
            "update board set document = json_object('pages', (with recursive n(i) as (select 1
             union all select i + 1 from n where i < 500) select json_group_array(json_object('id',
             'p' || i, 'name', '', 'icon', 'home', 'cards', json_array())) from n))",
            "a board has too many pages",
        ),
        (
            "update board set document = replace(document, '\"a\"', '\"<script>\"')",
            "an id has another form",
        ),
        (
            "update board set document = replace(document, '\"narrow\"', '200')",
            "not the expected JSON",
        ),
        (
            "update board set document = document || printf('%*c', 9000000, ' ')",
            "a text is too long",
        ),
        ("update board set revision = 9223372036854775807", "a number is out of bounds"),
        ("update board set change = -9223372036854775807", "a number is out of bounds"),
        ("update board set revision = 'many'", "not the expected type"),
        ("update change set after = 'garbage'", "not the expected JSON"),
        ("update change set number = 9223372036854775807", "a number is out of bounds"),
        ("update change set deed = '{\"did\":\"exploded\"}'", "not the expected JSON"),
        ("update citizen set interests = '{}'", "not the expected JSON"),
        ("update citizen set interests = printf('%*c', 70000, ' ')", "a text is too long"),
        ("update citizen set token_hash = 'not a hash'", "a hash of a token has another form"),
        ("update citizen set seen_at = 'yesterday'", "not the expected type"),
        ("update applied set tab = '<b>'", "a tab has another form"),
        ("insert into observed_day values (-5)", "a number is out of bounds"),
        (
            "insert into applied with recursive n(i) as (select 100 union all select i + 1 from n
             where i < 2000) select citizen, i, hex(i), 1, '', 1, null from n, board",
            "a citizen has too many rows",
        ),
    ] {
        let file = prepared.after(&[statement]).await;
        prepared.assert_refused(&file, reason).await;
    }
}

#[tokio::test]
async fn a_backup_with_an_unknown_interest_is_accepted_and_read() {
    let prepared = Prepared::new().await;
    let unknown = r#"update citizen set interests = '["removed-theme","moving-about"]',
                     language = 'tlh', look = 'pink'"#;
    let file = prepared.after(&[unknown]).await;
    check(&file).await.expect("is valid");
    restore(&file, &prepared.target.0).await.expect("restores");
    let store = Store::open(&prepared.target.0).await.expect("opens");
    let readers = store.database.readers();
    let id: String =
        sqlx::query_scalar("select id from citizen").fetch_one(&*readers).await.expect("reads");
    assert_eq!(ids(&store.board(&id).await.expect("reads")), ["b", "a"]);
}

#[tokio::test]
async fn a_store_with_a_trigger_cannot_be_backed_up_unnoticed() {
    let fixture = Fixture::with(&["a"]).await;
    let work = fixture.store.writer.execute_directly(
        "create trigger empties after update on board begin delete from citizen; end",
    );
    work.await.expect("executes");
    let elsewhere = TempFolder::new();
    let refused = back_up(&fixture.folder.0, &elsewhere.0.join("backup"), false).await;
    assert!(message(&refused.expect_err("fails")).contains("trigger empties"));
}

#[tokio::test]
async fn stores_that_are_set_aside_in_the_same_second_are_all_kept() {
    let prepared = Prepared::new().await;
    let file = prepared.after(&[]).await;
    let mut kept = std::collections::BTreeSet::new();
    for number in 1..=5 {
        let restored = restore(&file, &prepared.target.0).await.expect("restores");
        let before = restored.previous_database.expect("is set aside");
        assert!(before.exists());
        kept.insert(before);
        assert_eq!(kept.len(), number);
    }
}
