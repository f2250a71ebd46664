//! The default board, useful before a citizen has answered anything.

use voordeur_engine::Catalogue;
use voordeur_widget_api::{Language, Place, Theme};

use voordeur_store::Card;

/// The widgets of the default board, in order, with their widths: each row fills twelve columns.
const DEFAULT_CARDS: [(&str, u8); 8] = [
    ("train-departures", 6),
    ("weather-warnings", 6),
    ("road-works", 8),
    ("water-level", 4),
    ("air-quality", 4),
    ("parking-ghent", 4),
    ("holidays", 4),
    ("council-decisions", 12),
];

/// The cards of the default board. Their ids are the same for everybody, so that a form on a page
/// without a session fits the board that is created when the form is sent.
pub fn cards(catalogue: &Catalogue) -> Vec<Card> {
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
    fn the_default_board_has_at_least_eight_cards_in_full_rows() {
        let (catalogue, _) = Catalogue::embedded();
        let cards = cards(&catalogue);
        assert!(cards.len() >= 8);
        let mut row = 0;
        for card in &cards {
            row += card.size;
            assert!(row <= 12, "{} overflows its row", card.widget);
            row %= 12;
        }
        assert_eq!(row, 0);
    }

    #[test]
    fn every_default_place_is_in_the_gazetteer() {
        for language in Language::ALL {
            assert!(!default_place(language).nis.is_empty());
        }
    }
}
