//! Merge rules for two tabs that edit one board: which part of a board an edit from an outdated tab
//! may still change, and which parts count as changed when an older board is restored.
//!
//! No crate serves: CRDTs merge everything, whereas here a citizen has to be asked when two tabs
//! changed the same part of a card.

use super::board::{Board, Card, CardStamps, EditStamp, Page, PageStamps, RemovedCard};
use super::edit::Edit;

/// The version of the board that an edit was made on.
#[derive(Clone, Copy, Debug)]
pub(super) struct EditBase<'a> {
    pub revision: i64,
    /// The browser tab; an empty one differs from every other.
    pub tab: &'a str,
}

impl EditBase<'_> {
    /// Whether the stamp is of an edit in another tab that this one has not seen.
    fn has_missed(self, stamp: &EditStamp) -> bool {
        stamp.revision > self.revision && (stamp.tab.is_empty() || stamp.tab != self.tab)
    }
}

/// The subject of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictSubject {
    /// The same part of a card, or a card that one tab removed.
    Card,
    /// The same part of a page, or a page that one tab removes.
    Page,
    /// The whole board: undo, redo and go-to affect all of it.
    Board,
}

/// The part that both this edit and another tab since `base` change. `proposed` is the board after
/// the edit, `now` the board before it.
pub(super) fn find_conflict(
    now: &Board,
    proposed: &Board,
    edit: &Edit,
    base: EditBase<'_>,
) -> Option<ConflictSubject> {
    let conflicts = match edit {
        Edit::Add { .. }
        | Edit::AddSet { .. }
        | Edit::AddPage { .. }
        | Edit::Import { replace: false, .. } => return None,
        Edit::Remove { card } => now.card(card).is_some_and(|card| changed_since(card, base)),
        Edit::Move { card, .. }
        | Edit::Place { card, .. }
        | Edit::Resize { card, .. }
        | Edit::Fold { card, .. }
        | Edit::Configure { card, .. } => match (now.card(card), proposed.card(card)) {
            (Some(was), Some(will)) => {
                let part = |changes: bool, stamp: &EditStamp| changes && base.has_missed(stamp);
                let stamps = &was.stamps;
                part(now.position_of(card) != proposed.position_of(card), &stamps.place)
                    || part(was.size != will.size, &stamps.size)
                    || part(was.folded != will.folded, &stamps.folded)
                    || part(was.settings != will.settings, &stamps.settings)
            }
            _ => removal_missed(now, card, base),
        },
        // An item is found by its text in the list as it is now, so two tabs may tick two items,
        // and both may tick the same one.
        Edit::Tick { card, .. } | Edit::AddItem { card, .. } | Edit::ClearItems { card, .. } => {
            now.card(card).is_none() && removal_missed(now, card, base)
        }
        Edit::ChangePage { page, .. } => match (now.page(page), proposed.page(page)) {
            (Some(was), Some(will)) => {
                let changes = was.name != will.name || was.icon != will.icon;
                changes && base.has_missed(&was.stamps.name)
            }
            _ => false,
        },
        Edit::MovePage { page, .. } => {
            let index = |board: &Board| board.page_or_first(Some(page));
            let missed = now.page(page).is_some_and(|page| base.has_missed(&page.stamps.place));
            index(now) != index(proposed) && missed
        }
        Edit::RemovePage { page } => now.page(page).is_some_and(|page| {
            base.has_missed(&page.stamps.name)
                || base.has_missed(&page.stamps.place)
                || page.cards.iter().any(|card| changed_since(card, base))
        }),
        Edit::Arrange { .. }
        | Edit::Start { .. }
        | Edit::Import { .. }
        | Edit::Undo
        | Edit::Redo
        | Edit::GoTo { .. } => now.revision > base.revision,
    };
    conflicts.then_some(match edit {
        Edit::ChangePage { .. } | Edit::MovePage { .. } | Edit::RemovePage { .. } => {
            ConflictSubject::Page
        }
        Edit::Arrange { .. }
        | Edit::Start { .. }
        | Edit::Import { .. }
        | Edit::Undo
        | Edit::Redo
        | Edit::GoTo { .. } => ConflictSubject::Board,
        _ => ConflictSubject::Card,
    })
}

