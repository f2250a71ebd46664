use std::path::PathBuf;
use std::sync::Arc;

use voordeur_contract::Theme;

use super::*;

/// A folder of its own for a test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("voordeur-{}", token::random_id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn card(id: &str) -> Card {
    Card {
        id: id.to_owned(),
        widget: "air-quality".to_owned(),
        size: 4,
        settings: voordeur_contract::Settings::new(),
    }
}

fn ids(board: &Board) -> Vec<&str> {
    board.cards.iter().map(|card| card.id.as_str()).collect()
}

fn remove(card: &str) -> Edit {
    Edit::Remove { card: card.to_owned() }
}

fn later(card: &str) -> Edit {
    Edit::Move { card: card.to_owned(), direction: Direction::Later }
}

#[tokio::test]
async fn a_board_survives_a_restart() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).await.expect("opens");
    let (citizen, token) = store.welcome(&[card("a"), card("b")]).await.expect("welcomes");
    store.edit(&citizen.id, 0, &later("a")).await.expect("edits");
    store.answer_welcome(&citizen.id, Some("1850"), &[Theme::MovingAbout]).await.expect("answers");
    store.close().await;

    let store = Store::open(&folder.0).await.expect("opens again");
    let again = store.citizen(&token).await.expect("reads").expect("is known");
    assert_eq!(again.place.as_deref(), Some("1850"));
    assert_eq!(again.interests, [Theme::MovingAbout]);
    assert!(again.welcomed);
    assert_eq!(ids(&store.board(&again.id).await.expect("reads")), ["b", "a"]);
}

#[tokio::test]
async fn the_second_of_two_tabs_is_told_and_overwrites_nothing() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).await.expect("opens");
    let (citizen, _) = store.welcome(&[card("a"), card("b")]).await.expect("welcomes");
    store.edit(&citizen.id, 0, &remove("a")).await.expect("the first tab edits");
    let second = store.edit(&citizen.id, 0, &later("a")).await;
    assert!(matches!(second, Err(StoreProblem::Conflict)));
    assert_eq!(ids(&store.board(&citizen.id).await.expect("reads")), ["b"]);
}

#[tokio::test]
async fn of_many_edits_at_once_one_wins_and_the_others_are_told() {
    let folder = Folder::new();
    let store = Arc::new(Store::open(&folder.0).await.expect("opens"));
    let (citizen, _) = store.welcome(&[card("a"), card("b")]).await.expect("welcomes");
    let edits = (0..20).map(|_| {
        let (store, id) = (Arc::clone(&store), citizen.id.clone());
        tokio::spawn(async move { store.edit(&id, 0, &later("a")).await })
    });
    let mut won = 0;
    for edit in edits.collect::<Vec<_>>() {
        match edit.await.expect("no panic") {
            Ok(_) => won += 1,
            Err(problem) => assert!(matches!(problem, StoreProblem::Conflict), "{problem:?}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(store.board(&citizen.id).await.expect("reads").revision, 1);
}

#[tokio::test]
async fn every_edit_can_be_undone_back_to_the_start() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).await.expect("opens");
    let (citizen, _) = store.welcome(&[card("a"), card("b"), card("c")]).await.expect("welcomes");
    let edits = [
        later("a"),
        Edit::Resize { card: "b".to_owned(), size: 12 },
        remove("c"),
        Edit::Add { widget: "holidays".to_owned(), size: 3 },
        Edit::Configure {
            card: "a".to_owned(),
            settings: [("station".to_owned(), "Gent".to_owned())].into(),
        },
    ];
    let start = store.board(&citizen.id).await.expect("reads");
    for (revision, edit) in edits.iter().enumerate() {
        store.edit(&citizen.id, revision as i64, edit).await.expect("edits");
    }
    let mut revision = edits.len() as i64;
    for _ in &edits {
        revision = store.edit(&citizen.id, revision, &Edit::Undo).await.expect("undoes").revision;
    }
    assert_eq!(store.board(&citizen.id).await.expect("reads").cards, start.cards);
    let more = store.edit(&citizen.id, revision, &Edit::Undo).await;
    assert!(matches!(more, Err(StoreProblem::Refused(EditRefusal::NothingToUndo))));
}

#[tokio::test]
async fn only_the_token_opens_a_board() {
    let folder = Folder::new();
    let store = Store::open(&folder.0).await.expect("opens");
    let (_, token) = store.welcome(&[card("a")]).await.expect("welcomes");
    assert!(store.citizen(&token).await.expect("reads").is_some());
    assert!(store.citizen(&Token::random()).await.expect("reads").is_none());
    assert!(Token::from_cookie("' or 1=1").is_none());
    assert!(Token::from_cookie(token.secret()).is_some_and(|same| same == token));
}
