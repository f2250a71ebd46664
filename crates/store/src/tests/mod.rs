mod agenda_feeds;
mod backups;
mod bounds;
mod documents;
mod edit_sequences;
mod guest_retention;
mod hostile_backups;
mod manual_clock;
mod merging;
mod migrations;
mod model;
mod new_cards;
mod outages;
mod preferences;
mod undo;

use std::path::PathBuf;
use std::sync::Arc;

use voordeur_widget_api::{CardWidth, Theme};

use super::*;

/// A temporary folder, deleted on drop.
struct TempFolder(PathBuf);

impl TempFolder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("voordeur-{}", token::random_id()));
        std::fs::create_dir_all(&path).expect("a folder");
        TempFolder(path)
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A store with one guest.
struct Fixture {
    store: Store,
    citizen: String,
    token: Token,
    folder: TempFolder,
}

impl Fixture {
    async fn with(ids: &[&str]) -> Self {
        Self::with_clock(ids, Arc::new(SystemClock::new())).await
    }

    async fn with_clock(ids: &[&str], clock: Arc<dyn Clock>) -> Self {
        let folder = TempFolder::new();
        let store = open_with_clock(&folder, clock).await;
        let cards: Vec<Card> = ids.iter().map(|id| card(id)).collect();
        let (citizen, token) = store.create_guest(&cards).await.expect("creates");
        Fixture { store, citizen: citizen.id, token, folder }
    }

    async fn board(&self) -> Board {
        self.store.board(&self.citizen).await.expect("reads")
    }

    /// Sends an edit with a tab id and without idempotency key.
    async fn edit(&self, revision: i64, tab: &str, edit: &Edit) -> Result<AppliedEdit, StoreError> {
        self.store
            .edit(&self.citizen, Submission { base_revision: revision, tab, key: "" }, edit)
            .await
    }

    /// Sends an edit based on the current revision.
    async fn now(&self, edit: &Edit) -> Board {
        let revision = self.board().await.revision;
        self.edit(revision, "", edit).await.expect("succeeds").board
    }
}

async fn open_with_clock(folder: &TempFolder, clock: Arc<dyn Clock>) -> Store {
    // The disk of a developer may be nearly full.
    let min_free = MinFreeSpace::Bytes(0);
    Store::open_with_clock(&folder.0, min_free, clock).await.expect("opens")
}

fn card(id: &str) -> Card {
    Card::new(id.to_owned(), "air-quality".to_owned(), CardWidth::Narrow)
}

fn ids(board: &Board) -> Vec<&str> {
    board.cards().map(|card| card.id.as_str()).collect()
}

/// The pages without edit stamps: what the citizen sees.
fn visible_pages(board: &Board) -> Vec<Page> {
    document::without_stamps(&board.pages)
}

fn remove(card: &str) -> Edit {
    Edit::Remove { card: card.to_owned() }
}

fn moving(card: &str, direction: Direction) -> Edit {
    Edit::Move { card: card.to_owned(), direction }
}

fn later(card: &str) -> Edit {
    moving(card, Direction::Later)
}

fn resize(card: &str, size: CardWidth) -> Edit {
    Edit::Resize { card: card.to_owned(), size }
}

fn fold(card: &str, folded: bool) -> Edit {
    Edit::Fold { card: card.to_owned(), folded }
}

fn add_page(name: &str) -> Edit {
    Edit::AddPage { name: name.to_owned(), icon: "work".to_owned() }
}

/// Pages from a file, with this number of cards each.
fn import(cards: &[usize], replace: bool) -> Edit {
    let card = |number| ImportedCard {
        widget: "holidays".to_owned(),
        size: CardWidth::Narrow,
        folded: number == 1,
        settings: std::collections::BTreeMap::from([("number".to_owned(), format!("{number}"))]),
    };
    let page = |(at, cards): (usize, &usize)| ImportedPage {
        name: format!("Page {at}"),
        icon: "star".to_owned(),
        cards: (0..*cards).map(card).collect(),
    };
    Edit::Import { pages: cards.iter().enumerate().map(page).collect(), replace }
}

fn station(card: &str, name: &str) -> Edit {
    let settings = [("station".to_owned(), name.to_owned())].into();
    Edit::Configure { card: card.to_owned(), settings }
}

fn tick(card: &str, item: &str, ticked: bool) -> Edit {
    let (card, field, item) = (card.to_owned(), "station".to_owned(), item.to_owned());
    Edit::Tick { card, field, item, ticked }
}

fn add_item(card: &str, item: &str) -> Edit {
    Edit::AddItem { card: card.to_owned(), field: "station".to_owned(), item: item.to_owned() }
}

