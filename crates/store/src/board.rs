//! What a board is: pages of cards, and what was taken off them lately.

use serde::{Deserialize, Serialize};
use voordeur_widget_api::Settings;

/// More cards than this make no start page.
pub(super) const MAX_CARDS: usize = 60;
/// More pages than this are not found again.
pub const MAX_PAGES: usize = 12;
/// The longest name of a page, in characters.
pub const MAX_PAGE_NAME_CHARS: usize = 40;
/// The id of the page that every board begins with.
pub const FIRST_PAGE: &str = "first";
/// The icon of the page that every board begins with.
const FIRST_ICON: &str = "home";
/// So many cards that were taken away can be put back by an edit that came too late.
const MAX_REMOVED_CARDS: usize = 20;

/// A citizen's start page, as it was at one revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// Goes up by one with every edit.
    pub revision: i64,
    /// In order; there is always one.
    pub pages: Vec<Page>,
    /// Cards that were taken away, the last one last.
    pub removed: Vec<RemovedCard>,
}

/// A tab of a board.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Unique on its board.
    pub id: String,
    /// As the citizen calls it; the first page begins without a name.
    pub name: String,
    /// The id of its icon.
    pub icon: String,
    /// In reading order.
    pub cards: Vec<Card>,
    /// What changed it last.
    #[serde(default, rename = "touched", skip_serializing_if = "PageStamps::is_default")]
    pub stamps: PageStamps,
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
    /// Whether only its heading and one line are shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub folded: bool,
    /// What changed it last.
    #[serde(default, rename = "touched", skip_serializing_if = "CardStamps::is_default")]
    pub stamps: CardStamps,
}

/// A card that was taken away, and where it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RemovedCard {
    /// The card as it was.
    pub card: Card,
    /// The id of its page.
    pub page: String,
    /// Its place on that page.
    pub index: usize,
    /// What took it away.
    #[serde(rename = "touch")]
    pub removed_by: EditStamp,
}

/// Which edit changed something last, and in which tab of a browser it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditStamp {
    /// The revision that the edit made.
    pub revision: i64,
    /// The tab; empty when it told none.
    pub tab: String,
}

/// The last edit of each part of a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardStamps {
    /// Of where it stands.
    pub place: EditStamp,
    /// Of its size.
    pub size: EditStamp,
    /// Of its settings.
    pub settings: EditStamp,
    /// Of whether it is folded.
    pub folded: EditStamp,
}

/// The last edit of each part of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageStamps {
    /// Of its name and icon.
    pub name: EditStamp,
    /// Of its place among the pages.
    pub place: EditStamp,
}

/// Where a card stands: the index of its page, and its own on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardPosition {
    /// Among the pages.
    pub page: usize,
    /// On the page.
    pub index: usize,
}

impl Board {
    /// A board of one page that nobody edited yet.
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

    /// Where a card stands.
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

    /// The index of the page with this id; the first when there is none.
    pub fn page_or_first(&self, id: Option<&str>) -> usize {
        id.and_then(|id| self.pages.iter().position(|page| page.id == id)).unwrap_or_default()
    }

    /// The card with this id among those that were taken away.
    pub fn removed_card(&self, id: &str) -> Option<&RemovedCard> {
        self.removed.iter().find(|removed| removed.card.id == id)
    }

    pub(super) fn card_mut(&mut self, id: &str) -> Option<&mut Card> {
        self.pages.iter_mut().flat_map(|page| &mut page.cards).find(|card| card.id == id)
    }

    /// Takes a card away, and keeps it for an edit that comes too late.
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
        let over = self.removed.len().saturating_sub(MAX_REMOVED_CARDS);
        self.removed.drain(..over);
    }

    /// Puts a card back where it was taken away, or at the end of the first page when its page is gone too.
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
    /// The page that every board begins with.
    pub(super) fn first(cards: Vec<Card>) -> Self {
        Page {
            id: FIRST_PAGE.to_owned(),
            name: String::new(),
            icon: FIRST_ICON.to_owned(),
            cards,
            stamps: PageStamps::default(),
        }
    }

    /// A name as it is kept; nothing when it cannot be one.
    pub fn normalize_name(typed: &str) -> Option<String> {
        let name = typed.trim();
        let fits =
            name.chars().count() <= MAX_PAGE_NAME_CHARS && !name.chars().any(char::is_control);
        fits.then(|| name.to_owned())
    }
}

impl Card {
    /// A card that nobody edited yet.
    pub fn new(id: String, widget: String, size: u8) -> Self {
        let settings = Settings::new();
        Card { id, widget, size, settings, folded: false, stamps: CardStamps::default() }
    }
}

impl CardStamps {
    /// Touched as a whole.
    pub(super) fn all(stamp: &EditStamp) -> Self {
        let stamp = || stamp.clone();
        CardStamps { place: stamp(), size: stamp(), settings: stamp(), folded: stamp() }
    }

    fn is_default(&self) -> bool {
        *self == CardStamps::default()
    }
}

impl PageStamps {
    /// Touched as a whole.
    pub(super) fn all(stamp: &EditStamp) -> Self {
        PageStamps { name: stamp.clone(), place: stamp.clone() }
    }

    fn is_default(&self) -> bool {
        *self == PageStamps::default()
    }
}
