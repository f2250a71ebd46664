//! A simple model of a board, to compare the store with.

use proptest::prelude::*;
use voordeur_widget_api::{with_item_added, with_item_ticked, without_ticked};

use super::*;

/// Id, size, folded, station.
pub(super) type ModelCard = (String, CardWidth, bool, String);
/// Id, name, cards.
pub(super) type ModelPage = (String, String, Vec<ModelCard>);

/// The visible board, its history, and the tab that changed each part.
#[derive(Clone, Default)]
pub(super) struct Model {
    pub(super) pages: Vec<ModelPage>,
    /// The pages before and after each change.
    pub(super) past: Vec<(Vec<ModelPage>, Vec<ModelPage>)>,
    pub(super) current_change: usize,
    /// For each revision, the tab that applied it and the parts that it changed.
    pub(super) log: Vec<(usize, Vec<String>)>,
}

pub(super) fn as_model(board: &Board) -> Vec<ModelPage> {
    let card = |card: &Card| {
        let station = card.settings.get("station").cloned().unwrap_or_default();
        (card.id.clone(), card.size, card.folded, station)
    };
    let page =
        |page: &Page| (page.id.clone(), page.name.clone(), page.cards.iter().map(card).collect());
    board.pages.iter().map(page).collect()
}

impl Model {
    fn card(&self, id: &str) -> Option<&ModelCard> {
        self.pages.iter().flat_map(|page| &page.2).find(|card| card.0 == id)
    }

    fn position_of(&self, id: &str) -> Option<(String, usize)> {
        self.pages.iter().find_map(|page| {
            let index = page.2.iter().position(|card| card.0 == id)?;
            Some((page.0.clone(), index))
        })
    }

    /// The parts that another tab changed since a revision.
    pub(super) fn missed(&self, tab: usize, revision: i64) -> Vec<&str> {
        let since = self.log.iter().skip(usize::try_from(revision).unwrap_or_default());
        let others = since.filter(|(by, _)| *by != tab);
        others.flat_map(|(_, parts)| parts.iter().map(String::as_str)).collect()
    }

    /// Applies the result of an acknowledged edit.
    pub(super) fn apply(&mut self, tab: usize, pages: Vec<ModelPage>, change: bool) {
        let before = std::mem::replace(&mut self.pages, pages);
        if before == self.pages && change {
            return;
        }
        let parts = changed_parts(&before, &self.pages);
        self.log.push((tab, parts));
        if change {
            self.past.truncate(self.current_change);
            self.past.push((before, self.pages.clone()));
            self.current_change += 1;
        }
    }
}

/// The parts that differ between two boards.
fn changed_parts(old: &[ModelPage], new: &[ModelPage]) -> Vec<String> {
    let flat = |pages: &[ModelPage]| -> Vec<(String, String)> {
        let mut parts = Vec::new();
        for (id, name, cards) in pages {
            parts.push((format!("page {id} name"), name.clone()));
            for (card, size, folded, station) in cards {
                parts.push((format!("card {card} page"), id.clone()));
                parts.push((format!("card {card} size"), size.id().to_owned()));
                parts.push((format!("card {card} folded"), folded.to_string()));
                parts.push((format!("card {card} settings"), station.clone()));
            }
        }
        parts
    };
    let (old, new) = (flat(old), flat(new));
    let only = |these: &[(String, String)], those: &[(String, String)]| -> Vec<String> {
        these.iter().filter(|it| !those.contains(it)).map(|(name, _)| name.clone()).collect()
    };
    let mut differing = only(&old, &new);
    differing.extend(only(&new, &old));
    differing
}

