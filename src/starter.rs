//! The starter board: cards for the place and the interests of a citizen.

use voordeur_engine::Catalogue;
use voordeur_store::NewCard;
use voordeur_widget_api::{Manifest, Place, Settings, Theme};

/// A board has at least this many cards, as far as services cover the place.
const MIN_CARDS: usize = 9;
/// The interests of a citizen bring no more cards than this.
const MAX_CARDS: usize = 12;
/// The first of [`MORNING`] come first on every board: they matter before one leaves the house.
const FIRST_IN_THE_MORNING: usize = 4;

/// Why a card is on a starter board.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// On every board that its service covers.
    Always,
    /// For its theme, and to fill a board.
    Usual,
    /// For its theme alone.
    Interest,
}

/// The widgets of starter boards, in the order in which they matter in the morning.
const MORNING: [(&str, Part); 15] = [
    ("train-departures", Part::Usual),
    ("weather-forecast", Part::Always),
    ("waste-collection", Part::Always),
    ("weather-warnings", Part::Always),
    ("road-works", Part::Usual),
    ("parking-ghent", Part::Interest),
    ("holidays", Part::Always),
    ("air-quality", Part::Usual),
    ("water-level", Part::Usual),
    ("council-decisions", Part::Usual),
    ("whats-on", Part::Interest),
    ("civil-alerts", Part::Usual),
    ("weather-observations", Part::Interest),
    ("fuel-price", Part::Usual),
    ("inflation-europe", Part::Interest),
];

/// Whether a widget is wanted on a board that has this many cards already.
type IsWanted<'a> = &'a dyn Fn(Part, &Manifest, usize) -> bool;

/// The answers that a starter board follows.
pub struct Starter<'a> {
    pub catalogue: &'a Catalogue,
    pub place: &'a Place,
    /// The chosen themes; may be empty.
    pub interests: &'a [Theme],
    /// Whether the operator has the API key in this variable.
    pub has_key: &'a dyn Fn(&str) -> bool,
}

impl Starter<'_> {
    /// The cards, each of which covers the place.
    pub fn cards(&self) -> Vec<NewCard> {
        narrowest(&self.manifests())
    }

    /// The cards that show something before anything else is answered.
    pub fn cards_without_settings(&self) -> Vec<NewCard> {
        let mut manifests = self.manifests();
        manifests.retain(|manifest| manifest.open_field(&Settings::new()).is_none());
        narrowest(&manifests)
    }

    fn manifests(&self) -> Vec<&Manifest> {
        let candidates: Vec<(usize, Part, &Manifest)> = MORNING
            .into_iter()
            .enumerate()
            .filter_map(|(index, (widget, part))| {
                let manifest = self.catalogue.get(widget)?.manifest();
                manifest.covers.covers(self.place)?;
                let key = manifest.key.as_ref();
                key.is_none_or(|key| (self.has_key)(&key.variable))
                    .then_some((index, part, manifest))
            })
            .collect();
        let is_chosen = |manifest: &Manifest| self.interests.contains(&manifest.theme);
        let wanted: [IsWanted<'_>; 4] = [
            &|part, _, _| part == Part::Always,
            &|_, manifest, count| is_chosen(manifest) && count < MAX_CARDS,
            &|part, _, count| {
                part == Part::Usual && (count < MIN_CARDS || self.interests.is_empty())
            },
            &|_, _, count| count < MIN_CARDS,
        ];
        let mut taken = Vec::new();
        for wanted in wanted {
            for (index, part, manifest) in &candidates {
                let here = taken.iter().any(|(other, _)| other == index);
                if !here && wanted(*part, manifest, taken.len()) {
                    taken.push((*index, *manifest));
                }
            }
        }
        taken.sort_by_key(|(index, manifest)| {
            let later = *index >= FIRST_IN_THE_MORNING;
            (later, later && !is_chosen(manifest), *index)
        });
        taken.into_iter().map(|(_, manifest)| manifest).collect()
    }
}

