//! Last-seen times, and the deletion of inactive guests, also with clocks that are wrong.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::manual_clock::{DAY, ManualClock};
use super::*;

const YEAR: SignedDuration = SignedDuration::from_hours(365 * 24);

impl Fixture {
    async fn count(&self, query: &'static str) -> i64 {
        count(&self.store, query).await
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

    async fn add_guests(&self, number: usize) {
        for number in 0..number {
            self.store.create_guest(&[card(&format!("c{number}"))]).await.expect("creates");
        }
    }

    async fn visit(&self) {
        self.store.citizen(&self.token).await.expect("reads").expect("exists");
        self.store.flush_last_seen().await.expect("writes");
    }
}

async fn count(store: &Store, query: &'static str) -> i64 {
    let readers = store.database.readers();
    sqlx::query_scalar(query).fetch_one(&*readers).await.expect("counts")
}

async fn guests(store: &Store) -> i64 {
    count(store, "select count(*) from citizen").await
}

async fn delete(store: &Store) -> u64 {
    store.delete_inactive_guests().await.expect("deletes")
}

/// A server that has run for some days, with a number of guests.
async fn server(days: u32, number: usize) -> (Fixture, Arc<ManualClock>) {
    let clock = ManualClock::new();
    let fixture = Fixture::with_clock(&["a", "b"], clock.clone()).await;
    clock.run_daily(&fixture.store, days).await;
    fixture.visit().await;
    fixture.add_guests(number - 1).await;
    (fixture, clock)
}

/// The same folder after a restart of the server, perhaps with another time.
async fn restart(fixture: Fixture, clock: &Arc<ManualClock>) -> (Store, TempFolder) {
    let Fixture { store, folder, .. } = fixture;
    store.close().await;
    drop(store);
    (open_with_clock(&folder, clock.clone()).await, folder)
}

#[tokio::test]
async fn guests_inactive_for_ninety_days_are_deleted_with_their_data() {
    let (fixture, clock) = server(1, 46).await;
    fixture.now(&resize("a", CardWidth::Wide)).await;
    clock.run_daily(&fixture.store, 90).await;
    let (guest, _) = fixture.store.create_guest(&[card("a")]).await.expect("creates");
    clock.wait_until_steady(&fixture.store).await;
    assert_eq!(delete(&fixture.store).await, 46);
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
async fn a_guest_is_kept_for_the_whole_of_ninety_days_and_an_hour() {
    let (fixture, clock) = server(1, 3).await;
    clock.run_daily(&fixture.store, 89).await;
    clock.run(&fixture.store, Duration::from_secs(24 * 60 * 60)).await;
    assert_eq!(delete(&fixture.store).await, 0);
    clock.run(&fixture.store, Duration::from_secs(2 * 60 * 60)).await;
    assert_eq!(delete(&fixture.store).await, 3);
}

#[tokio::test]
async fn nothing_is_deleted_before_the_server_has_run_for_hours() {
    let (fixture, clock) = server(1, 10).await;
    clock.run_daily(&fixture.store, 100).await;
    let (store, _folder) = restart(fixture, &clock).await;
    for _ in 0..5 {
        assert_eq!(delete(&store).await, 0);
        clock.run(&store, Duration::from_secs(60 * 60)).await;
    }
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 10);
}

#[tokio::test]
async fn a_clock_ahead_at_the_start_deletes_nobody_however_long_the_server_runs() {
    let (fixture, clock) = server(120, 50).await;
    clock.jump(91 * DAY);
    let (store, folder) = restart(fixture, &clock).await;
    assert_eq!(delete(&store).await, 0);
    // A visit with the wrong clock makes the newest visit recent, and the others no older.
    store.create_guest(&[card("a")]).await.expect("creates");
    clock.run_daily(&store, 60).await;
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 0);
    assert_eq!(guests(&store).await, 51);
    // Nor does it once the clock is right again.
    clock.jump(-91 * DAY);
    store.close().await;
    drop(store);
    let store = open_with_clock(&folder, clock.clone()).await;
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 0);
    assert_eq!(guests(&store).await, 51);
}

#[tokio::test]
async fn a_clock_ahead_for_good_deletes_guests_ninety_days_of_running_later() {
    let (fixture, clock) = server(2, 50).await;
    clock.jump(10 * YEAR);
    let (store, _folder) = restart(fixture, &clock).await;
    clock.run_daily(&store, 89).await;
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 0);
    clock.run_daily(&store, 2).await;
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 50);
}

