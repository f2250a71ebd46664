use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::Texts;

/// What a citizen answered, by the id of the field. A field that is left open is absent.
///
/// The answers are kept as they were typed, tidied by [`Field::tidy`], so that a form shows again what somebody wrote. What was looked up is
/// kept with its words, under [`label_key`].
pub type Settings = BTreeMap<String, String>;

/// One thing a card asks of the citizen.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name in forms and in the mapping.
    pub id: String,
    /// What may be answered.
    pub kind: FieldKind,
    /// The question.
    pub label: Texts,
    /// An example, or what happens when it is left open.
    pub hint: Option<Texts>,
    /// Whether the card can show nothing without it.
    pub required: bool,
    /// What counts when it is left open.
    pub default: Option<String>,
    /// Whether the answer says something about a person. Answers of services that were asked with it are never kept on disk.
    pub personal: bool,
}

/// The kinds of field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// A line of text of at most this many characters.
    Text {
        /// In characters.
        longest: usize,
    },
    /// A number within bounds.
    Number {
        /// The least that is accepted.
        least: f64,
        /// The most that is accepted.
        most: f64,
        /// Shown after the box, for instance `km`.
        unit: String,
    },
    /// One of a few.
    Choice {
        /// What can be chosen.
        choices: Vec<Choice>,
    },
    /// Yes or no; kept as `true` or `false`.
    Toggle,
    /// A vehicle's licence plate; kept in capitals without separators.
    Plate,
    /// A postcode or municipality; open means the citizen's own place.
    Place,
    /// An address on the web that the citizen chose: of a feed, of a calendar. Kept with its scheme.
    WebAddress,
    /// A day, kept as `YYYY-MM-DD`.
    Date {
        /// The first day that is accepted.
        earliest: Option<DayBound>,
        /// The last day that is accepted.
        latest: Option<DayBound>,
    },
    /// Something that the service itself knows: a station, a stop, a street.
    Lookup {
        /// So many characters are typed before anything is looked up.
        least: usize,
        /// At most so many are shown.
        most: usize,
    },
}

/// A day that stands fast, or that moves along with today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayBound {
    /// This day.
    On(Date),
    /// So many days after today; before it when negative.
    FromToday(i32),
}

impl DayBound {
    /// Reads `2026-11-23`, `today`, `today+365` and `today-7`.
    pub fn read(text: &str) -> Option<Self> {
        match text.trim().strip_prefix("today") {
            None => text.trim().parse().ok().map(DayBound::On),
            Some("") => Some(DayBound::FromToday(0)),
            Some(days) if days.starts_with(['+', '-']) => {
                let days = days.parse().ok().filter(|days: &i32| days.abs() <= 36_500);
                days.map(DayBound::FromToday)
            }
            Some(_) => None,
        }
    }

    /// The day that it is when it is `today`.
    pub fn day(self, today: Date) -> Date {
        match self {
            DayBound::On(day) => day,
            DayBound::FromToday(days) => today.saturating_add(days.days()),
        }
    }
}

/// Under which key the settings keep the words of what was looked up for a field.
pub fn label_key(field: &str) -> String {
    format!("{field}.label")
}

/// Something that a service knows, to be chosen as the answer to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupMatch {
    /// What is kept and sent.
    pub value: String,
    /// What the citizen reads.
    pub label: String,
    /// What tells it from others with the same words.
    pub note: Option<String>,
}

/// One possible answer to a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is kept and sent.
    pub value: String,
    /// What the citizen reads.
    pub label: Texts,
}

