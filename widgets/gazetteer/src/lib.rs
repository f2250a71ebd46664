//! The postcodes, municipalities and other administrative areas of Belgium, found by name or code.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod areas;
mod names;

use std::collections::HashMap;
use std::sync::LazyLock;

use voordeur_widget_api::{Place, Province, Region, Texts, search_key};

pub use areas::{area_ids, area_label, parse_area};

use names::Names;

/// Maximum length of a place that is searched, in characters; a postcode with the longest name has
/// half as many. Anything longer is no place, and costs nothing to reject.
pub const MAX_PLACE_CHARS: usize = 80;

struct Municipality {
    name: Texts,
    province: Province,
    position: (f64, f64),
}

struct Places {
    all: Vec<Place>,
    by_postcode: HashMap<&'static str, usize>,
    /// By search key. Municipalities take precedence over their parts.
    by_name: HashMap<String, usize>,
    names: Names,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let municipalities = municipalities();
    let mut places = Places {
        all: Vec::new(),
        by_postcode: HashMap::new(),
        by_name: HashMap::new(),
        names: Names::default(),
    };
    for row in rows(include_str!("../tables/postcodes.tsv")) {
        let [postcode, locality, nis, latitude, longitude] = row[..] else { continue };
        let Some(municipality) = municipalities.get(nis) else { continue };
        places.by_postcode.insert(postcode, places.all.len());
        places.all.push(Place {
            postcode: postcode.to_owned(),
            locality: locality.to_owned(),
            municipality: municipality.name.clone(),
            nis: nis.to_owned(),
            province: municipality.province,
            latitude: latitude.parse().unwrap_or(municipality.position.0),
            longitude: longitude.parse().unwrap_or(municipality.position.1),
        });
    }
    let Places { all, by_name, names, .. } = &mut places;
    // The name of a municipality means the postcode whose locality has that name, or else the first
    // postcode of the municipality.
    for exact in [true, false] {
        for (index, place) in all.iter().enumerate() {
            let Texts { nl, fr, de, en } = &place.municipality;
            let localities: Vec<String> = place.locality.split(" / ").map(search_key).collect();
            for name in [nl, fr, de, en].map(|name| search_key(name)) {
                if !exact || localities.contains(&name) {
                    by_name.entry(name).or_insert(index);
                }
            }
        }
    }
    for (index, place) in all.iter().enumerate() {
        for name in place.locality.split(" / ").map(search_key) {
            by_name.entry(name).or_insert(index);
        }
    }
    *names = by_name.iter().map(|(key, index)| (key, name_with_key(&all[*index], key))).collect();
    places
});

/// The place with this postcode.
pub fn by_postcode(postcode: &str) -> Option<Place> {
    PLACES.by_postcode.get(postcode).map(|index| PLACES.all[*index].clone())
}

/// All places, by postcode.
pub fn all() -> impl Iterator<Item = &'static Place> {
    PLACES.all.iter()
}

/// The place with this postcode, municipality name in any language, or locality name; a postcode
/// may be followed by a name (`1850 Grimbergen`). A text of more than [`MAX_PLACE_CHARS`] is none.
pub fn find(typed: &str) -> Option<Place> {
    if !is_short(typed) {
        return None;
    }
    let typed = typed.trim();
    let digits: String = typed.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() == 4 {
        return by_postcode(&digits);
    }
    let key = search_key(typed);
    let index = written_in_full(&key).find_map(|key| PLACES.by_name.get(&key))?;
    Some(PLACES.all[*index].clone())
}

/// A search key, and what it abbreviates: `st josse` is `saint josse` or `sint josse`.
fn written_in_full(key: &str) -> impl Iterator<Item = String> {
    let abbreviated = ["st ", "ste "].into_iter().find_map(|short| key.strip_prefix(short));
    let saints = ["saint ", "sint ", "sainte ", "sankt "];
    let full = abbreviated.map(|rest| saints.map(|saint| format!("{saint}{rest}")));
    std::iter::once(key.to_owned()).chain(full.into_iter().flatten())
}

/// Up to `max` names of municipalities and localities that start with `typed` or resemble it; none
/// for a text of more than [`MAX_PLACE_CHARS`].
pub fn suggest(typed: &str, max: usize) -> Vec<String> {
    if !is_short(typed) {
        return Vec::new();
    }
    let key = search_key(typed);
    let mut names: Vec<String> = Vec::new();
    for key in written_in_full(&key).take_while(|_| !key.is_empty()) {
        for name in PLACES.names.similar(&key).into_iter().take(max) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    // The full form of an abbreviation fits better than a name that merely resembles it.
    if key.starts_with("st ") || key.starts_with("ste ") {
        names.sort_by_key(|name| !search_key(name).starts_with('s'));
    }
    names.truncate(max);
    names
}

/// Whether a text has at most [`MAX_PLACE_CHARS`] characters.
fn is_short(typed: &str) -> bool {
    // A character has at most four bytes: the first comparison bounds the second.
    typed.len() <= MAX_PLACE_CHARS * 4 && typed.chars().count() <= MAX_PLACE_CHARS
}

/// The spelling of the name of `place` that has this search key.
fn name_with_key<'a>(place: &'a Place, key: &str) -> &'a str {
    [&place.municipality.nl, &place.municipality.fr]
        .into_iter()
        .find(|name| search_key(name) == key)
        .unwrap_or(&place.locality)
}

