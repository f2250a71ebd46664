use std::time::Duration;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use voordeur_shared::card_width;

use crate::{Coverage, Field, Texts};

/// Everything that is said about a widget before it is used: the catalogue page, the settings form, its validation and the privacy notice
/// all come from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The name of the widget's folder. It never changes, since boards refer to it.
    pub id: String,
    /// The title of a card.
    pub name: Texts,
    /// One sentence for the catalogue.
    pub summary: Texts,
    /// The part of life it belongs to; it gives the card its accent colour.
    pub theme: Theme,
    /// Where the service has something to say.
    pub covers: Coverage,
    /// The name of an icon in `src/icons`.
    pub icon: String,
    /// Who publishes the data.
    pub publisher: Publisher,
    /// Under which licence the data may be shown.
    pub licence: Licence,
    /// An `https` page on which the publisher, or who knows best, describes how the service is asked and answers.
    pub documentation: Option<String>,
    /// The words with which the licence wants the source to be named.
    pub attribution: Option<Texts>,
    /// The only hosts that may be asked.
    pub hosts: Vec<String>,
    /// How often a card asks again while somebody looks at it.
    pub pace: Pace,
    /// How much each of the hosts is asked at most.
    pub limits: Limits,
    /// How wide a card may be.
    pub size: Size,
    /// What is asked of the citizen.
    pub fields: Vec<Field>,
    /// What the samples rest on.
    pub evidence: Evidence,
    /// The key without which the service does not answer.
    pub key: Option<Key>,
    /// Who looks after the widget.
    pub owner: Option<Owner>,
    /// The day on which it last showed real data of the service.
    pub proven: Option<Date>,
}

/// Who mends a widget when its service changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// A person or body.
    pub name: String,
    /// An `https` page where they can be reached.
    pub url: String,
}

/// A key that the operator gets from the publisher and gives to Voordeur in its environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The environment variable: `VOORDEUR_KEY_` and what it opens, in capitals.
    pub variable: String,
    /// The page where an operator gets one.
    pub url: String,
}

impl Key {
    /// Every variable that holds a key begins with this, so that a manifest can name no other variable of the server.
    pub const PREFIX: &'static str = "VOORDEUR_KEY_";
}

impl Manifest {
    /// The field with this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }
}

/// A part of life. Each has one accent colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Trains, buses, parking, roads.
    MovingAbout,
    /// House, street, neighbourhood.
    HomeAndStreet,
    /// Weather, air, water.
    WeatherAndEnvironment,
    /// Council, decisions, law.
    CouncilAndLaw,
    /// Family, school, holidays.
    FamilyAndSchool,
    /// Work, money, vehicle.
    WorkAndMoney,
}

impl Theme {
    /// All themes, in the order in which the catalogue shows them.
    pub const ALL: [Theme; 6] = [
        Theme::MovingAbout,
        Theme::HomeAndStreet,
        Theme::WeatherAndEnvironment,
        Theme::CouncilAndLaw,
        Theme::FamilyAndSchool,
        Theme::WorkAndMoney,
    ];

    /// The id used in addresses, forms, style sheets and manifests.
    pub fn id(self) -> &'static str {
        match self {
            Theme::MovingAbout => "moving-about",
            Theme::HomeAndStreet => "home-and-street",
            Theme::WeatherAndEnvironment => "weather-and-environment",
            Theme::CouncilAndLaw => "council-and-law",
            Theme::FamilyAndSchool => "family-and-school",
            Theme::WorkAndMoney => "work-and-money",
        }
    }

    /// The theme with this id.
    pub fn from_id(id: &str) -> Option<Self> {
        Theme::ALL.into_iter().find(|theme| theme.id() == id)
    }
}

/// Who publishes the data, with the page a citizen can read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// As the publisher writes it.
    pub name: String,
    /// An `https` page about the service.
    pub url: String,
}

/// Under which conditions the data may be reused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// The short name, for instance `CC BY 4.0`.
    pub name: String,
    /// The licence's text, when it stands somewhere.
    pub url: Option<String>,
}

/// How often something is worth asking for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pace(pub Duration);

/// How much a host is asked at most, by all citizens together. What is absent is as for any host.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// So many requests begin in a second, in the long run.
    pub per_second: Option<f64>,
    /// So many may begin at one moment, after a quiet time.
    pub burst: Option<u32>,
    /// So many are under way at once.
    pub at_once: Option<u32>,
}

impl Limits {
    /// About one a minute. What is asked more rarely would wait in vain: nothing waits longer than a minute for its turn.
    pub const LEAST_PER_SECOND: f64 = 0.02;
    /// What any host is asked to bear; a manifest can only ask for less.
    pub const MOST_PER_SECOND: f64 = 5.0;
    /// The same for a burst.
    pub const MOST_BURST: u32 = 20;
    /// The same for what is under way.
    pub const MOST_AT_ONCE: u32 = 6;

    /// Of each the least that either says.
    #[must_use]
    pub fn gentlest(self, other: Self) -> Self {
        fn least<T>(one: Option<T>, other: Option<T>, least: fn(T, T) -> T) -> Option<T> {
            match (one, other) {
                (Some(one), Some(other)) => Some(least(one, other)),
                (one, other) => one.or(other),
            }
        }
        Limits {
            per_second: least(self.per_second, other.per_second, f64::min),
            burst: least(self.burst, other.burst, u32::min),
            at_once: least(self.at_once, other.at_once, u32::min),
        }
    }
}

/// Columns of a grid of twelve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// The width a new card gets.
    pub best: u8,
    /// The narrowest width at which the card can still be read.
    pub smallest: u8,
}

impl Size {
    /// The widths a card can have.
    pub const STEPS: [u8; 5] = card_width::ALL;

    /// The widths that this widget allows.
    pub fn steps(self) -> impl Iterator<Item = u8> {
        Size::STEPS.into_iter().filter(move |step| *step >= self.smallest)
    }

    /// The next width up, when there is one.
    pub fn wider(self, now: u8) -> Option<u8> {
        card_width::wider(now)
    }

    /// The next width down that this widget allows.
    pub fn narrower(self, now: u8) -> Option<u8> {
        card_width::narrower(now, self.smallest)
    }
}

/// What the shape of a sample rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// A recorded answer of the real service agrees with it.
    Recorded,
    /// Client code that calls the service agrees with it.
    Client,
    /// The publisher's documentation describes it.
    Documented,
}
