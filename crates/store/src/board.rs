//! The board: pages of cards, and the cards removed lately.

use serde::{Deserialize, Serialize};
use voordeur_widget_api::{CardWidth, Settings};

use super::document;

/// The maximum number of cards on a board.
pub const MAX_CARDS: usize = 60;
/// The maximum size of the pages and cards of a board with all settings, in bytes of JSON.
pub const MAX_BOARD_BYTES: usize = 64 * 1024;
/// The maximum number of pages on a board.
pub const MAX_PAGES: usize = 12;
/// The maximum length of a page name, in characters.
pub const MAX_PAGE_NAME_CHARS: usize = 40;
/// The id of the page that every new board has.
pub const FIRST_PAGE: &str = "first";
const FIRST_ICON: &str = "home";
/// The number of removed cards that an edit from an outdated tab can still restore.
pub(super) const MAX_REMOVED_CARDS: usize = 20;
/// The maximum size of their settings in bytes; the last one is remembered in any case.
const MAX_REMOVED_BYTES: usize = 32 * 1024;

/// A citizen's start page at one revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// Increases by one with every edit.
    pub revision: i64,
    /// In display order; never empty.
    pub pages: Vec<Page>,
    /// Cards removed lately, most recent last.
    pub removed: Vec<RemovedCard>,
}

/// A page (tab) of a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Unique on its board.
    pub id: String,
    /// The name that the citizen gave; empty for the first page of a new board.
    pub name: String,
    /// The id of the page's icon.
    pub icon: String,
    /// In reading order.
    pub cards: Vec<Card>,
    /// The last edit of each part of the page.
    #[serde(default, rename = "touched", skip_serializing_if = "PageStamps::is_default")]
    pub stamps: PageStamps,
}

/// A widget placed on a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Unique on its board.
    pub id: String,
    /// The id of the widget.
    pub widget: String,
    /// The width, in lanes.
    #[serde(deserialize_with = "super::stored_width::deserialize")]
    pub size: CardWidth,
    /// The citizen's values for the widget's fields, by field id.
    #[serde(default)]
    pub settings: Settings,
    /// Whether the card shows only its heading and one line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
    /// The last edit of each part of the card.
    #[serde(default, rename = "touched", skip_serializing_if = "CardStamps::is_default")]
    pub stamps: CardStamps,
}

/// A removed card and its former position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemovedCard {
    /// The card when it was removed.
    pub card: Card,
    /// The id of the page that it was on.
    pub page: String,
    /// Its index on that page.
    pub index: usize,
    /// The edit that removed it.
    #[serde(rename = "touch")]
    pub removed_by: EditStamp,
}

/// Identifies an edit: the revision that it made, and the browser tab that sent it. Parts of a
/// board carry the stamp of the edit that changed them last, which is how conflicts are found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditStamp {
    /// The revision that the edit made.
    pub revision: i64,
    /// The browser tab; empty when the tab is unknown.
    pub tab: String,
}

/// The last edit of each part of a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardStamps {
    /// Of the position.
    pub place: EditStamp,
    /// Of the size.
    pub size: EditStamp,
    /// Of the settings.
    pub settings: EditStamp,
    /// Of the folded state.
    pub folded: EditStamp,
}

/// The last edit of each part of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageStamps {
    /// Of the name and icon.
    pub name: EditStamp,
    /// Of the position among the pages.
    pub place: EditStamp,
}

/// The position of a card on a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardPosition {
    /// The index of the page.
    pub page: usize,
    /// The index of the card on that page.
    pub index: usize,
}

impl Board {
    /// A board of one page, at revision 0.
    pub fn starting(cards: Vec<Card>) -> Self {
        Board { revision: 0, pages: vec![Page::first(cards)], removed: Vec::new() }
    }

    /// All cards, page after page.
    pub fn cards(&self) -> impl Iterator<Item = &Card> {
        self.pages.iter().flat_map(|page| &page.cards)
    }

