//! The difference between two boards, for the undo history: a change of one card costs the bytes of
//! that card, however large the board.
//!
//! No crate serves: differences of JSON (RFC 6902) address cards by their index, so that moving a
//! card repeats its settings, and they apply silently to a board that is another one.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::board::{Card, MAX_CARDS, MAX_PAGES, Page, PageStamps};
use super::document;

/// The key that distinguishes a stored difference from a stored document.
const DELTA_PREFIX: &str = r#"{"delta":"#;

/// One direction of a change, as it is stored.
pub(super) enum StoredStep {
    /// The parts that differ from the board on the other side of the change.
    Delta(BoardDelta),
    /// The whole board: what histories before schema 5 hold.
    Snapshot(Vec<Page>),
}

#[derive(Serialize, Deserialize)]
struct StoredDelta<D> {
    delta: D,
}

/// The parts of a board that differ from another board.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct BoardDelta {
    /// The ids of all pages in order, when it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order: Option<Vec<String>>,
    /// Pages that are new, or whose name, icon or order of cards differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pages: Vec<PageDelta>,
    /// Cards that are new, or whose content differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cards: Vec<Card>,
}

/// A page, with the part of its list of cards that differs.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct PageDelta {
    id: String,
    name: String,
    icon: String,
    /// The index of the first card that differs.
    at: usize,
    /// The number of cards that are replaced.
    replaces: usize,
    /// The ids of the cards in their place.
    by: Vec<String>,
}

impl BoardDelta {
    /// The difference that leads from one board to another, both without stamps; `None` when it cannot be
    /// expressed, as on a board on which two cards have the same id.
    pub fn between(from: &[Page], to: &[Page]) -> Option<Self> {
        let ids =
            |pages: &[Page]| -> Vec<String> { pages.iter().map(|it| it.id.clone()).collect() };
        let old: HashMap<&str, &Card> = cards_by_id(from);
        let changed = |card: &&Card| old.get(card.id.as_str()).is_none_or(|was| was != card);
        let delta = BoardDelta {
            order: Some(ids(to)).filter(|order| *order != ids(from)),
            pages: to.iter().filter_map(|page| PageDelta::of(page, from)).collect(),
            cards: to.iter().flat_map(|page| &page.cards).filter(changed).cloned().collect(),
        };
        let leads_there = delta.apply(from).is_some_and(|pages| pages == to);
        leads_there.then_some(delta)
    }

    /// The other board; `None` when `from` is not the board that the difference begins with.
    pub fn apply(&self, from: &[Page]) -> Option<Vec<Page>> {
        let order = self.order.as_deref();
        let is_there = |id: &String| match order {
            Some(order) => order.contains(id),
            None => from.iter().any(|page| page.id == *id),
        };
        if !self.pages.iter().all(|page| is_there(&page.id)) {
            return None;
        }
        let mut cards = cards_by_id(from);
        cards.extend(self.cards.iter().map(|card| (card.id.as_str(), card)));
        let page = |id: &str| -> Option<Page> {
            let was = from.iter().find(|page| page.id == id);
            let delta = self.pages.iter().find(|page| page.id == id);
            let mut ids: Vec<&str> =
                was.into_iter().flat_map(|page| &page.cards).map(|card| card.id.as_str()).collect();
            let (name, icon) = match (delta, was) {
                (Some(delta), _) => {
                    let end = delta.at.checked_add(delta.replaces)?;
                    if end > ids.len() {
                        return None;
                    }
                    ids.splice(delta.at..end, delta.by.iter().map(String::as_str));
                    (&delta.name, &delta.icon)
                }
                (None, Some(was)) => (&was.name, &was.icon),
                (None, None) => return None,
            };
            let cards = ids.into_iter().map(|id| cards.get(id).map(|card| (*card).clone()));
            Some(Page {
                id: id.to_owned(),
                name: name.clone(),
                icon: icon.clone(),
                cards: cards.collect::<Option<_>>()?,
                stamps: PageStamps::default(),
            })
        };
        match order {
            Some(order) => order.iter().map(|id| page(id)).collect(),
            None => from.iter().map(|was| page(&was.id)).collect(),
        }
    }
}

impl PageDelta {
    fn of(page: &Page, from: &[Page]) -> Option<Self> {
        let ids =
            |page: &Page| -> Vec<String> { page.cards.iter().map(|it| it.id.clone()).collect() };
        let was = from.iter().find(|was| was.id == page.id);
        let (old, new) = (was.map(ids).unwrap_or_default(), ids(page));
        let is_same =
            was.is_some_and(|was| was.name == page.name && was.icon == page.icon && old == new);
        if is_same {
            return None;
        }
        let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
        let ends = old[at..].iter().rev().zip(new[at..].iter().rev());
        let same_at_end = ends.take_while(|(old, new)| old == new).count();
        Some(PageDelta {
            id: page.id.clone(),
            name: page.name.clone(),
            icon: page.icon.clone(),
            at,
            replaces: old.len() - at - same_at_end,
            by: new[at..new.len() - same_at_end].to_vec(),
        })
    }
}

fn cards_by_id(pages: &[Page]) -> HashMap<&str, &Card> {
    pages.iter().flat_map(|page| &page.cards).map(|card| (card.id.as_str(), card)).collect()
}

