//! Last-seen times, and the deletion of inactive guests.

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

    /// Sets the last-seen time of all guests.
    async fn set_last_seen(&self, at: Timestamp) {
        let seconds = at.as_second();
        let written = self.store.writer.write(move |connection| {
            futures::FutureExt::boxed(async move {
                let update = sqlx::query("update citizen set seen_at = $1").bind(seconds);
                update.execute(connection).await?;
                Ok(())
            })
        });
        written.await.expect("writes");
    }
}

#[tokio::test]
async fn guests_inactive_for_ninety_days_are_deleted_with_their_data() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.now(&resize("a", 6)).await;
    for number in 0..45 {
        fixture.store.create_guest(&[card(&format!("c{number}"))]).await.expect("creates");
    }
    let now = Timestamp::now();
    fixture.set_last_seen(now - 90 * DAY).await;
    let (guest, _) = fixture.store.create_guest(&[card("a")]).await.expect("creates");
    assert_eq!(fixture.store.delete_inactive_guests(now).await.expect("deletes"), 0);
    assert_eq!(fixture.store.delete_inactive_guests(now + DAY).await.expect("deletes"), 46);
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
    fixture.set_last_seen(long_ago).await;
    // Reading the page writes nothing.
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("exists");
    assert_eq!(fixture.seen_at().await, long_ago.as_second());
    // The pending visit counts all the same.
    assert_eq!(fixture.store.delete_inactive_guests(now).await.expect("deletes"), 0);
    assert!(fixture.seen_at().await >= now.as_second());
    // A recent last-seen time is not updated.
    let lately = now - SignedDuration::from_hours(5);
    fixture.set_last_seen(lately).await;
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("exists");
    fixture.store.flush_last_seen().await.expect("writes");
    assert_eq!(fixture.seen_at().await, lately.as_second());
}

#[tokio::test]
async fn visits_during_an_outage_are_written_afterwards() {
    let fixture = Fixture::with(&["a"]).await;
    let long_ago = Timestamp::now() - 30 * DAY;
    fixture.set_last_seen(long_ago).await;
    fixture.pragma("pragma query_only = 1").await;
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("exists");
    assert!(fixture.store.flush_last_seen().await.is_err());
    assert_eq!(fixture.seen_at().await, long_ago.as_second());
    fixture.store.flush_last_seen().await.expect("writes");
    assert!(fixture.seen_at().await > long_ago.as_second());
}

#[tokio::test]
async fn pending_visits_are_written_when_the_store_closes() {
    let fixture = Fixture::with(&["a"]).await;
    let long_ago = Timestamp::now() - 30 * DAY;
    fixture.set_last_seen(long_ago).await;
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("exists");
    fixture.store.close().await;
    let store = Store::open(&fixture.folder.0).await.expect("opens");
    let seen_at: i64 = sqlx::query_scalar("select seen_at from citizen")
        .fetch_one(&*store.database.readers())
        .await
        .expect("reads");
    assert!(seen_at > long_ago.as_second());
}

#[tokio::test]
async fn inactive_guests_are_found_by_index() {
    let fixture = Fixture::with(&[]).await;
    let plan =
        "explain query plan select id from citizen where seen_at < 5 order by seen_at limit 9";
    let rows =
        sqlx::query(plan).fetch_all(&*fixture.store.database.readers()).await.expect("plans");
    let plan_steps: Vec<String> = rows.iter().map(|row| sqlx::Row::get(row, "detail")).collect();
    assert_eq!(plan_steps, ["SEARCH citizen USING INDEX citizen_seen (seen_at<?)"]);
}
