//! Two tabs that see different boards.

use super::*;

/// The four parts of a card, each with an edit that changes it.
fn parts(card: &str) -> [(&'static str, Edit); 4] {
    [
        ("place", moving(card, Direction::Last)),
        ("size", resize(card, 6)),
        ("folded", fold(card, true)),
        ("settings", station(card, "Gent")),
    ]
}

#[tokio::test]
async fn two_parts_of_a_card_merge_and_the_same_part_does_not() {
    for (first, one) in parts("a") {
        // The same part, but to something else: what is so already is no conflict.
        let others = [
            ("place", moving("a", Direction::First)),
            ("size", resize("a", 8)),
            ("folded", fold("a", true)),
            ("settings", station("a", "Aalst")),
        ];
        for (second, other) in others {
            let fixture = Fixture::with(&["a", "b", "c"]).await;
            fixture.edit(0, "one", &one).await.expect("the first is made");
            let result = fixture.edit(0, "two", &other).await;
            if first == second && first != "folded" {
                let told = conflict(result);
                assert_eq!(told.subject, ConflictSubject::Card, "{first} and {second}");
                assert_eq!(seen(&told.board), seen(&fixture.board().await));
                assert!(told.proposed.is_some());
                assert_eq!(fixture.board().await.revision, 1, "nothing is written");
            } else {
                result.unwrap_or_else(|problem| panic!("{first} and {second}: {problem}"));
            }
        }
    }
}

#[tokio::test]
async fn edits_of_two_cards_merge() {
    for (first, one) in parts("a") {
        for (second, other) in parts("b") {
            let fixture = Fixture::with(&["a", "b", "c"]).await;
            fixture.edit(0, "one", &one).await.expect("the first is made");
            let result = fixture.edit(0, "two", &other).await;
            assert!(result.is_ok(), "{first} of one and {second} of the other: {result:?}");
        }
    }
}

#[tokio::test]
async fn a_tab_knows_its_own_edits() {
    let fixture = Fixture::with(&["a", "b", "c"]).await;
    fixture.edit(0, "one", &later("a")).await.expect("is made");
    fixture.edit(0, "one", &later("a")).await.expect("is made, though the page was drawn before");
    assert_eq!(ids(&fixture.board().await), ["b", "c", "a"]);
    // A tab that does not say which it is is another each time.
    fixture.edit(2, "", &resize("a", 6)).await.expect("is made");
    conflict(fixture.edit(2, "", &resize("a", 8)).await);
}

#[tokio::test]
async fn a_card_that_another_tab_took_away_is_put_back_when_that_is_wanted() {
    for (part, edit) in parts("a") {
        let fixture = Fixture::with(&["a", "b", "c"]).await;
        fixture.edit(0, "one", &remove("a")).await.expect("is made");
        let told = conflict(fixture.edit(0, "two", &edit).await);
        assert_eq!(told.subject, ConflictSubject::Card);
        assert!(told.board.card("a").is_none());
        assert!(told.proposed.is_some_and(|board| board.card("a").is_some()));
        let board = fixture.edit(1, "two", &edit).await.expect("is put back").board;
        assert!(board.card("a").is_some(), "{part}");
        assert!(board.removed.is_empty());
        if part != "place" {
            assert_eq!(ids(&board), ["a", "b", "c"], "where it was");
        }
        let changed = match part {
            "size" => board.card("a").is_some_and(|card| card.size == 6),
            "folded" => board.card("a").is_some_and(|card| card.folded),
            "settings" => board.card("a").is_some_and(|card| !card.settings.is_empty()),
            _ => ids(&board) == ["b", "c", "a"],
        };
        assert!(changed, "{part}: with the edit made");
        let history = fixture.store.history(&fixture.citizen).await.expect("reads");
        assert!(matches!(history.changes[1].summary, ChangeSummary::PutBack { .. }));
    }
}

#[tokio::test]
async fn taking_away_what_is_away_is_done_and_what_was_never_there_is_not() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.edit(0, "one", &remove("a")).await.expect("is made");
    let board = fixture.edit(0, "two", &remove("a")).await.expect("is so already").board;
    assert_eq!(board.revision, 1);
    assert_eq!(refused(fixture.edit(1, "two", &remove("z")).await), EditError::CardNotFound);
    assert_eq!(refused(fixture.edit(1, "two", &later("z")).await), EditError::CardNotFound);
}

