//! Pages that come from a file.

use serde::Serialize;
use voordeur_widget_api::{CardWidth, Settings};

use super::board::{Board, Card, EditStamp, MAX_CARDS, MAX_PAGES, Page, PageStamps};
use super::edit::EditError;
use super::merge;
use super::token::short_id;

/// A page of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedPage {
    /// The name; empty for the default name of a first page.
    pub name: String,
    /// The id of the icon.
    pub icon: String,
    /// In reading order.
    pub cards: Vec<ImportedCard>,
}

/// A card of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportedCard {
    /// The id of the widget.
    pub widget: String,
    /// The width.
    pub size: CardWidth,
    /// Whether the card shows only its heading and one line.
    pub folded: bool,
    /// The values, by field id.
    pub settings: Settings,
}

/// Adds pages with new ids; returns the id of the first of them.
pub(super) fn import(
    board: &mut Board,
    pages: &[ImportedPage],
    replace: bool,
    stamp: &EditStamp,
) -> Result<Option<String>, EditError> {
    let new = pages.iter().map(|page| Page {
        id: short_id(),
        name: page.name.clone(),
        icon: page.icon.clone(),
        cards: page
            .cards
            .iter()
            .map(|card| Card {
                settings: card.settings.clone(),
                folded: card.folded,
                ..Card::new(short_id(), card.widget.clone(), card.size)
            })
            .collect(),
        stamps: PageStamps::default(),
    });
    let mut all = if replace { Vec::new() } else { board.pages.clone() };
    all.extend(new);
    if all.len() > MAX_PAGES {
        return Err(EditError::TooManyPages);
    }
    if all.iter().map(|page| page.cards.len()).sum::<usize>() > MAX_CARDS {
        return Err(EditError::TooManyCards);
    }
    if all.is_empty() {
        return Err(EditError::LastPage);
    }
    let first = all.len().saturating_sub(pages.len());
    let first = all.get(first).map(|page| page.id.clone());
    *board = merge::restore(board, all, stamp);
    Ok(first)
}
