//! What a manifest asks of the citizen.

use serde::Deserialize;
use toml::Spanned;
use voordeur_contract::{Choice, Field, FieldKind, Texts};

use super::{ManifestProblem, Reader};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenField {
    id: String,
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
}

impl Reader<'_> {
    pub(super) fn field(&self, written: &WrittenField) -> Result<Field, ManifestProblem> {
        let key = format!("field `{}`", written.id);
        let kind = match written.kind.get_ref().as_str() {
            "text" => FieldKind::Text { longest: written.longest.unwrap_or(80) },
            "number" => FieldKind::Number {
                least: written.least.ok_or_else(|| ManifestProblem::new(&key, "needs `least`"))?,
                most: written.most.ok_or_else(|| ManifestProblem::new(&key, "needs `most`"))?,
                unit: written.unit.clone().unwrap_or_default(),
            },
            "choice" if !written.choices.is_empty() => {
                FieldKind::Choice { choices: written.choices.clone() }
            }
            "choice" => return Err(ManifestProblem::new(&key, "needs `[[field.choice]]`")),
            "toggle" => FieldKind::Toggle,
            "plate" => FieldKind::Plate,
            "place" => FieldKind::Place,
            "web-address" => FieldKind::WebAddress,
            other => {
                let what = format!(
                    "`{other}` is none of text, number, choice, toggle, plate, place, web-address"
                );
                return Err(self.at(ManifestProblem::new(key, what), &written.kind));
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
            field.tidy(default).map_err(|problem| {
                ManifestProblem::new(key, format!("the default `{default}` {problem}"))
            })?;
        }
        Ok(field)
    }
}
