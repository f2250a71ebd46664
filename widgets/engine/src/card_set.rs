//! Sets of cards for a moment of life: `widgets/sets/ID.toml`, embedded as manifests are.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;
use voordeur_widget_api::{Language, Settings, Texts};

use crate::catalogue::{Catalogue, is_widget_id};
use crate::manifest::{ManifestError, ManifestErrors};

/// In characters; a longer name does not fit its tile.
const MAX_NAME_CHARS: usize = 40;
/// In characters; two lines of the catalogue.
const MAX_SUMMARY_CHARS: usize = 140;
/// Maximum number of cards; a set of more is a catalogue.
const MAX_CARDS: usize = 10;

/// A set of cards for a moment of life.
#[derive(Clone, Debug, PartialEq)]
pub struct CardSet {
    /// The name of the file without its extension. It never changes: histories refer to it.
    pub id: String,
    /// The moment, as its heading.
    pub name: Texts,
    /// One sentence.
    pub summary: Texts,
    /// The name of an icon in `src/icons`.
    pub icon: String,
    /// The cards, in order.
    pub cards: Vec<SetCard>,
}

/// A card of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetCard {
    /// The id of the widget.
    pub widget: String,
    /// Answers to fields of the widget, by field id.
    pub settings: Settings,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSet {
    name: Spanned<Texts>,
    summary: Spanned<Texts>,
    icon: Spanned<String>,
    card: Spanned<Vec<RawCard>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCard {
    widget: Spanned<String>,
    #[serde(default)]
    settings: BTreeMap<String, Spanned<String>>,
}

impl CardSet {
    /// Reads a set, and checks it against the widgets and icons that there are; `None` for `icons`
    /// accepts any.
    ///
    /// # Errors
    /// Every error, with its line.
    pub fn read(
        id: &str,
        text: &str,
        catalogue: &Catalogue,
        icons: Option<&[&str]>,
    ) -> Result<Self, ManifestErrors> {
        let raw: RawSet = toml::from_str(text).map_err(|error| {
            let found = ManifestError::new(format!("{id}.toml"), error.message());
            ManifestErrors(vec![match error.span() {
                Some(span) => found.at_byte(text, span.start),
                None => found,
            }])
        })?;
        let mut errors = Vec::new();
        let mut report = |key: &str, message: String, byte: usize| {
            errors.push(ManifestError::new(key, message).at_byte(text, byte));
        };
        if !is_widget_id(id) {
            let message = format!("`{id}` must be lower-case letters, digits and hyphens");
            report("the name of the file", message, 0);
        }
        for (key, texts, max) in
            [("name", &raw.name, MAX_NAME_CHARS), ("summary", &raw.summary, MAX_SUMMARY_CHARS)]
        {
            for language in Language::ALL {
                let text = texts.get_ref().get(language);
                let message = if text.trim().is_empty() || text.contains("TODO") {
                    "is not written".to_owned()
                } else if text.chars().count() > max {
                    format!("is too long: at most {max} characters")
                } else if key == "summary" && !text.ends_with('.') {
                    "is no sentence with a full stop".to_owned()
                } else {
                    continue;
                };
                report(&format!("{key}.{language}"), message, texts.span().start);
            }
        }
        let icon = raw.icon.get_ref();
        if icons.is_some_and(|icons| !icons.contains(&icon.as_str())) {
            report("icon", format!("there is no icon `{icon}`"), raw.icon.span().start);
        }
        let cards = raw.card.get_ref();
        if cards.is_empty() || cards.len() > MAX_CARDS {
            report("card", format!("a set has 1 to {MAX_CARDS} cards"), raw.card.span().start);
        }
        for (index, card) in cards.iter().enumerate() {
            let (widget, byte) = (card.widget.get_ref(), card.widget.span().start);
            let key = format!("card[{index}].widget");
            let Some(known) = catalogue.get(widget) else {
                report(&key, format!("there is no widget `{widget}`"), byte);
                continue;
            };
            if cards[..index].iter().any(|other| {
                let settings = |card: &RawCard| -> Vec<(String, String)> {
                    let settings = card.settings.iter();
                    settings.map(|(id, value)| (id.clone(), value.get_ref().clone())).collect()
                };
                other.widget.get_ref() == widget && settings(other) == settings(card)
            }) {
                report(&key, format!("`{widget}` is a duplicate"), byte);
            }
            for (field, answer) in &card.settings {
                let key = format!("card[{index}].settings.{field}");
                let byte = answer.span().start;
                let Some(known) = known.manifest().field(field) else {
                    report(&key, format!("`{widget}` has no such field"), byte);
                    continue;
                };
                let day = jiff::civil::Date::constant(2026, 1, 1);
                // Settings are stored as they are here, so they must be what a form would store.
                let answer = answer.get_ref();
                let stored = known.validate_with_places(answer, day, voordeur_gazetteer::find);
                if !stored.is_ok_and(|stored| stored.as_ref() == Some(answer)) {
                    report(&key, "the field does not accept this".to_owned(), byte);
                }
            }
        }
        if !errors.is_empty() {
            return Err(ManifestErrors::sorted(errors));
        }
        let cards = raw.card.into_inner().into_iter().map(|card| SetCard {
            widget: card.widget.into_inner(),
            settings: card
                .settings
                .into_iter()
                .map(|(field, answer)| (field, answer.into_inner()))
                .collect(),
        });
        Ok(CardSet {
            id: id.to_owned(),
            name: raw.name.into_inner(),
            summary: raw.summary.into_inner(),
            icon: raw.icon.into_inner(),
            cards: cards.collect(),
        })
    }

    /// The embedded sets, by id; those with errors are left out, which a test rules out.
    pub fn embedded(catalogue: &Catalogue) -> Vec<Self> {
        let sets = crate::catalogue::SETS.iter();
        sets.filter_map(|(id, text)| CardSet::read(id, text, catalogue, None).ok()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
name = { nl = "Pendelen", fr = "Navette", de = "Pendeln", en = "Commuting" }
summary = { nl = "Naar het werk.", fr = "Vers le travail.", de = "Zur Arbeit.", en = "To work." }
icon = "train"

[[card]]
widget = "train-departures"

[[card]]
widget = "rail-disturbances"
settings = { works = "true" }
"#;

    fn read(text: &str) -> Result<CardSet, ManifestErrors> {
        let (catalogue, _) = Catalogue::embedded();
        CardSet::read("commuting", text, &catalogue, Some(&["train"]))
    }

    #[test]
    fn a_set_is_read() {
        let set = read(GOOD).expect("a set");
        assert_eq!((set.id.as_str(), set.cards.len()), ("commuting", 2));
        assert_eq!(set.cards[1].settings["works"], "true");
    }

    #[test]
    fn each_mistake_is_reported_at_its_line() {
        let most = "[[card]]\nwidget = \"earthquakes\"\n".repeat(11);
        for (from, to, key, line) in [
            ("Commuting", " ", "name.en", Some(2)),
            ("Zur Arbeit.", "Zur Arbeit", "summary.de", Some(3)),
            ("\"Navette\"", "\"TODO\"", "name.fr", Some(2)),
            ("icon = \"train\"", "icon = \"trian\"", "icon", Some(4)),
            ("\"train-departures\"", "\"trains\"", "card[0].widget", Some(7)),
            ("works =", "work =", "card[1].settings.work", Some(11)),
            ("\"true\"", "\"perhaps\"", "card[1].settings.works", Some(11)),
            ("icon =", "picture =", "commuting.toml", Some(4)),
            ("[[card]]\nwidget = \"train-departures\"", most.as_str(), "card", None),
        ] {
            let errors = read(&GOOD.replacen(from, to, 1)).expect_err(to);
            assert!(
                errors
                    .0
                    .iter()
                    .any(|error| error.key == key && (line.is_none() || error.line == line)),
                "{to}: {errors:?}"
            );
        }
    }

    #[test]
    fn every_embedded_set_is_valid() {
        let (catalogue, _) = Catalogue::embedded();
        let sets = crate::catalogue::SETS;
        assert!(sets.len() >= 6, "{}", sets.len());
        for (id, text) in sets {
            if let Err(errors) = CardSet::read(id, text, &catalogue, None) {
                panic!("widgets/sets/{id}.toml: {errors}");
            }
        }
    }
}
