//! Two tabs on one board: what an edit may change of a board that was edited since, and what becomes touched when an older board comes back.

use super::board::{Board, Card, CardTouches, Gone, Page, PageTouches, Touch};
use super::edit::Edit;

/// What a tab knew of the board when an edit was made in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    /// The revision that it showed.
    pub revision: i64,
    /// The tab; empty when it tells none, and then it is another tab each time.
    pub tab: &'a str,
}

impl Seen<'_> {
    /// Whether another tab touched something that this one has not seen.
    fn missed(self, touch: &Touch) -> bool {
        touch.revision > self.revision && (touch.tab.is_empty() || touch.tab != self.tab)
    }
}

/// What two tabs changed both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictSubject {
    /// The same part of a card, or a card that one of them took away.
    Card,
    /// The same part of a page, or a page that one of them takes away.
    Page,
    /// Anything, when one of them takes the board back to what it was.
    Board,
}

/// What an edit would change that another tab changed since; `wished` is what the edit makes of the board as it is `now`.
pub(super) fn clash(
    now: &Board,
    wished: &Board,
    edit: &Edit,
    seen: Seen<'_>,
) -> Option<ConflictSubject> {
    let clashes = match edit {
        Edit::Add { .. } | Edit::AddPage { .. } => return None,
        Edit::Remove { card } => now.card(card).is_some_and(|card| card_missed(card, seen)),
        Edit::Move { card, .. }
        | Edit::Place { card, .. }
        | Edit::Resize { card, .. }
        | Edit::Fold { card, .. }
        | Edit::Configure { card, .. } => match (now.card(card), wished.card(card)) {
            (Some(was), Some(will)) => {
                let part = |changes: bool, touch: &Touch| changes && seen.missed(touch);
                let touched = &was.touched;
                part(now.spot(card) != wished.spot(card), &touched.place)
                    || part(was.size != will.size, &touched.size)
                    || part(was.folded != will.folded, &touched.folded)
                    || part(was.settings != will.settings, &touched.settings)
            }
            // Whoever knew that it was taken away, in this tab or another, wants it back.
            _ => now.gone(card).is_some_and(|gone| gone.touch.revision > seen.revision),
        },
        Edit::ChangePage { page, .. } => match (now.page(page), wished.page(page)) {
            (Some(was), Some(will)) => {
                let changes = was.name != will.name || was.icon != will.icon;
                changes && seen.missed(&was.touched.name)
            }
            _ => false,
        },
        Edit::MovePage { page, .. } => {
            let index = |board: &Board| board.page_or_first(Some(page));
            let missed = now.page(page).is_some_and(|page| seen.missed(&page.touched.place));
            index(now) != index(wished) && missed
        }
        Edit::RemovePage { page } => now.page(page).is_some_and(|page| {
            seen.missed(&page.touched.name)
                || seen.missed(&page.touched.place)
                || page.cards.iter().any(|card| card_missed(card, seen))
        }),
        Edit::Arrange { .. } | Edit::Undo | Edit::Redo | Edit::GoTo { .. } => {
            now.revision > seen.revision
        }
    };
    clashes.then_some(match edit {
        Edit::ChangePage { .. } | Edit::MovePage { .. } | Edit::RemovePage { .. } => {
            ConflictSubject::Page
        }
        Edit::Arrange { .. } | Edit::Undo | Edit::Redo | Edit::GoTo { .. } => {
            ConflictSubject::Board
        }
        _ => ConflictSubject::Card,
    })
}

fn card_missed(card: &Card, seen: Seen<'_>) -> bool {
    let CardTouches { place, size, settings, folded } = &card.touched;
    [place, size, settings, folded].into_iter().any(|touch| seen.missed(touch))
}

/// The board with pages of another time. Only what differs from now becomes touched, so that a tab that edits anything else still can.
pub(super) fn restore(now: &Board, pages: Vec<Page>, touch: &Touch) -> Board {
    let mut board = Board { revision: touch.revision, pages, gone: now.gone.clone() };
    let page_ids =
        |board: &Board| -> Vec<String> { board.pages.iter().map(|page| page.id.clone()).collect() };
    let moved_pages = moved(&page_ids(now), &page_ids(&board));
    for page in &mut board.pages {
        let Some(was) = now.page(&page.id) else {
            page.touched = PageTouches::all(touch);
            for card in &mut page.cards {
                touch_card(now, card, touch, true);
            }
            continue;
        };
        page.touched = was.touched.clone();
        if page.name != was.name || page.icon != was.icon {
            page.touched.name = touch.clone();
        }
        if moved_pages.contains(&page.id) {
            page.touched.place = touch.clone();
        }
        let ids = |page: &Page| -> Vec<String> {
            page.cards.iter().map(|card| card.id.clone()).collect()
        };
        let moved_cards = moved(&ids(was), &ids(page));
        for card in &mut page.cards {
            let same_page = was.cards.iter().any(|other| other.id == card.id);
            touch_card(now, card, touch, !same_page || moved_cards.contains(&card.id));
        }
    }
    for page in &now.pages {
        for (index, card) in page.cards.iter().enumerate() {
            if board.card(&card.id).is_none() {
                let (card, page) = (card.clone(), page.id.clone());
                board.keep(Gone { card, page, index, touch: touch.clone() });
            }
        }
    }
    let here: Vec<String> = board.cards().map(|card| card.id.clone()).collect();
    board.gone.retain(|gone| !here.contains(&gone.card.id));
    board
}

fn touch_card(now: &Board, card: &mut Card, touch: &Touch, moved: bool) {
    let Some(was) = now.card(&card.id) else {
        card.touched = CardTouches::all(touch);
        return;
    };
    card.touched = was.touched.clone();
    if moved {
        card.touched.place = touch.clone();
    }
    if card.size != was.size {
        card.touched.size = touch.clone();
    }
    if card.settings != was.settings {
        card.touched.settings = touch.clone();
    }
    if card.folded != was.folded {
        card.touched.folded = touch.clone();
    }
}

/// Of what stands in both lists, what follows upon another than before.
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
