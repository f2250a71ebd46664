//! A board as it is written: one JSON document.

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
    /// A board from before there were pages.
    Cards(Vec<Card>),
}

/// The board with all that is known of it.
pub(super) fn serialize(board: &Board) -> Result<String, serde_json::Error> {
    serde_json::to_string(&SerializedBoard { pages: &board.pages, removed: &board.removed })
}

/// What a citizen sees of it, for the history: without what touched it, and without what is gone.
pub(super) fn serialize_snapshot(board: &Board) -> Result<String, serde_json::Error> {
    serde_json::to_string(&SerializedBoard { pages: &without_stamps(&board.pages), removed: &[] })
}

/// Pages without what touched them.
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

/// A board from what was written, also by an earlier version.
pub(super) fn deserialize(revision: i64, document: &str) -> Result<Board, serde_json::Error> {
    Ok(match serde_json::from_str(document)? {
        // A board has a page, whatever was written.
        StoredDocument::Pages { pages, removed } if pages.is_empty() => {
            Board { revision, pages: vec![Page::first(Vec::new())], removed }
        }
        StoredDocument::Pages { pages, removed } => Board { revision, pages, removed },
        StoredDocument::Cards(cards) => Board { revision, ..Board::starting(cards) },
    })
}
