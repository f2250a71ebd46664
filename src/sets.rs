//! The sets of cards for a moment of life, and the cards of a set that a citizen can use.

use std::sync::LazyLock;

use voordeur_engine::{CardSet, Catalogue};
use voordeur_store::NewCard;
use voordeur_widget_api::Place;

static ALL: LazyLock<Vec<CardSet>> = LazyLock::new(|| CardSet::embedded(&Catalogue::embedded().0));

/// All sets, by id.
pub fn all() -> &'static [CardSet] {
    &ALL
}

/// The set with this id.
pub fn with_id(id: &str) -> Option<&'static CardSet> {
    ALL.iter().find(|set| set.id == id)
}

/// The cards of a set whose services cover a place, and whose keys the operator has.
pub fn cards(
    set: &CardSet,
    catalogue: &Catalogue,
    place: &Place,
    has_key: &dyn Fn(&str) -> bool,
) -> Vec<NewCard> {
    let cards = set.cards.iter().filter_map(|card| {
        let manifest = catalogue.get(&card.widget)?.manifest();
        manifest.covers.covers(place)?;
        let key = manifest.key.as_ref();
        let works = key.is_none_or(|key| has_key(&key.variable));
        works.then(|| NewCard {
            widget: card.widget.clone(),
            size: manifest.size.best,
            settings: card.settings.clone(),
        })
    });
    cards.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icons::Icon;

    #[test]
    fn every_set_has_an_icon_and_cards_in_every_region() {
        let (catalogue, _) = Catalogue::embedded();
        assert!(all().len() >= 6);
        for set in all() {
            assert!(Icon::ALL.map(Icon::id).contains(&set.icon.as_str()), "{}", set.id);
            for postcode in ["1000", "1850", "4700", "5000", "9000"] {
                let place = voordeur_gazetteer::by_postcode(postcode).expect("a place");
                let cards = cards(set, &catalogue, &place, &|_| false);
                assert!(cards.len() >= 2, "{} in {postcode}: {cards:?}", set.id);
                for card in cards {
                    let manifest = catalogue.get(&card.widget).expect("a widget").manifest();
                    assert!(manifest.covers.covers(&place).is_some(), "{}", card.widget);
                }
            }
        }
    }
}
