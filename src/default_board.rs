//! The board that everybody begins with, useful before anything is asked.

use voordeur_engine::Catalogue;
use voordeur_widget_api::{Language, Place, Theme};

use voordeur_store::Card;

/// The widgets of the first board, in order, with their sizes: each row fills twelve columns.
const STARTER: [(&str, u8); 8] = [
    ("train-departures", 6),
    ("weather-warnings", 6),
    ("road-works", 8),
    ("water-level", 4),
    ("air-quality", 4),
    ("parking-ghent", 4),
    ("holidays", 4),
    ("council-decisions", 12),
];

/// The first board. Its ids are the same for everybody, so that a form on the first page fits the board that is made when it is sent.
pub fn cards(catalogue: &Catalogue) -> Vec<Card> {
    STARTER
        .into_iter()
        .filter(|(widget, _)| catalogue.get(widget).is_some())
        .map(|(widget, size)| Card::new(format!("first-{widget}"), widget.to_owned(), size))
        .collect()
}

/// The order that puts first what matters to a citizen.
pub fn order(cards: &[Card], catalogue: &Catalogue, interests: &[Theme]) -> Vec<String> {
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

/// The place that stands in until a citizen tells theirs: a town where their language is spoken.
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
    fn the_first_board_has_at_least_eight_cards_in_full_rows() {
        let (catalogue, _) = Catalogue::embedded();
        let cards = cards(&catalogue);
        assert!(cards.len() >= 8);
        let mut row = 0;
        for card in &cards {
            row += card.size;
            assert!(row <= 12, "{} breaks its row", card.widget);
            row %= 12;
        }
        assert_eq!(row, 0);
    }

    #[test]
    fn a_stand_in_place_is_a_real_one() {
        for language in Language::ALL {
            assert!(!default_place(language).nis.is_empty());
        }
    }
}
