//! The citizens of the simulated country: who lives where, speaks what, and has which cards. All of it follows from a seed and a number, so
//! that the boards in the store and the visits to them agree without a list of either.

use sha2::{Digest, Sha256};
use url::Url;
use voordeur_engine::Catalogue;
use voordeur_store::Card;
use voordeur_widget_api::{
    FieldKind, Language, Manifest, Place, Province, Region, Sample, Settings,
};

use crate::random::Chance;

/// How often each widget is on a board. What is on the first board stays on most; the rest is what people would add.
const LIKED: [(&str, f64); 38] = [
    ("train-departures", 0.8),
    ("weather-warnings", 0.8),
    ("road-works", 0.8),
    ("water-level", 0.6),
    ("air-quality", 0.8),
    ("parking-ghent", 0.3),
    ("holidays", 0.8),
    ("council-decisions", 0.7),
    ("weather-forecast", 0.7),
    ("waste-collection", 0.5),
    ("civil-alerts", 0.4),
    ("weather-observations", 0.3),
    ("whats-on", 0.3),
    ("rail-disturbances", 0.3),
    ("news-feed", 0.3),
    ("fuel-price", 0.3),
    ("bus-stop", 0.25),
    ("calendar", 0.1),
    ("waste-calendar", 0.1),
    ("vehicle-inspection", 0.1),
    ("bike-sharing-ghent", 0.1),
    ("inflation-europe", 0.1),
    ("earthquakes", 0.1),
    ("toilets-brussels", 0.05),
    ("dataset-table", 0.05),
    ("disasters-worldwide", 0.05),
    ("river-level-germany", 0.03),
    ("road-works-autobahn", 0.03),
    ("school-holidays-netherlands", 0.03),
    ("school-holidays-france", 0.03),
    ("air-quality-netherlands", 0.03),
    ("fuel-prices-france", 0.03),
    ("floods-france", 0.02),
    ("floods-england", 0.02),
    ("government-news-netherlands", 0.02),
    ("parliament-netherlands", 0.02),
    ("tube-status", 0.02),
    ("bank-holidays-uk", 0.02),
];
const FEWEST_CARDS: usize = 6;
const MOST_CARDS: usize = 14;
/// Stops, feeds and calendars that somebody has; the first are on many boards.
const BUS_STOPS: usize = 2_000;
const FEEDS: usize = 800;
const CALENDARS: usize = 4_000;

/// Everybody.
pub struct Population {
    /// How many there are.
    pub citizens: u64,
    seed: u64,
    places: Vec<Place>,
    widgets: Vec<(Manifest, Option<Sample>, f64)>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct Citizen {
    /// The id in the store.
    pub id: String,
    /// What the cookie holds.
    pub token: String,
    /// Their postcode.
    pub postcode: String,
    /// Their language.
    pub language: Language,
    /// The cards of their board.
    pub cards: Vec<Card>,
}

impl Population {
    /// A population of so many.
    pub fn new(seed: u64, citizens: u64) -> Self {
        let (catalogue, _) = Catalogue::embedded();
        let widgets = LIKED.into_iter().filter_map(|(id, liked)| {
            let widget = catalogue.get(id)?;
            Some((widget.manifest().clone(), widget.samples().first().cloned(), liked))
        });
        let postcodes = (1_000..10_000_u32).map(|code| code.to_string());
        let places = postcodes.filter_map(|code| voordeur_gazetteer::by_postcode(&code)).collect();
        Population { citizens, seed, places, widgets: widgets.collect() }
    }

    /// Somebody who comes: some come every hour, many once a week.
    pub fn somebody(&self, chance: &mut Chance) -> u64 {
        let rank = chance.rank(self.citizens as usize, 0.5) as u64;
        // Who comes often is not who was written first: a step that is prime leads to everybody once.
        (rank.wrapping_mul(7_368_787)) % self.citizens
    }

    /// What the cookie of a citizen holds.
    pub fn token(&self, number: u64) -> String {
        self.hash("token", number)
    }

    /// The citizen with this number.
    pub fn citizen(&self, number: u64) -> Citizen {
        let mut chance = Chance::of(self.seed, number);
        let place = &self.places[chance.rank(self.places.len(), 0.3) * 389 % self.places.len()];
        let language = language(place, &mut chance);
        Citizen {
            id: self.hash("id", number)[..32].to_owned(),
            token: self.token(number),
            postcode: place.postcode.clone(),
            language,
            cards: self.cards(&mut chance),
        }
    }

