//! What a citizen can do to a board, and what becomes of the board.

use serde::Serialize;
use voordeur_widget_api::Settings;

use super::board::{
    Board, Card, CardPosition, CardStamps, EditStamp, MAX_CARDS, MAX_PAGES, Page, PageStamps,
    RemovedCard,
};
use super::change_summary::ChangeSummary;
use super::grid;
use super::token::short_id;

/// What a citizen can do to a board.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Edit {
    /// Put a widget at the end of a page.
    Add {
        /// The id of the widget.
        widget: String,
        /// Columns of twelve.
        size: u8,
        /// The id of the page; the first when it is not there.
        page: Option<String>,
    },
    /// Take a card away.
    Remove {
        /// The id of the card.
        card: String,
    },
    /// Move a card on its page.
    Move {
        /// The id of the card.
        card: String,
        /// Which way.
        direction: Direction,
    },
    /// Put a card at a place, and give it a size.
    Place {
        /// The id of the card.
        card: String,
        /// The id of the page; its own when none is named, the first when it is not there.
        page: Option<String>,
        /// The id of the card that will follow it; at the end when there is none.
        before: Option<String>,
        /// Columns of twelve, when they change.
        size: Option<u8>,
    },
    /// Make it wider or narrower.
    Resize {
        /// The id of the card.
        card: String,
        /// Columns of twelve.
        size: u8,
    },
    /// Show only its heading and one line, or all of it again.
    Fold {
        /// The id of the card.
        card: String,
        /// Whether it becomes folded.
        folded: bool,
    },
    /// Answer its fields.
    Configure {
        /// The id of the card.
        card: String,
        /// The answers.
        settings: Settings,
    },
    /// Put the cards of the first page in an order.
    Arrange {
        /// Ids of cards; those that are not named follow as they are.
        order: Vec<String>,
    },
    /// Add a page at the end.
    AddPage {
        /// As the citizen calls it.
        name: String,
        /// The id of its icon.
        icon: String,
    },
    /// Give a page another name and icon.
    ChangePage {
        /// The id of the page.
        page: String,
        /// As the citizen calls it.
        name: String,
        /// The id of its icon.
        icon: String,
    },
    /// Put a page before the one before it, or after the one after it.
    MovePage {
        /// The id of the page.
        page: String,
        /// Earlier, or else later.
        earlier: bool,
    },
    /// Take a page away, with its cards.
    RemovePage {
        /// The id of the page.
        page: String,
    },
    /// Take the last edit back.
    Undo,
    /// Make the edit again that was taken back last.
    Redo,
    /// Go back, or forward again, to what the board was after a change.
    GoTo {
        /// The number of the change.
        number: i64,
    },
}

/// Where a card goes on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Direction {
    /// Before the card before it.
    Earlier,
    /// After the card after it.
    Later,
    /// To the row above.
    Up,
    /// To the row below.
    Down,
    /// To the beginning.
    First,
    /// To the end.
    Last,
}

impl Direction {
    /// As a form sends it.
    pub fn id(self) -> &'static str {
        match self {
            Direction::Earlier => "earlier",
            Direction::Later => "later",
            Direction::Up => "up",
            Direction::Down => "down",
            Direction::First => "first",
            Direction::Last => "last",
        }
    }

    /// The direction with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        let all = [
            Direction::Earlier,
            Direction::Later,
            Direction::Up,
            Direction::Down,
            Direction::First,
            Direction::Last,
        ];
        all.into_iter().find(|direction| direction.id() == id)
    }

    /// The place that a card gets on its page; nothing when it has it already.
    pub fn destination(self, cards: &[Card], index: usize) -> Option<usize> {
        let last = cards.len().checked_sub(1)?;
        let to = match self {
            Direction::Earlier => index.checked_sub(1)?,
            Direction::Later => index + 1,
            Direction::Up => grid::above(cards, index)?,
            Direction::Down => grid::below(cards, index)?,
            Direction::First => 0,
            Direction::Last => last,
        };
        (to <= last && to != index).then_some(to)
    }
}