/// The difference that leads from one board to another, in its stored form. Both are without stamps.
pub(super) fn serialize_step(from: &[Page], to: &[Page]) -> Result<String, serde_json::Error> {
    match BoardDelta::between(from, to) {
        Some(delta) => serde_json::to_string(&StoredDelta { delta }),
        None => document::serialize_pages(to),
    }
}

/// Reads one direction of a change, of this or any earlier version.
pub(super) fn deserialize_step(stored: &str) -> Result<StoredStep, serde_json::Error> {
    if stored.starts_with(DELTA_PREFIX) {
        let StoredDelta { delta } = serde_json::from_str(stored)?;
        return Ok(StoredStep::Delta(delta));
    }
    Ok(StoredStep::Snapshot(document::deserialize(0, stored)?.pages))
}

impl StoredStep {
    /// The board on the other side of the change; `None` when `from` is another board than the one
    /// that was changed, or the result is not a board.
    pub fn apply(self, from: &[Page]) -> Option<Vec<Page>> {
        let pages = match self {
            StoredStep::Delta(delta) => delta.apply(from)?,
            StoredStep::Snapshot(pages) => pages,
        };
        let cards: usize = pages.iter().map(|page| page.cards.len()).sum();
        let is_board = (1..=MAX_PAGES).contains(&pages.len()) && cards <= MAX_CARDS;
        is_board.then_some(pages)
    }

    /// The cards that it holds.
    pub fn cards(&self) -> Vec<&Card> {
        match self {
            StoredStep::Delta(delta) => delta.cards.iter().collect(),
            StoredStep::Snapshot(pages) => pages.iter().flat_map(|page| &page.cards).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::Board;
    use voordeur_widget_api::CardWidth;

    fn page(id: &str, cards: &[&str]) -> Page {
        let cards = cards
            .iter()
            .map(|id| Card::new((*id).to_owned(), "holidays".to_owned(), CardWidth::Narrow));
        Page { id: id.to_owned(), ..Board::starting(cards.collect()).pages.remove(0) }
    }

    fn assert_leads_back_and_forth(from: &[Page], to: &[Page]) -> usize {
        let step = |from: &[Page], to: &[Page]| {
            let stored = serialize_step(from, to).expect("is written");
            assert!(stored.starts_with(DELTA_PREFIX), "{stored}");
            let step = deserialize_step(&stored).expect("is read");
            assert_eq!(step.apply(from).as_deref(), Some(to));
            stored.len()
        };
        step(from, to) + step(to, from)
    }

    #[test]
    fn a_difference_leads_from_each_board_to_the_other() {
        let start = [page("one", &["a", "b", "c", "d"]), page("two", &["e"])];
        let mut renamed = start.clone();
        renamed[0].name = "Werk".to_owned();
        let mut configured = start.clone();
        configured[1].cards[0].settings.insert("station".to_owned(), "Gent".to_owned());
        for other in [
            vec![page("one", &["a", "c", "b", "d"]), page("two", &["e"])],
            vec![page("one", &["b", "c", "d", "a"]), page("two", &["e"])],
            vec![page("one", &["a", "b", "d"]), page("two", &["c", "e"])],
            vec![page("one", &["a", "b", "c", "d", "f"]), page("two", &["e"])],
            vec![page("two", &["e"]), page("one", &["a", "b", "c", "d"])],
            vec![page("two", &["e"])],
            vec![page("three", &["a", "e"])],
            vec![page("one", &[]), page("two", &[])],
            renamed.to_vec(),
            configured.to_vec(),
            start.to_vec(),
        ] {
            assert_leads_back_and_forth(&start, &other);
        }
    }

    #[test]
    fn a_difference_does_not_grow_with_the_board() {
        let ids: Vec<String> = (0..MAX_CARDS).map(|number| format!("c{number}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let start = [page("one", &ids)];
        let mut swapped = ids.clone();
        swapped.swap(30, 31);
        let mut configured = start.clone();
        let station = "Gent-Sint-Pieters".to_owned();
        configured[0].cards[40].settings.insert("station".to_owned(), station);
        for other in [[page("one", &swapped)], configured] {
            let bytes = assert_leads_back_and_forth(&start, &other);
            assert!(bytes < 400, "{bytes}");
        }
    }

    #[test]
    fn a_difference_is_refused_on_another_board_and_a_board_with_repeated_ids_is_stored_whole() {
        let step = |from: &[Page], to: &[Page]| {
            deserialize_step(&serialize_step(from, to).expect("is written")).expect("is read")
        };
        let (start, other) = ([page("one", &["a", "b"])], [page("one", &["b", "a"])]);
        assert_eq!(step(&start, &other).apply(&[page("one", &["a"])]), None);
        assert_eq!(step(&start, &other).apply(&[page("two", &["a", "b"])]), None);
        let mut repeated = [page("one", &["a", "a"])];
        repeated[0].cards[1].size = CardWidth::Full;
        assert_eq!(step(&start, &repeated).apply(&start).as_deref(), Some(&repeated[..]));
        // A difference that leaves no page is none of ours.
        let nothing = deserialize_step(r#"{"delta":{"order":[]}}"#).expect("is read");
        assert_eq!(nothing.apply(&start), None);
        let far =
            r#"{"delta":{"pages":[{"id":"one","name":"","icon":"","at":9,"replaces":9,"by":[]}]}}"#;
        assert_eq!(deserialize_step(far).expect("is read").apply(&start), None);
    }
}
