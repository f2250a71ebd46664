//! Any sequence of edits from two tabs, with requests that are lost, answers that are lost, and requests that come twice: every edit that was
//! acknowledged is in place, none is made twice, and undoing back to the start gives the start.

use proptest::collection::vec;
use proptest::prelude::*;

use super::model::{Model, as_model, holds, thing};
use super::*;

/// What a tab does. Cards and pages are named by their place among all that the tab has seen, so that also those that are gone are edited.
#[derive(Clone, Debug)]
enum Wish {
    Add(usize),
    Remove(usize),
    Move(usize, Direction),
    Place(usize, usize, usize, Option<u8>),
    Resize(usize, u8),
    Fold(usize, bool),
    Configure(usize, u8),
    AddPage(u8),
    ChangePage(usize, u8),
    MovePage(usize, bool),
    RemovePage(usize),
    Undo,
    Redo,
    GoTo(usize),
}

/// What becomes of a request on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// It comes, and so does its answer.
    Good,
    /// It never comes.
    Lost,
    /// It comes, its answer does not, and the tab sends it again.
    AnswerLost,
    /// It comes twice, the second time after everything else.
    Twice,
}

#[derive(Clone, Debug)]
struct Step {
    tab: usize,
    /// Whether the tab looks at the page before it edits.
    looks: bool,
    wish: Wish,
    way: Way,
}

fn direction() -> impl Strategy<Value = Direction> {
    prop::sample::select(vec![
        Direction::Earlier,
        Direction::Later,
        Direction::Up,
        Direction::Down,
        Direction::First,
        Direction::Last,
    ])
}

fn size() -> impl Strategy<Value = u8> {
    prop::sample::select(vec![3u8, 4, 6, 8, 12])
}

