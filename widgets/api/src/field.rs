use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::own_lines::{self, MAX_LINES_BYTES};
use crate::{Place, Texts};

/// The settings of a card, by field id. An empty field is absent.
///
/// Values are stored as [`Field::validate`] returns them, so that the form shows what the citizen
/// typed. The label of a looked-up value is stored under [`label_key`].
pub type Settings = BTreeMap<String, String>;

/// A field of a widget's settings form.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name in forms and in the mapping.
    pub id: String,
    /// The type of the value.
    pub kind: FieldKind,
    /// The label of the input.
    pub label: Texts,
    /// An example, or the effect of leaving the field empty.
    pub hint: Option<Texts>,
    /// Whether the widget can show nothing without a value.
    pub required: bool,
    /// The value of an empty field.
    pub default: Option<String>,
    /// Whether the value is personal data. Responses to requests that contain it are never stored
    /// on disk.
    pub personal: bool,
}

/// The types of field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldKind {
    /// A line of text.
    Text {
        /// Maximum length, in characters.
        max_chars: usize,
    },
    /// Text of several lines; line ends are stored as `\n`.
    Lines {
        /// Maximum length, in characters.
        max_chars: usize,
    },
    /// Addresses of the web, one on a line, each with a name before or after it.
    Links,
    /// Things to tick, one on a line; a ticked one begins with `✓`.
    Items,
    /// A number.
    Number {
        /// Minimum, inclusive.
        min: f64,
        /// Maximum, inclusive.
        max: f64,
        /// Shown after the input, for instance `km`.
        unit: String,
    },
    /// One of a few values.
    Choice {
        /// The values.
        choices: Vec<Choice>,
    },
    /// A checkbox; stored as `true` or `false`.
    Toggle,
    /// A vehicle's licence plate; stored in upper case without separators.
    Plate,
    /// A postcode or municipality; empty means the citizen's own place.
    Place,
    /// A URL that the citizen supplies, for instance of a feed or a calendar; stored with its
    /// scheme.
    WebAddress,
    /// A date, stored as `YYYY-MM-DD`.
    Date {
        /// The first accepted date.
        earliest: Option<DayBound>,
        /// The last accepted date.
        latest: Option<DayBound>,
    },
    /// A value that is searched at the service: a station, a stop, a street.
    Lookup {
        /// Minimum length of the search text, in characters.
        min_chars: usize,
        /// Maximum number of matches shown.
        max_matches: usize,
    },
}

/// A bound of a date field: fixed, or relative to the current date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayBound {
    /// A fixed date.
    On(Date),
    /// A number of days after today; before today when negative.
    FromToday(i32),
}

impl DayBound {
    /// Parses `2026-11-23`, `today`, `today+365` and `today-7`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().strip_prefix("today") {
            None => text.trim().parse().ok().map(DayBound::On),
            Some("") => Some(DayBound::FromToday(0)),
            Some(days) if days.starts_with(['+', '-']) => {
                let days = days.parse().ok().filter(|days: &i32| days.unsigned_abs() <= 36_500);
                days.map(DayBound::FromToday)
            }
            Some(_) => None,
        }
    }

    /// The date of the bound when the current date is `today`.
    pub fn day(self, today: Date) -> Date {
        match self {
            DayBound::On(day) => day,
            DayBound::FromToday(days) => today.saturating_add(days.days()),
        }
    }
}

/// The key in [`Settings`] of the label of a looked-up value.
pub fn label_key(field: &str) -> String {
    format!("{field}.label")
}

/// The key in [`Settings`] of the title that a citizen gave to a card. No field has it as its id.
pub const TITLE_KEY: &str = ".title";

/// Maximum length of the title of a card, in characters.
pub const MAX_TITLE_CHARS: usize = 40;

/// A match of a lookup, to be chosen as the value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookupMatch {
    /// The value that is stored and sent.
    pub value: String,
    /// The label that the citizen sees.
    pub label: String,
    /// The text that distinguishes it from matches with the same label.
    pub note: Option<String>,
}

/// One of the values of a choice field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value that is stored and sent.
    pub value: String,
    /// The label that the citizen sees.
    pub label: Texts,
}

