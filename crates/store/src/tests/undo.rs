//! Undo, redo and go-to.

use super::*;

#[tokio::test]
async fn every_edit_can_be_undone_and_redone() {
    let fixture = Fixture::with(&["a", "b", "c"]).await;
    let edits = [
        later("a"),
        resize("b", CardWidth::Full),
        add_page("Werk"),
        remove("c"),
        Edit::Add { widget: "holidays".to_owned(), size: CardWidth::Narrow, page: None },
        station("a", "Gent"),
        fold("b", true),
        Edit::ChangePage {
            page: FIRST_PAGE.to_owned(),
            name: "Huis".to_owned(),
            icon: "star".to_owned(),
        },
        Edit::MovePage { page: FIRST_PAGE.to_owned(), earlier: false },
        Edit::RemovePage { page: FIRST_PAGE.to_owned() },
        import(&[2], false),
        import(&[3, 0], true),
    ];
    let mut boards = vec![visible_pages(&fixture.board().await)];
    for edit in &edits {
        boards.push(visible_pages(&fixture.now(edit).await));
    }
    for board in boards.iter().rev().skip(1) {
        assert_eq!(visible_pages(&fixture.now(&Edit::Undo).await), *board);
    }
    let revision = fixture.board().await.revision;
    let more = fixture.edit(revision, "", &Edit::Undo).await;
    assert_eq!(invalid(more), EditError::NothingToUndo);
    for board in boards.iter().skip(1) {
        assert_eq!(visible_pages(&fixture.now(&Edit::Redo).await), *board);
    }
    let revision = fixture.board().await.revision;
    let more = fixture.edit(revision, "", &Edit::Redo).await;
    assert_eq!(invalid(more), EditError::NothingToRedo);
}

#[tokio::test]
async fn go_to_reaches_every_change_in_both_directions() {
    let fixture = Fixture::with(&["a", "b", "c"]).await;
    let mut boards = vec![visible_pages(&fixture.board().await)];
    for size in [CardWidth::Wide, CardWidth::Full, CardWidth::Wide, CardWidth::Narrow] {
        boards.push(visible_pages(&fixture.now(&resize("b", size)).await));
    }
    for number in [2, 0, 3, 4, 1, 1] {
        let board = fixture.now(&Edit::GoTo { number }).await;
        assert_eq!(visible_pages(&board), boards[number as usize], "after change {number}");
        let history = fixture.store.history(&fixture.citizen).await.expect("reads");
        assert_eq!((history.current_change, history.changes.len()), (number, 4));
    }
    let revision = fixture.board().await.revision;
    let nowhere = fixture.edit(revision, "", &Edit::GoTo { number: 9 }).await;
    assert_eq!(invalid(nowhere), EditError::ChangeNotFound);
    // A new edit replaces the undone changes.
    fixture.now(&remove("a")).await;
    let history = fixture.store.history(&fixture.citizen).await.expect("reads");
    assert_eq!(history.changes.len(), 2);
    assert_eq!(
        history.changes[1].summary,
        ChangeSummary::Removed { widget: "air-quality".to_owned() }
    );
    let undo_state = fixture.store.undo_state(&fixture.citizen).await.expect("reads");
    assert_eq!(undo_state, UndoState { can_undo: true, can_redo: false });
}

#[tokio::test]
async fn the_last_fifty_changes_are_stored() {
    let fixture = Fixture::with(&["a", "b"]).await;
    for number in 0..60 {
        fixture
            .now(&resize("a", if number % 2 == 0 { CardWidth::Wide } else { CardWidth::Narrow }))
            .await;
    }
    let history = fixture.store.history(&fixture.citizen).await.expect("reads");
    assert_eq!(history.changes.len(), 50);
    assert_eq!(history.changes[0].number, 11);
    for _ in 0..50 {
        fixture.now(&Edit::Undo).await;
    }
    let revision = fixture.board().await.revision;
    let more = fixture.edit(revision, "", &Edit::Undo).await;
    assert_eq!(invalid(more), EditError::NothingToUndo);
    assert_eq!(fixture.store.history(&fixture.citizen).await.expect("reads").current_change, 10);
}

#[tokio::test]
async fn edits_without_effect_are_not_recorded() {
    let fixture = Fixture::with(&["a", "b"]).await;
    for edit in [
        moving("a", Direction::Earlier),
        resize("a", CardWidth::Narrow),
        fold("a", false),
        place("a", None, Some("b"), Some(CardWidth::Narrow)),
        Edit::MovePage { page: FIRST_PAGE.to_owned(), earlier: true },
        Edit::GoTo { number: 0 },
    ] {
        let board = fixture.edit(0, "", &edit).await.expect("is acknowledged").board;
        assert_eq!(board.revision, 0, "{edit:?}");
    }
    let history = fixture.store.history(&fixture.citizen).await.expect("reads");
    assert!(history.changes.is_empty());
}

#[tokio::test]
async fn undo_conflicts_when_another_tab_edited_meanwhile() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.edit(0, "one", &resize("a", CardWidth::Wide)).await.expect("succeeds");
    fixture.edit(1, "two", &resize("b", CardWidth::Full)).await.expect("succeeds");
    let conflict = conflict_of(fixture.edit(1, "one", &Edit::Undo).await);
    assert_eq!(conflict.subject, ConflictSubject::Board);
    assert_eq!(
        conflict.change,
        Some(ChangeSummary::Resized { widget: "air-quality".to_owned(), size: CardWidth::Full })
    );
    // A tab knows its own edits, also those newer than its page.
    fixture.edit(2, "one", &resize("a", CardWidth::Full)).await.expect("succeeds");
    fixture.edit(2, "one", &Edit::Undo).await.expect("undoes");
    fixture.edit(2, "one", &Edit::Redo).await.expect("redoes");
    // Without a tab id, every request counts as another tab.
    assert!(matches!(fixture.edit(2, "", &Edit::Undo).await, Err(StoreError::Conflict(_))));
}
