//! Bounds in bytes: of a board, of its history, and of what a client without disk space may add.

use super::*;
use crate::undo_history::{HistorySizes, MAX_HISTORY_BYTES};

impl Fixture {
    async fn history_bytes(&self) -> u64 {
        let mut reader = self.store.database.readers().acquire().await.expect("connects");
        HistorySizes::read(&mut reader, &self.citizen).await.expect("reads").total()
    }

    /// The size of the database in bytes, without pages that are free again.
    async fn file_bytes(&self) -> i64 {
        let pages = "select (page_count - freelist_count) * page_size
                     from pragma_page_count, pragma_freelist_count, pragma_page_size";
        let readers = self.store.database.readers();
        sqlx::query_scalar(pages).fetch_one(&*readers).await.expect("reads")
    }

    async fn edit_without_space(&self, edit: &Edit) -> Result<AppliedEdit, StoreError> {
        let base_revision = self.board().await.revision;
        let submission = Submission { base_revision, tab: "", key: "" };
        self.store.edit_within(&self.citizen, submission, edit, Growth::Refused).await
    }
}

fn names(number: usize) -> Vec<String> {
    (0..number).map(|number| format!("c{number}")).collect()
}

async fn board_of(number: usize) -> Fixture {
    let names = names(number);
    Fixture::with(&names.iter().map(String::as_str).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn a_board_that_is_too_large_is_refused_by_the_name_of_its_largest_field() {
    let fixture = board_of(40).await;
    let long = "x".repeat(2_000);
    let mut made = 0;
    let refused = loop {
        let revision = fixture.board().await.revision;
        match fixture.edit(revision, "", &station(&format!("c{made}"), &long)).await {
            Ok(_) => made += 1,
            refused => break invalid(refused),
        }
    };
    // 64 KiB hold some thirty of them.
    assert!((25..33).contains(&made), "{made}");
    assert!(matches!(
        &refused,
        EditError::BoardTooLarge { field, widget, .. }
            if field == "station" && widget == "air-quality"
    ));
    let board = fixture.board().await;
    assert_eq!(board.revision, made, "nothing is written");
    let settings = [("station".to_owned(), long)].into();
    assert!(!board.has_room_for(&format!("c{made}"), &settings));
    assert!(board.has_room_for("c0", &settings), "the same again");
    // Everything else goes on, and shortening makes room again.
    fixture.now(&later("c0")).await;
    fixture.now(&remove("c1")).await;
    fixture.now(&station("c0", "short")).await;
    fixture.now(&station("c38", &"y".repeat(2_000))).await;
}

#[tokio::test]
async fn a_board_from_a_time_without_a_bound_can_be_arranged_and_made_smaller() {
    let folder = TempFolder::new();
    let store = Store::open(&folder.0).await.expect("opens");
    let mut cards: Vec<Card> = names(20).iter().map(|id| card(id)).collect();
    for card in &mut cards {
        card.settings.insert("station".to_owned(), "x".repeat(8_000));
    }
    let (citizen, token) = store.create_guest(&cards).await.expect("creates");
    let fixture = Fixture { store, citizen: citizen.id, token, folder };
    let grow = fixture.edit(0, "", &station("c3", &"x".repeat(8_001))).await;
    assert!(matches!(invalid(grow), EditError::BoardTooLarge { .. }));
    fixture.now(&moving("c3", Direction::First)).await;
    fixture.now(&station("c3", &"y".repeat(7_999))).await;
    fixture.now(&remove("c4")).await;
    fixture.now(&Edit::Undo).await;
    assert_eq!(fixture.board().await.cards().count(), 20);
}

#[tokio::test]
async fn the_history_of_a_large_board_costs_the_bytes_that_changed() {
    let fixture = board_of(60).await;
    for number in 0..20 {
        fixture.now(&station(&format!("c{number}"), &"x".repeat(1_000))).await;
    }
    let before = fixture.history_bytes().await;
    for number in 0..20 {
        fixture.now(&resize(&format!("c{}", 40 + number), CardWidth::Full)).await;
        fixture.now(&later(&format!("c{}", 20 + number))).await;
    }
    let added = fixture.history_bytes().await.saturating_sub(before);
    assert!(added < 40 * 600, "{added}");
}

#[tokio::test]
async fn the_history_is_bounded_in_bytes_and_the_oldest_changes_go_first() {
    let fixture = board_of(10).await;
    let value = |number: usize| format!("{number}{}", "x".repeat(9_000));
    for number in 0..60 {
        fixture.now(&station("c0", &value(number))).await;
    }
    let bytes = fixture.history_bytes().await;
    assert!(bytes <= MAX_HISTORY_BYTES && bytes > MAX_HISTORY_BYTES / 2, "{bytes}");
    let history = fixture.store.history(&fixture.citizen).await.expect("reads");
    assert!((5..20).contains(&history.changes.len()), "{}", history.changes.len());
    assert_eq!(history.changes.last().map(|change| change.number), Some(60));
    for number in (60 - history.changes.len()..59).rev() {
        let board = fixture.now(&Edit::Undo).await;
        let station = board.card("c0").and_then(|card| card.settings.get("station"));
        assert_eq!(station, Some(&value(number)));
    }
}

#[tokio::test]
async fn hundreds_of_edits_of_long_addresses_cost_less_than_half_a_megabyte() {
    let fixture = board_of(60).await;
    let start = fixture.file_bytes().await;
    let mut accepted = 0;
    for round in 0..8 {
        for number in 0..60 {
            let address = format!("https://a.be/{round}/{}", "🚲".repeat(480));
            let revision = fixture.board().await.revision;
            let edit = station(&format!("c{number}"), &address);
            accepted += u32::from(fixture.edit(revision, "tab", &edit).await.is_ok());
        }
    }
    assert!(accepted > 200, "{accepted}");
    let grown = fixture.file_bytes().await - start;
    assert!(grown < 512 * 1024, "{grown}");
}

#[tokio::test]
async fn growth_is_what_goes_beyond_the_space_of_a_guest() {
    let fixture = Fixture::with(&["a", "b"]).await;
    assert_eq!(
        fixture.edit(0, "", &resize("a", CardWidth::Wide)).await.expect("succeeds").growth,
        0
    );
    let large = fixture.edit(1, "", &station("a", &"x".repeat(20_000))).await.expect("succeeds");
    // The board and one direction of the change hold the text.
    assert!((36_000..44_000).contains(&large.growth), "{}", large.growth);
    let small = fixture.edit(2, "", &station("b", "x")).await.expect("succeeds");
    assert!((300..1_500).contains(&small.growth), "{}", small.growth);
    let smaller = fixture.edit(3, "", &station("a", "x")).await.expect("succeeds");
    assert!(smaller.growth < 3_000, "what leaves the board is in the history: {}", smaller.growth);
    // A repeated submission adds nothing.
    let again = Submission { base_revision: 4, tab: "", key: "k" };
    fixture.store.edit(&fixture.citizen, again, &fold("b", true)).await.expect("succeeds");
    let again = fixture.store.edit(&fixture.citizen, again, &fold("b", true)).await;
    assert_eq!(again.expect("is acknowledged").growth, 0);
}

#[tokio::test]
async fn without_disk_space_a_guest_goes_on_editing_and_grows_no_further() {
    let fixture = board_of(8).await;
    for number in 0..30 {
        fixture
            .now(&resize(
                &format!("c{}", number % 8),
                if number % 16 < 8 { CardWidth::Wide } else { CardWidth::Narrow },
            ))
            .await;
    }
    let before = fixture.store.history(&fixture.citizen).await.expect("reads").changes.len();
    for number in 0..60 {
        let edit = moving(&format!("c{}", number % 8), Direction::Last);
        let made = fixture.edit_without_space(&edit).await.expect("succeeds");
        assert_eq!(made.growth, 0);
    }
    // Old changes have made room for new ones.
    let history = fixture.store.history(&fixture.citizen).await.expect("reads");
    assert!(history.changes.len() <= before.max(30), "{}", history.changes.len());
    fixture.edit_without_space(&Edit::Undo).await.expect("the last change can be undone");
    let board = fixture.board().await;
    let large = fixture.edit_without_space(&station("c1", &"x".repeat(30_000))).await;
    assert_eq!(invalid(large), EditError::NoSpaceLeft);
    assert_eq!(fixture.board().await, board, "nothing is written");
}

#[tokio::test]
async fn a_new_guest_without_disk_space_may_use_what_was_set_aside() {
    let fixture = Fixture::with(&["a", "b"]).await;
    for number in 0..5 {
        let edit = station("a", &format!("station {number}"));
        fixture.edit_without_space(&edit).await.expect("succeeds");
    }
    let undo_state = fixture.store.undo_state(&fixture.citizen).await.expect("reads");
    assert!(undo_state.can_undo);
}

#[tokio::test]
async fn no_guest_is_created_below_the_minimum_of_free_space() {
    let fixture = Fixture::with(&["a"]).await;
    let Fixture { store, folder, citizen, .. } = fixture;
    store.close().await;
    let low = MinFreeSpace::Bytes(u64::MAX);
    let store = Store::open_with(&folder.0, low).await.expect("opens");
    let refused = store.create_guest(&[card("a")]).await;
    assert!(matches!(refused, Err(StoreError::LowDiskSpace)));
    // Known guests go on.
    let submission = Submission { base_revision: 0, tab: "", key: "" };
    store.edit(&citizen, submission, &resize("a", CardWidth::Full)).await.expect("succeeds");
}

#[tokio::test]
async fn removed_cards_are_remembered_within_bounds() {
    let fixture = board_of(30).await;
    for number in 0..12 {
        fixture.now(&station(&format!("c{number}"), &"x".repeat(5_000))).await;
    }
    for number in 0..30 {
        fixture.now(&remove(&format!("c{number}"))).await;
    }
    let board = fixture.board().await;
    assert!((1..=20).contains(&board.removed.len()));
    fixture.now(&Edit::GoTo { number: 12 }).await;
    for number in (0..12).rev() {
        fixture.now(&remove(&format!("c{number}"))).await;
    }
    let board = fixture.board().await;
    let bytes = document::serialize(&board).expect("writes").len();
    assert!(board.removed_card("c0").is_some() && bytes < 60_000, "{bytes}");
}

#[tokio::test]
async fn interests_are_stored_once_and_unknown_ones_are_dropped() {
    let fixture = Fixture::with(&["a"]).await;
    let repeated = [Theme::WorkAndMoney; 3_000];
    let answered = fixture.store.complete_welcome(&fixture.citizen, None, &repeated).await;
    answered.expect("saves");
    let readers = fixture.store.database.readers();
    let stored: String = sqlx::query_scalar("select interests from citizen")
        .fetch_one(&*readers)
        .await
        .expect("reads");
    assert_eq!(stored, r#"["work-and-money"]"#);
    for (stored, interests) in [
        (r#"["removed-theme","work-and-money","work-and-money"]"#, vec![Theme::WorkAndMoney]),
        (r#"[1,null,{"a":[]},"moving-about"]"#, vec![Theme::MovingAbout]),
        (r#"{"a":1}"#, vec![]),
        ("garbage", vec![]),
        ("", vec![]),
    ] {
        let work = fixture.store.writer.write(move |connection| {
            futures::FutureExt::boxed(async move {
                let update = sqlx::query("update citizen set interests = $1").bind(stored);
                update.execute(connection).await?;
                Ok(())
            })
        });
        work.await.expect("writes");
        let citizen = fixture.store.citizen(&fixture.token).await.expect("reads").expect("exists");
        assert_eq!(citizen.interests, interests, "{stored}");
    }
}

#[tokio::test]
async fn revisions_that_no_page_has_are_harmless() {
    let fixture = Fixture::with(&["a", "b"]).await;
    for base_revision in [i64::MIN, -1, i64::MAX] {
        let submission = Submission { base_revision, tab: "t", key: "" };
        for edit in
            [Edit::Undo, Edit::Redo, resize("a", CardWidth::Wide), later("b"), remove("none")]
        {
            let _ = fixture.store.edit(&fixture.citizen, submission, &edit).await;
        }
        for number in [i64::MIN, -1, 99, i64::MAX] {
            let go_to = Edit::GoTo { number };
            assert!(fixture.store.edit(&fixture.citizen, submission, &go_to).await.is_err());
        }
    }
    assert_eq!(fixture.board().await.cards().count(), 2);
}

#[tokio::test]
async fn the_log_stays_small_and_is_truncated_after_it_grew() {
    let fixture = Arc::new(board_of(20).await);
    let log = fixture.folder.0.join(format!("{}-wal", database::FILE));
    let bytes = || std::fs::metadata(&log).map_or(0, |log| log.len());
    // A reader that does not end keeps SQLite from using the log again.
    let mut reader = fixture.store.database.readers().begin().await.expect("begins");
    sqlx::query("select count(*) from board").fetch_one(&mut *reader).await.expect("reads");
    let long = "x".repeat(60_000);
    let mut edits = 0;
    while bytes() <= 20 << 20 {
        assert!(edits < 1_000, "the log does not grow: {}", bytes());
        fixture.now(&station("c0", &format!("{edits}{long}"))).await;
        edits += 1;
    }
    reader.rollback().await.expect("ends");
    let limit: u64 = database::WAL_SIZE_LIMIT.parse().expect("a number");
    for edits in 0..200 {
        fixture.now(&station("c0", &format!("{edits}{long}"))).await;
        if bytes() <= limit {
            return;
        }
    }
    panic!("the log was not truncated: {}", bytes());
}
