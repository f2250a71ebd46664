//! Random sequences of edits from two tabs over an unreliable network: requests that are lost,
//! responses that are lost, and duplicates. Every acknowledged edit is in effect, none is applied
//! twice, and undoing everything gives the initial board.

use proptest::collection::vec;
use proptest::prelude::*;

use super::model::{Model, as_model, check_applied, part_set_by};
use super::*;

/// An edit of a tab. Cards and pages are indexes into all that the tab has ever seen, so that
/// removed ones are edited, too.
#[derive(Clone, Debug)]
enum EditPlan {
    Add(usize),
    Remove(usize),
    Move(usize, Direction),
    Place(usize, usize, usize, Option<CardWidth>),
    Resize(usize, CardWidth),
    Fold(usize, bool),
    Configure(usize, u8),
    Tick(usize, u8, bool),
    AddItem(usize, u8),
    ClearItems(usize, u8),
    AddPage(u8),
    ChangePage(usize, u8),
    MovePage(usize, bool),
    RemovePage(usize),
    Undo,
    Redo,
    GoTo(usize),
}

/// How a request and its response are delivered.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Delivery {
    /// The request and the response arrive.
    Delivered,
    /// The request is lost.
    Lost,
    /// The request arrives, the response is lost, and the tab repeats the request.
    ResponseLost,
    /// The request arrives twice, the second time after all others.
    Twice,
}