/// Checks the board after an acknowledged edit: the edit has its effect, and nothing else changed.
pub(super) fn check_applied(
    model: &Model,
    edit: &Edit,
    applied: &AppliedEdit,
) -> Result<(), TestCaseError> {
    let after = as_model(&applied.board);
    let mut later = Model { pages: after.clone(), ..Model::default() };
    let mut rest = model.pages.clone();
    // Removes the subject of the edit from both boards; the rest has to be equal.
    let take_out = |pages: &mut Vec<ModelPage>, id: &str| {
        pages.iter_mut().for_each(|page| page.2.retain(|card| card.0 != id));
    };
    match edit {
        Edit::Add { page, .. } => {
            let id = applied.subject.clone().unwrap_or_default();
            prop_assert!(model.card(&id).is_none(), "a card of its own");
            let (on, index) = later.position_of(&id).expect("the card was added");
            let there = model.pages.iter().any(|other| Some(&other.0) == page.as_ref());
            prop_assert!(!there || Some(&on) == page.as_ref());
            let its = later.pages.iter().find(|page| page.0 == on).expect("its page");
            prop_assert_eq!((index, its.2.is_empty()), (0, false), "at the beginning");
            take_out(&mut later.pages, &id);
        }
        Edit::Remove { card } => {
            prop_assert!(later.card(card).is_none());
            take_out(&mut rest, card);
        }
        Edit::Move { card, .. }
        | Edit::Place { card, .. }
        | Edit::Resize { card, .. }
        | Edit::Fold { card, .. }
        | Edit::Configure { card, .. }
        | Edit::Tick { card, .. }
        | Edit::AddItem { card, .. }
        | Edit::ClearItems { card, .. } => {
            let (was, is) = (model.card(card).cloned(), later.card(card).cloned());
            let is = is.expect("the card exists");
            let was = was.unwrap_or_else(|| is.clone());
            let same_place = model.position_of(card).is_none()
                || model.position_of(card) == later.position_of(card);
            match edit {
                Edit::Resize { size, .. } => {
                    prop_assert_eq!(&is, &(was.0, *size, was.2, was.3));
                    prop_assert!(same_place);
                }
                Edit::Fold { folded, .. } => {
                    prop_assert_eq!(&is, &(was.0, was.1, *folded, was.3));
                    prop_assert!(same_place);
                }
                Edit::Configure { settings, .. } => {
                    prop_assert_eq!(&is, &(was.0, was.1, was.2, settings["station"].clone()));
                    prop_assert!(same_place);
                }
                Edit::Tick { item, ticked, .. } => {
                    let list = with_item_ticked(&was.3, item, *ticked);
                    prop_assert_eq!(&is, &(was.0, was.1, was.2, list.unwrap_or_default()));
                    prop_assert!(same_place);
                }
                Edit::AddItem { item, .. } => {
                    let list = with_item_added(&was.3, item).unwrap_or_default();
                    prop_assert_eq!(&is, &(was.0, was.1, was.2, list));
                    prop_assert!(same_place);
                }
                Edit::ClearItems { items, .. } => {
                    let list = without_ticked(&was.3, items);
                    prop_assert_eq!(&is, &(was.0, was.1, was.2, list));
                    prop_assert!(same_place);
                }
                Edit::Place { page, before, size, .. } => {
                    prop_assert_eq!(&is, &(was.0, size.unwrap_or(was.1), was.2, was.3));
                    let (on, index) = later.position_of(card).expect("has a position");
                    let there = later.pages.iter().any(|other| Some(&other.0) == page.as_ref());
                    prop_assert!(
                        !there || Some(&on) == page.as_ref() || before.as_ref() == Some(card),
                        "on the page that was asked for"
                    );
                    let follower = before.as_ref().and_then(|id| later.position_of(id));
                    if let Some((page, at)) = follower.filter(|_| before.as_ref() != Some(card)) {
                        prop_assert!(
                            page != on || at == index + 1,
                            "before the card that was named"
                        );
                    }
                }
                _ => prop_assert_eq!(&is, &was, "only its place differs"),
            }
            take_out(&mut rest, card);
            take_out(&mut later.pages, card);
        }
        Edit::AddPage { name, .. } => {
            let id = applied.subject.clone().unwrap_or_default();
            let page = later.pages.pop().expect("a page");
            prop_assert_eq!(page, (id, name.clone(), Vec::new()));
        }
        Edit::ChangePage { page, name, .. } => {
            for pages in [&mut rest, &mut later.pages] {
                let its = pages.iter_mut().find(|other| other.0 == *page).expect("the page");
                its.1.clone_from(name);
            }
            prop_assert_eq!(&later.pages, &after, "it has the name that it was given");
        }
        Edit::MovePage { page, earlier } => {
            let at = rest.iter().position(|other| other.0 == *page).expect("the page");
            if *earlier && at > 0 {
                rest.swap(at, at - 1);
            } else if !*earlier && at + 1 < rest.len() {
                rest.swap(at, at + 1);
            }
        }
        Edit::RemovePage { page } => rest.retain(|other| other.0 != *page),
        Edit::Undo => rest.clone_from(&model.past[model.current_change - 1].0),
        Edit::Redo => rest.clone_from(&model.past[model.current_change].1),
        Edit::GoTo { number } => {
            let number = usize::try_from(*number).unwrap_or_default();
            if number < model.current_change {
                rest.clone_from(&model.past[number].0);
            } else if number > model.current_change {
                rest.clone_from(&model.past[number - 1].1);
            }
        }
        Edit::Arrange { .. } | Edit::Start { .. } | Edit::AddSet { .. } | Edit::Import { .. } => {}
    }
    prop_assert_eq!(&later.pages, &rest, "nothing else changed");
    Ok(())
}

/// The part that an edit sets, when it sets exactly one.
pub(super) fn part_set_by(edit: &Edit) -> Option<String> {
    match edit {
        Edit::Resize { card, .. } => Some(format!("card {card} size")),
        Edit::Fold { card, .. } => Some(format!("card {card} folded")),
        Edit::Configure { card, .. } => Some(format!("card {card} settings")),
        Edit::ChangePage { page, .. } => Some(format!("page {page} name")),
        _ => None,
    }
}