/// Why an answer to a field cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// Nothing was filled in where something is needed.
    #[error("must be filled in")]
    Missing,
    /// More characters than fit.
    #[error("may have at most {longest} characters")]
    TooLong {
        /// In characters.
        longest: usize,
    },
    /// Not a number.
    #[error("must be a number")]
    NotANumber,
    /// A number out of bounds.
    #[error("must be between {least} and {most}")]
    OutOfBounds {
        /// The least that is accepted.
        least: f64,
        /// The most that is accepted.
        most: f64,
    },
    /// None of the choices.
    #[error("must be one of the choices")]
    NotAChoice,
    /// Not a licence plate.
    #[error("must be a licence plate")]
    NotAPlate,
    /// Not an address on the web.
    #[error("must be an address on the web")]
    NotAWebAddress,
    /// No such postcode or municipality.
    #[error("must be a postcode or municipality")]
    UnknownPlace,
    /// Not a day.
    #[error("must be a day, like 2026-11-23")]
    NotADay,
    /// A day out of bounds.
    #[error("must be a day within bounds")]
    DayOutOfBounds {
        /// The first day that is accepted.
        earliest: Option<Date>,
        /// The last day that is accepted.
        latest: Option<Date>,
    },
    /// Too little to look anything up.
    #[error("must have at least {least} characters")]
    TooShort {
        /// In characters.
        least: usize,
    },
    /// The service knows nothing like it.
    #[error("is not known to the service")]
    NothingFound,
    /// The service knows several, and none was chosen.
    #[error("must be chosen from what was found")]
    NotChosen,
    /// The service cannot be asked now.
    #[error("cannot be looked up now")]
    CannotLookUp,
}

impl Field {
    /// Checks what was typed and brings it into the form in which it is kept. `Ok(None)` means that the field is open.
    ///
    /// Whether a place exists, and whether the service knows what is looked up, is for the caller to find out: this room knows neither.
    /// `today` is the day in the zone of the place.
    ///
    /// # Errors
    /// The problem, when the answer cannot be used.
    pub fn tidy(&self, typed: &str, today: Date) -> Result<Option<String>, FieldError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return match (&self.kind, self.required && self.default.is_none()) {
                (FieldKind::Toggle, _) => Ok(Some("false".to_owned())),
                // Open means the citizen's own place.
                (FieldKind::Place, _) => Ok(None),
                (_, true) => Err(FieldError::Missing),
                (_, false) => Ok(None),
            };
        }
        match &self.kind {
            FieldKind::Text { longest } => {
                if typed.chars().count() > *longest {
                    return Err(FieldError::TooLong { longest: *longest });
                }
                Ok(Some(typed.to_owned()))
            }
            FieldKind::Number { least, most, .. } => {
                let number: f64 =
                    typed.replace(',', ".").parse().map_err(|_| FieldError::NotANumber)?;
                if !number.is_finite() {
                    return Err(FieldError::NotANumber);
                }
                if number < *least || number > *most {
                    return Err(FieldError::OutOfBounds { least: *least, most: *most });
                }
                Ok(Some(number.to_string()))
            }
            FieldKind::Choice { choices } => choices
                .iter()
                .find(|choice| choice.value == typed)
                .map(|choice| Some(choice.value.clone()))
                .ok_or(FieldError::NotAChoice),
            FieldKind::Toggle => Ok(Some((typed == "true" || typed == "on").to_string())),
            FieldKind::Plate => {
                let plate: String = typed
                    .chars()
                    .filter(|c| !matches!(c, '-' | ' ' | '.'))
                    .collect::<String>()
                    .to_uppercase();
                let fits = (4..=8).contains(&plate.len())
                    && plate.chars().all(|c| c.is_ascii_alphanumeric());
                if fits { Ok(Some(plate)) } else { Err(FieldError::NotAPlate) }
            }
            FieldKind::WebAddress => web_address(typed).map(Some),
            FieldKind::Date { earliest, latest } => {
                // A default may move along with today.
                let day = DayBound::read(typed).ok_or(FieldError::NotADay)?.day(today);
                let (earliest, latest) =
                    (earliest.map(|bound| bound.day(today)), latest.map(|bound| bound.day(today)));
                let early = earliest.is_some_and(|earliest| day < earliest);
                if early || latest.is_some_and(|latest| day > latest) {
                    return Err(FieldError::DayOutOfBounds { earliest, latest });
                }
                Ok(Some(day.to_string()))
            }
            FieldKind::Lookup { .. } => {
                if typed.chars().count() > LONGEST_LOOKED_UP {
                    return Err(FieldError::TooLong { longest: LONGEST_LOOKED_UP });
                }
                Ok(Some(typed.to_owned()))
            }
            FieldKind::Place => {
                if typed.chars().count() > 80 {
                    return Err(FieldError::UnknownPlace);
                }
                Ok(Some(typed.to_owned()))
            }
        }
    }
}

/// In characters, of what is typed to look something up and of what is found.
pub const LONGEST_LOOKED_UP: usize = 120;

/// In characters; longer addresses are cut off by browsers and servers too.
const LONGEST_WEB_ADDRESS: usize = 2_000;

