//! Several cards at once: the starter board, and a set of cards.

use serde::Serialize;
use voordeur_widget_api::{CardWidth, Settings};

use super::board::{Board, Card, CardStamps, EditStamp, MAX_CARDS, RemovedCard};
use super::edit::EditError;
use super::token::short_id;

/// A card to be put on a board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewCard {
    /// The id of the widget.
    pub widget: String,
    /// The width.
    pub size: CardWidth,
    /// The values of its fields, by field id.
    pub settings: Settings,
}

impl NewCard {
    /// The card with this id.
    pub fn card(&self, id: String) -> Card {
        Card { settings: self.settings.clone(), ..Card::new(id, self.widget.clone(), self.size) }
    }

    fn stamped(&self, stamp: &EditStamp) -> Card {
        Card { stamps: CardStamps::all(stamp), ..self.card(short_id()) }
    }
}

/// Replaces the cards of the first page. A card of the same widget stays as it is, in its new place;
/// the others can be put back.
pub(super) fn start(
    board: &mut Board,
    cards: &[NewCard],
    stamp: &EditStamp,
) -> Result<(), EditError> {
    let others = board.cards().count().saturating_sub(board.pages[0].cards.len());
    if others.saturating_add(cards.len()) > MAX_CARDS {
        return Err(EditError::TooManyCards);
    }
    let page = board.pages[0].id.clone();
    let mut before: Vec<Option<Card>> = board.pages[0].cards.drain(..).map(Some).collect();
    let placed = cards.iter().map(|new| {
        let same =
            |card: &&mut Option<Card>| card.as_ref().is_some_and(|card| card.widget == new.widget);
        match before.iter_mut().find(same).and_then(Option::take) {
            Some(mut card) => {
                card.stamps.place = stamp.clone();
                if card.size != new.size {
                    card.size = new.size;
                    card.stamps.size = stamp.clone();
                }
                card
            }
            None => new.stamped(stamp),
        }
    });
    board.pages[0].cards = placed.collect();
    for (index, card) in before.into_iter().enumerate() {
        if let Some(card) = card {
            let (page, removed_by) = (page.clone(), stamp.clone());
            board.remember_removed(RemovedCard { card, page, index, removed_by });
        }
    }
    Ok(())
}

/// Puts cards before the others of a page; returns the id of the first.
pub(super) fn add_all(
    board: &mut Board,
    cards: &[NewCard],
    page: Option<&str>,
    stamp: &EditStamp,
) -> Result<Option<String>, EditError> {
    if board.cards().count().saturating_add(cards.len()) > MAX_CARDS {
        return Err(EditError::TooManyCards);
    }
    let placed: Vec<Card> = cards.iter().map(|new| new.stamped(stamp)).collect();
    let first = placed.first().map(|card| card.id.clone());
    let at = board.page_or_first(page);
    board.pages[at].cards.splice(..0, placed);
    Ok(first)
}
