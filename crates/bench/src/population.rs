//! The simulated citizens: place, language and cards of each. All of it follows from a seed and a
//! number, so that the boards in the database and the visits to them agree without storing a list.

use sha2::{Digest, Sha256};
use url::Url;
use voordeur_engine::Catalogue;
use voordeur_store::{Card, Token};
use voordeur_widget_api::{
    FieldKind, Language, Manifest, Place, Province, Region, Sample, Settings,
};

use crate::random::{Distributions, Rng, seeded};

/// The share of boards that each widget is on. Widgets of the default board mostly stay; the others
/// are added by citizens.
const POPULARITY: [(&str, f64); 38] = [
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
const MIN_CARDS: usize = 6;
const MAX_CARDS: usize = 14;
/// Numbers of distinct stops, feeds and calendars; the first ones are on many boards.
const BUS_STOPS: usize = 2_000;
const FEEDS: usize = 800;
const CALENDARS: usize = 4_000;

/// All simulated citizens.
pub struct Population {
    /// Number of citizens.
    pub citizens: u64,
    seed: u64,
    places: Vec<Place>,
    widgets: Vec<(Manifest, Option<Sample>, f64)>,
}

/// One citizen.
#[derive(Clone)]
pub struct Citizen {
    /// The id in the database.
    pub id: String,
    /// The secret in the cookie.
    pub token: Token,
    /// The postcode of the place.
    pub postcode: String,
    pub language: Language,
    pub cards: Vec<Card>,
}

impl Population {
    /// A population of a size.
    pub fn new(seed: u64, citizens: u64) -> Self {
        let (catalogue, _) = Catalogue::embedded();
        let widgets = POPULARITY.into_iter().filter_map(|(id, popularity)| {
            let widget = catalogue.get(id)?;
            Some((widget.manifest().clone(), widget.samples().first().cloned(), popularity))
        });
        let postcodes = (1_000..10_000_u32).map(|code| code.to_string());
        let places = postcodes.filter_map(|code| voordeur_gazetteer::by_postcode(&code)).collect();
        Population { citizens, seed, places, widgets: widgets.collect() }
    }

    /// A random visitor: some come every hour, many once a week.
    pub fn random_visitor(&self, rng: &mut Rng) -> u64 {
        let rank = rng.skewed_rank(self.citizens as usize, 0.5) as u64;
        // Frequent visitors should not be neighbours in the database: a prime step permutes the
        // numbers.
        (rank.wrapping_mul(7_368_787)) % self.citizens
    }

    /// The citizen with this number.
    pub fn citizen(&self, number: u64) -> Citizen {
        let mut rng = seeded(self.seed, number);
        let place = &self.places[rng.skewed_rank(self.places.len(), 0.3) * 389 % self.places.len()];
        let language = language(place, &mut rng);
        // A SHA-256 in hexadecimal has the form of a token.
        let token = Token::from_cookie(&self.hash("token", number)).unwrap_or_else(Token::random);
        Citizen {
            id: self.hash("id", number)[..32].to_owned(),
            token,
            postcode: place.postcode.clone(),
            language,
            cards: self.cards(&mut rng),
        }
    }

    fn cards(&self, rng: &mut Rng) -> Vec<Card> {
        let count = rng.usize(MIN_CARDS..=MAX_CARDS);
        let mut cards: Vec<Card> = Vec::with_capacity(count);
        // Cycles through the widgets until the board is full; popular ones come first and are taken
        // most often.
        for (manifest, sample, popularity) in
            self.widgets.iter().cycle().take(self.widgets.len() * 50)
        {
            if cards.len() == count {
                break;
            }
            let there = cards.iter().any(|card| card.widget == manifest.id);
            if there || !rng.bernoulli(*popularity) {
                continue;
            }
            let id = format!("{:016x}", rng.u64(..));
            let mut card = Card::new(id, manifest.id.clone(), manifest.size.best);
            card.settings = self.settings(manifest, sample.as_ref(), rng);
            card.folded = rng.bernoulli(0.05);
            cards.push(card);
        }
        cards
    }

    fn settings(&self, manifest: &Manifest, sample: Option<&Sample>, rng: &mut Rng) -> Settings {
        let mut settings = Settings::new();
        let is_bus_stop = manifest.id == "bus-stop";
        // Required texts are valid only together with the other settings of the sample.
        let text = |kind: &FieldKind| matches!(kind, FieldKind::Text { .. });
        if !is_bus_stop
            && manifest.fields.iter().any(|field| field.required && text(&field.kind))
            && let Some(sample) = sample
        {
            return sample.settings.clone();
        }
        for field in &manifest.fields {
            let value = match &field.kind {
                FieldKind::Choice { choices } if field.required || rng.bernoulli(0.4) => {
                    rng.choice(choices).map(|choice| choice.value.clone())
                }
                FieldKind::Toggle if rng.bernoulli(0.3) => Some("true".to_owned()),
                // A card for another place, such as that of work.
                FieldKind::Place if rng.bernoulli(0.1) => {
                    rng.choice(&self.places).map(|place| place.postcode.clone())
                }
                FieldKind::WebAddress => sample
                    .and_then(|sample| sample.settings.get(&field.id))
                    .and_then(|like| address(&manifest.id, like, rng)),
                FieldKind::Text { .. } if is_bus_stop => {
                    Some((200_000 + 37 * rng.skewed_rank(BUS_STOPS, 0.5)).to_string())
                }
                _ if field.required || manifest.id == "waste-collection" => {
                    sample.and_then(|sample| sample.settings.get(&field.id).cloned())
                }
                _ => None,
            };
            settings.extend(value.map(|value| (field.id.clone(), value)));
        }
        settings
    }

    fn hash(&self, what: &str, number: u64) -> String {
        let digest = Sha256::digest(format!("{what} {} {number}", self.seed));
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// An address like the sample's, at one of several hosts and one of many feeds or calendars.
fn address(widget: &str, like: &str, rng: &mut Rng) -> Option<String> {
    let (hosts, count) =
        if widget == "news-feed" { ("news", FEEDS) } else { ("calendars", CALENDARS) };
    let number = rng.skewed_rank(count, 0.5);
    let mut url = Url::parse(like).ok()?;
    url.set_host(Some(&format!("{hosts}-{}.example", number % 8))).ok()?;
    url.query_pairs_mut().append_pair("number", &number.to_string());
    Some(url.into())
}

fn language(place: &Place, rng: &mut Rng) -> Language {
    let other = rng.f64();
    // Postcodes of the German-speaking community start at 4700.
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
    fn citizens_are_deterministic_and_almost_all_visit() {
        let population = Population::new(1, 1_000);
        let mut rng = seeded(1, 0);
        let visitors: HashSet<u64> =
            (0..40_000).map(|_| population.random_visitor(&mut rng)).collect();
        assert!(visitors.len() > 990, "{}", visitors.len());
        let (once, again) = (population.citizen(5), population.citizen(5));
        assert_eq!((once.token.secret(), once.cards), (again.token.secret(), again.cards));
    }

    #[test]
    fn boards_have_six_to_fourteen_configured_cards() {
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