/// Cards as narrow as they can be: the more lanes there are, the more of them are seen at once.
fn narrowest(manifests: &[&Manifest]) -> Vec<NewCard> {
    let card = |manifest: &&Manifest| NewCard {
        widget: manifest.id.clone(),
        size: manifest.size.smallest,
        settings: Settings::new(),
    };
    manifests.iter().map(card).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use voordeur_widget_api::{Budget, Language, Responses, WidgetContext};

    use super::*;

    fn starter<'a>(
        catalogue: &'a Catalogue,
        place: &'a Place,
        interests: &'a [Theme],
    ) -> Starter<'a> {
        Starter { catalogue, place, interests, has_key: &|_| true }
    }

    fn widgets(postcode: &str, interests: &[Theme]) -> Vec<String> {
        let (catalogue, _) = Catalogue::embedded();
        let place = voordeur_gazetteer::by_postcode(postcode).expect("a place");
        let cards = starter(&catalogue, &place, interests).cards();
        cards.into_iter().map(|card| card.widget).collect()
    }

    /// No interest, each alone, and all.
    fn interests() -> Vec<Vec<Theme>> {
        let mut all = vec![Vec::new(), Theme::ALL.to_vec()];
        all.extend(Theme::ALL.map(|theme| vec![theme]));
        all
    }

    #[test]
    fn every_card_covers_the_place_in_every_postcode() {
        let (catalogue, _) = Catalogue::embedded();
        let mut count = 0;
        for place in voordeur_gazetteer::all() {
            for interests in interests() {
                let cards = starter(&catalogue, place, &interests).cards();
                let has = |widget: &str| cards.iter().any(|card| card.widget == widget);
                assert!(cards.len() >= 8, "{}: {}", place.postcode, cards.len());
                assert!(has("weather-forecast") && has("holidays"), "{}", place.postcode);
                for card in &cards {
                    let manifest = catalogue.get(&card.widget).expect("a widget").manifest();
                    assert!(
                        manifest.covers.covers(place).is_some(),
                        "{} in {}",
                        card.widget,
                        place.postcode
                    );
                }
                let bins = catalogue.get("waste-collection").expect("a widget").manifest();
                assert_eq!(has("waste-collection"), bins.covers.covers(place).is_some());
                count += 1;
            }
        }
        assert!(count > 8_000, "{count}");
    }

    #[test]
    fn the_requests_of_every_card_are_made_in_every_postcode() {
        let (catalogue, _) = Catalogue::embedded();
        let zone = TimeZone::get("Europe/Brussels").expect("a zone");
        let now: Timestamp = "2026-11-23T07:36:00+01:00".parse().expect("a moment");
        let mut made: BTreeMap<String, usize> = BTreeMap::new();
        for place in voordeur_gazetteer::all() {
            for card in starter(&catalogue, place, &Theme::ALL).cards() {
                let widget = catalogue.get(&card.widget).expect("a widget");
                let mut settings = Settings::new();
                for field in &widget.manifest().fields {
                    if let Some(value) = &field.default {
                        settings.insert(field.id.clone(), value.clone());
                    } else if card.widget == "waste-collection" && field.id != "place" {
                        settings.insert(field.id.clone(), "12a".to_owned());
                    }
                }
                let budget = Budget::default();
                let context = WidgetContext {
                    settings: &settings,
                    place: Some(place),
                    language: Language::Fr,
                    now,
                    zone: &zone,
                    budget: &budget,
                };
                let requests = widget.requests(&context, &Responses::default());
                let requests = requests.unwrap_or_else(|refusal| {
                    panic!("{} in {}: {refusal:?}", card.widget, place.postcode)
                });
                assert!(!requests.is_empty(), "{} in {}", card.widget, place.postcode);
                *made.entry(card.widget).or_default() += 1;
            }
        }
        assert!(made.len() >= 12, "{made:?}");
    }

    #[test]
    fn a_board_is_about_its_place_and_the_interests() {
        let three = [Theme::HomeAndStreet, Theme::FamilyAndSchool, Theme::MovingAbout];
        let grimbergen = widgets("1850", &three);
        for widget in ["waste-collection", "holidays", "train-departures", "road-works"] {
            assert!(grimbergen.iter().any(|one| one == widget), "{widget}: {grimbergen:?}");
        }
        assert!(!grimbergen.iter().any(|widget| widget == "parking-ghent"), "{grimbergen:?}");
        assert!(widgets("9000", &three).iter().any(|widget| widget == "parking-ghent"));
        for flemish in ["road-works", "council-decisions", "water-level", "parking-ghent"] {
            assert!(!widgets("1000", &Theme::ALL).iter().any(|one| one == flemish), "{flemish}");
        }
    }

    #[test]
    fn the_morning_comes_first_and_then_the_interests() {
        let first =
            ["train-departures", "weather-forecast", "waste-collection", "weather-warnings"];
        let council = widgets("1850", &[Theme::CouncilAndLaw]);
        assert_eq!(council[..4], first);
        assert_eq!(council[4], "council-decisions");
        assert_eq!(widgets("1850", &[Theme::FamilyAndSchool])[4], "holidays");
    }

    #[test]
    fn a_card_whose_key_the_operator_lacks_is_left_out() {
        let (catalogue, _) = Catalogue::embedded();
        let place = voordeur_gazetteer::by_postcode("9000").expect("a place");
        let starter = Starter {
            has_key: &|_| false,
            ..starter(&catalogue, &place, &[Theme::FamilyAndSchool])
        };
        assert!(!starter.cards().iter().any(|card| card.widget == "whats-on"));
    }
}
