//! A card as it is shown: every word chosen, every date and number written out in the citizen's language.
//!
//! The server makes a face of a view (see `presenter`); the renderer in `blocks` turns it into HTML, on the server and in the browser alike.
//! The browser gets faces, never views: so it needs no time zones, no dates and no widget.

use serde::{Deserialize, Serialize};

/// What a card shows, ready to be drawn. Where it stands and how wide it is is a matter of its board: cards of many boards have the same face.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardViewModel {
    /// The id of its widget.
    pub widget: String,
    /// The id of its theme, which gives the accent colour.
    pub theme: String,
    /// The name of its icon in the sprite.
    pub icon: String,
    /// The heading.
    pub title: String,
    /// What it is about, beside the heading.
    pub about: Option<Words>,
    /// What the card can be.
    pub state: CardState,
    /// Whether it shows a sample, with the words that say so.
    pub sample: Option<String>,
    /// What is the matter and what the citizen can do, when something is.
    pub notice: Option<String>,
    /// Remarks about the data.
    pub remarks: Vec<Words>,
    /// What is shown.
    pub blocks: Vec<BlockViewModel>,
    /// Where it comes from and how old it is.
    pub source: SourceViewModel,
    /// Seconds until it is worth asking again.
    pub again_in: u32,
}

/// The five things a card can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardState {
    /// As the service last said, within its pace.
    Fresh,
    /// Older than it should be; the notice says why.
    Stale,
    /// Asked, but not answered yet.
    Waiting,
    /// Nothing to show; the notice says why and what to do.
    Unavailable,
    /// The citizen has to answer something first.
    NeedsSettings,
}

impl CardState {
    /// As in `data-state`.
    pub fn id(self) -> &'static str {
        match self {
            CardState::Fresh => "fresh",
            CardState::Stale => "stale",
            CardState::Waiting => "waiting",
            CardState::Unavailable => "unavailable",
            CardState::NeedsSettings => "needs-settings",
        }
    }
}

/// Where data comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceViewModel {
    /// As the publisher writes it.
    pub publisher: String,
    /// The short name of the licence.
    pub licence: String,
    /// The words with which the licence wants the source to be named.
    pub attribution: Option<String>,
    /// The official page.
    pub url: String,
    /// The word for the link to it.
    pub link_text: String,
    /// The moment of the data.
    pub moment: Option<TimeViewModel>,
}

/// Words, with their language when it is another than the page's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Plain text.
    pub text: String,
    /// A BCP 47 tag for `lang`.
    pub lang: Option<String>,
}

/// A moment in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeViewModel {
    /// For `<time datetime>`: RFC 3339, or a date.
    pub datetime: String,
    /// As the citizen reads it.
    pub text: String,
}

/// A block, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum BlockViewModel {
    /// A paragraph.
    Text {
        /// What it says.
        text: Words,
    },
    /// Key figures.
    Facts {
        /// The first may be drawn large when it stands alone or leads.
        facts: Vec<FactFace>,
    },
    /// A list.
    List {
        /// In order.
        items: Vec<ItemFace>,
    },
    /// A station board.
    Departures {
        /// In order.
        departures: Vec<DepartureFace>,
    },
    /// Dated things.
    Moments {
        /// In order.
        moments: Vec<MomentFace>,
    },
    /// A chart with its table.
    Series(SeriesFace),
    /// Rows and columns.
    Table(TableFace),
    /// A warning.
    Alert(AlertFace),
    /// A small map with its list.
    LoadShed(PlacesFace),
    /// Nothing to show.
    Empty {
        /// What it says.
        text: Words,
    },
}

/// A key figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FactFace {
    /// What it is.
    pub label: Words,
    /// How much.
    pub value: Words,
    /// In what; may be empty.
    pub unit: String,
    /// How it is to be taken.
    pub note: Option<Words>,
    /// A bar, in percent of its full length.
    pub share: Option<u8>,
    /// `good`, `fair` or `poor`.
    pub tone: Option<String>,
    /// Its official page.
    pub link: Option<String>,
}

