use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Texts;

/// What a citizen answered, by the id of the field. A field that is left open is absent.
///
/// The answers are kept as they were typed, tidied by [`Field::tidy`], so that a form shows again what somebody wrote.
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
pub enum FieldProblem {
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
}

impl Field {
    /// Checks what was typed and brings it into the form in which it is kept. `Ok(None)` means that the field is open.
    ///
    /// Whether a place exists is for the caller to find out: this room knows no places.
    ///
    /// # Errors
    /// The problem, when the answer cannot be used.
    pub fn tidy(&self, typed: &str) -> Result<Option<String>, FieldProblem> {
        let typed = typed.trim();
        if typed.is_empty() {
            return match (&self.kind, self.required && self.default.is_none()) {
                (FieldKind::Toggle, _) => Ok(Some("false".to_owned())),
                // Open means the citizen's own place.
                (FieldKind::Place, _) => Ok(None),
                (_, true) => Err(FieldProblem::Missing),
                (_, false) => Ok(None),
            };
        }
        match &self.kind {
            FieldKind::Text { longest } => {
                if typed.chars().count() > *longest {
                    return Err(FieldProblem::TooLong { longest: *longest });
                }
                Ok(Some(typed.to_owned()))
            }
            FieldKind::Number { least, most, .. } => {
                let number: f64 =
                    typed.replace(',', ".").parse().map_err(|_| FieldProblem::NotANumber)?;
                if !number.is_finite() {
                    return Err(FieldProblem::NotANumber);
                }
                if number < *least || number > *most {
                    return Err(FieldProblem::OutOfBounds { least: *least, most: *most });
                }
                Ok(Some(number.to_string()))
            }
            FieldKind::Choice { choices } => choices
                .iter()
                .find(|choice| choice.value == typed)
                .map(|choice| Some(choice.value.clone()))
                .ok_or(FieldProblem::NotAChoice),
            FieldKind::Toggle => Ok(Some((typed == "true" || typed == "on").to_string())),
            FieldKind::Plate => {
                let plate: String = typed
                    .chars()
                    .filter(|c| !matches!(c, '-' | ' ' | '.'))
                    .collect::<String>()
                    .to_uppercase();
                let fits = (4..=8).contains(&plate.len())
                    && plate.chars().all(|c| c.is_ascii_alphanumeric());
                if fits { Ok(Some(plate)) } else { Err(FieldProblem::NotAPlate) }
            }
            FieldKind::WebAddress => web_address(typed).map(Some),
            FieldKind::Place => {
                if typed.chars().count() > 80 {
                    return Err(FieldProblem::UnknownPlace);
                }
                Ok(Some(typed.to_owned()))
            }
        }
    }
}

/// In characters; longer addresses are cut off by browsers and servers too.
const LONGEST_WEB_ADDRESS: usize = 2_000;

/// An address of the web as it is kept. `webcal` is how calendars are announced, and means `https`; without a scheme `https` is meant.
/// Whether somebody may be asked there is for the hub to find out.
fn web_address(typed: &str) -> Result<String, FieldProblem> {
    if typed.chars().count() > LONGEST_WEB_ADDRESS {
        return Err(FieldProblem::TooLong { longest: LONGEST_WEB_ADDRESS });
    }
    let (scheme, rest) = typed.split_once("://").unwrap_or(("https", typed));
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" | "webcal" | "webcals" | "feed" => "https",
        "http" => "http",
        _ => return Err(FieldProblem::NotAWebAddress),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let named = host.contains('.') && !host.contains('@') && !host.starts_with('.');
    if !named || rest.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(FieldProblem::NotAWebAddress);
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

    #[test]
    fn a_plate_loses_its_separators() {
        let plate = field(FieldKind::Plate, true);
        assert_eq!(plate.tidy(" 11-zkz-3 "), Ok(Some("11ZKZ3".to_owned())));
        assert_eq!(plate.tidy("<script>"), Err(FieldProblem::NotAPlate));
        assert_eq!(plate.tidy(""), Err(FieldProblem::Missing));
    }

    #[test]
    fn a_web_address_has_a_scheme_and_a_name() {
        let address = field(FieldKind::WebAddress, true);
        let kept = |typed| address.tidy(typed);
        assert_eq!(kept("vrt.be/nieuws"), Ok(Some("https://vrt.be/nieuws".to_owned())));
        assert_eq!(kept("webcal://a.be/x.ics"), Ok(Some("https://a.be/x.ics".to_owned())));
        assert_eq!(kept("HTTP://a.be"), Ok(Some("http://a.be".to_owned())));
        for wrong in
            ["localhost", "ftp://a.be/", "javascript:alert(1)", "https://a@b.be/", "a b.be"]
        {
            assert_eq!(kept(wrong), Err(FieldProblem::NotAWebAddress), "{wrong}");
        }
    }

    #[test]
    fn a_number_may_have_a_decimal_comma_and_must_be_within_bounds() {
        let radius =
            field(FieldKind::Number { least: 0.5, most: 10.0, unit: "km".to_owned() }, false);
        assert_eq!(radius.tidy("1,5"), Ok(Some("1.5".to_owned())));
        assert_eq!(radius.tidy("ver"), Err(FieldProblem::NotANumber));
        assert_eq!(radius.tidy("NaN"), Err(FieldProblem::NotANumber));
        assert_eq!(radius.tidy("50"), Err(FieldProblem::OutOfBounds { least: 0.5, most: 10.0 }));
        assert_eq!(radius.tidy("  "), Ok(None));
    }
}