#[tokio::test]
async fn a_clock_that_jumps_while_the_server_runs_deletes_nobody() {
    for jump in [91 * DAY, 10 * YEAR, -30 * DAY, -91 * DAY, -50 * YEAR] {
        let (fixture, clock) = server(120, 20).await;
        clock.wait_until_steady(&fixture.store).await;
        clock.jump(jump);
        clock.run(&fixture.store, Duration::from_secs(60)).await;
        assert_eq!(delete(&fixture.store).await, 0, "{jump:?}");
        fixture.visit().await;
        clock.wait_until_steady(&fixture.store).await;
        assert_eq!(delete(&fixture.store).await, 0, "{jump:?}");
        // And back.
        clock.jump(-jump);
        clock.wait_until_steady(&fixture.store).await;
        assert_eq!(delete(&fixture.store).await, 0, "{jump:?}");
        assert_eq!(guests(&fixture.store).await, 20, "{jump:?}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_again_and_again_deletes_nobody() {
    let (fixture, clock) = server(3, 20).await;
    for _ in 0..100 {
        clock.jump(7 * DAY);
        clock.run(&fixture.store, Duration::from_secs(30 * 60)).await;
        assert_eq!(delete(&fixture.store).await, 0);
    }
    clock.wait_until_steady(&fixture.store).await;
    assert_eq!(delete(&fixture.store).await, 0);
    assert_eq!(guests(&fixture.store).await, 20);
}

#[tokio::test]
async fn guests_who_come_before_the_clock_is_set_are_not_guests_of_1970() {
    let (fixture, clock) = server(120, 5).await;
    let right = clock.now();
    let back_to_1970 = Timestamp::UNIX_EPOCH.duration_since(right);
    clock.jump(back_to_1970);
    let (store, folder) = restart(fixture, &clock).await;
    store.create_guest(&[card("early")]).await.expect("creates");
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 0);
    // Nothing was lowered to 1970, and nothing begins there.
    let lately = (right - 2 * DAY).as_second();
    assert!(count(&store, "select min(seen_at) from citizen").await >= lately);
    clock.jump(-back_to_1970);
    store.close().await;
    drop(store);
    let store = open_with_clock(&folder, clock.clone()).await;
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 0);
    assert_eq!(guests(&store).await, 6);
}

#[tokio::test]
async fn a_visit_in_2040_keeps_a_guest_no_longer_than_another() {
    let (fixture, clock) = server(5, 1).await;
    clock.jump(14 * YEAR);
    clock.run_daily(&fixture.store, 2).await;
    fixture.visit().await;
    let in_2040 = fixture.seen_at().await;
    assert!(in_2040 > clock.now().as_second() - DAY.as_secs());
    clock.jump(-14 * YEAR);
    clock.wait_until_steady(&fixture.store).await;
    assert_eq!(delete(&fixture.store).await, 0);
    assert_eq!(fixture.seen_at().await, clock.now().as_second(), "the visit is one of today");
    clock.run_daily(&fixture.store, 92).await;
    clock.wait_until_steady(&fixture.store).await;
    assert_eq!(delete(&fixture.store).await, 1);
}

#[tokio::test]
async fn visits_are_not_lowered_by_a_clock_that_is_behind() {
    for behind in [5 * DAY, 89 * DAY, 91 * DAY, 2 * YEAR] {
        let (fixture, clock) = server(200, 3).await;
        let seen_at = fixture.seen_at().await;
        clock.jump(-behind);
        clock.wait_until_steady(&fixture.store).await;
        assert_eq!(delete(&fixture.store).await, 0, "{behind:?}");
        assert_eq!(fixture.seen_at().await, seen_at, "{behind:?}");
    }
}

#[tokio::test]
async fn a_server_that_was_down_for_months_deletes_nobody_at_once() {
    let (fixture, clock) = server(10, 50).await;
    clock.pass(Duration::from_secs(200 * 24 * 60 * 60));
    let (store, _folder) = restart(fixture, &clock).await;
    clock.wait_until_steady(&store).await;
    assert_eq!(delete(&store).await, 0);
    assert_eq!(guests(&store).await, 50);
}

#[tokio::test]
async fn a_visit_is_written_later_and_keeps_the_guest() {
    let (fixture, clock) = server(1, 1).await;
    clock.run_daily(&fixture.store, 100).await;
    clock.wait_until_steady(&fixture.store).await;
    let before = fixture.seen_at().await;
    // Reading the page writes nothing.
    fixture.store.citizen(&fixture.token).await.expect("reads").expect("exists");
    assert_eq!(fixture.seen_at().await, before);
    // The pending visit counts all the same.
    assert_eq!(delete(&fixture.store).await, 0);
    assert_eq!(fixture.seen_at().await, clock.now().as_second());
    // A recent last-seen time is not updated.
    let lately = clock.now() - SignedDuration::from_hours(5);
    fixture.set_last_seen(lately).await;
    fixture.visit().await;
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
    assert!(count(&store, "select seen_at from citizen").await > long_ago.as_second());
}

#[tokio::test]
async fn inactive_guests_are_found_by_index() {
    let fixture = Fixture::with(&[]).await;
    for plan in [
        "explain query plan select id from citizen where seen_at < 5 order by seen_at limit 9",
        "explain query plan select id from citizen where seen_at > 5 limit 9",
        "explain query plan select count(*) from citizen where seen_at < 5 and seen_at >= 3",
    ] {
        let rows = sqlx::query(plan).fetch_all(&*fixture.store.database.readers()).await;
        let steps: Vec<String> =
            rows.expect("plans").iter().map(|row| sqlx::Row::get(row, "detail")).collect();
        assert!(
            matches!(&steps[..], [step] if step.starts_with("SEARCH citizen USING")
                && step.contains("INDEX citizen_seen")),
            "{steps:?}"
        );
    }
}