/// Why the value of a field is rejected.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FieldError {
    /// A required field is empty.
    #[error("must be filled in")]
    Missing,
    /// The text is too long.
    #[error("may have at most {max_chars} characters")]
    TooLong {
        /// Maximum length, in characters.
        max_chars: usize,
    },
    /// The text is within its characters and too long in bytes: emoji take four each.
    #[error("may have at most {max_bytes} bytes")]
    TooManyBytes {
        /// Maximum length, in bytes.
        max_bytes: usize,
    },
    /// A line holds no address of the web.
    #[error("has no address on line {number}")]
    LineNotAnAddress {
        /// The number of the line, from 1.
        number: usize,
        /// The line, shortened.
        line: String,
    },
    /// A line is too long.
    #[error("may have at most {max_chars} characters on line {number}")]
    LineTooLong {
        /// The number of the line, from 1.
        number: usize,
        /// Maximum length, in characters.
        max_chars: usize,
    },
    /// There are too many lines.
    #[error("may have at most {max_lines} lines")]
    TooManyLines {
        /// Maximum number of lines with something on them.
        max_lines: usize,
    },
    /// The board would become too large with this value, the longest of its card.
    #[error("must be shorter, since the board is full")]
    BoardTooLarge,
    /// The text is not a number.
    #[error("must be a number")]
    NotANumber,
    /// The number is out of bounds.
    #[error("must be between {min} and {max}")]
    OutOfBounds {
        /// Minimum, inclusive.
        min: f64,
        /// Maximum, inclusive.
        max: f64,
    },
    /// The value is not among the choices.
    #[error("must be one of the choices")]
    NotAChoice,
    /// The text is not a licence plate.
    #[error("must be a licence plate")]
    NotAPlate,
    /// The text is not a URL with a public host name.
    #[error("must be an address on the web")]
    NotAWebAddress,
    /// There is no such postcode or municipality.
    #[error("must be a postcode or municipality")]
    UnknownPlace,
    /// The text is not a date.
    #[error("must be a day, like 2026-11-23")]
    NotADay,
    /// The date is out of bounds.
    #[error("must be a day within bounds")]
    DayOutOfBounds {
        /// The first accepted date.
        earliest: Option<Date>,
        /// The last accepted date.
        latest: Option<Date>,
    },
    /// The search text of a lookup is too short.
    #[error("must have at least {min_chars} characters")]
    TooShort {
        /// Minimum length, in characters.
        min_chars: usize,
    },
    /// A lookup has no match.
    #[error("is not known to the service")]
    NothingFound,
    /// A lookup has several matches, and none was chosen.
    #[error("must be chosen from what was found")]
    NotChosen,
    /// The service of a lookup is unavailable.
    #[error("cannot be looked up now")]
    CannotLookUp,
}

impl Field {
    /// Validates an input and returns the value to store; `None` when the field is left empty.
    ///
    /// `today` is the current date in the time zone of the place. The existence of a place is not
    /// checked (see [`validate_with_places`](Field::validate_with_places)), nor that of a
    /// looked-up value, for which the service has to be asked.
    ///
    /// # Errors
    /// The reason why the input is rejected.
    pub fn validate(&self, input: &str, today: Date) -> Result<Option<String>, FieldError> {
        let input = input.trim();
        if input.is_empty() {
            return self.validate_empty();
        }
        let value = match &self.kind {
            FieldKind::Text { max_chars } => at_most(input, *max_chars)?,
            FieldKind::Lines { max_chars } => lines(input, *max_chars)?,
            FieldKind::Links => own_lines::validate_links(&lines(input, usize::MAX)?)?,
            FieldKind::Items => own_lines::validate_items(&lines(input, usize::MAX)?)?,
            FieldKind::Number { min, max, .. } => number(input, *min, *max)?,
            FieldKind::Choice { choices } => choices
                .iter()
                .find(|choice| choice.value == input)
                .map(|choice| choice.value.clone())
                .ok_or(FieldError::NotAChoice)?,
            FieldKind::Toggle => (input == "true" || input == "on").to_string(),
            FieldKind::Plate => plate(input)?,
            FieldKind::WebAddress => web_address(input)?,
            FieldKind::Date { earliest, latest } => date(input, *earliest, *latest, today)?,
            FieldKind::Lookup { .. } => at_most(input, MAX_LOOKUP_CHARS)?,
            FieldKind::Place => at_most(input, MAX_PLACE_CHARS)?,
        };
        // A tick without a text is nothing.
        if value.is_empty() {
            return self.validate_empty();
        }
        Ok(Some(value))
    }

