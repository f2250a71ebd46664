//! Undoing, redoing, and going back.

use super::*;

#[tokio::test]
async fn every_edit_can_be_undone_back_to_the_start_and_made_again() {
    let desk = Desk::with(&["a", "b", "c"]).await;
    let edits = [
        later("a"),
        resize("b", 12),
        add_page("Werk"),
        remove("c"),
        Edit::Add { widget: "holidays".to_owned(), size: 3, page: None },
        station("a", "Gent"),
        fold("b", true),
        Edit::ChangePage {
            page: FIRST_PAGE.to_owned(),
            name: "Huis".to_owned(),
            icon: "star".to_owned(),
        },
        Edit::MovePage { page: FIRST_PAGE.to_owned(), earlier: false },
        Edit::RemovePage { page: FIRST_PAGE.to_owned() },
    ];
    let mut boards = vec![seen(&desk.board().await)];
    for edit in &edits {
        boards.push(seen(&desk.now(edit).await));
    }
    for board in boards.iter().rev().skip(1) {
        assert_eq!(seen(&desk.now(&Edit::Undo).await), *board);
    }
    let revision = desk.board().await.revision;
    let more = desk.edit(revision, "", &Edit::Undo).await;
    assert_eq!(refused(more), EditError::NothingToUndo);
    for board in boards.iter().skip(1) {
        assert_eq!(seen(&desk.now(&Edit::Redo).await), *board);
    }
    let revision = desk.board().await.revision;
    let more = desk.edit(revision, "", &Edit::Redo).await;
    assert_eq!(refused(more), EditError::NothingToRedo);
}

#[tokio::test]
async fn any_of_the_changes_can_be_gone_back_to_and_forward_again() {
    let desk = Desk::with(&["a", "b", "c"]).await;
    let mut boards = vec![seen(&desk.board().await)];
    for size in [6, 8, 12, 3] {
        boards.push(seen(&desk.now(&resize("b", size)).await));
    }
    for number in [2, 0, 3, 4, 1, 1] {
        let board = desk.now(&Edit::GoTo { number }).await;
        assert_eq!(seen(&board), boards[number as usize], "after change {number}");
        let history = desk.store.history(&desk.citizen).await.expect("reads");
        assert_eq!((history.in_force, history.changes.len()), (number, 4));
    }
    let revision = desk.board().await.revision;
    let nowhere = desk.edit(revision, "", &Edit::GoTo { number: 9 }).await;
    assert_eq!(refused(nowhere), EditError::NoSuchChange);
    // A new edit takes the place of those that were taken back.
    desk.now(&remove("a")).await;
    let history = desk.store.history(&desk.citizen).await.expect("reads");
    assert_eq!(history.changes.len(), 2);
    assert_eq!(
        history.changes[1].deed,
        ChangeSummary::Removed { widget: "air-quality".to_owned() }
    );
    let steps = desk.store.steps(&desk.citizen).await.expect("reads");
    assert_eq!(steps, Steps { back: true, forward: false });
}

#[tokio::test]
async fn the_last_fifty_changes_are_kept() {
    let desk = Desk::with(&["a", "b"]).await;
    for number in 0..60 {
        desk.now(&resize("a", if number % 2 == 0 { 6 } else { 4 })).await;
    }
    let history = desk.store.history(&desk.citizen).await.expect("reads");
    assert_eq!(history.changes.len(), 50);
    assert_eq!(history.changes[0].number, 11);
    for _ in 0..50 {
        desk.now(&Edit::Undo).await;
    }
    let revision = desk.board().await.revision;
    let more = desk.edit(revision, "", &Edit::Undo).await;
    assert_eq!(refused(more), EditError::NothingToUndo);
    assert_eq!(desk.store.history(&desk.citizen).await.expect("reads").in_force, 10);
}

#[tokio::test]
async fn what_changes_nothing_is_no_change() {
    let desk = Desk::with(&["a", "b"]).await;
    for edit in [
        moving("a", Direction::Earlier),
        resize("a", 4),
        fold("a", false),
        place("a", None, Some("b"), Some(4)),
        Edit::MovePage { page: FIRST_PAGE.to_owned(), earlier: true },
        Edit::GoTo { number: 0 },
    ] {
        let board = desk.edit(0, "", &edit).await.expect("is acknowledged").board;
        assert_eq!(board.revision, 0, "{edit:?}");
    }
    let history = desk.store.history(&desk.citizen).await.expect("reads");
    assert!(history.changes.is_empty());
}

#[tokio::test]
async fn undoing_is_asked_about_when_another_tab_edited_meanwhile() {
    let desk = Desk::with(&["a", "b"]).await;
    desk.edit(0, "one", &resize("a", 6)).await.expect("is made");
    desk.edit(1, "two", &resize("b", 8)).await.expect("is made");
    let told = conflict(desk.edit(1, "one", &Edit::Undo).await);
    assert_eq!(told.clash, ConflictSubject::Board);
    assert_eq!(
        told.about,
        Some(ChangeSummary::Resized { widget: "air-quality".to_owned(), size: 8 })
    );
    // One's own edits are known, whatever the page said when it was drawn.
    desk.edit(2, "one", &resize("a", 12)).await.expect("is made");
    desk.edit(2, "one", &Edit::Undo).await.expect("is undone");
    desk.edit(2, "one", &Edit::Redo).await.expect("is redone");
    // Without a name every tab is another.
    assert!(matches!(desk.edit(2, "", &Edit::Undo).await, Err(StoreError::Conflict(_))));
}