#[tokio::test]
async fn a_card_that_another_tab_changed_is_not_taken_away_unasked() {
    for (part, edit) in parts("a") {
        let fixture = Fixture::with(&["a", "b", "c"]).await;
        fixture.edit(0, "one", &edit).await.expect("is made");
        let told = conflict(fixture.edit(0, "two", &remove("a")).await);
        assert!(told.proposed.is_some_and(|board| board.card("a").is_none()), "{part}");
        fixture.edit(1, "two", &remove("a")).await.expect("once it is known");
    }
}

#[tokio::test]
async fn pages_merge_by_their_name_their_place_and_their_cards() {
    let change = |name: &str| Edit::ChangePage {
        page: FIRST_PAGE.to_owned(),
        name: name.to_owned(),
        icon: "home".to_owned(),
    };
    let move_first = Edit::MovePage { page: FIRST_PAGE.to_owned(), earlier: false };
    let remove_first = Edit::RemovePage { page: FIRST_PAGE.to_owned() };
    let add =
        Edit::Add { widget: "holidays".to_owned(), size: 4, page: Some(FIRST_PAGE.to_owned()) };
    for (one, other, clashes) in [
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
        fixture.edit(0, "one", &add_page("Tweede")).await.expect("is made");
        fixture.edit(1, "one", &one).await.expect("the first is made");
        let result = fixture.edit(1, "two", &other).await;
        let told = matches!(result, Err(StoreError::Conflict(_)));
        assert_eq!(told, clashes, "{one:?} and {other:?}: {result:?}");
        assert!(told || result.is_ok());
    }
    let fixture = Fixture::with(&["a"]).await;
    fixture.edit(0, "one", &add_page("Tweede")).await.expect("is made");
    fixture.edit(1, "one", &remove_first).await.expect("is made");
    assert_eq!(refused(fixture.edit(1, "two", &change("Huis")).await), EditError::PageNotFound);
}

#[tokio::test]
async fn an_edit_that_comes_twice_is_made_once() {
    let fixture = Fixture::with(&["a", "b", "c"]).await;
    let send = |seen, key, edit: Edit| {
        let (store, citizen) = (&fixture.store, &fixture.citizen);
        async move {
            store.edit(citizen, Submission { base_revision: seen, tab: "one", key }, &edit).await
        }
    };
    let add = Edit::Add { widget: "holidays".to_owned(), size: 4, page: None };
    let first = send(0, "k", add.clone()).await.expect("is made");
    let again = send(0, "k", add.clone()).await.expect("is acknowledged again");
    assert_eq!(first.subject, again.subject);
    assert_eq!(again.board.revision, 1);
    assert_eq!(again.board.cards().count(), 4);
    // Another key is another edit; and so is another edit with the same key, as two buttons of one form have it.
    assert_eq!(send(0, "l", add).await.expect("is made").board.cards().count(), 5);
    send(2, "k", later("a")).await.expect("is made");
    send(2, "k", later("a")).await.expect("is acknowledged again");
    assert_eq!(ids(&fixture.board().await)[..3], ["b", "a", "c"]);
    // Also when another tab has undone it meanwhile.
    fixture.edit(3, "two", &Edit::Undo).await.expect("is undone");
    send(2, "k", later("a")).await.expect("is acknowledged again");
    assert_eq!(ids(&fixture.board().await)[..3], ["a", "b", "c"]);
}

#[tokio::test]
async fn going_back_touches_only_what_it_changes() {
    let fixture = Fixture::with(&["a", "b", "c", "d"]).await;
    fixture.edit(0, "one", &resize("a", 6)).await.expect("is made");
    fixture.edit(1, "one", &later("c")).await.expect("is made");
    fixture.edit(2, "one", &Edit::GoTo { number: 0 }).await.expect("goes back");
    fixture.edit(2, "two", &resize("b", 6)).await.expect("b was not touched");
    fixture.edit(2, "two", &fold("a", true)).await.expect("nor was whether a is folded");
    conflict(fixture.edit(2, "two", &resize("a", 8)).await);
    conflict(fixture.edit(2, "two", &moving("c", Direction::First)).await);
    // A card that undoing took off the board can be put back.
    let fixture = Fixture::with(&["a"]).await;
    let add = Edit::Add { widget: "holidays".to_owned(), size: 4, page: None };
    let added = fixture.edit(0, "one", &add).await.expect("is made").subject.expect("an id");
    fixture.edit(1, "one", &Edit::Undo).await.expect("is undone");
    conflict(fixture.edit(1, "two", &resize(&added, 6)).await);
    let board = fixture.edit(2, "two", &resize(&added, 6)).await.expect("is put back").board;
    assert_eq!(board.card(&added).map(|card| card.size), Some(6));
}
