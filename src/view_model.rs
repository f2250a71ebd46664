//! The view model of a card: all texts, dates and numbers are formatted in the citizen's language.
//!
//! `presenter` makes a view model from a view; the renderer in `blocks` turns it into HTML.

use serde::Serialize;
use voordeur_shared::Severity;
use voordeur_shared::lanes::RowsByWidth;
use voordeur_widget_api::{DayRole, WeatherSign};

/// The content of a card. Its place and width belong to the board, so cards of many boards share
/// one view model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CardViewModel {
    pub widget: String,
    /// The theme's id, which selects the accent colour.
    pub theme: String,
    /// The icon's id.
    pub icon: String,
    pub title: String,
    /// The subject, beside the heading.
    pub about: Option<LocalizedText>,
    pub state: CardState,
    /// Whether a service can be asked again, by a button beside the heading.
    pub has_service: bool,
    /// Present for a sample: the text that says so.
    pub sample: Option<String>,
    /// The problem, and what the citizen can do about it.
    pub notice: Option<String>,
    pub remarks: Vec<LocalizedText>,
    /// Whose times these are, when they are not the citizen's: `Tijden van Londen`.
    pub times: Option<String>,
    pub blocks: Vec<BlockViewModel>,
    /// Its facts for the band above the cards.
    pub today: Vec<TodayFact>,
    pub source: SourceViewModel,
    /// The height that is expected of the card.
    pub rows: RowsByWidth,
    /// Seconds until the next refresh.
    pub refresh_after_secs: u32,
}

/// A fact of the day: the next departure, the worst warning, what is collected tomorrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TodayFact {
    pub role: DayRole,
    /// Of the facts with a role, the board shows the one with the lowest rank.
    pub rank: i64,
    pub label: LocalizedText,
    pub value: LocalizedText,
    /// A delay: `+6 min`.
    pub delay: Option<String>,
    pub note: Option<LocalizedText>,
    /// Of a warning.
    pub severity: Option<Severity>,
    /// The number of warnings that are less severe, or come after it.
    pub further: usize,
}

/// The five states of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CardState {
    /// Within the interval of its widget.
    Fresh,
    /// Older than the interval; the notice says why.
    Stale,
    Waiting,
    /// Nothing to show; the notice says why and what to do.
    Unavailable,
    /// The citizen has to fill in a setting first.
    NeedsSettings,
}

impl CardState {
    /// The value of `data-state`.
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

/// The source of the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SourceViewModel {
    pub publisher: String,
    pub licence: String,
    /// The attribution that the licence asks for.
    pub attribution: Option<String>,
    pub url: String,
    pub link_text: String,
    pub moment: Option<TimeViewModel>,
}