/// A thing in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemFace {
    /// What it is.
    pub title: Words,
    /// More about it.
    pub note: Option<Words>,
    /// One word about its state.
    pub tag: Option<Words>,
    /// When.
    pub when: Option<TimeViewModel>,
    /// Its page.
    pub link: Option<String>,
}

/// A departure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DepartureFace {
    /// By the timetable.
    pub time: TimeViewModel,
    /// Where it goes.
    pub to: Words,
    /// Its line or number.
    pub line: Option<String>,
    /// `spoor 3`.
    pub platform: Option<String>,
    /// `+6 min, verwacht 7.48`, when it is late.
    pub late: Option<String>,
    /// `rijdt niet`, when it does not run.
    pub cancelled: Option<String>,
}

/// A dated thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MomentFace {
    /// For `<time datetime>`.
    pub datetime: String,
    /// Whether it is today or tomorrow.
    pub soon: bool,
    /// `di`
    pub weekday: String,
    /// `24`
    pub day: String,
    /// `nov`
    pub month: String,
    /// The date in full, for those who do not see the leaf of the calendar: `dinsdag 24 november 2026`.
    pub spoken: String,
    /// What it is.
    pub title: Words,
    /// `morgen`, `tot 3 januari · over 4 weken`
    pub when: String,
    /// More about it.
    pub note: Option<Words>,
    /// Its page.
    pub link: Option<String>,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesFace {
    /// What is measured.
    pub label: Words,
    /// The latest value, written out.
    pub latest: String,
    /// In what.
    pub unit: String,
    /// One sentence that says what the line does: lowest, highest, latest.
    pub summary: String,
    /// From left to right: x and y, each 0 to 1; y grows upwards. Between two runs nothing was measured.
    pub runs: Vec<Vec<(f32, f32)>>,
    /// The moments at the left, in the middle and at the right.
    pub axis: Vec<String>,
    /// The lowest value, written out.
    pub lowest: String,
    /// The highest value, written out.
    pub highest: String,
    /// The heading of the table's fold.
    pub table_label: String,
    /// The headings of the table's columns: moment, value.
    pub columns: (String, String),
    /// The same as a table; long series are thinned.
    pub rows: Vec<(TimeViewModel, String)>,
}

/// Rows and columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableFace {
    /// The headings.
    pub columns: Vec<Words>,
    /// In order.
    pub rows: Vec<RowFace>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RowFace {
    /// What the row is about.
    pub head: Words,
    /// Its page.
    pub link: Option<String>,
    /// The other cells; whether each is written at the right, as a figure is, or the dash for one that is not known.
    pub cells: Vec<(Words, bool)>,
}

/// A warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertFace {
    /// `minor`, `moderate`, `severe`, `extreme`
    pub severity: String,
    /// The word for it, since colour alone says nothing.
    pub word: String,
    /// What it warns of.
    pub title: Words,
    /// What to know or do.
    pub text: Option<Words>,
    /// Where.
    pub area: Option<Words>,
    /// `vandaag van 14.00 tot 21.00 uur`
    pub when: Option<String>,
    /// Its page.
    pub link: Option<String>,
    /// The word for the link.
    pub link_text: String,
}

/// A small map with its list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacesFace {
    /// What the map shows, in words.
    pub label: String,
    /// Distances from the middle, each 0 to 1 of half the map, with the words for it.
    pub rings: Vec<(f32, String)>,
    /// In the order of the numbers on the map.
    pub places: Vec<PlaceFace>,
}

/// A thing on a small map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceFace {
    /// From the left and from the top, each 0 to 1; absent when it lies off the map.
    pub spot: Option<(f32, f32)>,
    /// Where its number stands, when another is in the way.
    pub aside: Option<(f32, f32)>,
    /// What it is.
    pub title: Words,
    /// One word about its state.
    pub tag: Option<Words>,
    /// `tot 11 december · 150 m`
    pub when: String,
    /// More about it.
    pub note: Option<Words>,
    /// Its page.
    pub link: Option<String>,
}
