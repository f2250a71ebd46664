//! When guests were seen, and what becomes of those who stay away.

use jiff::{SignedDuration, Timestamp};

use super::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);

impl Fixture {
    async fn count(&self, query: &'static str) -> i64 {
        let readers = self.store.database.readers();
        sqlx::query_scalar(query).fetch_one(&*readers).await.expect("counts")
    }

    async fn seen_at(&self) -> i64 {
        self.count("select max(seen_at) from citizen").await
    }

    /// Everybody was here last at that time.
    async fn all_seen(&self, at: Timestamp) {
        let seconds = at.as_second();
        let written = self.store.writer.write(move |connection| {
            futures::FutureExt::boxed(async move {
                let update = sqlx::query("update citizen set seen_at = $1").bind(seconds);
                update.execute(connection).await?;
                Ok(())
            })
        });
        written.await.expect("is written");
    }
}

#[tokio::test]
async fn a_guest_who_was_not_seen_for_ninety_days_is_removed_with_all_that_is_theirs() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.now(&resize("a", 6)).await;
    for number in 0..45 {
        fixture.store.create_guest(&[card(&format!("c{number}"))]).await.expect("welcomes");
    }
    let now = Timestamp::now();
    fixture.all_seen(now - 90 * DAY).await;
    let (guest, _) = fixture.store.create_guest(&[card("a")]).await.expect("welcomes");
    assert_eq!(fixture.store.delete_inactive_guests(now).await.expect("removes"), 0);
    assert_eq!(fixture.store.delete_inactive_guests(now + DAY).await.expect("removes"), 46);
    assert!(fixture.store.citizen(&fixture.token).await.expect("reads").is_none());
    for (query, left) in [
        ("select count(*) from citizen", 1),
        ("select count(*) from board", 1),
        ("select count(*) from change", 0),
        ("select count(*) from applied", 0),
    ] {
        assert_eq!(fixture.count(query).await, left, "{query}");
    }
    assert_eq!(ids(&fixture.store.board(&guest.id).await.expect("reads")), ["a"]);
}

#[tokio::test]
async fn a_visit_is_written_later_and_keeps_the_guest() {
    let fixture = Fixture::with(&["a"]).await;
    let now = Timestamp::now();
    let long_ago = now - 100 * DAY;
    fixture.all_seen(long_ago).await;
    // Reading the page writes nothing.
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("is known");
    assert_eq!(fixture.seen_at().await, long_ago.as_second());
    // The visit is known all the same.
    assert_eq!(fixture.store.delete_inactive_guests(now).await.expect("removes"), 0);
    assert!(fixture.seen_at().await >= now.as_second());
    // What is not long ago is not written again.
    let lately = now - SignedDuration::from_hours(5);
    fixture.all_seen(lately).await;
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("is known");
    fixture.store.flush_last_seen().await.expect("writes");
    assert_eq!(fixture.seen_at().await, lately.as_second());
}

#[tokio::test]
async fn a_visit_that_could_not_be_written_is_written_when_it_works_again() {
    let fixture = Fixture::with(&["a"]).await;
    let long_ago = Timestamp::now() - 30 * DAY;
    fixture.all_seen(long_ago).await;
    fixture.tell("pragma query_only = 1").await;
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("is known");
    assert!(fixture.store.flush_last_seen().await.is_err());
    assert_eq!(fixture.seen_at().await, long_ago.as_second());
    fixture.store.flush_last_seen().await.expect("writes");
    assert!(fixture.seen_at().await > long_ago.as_second());
}

#[tokio::test]
async fn visits_that_wait_are_written_when_the_store_is_closed() {
    let fixture = Fixture::with(&["a"]).await;
    let long_ago = Timestamp::now() - 30 * DAY;
    fixture.all_seen(long_ago).await;
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("is known");
    fixture.store.close().await;
    let store = Store::open(&fixture.folder.0).await.expect("opens");
    let seen: i64 = sqlx::query_scalar("select seen_at from citizen")
        .fetch_one(&*store.database.readers())
        .await
        .expect("reads");
    assert!(seen > long_ago.as_second());
}

#[tokio::test]
async fn guests_who_stay_away_are_found_by_an_index() {
    let fixture = Fixture::with(&[]).await;
    let plan =
        "explain query plan select id from citizen where seen_at < 5 order by seen_at limit 9";
    let rows =
        sqlx::query(plan).fetch_all(&*fixture.store.database.readers()).await.expect("plans");
    let undo_state: Vec<String> = rows.iter().map(|row| sqlx::Row::get(row, "detail")).collect();
    assert_eq!(undo_state, ["SEARCH citizen USING INDEX citizen_seen (seen_at<?)"]);
}