fn clear_items(card: &str, items: &[&str]) -> Edit {
    let items = items.iter().map(|item| (*item).to_owned()).collect();
    Edit::ClearItems { card: card.to_owned(), field: "station".to_owned(), items }
}

fn place(card: &str, page: Option<&str>, before: Option<&str>, size: Option<CardWidth>) -> Edit {
    let (page, before) = (page.map(str::to_owned), before.map(str::to_owned));
    Edit::Place { card: card.to_owned(), page, before, size }
}

fn invalid(result: Result<AppliedEdit, StoreError>) -> EditError {
    match result {
        Err(StoreError::InvalidEdit(error)) => error,
        other => panic!("not invalid: {other:?}"),
    }
}

fn conflict_of(result: Result<AppliedEdit, StoreError>) -> Conflict {
    match result {
        Err(StoreError::Conflict(conflict)) => *conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

#[tokio::test]
async fn a_board_survives_a_restart() {
    let fixture = Fixture::with(&["a", "b"]).await;
    fixture.edit(0, "", &later("a")).await.expect("edits");
    let answered =
        fixture.store.complete_welcome(&fixture.citizen, Some("1850"), &[Theme::MovingAbout]);
    answered.await.expect("saves");
    fixture.store.close().await;

    let store = Store::open(&fixture.folder.0).await.expect("opens again");
    let again = store.citizen(&fixture.token).await.expect("reads").expect("exists");
    assert_eq!(again.place.as_deref(), Some("1850"));
    assert_eq!(again.interests, [Theme::MovingAbout]);
    assert!(again.welcomed);
    assert_eq!(ids(&store.board(&again.id).await.expect("reads")), ["b", "a"]);
    assert!(store.undo_state(&again.id).await.expect("reads").can_undo);
}

#[tokio::test]
async fn of_concurrent_edits_of_one_part_one_wins_and_the_others_conflict() {
    let fixture = Arc::new(Fixture::with(&["a", "b", "c"]).await);
    let edits = (0..20).map(|_| {
        let fixture = Arc::clone(&fixture);
        tokio::spawn(async move { fixture.edit(0, "", &later("a")).await })
    });
    let mut won = 0;
    for edit in edits.collect::<Vec<_>>() {
        match edit.await.expect("no panic") {
            Ok(_) => won += 1,
            Err(error) => assert!(matches!(error, StoreError::Conflict(_)), "{error:?}"),
        }
    }
    assert_eq!(won, 1);
    assert_eq!(fixture.board().await.revision, 1);
}

#[tokio::test]
async fn concurrent_edits_of_different_cards_are_all_applied() {
    let names: Vec<String> = (0..20).map(|number| format!("c{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let fixture = Arc::new(Fixture::with(&names).await);
    let edits = (0..20).map(|number| {
        let fixture = Arc::clone(&fixture);
        tokio::spawn(async move {
            fixture.edit(0, "", &resize(&format!("c{number}"), CardWidth::Wide)).await
        })
    });
    for edit in edits.collect::<Vec<_>>() {
        edit.await.expect("no panic").expect("succeeds");
    }
    let board = fixture.board().await;
    assert_eq!(board.revision, 20);
    assert!(board.cards().all(|card| card.size == CardWidth::Wide));
}

#[tokio::test]
async fn only_the_token_opens_a_board() {
    let fixture = Fixture::with(&["a"]).await;
    assert!(fixture.store.citizen(&fixture.token).await.expect("reads").is_some());
    assert!(fixture.store.citizen(&Token::random()).await.expect("reads").is_none());
    fixture.now(&resize("a", CardWidth::Wide)).await;
    let both = fixture.store.citizen_with_board(&fixture.token).await.expect("reads");
    let (citizen, board) = both.expect("exists");
    assert_eq!(Some(citizen), fixture.store.citizen(&fixture.token).await.expect("reads"));
    assert_eq!(board, fixture.board().await);
    let unknown = fixture.store.citizen_with_board(&Token::random()).await.expect("reads");
    assert!(unknown.is_none());
    assert!(Token::from_cookie("' or 1=1").is_none());
    assert!(Token::from_cookie(fixture.token.secret()).is_some_and(|same| same == fixture.token));
}

#[tokio::test]
async fn cards_move_to_the_given_position() {
    let fixture = Fixture::with(&["a", "b", "c", "d"]).await;
    fixture.now(&place("d", None, Some("b"), Some(CardWidth::Wide))).await;
    let board = fixture.board().await;
    assert_eq!(ids(&board), ["a", "d", "b", "c"]);
    assert_eq!(board.card("d").map(|card| card.size), Some(CardWidth::Wide));
    fixture.now(&place("a", None, None, None)).await;
    assert_eq!(ids(&fixture.board().await), ["d", "b", "c", "a"]);
    for (direction, order) in [
        (Direction::First, ["a", "d", "b", "c"]),
        (Direction::Last, ["d", "b", "c", "a"]),
        (Direction::Earlier, ["d", "b", "a", "c"]),
        // As a page of an earlier version sends them.
        (Direction::Up, ["d", "a", "b", "c"]),
        (Direction::Down, ["d", "b", "a", "c"]),
    ] {
        fixture.now(&moving("a", direction)).await;
        assert_eq!(ids(&fixture.board().await), order, "{direction:?}");
    }
}

#[tokio::test]
async fn cards_move_between_pages_and_are_removed_with_their_page() {
    let fixture = Fixture::with(&["a", "b"]).await;
    let work =
        fixture.edit(0, "", &add_page("Werk")).await.expect("adds").subject.expect("a subject");
    fixture.now(&place("a", Some(&work), None, None)).await;
    let board = fixture.board().await;
    assert_eq!(board.page(&work).map(|page| page.cards.len()), Some(1));
    assert_eq!(board.position_of("a"), Some(CardPosition { page: 1, index: 0 }));

    fixture.now(&Edit::RemovePage { page: work.clone() }).await;
    let board = fixture.board().await;
    assert_eq!(ids(&board), ["b"]);
    assert!(board.removed_card("a").is_some());
    let last = Edit::RemovePage { page: FIRST_PAGE.to_owned() };
    assert_eq!(invalid(fixture.edit(board.revision, "", &last).await), EditError::LastPage);
    // A card for an unknown page goes to the first page.
    fixture
        .now(&Edit::Add {
            widget: "holidays".to_owned(),
            size: CardWidth::Narrow,
            page: Some(work),
        })
        .await;
    assert_eq!(fixture.board().await.pages[0].cards.len(), 2);
}

#[tokio::test]
async fn a_board_holds_sixty_cards_and_twelve_pages() {
    let fixture = Fixture::with(&[]).await;
    let add = Edit::Add { widget: "holidays".to_owned(), size: CardWidth::Narrow, page: None };
    for _ in 0..60 {
        fixture.now(&add).await;
    }
    let revision = fixture.board().await.revision;
    assert_eq!(invalid(fixture.edit(revision, "", &add).await), EditError::TooManyCards);
    for _ in 1..MAX_PAGES {
        fixture.now(&add_page("Nog een")).await;
    }
    let revision = fixture.board().await.revision;
    let more = fixture.edit(revision, "", &add_page("Te veel")).await;
    assert_eq!(invalid(more), EditError::TooManyPages);
    assert_eq!(fixture.board().await.revision, revision);
}

#[tokio::test]
async fn pages_from_a_file_follow_or_replace_and_are_refused_as_a_whole() {
    let fixture = Fixture::with(&["a", "b"]).await;
    let board = fixture.now(&import(&[2, 1], false)).await;
    assert_eq!(board.pages.len(), 3);
    assert_eq!(board.pages[0].cards.len(), 2);
    assert!(board.pages[1].cards[1].folded);
    let mut ids: Vec<&str> = board.cards().map(|card| card.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    let before = visible_pages(&board);
    for (edit, error) in [
        (import(&[56], false), EditError::TooManyCards),
        (import(&[0; 10], false), EditError::TooManyPages),
        (import(&[61], true), EditError::TooManyCards),
        (import(&[], true), EditError::LastPage),
    ] {
        let refused = fixture.edit(board.revision, "", &edit).await;
        assert_eq!(invalid(refused), error);
        assert_eq!(visible_pages(&fixture.board().await), before);
    }
    // Another tab has changed the board: what it did is not overwritten, and may be followed.
    let old = board.revision - 1;
    let conflict = conflict_of(fixture.edit(old, "other", &import(&[1], true)).await);
    assert_eq!(conflict.subject, ConflictSubject::Board);
    fixture.edit(old, "other", &import(&[1], false)).await.expect("follows");
    let replaced = fixture.now(&import(&[60], true)).await;
    assert_eq!((replaced.pages.len(), replaced.cards().count()), (1, 60));
    fixture.now(&Edit::Undo).await;
    let undone = fixture.now(&Edit::Undo).await;
    assert_eq!(visible_pages(&undone), before);
}

#[test]
fn page_names_are_trimmed_and_bounded() {
    assert_eq!(Page::normalize_name("  Werk "), Some("Werk".to_owned()));
    assert_eq!(
        Page::normalize_name(&"é".repeat(MAX_PAGE_NAME_CHARS)),
        Some("é".repeat(MAX_PAGE_NAME_CHARS))
    );
    assert_eq!(Page::normalize_name(&"é".repeat(MAX_PAGE_NAME_CHARS + 1)), None);
    assert_eq!(Page::normalize_name("a\u{7}b"), None);
    assert_eq!(Page::normalize_name("a\nb"), None);
}
