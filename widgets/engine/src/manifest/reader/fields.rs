//! What a manifest asks of the citizen.

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{Choice, DayBound, Field, FieldKind, Texts};

use super::lookups::WrittenLookup;
use super::{ManifestError, Reader};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenField {
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
    pub(super) lookup: Option<WrittenLookup>,
}

impl Reader<'_> {
    fn day_bound(
        &self,
        key: &str,
        bound: &str,
        written: Option<&Spanned<String>>,
    ) -> Result<Option<DayBound>, ManifestError> {
        let Some(written) = written else { return Ok(None) };
        let read = DayBound::parse(written.get_ref()).ok_or_else(|| {
            let what = "should be like `2026-11-23`, `today`, `today+30` or `today-30`";
            self.at(ManifestError::new(format!("{key}.{bound}"), what), written)
        });
        read.map(Some)
    }

    pub(super) fn field(&self, written: &WrittenField) -> Result<Field, ManifestError> {
        let key = format!("field `{}`", written.id);
        let kind = match written.kind.get_ref().as_str() {
            "text" => FieldKind::Text { max_chars: written.longest.unwrap_or(80) },
            "number" => FieldKind::Number {
                min: written.least.ok_or_else(|| ManifestError::new(&key, "needs `least`"))?,
                max: written.most.ok_or_else(|| ManifestError::new(&key, "needs `most`"))?,
                unit: written.unit.clone().unwrap_or_default(),
            },
            "choice" if !written.choices.is_empty() => {
                FieldKind::Choice { choices: written.choices.clone() }
            }
            "choice" => return Err(ManifestError::new(&key, "needs `[[field.choice]]`")),
            "toggle" => FieldKind::Toggle,
            "plate" => FieldKind::Plate,
            "place" => FieldKind::Place,
            "web-address" => FieldKind::WebAddress,
            "date" => FieldKind::Date {
                earliest: self.day_bound(&key, "earliest", written.earliest.as_ref())?,
                latest: self.day_bound(&key, "latest", written.latest.as_ref())?,
            },
            "lookup" => {
                let Some(lookup) = &written.lookup else {
                    let what = "needs `[field.lookup]`";
                    return Err(self.at(ManifestError::new(key, what), &written.kind));
                };
                FieldKind::Lookup {
                    min_chars: lookup.least.unwrap_or(2),
                    max_matches: lookup.most.unwrap_or(10).clamp(1, 50),
                }
            }
            other => {
                let what = format!(
                    "`{other}` is none of text, number, choice, toggle, plate, place, web-address, date, lookup"
                );
                return Err(self.at(ManifestError::new(key, what), &written.kind));
            }
        };
        let field = Field {
            id: written.id.clone(),
            kind,
            label: written.label.clone(),
            hint: written.hint.clone(),
            required: written.required,
            default: written.default.clone(),
            personal: written.personal,
        };
        if let Some(default) = &field.default {
            // A day that moves along with today is the same on any day.
            field.validate(default, jiff::civil::date(2026, 1, 1)).map_err(|problem| {
                ManifestError::new(key, format!("the default `{default}` {problem}"))
            })?;
        }
        Ok(field)
    }
}
