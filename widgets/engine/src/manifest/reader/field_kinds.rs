//! The kinds of field and their keys.

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{Choice, DayBound, Field, FieldKind, Texts};

use super::lookups::RawLookup;
use super::{ManifestError, Reader};

/// Kinds of field, each with a description.
pub const KINDS: &[(&str, &str)] = &[
    ("text", "a line of text; with `longest`"),
    ("lines", "a text of several lines, at most 4000 bytes; perhaps with `longest`"),
    (
        "links",
        "addresses of the web, one on a line, each with a name before or after it; at most 20. In expressions a list of `{ name, url }`",
    ),
    (
        "items",
        "things to tick, one on a line; at most 50. In expressions a list of `{ text, ticked }`, what is to be done first. In a card of one's own they are ticked and added on the card",
    ),
    ("number", "a number; needs `least` and `most`, perhaps `unit`"),
    ("choice", "one of a few; needs `[[field.choice]]`"),
    ("toggle", "yes or no"),
    ("plate", "a vehicle's licence plate"),
    ("place", "a postcode or municipality"),
    ("web-address", "an address of the web: of a feed, say"),
    ("date", "a day; perhaps with `earliest` and `latest`"),
    ("lookup", "something that the service knows: a station, a stop; needs `[field.lookup]`"),
];

pub(super) const KIND_NAMES: &[&str] = &{
    let mut names = [""; KINDS.len()];
    let mut at = 0;
    while at < KINDS.len() {
        names[at] = KINDS[at].0;
        at += 1;
    }
    names
};

/// Maximum length of a text of several lines, in characters.
const MAX_LINES_CHARS: usize = 3_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) id: String,
    kind: Spanned<String>,
    label: Texts,
    hint: Option<Texts>,
    #[serde(default)]
    required: bool,
    default: Option<String>,
    #[serde(default)]
    personal: bool,
    longest: Option<usize>,
    least: Option<f64>,
    most: Option<f64>,
    unit: Option<String>,
    #[serde(default, rename = "choice")]
    choices: Vec<Choice>,
    earliest: Option<Spanned<String>>,
    latest: Option<Spanned<String>>,
    pub(super) lookup: Option<RawLookup>,
}

impl Reader<'_> {
    fn day_bound(
        &self,
        key: &str,
        bound: &str,
        raw: Option<&Spanned<String>>,
    ) -> Result<Option<DayBound>, ManifestError> {
        let Some(raw) = raw else { return Ok(None) };
        let read = DayBound::parse(raw.get_ref()).ok_or_else(|| {
            let message = "should be like `2026-11-23`, `today`, `today+30` or `today-30`";
            self.at(ManifestError::new(format!("{key}.{bound}"), message), raw)
        });
        read.map(Some)
    }

    pub(super) fn field(&self, raw: &RawField) -> Result<Field, ManifestError> {
        let key = format!("field `{}`", raw.id);
        let kind = match raw.kind.get_ref().as_str() {
            "text" => FieldKind::Text { max_chars: raw.longest.unwrap_or(80) },
            "lines" => {
                let max_chars = raw.longest.unwrap_or(MAX_LINES_CHARS).min(MAX_LINES_CHARS);
                FieldKind::Lines { max_chars }
            }
            "links" => FieldKind::Links,
            "items" => FieldKind::Items,
            "number" => FieldKind::Number {
                min: raw.least.ok_or_else(|| ManifestError::new(&key, "needs `least`"))?,
                max: raw.most.ok_or_else(|| ManifestError::new(&key, "needs `most`"))?,
                unit: raw.unit.clone().unwrap_or_default(),
            },
            "choice" if !raw.choices.is_empty() => {
                FieldKind::Choice { choices: raw.choices.clone() }
            }
            "choice" => return Err(ManifestError::new(&key, "needs `[[field.choice]]`")),
            "toggle" => FieldKind::Toggle,
            "plate" => FieldKind::Plate,
            "place" => FieldKind::Place,
            "web-address" => FieldKind::WebAddress,
            "date" => FieldKind::Date {
                earliest: self.day_bound(&key, "earliest", raw.earliest.as_ref())?,
                latest: self.day_bound(&key, "latest", raw.latest.as_ref())?,
            },
            "lookup" => {
                let Some(lookup) = &raw.lookup else {
                    let message = "needs `[field.lookup]`";
                    return Err(self.at(ManifestError::new(key, message), &raw.kind));
                };
                FieldKind::Lookup {
                    min_chars: lookup.least.unwrap_or(2),
                    max_matches: lookup.most.unwrap_or(10).clamp(1, 50),
                }
            }
            other => {
                let message = format!("`{other}` is not one of {}", KIND_NAMES.join(", "));
                return Err(self.at(ManifestError::new(key, message), &raw.kind));
            }
        };
        let field = Field {
            id: raw.id.clone(),
            kind,
            label: raw.label.clone(),
            hint: raw.hint.clone(),
            required: raw.required,
            default: raw.default.clone(),
            personal: raw.personal,
        };
        if let Some(default) = &field.default {
            // A relative date is checked on any day.
            field.validate(default, jiff::civil::date(2026, 1, 1)).map_err(|error| {
                ManifestError::new(key, format!("the default `{default}` {error}"))
            })?;
        }
        Ok(field)
    }
}
