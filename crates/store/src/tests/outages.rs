//! A database that cannot be written for a while: nothing is half made, reading goes on, and editing comes back by itself.

use futures::FutureExt;
use sqlx::{ConnectOptions, Connection};

use super::*;

impl Fixture {
    /// Says something to the connection that writes.
    pub async fn tell(&self, pragma: &'static str) {
        self.store.writer.execute_directly(pragma).await.expect("is told");
    }

    async fn fill(&self) {
        // No page more than there are: to SQLite that is a full disk.
        self.tell("pragma max_page_count = 1").await;
    }
}

fn outage<T>(result: Result<T, StoreError>) -> Option<Outage> {
    result.err().expect("fails").outage()
}

/// An edit that needs more room.
fn long(card: &str) -> Edit {
    station(card, &"long ".repeat(40_000))
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_changed_reading_goes_on_and_editing_comes_back() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.now(&resize("a", 6)).await;
    let before = fixture.board().await;
    fixture.fill().await;
    assert_eq!(outage(fixture.edit(1, "", &long("a")).await), Some(Outage::DiskFull));
    assert_eq!(
        outage(fixture.store.create_guest(&[card("x"), card(&"y".repeat(200_000))]).await),
        Some(Outage::DiskFull)
    );
    assert!(fixture.store.writer.outages.is_ongoing());
    assert_eq!(fixture.board().await, before);
    assert!(fixture.store.citizen(&fixture.token).await.expect("reads").is_some());
    assert_eq!(fixture.store.history(&fixture.citizen).await.expect("reads").changes.len(), 1);

    fixture.tell("pragma max_page_count = 100000").await;
    fixture.edit(1, "", &long("a")).await.expect("is made");
    assert!(!fixture.store.writer.outages.is_ongoing());
    assert_eq!(fixture.board().await.revision, 2);
}

#[tokio::test]
async fn those_who_share_a_transaction_that_fails_are_all_told() {
    let names: Vec<String> = (0..20).map(|number| format!("c{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fixture = Arc::new(Fixture::with(&names).await);
    fixture.fill().await;
    let edits = (0..20).map(|number| {
        let fixture = Arc::clone(&fixture);
        // Some of them need room and some do not.
        let card = format!("c{number}");
        let edit = if number % 2 == 0 { resize(&card, 6) } else { long(&card) };
        tokio::spawn(async move { (card, fixture.edit(0, "", &edit).await.is_ok()) })
    });
    let mut made = Vec::new();
    for edit in edits.collect::<Vec<_>>() {
        let (card, acknowledged) = edit.await.expect("no panic");
        made.extend(acknowledged.then_some(card));
    }
    let board = fixture.board().await;
    assert_eq!(board.revision, made.len() as i64);
    for card in board.cards() {
        assert_eq!(card.size == 6, made.contains(&card.id), "{}", card.id);
    }
    fixture.tell("pragma max_page_count = 100000").await;
    fixture.now(&long("c1")).await;
}

#[tokio::test]
async fn a_store_that_cannot_be_written_says_so_and_is_ready_again_by_itself() {
    let fixture = Fixture::with(&["a"]).await;
    fixture.store.check().await.expect("is ready");
    fixture.tell("pragma query_only = 1").await;
    assert_eq!(outage(fixture.edit(0, "", &resize("a", 6)).await), Some(Outage::ReadOnly));
    assert!(fixture.store.writer.outages.is_ongoing());
    assert_eq!(fixture.board().await.revision, 0);
    // It was that connection that could not write: another is opened.
    fixture.store.check().await.expect("is ready");
    fixture.edit(0, "", &resize("a", 6)).await.expect("is made");
    assert!(!fixture.store.writer.outages.is_ongoing());
}

#[tokio::test]
async fn a_database_that_another_process_holds_is_busy() {
    let fixture = Fixture::with(&["a"]).await;
    fixture.tell("pragma busy_timeout = 0").await;
    let options = database::write_options(&fixture.folder.0.join(database::FILE));
    let mut other = options.connect().await.expect("opens");
    sqlx::query("begin immediate").execute(&mut other).await.expect("holds it");
    assert_eq!(outage(fixture.edit(0, "", &resize("a", 6)).await), Some(Outage::Busy));
    assert_eq!(fixture.board().await.revision, 0);
    sqlx::query("rollback").execute(&mut other).await.expect("lets go");
    fixture.edit(0, "", &resize("a", 6)).await.expect("is made");
    other.close().await.expect("closes");
}

#[tokio::test]
async fn work_that_panics_leaves_nothing_behind_and_holds_up_nobody() {
    let fixture = Arc::new(Fixture::with(&["a"]).await);
    let same = Arc::clone(&fixture);
    let panics = tokio::spawn(async move {
        let work = same.store.writer.write(|connection| {
            async move {
                sqlx::query("update board set revision = 99").execute(connection).await?;
                panic!("on purpose");
            }
            .boxed()
        });
        let _: Result<(), StoreError> = work.await;
    });
    assert!(panics.await.expect_err("panics").is_panic());
    assert_eq!(fixture.now(&resize("a", 6)).await.revision, 1);
}

#[tokio::test]
async fn an_edit_is_ended_though_nobody_waits_for_it() {
    let fixture = Fixture::with(&["a"]).await;
    let edit = resize("a", 6);
    // It is begun, and the visitor has left.
    let begun = fixture.edit(0, "", &edit).now_or_never();
    assert!(begun.is_none());
    while fixture.board().await.revision == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(fixture.board().await.card("a").map(|card| card.size), Some(6));
}