fn wish() -> impl Strategy<Value = Wish> {
    let card = || 0..6usize;
    let page = || 0..4usize;
    prop_oneof![
        2 => page().prop_map(Wish::Add),
        2 => card().prop_map(Wish::Remove),
        3 => (card(), direction()).prop_map(|(card, direction)| Wish::Move(card, direction)),
        3 => (card(), page(), card(), prop::option::of(size()))
            .prop_map(|(card, page, before, size)| Wish::Place(card, page, before, size)),
        3 => (card(), size()).prop_map(|(card, size)| Wish::Resize(card, size)),
        2 => (card(), any::<bool>()).prop_map(|(card, folded)| Wish::Fold(card, folded)),
        2 => (card(), 0..4u8).prop_map(|(card, value)| Wish::Configure(card, value)),
        2 => (0..4u8).prop_map(Wish::AddPage),
        1 => (page(), 0..4u8).prop_map(|(page, name)| Wish::ChangePage(page, name)),
        1 => (page(), any::<bool>()).prop_map(|(page, earlier)| Wish::MovePage(page, earlier)),
        1 => page().prop_map(Wish::RemovePage),
        3 => Just(Wish::Undo),
        2 => Just(Wish::Redo),
        1 => (0..6usize).prop_map(Wish::GoTo),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let way = prop_oneof![
        5 => Just(Way::Good),
        1 => Just(Way::Lost),
        1 => Just(Way::AnswerLost),
        1 => Just(Way::Twice),
    ];
    (0..2usize, prop::bool::weighted(0.6), wish(), way).prop_map(|(tab, looks, wish, way)| Step {
        tab,
        looks,
        wish,
        way,
    })
}

/// One of two tabs of one citizen.
#[derive(Default)]
struct Tab {
    seen: i64,
    cards: Vec<String>,
    pages: Vec<String>,
}

impl Tab {
    fn look(&mut self, board: &Board) {
        self.seen = board.revision;
        let note = |known: &mut Vec<String>, id: &String| {
            if !known.contains(id) {
                known.push(id.clone());
            }
        };
        board.cards().for_each(|card| note(&mut self.cards, &card.id));
        board.pages.iter().for_each(|page| note(&mut self.pages, &page.id));
    }

    fn edit(&self, wish: &Wish) -> Edit {
        let of = |known: &[String], at: usize| known[at % known.len()].clone();
        let card = |at: &usize| of(&self.cards, *at);
        let page = |at: &usize| of(&self.pages, *at);
        match wish {
            Wish::Add(at) => {
                Edit::Add { widget: "holidays".to_owned(), size: 4, page: Some(page(at)) }
            }
            Wish::Remove(at) => remove(&card(at)),
            Wish::Move(at, direction) => moving(&card(at), *direction),
            Wish::Place(at, to, before, size) => {
                place(&card(at), Some(&page(to)), Some(&card(before)), *size)
            }
            Wish::Resize(at, size) => resize(&card(at), *size),
            Wish::Fold(at, folded) => fold(&card(at), *folded),
            Wish::Configure(at, value) => station(&card(at), &format!("station {value}")),
            Wish::AddPage(name) => add_page(&format!("Pagina {name}")),
            Wish::ChangePage(at, name) => Edit::ChangePage {
                page: page(at),
                name: format!("Naam {name}"),
                icon: "work".to_owned(),
            },
            Wish::MovePage(at, earlier) => Edit::MovePage { page: page(at), earlier: *earlier },
            Wish::RemovePage(at) => Edit::RemovePage { page: page(at) },
            Wish::Undo => Edit::Undo,
            Wish::Redo => Edit::Redo,
            Wish::GoTo(number) => Edit::GoTo { number: *number as i64 },
        }
    }
}

/// Sends one request and holds what comes back against the model.
async fn send(
    desk: &Desk,
    model: &mut Model,
    (tab, seen, key): (usize, i64, &str),
    edit: &Edit,
) -> Result<bool, TestCaseError> {
    let names = ["one", "two"];
    let submission = Submission { seen, tab: names[tab], key };
    let before = desk.board().await;
    prop_assert_eq!(before.revision, model.log.len() as i64);
    match desk.store.edit(&desk.citizen, submission, edit).await {
        Ok(made) => {
            holds(model, edit, &made)?;
            let now = as_model(&made.board);
            let changes = now != model.pages;
            if let Some(thing) = thing(edit) {
                let overwrites = changes && model.missed(tab, seen).contains(&thing.as_str());
                prop_assert!(!overwrites, "it overwrites what the other tab did: {thing}");
            }
            let travels = matches!(edit, Edit::Undo | Edit::Redo | Edit::GoTo { .. });
            if made.board.revision > before.revision {
                model.take(tab, now, !travels);
            }
            match edit {
                Edit::Undo => model.in_force -= 1,
                Edit::Redo => model.in_force += 1,
                Edit::GoTo { number } => model.in_force = *number as usize,
                _ => {}
            }
            Ok(true)
        }
        Err(StoreError::Conflict(_)) => {
            let others = model.log.iter().skip(seen as usize).any(|(by, _)| *by != tab);
            let removed = model.log.len() as i64 > seen;
            prop_assert!(others || removed, "whoever saw the board as it is never conflicts");
            prop_assert_eq!(desk.board().await, before, "a conflict writes nothing");
            Ok(false)
        }
        Err(StoreError::Refused(_)) => {
            prop_assert_eq!(desk.board().await, before, "a refusal writes nothing");
            Ok(false)
        }
        Err(problem) => Err(TestCaseError::fail(problem.to_string())),
    }
}

/// Sends again what was acknowledged: nothing changes.
async fn send_again(
    desk: &Desk,
    (tab, seen, key): (usize, i64, &str),
    edit: &Edit,
) -> Result<(), TestCaseError> {
    let before = desk.board().await;
    let submission = Submission { seen, tab: ["one", "two"][tab], key };
    let made = desk.store.edit(&desk.citizen, submission, edit).await;
    prop_assert!(made.is_ok(), "it is acknowledged again: {made:?}");
    prop_assert_eq!(desk.board().await, before, "it is not made again");
    Ok(())
}

async fn play(steps: &[Step]) -> Result<(), TestCaseError> {
    let desk = Desk::with(&["a", "b", "c"]).await;
    let start = desk.board().await;
    let mut model = Model { pages: as_model(&start), ..Model::default() };
    let mut tabs = [Tab::default(), Tab::default()];
    tabs.iter_mut().for_each(|tab| tab.look(&start));
    let mut repeats = Vec::new();
    for (number, step) in steps.iter().enumerate() {
        if step.looks {
            tabs[step.tab].look(&desk.board().await);
        }
        let tab = &tabs[step.tab];
        let edit = tab.edit(&step.wish);
        let key = format!("key {number}");
        let request = (step.tab, tab.seen, key.as_str());
        if step.way == Way::Lost {
            continue;
        }
        let acknowledged = send(&desk, &mut model, request, &edit).await?;
        match step.way {
            Way::AnswerLost if acknowledged => send_again(&desk, request, &edit).await?,
            Way::Twice if acknowledged => repeats.push((step.tab, tab.seen, key, edit)),
            _ => {}
        }
    }
    for (tab, seen, key, edit) in &repeats {
        send_again(&desk, (*tab, *seen, key), edit).await?;
    }
    // Every acknowledged edit is in place.
    prop_assert_eq!(as_model(&desk.board().await), model.pages.clone());
    // And undoing each of them gives the start.
    while desk.store.steps(&desk.citizen).await.expect("reads").back {
        desk.now(&Edit::Undo).await;
    }
    prop_assert_eq!(seen(&desk.board().await), seen(&start));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_acknowledged_edit_is_in_place(steps in vec(step(), 1..36)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(play(&steps))?;
    }
}