#[derive(Clone, Debug)]
struct Action {
    tab: usize,
    /// Whether the tab reloads the page before the edit.
    reloads: bool,
    plan: EditPlan,
    delivery: Delivery,
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

fn size() -> impl Strategy<Value = CardWidth> {
    prop::sample::select(CardWidth::ALL.to_vec())
}

fn plan() -> impl Strategy<Value = EditPlan> {
    let card = || 0..6usize;
    let page = || 0..4usize;
    prop_oneof![
        2 => page().prop_map(EditPlan::Add),
        2 => card().prop_map(EditPlan::Remove),
        3 => (card(), direction()).prop_map(|(card, direction)| EditPlan::Move(card, direction)),
        3 => (card(), page(), card(), prop::option::of(size()))
            .prop_map(|(card, page, before, size)| EditPlan::Place(card, page, before, size)),
        3 => (card(), size()).prop_map(|(card, size)| EditPlan::Resize(card, size)),
        2 => (card(), any::<bool>()).prop_map(|(card, folded)| EditPlan::Fold(card, folded)),
        2 => (card(), 0..4u8).prop_map(|(card, value)| EditPlan::Configure(card, value)),
        2 => (card(), 0..4u8, any::<bool>())
            .prop_map(|(card, item, ticked)| EditPlan::Tick(card, item, ticked)),
        2 => (card(), 0..4u8).prop_map(|(card, item)| EditPlan::AddItem(card, item)),
        1 => (card(), 0..4u8).prop_map(|(card, item)| EditPlan::ClearItems(card, item)),
        2 => (0..4u8).prop_map(EditPlan::AddPage),
        1 => (page(), 0..4u8).prop_map(|(page, name)| EditPlan::ChangePage(page, name)),
        1 => (page(), any::<bool>()).prop_map(|(page, earlier)| EditPlan::MovePage(page, earlier)),
        1 => page().prop_map(EditPlan::RemovePage),
        3 => Just(EditPlan::Undo),
        2 => Just(EditPlan::Redo),
        1 => (0..6usize).prop_map(EditPlan::GoTo),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    let delivery = prop_oneof![
        5 => Just(Delivery::Delivered),
        1 => Just(Delivery::Lost),
        1 => Just(Delivery::ResponseLost),
        1 => Just(Delivery::Twice),
    ];
    (0..2usize, prop::bool::weighted(0.6), plan(), delivery)
        .prop_map(|(tab, reloads, plan, delivery)| Action { tab, reloads, plan, delivery })
}

#[derive(Default)]
struct Tab {
    revision: i64,
    cards: Vec<String>,
    pages: Vec<String>,
}

impl Tab {
    fn reload(&mut self, board: &Board) {
        self.revision = board.revision;
        let note = |known: &mut Vec<String>, id: &String| {
            if !known.contains(id) {
                known.push(id.clone());
            }
        };
        board.cards().for_each(|card| note(&mut self.cards, &card.id));
        board.pages.iter().for_each(|page| note(&mut self.pages, &page.id));
    }

    fn edit(&self, plan: &EditPlan) -> Edit {
        let of = |known: &[String], at: usize| known[at % known.len()].clone();
        let card = |at: &usize| of(&self.cards, *at);
        let page = |at: &usize| of(&self.pages, *at);
        match plan {
            EditPlan::Add(at) => Edit::Add {
                widget: "holidays".to_owned(),
                size: CardWidth::Narrow,
                page: Some(page(at)),
            },
            EditPlan::Remove(at) => remove(&card(at)),
            EditPlan::Move(at, direction) => moving(&card(at), *direction),
            EditPlan::Place(at, to, before, size) => {
                place(&card(at), Some(&page(to)), Some(&card(before)), *size)
            }
            EditPlan::Resize(at, size) => resize(&card(at), *size),
            EditPlan::Fold(at, folded) => fold(&card(at), *folded),
            EditPlan::Configure(at, value) => station(&card(at), &format!("station {value}")),
            EditPlan::Tick(at, item, ticked) => {
                tick(&card(at), &format!("station {item}"), *ticked)
            }
            EditPlan::AddItem(at, item) => add_item(&card(at), &format!("station {item}")),
            EditPlan::ClearItems(at, item) => clear_items(&card(at), &[&format!("station {item}")]),
            EditPlan::AddPage(name) => add_page(&format!("Pagina {name}")),
            EditPlan::ChangePage(at, name) => Edit::ChangePage {
                page: page(at),
                name: format!("Naam {name}"),
                icon: "work".to_owned(),
            },
            EditPlan::MovePage(at, earlier) => Edit::MovePage { page: page(at), earlier: *earlier },
            EditPlan::RemovePage(at) => Edit::RemovePage { page: page(at) },
            EditPlan::Undo => Edit::Undo,
            EditPlan::Redo => Edit::Redo,
            EditPlan::GoTo(number) => Edit::GoTo { number: *number as i64 },
        }
    }
}

/// Sends a request and compares the result with the model.
async fn send(
    fixture: &Fixture,
    model: &mut Model,
    (tab, revision, key): (usize, i64, &str),
    edit: &Edit,
) -> Result<bool, TestCaseError> {
    let names = ["one", "two"];
    let submission = Submission { base_revision: revision, tab: names[tab], key };
    let before = fixture.board().await;
    prop_assert_eq!(before.revision, model.log.len() as i64);
    match fixture.store.edit(&fixture.citizen, submission, edit).await {
        Ok(applied) => {
            check_applied(model, edit, &applied)?;
            let now = as_model(&applied.board);
            let changes = now != model.pages;
            if let Some(part) = part_set_by(edit) {
                let overwrites = changes && model.missed(tab, revision).contains(&part.as_str());
                prop_assert!(!overwrites, "overwrites an edit of the other tab: {part}");
            }
            let moves_in_history = matches!(edit, Edit::Undo | Edit::Redo | Edit::GoTo { .. });
            if applied.board.revision > before.revision {
                model.apply(tab, now, !moves_in_history);
            }
            match edit {
                Edit::Undo => model.current_change -= 1,
                Edit::Redo => model.current_change += 1,
                Edit::GoTo { number } => model.current_change = *number as usize,
                _ => {}
            }
            Ok(true)
        }
        Err(StoreError::Conflict(_)) => {
            let others = model.log.iter().skip(revision as usize).any(|(by, _)| *by != tab);
            let removed = model.log.len() as i64 > revision;
            prop_assert!(others || removed, "an edit of the current revision never conflicts");
            prop_assert_eq!(fixture.board().await, before, "a conflict writes nothing");
            Ok(false)
        }
        Err(StoreError::InvalidEdit(_)) => {
            prop_assert_eq!(fixture.board().await, before, "an invalid edit writes nothing");
            Ok(false)
        }
        Err(error) => Err(TestCaseError::fail(error.to_string())),
    }
}

/// Repeats an acknowledged request, which must change nothing.
async fn send_again(
    fixture: &Fixture,
    (tab, revision, key): (usize, i64, &str),
    edit: &Edit,
) -> Result<(), TestCaseError> {
    let before = fixture.board().await;
    let submission = Submission { base_revision: revision, tab: ["one", "two"][tab], key };
    let result = fixture.store.edit(&fixture.citizen, submission, edit).await;
    prop_assert!(result.is_ok(), "acknowledged again: {result:?}");
    prop_assert_eq!(fixture.board().await, before, "not applied again");
    Ok(())
}

async fn run(actions: &[Action]) -> Result<(), TestCaseError> {
    let fixture = Fixture::with(&["a", "b", "c"]).await;
    let start = fixture.board().await;
    let mut model = Model { pages: as_model(&start), ..Model::default() };
    let mut tabs = [Tab::default(), Tab::default()];
    tabs.iter_mut().for_each(|tab| tab.reload(&start));
    let mut repeats = Vec::new();
    for (number, action) in actions.iter().enumerate() {
        if action.reloads {
            tabs[action.tab].reload(&fixture.board().await);
        }
        let tab = &tabs[action.tab];
        let edit = tab.edit(&action.plan);
        let key = format!("key {number}");
        let request = (action.tab, tab.revision, key.as_str());
        if action.delivery == Delivery::Lost {
            continue;
        }
        let acknowledged = send(&fixture, &mut model, request, &edit).await?;
        match action.delivery {
            Delivery::ResponseLost if acknowledged => send_again(&fixture, request, &edit).await?,
            Delivery::Twice if acknowledged => repeats.push((action.tab, tab.revision, key, edit)),
            _ => {}
        }
    }
    for (tab, revision, key, edit) in &repeats {
        send_again(&fixture, (*tab, *revision, key), edit).await?;
    }
    // Every acknowledged edit is in effect.
    prop_assert_eq!(as_model(&fixture.board().await), model.pages.clone());
    // Undoing everything gives the initial board.
    while fixture.store.undo_state(&fixture.citizen).await.expect("reads").can_undo {
        fixture.now(&Edit::Undo).await;
    }
    prop_assert_eq!(visible_pages(&fixture.board().await), visible_pages(&start));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_acknowledged_edit_is_in_effect_exactly_once(actions in vec(action(), 1..36)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(run(&actions))?;
    }
}
