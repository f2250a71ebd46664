//! Several cards at once: a starter board, and a set.

use super::*;

fn new(widget: &str) -> NewCard {
    let settings = [("station".to_owned(), "Gent".to_owned())].into();
    NewCard { widget: widget.to_owned(), size: CardWidth::Wide, settings }
}

fn widgets(board: &Board) -> Vec<&str> {
    board.cards().map(|card| card.widget.as_str()).collect()
}

#[tokio::test]
async fn a_set_comes_first_and_is_one_change() {
    let fixture = Fixture::with(&["a"]).await;
    let before = visible_pages(&fixture.board().await);
    let cards = vec![new("holidays"), new("road-works")];
    let edit = Edit::AddSet { set: "school".to_owned(), cards, page: None };
    let after = fixture.now(&edit).await;
    assert_eq!(widgets(&after), ["holidays", "road-works", "air-quality"]);
    assert_eq!(after.pages[0].cards[0].settings["station"], "Gent");
    assert_eq!(visible_pages(&fixture.now(&Edit::Undo).await), before);
    assert_eq!(visible_pages(&fixture.now(&Edit::Redo).await), visible_pages(&after));
}

#[tokio::test]
async fn a_start_keeps_a_card_of_the_same_widget_and_can_be_undone() {
    let fixture = Fixture::with(&["a"]).await;
    let before = visible_pages(&fixture.board().await);
    let cards = vec![new("holidays"), new("air-quality")];
    let after = fixture.now(&Edit::Start { cards }).await;
    assert_eq!(widgets(&after), ["holidays", "air-quality"]);
    let kept = &after.pages[0].cards[1];
    assert_eq!((kept.id.as_str(), kept.size, kept.settings.len()), ("a", CardWidth::Wide, 0));
    assert_eq!(visible_pages(&fixture.now(&Edit::Undo).await), before);
}

#[tokio::test]
async fn a_start_keeps_other_pages_and_can_put_back_what_it_removed() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.now(&add_page("Werk")).await;
    let after = fixture.now(&Edit::Start { cards: vec![new("holidays")] }).await;
    assert_eq!((after.pages.len(), widgets(&after)), (2, vec!["holidays"]));
    assert!(after.removed_card("a").is_some() && after.removed_card("b").is_some());
}

#[tokio::test]
async fn a_set_that_does_not_fit_is_refused() {
    let fixture = Fixture::with(&["a"]).await;
    let revision = fixture.board().await.revision;
    let cards = vec![new("holidays"); 60];
    for edit in [
        Edit::AddSet { set: "all".to_owned(), cards: cards.clone(), page: None },
        Edit::Start { cards: [cards, vec![new("road-works")]].concat() },
    ] {
        let refused = fixture.edit(revision, "", &edit).await;
        assert_eq!(invalid(refused), EditError::TooManyCards);
    }
    assert_eq!(widgets(&fixture.board().await), ["air-quality"]);
}

#[tokio::test]
async fn a_start_from_an_outdated_page_is_a_conflict() {
    let fixture = Fixture::with(&["a", "b"]).await;
    let revision = fixture.board().await.revision;
    fixture.now(&later("a")).await;
    let late = fixture.edit(revision, "", &Edit::Start { cards: vec![new("holidays")] }).await;
    conflict_of(late);
}