    /// Like [`validate`](Field::validate), but also looks up places with `find_place`; a place is
    /// stored as `1850 Grimbergen`.
    ///
    /// # Errors
    /// The reason why the input is rejected.
    pub fn validate_with_places(
        &self,
        input: &str,
        today: Date,
        find_place: impl FnOnce(&str) -> Option<Place>,
    ) -> Result<Option<String>, FieldError> {
        match (&self.kind, self.validate(input, today)?) {
            (FieldKind::Place, Some(input)) => {
                let place = find_place(&input).ok_or(FieldError::UnknownPlace)?;
                Ok(Some(format!("{} {}", place.postcode, place.municipality.nl)))
            }
            (_, value) => Ok(value),
        }
    }

    fn validate_empty(&self) -> Result<Option<String>, FieldError> {
        match self.kind {
            // Browsers do not send an unchecked checkbox.
            FieldKind::Toggle => Ok(Some("false".to_owned())),
            // Empty means the citizen's own place, also when the field is required.
            FieldKind::Place => Ok(None),
            _ if self.required && self.default.is_none() => Err(FieldError::Missing),
            _ => Ok(None),
        }
    }
}

/// Maximum length of the search text of a lookup and of the value and label of a match, in
/// characters.
pub const MAX_LOOKUP_CHARS: usize = 120;

const MAX_PLACE_CHARS: usize = 80;

/// In characters. Browsers and servers truncate or reject longer URLs.
const MAX_URL_CHARS: usize = 2_000;

/// Maximum length of any value, in bytes: a character takes up to four, and a board holds many
/// values.
const MAX_VALUE_BYTES: usize = 2_000;

fn at_most(input: &str, max_chars: usize) -> Result<String, FieldError> {
    // Counting takes time in proportion to what was typed, so the bytes come first.
    let is_far_too_long = input.len() > max_chars.saturating_mul(4);
    if is_far_too_long || input.chars().count() > max_chars {
        return Err(FieldError::TooLong { max_chars });
    }
    if input.len() > MAX_VALUE_BYTES {
        return Err(FieldError::TooManyBytes { max_bytes: MAX_VALUE_BYTES });
    }
    Ok(input.to_owned())
}

/// A text of several lines, which may be longer than one line.
fn lines(input: &str, max_chars: usize) -> Result<String, FieldError> {
    // A line end has two bytes as it is typed, and one as it is stored.
    if input.len() > MAX_LINES_BYTES.saturating_mul(2) {
        return Err(match max_chars {
            usize::MAX => FieldError::TooManyBytes { max_bytes: MAX_LINES_BYTES },
            _ => FieldError::TooLong { max_chars },
        });
    }
    let text = own_lines::with_unix_line_ends(input);
    if text.chars().count() > max_chars {
        return Err(FieldError::TooLong { max_chars });
    }
    if text.len() > MAX_LINES_BYTES {
        return Err(FieldError::TooManyBytes { max_bytes: MAX_LINES_BYTES });
    }
    Ok(text)
}

fn number(input: &str, min: f64, max: f64) -> Result<String, FieldError> {
    let number: f64 = input.replace(',', ".").parse().map_err(|_| FieldError::NotANumber)?;
    if !number.is_finite() {
        return Err(FieldError::NotANumber);
    }
    if number < min || number > max {
        return Err(FieldError::OutOfBounds { min, max });
    }
    Ok(number.to_string())
}

fn plate(input: &str) -> Result<String, FieldError> {
    let plate: String = input.chars().filter(|c| !matches!(c, '-' | ' ' | '.')).collect();
    let plate = plate.to_uppercase();
    let valid = (4..=8).contains(&plate.len()) && plate.chars().all(|c| c.is_ascii_alphanumeric());
    if valid { Ok(plate) } else { Err(FieldError::NotAPlate) }
}

