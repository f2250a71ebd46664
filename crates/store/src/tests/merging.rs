//! Edits from two tabs with different revisions of the board.

use super::*;

/// The four parts of a card, each with an edit that changes it.
fn parts(card: &str) -> [(&'static str, Edit); 4] {
    [
        ("place", moving(card, Direction::Last)),
        ("size", resize(card, CardWidth::Wide)),
        ("folded", fold(card, true)),
        ("settings", station(card, "Gent")),
    ]
}

#[tokio::test]
async fn edits_of_two_parts_of_a_card_merge_and_of_the_same_part_conflict() {
    for (first, one) in parts("a") {
        // The same parts with another value; an equal value would not conflict.
        let others = [
            ("place", moving("a", Direction::First)),
            ("size", resize("a", CardWidth::Full)),
            ("folded", fold("a", true)),
            ("settings", station("a", "Aalst")),
        ];
        for (second, other) in others {
            let fixture = Fixture::with(&["a", "b", "c"]).await;
            fixture.edit(0, "one", &one).await.expect("the first edit succeeds");
            let result = fixture.edit(0, "two", &other).await;
            if first == second && first != "folded" {
                let conflict = conflict_of(result);
                assert_eq!(conflict.subject, ConflictSubject::Card, "{first} and {second}");
                assert_eq!(visible_pages(&conflict.board), visible_pages(&fixture.board().await));
                assert!(conflict.proposed.is_some());
                assert_eq!(fixture.board().await.revision, 1, "nothing is written");
            } else {
                result.unwrap_or_else(|error| panic!("{first} and {second}: {error}"));
            }
        }
    }
}

#[tokio::test]
async fn edits_of_two_cards_merge() {
    for (first, one) in parts("a") {
        for (second, other) in parts("b") {
            let fixture = Fixture::with(&["a", "b", "c"]).await;
            fixture.edit(0, "one", &one).await.expect("the first edit succeeds");
            let result = fixture.edit(0, "two", &other).await;
            assert!(result.is_ok(), "{first} of one and {second} of the other: {result:?}");
        }
    }
}

#[tokio::test]
async fn a_tab_knows_its_own_edits() {
    let fixture = Fixture::with(&["a", "b", "c"]).await;
    fixture.edit(0, "one", &later("a")).await.expect("succeeds");
    fixture.edit(0, "one", &later("a")).await.expect("succeeds on an outdated page");
    assert_eq!(ids(&fixture.board().await), ["b", "c", "a"]);
    // Without a tab id, every request counts as another tab.
    fixture.edit(2, "", &resize("a", CardWidth::Wide)).await.expect("succeeds");
    conflict_of(fixture.edit(2, "", &resize("a", CardWidth::Full)).await);
}

#[tokio::test]
async fn an_edit_of_a_card_removed_in_another_tab_restores_it_after_confirmation() {
    for (part, edit) in parts("a") {
        let fixture = Fixture::with(&["a", "b", "c"]).await;
        fixture.edit(0, "one", &remove("a")).await.expect("succeeds");
        let conflict = conflict_of(fixture.edit(0, "two", &edit).await);
        assert_eq!(conflict.subject, ConflictSubject::Card);
        assert!(conflict.board.card("a").is_none());
        assert!(conflict.proposed.is_some_and(|board| board.card("a").is_some()));
        let board = fixture.edit(1, "two", &edit).await.expect("restores").board;
        assert!(board.card("a").is_some(), "{part}");
        assert!(board.removed.is_empty());
        if part != "place" {
            assert_eq!(ids(&board), ["a", "b", "c"], "at its former position");
        }
        let changed = match part {
            "size" => board.card("a").is_some_and(|card| card.size == CardWidth::Wide),
            "folded" => board.card("a").is_some_and(|card| card.folded),
            "settings" => board.card("a").is_some_and(|card| !card.settings.is_empty()),
            _ => ids(&board) == ["b", "c", "a"],
        };
        assert!(changed, "{part}: edited");
        let history = fixture.store.history(&fixture.citizen).await.expect("reads");
        assert!(matches!(history.changes[1].summary, ChangeSummary::PutBack { .. }));
    }
}

#[tokio::test]
async fn removing_a_removed_card_succeeds_and_an_unknown_card_fails() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.edit(0, "one", &remove("a")).await.expect("succeeds");
    let board = fixture.edit(0, "two", &remove("a")).await.expect("succeeds").board;
    assert_eq!(board.revision, 1);
    assert_eq!(invalid(fixture.edit(1, "two", &remove("z")).await), EditError::CardNotFound);
    assert_eq!(invalid(fixture.edit(1, "two", &later("z")).await), EditError::CardNotFound);
}

