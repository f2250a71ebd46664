//! Edits of a board, without clock and database.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr};
use voordeur_widget_api::{
    CardWidth, FieldError, Settings, with_item_added, with_item_ticked, without_ticked,
};

use super::board::{
    Board, Card, CardPosition, CardStamps, EditStamp, MAX_CARDS, MAX_PAGES, Page, PageStamps,
    RemovedCard,
};
use super::change_summary::ChangeSummary;
use super::imported::{self, ImportedPage};
use super::new_card::{self, NewCard};
use super::token::short_id;

/// An edit of a board. Its JSON is part of the fingerprint that recognizes a repeated submission,
/// so names of variants and fields must not change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Edit {
    /// Adds a widget at the beginning of a page.
    Add {
        /// The id of the widget.
        widget: String,
        /// The width, in lanes.
        size: CardWidth,
        /// The id of the page; the first page when absent or unknown.
        page: Option<String>,
    },
    /// Removes a card.
    Remove {
        /// The id of the card.
        card: String,
    },
    /// Moves a card on its page.
    Move {
        /// The id of the card.
        card: String,
        /// The direction.
        direction: Direction,
    },
    /// Moves a card to a position, and optionally resizes it.
    Place {
        /// The id of the card.
        card: String,
        /// The id of the page; the card's own when absent, the first page when unknown.
        page: Option<String>,
        /// The id of the card that will follow; at the end when absent.
        before: Option<String>,
        /// The new width, in lanes.
        size: Option<CardWidth>,
    },
    /// Resizes a card.
    Resize {
        /// The id of the card.
        card: String,
        /// The width, in lanes.
        size: CardWidth,
    },
    /// Folds or unfolds a card.
    Fold {
        /// The id of the card.
        card: String,
        /// The new state.
        folded: bool,
    },
    /// Changes the settings of a card.
    Configure {
        /// The id of the card.
        card: String,
        /// The values, by field id.
        settings: Settings,
    },
    /// Ticks an item of a list of the citizen's own, or makes it one that is to be done.
    Tick {
        /// The id of the card.
        card: String,
        /// The id of the field that holds the list.
        field: String,
        /// The text of the item.
        item: String,
        /// The new state.
        ticked: bool,
    },
    /// Adds an item to such a list.
    AddItem {
        /// The id of the card.
        card: String,
        /// The id of the field that holds the list.
        field: String,
        /// The text of the item.
        item: String,
    },
    /// Removes ticked items from such a list.
    ClearItems {
        /// The id of the card.
        card: String,
        /// The id of the field that holds the list.
        field: String,
        /// The items that the citizen saw as ticked: no other is removed.
        items: Vec<String>,
    },
    /// Reorders the cards of the first page.
    Arrange {
        /// Ids of cards; cards that are not listed keep their order and follow.
        order: Vec<String>,
    },
    /// Replaces the cards of the first page by the starter board for a citizen's answers.
    Start {
        /// The cards, in order.
        cards: Vec<NewCard>,
    },
    /// Adds the cards of a set at the beginning of a page.
    AddSet {
        /// The id of the set.
        set: String,
        /// The cards, in order.
        cards: Vec<NewCard>,
        /// The id of the page; the first page when absent or unknown.
        page: Option<String>,
    },
    /// Adds a page at the end.
    AddPage {
        /// The name of the page.
        name: String,
        /// The id of its icon.
        icon: String,
    },
    /// Changes the name and icon of a page.
    ChangePage {
        /// The id of the page.
        page: String,
        /// The name of the page.
        name: String,
        /// The id of its icon.
        icon: String,
    },
    /// Moves a page by one position.
    MovePage {
        /// The id of the page.
        page: String,
        /// Towards the first page.
        earlier: bool,
    },
    /// Removes a page and its cards.
    RemovePage {
        /// The id of the page.
        page: String,
    },
    /// Brings pages from a file.
    Import {
        /// The pages; their ids and those of their cards are made when the edit is applied.
        pages: Vec<ImportedPage>,
        /// Whether they replace all pages of the board; they follow them otherwise.
        replace: bool,
    },
    /// Undoes the last change.
    Undo,
    /// Redoes the change that was undone last.
    Redo,
    /// Goes back or forward to the state after a change.
    GoTo {
        /// The number of the change; 0 is the initial board.
        number: i64,
    },
}

impl Edit {
    /// The width that the edit gives to a card.
    pub(super) fn width(&self) -> Option<CardWidth> {
        match self {
            Edit::Add { size, .. } | Edit::Resize { size, .. } => Some(*size),
            Edit::Place { size, .. } => *size,
            _ => None,
        }
    }
}

/// A direction in which a card moves on its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Direction {
    /// Before the previous card.
    Earlier,
    /// After the next card.
    Later,
    /// Before the previous card, in a form of an earlier version.
    Up,
    /// After the next card, in a form of an earlier version.
    Down,
    /// To the beginning of the page.
    First,
    /// To the end of the page.
    Last,
}

