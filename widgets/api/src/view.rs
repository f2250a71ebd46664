use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray, VariantNames};

use voordeur_shared::Severity;

use crate::{DayRole, LanguageTag, Refusal};

/// The content of a card: data without presentation. The presenter formats dates and numbers in
/// the citizen's language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// The subject, shown beside the title: a station, a town.
    pub about: Option<Phrase>,
    /// The blocks, in the order shown.
    pub blocks: Vec<Block>,
    /// The time of the data, according to the service.
    pub moment: Option<Timestamp>,
    /// Notices about the data.
    pub notices: Vec<Phrase>,
    /// The URL of the official page with the same data.
    pub page: Option<String>,
    /// How many elements could not be read and were omitted.
    #[serde(default, rename = "left_out")]
    pub omitted: usize,
    /// How many positions had their latitude and longitude swapped, and were swapped back.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub swapped: usize,
    /// The things that the limits of the blocks left out, in the order of the blocks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Further>,
    /// For the widget author: the first refusal of each block that omitted elements.
    #[serde(skip)]
    pub omission_reasons: Vec<Refusal>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// How many things a block has beyond its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Further {
    /// Index of the block that they belong to; of alerts, the last one.
    pub block: usize,
    /// How many are not shown.
    pub count: usize,
}

/// The blocks of a view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Block {
    /// A paragraph.
    Text {
        /// The text.
        text: Phrase,
    },
    /// A few key figures.
    Facts {
        /// The part that they play in the day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<DayRole>,
        /// In order of importance; the first may be shown large.
        facts: Vec<Fact>,
    },
    /// A list of titles, each with an optional link.
    List {
        /// The part that they play in the day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<DayRole>,
        /// In the order shown.
        items: Vec<ListItem>,
    },
    /// A departure board.
    Departures {
        /// The part that they play in the day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<DayRole>,
        /// In chronological order.
        departures: Vec<Departure>,
    },
    /// Events, each with a date or time.
    Moments {
        /// The part that they play in the day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<DayRole>,
        /// In chronological order.
        moments: Vec<MomentItem>,
    },
    /// A time series: a chart with its table.
    Series {
        /// The measured quantity.
        label: Phrase,
        /// The unit of measurement.
        unit: String,
        /// In chronological order.
        points: Vec<Point>,
    },
    /// A forecast of the weather.
    Days {
        /// The part that they play in the day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<DayRole>,
        /// The temperature now, in degrees Celsius.
        now: Option<f64>,
        /// In chronological order.
        days: Vec<ForecastDay>,
    },
    /// One figure within its range.
    Gauge(Gauge),
    /// Official pages.
    Links {
        /// In the order shown.
        links: Vec<LinkItem>,
    },
    /// A table.
    Table(Table),
    /// A warning.
    Alert(Alert),
    /// Points of interest near a place: a small map with a list.
    Places {
        /// The part that they play in the day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        role: Option<DayRole>,
        /// The centre of the map: WGS 84 latitude and longitude, in degrees.
        centre: (f64, f64),
        /// The radius of the map, in metres.
        radius: f64,
        /// Nearest first.
        places: Vec<PlaceItem>,
    },
    /// A statement that there is nothing to report.
    Empty {
        /// The text.
        text: Phrase,
    },
}

impl Block {
    /// The part that its things play in the day, as the manifest declares it. Texts, series and
    /// tables have none.
    pub fn role(&self) -> Option<DayRole> {
        match self {
            Block::Facts { role, .. }
            | Block::List { role, .. }
            | Block::Departures { role, .. }
            | Block::Moments { role, .. }
            | Block::Days { role, .. }
            | Block::Places { role, .. } => *role,
            Block::Alert(alert) => alert.role,
            Block::Text { .. }
            | Block::Series { .. }
            | Block::Gauge(_)
            | Block::Links { .. }
            | Block::Table(_)
            | Block::Empty { .. } => None,
        }
    }
}

/// A text, with its language when it differs from the citizen's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// Plain text; never markup.
    pub text: String,
    /// `None` for the citizen's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
}

impl From<&str> for Phrase {
    fn from(text: &str) -> Self {
        Phrase { text: text.to_owned(), language: None }
    }
}

/// A link to an external page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// An absolute `https` or `http` URL.
    pub url: String,
}

/// A value that is formatted in the citizen's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A number.
    Number {
        /// The number.
        number: f64,
        /// Number of decimal places.
        decimals: u8,
        /// For instance `µg/m³`; empty for a bare number.
        unit: String,
    },
    /// A moment or a date.
    Moment(Moment),
    /// A text.
    Phrase(Phrase),
}

/// A point in time, or a date without a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// An instant.
    At(Timestamp),
    /// A calendar date, independent of a time zone.
    Day(Date),
}

/// A key figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Identifies it across refreshes: 16 hexadecimal digits, unique within the view.
    #[serde(default)]
    pub id: String,
    /// The label.
    pub label: Phrase,
    /// The value.
    pub value: Value,
    /// An interpretation of the value, in words.
    pub note: Option<Phrase>,
    /// A share of a whole, from 0 to 1; drawn as a bar.
    pub share: Option<f64>,
    /// A judgement of the value; only used with a note or a value that says the same in words.
    pub tone: Option<Tone>,
    /// The official page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// Whether something is good news.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Tone {
    /// No action needed.
    Good,
    /// Worth attention.
    Fair,
    /// Action or care needed.
    Poor,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListItem {
    /// Identifies it across refreshes: 16 hexadecimal digits, unique within the view.
    #[serde(default)]
    pub id: String,
    /// The title.
    pub title: Phrase,
    /// A second line of text.
    pub note: Option<Phrase>,
    /// The status, in one word.
    pub tag: Option<Phrase>,
    /// The date or time.
    pub when: Option<Moment>,
    /// The official page.
    pub link: Option<Link>,
}