#[tokio::test]
async fn removing_a_card_changed_in_another_tab_conflicts() {
    for (part, edit) in parts("a") {
        let fixture = Fixture::with(&["a", "b", "c"]).await;
        fixture.edit(0, "one", &edit).await.expect("succeeds");
        let conflict = conflict_of(fixture.edit(0, "two", &remove("a")).await);
        assert!(conflict.proposed.is_some_and(|board| board.card("a").is_none()), "{part}");
        fixture.edit(1, "two", &remove("a")).await.expect("succeeds after a reload");
    }
}

#[tokio::test]
async fn edits_of_pages_merge_by_name_position_and_cards() {
    let change = |name: &str| Edit::ChangePage {
        page: FIRST_PAGE.to_owned(),
        name: name.to_owned(),
        icon: "home".to_owned(),
    };
    let move_first = Edit::MovePage { page: FIRST_PAGE.to_owned(), earlier: false };
    let remove_first = Edit::RemovePage { page: FIRST_PAGE.to_owned() };
    let add = Edit::Add {
        widget: "holidays".to_owned(),
        size: CardWidth::Narrow,
        page: Some(FIRST_PAGE.to_owned()),
    };
    for (one, other, expected) in [
        (change("Huis"), change("Werk"), true),
        (change("Huis"), change("Huis"), false),
        (change("Huis"), move_first.clone(), false),
        (move_first.clone(), change("Huis"), false),
        (change("Huis"), later("a"), false),
        (add_page("Derde"), remove_first.clone(), false),
        (change("Huis"), remove_first.clone(), true),
        (move_first, remove_first.clone(), true),
        (later("a"), remove_first.clone(), true),
        (add.clone(), remove_first.clone(), true),
        (remove("a"), remove_first.clone(), false),
        (remove_first.clone(), add, false),
        (remove_first.clone(), later("a"), true),
    ] {
        let fixture = Fixture::with(&["a", "b"]).await;
        fixture.edit(0, "one", &add_page("Tweede")).await.expect("succeeds");
        fixture.edit(1, "one", &one).await.expect("the first edit succeeds");
        let result = fixture.edit(1, "two", &other).await;
        let conflicts = matches!(result, Err(StoreError::Conflict(_)));
        assert_eq!(conflicts, expected, "{one:?} and {other:?}: {result:?}");
        assert!(conflicts || result.is_ok());
    }
    let fixture = Fixture::with(&["a"]).await;
    fixture.edit(0, "one", &add_page("Tweede")).await.expect("succeeds");
    fixture.edit(1, "one", &remove_first).await.expect("succeeds");
    assert_eq!(invalid(fixture.edit(1, "two", &change("Huis")).await), EditError::PageNotFound);
}

#[tokio::test]
async fn a_repeated_submission_is_applied_once() {
    let fixture = Fixture::with(&["a", "b", "c"]).await;
    let send = |revision, key, edit: Edit| {
        let (store, citizen) = (&fixture.store, &fixture.citizen);
        async move {
            store
                .edit(citizen, Submission { base_revision: revision, tab: "one", key }, &edit)
                .await
        }
    };
    let add = Edit::Add { widget: "holidays".to_owned(), size: CardWidth::Narrow, page: None };
    let first = send(0, "k", add.clone()).await.expect("succeeds");
    let again = send(0, "k", add.clone()).await.expect("is acknowledged again");
    assert_eq!(first.subject, again.subject);
    assert_eq!(again.board.revision, 1);
    assert_eq!(again.board.cards().count(), 4);
    // Another key is another edit, and so is another edit with the same key: two buttons of one
    // form share a key.
    assert_eq!(send(0, "l", add).await.expect("succeeds").board.cards().count(), 5);
    send(2, "k", later("a")).await.expect("succeeds");
    send(2, "k", later("a")).await.expect("is acknowledged again");
    assert_eq!(ids(&fixture.board().await)[2..], ["b", "a", "c"]);
    // Also when another tab has undone it meanwhile.
    fixture.edit(3, "two", &Edit::Undo).await.expect("undoes");
    send(2, "k", later("a")).await.expect("is acknowledged again");
    assert_eq!(ids(&fixture.board().await)[2..], ["a", "b", "c"]);
}