    /// The card with this id.
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards().find(|card| card.id == id)
    }

    /// The position of the card with this id.
    pub fn position_of(&self, id: &str) -> Option<CardPosition> {
        self.pages.iter().enumerate().find_map(|(page, its)| {
            let index = its.cards.iter().position(|card| card.id == id)?;
            Some(CardPosition { page, index })
        })
    }

    /// The page with this id.
    pub fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id == id)
    }

    /// The index of the page with this id, or 0.
    pub fn page_or_first(&self, id: Option<&str>) -> usize {
        id.and_then(|id| self.pages.iter().position(|page| page.id == id)).unwrap_or_default()
    }

    /// The removed card with this id, while it can be restored.
    pub fn removed_card(&self, id: &str) -> Option<&RemovedCard> {
        self.removed.iter().find(|removed| removed.card.id == id)
    }

    pub(super) fn card_mut(&mut self, id: &str) -> Option<&mut Card> {
        self.pages.iter_mut().flat_map(|page| &mut page.cards).find(|card| card.id == id)
    }

    /// Removes a card and remembers it for edits from outdated tabs.
    pub(super) fn remove_card(&mut self, position: CardPosition, stamp: &EditStamp) -> Card {
        let page = &mut self.pages[position.page];
        let card = page.cards.remove(position.index);
        let (page, index) = (page.id.clone(), position.index);
        self.remember_removed(RemovedCard {
            card: card.clone(),
            page,
            index,
            removed_by: stamp.clone(),
        });
        card
    }

    pub(super) fn remember_removed(&mut self, removed: RemovedCard) {
        self.removed.retain(|other| other.card.id != removed.card.id);
        self.removed.push(removed);
        let mut bytes = 0;
        let fits = |removed: &&RemovedCard| {
            bytes += removed.card.settings_bytes();
            bytes <= MAX_REMOVED_BYTES
        };
        let kept = self.removed.iter().rev().take(MAX_REMOVED_CARDS).take_while(fits).count();
        let over = self.removed.len().saturating_sub(kept.max(1));
        self.removed.drain(..over);
    }

    /// The size of the pages and cards with all settings, in bytes of JSON.
    pub(super) fn content_bytes(&self) -> Result<usize, serde_json::Error> {
        Ok(document::serialize_pages(&document::without_stamps(&self.pages))?.len())
    }

    /// Whether the board stays within its bound in bytes when a card gets these settings.
    pub fn has_room_for(&self, card: &str, settings: &Settings) -> bool {
        let mut board = self.clone();
        let Some(card) = board.card_mut(card) else { return true };
        card.settings.clone_from(settings);
        let bytes = |board: &Board| board.content_bytes().unwrap_or(usize::MAX);
        bytes(&board) <= MAX_BOARD_BYTES || bytes(&board) <= bytes(self)
    }

    /// The card with the longest settings, and the field of the longest of these.
    pub(super) fn largest_setting(&self) -> Option<(&Card, &str)> {
        let card = self.cards().max_by_key(|card| card.settings_bytes())?;
        let (field, _) = card.settings.iter().max_by_key(|(_, value)| value.len())?;
        Some((card, field))
    }

    /// Restores a removed card at its former position, or at the end of the first page when its
    /// page no longer exists.
    pub(super) fn restore_removed(&mut self, id: &str, stamp: &EditStamp) -> bool {
        let Some(at) = self.removed.iter().position(|removed| removed.card.id == id) else {
            return false;
        };
        let RemovedCard { mut card, page, index, .. } = self.removed.remove(at);
        card.stamps = CardStamps::all(stamp);
        match self.pages.iter_mut().find(|other| other.id == page) {
            Some(page) => page.cards.insert(index.min(page.cards.len()), card),
            None => self.pages[0].cards.push(card),
        }
        true
    }
}

impl Page {
    pub(super) fn first(cards: Vec<Card>) -> Self {
        Page {
            id: FIRST_PAGE.to_owned(),
            name: String::new(),
            icon: FIRST_ICON.to_owned(),
            cards,
            stamps: PageStamps::default(),
        }
    }

    /// Trims a page name; `None` when it is too long or has control characters.
    pub fn normalize_name(typed: &str) -> Option<String> {
        let name = typed.trim();
        let fits =
            name.chars().count() <= MAX_PAGE_NAME_CHARS && !name.chars().any(char::is_control);
        fits.then(|| name.to_owned())
    }
}

impl Card {
    /// An unedited card, with default settings.
    pub fn new(id: String, widget: String, size: CardWidth) -> Self {
        let settings = Settings::new();
        Card { id, widget, size, settings, folded: false, stamps: CardStamps::default() }
    }

    /// Sets the value of a field; an empty value is absent.
    pub(super) fn set(&mut self, field: &str, value: String, stamp: &EditStamp) {
        if self.settings.get(field).map_or("", String::as_str) == value {
            return;
        }
        match value.is_empty() {
            true => self.settings.remove(field),
            false => self.settings.insert(field.to_owned(), value),
        };
        self.stamps.settings = stamp.clone();
    }

    fn settings_bytes(&self) -> usize {
        self.settings.iter().map(|(field, value)| field.len().saturating_add(value.len())).sum()
    }
}

impl CardStamps {
    pub(super) fn all(stamp: &EditStamp) -> Self {
        let stamp = || stamp.clone();
        CardStamps { place: stamp(), size: stamp(), settings: stamp(), folded: stamp() }
    }

    fn is_default(&self) -> bool {
        *self == CardStamps::default()
    }
}

impl PageStamps {
    pub(super) fn all(stamp: &EditStamp) -> Self {
        PageStamps { name: stamp.clone(), place: stamp.clone() }
    }

    fn is_default(&self) -> bool {
        *self == PageStamps::default()
    }
}