impl Direction {
    /// Identifier in forms.
    pub fn id(self) -> &'static str {
        self.into()
    }

    /// Parses an identifier; `None` when it is unknown.
    pub fn from_id(id: &str) -> Option<Self> {
        id.parse().ok()
    }

    /// The index that the card moves to; `None` when it would not move.
    pub fn destination(self, cards: &[Card], index: usize) -> Option<usize> {
        let last = cards.len().checked_sub(1)?;
        let to = match self {
            Direction::Earlier | Direction::Up => index.checked_sub(1)?,
            Direction::Later | Direction::Down => index + 1,
            Direction::First => 0,
            Direction::Last => last,
        };
        (to <= last && to != index).then_some(to)
    }
}

/// An edit that is invalid on the current board.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EditError {
    /// The card does not exist, and was not removed lately.
    #[error("the card is not on the board")]
    CardNotFound,
    /// The page does not exist.
    #[error("the page is not on the board")]
    PageNotFound,
    /// The board has the maximum number of cards.
    #[error("the board is full")]
    TooManyCards,
    /// The board has the maximum number of pages.
    #[error("the board has the maximum number of pages")]
    TooManyPages,
    /// The list has no such item.
    #[error("the item is not on the list")]
    ItemNotFound,
    /// The item is empty or too long, or the list is full.
    #[error("the item cannot be added: it {0}")]
    ItemRefused(FieldError),
    /// The board would have more than [`MAX_BOARD_BYTES`](super::MAX_BOARD_BYTES).
    #[error("the board is too large")]
    BoardTooLarge {
        /// The id of the card with the longest settings.
        card: String,
        /// The id of the widget of that card.
        widget: String,
        /// The id of the field with the longest of these; empty when the card has no settings.
        field: String,
    },
    /// The edit needs more space than the client may still use.
    #[error("the client has no disk space left")]
    NoSpaceLeft,
    /// A board needs at least one page.
    #[error("the last page cannot be removed")]
    LastPage,
    /// No earlier change.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// No undone change.
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// The change is no longer in the history.
    #[error("the change is not in the history")]
    ChangeNotFound,
}

pub(super) struct EditOutcome {
    pub board: Board,
    pub summary: ChangeSummary,
    /// The id of the card or page that was edited.
    pub subject: Option<String>,
}

/// Applies an edit. Undo, redo and go-to need the history: see `undo_history`.
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
                // Already removed: the edit has its effect.
                let removed = board.removed_card(card).ok_or(EditError::CardNotFound)?;
                (ChangeSummary::Removed { widget: removed.card.widget.clone() }, Some(card.clone()))
            }
        },
        Edit::Move { card, .. }
        | Edit::Place { card, .. }
        | Edit::Resize { card, .. }
        | Edit::Fold { card, .. }
        | Edit::Configure { card, .. }
        | Edit::Tick { card, .. }
        | Edit::AddItem { card, .. }
        | Edit::ClearItems { card, .. } => {
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
        Edit::Start { cards } => {
            new_card::start(&mut board, cards, stamp)?;
            (ChangeSummary::Started, None)
        }
        Edit::AddSet { set, cards, page } => {
            let first = new_card::add_all(&mut board, cards, page.as_deref(), stamp)?;
            (ChangeSummary::AddedSet { set: set.clone() }, first)
        }
        Edit::Import { pages, replace } => {
            let cards = pages.iter().map(|page| page.cards.len()).sum();
            let first = imported::import(&mut board, pages, *replace, stamp)?;
            (ChangeSummary::Imported { cards, replace: *replace }, first)
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
    size: CardWidth,
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
    page.cards.insert(0, card);
    let summary = ChangeSummary::Added { widget: widget.to_owned() };
    Ok((summary, Some(id)))
}

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
        Edit::Tick { field, item, ticked, .. } => {
            let list = card.settings.get(field).map_or("", String::as_str);
            let list = with_item_ticked(list, item, *ticked).ok_or(EditError::ItemNotFound)?;
            card.set(field, list, stamp);
            if *ticked {
                ChangeSummary::Ticked { widget }
            } else {
                ChangeSummary::Unticked { widget }
            }
        }
        Edit::AddItem { field, item, .. } => {
            let list = card.settings.get(field).map_or("", String::as_str);
            let list = with_item_added(list, item).map_err(EditError::ItemRefused)?;
            card.set(field, list, stamp);
            ChangeSummary::AddedItem { widget }
        }
        Edit::ClearItems { field, items, .. } => {
            let list = card.settings.get(field).map_or("", String::as_str);
            card.set(field, without_ticked(list, items), stamp);
            ChangeSummary::ClearedItems { widget }
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

/// The position that an edit moves a card to, counted without the card itself; `None` when it
/// stays.
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
