use std::borrow::Cow;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use voordeur_shared::CardWidth;

use crate::{Coverage, Field, FieldKind, SearchWords, Settings, Texts};

/// The manifest of a widget. The catalogue page, the settings form, its validation and the privacy
/// notice are all made from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Manifest {
    /// The name of the widget's folder. It never changes: stored boards refer to it.
    pub id: String,
    /// The default title of a card.
    pub name: Texts,
    /// One sentence for the catalogue.
    pub summary: Texts,
    /// The words by which citizens look for it, besides its name; may be empty.
    pub search: SearchWords,
    /// The theme; it determines the accent colour of the card.
    pub theme: Theme,
    /// The area for which the service has data.
    pub covers: Coverage,
    /// The time zone of the service's times without an offset, when it is not the citizen's.
    pub zone: Option<TimeZone>,
    /// The name of an icon in `src/icons`.
    pub icon: String,
    /// Whether it is a card of the citizen's own: it has no service, so it makes no requests, and
    /// publisher, licence and hosts are empty.
    pub own: bool,
    /// Whether it is a card of links to official pages. It has no service either.
    pub links_only: bool,
    /// The publisher of the data.
    pub publisher: Publisher,
    /// The licence of the data.
    pub licence: Licence,
    /// An `https` page that documents the service's API, preferably the publisher's own.
    pub documentation: Option<String>,
    /// The attribution that the licence requires.
    pub attribution: Option<Texts>,
    /// The only hosts to which requests may be sent.
    pub hosts: Vec<String>,
    /// How often a visible card is refreshed.
    pub pace: Pace,
    /// The rate limits for each of the hosts.
    pub limits: Limits,
    /// The default and the minimum width of a card.
    pub size: Size,
    /// The settings form.
    pub fields: Vec<Field>,
    /// The evidence for the shape of the samples.
    pub evidence: Evidence,
    /// The API key that the service requires.
    pub key: Option<ApiKey>,
    /// The maintainer of the widget.
    pub owner: Option<Owner>,
}

/// The maintainer of a widget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// The name of a person or an organisation.
    pub name: String,
    /// An `https` page with contact details.
    pub url: String,
}

/// An API key that the operator obtains from the publisher and sets in the server's environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// The environment variable: [`ApiKey::PREFIX`] and a name in upper case.
    pub variable: String,
    /// The page where an operator can obtain a key.
    pub url: String,
}

impl ApiKey {
    /// The prefix of every such variable, so that a manifest cannot read any other variable of the
    /// server.
    pub const PREFIX: &'static str = "VOORDEUR_KEY_";
}

impl Manifest {
    /// The field with this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    /// The first field that a citizen has to fill in before the card can show something. The place
    /// is none: it is theirs, or the default.
    pub fn open_field(&self, settings: &Settings) -> Option<&Field> {
        self.fields.iter().find(|field| {
            let answered = settings.get(&field.id).is_some_and(|answer| !answer.is_empty());
            let open = field.required && field.kind != FieldKind::Place;
            open && field.default.is_none() && !answered
        })
    }

    /// Whether a service is asked for the content of the card.
    pub fn has_service(&self) -> bool {
        !self.own && !self.links_only
    }

    /// The field with the items that are ticked on the card itself, in a card of one's own.
    pub fn items_field(&self) -> Option<&Field> {
        self.fields.iter().find(|field| self.own && field.kind == FieldKind::Items)
    }

    /// The time zone in which times are shown and days begin: that of the service, or the
    /// citizen's. Universal time is how a service writes its times, and nobody's time of day.
    pub fn shown_zone<'a>(&'a self, citizens: &'a TimeZone) -> &'a TimeZone {
        self.zone.as_ref().filter(|zone| !is_universal(zone)).unwrap_or(citizens)
    }

    /// Whether the data come from an address that the citizen gives, so that the manifest can name
    /// neither publisher nor licence.
    pub fn reads_own_address(&self) -> bool {
        self.has_service()
            && self.hosts.is_empty()
            && self.fields.iter().any(|field| field.kind == FieldKind::WebAddress)
    }