#[tokio::test]
async fn go_to_stamps_only_the_parts_that_it_changes() {
    let fixture = Fixture::with(&["a", "b", "c", "d"]).await;
    fixture.edit(0, "one", &resize("a", CardWidth::Wide)).await.expect("succeeds");
    fixture.edit(1, "one", &later("c")).await.expect("succeeds");
    fixture.edit(2, "one", &Edit::GoTo { number: 0 }).await.expect("restores");
    fixture.edit(2, "two", &resize("b", CardWidth::Wide)).await.expect("b has no new stamp");
    fixture.edit(2, "two", &fold("a", true)).await.expect("neither has the folded state of a");
    conflict_of(fixture.edit(2, "two", &resize("a", CardWidth::Full)).await);
    conflict_of(fixture.edit(2, "two", &moving("c", Direction::First)).await);
    // A card that was removed by undo can be restored.
    let fixture = Fixture::with(&["a"]).await;
    let add = Edit::Add { widget: "holidays".to_owned(), size: CardWidth::Narrow, page: None };
    let added = fixture.edit(0, "one", &add).await.expect("succeeds").subject.expect("a subject");
    fixture.edit(1, "one", &Edit::Undo).await.expect("undoes");
    conflict_of(fixture.edit(1, "two", &resize(&added, CardWidth::Wide)).await);
    let board =
        fixture.edit(2, "two", &resize(&added, CardWidth::Wide)).await.expect("restores").board;
    assert_eq!(board.card(&added).map(|card| card.size), Some(CardWidth::Wide));
}

#[tokio::test]
async fn two_tabs_tick_two_items_and_the_same_one() {
    let fixture = Fixture::with(&["a"]).await;
    fixture.now(&station("a", "Melk\nBrood\nKaas")).await;
    let list =
        async || fixture.board().await.card("a").map(|card| card.settings["station"].clone());
    fixture.edit(1, "one", &tick("a", "Melk", true)).await.expect("ticks");
    fixture.edit(1, "two", &tick("a", "Brood", true)).await.expect("ticks another");
    assert_eq!(list().await.as_deref(), Some("✓ Melk\n✓ Brood\nKaas"));
    let before = fixture.board().await.revision;
    fixture.edit(1, "two", &tick("a", "Melk", true)).await.expect("is ticked already");
    assert_eq!(fixture.board().await.revision, before, "nothing changed");
    fixture.edit(1, "two", &add_item("a", "Zout")).await.expect("adds");
    // The tab has not seen that Brood is ticked: it stays.
    fixture.edit(1, "one", &clear_items("a", &["Melk"])).await.expect("removes");
    assert_eq!(list().await.as_deref(), Some("✓ Brood\nKaas\nZout"));
    assert_eq!(
        invalid(fixture.edit(1, "one", &tick("a", "Melk", false)).await),
        EditError::ItemNotFound
    );
    let long = add_item("a", &"x".repeat(121));
    assert!(matches!(invalid(fixture.edit(1, "one", &long).await), EditError::ItemRefused(_)));
    // The form of the settings knows nothing of the ticks.
    conflict_of(fixture.edit(1, "three", &station("a", "Melk\nBrood")).await);
    fixture.now(&clear_items("a", &["Brood"])).await;
    fixture.now(&Edit::Undo).await;
    assert_eq!(list().await.as_deref(), Some("✓ Brood\nKaas\nZout"));
    let history = fixture.store.history(&fixture.citizen).await.expect("reads");
    let deeds: Vec<_> = history.changes.iter().map(|change| &change.summary).collect();
    assert!(matches!(deeds[1], ChangeSummary::Ticked { .. }), "{deeds:?}");
    assert!(matches!(deeds[3], ChangeSummary::AddedItem { .. }), "{deeds:?}");
    assert!(matches!(deeds.last(), Some(ChangeSummary::ClearedItems { .. })), "{deeds:?}");
}

#[tokio::test]
async fn an_item_of_a_card_removed_in_another_tab_is_ticked_after_confirmation() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.now(&station("a", "Melk")).await;
    fixture.edit(1, "one", &remove("a")).await.expect("removes");
    let conflict = conflict_of(fixture.edit(1, "two", &tick("a", "Melk", true)).await);
    assert_eq!(conflict.subject, ConflictSubject::Card);
    let board = fixture.edit(2, "two", &tick("a", "Melk", true)).await.expect("restores").board;
    assert_eq!(board.card("a").map(|card| card.settings["station"].as_str()), Some("✓ Melk"));
}
