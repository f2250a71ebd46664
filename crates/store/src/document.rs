//! The stored form of a board: one JSON document.

use serde::{Deserialize, Serialize};

use super::board::{Board, CardStamps, Page, PageStamps, RemovedCard};
use crate::Card;

#[derive(Serialize)]
struct SerializedBoard<'a> {
    pages: &'a [Page],
    #[serde(rename = "gone")]
    removed: &'a [RemovedCard],
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StoredDocument {
    Pages {
        pages: Vec<Page>,
        #[serde(default, rename = "gone")]
        removed: Vec<RemovedCard>,
    },
    /// The format before boards had pages.
    Cards(Vec<Card>),
}

pub(super) fn serialize(board: &Board) -> Result<String, serde_json::Error> {
    serde_json::to_string(&SerializedBoard { pages: &board.pages, removed: &board.removed })
}

/// Pages alone, as a document without removed cards.
pub(super) fn serialize_pages(pages: &[Page]) -> Result<String, serde_json::Error> {
    serde_json::to_string(&SerializedBoard { pages, removed: &[] })
}

/// The pages as the citizen sees them.
pub(super) fn without_stamps(pages: &[Page]) -> Vec<Page> {
    let mut pages = pages.to_vec();
    for page in &mut pages {
        page.stamps = PageStamps::default();
        for card in &mut page.cards {
            card.stamps = CardStamps::default();
        }
    }
    pages
}

/// Reads a board in the format of this or any earlier version.
pub(super) fn deserialize(revision: i64, document: &str) -> Result<Board, serde_json::Error> {
    Ok(match serde_json::from_str(document)? {
        // A board always has a page.
        StoredDocument::Pages { pages, removed } if pages.is_empty() => {
            Board { revision, pages: vec![Page::first(Vec::new())], removed }
        }
        StoredDocument::Pages { pages, removed } => Board { revision, pages, removed },
        StoredDocument::Cards(cards) => Board { revision, ..Board::starting(cards) },
    })
}