    /// The manifest for a card with these settings: the publisher is the host of the address that
    /// the citizen gave, if the data come from there.
    pub fn for_settings(&self, settings: &Settings) -> Cow<'_, Manifest> {
        let mut addresses = self
            .fields
            .iter()
            .filter(|field| field.kind == FieldKind::WebAddress)
            .filter_map(|field| Publisher::of_url(settings.get(&field.id)?));
        match addresses.next().filter(|_| self.reads_own_address()) {
            Some(publisher) => Cow::Owned(Manifest { publisher, ..self.clone() }),
            None => Cow::Borrowed(self),
        }
    }
}

/// Whether a zone is a fixed offset rather than that of a place.
fn is_universal(zone: &TimeZone) -> bool {
    let name = zone.iana_name().unwrap_or("UTC");
    name.starts_with("Etc/") || !name.contains('/')
}

/// A theme of the catalogue. Each has one accent colour.
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

    /// The id in URLs, forms, style sheets and manifests.
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

/// The publisher of the data, with a page for citizens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// The name, in the publisher's own spelling.
    pub name: String,
    /// An `https` page about the service.
    pub url: String,
}

impl Publisher {
    /// The site of a URL, by its host: what a citizen recognises of it.
    pub fn of_url(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let authority = rest.split(['/', '?', '#', '\\']).next()?;
        // Neither a name and a password nor a port says whose site it is.
        let host = authority.rsplit('@').next()?.split(':').next()?;
        let name = host.strip_prefix("www.").unwrap_or(host);
        let is_web = matches!(scheme, "http" | "https") && !name.is_empty();
        is_web.then(|| Publisher { name: name.to_owned(), url: format!("{scheme}://{host}/") })
    }
}

/// The licence of the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// The short name, for instance `CC BY 4.0`.
    pub name: String,
    /// The text of the licence.
    pub url: Option<String>,
}

/// The refresh interval of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pace(pub Duration);

/// Rate limits of a host, for all citizens together. `None` means the default of the application.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits {
    /// Average number of requests per second.
    pub per_second: Option<f64>,
    /// Number of requests that may start at once after a pause.
    pub burst: Option<u32>,
    /// Number of requests in flight.
    pub concurrent: Option<u32>,
}

impl Limits {
    /// Minimum of `per_second`, about one request per minute: no request is queued for longer than
    /// a minute.
    pub const MIN_PER_SECOND: f64 = 0.02;
    /// Maximum, and default, of `per_second`; a manifest can only ask for less.
    pub const MAX_PER_SECOND: f64 = 5.0;
    /// Maximum, and default, of `burst`.
    pub const MAX_BURST: u32 = 20;
    /// Maximum, and default, of `concurrent`.
    pub const MAX_CONCURRENT: u32 = 6;

    /// The lower of the two values for each limit.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        fn lower<T>(a: Option<T>, b: Option<T>, min: fn(T, T) -> T) -> Option<T> {
            match (a, b) {
                (Some(a), Some(b)) => Some(min(a, b)),
                (a, b) => a.or(b),
            }
        }
        Limits {
            per_second: lower(self.per_second, other.per_second, f64::min),
            burst: lower(self.burst, other.burst, u32::min),
            concurrent: lower(self.concurrent, other.concurrent, u32::min),
        }
    }
}

/// Widths of a card, in lanes of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    /// The default width.
    pub best: CardWidth,
    /// The minimum width.
    pub smallest: CardWidth,
}

impl Size {
    /// The widths that the widget allows.
    pub fn steps(self) -> impl Iterator<Item = CardWidth> {
        CardWidth::ALL.into_iter().filter(move |step| *step >= self.smallest)
    }

    /// The next width down that this widget allows.
    pub fn narrower(self, now: CardWidth) -> Option<CardWidth> {
        now.narrower(self.smallest)
    }
}

/// The evidence for the shape of the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// A recorded response of the service has this shape.
    Recorded,
    /// A client of the service reads this shape.
    Client,
    /// The publisher documents this shape.
    Documented,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_publisher_of_a_url_is_its_site() {
        let site = |url: &str| Publisher::of_url(url).map(|site| (site.name, site.url));
        let both = |name: &str, url: &str| Some((name.to_owned(), url.to_owned()));
        assert_eq!(
            site("https://www.example.org/news.rss?key=1"),
            both("example.org", "https://www.example.org/")
        );
        assert_eq!(
            site("http://me:secret@cal.example.org:8080"),
            both("cal.example.org", "http://cal.example.org/")
        );
        for other in ["", "mailto:me@example.org", "https://", "ftp://example.org/", "https:///a"] {
            assert_eq!(site(other), None, "{other}");
        }
    }
}