fn date(
    input: &str,
    earliest: Option<DayBound>,
    latest: Option<DayBound>,
    today: Date,
) -> Result<String, FieldError> {
    // The default of a field may be relative to today.
    let day = DayBound::parse(input).ok_or(FieldError::NotADay)?.day(today);
    let earliest = earliest.map(|bound| bound.day(today));
    let latest = latest.map(|bound| bound.day(today));
    if earliest.is_some_and(|earliest| day < earliest) || latest.is_some_and(|latest| day > latest)
    {
        return Err(FieldError::DayOutOfBounds { earliest, latest });
    }
    Ok(day.to_string())
}

/// Whether a character turns the direction of the text around it, so that another address is read.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Normalises the scheme of a URL: `webcal`, which calendars use in links, means `https`, and so
/// does a missing scheme. Upstream decides whether the host may be contacted.
pub(crate) fn web_address(input: &str) -> Result<String, FieldError> {
    let input = at_most(input, MAX_URL_CHARS)?;
    let (scheme, rest) = input.split_once("://").unwrap_or(("https", &input));
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" | "webcal" | "webcals" | "feed" => "https",
        "http" => "http",
        _ => return Err(FieldError::NotAWebAddress),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host_name = host.contains('.') && !host.contains('@') && !host.starts_with('.');
    if !is_host_name
        || rest.chars().any(|c| c.is_whitespace() || c.is_control() || turns_direction(c))
    {
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
    fn bounds_of_a_date_may_be_relative_to_today() {
        let bound = |text| DayBound::parse(text);
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
        assert_eq!(day.validate(" 2026-12-24 ", today()), Ok(Some("2026-12-24".to_owned())));
        assert_eq!(day.validate("24 december", today()), Err(FieldError::NotADay));
        assert_eq!(day.validate("", today()), Err(FieldError::Missing));
        for wrong in ["2026-11-22", "2027-11-24"] {
            let bounds = FieldError::DayOutOfBounds {
                earliest: Some(today()),
                latest: Some(jiff::civil::date(2027, 11, 23)),
            };
            assert_eq!(day.validate(wrong, today()), Err(bounds), "{wrong}");
        }
    }

    #[test]
    fn separators_of_a_plate_are_removed() {
        let plate = field(FieldKind::Plate, true);
        assert_eq!(plate.validate(" 11-zkz-3 ", today()), Ok(Some("11ZKZ3".to_owned())));
        assert_eq!(plate.validate("<script>", today()), Err(FieldError::NotAPlate));
        assert_eq!(plate.validate("", today()), Err(FieldError::Missing));
    }

    #[test]
    fn a_web_address_has_a_scheme_and_a_host_name() {
        let address = field(FieldKind::WebAddress, true);
        let stored = |typed| address.validate(typed, today());
        assert_eq!(stored("vrt.be/nieuws"), Ok(Some("https://vrt.be/nieuws".to_owned())));
        assert_eq!(stored("webcal://a.be/x.ics"), Ok(Some("https://a.be/x.ics".to_owned())));
        assert_eq!(stored("HTTP://a.be"), Ok(Some("http://a.be".to_owned())));
        for wrong in
            ["localhost", "ftp://a.be/", "javascript:alert(1)", "https://a@b.be/", "a b.be"]
        {
            assert_eq!(stored(wrong), Err(FieldError::NotAWebAddress), "{wrong}");
        }
    }

    #[test]
    fn a_value_is_bounded_in_characters_and_in_bytes() {
        let too_long = |max_chars| Err(FieldError::TooLong { max_chars });
        let too_many_bytes = Err(FieldError::TooManyBytes { max_bytes: MAX_VALUE_BYTES });
        let stored = |kind: FieldKind, typed: &str| field(kind, true).validate(typed, today());
        let text = |max_chars| FieldKind::Text { max_chars };
        assert_eq!(stored(text(80), &"🚲".repeat(80)), Ok(Some("🚲".repeat(80))));
        assert_eq!(stored(text(80), &"🚲".repeat(81)), too_long(80));
        assert_eq!(stored(text(80), &"x".repeat(60_000)), too_long(80));
        assert_eq!(stored(text(9_000), &"x".repeat(2_000)), Ok(Some("x".repeat(2_000))));
        assert_eq!(stored(text(9_000), &"x".repeat(2_001)), too_many_bytes);
        assert_eq!(stored(text(usize::MAX), &"🚲".repeat(501)), too_many_bytes);
        let address = |letters: usize| format!("https://a.be/{}", "🚲".repeat(letters));
        assert!(stored(FieldKind::WebAddress, &address(400)).is_ok());
        assert_eq!(stored(FieldKind::WebAddress, &address(600)), too_many_bytes);
        assert_eq!(stored(FieldKind::WebAddress, &address(2_000)), too_long(2_000));
        let lookup = FieldKind::Lookup { min_chars: 2, max_matches: 8 };
        assert_eq!(stored(lookup, &"🚲".repeat(121)), too_long(MAX_LOOKUP_CHARS));
    }

    #[test]
    fn a_text_of_several_lines_keeps_them_within_its_bytes() {
        let note = field(FieldKind::Lines { max_chars: 3_000 }, false);
        let stored = |typed: &str| note.validate(typed, today());
        assert_eq!(stored(" a\r\nb\r\r\n  c\n"), Ok(Some("a\nb\n\n  c".to_owned())));
        assert_eq!(stored(" \r\n "), Ok(None));
        assert_eq!(
            stored(&"a\r\n".repeat(1_500)).map(|text| text.map(|it| it.len())),
            Ok(Some(2_999))
        );
        assert_eq!(stored(&"x".repeat(3_001)), Err(FieldError::TooLong { max_chars: 3_000 }));
        assert_eq!(stored(&"x".repeat(60_000)), Err(FieldError::TooLong { max_chars: 3_000 }));
        let too_many_bytes = Err(FieldError::TooManyBytes { max_bytes: MAX_LINES_BYTES });
        assert_eq!(stored(&"🚲".repeat(1_001)), too_many_bytes);
        let items = field(FieldKind::Items, false);
        assert_eq!(items.validate("✓", today()), Ok(None));
        assert_eq!(items.validate(&"x\n".repeat(30_000), today()), too_many_bytes);
        assert_eq!(items.validate("a\r\n✓ b\r\n", today()), Ok(Some("a\n✓ b".to_owned())));
    }

    #[test]
    fn a_number_may_have_a_decimal_comma_and_must_be_within_bounds() {
        let radius = field(FieldKind::Number { min: 0.5, max: 10.0, unit: "km".to_owned() }, false);
        assert_eq!(radius.validate("1,5", today()), Ok(Some("1.5".to_owned())));
        assert_eq!(radius.validate("ver", today()), Err(FieldError::NotANumber));
        assert_eq!(radius.validate("NaN", today()), Err(FieldError::NotANumber));
        assert_eq!(
            radius.validate("50", today()),
            Err(FieldError::OutOfBounds { min: 0.5, max: 10.0 })
        );
        assert_eq!(radius.validate("  ", today()), Ok(None));
    }

    #[test]
    fn a_place_is_stored_with_its_postcode_and_municipality() {
        let place = field(FieldKind::Place, true);
        let stored = |input: &str| {
            place.validate_with_places(input, today(), |input| {
                (input == "grimbergen").then(|| Place {
                    postcode: "1850".to_owned(),
                    locality: "Grimbergen".to_owned(),
                    municipality: Texts::same("Grimbergen"),
                    nis: "23025".to_owned(),
                    province: crate::Province::VlaamsBrabant,
                    latitude: 50.93,
                    longitude: 4.37,
                })
            })
        };
        assert_eq!(stored(" grimbergen"), Ok(Some("1850 Grimbergen".to_owned())));
        assert_eq!(stored("Atlantis"), Err(FieldError::UnknownPlace));
        assert_eq!(stored(&"x".repeat(81)), Err(FieldError::TooLong { max_chars: 80 }));
        assert_eq!(stored(""), Ok(None));
    }
}
