//! The postcodes and municipalities of Belgium, to be found by what a citizen types.
#![doc = include_str!("../README.md")]
#![warn(missing_docs)]

mod areas;

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use voordeur_widget_api::{Field, FieldError, FieldKind, Place, Province, Region, Texts};

pub use areas::{area, area_names, area_words};

/// One row of the table of municipalities.
struct Municipality {
    name: Texts,
    province: Province,
    position: (f64, f64),
}

struct Places {
    all: Vec<Place>,
    by_postcode: HashMap<&'static str, usize>,
    /// By name without accents and case. Municipalities come before their parts.
    by_name: HashMap<String, usize>,
}

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let municipalities = municipalities();
    let mut places =
        Places { all: Vec::new(), by_postcode: HashMap::new(), by_name: HashMap::new() };
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
    let Places { all, by_name, .. } = &mut places;
    // A municipality's name stands for the postcode whose locality has that name, else for its first.
    for exact in [true, false] {
        for (index, place) in all.iter().enumerate() {
            let names = &place.municipality;
            let local: Vec<String> = place.locality.split(" / ").map(folded).collect();
            for name in [&names.nl, &names.fr, &names.de, &names.en].map(|name| folded(name)) {
                if !exact || local.contains(&name) {
                    by_name.entry(name).or_insert(index);
                }
            }
        }
    }
    for (index, place) in all.iter().enumerate() {
        for name in place.locality.split(" / ").map(folded) {
            by_name.entry(name).or_insert(index);
        }
    }
    places
});

/// The place with this postcode.
pub fn by_postcode(postcode: &str) -> Option<Place> {
    PLACES.by_postcode.get(postcode).map(|index| PLACES.all[*index].clone())
}

/// The place that somebody means by a postcode, the name of a municipality in any language, the name of a part of one, or a postcode with
/// its name (`1850 Grimbergen`).
pub fn find(typed: &str) -> Option<Place> {
    let typed = typed.trim();
    let digits: String = typed.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() == 4 {
        return by_postcode(&digits);
    }
    let index = PLACES.by_name.get(&folded(typed))?;
    Some(PLACES.all[*index].clone())
}

/// Checks an answer to a field as [`Field::tidy`] does, and whether a place that it names exists; that is kept as `1850 Grimbergen`.
///
/// # Errors
/// The problem, when the answer cannot be used.
pub fn tidy(field: &Field, typed: &str, today: Date) -> Result<Option<String>, FieldError> {
    match (&field.kind, field.tidy(typed, today)?) {
        (FieldKind::Place, Some(typed)) => {
            let place = find(&typed).ok_or(FieldError::UnknownPlace)?;
            Ok(Some(format!("{} {}", place.postcode, place.municipality.nl)))
        }
        (_, tidied) => Ok(tidied),
    }
}

/// Up to `most` names of municipalities and parts of them that look like what was typed.
pub fn similar(typed: &str, most: usize) -> Vec<String> {
    let wanted = folded(typed);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut scored: Vec<(usize, &str)> = PLACES
        .by_name
        .iter()
        .filter_map(|(name, index)| {
            let distance = edits(&wanted, name);
            let near = distance <= 1 + wanted.chars().count() / 4;
            let starts = wanted.chars().count() >= 3 && name.starts_with(&wanted);
            let place = &PLACES.all[*index];
            let shown = if folded(&place.municipality.nl) == *name {
                place.municipality.nl.as_str()
            } else if folded(&place.municipality.fr) == *name {
                place.municipality.fr.as_str()
            } else {
                place.locality.as_str()
            };
            (near || starts).then_some((if starts { 0 } else { distance }, shown))
        })
        .collect();
    scored.sort_unstable();
    scored.dedup();
    scored.into_iter().take(most).map(|(_, name)| name.to_owned()).collect()
}

fn municipalities() -> HashMap<&'static str, Municipality> {
    rows(include_str!("../tables/municipalities.tsv"))
        .filter_map(|row| {
            let [nis, nl, fr, de, province, latitude, longitude] = row[..] else { return None };
            let province = province_with_id(province)?;
            // English has no names of its own for most: the local one is used, which is French in the Walloon provinces.
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

/// A name as people type it: lower case, without accents, hyphens and apostrophes as spaces.
pub fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.trim().to_lowercase().chars() {
        match c {
            'à' | 'á' | 'â' | 'ä' => folded.push('a'),
            'ç' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ò' | 'ó' | 'ô' | 'ö' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
            'œ' => folded.push_str("oe"),
            c if c.is_alphanumeric() => folded.push(c),
            _ if !folded.ends_with(' ') && !folded.is_empty() => folded.push(' '),
            _ => {}
        }
    }
    folded.trim_end().to_owned()
}

/// How many letters must be changed, added or left out to make one word of the other (Levenshtein).
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn found(typed: &str) -> Option<(String, String)> {
        find(typed).map(|place| (place.postcode, place.nis))
    }

    fn is(postcode: &str, nis: &str) -> Option<(String, String)> {
        Some((postcode.to_owned(), nis.to_owned()))
    }

    #[test]
    fn a_place_is_found_by_postcode_and_by_name_in_any_language() {
        assert_eq!(found("1850"), is("1850", "23025"));
        assert_eq!(found(" grimbergen "), is("1850", "23025"));
        assert_eq!(found("1850 Grimbergen"), is("1850", "23025"));
        assert_eq!(found("Lüttich"), is("4000", "62063"));
        assert_eq!(found("liege"), is("4000", "62063"));
        assert_eq!(found("Bruxelles"), is("1000", "21004"));
        assert_eq!(found("Ghent"), is("9000", "44021"));
        assert_eq!(found("sint niklaas"), is("9100", "46021"));
        assert_eq!(found("laken"), is("1020", "21004"));
        assert_eq!(found("0000"), None);
        assert_eq!(found(""), None);
        assert_eq!(found("Atlantis"), None);
    }

    #[test]
    fn a_slip_of_the_finger_gives_proposals() {
        assert!(similar("Grimbergn", 3).contains(&"Grimbergen".to_owned()));
        assert!(similar("Lokern", 3).contains(&"Lokeren".to_owned()));
        assert!(similar("", 3).is_empty());
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