/// Why an edit makes no sense on a board.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The card is not there, and is not known to have been.
    #[error("the card is not on the board")]
    CardNotFound,
    /// The page is not there.
    #[error("the page is not on the board")]
    PageNotFound,
    /// There are as many cards as a board can hold.
    #[error("the board is full")]
    TooManyCards,
    /// There are as many pages as a board can have.
    #[error("the board has as many pages as it can have")]
    TooManyPages,
    /// A board has a page.
    #[error("the last page cannot be taken away")]
    LastPage,
    /// There is no earlier state.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// There is no later state.
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// The change is not kept any more.
    #[error("the change is not in the history")]
    ChangeNotFound,
}

/// What an edit makes of a board.
pub(super) struct EditOutcome {
    pub board: Board,
    pub summary: ChangeSummary,
    /// The id of the card or page that it is about.
    pub subject: Option<String>,
}

/// The board after an edit other than undoing, redoing and going back, which need the history.
pub(super) fn apply(
    before: &Board,
    edit: &Edit,
    stamp: &EditStamp,
) -> Result<EditOutcome, EditError> {
    let mut board = before.clone();
    board.revision = stamp.revision;
    let (summary, subject) = match edit {
        Edit::Add { widget, size, page } => add(&mut board, widget, *size, page.as_deref(), stamp)?,
        Edit::Remove { card } => match board.position_of(card) {
            Some(position) => {
                let card = board.remove_card(position, stamp);
                (ChangeSummary::Removed { widget: card.widget }, Some(card.id))
            }
            None => {
                // It is away already, as was wished.
                let removed = board.removed_card(card).ok_or(EditError::CardNotFound)?;
                (ChangeSummary::Removed { widget: removed.card.widget.clone() }, Some(card.clone()))
            }
        },
        Edit::Move { card, .. }
        | Edit::Place { card, .. }
        | Edit::Resize { card, .. }
        | Edit::Fold { card, .. }
        | Edit::Configure { card, .. } => {
            let restored = board.position_of(card).is_none();
            if restored {
                if board.removed_card(card).is_some() && board.cards().count() >= MAX_CARDS {
                    return Err(EditError::TooManyCards);
                }
                board.restore_removed(card, stamp);
            }
            let summary = change_card(&mut board, card, edit, stamp)?;
            let summary = if restored { ChangeSummary::put_back(summary) } else { summary };
            (summary, Some(card.clone()))
        }
        Edit::Arrange { order } => {
            let cards = &mut board.pages[0].cards;
            let was: Vec<String> = cards.iter().map(|card| card.id.clone()).collect();
            cards.sort_by_key(|card| {
                order.iter().position(|id| *id == card.id).unwrap_or(order.len())
            });
            for (card, was) in cards.iter_mut().zip(was) {
                if card.id != was {
                    card.stamps.place = stamp.clone();
                }
            }
            (ChangeSummary::Arranged, None)
        }
        Edit::AddPage { name, icon } => {
            if board.pages.len() >= MAX_PAGES {
                return Err(EditError::TooManyPages);
            }
            let id = short_id();
            board.pages.push(Page {
                id: id.clone(),
                name: name.clone(),
                icon: icon.clone(),
                cards: Vec::new(),
                stamps: PageStamps::all(stamp),
            });
            (ChangeSummary::AddedPage { name: name.clone() }, Some(id))
        }
        Edit::ChangePage { page, name, icon } => {
            let at = page_index(&board, page)?;
            let its = &mut board.pages[at];
            if its.name != *name || its.icon != *icon {
                (its.name, its.icon) = (name.clone(), icon.clone());
                its.stamps.name = stamp.clone();
            }
            (ChangeSummary::ChangedPage { name: name.clone() }, Some(page.clone()))
        }
        Edit::MovePage { page, earlier } => {
            let at = page_index(&board, page)?;
            let to = if *earlier { at.checked_sub(1) } else { Some(at + 1) };
            let to = to.filter(|to| *to < board.pages.len()).unwrap_or(at);
            if to != at {
                board.pages.swap(at, to);
                board.pages[to].stamps.place = stamp.clone();
            }
            let name = board.pages[to].name.clone();
            (ChangeSummary::MovedPage { name, position: to + 1 }, Some(page.clone()))
        }
        Edit::RemovePage { page } => {
            let at = page_index(&board, page)?;
            if board.pages.len() == 1 {
                return Err(EditError::LastPage);
            }
            let Page { name, cards, .. } = board.pages.remove(at);
            for (index, card) in cards.into_iter().enumerate() {
                board.remember_removed(RemovedCard {
                    card,
                    page: page.clone(),
                    index,
                    removed_by: stamp.clone(),
                });
            }
            (ChangeSummary::RemovedPage { name }, Some(page.clone()))
        }
        Edit::Undo => return Err(EditError::NothingToUndo),
        Edit::Redo => return Err(EditError::NothingToRedo),
        Edit::GoTo { .. } => return Err(EditError::ChangeNotFound),
    };
    Ok(EditOutcome { board, summary, subject })
}