/// A departure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Departure {
    /// Identifies it across refreshes: 16 hexadecimal digits, unique within the view.
    #[serde(default)]
    pub id: String,
    /// The scheduled time.
    pub at: Timestamp,
    /// The delay, in seconds; 0 is on time.
    pub delay: i64,
    /// The destination.
    pub to: Phrase,
    /// The line or the number of the train.
    pub line: Option<String>,
    /// Track or platform.
    pub platform: Option<String>,
    /// Whether the departure is cancelled.
    pub cancelled: bool,
    /// The part of its way that the citizen rides, when both ends are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<Leg>,
}

/// A ride from one stop to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leg {
    /// The stop of departure.
    pub from: Phrase,
    /// The stop of arrival.
    pub to: Phrase,
    /// The scheduled arrival.
    pub arrival: Timestamp,
    /// The delay on arrival, in seconds; 0 is on time.
    pub arrival_delay: i64,
    /// How often one changes on the way.
    #[serde(default)]
    pub changes: u8,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MomentItem {
    /// Identifies it across refreshes: 16 hexadecimal digits, unique within the view.
    #[serde(default)]
    pub id: String,
    /// The start.
    pub start: Moment,
    /// The last day, or the instant at which it ends.
    pub end: Option<Moment>,
    /// The title.
    pub title: Phrase,
    /// A second line of text.
    pub note: Option<Phrase>,
    /// The official page.
    pub link: Option<Link>,
}

/// A data point of a time series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The time.
    pub at: Timestamp,
    /// The value.
    pub value: f64,
}

/// The weather of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastDay {
    /// The day.
    pub day: Date,
    /// Its weather in one sign.
    pub sign: Option<WeatherSign>,
    /// The lowest temperature, in degrees Celsius.
    pub low: f64,
    /// The highest temperature, in degrees Celsius; at least `low`.
    pub high: f64,
    /// Rain and melted snow, in millimetres.
    pub rain: Option<f64>,
    /// The wind, in kilometres an hour.
    pub wind: Option<f64>,
}

/// A sign of the weather: a closed set, each with an icon and a word in every language.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
    VariantNames,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum WeatherSign {
    /// No cloud worth naming.
    Clear,
    /// Sun and clouds.
    PartlyCloudy,
    /// No sun.
    Cloudy,
    /// Fog or mist.
    Fog,
    /// Fine rain.
    Drizzle,
    /// Rain that lasts.
    Rain,
    /// Rain in showers.
    Showers,
    /// Rain with snow, hail or ice.
    Sleet,
    /// Snow that lasts.
    Snow,
    /// Snow in showers.
    SnowShowers,
    /// A thunderstorm.
    Thunder,
    /// Strong wind, without any of the others.
    Wind,
}

/// A figure within the range in which it is usually found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gauge {
    /// The label.
    pub label: Phrase,
    /// The figure; it may lie outside the range.
    pub value: f64,
    /// Number of decimal places of the figure and of the ends of the range.
    pub decimals: u8,
    /// For instance `cm`; empty for a bare number.
    pub unit: String,
    /// The low end of the range.
    pub low: f64,
    /// The high end of the range, above `low`.
    pub high: f64,
    /// The number of equal steps of the range, from 2 to 12.
    pub steps: u8,
    /// An interpretation of the figure, in words.
    pub note: Option<Phrase>,
    /// A judgement of the figure; only used with a note that says the same in words.
    pub tone: Option<Tone>,
}

/// An official page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkItem {
    /// The title.
    pub title: Phrase,
    /// Its contents, in words.
    pub note: Option<Phrase>,
    /// The page; `None` when the address is none of the web, so that the title at least is shown.
    pub link: Option<Link>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The column headings.
    pub columns: Vec<Phrase>,
    /// In the order shown; the first cell of a row is its heading.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// One cell per column; `None` where the service gives no value.
    pub cells: Vec<Option<Value>>,
    /// The official page about the subject of the row.
    pub link: Option<Link>,
}

/// A warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Identifies it across refreshes: 16 hexadecimal digits, unique within the view.
    #[serde(default)]
    pub id: String,
    /// The part that it plays in the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<DayRole>,
    /// The severity.
    pub severity: Severity,
    /// The headline.
    pub title: Phrase,
    /// The description or the instruction.
    pub text: Option<Phrase>,
    /// The area.
    pub area: Option<Phrase>,
    /// Whether it holds at the citizen's place; `None` where the service does not say it, or the
    /// widget has no place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<bool>,
    /// The start.
    pub start: Option<Moment>,
    /// The end.
    pub end: Option<Moment>,
    /// The official page.
    pub link: Option<Link>,
}

/// A point of interest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaceItem {
    /// Identifies it across refreshes: 16 hexadecimal digits, unique within the view.
    #[serde(default)]
    pub id: String,
    /// The title.
    pub title: Phrase,
    /// A second line of text.
    pub note: Option<Phrase>,
    /// The status, in one word.
    pub tag: Option<Phrase>,
    /// The start.
    pub start: Option<Moment>,
    /// The end.
    pub end: Option<Moment>,
    /// WGS 84 latitude and longitude, in degrees.
    pub position: (f64, f64),
    /// The distance from the centre of the map, in metres.
    pub distance: f64,
    /// The official page.
    pub link: Option<Link>,
}
