//! A board as it is written: one JSON document.

use serde::{Deserialize, Serialize};

use super::board::{Board, CardTouches, Gone, Page, PageTouches};
use crate::Card;

#[derive(Serialize)]
struct Written<'a> {
    pages: &'a [Page],
    gone: &'a [Gone],
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Read {
    Pages {
        pages: Vec<Page>,
        #[serde(default)]
        gone: Vec<Gone>,
    },
    /// A board from before there were pages.
    Cards(Vec<Card>),
}

/// The board with all that is known of it.
pub(super) fn write(board: &Board) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Written { pages: &board.pages, gone: &board.gone })
}

/// What a citizen sees of it, for the history: without what touched it, and without what is gone.
pub(super) fn write_seen(board: &Board) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Written { pages: &seen(&board.pages), gone: &[] })
}

/// Pages without what touched them.
pub(super) fn seen(pages: &[Page]) -> Vec<Page> {
    let mut pages = pages.to_vec();
    for page in &mut pages {
        page.touched = PageTouches::default();
        for card in &mut page.cards {
            card.touched = CardTouches::default();
        }
    }
    pages
}

/// A board from what was written, also by an earlier version.
pub(super) fn read(revision: i64, document: &str) -> Result<Board, serde_json::Error> {
    Ok(match serde_json::from_str(document)? {
        // A board has a page, whatever was written.
        Read::Pages { pages, gone } if pages.is_empty() => {
            Board { revision, pages: vec![Page::first(Vec::new())], gone }
        }
        Read::Pages { pages, gone } => Board { revision, pages, gone },
        Read::Cards(cards) => Board { revision, ..Board::starting(cards) },
    })
}