/// A text, with its language if that is not the page's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LocalizedText {
    pub text: String,
    /// A BCP 47 tag for `lang`.
    pub lang: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeViewModel {
    /// For `<time datetime>`: RFC 3339, or a date.
    pub datetime: String,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum BlockViewModel {
    Text {
        text: LocalizedText,
    },
    Facts {
        /// The first may be drawn large.
        facts: Vec<FactViewModel>,
    },
    List {
        items: Vec<ListItemViewModel>,
    },
    Departures {
        departures: Vec<DepartureViewModel>,
    },
    Moments {
        moments: Vec<MomentViewModel>,
    },
    Series(SeriesViewModel),
    Days(DaysViewModel),
    Gauge(GaugeViewModel),
    Links {
        links: Vec<LinkViewModel>,
    },
    Table(TableViewModel),
    Alert(AlertViewModel),
    Places(PlacesViewModel),
    Empty {
        text: LocalizedText,
    },
    /// The number of things that the limit of the block before left out: `En nog 23`.
    Further {
        text: LocalizedText,
        /// The official page, where the rest can be read.
        link: Option<String>,
    },
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactViewModel {
    pub label: LocalizedText,
    pub value: LocalizedText,
    pub unit: String,
    pub note: Option<LocalizedText>,
    /// The length of a bar, in percent.
    pub share: Option<u8>,
    /// `good`, `fair` or `poor`.
    pub tone: Option<String>,
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListItemViewModel {
    pub title: LocalizedText,
    pub note: Option<LocalizedText>,
    pub tag: Option<LocalizedText>,
    pub when: Option<TimeViewModel>,
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DepartureViewModel {
    pub time: TimeViewModel,
    pub to: LocalizedText,
    pub line: Option<String>,
    /// `spoor 3`.
    pub platform: Option<String>,
    /// `+6 min, verwacht 7.48`, when it is late.
    pub late: Option<String>,
    /// `rijdt niet`, when it does not run.
    pub cancelled: Option<String>,
    /// The ride, of the next departure only.
    pub leg: Option<LegViewModel>,
    /// The end of the ride of a later one: `aankomst 8.22 · 1 keer overstappen`.
    pub arrives: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LegViewModel {
    /// `12`: until it leaves. `None` when the data is too old for it.
    pub minutes: Option<String>,
    /// `richting Nijvel`
    pub towards: LocalizedText,
    /// The time it is expected to leave: `7.48`.
    pub departs: String,
    /// The time it should have left, when it is late: `7.42`.
    pub planned: Option<String>,
    /// `+6 min`
    pub late: Option<String>,
    pub arrives: String,
    /// `25 min`
    pub duration: String,
    pub from: LocalizedText,
    pub to: LocalizedText,
    /// `1 keer overstappen`
    pub changes: Option<String>,
    /// The ride in one sentence, for screen readers and plain text.
    pub summary: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MomentViewModel {
    /// For `<time datetime>`.
    pub datetime: String,
    pub soon: bool,
    /// `di`
    pub weekday: String,
    /// `24`
    pub day: String,
    /// `nov`
    pub month: String,
    /// The full date, for screen readers: `dinsdag 24 november 2026`.
    pub spoken: String,
    pub title: LocalizedText,
    /// `morgen 18.00 uur`, `over 3 dagen · 18.00–19.00 uur`, `tot en met 3 januari`
    pub when: String,
    pub note: Option<LocalizedText>,
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeriesViewModel {
    pub label: LocalizedText,
    pub latest: String,
    pub unit: String,
    /// One sentence that describes the line: lowest, highest, latest.
    pub summary: String,
    /// Points from left to right: x and y, each 0 to 1, y upwards. Nothing was measured between two
    /// runs.
    pub runs: Vec<Vec<(f32, f32)>>,
    /// The labels at the left, in the middle and at the right.
    pub axis: Vec<String>,
    pub lowest: String,
    pub highest: String,
    pub table_label: String,
    /// The headings of the columns: moment, value.
    pub columns: (String, String),
    /// The same data as a table; a long series is thinned.
    pub rows: Vec<(TimeViewModel, String)>,
}

/// A forecast: a row for each day, all on one scale.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DaysViewModel {
    /// Its first day in words: `vandaag regen, 4 tot 9 graden`
    pub summary: String,
    /// Day, weather, rain, lowest, highest.
    pub columns: [String; 5],
    pub rows: Vec<DayViewModel>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DayViewModel {
    /// `di 24`, `vandaag`
    pub day: TimeViewModel,
    /// `dinsdag 24 november`
    pub full_day: String,
    pub sign: Option<WeatherSign>,
    /// The word of the sign, and the wind: `regen, wind 35 km/u`
    pub weather: String,
    /// `6 mm`, when it rains.
    pub rain: Option<String>,
    pub low: String,
    pub high: String,
    /// Where the bar begins and ends on the common scale, in percent.
    pub bar: (u8, u8),
    /// Where the temperature of now is on it.
    pub now: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GaugeViewModel {
    pub label: LocalizedText,
    pub value: String,
    pub unit: String,
    pub note: Option<LocalizedText>,
    /// `op een schaal van 120 tot 650 cm`
    pub scale: String,
    /// The number of panes, and how many of them are lit.
    pub steps: u8,
    pub lit: u8,
    /// `good`, `fair` or `poor`.
    pub tone: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkViewModel {
    /// The first letter of the title, or its first digit where it has no letter.
    pub letter: String,
    pub title: LocalizedText,
    pub note: Option<LocalizedText>,
    pub link: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableViewModel {
    pub columns: Vec<LocalizedText>,
    pub rows: Vec<TableRowViewModel>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableRowViewModel {
    pub head: LocalizedText,
    pub link: Option<String>,
    /// The other cells; `true` aligns a cell to the right, as a figure or the dash for an absent
    /// one.
    pub cells: Vec<(LocalizedText, bool)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AlertViewModel {
    pub severity: Severity,
    /// The severity in words, as colour alone is not enough.
    pub word: String,
    pub title: LocalizedText,
    pub text: Option<LocalizedText>,
    pub area: Option<LocalizedText>,
    /// `vandaag van 14.00 tot 21.00 uur`
    pub when: Option<String>,
    pub link: Option<String>,
    pub link_text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlacesViewModel {
    pub label: String,
    /// Radii, each 0 to 1 of half the map, with their labels.
    pub rings: Vec<(f32, String)>,
    /// In the order of the numbers on the map.
    pub places: Vec<PlaceViewModel>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaceViewModel {
    /// From the left and from the top, each 0 to 1; `None` when it is off the map.
    pub map_point: Option<(f32, f32)>,
    /// Where its number is drawn, if it was moved aside.
    pub label_point: Option<(f32, f32)>,
    pub title: LocalizedText,
    pub tag: Option<LocalizedText>,
    /// `tot 11 december · 150 m`
    pub when: String,
    pub note: Option<LocalizedText>,
    pub link: Option<String>,
}