fn page_index(board: &Board, id: &str) -> Result<usize, EditError> {
    board.pages.iter().position(|page| page.id == id).ok_or(EditError::PageNotFound)
}

fn add(
    board: &mut Board,
    widget: &str,
    size: u8,
    page: Option<&str>,
    stamp: &EditStamp,
) -> Result<(ChangeSummary, Option<String>), EditError> {
    if board.cards().count() >= MAX_CARDS {
        return Err(EditError::TooManyCards);
    }
    let mut card = Card::new(short_id(), widget.to_owned(), size);
    card.stamps = CardStamps::all(stamp);
    let id = card.id.clone();
    let at = board.page_or_first(page);
    let page = &mut board.pages[at];
    page.cards.push(card);
    let summary = ChangeSummary::Added { widget: widget.to_owned() };
    Ok((summary, Some(id)))
}

/// Changes a card that is on the board.
fn change_card(
    board: &mut Board,
    id: &str,
    edit: &Edit,
    stamp: &EditStamp,
) -> Result<ChangeSummary, EditError> {
    let position = board.position_of(id).ok_or(EditError::CardNotFound)?;
    if let Some(to) = target_position(board, position, edit) {
        let mut card = board.pages[position.page].cards.remove(position.index);
        card.stamps.place = stamp.clone();
        board.pages[to.page].cards.insert(to.index, card);
    }
    let now = board.position_of(id).unwrap_or(position);
    let page = board.pages[now.page].name.clone();
    let card = board.card_mut(id).ok_or(EditError::CardNotFound)?;
    let widget = card.widget.clone();
    let sized = match edit {
        Edit::Resize { size, .. } | Edit::Place { size: Some(size), .. } => Some(*size),
        _ => None,
    };
    if let Some(size) = sized.filter(|size| *size != card.size) {
        card.size = size;
        card.stamps.size = stamp.clone();
    }
    Ok(match edit {
        Edit::Fold { folded, .. } => {
            if card.folded != *folded {
                card.folded = *folded;
                card.stamps.folded = stamp.clone();
            }
            if *folded {
                ChangeSummary::Folded { widget }
            } else {
                ChangeSummary::Unfolded { widget }
            }
        }
        Edit::Configure { settings, .. } => {
            if card.settings != *settings {
                card.settings.clone_from(settings);
                card.stamps.settings = stamp.clone();
            }
            ChangeSummary::Configured { widget }
        }
        _ if now.page != position.page => {
            ChangeSummary::MovedToPage { widget, page, position: now.index + 1 }
        }
        _ if now == position && sized.is_some() => {
            ChangeSummary::Resized { widget, size: card.size }
        }
        _ => ChangeSummary::Moved { widget, position: now.index + 1 },
    })
}

/// Where an edit wants a card to be, with the card itself taken out first; nothing when it stays where it is.
fn target_position(board: &Board, from: CardPosition, edit: &Edit) -> Option<CardPosition> {
    match edit {
        Edit::Move { direction, .. } => {
            let index = direction.destination(&board.pages[from.page].cards, from.index)?;
            Some(CardPosition { page: from.page, index })
        }
        Edit::Place { card, page, before, .. } => {
            if before.as_deref() == Some(card.as_str()) {
                return None;
            }
            let page = match page {
                Some(page) => board.page_or_first(Some(page)),
                None => from.page,
            };
            let mut others = board.pages[page].cards.iter().filter(|other| other.id != *card);
            let place = before.as_deref().and_then(|id| others.clone().position(|o| o.id == id));
            let to = CardPosition { page, index: place.unwrap_or_else(|| others.by_ref().count()) };
            (to != from).then_some(to)
        }
        _ => None,
    }
}