/// Whether the card was removed in another tab that this one has not seen. A tab that knows of the
/// removal, its own or another's, wants the card back.
fn removal_missed(now: &Board, card: &str, base: EditBase<'_>) -> bool {
    now.removed_card(card).is_some_and(|removed| removed.removed_by.revision > base.revision)
}

fn changed_since(card: &Card, base: EditBase<'_>) -> bool {
    let CardStamps { place, size, settings, folded } = &card.stamps;
    [place, size, settings, folded].into_iter().any(|stamp| base.has_missed(stamp))
}

/// The board with the pages of another revision. Only parts that differ from `now` get the stamp,
/// so that other tabs can still edit the rest.
pub(super) fn restore(now: &Board, pages: Vec<Page>, stamp: &EditStamp) -> Board {
    let mut board = Board { revision: stamp.revision, pages, removed: now.removed.clone() };
    let page_ids =
        |board: &Board| -> Vec<String> { board.pages.iter().map(|page| page.id.clone()).collect() };
    let moved_pages = moved(&page_ids(now), &page_ids(&board));
    for page in &mut board.pages {
        let Some(was) = now.page(&page.id) else {
            page.stamps = PageStamps::all(stamp);
            for card in &mut page.cards {
                stamp_card(now, card, stamp, true);
            }
            continue;
        };
        page.stamps = was.stamps.clone();
        if page.name != was.name || page.icon != was.icon {
            page.stamps.name = stamp.clone();
        }
        if moved_pages.contains(&page.id) {
            page.stamps.place = stamp.clone();
        }
        let ids = |page: &Page| -> Vec<String> {
            page.cards.iter().map(|card| card.id.clone()).collect()
        };
        let moved_cards = moved(&ids(was), &ids(page));
        for card in &mut page.cards {
            let same_page = was.cards.iter().any(|other| other.id == card.id);
            stamp_card(now, card, stamp, !same_page || moved_cards.contains(&card.id));
        }
    }
    for page in &now.pages {
        for (index, card) in page.cards.iter().enumerate() {
            if board.card(&card.id).is_none() {
                let (card, page) = (card.clone(), page.id.clone());
                board.remember_removed(RemovedCard {
                    card,
                    page,
                    index,
                    removed_by: stamp.clone(),
                });
            }
        }
    }
    let here: Vec<String> = board.cards().map(|card| card.id.clone()).collect();
    board.removed.retain(|removed| !here.contains(&removed.card.id));
    board
}

fn stamp_card(now: &Board, card: &mut Card, stamp: &EditStamp, moved: bool) {
    let Some(was) = now.card(&card.id) else {
        card.stamps = CardStamps::all(stamp);
        return;
    };
    card.stamps = was.stamps.clone();
    if moved {
        card.stamps.place = stamp.clone();
    }
    if card.size != was.size {
        card.stamps.size = stamp.clone();
    }
    if card.settings != was.settings {
        card.stamps.settings = stamp.clone();
    }
    if card.folded != was.folded {
        card.stamps.folded = stamp.clone();
    }
}

/// The ids in both lists whose predecessor differs.
fn moved(old: &[String], new: &[String]) -> Vec<String> {
    let common = |list: &[String], other: &[String]| -> Vec<String> {
        list.iter().filter(|id| other.contains(id)).cloned().collect()
    };
    let (old, new) = (common(old, new), common(new, old));
    let follows = |list: &[String], id: &String| {
        let at = list.iter().position(|other| other == id)?;
        at.checked_sub(1).map(|before| list[before].clone())
    };
    new.iter().filter(|id| follows(&old, id) != follows(&new, id)).cloned().collect()
}
