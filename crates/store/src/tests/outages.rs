//! A database that temporarily cannot be written: no partial edits, reads continue, and edits
//! recover without a restart.

use futures::FutureExt;
use sqlx::{ConnectOptions, Connection};

use super::*;

impl Fixture {
    /// Runs a pragma on the write connection.
    pub async fn pragma(&self, pragma: &'static str) {
        self.store.writer.execute_directly(pragma).await.expect("executes");
    }

    async fn fill(&self) {
        // No more pages than there are: SQLite reports a full disk.
        self.pragma("pragma max_page_count = 1").await;
    }
}

fn outage<T>(result: Result<T, StoreError>) -> Option<Outage> {
    result.err().expect("fails").outage()
}

/// An edit that needs more space.
fn large_edit(card: &str) -> Edit {
    station(card, &"long ".repeat(1_000))
}

#[tokio::test]
async fn a_full_disk_changes_nothing_and_edits_recover() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.now(&resize("a", CardWidth::Wide)).await;
    let before = fixture.board().await;
    fixture.fill().await;
    assert_eq!(outage(fixture.edit(1, "", &large_edit("a")).await), Some(Outage::DiskFull));
    assert_eq!(
        outage(fixture.store.create_guest(&[card("x"), card(&"y".repeat(200_000))]).await),
        Some(Outage::DiskFull)
    );
    assert!(fixture.store.writer.outages.is_ongoing());
    assert_eq!(fixture.board().await, before);
    assert!(fixture.store.citizen(&fixture.token).await.expect("reads").is_some());
    assert_eq!(fixture.store.history(&fixture.citizen).await.expect("reads").changes.len(), 1);

    fixture.pragma("pragma max_page_count = 100000").await;
    fixture.edit(1, "", &large_edit("a")).await.expect("succeeds");
    assert!(!fixture.store.writer.outages.is_ongoing());
    assert_eq!(fixture.board().await.revision, 2);
}

#[tokio::test]
async fn all_operations_of_a_failed_transaction_get_the_error() {
    let names: Vec<String> = (0..20).map(|number| format!("c{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fixture = Arc::new(Fixture::with(&names).await);
    fixture.fill().await;
    let edits = (0..20).map(|number| {
        let fixture = Arc::clone(&fixture);
        // Some need space and some do not.
        let card = format!("c{number}");
        let edit = if number % 2 == 0 { resize(&card, CardWidth::Wide) } else { large_edit(&card) };
        tokio::spawn(async move { (card, fixture.edit(0, "", &edit).await.is_ok()) })
    });
    let mut applied = Vec::new();
    for edit in edits.collect::<Vec<_>>() {
        let (card, acknowledged) = edit.await.expect("no panic");
        applied.extend(acknowledged.then_some(card));
    }
    let board = fixture.board().await;
    assert_eq!(board.revision, applied.len() as i64);
    for card in board.cards() {
        assert_eq!(card.size == CardWidth::Wide, applied.contains(&card.id), "{}", card.id);
    }
    fixture.pragma("pragma max_page_count = 100000").await;
    fixture.now(&large_edit("c1")).await;
}

#[tokio::test]
async fn a_read_only_connection_is_replaced() {
    let fixture = Fixture::with(&["a"]).await;
    fixture.store.check().await.expect("succeeds");
    fixture.pragma("pragma query_only = 1").await;
    assert_eq!(
        outage(fixture.edit(0, "", &resize("a", CardWidth::Wide)).await),
        Some(Outage::ReadOnly)
    );
    assert!(fixture.store.writer.outages.is_ongoing());
    assert_eq!(fixture.board().await.revision, 0);
    // Only this connection was read-only: the store opens another.
    fixture.store.check().await.expect("succeeds");
    fixture.edit(0, "", &resize("a", CardWidth::Wide)).await.expect("succeeds");
    assert!(!fixture.store.writer.outages.is_ongoing());
}

#[tokio::test]
async fn a_lock_of_another_process_is_reported_as_busy() {
    let fixture = Fixture::with(&["a"]).await;
    fixture.pragma("pragma busy_timeout = 0").await;
    let options = database::write_options(&fixture.folder.0.join(database::FILE));
    let mut other = options.connect().await.expect("opens");
    sqlx::query("begin immediate").execute(&mut other).await.expect("locks");
    assert_eq!(
        outage(fixture.edit(0, "", &resize("a", CardWidth::Wide)).await),
        Some(Outage::Busy)
    );
    assert_eq!(fixture.board().await.revision, 0);
    sqlx::query("rollback").execute(&mut other).await.expect("unlocks");
    fixture.edit(0, "", &resize("a", CardWidth::Wide)).await.expect("succeeds");
    other.close().await.expect("closes");
}

#[tokio::test]
async fn an_operation_that_panics_is_rolled_back_and_blocks_no_other() {
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
    assert_eq!(fixture.now(&resize("a", CardWidth::Wide)).await.revision, 1);
}

#[tokio::test]
async fn an_edit_completes_after_its_caller_is_dropped() {
    let fixture = Fixture::with(&["a"]).await;
    let edit = resize("a", CardWidth::Wide);
    // The edit has started, and the client has disconnected.
    let begun = fixture.edit(0, "", &edit).now_or_never();
    assert!(begun.is_none());
    while fixture.board().await.revision == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(fixture.board().await.card("a").map(|card| card.size), Some(CardWidth::Wide));
}
