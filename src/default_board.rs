//! The default board, useful before a citizen has answered anything.

use voordeur_engine::Catalogue;
use voordeur_widget_api::{CardWidth, Language, Place, Theme};

use crate::starter::Starter;
use voordeur_store::Card;

/// The widgets of the default board with their widths, in their order on a phone.
const DEFAULT_CARDS: [(&str, CardWidth); 8] = [
    ("train-departures", CardWidth::Narrow),
    ("weather-warnings", CardWidth::Wide),
    ("weather-forecast", CardWidth::Narrow),
    ("road-works", CardWidth::Narrow),
    ("water-level", CardWidth::Narrow),
    ("parking-ghent", CardWidth::Narrow),
    ("holidays", CardWidth::Narrow),
    ("air-quality", CardWidth::Narrow),
];

/// The cards of the default board in a language. Their ids are the same for everybody who reads it,
/// so that a form on a page without a session fits the board that is created when the form is sent.
/// Where a service does not cover the default place of the language, a starter board of that place
/// takes the place of the list.
pub fn cards(catalogue: &Catalogue, language: Language) -> Vec<Card> {
    let place = default_place(language);
    let covers = |widget: &str| {
        let widget = catalogue.get(widget);
        widget.is_none_or(|widget| widget.manifest().covers.covers(&place).is_some())
    };
    if !DEFAULT_CARDS.iter().all(|(widget, _)| covers(widget)) {
        let starter = Starter { catalogue, place: &place, interests: &[], has_key: &|_| false };
        let cards = starter.cards_without_settings();
        return cards.iter().map(|new| new.card(format!("first-{}", new.widget))).collect();
    }
    DEFAULT_CARDS
        .into_iter()
        .filter(|(widget, _)| catalogue.get(widget).is_some())
        .map(|(widget, size)| Card::new(format!("first-{widget}"), widget.to_owned(), size))
        .collect()
}

/// The ids of the cards with those of the citizen's interests first.
pub fn order_by_interests(
    cards: &[Card],
    catalogue: &Catalogue,
    interests: &[Theme],
) -> Vec<String> {
    let mut order: Vec<(bool, &str)> = cards
        .iter()
        .map(|card| {
            let theme = catalogue.get(&card.widget).map(|widget| widget.manifest().theme);
            (!theme.is_some_and(|theme| interests.contains(&theme)), card.id.as_str())
        })
        .collect();
    order.sort_by_key(|(other, _)| *other);
    order.into_iter().map(|(_, id)| id.to_owned()).collect()
}

/// The place assumed until a citizen chooses one: a town where the language is spoken.
pub fn default_place(language: Language) -> Place {
    let postcode = match language {
        Language::Nl => "9000",
        Language::Fr => "5000",
        Language::De => "4700",
        Language::En => "1000",
    };
    voordeur_gazetteer::by_postcode(postcode).unwrap_or_else(|| Place {
        postcode: postcode.to_owned(),
        locality: postcode.to_owned(),
        municipality: voordeur_widget_api::Texts::same("België"),
        nis: String::new(),
        province: voordeur_widget_api::Province::Brussel,
        latitude: 50.85,
        longitude: 4.35,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_board_has_at_least_eight_cards_that_cover_its_place() {
        let (catalogue, _) = Catalogue::embedded();
        for language in Language::ALL {
            let cards = cards(&catalogue, language);
            assert!(cards.len() >= 8, "{language}: {}", cards.len());
            for card in &cards {
                let manifest = catalogue.get(&card.widget).expect("a widget").manifest();
                assert!(manifest.covers.covers(&default_place(language)).is_some());
                assert_eq!(manifest.open_field(&card.settings), None, "{}", card.widget);
            }
        }
    }

    #[test]
    fn every_default_place_is_in_the_gazetteer() {
        for language in Language::ALL {
            assert!(!default_place(language).nis.is_empty());
        }
    }
}
