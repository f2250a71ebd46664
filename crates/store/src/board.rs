//! What a board is: pages of cards, and what was taken off them lately.

use serde::{Deserialize, Serialize};
use voordeur_widget_api::Settings;

/// More cards than this make no start page.
pub(super) const MOST_CARDS: usize = 60;
/// More pages than this are not found again.
pub const MOST_PAGES: usize = 12;
/// The longest name of a page, in characters.
pub const LONGEST_NAME: usize = 40;
/// The id of the page that every board begins with.
pub const FIRST_PAGE: &str = "first";
/// The icon of the page that every board begins with.
const FIRST_ICON: &str = "home";
/// So many cards that were taken away can be put back by an edit that came too late.
const GONE_KEPT: usize = 20;

/// A citizen's start page, as it was at one revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// Goes up by one with every edit.
    pub revision: i64,
    /// In order; there is always one.
    pub pages: Vec<Page>,
    /// Cards that were taken away, the last one last.
    pub gone: Vec<Gone>,
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
    #[serde(default, skip_serializing_if = "PageTouches::none")]
    pub touched: PageTouches,
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
    #[serde(default, skip_serializing_if = "CardTouches::none")]
    pub touched: CardTouches,
}

/// A card that was taken away, and where it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gone {
    /// The card as it was.
    pub card: Card,
    /// The id of its page.
    pub page: String,
    /// Its place on that page.
    pub index: usize,
    /// What took it away.
    pub touch: Touch,
}

/// Which edit changed something last, and in which tab of a browser it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    /// The revision that the edit made.
    pub revision: i64,
    /// The tab; empty when it told none.
    pub tab: String,
}

/// The last edit of each part of a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CardTouches {
    /// Of where it stands.
    pub place: Touch,
    /// Of its size.
    pub size: Touch,
    /// Of its settings.
    pub settings: Touch,
    /// Of whether it is folded.
    pub folded: Touch,
}

/// The last edit of each part of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageTouches {
    /// Of its name and icon.
    pub name: Touch,
    /// Of its place among the pages.
    pub place: Touch,
}

/// Where a card stands: the index of its page, and its own on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Among the pages.
    pub page: usize,
    /// On the page.
    pub index: usize,
}

impl Board {
    /// A board of one page that nobody edited yet.
    pub fn starting(cards: Vec<Card>) -> Self {
        Board { revision: 0, pages: vec![Page::first(cards)], gone: Vec::new() }
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
    pub fn spot(&self, id: &str) -> Option<Spot> {
        self.pages.iter().enumerate().find_map(|(page, its)| {
            let index = its.cards.iter().position(|card| card.id == id)?;
            Some(Spot { page, index })
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
    pub fn gone(&self, id: &str) -> Option<&Gone> {
        self.gone.iter().find(|gone| gone.card.id == id)
    }

    pub(super) fn card_mut(&mut self, id: &str) -> Option<&mut Card> {
        self.pages.iter_mut().flat_map(|page| &mut page.cards).find(|card| card.id == id)
    }

    /// Takes a card away, and keeps it for an edit that comes too late.
    pub(super) fn take(&mut self, spot: Spot, touch: &Touch) -> Card {
        let page = &mut self.pages[spot.page];
        let card = page.cards.remove(spot.index);
        let (page, index) = (page.id.clone(), spot.index);
        self.keep(Gone { card: card.clone(), page, index, touch: touch.clone() });
        card
    }

    pub(super) fn keep(&mut self, gone: Gone) {
        self.gone.retain(|other| other.card.id != gone.card.id);
        self.gone.push(gone);
        let over = self.gone.len().saturating_sub(GONE_KEPT);
        self.gone.drain(..over);
    }

    /// Puts a card back where it was taken away, or at the end of the first page when its page is gone too.
    pub(super) fn put_back(&mut self, id: &str, touch: &Touch) -> bool {
        let Some(at) = self.gone.iter().position(|gone| gone.card.id == id) else { return false };
        let Gone { mut card, page, index, .. } = self.gone.remove(at);
        card.touched = CardTouches::all(touch);
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
            touched: PageTouches::default(),
        }
    }

    /// A name as it is kept; nothing when it cannot be one.
    pub fn tidy_name(typed: &str) -> Option<String> {
        let name = typed.trim();
        let fits = name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
        fits.then(|| name.to_owned())
    }
}

impl Card {
    /// A card that nobody edited yet.
    pub fn new(id: String, widget: String, size: u8) -> Self {
        let settings = Settings::new();
        Card { id, widget, size, settings, folded: false, touched: CardTouches::default() }
    }
}

impl CardTouches {
    /// Touched as a whole.
    pub(super) fn all(touch: &Touch) -> Self {
        let touch = || touch.clone();
        CardTouches { place: touch(), size: touch(), settings: touch(), folded: touch() }
    }

    fn none(&self) -> bool {
        *self == CardTouches::default()
    }
}

impl PageTouches {
    /// Touched as a whole.
    pub(super) fn all(touch: &Touch) -> Self {
        PageTouches { name: touch.clone(), place: touch.clone() }
    }

    fn none(&self) -> bool {
        *self == PageTouches::default()
    }
}