fn municipalities() -> HashMap<&'static str, Municipality> {
    rows(include_str!("../tables/municipalities.tsv"))
        .filter_map(|row| {
            let [nis, nl, fr, de, province, latitude, longitude] = row[..] else { return None };
            let province = province_with_id(province)?;
            // Few municipalities have an English name; for the others it is the local name, which
            // is French in the Walloon provinces.
            let en = match province.region() {
                Region::Wallonia => fr,
                Region::Flanders | Region::Brussels => nl,
            };
            let en = match nis {
                "11002" => "Antwerp",
                "44021" => "Ghent",
                "21004" => "Brussels",
                "31005" => "Bruges",
                "35013" => "Ostend",
                "63023" => "Eupen",
                _ => en,
            };
            let name = Texts {
                nl: nl.to_owned(),
                fr: fr.to_owned(),
                de: de.to_owned(),
                en: en.to_owned(),
            };
            let position = (latitude.parse().ok()?, longitude.parse().ok()?);
            Some((nis, Municipality { name, province, position }))
        })
        .collect()
}

fn province_with_id(id: &str) -> Option<Province> {
    Province::ALL.into_iter().find(|province| province.id() == id)
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split('\t').collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn codes_of(typed: &str) -> Option<(String, String)> {
        find(typed).map(|place| (place.postcode, place.nis))
    }

    fn is(postcode: &str, nis: &str) -> Option<(String, String)> {
        Some((postcode.to_owned(), nis.to_owned()))
    }

    #[test]
    fn a_place_is_found_by_postcode_and_by_name_in_any_language() {
        assert_eq!(codes_of("1850"), is("1850", "23025"));
        assert_eq!(codes_of(" grimbergen "), is("1850", "23025"));
        assert_eq!(codes_of("1850 Grimbergen"), is("1850", "23025"));
        assert_eq!(codes_of("Lüttich"), is("4000", "62063"));
        assert_eq!(codes_of("liege"), is("4000", "62063"));
        assert_eq!(codes_of("Bruxelles"), is("1000", "21004"));
        assert_eq!(codes_of("Ghent"), is("9000", "44021"));
        assert_eq!(codes_of("sint niklaas"), is("9100", "46021"));
        assert_eq!(codes_of("laken"), is("1020", "21004"));
        assert_eq!(codes_of("0000"), None);
        assert_eq!(codes_of(""), None);
        assert_eq!(codes_of("Atlantis"), None);
    }

    #[test]
    fn a_typing_error_gives_suggestions() {
        assert!(suggest("Grimbergn", 3).contains(&"Grimbergen".to_owned()));
        assert!(suggest("Lokern", 3).contains(&"Lokeren".to_owned()));
        assert!(suggest("", 3).is_empty());
    }

    #[test]
    fn an_abbreviated_saint_is_found() {
        assert_eq!(codes_of("St-Niklaas"), is("9100", "46021"));
        assert_eq!(codes_of("st. gilles"), codes_of("Saint-Gilles"));
        assert!(codes_of("Saint-Gilles").is_some());
        let josse = suggest("St-Josse", 3);
        assert!(josse.iter().any(|name| name.starts_with("Saint-Josse")), "{josse:?}");
        assert!(suggest("Strombeek", 3).contains(&"Strombeek-Bever".to_owned()));
    }

    #[test]
    fn a_text_that_is_too_long_is_no_place() {
        let padded = |spaces: usize| format!("{}Gent", " ".repeat(spaces));
        assert_eq!(codes_of(&padded(MAX_PLACE_CHARS - 4)), is("9000", "44021"));
        assert_eq!(codes_of(&padded(MAX_PLACE_CHARS)), None);
        assert_eq!(codes_of(&format!("9000 {}", "x".repeat(60_000))), None);
        assert!(suggest(&"Grimbergn ".repeat(6_000), 3).is_empty());
        assert_eq!(codes_of(&"\u{1d400}".repeat(MAX_PLACE_CHARS)), None);
    }

    #[test]
    fn every_municipality_has_a_postcode_and_every_postcode_a_municipality() {
        let codes: HashSet<&str> = municipalities().keys().copied().collect();
        assert_eq!(codes.len(), 565);
        let used: HashSet<String> = PLACES.all.iter().map(|place| place.nis.clone()).collect();
        assert_eq!(used.len(), 565);
        assert_eq!(PLACES.all.len(), rows(include_str!("../tables/postcodes.tsv")).count());
        for place in &PLACES.all {
            assert!((49.49..51.51).contains(&place.latitude), "{place:?}");
            assert!((2.54..6.41).contains(&place.longitude), "{place:?}");
        }
    }
}
