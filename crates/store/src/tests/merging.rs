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
            let desk = Desk::with(&["a", "b", "c"]).await;
            desk.edit(0, "one", &one).await.expect("the first is made");
            let result = desk.edit(0, "two", &other).await;
            if first == second && first != "folded" {
                let told = conflict(result);
                assert_eq!(told.clash, ConflictSubject::Card, "{first} and {second}");
                assert_eq!(seen(&told.board), seen(&desk.board().await));
                assert!(told.wished.is_some());
                assert_eq!(desk.board().await.revision, 1, "nothing is written");
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
            let desk = Desk::with(&["a", "b", "c"]).await;
            desk.edit(0, "one", &one).await.expect("the first is made");
            let result = desk.edit(0, "two", &other).await;
            assert!(result.is_ok(), "{first} of one and {second} of the other: {result:?}");
        }
    }
}

#[tokio::test]
async fn a_tab_knows_its_own_edits() {
    let desk = Desk::with(&["a", "b", "c"]).await;
    desk.edit(0, "one", &later("a")).await.expect("is made");
    desk.edit(0, "one", &later("a")).await.expect("is made, though the page was drawn before");
    assert_eq!(ids(&desk.board().await), ["b", "c", "a"]);
    // A tab that does not say which it is is another each time.
    desk.edit(2, "", &resize("a", 6)).await.expect("is made");
    conflict(desk.edit(2, "", &resize("a", 8)).await);
}

#[tokio::test]
async fn a_card_that_another_tab_took_away_is_put_back_when_that_is_wanted() {
    for (part, edit) in parts("a") {
        let desk = Desk::with(&["a", "b", "c"]).await;
        desk.edit(0, "one", &remove("a")).await.expect("is made");
        let told = conflict(desk.edit(0, "two", &edit).await);
        assert_eq!(told.clash, ConflictSubject::Card);
        assert!(told.board.card("a").is_none());
        assert!(told.wished.is_some_and(|board| board.card("a").is_some()));
        let board = desk.edit(1, "two", &edit).await.expect("is put back").board;
        assert!(board.card("a").is_some(), "{part}");
        assert!(board.gone.is_empty());
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
        let history = desk.store.history(&desk.citizen).await.expect("reads");
        assert!(matches!(history.changes[1].deed, ChangeSummary::PutBack { .. }));
    }
}

#[tokio::test]
async fn taking_away_what_is_away_is_done_and_what_was_never_there_is_not() {
    let desk = Desk::with(&["a", "b"]).await;
    desk.edit(0, "one", &remove("a")).await.expect("is made");
    let board = desk.edit(0, "two", &remove("a")).await.expect("is so already").board;
    assert_eq!(board.revision, 1);
    assert_eq!(refused(desk.edit(1, "two", &remove("z")).await), EditError::NoSuchCard);
    assert_eq!(refused(desk.edit(1, "two", &later("z")).await), EditError::NoSuchCard);
}

#[tokio::test]
async fn a_card_that_another_tab_changed_is_not_taken_away_unasked() {
    for (part, edit) in parts("a") {
        let desk = Desk::with(&["a", "b", "c"]).await;
        desk.edit(0, "one", &edit).await.expect("is made");
        let told = conflict(desk.edit(0, "two", &remove("a")).await);
        assert!(told.wished.is_some_and(|board| board.card("a").is_none()), "{part}");
        desk.edit(1, "two", &remove("a")).await.expect("once it is known");
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
        let desk = Desk::with(&["a", "b"]).await;
        desk.edit(0, "one", &add_page("Tweede")).await.expect("is made");
        desk.edit(1, "one", &one).await.expect("the first is made");
        let result = desk.edit(1, "two", &other).await;
        let told = matches!(result, Err(StoreError::Conflict(_)));
        assert_eq!(told, clashes, "{one:?} and {other:?}: {result:?}");
        assert!(told || result.is_ok());
    }
    let desk = Desk::with(&["a"]).await;
    desk.edit(0, "one", &add_page("Tweede")).await.expect("is made");
    desk.edit(1, "one", &remove_first).await.expect("is made");
    assert_eq!(refused(desk.edit(1, "two", &change("Huis")).await), EditError::NoSuchPage);
}

#[tokio::test]
async fn an_edit_that_comes_twice_is_made_once() {
    let desk = Desk::with(&["a", "b", "c"]).await;
    let send = |seen, key, edit: Edit| {
        let (store, citizen) = (&desk.store, &desk.citizen);
        async move { store.edit(citizen, Submission { seen, tab: "one", key }, &edit).await }
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
    assert_eq!(ids(&desk.board().await)[..3], ["b", "a", "c"]);
    // Also when another tab has undone it meanwhile.
    desk.edit(3, "two", &Edit::Undo).await.expect("is undone");
    send(2, "k", later("a")).await.expect("is acknowledged again");
    assert_eq!(ids(&desk.board().await)[..3], ["a", "b", "c"]);
}

#[tokio::test]
async fn going_back_touches_only_what_it_changes() {
    let desk = Desk::with(&["a", "b", "c", "d"]).await;
    desk.edit(0, "one", &resize("a", 6)).await.expect("is made");
    desk.edit(1, "one", &later("c")).await.expect("is made");
    desk.edit(2, "one", &Edit::GoTo { number: 0 }).await.expect("goes back");
    desk.edit(2, "two", &resize("b", 6)).await.expect("b was not touched");
    desk.edit(2, "two", &fold("a", true)).await.expect("nor was whether a is folded");
    conflict(desk.edit(2, "two", &resize("a", 8)).await);
    conflict(desk.edit(2, "two", &moving("c", Direction::First)).await);
    // A card that undoing took off the board can be put back.
    let desk = Desk::with(&["a"]).await;
    let add = Edit::Add { widget: "holidays".to_owned(), size: 4, page: None };
    let added = desk.edit(0, "one", &add).await.expect("is made").subject.expect("an id");
    desk.edit(1, "one", &Edit::Undo).await.expect("is undone");
    conflict(desk.edit(1, "two", &resize(&added, 6)).await);
    let board = desk.edit(2, "two", &resize(&added, 6)).await.expect("is put back").board;
    assert_eq!(board.card(&added).map(|card| card.size), Some(6));
}