    fn cards(&self, chance: &mut Chance) -> Vec<Card> {
        let count = FEWEST_CARDS + chance.below(MOST_CARDS - FEWEST_CARDS + 1);
        let mut cards: Vec<Card> = Vec::with_capacity(count);
        // Round the widgets until the board is full; what is liked most is met first and taken most often.
        for (manifest, sample, liked) in self.widgets.iter().cycle().take(self.widgets.len() * 50) {
            if cards.len() == count {
                break;
            }
            let there = cards.iter().any(|card| card.widget == manifest.id);
            if there || !chance.happens(*liked) {
                continue;
            }
            let id = format!("{:016x}", chance.next());
            let mut card = Card::new(id, manifest.id.clone(), manifest.size.best);
            card.settings = self.settings(manifest, sample.as_ref(), chance);
            card.folded = chance.happens(0.05);
            cards.push(card);
        }
        cards
    }

    fn settings(
        &self,
        manifest: &Manifest,
        sample: Option<&Sample>,
        chance: &mut Chance,
    ) -> Settings {
        let mut settings = Settings::new();
        let is_bus_stop = manifest.id == "bus-stop";
        // Texts that a service has to know go together with the other answers.
        let text = |kind: &FieldKind| matches!(kind, FieldKind::Text { .. });
        if !is_bus_stop
            && manifest.fields.iter().any(|field| field.required && text(&field.kind))
            && let Some(sample) = sample
        {
            return sample.settings.clone();
        }
        for field in &manifest.fields {
            let told = match &field.kind {
                FieldKind::Choice { choices } if field.required || chance.happens(0.4) => {
                    chance.one_of(choices).map(|choice| choice.value.clone())
                }
                FieldKind::Toggle if chance.happens(0.3) => Some("true".to_owned()),
                // A card about another place: that of work, of parents.
                FieldKind::Place if chance.happens(0.1) => {
                    chance.one_of(&self.places).map(|place| place.postcode.clone())
                }
                FieldKind::WebAddress => sample
                    .and_then(|sample| sample.settings.get(&field.id))
                    .and_then(|like| address(&manifest.id, like, chance)),
                FieldKind::Text { .. } if is_bus_stop => {
                    Some((200_000 + 37 * chance.rank(BUS_STOPS, 0.5)).to_string())
                }
                _ if field.required || manifest.id == "waste-collection" => {
                    sample.and_then(|sample| sample.settings.get(&field.id).cloned())
                }
                _ => None,
            };
            settings.extend(told.map(|told| (field.id.clone(), told)));
        }
        settings
    }

    fn hash(&self, what: &str, number: u64) -> String {
        let digest = Sha256::digest(format!("{what} {} {number}", self.seed));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// An address like that of the sample, at one of several hosts and one of many feeds or calendars.
fn address(widget: &str, like: &str, chance: &mut Chance) -> Option<String> {
    let (hosts, count) =
        if widget == "news-feed" { ("news", FEEDS) } else { ("calendars", CALENDARS) };
    let number = chance.rank(count, 0.5);
    let mut url = Url::parse(like).ok()?;
    url.set_host(Some(&format!("{hosts}-{}.example", number % 8))).ok()?;
    url.query_pairs_mut().append_pair("number", &number.to_string());
    Some(url.into())
}

fn language(place: &Place, chance: &mut Chance) -> Language {
    let other = chance.share();
    // The municipalities of the German-speaking community have the postcodes from 4700 on.
    let german = place.postcode.starts_with("47") && place.province == Province::Luik;
    match place.province.region() {
        _ if german => Language::De,
        Region::Brussels if other < 0.65 => Language::Fr,
        Region::Brussels if other < 0.8 => Language::Nl,
        Region::Brussels => Language::En,
        _ if other < 0.04 => Language::En,
        Region::Flanders => Language::Nl,
        Region::Wallonia => Language::Fr,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn everybody_can_come_and_is_always_the_same() {
        let population = Population::new(1, 1_000);
        let mut chance = Chance::of(1, 0);
        let came: HashSet<u64> = (0..40_000).map(|_| population.somebody(&mut chance)).collect();
        assert!(came.len() > 990, "{}", came.len());
        let (once, again) = (population.citizen(5), population.citizen(5));
        assert_eq!((once.token, once.cards), (again.token, again.cards));
    }

    #[test]
    fn boards_have_six_to_fourteen_cards_that_need_nothing_more() {
        let population = Population::new(1, 300);
        let (catalogue, _) = Catalogue::embedded();
        for number in 0..300 {
            let citizen = population.citizen(number);
            assert!((6..=14).contains(&citizen.cards.len()), "{}", citizen.cards.len());
            for card in &citizen.cards {
                let fields = &catalogue.get(&card.widget).expect("a widget").manifest().fields;
                for field in
                    fields.iter().filter(|field| field.required && field.kind != FieldKind::Place)
                {
                    assert!(
                        field.default.is_some() || card.settings.contains_key(&field.id),
                        "{} needs {}",
                        card.widget,
                        field.id
                    );
                }
            }
        }
    }
}
