use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use voordeur_shared::Severity;

use crate::{Language, Refusal};

/// What a widget makes of the answers. It holds data, not words for dates and numbers: those are chosen when it is presented.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// What this card is about, beside its title: a station, a town.
    pub about: Option<Phrase>,
    /// What is shown.
    pub blocks: Vec<Block>,
    /// When the data was true, by the service's own account.
    pub moment: Option<Timestamp>,
    /// Things the citizen should know about this data.
    pub notices: Vec<Phrase>,
    /// The official page that shows the same.
    pub page: Option<String>,
    /// How many things could not be read and were left out.
    #[serde(default)]
    pub left_out: usize,
    /// Why, for whoever writes the widget: the first refusal of each block that left something out.
    #[serde(skip)]
    pub left_out_because: Vec<Refusal>,
}

/// The closed set of things a view is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Block {
    /// A paragraph.
    Text {
        /// What it says.
        text: Phrase,
    },
    /// A few key figures.
    Facts {
        /// In the order of importance; the first may be shown large.
        facts: Vec<Fact>,
    },
    /// Things, each perhaps with a link.
    List {
        /// In the order shown.
        items: Vec<ListItem>,
    },
    /// A station board.
    Departures {
        /// In the order of time.
        departures: Vec<Departure>,
    },
    /// Things with a date.
    Moments {
        /// In the order of time.
        moments: Vec<MomentItem>,
    },
    /// One value over time: a chart with its table.
    Series {
        /// What is measured.
        label: Phrase,
        /// In what.
        unit: String,
        /// In the order of time.
        points: Vec<Point>,
    },
    /// Figures or words in rows and columns.
    Table(Table),
    /// Something to be warned of.
    Alert(Alert),
    /// Things near a place: a small map with its list.
    Places {
        /// The middle of the map: WGS84 latitude and longitude, degrees.
        centre: (f64, f64),
        /// How far the map reaches, in metres.
        radius: f64,
        /// Nearest first.
        places: Vec<PlaceItem>,
    },
    /// Nothing to show, and why that is fine.
    Empty {
        /// What it says.
        text: Phrase,
    },
}

/// A text, with its language when that is another than the citizen's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// Plain text; never markup.
    pub text: String,
    /// `None`: the language that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        Phrase { text: text.to_owned(), language: None }
    }
}

/// An address outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Always `https://` or `http://`.
    pub url: String,
}

/// A value to be written in the citizen's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A number.
    Number {
        /// The number itself.
        number: f64,
        /// Digits after the comma.
        decimals: u8,
        /// For instance `µg/m³`; empty for a bare number.
        unit: String,
    },
    /// A moment or a day.
    Moment(Moment),
    /// Anything else.
    Phrase(Phrase),
}

/// A point in time, or a whole day without one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// An instant.
    At(Timestamp),
    /// A day of the calendar, wherever one is.
    Day(Date),
}

/// One key figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub label: Phrase,
    /// How much it is.
    pub value: Value,
    /// How it is to be taken, in words.
    pub note: Option<Phrase>,
    /// How full it is, from 0 to 1: drawn as a bar.
    pub share: Option<f64>,
    /// Good or bad, when that can be said; it never stands without a note or value that says it in words.
    pub tone: Option<Tone>,
    /// Its official page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// Whether something is good news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Nothing to do.
    Good,
    /// Worth a look.
    Fair,
    /// Act or take care.
    Poor,
}

/// One thing in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListItem {
    /// What it is.
    pub title: Phrase,
    /// More about it.
    pub note: Option<Phrase>,
    /// One word about its state.
    pub tag: Option<Phrase>,
    /// When it was.
    pub when: Option<Moment>,
    /// Its official page.
    pub link: Option<Link>,
}

/// One departure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Departure {
    /// By the timetable.
    pub at: Timestamp,
    /// In seconds; 0 is on time.
    pub delay: i64,
    /// Where it goes.
    pub to: Phrase,
    /// Its line or number.
    pub line: Option<String>,
    /// Track or platform.
    pub platform: Option<String>,
    /// It does not run.
    pub cancelled: bool,
}

/// One thing with a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MomentItem {
    /// When it begins.
    pub start: Moment,
    /// The last day or instant of it.
    pub end: Option<Moment>,
    /// What it is.
    pub title: Phrase,
    /// More about it.
    pub note: Option<Phrase>,
    /// Its official page.
    pub link: Option<Link>,
}

/// One point of a series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// How much.
    pub value: f64,
}

/// Rows and columns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// What each column holds.
    pub columns: Vec<Phrase>,
    /// In the order shown; the first cell of a row says what the row is about.
    pub rows: Vec<Row>,
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// One for each column; `None` where the service says nothing.
    pub cells: Vec<Option<Value>>,
    /// The official page of what the row is about.
    pub link: Option<Link>,
}

/// A warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// How serious it is.
    pub severity: Severity,
    /// What it warns of.
    pub title: Phrase,
    /// What to know or do.
    pub text: Option<Phrase>,
    /// Where it holds.
    pub area: Option<Phrase>,
    /// From when.
    pub start: Option<Moment>,
    /// Until when.
    pub end: Option<Moment>,
    /// Its official page.
    pub link: Option<Link>,
}

/// One thing near a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceItem {
    /// What it is.
    pub title: Phrase,
    /// More about it.
    pub note: Option<Phrase>,
    /// One word about its state.
    pub tag: Option<Phrase>,
    /// From when.
    pub start: Option<Moment>,
    /// Until when.
    pub end: Option<Moment>,
    /// WGS84 latitude and longitude, degrees.
    pub position: (f64, f64),
    /// From the middle, in metres.
    pub distance: f64,
    /// Its official page.
    pub link: Option<Link>,
}
