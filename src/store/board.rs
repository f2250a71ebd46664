use serde::{Deserialize, Serialize};
use voordeur_contract::Settings;

use super::token::random_id;

/// More cards than this make no start page.
const MOST_CARDS: usize = 60;

/// A citizen's start page, as it was at one revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// Goes up by one with every edit.
    pub revision: i64,
    /// In reading order.
    pub cards: Vec<Card>,
}

impl Board {
    /// The card with this id.
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }
}

/// One widget placed on a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Unique on its board.
    pub id: String,
    /// The id of the widget.
    pub widget: String,
    /// Columns of twelve.
    pub size: u8,
    /// What the citizen answered to the widget's fields.
    #[serde(default)]
    pub settings: Settings,
}

/// What a citizen can do to a board.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Put a widget at the end.
    Add {
        /// The id of the widget.
        widget: String,
        /// Columns of twelve.
        size: u8,
    },
    /// Take a card away.
    Remove {
        /// The id of the card.
        card: String,
    },
    /// Change places with a neighbour.
    Move {
        /// The id of the card.
        card: String,
        /// Which neighbour.
        direction: Direction,
    },
    /// Make it wider or narrower.
    Resize {
        /// The id of the card.
        card: String,
        /// Columns of twelve.
        size: u8,
    },
    /// Answer its fields.
    Configure {
        /// The id of the card.
        card: String,
        /// The answers.
        settings: Settings,
    },
    /// Put the cards in an order.
    Arrange {
        /// Ids of cards; those that are not named follow as they are.
        order: Vec<String>,
    },
    /// Take the last edit back.
    Undo,
}

/// Where a card goes in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Towards the beginning.
    Earlier,
    /// Towards the end.
    Later,
}

/// Why an edit makes no sense on a board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditRefusal {
    /// The card is not there.
    #[error("the card is not on the board")]
    NoSuchCard,
    /// The board is full.
    #[error("the board is full")]
    Full,
    /// There is no earlier state.
    #[error("there is nothing to undo")]
    NothingToUndo,
}

/// The cards after an edit other than [`Edit::Undo`], which needs the store.
pub fn apply(cards: &[Card], edit: &Edit) -> Result<Vec<Card>, EditRefusal> {
    let mut cards = cards.to_vec();
    let find = |cards: &[Card], id: &str| {
        cards.iter().position(|card| card.id == *id).ok_or(EditRefusal::NoSuchCard)
    };
    match edit {
        Edit::Add { widget, size } => {
            if cards.len() >= MOST_CARDS {
                return Err(EditRefusal::Full);
            }
            cards.push(Card {
                id: random_id(),
                widget: widget.clone(),
                size: *size,
                settings: Settings::new(),
            });
        }
        Edit::Remove { card } => {
            let index = find(&cards, card)?;
            cards.remove(index);
        }
        Edit::Move { card, direction } => {
            let index = find(&cards, card)?;
            let neighbour = match direction {
                Direction::Earlier => index.checked_sub(1),
                Direction::Later => Some(index + 1).filter(|next| *next < cards.len()),
            };
            if let Some(neighbour) = neighbour {
                cards.swap(index, neighbour);
            }
        }
        Edit::Resize { card, size } => {
            let index = find(&cards, card)?;
            cards[index].size = *size;
        }
        Edit::Configure { card, settings } => {
            let index = find(&cards, card)?;
            cards[index].settings.clone_from(settings);
        }
        Edit::Arrange { order } => cards
            .sort_by_key(|card| order.iter().position(|id| *id == card.id).unwrap_or(order.len())),
        Edit::Undo => return Err(EditRefusal::NothingToUndo),
    }
    Ok(cards)
}