/// An address of the web as it is kept. `webcal` is how calendars are announced, and means `https`; without a scheme `https` is meant.
/// Whether somebody may be asked there is for the hub to find out.
fn web_address(typed: &str) -> Result<String, FieldError> {
    if typed.chars().count() > LONGEST_WEB_ADDRESS {
        return Err(FieldError::TooLong { longest: LONGEST_WEB_ADDRESS });
    }
    let (scheme, rest) = typed.split_once("://").unwrap_or(("https", typed));
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" | "webcal" | "webcals" | "feed" => "https",
        "http" => "http",
        _ => return Err(FieldError::NotAWebAddress),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let named = host.contains('.') && !host.contains('@') && !host.starts_with('.');
    if !named || rest.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(FieldError::NotAWebAddress);
    }
    Ok(format!("{scheme}://{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, required: bool) -> Field {
        Field {
            id: "f".to_owned(),
            kind,
            label: Texts::same("f"),
            hint: None,
            required,
            default: None,
            personal: false,
        }
    }

    fn today() -> Date {
        jiff::civil::date(2026, 11, 23)
    }

    #[test]
    fn a_day_is_within_bounds_that_may_move_along() {
        let bound = |text| DayBound::read(text);
        assert_eq!(bound("today"), Some(DayBound::FromToday(0)));
        assert_eq!(
            bound("today-7").map(|bound| bound.day(today()).to_string()),
            Some("2026-11-16".to_owned())
        );
        for wrong in
            ["", "yesterday", "today7", "today+", "today+99999", "2026-02-30", "23/11/2026"]
        {
            assert_eq!(bound(wrong), None, "{wrong}");
        }
        let kind = FieldKind::Date { earliest: bound("today"), latest: bound("today+365") };
        let day = field(kind, true);
        assert_eq!(day.tidy(" 2026-12-24 ", today()), Ok(Some("2026-12-24".to_owned())));
        assert_eq!(day.tidy("24 december", today()), Err(FieldError::NotADay));
        assert_eq!(day.tidy("", today()), Err(FieldError::Missing));
        for wrong in ["2026-11-22", "2027-11-24"] {
            let bounds = FieldError::DayOutOfBounds {
                earliest: Some(today()),
                latest: Some(jiff::civil::date(2027, 11, 23)),
            };
            assert_eq!(day.tidy(wrong, today()), Err(bounds), "{wrong}");
        }
    }

    #[test]
    fn a_plate_loses_its_separators() {
        let plate = field(FieldKind::Plate, true);
        assert_eq!(plate.tidy(" 11-zkz-3 ", today()), Ok(Some("11ZKZ3".to_owned())));
        assert_eq!(plate.tidy("<script>", today()), Err(FieldError::NotAPlate));
        assert_eq!(plate.tidy("", today()), Err(FieldError::Missing));
    }

    #[test]
    fn a_web_address_has_a_scheme_and_a_name() {
        let address = field(FieldKind::WebAddress, true);
        let kept = |typed| address.tidy(typed, today());
        assert_eq!(kept("vrt.be/nieuws"), Ok(Some("https://vrt.be/nieuws".to_owned())));
        assert_eq!(kept("webcal://a.be/x.ics"), Ok(Some("https://a.be/x.ics".to_owned())));
        assert_eq!(kept("HTTP://a.be"), Ok(Some("http://a.be".to_owned())));
        for wrong in
            ["localhost", "ftp://a.be/", "javascript:alert(1)", "https://a@b.be/", "a b.be"]
        {
            assert_eq!(kept(wrong), Err(FieldError::NotAWebAddress), "{wrong}");
        }
    }

    #[test]
    fn a_number_may_have_a_decimal_comma_and_must_be_within_bounds() {
        let radius =
            field(FieldKind::Number { least: 0.5, most: 10.0, unit: "km".to_owned() }, false);
        assert_eq!(radius.tidy("1,5", today()), Ok(Some("1.5".to_owned())));
        assert_eq!(radius.tidy("ver", today()), Err(FieldError::NotANumber));
        assert_eq!(radius.tidy("NaN", today()), Err(FieldError::NotANumber));
        assert_eq!(
            radius.tidy("50", today()),
            Err(FieldError::OutOfBounds { least: 0.5, most: 10.0 })
        );
        assert_eq!(radius.tidy("  ", today()), Ok(None));
    }
}
